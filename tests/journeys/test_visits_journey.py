"""A week of visits by keyboard alone: planned on one day, on paper, then typed back in at its end, and what it came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.app import open_desk, window_launch
from csdesk.models.vocabulary import Mood, PlanState, TaskSource, VisitOutcome, VisitState
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import StoreLock
from csdesk.services.demo.commands import DemoSize, make_demo
from csdesk.services.tasks.queries import tasks_from
from csdesk.services.visits.cards import VisitCard
from csdesk.services.visits.preparation import Preparation, preparation
from csdesk.services.visits.queries import week_plan
from csdesk.ui.core.figures_dialog import FiguresDialog
from csdesk.ui.core.form import Form
from csdesk.ui.core.page import Page
from csdesk.ui.core.print_preview import PrintPreview
from csdesk.ui.core.window import MainWindow
from csdesk.ui.launch import Shell
from csdesk.ui.visits.page import VisitsPage
from csdesk.ui.visits.print_dialog import PrintDialog
from csdesk.ui.visits.record import RecordDialog
from csdesk.ui.visits.typing_back import TypingBackPage
from tests.conftest import TODAY
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    asked,
    listed,
    on_paper,
    press,
    read,
    returned,
    rows,
    save_as,
    tab_to,
    write,
)

MONDAY, FRIDAY = date(2026, 11, 30), date(2026, 12, 4)
"""The week that is planned on the Monday before."""
Desks = Callable[[date], MainWindow]


@pytest.fixture
def desk_on(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desks]:
    """Opens the program's window on a day, in Chinese, on a sample portfolio; the window of the day before is closed."""
    folders = Folders.under(tmp_path / "desk")
    folders.make()
    made = open_desk(folders.data, Clock(TODAY))
    made.do(make_demo, DemoSize(accounts=60))
    made.close()
    opened: list[Shell] = []

    def leave() -> None:
        while opened:
            shell = opened.pop()
            shell.window.close()
            shell.close()
            shell.window.deleteLater()
            qapp.processEvents()

    def come(day: date) -> MainWindow:
        leave()
        lock = StoreLock(folders.data, Clock(day))
        lock.acquire()
        shell = Shell(qapp, window_launch(folders, Clock(day), lock, language="zh_CN"))
        opened.append(shell)
        with qtbot.waitSignal(shell.ready):
            shell.show()
            shell.window.setGeometry(0, 0, 1440, 900)
        shell.window.activateWindow()
        qtbot.waitUntil(shell.window.isActiveWindow)
        arrived(qtbot, shell.window, Page)
        return shell.window

    yield come
    leave()
    texts.install("en")


def board_of_week(qtbot: QtBot, window: MainWindow) -> VisitsPage:
    """The visit plan, once it shows the planned week."""
    board = arrived(qtbot, window, VisitsPage)
    qtbot.waitUntil(lambda: board.view is not None and board.view.start == MONDAY)
    return board


def planned(window: MainWindow) -> tuple[VisitCard, ...]:
    """The visits of the week in the store, by day and time."""
    found: tuple[VisitCard, ...] = read(window, week_plan, MONDAY).visits
    return found


def stored(window: MainWindow, visit: int) -> Preparation:
    """All that is written down about a visit."""
    found: Preparation = read(window, preparation, visit, FRIDAY)
    return found


def state(window: MainWindow, card: VisitCard) -> VisitState:
    """What became of a visit."""
    return stored(window, card.id).card.state


def tasks_of(window: MainWindow, card: VisitCard) -> list[tuple[str, date | None]]:
    """The open tasks that came from a visit's next steps."""
    return [(one.text, one.due_on) for one in read(window, tasks_from, TaskSource.VISIT, card.id) if one.is_open]


def execution(board: VisitsPage) -> str:
    """What the strip says about the execution of the plan; "" while it says nothing."""
    shown = [" ".join(button.words().split()) for button in board.figures.buttons if button.isVisible()]
    return next((words for words in shown if words.startswith("执行率")), "")


def share(done: int, of: int) -> str:
    """An execution rate as people read it: the counts first where there are few."""
    percent, counts = f"{round(done * 100 / of, 1)} %", f"{done} / {of}"
    return f"执行率 {counts} ({percent})" if of < 10 else f"执行率 {percent} ({counts})"


def fill_in(qtbot: QtBot, form: Form, **words: str) -> None:
    """Write into the fields of a form, from one to the next by Tab, in place of what stands there."""
    for key, text in words.items():
        editor = form.cells[key].editor
        tab_to(qtbot, editor.focusProxy() or editor)
        press(qtbot, Qt.Key.Key_A, CTRL)
        write(text)


def plan_and_print(qtbot: QtBot, window: MainWindow, paper: Path) -> None:
    """On the plan's page: to next week, drafted, confirmed, its paper as a PDF."""
    press(qtbot, Qt.Key.Key_3, CTRL)
    board = arrived(qtbot, window, VisitsPage)
    qtbot.waitUntil(lambda: board.view is not None)
    press(qtbot, Qt.Key.Key_BracketRight)
    board_of_week(qtbot, window)
    press(qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(board.view.visits) and board.state.accessibleName() == "草稿")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: board.state.accessibleName() == "已确认")
    press(qtbot, Qt.Key.Key_P, CTRL)
    asked(qtbot, PrintDialog)
    press(qtbot, Qt.Key.Key_Return)
    preview = asked(qtbot, PrintPreview)
    qtbot.keyClick(preview.view, Qt.Key.Key_S, CTRL)
    save_as(qtbot, paper)
    qtbot.waitUntil(paper.exists)
    returned(qtbot, window)


