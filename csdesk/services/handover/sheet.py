"""Workbooks about handovers: what sales has to mend, and an empty one to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from csdesk.models.vocabulary import Fate
from csdesk.resources import resource
from csdesk.services.core.texts import _, is_chinese
from csdesk.services.files.writing import Heading, OutSheet, Value, write_workbook
from csdesk.services.handover.commands import ImportHandover
from csdesk.services.handover.fields import CODE, FIELDS
from csdesk.services.handover.report import ImportReport
from csdesk.services.handover.tables import Table

LEFT_OUT = frozenset({CODE, "contact.first_name", "contact.last_name", "contact.person", "contract.period"})


def write_errors(path: Path, wish: ImportHandover, report: ImportReport) -> int:
    """The refused rows with the file's own columns in their order, the reason in front; returns how many rows.

    Mended, the workbook can be imported again as it is. Raises StorageError.
    """
    reasons: dict[tuple[str, int], list[str]] = {}
    for finding in report.findings:
        reasons.setdefault((finding.sheet, finding.row), []).append(f"{finding.cell}: {finding.message}")
    refused = {(row.sheet, row.row) for row in report.row_fates if row.fate is Fate.REFUSED}
    sheets = []
    count = 0
    for table, _matches in wish.tables:
        rows = list(_refused(table, refused, reasons))
        if rows:
            count += len(rows)
            columns = [Heading(_("Reason"), width=40), *(Heading(heading) for heading in table.headings)]
            sheets.append(OutSheet(table.sheet, columns, rows))
    write_workbook(path, sheets or [OutSheet(_("Reason"), [Heading(_("Reason"))])])
    return count


def _refused(
    table: Table, refused: set[tuple[str, int]], reasons: dict[tuple[str, int], list[str]]
) -> Iterator[list[Value]]:
    columns = [table.column_values(index) for index in range(len(table.headings))]
    for row, number in enumerate(table.numbers):
        if (table.sheet, number) in refused:
            yield ["\n".join(reasons.get((table.sheet, number), [])), *(cells[row] for cells in columns)]


def write_template(path: Path) -> None:
    """An empty handover workbook with headings in the reader's language. Raises StorageError."""
    name = "headings_zh.json" if is_chinese() else "headings_en.json"
    aliases = json.loads(resource("import", name).read_text(encoding="utf-8"))["fields"]
    columns = [Heading(aliases[key][0]) for key in FIELDS if key not in LEFT_OUT and key in aliases]
    write_workbook(path, [OutSheet(_("Accounts"), columns)])
