"""Reading handovers and imports: who waits, what an account was handed over with, which files came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.handover import Handover, Import, ImportMapping
from csdesk.models.handover import ImportDetails as Stored
from csdesk.models.vocabulary import HandoverState
from csdesk.services.handover.commands import HEADINGS, WORDS
from csdesk.services.handover.leftover import KeptRows
from csdesk.services.handover.recipe import Recipe, Remembered, from_json


@dataclass(frozen=True)
class WaitingHandover:
    """A handover that is neither accepted nor returned. ``started`` tells that a contract has begun before acceptance."""

    id: int
    account_id: int
    account: str
    short_name: str
    state: HandoverState
    received_on: date | None
    first_start: date | None
    started: bool


def handovers_waiting(connection: Connection, today: date, limit: int | None = None) -> list[WaitingHandover]:
    """Received and questioned handovers, those whose contract begins first on top."""
    first_start = (
        select(func.min(Contract.start_on))
        .where(Contract.account_id == Handover.account_id, Contract.deleted_at.is_(None))
        .correlate(Handover)
        .scalar_subquery()
        .label("first_start")
    )
    query = (
        select(
            Handover.id,
            Handover.account_id,
            Account.name,
            Account.short_name,
            Handover.state,
            Handover.received_on,
            first_start,
        )
        .join(Account, Account.id == Handover.account_id)
        .where(
            Handover.deleted_at.is_(None),
            Account.deleted_at.is_(None),
            Handover.state.in_((HandoverState.RECEIVED.value, HandoverState.QUESTIONED.value)),
        )
        .order_by(first_start.asc().nulls_last(), Handover.id)
        .limit(limit)
    )
    return [
        WaitingHandover(
            row[0],
            row[1],
            row[2],
            row[3],
            HandoverState(row[4]),
            row[5],
            row[6],
            row[6] is not None and row[6] <= today,
        )
        for row in connection.execute(query)
    ]


def waiting_count(connection: Connection) -> int:
    """How many handovers wait for an answer."""
    waiting = (HandoverState.RECEIVED.value, HandoverState.QUESTIONED.value)
    query = (
        select(func.count(Handover.id))
        .join(Account, Account.id == Handover.account_id)
        .where(Handover.deleted_at.is_(None), Account.deleted_at.is_(None), Handover.state.in_(waiting))
    )
    return connection.scalar(query) or 0


@dataclass(frozen=True)
class ImportRow:
    """One file that was taken in; ``undone_at`` where it was taken back."""

    id: int
    file_name: str
    imported_at: datetime
    size: int
    sha256: str
    step_id: int | None
    counts: dict[str, Any]
    undone_at: datetime | None


def import_history(connection: Connection, limit: int = 200) -> list[ImportRow]:
    """All imports, newest first, those taken back included."""
    query = select(
        Import.id,
        Import.file_name,
        Import.imported_at,
        Import.size,
        Import.sha256,
        Import.step_id,
        Import.counts,
        Import.deleted_at,
    ).order_by(Import.id.desc())
    return [ImportRow(*row) for row in connection.execute(query.limit(limit))]


@dataclass(frozen=True)
class ImportDetails:
    """One import with its mapping and what it complained of."""

    row: ImportRow
    mapping: dict[str, Any]
    problems: list[dict[str, Any]]
    account_ids: tuple[int, ...]
    path: str = ""
    recipe: Recipe = field(default_factory=Recipe)
    refused: tuple[KeptRows, ...] = ()


def one_import(connection: Connection, import_id: int) -> ImportDetails | None:
    """One import and the accounts whose handover it brought."""
    found = connection.execute(
        select(
            Import.id, Import.file_name, Import.imported_at, Import.size, Import.sha256, Import.step_id, Import.counts,
            Import.deleted_at, Import.mapping, Import.problems,
        ).where(Import.id == import_id)
    ).first()  # fmt: skip
    if found is None:
        return None
    more = connection.execute(
        select(Stored.path, Stored.recipe, Stored.accounts, Stored.refused).where(Stored.import_id == import_id)
    ).first()
    row = ImportRow(*found[:8])
    if more is None:
        return ImportDetails(row, found[8], found[9], ())
    kept = tuple(KeptRows.from_json(told) for told in more.refused)
    return ImportDetails(row, found[8], found[9], tuple(more.accounts), more.path, from_json(more.recipe), kept)


def remembered(connection: Connection) -> Remembered:
    """What earlier files taught about reading others."""
    rows = connection.execute(
        select(ImportMapping.fingerprint, ImportMapping.mapping, ImportMapping.decisions).where(
            ImportMapping.deleted_at.is_(None)
        )
    ).all()
    kept = {row.fingerprint: row for row in rows}
    return Remembered(
        mappings={row.fingerprint: row.mapping for row in rows if row.mapping and row.fingerprint != HEADINGS},
        recipes={row.fingerprint: from_json(row.decisions["recipe"]) for row in rows if "recipe" in row.decisions},
        headings=kept[HEADINGS].mapping if HEADINGS in kept else {},
        words=kept[WORDS].decisions if WORDS in kept else {},
    )


def remembered_mappings(connection: Connection) -> dict[str, dict[str, str | None]]:
    """Fingerprint of the headings → mapping that the user chose."""
    query = select(ImportMapping.fingerprint, ImportMapping.mapping).where(ImportMapping.deleted_at.is_(None))
    return {fingerprint: mapping for fingerprint, mapping in connection.execute(query) if mapping}
