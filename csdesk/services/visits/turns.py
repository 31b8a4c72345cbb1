"""On which days something comes that repeats. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from csdesk.models.vocabulary import SeriesUnit
from csdesk.services.visits.workdays import Workdays

LAST_YEAR = 2200
LONGEST_FREE = 14
"""No run of holidays is longer, in days."""


def turns(first: date, unit: SeriesUnit, every: int, until: date | None, count: int | None) -> Iterator[date]:
    """The days from ``first`` on, until a day (included) or so many times. A 31st is the last day of a shorter month."""
    number = 0
    while count is None or number < count:
        day = first + timedelta(weeks=every * number) if unit is SeriesUnit.WEEK else _month_on(first, every * number)
        if (until is not None and day > until) or day.year > LAST_YEAR:
            return
        yield day
        number += 1


def _month_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def workday_from(day: date, workdays: Workdays) -> date:
    """The day itself, or the next one that is worked; the day itself where none comes soon."""
    following = (day + timedelta(days) for days in range(LONGEST_FREE))
    return next((one for one in following if workdays.is_workday(one)), day)
