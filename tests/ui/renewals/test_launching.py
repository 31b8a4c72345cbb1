"""What a start does by itself: makes the tasks that fell due, writes what renewed by itself, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import TaskSource
from csdesk.services.contracts.queries import contracts_of
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.folders import Folders
from csdesk.services.core.undo import next_undo
from csdesk.services.renewals.tasks import MakeRenewalTasks, make_renewal_tasks
from csdesk.services.tasks.queries import tasks_from
from csdesk.ui.core.context import Safety
from csdesk.ui.core.parts import MessageBar
from csdesk.ui.core.window import MainWindow
from csdesk.ui.features import FEATURES
from csdesk.ui.launch import Launch, Opened, Shell
from csdesk.ui.renewals.page import RenewalsPage
from tests.conftest import TODAY
from tests.services.renewals.conftest import Book
from tests.ui.core.pages import Shelf
from tests.ui.hands import arrived, button, click, go, read, toasts

Start = Callable[..., MainWindow]


@pytest.fixture
def book(desk: Desk) -> Book:
    return Book(desk)


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Start]:
    """Starts the program over the store, so many days on; another start closes the one before it."""
    shells: list[Shell] = []

    def leave() -> None:
        shell = shells.pop()
        shell.close()
        shell.window.close()
        shell.window.deleteLater()
        qapp.processEvents()

    def begin(days: int = 0) -> MainWindow:
        if shells:
            leave()
        desk.clock = Clock(TODAY + timedelta(days))
        opened = Opened(desk, Shelf(), Safety, lambda: None)
        launch = Launch(
            Folders.under(tmp_path / "data"), desk.clock, lambda _progress: opened, lambda: FEATURES, language="en"
        )
        shell = Shell(qapp, launch)
        shells.append(shell)
        shell.window.setGeometry(0, 0, 1440, 900)
        with qtbot.waitSignal(shell.ready):
            shell.show()
        shell.window.setGeometry(0, 0, 1440, 900)
        return shell.window

    yield begin
    while shells:
        leave()
    texts.install("en")


def idle(qtbot: QtBot, window: MainWindow) -> None:
    """Everything that a start does by itself is done: what is asked last is answered last."""
    answers: list[object] = []
    qtbot.waitUntil(lambda: window.context.search.loads == 1)  # type: ignore[union-attr]
    for _round in range(2):
        answers.clear()
        window.context.runner.ask(next_undo, then=answers.append, owner=window, key="idle")
        qtbot.waitUntil(lambda: bool(answers) and not window.context.runner.is_busy)


def due(book: Book, name: str) -> list[str]:
    """The marks of its tasks."""
    return [row.source_text for row in book.ask(tasks_from, TaskSource.RENEWAL, book.contracts[name])]


def bars(window: MainWindow) -> list[str]:
    return window.speaker.bars.texts()


def bar(window: MainWindow) -> MessageBar:
    (shown,) = [one for one in window.findChildren(MessageBar) if one.isVisible()]
    return shown


def test_a_start_makes_the_tasks_that_fell_due_since_the_last_one(qtbot: QtBot, start: Start, book: Book) -> None:
    book.sign("Ada", 50)
    book.desk.do(make_renewal_tasks, MakeRenewalTasks())
    book.sign("Bee", 61)
    window = start(1)
    qtbot.waitUntil(lambda: due(book, "Bee") == ["60", "30"])
    qtbot.waitUntil(lambda: any("Renewal tasks made: 2" in text for text in toasts(window)))
    idle(qtbot, start(1))
    idle(qtbot, start(2))
    assert due(book, "Bee") == ["60", "30"]
    assert due(book, "Ada") == ["60", "30"]


def test_a_start_makes_no_tasks_before_they_were_asked_for_once(qtbot: QtBot, start: Start, book: Book) -> None:
    book.sign("Ada", 50)
    idle(qtbot, start())
    assert due(book, "Ada") == []


def test_the_tasks_of_a_start_are_one_step_that_is_taken_back(qtbot: QtBot, start: Start, book: Book) -> None:
    book.sign("Ada", 50)
    book.desk.do(make_renewal_tasks, MakeRenewalTasks())
    book.sign("Bee", 20)
    window = start()
    qtbot.waitUntil(lambda: due(book, "Bee") == ["30"])
    qtbot.waitUntil(lambda: any("Renewal tasks made: 1" in text for text in toasts(window)))
    window.context.runner.undo()
    qtbot.waitUntil(lambda: due(book, "Bee") == [])
    idle(qtbot, start(1))
    assert due(book, "Bee") == []
    assert len(due(book, "Ada")) == 2


def test_what_renewed_by_itself_is_written_and_told_until_it_was_seen(qtbot: QtBot, start: Start, book: Book) -> None:
    book.sign("Ada", 3, auto_renew=True)
    idle(qtbot, start(3))
    assert len(book.ask(contracts_of, book.accounts["Ada"])) == 1
    window = start(4)
    said = "1 contract renewed by itself and its next term is written: Ada"
    qtbot.waitUntil(lambda: said in bars(window))
    assert window.pages.here == "today"
    assert len(book.ask(contracts_of, book.accounts["Ada"])) == 2
    window = start(5)
    qtbot.waitUntil(lambda: said in bars(window))
    click(qtbot, button(bar(window), "Look at them"))
    page = arrived(qtbot, window, RenewalsPage)
    qtbot.waitUntil(lambda: page.table.model_.ids == [book.contracts["Ada"]])
    assert said in bars(window)
    click(qtbot, button(bar(window), "I have seen them"))
    qtbot.waitUntil(lambda: bars(window) == [])
    window = start(6)
    idle(qtbot, window)
    assert bars(window) == []
    assert len(book.ask(contracts_of, book.accounts["Ada"])) == 2


def test_it_is_taken_back_from_the_bar_for_good(qtbot: QtBot, start: Start, book: Book) -> None:
    book.sign("Ada", 3, auto_renew=True)
    window = start(4)
    qtbot.waitUntil(lambda: len(bars(window)) == 1)
    click(qtbot, button(bar(window), "Undo"))
    qtbot.waitUntil(lambda: bars(window) == [])
    (row,) = read(window, contracts_of, book.accounts["Ada"])
    assert row.renewal_state == "open"
    window = start(5)
    idle(qtbot, window)
    assert bars(window) == []
    assert len(book.ask(contracts_of, book.accounts["Ada"])) == 1


def test_what_came_in_after_its_end_is_written_only_when_asked(qtbot: QtBot, start: Start, book: Book) -> None:
    book.sign("Ada", -5, auto_renew=True)
    window = start()
    idle(qtbot, window)
    assert bars(window) == []
    go(qtbot, window, RenewalsPage, "renewals")
    qtbot.waitUntil(lambda: len(bars(window)) == 1)
    assert bars(window)[0].endswith("its next term is not written: Ada")
    assert len(book.ask(contracts_of, book.accounts["Ada"])) == 1
    click(qtbot, button(bar(window), "Write them"))
    qtbot.waitUntil(lambda: bars(window) == ["1 contract renewed by itself and its next term is written: Ada"])
    assert len(book.ask(contracts_of, book.accounts["Ada"])) == 2
