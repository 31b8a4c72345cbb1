"""Which days the dashboard is told for: a month, a quarter, a year, or days of one's own. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from csdesk.services.core.texts import _
from csdesk.ui.core.periods import Length, days_of, title_of, turned

OWN = "own"
FIRST, LAST = date(1970, 1, 1), date(9000, 12, 31)


@dataclass(frozen=True)
class Days:
    """``length`` is a Length, or OWN; ``start`` and ``end`` are always what is shown."""

    length: str
    start: date
    end: date

    def turned(self, by: int) -> Days:
        """So many periods further on; own days go on by their own number."""
        if self.length != OWN:
            return around(self.length, turned(Length(self.length), self.start, by))
        try:
            step = timedelta(((self.end - self.start).days + 1) * by)
            start, end = self.start + step, self.end + step
        except OverflowError:
            return self
        return replace(self, start=start, end=end) if start >= FIRST and end <= LAST else self

    def as_length(self, length: str, today: date) -> Days:
        """The period of another length round the last day of this one that is known; own days begin as those shown."""
        if length == OWN:
            return replace(self, length=OWN)
        inside = self.start <= today <= self.end
        return around(length, today if inside else self.end)

    def title(self) -> str:
        """The period in words."""
        if self.length == OWN:
            return _("{start} to {end}").format(start=self.start.isoformat(), end=self.end.isoformat())
        return title_of(Length(self.length), self.start)

    def as_json(self) -> dict[str, str]:
        """As it is remembered."""
        return {"length": self.length, "start": self.start.isoformat(), "end": self.end.isoformat()}


def around(length: str, day: date) -> Days:
    """The month, quarter or year that a day lies in."""
    return Days(length, *days_of(Length(length), day))


def last_whole_month(today: date) -> Days:
    """The month before today's."""
    return around(Length.MONTH, today.replace(day=1) - timedelta(1))


def remembered(kept: Mapping[str, Any], today: date) -> Days:
    """What ``as_json`` gave; the last whole month where that cannot be read."""
    try:
        length, start, end = str(kept["length"]), date.fromisoformat(kept["start"]), date.fromisoformat(kept["end"])
        if length == OWN:
            return Days(OWN, start, end) if FIRST <= start <= end <= LAST else last_whole_month(today)
        return around(length, start)
    except (KeyError, TypeError, ValueError):
        return last_whole_month(today)
