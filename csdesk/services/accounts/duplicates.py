"""Accounts of the store that may be one company: groups with their evidence, and two of them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.verdicts import Verdict
from csdesk.models.vocabulary import Confidence
from csdesk.services.accounts.likeness import Evidence, Index, Profile, Reason, evidence, profile
from csdesk.services.accounts.merging import COMPARED, KEEPS_BOTH, is_empty, pointing_at, twins
from csdesk.services.accounts.verdicts import Side, known_verdicts

MOST_PAIRS = 2_000
MOST_UNASKED = 20_000


@dataclass(frozen=True)
class Pair:
    """Two accounts that may be one company, the older first."""

    ids: tuple[int, int]
    names: tuple[str, str]
    evidence: Evidence


@dataclass(frozen=True)
class Group:
    """Accounts that hang together by pairs, the most convincing pair first."""

    pairs: tuple[Pair, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """All accounts of the group, in the order of the pairs."""
        return tuple(dict.fromkeys(account for pair in self.pairs for account in pair.ids))


@dataclass(frozen=True)
class Difference:
    """One field of two accounts: its values, and whether the second one's would be taken."""

    field: str
    values: tuple[Any, Any]
    takes_second: bool
    keeps_both: bool = False

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return bool(self.values[0] != self.values[1])


@dataclass(frozen=True)
class Comparison:
    """Two accounts side by side, the one that should stay first. ``belongings`` counts by table what belongs to each,
    ``joined`` how many contacts and contracts of both are the same."""

    ids: tuple[int, int]
    versions: tuple[int, int]
    names: tuple[str, str]
    fields: tuple[Difference, ...]
    belongings: tuple[dict[str, int], dict[str, int]]
    joined: dict[str, int]
    evidence: Evidence | None


def profiles_of(connection: Connection, ids: Sequence[int] | None = None) -> list[Profile]:
    """What is known of the accounts that are not in the bin, oldest first, made comparable; all of them without ``ids``."""
    chosen = Account.deleted_at.is_(None) if ids is None else Account.deleted_at.is_(None) & Account.id.in_(ids)
    people = (
        select(Contact.account_id, Contact.phone, Contact.email)
        .where(Contact.deleted_at.is_(None), (Contact.phone != "") | (Contact.email != ""))
        .order_by(Contact.id)
    )
    if ids is not None:
        people = people.where(Contact.account_id.in_(ids))
    phones: dict[int, list[str]] = {}
    emails: dict[int, list[str]] = {}
    for account_id, phone, email in connection.execute(people):
        if phone:
            phones.setdefault(account_id, []).append(phone)
        if email:
            emails.setdefault(account_id, []).append(email)
    rows = connection.execute(
        select(Account.id, Account.name, Account.short_name, Account.tax_number, Account.website)
        .where(chosen)
        .order_by(Account.id)
    )
    return [profile(*row, emails.get(row.id, ()), phones.get(row.id, ())) for row in rows]


def possible_duplicates(connection: Connection, *, hints: bool = False) -> list[Group]:
    """Accounts that may be one company, those of which it is surest first; ``hints`` adds weak evidence.

    What the user said stands above all evidence.
    """
    verdicts = known_verdicts(connection)
    pairs: list[Pair] = []
    for a, b, seen in Index(profiles_of(connection)).pairs():
        said = verdicts.between(_side(a), _side(b)) if verdicts else None
        if said is False:
            continue
        if said:
            seen = Evidence(Confidence.CERTAIN, (Reason("said", Confidence.CERTAIN), *seen.reasons))
        if hints or seen.confidence != Confidence.WEAK:
            pairs.append(Pair((_id(a), _id(b)), (a.name, b.name), seen))
    pairs.sort(key=lambda pair: (pair.evidence.order, pair.names))
    return _grouped(pairs[:MOST_PAIRS])


def duplicates_of(connection: Connection, account_id: int) -> list[Pair]:
    """The accounts that may be the same company as one, hints included, the surest first."""
    profiles = profiles_of(connection)
    own = next((one for one in profiles if one.key == account_id), None)
    if own is None:
        return []
    verdicts = known_verdicts(connection)
    found = Index(profiles).candidates(own, lambda other: verdicts.between(_side(own), _side(other)) is not False)
    return [Pair((account_id, _id(other)), (own.name, other.name), seen) for other, seen in found]


