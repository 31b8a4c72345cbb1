"""The composition root: folders, store, migration, derivations; then the window or a command. Nothing else knows all."""

from __future__ import annotations

import logging
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk import __version__
from csdesk.services.core.clock import Clock
from csdesk.services.core.folders import STORE_NAME, Folders

if TYPE_CHECKING:
    from collections.abc import Callable

    from csdesk.models.database import Database
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.errors import StorageError
    from csdesk.services.core.instance import AlreadyOpen, StoreLock
    from csdesk.services.core.progress import Progress
    from csdesk.services.files.keeper import Keeper
    from csdesk.services.today.view import TodayView
    from csdesk.ui.core.background import Background
    from csdesk.ui.core.context import Context
    from csdesk.ui.core.page import Feature
    from csdesk.ui.core.recovery import Remedy
    from csdesk.ui.core.welcome import FirstRun
    from csdesk.ui.launch import Launch, Opened

__all__ = ["STORE_NAME", "main", "open_desk", "open_window", "window_launch"]


log = logging.getLogger(__name__)
SAMPLE_NAME = "sample"
"""The folder of the sample store, inside the data folder."""


def main(argv: list[str] | None = None) -> int:
    """Run the command line; no command opens the window. Returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["--read-workbook"]:
        from csdesk.services.files.reader_child import child_main

        return child_main(arguments[1:])
    from csdesk.cli import Doors, run

    return run(arguments, Doors(open_desk, open_window, _features))


def open_desk(folder: Path, clock: Clock | None = None) -> Desk:
    """The desk whose store lies in ``folder``; made where it is missing, migrated (after a backup) where it is old.

    Raises StorageError: not ours, newer, damaged, emptied, locked, read-only, full.
    """
    from csdesk.models.database import Database
    from csdesk.services.accounts.standing import refresh_standing, refresh_whole_standing
    from csdesk.services.contracts.succession import keep_in_step
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.storage_errors import storage_errors
    from csdesk.services.files.restoring import make_ready
    from csdesk.services.receivables.settled import settle_reminder_tasks
    from csdesk.services.receivables.standing import refresh_paid
    from csdesk.services.renewals.settled import settle_renewal_tasks
    from csdesk.services.tiers.history import note_tiers

    clock = clock or Clock()
    folders = Folders.under(folder)
    with storage_errors(folders.store):
        folders.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_ready(folders)
        database = Database(folders.store, __version__)
        _migrate_if_old(database, database.prepare(), clock)
        folders.mark_used()
        consequences = (keep_in_step, settle_renewal_tasks, settle_reminder_tasks, note_tiers)
        desk = Desk(database, clock, derivations=(refresh_paid, refresh_standing), consequences=consequences)
        _install_reasons()
        _install_report_back()
        refresh_whole_standing(desk)
    return desk


def _install_reasons() -> None:
    """The slices that know reasons to visit an account: one list, no discovery."""
    from csdesk.services.core.reasons import install
    from csdesk.services.receivables.reasons import OVERDUE_MONEY
    from csdesk.services.tasks.reasons import OPEN_PROMISE
    from csdesk.services.tickets.reasons import TICKETS_TO_TELL

    install((OVERDUE_MONEY, OPEN_PROMISE, TICKETS_TO_TELL))


def _install_report_back() -> None:
    """The slices that know what a customer waits to hear: one list, no discovery."""
    from csdesk.services.tickets.report_back import tickets_to_report
    from csdesk.services.visits.report_back import register

    register("tickets", tickets_to_report)


def _migrate_if_old(database: Database, found: int, clock: Clock) -> None:
    from csdesk.models.database import SCHEMA

    if found < SCHEMA:
        from csdesk.models.migrations import migrate
        from csdesk.services.core.faults import point
        from csdesk.services.files.keeper import back_up_before_migration

        back_up_before_migration(database.path, clock)
        point("migration.backed_up")
        migrate(database)
        point("migration.done")


def open_window(folders: Folders, clock: Clock, *, language: str | None = None, files: tuple[str, ...] = ()) -> int:
    """Show the window until it is closed; where one is open on this store already, raise that and hand it the files.

    Returns the exit status. Raises StorageError where the folder cannot be written to.
    """
    from csdesk.services.core.instance import AlreadyOpen, StoreLock, channel

    folders.make()
    lock = StoreLock(folders.data, clock)
    try:
        lock.acquire()
    except AlreadyOpen as held:
        from csdesk.ui.core.instance import Rung, ring

        if not held.elsewhere and ring(channel(folders.data), files) == Rung.ANSWERED:
            return 0
        raise _already_open(held) from held
    from csdesk.ui.launch import run

    return run(window_launch(folders, clock, lock, language=language, files=files))


def _already_open(held: AlreadyOpen) -> StorageError:
    from csdesk.services.core.errors import StorageError
    from csdesk.services.core.instance import LOCK_NAME
    from csdesk.services.core.texts import _

    if held.holder is not None and held.elsewhere:
        what = _("This data folder is open on another machine, {host}.").format(host=held.holder.host)
        remedy = _("Close CSDesk there. If it is not running there any more, delete {file}, then try again.")
        return StorageError(what, _("Nothing was changed."), remedy.format(file=LOCK_NAME))
    what = _("CSDesk is already running with this data folder, but does not answer.")
    return StorageError(what, _("Nothing was changed."), _("Close it, then try again."))


def window_launch(
    folders: Folders, clock: Clock, lock: StoreLock, *, language: str | None = None, files: tuple[str, ...] = ()
) -> Launch:
    """What the window needs to open: how the store is opened on its thread, and what is closed at the end."""
    from csdesk.ui.launch import Launch

    opening = _Opening(folders, clock, lock)
    return Launch(
        folders=folders,
        clock=clock,
        open_store=opening.open,
        features=_features,
        language=language,
        channel=opening.channel,
        files=files,
        remedies=opening.remedies,
        settle=opening.settle,
        started=opening.started,
        first_run=None if folders.used else opening.first_run(),
        first_look=opening.first_look,
    )


def _features() -> tuple[Feature, ...]:
    """Asked for once the bare frame is painted."""
    from csdesk.ui.features import FEATURES

    return FEATURES


class _Opening:
    """Opens the store for the window and closes it again: lock, backups, search, background work."""

    def __init__(self, folders: Folders, clock: Clock, lock: StoreLock) -> None:
        self.folders, self.clock, self.lock = folders, clock, lock
        self.keeper: Keeper | None = None
        self.background: Background | None = None
        self._is_to_be_sample = False
        self._home = folders

    def first_run(self) -> FirstRun:
        """What the greeting asks: the folder, where the command line did not name it."""
        from csdesk.services.core.folders import check_place, default_folders, platform_place
        from csdesk.ui.core.welcome import FirstRun

        def objection(place: Path) -> str:
            finding = check_place(place)
            return f"{finding.sentence} {finding.offer}" if finding is not None else ""

        may_choose = self.folders == default_folders()
        usual = platform_place()
        return FirstRun(self.folders.data, objection, self.settle, self.sample, may_choose, self.go_home, usual)

    def settle(self, place: Path) -> None:
        """Keep the data in ``place`` from now on, under its own lock. Raises StorageError."""
        from csdesk.services.core.folders import choose_place, refuse_unfit

        place = place.expanduser().absolute()
        if place == self.folders.data:
            return
        refuse_unfit(place)
        config = self.folders.config
        self._move(Folders.under(place, config), lambda: choose_place(config, place))

    def sample(self) -> None:
        """Work on the sample store instead, inside the data folder, so that the next start greets again."""
        self._home = self.folders
        self._move(Folders.under(self.folders.data / SAMPLE_NAME, self.folders.config))
        self._is_to_be_sample = True

    def go_home(self) -> None:
        """Back from the sample store, which is closed, to the data folder. Raises StorageError."""
        if self._is_to_be_sample:
            self._move(self._home)
            self._is_to_be_sample = False

    def _move(self, folders: Folders, settled: Callable[[], None] = lambda: None) -> None:
        """Hold the lock of other folders in place of this one's. Raises StorageError."""
        from csdesk.services.core.instance import AlreadyOpen, StoreLock
        from csdesk.services.core.storage_errors import storage_errors

        lock = StoreLock(folders.data, self.clock)
        with storage_errors(folders.store):
            folders.make()
            try:
                lock.acquire()
            except AlreadyOpen as held:
                raise _already_open(held) from held
            settled()
        self.lock.release()
        self.folders, self.lock = folders, lock

    def channel(self) -> str:
        """Where a second start rings."""
        from csdesk.services.core.instance import channel

        return channel(self.folders.data)

    def first_look(self, place: str, language: str) -> TodayView | None:
        """On the window's opening thread, before ``open``: what was kept of the day when the desk was left."""
        from csdesk.services.today.first_look import first_look

        return first_look(self.folders.store, self.clock.today(), language) if place == "today" else None

    def open(self, progress: Progress) -> Opened:
        """On the window's opening thread. Raises StorageError."""
        from csdesk.services.core.folders import refuse_unfit
        from csdesk.services.files.keeper import Keeper
        from csdesk.services.search.queries import StoreSearch
        from csdesk.services.settings.queries import second_folder
        from csdesk.ui.core.context import Safety
        from csdesk.ui.launch import Opened

        refuse_unfit(self.folders.data)
        desk = open_desk(self.folders.data, self.clock)
        if self._is_to_be_sample and not _is_sample(desk):
            _make_sample(desk, progress)
        keeper = self.keeper = Keeper(self.folders, self.clock, second=partial(second_folder, desk), desk=desk)

        def safety() -> Safety:
            return Safety(desk.saved_at, keeper.safety.backup_at, keeper.safety.problem)

        def close() -> None:
            if self.background is not None:
                self.background.stop()
                self.background = None
            _keep_first_look(desk)
            keeper.at_exit()
            desk.close()
            self.lock.release()

        return Opened(desk, StoreSearch(desk), safety, close, _is_sample(desk), self.folders, keeper)

    def remedies(self, error: BaseException) -> tuple[Remedy, ...]:
        """What can be done where the store could not be opened, besides trying again."""
        from csdesk.services.core.folders import check_place
        from csdesk.services.core.texts import _
        from csdesk.services.files.rescue import ways_out
        from csdesk.ui.core.recovery import Remedy

        ways = [Remedy(way.verb, way.sentence, way.do) for way in ways_out(error, self.folders, self.clock)]
        unfit = check_place(self.folders.data)
        if unfit is not None:
            sentence = _("Copy the data to {path} and work there from now on; the old file stays where it is.")
            ways.insert(0, Remedy(_("Move there"), sentence.format(path=unfit.safe), self._leave_unfit))
        return tuple(ways)

    def _leave_unfit(self) -> None:
        """Take the data along to the usual place. Raises StorageError; where a store lies there, that one is opened."""
        from csdesk.services.core.folders import platform_place
        from csdesk.services.files.restoring import restore

        old, place = self.folders.store, Folders.under(platform_place(), self.folders.config)
        if old.exists() and not place.used:
            restore(old, place, self.clock)
        self.settle(place.data)

    def started(self, context: Context) -> None:
        """The first page is there: what keeps going beside it."""
        from csdesk.ui.core.background import Background

        assert self.keeper is not None
        self.background = Background(context, self.keeper)


def _keep_first_look(desk: Desk) -> None:
    """For the next start to show at once; not worth a word where it cannot be written."""
    from csdesk.services.core.errors import StorageError
    from csdesk.services.today.first_look import keep_first_look

    try:
        keep_first_look(desk)
    except StorageError as error:
        log.info("the first look was not kept: %s", error)


def _make_sample(desk: Desk, progress: Progress) -> None:
    """Fill the sample store and mark it as one."""
    from csdesk.services.demo.commands import DemoSize, make_demo, mark_sample

    desk.do(make_demo, DemoSize(), progress=progress)
    mark_sample(desk)


def _is_sample(desk: Desk) -> bool:
    from sqlalchemy import select

    from csdesk.models.store import SAMPLE, StoreFact

    with desk.read() as connection:
        return connection.scalar(select(StoreFact.value).where(StoreFact.name == SAMPLE)) == "1"
