"""How the parts are put together: the first run, the sample portfolio in a store of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from csdesk.app import window_launch
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.core.clock import Clock
from csdesk.services.core.columns import Query
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import StoreLock
from csdesk.services.core.progress import Progress
from csdesk.ui.launch import Launch

CLOCK = Clock(date(2026, 11, 23))


def launch_at(folders: Folders) -> Launch:
    folders.make()
    lock = StoreLock(folders.data, CLOCK)
    lock.acquire()
    return window_launch(folders, CLOCK, lock)


def test_the_sample_portfolio_lies_in_a_store_of_its_own(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path / "data")
    for _start in range(2):
        launch = launch_at(folders)
        assert launch.first_run is not None
        assert launch.first_run.sample is not None
        launch.first_run.sample()
        opened = launch.open_store(Progress())
        try:
            with opened.desk.read() as connection:
                accounts = ACCOUNTS.count(connection, Query(), CLOCK.today())
        finally:
            opened.close()
        assert opened.sample
        assert accounts == 86
        assert not folders.store.exists()
        assert not folders.used


def test_a_store_that_was_worked_in_is_opened_without_a_greeting(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path / "data")
    opened = launch_at(folders).open_store(Progress())
    opened.close()
    again = launch_at(folders)
    assert again.first_run is None
    opened = again.open_store(Progress())
    opened.close()
    assert not opened.sample
