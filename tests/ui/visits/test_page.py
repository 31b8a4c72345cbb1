"""The week of visits by hand: drafted, taken back, moved by key and by drop, filled up, confirmed, recorded, printed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import PlanState, VisitState
from csdesk.services.visits.queries import visit, week_plan
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.settings.page import SettingsPage
from csdesk.ui.visits.board import DayColumn, Dragged
from csdesk.ui.visits.page import VisitsPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    asked,
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
)  # fmt: skip
from tests.ui.visits.conftest import NAMES


def week(qtbot: QtBot, window: MainWindow) -> VisitsPage:
    """The page of this week, filled."""
    page = go(qtbot, window, VisitsPage, "visits")
    qtbot.waitUntil(lambda: page.view is not None)
    return page


def drafted(qtbot: QtBot, window: MainWindow) -> VisitsPage:
    """The same after R."""
    page = week(qtbot, window)
    press(qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: len(planned(page)) == 5)
    return page


def planned(page: VisitsPage) -> dict[str, date]:
    """The days on the board by account."""
    return {card.account: column.list.day for column in days(page) for card in column.list.cards}


def days(page: VisitsPage) -> list[DayColumn]:
    """The columns in sight."""
    return [column for column in page.columns if column.isVisible()]


def first(qtbot: QtBot, page: VisitsPage) -> DayColumn:
    """Monday's column with the keyboard in it, its visit chosen."""
    column = days(page)[0]
    column.list.setFocus()
    qtbot.waitUntil(lambda: column.list.hasFocus() and column.list.current_card() is not None)
    return column


def test_an_empty_week_says_what_the_rules_can_do(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = week(qtbot, window)
    check_told(page, "Nothing is planned on these days yet")
    click(qtbot, button(page, "Look at the rules"))
    assert arrived(qtbot, window, SettingsPage).isVisible()


def test_a_week_is_drafted_by_key_and_taken_back_by_toast(
    qtbot: QtBot, opening: Opening, seven: dict[str, int]
) -> None:
    window = opening()
    page = drafted(qtbot, window)
    assert sorted(planned(page).values()) == [TODAY + timedelta(days) for days in range(5)]
    assert set(planned(page)) | set(rows(page.left_out)) == set(NAMES)
    assert all(card.why for column in days(page) for card in column.list.cards)
    qtbot.waitUntil(lambda: page.state.accessibleName() == "Draft")
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: planned(page) == {})
    check_told(page, "Nothing is planned on these days yet")


def test_a_visit_moves_by_key_and_by_drop(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    card = first(qtbot, page).list.current_card()
    assert card is not None
    press(qtbot, Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: planned(page)[card.account] == TODAY + timedelta(1))
    qtbot.waitUntil(lambda: days(page)[1].list.hasFocus() and days(page)[1].list.current_id() == card.id)
    target = days(page)[3].list
    assert carry(target.viewport(), Dragged(visit=card.id).mime())
    qtbot.waitUntil(lambda: planned(page)[card.account] == TODAY + timedelta(3))
    assert read(window, visit, card.id).day == TODAY + timedelta(3)
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: planned(page)[card.account] == TODAY + timedelta(1))


def test_what_is_no_visit_is_not_taken(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    page = drafted(qtbot, opening())
    before = planned(page)
    data = QMimeData()
    data.setText("some words")
    assert not carry(days(page)[0].list.viewport(), data)
    assert planned(page) == before


def test_one_who_was_left_out_gets_a_day_by_a_digit(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    page.left_out.setFocus()
    qtbot.waitUntil(lambda: isinstance(page.left_out.current_key(), int))
    name = rows(page.left_out)[0]
    press(qtbot, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: planned(page).get(name) == TODAY + timedelta(2))
    assert name not in rows(page.left_out)
    other = rows(page.left_out)[0]
    assert carry(days(page)[4].list.viewport(), Dragged(account=seven[other]).mime())
    qtbot.waitUntil(lambda: planned(page).get(other) == TODAY + timedelta(4))
    check_told(page, "Everybody found a place.")


def test_a_plan_is_confirmed_by_key(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.state.accessibleName() == "Confirmed")
    plan = read(window, week_plan, TODAY)
    assert plan.plan.state == PlanState.CONFIRMED
    assert all(card.baseline_on == card.day for card in plan.visits)
    assert not page.confirm.isVisible()
    press(qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: any("is confirmed" in text for text in window.speaker.bars.texts()))
    assert len(planned(page)) == 5


def test_a_visit_is_recorded_with_d(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    card = first(qtbot, page).list.current_card()
    assert card is not None
    press(qtbot, Qt.Key.Key_D)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["done_on"] == TODAY.isoformat()
    dialog.form.cells["record"].set_text("谈了续约，下周报价")
    dialog.form.cells["next_step"].set_text("send the offer")
    dialog.form.cells["next_on"].set_text("+7")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: read(window, visit, card.id).state == VisitState.DONE)
    assert read(window, visit, card.id).record == "谈了续约，下周报价"
    returned(qtbot, window)


def test_a_visit_of_tomorrow_is_recorded_only_when_it_took_place(
    qtbot: QtBot, opening: Opening, seven: dict[str, int]
) -> None:
    window = opening()
    page = drafted(qtbot, window)
    card = first(qtbot, page).list.current_card()
    assert card is not None
    press(qtbot, Qt.Key.Key_D)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["done_on"].set_text("2026-12-24")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["done_on"].sentence.isVisible)
    assert dialog.form.draft()["done_on"] == "2026-12-24"
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    assert read(window, visit, card.id).state == VisitState.PLANNED


def test_the_week_as_a_calendar_file(
    qtbot: QtBot, opening: Opening, seven: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opening()
    page = drafted(qtbot, window)
    target = tmp_path / "week 周.ics"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    click(qtbot, page.calendar)
    qtbot.waitUntil(lambda: any("5 visits" in text for text in toasts(window)))
    events = list(icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT"))
    assert len(events) == 5
    for event in events:
        account = str(event["SUMMARY"]).partition(": ")[2]
        assert event["DTSTART"].dt.date() == planned(page)[account]


def test_weeks_are_turned_by_keys_and_remembered(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    press(qtbot, Qt.Key.Key_BracketRight)
    qtbot.waitUntil(lambda: page.view.start == date(2026, 11, 30))
    assert planned(page) == {}
    press(qtbot, Qt.Key.Key_BracketLeft)
    qtbot.waitUntil(lambda: page.view.start == TODAY)
    press(qtbot, Qt.Key.Key_BracketLeft)
    qtbot.waitUntil(lambda: page.view.start == date(2026, 11, 16))
    window.context.go.to("today")
    window.context.go.back()
    qtbot.waitUntil(lambda: page.isVisible() and page.view.start == date(2026, 11, 16))
    press(qtbot, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: page.view.start == TODAY and len(planned(page)) == 5)
    assert page.day == TODAY


def test_a_visit_is_planned_by_hand_for_a_named_account(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = week(qtbot, window)
    press(qtbot, Qt.Key.Key_V)
    dialog = asked(qtbot, FormDialog)
    qtbot.keyClicks(QApplication.focusWidget(), "Nobody")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["account"].sentence.isVisible)
    dialog.form.cells["account"].set_text("Elm")
    dialog.form.cells["day"].set_text("2026-11-25")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: planned(page) == {"Elm": date(2026, 11, 25)})
    returned(qtbot, window)
    assert toasts(window)[-1].startswith("Visit to Elm planned")
