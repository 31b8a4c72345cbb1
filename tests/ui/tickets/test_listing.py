"""The lists of tickets and of bugs by hand: narrowed, moved on, changed in one go, opened, deleted, taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.services.core.desk import Desk
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tickets.capture import CaptureDialog
from csdesk.ui.tickets.listing import BugsPage, TicketsPage, ticket_list
from csdesk.ui.tickets.ticket import TicketPage
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
    go,
    press,
    returned,
    undo_by_toast,
    write,
)  # fmt: skip
from tests.ui.tickets.stock import BUG, QUESTION, WISH, Stock, stocked, view
from tests.ui.walkers import check_named, check_room

ALL = [QUESTION, WISH, BUG]


@pytest.fixture
def stock(desk: Desk) -> Stock:
    return stocked(desk)


def shown(page: TicketsPage, key: str = "title") -> list[str]:
    model = page.table.model_
    return [model.text(row, model.column_of(key)) for row in range(model.rowCount())]


def full(qtbot: QtBot, window: MainWindow) -> TicketsPage:
    page = go(qtbot, window, TicketsPage, "ticket")
    page.filter.choose("all")
    qtbot.waitUntil(lambda: shown(page) == ALL)
    page.focus_first()
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.current_id() is not None)
    return page


def test_an_empty_list_says_what_to_do_first(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    page = go(qtbot, window, TicketsPage, "ticket")
    page.filter.clear_all()
    qtbot.waitUntil(page.spec.first.isVisible)
    check_told(page, "No tickets yet")
    click(qtbot, button(page, "New ticket"))
    asked(qtbot, CaptureDialog).reject()
    returned(qtbot, window)


def test_the_newest_stands_first_with_number_state_and_account(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    page = full(qtbot, opening())
    assert shown(page, "number") == ["Q-0001", "R-0001", "B-0001"]
    assert shown(page, "state") == ["Captured"] * 3
    assert shown(page, "demand") == ["", "D-0001", ""]
    check_named(page)
    qtbot.waitUntil(lambda: not page.count.is_cut())
    check_room(page)


def test_chips_and_words_narrow_the_list(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    page = full(qtbot, opening())
    for chip, wanted in (("requirements", [WISH]), ("questions", [QUESTION]), ("all", ALL)):
        page.filter.choose(chip)
        qtbot.waitUntil(lambda wanted=wanted: shown(page) == wanted)
    press(qtbot, Qt.Key.Key_Slash)
    write("R-0001")
    qtbot.waitUntil(lambda: shown(page) == [WISH])


def test_bugs_have_a_list_of_their_own(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = opening()
    page = ticket_list(window.context, "bugs")
    assert isinstance(page, BugsPage)
    page.be_hosted()
    qtbot.addWidget(page)
    page.show()
    page.filter.choose("bugs")
    page.refresh()
    qtbot.waitUntil(lambda: shown(page) == [BUG])
    assert page.head.isHidden()
    assert {action.pages for action in page.page_actions()} == {("tickets",)}
    assert page.key != TicketsPage.key
    page.filter.choose("late_bugs")
    qtbot.waitUntil(lambda: shown(page) == [BUG])


def test_a_bug_is_promised_from_the_list_and_taken_back(
    qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock
) -> None:
    window = opening()
    page = full(qtbot, window)
    page.table.choose(stock.bug)
    qtbot.waitUntil(lambda: page.table.current_id() == stock.bug)
    press(qtbot, Qt.Key.Key_A)
    choose(qtbot, "Promise a date")
    dialog = asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["planned_on"].sentence.isVisible)
    dialog.form.cells["planned_on"].editor.setFocus()
    write("+10")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: shown(page, "state")[2] == "Accepted, dated")
    assert view(desk, stock.bug).row.planned_on is not None
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: shown(page, "state")[2] == "Captured")


def test_moves_that_fit_not_all_are_not_offered(qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_A, CTRL)
    qtbot.waitUntil(page.bulk.isVisible)
    click(qtbot, button(page.bulk, "Move on…"))
    choose(qtbot, "Withdrawn by the customer")
    asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: shown(page, "state") == ["Withdrawn by the customer"] * 3)
    assert view(desk, stock.wish).row.state == "withdrawn"


def test_many_get_one_importance_in_one_step(qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_A, CTRL)
    qtbot.waitUntil(page.bulk.isVisible)
    click(qtbot, button(page.bulk, "Importance"))
    choose(qtbot, "Vital")
    qtbot.waitUntil(lambda: {view(desk, one).row.importance for one in (stock.wish, stock.bug)} == {"critical"})
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: view(desk, stock.wish).row.importance == "important")


def test_a_row_leads_to_its_ticket_and_its_account(qtbot: QtBot, opening: Opening, stock: Stock) -> None:
    window = opening()
    page = full(qtbot, window)
    page.table.choose(stock.wish)
    press(qtbot, Qt.Key.Key_Return)
    opened = arrived(qtbot, window, TicketPage)
    qtbot.waitUntil(lambda: opened.view is not None)
    window.context.go.back()
    arrived(qtbot, window, TicketsPage)
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.current_id() == stock.wish)
    press(qtbot, Qt.Key.Key_O)
    assert arrived(qtbot, window, AccountPage).tabs.current() == "tickets"


def test_a_deleted_ticket_comes_back_with_its_demand(qtbot: QtBot, opening: Opening, desk: Desk, stock: Stock) -> None:
    window = opening()
    page = full(qtbot, window)
    page.table.choose(stock.wish)
    press(qtbot, Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: shown(page) == [QUESTION, BUG])
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: shown(page) == ALL)
    assert view(desk, stock.wish).row.demand_id == stock.demand
    assert view(desk, stock.wish).row.reported_on < TODAY
