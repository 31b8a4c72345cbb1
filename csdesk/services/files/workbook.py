"""What a spreadsheet file holds, whatever its format: sheets of rows of plain values."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

Cell = str | bool | int | float | datetime.datetime | datetime.date | datetime.time | None
"""One value as the file holds it. None is an empty cell; texts are never empty and are never interpreted."""

Row = list[Cell]


class Merged(NamedTuple):
    """A merged range, all four ends inclusive and counted from 0. Its value stands in the first cell."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        """The range as a spreadsheet writes it, such as "A1:C2"."""
        return f"{address(self.first_row, self.first_column)}:{address(self.last_row, self.last_column)}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the file that a person should know before trusting what was read.

    `code` is for programs, `message` for people; `cells` names the first cells concerned and `count` says of how many.
    """

    code: str
    message: str
    sheet: str = ""
    cells: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows[i]` is the spreadsheet's row i + 1 and `rows[i][j]` its column j (0 is A).

    Trailing empty cells of a row and trailing empty rows are left out, so rows differ in length; `first_row` is the index
    of the first row that holds anything.
    """

    name: str
    rows: list[Row]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()
    first_row: int = 0
    notes: tuple[Note, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """The value at a place, None where the sheet has nothing."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    @property
    def width(self) -> int:
        """The number of columns up to the last one that holds anything."""
        return max(map(len, self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A whole file. `kind` is its true format ("xlsx", "xls", "csv" ...), whatever its name says.

    `digest` is the SHA-256 of the bytes that were read, in hex; `encoding` and `delimiter` are those of a text table, and
    `encodings` all those in which it can be read, the guessed one first.
    """

    path: Path
    kind: str
    sheets: tuple[Sheet, ...]
    notes: tuple[Note, ...] = ()
    digest: str = ""
    encoding: str = ""
    delimiter: str = ""
    encodings: tuple[str, ...] = ()

    def all_notes(self) -> Iterator[Note]:
        """The notes on the file, then those on each sheet."""
        yield from self.notes
        for sheet in self.sheets:
            yield from sheet.notes


def column_letters(column: int) -> str:
    """The letters of a column counted from 0: "A", "Z", "AA", "XFD"."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The column counted from 0 that letters name. Raises ValueError for anything but A to Z."""
    if not letters.isascii() or not letters.isalpha():
        raise ValueError(letters)
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def address(row: int, column: int) -> str:
    """The name of a cell counted from 0: `address(36, 8)` is "I37"."""
    return f"{column_letters(column)}{row + 1}"
