"""Writing a wish down by hand: from anywhere, by pinyin, with the likely same demands; joined, kept, refused, undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Decision, NeedState, TicketKind, VisitKind
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import MoveTickets, Tickets, delete_tickets, move_tickets
from csdesk.services.tickets.demands import Review, review_demand
from csdesk.services.tickets.queries import TicketRow, tickets_of_account
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.services.visits.preparation import needs_of
from csdesk.services.visits.preparing import Invite, invite
from csdesk.services.visits.record_fields import parse as parse_record
from csdesk.services.visits.recording import Record, record_meeting
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.lines import LinesView
from csdesk.ui.core.parts import Button
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tickets.capture import CaptureDialog, keep_ready
from csdesk.ui.today.page import TodayPage
from csdesk.ui.visits.detail import VisitPage
from csdesk.ui.visits.record import RecordDialog
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    asked,
    choose,
    click,
    go,
    press,
    read,
    returned,
    rows,
    undo_by_toast,
    write,
)  # fmt: skip
from tests.ui.tickets.stock import BUG, CHENGYUE, LINGCHI, QUESTION, WISH, Stock, stocked, with_search
from tests.ui.walkers import check_named, check_room

ALT = Qt.KeyboardModifier.AltModifier
E, R = Qt.Key.Key_Return, Qt.Key


@pytest.fixture
def stock(desk: Desk) -> Stock:
    return stocked(desk)


def started(qtbot: QtBot, opening: Opening) -> MainWindow:
    window = with_search(opening())
    go(qtbot, window, TodayPage, "today")
    keep_ready(window.context, window)
    return window


def ctrl_t(qtbot: QtBot) -> CaptureDialog:
    press(qtbot, Qt.Key.Key_T, CTRL)
    return asked(qtbot, CaptureDialog)


def newest(window: MainWindow, account: int) -> TicketRow:
    return max(read(window, tickets_of_account, account), key=lambda row: row.id)


def proposed(qtbot: QtBot, dialog: CaptureDialog) -> LinesView:
    qtbot.waitUntil(dialog.likely.isVisible)
    return dialog.proposals


def test_three_fields_and_enter_from_anywhere(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    assert dialog.account.hasFocus()
    check_named(dialog)
    check_room(dialog)
    qtbot.keyClicks(dialog.account, "cyjg")
    qtbot.waitUntil(dialog.account.popup.isVisible)
    qtbot.keyClick(dialog.account, E)
    assert (dialog.account.text(), dialog.account.value) == (CHENGYUE, stock.chengyue)
    assert dialog.words.hasFocus()
    write("打印模板想自己改")
    press(qtbot, Qt.Key.Key_Tab)
    write("打印")
    press(qtbot, E)
    press(qtbot, E)
    returned(qtbot, window)
    assert len(read(window, tickets_of_account, stock.chengyue)) == 2
    row = newest(window, stock.chengyue)
    assert (row.text, row.kind, row.module, row.state) == ("打印模板想自己改", "requirement", "打印", "captured")
    assert row.demand_number == "D-0002"
    assert undo_by_toast(qtbot, window) == "New ticket R-0002: 打印模板想自己改"
    qtbot.waitUntil(lambda: len(read(window, tickets_of_account, stock.chengyue)) == 1)


@pytest.mark.parametrize("typed", ["岳精", "chengyue", "cyjg", "精工"])
def test_an_account_is_found_by_any_part_of_it(qtbot: QtBot, opening: Opening, stock: Stock, typed: str) -> None:
    started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    dialog.account.setFocus()
    if typed.isascii():
        qtbot.keyClicks(dialog.account, typed)
    else:
        write(typed)
    qtbot.waitUntil(dialog.account.popup.isVisible)
    press(qtbot, Qt.Key.Key_Tab)
    assert dialog.account.text() == CHENGYUE
    dialog.reject()


def test_escape_takes_nothing_that_was_offered_and_the_arrows_another(
    qtbot: QtBot, opening: Opening, stock: Stock
) -> None:
    started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    qtbot.keyClicks(dialog.account, "c")
    qtbot.waitUntil(dialog.account.popup.isVisible)
    qtbot.keyClick(dialog.account, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert (dialog.account.text(), dialog.account.value) == ("c", None)
    dialog.account.clear()
    qtbot.keyClicks(dialog.account, "c")
    qtbot.waitUntil(dialog.account.popup.isVisible)
    qtbot.keyClick(dialog.account.popup, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.account.popup, E)
    assert dialog.account.value == stock.lingchi
    dialog.account.setFocus()
    qtbot.keyClicks(dialog.account, "x")
    assert dialog.account.value is None
    dialog.reject()


def test_the_likely_same_demand_is_joined_by_one_key(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = started(qtbot, opening)
    window.context.go.to("accounts", id=stock.lingchi)
    qtbot.waitUntil(lambda: arrived(qtbot, window, AccountPage).view is not None)
    dialog = ctrl_t(qtbot)
    assert dialog.account.value == stock.lingchi
    assert dialog.words.hasFocus()
    write("班组长想按班组看报表")
    lines = proposed(qtbot, dialog).lines
    assert [(line.left, line.title, line.right) for line in lines] == [("D-0001", WISH, "1 account")]
    assert [badge.text for badge in lines[0].badges] == ["To be reviewed"]
    qtbot.keyClick(dialog, Qt.Key.Key_J, ALT)
    assert "Will join D-0001" in dialog.likely_title.text()
    qtbot.waitUntil(lambda: dialog.join.width() >= dialog.join.sizeHint().width())
    check_room(dialog)
    press(qtbot, E, CTRL)
    returned(qtbot, window)
    assert newest(window, stock.lingchi).demand_id == stock.demand
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: all(row.kind != "requirement" for row in read(window, tickets_of_account, stock.lingchi)))


def test_joining_can_be_taken_back_and_is_lost_with_the_kind(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    dialog.account.put(stock.lingchi, LINGCHI)
    dialog.words.setFocus()
    write("按班组看报表")
    proposed(qtbot, dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Down, ALT)
    assert dialog.proposals.hasFocus()
    press(qtbot, E)
    assert "Will join" in dialog.likely_title.text()
    click(qtbot, dialog.join)
    assert "Will join" not in dialog.likely_title.text()
    click(qtbot, dialog.join)
    qtbot.keyClick(dialog, Qt.Key.Key_2, ALT)
    qtbot.waitUntil(dialog.likely.isHidden)
    press(qtbot, E, CTRL)
    returned(qtbot, window)
    row = newest(window, stock.lingchi)
    assert (row.kind, row.demand_id) == (TicketKind.BUG, None)


def test_a_declined_demand_is_proposed_and_said_so_a_binned_one_is_not(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    desk.do(review_demand, Review(stock.demand, Decision.DECLINED, reason="rare", answer="There is an export"))
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    dialog.account.put(stock.chengyue, CHENGYUE)
    dialog.words.setFocus()
    write("按班组看报表")
    line = proposed(qtbot, dialog).lines[0]
    assert [badge.text for badge in line.badges] == ["Declined"]
    assert line.note == "this account asks for it already"
    window.context.runner.do(delete_tickets, Tickets((stock.wish,)))
    qtbot.waitUntil(lambda: not window.context.runner.is_busy)
    assert window.context.likeness is not None
    window.context.likeness.wait()
    write("吧")
    qtbot.waitUntil(dialog.likely.isHidden)
    dialog.reject()


@pytest.mark.parametrize(
    ("key", "kind"), [(Qt.Key.Key_1, "requirement"), (Qt.Key.Key_2, "bug"), (Qt.Key.Key_3, "question")]
)
def test_one_key_says_what_it_is(qtbot: QtBot, opening: Opening, stock: Stock, key: Qt.Key, kind: str) -> None:
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    dialog.account.put(stock.chengyue, CHENGYUE)
    qtbot.keyClick(dialog, key, ALT)
    dialog.words.setFocus()
    write("Something")
    press(qtbot, E, CTRL)
    returned(qtbot, window)
    assert newest(window, stock.chengyue).kind == kind


def test_the_likely_same_bug_shows_its_promise_and_one_key_takes_it_over(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    planned = TODAY + timedelta(9)
    desk.do(move_tickets, MoveTickets((stock.bug,), "accept", planned_on=planned))
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    dialog.account.put(stock.chengyue, CHENGYUE)
    qtbot.keyClick(dialog, Qt.Key.Key_2, ALT)
    dialog.words.setFocus()
    write("今天早上登录也要等一分钟")
    line = proposed(qtbot, dialog).lines[0]
    assert (line.left, line.title, line.right) == ("B-0001", BUG, "promised for 12-02")
    assert [badge.text for badge in line.badges] == ["Accepted, dated"]
    check_room(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_J, ALT)
    assert "B-0001" in dialog.likely_title.text()
    press(qtbot, E, CTRL)
    returned(qtbot, window)
    row = newest(window, stock.chengyue)
    assert (row.kind, row.state, row.planned_on, row.severity) == ("bug", "accepted", planned, "serious")
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: len(read(window, tickets_of_account, stock.chengyue)) == 1)


def test_a_question_that_was_answered_shows_the_answer_and_one_key_uses_it(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    desk.do(move_tickets, MoveTickets((stock.question,), "answer", answer="报表 > 导出，发给店长"))
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    dialog.account.put(stock.chengyue, CHENGYUE)
    dialog.words.setFocus()
    write("报表怎么导出给店长")
    qtbot.keyClick(dialog, Qt.Key.Key_3, ALT)
    line = proposed(qtbot, dialog).lines[0]
    assert (line.left, line.title, line.second) == ("Q-0001", QUESTION, "报表 > 导出，发给店长")
    qtbot.keyClick(dialog, Qt.Key.Key_J, ALT)
    check_room(dialog)
    press(qtbot, E, CTRL)
    returned(qtbot, window)
    row = newest(window, stock.chengyue)
    assert (row.kind, row.state, row.answer) == ("question", "answered", "报表 > 导出，发给店长")


def test_what_is_joined_is_left_with_the_kind(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    dialog.account.put(stock.chengyue, CHENGYUE)
    qtbot.keyClick(dialog, Qt.Key.Key_2, ALT)
    dialog.words.setFocus()
    write("登录要等一分钟")
    proposed(qtbot, dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_J, ALT)
    qtbot.keyClick(dialog, Qt.Key.Key_1, ALT)
    press(qtbot, E, CTRL)
    returned(qtbot, window)
    assert newest(window, stock.chengyue).kind == "requirement"


def test_more_unfolds_what_the_kind_asks_for(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    cells = dialog.form.cells
    assert "why" not in cells
    dialog.account.put(stock.lingchi, LINGCHI)
    dialog.account.taken.emit(stock.lingchi)
    write("It hangs")
    qtbot.keyClick(dialog, Qt.Key.Key_M, ALT)
    assert cells["why"].isVisible()
    assert cells["why"].editor.hasFocus()
    assert not cells["seen"].isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_2, ALT)
    assert cells["seen"].isVisible()
    assert not cells["why"].isVisible()
    check_named(dialog)
    cells["seen"].editor.setFocus()
    write("a white page")
    qtbot.waitUntil(lambda: cells["contact"].editor.count() == 2)
    cells["contact"].set_text(str(stock.ann))
    press(qtbot, E, CTRL)
    returned(qtbot, window)
    assert newest(window, stock.lingchi).contact == "Ann Lee"


def test_what_is_wrong_is_said_at_its_field(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    click(qtbot, dialog.save)
    assert dialog.form.cells["text"].sentence.isVisible()
    write("Export")
    press(qtbot, E, CTRL)
    qtbot.waitUntil(dialog.form.cells["account"].sentence.isVisible)
    dialog.account.setFocus()
    qtbot.keyClicks(dialog.account, "nobody at all")
    press(qtbot, E)
    qtbot.waitUntil(lambda: "nobody at all" in dialog.form.cells["account"].sentence.text())
    dialog.form.fill({"reported_on": "+9"})
    press(qtbot, E)
    qtbot.waitUntil(dialog.form.cells["reported_on"].sentence.isVisible)
    dialog.reject()
    returned(qtbot, window)


def test_what_was_typed_is_there_the_next_time(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = started(qtbot, opening)
    dialog = ctrl_t(qtbot)
    dialog.words.setFocus()
    write("Half a sentence")
    qtbot.keyClick(dialog, Qt.Key.Key_3, ALT)
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    window = with_search(opening())
    again = ctrl_t(qtbot)
    put_back = next(one for one in again.findChildren(Button) if one.words() == "Put it back")
    click(qtbot, put_back)
    assert again.words.toPlainText() == "Half a sentence"
    assert again.kinds.current() == TicketKind.QUESTION
    again.reject()


def test_while_a_visit_is_recorded_its_account_person_and_visit_are_known(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    visit = desk.do(add_visit, AddVisit(stock.lingchi, TODAY, VisitKind.ONSITE)).value
    desk.do(invite, Invite(visit, (stock.ann,), ()))
    window = started(qtbot, opening)
    page = go(qtbot, window, VisitPage, "visits", id=visit)
    qtbot.waitUntil(lambda: page.view is not None)
    press(qtbot, Qt.Key.Key_Escape)
    press(qtbot, Qt.Key.Key_D)
    record = asked(qtbot, RecordDialog)
    press(qtbot, Qt.Key.Key_T, CTRL)
    dialog = asked(qtbot, CaptureDialog)
    assert dialog.account.value == stock.lingchi
    assert dialog.form.draft()["contact"] == str(stock.ann)
    write("Export to the store manager")
    press(qtbot, E, CTRL)
    qtbot.waitUntil(lambda: newest(window, stock.lingchi).text == "Export to the store manager")
    assert record.isVisible()
    row = newest(window, stock.lingchi)
    assert row.contact_id == stock.ann
    from tests.ui.tickets.stock import view

    assert view(desk, row.id).details["visit_id"] == visit
    record.reject()


def test_a_need_that_was_heard_becomes_a_ticket_and_says_its_number(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    visit = desk.do(add_visit, AddVisit(stock.lingchi, TODAY, VisitKind.ONSITE)).value
    fields = parse_record(
        {"outcome": "visited", "done_on": TODAY.isoformat(), "needs": "希望能批量修改", "next_step": "mail", "next_on": "+3",
         "record": "fine"},
        TODAY,
    )  # fmt: skip
    desk.do(record_meeting, Record(visit, fields))
    window = started(qtbot, opening)
    page = go(qtbot, window, VisitPage, "visits", id=visit)
    qtbot.waitUntil(lambda: rows(page.needs) == ["希望能批量修改"])
    page.needs.setFocus()
    qtbot.waitUntil(page.needs.hasFocus)
    press(qtbot, E)
    choose(qtbot, "Make a ticket of it")
    dialog = asked(qtbot, CaptureDialog)
    assert dialog.words.toPlainText() == "希望能批量修改"
    press(qtbot, E, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.needs.lines[0].right == "Taken up · R-0002")
    need = read(window, needs_of, stock.lingchi)[0]
    assert (need.state, need.ticket_id) == (NeedState.TAKEN_UP, newest(window, stock.lingchi).id)
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: page.needs.lines[0].right == "")
    assert read(window, needs_of, stock.lingchi)[0].state == NeedState.OPEN


def test_the_button_in_the_bar_and_the_menu_lead_here(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = started(qtbot, opening)
    click(qtbot, window.top.capture)
    asked(qtbot, CaptureDialog).reject()
    returned(qtbot, window)
    action = window.context.actions.find("tickets.new")
    assert action is not None
    assert (action.shortcut, action.new) == ("Ctrl+T", True)
