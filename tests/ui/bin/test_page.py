"""The bin by hand: what was deleted waits there with its kind, comes back by Enter, by button, by toast again; or goes for
good, after a question."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import DeleteAccounts, NewAccount, create_account, delete_accounts
from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.queries import account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import DeleteContact, NewContact, create_contact, delete_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.ui.bin.page import BinPage
from csdesk.ui.core.dialogs import QuestionDialog
from csdesk.ui.core.window import MainWindow
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, SHIFT, asked, button, check_told, click, go, labels, press, read, returned, toasts
from tests.ui.hands import undo_by_toast as take_back


@pytest.fixture
def binned(desk: Desk) -> dict[str, int]:
    """An account deleted, and a contact of another one that stays."""
    made = {name: desk.do(create_account, NewAccount(AccountFields(name))).value for name in ("Amber", "<b>Birch</b>")}
    person = desk.do(create_contact, NewContact(made["<b>Birch</b>"], ContactFields("Ann Lee"))).value
    desk.do(delete_contact, DeleteContact(person))
    desk.do(delete_accounts, DeleteAccounts((made["Amber"],)))
    return made


def shown(page: BinPage, key: str = "name") -> list[str]:
    """What a column says, from top to bottom."""
    model = page.table.model_
    return [model.text(row, model.column_of(key)) for row in range(model.rowCount())]


def full(qtbot: QtBot, window: MainWindow) -> BinPage:
    """The bin with both rows, the keyboard in it."""
    page = go(qtbot, window, BinPage, "bin")
    qtbot.waitUntil(lambda: len(shown(page)) == 2 and page.table.hasFocus() and page.table.current_id() is not None)
    return page


def test_an_empty_bin_says_so(qtbot: QtBot, opening: Opening) -> None:
    page = go(qtbot, opening(), BinPage, "bin")
    qtbot.waitUntil(lambda: any(label.text() == "The bin is empty" for label in labels(page)))
    assert not page.restore.isVisible()
    assert not page.empty_bin.isVisible()


def test_the_last_deleted_stands_first_with_its_kind(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    page = full(qtbot, opening())
    assert shown(page) == ["Amber", "Ann Lee"]
    assert shown(page, "kind") == ["Account", "Contact"]
    assert shown(page, "account") == ["", "<b>Birch</b>"]
    qtbot.waitUntil(lambda: any("2 things can be brought back" in label.text() for label in labels(page)))


def test_it_sorts_filters_searches_and_copies(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_C, CTRL | SHIFT)
    lines = QApplication.clipboard().text().splitlines()
    assert [line.split("\t")[:3] for line in lines] == [
        ["Name", "Kind", "Account"], ["Amber", "Account", ""], ["Ann Lee", "Contact", "<b>Birch</b>"],
    ]  # fmt: skip
    page.table.sort_by("name", True)
    qtbot.waitUntil(lambda: shown(page) == ["Ann Lee", "Amber"])
    page.filter.choose("accounts")
    qtbot.waitUntil(lambda: shown(page) == ["Amber"])
    page.filter.clear_all()
    page.focus_filter()
    qtbot.keyClicks(page.filter.words, "birch")
    qtbot.waitUntil(lambda: shown(page) == ["Ann Lee"])
    again = go(qtbot, opening(), BinPage, "bin")
    qtbot.waitUntil(lambda: shown(again) == ["Ann Lee"])
    again.filter.clear_all()
    qtbot.waitUntil(lambda: shown(again) == ["Ann Lee", "Amber"])


def test_enter_and_the_button_bring_back(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page) == ["Amber"])
    assert [person.name for person in read(window, overview, binned["<b>Birch</b>"]).contacts] == ["Ann Lee"]
    qtbot.waitUntil(lambda: page.table.current_id() is not None)
    click(qtbot, page.restore)
    qtbot.waitUntil(lambda: shown(page) == [])
    assert read(window, account, binned["Amber"]).name == "Amber"


def test_what_is_ticked_comes_back_in_one_step(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_A, CTRL)
    qtbot.waitUntil(page.bulk.isVisible)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page) == [])
    assert take_back(qtbot, window) == "Brought back from the bin: Amber, Ann Lee"
    qtbot.waitUntil(lambda: len(shown(page)) == 2)


def test_bringing_back_is_a_step_that_can_be_undone(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page) == ["Ann Lee"])
    take_back(qtbot, window)
    qtbot.waitUntil(lambda: "Amber" in shown(page))
    assert read(window, account, binned["Amber"]) is None


def test_one_row_goes_for_good_after_a_question(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Delete, CTRL)
    dialog = asked(qtbot, QuestionDialog)
    check_told(dialog, "“Amber” will be removed for good")
    assert dialog.keep.hasFocus()
    press(qtbot, Qt.Key.Key_Return)
    returned(qtbot, window)
    assert shown(page) == ["Amber", "Ann Lee"]
    page.table.setFocus()
    press(qtbot, Qt.Key.Key_Delete, CTRL)
    dialog = asked(qtbot, QuestionDialog)
    assert dialog.verb.words() == "Remove for good"
    click(qtbot, dialog.verb)
    qtbot.waitUntil(lambda: shown(page) == ["Ann Lee"])
    qtbot.waitUntil(lambda: toasts(window) == ["Removed from the bin for good: Amber"])
    assert window.speaker.corner.toasts[-1].toast.undo is None


def test_everything_goes_for_good_and_undo_says_why_not(qtbot: QtBot, opening: Opening, binned: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    click(qtbot, button(page, "Empty the bin"))
    dialog = asked(qtbot, QuestionDialog)
    check_told(dialog, "“Amber”, “Ann Lee” will be removed for good, in all 1 account record, 1 contact.")
    click(qtbot, dialog.verb)
    qtbot.waitUntil(lambda: shown(page) == [])
    returned(qtbot, window)
    window.context.runner.undo()
    qtbot.waitUntil(lambda: any("removed from the bin for good" in text for text in window.speaker.bars.texts()))
