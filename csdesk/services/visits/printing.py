"""What can be printed of the visit plan, put together from the store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from csdesk.services.core.progress import Progress
from csdesk.services.core.report import Report
from csdesk.services.core.texts import N_, _
from csdesk.services.settings.queries import setting
from csdesk.services.visits.cards import DayPlan, VisitCard, WeekPlan
from csdesk.services.visits.month_report import month_report
from csdesk.services.visits.preparation import preparation
from csdesk.services.visits.queries import days_plan
from csdesk.services.visits.report import plan_report
from csdesk.services.visits.route_report import route_report
from csdesk.services.visits.sheet_report import Printing, sheet_report

LOOK_AHEAD = 14


class Papers(StrEnum):
    """What somebody may want on paper, in the order of the print dialog."""

    WEEK = "week"
    PACK = "pack"
    SHEETS = "sheets"
    ROUTE = "route"
    MONTH = "month"


LABELS = {
    Papers.WEEK: N_("Week plan"),
    Papers.PACK: N_("The next day as one pack"),
    Papers.SHEETS: N_("Visit sheets"),
    Papers.ROUTE: N_("Route list"),
    Papers.MONTH: N_("Month plan"),
}


@dataclass(frozen=True)
class Choice:
    """One of the papers with the days that it covers and how many visits stand on it."""

    papers: Papers
    start: date
    end: date
    visits: int


def printing_at(connection: Connection, at: datetime, internal: bool = True) -> Printing:
    """Printed by the user at a moment, in local time."""
    return Printing(str(setting(connection, "user.name")), at, internal)


def choices(connection: Connection, day: date, start: date, end: date, today: date) -> tuple[Choice, ...]:
    """What the print dialog offers while the days from ``start`` to ``end`` are shown, around ``day``."""
    monday = day - timedelta(day.weekday())
    first = day.replace(day=1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    pack = next_day_out(connection, today)
    spans = {
        Papers.WEEK: (monday, monday + timedelta(6)),
        Papers.PACK: (pack, pack),
        Papers.SHEETS: (start, end),
        Papers.ROUTE: (start, end),
        Papers.MONTH: (first, last),
    }
    plans = {span: days_plan(connection, *span) for span in set(spans.values())}
    return tuple(Choice(papers, *spans[papers], len(plans[spans[papers]].visits)) for papers in Papers)


def next_day_out(connection: Connection, today: date) -> date:
    """The next day after today on which a visit is planned; tomorrow where there is none within two weeks."""
    tomorrow = today + timedelta(1)
    days = days_plan(connection, tomorrow, today + timedelta(LOOK_AHEAD)).days
    return next((day.day for day in days if day.used), tomorrow)


def printed(
    connection: Connection, choice: Choice, printing: Printing, progress: Progress | None = None
) -> tuple[Report, ...]:
    """The reports of a choice. Raises Cancelled where ``progress`` is told to stop."""
    plan = days_plan(connection, choice.start, choice.end)
    if choice.papers == Papers.WEEK:
        return (plan_report(plan, printing.author, printing.at),)
    if choice.papers == Papers.MONTH:
        return month_report(plan, printing), plan_report(plan, printing.author, printing.at)
    if choice.papers == Papers.ROUTE:
        return (route_report(plan, printing, str(setting(connection, "visits.home"))),)
    sheets = sheets_of(connection, plan, printing, progress)
    if choice.papers == Papers.PACK:
        return (plan_report(plan, printing.author, printing.at), *sheets)
    return sheets


def sheets_of(
    connection: Connection, plan: WeekPlan, printing: Printing, progress: Progress | None = None
) -> tuple[Report, ...]:
    """A sheet for each visit of these days that takes place, in their order."""
    wanted = [(day, visit) for day in plan.days for visit in day.visits if visit.counts]
    if progress is not None:
        progress.step(_("Reading what is known for each visit"), len(wanted))
    return tuple(_sheets(connection, wanted, printing, progress))


def _sheets(
    connection: Connection, wanted: Iterable[tuple[DayPlan, VisitCard]], printing: Printing, progress: Progress | None
) -> Iterable[Report]:
    for day, visit in wanted:
        view = preparation(connection, visit.id, printing.today)
        if view is not None:
            yield sheet_report(view, printing, day)
        if progress is not None:
            progress.advance()


def sheet_of(connection: Connection, visit_id: int, printing: Printing) -> Report | None:
    """The sheet of one visit; None where it is gone."""
    view = preparation(connection, visit_id, printing.today)
    if view is None:
        return None
    day = view.card.day
    return sheet_report(view, printing, days_plan(connection, day, day).days[0] if day is not None else None)
