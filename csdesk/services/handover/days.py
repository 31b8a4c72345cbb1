"""Days as people write them, and in which order a column writes them. Nothing here raises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache

from csdesk.services.handover.headings import word_list, word_set
from csdesk.services.handover.numerals import read_count, read_numeral, year_digits
from csdesk.services.handover.values import Cell, plain


class Order(StrEnum):
    """In which order the numbers of 03/05/2026 stand."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"
    OPEN = "open"


_TIME = r"(?:[t ]\s*\d{1,2}(?::\d{1,2}){1,2}.*)?"
_YEAR_FIRST = re.compile(
    rf"(\d{{4}})\s*[-/.\u5e74 ]\s*(\d{{1,2}})\s*[-/.\u6708 ]\s*(\d{{1,2}})\s*[\u65e5\u53f7]?{_TIME}$"
)
_SHORT_YEAR_FIRST = re.compile(r"(\d{2})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*([\u65e5\u53f7]?)$")
_YEAR_MONTH = re.compile(r"(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*\u6708?(?:\u4efd)?$|(20\d{2})(0[1-9]|1[0-2])$")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){_TIME}$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_WORD_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/ .]*([a-z]{{3,9}})\.?[-/ ,.]*(\d{{4}}|\d{{2}}){_TIME}$")
_MONTH_WORD = re.compile(rf"([a-z]{{3,9}})\.?[-/ ]*(\d{{1,2}})(?:st|nd|rd|th)?[-/ ,.]*(\d{{4}}){_TIME}$")
_YEAR_WORD = re.compile(r"(\d{4})[-/ .]([a-z]{3,9})[-/ .](\d{1,2})$")
_MONTH_ONLY = re.compile(r"([a-z]{3,9})\.?[-/ ,]*(\d{4})$")
_IN_CHINESE = re.compile(r"([^\d\s\u5e74]{4})\u5e74([^\d\s\u6708]{1,3})\u6708(?:([^\d\s]{1,3})[\u65e5\u53f7])?$")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_EPOCH = date(1899, 12, 30)
_REMARK = re.compile(r"\s*[(\[\u3010][^()\[\]]*[)\]\u3011]$")


def order_of(cells: Iterable[Cell]) -> Order:
    """How a column writes 03/05/2026, by looking at all of it; OPEN where every cell can be read in both ways."""
    first = second = False
    for cell in cells:
        if isinstance(cell, str):
            found = _YEAR_LAST.match(plain(cell))
            if found and not _is_short_year_first(*found.groups()):
                first = first or int(found[1]) > 12
                second = second or int(found[2]) > 12
    if first == second:
        return Order.OPEN
    return Order.DAY_FIRST if first else Order.MONTH_FIRST


def _is_short_year_first(first: str, second: str, third: str) -> bool:
    """Whether 26/03/05 starts with its year: no day of March 2005 is meant in a handover."""
    return len(third) <= 2 and len(first) == 2 and 12 < int(first) <= 60 and not 20 <= int(third) <= 60


def read_day(cell: Cell, order: Order = Order.OPEN, *, at_end: bool = False) -> tuple[date | None, str]:
    """A day. ``at_end`` says that a month without a day means its last. Codes: bad_date, ambiguous_date."""
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, datetime):
        return cell.date(), ""
    if isinstance(cell, date):
        return cell, ""
    if isinstance(cell, bool):
        return None, "bad_date"
    if isinstance(cell, (int, float)):
        return _day_of_number(cell, at_end)
    if not isinstance(cell, str):
        return None, "bad_date"
    text = _bare(plain(cell).lstrip("'").casefold())
    if not text:
        return None, ""
    if text in word_set("open_ended"):
        return None, "open_ended"
    return _day_of_text(text, order, at_end)


@lru_cache(maxsize=65536)
def _bare(text: str) -> str:
    """A day without a remark in brackets, a day of the week and a full stop."""
    text = _REMARK.sub("", text).rstrip(".\u3002 ")
    for word in word_list("weekdays"):
        if text.startswith(word) and not text[len(word) :][:1].isalpha():
            text = text[len(word) :].lstrip(" ,.")
            break
        if text.endswith(word):
            text = text[: -len(word)].rstrip(" ,.")
            break
    return text


