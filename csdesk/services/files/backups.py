"""The backups of a store: made, checked, listed, thinned.

A backup counts once it has been opened again and found whole, and only then gets its name; until then, and wherever a
step fails, the earlier ones are untouched. ``manifest.json`` beside them holds what each was when it was checked; it
can be lost: names carry the order, the time and the reason.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import StorageError
from csdesk.services.core.faults import point
from csdesk.services.core.instance import exclusive
from csdesk.services.core.storage_errors import Trouble, storage_errors, trouble
from csdesk.services.core.texts import N_
from csdesk.services.files.retention import USUAL, Scheme, to_remove
from csdesk.services.files.store_copies import (
    Facts,
    copy_open,
    copy_store,
    digest,
    discard,
    flush,
    identify,
    mark_of,
    reading,
    told_as_copy,
    verify,
)  # fmt: skip

MANIFEST = "manifest.json"
WAIT_SECONDS = 30.0
ADOPTED_AT_ONCE = 3
_NAME = re.compile(r"csdesk-(\d{6,})-(\d{8}T\d{6}Z)-([a-z]+)\.db")


class Reason(StrEnum):
    """Why a backup was made; ``LABELS`` has the words."""

    START = "start"
    ACTIVE = "active"
    EXIT = "exit"
    ASKED = "asked"
    IMPORT = "import"
    MIGRATION = "migration"
    RESTORE = "restore"
    LOST = "lost"


LABELS = {
    Reason.START: N_("At start"),
    Reason.ACTIVE: N_("While working"),
    Reason.EXIT: N_("At exit"),
    Reason.ASKED: N_("By hand"),
    Reason.IMPORT: N_("Before an import"),
    Reason.MIGRATION: N_("Before an update of the data file"),
    Reason.RESTORE: N_("Before a restore"),
    Reason.LOST: N_("From a data file that had been moved or deleted"),
}


@dataclass(frozen=True)
class Backup:
    """One backup file. ``sequence`` orders them, whatever the clock said at ``made_at`` (UTC).

    ``verified``: it was opened and found whole, and its size is still what it was then. ``counts`` are rows by table.
    """

    path: Path
    sequence: int
    made_at: datetime
    reason: str
    size: int
    sha256: str = ""
    schema: int = 0
    program: str = ""
    mark: str = ""
    verified: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The local day on which it was made."""
        return self.made_at.astimezone().date()


def make_backup(
    store: Path, folder: Path, reason: Reason, clock: Clock, scheme: Scheme = USUAL, *, anyway: bool = False
) -> Backup:
    """A verified backup of the store as it is now; the newest one where nothing changed since (unless ``anyway``).

    Safe beside an open window and beside other commands. Raises StorageError; what was there before is then untouched.
    """
    with reading(store) as connection:
        identify(connection)
        mark = None if anyway else mark_of(connection)
    return _back_up(partial(copy_store, store), mark, folder, reason, clock, scheme)


def back_up_open(connection: sqlite3.Connection, folder: Path, clock: Clock, scheme: Scheme = USUAL) -> Backup:
    """A verified backup through a connection whose file lost its name: moved, deleted or replaced. Raises StorageError."""
    with storage_errors():
        mark = mark_of(connection)
    return _back_up(partial(copy_open, connection), mark, folder, Reason.LOST, clock, scheme)


def _back_up(
    copy: Callable[[Path], Facts], mark: str | None, folder: Path, reason: Reason, clock: Clock, scheme: Scheme
) -> Backup:
    """The newest backup where it has this mark, else a new one."""
    with exclusive(folder / ".lock", WAIT_SECONDS):
        for left in folder.glob("csdesk-*.tmp"):
            discard(left)
        listed = list_backups(folder)
        known = [_adopted(backup, number) for number, backup in enumerate(listed)]
        if known != listed:
            with told_as_copy(folder / MANIFEST):
                _write_manifest(folder, known)
        newest = next((backup for backup in known if backup.verified), None)
        if newest is not None and newest.mark == mark:
            return newest
        made = _make(
            copy,
            folder,
            reason,
            clock.now().replace(microsecond=0),
            1 + max((backup.sequence for backup in known), default=0),
        )
        _thin(folder, [made, *known], scheme)
        return made


def _make(copy: Callable[[Path], Facts], folder: Path, reason: Reason, now: datetime, sequence: int) -> Backup:
    path = folder / f"csdesk-{sequence:06d}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{reason}.db"
    fresh = path.with_suffix(".tmp")
    point("backup.begin")
    facts = copy(fresh)
    point("backup.copied")
    with told_as_copy(fresh):
        made = _described(Backup(path, sequence, now, reason, fresh.stat().st_size), fresh, facts)
        os.replace(fresh, path)
        flush(folder)
    point("backup.named")
    return made


