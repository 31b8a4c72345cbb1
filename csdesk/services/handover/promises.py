"""What sales promised, taken apart: single promises, each with the day that it names. Nothing here raises or writes."""

from __future__ import annotations

import calendar
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from csdesk.resources import resource
from csdesk.services.core.money import anniversary
from csdesk.services.handover.days import read_day
from csdesk.services.handover.values import plain

DEFAULT_DAYS = 30
"""A promise that names no day is due so many days after the contract's start."""
SOON_DAYS = 7
"""Where that day has passed, so many days from today."""

_SEAM = re.compile(r"[\n\r;\uff1b\u3002\u2022\u25cf\u25aa\u00b7\u2460-\u2473]+")
_MARK = re.compile(
    r"[(\uff08]?(\d{1,2}|[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,2})(?:[.\uff0e\u3001)\uff09](?!\d)|[:\uff1a](?=\D))\s*"
)
_LEADING = re.compile(rf"(?:{_MARK.pattern}|[-\u2014*+>\u2013#]+\s+|[\s,\uff0c\u3001.]+)")
_ENDING = re.compile(r"[\s,\uff0c\u3001.]+$")
_CHINESE = {
    sign: number for number, sign in enumerate("\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341", 1)
}


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("words", "promises.json").read_text(encoding="utf-8"))
    return found


def split_promises(text: str) -> tuple[str, ...]:
    """The single promises of a text, each once, in their order, as they were written.

    Lines, semicolons, full stops and bullets part them; so do numbers that count up (1. 2., 1、2、, (1)(2), ①②), but
    not a number that stands alone in a sentence. What says that nothing was promised is no promise.
    """
    found: dict[str, None] = {}
    for part in _SEAM.split(text):
        for piece in _numbered(part):
            bare = _bare(piece)
            if bare and not _is_none(bare):
                found.setdefault(bare)
    return tuple(found)


def _numbered(part: str) -> list[str]:
    """Cut a line before numbers that count up from 1; one such number alone counts only where the line begins with it."""
    marks: list[re.Match[str]] = []
    for mark in _MARK.finditer(part):
        before = part[mark.start() - 1 : mark.start()]
        if _number(mark[1]) == len(marks) + 1 and not (before.isdigit() or before in (".", "-", "/")):
            marks.append(mark)
    if len(marks) < 2:
        return [part]
    cuts = [mark.start() for mark in marks]
    return [part[: cuts[0]], *(part[start:end] for start, end in zip(cuts, [*cuts[1:], len(part)], strict=True))]


def _number(sign: str) -> int:
    return int(sign) if sign.isdecimal() else _CHINESE.get(sign, 0)


def _bare(piece: str) -> str:
    """A piece without the number or bullet before it and the comma behind it."""
    bare = _ENDING.sub("", piece.strip())
    while (lead := _LEADING.match(bare)) is not None and lead.end():
        bare = bare[lead.end() :]
    return _ENDING.sub("", bare.strip())


def _is_none(bare: str) -> bool:
    key = plain(bare).casefold()
    return not key or key in _words()["none"] or not any(sign.isalnum() for sign in key)


@dataclass(frozen=True)
class Proposal:
    """A promise as a task could keep it; ``said`` tells that the promise names the day itself."""

    text: str
    due_on: date
    said: bool


def propose(text: str, start: date | None, received: date | None, today: date) -> tuple[Proposal, ...]:
    """Each promise with a day: the one it names, else ``DEFAULT_DAYS`` after the contract's start.

    Days without a year are the next such after ``received``; "within three months" counts from the start. A day that
    the promise does not name is never in the past.
    """
    base = start or received or today
    default = base + timedelta(DEFAULT_DAYS)
    if default <= today:
        default = today + timedelta(SOON_DAYS)
    proposals = []
    for promise in split_promises(text):
        said = promised_day(promise, base, min(base, received or base))
        proposals.append(Proposal(promise, said or default, said is not None))
    return tuple(proposals)


def promised_day(promise: str, start: date, since: date) -> date | None:
    """The day that a promise names; None where it names none. ``since`` is the earliest day that it can mean."""
    words = unicodedata.normalize("NFKC", promise)
    return _whole_day(words) or _day_of_year(words, since) or _span(words, start)


_WHOLE = (
    re.compile(r"(?<!\d)\d{4}\s*[-/.\u5e74]\s*\d{1,2}\s*[-/.\u6708]\s*\d{1,2}(?!\d)\s*[\u65e5\u53f7]?"),
    re.compile(r"(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)\d{4}\s*\u5e74\s*\d{1,2}\s*\u6708"),
    re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?[- ][A-Za-z]{3,9}\.?[- ,]+\d{4}(?!\d)"),
    re.compile(r"\b[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}(?!\d)"),
)


