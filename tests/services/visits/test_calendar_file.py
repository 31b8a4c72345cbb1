"""A plan as a calendar file, read back by another reader of calendars."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from csdesk.services.core.desk import Desk
from csdesk.services.visits.calendar_file import write_plan
from csdesk.services.visits.commands import CancelVisit, EditVisit, MoveVisit, cancel_visit, edit_visit, move_visit
from csdesk.services.visits.planning import plan
from csdesk.services.visits.queries import days_plan

MONDAY, FRIDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 29)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def events(desk: Desk, path: Path) -> dict[str, Any]:
    with desk.read() as connection:
        count = write_plan(path, days_plan(connection, MONDAY, SUNDAY))
    found = {str(event["uid"]): event for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")}
    assert len(found) == count
    return found


def test_each_visit_is_an_event_with_place_goal_and_person(desk: Desk, seven: dict[str, int], tmp_path: Path) -> None:
    visits = plan(desk, MONDAY, SUNDAY).plan.visits
    found = events(desk, tmp_path / "week.ics")
    assert set(found) == {f"visit-{visit.id}@csdesk" for visit in visits}
    first = found[f"visit-{visits[0].id}@csdesk"]
    assert str(first["summary"]) == "On site: Aster"
    assert str(first["location"]) == "Suzhou"
    assert first["dtstart"].dt == datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)
    assert first["dtend"].dt == datetime(2026, 11, 23, 11, 0, tzinfo=SHANGHAI)
    assert visits[0].goal in str(first["description"])


def test_a_moved_visit_keeps_its_uid_and_counts_its_moves(desk: Desk, seven: dict[str, int], tmp_path: Path) -> None:
    visit = plan(desk, MONDAY, SUNDAY).plan.visits[0]
    before = events(desk, tmp_path / "a.ics")
    desk.do(move_visit, MoveVisit(visit.id, FRIDAY, "15:00"))
    after = events(desk, tmp_path / "b.ics")
    key = f"visit-{visit.id}@csdesk"
    assert set(before) == set(after)
    assert (before[key]["sequence"], after[key]["sequence"]) == (0, 1)
    assert after[key]["dtstart"].dt == datetime(2026, 11, 27, 15, 0, tzinfo=SHANGHAI)


def test_without_a_time_it_lasts_all_day_and_called_off_says_so(
    desk: Desk, seven: dict[str, int], tmp_path: Path
) -> None:
    first, second, *_rest = plan(desk, MONDAY, SUNDAY).plan.visits
    desk.do(edit_visit, EditVisit(first.id, starts_at=""))
    desk.do(cancel_visit, CancelVisit(second.id, "ill"))
    found = events(desk, tmp_path / "week.ics")
    assert found[f"visit-{first.id}@csdesk"]["dtstart"].dt == MONDAY
    assert str(found[f"visit-{second.id}@csdesk"]["status"]) == "CANCELLED"