def _described(backup: Backup, file: Path, facts: Facts) -> Backup:
    return replace(
        backup,
        sha256=digest(file),
        schema=facts.schema,
        program=facts.program,
        mark=facts.mark,
        counts=dict(facts.counts),
        verified=True,
    )


def _adopted(backup: Backup, age: int) -> Backup:
    """One of the newest backups that the manifest does not know, checked now; as it was where it fails the check."""
    if backup.verified or age >= ADOPTED_AT_ONCE:
        return backup
    try:
        return _described(backup, backup.path, verify(backup.path))
    except StorageError:
        return backup


def _thin(folder: Path, backups: list[Backup], scheme: Scheme) -> None:
    """Write the manifest, then remove what the scheme no longer needs, then write it again."""
    with told_as_copy(folder / MANIFEST):
        _write_manifest(folder, backups)
        point("backup.listed")
        gone = to_remove(backups, scheme)
        for backup in gone:
            discard(backup.path)
        if gone:
            point("backup.thinned")
            _write_manifest(folder, [backup for backup in backups if backup not in gone])


def list_backups(folder: Path) -> list[Backup]:
    """All backups in a folder, newest first by sequence; an unreadable folder has none."""
    notes = _read_manifest(folder)
    found = []
    try:
        files = list(folder.glob("csdesk-*.db"))
    except OSError:
        return []
    for path in files:
        match = _NAME.fullmatch(path.name)
        if match is not None and path.is_file():
            found.append(_read(path, match, notes.get(path.name, {})))
    return sorted(found, key=lambda backup: backup.sequence, reverse=True)


def _read(path: Path, match: re.Match[str], note: Mapping[str, Any]) -> Backup:
    made_at = datetime.strptime(match[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    bare = Backup(path, int(match[1]), made_at, match[3], path.stat().st_size)
    try:
        return replace(
            bare,
            sha256=str(note["sha256"]),
            schema=int(note["schema"]),
            program=str(note["program"]),
            mark=str(note["mark"]),
            counts={str(name): int(count) for name, count in note["counts"].items()},
            verified=bool(note["verified"]) and int(note["size"]) == bare.size,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return bare


def _read_manifest(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        notes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["backups"]
        return {str(note["file"]): note for note in notes}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _write_manifest(folder: Path, backups: list[Backup]) -> None:
    notes = []
    for backup in sorted(backups, key=lambda one: one.sequence):
        note = asdict(backup) | {"made_at": backup.made_at.isoformat(timespec="seconds"), "file": backup.path.name}
        del note["path"]
        notes.append(note)
    fresh = folder / f"{MANIFEST}.tmp"
    fresh.write_text(json.dumps({"format": 1, "backups": notes}, ensure_ascii=False, indent=1), encoding="utf-8")
    flush(fresh)
    os.replace(fresh, folder / MANIFEST)
    flush(folder)


def verify_backup(backup: Backup) -> Facts:
    """Check a backup again, its hash included. Raises StorageError where it is no longer what it was."""
    if backup.sha256 and digest(backup.path) != backup.sha256:
        raise trouble(Trouble.DAMAGED)
    return verify(backup.path)


def mirror(backup: Backup, folder: Path, scheme: Scheme = USUAL) -> Backup:
    """The same backup in a second folder (a stick, a share, a synced folder), checked against its hash.

    Raises StorageError; the first folder is not touched.
    """
    import shutil

    with exclusive(folder / ".lock", WAIT_SECONDS):
        known = list_backups(folder)
        there = next((one for one in known if one.path.name == backup.path.name and one.verified), None)
        if there is not None and there.sha256 == backup.sha256:
            return there
        target = folder / backup.path.name
        fresh = target.with_suffix(".tmp")
        with told_as_copy(fresh):
            shutil.copyfile(backup.path, fresh)
            flush(fresh)
            verify_backup(replace(backup, path=fresh))
            os.replace(fresh, target)
            flush(folder)
        made = replace(backup, path=target)
        _thin(folder, [made, *(one for one in known if one.path != target)], scheme)
        return made


def write_copy(store: Path, out: Path) -> Facts:
    """A verified copy at a place of the user's choice, put there whole or not at all. Raises StorageError."""
    fresh = out.with_name(f".{out.name}.tmp")
    with told_as_copy(out):
        discard(fresh)
    facts = copy_store(store, fresh)
    with told_as_copy(out):
        os.replace(fresh, out)
        flush(out.parent)
    return facts
