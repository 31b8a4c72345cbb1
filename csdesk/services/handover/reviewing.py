"""The review of a file before it is taken in: read once, judged again after each answer, nothing written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk.services.core.folders import Folders
from csdesk.services.core.progress import Progress
from csdesk.services.files.keeper import Keeper
from csdesk.services.handover.commands import ImportHandover, import_handover
from csdesk.services.handover.importing import prepare
from csdesk.services.handover.queries import remembered_mappings
from csdesk.services.handover.report import ImportReport

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk, Done
    from csdesk.services.files.workbook import Workbook


@dataclass(frozen=True)
class Answers:
    """What the user said so far: the mapping by heading, decisions by company, rows left out, cells typed anew."""

    mapping: Mapping[str, str | None] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[tuple[str, int]] = frozenset()
    edits: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """A file under review: what it holds, what was answered, and what the import would do with it."""

    path: Path
    workbook: Workbook
    digest: str
    answers: Answers
    wish: ImportHandover
    report: ImportReport


def open_review(desk: Desk, path: Path, progress: Progress, password: str | None = None) -> Review:
    """Read a file and rehearse its import. Raises Problems, StorageError, Cancelled."""
    from csdesk.services.files.reading import read_workbook

    workbook = read_workbook(path, progress=progress, password=password)
    digest = workbook.digest or hashlib.sha256(path.read_bytes()).hexdigest()
    return _judge(desk, path, workbook, digest, Answers(), progress)


def answer(desk: Desk, review: Review, answers: Answers, progress: Progress) -> Review:
    """The same file judged again with other answers."""
    return _judge(desk, review.path, review.workbook, review.digest, answers, progress)


def _judge(desk: Desk, path: Path, workbook: Workbook, digest: str, answers: Answers, progress: Progress) -> Review:
    with desk.read() as connection:
        remembered = remembered_mappings(connection)
    wish = prepare(
        workbook.sheets,
        path,
        mapping=answers.mapping or None,
        remembered=remembered,
        edits=answers.edits,
        notes=[note.message for note in workbook.all_notes()],
        digest=digest,
    )
    wish = replace(wish, decisions=dict(answers.decisions), left_out=answers.left_out, asks=True)
    report = desk.rehearse(import_handover, wish, progress=progress)
    return Review(path, workbook, digest, answers, wish, report)


def commit(desk: Desk, review: Review, progress: Progress) -> Done[ImportReport]:
    """Take the file in as it was reviewed, after a backup: one change, one undo."""
    Keeper(Folders.under(desk.database.path.parent), desk.clock).before_import()
    return desk.do(import_handover, review.wish, progress=progress)
