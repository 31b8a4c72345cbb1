"""Calendars are read back by the calendar library as they were meant."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest

from csdesk.services.core.errors import Problems, StorageError
from csdesk.services.files.calendars import Event, calendar_bytes, write_ics

CHANGED = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)


def back(*events: Event, **options):
    """The events as another calendar sees them."""
    return icalendar.Calendar.from_ical(calendar_bytes(events, **options)).walk("VEVENT")


def test_a_day_lasts_all_day():
    (entry,) = back(Event("visit-1", "拜访 华景", datetime.date(2026, 11, 25), CHANGED))
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (datetime.date(2026, 11, 25), datetime.date(2026, 11, 26))
    assert entry["UID"] == "visit-1@csdesk"
    assert entry["DTSTAMP"].dt == CHANGED
    assert entry["SUMMARY"] == "拜访 华景"


def test_moments_are_in_the_zone_and_keep_their_instant():
    start = datetime.datetime(2026, 11, 25, 9, 30)
    (entry,) = back(Event("v", "x", start, CHANGED, end=start + datetime.timedelta(hours=2)))
    assert entry["DTSTART"].dt.astimezone(datetime.UTC) == datetime.datetime(2026, 11, 25, 1, 30, tzinfo=datetime.UTC)
    assert entry["DTEND"].dt - entry["DTSTART"].dt == datetime.timedelta(hours=2)
    (other,) = back(Event("v", "x", start, CHANGED), zone=ZoneInfo("Europe/Paris"))
    assert other["DTSTART"].dt.utcoffset() == datetime.timedelta(hours=1)


def test_texts_are_escaped_and_lines_folded():
    notes = "谈续约; 价格, 条件\\路径\n" + "很长的一段话" * 40 + "\nBEGIN:VEVENT"
    content = calendar_bytes(
        [
            Event(
                "v",
                "标题\r\nATTACH:evil",
                datetime.date(2026, 1, 1),
                CHANGED,
                place="上海, 浦东",
                notes=notes,
                sequence=3,
            )
        ]
    )
    (entry,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (entry["DESCRIPTION"], entry["LOCATION"], entry["SEQUENCE"]) == (notes, "上海, 浦东", 3)
    assert entry["SUMMARY"] == "标题 ATTACH:evil"
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_several_days_and_a_cancelled_visit():
    (entry,) = back(Event("v", "x", datetime.date(2026, 1, 1), CHANGED, end=datetime.date(2026, 1, 3), cancelled=True))
    assert entry["DTEND"].dt == datetime.date(2026, 1, 4)
    assert entry["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("start", [datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 9)])
def test_an_event_that_ends_before_it_begins_is_refused(start):
    with pytest.raises(Problems, match="before it begins"):
        calendar_bytes([Event("v", "x", start, CHANGED, end=start - datetime.timedelta(days=1))])


def test_the_file_is_written_whole(tmp_path):
    write_ics(tmp_path / "week.ics", [Event("v", "x", datetime.date(2026, 1, 2), CHANGED)])
    assert (tmp_path / "week.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    with pytest.raises(StorageError):
        write_ics(tmp_path / "gone" / "week.ics", [])
