"""Product's workbook on its way back: found by its hidden marks, read cell by cell, whatever program saved it.

Columns are found by the hidden names of the export; where a heading says that a column was moved away from its name, the
heading counts, and where the names are lost, the headings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import _
from csdesk.services.files.workbook import Cell, Sheet, Workbook, address
from csdesk.services.handover.days import Order, order_of, read_day
from csdesk.services.handover.values import read_text
from csdesk.services.tickets.product_answers import FIXED, OF_BUG, TITLES, Answer, AnsweredRow, What
from csdesk.services.tickets.product_sheet import BUG_KEY, DEMAND_KEY, SENT_KEY, choices_of
from csdesk.services.tickets.product_words import field_of, read_number, read_word

_MARKED_ROWS = 60
"""The row of names and the headings stand at the top; so many rows may have been put above them."""
_EXACT = 2**53
_ID, _SENT = "id", "as_sent"
_NAMES = {DEMAND_KEY: _ID, BUG_KEY: _ID, SENT_KEY: _SENT, "number": "number", "title": "title"} | {
    name: name for name in TITLES
}
_CHOICES = ("reasonable", "scope", "size", "decision")
_TEXTS = ("reason", "answer", "release", "reviewed_by")


@dataclass(frozen=True)
class Returned:
    """What a workbook says: its rows in their order."""

    path: Path
    rows: tuple[AnsweredRow, ...]


@dataclass(frozen=True)
class _Table:
    """Where a sheet has what: the column of each field, the first row below the headings."""

    what: What
    sheet: Sheet
    columns: Mapping[str, int]
    first: int

    def cell(self, row: int, name: str) -> Cell:
        """The cell of a field in a row."""
        column = self.columns.get(name)
        return None if column is None else self.sheet.cell(row, column)


def is_for_product(workbook: Workbook) -> bool:
    """Whether a workbook is one that was written for product: told by its hidden marks."""
    return any(_marks(sheet) is not None for sheet in workbook.sheets)


def read_returned(path: Path, progress: Progress | None = None) -> Returned:
    """Read a workbook that came back, in a process of its own.

    Raises Problems where the file cannot be read or is none that was written for product (code not_for_product), Cancelled.
    """
    from csdesk.services.files.reading import read_workbook

    return returned(read_workbook(path, progress=progress))


def returned(workbook: Workbook) -> Returned:
    """The rows of a workbook that was read. Raises Problems (not_for_product) where it has none of our tables."""
    tables = [table for table in map(_table, workbook.sheets) if table is not None]
    if not tables:
        sentence = _(
            "{name} is no workbook for product: neither its hidden columns nor its headings were found. Send product a new one."
        )
        message = sentence.format(name=workbook.path.name)
        raise Problems([Problem("file", message, code="not_for_product")])
    return Returned(workbook.path, tuple(row for table in tables for row in _rows(table)))


def _marks(sheet: Sheet) -> tuple[int, What] | None:
    """The row of the hidden names and what the sheet is about; None where there is none."""
    for index, row in enumerate(sheet.rows[:_MARKED_ROWS]):
        if DEMAND_KEY in row or BUG_KEY in row:
            return index, What.DEMAND if DEMAND_KEY in row else What.BUG
    return None


def _headings(sheet: Sheet, start: int) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and by field its column: the first row that names the decision and another field."""
    for index, row in enumerate(sheet.rows[start : start + _MARKED_ROWS], start=start):
        named: dict[str, int] = {}
        for column, cell in enumerate(row):
            name = field_of(cell)
            if name is not None:
                named.setdefault(name, column)
        if "decision" in named and len(named) > 2:
            return index, named
    return None