def _whole_day(words: str) -> date | None:
    """A day or month with its year; a month without a day means its last."""
    for pattern in _WHOLE:
        for found in pattern.finditer(words):
            day, _code = read_day(found[0], at_end=True)
            if day is not None and day.year > 1990:
                return _part_of_month(day, words[found.end() :]) if found[0].rstrip().endswith(_one("month")) else day
    return None


def _one(name: str) -> str:
    return str(_words()[name][0])


def _part_of_month(last: date, rest: str) -> date:
    """The day that 初, 中旬 or 底 behind a month mean; ``last`` is the month's last day."""
    after = rest.lstrip()
    if after.startswith(tuple(_words()["month_begin"])):
        return last.replace(day=10)
    return last.replace(day=20) if after.startswith(_words()["month_middle"][0]) else last


def _any(*names: str) -> str:
    listed = [word for name in names for word in _words()[name]]
    return "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True))


@cache
def _year_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    years = _any("this_year", "next_year")
    month = re.compile(
        rf"(?:({years})\u7684?\s*|(?<![\d\u5e74.]))(\d{{1,2}})\s*(?:{_any('month')})(?:\s*(\d{{1,2}})\s*(?:{_any('day_signs')})|(?=\s*(?:{_any('month_end', 'month_middle', 'month_begin')}|\u524d|\u4efd|\u4e4b\u524d|\u4ee5\u524d|\u5185)))"
    )
    end = re.compile(rf"(?:(\d{{4}})|({_any('next_year')})[\u7684]?|{_any('this_year')})?(?:{_any('year_end')})")
    return month, end


def _day_of_year(words: str, since: date) -> date | None:
    """3月5日, 3月底, 明年3月底, 年底: the next one from ``since`` on."""
    month, end = _year_patterns()
    for found in month.finditer(words):
        number = int(found[2])
        if not 1 <= number <= 12 or (found[3] and not 1 <= int(found[3]) <= calendar.monthrange(2028, number)[1]):
            continue
        named = _year_of(found[1], since)
        for year in (named,) if named else (since.year, since.year + 1):
            last = calendar.monthrange(year, number)[1]
            day = date(year, number, min(int(found[3]), last) if found[3] else last)
            if not found[3]:
                day = _part_of_month(day, words[found.end() :])
            if named or day >= since:
                return day
    found_end = end.search(words)
    if found_end is None:
        return None
    return date(int(found_end[1] or (since.year + 1 if found_end[2] else since.year)), 12, 31)


def _year_of(word: str | None, since: date) -> int | None:
    if not word:
        return None
    return since.year + 1 if word in _words()["next_year"] else since.year


@cache
def _span_patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    count = rf"(\d{{1,3}}|{'|'.join(sorted(_words()['numbers'], key=len, reverse=True))})"
    units = "|".join(re.escape(unit) for unit in sorted(_units(), key=len, reverse=True))
    inside = _any("inside")
    return (
        (re.compile(rf"{count}\s*({units})\s*(?:\u7684)?(?:{inside})"), False),
        (re.compile(rf"\b(?:{_any('within')})\s+{count}\s+({units})\b", re.IGNORECASE), False),
        (re.compile(rf"(?:{_any('half_a_month')})\s*(?:{inside})"), True),
        (re.compile(rf"(?:{_any('half_a_year')})\s*(?:{inside})"), True),
    )


@cache
def _units() -> dict[str, str]:
    return {word: unit for unit, words in _words()["units"].items() for word in words}


def _span(words: str, start: date) -> date | None:
    """三个月内, within 30 days: counted from the contract's start."""
    for pattern, is_half in _span_patterns():
        found = pattern.search(words)
        if found is None:
            continue
        try:
            if is_half:
                is_month = found[0].startswith(tuple(_words()["half_a_month"]))
                return start + timedelta(15) if is_month else anniversary(start, 6)
            number = int(found[1]) if found[1].isdecimal() else _words()["numbers"][found[1].casefold()]
            return _later(start, number, _units()[found[2].casefold()])
        except (OverflowError, ValueError):
            return None
    return None


def _later(start: date, number: int, unit: str) -> date:
    if unit in ("day", "week"):
        return start + timedelta(number * (7 if unit == "week" else 1))
    return anniversary(start, number * {"month": 1, "quarter": 3, "year": 12}[unit])
