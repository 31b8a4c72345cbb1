"""When backups are made, and what the safety tile says about them.

On start when something changed since the last one, every half hour of work, before imports, migrations and restores, at
exit. A backup that fails never stands in the way of work; it is said and tried again. Only where undo could not help
(migration, restore) does no backup mean no action.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.core.storage_errors import Trouble, storage_errors, trouble
from csdesk.services.files.backups import Backup, Reason, back_up_open, list_backups, make_backup, mirror
from csdesk.services.files.checking import quick_check
from csdesk.services.files.retention import USUAL, Scheme

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=30)


@dataclass(frozen=True)
class Safety:
    """What is known about the backups: the last good one (UTC), and the last failure's sentence where it came later."""

    backup_at: datetime | None = None
    problem: str = ""


class Keeper:
    """Keeps the backups of one store. Methods may be called from any thread; one works at a time.

    They block while a copy is made, so the window calls them beside the UI thread.
    """

    def __init__(
        self,
        folders: Folders,
        clock: Clock,
        scheme: Scheme = USUAL,
        second: Callable[[], Path | None] = lambda: None,
        desk: Desk | None = None,
    ) -> None:
        """``second`` is asked at each backup for a second folder, None where there is to be none. With the open
        ``desk``, a store whose file is moved or deleted under it is saved from what is still open."""
        self.folders, self.clock, self.scheme, self.second = folders, clock, scheme, second
        self.desk = desk
        self._rescued = False
        self.paused = False
        self._lock = threading.Lock()
        self._tried_at: datetime | None = None
        newest = next((backup for backup in list_backups(folders.backups) if backup.verified), None)
        self._safety = Safety(newest.made_at if newest else None)

    @property
    def safety(self) -> Safety:
        """What the tile shows now."""
        return self._safety

    def now(self, reason: Reason = Reason.ASKED) -> Backup:
        """A backup at once, or the newest one where nothing changed since. Raises StorageError, and remembers it."""
        with self._lock:
            self._tried_at = self.clock.now()
            try:
                made = make_backup(self.folders.store, self.folders.backups, reason, self.clock, self.scheme)
                second = self.second()
                if second is not None:
                    mirror(made, second, self.scheme)
            except StorageError as error:
                log.warning("no backup (%s): %s", reason, error)
                newest = next((one for one in list_backups(self.folders.backups) if one.verified), None)
                self._safety = Safety(newest.made_at if newest else None, str(error))
                raise
            self._safety = Safety(made.made_at)
            return made

    def quietly(self, reason: Reason) -> Backup | None:
        """The same for moments that wait for no answer: a failure shows on the tile and in the log."""
        if self.desk is not None and not self.desk.database.in_place():
            return self._rescue(self.desk)
        if self.paused or not self.folders.store.exists():
            return None
        try:
            return self.now(reason)
        except StorageError:
            return None

    def at_start(self) -> Backup | None:
        """Once after the store was opened; where nothing changed since the last backup, the store is looked through."""
        before = self._safety.backup_at
        made = self.quietly(Reason.START)
        if made is not None and made.made_at == before:
            self._look_through()
        return made

    def _rescue(self, desk: Desk) -> Backup | None:
        """Once: copy the store through a connection that still holds it."""
        with self._lock:
            if self._rescued:
                return None
            try:
                with storage_errors(), desk.database.last_hold() as connection:
                    made = back_up_open(connection, self.folders.backups, self.clock, self.scheme)
            except StorageError as error:
                log.warning("the store lost its file and could not be copied: %s", error)
                self._safety = Safety(self._safety.backup_at, str(error))
                return None
            self._rescued = True
            self._safety = Safety(made.made_at, str(trouble(Trouble.GONE)))
            return made

    def _look_through(self) -> None:
        """A backup would have found damage; an unchanged store makes none."""
        try:
            if not quick_check(self.folders.store):
                raise trouble(Trouble.DAMAGED)
        except StorageError as error:
            log.warning("the store failed its check: %s", error)
            self._safety = Safety(self._safety.backup_at, str(error))

    def while_working(self) -> Backup | None:
        """To be called every few minutes: makes a backup when half an hour has passed since the last attempt.

        A clock that was set back does not stop it.
        """
        if self.desk is not None and not self.desk.database.in_place():
            return self._rescue(self.desk)
        tried, now = self._tried_at, self.clock.now()
        if tried is not None and timedelta(0) <= now - tried < EVERY:
            return None
        return self.quietly(Reason.ACTIVE)

    def at_exit(self) -> Backup | None:
        """Once before the program ends."""
        return self.quietly(Reason.EXIT)

    def before_import(self) -> Backup | None:
        """Before a file is taken in; undo would help too, so a full backup disk does not forbid it."""
        return self.quietly(Reason.IMPORT)

    def before_migration(self) -> Backup:
        """Before the store's schema is changed. Raises StorageError: then it must not be."""
        return self.now(Reason.MIGRATION)

    def resume(self) -> None:
        """Make automatic backups again after a restore that the user has looked at."""
        self.paused = False

    def pause(self) -> None:
        """Make no automatic backups until ``resume``: after a restore, so that the good ones are not thinned away."""
        self.paused = True


def back_up_before_migration(store: Path, clock: Clock) -> Backup:
    """The backup without which a store's schema must not be changed. Raises StorageError.

    Tried again after a failed migration it finds the store unchanged, so retries never push a good backup out.
    """
    return Keeper(Folders.under(store.parent), clock).before_migration()
