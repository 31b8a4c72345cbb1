"""The portfolio by ARR for other programs: a sheet a table of its report."""

from __future__ import annotations

from pathlib import Path

from csdesk.services.core.columns import Kind
from csdesk.services.core.report import Report, Section, Table, cell_value
from csdesk.services.files.writing import Heading, OutSheet, write_csv, write_workbook


def write_report(report: Report, path: Path) -> int:
    """Write the tables of a report: all of them into a workbook, the last and longest into a .csv. Raises StorageError.

    Returns the number of rows of the last.
    """
    made = [sheet for section in report.sections if (sheet := _sheet(section)) is not None]
    rows = list(made[-1].rows)
    if path.suffix.lower() == ".csv":
        write_csv(path, [heading.title for heading in made[-1].columns], rows)
    else:
        write_workbook(path, made)
    return len(rows)


def _sheet(section: Section) -> OutSheet | None:
    for block in section.blocks:
        if isinstance(block, Table):
            rows = [[cell_value(cell) for cell in row.cells] for row in block.rows]
            kinds = [Kind.NUMBER if column.align == "right" else Kind.TEXT for column in block.columns]
            heads = [
                Heading(column.title, kind, 32 if column.stretch else 14)
                for column, kind in zip(block.columns, kinds, strict=True)
            ]
            return OutSheet(section.heading, heads, rows)
    return None
