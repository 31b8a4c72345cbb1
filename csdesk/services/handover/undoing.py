"""Taking an import back: what it made goes to the bin, what it changed gets its old value, what was edited since stays.

First shown, sorted; then done; and what was taken back can be taken in again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover, Import
from csdesk.models.journal import Change, Step
from csdesk.models.receivables import Payment, Receivable
from csdesk.services.core.errors import Conflict
from csdesk.services.core.texts import _, ngettext
from csdesk.services.core.undo import DOABLE, Reversal
from csdesk.services.core.unit_of_work import step_text
from csdesk.services.handover.matching import among

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk

OF_ACCOUNT: dict[str, Any] = {"contacts": Contact, "contracts": Contract, "handovers": Handover}
OF_CONTRACT: dict[str, Any] = {"contract_lines": ContractLine, "receivables": Receivable, "payments": Payment}
OWN = frozenset({"imports", "import_details", "import_mappings"})
"""What an import writes about itself: not counted when it is taken back."""
SHOWN = 500
"""So many accounts are named in each part."""


@dataclass(frozen=True)
class Fate:
    """An account of the import, and why it stays."""

    account_id: int
    name: str
    why: str = ""


@dataclass(frozen=True)
class Sorted:
    """What taking an import back does: the accounts that are taken back, kept because edited since, cannot be taken back.

    ``counts``: how many records of each kind are taken back.
    """

    import_id: int
    file_name: str
    counts: Mapping[str, int]
    taken: tuple[Fate, ...]
    kept: tuple[Fate, ...]
    cannot: tuple[Fate, ...]


@dataclass(frozen=True)
class TakenBack:
    """How many records were reversed, and which accounts stay because they were edited since."""

    file_name: str
    records: int
    kept_accounts: tuple[tuple[int, str], ...]
    kept_records: int

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        done = ngettext("{n} record was taken back.", "{n} records were taken back.", self.records).format(
            n=self.records
        )
        if not self.kept_records:
            return done
        kept = ngettext(
            "{done} {n} record was kept, since it was edited after the import.",
            "{done} {n} records were kept, since they were edited after the import.",
            self.kept_records,
        )
        return kept.format(done=done, n=self.kept_records)


def preview_undo(desk: Desk, import_id: int) -> Sorted:
    """What taking an import back would do. Raises Conflict where that was done already."""
    file_name, step_id = _step_of(desk, import_id)
    reversal = desk.rehearse_undo(step_id)
    with desk.read() as connection:
        needed = _accounts(connection, reversal.needed)
        kept = _accounts(connection, reversal.kept) - needed
        turned = _accounts(connection, reversal.turned) - kept - needed
        names = _names(connection, turned | kept | needed)
        why = _later(connection, kept, step_id)
    return Sorted(
        import_id,
        file_name,
        {entity: len(ids) for entity, ids in reversal.turned.items() if entity not in OWN},
        _fates(turned, names, {}),
        _fates(kept, names, why),
        _fates(needed, names, {}),
    )


def undo_import(desk: Desk, import_id: int) -> TakenBack:
    """Take one import back, wherever it stands in the history. Raises Conflict where that was done already."""
    file_name, step_id = _step_of(desk, import_id)
    reversal = desk.undo_step(step_id, keep_edited=True).value
    return _told(desk, file_name, reversal)


def redo_import(desk: Desk, import_id: int) -> TakenBack:
    """Take an import in again that was taken back. Raises Conflict where it was not, or a later change stands in the way."""
    with desk.read() as connection:
        row = connection.execute(
            select(Import.file_name, Import.step_id, Import.deleted_at).where(Import.id == import_id)
        ).first()
    if row is None or row.step_id is None or row.deleted_at is None:
        raise Conflict(_("This import was not taken back."))
    return _told(desk, row.file_name, desk.redo_step(row.step_id).value)


def _step_of(desk: Desk, import_id: int) -> tuple[str, int]:
    with desk.read() as connection:
        row = connection.execute(
            select(Import.file_name, Import.step_id, Import.deleted_at).where(Import.id == import_id)
        ).first()
    if row is None or row.step_id is None or row.deleted_at is not None:
        raise Conflict(_("This import was taken back already."))
    return row.file_name, row.step_id


def _told(desk: Desk, file_name: str, reversal: Reversal) -> TakenBack:
    with desk.read() as connection:
        names = _names(connection, reversal.kept.get("accounts", set()))
    records = reversal.rows - sum(len(ids) for entity, ids in reversal.turned.items() if entity in OWN)
    return TakenBack(file_name, records, tuple(names.items()), reversal.kept_count)


def _names(connection: Connection, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = connection.execute(select(Account.id, Account.name).where(among(Account.id, ids)).order_by(Account.id))
    return dict(rows.all())


def _accounts(connection: Connection, rows: Mapping[str, set[int]]) -> set[int]:
    """The accounts to which these records belong."""
    found = set(rows.get("accounts", ()))
    for entity, model in OF_ACCOUNT.items():
        if rows.get(entity):
            found.update(connection.scalars(select(model.account_id).where(among(model.id, rows[entity]))))
    for entity, child in OF_CONTRACT.items():
        if rows.get(entity):
            query = select(Contract.account_id).join(child, child.contract_id == Contract.id)
            found.update(connection.scalars(query.where(among(child.id, rows[entity]))))
    return found


def _later(connection: Connection, accounts: set[int], step_id: int) -> dict[int, str]:
    """The newest change of each account after the import, as the history names it."""
    if not accounts:
        return {}
    owners: dict[tuple[str, int], int] = {("accounts", account): account for account in accounts}
    for entity, model in OF_ACCOUNT.items():
        rows = connection.execute(select(model.id, model.account_id).where(among(model.account_id, accounts)))
        owners |= {(entity, row.id): row.account_id for row in rows}
    changes = connection.execute(
        select(Change.entity, Change.entity_id, Step.title, Step.params)
        .join(Step, Step.id == Change.step_id)
        .where(Change.step_id > step_id, Step.undone.is_(False), Step.kind.in_(DOABLE), Change.entity_id.is_not(None))
        .order_by(Change.step_id)
    )
    named = ((owners.get((row.entity, row.entity_id)), row) for row in changes)
    return {account: step_text(row.title, row.params) for account, row in named if account is not None}


def _fates(ids: set[int], names: Mapping[int, str], why: Mapping[int, str]) -> tuple[Fate, ...]:
    return tuple(Fate(one, names.get(one, ""), why.get(one, "")) for one in sorted(ids))
