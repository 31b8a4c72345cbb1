"""From a file on disk to the command that imports it, for the window and the command line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import _
from csdesk.services.files.workbook import column_index
from csdesk.services.handover import headings
from csdesk.services.handover.layout import find_tables
from csdesk.services.handover.mapping import Match, propose
from csdesk.services.handover.recipe import NOTHING, Recipe, Remembered
from csdesk.services.handover.report import ImportReport, as_json
from csdesk.services.handover.rules import AS_IT_STANDS, worth_taking
from csdesk.services.handover.tables import Sheet, Table, is_filled

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.files.reading import ReadAhead
    from csdesk.services.handover.commands import ImportHandover

Mapped = Mapping[str, str | None]
Pairs = tuple[tuple[Table, tuple[Match, ...]], ...]
Edits = Mapping[tuple[str, str], str]
ADDRESS = re.compile(r"([A-Z]+)(\d+)$")
"""A cell as Excel names it."""


def prepare(
    sheets: Sequence[Sheet],
    path: Path,
    *,
    sheet: str | None = None,
    mapping: Mapped | None = None,
    remembered: Mapping[str, Mapped] | None = None,
    edits: Edits | None = None,
    notes: Iterable[str] = (),
    digest: str = "",
    recipe: Recipe = AS_IT_STANDS,
    known: Remembered = NOTHING,
) -> ImportHandover:
    """Find the tables of a workbook and propose what their columns mean; ``edits``: (sheet, cell) → text typed instead.

    ``digest``: the SHA-256 of the file where it is known already. ``known`` is what earlier files taught, ``remembered`` its
    mappings alone. Raises Problems (nothing_to_import, no_such_sheet).
    """
    known = known if remembered is None else replace(known, mappings=remembered)
    recipe = recipe if mapping is None else replace(recipe, mapping=mapping)
    tables = tables_of(sheets, recipe, sheet)
    pairs = matched(tables, recipe, known)
    return wish_for(sheets, path, pairs, recipe=recipe, edits=edits or {}, notes=notes, digest=digest, sheet=sheet)


def tables_of(sheets: Sequence[Sheet], recipe: Recipe = AS_IT_STANDS, sheet: str | None = None) -> tuple[Table, ...]:
    """The tables of the sheets that are to be read. Raises Problems (no_such_sheet)."""
    wanted = [found for found in sheets if sheet is None or found.name == sheet]
    if not wanted:
        names = _(", ").join(found.name for found in sheets)
        sentence = _("There is no sheet “{name}” in this file; it has: {names}.").format(name=sheet, names=names)
        raise Problems([Problem("sheet", sentence, code="no_such_sheet")])
    opened = [found for found in wanted if found.name not in recipe.closed_sheets]
    return tuple(find_tables(opened, recipe.header_rows))


def matched(tables: Sequence[Table], recipe: Recipe, known: Remembered) -> Pairs:
    """Each table with what its columns mean."""
    pairs = []
    for table in tables:
        earlier = known.mappings.get(headings.fingerprint(table.headings))
        pairs.append((table, tuple(propose(table, recipe.mapping or None, earlier, known.headings))))
    return tuple(pairs)


def fingerprint_of(tables: Iterable[Table]) -> str:
    """The name of a file's headings, under which its recipe is kept."""
    return headings.fingerprint([heading for table in tables for heading in table.headings])


def wish_for(
    sheets: Sequence[Sheet],
    path: Path,
    pairs: Pairs,
    *,
    recipe: Recipe,
    edits: Edits,
    notes: Iterable[str] = (),
    digest: str = "",
    sheet: str | None = None,
) -> ImportHandover:
    """The command for tables that were matched. Raises Problems (nothing_to_import)."""
    from csdesk.services.handover.commands import ImportHandover, SourceFile

    taken = tuple((table, tuple(matches)) for table, matches in worth_taking(pairs))
    wanted = [found for found in sheets if sheet is None or found.name == sheet]
    if not taken or not any(table.rows for table, _matches in taken):
        raise Problems([Problem("", _why_nothing(wanted, bool(taken)), code="nothing_to_import")])
    read = {table.sheet for table, _matches in taken}
    unread = tuple(found.name for found in wanted if found.name not in read and found.rows)
    there = path.is_file()
    digest = digest or hashlib.sha256(path.read_bytes()).hexdigest()
    source = SourceFile(path.name, digest, path.stat().st_size if there else 0, str(path.absolute()) if there else "")
    edited = tuple((_edited(table, edits), matches) for table, matches in taken)
    return ImportHandover(
        source, edited, recipe=recipe, fingerprint=fingerprint_of(table for table, _m in pairs), unread_sheets=unread,
        notes=tuple(notes),
    )  # fmt: skip


def _why_nothing(sheets: Sequence[Sheet], headings_only: bool) -> str:
    if headings_only:
        return _("The sheets have headings, but no rows below them.")
    if not any(is_filled(cell) for found in sheets for row in found.rows for cell in row):
        return _("The file is empty: there is nothing to import.")
    return _("No column with the customers' names was found, so there is nothing to import. Name one “Customer name”.")


def _edited(table: Table, edits: Edits) -> Table:
    """The table with what the user typed in place of what the file says; the one given stays as it is."""
    typed = {cell: text for (sheet, cell), text in edits.items() if sheet == table.sheet}
    if not typed:
        return table
    if table.places is not None:
        spots = [
            (row, at, table.address(row, at)) for row, places in enumerate(table.places) for at in range(len(places))
        ]
        hits = [(row, at, typed[cell]) for row, at, cell in spots if cell in typed]
    else:
        rows = {number: row for row, number in enumerate(table.numbers)}
        named = [(ADDRESS.match(cell), text) for cell, text in typed.items()]
        hits = [
            (rows[int(found[2])], column_index(found[1]), text)
            for found, text in named
            if found and int(found[2]) in rows
        ]
    lines = list(table.rows)
    for row, column, text in hits:
        cells = list(lines[row])
        cells += [None] * (column + 1 - len(cells))
        cells[column] = text
        lines[row] = cells
    return replace(table, rows=lines)


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
    from csdesk.services.handover.queries import remembered

    workbook = ahead.workbook() if ahead is not None else read_workbook(path, progress=progress)
    with desk.read() as connection:
        known = remembered(connection)
    wish = prepare(
        workbook.sheets,
        path,
        sheet=sheet,
        mapping=mapping,
        known=known,
        recipe=Recipe(words=known.words),
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
    told: Callable[[ImportReport], None] | None = None,
) -> list[dict[str, Any]]:
    """Import workbooks one after the other, each a change of its own; one JSON document each.

    ``ahead`` reads the first of them already; ``told`` is given each report as it comes. A file that cannot be read or holds nothing gives ``{"file", "error", "code"}`` in its place.
    """
    documents = []
    for path in paths:
        try:
            begun, ahead = ahead, None
            report = import_file(
                desk, path, sheet=sheet, mapping=mapping, dry_run=dry_run, progress=progress, ahead=begun
            )
            documents.append(as_json(report) | {"file": str(path)})
            if told is not None:
                told(report)
        except Problems as problems:
            first = problems.problems[0]
            documents.append({"file": str(path), "error": str(problems), "code": first.code})
    return documents
