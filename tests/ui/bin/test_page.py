"""The bin by hand: what was deleted waits there with its kind, and comes back by Enter, by button, by toast again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import DeleteAccounts, NewAccount, create_account, delete_accounts
from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.queries import account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import DeleteContact, NewContact, create_contact, delete_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.ui.bin.page import BinPage
from tests.ui.conftest import Opening
from tests.ui.hands import check_told, click, go, press, read, rows, undo_by_toast


@pytest.fixture
def binned(desk: Desk) -> dict[str, int]:
    """An account deleted, and a contact of another one that stays."""
    made = {name: desk.do(create_account, NewAccount(AccountFields(name))).value for name in ("Amber", "<b>Birch</b>")}
    person = desk.do(create_contact, NewContact(made["<b>Birch</b>"], ContactFields("Ann Lee"))).value
    desk.do(delete_contact, DeleteContact(person))
    desk.do(delete_accounts, DeleteAccounts((made["Amber"],)))
    return made


def test_an_empty_bin_says_so(qtbot: QtBot, opening: Opening) -> None:
    page = go(qtbot, opening(), BinPage, "bin")
    qtbot.waitUntil(lambda: not page.restore.isVisible())
    check_told(page, "The bin is empty")
    assert rows(page.list) == []


def test_the_last_deleted_stands_first_with_its_kind(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    page = go(qtbot, opening(), BinPage, "bin")
    qtbot.waitUntil(lambda: rows(page.list) == ["Amber", "Ann Lee"])
    assert [line.note for line in page.list.lines] == ["Account", "Contact"]
    assert page.list.lines[1].second == "<b>Birch</b>"
    check_told(page, "2 things can be brought back")


def test_enter_and_the_button_bring_back(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, BinPage, "bin")
    qtbot.waitUntil(lambda: len(rows(page.list)) == 2 and page.list.hasFocus())
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(page.list) == ["Amber"])
    assert [person.name for person in read(window, overview, binned["<b>Birch</b>"]).contacts] == ["Ann Lee"]
    qtbot.waitUntil(lambda: page.list.current_key() is not None)
    click(qtbot, page.restore)
    qtbot.waitUntil(lambda: rows(page.list) == [])
    assert read(window, account, binned["Amber"]).name == "Amber"


def test_bringing_back_is_a_step_that_can_be_undone(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, BinPage, "bin")
    qtbot.waitUntil(lambda: len(rows(page.list)) == 2 and page.list.hasFocus())
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(page.list) == ["Ann Lee"])
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: "Amber" in rows(page.list))
    assert read(window, account, binned["Amber"]) is None
