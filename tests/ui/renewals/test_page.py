"""Renewals by hand: chosen by arrows, moved by keys and by drop, forecast, decided, in bulk, undone, exported."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import TaskSource
from csdesk.services.contracts.queries import contracts_of
from csdesk.services.renewals.queries import RenewalView, renewal
from csdesk.services.tasks.queries import tasks_from
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.board import NARROWEST, Board
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.parts import Combo
from csdesk.ui.core.theme import px
from csdesk.ui.core.window import MainWindow
from csdesk.ui.renewals.page import BOARD, CALENDAR, DAYS, STAGES, TABLE, RenewalsPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    asked,
    button,
    carry,
    check_told,
    choose,
    click,
    go,
    labels,
    press,
    read,
    returned,
    toasts,
    undo_by_toast,
    write,
)

START = [["Late"], ["Near", "Next"], [], [], [], ["Far"]]
BY_STAGE = [["Late", "Next", "Far"], ["Near"], [], [], [], ["Gone"]]


def names(board: Board) -> list[list[str]]:
    """The accounts on a board, column by column."""
    return [[card.account for card in column.list.model_.cards] for column in board.columns]


def opened(qtbot: QtBot, opening: Opening) -> tuple[MainWindow, RenewalsPage]:
    """The page with its board by days, filled and with the keyboard."""
    window = opening()
    page = go(qtbot, window, RenewalsPage, "renewals")
    qtbot.waitUntil(lambda: names(page.boards[DAYS]) == START)
    qtbot.waitUntil(page.boards[DAYS].has_keys)
    return window, page


def state(window: MainWindow, contract: int) -> RenewalView:
    found: Any = read(window, renewal, contract, TODAY)
    assert isinstance(found, RenewalView)
    return found


def chosen(page: RenewalsPage) -> str:
    ids = page.acting()
    return page.cards[ids[0]].account if ids else ""


def pick(page: RenewalsPage, qtbot: QtBot, name: str) -> None:
    """Choose a card with the mouse."""
    board = page.boards[page.columns_by]
    column = next(one for one in board.columns if name in [card.account for card in one.list.model_.cards])
    at = [card.account for card in column.list.model_.cards].index(name)
    click(qtbot, column.list.viewport(), column.list.visualRect(column.list.model_.index(at)).center())
    qtbot.waitUntil(lambda: chosen(page) == name)


def set_choice(qtbot: QtBot, dialog: FormDialog, key: str, value: str) -> None:
    """Choose in a form's list with the keyboard."""
    combo = dialog.form.cells[key].editor
    assert isinstance(combo, Combo)
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    while combo.value() != value:
        before = combo.currentIndex()
        qtbot.keyClick(combo, Qt.Key.Key_Down)
        assert combo.currentIndex() != before, value


def refill(dialog: FormDialog, key: str, text: str) -> None:
    """Write over what stands in a field."""
    editor: Any = dialog.form.cells[key].editor
    line = getattr(editor, "line", editor)
    line.setFocus()
    line.selectAll()
    write(text)


def test_an_empty_desk_says_where_contracts_come_from(qtbot: QtBot, opening: Opening) -> None:
    page = go(qtbot, opening(), RenewalsPage, "renewals")
    qtbot.waitUntil(page.spec.first.isVisible)
    check_told(page, "Contracts come with the handover workbooks")
    assert not page.forecast.isVisible()


