"""Readings and commands beside the UI thread, over a real store."""

from __future__ import annotations

import gc
import sqlite3
import sys
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from csdesk.models.accounts import Account
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.changes import Changes
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, Problem, Problems, StorageError
from csdesk.services.core.progress import Progress
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.ui.core.messages import Messages, Notice, Question, Toast
from csdesk.ui.core.runner import Runner


class Listener(QObject):
    """Somebody who asks and hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []

    def hear(self, value: Any) -> None:
        """Note an answer."""
        self.heard.append(value)


@pytest.fixture
def messages() -> Messages:
    """Messages that nobody shows."""
    return Messages()


@pytest.fixture
def runner(desk: Desk, messages: Messages, qapp: QApplication) -> Iterator[Runner]:
    """A runner over a store of its own."""
    made = Runner(desk, messages)
    yield made
    made.close()
    qapp.processEvents()


def count(connection: Any) -> int:
    """How many accounts there are."""
    return int(connection.scalar(select(func.count()).select_from(Account)))


def wish(name: str) -> NewAccount:
    """A new account of that name."""
    return NewAccount(AccountFields(name))


@command("Refused")
def refuse(uow: UnitOfWork, error: Exception) -> None:
    """Raise what it is given."""
    raise error


def test_an_answer_comes_to_the_ui_thread(qtbot: QtBot, runner: Runner) -> None:
    owner = Listener()
    threads: list[Any] = []

    def where(_connection: Any) -> str:
        return threading.current_thread().name

    def then(name: str) -> None:
        threads.append((name, threading.current_thread()))

    runner.ask(where, then=then, owner=owner)
    qtbot.waitUntil(lambda: bool(threads))
    assert threads[0][0].startswith("reader")
    assert threads[0][1] is threading.main_thread()


def test_only_the_newest_answer_counts(qtbot: QtBot, runner: Runner) -> None:
    owner, gate, ran = Listener(), threading.Event(), []

    def slow(_connection: Any, number: int) -> int:
        gate.wait(5)
        ran.append(number)
        return number

    for number in range(6):
        runner.ask(slow, number, then=owner.hear, owner=owner)
    gate.set()
    qtbot.waitUntil(lambda: bool(owner.heard))
    qtbot.wait(50)
    assert owner.heard == [5]
    assert not {2, 3, 4} & set(ran)


def test_nobody_is_told_who_is_gone(qtbot: QtBot, runner: Runner) -> None:
    owner, other, gate = Listener(), Listener(), threading.Event()

    def slow(_connection: Any) -> int:
        return int(gate.wait(5))

    runner.ask(slow, then=owner.hear, owner=owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    runner.ask(count, then=other.hear, owner=other)
    qtbot.waitUntil(lambda: other.heard == [0])
    assert owner.heard == []


def test_a_command_tells_what_changed_and_can_be_undone(qtbot: QtBot, runner: Runner, messages: Messages) -> None:
    told: list[Changes] = []
    toasts: list[Toast] = []
    runner.changed.connect(told.append)
    messages.toasted.connect(toasts.append)
    owner = Listener()
    with qtbot.waitSignal(runner.saved):
        runner.do(create_account, wish("Birch"), then=owner.hear)
    made = owner.heard[0].value
    assert told[0].ids("accounts") == {made}
    assert toasts[0].text == "New account: Birch"
    assert toasts[0].undo is not None
    with qtbot.waitSignal(runner.changed):
        toasts[0].undo()
    runner.ask(_alive, then=owner.hear, owner=owner)
    qtbot.waitUntil(lambda: len(owner.heard) == 2)
    assert owner.heard[1] == 0
    with qtbot.waitSignal(runner.changed):
        runner.redo()
    assert toasts[-1].text == "Done again: New account: Birch"


def _alive(connection: Any) -> int:
    return int(connection.scalar(select(func.count()).select_from(Account).where(Account.deleted_at.is_(None))))


def test_commands_run_one_after_the_other(qtbot: QtBot, runner: Runner) -> None:
    owner = Listener()
    for number in range(20):
        runner.do(create_account, wish(f"N{number}"), then=owner.hear, toast=False)
    qtbot.waitUntil(lambda: len(owner.heard) == 20)
    assert [done.value for done in owner.heard] == sorted(done.value for done in owner.heard)


def test_problems_go_to_their_form(qtbot: QtBot, runner: Runner) -> None:
    owner = Listener()
    problem = Problem("name", "An account needs a name.")
    runner.do(refuse, Problems([problem]), failed=owner.hear)
    qtbot.waitUntil(lambda: owner.heard == [(problem,)])
    assert runner.desk.saved_at is None


def test_a_question_is_asked_and_the_command_repeated(qtbot: QtBot, runner: Runner, messages: Messages) -> None:
    owner = Listener()
    runner.do(create_account, wish("Elm"), then=owner.hear)
    qtbot.waitUntil(lambda: len(owner.heard) == 1)
    with qtbot.waitSignal(messages.asked) as asked:
        runner.do(create_account, wish("Elm"), then=owner.hear)
    question: Question = asked.args[0]
    assert question.verb == "Make a second one"
    assert len(owner.heard) == 1
    question.then()
    qtbot.waitUntil(lambda: len(owner.heard) == 2)


def test_the_worlds_errors_stand_in_a_bar_and_may_be_tried_again(
    qtbot: QtBot, runner: Runner, messages: Messages
) -> None:
    with qtbot.waitSignal(messages.noticed) as noticed:
        runner.do(refuse, StorageError("The disk is full.", "All is safe.", "Free some space."))
    bar: Notice = noticed.args[0]
    assert (bar.tone, bar.text) == ("error", "The disk is full. All is safe. Free some space.")
    with qtbot.waitSignal(messages.noticed):
        bar.actions[0][1]()
    with qtbot.waitSignal(messages.noticed) as noticed:
        runner.do(refuse, Conflict("Somebody changed it."))
    assert noticed.args[0].tone == "warn"


def test_a_bug_goes_to_the_crash_dialog_and_nothing_else_stops(
    qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: bugs.append(kind))
    runner.do(refuse, ZeroDivisionError("ours"))
    qtbot.waitUntil(lambda: bugs == [ZeroDivisionError])
    owner = Listener()
    runner.do(create_account, wish("Fir"), then=owner.hear)
    qtbot.waitUntil(lambda: len(owner.heard) == 1)


def test_long_work_is_followed_and_cancelled_in_silence(qtbot: QtBot, runner: Runner, messages: Messages) -> None:
    owner = Listener()
    followed: list[str] = []
    messages.followed.connect(lambda progress, title: followed.append(title))

    def endless(_desk: Desk, progress: Progress) -> None:
        while True:
            progress.advance()

    progress = runner.work(endless, owner.hear, "Counting", failed=owner.hear)
    with qtbot.waitSignal(messages.unfollowed):
        progress.cancel()
    assert followed == ["Counting"]
    assert owner.heard == []


def test_another_process_that_wrote_is_noticed(qtbot: QtBot, runner: Runner, desk: Desk) -> None:
    with qtbot.waitSignal(runner.saved):
        runner.do(create_account, wish("Own"), toast=False)
    told: list[Changes] = []
    runner.changed.connect(told.append)
    runner._look_at_store()
    qtbot.wait(100)
    assert told == []
    other = sqlite3.connect(desk.database.path)
    other.execute("UPDATE accounts SET city = 'Wuxi'")
    other.commit()
    other.close()
    runner._look_at_store()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].everything


def test_widgets_are_never_collected_beside_the_ui_thread(qtbot: QtBot, runner: Runner) -> None:
    owner, died_in = Listener(), []
    knot = [QTimer()]
    knot.append(knot)  # type: ignore[arg-type]
    weakref.finalize(knot[0], lambda: died_in.append(threading.current_thread()))
    del knot

    def busy(_connection: Any) -> int:
        return len([[number] for number in range(200_000)])

    runner.ask(busy, then=owner.hear, owner=owner)
    qtbot.waitUntil(lambda: bool(owner.heard))
    assert not gc.isenabled()
    assert died_in == []
    kept: list[list[int]] = []
    for _turn in range(200):
        kept += [[] for _ in range(1_000)]
        runner._sweeper.sweep()
    assert died_in == [threading.main_thread()]


def test_long_work_is_not_disturbed_by_the_sweeper(qtbot: QtBot, runner: Runner) -> None:
    owner, go_on = Listener(), threading.Event()
    runner.work(
        lambda desk, progress: [[number] for number in range(60_000)] if go_on.wait(5) else [], owner.hear, "Making"
    )
    knots = [[] for _ in range(2_000)]  # type: ignore[var-annotated]
    assert runner._sweeper.sweep() == 0
    assert gc.get_count()[0] >= len(knots)
    frozen = gc.get_freeze_count()
    go_on.set()
    qtbot.waitUntil(lambda: bool(owner.heard))
    assert gc.get_freeze_count() >= frozen + 60_000
    gc.unfreeze()


def test_closing_lets_a_command_finish_and_takes_no_more(qtbot: QtBot, desk: Desk, messages: Messages) -> None:
    runner = Runner(desk, messages)
    owner = Listener()
    runner.do(create_account, wish("Last"), then=owner.hear)
    runner.close()
    runner.do(create_account, wish("Too late"), then=owner.hear)
    with desk.read() as connection:
        assert count(connection) == 1
    assert gc.isenabled()
