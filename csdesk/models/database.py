"""The one place that opens connections to the store.

SQLAlchemy on SQLite leaves the DDL of a failed transaction behind and takes no snapshot inside a read transaction unless
the program says BEGIN itself (its dialect notes; measured), so both engines do: writers take the lock at once, readers
get a snapshot. WAL with synchronous=FULL: no acknowledged change is lost to a power cut.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool

from csdesk.models.store import PROGRAM_VERSION
from csdesk.models.tables import Base

APPLICATION_ID = int.from_bytes(b"CSDK")
SCHEMA = 11
"""Number of the newest migration; also PRAGMA user_version of a store that is up to date."""
BUSY_SECONDS = 5.0
PRAGMAS = ("foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF", "cell_size_check=ON", "checkpoint_fullfsync=ON")
AS_OF = "as_of"
WRITER_CACHE = "cache_size=-32768"
"""32 MB of pages: an import touches the ends of two dozen indexes again and again."""


class NotOurs(Exception):
    """The file is an SQLite database, but not a CSDesk store."""


class NewerStore(Exception):
    """The store was written by a newer program; nothing was touched."""

    def __init__(self, found: int, program: str) -> None:
        super().__init__(f"store version {found} by CSDesk {program}, this program reads up to {SCHEMA}")
        self.found, self.program = found, program


class StoreGone(Exception):
    """The file of an open store was moved, deleted or replaced; writing to what is left of it would lose everything."""


class Database:
    """An open store file: one writer engine, one reader engine.

    Opening makes the file where it is missing or empty; it never migrates (see ``migrate``).
    """

    def __init__(self, path: Path, program: str) -> None:
        self.path = path
        self.program = program
        self._identity: tuple[int, int] | None = None
        self._watcher: sqlite3.Connection | None = None
        self._watching = threading.Lock()
        self._writer = _engine(path, "BEGIN IMMEDIATE", read_only=False)
        self._reader = _engine(path, "BEGIN", read_only=True)

    def prepare(self) -> int:
        """Make the tables of a new store, or return the number of the migration that an older one stands at.

        Raises NotOurs and NewerStore before anything is written.
        """
        found = stamp(self.path)
        if found is None:
            with self.write() as connection:
                if not connection.exec_driver_sql(
                    "PRAGMA user_version"
                ).scalar():  # another process may have been first
                    make_tables(connection, self.program)
        self._identity = _identity(self.path)
        return SCHEMA if found is None else found

    def in_place(self) -> bool:
        """Whether the file that was opened still stands at its path."""
        return self._identity is None or _identity(self.path) == self._identity

    def _look(self) -> None:
        if not self.in_place():
            raise StoreGone(str(self.path))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its beginning; committed unless an exception leaves the block.

        Raises StoreGone, as ``read`` does.
        """
        self._look()
        with self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot that cannot write; ``as_of`` says of it what had been committed when it was asked for."""
        self._look()
        version = self.data_version() if self._watcher is not None else None
        with self._reader.connect() as connection:
            connection.info[AS_OF] = version
            yield connection

    @contextmanager
    def last_hold(self) -> Iterator[sqlite3.Connection]:
        """A connection to the file that was opened, wherever it is now: to copy it before it is closed for good.

        Raises StoreGone where none is left open.
        """
        for engine in (self._reader, self._writer):
            if isinstance(engine.pool, QueuePool) and engine.pool.checkedin():
                with engine.connect() as connection:
                    raw = connection.connection.driver_connection
                    assert isinstance(raw, sqlite3.Connection)
                    yield raw
                return
        raise StoreGone(str(self.path))

    def data_version(self) -> int:
        """A number that changes when anybody else has committed, our own writer too."""
        with self._watching:
            if self._watcher is None:
                self._watcher = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
            return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Give all connections back; the last one to close folds the WAL into the file."""
        with self._watching:
            if self._watcher is not None:
                self._watcher.close()
                self._watcher = None
        self._reader.dispose()
        self._writer.dispose()


def as_of(connection: Connection) -> int | None:
    """The ``data_version`` from before the snapshot of a reader was taken: whoever has the same, and finds the same last step
    in it, reads the same. None where that cannot be said, as of a writer, who sees what is not committed yet."""
    version: int | None = connection.info.get(AS_OF)
    return version


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def stamp(path: Path) -> int | None:
    """The migration number of the store at ``path``, None where there is no store yet.

    Raises NotOurs, NewerStore, and sqlite3.DatabaseError for a damaged file. Reads only.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        connection.execute("BEGIN")  # one snapshot: another process may be making the tables right now
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != APPLICATION_ID:
            if tables == 0 and application == 0:
                return None
            raise NotOurs(str(path))
        if version > SCHEMA:
            raise NewerStore(version, _program(connection))
        return version
    finally:
        connection.close()


def _program(connection: sqlite3.Connection) -> str:
    try:
        row = connection.execute("SELECT value FROM store_facts WHERE name=?", (PROGRAM_VERSION,)).fetchone()
    except sqlite3.DatabaseError:
        return "?"
    return str(row[0]) if row else "?"


def make_tables(connection: Connection, program: str) -> None:
    """The schema of today in an empty file, stamped as if it had been migrated."""
    Base.metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision_name(SCHEMA),))
    mark(connection, program)


def mark(connection: Connection, program: str) -> None:
    """Write whose file this is, at which schema, and by which program."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")
    statement = "INSERT INTO store_facts VALUES (:name, :value) ON CONFLICT(name) DO UPDATE SET value=:value"
    connection.execute(text(statement), {"name": PROGRAM_VERSION, "value": program})


def revision_name(number: int) -> str:
    """How a migration is named: four digits."""
    return f"{number:04d}"


def _engine(path: Path, begin: str, *, read_only: bool) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=4,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute(f"PRAGMA {WRITER_CACHE}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