def test_head_and_forecast_say_what_ends(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    _window, page = opened(qtbot, opening)
    check_told(page, "4 contracts due in 150 days, undecided · 1 has ended")
    check_told(page.forecast, "460.0k")
    check_told(page.forecast, "4 contracts, 3 within 30 days")
    assert page.forecast.bar.accessibleName() == "Likely 120.0k CNY, At risk 80.0k CNY, Not judged 260.0k CNY"
    check_told(page.forecast, "286.0k")
    check_told(page.forecast, "of 460.0k, no target set")
    check_told(page, "Weighted: Commit 95")


def test_arrows_choose_and_enter_opens_the_account(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    assert chosen(page) == "Late"
    press(qtbot, Qt.Key.Key_Right)
    assert chosen(page) == "Near"
    press(qtbot, Qt.Key.Key_Down)
    assert chosen(page) == "Next"
    press(qtbot, Qt.Key.Key_Right)
    assert chosen(page) == "Far"
    press(qtbot, Qt.Key.Key_Return)
    arrived(qtbot, window, AccountPage)
    press(qtbot, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    arrived(qtbot, window, RenewalsPage)
    qtbot.waitUntil(lambda: chosen(page) == "Far")


def test_the_stage_moves_by_keys_and_comes_back_by_undo(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    pick(page, qtbot, "Near")
    press(qtbot, Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: state(window, ending["Near"]).card.stage == "negotiating")
    assert undo_by_toast(qtbot, window) == "Renewals changed: Near"
    qtbot.waitUntil(lambda: page.cards[ending["Near"]].stage == "contacted")
    press(qtbot, Qt.Key.Key_Left, CTRL)
    qtbot.waitUntil(lambda: state(window, ending["Near"]).card.stage == "not_started")


def test_a_card_is_dropped_on_a_stage_but_not_on_days(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    days = page.boards[DAYS]
    assert carry(days.columns[3], days.spec.carried(ending["Near"]))
    qtbot.waitUntil(lambda: any("The day of the end stands in the contract" in text for text in toasts(window)))
    press(qtbot, Qt.Key.Key_Tab, CTRL | SHIFT)
    stages = page.boards[STAGES]
    qtbot.waitUntil(stages.has_keys)
    assert names(stages) == BY_STAGE
    assert carry(stages.columns[3], stages.spec.carried(ending["Near"]))
    qtbot.waitUntil(lambda: names(stages)[3] == ["Near"])
    assert carry(stages.columns[1], stages.spec.carried(ending["Gone"]))
    qtbot.waitUntil(lambda: any("recorded already" in text for text in toasts(window)))
    assert names(stages)[5] == ["Gone"]


def test_f_changes_the_forecast(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    pick(page, qtbot, "Near")
    press(qtbot, Qt.Key.Key_F)
    dialog = asked(qtbot, FormDialog)
    about = "HT-Near, ends 2026-12-13 (20 days), 120,000 CNY a year"
    qtbot.waitUntil(lambda: about in [label.text() for label in labels(dialog)])
    set_choice(qtbot, dialog, "category", "commit")
    refill(dialog, "forecast", "10万")
    refill(dialog, "closes_on", "+9")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: state(window, ending["Near"]).card.category == "commit")
    card = state(window, ending["Near"]).card
    assert (card.forecast_cents, card.closes_on, card.step) == (100_000_00, TODAY + timedelta(9), "Ask")
    qtbot.waitUntil(lambda: page.forecast.bar.accessibleName().startswith("Commit 120.0k"))


def test_o_records_a_renewal_and_says_how_it_splits(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    pick(page, qtbot, "Near")
    press(qtbot, Qt.Key.Key_O)
    dialog = asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "Say whether" in dialog.form.cells["result"].sentence.text())
    set_choice(qtbot, dialog, "result", "renewed")
    refill(dialog, "amount", "150000")
    said = "A year: 120,000 renewed, 30,000 expansion"
    qtbot.waitUntil(lambda: said in [label.text() for label in labels(dialog)])
    refill(dialog, "agreed_rise", "6000")
    apart = "A year: 120,000 renewed, 6,000 agreed price rise, 24,000 expansion"
    qtbot.waitUntil(lambda: apart in [label.text() for label in labels(dialog)])
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: names(page.boards[DAYS])[1] == ["Next"])
    view = state(window, ending["Near"])
    assert (view.card.state, view.card.final_cents) == ("renewed", 150_000_00)
    assert (
        undo_by_toast(qtbot, window)
        == "Near renewed at 150,000 a year: 120,000 kept, 6,000 by an agreed rise, 24,000 more, 0 less"
    )
    qtbot.waitUntil(lambda: names(page.boards[DAYS]) == START)


def test_a_loss_asks_for_its_cause_and_hides_the_next_term(
    qtbot: QtBot, opening: Opening, ending: dict[str, int]
) -> None:
    window, page = opened(qtbot, opening)
    press(qtbot, Qt.Key.Key_Tab, CTRL | SHIFT)
    stages = page.boards[STAGES]
    qtbot.waitUntil(lambda: names(stages) == BY_STAGE)
    assert carry(stages.columns[5], stages.spec.carried(ending["Next"]))
    dialog = asked(qtbot, FormDialog)
    assert not dialog.form.cells["amount"].isVisible()
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "Say why" in dialog.form.cells["cause"].sentence.text())
    set_choice(qtbot, dialog, "cause", "competitor")
    refill(dialog, "reason", "A cheaper one")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: names(stages)[5] == ["Next", "Gone"])
    view = state(window, ending["Next"])
    assert (view.cause, view.reason) == ("competitor", "A cheaper one")


def test_who_is_lost_is_named_before_it_is_recorded(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    pick(page, qtbot, "Near")
    window.context.actions.run("renewals.lost")
    dialog = asked(qtbot, FormDialog)
    assert dialog.windowTitle() == "Near does not renew HT-Near"
    set_choice(qtbot, dialog, "cause", "price")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: state(window, ending["Near"]).card.state == "churned")


def test_many_are_renewed_in_the_table_in_one_step(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    assert page.mode == TABLE
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 4)
    page.table.choose(ending["Near"])
    press(qtbot, Qt.Key.Key_X)
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(page.bulk.isVisible)
    click(qtbot, button(page.bulk, "Renew at the same terms"))
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 2)
    assert [state(window, ending[name]).card.final_cents for name in ("Near", "Next")] == [120_000_00, 80_000_00]
    assert undo_by_toast(qtbot, window) == "Renewed at the same terms: Near, Next"
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 4)


