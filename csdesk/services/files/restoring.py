"""Back from a backup, without a moment at which there is neither the old store nor the new one.

A store that can still be opened gets the backup's content in one transaction of SQLite's, so that windows and commands
at work on it see the old state or the new one; its present state is backed up first, which is how a restore is undone.
A file that cannot be opened is set aside together with its -wal and -shm (left behind they would undo the restore
without a word) and replaced; a note of the intention lets the next start finish what a crash interrupted.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from csdesk import __version__
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import StorageError
from csdesk.services.core.faults import point
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import holder_of
from csdesk.services.core.storage_errors import Trouble, storage_error, storage_errors, told, trouble
from csdesk.services.core.texts import _
from csdesk.services.files.backups import Backup, Reason, make_backup
from csdesk.services.files.store_copies import (
    HEADER,
    Facts,
    copy_store,
    damage_in,
    discard,
    flush,
    identify,
    is_blank,
    pour,
    reading,
    verify,
)  # fmt: skip

FRESH = "csdesk.restoring"
INTENT = "csdesk.restoring.json"
REPLACEABLE = (Trouble.DAMAGED, Trouble.EMPTIED, Trouble.MISSING)


@dataclass(frozen=True)
class Restored:
    """What came back, the backup that undoes it (None where the old file could not be read), and where that file is."""

    facts: Facts
    undo_with: Backup | None
    set_aside: Path | None


def trouble_with_store(folders: Folders, *, thorough: bool = False) -> StorageError | None:
    """What is wrong with the store's file as a whole; None where it can be worked with, or is not there at a first run.

    Reads only. Locked and read-only are told apart from damaged; ``thorough`` looks at every page for damage.
    """
    store = folders.store
    try:
        if not store.exists():
            return trouble(Trouble.MISSING) if folders.used else None
        if store.stat().st_size == 0:
            return trouble(Trouble.EMPTIED) if folders.used else None
        with reading(store, untouched=True) as connection:
            if not folders.used and is_blank(connection):
                return None  # another process is making its tables right now
            identify(connection)
            return trouble(Trouble.DAMAGED) if thorough and damage_in(connection) else None
    except StorageError as error:
        if error.kind == Trouble.DAMAGED and not folders.used and not _looks_like_sqlite(store):
            return trouble(Trouble.FOREIGN)
        return error
    except OSError as error:
        return storage_error(error) or trouble(Trouble.DENIED)


def _looks_like_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER


def restore(source: Path, folders: Folders, clock: Clock) -> Restored:
    """Make the store what ``source`` holds. Raises StorageError, and then the store is as it was.

    Refused: a damaged or foreign source, one from a newer program; a present store that is locked, newer, or no store
    of ours; replacing a damaged file while another process has its window open.
    """
    _judge(source)
    wrong = trouble_with_store(folders, thorough=True)
    if wrong is not None and wrong.kind not in REPLACEABLE:
        raise wrong
    if wrong is not None:
        _nobody_else(folders)
    folders.make()
    point("restore.begin")
    undo_with = None
    if wrong is None and folders.store.exists():
        undo_with = make_backup(folders.store, folders.backups, Reason.RESTORE, clock)
    fresh = folders.data / FRESH
    with storage_errors():
        facts = _prepare(source, fresh)
        point("restore.prepared")
        if undo_with is not None:
            pour(fresh, folders.store)
            point("restore.poured")
            set_aside = None
        else:
            set_aside = _swap(folders, clock)
        discard(fresh)
        folders.mark_used()
    found = verify(folders.store)
    if set_aside is not None and found != facts:
        raise trouble(Trouble.DISK)
    return Restored(found, undo_with, set_aside)


def _judge(source: Path) -> None:
    try:
        verify(source)
    except StorageError as error:
        if error.kind == Trouble.FOREIGN:
            what = _("{name} is not a backup of CSDesk.").format(name=source.name)
            raise told(Trouble.FOREIGN, what, _("Nothing was changed."), _("Choose another file.")) from error
        if error.kind == Trouble.NEWER:
            safe = _("Nothing was changed.")
            raise told(Trouble.NEWER, error.what, safe, _("Restore it with the newer version.")) from error
        if error.kind in (Trouble.DAMAGED, Trouble.DENIED):
            what = _("{name} cannot be read as a backup: it is damaged, incomplete or missing.")
            safe, remedy = _("Nothing was changed."), _("Choose another backup.")
            raise told(Trouble(error.kind), what.format(name=source.name), safe, remedy) from error
        raise


def _nobody_else(folders: Folders) -> None:
    holder = holder_of(folders.data)
    if holder is not None and holder.pid != os.getpid():
        raise told(
            Trouble.LOCKED,
            _("A CSDesk window is open on this data file."),
            _("Nothing was changed."),
            _("Close the window, then try again."),
        )


def _prepare(source: Path, fresh: Path) -> Facts:
    """A checked copy of the backup at today's schema, beside the store, closed."""
    from csdesk.models.database import SCHEMA, Database
    from csdesk.models.migrations import migrate

    discard(fresh)
    try:
        facts = copy_store(source, fresh)
    except StorageError as error:
        raise trouble(Trouble(error.kind)) from error
    if facts.schema < SCHEMA:
        database = Database(fresh, __version__)
        try:
            migrate(database)
        finally:
            database.close()
        facts = verify(fresh)
    return facts


