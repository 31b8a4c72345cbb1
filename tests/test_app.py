"""How the parts are put together: the first run, the sample portfolio in a store of its own, ways out of trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.app import open_desk, window_launch
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core import folders as places
from csdesk.services.core.clock import Clock
from csdesk.services.core.columns import Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import StoreLock
from csdesk.services.core.progress import Progress
from csdesk.services.files.keeper import Keeper
from csdesk.services.today.view import TodayView
from csdesk.ui.core.parts import RadioButton
from csdesk.ui.core.recovery import Recovery
from csdesk.ui.core.welcome import Welcome
from csdesk.ui.core.window import MainWindow
from csdesk.ui.launch import Launch, Shell
from tests.ui.hands import button, click, press

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


def test_the_day_is_kept_when_the_desk_is_left(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path / "data")
    launch = launch_at(folders)
    assert launch.first_look is not None
    assert launch.first_look("today", "en") is None
    opened = launch.open_store(Progress())
    opened.desk.do(create_account, NewAccount(AccountFields("Amber")))
    opened.close()
    found = launch.first_look("today", "en")
    assert isinstance(found, TodayView)
    assert (found.day, found.accounts) == (CLOCK.today(), 1)
    assert launch.first_look("accounts", "en") is None


def count(desk: Desk) -> int:
    """How many accounts the store holds."""
    with desk.read() as connection:
        return ACCOUNTS.count(connection, Query(), CLOCK.today())


class Program:
    """The whole program in the test's process, one start at a time."""

    def __init__(self, app: QApplication, qtbot: QtBot) -> None:
        self._app, self._qtbot = app, qtbot
        self._shell: Shell | None = None

    def start(self, folders: Folders) -> Shell:
        """Start on these folders, in English, as far as the furnished window."""
        shell = self._shell = Shell(self._app, replace(launch_at(folders), language="en"))
        shell.show()
        self._qtbot.waitUntil(lambda: shell.window.is_furnished)
        return shell

    def leave(self) -> None:
        """End as the program ends."""
        if self._shell is not None:
            self._shell.window.close()
            self._shell.close()
            self._shell.window.deleteLater()
            self._shell = None


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot) -> Iterator[Program]:
    """Ended after the test."""
    made = Program(qapp, qtbot)
    yield made
    made.leave()


def greeting(shell: Shell) -> Welcome:
    """The greeting that is shown."""
    shown = shell.window.stack.currentWidget()
    assert isinstance(shown, Welcome)
    return shown


def go_through(qtbot: QtBot, shell: Shell, beginning: str = "") -> MainWindow:
    """Enter all the way, another beginning chosen at the end."""
    welcome = greeting(shell)
    with qtbot.waitSignal(shell.ready, timeout=20_000):
        while welcome.step < 2:
            welcome.go_on.click()
        if beginning:
            button_of(welcome, beginning).click()
        welcome.go_on.click()
    return shell.window


def button_of(welcome: Welcome, words: str) -> RadioButton:
    """One of the beginnings."""
    return next(one for one in welcome.findChildren(RadioButton) if one.accessibleName() == words)


def test_a_desk_is_made_where_there_is_none_and_opened_again(tmp_path: Path) -> None:
    for number in (1, 2):
        desk = open_desk(tmp_path / "data", CLOCK)
        desk.do(create_account, NewAccount(AccountFields(name=f"Northwind {number}")))
        assert count(desk) == number
        desk.close()


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "csdesk.db"
    letter.write_text("Dear customer")
    with pytest.raises(StorageError):
        open_desk(tmp_path, CLOCK)
    assert letter.read_text() == "Dear customer"


def test_enter_all_the_way_leads_to_the_import(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    folders = Folders.under(tmp_path / "data")
    window = go_through(qtbot, program.start(folders))
    assert window.pages.here == "handover"
    assert folders.used


def test_starting_empty_leads_to_today_and_the_next_start_greets_no_more(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    folders = Folders.under(tmp_path / "data")
    shell = program.start(folders)
    window = go_through(qtbot, shell, "Start empty")
    assert window.pages.here == "today"
    assert window.speaker.bars.texts() == []
    program.leave()
    shell = program.start(folders)
    with qtbot.waitSignal(shell.ready):
        assert shell.context is not None
    assert shell.window.pages.here == "today"


def test_the_sample_is_marked_and_left_for_data_of_ones_own(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    folders = Folders.under(tmp_path / "data")
    shell = program.start(folders)
    window = go_through(qtbot, shell, "Look at a sample portfolio")
    assert "sample data" in window.windowTitle()
    assert any("sample data" in text for text in window.speaker.bars.texts())
    assert not folders.store.exists()
    click(qtbot, button(window.speaker.bars, "Begin with your own data"))
    assert shell.window is not window
    assert greeting(shell).step == 2
    assert shell.context is not None
    assert not shell.context.is_open
    window = go_through(qtbot, shell, "Start empty")
    assert window.speaker.bars.texts() == []
    assert shell.context.desk.database.path == folders.store
    assert count(shell.context.desk) == 0


def test_a_damaged_store_offers_its_newest_backup(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    folders = Folders.under(tmp_path / "data")
    desk = open_desk(folders.data, CLOCK)
    desk.do(create_account, NewAccount(AccountFields(name="Northwind")))
    Keeper(folders, CLOCK).now()
    desk.close()
    for file in folders.data.glob("csdesk.db*"):
        file.write_bytes(b"x" * 8192)
    shell = program.start(folders)
    shown = recovery(qtbot, shell)
    assert shell.window.rail.tile.isHidden()
    shell.window.activateWindow()
    qtbot.waitUntil(button(shown, "Restore").hasFocus)
    with qtbot.waitSignal(shell.ready):
        press(qtbot, Qt.Key.Key_Return)
    assert shell.window.rail.tile.isVisible()
    assert shell.context is not None
    assert count(shell.context.desk) == 1


def test_another_folder_is_opened_in_place_of_a_damaged_one(
    qtbot: QtBot, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = Folders.under(tmp_path / "data")
    open_desk(folders.data, CLOCK).close()
    folders.store.write_bytes(b"")
    shell = program.start(folders)
    shown = recovery(qtbot, shell)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "other"))
    with qtbot.waitSignal(shell.ready):
        click(qtbot, shown.elsewhere)
    assert shell.context is not None
    assert shell.context.desk.database.path == tmp_path / "other" / "csdesk.db"


def test_a_store_in_a_synced_folder_moves_to_the_usual_place(
    qtbot: QtBot, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = Folders.under(tmp_path / "OneDrive" / "data", tmp_path / "config")
    desk = open_desk(folders.data, CLOCK)
    desk.do(create_account, NewAccount(AccountFields(name="Northwind")))
    desk.close()
    monkeypatch.setattr(places, "platform_place", lambda: tmp_path / "usual")
    shell = program.start(folders)
    shown = recovery(qtbot, shell)
    with qtbot.waitSignal(shell.ready):
        click(qtbot, button(shown, "Move there"))
    assert shell.context is not None
    assert shell.context.desk.database.path == tmp_path / "usual" / "csdesk.db"
    assert count(shell.context.desk) == 1
    assert places.chosen_place(folders.config) == tmp_path / "usual"
    assert folders.store.exists()


def recovery(qtbot: QtBot, shell: Shell) -> Recovery:
    """What is shown instead of a page, once it is."""
    qtbot.waitUntil(lambda: isinstance(shell.window.stack.currentWidget(), Recovery))
    shown = shell.window.stack.currentWidget()
    assert isinstance(shown, Recovery)
    return shown
