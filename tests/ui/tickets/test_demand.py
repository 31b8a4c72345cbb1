"""The page of a demand by hand: what it shows, voices split off, words changed, what comes next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import DemandState
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.demands import MergeDemands, merge_demands
from csdesk.services.tickets.queries import demand
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tickets.demand import DemandPage
from csdesk.ui.tickets.page import RequirementsPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    button,
    check_told,
    click,
    go,
    labels,
    press,
    read,
    returned,
    rows,
    undo_by_toast,
    write,
)  # fmt: skip
from tests.ui.hands import (
    asked as open_dialog,
)


def opened(qtbot: QtBot, window: MainWindow, demand_id: int, title: str) -> DemandPage:
    """The page, filled and with the keyboard."""
    page = go(qtbot, window, DemandPage, "tickets", id=demand_id)
    qtbot.waitUntil(lambda: page.view is not None and page.title.text() == title)
    page.focus_first()
    return page


def heard(page: DemandPage) -> list[str]:
    return [voice.account for voice in page.voices.voices]


def test_it_shows_voices_reviews_notices_and_moves(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = opened(qtbot, window, asked["Export by store"], "Export by store")
    assert heard(page) == ["Aster", "Dill"]
    assert window.top.trail.texts()[-1] == "Export by store"
    check_told(page, "Planned for 2027-01-15 (V5)")
    check_told(page, "It is to them: Vital 1, Nice to have 1")
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    assert rows(page.reviews) == ["Accept"]
    assert "2 accounts then" in page.reviews.lines[0].right
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    assert rows(page.notices) == ["Aster", "Dill"]
    press(qtbot, Qt.Key.Key_Return)
    arrived(qtbot, window, AccountPage)
    window.context.go.back()
    page = arrived(qtbot, window, DemandPage)
    qtbot.waitUntil(lambda: page.tabs.current() == "notices")
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    assert rows(page.moves) == ["To be reviewed → Accepted, dated", "First asked for"]


def test_ticked_voices_are_split_off_and_come_back(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = opened(qtbot, window, asked["Shift reports"], "Shift reports")
    assert heard(page) == ["Aster", "Birch", "Cedar"]
    assert not page.split.isVisible()
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_X)
    qtbot.waitUntil(page.split.isVisible)
    click(qtbot, button(page, "Split 1 voice off"))
    qtbot.waitUntil(lambda: heard(page) == ["Aster", "Cedar"])
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: heard(page) == ["Aster", "Birch", "Cedar"])
    page.voices.setFocus()
    press(qtbot, Qt.Key.Key_X)
    press(qtbot, Qt.Key.Key_M, SHIFT)
    qtbot.waitUntil(lambda: len(heard(page)) == 2)


def test_the_last_voice_stays(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = opened(qtbot, window, asked["Regions apart"], "Regions apart")
    press(qtbot, Qt.Key.Key_X)
    press(qtbot, Qt.Key.Key_M, SHIFT)
    qtbot.waitUntil(lambda: any("At least one voice must stay" in text for text in window.speaker.bars.texts()))
    assert heard(page) == ["Cedar"]


def test_title_and_background_are_changed_by_e(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = opened(qtbot, window, asked["Own badges"], "Own badges")
    press(qtbot, Qt.Key.Key_E)
    dialog = open_dialog(qtbot, FormDialog)
    dialog.form.cells["title"].editor.clear()
    click(qtbot, dialog.save)
    qtbot.waitUntil(lambda: "Say in a few words" in dialog.form.cells["title"].sentence.text())
    dialog.form.cells["title"].editor.setFocus()
    write("Badges <b>")
    dialog.form.cells["background"].editor.setFocus()
    write("New people every week.")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.title.text() == "Badges <b>")
    qtbot.waitUntil(lambda: any(label.text() == "New people every week." for label in labels(page)))


def test_the_primary_button_is_what_comes_next(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = opened(qtbot, window, asked["Own badges"], "Own badges")
    click(qtbot, button(page, "Send to product"))
    qtbot.waitUntil(lambda: page.view.card.state == DemandState.IN_REVIEW)
    click(qtbot, button(page, "Record product's answer"))
    dialog = open_dialog(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    assert dialog is not None
    page = opened(qtbot, window, asked["Export by store"], "Export by store")
    assert button(page, "Mark as released").isVisible()


def test_a_date_is_moved_with_its_reason(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = opened(qtbot, window, asked["Export by store"], "Export by store")
    assert window.context.actions.run("demands.redate")
    dialog = open_dialog(qtbot, FormDialog)
    dialog.form.cells["planned_on"].editor.line.clear()
    dialog.form.cells["planned_on"].editor.line.setFocus()
    write("2027-02-26")
    dialog.form.cells["note"].editor.setFocus()
    write("Holidays in between")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.moves.lines[0].title == "Date moved to 2027-02-26")
    check_told(page, "at first 2027-01-15")
    assert page.moves.lines[0].second == "Holidays in between"


def test_a_merged_demand_says_where_it_went(qtbot: QtBot, opening: Opening, desk: Desk, asked: dict[str, int]) -> None:
    desk.do(merge_demands, MergeDemands((asked["Own badges"],), asked["Shift reports"]))
    window = opening()
    page = opened(qtbot, window, asked["Own badges"], "Own badges")
    check_told(page, "Merged into D-0001")
    assert not page.next.isVisible()
    found = read(window, demand, asked["Own badges"], TODAY)
    assert found.moves[0].other == "D-0001"
    assert [move.other for move in found.moves[1:]] == [""]


def test_one_that_is_gone_leads_to_the_board(qtbot: QtBot, opening: Opening, asked: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, DemandPage, "tickets", id=7)
    qtbot.waitUntil(page._gone.isVisible)
    click(qtbot, button(page, "Open the board"))
    assert arrived(qtbot, window, RequirementsPage).isVisible()
