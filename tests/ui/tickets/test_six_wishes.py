"""Six calls, one demand: declined at first, reviewed again at the sixth account, accepted, released, and everybody told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import DemandState, TicketState
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.search.pinyin import fill_pinyin
from csdesk.services.tickets.queries import DemandView, demand, demand_cards
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tickets.capture import CaptureDialog
from csdesk.ui.tickets.page import RequirementsPage
from csdesk.ui.tickets.telling import TellingPage
from csdesk.ui.today.page import TodayPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, asked, check_told, go, press, read, returned, write
from tests.ui.tickets.stock import with_search

ALT = Qt.KeyboardModifier.AltModifier
CALLS = (
    ("Amber", "We want the report for each shift"),
    ("Birch", "A report for each shift would help"),
    ("Cedar", "Can I see the report by shift?"),
    ("Dill", "The report of my shift alone, please"),
    ("Elder", "Each shift needs its own report"),
    ("Fern", "We need the report for each shift too"),
)


@pytest.fixture
def six(desk: Desk) -> Desk:
    for name, _words in CALLS:
        desk.do(create_account, NewAccount(AccountFields(name)))
    fill_pinyin(desk)
    return desk


def write_down(qtbot: QtBot, window: MainWindow, account: str, words: str, *, join: bool) -> None:
    """One call: the key, the account, the words, one more key where a demand says the same."""
    press(qtbot, Qt.Key.Key_T, CTRL)
    dialog = asked(qtbot, CaptureDialog)
    qtbot.keyClicks(dialog.account, account.lower())
    qtbot.waitUntil(dialog.account.popup.isVisible)
    qtbot.keyClick(dialog.account, Qt.Key.Key_Return)
    write(words)
    if join:
        qtbot.waitUntil(dialog.likely.isVisible)
        qtbot.keyClick(dialog, Qt.Key.Key_J, ALT)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)


def the_demand(window: MainWindow) -> DemandView:
    """The only demand there is."""
    with window.context.desk.read() as connection:
        found = connection.exec_driver_sql("SELECT id FROM demands WHERE state <> 'merged'").scalars().all()
    assert len(found) == 1
    view: DemandView = read(window, demand, found[0], TODAY)
    return view


def answer(qtbot: QtBot, window: MainWindow, page: RequirementsPage, **said: str) -> None:
    """Record product's answer to the chosen card."""
    qtbot.waitUntil(lambda: page.board.current() is not None)
    qtbot.waitUntil(page.board.has_keys)
    press(qtbot, Qt.Key.Key_A)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["decision"].set_text(said.pop("decision"))
    for key, words in said.items():
        dialog.form.cells[key].editor.setFocus()
        write(words)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)


def tell_everybody(qtbot: QtBot, window: MainWindow, count: int) -> None:
    """Mark the whole queue as told."""
    page = go(qtbot, window, TellingPage, "telling")
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == count)
    page.table.setFocus()
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_D)
    if count > 1:
        asked(qtbot, FormDialog)
        press(qtbot, Qt.Key.Key_Return, CTRL)
        returned(qtbot, window)
    qtbot.waitUntil(lambda: page.table.model_.rowCount() == 0)


def board(qtbot: QtBot, window: MainWindow, column: int) -> RequirementsPage:
    """The board, once the demand stands in this column."""
    page = go(qtbot, window, RequirementsPage, "tickets")
    qtbot.waitUntil(lambda: len(page.board.columns[column].list.model_.cards) == 1)
    return page


def test_six_calls_become_one_demand_and_six_customers_are_told(qtbot: QtBot, opening: Opening, six: Desk) -> None:
    window = with_search(opening())
    go(qtbot, window, TodayPage, "today")
    for number, (account, words) in enumerate(CALLS[:5]):
        write_down(qtbot, window, account, words, join=number > 0)
    assert the_demand(window).card.accounts == 5
    page = board(qtbot, window, 0)
    qtbot.waitUntil(page.board.has_keys)
    press(qtbot, Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: len(page.board.columns[1].list.model_.cards) == 1)
    answer(qtbot, window, page, decision="declined", reason="too few", answer="Please use the filter for now.")
    qtbot.waitUntil(lambda: len(page.board.columns[3].list.model_.cards) == 1)
    tell_everybody(qtbot, window, 5)
    assert {voice.state for voice in the_demand(window).voices} == {TicketState.TOLD}

    go(qtbot, window, TodayPage, "today")
    write_down(qtbot, window, *CALLS[5], join=True)
    page = board(qtbot, window, 0)
    assert the_demand(window).card.raised
    check_told(page, "6")
    day = (TODAY + timedelta(30)).isoformat()
    answer(qtbot, window, page, decision="accepted", planned_on=day, release="9.1")
    qtbot.waitUntil(lambda: len(page.board.columns[2].list.model_.cards) == 1)
    tell_everybody(qtbot, window, 6)

    page = board(qtbot, window, 2)
    qtbot.waitUntil(page.board.has_keys)
    press(qtbot, Qt.Key.Key_Right, CTRL)
    asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: len(page.board.columns[3].list.model_.cards) == 1)
    tell_everybody(qtbot, window, 6)
    view = the_demand(window)
    assert view.card.state == DemandState.RELEASED
    assert {voice.state for voice in view.voices} == {TicketState.TOLD}
    assert [review.decision for review in view.reviews] == ["accepted", "declined"]
    assert len([notice for notice in view.notices if notice.told_on == TODAY]) == 17
    assert read(window, demand_cards, TODAY) == []