def test_many_get_one_category(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 4)
    press(qtbot, Qt.Key.Key_A, CTRL)
    qtbot.waitUntil(page.bulk.isVisible)
    click(qtbot, button(page.bulk, "Category…"))
    dialog = asked(qtbot, FormDialog)
    set_choice(qtbot, dialog, "category", "commit")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.forecast.bar.accessibleName() == "Commit 460.0k CNY")


def test_a_cell_takes_a_stage_or_asks_for_the_outcome(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 4)
    page.change_cell(ending["Far"], "stage", "contacted")
    qtbot.waitUntil(lambda: state(window, ending["Far"]).card.stage == "contacted")
    page.change_cell(ending["Far"], "next_step", "")
    page.change_cell(ending["Far"], "stage", "signed")
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["result"] == "renewed"
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)


def test_the_calendar_shows_each_end_with_its_amount(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    for _turn in range(2):
        press(qtbot, Qt.Key.Key_Tab, CTRL)
    assert page.mode == CALENDAR
    grid = page.calendar.grid
    qtbot.waitUntil(grid.hasFocus)
    assert chosen(page) == "Late"
    press(qtbot, Qt.Key.Key_Right)
    assert chosen(page) == "Near"
    assert grid.month == (TODAY + timedelta(20)).replace(day=1)
    assert page.calendar.months.current() == "2026-12-01"
    box = grid.rows_of(TODAY + timedelta(25))[0][1]
    click(qtbot, grid, box.center())
    assert chosen(page) == "Next"
    press(qtbot, Qt.Key.Key_PageDown)
    assert grid.month.isoformat() == "2027-01-01"
    press(qtbot, Qt.Key.Key_Return)
    arrived(qtbot, window, AccountPage)


def test_space_shows_the_side_page(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    _window, page = opened(qtbot, opening)
    pick(page, qtbot, "Near")
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.side.title.text() == "Near")
    check_told(page.side, "2026-12-13 · 20 days")
    check_told(page.side, "120,000")
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.side.title.text() == "Next")
    press(qtbot, Qt.Key.Key_Escape)
    assert not page.drawer.isVisible()