def _swap(folders: Folders, clock: Clock) -> Path | None:
    """Put the prepared file where the store lies, the old one aside."""
    aside = folders.damaged / f"{clock.now():%Y%m%dT%H%M%S%fZ}"
    intent = folders.data / INTENT
    fresh = intent.with_suffix(".tmp")
    fresh.write_text(json.dumps({"aside": aside.name}), encoding="utf-8")
    flush(fresh)
    os.replace(fresh, intent)
    flush(folders.data)
    point("restore.intended")
    _finish(folders, aside)
    return aside if aside.exists() else None


def _finish(folders: Folders, aside: Path) -> None:
    """The steps of a swap, each of which may have been done before a crash."""
    fresh = folders.data / FRESH
    if fresh.exists():
        _set_aside(folders, aside)
        point("restore.set_aside")
        os.replace(fresh, folders.store)
        flush(folders.data)
    point("restore.replaced")
    (folders.data / INTENT).unlink()


def make_ready(folders: Folders) -> None:
    """Everything that must be right before the store is opened: an interrupted restore is completed, and a file that is
    damaged, emptied, lost, foreign or newer raises StorageError untouched, instead of passing for a first run."""
    if not folders.data.exists():
        return
    finish_interrupted(folders)
    wrong = trouble_with_store(folders)
    if wrong is not None:
        raise wrong


def start_afresh(folders: Folders, clock: Clock) -> Path | None:
    """Set a store that cannot be opened aside and make an empty one. Returns where the old one lies now.

    For people without a backup; nothing is deleted. Raises StorageError where the store is whole, locked or newer.
    """
    from csdesk.models.database import Database

    wrong = trouble_with_store(folders, thorough=True)
    if wrong is None or wrong.kind not in REPLACEABLE:
        raise wrong or told(Trouble.LOCKED, _("The data file is whole; there is nothing to set aside."))
    _nobody_else(folders)
    aside = folders.damaged / f"{clock.now():%Y%m%dT%H%M%S%fZ}"
    with storage_errors():
        _set_aside(folders, aside)
        database = Database(folders.store, __version__)
        database.prepare()
        database.close()
    return aside if aside.exists() else None


def _set_aside(folders: Folders, aside: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal", ""):
        old = folders.store.with_name(folders.store.name + suffix)
        if old.exists():
            aside.mkdir(parents=True, exist_ok=True)
            os.replace(old, aside / old.name)


def finish_interrupted(folders: Folders) -> bool:
    """Complete a restore that a crash interrupted; to be called before the store is opened. Raises StorageError.

    Returns whether there was one. A restore that had not come to the point of no return is forgotten: the store is
    still the old one.
    """
    intent = folders.data / INTENT
    if not intent.exists():
        return False
    with storage_errors():
        try:
            name = str(json.loads(intent.read_text(encoding="utf-8"))["aside"])
        except (ValueError, TypeError, KeyError):
            name = "interrupted"
        _finish(folders, folders.damaged / Path(name).name)
    return True
