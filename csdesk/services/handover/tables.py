"""A table found in a workbook: rows of plain values under headings, each cell with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import itemgetter
from typing import Protocol

from csdesk.services.handover.values import Cell

Grid = list[list[Cell]]


class Layout(StrEnum):
    """How a table lies on its sheet, as ``import-handover --json`` names it."""

    TABLE = "table"
    LINKED = "linked"
    FORM = "form"
    TRANSPOSED = "transposed"


class Sheet(Protocol):
    """What is needed of a sheet: rows of values, merged ranges (first row, first column, last row, last column; from 0)."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Grid: ...
    @property
    def merged(self) -> Sequence[tuple[int, int, int, int]]: ...


@dataclass
class Table:
    """Rows under headings, wherever they stood.

    ``numbers`` are the rows as Excel counts them, ``columns`` the sheet's columns from 0. Where a table was put together
    from a form, ``places`` names (row from 0, column from 0) of each cell.
    """

    sheet: str
    layout: Layout
    header_row: int
    headings: list[str]
    columns: list[int]
    rows: Grid
    numbers: list[int]
    places: list[list[tuple[int, int]]] | None = None
    parents: list[str] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    """Excel rows of instructions and codes below the heading."""

    def column_values(self, index: int, count: int | None = None) -> list[Cell]:
        """The cells of one column, or its first ``count``; None where a row is shorter."""
        column = index if self.places is not None else self.columns[index]
        rows = self.rows if count is None else self.rows[:count]
        try:
            return list(map(itemgetter(column), rows))
        except IndexError:
            return [row[column] if column < len(row) else None for row in rows]

    def cell(self, row: int, index: int) -> Cell:
        """One cell, None where the row is shorter."""
        column = index if self.places is not None else self.columns[index]
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def address(self, row: int, index: int) -> str:
        """A cell as Excel names it: I37."""
        place = self.places[row][index] if self.places is not None else (self.numbers[row] - 1, self.columns[index])
        return f"{column_letters(place[1])}{place[0] + 1}"

    def row_number(self, row: int, index: int) -> int:
        """The Excel row of a cell."""
        return self.places[row][index][0] + 1 if self.places is not None else self.numbers[row]


def column_letters(column: int) -> str:
    """A for 0, AB for 27."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_filled(cell: Cell) -> bool:
    """Whether a cell says anything at all."""
    return cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace())
