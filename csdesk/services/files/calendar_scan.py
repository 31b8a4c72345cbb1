"""Inside the reading process: from a calendar file to the times that it takes, repetitions told one by one.

Speaks no language. What is cancelled, marked as free, or written by this program itself takes no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from csdesk.services.files.refusal import Refused
from csdesk.services.files.sheet_output import Output

OWN_UID = "@csdesk"
MOST_EVENTS = 50_000
MOST_TIMES = 20_000
MOST_TURNS = 20_000
"""So many repetitions of one event are looked at, from its first on."""
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
BLOCK = 500
BEGINNING = re.compile(rb"^BEGIN:VEVENT\s*$", re.I | re.M)

Span = tuple[datetime, datetime, bool]
"""Begin and exclusive end, naive in the user's zone; whether whole days."""


def scan_calendar(data: bytes, options: dict[str, Any], output: Output) -> None:
    """Send the calendar's name and the times from ``options["from"]`` to ``options["to"]`` in ``options["zone"]``."""
    import icalendar

    if b"BEGIN:VCALENDAR" not in data[:4096].upper():
        raise Refused("not_a_calendar")
    window = _Window(date.fromisoformat(options["from"]), date.fromisoformat(options["to"]), ZoneInfo(options["zone"]))
    try:
        calendars = icalendar.Calendar.from_ical(data, multiple=True)
    except ValueError as error:
        raise Refused("damaged_calendar") from error
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not data.rstrip().upper().endswith(b"END:VCALENDAR") or len(events) != len(BEGINNING.findall(data)):
        raise Refused("damaged_calendar")
    if len(events) > MOST_EVENTS:
        raise Refused("too_large")
    name = next((str(calendar["X-WR-CALNAME"]) for calendar in calendars if "X-WR-CALNAME" in calendar), "")
    output.send({"calendar": name})
    left_out = 0
    times: list[list[str]] = []
    replaced = _replaced(events)
    for event in events:
        try:
            times += [_row(event, span) for span in _spans(event, window, replaced)]
        except (ValueError, TypeError, OverflowError, KeyError, AttributeError):
            left_out += 1
        if len(times) > MOST_TIMES:
            raise Refused("too_large")
    for start in range(0, len(times), BLOCK):
        output.send({"times": times[start : start + BLOCK]})
    output.send({"left_out": left_out})


class _Window:
    """The days that are asked for, and the zone in which they are days."""

    def __init__(self, start: date, end: date, zone: ZoneInfo) -> None:
        self.start, self.end, self.zone = start, end, zone
        self.begins = datetime.combine(start, time())
        self.stops = datetime.combine(end + timedelta(1), time())

    def local(self, moment: datetime) -> datetime:
        """Naive, as the user's clock shows it; a moment without a zone is the user's own."""
        return moment.astimezone(self.zone).replace(tzinfo=None) if moment.tzinfo else moment


def _replaced(events: list[Any]) -> dict[str, set[Any]]:
    """By UID the repetitions that an event of their own takes the place of."""
    found: dict[str, set[Any]] = {}
    for event in events:
        stands_for = event.get("RECURRENCE-ID")
        if hasattr(stands_for, "dt"):
            found.setdefault(str(event.get("UID", "")), set()).add(_instant(stands_for.dt))
    return found


def _instant(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


def _takes_no_time(event: Any) -> bool:
    return (
        str(event.get("STATUS", "")).upper() == "CANCELLED"
        or str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
        or str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
        or str(event.get("UID", "")).endswith(OWN_UID)
    )


def _spans(event: Any, window: _Window, replaced: dict[str, set[Any]]) -> Iterator[Span]:
    if _takes_no_time(event):
        return
    start = event["DTSTART"].dt
    length = _length(event, start)
    gone = _listed(event, "EXDATE")
    if "RECURRENCE-ID" not in event:
        gone |= replaced.get(str(event.get("UID", "")), set())
    for begin in _begins(event, start, length, window):
        if _instant(begin) in gone or (isinstance(begin, datetime) and begin.date() in gone):
            continue
        if isinstance(begin, datetime):
            end = begin + length
            span = (window.local(begin), window.local(_instant(begin) + length if begin.tzinfo else end), False)
        else:
            span = (datetime.combine(begin, time()), datetime.combine(begin + length, time()), True)
        if span[0] < window.stops and span[1] > window.begins and span[0] < span[1]:
            yield span


def _length(event: Any, start: Any) -> timedelta:
    if "DTEND" in event:
        end = event["DTEND"].dt
        length: timedelta = _instant(end) - _instant(start)
        return max(length, timedelta(0))
    if "DURATION" in event:
        lasts: timedelta = event["DURATION"].dt
        return max(lasts, timedelta(0))
    return timedelta(0) if isinstance(start, datetime) else timedelta(1)


def _begins(event: Any, start: Any, length: timedelta, window: _Window) -> Iterator[Any]:
    """The begin of each repetition, the first included; those outside of the days asked for may be among them."""
    rules = event.get("RRULE")
    if rules is None:
        yield start
    else:
        for rule in rules if isinstance(rules, list) else [rules]:
            yield from _repeated(rule, start, length, window)
    yield from sorted(_listed(event, "RDATE", whole=True), key=str)


def _repeated(rule: Any, start: Any, length: timedelta, window: _Window) -> Iterator[Any]:
    from dateutil.rrule import rrulestr

    if not any(str(word).upper() in FREQUENCIES for word in rule.get("FREQ", [])):
        raise ValueError("repeats more often than a day")
    whole = not isinstance(start, datetime)
    first = datetime.combine(start, time()) if whole else start
    text = rule.to_ical().decode()
    if whole or first.tzinfo is None:
        text = _naive_until(text)
    last = window.stops
    for begin in islice(rrulestr(text, dtstart=first), MOST_TURNS):
        here = begin if whole else window.local(begin)
        if here >= last:
            return
        if here + length >= window.begins - timedelta(1):
            yield begin.date() if whole else begin


def _naive_until(text: str) -> str:
    """UNTIL as the begin is written: without a zone, and for whole days the end of that day."""
    parts = []
    for part in text.split(";"):
        key, _equals, value = part.partition("=")
        if key.upper() == "UNTIL":
            value = value.removesuffix("Z")
            value = value if "T" in value else f"{value}T235959"
        parts.append(f"{key}={value}")
    return ";".join(parts)


def _listed(event: Any, key: str, whole: bool = False) -> set[Any]:
    """The days and moments of EXDATE or RDATE; ``whole`` keeps them as they are written."""
    entries = event.get(key, [])
    found = set()
    for entry in entries if isinstance(entries, list) else [entries]:
        for one in entry.dts:
            value = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            found.add(value if whole else _instant(value))
    return found


def _row(event: Any, span: Span) -> list[str]:
    start, end, whole = span
    title = "" if str(event.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL") else str(event.get("SUMMARY", ""))
    return [" ".join(title.split())[:200], start.isoformat(), end.isoformat(), "whole" if whole else ""]
