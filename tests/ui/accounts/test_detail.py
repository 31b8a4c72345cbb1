"""The account page by hand: tabs, people and contracts made, changed and taken back, the bin and out of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.queries import account
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.bin.page import BinPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.parts import Button
from csdesk.ui.core.window import MainWindow
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    ask_menu,
    asked,
    button,
    check_told,
    choose,
    click,
    go,
    labels,
    press,
    read,
    returned,
    rows,
    undo_by_toast,
)  # fmt: skip


def at(qtbot: QtBot, window: MainWindow, record: int, name: str, tab: str = "contracts") -> AccountPage:
    """The page of an account, once it is filled."""
    page = go(qtbot, window, AccountPage, "accounts", id=record, tab=tab)
    qtbot.waitUntil(lambda: page.header.name.text() == name)
    return page


def put(dialog: FormDialog, **texts: str) -> None:
    """Type into a form's fields, whatever the language of the words."""
    for key, text in texts.items():
        dialog.form.cells[key].set_text(text)
        dialog.form.changed.emit()


def test_tabs_are_walked_by_keys_and_count(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = at(qtbot, opening(), six["Amber"], "Amber", "timeline")
    assert rows(page.lists["contracts"]) == ["C-Amber"]
    assert rows(page.lists["contacts"]) == ["Ann Lee"]
    seen = []
    for _turn in range(10):
        press(qtbot, Qt.Key.Key_Tab, CTRL)
        seen.append(page.tabs.current())
    assert seen == ["contracts", "contacts", "visits", "tasks", "tickets", "money", "handover", "tier", "history",
                    "timeline"]  # fmt: skip
    check_told(page.header, "120,000")


def test_one_button_plans_the_visit_of_an_account_without_one(
    qtbot: QtBot, opening: Opening, six: dict[str, int]
) -> None:
    page = at(qtbot, opening(), six["Fir"], "Fir")
    offered = [one for one in page.header.findChildren(Button) if one.isVisible() and one.words() == "Plan visit"]
    assert offered == [page.header.act]


def test_an_empty_tab_offers_what_is_missing(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    page = at(qtbot, opening(), six["Fir"], "Fir")
    check_told(page, "No contract yet")
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    check_told(page, "No contact yet")
    assert rows(page.lists["contacts"]) == []


def test_a_contact_is_made_changed_deleted_and_taken_back(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Birch"], "Birch")
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    click(qtbot, page.add)
    dialog = asked(qtbot, FormDialog)
    qtbot.keyClicks(dialog.form.editors["name"], "Bob Ray")
    put(dialog, phone="13900000002")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: rows(page.lists["contacts"]) == ["Bob Ray"])
    returned(qtbot, window)
    page.lists["contacts"].setFocus()
    press(qtbot, Qt.Key.Key_Return)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["phone"] == "13900000002"
    put(dialog, name="柏 Robert", title="CEO")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: rows(page.lists["contacts"]) == ["柏 Robert"])
    returned(qtbot, window)
    page.lists["contacts"].setFocus()
    ask_menu(page.lists["contacts"])
    choose(qtbot, "Delete")
    returned(qtbot, window)
    qtbot.waitUntil(lambda: rows(page.lists["contacts"]) == [])
    assert undo_by_toast(qtbot, window).startswith("Contact")
    qtbot.waitUntil(lambda: rows(page.lists["contacts"]) == ["柏 Robert"])


def test_a_wrong_end_is_told_at_its_field_and_corrected(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Fir"], "Fir")
    click(qtbot, page.add)
    dialog = asked(qtbot, FormDialog)
    put(dialog, number="C-Fir", amount="36000", start_on="2026-12-01", end_on="2026-11-01")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    cell = dialog.form.cells["end_on"]
    qtbot.waitUntil(cell.sentence.isVisible)
    assert "before the start" in cell.sentence.text()
    assert cell.text() == "2026-11-01"
    assert cell.editor.focusProxy().hasFocus()
    assert read(window, overview, six["Fir"]).contracts == []
    put(dialog, end_on="2027-11-30")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: rows(page.lists["contracts"]) == ["C-Fir"])
    contract = read(window, overview, six["Fir"]).contracts[0]
    assert (contract.start_on, contract.end_on) == (date(2026, 12, 1), date(2027, 11, 30))
    assert contract.amount == Decimal(36000)


def test_what_was_typed_and_not_saved_is_offered_again(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Fir"], "Fir")
    click(qtbot, page.add)
    dialog = asked(qtbot, FormDialog)
    qtbot.keyClicks(dialog.form.editors["number"], "C-77")
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    click(qtbot, page.add)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["number"] == ""
    click(qtbot, button(dialog, "Put it back"))
    assert dialog.form.draft()["number"] == "C-77"
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)


def test_the_star_is_set_by_mouse_and_key(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Amber"], "Amber")
    click(qtbot, page.header.star)
    qtbot.waitUntil(lambda: read(window, account, six["Amber"]).starred)
    qtbot.waitUntil(lambda: page.view.account.starred)
    page.focus_first()
    qtbot.keyClick(page.lists["contracts"], "*")
    qtbot.waitUntil(lambda: not read(window, account, six["Amber"]).starred)
    assert not read(window, account, six["Amber"]).starred


def test_the_account_is_edited_with_e(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Elm"], "Elm")
    press(qtbot, Qt.Key.Key_E)
    dialog = asked(qtbot, FormDialog)
    put(dialog, name="")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["name"].sentence.isVisible)
    put(dialog, name="榆木实业", tier="A")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.header.name.text() == "榆木实业")
    returned(qtbot, window)
    assert read(window, account, six["Elm"]).tier == "A"
    qtbot.waitUntil(lambda: window.top.trail.texts()[-1] == "榆木实业")


def test_a_deleted_account_comes_back_from_the_bin_with_all(
    qtbot: QtBot, opening: Opening, six: dict[str, int]
) -> None:
    window = opening()
    page = at(qtbot, window, six["Amber"], "Amber")
    press(qtbot, Qt.Key.Key_Delete, CTRL)
    arrived(qtbot, window, AccountsPage)
    assert read(window, account, six["Amber"]) is None
    window.context.go.back()
    qtbot.waitUntil(lambda: window.pages.page is page)
    qtbot.waitUntil(page._gone.isVisible)
    click(qtbot, button(page, "Open the bin"))
    bin_page = arrived(qtbot, window, BinPage)
    qtbot.waitUntil(lambda: list(bin_page.table.model_.ids) == [six["Amber"]])
    qtbot.waitUntil(lambda: bin_page.table.hasFocus() and bin_page.table.current_id() is not None)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(label.text() == "The bin is empty" for label in labels(bin_page)))
    back = read(window, overview, six["Amber"])
    assert [contract.number for contract in back.contracts] == ["C-Amber"]
    assert [contact.name for contact in back.contacts] == ["Ann Lee"]
