"""The imports so far as a list: which file, when, what came of it, whether it was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, true

from csdesk.models.handover import Import
from csdesk.models.vocabulary import N_
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like

TABLE = Import.__table__
STATES = {"in": N_("Taken in"), "back": N_("Taken back")}
STATE = case((TABLE.c.deleted_at.is_(None), "in"), else_="back")
COLUMNS = (
    Column("file_name", N_("File"), Kind.NAME, 260),
    Column("imported_at", N_("Imported"), Kind.MOMENT, 144),
    Column("state", N_("State"), Kind.CHOICE, 96),
    Column("new", N_("Rows new"), Kind.NUMBER, 96),
    Column("updated", N_("Rows updated"), Kind.NUMBER, 120, leaves=2),
    Column("same", N_("Rows the same"), Kind.NUMBER, 120, leaves=4),
    Column("refused", N_("Rows refused"), Kind.NUMBER, 112, leaves=1),
    Column("size", N_("Size (bytes)"), Kind.NUMBER, 112, leaves=3),
    Column("sha256", N_("SHA-256"), Kind.TEXT, 200, hidden=True),
)


def _rows(fate: str) -> Any:
    """How many rows of the file went one way."""
    return func.coalesce(func.json_extract(TABLE.c.counts, f"$.rows.{fate}"), 0)


def _in_state(given: Filter, today: date) -> ColumnElement[bool]:
    back = TABLE.c.deleted_at.is_not(None)
    return back if given.value == "back" else ~back


IMPORTS = Listing(
    entity="imports",
    table=TABLE,  # type: ignore[arg-type]
    columns=COLUMNS,
    sources={name: TABLE.c[name] for name in ("file_name", "imported_at", "size", "sha256")}
    | {fate: _rows(fate) for fate in ("new", "updated", "same", "refused")}
    | {"state": STATE},
    default_sort="imported_at",
    default_descending=True,
    conditions={"state": _in_state},
    search=lambda word: like(word, TABLE.c.file_name, TABLE.c.sha256),
    base=true(),
)


def state_counts(connection: Connection, views: Sequence[tuple[Filter, ...]], today: date) -> list[int]:
    """How many imports each set of conditions holds."""
    return [IMPORTS.count(connection, Query(filters=filters), today) for filters in views]
