"""From a file on disk to the command that imports it, for the window and the command line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import _
from csdesk.services.handover import headings
from csdesk.services.handover.layout import find_tables
from csdesk.services.handover.mapping import Match, propose
from csdesk.services.handover.report import ImportReport, as_json
from csdesk.services.handover.rules import worth_taking
from csdesk.services.handover.tables import Sheet, Table, is_filled

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.files.reading import ReadAhead
    from csdesk.services.handover.commands import ImportHandover

Mapped = Mapping[str, str | None]


def prepare(
    sheets: Sequence[Sheet],
    path: Path,
    *,
    sheet: str | None = None,
    mapping: Mapped | None = None,
    remembered: Mapping[str, Mapped] | None = None,
    edits: Mapping[tuple[str, str], str] | None = None,
    notes: Iterable[str] = (),
    digest: str = "",
) -> ImportHandover:
    """Find the tables of a workbook and propose what their columns mean; ``edits``: (sheet, cell) → text typed instead.

    ``digest``: the SHA-256 of the file where it is known already. ``remembered``: mapping by the headings' fingerprint. Raises Problems (nothing_to_import, no_such_sheet).
    """
    from csdesk.services.handover.commands import ImportHandover, SourceFile

    wanted = [found for found in sheets if sheet is None or found.name == sheet]
    if not wanted:
        names = _(", ").join(found.name for found in sheets)
        sentence = _("There is no sheet “{name}” in this file; it has: {names}.").format(name=sheet, names=names)
        raise Problems([Problem("sheet", sentence, code="no_such_sheet")])
    pairs: list[tuple[Table, tuple[Match, ...]]] = []
    for table in find_tables(wanted):
        _edit(table, edits or {})
        known = (remembered or {}).get(headings.fingerprint(table.headings))
        pairs.append((table, tuple(propose(table, mapping, known))))
    taken = tuple((table, tuple(matches)) for table, matches in worth_taking(pairs))
    if not taken or not any(table.rows for table, _matches in taken):
        raise Problems([Problem("", _why_nothing(wanted, bool(taken)), code="nothing_to_import")])
    read = {table.sheet for table, _matches in taken}
    unread = tuple(found.name for found in wanted if found.name not in read and found.rows)
    digest = digest or hashlib.sha256(path.read_bytes()).hexdigest()
    source = SourceFile(path.name, digest, path.stat().st_size)
    return ImportHandover(source, taken, unread_sheets=unread, notes=tuple(notes))


def _why_nothing(sheets: Sequence[Sheet], headings_only: bool) -> str:
    if headings_only:
        return _("The sheets have headings, but no rows below them.")
    if not any(is_filled(cell) for found in sheets for row in found.rows for cell in row):
        return _("The file is empty: there is nothing to import.")
    return _("No column with the customers' names was found, so there is nothing to import. Name one “Customer name”.")


def _edit(table: Table, edits: Mapping[tuple[str, str], str]) -> None:
    """Put what the user typed in place of what the file says."""
    if not edits:
        return
    for row in range(len(table.rows)):
        for index in range(len(table.headings)):
            typed = edits.get((table.sheet, table.address(row, index)))
            if typed is not None:
                cells = list(table.rows[row])
                column = index if table.places is not None else table.columns[index]
                cells += [None] * (column + 1 - len(cells))
                cells[column] = typed
                table.rows[row] = cells


def with_mapping(wish: ImportHandover, mapping: Mapped) -> ImportHandover:
    """The same import with columns matched anew by the user."""
    return replace(wish, tables=tuple((table, tuple(propose(table, mapping))) for table, _old in wish.tables))


def import_file(
    desk: Desk,
    path: Path,
    *,
    sheet: str | None = None,
    mapping: Mapped | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    ahead: ReadAhead | None = None,
) -> ImportReport:
    """Import one workbook, or only say what would happen; ``ahead`` reads it already.

    Raises Problems, StorageError, Cancelled.
    """
    from csdesk.services.files.reading import read_workbook
    from csdesk.services.handover.commands import import_handover
    from csdesk.services.handover.queries import remembered_mappings

    workbook = ahead.workbook() if ahead is not None else read_workbook(path, progress=progress)
    with desk.read() as connection:
        remembered = remembered_mappings(connection)
    wish = prepare(
        workbook.sheets,
        path,
        sheet=sheet,
        mapping=mapping,
        remembered=remembered,
        notes=[note.message for note in workbook.all_notes()],
        digest=workbook.digest,
    )
    if dry_run:
        return desk.rehearse(import_handover, wish, progress=progress)
    return desk.do(import_handover, wish, progress=progress).value


def import_files(
    desk: Desk,
    paths: Sequence[Path],
    sheet: str | None = None,
    mapping: Mapped | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    ahead: ReadAhead | None = None,
) -> list[dict[str, Any]]:
    """Import workbooks one after the other, each a change of its own; one JSON document each.

    ``ahead`` reads the first of them already. A file that cannot be read or holds nothing gives ``{"file", "error", "code"}`` in its place.
    """
    documents = []
    for path in paths:
        try:
            begun, ahead = ahead, None
            report = import_file(
                desk, path, sheet=sheet, mapping=mapping, dry_run=dry_run, progress=progress, ahead=begun
            )
            documents.append(as_json(report) | {"file": str(path)})
        except Problems as problems:
            first = problems.problems[0]
            documents.append({"file": str(path), "error": str(problems), "code": first.code})
    return documents
