"""The composition root: folders, store, migration, derivations; then the window or a command. Nothing else knows all."""

from __future__ import annotations

import sys
from pathlib import Path

from csdesk import __version__
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk


def open_desk(folder: Path, clock: Clock | None = None) -> Desk:
    """The desk whose store lies in ``folder``; made where it is missing, migrated (after a backup) where it is old.

    Raises StorageError: not ours, newer, damaged, locked, read-only, full.
    """
    from csdesk.models.database import Database
    from csdesk.services.accounts.standing import refresh_standing, refresh_whole_standing
    from csdesk.services.core.storage_errors import storage_errors

    clock = clock or Clock()
    store = folder / STORE_NAME
    with storage_errors(store):
        folder.mkdir(parents=True, exist_ok=True)
        database = Database(store, __version__)
        found = database.prepare()
        _migrate_if_old(database, found, clock)
        desk = Desk(database, clock, derivations=(refresh_standing,))
        refresh_whole_standing(desk)
    return desk


def _migrate_if_old(database: object, found: int, clock: Clock) -> None:
    from csdesk.models.database import SCHEMA, Database

    assert isinstance(database, Database)
    if found < SCHEMA:
        from csdesk.models.migrations import migrate
        from csdesk.services.files.keeper import back_up_before_migration

        back_up_before_migration(database.path, clock)
        migrate(database)


STORE_NAME = "csdesk.db"


def main(argv: list[str] | None = None) -> int:
    """Run the command line; no command opens the window. Returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["--read-workbook"]:
        from csdesk.services.files.reader_child import child_main

        return child_main(arguments[1:])
    from csdesk.cli import run

    return run(arguments)
