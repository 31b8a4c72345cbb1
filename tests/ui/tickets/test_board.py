"""The board by hand: chosen by arrows, moved by keys and by drop, answered, merged, filtered, undone."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Decision, DemandState
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.queries import DemandView, demand
from csdesk.services.tickets.rules import TicketFields
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tickets.board import carried
from csdesk.ui.tickets.demand import DemandPage
from csdesk.ui.tickets.merging import MergeDialog
from csdesk.ui.tickets.page import RequirementsPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    button,
    carry,
    check_told,
    click,
    go,
    press,
    read,
    returned,
    rows,
    toasts,
    undo_by_toast,
    write,
)  # fmt: skip
from tests.ui.hands import (
    asked as open_dialog,
)

START = [["Shift reports", "Own badges"], ["Work offline"], ["Export by store"], ["Faster scan", "Regions apart"]]


def cards(page: RequirementsPage) -> list[list[str]]:
    """The titles on the board, column by column."""
    return [[card.title for card in column.list.model_.cards] for column in page.board.columns]


def board(qtbot: QtBot, window: MainWindow, start: list[list[str]] = START) -> RequirementsPage:
    """The page with its board, filled and with the keyboard."""
    page = go(qtbot, window, RequirementsPage, "tickets")
    qtbot.waitUntil(lambda: cards(page) == start)
    qtbot.waitUntil(page.board.has_keys)
    return page


def choose(qtbot: QtBot, page: RequirementsPage, demand_id: int) -> None:
    """Choose a card with the mouse."""
    column = next(one for one in page.board.columns if demand_id in [card.id for card in one.list.model_.cards])
    at = [card.id for card in column.list.model_.cards].index(demand_id)
    view = column.list
    click(qtbot, view.viewport(), view.visualRect(view.model_.index(at)).center())
    qtbot.waitUntil(lambda: page.board.current() is not None and page.board.current().id == demand_id)


def chosen(page: RequirementsPage) -> str:
    card = page.board.current()
    return "" if card is None else card.title


def state(window: MainWindow, demand_id: int) -> DemandView:
    found: Any = read(window, demand, demand_id, TODAY)
    assert isinstance(found, DemandView)
    return found


def test_an_empty_board_says_which_key_writes_one_down(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    page = go(qtbot, window, RequirementsPage, "tickets")
    qtbot.waitUntil(page.spec.first.isVisible)
    check_told(page, "Press Ctrl+T on any page")
    assert not page.board.isVisible()
    assert not page.filter.isVisible()


def test_columns_count_and_arrows_choose(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    check_told(page, "6 demands · 12 tickets · 8 accounts")
    assert [column.head.accessibleName() for column in page.board.columns] == [
        "To review 2", "With product 1", "Accepted, dated 1", "Tell customers 2",
    ]  # fmt: skip
    assert chosen(page) == "Shift reports"
    press(qtbot, Qt.Key.Key_Down)
    assert chosen(page) == "Own badges"
    press(qtbot, Qt.Key.Key_Right)
    assert chosen(page) == "Work offline"
    for _step in range(2):
        press(qtbot, Qt.Key.Key_Right)
    assert chosen(page) == "Faster scan"
    qtbot.waitUntil(lambda: page.side.title.text() == "Faster scan")
    check_told(page.side, "Released on Wed 11-18. Told 0 of 2")
    press(qtbot, Qt.Key.Key_Right)
    assert page.side.voices.hasFocus()
    press(qtbot, Qt.Key.Key_Left)
    assert page.board.columns[3].list.hasFocus()


def test_others_lead_to_what_is_late(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    page = go(qtbot, opening(), RequirementsPage, "tickets", view="late")
    qtbot.waitUntil(lambda: cards(page) == [["Shift reports", "Own badges"], [], [], []])
    assert page.filter.chips.chips["late"].isChecked()


def test_the_side_page_tells_who_asks_and_what_is_due(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    choose(qtbot, page, asked["Work offline"])
    qtbot.waitUntil(lambda: page.side.title.text() == "Work offline")
    check_told(page.side, "Working day 6 after it was sent, answer due Fri 11-27")
    assert [voice.account for voice in page.side.voices.voices] == ["Fern", "Gorse"]
    click(qtbot, button(page.side, "Remind"))
    qtbot.waitUntil(lambda: "Work offline" in QGuiApplication.clipboard().text())
    text = QGuiApplication.clipboard().text()
    assert "the answer is due on 2026-11-27" in text
    assert "Fern: “Fern wants work offline”" in text


def test_ctrl_right_sends_and_the_toast_takes_it_back(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    press(qtbot, Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: cards(page)[1] == ["Shift reports", "Work offline"])
    assert chosen(page) == "Shift reports"
    qtbot.waitUntil(page.board.columns[1].list.hasFocus)
    assert state(window, asked["Shift reports"]).card.sent_on == TODAY
    press(qtbot, Qt.Key.Key_Left, CTRL)
    qtbot.waitUntil(lambda: cards(page) == START)
    press(qtbot, Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: cards(page)[1] == ["Shift reports", "Work offline"])
    assert undo_by_toast(qtbot, window) == "Sent to product: D-0001"
    qtbot.waitUntil(lambda: cards(page) == START)


def test_a_card_let_go_on_accepted_asks_for_the_date(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    assert carry(page.board.columns[2], carried(asked["Own badges"]))
    dialog = open_dialog(qtbot, FormDialog)
    assert dialog.form.cells["decision"].text() == Decision.ACCEPTED
    click(qtbot, dialog.save)
    qtbot.waitUntil(lambda: "Say by which day." in dialog.form.cells["planned_on"].sentence.text())
    qtbot.waitUntil(lambda: dialog.form.cells["planned_on"].editor.line.hasFocus())
    write("2027-02-01")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: "Own badges" in cards(page)[2])
    assert state(window, asked["Own badges"]).card.planned_on.isoformat() == "2027-02-01"
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: cards(page) == START)


def test_a_card_let_go_on_the_last_column_is_declined_with_reason_and_answer(
    qtbot: QtBot, opening: Opening, asked: dict[str, int]
) -> None:
    window = opening()
    page = board(qtbot, window)
    assert carry(page.board.columns[3], carried(asked["Own badges"]))
    dialog = open_dialog(qtbot, FormDialog)
    click(qtbot, dialog.save)
    said = {key: cell.sentence.text() for key, cell in dialog.form.cells.items() if cell.sentence.text()}
    assert {key: text.removeprefix("■ ") for key, text in said.items()} == {
        "reason": "Say why it is declined.", "answer": "Say what the customer is told.",
    }  # fmt: skip
    dialog.form.cells["answer"].editor.setFocus()
    write("You can print them.")
    dialog.form.cells["reason"].editor.setFocus()
    write("Nobody else asks.")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: "Own badges" in cards(page)[3])
    found = state(window, asked["Own badges"])
    assert (found.reason, found.answer) == ("Nobody else asks.", "You can print them.")


@pytest.mark.parametrize(
    ("title", "column", "sentence"),
    [
        ("Export by store", 1, "Product has promised a date"),
        ("Faster scan", 2, "This was released: take it up again first"),
    ],
)
def test_a_move_that_cannot_be_says_why(
    qtbot: QtBot, opening: Opening, asked: dict[str, int], title: str, column: int, sentence: str
) -> None:
    window = opening()
    page = board(qtbot, window)
    assert carry(page.board.columns[column], carried(asked[title]))
    qtbot.waitUntil(lambda: any(text.startswith(sentence) for text in toasts(window)))
    assert cards(page) == START


def test_foreign_things_are_not_taken(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    page = board(qtbot, opening())
    foreign = QMimeData()
    foreign.setText("D-0001")
    assert not carry(page.board.columns[0], foreign)


def test_releasing_asks_for_the_day_and_customers_are_to_be_told(
    qtbot: QtBot, opening: Opening, asked: dict[str, int]
) -> None:
    window = opening()
    page = board(qtbot, window)
    choose(qtbot, page, asked["Export by store"])
    press(qtbot, Qt.Key.Key_Right, CTRL)
    open_dialog(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: "Export by store" in cards(page)[3])
    assert state(window, asked["Export by store"]).card.untold == 2


def test_a_records_the_answer(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    choose(qtbot, page, asked["Work offline"])
    press(qtbot, Qt.Key.Key_A)
    dialog = open_dialog(qtbot, FormDialog)
    click(qtbot, dialog.save)
    assert "accepted or declined" in dialog.form.cells["decision"].sentence.text()
    press(qtbot, Qt.Key.Key_Down)
    for key, words in (("planned_on", "2027-03-01"), ("release", "V6"), ("by", "Li")):
        dialog.form.cells[key].editor.setFocus()
        write(words)
    assert dialog.form.cells["release"].field.suggestions == ("V5",)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: "Work offline" in cards(page)[2])
    (review,) = state(window, asked["Work offline"]).reviews
    assert (review.reviewed_by, review.release, review.accounts) == ("Li", "V6", 2)


def test_m_merges_and_nothing_is_lost(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    choose(qtbot, page, asked["Own badges"])
    press(qtbot, Qt.Key.Key_M)
    dialog = open_dialog(qtbot, MergeDialog)
    write("shift")
    qtbot.waitUntil(lambda: rows(dialog.list) == ["Shift reports"])
    press(qtbot, Qt.Key.Key_Return)
    assert dialog.list.hasFocus()
    press(qtbot, Qt.Key.Key_Return)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: cards(page)[0] == ["Shift reports"])
    assert state(window, asked["Shift reports"]).card.accounts == 5
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: cards(page) == START)
    page.board.take_keys()
    press(qtbot, Qt.Key.Key_M)
    open_dialog(qtbot, MergeDialog)
    write("badges")
    press(qtbot, Qt.Key.Key_Escape)
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    assert cards(page) == START


def test_the_side_page_takes_another_demand_in(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    qtbot.waitUntil(lambda: page.side.title.text() == "Shift reports")
    click(qtbot, button(page.side, "Merge another"))
    dialog = open_dialog(qtbot, MergeDialog)
    write("badges")
    qtbot.waitUntil(lambda: rows(dialog.list) == ["Own badges"])
    click(qtbot, dialog.verb)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: cards(page)[0] == ["Shift reports"])
    assert state(window, asked["Shift reports"]).card.accounts == 5


def test_a_declined_demand_comes_up_again_in_the_first_column(
    qtbot: QtBot, opening: Opening, desk: Desk, asked: dict[str, int]
) -> None:
    for place in range(5):
        account = desk.do(create_account, NewAccount(AccountFields(f"New {place}"))).value
        wish = NewTicket(TicketFields("Apart, please"), account, join_demand_id=asked["Regions apart"])
        desk.do(create_ticket, wish)
    window = opening()
    page = board(qtbot, window, [["Regions apart", *START[0]], *START[1:3], ["Faster scan"]])
    choose(qtbot, page, asked["Regions apart"])
    qtbot.waitUntil(lambda: page.side.title.text() == "Regions apart")
    check_told(page.side, "6 accounts ask for it now: it may be reviewed again")
    assert page.side.state.accessibleName() == "Come up again"
    press(qtbot, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: cards(page)[0] == START[0])
    assert state(window, asked["Regions apart"]).card.state == DemandState.DECLINED
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: cards(page)[0][0] == "Regions apart")
    press(qtbot, Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: cards(page)[1] == ["Regions apart", "Work offline"])


def test_chips_and_words_narrow_the_board(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    assert not page.filter.words.isVisible()
    click(qtbot, page.filter.chips.chips["to_tell"])
    qtbot.waitUntil(lambda: cards(page) == [[], [], ["Export by store"], ["Faster scan", "Regions apart"]])
    click(qtbot, page.filter.chips.chips["custom"])
    qtbot.waitUntil(lambda: cards(page) == [[], [], [], ["Regions apart"]])
    click(qtbot, page.filter.chips.chips["to_do"])
    qtbot.waitUntil(lambda: cards(page) == START)
    press(qtbot, Qt.Key.Key_Slash)
    qtbot.waitUntil(page.filter.words.hasFocus)
    write("offline")
    qtbot.waitUntil(lambda: cards(page) == [[], ["Work offline"], [], []])
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: cards(page) == START)
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.board.has_keys)
    qtbot.waitUntil(lambda: not page.filter.words.isVisible())


def test_enter_opens_the_page_of_the_demand_and_back_returns_to_the_card(
    qtbot: QtBot, opening: Opening, asked: dict[str, int]
) -> None:
    window = opening()
    page = board(qtbot, window)
    choose(qtbot, page, asked["Work offline"])
    press(qtbot, Qt.Key.Key_Return)
    opened = arrived(qtbot, window, DemandPage)
    qtbot.waitUntil(lambda: opened.title.text() == "Work offline")
    window.context.go.back()
    page = arrived(qtbot, window, RequirementsPage)
    qtbot.waitUntil(lambda: chosen(page) == "Work offline")


def test_space_shows_the_side_page_over_the_board_of_a_small_window(
    qtbot: QtBot, opening: Opening, asked: dict[str, int]
) -> None:
    window = opening()
    window.resize(1000, 600)
    page = board(qtbot, window)
    qtbot.waitUntil(lambda: not page.side.isVisible())
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(page.side.isVisible)
    qtbot.waitUntil(lambda: page.side.title.text() == "Shift reports")
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.side.title.text() == "Own badges")
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.side.isVisible())
    window.resize(1440, 900)
    qtbot.waitUntil(page.side.isVisible)


def test_the_table_is_remembered_and_sends_many(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    qtbot.waitUntil(page.table.isVisible)
    window = opening()
    page = arrived(qtbot, window, RequirementsPage)
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 6 and page.table.hasFocus())
    model = page.table.model_
    titles = [model.text(row, model.column_of("title")) for row in range(6)]
    assert titles[0] == "Shift reports"
    for title in ("Shift reports", "Own badges"):
        page.table.choose(asked[title])
        press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(page.bulk.isVisible)
    click(qtbot, button(page.bulk, "Send to product"))
    qtbot.waitUntil(lambda: state(window, asked["Own badges"]).card.state == DemandState.IN_REVIEW)
    assert state(window, asked["Shift reports"]).card.state == DemandState.IN_REVIEW
    page.table.copy()
    assert "D-0001" in QGuiApplication.clipboard().text()


def test_space_looks_at_a_row_of_the_table(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, RequirementsPage, "tickets", show="table")
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 6 and page.table.hasFocus())
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.side.isVisible() and page.side.title.text() == "Shift reports")
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.side.title.text() != "Shift reports")
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not page.side.isVisible())
    assert page.table.hasFocus()


def test_every_verb_of_the_board_stands_in_a_menu(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    listed = {action.key for action, _item in window.menus.shown()}
    assert {
        f"demands.{key}"
        for key in (
            *("answer", "send", "call_back", "accept", "decline", "redate", "release", "take_up", "keep_declined"),
            *("merge", "edit", "remind", "on", "back", "shape", "segment", "peek", "open"),
        )
    } <= listed
    can = {action.key for action in window.context.actions.here() if action.is_enabled()}
    assert "demands.send" in can
    assert "demands.release" not in can
    assert QApplication.focusWidget() is page.board.columns[0].list
