"""Making one account of two: everything moves to the one that stays, the other goes to the bin, one undo brings it back.

What points at accounts, contacts or contracts is read off the tables, so that slices to come move along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract
from csdesk.models.tables import RECORDS
from csdesk.models.tickets import Notice
from csdesk.models.vocabulary import NoticeState
from csdesk.services.accounts.likeness import read_emails, read_phones
from csdesk.services.accounts.names import name_key
from csdesk.services.accounts.verdicts import Side, known_verdicts, remember
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.stored import encoder, journalled
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command, owners_of

COMPARED = tuple(
    column.name for column in journalled(Account.__table__) if column.name not in ("deleted_at", "bin_step")
)
"""The fields of which one account's value wins, in the order of the table."""
KEEPS_BOTH = frozenset({"notes"})
"""Texts that are put one below the other instead."""


@dataclass(frozen=True)
class MergeAccounts:
    """``merged`` becomes part of ``kept``, which takes the merged one's value of the fields in ``take``. Versions as they
    were read (None: whatever they are)."""

    kept: int
    merged: int
    take: frozenset[str] = frozenset()
    versions: tuple[int | None, int | None] = (None, None)


@command(N_("Accounts merged: {merged} into {kept}"))
def merge_accounts(uow: UnitOfWork, wish: MergeAccounts) -> int:
    """Make one account of two; returns the id of the one that stays.

    Contacts that are the same are joined, and so are contracts that say the same in everything. The merged account goes to
    the bin with a note; its name is remembered as another name of the one that stays, so that imports find it. Raises
    Conflict where one of them is gone or was changed since.
    """
    if wish.kept == wish.merged:
        raise Problems([Problem("merged", _("These are not two accounts, but one."), code="same_account")])
    unknown = wish.take - set(COMPARED)
    if unknown:
        raise KeyError(f"no fields of an account: {sorted(unknown)}")
    kept = uow.get(Account, wish.kept, wish.versions[0])
    merged = uow.get(Account, wish.merged, wish.versions[1])
    uow.name(kept=kept.name, merged=merged.name)
    sides = Side(kept.name, kept.id), Side(merged.name, merged.id)
    _join_twins(uow, kept.id, merged.id)
    _join_notices(uow, kept.id, merged.id)
    _append_contacts(uow, kept.id, merged.id)
    said = known_verdicts(uow.connection).row_between(*sides)
    _repoint(uow, "accounts", merged.id, kept.id, but=("verdicts", said.id) if said is not None else None)
    _take_values(kept, merged, wish.take)
    note = _("Merged into “{name}” on {day}.").format(name=kept.name, day=uow.today.isoformat())
    merged.notes = f"{merged.notes}\n{note}".strip()
    remember(uow, *sides, same=True)
    uow.bin(merged)
    return kept.id


def is_empty(value: Any) -> bool:
    """Whether a field says nothing."""
    return value in (None, "", False)


def pointing_at(table: str) -> list[tuple[Any, Any]]:
    """The models whose rows point at rows of a table, each with the column that does."""
    return [
        (model, getattr(model, column.name))
        for model in RECORDS
        for column in model.__table__.columns
        if any(key.column.table.name == table for key in column.foreign_keys)
    ]


def twins(connection: Connection, kept: int, merged: int) -> dict[str, int]:
    """How many contacts and contracts of two accounts are the same, by table."""
    counts = {model.__tablename__: len(_twins(connection, model, kept, merged)) for model in TWINS}
    return {table: count for table, count in counts.items() if count}


def _take_values(kept: Account, merged: Account, take: Iterable[str]) -> None:
    for name in take:
        if name not in KEEPS_BOTH:
            setattr(kept, name, getattr(merged, name))
    for name in KEEPS_BOTH:
        setattr(kept, name, _both(getattr(kept, name), getattr(merged, name)))
    if {"name", "short_name"} & set(take):
        kept.pinyin = kept.initials = None


def _both(one: str, other: str) -> str:
    return one if not other or other in one else f"{one}\n{other}".strip()


def _repoint(
    uow: UnitOfWork, table: str, old: int, new: int, *, owned: bool = True, but: tuple[str, int] | None = None
) -> None:
    """Let what points at one row of a table point at another, what lies in the bin too; without ``owned`` only what lives
    its own life."""
    uow.session.flush()
    for model, column in pointing_at(table):
        if owned or not column.info.get("owner"):
            for row in uow.session.scalars(select(model).where(column == old)):
                if (model.__tablename__, row.id) != but:
                    setattr(row, column.key, new)
    uow.session.flush()


