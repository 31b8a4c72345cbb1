"""The rows of a file that did not come in, or not whole: with the file's own columns, kept with the import."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import Fate
from csdesk.services.handover import headings
from csdesk.services.handover.fields import ACCOUNT_ID, CONTACT_ID, CONTRACT_ID
from csdesk.services.handover.mapping import stem
from csdesk.services.handover.report import ImportReport
from csdesk.services.handover.tables import Table
from csdesk.services.handover.values import Cell

if TYPE_CHECKING:
    from csdesk.services.handover.commands import ImportHandover

MOST = 5_000
"""So many rows are kept with an import."""
IDS = frozenset({ACCOUNT_ID, CONTACT_ID, CONTRACT_ID})


@dataclass(frozen=True)
class KeptRows:
    """Rows of one sheet; the first cell of each says why. ``hidden`` are the columns (from 0) that nobody reads."""

    sheet: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    hidden: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What is stored."""
        rows = [[_tagged(cell) for cell in row] for row in self.rows]
        return {"sheet": self.sheet, "headings": list(self.headings), "rows": rows, "hidden": list(self.hidden)}

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> KeptRows:
        """What was stored."""
        rows = tuple(tuple(_untagged(cell) for cell in row) for row in told["rows"])
        return KeptRows(told["sheet"], tuple(told["headings"]), rows, tuple(told["hidden"]))


def _tagged(cell: Cell) -> Any:
    if isinstance(cell, datetime.date | datetime.time):
        return {type(cell).__name__: cell.isoformat()}
    return cell


_KINDS: dict[str, Any] = {"datetime": datetime.datetime, "date": datetime.date, "time": datetime.time}


def _untagged(cell: Any) -> Cell:
    if isinstance(cell, dict):
        ((kind, text),) = cell.items()
        return _KINDS[kind].fromisoformat(text)  # type: ignore[no-any-return]
    return cell  # type: ignore[no-any-return]


def kept_rows(wish: ImportHandover, report: ImportReport) -> list[dict[str, Any]]:
    """What is stored with an import of the rows that it refused or doubted."""
    return [one.as_json() for one in left_over(wish, report, MOST)]


def left_over(wish: ImportHandover, report: ImportReport, most: int | None = None) -> list[KeptRows]:
    """The rows that were refused, or of which a value was left empty, by sheet in the order of the file."""
    reasons: dict[tuple[str, int], list[str]] = {}
    for finding in report.findings:
        reasons.setdefault((finding.sheet, finding.row), []).append(f"{finding.cell}: {finding.message}")
    if not reasons:
        return []
    out = {(row.sheet, row.row) for row in report.row_fates if row.fate is Fate.SKIPPED}
    found: list[KeptRows] = []
    for table, matches in wish.tables:
        wanted = {place: why for place, why in reasons.items() if place not in out}
        rows = tuple(_rows(table, wanted))
        if rows:
            hidden = tuple(match.index + 1 for match in matches if match.used in IDS)
            found.append(KeptRows(table.sheet, tuple(_headings(table)), rows[:most], hidden))
    return found


def _rows(table: Table, reasons: Mapping[tuple[str, int], Sequence[str]]) -> Iterator[tuple[Cell, ...]]:
    columns = [table.column_values(index) for index in range(len(table.headings))]
    for row, number in enumerate(table.numbers):
        why = reasons.get((table.sheet, number))
        if why:
            yield ("\n".join(why), *(cells[row] for cells in columns))


def _headings(table: Table) -> Iterator[str]:
    """The file's own headings; below a two-level one its upper part goes along where it is needed to understand it."""
    for index, heading in enumerate(table.headings):
        parent = table.parents[index] if index < len(table.parents) else ""
        alone = headings.meaning(heading)
        both = headings.meaning(stem(parent) + heading) if parent else None
        yield stem(parent) + heading if both and (alone is None or alone.field != both.field) else heading