def _day_of_number(number: int | float, at_end: bool) -> tuple[date | None, str]:
    whole = int(number) if abs(number) < 1e9 else 0
    if 19_000_101 <= whole <= 29_991_231:
        return _day(whole // 10_000, whole // 100 % 100, whole % 100)
    if 10_000 <= whole <= 80_000:
        return _EPOCH + timedelta(days=whole), ""
    if 200_001 <= whole <= 209_912:
        return _month(whole // 100, whole % 100, at_end)
    return None, "bad_date"


def _day_of_text(text: str, order: Order, at_end: bool) -> tuple[date | None, str]:
    found = _YEAR_FIRST.match(text) or _COMPACT.match(text)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _SHORT_YEAR_FIRST.match(text)
    if found and (found[4] or "\u5e74" in text or _is_short_year_first(*found.groups()[:3])):
        return _day(2000 + int(found[1]), int(found[2]), int(found[3]))
    found = _YEAR_LAST.match(text)
    if found:
        return _day_with_year_last(int(found[1]), int(found[2]), _full_year(found[3]), order)
    found = _YEAR_MONTH.match(text)
    if found:
        return _month(int(found[1] or found[3]), int(found[2] or found[4]), at_end)
    return _day_with_words(text, at_end)


def _day_with_words(text: str, at_end: bool) -> tuple[date | None, str]:
    found = _WORD_MONTH.match(text)
    if found and found[2][:3] in _MONTHS:
        return _day(_full_year(found[3]), _MONTHS[found[2][:3]], int(found[1]))
    found = _MONTH_WORD.match(text)
    if found and found[1][:3] in _MONTHS:
        return _day(int(found[3]), _MONTHS[found[1][:3]], int(found[2]))
    found = _YEAR_WORD.match(text)
    if found and found[2][:3] in _MONTHS:
        return _day(int(found[1]), _MONTHS[found[2][:3]], int(found[3]))
    found = _MONTH_ONLY.match(text)
    if found and found[1][:3] in _MONTHS:
        return _month(int(found[2]), _MONTHS[found[1][:3]], at_end)
    found = _IN_CHINESE.match(text)
    if found:
        year, month, day = year_digits(found[1]), read_numeral(found[2]), read_numeral(found[3] or "")
        if year and month and (day or not found[3]):
            return _day(int(year), month, day) if day else _month(int(year), month, at_end)
    if text.replace(".", "", 1).isdigit() and len(text) < 12:
        return _day_of_number(float(text), at_end)
    return None, "bad_date"


def _month(year: int, month: int, at_end: bool) -> tuple[date | None, str]:
    day, code = _day(year, month, 1)
    return (_end_of_month(day) if day and at_end else day), code


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _day_with_year_last(first: int, second: int, year: int, order: Order) -> tuple[date | None, str]:
    if first > 12 or (second <= 12 and order is Order.DAY_FIRST):
        return _day(year, second, first)
    if second > 12 or order is Order.MONTH_FIRST or first == second:
        return _day(year, first, second)
    return None, "ambiguous_date"


def _day(year: int, month: int, day: int) -> tuple[date | None, str]:
    try:
        return date(year, month, day), ""
    except ValueError:
        return None, "bad_date"


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


_BETWEEN_DAYS = re.compile(
    r"\s*(?:\u8d77?\u81f3|\u8d77?\u5230|\u81f3|~|\u2014+|\u2013+|\bto\b|\buntil\b|\bthrough\b|--+|\s-\s|;|,\s*(?=\d{4}[-/.\u5e74]))\s*"
)
_TWO_DAYS = re.compile(
    r"(\d{4}[-/.\u5e74]\d{1,2}(?:[-/.\u6708]\d{1,2})?[\u6708\u65e5\u53f7]*|\d{8})\s*[-/,\s]\s*(\d{4}[-/.\u5e74]\d{1,2}(?:[-/.\u6708]\d{1,2})?[\u6708\u65e5\u53f7]*|\d{8})$"
)


def read_period(cell: Cell, order: Order = Order.OPEN) -> tuple[tuple[date, date] | int | None, str]:
    """Two days in one cell, or a term in months (1年, 12 months). Codes: bad_period, open_ended."""
    if cell is None or (isinstance(cell, str) and not plain(cell)):
        return None, ""
    if not isinstance(cell, str):
        return None, "bad_period"
    text = _REMARK.sub("", plain(cell).casefold()).strip(" .\u3002")
    if text in word_set("open_ended"):
        return None, "open_ended"
    months = read_term(text)[0]
    if months:
        return months, ""
    for word in word_list("period_words"):
        text = text.removeprefix(word).removesuffix(word).strip()
    found = _TWO_DAYS.match(text)
    parts = list(found.groups()) if found else _BETWEEN_DAYS.split(text)
    if len(parts) != 2:
        return None, "bad_period"
    start = read_day(parts[0].rstrip("\u8d77 "), order)[0]
    end = read_day(parts[1].rstrip("\u6b62 "), order, at_end=True)[0]
    return ((start, end), "") if start and end else (None, "bad_period")


@cache
def _term() -> re.Pattern[str]:
    def words(key: str) -> str:
        return "|".join(sorted(map(re.escape, word_list(key)), key=len, reverse=True))

    half = re.escape(word_list("half")[0])
    return re.compile(
        rf"(?:([^\s\d]{{1,4}}|[\d.]+)\s*(?:{words('years')})({half})?)?\s*(?:([^\s\d]{{1,4}}|[\d.]+)\s*(?:{words('months')}))?$"
    )


def read_term(cell: Cell, unit: int = 1) -> tuple[int | None, str]:
    """A term in whole months: 1年, 一年半, 18个月, 2 years; a bare number counts ``unit`` months. Code: bad_period."""
    if cell is None or cell == "":
        return None, ""
    if isinstance(cell, bool | date) or not isinstance(cell, str | int | float):
        return None, "bad_period"
    if isinstance(cell, int | float):
        months = Decimal(str(cell)) * unit if abs(cell) < 1000 else Decimal(0)
        return _whole_months(months)
    text = plain(cell).casefold()
    if not text:
        return None, ""
    number = read_count(text)
    if number is not None and number < 1000:
        return _whole_months(number * unit) if unit else (None, "bad_period")
    found = _term().match(text)
    if not found or not (found[1] or found[3]):
        return None, "bad_period"
    years, more = read_count(found[1] or "0"), read_count(found[3] or "0")
    if years is None or more is None or years > 100 or more > 1200:
        return None, "bad_period"
    return _whole_months(years * 12 + (6 if found[2] else 0) + more)


def _whole_months(months: Decimal) -> tuple[int | None, str]:
    whole = int(months) if months.is_finite() and 0 < months < 1200 else 0
    return (whole, "") if whole and whole == months else (None, "bad_period")


def end_of_term(start: date, months: int) -> date | None:
    """The last day of a term; None beyond the calendar."""
    number = start.year * 12 + start.month - 1 + months
    year, month = divmod(number, 12)
    try:
        following = date(year, month + 1, 1)
    except ValueError:
        return None
    last = _end_of_month(following).day
    return following.replace(day=start.day) - timedelta(days=1) if start.day <= last else following.replace(day=last)
