"""Whole copies of a store: made through SQLite, never by copying a file in use, and read back to be sure."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from csdesk import __version__
from csdesk.services.core.errors import StorageError
from csdesk.services.core.storage_errors import Trouble, kind_of, newer, storage_errors, told, trouble
from csdesk.services.core.texts import _

BUSY_SECONDS = 5.0
HEADER = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Facts:
    """What a store says of itself: migration number, program, rows by table (without the bin).

    ``mark`` differs after every change.
    """

    schema: int
    program: str
    counts: Mapping[str, int] = field(default_factory=dict)
    mark: str = ""


@contextmanager
def reading(path: Path, *, untouched: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing in a store; raises StorageError for every trouble, inside the block too.

    The file must exist: a missing one is never made. ``untouched`` leaves every byte in the folder as it is, for files
    that may be damaged or are not ours to write: SQLite else folds a -wal that a crash left into the file on closing,
    and makes -wal and -shm where there are none.
    """
    mode = "ro" if untouched or not os.access(path, os.W_OK) else "rw"
    if untouched and not path.with_name(path.name + "-wal").exists():
        mode = "ro&immutable=1"  # nobody has it open: an open store has a -wal
    try:
        with storage_errors(), closing(_connect(path, mode)) as connection:
            connection.execute("PRAGMA query_only=ON")
            yield connection
    except UnicodeDecodeError as error:  # SQLite quotes the damaged bytes of its schema in what it says
        raise trouble(Trouble.DAMAGED) from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether there is no table yet. They come in one transaction with whose file it is, so either both are seen or none."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)


def identify(connection: sqlite3.Connection) -> Facts:
    """Schema and program of an open store, without counts. Raises StorageError for a file of another program and for a
    store from the future."""
    from csdesk.models.database import APPLICATION_ID, SCHEMA
    from csdesk.models.store import PROGRAM_VERSION

    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise trouble(Trouble.FOREIGN)
    schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
    row = connection.execute("SELECT value FROM store_facts WHERE name=?", (PROGRAM_VERSION,)).fetchone()
    program = str(row[0]) if row else "?"
    if schema > SCHEMA:
        raise newer(program, schema, __version__, SCHEMA)
    return Facts(schema, program)


def facts_of(connection: sqlite3.Connection) -> Facts:
    """All facts of an open store. Raises as ``identify`` does."""
    found = identify(connection)
    return Facts(found.schema, found.program, _counts(connection), mark_of(connection))


def mark_of(connection: sqlite3.Connection) -> str:
    """A text that differs after every command: how many steps there are, and the last of them."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    steps = connection.execute("SELECT count(*), max(id), max(at) FROM steps").fetchone()
    return f"{version}/{steps[0]}/{steps[1] or 0}/{steps[2] or ''}"


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    from csdesk.models.tables import RECORDS

    present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    names = [record.__tablename__ for record in RECORDS if record.__tablename__ in present]
    statement = "SELECT count(*) FROM {} WHERE deleted_at IS NULL"
    return {name: connection.execute(statement.format(name)).fetchone()[0] for name in names}


def damage_in(connection: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong: lines of integrity_check and of foreign_key_check, empty where all is well."""
    lines = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    found = [] if lines == ["ok"] else lines
    for table, rowid, parent, _number in connection.execute("PRAGMA foreign_key_check").fetchmany(20):
        found.append(f"{table} {rowid} -> {parent}")
    return found


def verify(path: Path) -> Facts:
    """Open a copy, check all of it and return its facts. Raises StorageError where it is damaged, foreign or newer."""
    with reading(path) as connection:
        if path.stat().st_size == 0:
            raise trouble(Trouble.DAMAGED)
        found = damage_in(connection)
        if found:
            raise told(
                Trouble.DAMAGED,
                _("The file {name} is damaged: {detail}").format(name=path.name, detail=found[0]),
                _("Nothing was changed."),
                _("Choose another backup."),
            )
        return facts_of(connection)


def copy_store(store: Path, target: Path) -> Facts:
    """Write a closed, checked copy of an open or closed store to ``target``, which must not exist; return its facts.

    Readers and the writer of the store go on meanwhile. Raises StorageError, and then leaves no ``target``.
    """
    with reading(store) as source:
        return copy_open(source, target)


def copy_open(source: sqlite3.Connection, target: Path) -> Facts:
    """The same from a connection, which may hold a file that no longer has a name."""
    try:
        with storage_errors():
            identify(source)
        with told_as_copy(target), closing(sqlite3.connect(target, isolation_level=None)) as copy:
            source.backup(copy, progress=_patience())
            copy.execute("PRAGMA journal_mode=DELETE").fetchone()
        with told_as_copy(target):
            flush(target)
        return _verified_copy(target)
    except BaseException:
        discard(target)
        raise


def _verified_copy(target: Path) -> Facts:
    """The facts of a fresh copy; where it is damaged, so is what it was copied from."""
    try:
        return verify(target)
    except StorageError as error:
        if error.kind == Trouble.DAMAGED:
            raise trouble(Trouble.DAMAGED) from error
        raise


@contextmanager
def told_as_copy(target: Path) -> Iterator[None]:
    """A trouble on the copy's side names the copy's folder; damage and locks are the store's."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        kind = kind_of(error)
        if kind is None:
            raise
        if kind in (Trouble.DAMAGED, Trouble.LOCKED):
            raise trouble(kind) from error
        raise copy_failed(kind, target.parent) from error


def copy_failed(kind: Trouble, folder: Path) -> StorageError:
    """The sentence for a copy that could not be written into ``folder``."""
    what = {
        Trouble.FULL: _("The backup was not made: the disk that holds {folder} is full."),
        Trouble.READ_ONLY: _("The backup was not made: {folder} is read-only."),
        Trouble.DENIED: _("The backup was not made: {folder} cannot be opened."),
    }.get(kind, _("The backup was not made: the disk that holds {folder} reported an error."))
    safe = _("Your data and the earlier backups are safe.")
    return told(kind, what.format(folder=folder), safe, _("Choose another folder for backups, or make room there."))


def pour(source: Path, store: Path) -> None:
    """Make the store's content that of ``source``, in one transaction that other processes see whole or not at all.

    Raises StorageError (locked, full), and then the store is as it was.
    """
    with reading(source) as origin, closing(_connect(store, "rw")) as target:
        target.execute("PRAGMA synchronous=FULL")
        origin.backup(target, progress=_patience())
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _patience() -> Callable[[int, int, int], object]:
    """A progress callback that gives up on a lock: Connection.backup itself would wait for ever."""
    waits = [int(BUSY_SECONDS / 0.25)]

    def progress(status: int, _left: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            waits[0] -= 1
            if waits[0] <= 0:
                raise trouble(Trouble.LOCKED)

    return progress


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Push a file, or the names in a folder, down to the disk."""
    if path.is_dir():
        if sys.platform == "win32":
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def discard(path: Path) -> None:
    """Remove a file of ours and what SQLite left beside it; missing ones are no error."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