def test_a_piece_of_the_bar_leads_to_its_rows(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    _window, page = opened(qtbot, opening)
    box = dict(page.forecast.bar.pieces())["at_risk"]
    click(qtbot, page.forecast.bar, box.center().toPoint())
    qtbot.waitUntil(lambda: names(page.boards[DAYS]) == [[], ["Next"], [], [], [], []])
    check_told(page.forecast, "80.0k")
    assert not page.boards[DAYS].columns[0].isVisible()


def test_a_narrow_window_moves_the_board_to_the_chosen_card(
    qtbot: QtBot, opening: Opening, ending: dict[str, int]
) -> None:
    window, page = opened(qtbot, opening)
    window.resize(1000, 600)
    board = page.boards[DAYS]
    qtbot.waitUntil(lambda: board.columns[-1].visibleRegion().isEmpty())
    assert all(column.width() >= px(NARROWEST) for column in board.columns)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Right)
    assert chosen(page) == "Far"
    assert board.columns[-1].visibleRegion().boundingRect().width() == board.columns[-1].width()


def test_nothing_fits_says_what_was_asked(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    _window, page = opened(qtbot, opening)
    press(qtbot, Qt.Key.Key_Slash)
    write("nobody")
    qtbot.waitUntil(lambda: "No contract fits" in [label.text() for label in labels(page)])
    assert not page.boards[DAYS].isVisible()


def test_tasks_are_offered_once_and_made_by_themselves_later(
    qtbot: QtBot, opening: Opening, ending: dict[str, int]
) -> None:
    window, page = opened(qtbot, opening)
    click(qtbot, button(page, "Make 2 renewal tasks"))
    qtbot.waitUntil(lambda: not page.offer.isVisible())
    rows = read(window, tasks_from, TaskSource.RENEWAL, ending["Near"])
    assert [row.due_on for row in rows] == [TODAY]
    window.context.actions.run("renewals.tasks")
    qtbot.waitUntil(lambda: any("already" in text for text in toasts(window)))


def test_the_list_goes_into_a_workbook(
    qtbot: QtBot, opening: Opening, ending: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, _page = opened(qtbot, opening)
    path = tmp_path / "out.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    press(qtbot, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: any("Exported: 4 rows" in text for text in toasts(window)))
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)][:4] == ["Late", "Near", "Next", "Far"]


def test_what_was_shown_last_is_shown_again(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    _window, page = opened(qtbot, opening)
    press(qtbot, Qt.Key.Key_Tab, CTRL | SHIFT)
    qtbot.waitUntil(page.boards[STAGES].has_keys)
    window = opening()
    again = go(qtbot, window, RenewalsPage, "renewals")
    qtbot.waitUntil(lambda: names(again.boards[STAGES]) == BY_STAGE)
    assert again.boards[STAGES].isVisible()
    assert again.mode == BOARD


@pytest.mark.parametrize("show", [BOARD, TABLE, CALENDAR])
def test_others_may_lead_to_one_contract(qtbot: QtBot, opening: Opening, ending: dict[str, int], show: str) -> None:
    page = go(qtbot, opening(), RenewalsPage, "renewals", show=show, contract=ending["Next"])
    qtbot.waitUntil(lambda: page.acting() == (ending["Next"],))


def test_the_next_contract_is_in_the_account(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    window, page = opened(qtbot, opening)
    pick(page, qtbot, "Far")
    window.context.actions.run("renewals.same")
    qtbot.waitUntil(lambda: not state(window, ending["Far"]).card.is_open)
    account = state(window, ending["Far"]).card.account_id
    assert len(read(window, contracts_of, account)) == 2


def test_the_menu_of_a_card_offers_what_can_be_done(qtbot: QtBot, opening: Opening, ending: dict[str, int]) -> None:
    from tests.ui.hands import ask_menu

    window, page = opened(qtbot, opening)
    pick(page, qtbot, "Near")
    ask_menu(page.boards[DAYS].columns[1].list)
    choose(qtbot, "Renew at the same terms")
    returned(qtbot, window)
    qtbot.waitUntil(lambda: not state(window, ending["Near"]).card.is_open)
