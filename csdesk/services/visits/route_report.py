"""The route list: where the days lead, place after place, with the way to each as the table of travel times knows it."""

from __future__ import annotations

from csdesk.models.vocabulary import VisitKind
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
    TickBox,
    TierMark,
    cell,
    text,
)
from csdesk.services.core.texts import _, language, ngettext
from csdesk.services.visits.cards import DayPlan, VisitCard, WeekPlan
from csdesk.services.visits.report import HARD_SPACE, days_text, duration_text, phone_text, plan_footer
from csdesk.services.visits.sheet_report import Printing


def route_report(plan: WeekPlan, printing: Printing, home: str) -> Report:
    """A section for each day on which somebody is visited on site, in the order of the visits; ``home`` is where it begins."""
    days = [day for day in plan.days if day.cities or _onsite(day)]
    sections = tuple(_day(day, home) for day in days)
    if not days:
        sections = (Section(blocks=(Paragraphs((text(_("Nobody is visited on site in these days.")),)),)),)
    minutes = sum(day.travel_minutes for day in plan.days)
    travel = _("travel {time} in all").format(time=duration_text(minutes)) if minutes else ""
    cities = len(plan.cities)
    return Report(
        title=_("Route list"),
        subtitle=" \u00b7 ".join(filter(None, (days_text(plan.start, plan.end), printing.author))),
        summary=tuple(
            text(words, small=bool(number))
            for number, words in enumerate(
                (ngettext("{n} city", "{n} cities", cities).format(n=cities) if cities else "", travel)
            )
            if words
        ),
        columns=(
            PaperColumn("", 20),
            PaperColumn(_("Time"), 46),
            PaperColumn(_("Way"), 86),
            PaperColumn(_("City, district"), 84),
            PaperColumn(_("Account and address"), stretch=1),
            PaperColumn(_("Whom"), 92),
        ),
        sections=sections,
        footer=plan_footer(),
        printed_at=printing.at,
        author=printing.author,
        language=language(),
    )


def _onsite(day: DayPlan) -> list[VisitCard]:
    return [visit for visit in day.visits if visit.kind == VisitKind.ONSITE and visit.counts]


def _day(day: DayPlan, home: str) -> Section:
    rows: list[Row] = []
    before: VisitCard | None = None
    for visit in _onsite(day):
        rows.append(_row(visit, day.legs.get(visit.id), before, home))
        before = visit
    if before is not None and before.city != home:
        back = _("back to {place}").format(place=home) if home else _("back")
        time = duration_text(day.way_back) if day.way_back is not None else formats.NOTHING
        rows.append(Row((Cell(), Cell(), cell(time, text(back, muted=True, small=True)))))
    parts = [_("travel {time}").format(time=duration_text(day.travel_minutes)) if day.travel_minutes else ""]
    if day.leaves_at:
        parts.append(_("leave at {time}").format(time=formats.time_text(day.leaves_at)))
    return Section(
        heading=f"{formats.weekday(day.day)} {day.day:%m-%d}",
        note=" \u2192 ".join(day.cities),
        caption=" \u00b7 ".join(filter(None, parts)),
        blocks=(Table(tuple(rows)),),
    )


def _row(visit: VisitCard, minutes: int | None, before: VisitCard | None, home: str) -> Row:
    name: list[Piece] = [Span(visit.account, bold=True)]
    if visit.tier:
        name += [Span(HARD_SPACE), TierMark(visit.tier.value)]
    same_city = visit.city == (before.city if before is not None else home)
    place = home if before is None else before.district if same_city and before.district else before.city
    origin = _("from {place}").format(place=place) if place else ""
    way = duration_text(minutes) if minutes is not None else _("in town") if same_city and place else formats.NOTHING
    address = visit.address.removeprefix(visit.city).strip()
    return Row(
        (
            Cell((Line((TickBox(),)),)),
            cell(text(formats.time_text(visit.starts_at) or _("any time"), bold=True)),
            cell(way, text(origin, muted=True, small=True)),
            cell(visit.city, text(visit.district, muted=True, small=True)),
            cell(Line(tuple(name)), text(address, muted=True, small=True)),
            cell(
                " ".join(filter(None, (visit.contact, visit.contact_title))),
                text(phone_text(visit.contact_phone), muted=True, small=True),
            ),
        ),
        34,
    )
