"""A month of visits on one page: a calendar whose days name their visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from csdesk.services.core import formats
from csdesk.services.core.report import (
    Cell,
    Line,
    PaperColumn,
    Paragraphs,
    Piece,
    Report,
    Row,
    Section,
    Span,
    Table,
    TierMark,
    cell,
    text,
)
from csdesk.services.core.texts import _, language
from csdesk.services.visits.cards import DayPlan, VisitCard, WeekPlan
from csdesk.services.visits.report import HARD_SPACE, days_text, plan_footer, plan_summary, plan_title
from csdesk.services.visits.sheet_report import Printing

CALENDAR_HEIGHT = 640.0
"""What the weeks share on one page, in points."""
FREE_WIDTH = 52.0


def month_report(plan: WeekPlan, printing: Printing) -> Report:
    """The calendar of these days, a row a week; Saturday and Sunday are narrow, and left out where nothing is on them."""
    weekend = any(day.used for day in plan.days if day.day.weekday() > 4)
    shown = 7 if weekend else 5
    monday = plan.start - timedelta(plan.start.weekday())
    names = [formats.weekday(monday + timedelta(number)) for number in range(shown)]
    columns = tuple(
        PaperColumn(name, pen=number > 0, stretch=1) if number < 5 else PaperColumn(name, FREE_WIDTH, pen=True)
        for number, name in enumerate(names)
    )
    blocks: tuple[Table | Paragraphs, ...] = (Table(_weeks(plan.days, shown), columns),)
    if not plan.visits:
        blocks = (Paragraphs((text(_("No visits are planned in these days.")),)), *blocks)
    return Report(
        title=plan_title(plan.start, plan.end),
        subtitle=" \u00b7 ".join(filter(None, (days_text(plan.start, plan.end), printing.author))),
        summary=plan_summary(plan),
        sections=(Section(blocks=blocks),),
        footer=plan_footer(),
        printed_at=printing.at,
        author=printing.author,
        language=language(),
    )


def _weeks(days: Sequence[DayPlan], shown: int) -> tuple[Row, ...]:
    weeks: list[list[DayPlan]] = []
    for day in days:
        if not weeks or day.day.weekday() == 0:
            weeks.append([])
        weeks[-1].append(day)
    weeks = [week for week in weeks if week[0].day.weekday() < shown]
    height = CALENDAR_HEIGHT / max(len(weeks), 1)
    return tuple(_week(week, shown, height) for week in weeks)


def _week(week: Sequence[DayPlan], shown: int, height: float) -> Row:
    cells = [Cell()] * 7
    for day in week:
        cells[day.day.weekday()] = _day(day, int(height - 32) // 11)
    return Row(tuple(cells[:shown]), height)


def _day(day: DayPlan, room: int) -> Cell:
    """The day's number, its holiday, and as many of its visits as there is room for lines."""
    head: list[Piece] = [Span(str(day.day.day), bold=True)]
    if day.free_name or day.note:
        head.append(Span(f" {day.free_name or day.note}", muted=True))
    elif day.over:
        head.append(Span(" " + _("{n} too many").format(n=day.over)))
    visits = [visit for visit in day.visits if visit.counts]
    lines = [_visit(visit) for visit in visits[:room]]
    if len(visits) > room:
        lines.append(text(_("{n} more").format(n=len(visits) - room), muted=True, small=True))
    return cell(Line(tuple(head)), *lines)


def _visit(visit: VisitCard) -> Line:
    pieces: list[Piece] = [Span(f"{formats.time_text(visit.starts_at)} " if visit.starts_at else "", muted=True)]
    pieces.append(Span(visit.account))
    if visit.tier:
        pieces += [Span(HARD_SPACE), TierMark(visit.tier.value)]
    return Line(tuple(pieces), small=True)
