"""Tables and forms that stand beside each other: each band of columns is looked at as a sheet of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csdesk.services.handover import headings
from csdesk.services.handover.fields import NAME
from csdesk.services.handover.tables import Grid, Sheet

_LOOKED_AT = 60


@dataclass
class Band:
    """The columns of a sheet from ``left`` on, in their places; what stands beside them is left out."""

    name: str
    rows: Grid
    merged: Sequence[tuple[int, int, int, int]]


def side_by_side(sheet: Sheet) -> list[Sheet]:
    """The sheet, or its bands where one row names the customer several times, each time followed by the same headings."""
    for row in sheet.rows[:_LOOKED_AT]:
        starts = _starts(row)
        if len(starts) > 1 and _alike(sheet.rows, row, starts):
            ends = [*starts[1:], None]
            return [_band(sheet, left, right) for left, right in zip([0, *starts[1:]], ends, strict=True)]
    return [sheet]


def _starts(row: Sequence[object]) -> list[int]:
    named = [
        (column, cell)
        for column, cell in enumerate(row)
        if isinstance(cell, str)
        and len(cell) < 20
        and (found := headings.meaning(cell))
        and found.field == NAME
        and found.confidence == headings.STRONG
    ]
    return [column for column, _cell in named] if len({cell.strip() for _column, cell in named}) == 1 else []


def _alike(rows: Grid, row: Sequence[object], starts: list[int]) -> bool:
    """Whether the bands say the same: beside each other in this row, or below each other in each first column."""
    ends = [*starts[1:], len(row)]
    across = [_fields(row[left:right]) for left, right in zip(starts, ends, strict=True)]
    down = [_fields([found[left] if left < len(found) else None for found in rows[:_LOOKED_AT]]) for left in starts]
    return any(len(found[0]) > 1 and all(other == found[0] for other in found) for found in (across, down))


def _fields(cells: Sequence[object]) -> list[str]:
    known = [headings.meaning(cell) for cell in cells if isinstance(cell, str) and len(cell) < 40]
    return [found.field for found in known if found]


def _band(sheet: Sheet, left: int, right: int | None) -> Band:
    rows: Grid = [[*[None] * min(left, len(row)), *row[left:right]] for row in sheet.rows]
    inside = [area for area in sheet.merged if area[1] >= left and (right is None or area[1] < right)]
    return Band(sheet.name, rows, inside)
