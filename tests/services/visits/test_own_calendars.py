"""The user's own calendar: taken in, read again, taken out; what it takes is not planned, and what stands there is marked."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.visits.cards import DayPlan
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.services.visits.drafting import DraftPlan, draft_plan
from csdesk.services.visits.own_calendars import (
    RemoveCalendar,
    TakenIn,
    own_calendars,
    remove_calendar,
    take_in_file,
)
from csdesk.services.visits.queries import week_plan
from tests.conftest import TODAY

MONDAY, TUESDAY, FRIDAY = TODAY, TODAY + timedelta(1), TODAY + timedelta(4)
MEETING = "SUMMARY:Team\nDTSTART;TZID=Asia/Shanghai:20261124T140000\nDTEND;TZID=Asia/Shanghai:20261124T173000"
DAY_OFF = "SUMMARY:Off\nDTSTART;VALUE=DATE:20261127\nDTEND;VALUE=DATE:20261128"
WEEKLY = "SUMMARY:Standup\nDTSTART:20261123T010000Z\nDURATION:PT15M\nRRULE:FREQ=WEEKLY"


def written(path: Path, *events: str) -> Path:
    bodies = "".join(f"BEGIN:VEVENT\nUID:u{at}\n{event}\nEND:VEVENT\n" for at, event in enumerate(events))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Mine\n{bodies}END:VCALENDAR\n"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path


def day(desk: Desk, wanted: date) -> DayPlan:
    with desk.read() as connection:
        return next(one for one in week_plan(connection, wanted).days if one.day == wanted)


def test_it_is_taken_in_read_again_and_taken_out(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "mine.ics", MEETING, DAY_OFF)
    assert take_in_file(desk, path).value == TakenIn(2, 0, 0, 0)
    assert [(entry.title, entry.start, entry.end) for entry in day(desk, TUESDAY).busy] == [("Team", 840, 1050)]
    assert [(entry.start, entry.end) for entry in day(desk, FRIDAY).busy] == [(0, 1440)]
    written(path, MEETING.replace("T14", "T15"), DAY_OFF, WEEKLY)
    again = take_in_file(desk, path)
    assert (again.value.gone, again.value.same) == (1, 1)
    assert again.value.new > 50
    assert [entry.start for entry in day(desk, TUESDAY).busy] == [900]
    assert day(desk, MONDAY).busy[0].title == "Standup"
    with desk.read() as connection:
        (row,) = own_calendars(connection)
    assert (row.name, row.path, row.times) == ("Mine", str(path), again.value.new + again.value.same)
    desk.do(remove_calendar, RemoveCalendar(row.id))
    assert day(desk, TUESDAY).busy == ()
    desk.undo()
    assert [entry.start for entry in day(desk, TUESDAY).busy] == [900]
    desk.undo()
    assert [entry.start for entry in day(desk, TUESDAY).busy] == [840]
    desk.undo()
    assert day(desk, TUESDAY).busy == ()


def test_reading_the_same_file_twice_changes_nothing_but_the_time(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "mine.ics", MEETING, MEETING, DAY_OFF)
    take_in_file(desk, path)
    again = take_in_file(desk, path)
    assert again.value == TakenIn(0, 0, 3, 0)
    assert again.changes.entities <= {"own_calendars"}


def test_what_it_takes_is_not_planned(desk: Desk, seven: dict[str, int], tmp_path: Path) -> None:
    take_in_file(desk, written(tmp_path / "mine.ics", MEETING, DAY_OFF))
    assert (day(desk, TUESDAY).capacity, day(desk, FRIDAY).capacity, day(desk, MONDAY).capacity) == (2, 0, 4)
    desk.do(draft_plan, DraftPlan(TUESDAY, FRIDAY))
    with desk.read() as connection:
        plan = week_plan(connection, MONDAY)
    assert plan.visits
    assert not any(one.clashes for one in plan.days)
    assert not next(one for one in plan.days if one.day == FRIDAY).visits
    assert all(visit.starts_at < "14:00" for visit in day(desk, TUESDAY).visits)


def test_a_visit_that_meets_it_is_marked(desk: Desk, seven: dict[str, int], tmp_path: Path) -> None:
    take_in_file(desk, written(tmp_path / "mine.ics", MEETING, DAY_OFF))
    early = desk.do(add_visit, AddVisit(seven["Dill"], TUESDAY, starts_at="12:30")).value
    late = desk.do(add_visit, AddVisit(seven["Elm"], TUESDAY, starts_at="17:00")).value
    whole = desk.do(add_visit, AddVisit(seven["Fern"], FRIDAY)).value
    assert set(day(desk, TUESDAY).clashes) == {late}
    assert early not in day(desk, TUESDAY).clashes
    assert day(desk, TUESDAY).clashes[late] == "In your calendar: Team"
    assert day(desk, FRIDAY).clashes == {whole: "In your calendar: Off"}


def test_what_is_no_calendar_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "list.ics"
    path.write_text("name,city\n")
    with pytest.raises(Problems, match="no calendar file"):
        take_in_file(desk, path)
    with desk.read() as connection:
        assert own_calendars(connection) == ()
