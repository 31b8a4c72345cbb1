"""The list of opportunities by hand: made, moved on, won into a contract, lost, and seen at the account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.services.contracts.queries import contracts_of
from csdesk.services.opportunities.queries import OPPORTUNITIES, OpportunityRow, opportunities_of_account
from csdesk.services.receivables.commands import PlanInstalments, plan_instalments
from csdesk.services.receivables.queries import contract_money
from csdesk.services.receivables.rules import Instalment
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.opportunities.page import OpportunitiesPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    ask_menu,
    asked,
    check_told,
    choose,
    click,
    go,
    press,
    read,
    returned,
    toasts,
    undo_by_toast,
)


def shown(qtbot: QtBot, window: MainWindow, count: int = 3) -> OpportunitiesPage:
    page = go(qtbot, window, OpportunitiesPage, "opportunities")
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == count)
    page.focus_first()
    return page


def of_ada(window: MainWindow, ada: int) -> dict[str, OpportunityRow]:
    return {row.title: row for row in read(window, opportunities_of_account, ada)}


def at_title(page: OpportunitiesPage, title: str) -> None:
    """Choose the row with this title."""
    with page.context.desk.read() as connection:
        rows: dict[int, Any] = OPPORTUNITIES.rows(connection, list(page.table.model_.ids))
    page.table.choose(next(key for key, values in rows.items() if values[0] == title))


def test_an_empty_page_says_what_comes_first(qtbot: QtBot, opening: Opening) -> None:
    page = go(qtbot, opening(), OpportunitiesPage, "opportunities")
    qtbot.waitUntil(page.spec.first.isVisible)
    check_told(page, "No opportunities yet")


def test_one_is_made_for_an_account_by_name(qtbot: QtBot, opening: Opening, ada: int) -> None:
    window = opening()
    page = shown(qtbot, window)
    window.context.actions.run("opportunities.new")
    dialog = asked(qtbot, FormDialog)
    for key, text in (("account", "Ada"), ("title", "Reports"), ("amount", "8000"), ("probability", "140")):
        dialog.form.cells[key].set_text(text)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["probability"].sentence.isVisible)
    dialog.form.cells["probability"].set_text("40")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 4)
    returned(qtbot, window)
    assert of_ada(window, ada)["Reports"].probability == 40


def test_won_by_one_key_goes_into_the_contract_and_back(qtbot: QtBot, opening: Opening, ada: int) -> None:
    window = opening()
    page = shown(qtbot, window)
    at_title(page, "Ten seats")
    press(qtbot, Qt.Key.Key_W)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["from_on"].set_text("2026-07-01")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: of_ada(window, ada)["Ten seats"].stage == "won")
    returned(qtbot, window)
    (contract,) = read(window, contracts_of, ada)
    assert (contract.seats, contract.amount) == (20, Decimal(15_000))
    assert undo_by_toast(qtbot, window).startswith("Opportunity won")
    qtbot.waitUntil(lambda: of_ada(window, ada)["Ten seats"].stage == "proposed")
    assert read(window, contracts_of, ada)[0].events == ()


def test_won_with_the_renewal(qtbot: QtBot, opening: Opening, ada: int) -> None:
    window = opening()
    page = shown(qtbot, window)
    at_title(page, "Ten seats")
    press(qtbot, Qt.Key.Key_W)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["how"].set_text("renew")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(read(window, contracts_of, ada)) == 2)
    returned(qtbot, window)
    new = read(window, contracts_of, ada)[0]
    assert (new.start_on, new.seats, new.amount) == (date(2027, 1, 1), 20, Decimal(18_000))


def test_lost_asks_for_the_reason_and_a_stage_is_chosen_from_a_menu(qtbot: QtBot, opening: Opening, ada: int) -> None:
    window = opening()
    page = shown(qtbot, window)
    at_title(page, "Chat")
    press(qtbot, Qt.Key.Key_L)
    dialog = asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["reason"].sentence.isVisible)
    dialog.form.cells["reason"].set_text("no budget")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: of_ada(window, ada)["Chat"].stage == "lost")
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 2)
    click(qtbot, page.filter.chips.chips["lost"])
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 1)
    page.focus_first()
    at_title(page, "Chat")
    press(qtbot, Qt.Key.Key_S)
    choose(qtbot, "Qualified")
    qtbot.waitUntil(lambda: of_ada(window, ada)["Chat"].stage == "qualified")


def test_the_account_shows_its_own_and_offers_what_can_be_done(qtbot: QtBot, opening: Opening, ada: int) -> None:
    window = opening()
    page = shown(qtbot, window)
    at_title(page, "Chat")
    press(qtbot, Qt.Key.Key_O)
    account = arrived(qtbot, window, AccountPage)
    view = account.lists["contracts"]
    qtbot.waitUntil(lambda: [line.title for line in view.lines] == ["HT-1", "Opportunities", "Chat", "Ten seats"])
    view.setFocus()
    view.choose(view.lines[2].key)
    ask_menu(view)
    choose(qtbot, "Delete")
    qtbot.waitUntil(lambda: [line.title for line in view.lines] == ["HT-1", "Opportunities", "Ten seats"])
    returned(qtbot, window)


def test_a_cell_is_typed_over_and_a_wrong_one_told(qtbot: QtBot, opening: Opening, ada: int) -> None:
    window = opening()
    page = shown(qtbot, window)
    key = of_ada(window, ada)["Chat"].id
    page.change_cell(key, "probability", "35")
    qtbot.waitUntil(lambda: of_ada(window, ada)["Chat"].probability == 35)
    page.change_cell(key, "probability", "350")
    qtbot.waitUntil(lambda: any("percentage" in words for words in toasts(window)))
    assert of_ada(window, ada)["Chat"].probability == 35


def test_the_instalments_of_what_is_won_are_proposed_as_the_contract_is_paid(
    qtbot: QtBot, opening: Opening, ada: int
) -> None:
    window = opening()
    (row,) = read(window, contracts_of, ada)
    window.context.desk.do(plan_instalments, PlanInstalments(row.id, (Instalment(row.start_on, row.amount),)))
    page = shown(qtbot, window)
    at_title(page, "Ten seats")
    press(qtbot, Qt.Key.Key_W)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.cells["rhythm"].text() == "once"
    dialog.form.cells["from_on"].set_text("2026-07-01")
    dialog.form.cells["due_on"].set_text("2026-07-20")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: of_ada(window, ada)["Ten seats"].stage == "won")
    returned(qtbot, window)
    owed = read(window, contract_money, row.id, TODAY).money.instalments
    assert [(one.due_on, one.amount) for one in owed] == [(row.start_on, 12_000_00), (date(2026, 7, 20), 3_000_00)]
    assert undo_by_toast(qtbot, window).startswith("Opportunity won")
    qtbot.waitUntil(lambda: len(read(window, contract_money, row.id, TODAY).money.instalments) == 1)
