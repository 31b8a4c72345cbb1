"""Which days each view of a plan shows, and for which of them it drafts and confirms. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _

AGENDA_WEEKS = 4


class View(StrEnum):
    """The views of a plan."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    AGENDA = "agenda"


LABELS = {View.WEEK: N_("Week"), View.MONTH: N_("Month"), View.QUARTER: N_("Quarter"), View.AGENDA: N_("List")}
KEYS = {View.WEEK: "Alt+1", View.MONTH: "Alt+2", View.QUARTER: "Alt+3", View.AGENDA: "Alt+4"}


@dataclass(frozen=True)
class Period:
    """The days of a plan, and those that are shown around them; all included."""

    start: date
    end: date
    shown_from: date
    shown_to: date


def period_of(view: View, day: date) -> Period:
    """The days that a view shows around ``day``."""
    monday = day - timedelta(day.weekday())
    if view is View.WEEK:
        return _even(monday, monday + timedelta(6))
    if view is View.AGENDA:
        return _even(monday, monday + timedelta(7 * AGENDA_WEEKS - 1))
    first = day.replace(day=1)
    if view is View.QUARTER:
        first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
    last = _next(first, 1 if view is View.MONTH else 3) - timedelta(1)
    return Period(first, last, first - timedelta(first.weekday()), last + timedelta(6 - last.weekday()))


def _even(start: date, end: date) -> Period:
    return Period(start, end, start, end)


def _next(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def turned(view: View, day: date, by: int) -> date:
    """A day in the period that stands ``by`` places after that of ``day``."""
    if view is View.WEEK:
        return day + timedelta(7 * by)
    if view is View.AGENDA:
        return day + timedelta(7 * AGENDA_WEEKS * by)
    return _next(period_of(view, day).start, by if view is View.MONTH else 3 * by)


def title_of(view: View, period: Period) -> str:
    """The page's title."""
    if view is View.WEEK:
        return _("Visit plan, week {week}").format(week=period.start.isocalendar().week)
    if view is View.MONTH:
        return _("Visit plan, {month}").format(month=formats.month_title(period.start))
    if view is View.QUARTER:
        quarter = (period.start.month + 2) // 3
        return _("Visit plan, quarter {quarter} of {year}").format(quarter=quarter, year=period.start.year)
    return _("Visits from {start} to {end}").format(start=f"{period.start:%m-%d}", end=f"{period.end:%m-%d}")