def _table(sheet: Sheet) -> _Table | None:
    marks = _marks(sheet)
    start = marks[0] + 1 if marks is not None else 0
    headings = _headings(sheet, start)
    if marks is None:
        if headings is None or "number" not in headings[1]:
            return None
        numbers = (sheet.cell(row, headings[1]["number"]) for row in range(headings[0] + 1, len(sheet.rows)))
        what = _what_of(numbers)
        return None if what is None else _Table(what, sheet, headings[1], headings[0] + 1)
    names = {
        _NAMES[cell]: column
        for column, cell in enumerate(sheet.rows[marks[0]])
        if isinstance(cell, str) and cell in _NAMES
    }
    if headings is None:
        return _Table(marks[1], sheet, names, start)
    for name, column in headings[1].items():
        kept = names.get(name)
        if kept is None or field_of(sheet.cell(headings[0], kept)) not in (name, None):
            names[name] = column
    return _Table(marks[1], sheet, names, headings[0] + 1)


def _what_of(numbers: Iterator[Cell]) -> What | None:
    """What numbers like D-0012 or B-0003 count; None where none of them stands there."""
    for cell in numbers:
        text = (read_text(cell)[0] or "").upper()
        if read_number(cell) is not None and text[:1] in ("D", "B"):
            return What.DEMAND if text[0] == "D" else What.BUG
    return None


def _rows(table: _Table) -> Iterator[AnsweredRow]:
    days = [table.cell(row, "planned_on") for row in range(table.first, len(table.sheet.rows))]
    order = order_of(days)
    for row in range(table.first, len(table.sheet.rows)):
        if _is_row(table, row):
            yield _row(table, row, order)


def _is_row(table: _Table, row: int) -> bool:
    """Whether a row is one of ours: it has an id or a number, or says something where product answers.

    What somebody wrote below or between, such as a sum or a remark, is no row.
    """
    if read_number(table.cell(row, "number")) is not None or read_text(table.cell(row, _ID))[0]:
        return True
    return bool(read_text(table.cell(row, "decision"))[0])


def _row(table: _Table, row: int, order: Order) -> AnsweredRow:
    names = OF_BUG if table.what is What.BUG else tuple(TITLES)
    cells = {name: address(row, column) for name, column in table.columns.items() if name in (*names, "number")}
    decides = bool(read_text(table.cell(row, "decision"))[0])
    problems: list[Problem] = []

    def wrong(name: str, message: str, code: str) -> None:
        # What else is wrong in a row without a decision does not matter yet.
        if decides:
            problems.append(Problem(name, message, cell=cells.get(name), code=code))

    words = {name: _word(table, row, name, wrong) for name in _CHOICES if name in names}
    reasonable = words.pop("reasonable", "")
    texts = {name: read_text(table.cell(row, name))[0] or "" for name in _TEXTS if name in names}
    day, code = read_day(table.cell(row, "planned_on"), order, at_end=True)
    if code:
        wrong("planned_on", _day_words(table.cell(row, "planned_on"), code), code)
    answer = Answer(**words, **texts, planned_on=day, reasonable=reasonable == "yes" if reasonable else None)
    return AnsweredRow(
        table.what, table.sheet.name, row + 1, _id(table.cell(row, _ID)), read_number(table.cell(row, "number")) or 0,
        read_text(table.cell(row, "title"))[0] or "", read_text(table.cell(row, _SENT))[0] or "", answer, cells,
        tuple(problems),
    )  # fmt: skip


def _word(table: _Table, row: int, name: str, wrong: Callable[[str, str, str], None]) -> str:
    cell = table.cell(row, name)
    word, code = read_word(cell, name)
    if word == FIXED and table.what is What.DEMAND:
        word, code = None, "unknown_word"
    if code:
        offered = _(", ").join(choices_of(name, table.what is What.BUG))
        message = _("“{text}” is not known here. Write one of: {words}.")
        wrong(name, message.format(text=read_text(cell)[0] or "", words=offered), code)
    return word or ""


def _day_words(cell: Cell, code: str) -> str:
    text = read_text(cell)[0] or ""
    if code == "ambiguous_date":
        return _("“{text}” can be read in two ways. Write the date as 2026-03-05.").format(text=text)
    return _("“{text}” is no date. Write it as 2026-03-05.").format(text=text)


def _id(cell: Cell) -> int | None:
    """The id of the hidden column; None where it is lost, or rounded by a program that took it for a number."""
    if isinstance(cell, int | float) and abs(cell) > _EXACT:
        return None
    text = (read_text(cell)[0] or "").lstrip("'")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else None