def share_is(qtbot: QtBot, board: VisitsPage, done: int, of: int) -> None:
    """Wait until the strip says this."""
    qtbot.waitUntil(lambda: execution(board) == share(done, of))


def record_one(qtbot: QtBot, window: MainWindow, board: VisitsPage) -> VisitCard:
    """On the plan's page: the first visit of the week written down from its sheet; as it was before."""
    qtbot.waitUntil(lambda: board.current() is not None)
    for _day in range(5):
        press(qtbot, Qt.Key.Key_Left)
    card = board.current()
    assert card is not None
    assert card.day == MONDAY
    press(qtbot, Qt.Key.Key_D)
    dialog = asked(qtbot, RecordDialog)
    fill_in(qtbot, dialog.form, done_on="11-30")
    tab_to(qtbot, dialog.form.editors["mood"])
    press(qtbot, Qt.Key.Key_Down)
    fill_in(qtbot, dialog.form, record="他们续约", needs="再加十个账号", next_step="发报价 ! 12-09")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    return card


def type_back(qtbot: QtBot, window: MainWindow, waiting: list[VisitCard]) -> TypingBackPage:
    """To the batch; the first two that wait are written down: one visited, at one nobody was there."""
    press(qtbot, Qt.Key.Key_D, CTRL | SHIFT)
    batch = arrived(qtbot, window, TypingBackPage)
    qtbot.waitUntil(lambda: names(batch) == [card.account for card in waiting] and at(batch, waiting[0]))
    fill_in(qtbot, batch.form, record="看了新报表", next_step="约培训", next_on="12-11")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: at(batch, waiting[1]))
    for _outcome in (VisitOutcome.PARTLY, VisitOutcome.ABSENT):
        press(qtbot, Qt.Key.Key_Down)
    fill_in(qtbot, batch.form, reason="临时出差")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: names(batch) == [card.account for card in waiting[2:]] and at(batch, waiting[2]))
    return batch


def names(batch: TypingBackPage) -> list[str]:
    """Whose visits wait to be written down."""
    return rows(batch.list)


def at(batch: TypingBackPage, card: VisitCard) -> bool:
    """Whether the form of this visit is shown."""
    return batch.form is not None and batch.form.isVisible() and batch.title.text() == card.account


def test_a_week_is_planned_printed_typed_back_in_and_measured(qtbot: QtBot, desk_on: Desks, tmp_path: Path) -> None:
    window, paper = desk_on(TODAY), tmp_path / "week.pdf"
    plan_and_print(qtbot, window, paper)
    plan, visits = read(window, week_plan, MONDAY).plan, planned(window)
    assert (plan.state, plan.starts_on) == (PlanState.CONFIRMED, MONDAY)
    assert len(visits) >= 5
    words = on_paper(paper)
    assert [card.account for card in visits if card.account not in words] == []

    window = desk_on(FRIDAY)
    press(qtbot, Qt.Key.Key_3, CTRL)
    board = board_of_week(qtbot, window)
    share_is(qtbot, board, 0, len(visits))
    single = record_one(qtbot, window, board)
    share_is(qtbot, board, 1, len(visits))
    first = stored(window, single.id)
    assert (first.card.state, first.card.done_on, first.card.record) == (VisitState.DONE, MONDAY, "他们续约")
    assert first.written.mood == next(iter(Mood))
    assert "再加十个账号" in [need.text for need in first.needs]
    assert tasks_of(window, single) == [("发报价", date(2026, 12, 9))]

    waiting = [card for card in visits if card.id != single.id]
    kept, absent = waiting[:2]
    batch = type_back(qtbot, window, waiting)
    assert (state(window, kept), stored(window, kept.id).card.done_on) == (VisitState.DONE, kept.day)
    assert tasks_of(window, kept) == [("约培训", date(2026, 12, 11))]
    assert stored(window, absent.id).written.outcome == VisitOutcome.ABSENT
    assert tasks_of(window, absent) == []

    press(qtbot, Qt.Key.Key_3, CTRL)
    board = board_of_week(qtbot, window)
    share_is(qtbot, board, 2, len(visits))
    press(qtbot, Qt.Key.Key_K)
    figures = asked(qtbot, FiguresDialog)
    qtbot.waitUntil(lambda: sorted(listed(figures.rows.table)) == sorted([single.account, kept.account]))
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)

    press(qtbot, Qt.Key.Key_D, CTRL | SHIFT)
    batch = arrived(qtbot, window, TypingBackPage)
    qtbot.waitUntil(lambda: at(batch, waiting[2]))
    press(qtbot, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: names(batch)[0] == absent.account)
    assert (state(window, absent), state(window, kept)) == (VisitState.PLANNED, VisitState.DONE)
    press(qtbot, Qt.Key.Key_3, CTRL)
    board = board_of_week(qtbot, window)
    share_is(qtbot, board, 2, len(visits))
    press(qtbot, Qt.Key.Key_Z, CTRL)
    share_is(qtbot, board, 1, len(visits))
    assert (state(window, kept), state(window, single)) == (VisitState.PLANNED, VisitState.DONE)
    assert tasks_of(window, kept) == []
