"""Ctrl+K from the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.search.queries import StoreSearch
from csdesk.ui.core import theme
from csdesk.ui.core.palette_rows import match_command
from csdesk.ui.core.window import MainWindow
from tests.ui.core.pages import Sheet

CTRL = Qt.KeyboardModifier.ControlModifier


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key, modifier)


def opened(qtbot: QtBot, frame: MainWindow, text: str = "") -> list[str]:
    """Open the palette, type, and give its titles."""
    press(qtbot, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(frame.palette_box.field, text)
    return [row.title for row in frame.palette_box.model.rows()]


def test_ctrl_k_finds_and_enter_opens(qtbot: QtBot, frame: MainWindow) -> None:
    assert opened(qtbot, frame, "cheng") == ["Accounts", "Chengyue"]
    press(qtbot, Qt.Key.Key_Return)
    assert frame.palette_box.isHidden()
    assert frame.pages.here == "accounts"
    page = frame.pages.page
    assert isinstance(page, Sheet)
    assert page.args == {"id": 7}


def test_accounts_come_first_and_arrows_choose(qtbot: QtBot, frame: MainWindow) -> None:
    assert opened(qtbot, frame, "che") == ["Accounts", "Chengyue", "Contacts", "Chen Zhiwei"]
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    page = frame.pages.page
    assert isinstance(page, Sheet)
    assert page.args == {"id": 7, "tab": "contacts", "record": 21}


def test_arrows_go_round_and_pass_over_headings(qtbot: QtBot, frame: MainWindow) -> None:
    opened(qtbot, frame, "che")
    rows, index = frame.palette_box.model.rows(), frame.palette_box.list.currentIndex
    press(qtbot, Qt.Key.Key_Up)
    assert rows[index().row()].title == "Chen Zhiwei"
    press(qtbot, Qt.Key.Key_Tab)
    assert rows[index().row()].title == "Chengyue"


def test_escape_gives_the_focus_back(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    before = QApplication.focusWidget()
    opened(qtbot, frame, "x")
    assert QApplication.focusWidget() is frame.palette_box.field
    press(qtbot, Qt.Key.Key_Escape)
    assert frame.palette_box.isHidden()
    assert QApplication.focusWidget() is before


def test_a_greater_than_sign_asks_for_commands_alone(qtbot: QtBot, frame: MainWindow) -> None:
    titles = opened(qtbot, frame, ">dark")
    assert titles == ["Commands", "Theme: dark"]
    press(qtbot, Qt.Key.Key_Return)
    assert theme.theme().is_dark


def test_without_a_text_what_was_opened_last_and_first_commands(qtbot: QtBot, frame: MainWindow) -> None:
    frame.context.state.add_recent("accounts", 9, "Yanze")
    titles = opened(qtbot, frame)
    assert titles[:3] == ["Opened last", "Yanze", "Commands"]
    press(qtbot, Qt.Key.Key_Return)
    page = frame.pages.page
    assert isinstance(page, Sheet)
    assert page.args == {"id": 9}


def test_nothing_found_offers_a_new_account(qtbot: QtBot, frame: MainWindow) -> None:
    press(qtbot, Qt.Key.Key_2, CTRL)
    assert opened(qtbot, frame, "qqqq") == ["Nothing found for “qqqq”", "New account"]
    press(qtbot, Qt.Key.Key_Return)
    page = frame.pages.page
    assert isinstance(page, Sheet)
    assert page.made == 1


def test_nothing_is_searched_while_composing(qtbot: QtBot, frame: MainWindow) -> None:
    opened(qtbot, frame)
    before = frame.palette_box.model.rows()
    field = frame.palette_box.field
    QApplication.sendEvent(field, QInputMethodEvent("cheng", []))
    assert frame.palette_box.model.rows() == before
    commit = QInputMethodEvent()
    commit.setCommitString("Chengyue")
    QApplication.sendEvent(field, commit)
    assert [row.title for row in frame.palette_box.model.rows()] == ["Accounts", "Chengyue"]


def test_a_click_beside_it_closes_it(qtbot: QtBot, frame: MainWindow) -> None:
    opened(qtbot, frame)
    qtbot.mouseClick(frame.palette_box, Qt.MouseButton.LeftButton, pos=frame.rect().bottomRight() / 1.05)
    assert frame.palette_box.isHidden()


def test_a_click_on_a_row_runs_it(qtbot: QtBot, frame: MainWindow) -> None:
    opened(qtbot, frame, "cheng")
    view = frame.palette_box.list
    place = view.visualRect(frame.palette_box.model.index(1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert frame.pages.here == "accounts"


def test_it_is_no_popup_and_fits_a_small_window(qtbot: QtBot, frame: MainWindow) -> None:
    frame.resize(1000, 600)
    opened(qtbot, frame, ">")
    assert frame.palette_box.windowType() == Qt.WindowType.Widget
    assert frame.rect().contains(frame.palette_box.card.geometry())


def test_rows_are_spoken_whole(qtbot: QtBot, frame: MainWindow) -> None:
    opened(qtbot, frame, "cheng")
    index = frame.palette_box.model.index(1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Chengyue, A, Suzhou"


def test_commands_match_anywhere_in_any_case() -> None:
    assert match_command("Theme: Dark", "dark") == ((7, 11),)
    assert match_command("Theme: Dark", "light") is None
    assert match_command("Theme: Dark", "") == ()


def test_the_real_search_finds_by_characters(qtbot: QtBot, frame: MainWindow, desk: Desk) -> None:
    made = desk.do(create_account, NewAccount(AccountFields(name="澄岳精工"))).value
    frame.context.search = StoreSearch(desk)
    press(qtbot, Qt.Key.Key_K, CTRL)
    commit = QInputMethodEvent()
    commit.setCommitString("岳精")
    QApplication.sendEvent(frame.palette_box.field, commit)
    rows = frame.palette_box.model.rows()
    assert [row.title for row in rows[:2]] == ["Accounts", "澄岳精工"]
    assert rows[1].title_spans == ((1, 3),)
    press(qtbot, Qt.Key.Key_Return)
    page = frame.pages.page
    assert isinstance(page, Sheet)
    assert page.args == {"id": made}
