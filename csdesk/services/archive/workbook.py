"""The archive as a workbook: the sheets of ``sheets``, written by the one door for workbooks."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection

from csdesk.services.archive.sheets import Cell, Sheet, sheets
from csdesk.services.core.columns import Kind
from csdesk.services.files.writing import Heading, OutSheet, write_workbook

LOOKED_AT = 200
WIDTHS = {Kind.TEXT: 18.0, Kind.DAY: 12.0, Kind.MOMENT: 18.0, Kind.MONEY: 14.0}


def export_xlsx(connection: Connection, out: Path) -> None:
    """Write everything in the store to ``out``, a sheet a kind. Raises StorageError, and then ``out`` is as it was.

    A text longer than a cell can hold is cut; the JSON export has it whole.
    """
    write_workbook(out, [_out_sheet(sheet) for sheet in sheets(connection)])


def _out_sheet(sheet: Sheet) -> OutSheet:
    kinds = [_kind([row[column] for row in sheet.rows[:LOOKED_AT]]) for column in range(len(sheet.headings))]
    columns = [Heading(title, kind, WIDTHS[kind]) for title, kind in zip(sheet.headings, kinds, strict=True)]
    return OutSheet(sheet.title, columns, sheet.rows)


def _kind(values: list[Cell]) -> Kind:
    for value in values:
        if isinstance(value, datetime):
            return Kind.MOMENT
        if isinstance(value, date):
            return Kind.DAY
        if isinstance(value, Decimal):
            return Kind.MONEY
    return Kind.TEXT
