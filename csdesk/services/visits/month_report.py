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

DAY_HEIGHT = 106.0
FREE_WIDTH = 52.0


def month_report(plan: WeekPlan, printing: Printing) -> Report:
    """The calendar of these days, a row a week; Saturday and Sunday are narrow, and left out where nothing is on them."""
    weekend = any(day.used for day in plan.days if day.day.weekday() > 4)
    shown = 7 if weekend else 5
    columns = tuple(
        PaperColumn(formats.weekday(plan.start - timedelta(plan.start.weekday()) + timedelta(number)), pen=number > 0,
                    **({"stretch": 1.0} if number < 5 else {"width": FREE_WIDTH}))
        for number in range(shown)
    )  # fmt: skip
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
    rows: list[list[Cell]] = []
    for day in days:
        if not rows or day.day.weekday() == 0:
            rows.append([Cell()] * 7)
        rows[-1][day.day.weekday()] = _day(day)
    return tuple(Row(tuple(cells[:shown]), DAY_HEIGHT) for cells in rows if any(entry.lines for entry in cells[:shown]))


def _day(day: DayPlan) -> Cell:
    head: list[Piece] = [Span(str(day.day.day), bold=True)]
    if day.free_name or day.note:
        head.append(Span(f" {day.free_name or day.note}", muted=True))
    elif day.over:
        head.append(Span(" " + _("{n} too many").format(n=day.over)))
    return cell(Line(tuple(head)), *(_visit(visit) for visit in day.visits if visit.counts))


def _visit(visit: VisitCard) -> Line:
    pieces: list[Piece] = [Span(f"{formats.time_text(visit.starts_at)} " if visit.starts_at else "", muted=True)]
    pieces.append(Span(visit.account))
    if visit.tier:
        pieces += [Span(HARD_SPACE), TierMark(visit.tier.value)]
    return Line(tuple(pieces), small=True)