def count_duplicates(connection: Connection) -> int:
    """How many pairs are likely or certain."""
    return sum(len(group.pairs) for group in possible_duplicates(connection))


def look_again(connection: Connection, seen: str) -> tuple[str, int | None]:
    """A mark of what would be compared, and how many pairs are likely or certain; None where nothing has changed since
    the mark ``seen``, or where there are too many accounts to compare them unasked."""
    marks = []
    for model in (Account, Contact, Verdict):
        table = model.__table__
        marks.append(connection.execute(select(func.count(), func.max(table.c.updated_at)).select_from(table)).one())
    mark = " ".join(f"{count} {latest}" for count, latest in marks)
    unasked = marks[0][0] <= MOST_UNASKED and mark != seen
    return mark, count_duplicates(connection) if unasked else None


def compare(connection: Connection, first: int, second: int) -> Comparison | None:
    """Two accounts side by side; the one with more to it stays, of equals the older. None where one is gone."""
    rows = {
        row.id: row
        for row in connection.execute(
            select(Account.__table__).where(Account.id.in_((first, second)), Account.deleted_at.is_(None))
        )
    }
    if len(rows) < 2:
        return None
    belongings = {account_id: _belongings(connection, account_id) for account_id in rows}
    kept, merged = sorted(rows, key=lambda account_id: (-sum(belongings[account_id].values()), account_id))
    return _compared(connection, rows[kept], rows[merged], belongings)


def turned(connection: Connection, shown: Comparison) -> Comparison | None:
    """The same two, the other one to stay."""
    rows = {
        row.id: row
        for row in connection.execute(
            select(Account.__table__).where(Account.id.in_(shown.ids), Account.deleted_at.is_(None))
        )
    }
    if len(rows) < 2:
        return None
    belongings = {account_id: _belongings(connection, account_id) for account_id in rows}
    return _compared(connection, rows[shown.ids[1]], rows[shown.ids[0]], belongings)


def _compared(connection: Connection, kept: Any, merged: Any, belongings: dict[int, dict[str, int]]) -> Comparison:
    fields = tuple(
        Difference(
            name,
            (getattr(kept, name), getattr(merged, name)),
            is_empty(getattr(kept, name)) and not is_empty(getattr(merged, name)),
            name in KEEPS_BOTH,
        )
        for name in COMPARED
    )
    a, b = profiles_of(connection, [kept.id, merged.id])
    return Comparison(
        (kept.id, merged.id),
        (kept.version, merged.version),
        (kept.name, merged.name),
        fields,
        (belongings[kept.id], belongings[merged.id]),
        twins(connection, kept.id, merged.id),
        evidence(a, b),
    )


def _belongings(connection: Connection, account_id: int) -> dict[str, int]:
    """How many rows of each table that people see belong to an account."""
    counts: dict[str, int] = {}
    for model, column in pointing_at("accounts"):
        if column.info.get("owner"):
            alive = select(func.count()).where(column == account_id, model.deleted_at.is_(None))
            count = connection.scalar(alive) or 0
            if count:
                counts[model.__tablename__] = counts.get(model.__tablename__, 0) + count
    return counts


def _grouped(pairs: Iterable[Pair]) -> list[Group]:
    """Pairs that share an account stand together, where the first of them stood."""
    heads: dict[int, int] = {}

    def head(account: int) -> int:
        while heads.setdefault(account, account) != account:
            heads[account] = heads[heads[account]]
            account = heads[account]
        return account

    listed = list(pairs)
    for pair in listed:
        heads[head(pair.ids[1])] = head(pair.ids[0])
    groups: dict[int, list[Pair]] = {}
    for pair in listed:
        groups.setdefault(head(pair.ids[0]), []).append(pair)
    return [Group(tuple(group)) for group in groups.values()]


def _id(one: Profile) -> int:
    assert isinstance(one.key, int)
    return one.key


def _side(one: Profile) -> Side:
    return Side(one.name, _id(one))
