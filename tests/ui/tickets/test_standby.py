"""The dialog that waits for Ctrl+T: nothing of another opening, page, theme or draft is in it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import VisitKind
from csdesk.services.accounts.commands import ChangeAccount, change_account
from csdesk.services.accounts.queries import account as account_row
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.queries import tickets_of_account
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.context import Subject
from csdesk.ui.core.parts import Button
from csdesk.ui.core.standby import Standby
from csdesk.ui.core.theme import metrics, px
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tickets.capture import CaptureDialog, keep_ready
from csdesk.ui.today.page import TodayPage
from csdesk.ui.visits.detail import VisitPage
from csdesk.ui.visits.record import RecordDialog
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, arrived, asked, go, press, read, returned, write
from tests.ui.tickets.stock import CHENGYUE, LINGCHI, Stock, stocked, with_search

ALT, ESCAPE, T = Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Escape, Qt.Key.Key_T


@pytest.fixture
def stock(desk: Desk) -> Stock:
    return stocked(desk)


@pytest.fixture
def window(qtbot: QtBot, opening: Opening, stock: Stock) -> MainWindow:
    """On the day's page, with a dialog ready."""
    window = with_search(opening())
    go(qtbot, window, TodayPage, "today")
    keep_ready(window.context, window)
    return window


def standby(window: MainWindow) -> Standby:
    assert window.context.standby is not None
    return window.context.standby


def ctrl_t(qtbot: QtBot, window: MainWindow) -> CaptureDialog:
    """Press it once one is ready."""
    qtbot.waitUntil(lambda: standby(window).is_ready)
    press(qtbot, T, CTRL)
    assert not standby(window).is_ready
    return asked(qtbot, CaptureDialog)


def away(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, ESCAPE)
    returned(qtbot, window)


def texts_of(window: MainWindow, account: int) -> list[str]:
    return [row.text for row in read(window, tickets_of_account, account)]


def offers(dialog: QWidget) -> list[str]:
    return [one.words() for one in dialog.findChildren(Button) if one.isVisible()]


def test_each_opening_begins_with_the_account_of_its_page(qtbot: QtBot, window: MainWindow, stock: Stock) -> None:
    dialog = ctrl_t(qtbot, window)
    assert (dialog.account.value, dialog.account.text()) == (None, "")
    assert dialog.account.hasFocus()
    away(qtbot, window)
    for account, name in ((stock.lingchi, LINGCHI), (stock.chengyue, CHENGYUE)):
        window.context.go.to("accounts", id=account)
        page = arrived(qtbot, window, AccountPage)
        qtbot.waitUntil(lambda page=page, about=Subject(account, name): page.subject() == about)
        dialog = ctrl_t(qtbot, window)
        assert (dialog.account.value, dialog.account.text()) == (account, name)
        assert dialog.words.hasFocus()
        away(qtbot, window)
    go(qtbot, window, TodayPage, "today")
    dialog = ctrl_t(qtbot, window)
    assert (dialog.account.value, dialog.account.text()) == (None, "")
    away(qtbot, window)


def test_what_was_said_chosen_and_unfolded_is_gone_with_its_dialog(
    qtbot: QtBot, window: MainWindow, stock: Stock
) -> None:
    dialog = ctrl_t(qtbot, window)
    dialog.account.put(stock.lingchi, LINGCHI)
    dialog.words.setFocus()
    write("按班组看报表")
    qtbot.waitUntil(dialog.likely.isVisible)
    qtbot.keyClick(dialog, Qt.Key.Key_J, ALT)
    qtbot.keyClick(dialog, Qt.Key.Key_M, ALT)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    assert len([row for row in read(window, tickets_of_account, stock.lingchi) if row.demand_id == stock.demand]) == 1
    dialog = ctrl_t(qtbot, window)
    assert (dialog.words.toPlainText(), dialog.kind, dialog.likely.isHidden()) == ("", "requirement", True)
    assert dialog.form.is_folded
    assert "Put it back" not in offers(dialog)
    write("Something else")
    dialog.account.put(stock.lingchi, LINGCHI)
    dialog.words.setFocus()
    write("Export to paper")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    newest = max(read(window, tickets_of_account, stock.lingchi), key=lambda row: row.id)
    assert (newest.text, newest.demand_number) == ("Export to paper", "D-0002")


def test_what_was_not_saved_is_offered_by_the_one_that_waited_meanwhile(
    qtbot: QtBot, window: MainWindow, stock: Stock
) -> None:
    dialog = ctrl_t(qtbot, window)
    assert "Put it back" not in offers(dialog)
    dialog.words.setFocus()
    write("Half a sentence")
    away(qtbot, window)
    dialog = ctrl_t(qtbot, window)
    assert "Put it back" in offers(dialog)
    assert dialog.words.toPlainText() == ""
    away(qtbot, window)


def test_an_account_that_got_another_name_meanwhile_is_found_by_it(
    qtbot: QtBot, window: MainWindow, stock: Stock
) -> None:
    row = read(window, account_row, stock.lingchi)
    assert row is not None
    wish = ChangeAccount(stock.lingchi, AccountFields("Starling"), row.version)
    window.context.runner.do(change_account, wish)
    qtbot.waitUntil(lambda: bool(window.context.search and window.context.search.find_accounts("starl", 1)))
    dialog = ctrl_t(qtbot, window)
    qtbot.keyClicks(dialog.account, "starl")
    qtbot.waitUntil(dialog.account.popup.isVisible)
    press(qtbot, Qt.Key.Key_Tab)
    assert (dialog.account.value, dialog.account.text()) == (stock.lingchi, "Starling")
    away(qtbot, window)


def test_another_zoom_and_theme_make_another_dialog(qtbot: QtBot, window: MainWindow) -> None:
    window.context.preferences.set_zoom(150)
    window.context.preferences.set_theme("dark")
    assert not standby(window).is_ready
    dialog = ctrl_t(qtbot, window)
    assert dialog.width() == px(640)
    assert dialog.words.height() == 3 * metrics().lineSpacing() + px(20)
    away(qtbot, window)


def test_above_the_record_of_a_visit_it_stands_and_the_next_one_above_the_window(
    qtbot: QtBot, window: MainWindow, desk: Desk, stock: Stock
) -> None:
    visit = desk.do(add_visit, AddVisit(stock.lingchi, TODAY, VisitKind.ONSITE)).value
    page = go(qtbot, window, VisitPage, "visits", id=visit)
    qtbot.waitUntil(lambda: page.view is not None)
    press(qtbot, ESCAPE)
    press(qtbot, Qt.Key.Key_D)
    record = asked(qtbot, RecordDialog)
    for said in ("Export to the store manager", "Larger print"):
        dialog = ctrl_t(qtbot, window)
        assert dialog.parentWidget() is record
        assert dialog.account.value == stock.lingchi
        write(said)
        press(qtbot, Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda said=said: said in texts_of(window, stock.lingchi))
        qtbot.waitUntil(lambda: standby(window).is_ready)
        record.activateWindow()
        qtbot.waitUntil(record.isActiveWindow)
    record.reject()
    returned(qtbot, window)
    dialog = ctrl_t(qtbot, window)
    assert dialog.parentWidget() is window
    away(qtbot, window)
