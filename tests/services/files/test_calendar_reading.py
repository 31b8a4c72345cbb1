"""Calendars of other programs: what they take of the days, however they write it, and what is no calendar at all."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csdesk.services.core.errors import Problems
from csdesk.services.files.calendar_reading import CALENDAR_LIMITS, ForeignCalendar, read_calendar
from csdesk.services.files.calendar_scan import scan_calendar
from csdesk.services.files.refusal import Refused

FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)
SHANGHAI, BERLIN, NEW_YORK = "Asia/Shanghai", "Europe/Berlin", "America/New_York"


def written(path: Path, *events: str, name: str = "") -> Path:
    """A calendar file of these events, each given as its lines."""
    bodies = "".join(
        f"BEGIN:VEVENT\r\nUID:u{at}\r\n{event.strip()}\r\nEND:VEVENT\r\n" for at, event in enumerate(events)
    )
    head = f"X-WR-CALNAME:{name}\r\n" if name else ""
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//other//EN\r\n{head}{bodies}END:VCALENDAR\r\n"
    path.write_bytes("\r\n".join(line.strip() for line in text.splitlines()).encode() + b"\r\n")
    return path


def taken(tmp_path: Path, *events: str, zone: str = SHANGHAI) -> list[tuple[str, str, bool]]:
    """Begin, end and whether whole days, as text."""
    calendar = read_calendar(written(tmp_path / "own.ics", *events), FIRST, LAST, zone)
    assert not calendar.left_out
    return [(f"{t.start:%m-%d %H:%M}", f"{t.end:%m-%d %H:%M}", t.whole_days) for t in calendar.times]


def test_a_meeting_and_a_day_off_are_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path / "my calendar 日历.ics",
        "SUMMARY:例会\nDTSTART;TZID=Asia/Shanghai:20261125T140000\nDTEND;TZID=Asia/Shanghai:20261125T153000",
        "SUMMARY:Off\nDTSTART;VALUE=DATE:20261127\nDTEND;VALUE=DATE:20261129",
        name="工作",
    )
    calendar = read_calendar(path, FIRST, LAST, SHANGHAI)
    assert calendar.name == "工作"
    assert [(t.title, t.start, t.end, t.whole_days) for t in calendar.times] == [
        ("例会", datetime(2026, 11, 25, 14), datetime(2026, 11, 25, 15, 30), False),
        ("Off", datetime(2026, 11, 27), datetime(2026, 11, 29), True),
    ]


def test_what_takes_no_time_is_left_alone(tmp_path: Path) -> None:
    assert taken(
        tmp_path,
        "DTSTART:20261125T010000Z\nDTEND:20261125T020000Z\nSTATUS:CANCELLED",
        "DTSTART:20261125T010000Z\nDTEND:20261125T020000Z\nTRANSP:TRANSPARENT",
        "DTSTART:20261125T010000Z\nDTEND:20261125T020000Z\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "DTSTART:20261125T010000Z",
        "DTSTART:20250101T010000Z\nDTEND:20250101T020000Z",
    ) == []  # fmt: skip


def test_our_own_visits_are_no_conflict_with_themselves(tmp_path: Path) -> None:
    path = written(tmp_path / "own.ics", "DTSTART:20261125T010000Z\nDTEND:20261125T020000Z")
    path.write_bytes(path.read_bytes().replace(b"UID:u0", b"UID:visit-7@csdesk"))
    assert read_calendar(path, FIRST, LAST, SHANGHAI).times == ()


def test_what_is_private_has_no_title(tmp_path: Path) -> None:
    path = written(tmp_path / "own.ics", "SUMMARY:Doctor\nCLASS:PRIVATE\nDTSTART:20261125T010000Z\nDURATION:PT45M")
    (only,) = read_calendar(path, FIRST, LAST, SHANGHAI).times
    assert (only.title, only.end) == ("", datetime(2026, 11, 25, 9, 45))


def test_repetitions_are_told_one_by_one_without_those_taken_out(tmp_path: Path) -> None:
    found = taken(
        tmp_path,
        """DTSTART;TZID=Asia/Shanghai:20240101T090000
        DTEND;TZID=Asia/Shanghai:20240101T093000
        RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261215T000000Z
        EXDATE;TZID=Asia/Shanghai:20261123T090000,20261130T090000""",
    )
    assert [begin for begin, _end, _whole in found] == [
        "11-02 09:00", "11-09 09:00", "11-16 09:00", "12-07 09:00", "12-14 09:00",
    ]  # fmt: skip


def test_one_repetition_that_was_moved_takes_its_new_time_alone(tmp_path: Path) -> None:
    path = written(
        tmp_path / "own.ics",
        "DTSTART:20261116T010000Z\nDTEND:20261116T020000Z\nRRULE:FREQ=WEEKLY;COUNT=3",
        "RECURRENCE-ID:20261123T010000Z\nDTSTART:20261124T050000Z\nDTEND:20261124T060000Z",
    )
    path.write_bytes(path.read_bytes().replace(b"UID:u1", b"UID:u0"))
    begins = [t.start for t in read_calendar(path, FIRST, LAST, SHANGHAI).times]
    assert sorted(begins) == [datetime(2026, 11, 16, 9), datetime(2026, 11, 24, 13), datetime(2026, 11, 30, 9)]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;INTERVAL=20;COUNT=2", ["11-20", "12-10"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["11-20", "11-30", "12-31"]),
        ("FREQ=YEARLY;UNTIL=20271231", ["11-20"]),
    ],
)
def test_whole_days_repeat_too(tmp_path: Path, rule: str, days: list[str]) -> None:
    found = taken(tmp_path, f"DTSTART;VALUE=DATE:20261120\nRRULE:{rule}")
    wanted = days if "BYMONTHDAY" not in rule else days[1:]
    assert [begin[:5] for begin, _end, whole in found if whole] == wanted


def test_a_meeting_abroad_moves_with_the_clocks_there(tmp_path: Path) -> None:
    weekly = "DTSTART;TZID=America/New_York:20261022T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4"
    path = written(tmp_path / "own.ics", weekly)
    begins = [t.start for t in read_calendar(path, date(2026, 10, 1), LAST, SHANGHAI).times]
    assert [f"{begin:%m-%d %H:%M}" for begin in begins] == [
        "10-22 21:00", "10-29 21:00", "11-05 22:00", "11-12 22:00",
    ]  # fmt: skip
    begins = [t.start for t in read_calendar(path, date(2026, 10, 1), LAST, BERLIN).times]
    assert [f"{begin:%m-%d %H:%M}" for begin in begins] == [
        "10-22 15:00", "10-29 14:00", "11-05 15:00", "11-12 15:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"name,city\nAster,Wuxi\n", "is no calendar file"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261101\r\nEND:VCALENDAR\r\n", "is damaged inside"),
        (b"BEGIN:VCALENDAR\r\n\xff\xfe\x00\x00", "own.ics"),
    ],
)
def test_what_is_no_calendar_is_refused_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "own.ics"
    path.write_bytes(content)
    with pytest.raises(Problems, match=words):
        read_calendar(path, FIRST, LAST, SHANGHAI)
    with pytest.raises(Problems, match="no longer there"):
        read_calendar(tmp_path / "gone.ics", FIRST, LAST, SHANGHAI)


def test_an_event_that_makes_no_sense_keeps_no_other_out(tmp_path: Path) -> None:
    path = written(
        tmp_path / "own.ics",
        "DTSTART:20261125T010000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY",
        "SUMMARY:no begin",
        "DTSTART:20261125T030000Z\nDURATION:PT1H",
    )
    calendar = read_calendar(path, FIRST, LAST, SHANGHAI)
    assert (len(calendar.times), calendar.left_out) == (1, 2)


def test_a_rule_without_an_end_of_work_is_stopped(tmp_path: Path) -> None:
    never = "DTSTART:20000101T000000\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    path = written(tmp_path / "own.ics", *[never] * 400)
    limits = dataclasses.replace(CALENDAR_LIMITS, seconds=2.0)
    with pytest.raises(Problems, match="took longer"):
        read_calendar(path, FIRST, LAST, SHANGHAI, limits=limits)


class Sink:
    """Takes the messages of a reading process."""

    def __init__(self) -> None:
        self.messages: list[object] = []

    def send(self, message: object) -> None:
        """Keep one."""
        self.messages.append(message)


LINES = st.sampled_from([
    "DTSTART:20261125T010000Z", "DTSTART;VALUE=DATE:20261125", "DTSTART:99999999", "DTEND:20261124T010000Z", "DURATION:P1D",
    "DURATION:soon", "RRULE:FREQ=WEEKLY;COUNT=3", "RRULE:FREQ=NEVER", "RRULE:COUNT=2", "EXDATE:20261125", "RDATE:20261126T010000Z",
    "RECURRENCE-ID:20261125T010000Z", "TRANSP:OPAQUE", "SUMMARY:x", "X:", "BEGIN:VALARM", "END:VALARM",
])  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(LINES, max_size=8))
def test_any_event_is_read_or_refused(lines: list[str]) -> None:
    data = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:u", *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()
    options = {"from": FIRST.isoformat(), "to": LAST.isoformat(), "zone": SHANGHAI}
    sink = Sink()
    try:
        scan_calendar(data, options, sink)  # type: ignore[arg-type]
    except Refused:
        return
    assert sink.messages


def test_an_answer_that_makes_no_sense_is_believed_by_nobody() -> None:
    from csdesk.services.files.calendar_reading import _put_together

    for messages in ([{"times": [["x"]]}], [{"calendar": "x"}], [{"times": [["x", "soon", "late", ""]]}]):
        with pytest.raises(Refused):
            _put_together(iter(messages), Path("own.ics"))
    assert isinstance(_put_together(iter([{"done": True}]), Path("own.ics")), ForeignCalendar)
