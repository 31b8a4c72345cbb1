"""Days as people write them, and in which order a column writes them. Nothing here raises."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from csdesk.services.handover.values import Cell, plain


class Order(StrEnum):
    """In which order the numbers of 03/05/2026 stand."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"
    OPEN = "open"


_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})\s*[\u65e5\u53f7]?(?:[t ].*)?$")
_YEAR_MONTH = re.compile(r"(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*\u6708?$")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[t ].*)?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_WORD_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/ .]*([a-z]{3,9})\.?[-/ ,.]*(\d{4}|\d{2})$")
_MONTH_WORD = re.compile(r"([a-z]{3,9})\.?[-/ ]*(\d{1,2})(?:st|nd|rd|th)?[-/ ,.]*(\d{4})$")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_EPOCH = date(1899, 12, 30)


def order_of(cells: set[Cell]) -> Order:
    """How a column writes 03/05/2026, by looking at all of it."""
    first = second = False
    for cell in cells:
        if isinstance(cell, str):
            found = _YEAR_LAST.match(plain(cell))
            if found:
                first = first or int(found[1]) > 12
                second = second or int(found[2]) > 12
    if first == second:
        return Order.OPEN
    return Order.DAY_FIRST if first else Order.MONTH_FIRST


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
        return _day_of_number(cell)
    if not isinstance(cell, str):
        return None, "bad_date"
    text = plain(cell).lstrip("'")
    if not text:
        return None, ""
    return _day_of_text(text.casefold(), order, at_end)


def _day_of_number(number: int | float) -> tuple[date | None, str]:
    whole = int(number) if abs(number) < 1e9 else 0
    if 19_000_101 <= whole <= 29_991_231:
        return _day(whole // 10_000, whole // 100 % 100, whole % 100)
    if 10_000 <= whole <= 80_000:
        return _EPOCH + timedelta(days=whole), ""
    return None, "bad_date"


def _day_of_text(text: str, order: Order, at_end: bool) -> tuple[date | None, str]:
    found = _YEAR_FIRST.match(text) or _COMPACT.match(text)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _YEAR_LAST.match(text)
    if found:
        return _day_with_year_last(int(found[1]), int(found[2]), _full_year(found[3]), order)
    found = _YEAR_MONTH.match(text)
    if found:
        day, code = _day(int(found[1]), int(found[2]), 1)
        return (_end_of_month(day) if day and at_end else day), code
    found = _WORD_MONTH.match(text)
    if found and found[2][:3] in _MONTHS:
        return _day(_full_year(found[3]), _MONTHS[found[2][:3]], int(found[1]))
    found = _MONTH_WORD.match(text)
    if found and found[1][:3] in _MONTHS:
        return _day(int(found[3]), _MONTHS[found[1][:3]], int(found[2]))
    if text.replace(".", "", 1).isdigit() and len(text) < 12:
        return _day_of_number(float(text))
    return None, "bad_date"


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


_PERIOD = re.compile(r"\s*(?:\u81f3|\u5230|~|\u2014+|\u2013|\bto\b|(?<=\d)\s+-+\s+(?=\d)|--+)\s*")


def read_period(cell: Cell, order: Order = Order.OPEN) -> tuple[tuple[date, date] | None, str]:
    """Two days in one cell: 2026-03-01 to 2027-02-28. Code: bad_date."""
    if not isinstance(cell, str) or not plain(cell):
        return None, "" if cell is None or isinstance(cell, str) else "bad_date"
    parts = _PERIOD.split(plain(cell))
    if len(parts) != 2:
        return None, "bad_date"
    start, end = read_day(parts[0], order)[0], read_day(parts[1], order, at_end=True)[0]
    return ((start, end), "") if start and end else (None, "bad_date")
