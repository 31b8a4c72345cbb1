"""The day by hand: what comes first and why, Enter does it, D writes it down, the strip leads to a day."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import VisitState
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.tasks.commands import NewTask, create_task
from csdesk.services.tasks.rules import TaskFields
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.lines import Line
from csdesk.ui.core.print_preview import PrintPreview
from csdesk.ui.core.window import MainWindow
from csdesk.ui.today.page import TodayPage
from csdesk.ui.visits.detail import VisitPage
from csdesk.ui.visits.page import VisitsPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    asked,
    button,
    check_told,
    choose,
    click,
    press,
    read,
    returned,
    rows,
    toasts,
    undo_by_toast,
)  # fmt: skip

ORDER = [
    "Contract C-Birch of Birch: renewed or not?",
    "Record the visit to Cedar",
    "On site: Amber, agree on the renewal",
    "On site: Elm, settle the pilot",
    "Check the handover of Dogwood",
    "Renewal of Amber",
]


def today(qtbot: QtBot, window: MainWindow) -> TodayPage:
    """The first page, filled, the keyboard in its list."""
    page = arrived(qtbot, window, TodayPage)
    qtbot.waitUntil(lambda: page.view is not None and bool(page.list.lines) and page.list.hasFocus())
    return page


def line(page: TodayPage, title: str) -> Line:
    """The line with this title."""
    return next(one for one in page.list.lines if one.title == title)


def down_to(qtbot: QtBot, page: TodayPage, title: str) -> None:
    """From the first line, press the arrow until this line is chosen."""
    wanted = line(page, title).key
    page.list.choose_first()
    for _step in page.list.lines:
        if page.list.current_key() == wanted:
            break
        press(qtbot, Qt.Key.Key_Down)
    assert page.list.current_key() == wanted


def test_overdue_then_today_by_time_then_ahead_each_with_its_reason(
    qtbot: QtBot, opening: Opening, busy: dict[str, int]
) -> None:
    page = today(qtbot, opening())
    assert rows(page.list) == ORDER
    assert [one.title for one in page.list.lines if one.section] == ["Overdue", "Today", "Ahead"]
    assert [one.left for one in page.list.lines if not one.section] == ["1", "2", "3", "4", "5", "6"]
    assert [one.title for one in page.list.lines if not one.section and not one.second] == []
    assert line(page, ORDER[0]).right_badge.text == "13 days over"
    assert "17 days left" in line(page, ORDER[5]).second
    assert rows(page.visits) == ["Amber", "Elm"]
    check_told(page, "2 overdue")


def test_enter_does_what_each_line_asks_for(qtbot: QtBot, opening: Opening, busy: dict[str, int]) -> None:
    window = opening()
    page = today(qtbot, window)
    down_to(qtbot, page, ORDER[0])
    press(qtbot, Qt.Key.Key_Return)
    detail = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: detail.header.name.text() == "Birch" and detail.tabs.current() == "contracts")
    press(qtbot, Qt.Key.Key_1, CTRL)
    today(qtbot, window)
    down_to(qtbot, page, ORDER[4])
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: detail.header.name.text() == "Dogwood" and detail.tabs.current() == "handover")
    press(qtbot, Qt.Key.Key_1, CTRL)
    today(qtbot, window)
    down_to(qtbot, page, ORDER[3])
    press(qtbot, Qt.Key.Key_Return)
    visit = arrived(qtbot, window, VisitPage)
    qtbot.waitUntil(lambda: visit.name.text() == "Elm")


def test_enter_on_a_visit_not_written_down_asks_what_was_said(
    qtbot: QtBot, opening: Opening, busy: dict[str, int]
) -> None:
    window = opening()
    page = today(qtbot, window)
    down_to(qtbot, page, ORDER[1])
    press(qtbot, Qt.Key.Key_Return)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["done_on"] == "2026-11-20"
    dialog.form.cells["record"].set_text("谈妥了")
    dialog.form.cells["next_step"].set_text("send the offer ! +7")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: ORDER[1] not in rows(page.list))
    returned(qtbot, window)
    done = read(window, overview, busy["Cedar"]).visits[0]
    assert (done.state, done.record) == (VisitState.DONE, "谈妥了")


def test_d_records_a_visit_of_today_and_it_goes_to_the_end(
    qtbot: QtBot, opening: Opening, busy: dict[str, int]
) -> None:
    window = opening()
    page = today(qtbot, window)
    down_to(qtbot, page, ORDER[2])
    assert page.done.isVisible()
    press(qtbot, Qt.Key.Key_D)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["next_step"].set_text("send the offer ! +7")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: rows(page.list)[-1] == ORDER[2])
    returned(qtbot, window)
    assert [one.title for one in page.list.lines if one.section][-1] == "Done today"
    assert len(toasts(window)) == 1


def test_o_opens_the_account_and_it_stands_among_those_opened_last(
    qtbot: QtBot, opening: Opening, busy: dict[str, int]
) -> None:
    window = opening()
    page = today(qtbot, window)
    down_to(qtbot, page, ORDER[3])
    press(qtbot, Qt.Key.Key_O)
    detail = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: detail.header.name.text() == "Elm")
    press(qtbot, Qt.Key.Key_1, CTRL)
    qtbot.waitUntil(lambda: rows(page.recent) == ["Elm"])
    assert page.recent_card.isVisible()


def test_a_press_on_the_strip_leads_to_that_week(qtbot: QtBot, opening: Opening, busy: dict[str, int]) -> None:
    window = opening()
    page = today(qtbot, window)
    strip = page.strip
    assert strip.accessibleName().count("/") == 7
    click(qtbot, strip, QPoint(strip.width() * 3 // 14, strip.height() // 2))
    board = arrived(qtbot, window, VisitsPage)
    qtbot.waitUntil(lambda: board.view is not None)
    assert board.day == date(2026, 11, 24)


def test_the_week_is_printed_from_here_too(qtbot: QtBot, opening: Opening, busy: dict[str, int]) -> None:
    window = opening()
    today(qtbot, window)
    press(qtbot, Qt.Key.Key_P, CTRL)
    preview = asked(qtbot, PrintPreview)
    qtbot.waitUntil(lambda: bool(preview.document.leaves))
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)


def test_what_was_chosen_stays_chosen_when_something_comes_before_it(
    qtbot: QtBot, opening: Opening, busy: dict[str, int]
) -> None:
    window = opening()
    page = today(qtbot, window)
    down_to(qtbot, page, ORDER[3])
    window.context.runner.do(add_visit, AddVisit(busy["Birch"], TODAY, starts_at="11:00", goal="say hello"))
    qtbot.waitUntil(lambda: "On site: Birch, say hello" in rows(page.list))
    assert page.list.line_at(page.list.currentIndex()).title == ORDER[3]


def test_what_was_chosen_is_chosen_after_a_restart(qtbot: QtBot, opening: Opening, busy: dict[str, int]) -> None:
    page = today(qtbot, opening())
    down_to(qtbot, page, ORDER[4])
    again = today(qtbot, opening())
    assert again is not page
    assert again.list.line_at(again.list.currentIndex()).title == ORDER[4]


def test_an_empty_desk_begins_with_a_workbook(qtbot: QtBot, opening: Opening) -> None:
    page = arrived(qtbot, opening(), TodayPage)
    qtbot.waitUntil(lambda: page.view is not None)
    check_told(page, "Welcome to your desk")
    assert button(page, "Import a handover workbook").isEnabled()


def test_a_calm_day_offers_to_plan_the_week(qtbot: QtBot, opening: Opening, desk: Desk) -> None:
    desk.do(create_account, NewAccount(AccountFields("Amber")))
    window = opening()
    page = arrived(qtbot, window, TodayPage)
    qtbot.waitUntil(lambda: page.view is not None)
    check_told(page, "Nothing is planned for today")
    click(qtbot, button(page, "Open the accounts"))
    assert arrived(qtbot, window, AccountsPage).isVisible()
    window.context.go.back()
    arrived(qtbot, window, TodayPage)
    click(qtbot, button(page, "Plan the week"))
    assert arrived(qtbot, window, VisitsPage).day == TODAY


def test_tasks_stand_in_the_one_order_done_with_d_and_put_off_with_s(
    qtbot: QtBot, opening: Opening, busy: dict[str, int], desk: Desk
) -> None:
    for text, days, account in (("late offer", -4, "Elm"), ("own report", 0, None), ("next week", 7, "Elm")):
        fields = TaskFields(text, TODAY + timedelta(days))
        desk.do(create_task, NewTask(fields, busy[account] if account else None))
    window = opening()
    page = today(qtbot, window)
    assert rows(page.list) == [ORDER[0], "late offer", *ORDER[1:4], ORDER[4], "own report", ORDER[5]]
    assert line(page, "late offer").right_badge.text == "4 days over"
    assert "Elm" in line(page, "late offer").second
    down_to(qtbot, page, "late offer")
    press(qtbot, Qt.Key.Key_S)
    choose(qtbot, "Tomorrow")
    qtbot.waitUntil(lambda: "late offer" not in rows(page.list))
    returned(qtbot, window)
    page.focus_first()
    down_to(qtbot, page, "own report")
    assert not page.open_account.isVisible()
    press(qtbot, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: line(page, "own report").muted)
    assert undo_by_toast(qtbot, window) == "Task done: own report"
    qtbot.waitUntil(lambda: not line(page, "own report").muted)
    page.focus_first()
    down_to(qtbot, page, "own report")
    press(qtbot, Qt.Key.Key_Return)
    assert asked(qtbot, FormDialog).form.draft()["text"] == "own report"
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
