"""The review of a file before it is taken in: read once, judged again after each answer, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk.services.core.folders import Folders
from csdesk.services.core.progress import Progress
from csdesk.services.files.keeper import Keeper
from csdesk.services.files.workbook import column_index
from csdesk.services.handover.commands import ImportHandover, import_handover
from csdesk.services.handover.fields import FIELDS
from csdesk.services.handover.importing import ADDRESS, Pairs, fingerprint_of, matched, tables_of, wish_for
from csdesk.services.handover.mapping import Match, propose
from csdesk.services.handover.queries import remembered
from csdesk.services.handover.recipe import Policy, Recipe, Remembered
from csdesk.services.handover.report import ImportReport
from csdesk.services.handover.rules import choices, worth_taking
from csdesk.services.handover.tables import Layout, Table

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk, Done
    from csdesk.services.files.workbook import Workbook


@dataclass(frozen=True)
class Answers:
    """What the user said so far: how the file is read; decisions by company, rows left out, cells typed anew.

    ``hits``: normalised company name → what its rows do to the account that is there, where the policy is to ask.
    """

    recipe: Recipe = field(default_factory=Recipe)
    decisions: Mapping[str, str] = field(default_factory=dict)
    hits: Mapping[str, Policy] = field(default_factory=dict)
    left_out: frozenset[tuple[str, int]] = frozenset()
    edits: Mapping[tuple[str, str], str] = field(default_factory=dict)
    mapping_seen: bool = False
    """Whether the user has looked at the columns: then those that were doubtful stay as they are without asking again."""


@dataclass(frozen=True)
class Review:
    """A file under review: what it holds, what was answered, and what the import would do with it.

    ``tables`` are those of the file as it stands, without what the user typed.
    """

    path: Path
    workbook: Workbook
    answers: Answers
    known: Remembered
    tables: Pairs
    wish: ImportHandover
    report: ImportReport

    @property
    def opened(self) -> Opened:
        """The file with what was answered so far."""
        return Opened(self.path, self.workbook, self.known, self.answers)

    @property
    def asked(self) -> tuple[tuple[Table, Match], ...]:
        """The columns about which the user ought to say something."""
        if self.answers.mapping_seen:
            return ()
        return tuple((table, match) for table, matches in self.wish.tables for match in matches if match.is_doubtful)


@dataclass(frozen=True)
class Opened:
    """A file that was read, and how it will be looked at; whether there is anything to import is not known yet."""

    path: Path
    workbook: Workbook
    known: Remembered
    answers: Answers


@dataclass(frozen=True)
class FirstLook:
    """The first rows of a file whose rest is still being read: ``header_row`` as Excel counts, 0 for none; ``columns`` are
    headings with the labels (msgids) of what they seem to mean."""

    name: str
    rows: tuple[tuple[object, ...], ...]
    header_row: int
    columns: tuple[tuple[str, str], ...]


def _show_early(name: str, show: Callable[[FirstLook], None], early: Workbook) -> None:
    sheet = early.sheets[-1]
    table = next((table for table in tables_of((sheet,)) if table.layout is not Layout.FORM), None)
    matches = propose(table) if table is not None else []
    columns = tuple((match.heading, FIELDS[match.used].title) for match in matches if match.used)
    rows = tuple(map(tuple, sheet.rows))
    show(FirstLook(name, rows, table.header_row if table is not None else 0, columns))


def open_file(
    desk: Desk,
    path: Path,
    progress: Progress,
    password: str | None = None,
    *,
    recipe: Recipe | None = None,
    workbook: Workbook | None = None,
    first_look: Callable[[FirstLook], None] | None = None,
) -> Opened:
    """Read a file. Raises Problems, StorageError, Cancelled.

    ``recipe``: how it is to be read; without one, as a file with these headings was read last. ``workbook``: what was read
    already, from the clipboard. ``first_look`` is called once, on this thread, when enough of a long file was read to be
    shown.
    """
    from csdesk.services.files.reading import read_workbook

    if workbook is None:
        encoding = recipe.encoding if recipe is not None else ""
        show = partial(_show_early, path.name, first_look) if first_look is not None else None
        workbook = read_workbook(path, progress=progress, password=password, encoding=encoding or None, first_rows=show)
    with desk.read() as connection:
        known = remembered(connection)
    if recipe is None:
        recipe = known.recipes.get(fingerprint_of(tables_of(workbook.sheets)), Recipe())
    recipe = replace(recipe, words=_both(known.words, recipe.words), encoding=workbook.encoding)
    return Opened(path, workbook, known, Answers(recipe))


def review_of(desk: Desk, opened: Opened, answers: Answers, progress: Progress) -> Review:
    """Rehearse the import of a file that was read. Raises Problems (nothing_to_import), StorageError, Cancelled."""
    return _judge(desk, opened.path, opened.workbook, answers, opened.known, None, progress)


def open_review(
    desk: Desk,
    path: Path,
    progress: Progress,
    password: str | None = None,
    *,
    recipe: Recipe | None = None,
    workbook: Workbook | None = None,
) -> Review:
    """Read a file and rehearse its import. Raises Problems, StorageError, Cancelled."""
    opened = open_file(desk, path, progress, password, recipe=recipe, workbook=workbook)
    return review_of(desk, opened, opened.answers, progress)


def _both(first: Mapping[str, Mapping[str, str]], second: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {key: {**first.get(key, {}), **second.get(key, {})} for key in {*first, *second}}


def answer(desk: Desk, review: Review, answers: Answers, progress: Progress) -> Review:
    """The same file judged again with other answers. Raises Problems, StorageError, Cancelled."""
    return _judge(desk, review.path, review.workbook, answers, review.known, review, progress)


def read_again(desk: Desk, opened: Opened, encoding: str, progress: Progress) -> Opened:
    """The file read anew in another encoding; other answers are kept. Raises Problems, StorageError, Cancelled."""
    recipe = replace(opened.answers.recipe, encoding=encoding)
    found = open_file(desk, opened.path, progress, recipe=recipe)
    return replace(found, answers=replace(opened.answers, recipe=recipe))


@dataclass(frozen=True)
class SheetTold:
    """One sheet: its rows, the Excel row of its headings (0: none found), whether customers are named in it."""

    name: str
    rows: int
    hidden: bool
    header_row: int
    has_names: bool


def sheets_read(opened: Opened, recipe: Recipe) -> tuple[SheetTold, ...]:
    """What is found in each sheet when the file is read so; closed sheets are looked at as well."""
    pairs = matched(tables_of(opened.workbook.sheets, replace(recipe, closed_sheets=frozenset())), recipe, opened.known)
    good_tables = {id(table) for table, _matches in worth_taking(pairs)}
    told = []
    for sheet in opened.workbook.sheets:
        own = [(table, matches) for table, matches in pairs if table.sheet == sheet.name]
        good = [(table, matches) for table, matches in own if id(table) in good_tables]
        rows = sum(len(table.rows) for table, _matches in good) if good else sum(map(bool, sheet.rows))
        header = next((table.header_row for table, _matches in good or own), 0)
        told.append(SheetTold(sheet.name, rows, sheet.hidden, header, bool(good)))
    return tuple(told)


def _judge(
    desk: Desk,
    path: Path,
    workbook: Workbook,
    answers: Answers,
    known: Remembered,
    before: Review | None,
    progress: Progress,
) -> Review:
    recipe = answers.recipe
    tables = _tables(workbook, recipe, known, before)
    wish = wish_for(
        workbook.sheets,
        path,
        tables,
        recipe=recipe,
        edits=answers.edits,
        notes=[note.message for note in workbook.all_notes()],
        digest=workbook.digest,
    )
    wish = replace(
        wish,
        decisions=dict(answers.decisions),
        answers=dict(answers.hits),
        left_out=answers.left_out,
        fingerprint=fingerprint_of(tables_of(workbook.sheets)) if recipe.header_rows else wish.fingerprint,
        asks=True,
    )
    quick = before is not None and before.tables is tables
    report = desk.rehearse(import_handover, replace(wish, only_tells=quick), progress=progress)
    return Review(path, workbook, answers, known, tables, wish, report)


def _tables(workbook: Workbook, recipe: Recipe, known: Remembered, before: Review | None) -> Pairs:
    """The tables with their columns matched, those of before where nothing was said that touches them."""
    if before is None:
        return matched(tables_of(workbook.sheets, recipe), recipe, known)
    old = before.answers.recipe
    if (old.header_rows, old.closed_sheets) != (recipe.header_rows, recipe.closed_sheets):
        return matched(tables_of(workbook.sheets, recipe), recipe, known)
    if old.mapping != recipe.mapping:
        return matched([table for table, _matches in before.tables], recipe, known)
    return before.tables


def commit(desk: Desk, review: Review, progress: Progress) -> Done[ImportReport]:
    """Take the file in as it was reviewed, after a backup: one change, one undo."""
    Keeper(Folders.under(desk.database.path.parent), desk.clock).before_import()
    return desk.do(import_handover, review.wish, progress=progress)


@dataclass(frozen=True)
class WordRead:
    """A word of a column of choices: how often it stands there and what it means; ``value`` "" where nothing."""

    field: str
    word: str
    count: int
    value: str


def words_of(review: Review) -> tuple[WordRead, ...]:
    """The different words of the tier and role columns, unknown ones first, then the most frequent."""
    found: dict[tuple[str, str], WordRead] = {}
    for table, matches in review.wish.tables:
        for match in matches:
            for one in choices(table, match, review.answers.recipe) if match.used is not None else ():
                key = (match.used or "", one.text)
                before = found[key].count if key in found else 0
                found[key] = WordRead(*key, one.count + before, one.meaning or "")
    return tuple(sorted(found.values(), key=lambda word: (word.field, bool(word.value), -word.count)))


def replaced(review: Review, sheet: str, index: int, change: Callable[[str], str | None]) -> dict[tuple[str, str], str]:
    """The edits that put ``change(text)`` in place of each cell of a column; None leaves a cell as it is."""
    edits = dict(review.answers.edits)
    for table, _matches in review.wish.tables:
        if table.sheet != sheet or index >= len(table.headings):
            continue
        for row, cell in enumerate(table.column_values(index)):
            new = change(cell_text(cell))
            if new is not None:
                edits[sheet, table.address(row, index)] = new
    return edits


def place_of(review: Review, cell: tuple[str, str]) -> tuple[Table, int, int] | None:
    """The table, row and column of a cell (sheet, address); None where no table holds it."""
    found = ADDRESS.match(cell[1])
    if found is None:
        return None
    for table, _matches in review.wish.tables:
        if table.sheet != cell[0]:
            continue
        if table.places is not None:
            spots = ((row, at) for row, places in enumerate(table.places) for at in range(len(places)))
            hit = next((spot for spot in spots if table.address(*spot) == cell[1]), None)
            if hit is not None:
                return table, *hit
        elif int(found[2]) in table.numbers and column_index(found[1]) in table.columns:
            return table, table.numbers.index(int(found[2])), table.columns.index(column_index(found[1]))
    return None


def cell_text(cell: object) -> str:
    """A cell of the file as the user sees and types it."""
    from csdesk.services.handover.values import read_text

    return "" if cell is None else read_text(cell)[0] or str(cell)  # type: ignore[arg-type]
