"""Taking an import back: what it made goes to the bin, what it changed gets its old value, what was edited since stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.handover import Import
from csdesk.services.core.errors import Conflict
from csdesk.services.core.texts import _, ngettext
from csdesk.services.handover.matching import among

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk


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


def undo_import(desk: Desk, import_id: int) -> TakenBack:
    """Take one import back, wherever it stands in the history. Raises Conflict where that was done already."""
    with desk.read() as connection:
        row = connection.execute(
            select(Import.file_name, Import.step_id, Import.deleted_at).where(Import.id == import_id)
        ).first()
    if row is None or row.step_id is None or row.deleted_at is not None:
        raise Conflict(_("This import was taken back already."))
    reversal = desk.undo_step(row.step_id, keep_edited=True).value
    kept = reversal.kept.get("accounts", set())
    with desk.read() as connection:
        names = (
            connection.execute(select(Account.id, Account.name).where(among(Account.id, kept))).all() if kept else []
        )
    return TakenBack(
        row.file_name, reversal.rows, tuple((found.id, found.name) for found in names), reversal.kept_count
    )