def _append_contacts(uow: UnitOfWork, kept: int, merged: int) -> None:
    """The people who move stand behind those who are there."""
    own = select(Contact.position).where(Contact.account_id == kept, Contact.deleted_at.is_(None))
    last = max(uow.session.scalars(own), default=-1)
    for contact in uow.session.scalars(select(Contact).where(Contact.account_id == merged)):
        contact.position += last + 1


def _join_twins(uow: UnitOfWork, kept: int, merged: int) -> None:
    """Of each two that are the same one stays, with what only the other knew; the other goes to the bin. What belongs to
    a contract goes along: its like is there already."""
    for model in TWINS:
        for mine, theirs in _twins(uow.connection, model, kept, merged):
            one, other = uow.get(model, mine), uow.get(model, theirs)
            for column in journalled(model.__table__):
                if column.name not in OWN_PLACE and is_empty(getattr(one, column.name)):
                    setattr(one, column.name, getattr(other, column.name))
            one.notes = _both(one.notes, other.notes)
            _repoint(uow, model.__tablename__, theirs, mine, owned=model is not Contract)
            uow.bin(other)


def _join_notices(uow: UnitOfWork, kept: int, merged: int) -> None:
    """What both accounts are still to be told about the same demand is told once: since the earlier day, in the words that
    somebody wrote already; the other one goes to the bin."""
    waiting = select(Notice).where(
        Notice.deleted_at.is_(None), Notice.state == NoticeState.OPEN, Notice.demand_id.is_not(None)
    )
    mine = {
        (one.demand_id, one.cause): one
        for one in uow.session.scalars(waiting.where(Notice.account_id == kept).order_by(Notice.id.desc()))
    }
    for other in uow.session.scalars(waiting.where(Notice.account_id == merged).order_by(Notice.id)).all():
        one = mine.get((other.demand_id, other.cause))
        if one is not None:
            one.due_on = min(one.due_on, other.due_on)
            one.text = one.text or other.text
            uow.bin(other)


OWN_PLACE = frozenset({"account_id", "contract_id", "position", "deleted_at", "bin_step"})


def _twins(connection: Connection, model: Any, kept: int, merged: int) -> list[tuple[int, int]]:
    """Pairs of rows of two accounts that are the same, each row in one pair at most."""
    alive = select(model.__table__).where(model.deleted_at.is_(None)).order_by(model.id)
    mine = connection.execute(alive.where(model.account_id == kept)).all()
    theirs = connection.execute(alive.where(model.account_id == merged)).all()
    found: list[tuple[int, int]] = []
    for other in theirs:
        taken = {pair[0] for pair in found}
        twin = next((one for one in mine if one.id not in taken and TWINS[model](connection, one, other)), None)
        if twin is not None:
            found.append((twin.id, other.id))
    return found


def _same_person(_connection: Connection, one: Any, other: Any) -> bool:
    """The same name, and nothing by which one is reached that contradicts the other."""
    if not one.name or name_key(one.name) != name_key(other.name):
        return False
    ways = (
        (set(read_phones(one.phone)) or one.phone, set(read_phones(other.phone)) or other.phone),
        (set(read_emails(one.email)), set(read_emails(other.email))),
        (one.wechat, other.wechat),
    )
    return all(not a or not b or a == b for a, b in ways)


def _same_contract(connection: Connection, one: Any, other: Any) -> bool:
    """The same number and the same in everything, down to the last payment."""
    return bool(one.number) and _told(connection, Contract, [one]) == _told(connection, Contract, [other])


def _told(connection: Connection, model: Any, rows: Sequence[Any]) -> list[str]:
    """What rows and all that belongs to them say, without ids: equal for what was written down twice."""
    lines = []
    for row in rows:
        values = [
            encoder(column)(getattr(row, column.name))
            for column in journalled(model.__table__)
            if column.name not in OWN_PLACE and not column.foreign_keys
        ]
        for child, column in owners_of().get(model.__tablename__, ()):
            owned = select(child.__table__).where(column == row.id, child.deleted_at.is_(None))
            values.append(_told(connection, child, connection.execute(owned).all()))
        lines.append(repr(values))
    return sorted(lines)


TWINS: dict[Any, Callable[[Connection, Any, Any], bool]] = {Contact: _same_person, Contract: _same_contract}
"""By model: when a row of each account is the same thing written down twice."""
