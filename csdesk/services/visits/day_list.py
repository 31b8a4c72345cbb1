"""A list of free and worked days as text: one day a line, "2027-02-17 off Spring Festival" or "2027-02-20 work". Pure.

A line may name a span ("2027-02-15..2027-02-21 off Spring Festival"). Empty lines and those that begin with # count
for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import _
from csdesk.services.core.values import Unreadable, parse_day, plain, typed_words
from csdesk.services.visits.workdays import days_between

SPAN = re.compile(r"\s*(?:\.\.+|~|\u2026+|\u81f3|\u5230|\u2014+|\u2013|\bto\b)\s*")
WORKED = ("work", "workday", "worked", *typed_words()["worked"])
FREE = ("off", "free", "holiday", *typed_words()["free"])
SHOWN = 5
MOST_DAYS = 366


def parse_day_list(text: str, today: date, field: str = "days") -> dict[date, str]:
    """Day → name of the holiday, "" for a day that is worked; a free day without a name is named so.

    Raises Problems that name the lines which cannot be read; nothing is taken then.
    """
    days: dict[date, str] = {}
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = plain(line)
        if not words or words.startswith("#"):
            continue
        try:
            span, name = _line(words, today)
        except Unreadable as error:
            wrong.append(_("Line {n}: {what}").format(n=number, what=error))
            continue
        days.update(dict.fromkeys(span, name))
    if wrong:
        raise Problems([Problem(field, "\n".join(wrong[:SHOWN]), code="unreadable")])
    return days


def _line(words: str, today: date) -> tuple[list[date], str]:
    parts = SPAN.split(words, maxsplit=1)
    if len(parts) == 2 and " " not in parts[0].strip():
        last, _gap, rest = parts[1].partition(" ")
        start, end = parse_day(parts[0], today), parse_day(last, today)
    else:
        first, _gap, rest = words.partition(" ")
        start = end = parse_day(first, today)
    if start is None or end is None:
        raise Unreadable(_("Begin with a day, like 2027-02-17."))
    if end < start or (end - start).days >= MOST_DAYS:
        raise Unreadable(_("The last day comes before the first, or a year after it."))
    return days_between(start, end), _name(rest.strip())


def _name(rest: str) -> str:
    kind, _gap, name = rest.partition(" ")
    if kind.casefold() in WORKED:
        return ""
    if kind.casefold() in FREE:
        return name.strip() or _("Day off")
    return rest or _("Day off")


def day_list_text(own: Mapping[date, str]) -> str:
    """The list as ``parse_day_list`` reads it, a day a line."""
    return "\n".join(
        f"{day.isoformat()} off {name}" if name else f"{day.isoformat()} work" for day, name in sorted(own.items())
    )
