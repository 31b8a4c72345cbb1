"""Accounts that are there twice: found, compared, merged or kept apart, by hand and by keys, and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.queries import account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.accounts.verdicts import verdict_rows
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.ui.accounts.comparing import Choice
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.accounts.duplicates import DuplicatesPage
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.parts import Label, MessageBar
from csdesk.ui.core.window import MainWindow
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    asked,
    button,
    check_told,
    click,
    go,
    press,
    read,
    returned,
    rows,
    undo_by_toast,
)

FIRST, SECOND, THIRD, FAR = (
    "苏州云帆科技有限公司",
    "云帆科技（苏州）股份有限公司",
    "苏州云帆科技集团",
    "Northwind Tools",
)


@pytest.fixture
def twice(desk: Desk) -> dict[str, int]:
    """Three spellings of one company and another one; the first has a contact, the second a short name and a contact."""
    made = {}
    for name, short, city in ((FIRST, "", "苏州"), (SECOND, "云帆", "昆山"), (THIRD, "", ""), (FAR, "", "")):
        made[name] = desk.do(create_account, NewAccount(AccountFields(name, short_name=short, city=city))).value
    desk.do(create_contact, NewContact(made[FIRST], ContactFields("林晓", phone="13911112222")))
    desk.do(create_contact, NewContact(made[SECOND], ContactFields("王伟")))
    return made


def shown(qtbot: QtBot, window: MainWindow, pairs: int = 3, **args: object) -> DuplicatesPage:
    """The page, once it lists so many pairs and the first is compared."""
    page = go(qtbot, window, DuplicatesPage, "duplicates", **args)
    qtbot.waitUntil(lambda: len(rows(page.list)) == pairs and page.panel.shown is not None)
    return page


def compared(qtbot: QtBot, page: DuplicatesPage, *ids: int) -> None:
    """Until these two stand side by side."""
    qtbot.waitUntil(lambda: page.panel.shown is not None and set(page.panel.shown.ids) == set(ids))
    qtbot.waitUntil(lambda: all(label.isVisible() for label in page.panel.findChildren(Label)))


def test_without_duplicates_the_page_says_so_and_leads_on(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, DuplicatesPage, "duplicates")
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 1)
    check_told(page, "No account is there twice")
    assert not page.merge.isVisible()
    click(qtbot, button(page, "To the accounts"))
    assert arrived(qtbot, window, AccountsPage).isVisible()


def test_a_pair_is_merged_by_key_and_comes_back_by_undo(qtbot: QtBot, opening: Opening, twice: dict[str, int]) -> None:
    window = opening()
    page = shown(qtbot, window)
    page.list.choose((twice[FIRST], twice[SECOND]))
    compared(qtbot, page, twice[FIRST], twice[SECOND])
    check_told(page.panel, "The names differ only in the legal form")
    check_told(page.panel, f"To “{FIRST}” move: 1 contact.")
    assert page.panel.take() == {"short_name"}
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: read(window, account, twice[SECOND]) is None)
    view = read(window, overview, twice[FIRST])
    assert (view.account.name, view.account.short_name, view.account.city) == (FIRST, "云帆", "苏州")
    assert [contact.name for contact in view.contacts] == ["林晓", "王伟"]
    qtbot.waitUntil(lambda: len(rows(page.list)) == 1)
    assert undo_by_toast(qtbot, window) == f"Accounts merged: {SECOND} into {FIRST}"
    qtbot.waitUntil(lambda: len(rows(page.list)) == 3)
    assert read(window, account, twice[SECOND]).short_name == "云帆"


def test_the_winner_of_a_field_is_chosen_with_the_arrows(qtbot: QtBot, opening: Opening, twice: dict[str, int]) -> None:
    window = opening()
    page = shown(qtbot, window)
    page.list.choose((twice[FIRST], twice[SECOND]))
    compared(qtbot, page, twice[FIRST], twice[SECOND])
    page.list.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    first = page.focusWidget()
    assert isinstance(first, Choice)
    assert first.accessibleName() == f"Name: {FIRST}"
    press(qtbot, Qt.Key.Key_Right)
    assert page.panel.take() == {"name", "short_name"}
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: read(window, account, twice[SECOND]) is None)
    assert read(window, account, twice[FIRST]).name == SECOND


def test_the_other_one_can_stay(qtbot: QtBot, opening: Opening, twice: dict[str, int]) -> None:
    window = opening()
    page = shown(qtbot, window)
    page.list.choose((twice[FIRST], twice[SECOND]))
    compared(qtbot, page, twice[FIRST], twice[SECOND])
    click(qtbot, button(page.panel, "Swap"))
    qtbot.waitUntil(lambda: page.panel.shown is not None and page.panel.shown.ids == (twice[SECOND], twice[FIRST]))
    click(qtbot, page.merge)
    qtbot.waitUntil(lambda: read(window, account, twice[FIRST]) is None)
    assert read(window, account, twice[SECOND]).city == "昆山"


def test_not_the_same_is_remembered_and_can_be_asked_again(
    qtbot: QtBot, opening: Opening, twice: dict[str, int]
) -> None:
    window = opening()
    page = shown(qtbot, window)
    pair = (twice[FIRST], twice[SECOND])
    page.list.choose(pair)
    compared(qtbot, page, *pair)
    press(qtbot, Qt.Key.Key_D, CTRL)
    qtbot.waitUntil(lambda: len(rows(page.list)) == 2)
    assert pair not in [line.key for line in page.list.lines]
    assert [row.same for row in read(window, verdict_rows)] == [False]
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    qtbot.waitUntil(lambda: rows(page.list) == [FIRST])
    check_told(page, "are different companies")
    assert not page.merge.isVisible()
    press(qtbot, Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 2)
    assert read(window, verdict_rows) == []


def test_hints_are_shown_when_asked_for(qtbot: QtBot, opening: Opening, twice: dict[str, int], desk: Desk) -> None:
    desk.do(create_account, NewAccount(AccountFields("杭州云帆科技有限公司")))
    page = shown(qtbot, opening())
    click(qtbot, page.hints)
    qtbot.waitUntil(lambda: len(rows(page.list)) == 6)
    assert "A hint" in {line.right_badge.text for line in page.list.lines if line.right_badge is not None}


def test_the_list_says_that_some_may_be_there_twice(qtbot: QtBot, opening: Opening, twice: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, AccountsPage, "accounts")

    def told() -> list[str]:
        return [bar.accessibleName() for bar in page.findChildren(MessageBar) if bar.isVisible()]

    qtbot.waitUntil(lambda: told() == ["3 pairs of accounts may be one company each."])
    click(qtbot, button(page, "Compare them"))
    assert arrived(qtbot, window, DuplicatesPage).isVisible()


def test_two_ticked_rows_are_laid_side_by_side(qtbot: QtBot, opening: Opening, twice: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, AccountsPage, "accounts")
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 4)
    page.table.model_.tick([twice[FIRST]], True)
    qtbot.waitUntil(lambda: page.bulk.isVisible() and page.chosen_count.text() == "1 chosen")
    assert "Merge" not in [one.words() for one in page.bulk.findChildren(type(page.export)) if one.isVisible()]
    page.table.model_.tick([twice[FAR]], True)
    qtbot.waitUntil(lambda: page.chosen_count.text() == "2 chosen")
    click(qtbot, button(page.bulk, "Merge"))
    merging = arrived(qtbot, window, DuplicatesPage)
    compared(qtbot, merging, twice[FIRST], twice[FAR])
    check_told(merging.panel, "You chose these two")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    assert arrived(qtbot, window, AccountPage).isVisible()
    assert read(window, account, twice[FAR]) is None


def test_an_account_is_merged_with_one_that_is_named(qtbot: QtBot, opening: Opening, twice: dict[str, int]) -> None:
    window = opening()
    detail = go(qtbot, window, AccountPage, "accounts", id=twice[FAR])
    qtbot.waitUntil(lambda: detail.view is not None)
    press(qtbot, Qt.Key.Key_M)
    page = arrived(qtbot, window, DuplicatesPage)
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 3)
    click(qtbot, button(page, "Merge with another account…"))
    dialog = asked(qtbot, FormDialog)
    qtbot.keyClicks(dialog.focusWidget(), "nobody")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    check_told(dialog, "Choose one of the accounts.")
    editor = dialog.form.editors["account"]
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_A, CTRL)
    QApplication.clipboard().setText(THIRD)
    qtbot.keyClick(editor, Qt.Key.Key_V, CTRL)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    compared(qtbot, page, twice[FAR], twice[THIRD])
