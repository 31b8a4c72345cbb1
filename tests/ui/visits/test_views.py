"""Month, quarter and list by hand: switched by keys, visits moved by keys and by drops, the left out put on a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.contracts.queries import contracts_of
from csdesk.services.core.desk import Desk
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.services.visits.own_calendars import own_calendars
from csdesk.services.visits.queries import visit, visits_of_account, week_plan
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.notices import Bars
from csdesk.ui.core.window import MainWindow
from csdesk.ui.visits.dragging import Dragged
from csdesk.ui.visits.page import VisitsPage
from csdesk.ui.visits.periods import View
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    asked,
    button,
    carry,
    check_told,
    click,
    drop_files,
    go,
    press,
    read,
    returned,
    rows,
    toasts,
    undo_by_toast,
)  # fmt: skip

ALT = Qt.KeyboardModifier.AltModifier
MONDAY, TUESDAY, FRIDAY = TODAY, TODAY + timedelta(1), TODAY + timedelta(4)


def drafted(qtbot: QtBot, window: MainWindow) -> VisitsPage:
    """This week drafted by R, one visit a day."""
    page = go(qtbot, window, VisitsPage, "visits")
    qtbot.waitUntil(lambda: page.view is not None)
    press(qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.visits) == 5)
    return page


def show(qtbot: QtBot, page: VisitsPage, key: Qt.Key, view: View) -> None:
    """Switch the view by its key and wait for it."""
    press(qtbot, key, ALT)
    qtbot.waitUntil(lambda: page.current_view is page.views[view] and page.current_view.isVisible())
    page.current_view.setFocus()
    qtbot.waitUntil(page._has_keys)


def day_of(window: MainWindow, visit_id: int) -> date | None:
    found: date | None = read(window, visit, visit_id).day
    return found


def test_views_are_switched_by_keys_and_kept_over_a_restart(
    qtbot: QtBot, opening: Opening, seven: dict[str, int]
) -> None:
    page = drafted(qtbot, opening())
    for key, view, title in (
        (Qt.Key.Key_2, View.MONTH, "Visit plan, November 2026"),
        (Qt.Key.Key_3, View.QUARTER, "Visit plan, quarter 4 of 2026"),
        (Qt.Key.Key_4, View.AGENDA, "Visits from 11-23 to 12-20"),
        (Qt.Key.Key_1, View.WEEK, "Visit plan, week 48"),
        (Qt.Key.Key_3, View.QUARTER, "Visit plan, quarter 4 of 2026"),
    ):
        show(qtbot, page, key, view)
        check_told(page, title)
    window = opening()
    again = go(qtbot, window, VisitsPage, "visits")
    qtbot.waitUntil(lambda: again.mode is View.QUARTER)


def test_a_visit_is_moved_through_the_month_by_keys(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    show(qtbot, page, Qt.Key.Key_2, View.MONTH)
    qtbot.waitUntil(lambda: page.current() is not None)
    chosen = page.current()
    assert chosen is not None
    assert chosen.day == MONDAY
    for key, day in (
        (Qt.Key.Key_Right, TUESDAY),
        (Qt.Key.Key_Down, TUESDAY + timedelta(7)),
        (Qt.Key.Key_Left, MONDAY + timedelta(7)),
        (Qt.Key.Key_Up, MONDAY),
        (Qt.Key.Key_Right, TUESDAY),
    ):
        press(qtbot, key, CTRL)
        qtbot.waitUntil(lambda day=day: page.current() is not None and page.current().day == day)
        assert page.current().id == chosen.id
    press(qtbot, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: page.current() is not None and page.current().day == FRIDAY)
    assert day_of(window, chosen.id) == FRIDAY
    press(qtbot, Qt.Key.Key_Return)
    asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)


def test_arrows_go_through_days_and_their_visits(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    for name, time in (("Elm", "9:00"), ("Fern", "14:00")):
        window.context.desk.do(add_visit, AddVisit(seven[name], MONDAY, starts_at=time))
    page = go(qtbot, window, VisitsPage, "visits", view="month")
    page.month.setFocus()
    qtbot.waitUntil(lambda: page.current() is not None)
    assert page.current().account == "Elm"
    press(qtbot, Qt.Key.Key_Down)
    assert (page.month.day, page.current().account) == (MONDAY, "Fern")
    press(qtbot, Qt.Key.Key_Up)
    assert page.current().account == "Elm"
    press(qtbot, Qt.Key.Key_Tab)
    assert page.current().account == "Fern"
    press(qtbot, Qt.Key.Key_Right)
    assert page.month.day == TUESDAY
    press(qtbot, Qt.Key.Key_Up)
    assert page.month.day == TUESDAY - timedelta(7)
    assert page.current() is None
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.mode is View.WEEK and page.view.start == MONDAY - timedelta(7))


def test_drops_put_visits_and_the_left_out_on_days_of_the_month(
    qtbot: QtBot, opening: Opening, seven: dict[str, int]
) -> None:
    window = opening()
    page = drafted(qtbot, window)
    show(qtbot, page, Qt.Key.Key_2, View.MONTH)
    moved = page.view.visits[0]
    assert carry(page.month, Dragged(visit=moved.id).mime(), page.month.cell_of(FRIDAY).center())
    qtbot.waitUntil(lambda: day_of(window, moved.id) == FRIDAY)
    name = rows(page.left_out)[0]
    assert carry(page.month, Dragged(account=seven[name]).mime(), page.month.cell_of(MONDAY).center())
    qtbot.waitUntil(lambda: any(v.account == name and v.day == MONDAY for v in page.view.visits))
    data = QMimeData()
    data.setText("x")
    assert not carry(page.month, data)


def test_a_free_day_asks_before_a_drop_counts(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    show(qtbot, page, Qt.Key.Key_2, View.MONTH)
    moved = page.view.visits[0]
    assert carry(page.month, Dragged(visit=moved.id).mime(), page.month.cell_of(date(2026, 11, 28)).center())
    from PySide6.QtWidgets import QDialog

    dialog = asked(qtbot, QDialog)
    assert day_of(window, moved.id) == moved.day
    click(qtbot, button(dialog, "Plan it"))
    qtbot.waitUntil(lambda: day_of(window, moved.id) == date(2026, 11, 28))
    returned(qtbot, window)


def test_holidays_and_days_worked_in_exchange_are_named(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    from csdesk.ui.visits.month import day_note

    page = drafted(qtbot, opening())
    page.context.go.to("visits", view="month", day="2026-02-10")
    qtbot.waitUntil(lambda: page.shown.start == date(2026, 1, 26))
    notes = {day.day: day_note(day) for day in page.shown.days}
    assert notes[date(2026, 2, 17)] == "Spring Festival"
    assert notes[date(2026, 2, 14)] == "Working day in exchange"
    assert notes[date(2026, 2, 8)] == ""


def test_the_quarter_opens_a_week(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    show(qtbot, page, Qt.Key.Key_3, View.QUARTER)
    assert "Week 48, 5 visits, 5 / 5" in page.quarter.accessibleName()
    moved = page.view.visits[0]
    assert carry(page.quarter, Dragged(visit=moved.id).mime(), page.quarter.box_of(date(2026, 12, 2)).center())
    qtbot.waitUntil(lambda: day_of(window, moved.id) == date(2026, 12, 2))
    press(qtbot, Qt.Key.Key_Down)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.mode is View.WEEK and page.view.start == date(2026, 12, 7))


def test_the_list_moves_and_opens_visits(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    show(qtbot, page, Qt.Key.Key_4, View.AGENDA)
    qtbot.waitUntil(lambda: page.current() is not None)
    chosen = page.current()
    assert rows(page.agenda.lines) == [card.account for card in page.view.visits]
    press(qtbot, Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: day_of(window, chosen.id) == TUESDAY)
    qtbot.waitUntil(lambda: page.current() is not None and page.current().id == chosen.id)
    name = rows(page.left_out)[0]
    last = page.agenda.lines.viewport().rect().bottomLeft() - QPoint(-9, 9)
    assert carry(page.agenda.lines.viewport(), Dragged(account=seven[name]).mime(), last)
    qtbot.waitUntil(lambda: any(v.account == name and v.day == FRIDAY for v in page.view.visits))


def test_a_confirmed_visit_asks_why_it_is_moved(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.state.accessibleName() == "Confirmed")
    page.columns[0].list.setFocus()
    qtbot.waitUntil(lambda: page.current() is not None)
    chosen = page.current()
    press(qtbot, Qt.Key.Key_4)
    dialog = asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["reason"].sentence.isVisible)
    qtbot.keyClicks(QApplication.focusWidget(), "they asked")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: day_of(window, chosen.id) == TODAY + timedelta(3))
    returned(qtbot, window)
    card = read(window, visit, chosen.id)
    assert (card.moved_count, card.move_reason, card.baseline_on) == (1, "they asked", MONDAY)


def test_an_account_is_put_off_listed_and_taken_back(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = drafted(qtbot, window)
    page.left_out.setFocus()
    qtbot.waitUntil(lambda: page.side.chosen_account() is not None)
    name = rows(page.left_out)[0]
    press(qtbot, Qt.Key.Key_S)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["until"] == "2026-12-23"
    dialog.form.cells["reason"].set_text("stocktaking")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: [skip.account for skip in page.view.skips] == [name])
    returned(qtbot, window)
    assert name in rows(page.left_out)
    page.left_out.choose(("skip", page.view.skips[0].id))
    page.left_out.setFocus()
    qtbot.waitUntil(lambda: page.side.chosen_skip() is not None)
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not page.view.skips)
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: [skip.reason for skip in page.view.skips] == ["stocktaking"])


def test_a_visit_that_repeats_is_planned_and_ended(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, VisitsPage, "visits")
    qtbot.waitUntil(lambda: page.view is not None)
    press(qtbot, Qt.Key.Key_V)
    dialog = asked(qtbot, FormDialog)
    for key, text in (("account", "Elm"), ("day", "2026-11-25"), ("unit", "week"), ("every", "2"), ("count", "3")):
        dialog.form.cells[key].set_text(text)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(read(window, visits_of_account, seven["Elm"])) == 3)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.current() is not None)
    assert page.current().why == "every 2 weeks"
    press(qtbot, Qt.Key.Key_Return)
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["reach"].set_text("following")
    dialog.form.cells["day"].set_text("2026-11-26")
    dialog.form.cells["starts_at"].set_text("15:00")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    days = [date(2026, 11, 26), date(2026, 12, 10), date(2026, 12, 24)]
    qtbot.waitUntil(lambda: sorted(v.day for v in read(window, visits_of_account, seven["Elm"])) == days)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: [visit.day for visit in page.view.visits] == days[:1])
    page.columns[3].list.setFocus()
    qtbot.waitUntil(lambda: page.current() is not None and page.current().day == days[0])
    press(qtbot, Qt.Key.Key_Delete, SHIFT)
    qtbot.waitUntil(lambda: read(window, visits_of_account, seven["Elm"]) == ())
    qtbot.waitUntil(lambda: "ended from" in toasts(window)[-1])
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: len(read(window, visits_of_account, seven["Elm"])) == 3)


def test_two_visits_at_one_time_are_marked_and_made_one_meeting(
    qtbot: QtBot, opening: Opening, seven: dict[str, int]
) -> None:
    window = opening()
    for name in ("Elm", "Fern"):
        window.context.desk.do(add_visit, AddVisit(seven[name], TUESDAY, starts_at="10:00"))
    page = go(qtbot, window, VisitsPage, "visits")
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.visits) == 2)
    column = page.columns[1].list
    assert list(column.clashes.values()) == ["At the same time as Elm"]
    column.setFocus()
    qtbot.waitUntil(lambda: page.current() is not None)
    press(qtbot, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: page.columns[1].list.clashes == {} and page.view.days[1].used == 1)


def test_visits_of_an_account_that_left_are_offered_to_be_cancelled(
    qtbot: QtBot, opening: Opening, desk: Desk, seven: dict[str, int]
) -> None:
    from csdesk.services.contracts.commands import ChangeContract, change_contract
    from csdesk.services.contracts.rules import ContractFields

    with desk.read() as connection:
        (contract,) = contracts_of(connection, seven["Elm"])
    ended = ContractFields(contract.number, start_on=date(2025, 1, 1), end_on=date(2026, 1, 31), amount=contract.amount)
    desk.do(change_contract, ChangeContract(contract.id, ended))
    desk.do(add_visit, AddVisit(seven["Elm"], TUESDAY))
    window = opening()
    page = go(qtbot, window, VisitsPage, "visits")
    qtbot.waitUntil(lambda: any("Elm left as a customer, 1 visit" in text for text in window.speaker.bars.texts()))
    click(qtbot, button(window, "Cancel this visit"))
    qtbot.waitUntil(lambda: not page.view.visits)
    qtbot.waitUntil(lambda: not window.speaker.bars.texts())
    assert isinstance(window.speaker.bars, Bars)


def test_an_own_calendar_is_dropped_shown_and_removed(
    qtbot: QtBot, opening: Opening, seven: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "mine.ics"
    event = "BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Team\r\nDTSTART:20261124T060000Z\r\nDURATION:PT2H\r\nEND:VEVENT\r\n"
    path.write_bytes(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{event}END:VCALENDAR\r\n".encode())
    window = opening()
    page = go(qtbot, window, VisitsPage, "visits")
    assert drop_files(window, path)
    qtbot.waitUntil(lambda: page.view is not None and bool(page.view.days[1].busy))
    qtbot.waitUntil(page.columns[1].busy.isVisible)
    assert page.columns[1].busy.accessibleName() == "14:00 – 16:00 Team"
    (row,) = read(window, own_calendars)
    qtbot.waitUntil(lambda: window.context.actions.find(f"visits.own.remove.{row.id}") is not None)
    path.write_bytes(path.read_bytes().replace(b"T060000Z", b"T010000Z"))
    assert window.context.actions.run("visits.own.again")
    qtbot.waitUntil(lambda: page.columns[1].busy.accessibleName() == "9:00 – 11:00 Team")
    assert window.context.actions.run(f"visits.own.remove.{row.id}")
    qtbot.waitUntil(lambda: not page.view.days[1].busy)
    assert any("mine removed" in text for text in toasts(window))


@pytest.mark.parametrize("size", [(1440, 900), (1000, 600)])
def test_every_visit_of_a_full_month_can_be_reached(
    qtbot: QtBot, opening: Opening, desk: Desk, seven: dict[str, int], size: tuple[int, int]
) -> None:
    desk.do(change_settings, ChangeSettings({"visits.per_day": 7}))
    for number, name in enumerate(seven):
        desk.do(add_visit, AddVisit(seven[name], MONDAY, starts_at=f"{9 + number}:00"))
    window = opening()
    window.resize(*size)
    page = go(qtbot, window, VisitsPage, "visits", view="month")
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.visits) == 7)
    page.month.setFocus()
    seen = []
    for _number in seven:
        qtbot.waitUntil(lambda: page.current() is not None)
        seen.append(page.current().account)
        assert page.month.row_of(page.current().id).isValid()
        press(qtbot, Qt.Key.Key_Down)
    assert seen == list(seven)
    assert read(window, week_plan, TODAY).days[0].used == 7
