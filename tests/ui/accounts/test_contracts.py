"""Contracts by hand: lines typed in a table, renewed, amended, ended, each by key, button and menu, and taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import ContractAction
from csdesk.services.contracts.queries import ContractRow, contracts_of
from csdesk.services.receivables.queries import contract_money
from csdesk.ui.accounts.contracts import KEYS
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.rows_field import RowsField
from csdesk.ui.core.window import MainWindow
from tests.conftest import TODAY
from tests.ui.accounts.test_detail import at, put
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, SHIFT, ask_menu, asked, choose, click, press, read, returned, rows, undo_by_toast


def contracts(window: MainWindow, account: int) -> list[ContractRow]:
    return read(window, contracts_of, account)


@pytest.fixture
def amber(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> tuple[MainWindow, AccountPage, int]:
    window = opening()
    page = at(qtbot, window, six["Amber"], "Amber")
    page.lists["contracts"].setFocus()
    return window, page, six["Amber"]


Open = tuple[MainWindow, AccountPage, int]


def test_lines_are_typed_in_a_table(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> None:
    window = opening()
    page = at(qtbot, window, six["Fir"], "Fir")
    click(qtbot, page.add)
    dialog = asked(qtbot, FormDialog)
    put(dialog, number="C-Fir", start_on="2026-12-01", end_on="2027-11-30")
    table = dialog.form.editors["lines"]
    assert isinstance(table, RowsField)
    table.boxes(0)["products"].setFocus()
    qtbot.keyClicks(table.boxes(0)["products"], "Core")
    press(qtbot, Qt.Key.Key_Tab)
    qtbot.keyClicks(table.boxes(0)["seats"], "10")
    press(qtbot, Qt.Key.Key_Tab)
    qtbot.keyClicks(table.boxes(0)["amount"], "12000")
    press(qtbot, Qt.Key.Key_Return)
    qtbot.keyClicks(table.boxes(1)["products"], "Training")
    qtbot.keyClicks(table.boxes(1)["amount"], "abc")
    table.boxes(1)["recurring"].click()
    press(qtbot, Qt.Key.Key_Return, CTRL)
    cell = dialog.form.cells["lines"]
    qtbot.waitUntil(cell.sentence.isVisible)
    assert "Line 2: " in cell.sentence.text()
    table.boxes(1)["amount"].setFocus()
    table.boxes(1)["amount"].selectAll()
    qtbot.keyClicks(table.boxes(1)["amount"], "3000")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(contracts(window, six["Fir"])) == 1)
    returned(qtbot, window)
    (made,) = contracts(window, six["Fir"])
    assert made.amount == Decimal(15_000)
    assert [(line.products, line.seats, line.recurring) for line in made.lines] == [
        ("Core", 10, True), ("Training", None, False),
    ]  # fmt: skip
    qtbot.waitUntil(lambda: len(rows(page.lists["contracts"])) == 3)


def test_a_contract_is_renewed_by_key_with_other_seats(qtbot: QtBot, amber: Open) -> None:
    window, page, account = amber
    press(qtbot, Qt.Key.Key_R, SHIFT)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["start_on"] == "2027-01-01"
    table = dialog.form.editors["lines"]
    assert isinstance(table, RowsField)
    table.boxes(0)["seats"].setFocus()
    qtbot.keyClicks(table.boxes(0)["seats"], "25")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(contracts(window, account)) == 2)
    returned(qtbot, window)
    new, old = contracts(window, account)
    assert (new.predecessor_id, new.seats, new.amount) == (old.id, 25, old.amount)
    assert old.renewal_state == "renewed"
    qtbot.waitUntil(lambda: len(page.lists["contracts"].lines) == 4)
    assert undo_by_toast(qtbot, window).startswith("Contract renewed")
    qtbot.waitUntil(lambda: len(contracts(window, account)) == 1)


def test_what_ends_it_asks_for_the_cause_at_its_field(qtbot: QtBot, amber: Open) -> None:
    window, page, account = amber
    click(qtbot, page.contract_verbs.buttons[ContractAction.LOSE])
    dialog = asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["cause"].sentence.isVisible)
    assert contracts(window, account)[0].renewal_state == "open"
    dialog.form.cells["cause"].set_text("price")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: contracts(window, account)[0].renewal_state == "churned")
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.contract_verbs.buttons[ContractAction.CORRECT].isVisible())
    shown = {action for action, button in page.contract_verbs.buttons.items() if button.isVisible()}
    assert shown == {ContractAction.RENEW, ContractAction.CORRECT}


def test_an_amendment_from_the_menu(qtbot: QtBot, amber: Open) -> None:
    window, page, account = amber
    ask_menu(page.lists["contracts"])
    choose(qtbot, "Amend…")
    dialog = asked(qtbot, FormDialog)
    put(dialog, from_on="2025-01-01", seats="30", amount="9000")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["from_on"].sentence.isVisible)
    assert contracts(window, account)[0].events == ()
    put(dialog, from_on="2026-07-01")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(contracts(window, account)[0].lines) == 2)
    returned(qtbot, window)
    (after,) = contracts(window, account)
    assert (after.seats, after.lines[1].start_on) == (30, date(2026, 7, 1))
    qtbot.waitUntil(lambda: any(line.key == "ledger" for line in page.lists["contracts"].lines))


@pytest.mark.parametrize(
    ("action", "typed", "kind"),
    [
        (ContractAction.EXTEND, {"end_on": "2027-03-31"}, "extended"),
        (ContractAction.TERMINATE, {"ends_on": "2026-10-31", "cause": "service"}, "terminated"),
    ],
)
def test_extended_and_terminated_by_key(
    qtbot: QtBot, amber: Open, action: ContractAction, typed: dict[str, str], kind: str
) -> None:
    window, _page, account = amber
    press(qtbot, getattr(Qt.Key, f"Key_{KEYS[action][-1]}"), SHIFT)
    dialog = asked(qtbot, FormDialog)
    for key, value in typed.items():
        dialog.form.cells[key].set_text(value)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: [event.kind for event in contracts(window, account)[0].events] == [kind])
    returned(qtbot, window)


def test_what_is_doubtful_is_said_while_typing_and_holds_nothing_back(qtbot: QtBot, amber: Open) -> None:
    window, page, account = amber
    click(qtbot, page.add)
    dialog = asked(qtbot, FormDialog)
    put(dialog, number="C-2", start_on="2026-12-01", end_on="2027-11-30")
    dialog.form.cells["currency"].set_text("USD")
    editor = dialog.form.editors["currency"]
    editor.activated.emit(editor.currentIndex())
    advice = dialog.form.cells["currency"].advice
    assert advice is not None
    assert "Enter one in the settings" in advice.text()
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(contracts(window, account)) == 2)
    returned(qtbot, window)


def test_the_next_contract_is_paid_as_chosen_in_the_same_step(qtbot: QtBot, amber: Open) -> None:
    window, _page, account = amber
    press(qtbot, Qt.Key.Key_R, SHIFT)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["rhythm"].set_text("halves")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(contracts(window, account)) == 2)
    returned(qtbot, window)
    new, _old = contracts(window, account)
    money = read(window, contract_money, new.id, TODAY).money
    assert [row.amount for row in money.instalments] == [int((new.amount or 0) * 50)] * 2
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: len(contracts(window, account)) == 1)
    assert read(window, contract_money, new.id, TODAY).contracts == []


def test_what_is_followed_offers_only_what_can_be_done(qtbot: QtBot, amber: Open) -> None:
    window, page, account = amber
    press(qtbot, Qt.Key.Key_R, SHIFT)
    asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(contracts(window, account)) == 2)
    returned(qtbot, window)
    new, old = contracts(window, account)
    view = page.lists["contracts"]
    qtbot.waitUntil(lambda: ("contract", new.id) in [line.key for line in view.lines])
    view.choose(("contract", old.id))
    shown = {action for action, button in page.contract_verbs.buttons.items() if button.isVisible()}
    assert shown == {ContractAction.AMEND}
    view.choose(("contract", new.id))
    press(qtbot, Qt.Key.Key_A, SHIFT)
    assert asked(qtbot, FormDialog).form.draft()["from_on"] == "2027-01-02"
