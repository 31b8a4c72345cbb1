"""Which days the figures are told for: a month, a quarter or a year. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _


class Length(StrEnum):
    """How long the days are."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


LABELS = {Length.MONTH: N_("Month"), Length.QUARTER: N_("Quarter"), Length.YEAR: N_("Year")}
MONTHS = {Length.MONTH: 1, Length.QUARTER: 3, Length.YEAR: 12}


def days_of(length: Length, day: date) -> tuple[date, date]:
    """The first and the last day of the month, quarter or year that ``day`` lies in."""
    months = MONTHS[length]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, _later(first, months) - timedelta(1)


def turned(length: Length, day: date, by: int) -> date:
    """The first day of the period that stands ``by`` places after that of ``day``; never before the year 1 or after 9998."""
    first = days_of(length, day)[0]
    months = first.year * 12 + first.month - 1 + by * MONTHS[length]
    return first if not 12 <= months < 9998 * 12 else _later(first, by * MONTHS[length])


def _later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def title_of(length: Length, day: date) -> str:
    """The period in words."""
    first = days_of(length, day)[0]
    if length is Length.MONTH:
        return formats.month_title(first)
    if length is Length.QUARTER:
        return _("Quarter {quarter} of {year}").format(quarter=(first.month + 2) // 3, year=first.year)
    return _("Year {year}").format(year=first.year)
