"""Ways, free days and days away: added, changed, removed, brought back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from csdesk.services.settings.queries import setting
from csdesk.services.visits.facts import absences_of, travel_of, workdays_of
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.settings.page import SettingsPage
from csdesk.ui.settings.places import ListCard, PlacesSection
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, asked, button, check_told, click, go, press, read, rows, undo_by_toast

Shown = tuple[MainWindow, PlacesSection]


@pytest.fixture
def shown(qtbot: QtBot, opening: Opening) -> Shown:
    window = opening()
    page = go(qtbot, window, SettingsPage, "settings", section="places")
    section = page.section
    assert isinstance(section, PlacesSection)
    qtbot.waitUntil(section.travel.empty.isVisible)
    return window, section


def fill(qtbot: QtBot, **texts: str) -> None:
    dialog = asked(qtbot, FormDialog)
    dialog.form.fill(texts)
    press(qtbot, Qt.Key.Key_Return, CTRL)


def enter(qtbot: QtBot, window: MainWindow, card: ListCard) -> None:
    """Put the keyboard into a list, its dialog closed."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    card.list.setFocus()


def test_a_way_is_added_changed_and_removed(qtbot: QtBot, shown: Shown) -> None:
    window, section = shown
    click(qtbot, button(section, "Add a way…"))
    fill(qtbot, origin="苏州", destination="上海", minutes="70")
    qtbot.waitUntil(lambda: rows(section.travel.list) == ["苏州 – 上海"])
    enter(qtbot, window, section.travel)
    press(qtbot, Qt.Key.Key_Return)
    fill(qtbot, minutes="80")
    qtbot.waitUntil(lambda: read(window, travel_of) == {frozenset({"苏州", "上海"}): 80})
    enter(qtbot, window, section.travel)
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(section.travel.empty.isVisible)
    assert read(window, travel_of) == {}
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: rows(section.travel.list) == ["苏州 – 上海"])


def test_a_way_to_itself_is_refused_at_the_field(qtbot: QtBot, shown: Shown) -> None:
    _window, section = shown
    section.add_way()
    fill(qtbot, origin="苏州", destination="苏州", minutes="9")
    dialog = asked(qtbot, FormDialog)
    qtbot.waitUntil(lambda: dialog.form.editors["destination"].property("wrong") is True)
    check_told(dialog, "Two different places")
    dialog.reject()


def test_the_home_city_is_stored_when_the_field_is_left(qtbot: QtBot, shown: Shown) -> None:
    window, section = shown
    section.home.setFocus()
    qtbot.keyClicks(section.home, "Suzhou")
    press(qtbot, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: read(window, setting, "visits.home") == "Suzhou")


def test_a_list_of_days_is_taken_in_at_once(qtbot: QtBot, shown: Shown) -> None:
    window, section = shown
    click(qtbot, button(section, "Take in a list…"))
    dialog = asked(qtbot, FormDialog)
    editor = dialog.form.editors["days"]
    assert isinstance(editor, QPlainTextEdit)
    editor.setPlainText("2027-01-04 休 年会\nsoon off")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    check_told(dialog, "Line 2")
    editor.setPlainText("2027-01-04 休 年会\n2027-01-09 班")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: rows(section.holidays.list) == ["年会", "Workday"])
    workdays = read(window, workdays_of)
    assert workdays.name(date(2027, 1, 4)) == "年会"
    assert workdays.is_workday(date(2027, 1, 9))


def test_one_day_is_added_changed_and_removed(qtbot: QtBot, shown: Shown) -> None:
    window, section = shown
    click(qtbot, button(section, "Add a day…"))
    fill(qtbot, day="2027-01-04", kind="off", name="Fair")
    qtbot.waitUntil(lambda: rows(section.holidays.list) == ["Fair"])
    enter(qtbot, window, section.holidays)
    press(qtbot, Qt.Key.Key_Return)
    fill(qtbot, day="2027-01-05")
    qtbot.waitUntil(lambda: read(window, workdays_of).own == {date(2027, 1, 5): "Fair"})
    qtbot.waitUntil(lambda: section.holidays.list.lines[0].key == date(2027, 1, 5))
    enter(qtbot, window, section.holidays)
    click(qtbot, section.holidays.remove)
    qtbot.waitUntil(section.holidays.empty.isVisible)


def test_days_away_are_added_changed_and_removed(qtbot: QtBot, shown: Shown) -> None:
    window, section = shown
    click(qtbot, button(section, "Add days…"))
    fill(qtbot, start="2026-12-01", end="2026-11-30", note="Training")
    dialog = asked(qtbot, FormDialog)
    check_told(dialog, "before the first")
    fill(qtbot, end="2026-12-03")
    qtbot.waitUntil(lambda: rows(section.away.list) == ["Training"])
    enter(qtbot, window, section.away)
    press(qtbot, Qt.Key.Key_Return)
    fill(qtbot, visits="1")
    qtbot.waitUntil(lambda: [entry.visits for entry in read(window, absences_of)] == [1])
    qtbot.waitUntil(lambda: "1 visit a day" in section.away.list.lines[0].note)
    enter(qtbot, window, section.away)
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(section.away.empty.isVisible)
    assert read(window, absences_of) == []
