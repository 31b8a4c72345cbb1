"""A visit plan as a report: the week on paper, one section a day, with room for the pen. For internal use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.core import formats
from csdesk.services.core.report import (
    Box,
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
from csdesk.services.core.texts import _, is_chinese, language, ngettext
from csdesk.services.visits.cards import DayPlan, LeftOutCard, VisitCard, WeekPlan

ROW_HEIGHT = 40.0
HARD_SPACE = "\u00a0"
MOST_LEFT_OUT = 12


def plan_report(plan: WeekPlan, author: str = "", printed_at: datetime | None = None) -> Report:
    """The plan as it is printed; ``printed_at`` in local time."""
    sections = [_day(day) for day in plan.days if day.visits or not day.free_name]
    if not plan.visits:
        empty = Paragraphs((text(_("No visits are planned in these days.")),))
        sections.insert(0, Section(blocks=(empty,)))
    if plan.notes:
        sections.append(Section(blocks=(Paragraphs(tuple(text(note, muted=True, small=True) for note in plan.notes)),)))
    if plan.left_out:
        sections.append(_left_out(plan.left_out))
    return Report(
        title=plan_title(plan.start, plan.end),
        subtitle=_joined(days_text(plan.start, plan.end), author),
        summary=plan_summary(plan),
        columns=columns(),
        sections=tuple(sections),
        footer=plan_footer(),
        printed_at=printed_at,
        author=author,
        language=language(),
    )


def columns() -> tuple[PaperColumn, ...]:
    """The columns of a printed plan; the last is for the pen. English words take more room than Chinese ones."""
    saved = 0 if is_chinese() else 12
    return (
        PaperColumn("", 20),
        PaperColumn(_("Time"), 46),
        PaperColumn(_("Account and address"), 126 - saved / 2),
        PaperColumn(_("Whom"), 90 - saved / 2),
        PaperColumn(_("Goal and reason"), stretch=1),
        PaperColumn(_("Notes by hand"), 84 - saved, pen=True),
    )


def plan_title(start: date, end: date) -> str:
    """Its week or month where it covers one, else just what it is."""
    if start.day == 1 and end == (start + timedelta(31)).replace(day=1) - timedelta(1):
        return _("Visit plan, {month}").format(month=formats.month_title(start))
    if start.weekday() == 0 and end - start in (timedelta(4), timedelta(6)):
        return _("Visit plan, week {week}").format(week=start.isocalendar().week)
    return _("Visit plan")


def days_text(start: date, end: date) -> str:
    """The days it covers, in full."""
    if start == end:
        return formats.day_long(start)
    last = formats.day_title(end) if start.year == end.year else formats.day_long(end)
    return _("{start} – {end}").format(start=formats.day_long(start), end=last)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def plan_summary(plan: WeekPlan) -> tuple[Line, ...]:
    """How many visits, by tier, how far to travel, to how many cities."""
    count = len(plan.visits)
    pieces: list[Piece] = [Span(ngettext("{n} visit", "{n} visits", count).format(n=count), bold=True)]
    for tier, number in plan.by_tier.items():
        pieces.append(Span(" · " + (_("tier {tier}").format(tier=tier.value) if tier else _("no tier")) + " "))
        pieces.append(Span(str(number), bold=True))
    lines = [Line(tuple(pieces))]
    minutes = sum(day.travel_minutes for day in plan.days)
    cities = len(plan.cities)
    second = _joined(
        _("travel {time} in all").format(time=duration_text(minutes)) if minutes else "",
        ngettext("{n} city", "{n} cities", cities).format(n=cities) if cities else "",
    )
    if second:
        lines.append(text(second, small=True))
    return tuple(lines)


def duration_text(minutes: int) -> str:
    """2 h 10 min."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)
    return _("{hours} h").format(hours=hours) if hours else _("{minutes} min").format(minutes=rest)


def _day(day: DayPlan) -> Section:
    shown = [visit for visit in day.visits if visit.counts]
    return Section(
        heading=f"{formats.weekday(day.day)} {day.day:%m-%d}",
        note=_where(day),
        caption=_load(day),
        blocks=(Table(tuple(visit_row(visit) for visit in shown)),) if shown else (),
    )


def _where(day: DayPlan) -> str:
    if day.free_name:
        return day.free_name
    if day.stays_in:
        return _("not going out")
    return _(", ").join(day.cities)


def _load(day: DayPlan) -> str:
    if day.free_name and not day.used:
        return ""
    if not day.used and not day.capacity:
        return day.note
    parts = [_("{used} / {capacity} visits").format(used=day.used, capacity=day.capacity)]
    if day.over:
        parts.append(_("{n} too many").format(n=day.over))
    if day.travel_minutes:
        parts.append(_("travel {time}").format(time=duration_text(day.travel_minutes)))
    if day.leaves_at:
        parts.append(_("leave at {time}").format(time=formats.time_text(day.leaves_at)))
    return _joined(*parts, day.note)


def visit_row(visit: VisitCard) -> Row:
    """A visit's row: box, time and kind, account and address, person and phone, goal and reason, room to write."""
    time = formats.time_text(visit.starts_at) or _("any time")
    name: list[Piece] = [Span(visit.account, bold=True)]
    if visit.tier:
        name += [Span(HARD_SPACE), TierMark(visit.tier.value)]
    place = " ".join(filter(None, (visit.city, visit.address.removeprefix(visit.city).strip() or visit.district)))
    person = " ".join(filter(None, (visit.contact, visit.contact_title)))
    return Row(
        (
            Cell((Line((TickBox(),)),) if visit.state == VisitState.PLANNED else (text("✓", bold=True),)),
            cell(text(time, bold=True), text(_(visit.kind.label), muted=True, small=True), value=time),
            cell(Line(tuple(name)), text(place if visit.kind == VisitKind.ONSITE else "", muted=True, small=True)),
            cell(person, text(phone_text(visit.contact_phone), muted=True, small=True)),
            cell(visit.goal, text(_joined(visit.why, _marks(visit)), muted=True, small=True)),
            Cell(),
        ),
        ROW_HEIGHT,
    )


def phone_text(phone: str) -> str:
    """A mainland mobile number in groups, as it is read aloud; others as they are written."""
    if len(phone) == 11 and phone.isascii() and phone.isdigit() and phone.startswith("1"):
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    return phone


def _marks(visit: VisitCard) -> str:
    if visit.moved_from:
        return _("moved from {day}").format(day=f"{visit.moved_from:%m-%d}")
    return ""


def _left_out(cards: Iterable[LeftOutCard]) -> Section:
    chosen = list(cards)
    pieces: list[Piece] = []
    for number, card in enumerate(chosen[:MOST_LEFT_OUT]):
        pieces.append(Span((" · " if number else "") + card.account + (HARD_SPACE if card.tier else "")))
        if card.tier:
            pieces.append(TierMark(card.tier.value))
        pieces.append(Span(" " + _(", ").join(filter(None, (card.city, card.why)))))
    more = len(chosen) - MOST_LEFT_OUT
    if more > 0:
        pieces.append(Span(" · " + ngettext("and {n} more", "and {n} more", more).format(n=more)))
    box = Box(_("Not placed; drop in where it is on the way"), (Line(tuple(pieces), small=True),))
    return Section(blocks=(box,), bottom=True)


def plan_footer() -> tuple[Piece, ...]:
    """The legend of a plan, and that it is for us alone."""
    return (
        Span(_("□ tick when done"), muted=True),
        Span("　|　", muted=True),
        Span(_("Tier A premium, B medium, C ordinary"), muted=True),
        Span("　|　", muted=True),
        Span(_("Internal only"), bold=True),
    )
