"""A look at an account beside the list, by keys: Space, arrows, Enter, Escape."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import ChangeMany, change_accounts
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.window import MainWindow
from tests.ui.conftest import Opening
from tests.ui.hands import arrived, button, check_told, click, go, labels, press

ESCAPE, SPACE = Qt.Key.Key_Escape, Qt.Key.Key_Space


def peeked(qtbot: QtBot, window: MainWindow) -> AccountsPage:
    """The list with the drawer open on its first row."""
    page = go(qtbot, window, AccountsPage, "accounts")
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.current_id() is not None)
    press(qtbot, SPACE)
    qtbot.waitUntil(lambda: page.peek.isVisible() and page.peek.name.text() == "Amber")
    return page


def test_space_shows_the_essentials_beside_the_list(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = peeked(qtbot, opening())
    for words in ("Ann Lee", "13900000001", "2026-12-31 \u00b7 38 days", "120,000 CNY", "Never", "No visit yet"):
        check_told(page.peek, words)
    assert page.peek.width() == 376
    assert page.peek.geometry().right() == page.rect().right()
    assert page.table.hasFocus()


def test_arrows_go_on_and_the_drawer_follows(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = peeked(qtbot, window)
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.peek.name.text() == "Birch")
    press(qtbot, Qt.Key.Key_Return)
    shown = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: shown.header.name.text() == "Birch")


@pytest.mark.parametrize("key", [SPACE, ESCAPE])
def test_space_or_escape_closes_and_the_list_keeps_the_keyboard(
    qtbot: QtBot, opening: Opening, six: dict[str, int], key: Qt.Key
) -> None:
    page = peeked(qtbot, opening())
    press(qtbot, Qt.Key.Key_X)
    press(qtbot, key)
    assert not page.peek.isVisible()
    assert page.table.hasFocus()
    assert len(page.table.model_.ticked) == 1
    press(qtbot, ESCAPE)
    assert not page.table.model_.ticked
    press(qtbot, Qt.Key.Key_Down)
    assert not page.peek.isVisible()


def test_escape_closes_from_inside_the_drawer_too(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = peeked(qtbot, opening())
    button(page.peek, "Open account").setFocus()
    press(qtbot, ESCAPE)
    assert not page.peek.isVisible()
    assert QApplication.focusWidget() is page.table


def test_what_changes_is_seen_at_once(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = peeked(qtbot, window)
    window.context.runner.do(change_accounts, ChangeMany((six["Amber"],), {"owner": "Mei"}))
    qtbot.waitUntil(lambda: any(label.text() == "Mei" for label in labels(page.peek)))


def test_everything_stays_to_be_seen_in_a_small_window(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    window.resize(1000, 600)
    page = peeked(qtbot, window)
    assert page.rect().contains(page.peek.geometry())
    qtbot.waitUntil(lambda: not [label for label in labels(page.peek) if label.is_cut()])
    click(qtbot, button(page.peek, "Open account"))
    shown = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: shown.header.name.text() == "Amber")
    facts = (shown.header.contact, shown.header.renewal, shown.header.arr)
    qtbot.waitUntil(lambda: not [fact.figure.text() for fact in facts if fact.figure.is_cut()])


def test_a_figure_of_the_header_is_never_cut(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    window.resize(1000, 600)
    page = go(qtbot, window, AccountPage, "accounts", id=six["Amber"])
    qtbot.waitUntil(lambda: page.header.name.text() == "Amber")
    page.header.contact.say("\u25b2 138 days ago", "2026-07-08")
    qtbot.waitUntil(lambda: not page.header.contact.figure.is_cut())
    assert page.header.contact.figure.x() == page.header.contact.first.x()
