"""Visits for other calendars: one .ics file whose events keep their identity when they are written again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import _
from csdesk.services.files.writing import replaced


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. A day as `start` makes it last all day, `end` (the last day, inclusive) may follow.

    A moment without a zone is local to the `zone` it is written with. `key` makes the UID: the same key is the same event,
    and a higher `sequence` replaces what a calendar took over before. `changed` is when the event last changed, in UTC.
    """

    key: str
    title: str
    start: datetime.date | datetime.datetime
    changed: datetime.datetime
    end: datetime.date | datetime.datetime | None = None
    place: str = ""
    notes: str = ""
    sequence: int = 0
    cancelled: bool = False


DEFAULT_ZONE = "Asia/Shanghai"


def write_ics(path: Path, events: Iterable[Event], *, zone: datetime.tzinfo | None = None) -> None:
    """Write the events as an iCalendar file (UTF-8, CRLF, folded lines). `zone` is that of moments without one.

    Raises StorageError where the disk does not let us, Problems where an event ends before it begins.
    """
    content = calendar_bytes(events, zone=zone)
    with replaced(path) as temporary:
        temporary.write_bytes(content)


def calendar_bytes(events: Iterable[Event], *, zone: datetime.tzinfo | None = None) -> bytes:
    """The iCalendar file as bytes. Raises Problems where an event ends before it begins."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//CSDesk//CSDesk//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    place = zone or _default_zone()
    for event in events:
        entry = icalendar.Event()
        entry.add("uid", f"{event.key}@csdesk")
        entry.add("dtstamp", event.changed.astimezone(datetime.UTC))
        entry.add("sequence", event.sequence)
        entry.add("summary", _line(event.title))
        start, end = _times(event, place)
        entry.add("dtstart", start)
        entry.add("dtend", end)
        if event.place:
            entry.add("location", _line(event.place))
        if event.notes:
            entry.add("description", _printable(event.notes))
        entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
        if not isinstance(start, datetime.datetime):
            entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _default_zone() -> datetime.tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(DEFAULT_ZONE)


def _times(event: Event, zone: datetime.tzinfo) -> tuple[datetime.date, datetime.date]:
    """Begin and exclusive end."""
    start, end = event.start, event.end
    if isinstance(start, datetime.datetime):
        begin = start if start.tzinfo else start.replace(tzinfo=zone)
        if isinstance(end, datetime.datetime):
            finish = end if end.tzinfo else end.replace(tzinfo=zone)
        else:
            finish = begin + datetime.timedelta(hours=1)
        if finish < begin:
            raise _backwards(event)
        return begin, finish
    last = end.date() if isinstance(end, datetime.datetime) else end or start
    if last < start:
        raise _backwards(event)
    return start, last + datetime.timedelta(days=1)


def _backwards(event: Event) -> Problems:
    sentence = _("{title} ends before it begins: change its times.").format(title=event.title)
    return Problems([Problem(field="end", message=sentence, code="ends_before_start")])


def _printable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if character in "\n\t" or character >= " ").replace("\x7f", "")


def _line(text: str) -> str:
    return " ".join(_printable(text).split())
