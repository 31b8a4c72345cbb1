"""The archive as a workbook. Every text stays text: what begins with "=" is no formula, an address no link."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from csdesk.services.archive.sheets import Cell, Sheet, sheets
from csdesk.services.core.clock import Clock
from csdesk.services.files.placing import placed

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LONGEST_CELL = 32_767
"""Excel's own limit for the characters of a cell; a longer text is cut here, and whole in the JSON export."""
FIRST_YEAR = 1900
"""Excel counts its days from here; an earlier day is written as text."""
WIDTHS = {"text": 18, "day": 12, "moment": 18, "money": 14}
FORMATS: dict[str, dict[str, Any]] = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "money": {"num_format": "#,##0.00"},
    "text": {"num_format": "@"},
}


def export_xlsx(connection: Connection, out: Path, clock: Clock) -> None:
    """Write everything in the store to ``out``, a sheet a kind. Raises StorageError, and then ``out`` is as it was."""
    import xlsxwriter

    made = sheets(connection)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with placed(out) as fresh, fresh.open("wb") as file:
        book = xlsxwriter.Workbook(file, options)
        book.set_properties({"created": clock.now().replace(tzinfo=None), "title": "CSDesk"})
        styles = {name: book.add_format(style) for name, style in FORMATS.items()}
        for sheet in made:
            _write(book.add_worksheet(sheet.title[:31]), sheet, styles)
        book.close()


def _write(target: Worksheet, sheet: Sheet, styles: dict[str, Any]) -> None:
    kinds = [_kind([row[column] for row in sheet.rows[:200]]) for column in range(len(sheet.headings))]
    for column, kind in enumerate(kinds):
        target.set_column(column, column, WIDTHS[kind])
    target.freeze_panes(1, 0)
    target.write_row(0, 0, sheet.headings, styles["head"])
    for number, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            _put(target, number, column, value, styles)
    if sheet.rows:
        target.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)


def _kind(values: list[Cell]) -> str:
    for value in values:
        if isinstance(value, datetime):
            return "moment"
        if isinstance(value, date):
            return "day"
        if isinstance(value, Decimal):
            return "money"
    return "text"


def _put(target: Worksheet, row: int, column: int, value: Cell, styles: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        target.write_boolean(row, column, value)
    elif isinstance(value, Decimal):
        target.write_number(row, column, float(value), styles["money"])
    elif isinstance(value, int):
        target.write_number(row, column, value)
    elif isinstance(value, date) and value.year >= FIRST_YEAR:
        target.write_datetime(row, column, value, styles["moment" if isinstance(value, datetime) else "day"])
    elif isinstance(value, date):
        target.write_string(row, column, value.isoformat())
    else:
        target.write_string(row, column, value[:LONGEST_CELL], styles["text"])
