"""Which days are worked: weekends, Chinese public holidays with their working Saturdays, the user's own list.

The official calendar is announced a year at a time. For a year that is not announced yet, weekends and the holidays
that the law fixes to a date are kept free, and ``notes`` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from csdesk.services.core.texts import N_, _

ANY_HOLIDAY = N_("Public holiday")
FIXED_BY_LAW = {
    (1, 1): N_("New Year's Day"),
    (5, 1): N_("Labour Day"),
    (5, 2): N_("Labour Day"),
    (10, 1): N_("National Day"),
    (10, 2): N_("National Day"),
    (10, 3): N_("National Day"),
}
NAMES = {
    "New Year's Day": N_("New Year's Day"),
    "Spring Festival": N_("Spring Festival"),
    "Tomb-sweeping Day": N_("Qingming Festival"),
    "Labour Day": N_("Labour Day"),
    "Dragon Boat Festival": N_("Dragon Boat Festival"),
    "Mid-autumn Festival": N_("Mid-Autumn Festival"),
    "National Day": N_("National Day"),
}


@dataclass(frozen=True)
class Workdays:
    """The working calendar. ``own`` is the user's list: day → name of the holiday, "" for a day that is worked."""

    own: Mapping[date, str] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked: the user's list first, then the announced calendar, then weekends."""
        if day in self.own:
            return not self.own[day]
        announced = _announced(day)
        if announced is not None:
            return not announced[0]
        return day.weekday() < 5 and (day.month, day.day) not in FIXED_BY_LAW

    def name(self, day: date) -> str:
        """What a free day is called, in the user's language: the holiday, the weekend; "" for a workday."""
        if self.is_workday(day):
            return ""
        if day in self.own:
            return self.own[day]
        announced = _announced(day)
        if announced is not None and announced[1]:
            return _(NAMES.get(announced[1], ANY_HOLIDAY))
        if (day.month, day.day) in FIXED_BY_LAW:
            return _(FIXED_BY_LAW[day.month, day.day])
        return _("Weekend")

    def is_shifted(self, day: date) -> bool:
        """Whether a day of the weekend is worked in exchange for a holiday."""
        return day.weekday() >= 5 and self.is_workday(day)

    def known(self, year: int) -> bool:
        """Whether the holidays of that year are announced, or in the user's list."""
        return _announced(date(year, 1, 1)) is not None or any(day.year == year for day in self.own)

    def between(self, start: date, end: date) -> list[date]:
        """The workdays from ``start`` to ``end``, both included."""
        return [day for day in days_between(start, end) if self.is_workday(day)]

    def notes(self, start: date, end: date) -> list[str]:
        """Sentences about years whose holidays are not announced."""
        return [
            _("The holidays of {year} are not announced yet: weekends and fixed holidays are kept free.").format(
                year=year
            )
            for year in range(start.year, end.year + 1)
            if not self.known(year)
        ]


def days_between(start: date, end: date) -> list[date]:
    """Every day from ``start`` to ``end``, both included."""
    return [start + timedelta(number) for number in range((end - start).days + 1)]


def own_days(stored: Iterable[Any]) -> dict[date, str]:
    """The user's list as the settings keep it: pairs of ISO day and name, "" for worked; what is no day is ignored."""
    found: dict[date, str] = {}
    for entry in stored:
        try:
            day, name = entry
            found[date.fromisoformat(day)] = str(name)
        except (TypeError, ValueError):
            continue
    return found


def stored_days(own: Mapping[date, str]) -> list[list[str]]:
    """The form in which ``own_days`` reads them."""
    return [[day.isoformat(), name] for day, name in sorted(own.items())]


@dataclass(frozen=True)
class Absence:
    """Days on which the user has other things to do: at most ``visits`` visits on each, none unless said."""

    start: date
    end: date
    note: str = ""
    visits: int = 0


def absences(stored: Iterable[Any]) -> list[Absence]:
    """Absences as the settings keep them; what cannot be read is ignored."""
    found = []
    for entry in stored:
        try:
            start, end = date.fromisoformat(entry["from"]), date.fromisoformat(entry["to"])
            found.append(Absence(start, end, str(entry.get("note", "")), int(entry.get("visits", 0))))
        except (TypeError, KeyError, ValueError, AttributeError):
            continue
    return found


def stored_absences(entries: Iterable[Absence]) -> list[dict[str, str | int]]:
    """The form in which ``absences`` reads them."""
    return [
        {"from": entry.start.isoformat(), "to": entry.end.isoformat(), "note": entry.note, "visits": entry.visits}
        for entry in sorted(entries, key=lambda entry: (entry.start, entry.end))
    ]


def absence_on(day: date, entries: Iterable[Absence]) -> Absence | None:
    """The absence that leaves the least room on that day."""
    found = [entry for entry in entries if entry.start <= day <= entry.end]
    return min(found, key=lambda entry: entry.visits, default=None)


def free_days(days: Iterable[date], workdays: Workdays) -> dict[date, str]:
    """Of ``days`` those that are not worked, with their names."""
    return {day: workdays.name(day) for day in days if not workdays.is_workday(day)}


@cache
def _announced(day: date) -> tuple[bool, str] | None:
    """Whether the day is free by the announced calendar, and its English name; None for a year not announced."""
    import chinese_calendar

    try:
        free, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    return bool(free), name or ""
