"""The sheet that a visit is held with: what to talk about, room for the pen, next steps, and a framed box for us alone.

Above the fold stands nothing that the customer may not read. The customer's copy is without the box, the talking points
and a purpose that the rules wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from csdesk.models.vocabulary import Tier, VisitKind
from csdesk.services.core import formats
from csdesk.services.core.report import (
    Box,
    Facts,
    FoldLine,
    Halves,
    Line,
    PaperColumn,
    Paragraphs,
    Piece,
    Report,
    Row,
    Ruled,
    Section,
    Span,
    Table,
    TickBox,
    TierMark,
    cell,
    text,
)
from csdesk.services.core.texts import _, is_chinese, language
from csdesk.services.visits import agendas
from csdesk.services.visits.cards import DayPlan
from csdesk.services.visits.deal_words import money_lines
from csdesk.services.visits.preparation import Participant, Preparation
from csdesk.services.visits.reasons import goal_text
from csdesk.services.visits.report import HARD_SPACE, duration_text, phone_text
from csdesk.services.visits.talking_points import proposed

MOST_POINTS = 8
MOST_PEOPLE = 4
MOST_LINES = 12
"""Lines of one side above the writing, so that room to write and the framed box stay on the page."""
UNITS_IN_LINE = 44
"""About what a side takes in a line; a Chinese character counts as two."""
LONGEST = 90
STEPS = 3
MOST_INTERNAL = 10


@dataclass(frozen=True)
class Printing:
    """Who prints and when, in local time; ``internal`` prints the framed box, without it it is the customer's copy."""

    author: str
    at: datetime
    internal: bool = True

    @property
    def today(self) -> date:
        """The day it is printed on."""
        return self.at.date()


def sheet_report(view: Preparation, printing: Printing, day: DayPlan | None = None) -> Report:
    """The sheet of one visit; ``day`` tells the way there. What nobody wrote yet is filled in as the desk proposes it."""
    foot: tuple[Section, ...] = ()
    if printing.internal:
        box = Box(
            _("Internal only"), _internal(view, printing.today), True, _("not for the customer, not left there"), 2
        )
        foot = (Section(blocks=(FoldLine(_("fold back along the line before you go in")), box), bottom=True),)
    return Report(
        title=view.account.short_name or view.account.name,
        subtitle=" \u00b7 ".join(filter(None, (_("Visit sheet"), _(view.card.kind.label), _when(view)))),
        summary=_place(view, day),
        sections=(
            Section(blocks=(_facts(view, printing),)),
            Section(blocks=(_halves(view, printing),)),
            *_writing(),
            *foot,
        ),
        footer=_footer(printing),
        printed_at=printing.at,
        author=printing.author,
        language=language(),
    )


def _when(view: Preparation) -> str:
    card = view.card
    if card.day is None:
        return ""
    begin, end = formats.time_text(card.starts_at), formats.time_text(card.ends_at)
    return " ".join(
        filter(None, (formats.day_long(card.day), _("{start} – {end}").format(start=begin, end=end) if begin else ""))
    )


def _place(view: Preparation, day: DayPlan | None) -> tuple[Line, ...]:
    card = view.card
    if card.kind != VisitKind.ONSITE:
        return (text(_(card.kind.label)),)
    place = " ".join(filter(None, (card.city, card.address.removeprefix(card.city).strip() or card.district)))
    way = day.legs.get(card.id) if day is not None else None
    lines = [text(place)] if place else []
    if way is not None:
        lines.append(text(_way(way, card.starts_at), muted=True, small=True))
    return tuple(lines)


def _way(minutes: int, starts_at: str) -> str:
    words = _("travel {time}").format(time=duration_text(minutes))
    if starts_at:
        leave = int(starts_at[:2]) * 60 + int(starts_at[3:]) - minutes
        if leave >= 0:
            words = f"{_('leave at {time}').format(time=f'{leave // 60}:{leave % 60:02}')} \u00b7 {words}"
    return words


def _facts(view: Preparation, printing: Printing) -> Facts:
    contracts = view.deal.contracts
    products = "\u3001".join(dict.fromkeys(row.products for row in contracts if row.products))
    seats = sum(row.seats or 0 for row in contracts)
    ends = [row.end_on for row in contracts if row.end_on is not None]
    facts = [(_("Purpose"), _purpose(view, printing) or formats.NOTHING)]
    facts.append((_("Products"), short(products, 30) or formats.NOTHING))
    facts.append((_("Seats"), formats.number(seats) if seats else formats.NOTHING))
    facts.append((_("Contract until"), formats.day_iso(max(ends, default=None))))
    return Facts(tuple(facts), lead=1.6)


def _purpose(view: Preparation, printing: Printing) -> str:
    card = view.card
    by_rules = card.day is not None and card.goal == goal_text(card.reasons, card.day)
    if not printing.internal and (by_rules or not card.goal):
        return _(view.type.label)
    return short(card.goal, LONGEST) or _(view.type.label)


@dataclass
class _Part:
    """A heading of the upper half with its entries to tick; a ``table`` stands in their place. ``more`` were left out."""

    title: str
    entries: list[str]
    table: Table | None = None
    more: int = 0

    @property
    def lines(self) -> int:
        """About how many lines it takes, its heading counted as two."""
        return 2 + (len(self.table.rows) if self.table else sum(map(_lines_of, self.entries)))

    def section(self) -> Section:
        """As it is printed."""
        if self.table is not None:
            return Section(self.title, blocks=(self.table,), rule=0)
        lines = [Line((TickBox(), Span(" " + entry))) for entry in self.entries]
        if self.more:
            lines.append(text(_("{n} more").format(n=self.more), muted=True, small=True))
        return Section(self.title, blocks=(Paragraphs(tuple(lines)),), rule=0)


def _halves(view: Preparation, printing: Printing) -> Halves:
    """What to talk about at the left, people and what is owed at the right; talking points where there is more room."""
    left, right = _left(view), _right(view)
    points = agendas.lines(view.written.talking_points) or proposed(view, printing.today) if printing.internal else ()
    if points:
        side = left if _taken(left) <= _taken(right) else right
        side.append(_Part(_("To talk about"), [short(point) for point in points]))
    for parts in (left, right):
        _shorten(parts)
    return Halves(tuple(part.section() for part in left), tuple(part.section() for part in right))


def _left(view: Preparation) -> list[_Part]:
    questions = agendas.lines(view.written.questions) or agendas.lines(agendas.questions_for(view.type))
    return [_agenda(view), _Part(_("To ask"), [short(question) for question in questions])]


def _right(view: Preparation) -> list[_Part]:
    goals = list(agendas.lines(view.goals))
    owed = [_owed(task.text, task.due_on) for task in (*view.promises, *view.tasks)]
    bring = [material.title for material in view.materials if not (material.missing or material.internal)]
    back = [" \u00b7 ".join(filter(None, (short(item.title, 40), item.state))) for item in view.report_back]
    lists = (
        (_("What they want to reach"), goals), (_("Promised, not yet kept"), owed), (_("To report back"), back),
        (_("Bring along"), bring),
    )  # fmt: skip
    return [_people(view), *(_Part(title, [short(entry) for entry in entries]) for title, entries in lists if entries)]


def _taken(parts: Iterable[_Part]) -> int:
    return sum(part.lines for part in parts)


def _lines_of(words: str) -> int:
    return 1 + _units(words) // UNITS_IN_LINE


def _units(words: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in words)


def _shorten(parts: Sequence[_Part]) -> None:
    """Take from the longest list until the side leaves room to write; two entries stay in each."""
    while _taken(parts) > MOST_LINES:
        longest = max((part for part in parts if len(part.entries) > 2), key=lambda part: part.lines, default=None)
        if longest is None:
            return
        longest.entries.pop()
        longest.more += 1


def _owed(words: str, due_on: date | None) -> str:
    return f"{short(words)} \u00b7 {due_on:%m-%d}" if due_on else short(words)


def _agenda(view: Preparation) -> _Part:
    written = view.card.agenda if view.card.agenda.strip() else view.template
    points = agendas.points(written, view.card.starts_at)
    if not any(point.starts_at for point in points):
        return _Part(_("Agenda"), [short(point.text) for point in points])
    rows = tuple(
        Row((cell(text(formats.time_text(point.starts_at), bold=True)), cell(short(point.text, 60))))
        for point in points
    )
    return _Part(
        _("Agenda"), [], Table(rows[:MOST_POINTS], (PaperColumn(width=40), PaperColumn(stretch=1)), plain=True)
    )


def _people(view: Preparation) -> _Part:
    wanted = [person for person in view.theirs if person.invited and person.left_on is None][:MOST_PEOPLE]
    rows = [
        Row((cell(text(person.name, bold=True)), cell(person.title), cell(phone_text(person.phone))))
        for person in wanted
    ]
    name = PaperColumn(width=52 if is_chinese() else 84)
    columns = (name, PaperColumn(stretch=1), PaperColumn(width=78, align="right"))
    return _Part(_("Whom to meet"), [], Table(tuple(rows or [Row((), 20)]), columns))


def _writing() -> tuple[Section, ...]:
    labels = (cell(text(_("Who"), muted=True, small=True)), cell(text(_("By when"), muted=True, small=True)))
    columns = (PaperColumn(stretch=1), PaperColumn(width=80, pen=True), PaperColumn(width=70, pen=True))
    steps = tuple(
        Row((cell(text(str(number), muted=True, small=True)), *labels), 22, low=True) for number in range(1, STEPS + 1)
    )
    said = Section(
        _("What was said"), note=_("names in full; figures as they were said"), blocks=(Ruled(7, 20, fill=True),),
        rule=0, whole=True,
    )  # fmt: skip
    thoughts = Section(
        _("What else came up"), note=_("in their words; sort it later"), blocks=(Ruled(3, 20),), rule=0, whole=True
    )
    return said, thoughts, Section(_("Next steps"), blocks=(Table(steps, columns),), rule=0, whole=True)


def _internal(view: Preparation, today: date) -> tuple[Line, ...]:
    """Two columns, read in rows: what it is worth, why now, who thinks what, what to mind."""
    account = view.account
    tier: list[Piece] = []
    if account.tier:
        tier = [TierMark(account.tier), Span(HARD_SPACE + _(Tier(account.tier).label)), Span(" \u00b7 ")]
    arr = _("ARR {amount} CNY").format(amount=formats.cents(account.arr_cents))
    lines = [Line((*tier, Span(arr if account.arr_cents else _("no running contract"), bold=True)))]
    ends = [row for row in view.deal.contracts if row.end_on is not None]
    for row in ends[:2]:
        left = formats.days_left(row.end_on or today, today)
        words = _("ends {day} ({left})").format(day=formats.day_iso(row.end_on), left=left)
        lines.append(text(" \u00b7 ".join(filter(None, (row.number, words)))))
    lines += [
        text(words, bold=bool(view.deal.overdue) and not number) for number, words in enumerate(money_lines(view.deal))
    ]
    if view.card.why:
        lines.append(_labelled(_("Why now"), view.card.why))
    if view.written.wanted:
        lines.append(_labelled(_("To come away with"), view.written.wanted))
    lines += [_mood(person) for person in view.theirs if person.invited and person.contact_id][:3]
    if view.risks:
        lines.append(_labelled(_("Risks"), view.risks))
    if view.written.internal:
        lines.append(_labelled(_("For us alone"), view.written.internal, 2))
    last = view.last
    if last is not None and last.done_on is not None and last.record:
        lines.append(_labelled(_("Last time, {day}").format(day=formats.day_short(last.done_on, today)), last.record))
    lines += [_labelled(_("Need"), need.text) for need in view.open_needs[:2]]
    lines += [_labelled(_("Bring, for us"), one.title) for one in view.materials if one.internal and not one.missing][
        :2
    ]
    return tuple(lines[:MOST_INTERNAL])


def _labelled(label: str, words: str, in_lines: int = 1) -> Line:
    room = in_lines * UNITS_IN_LINE - _units(label)
    line = short(words)
    while _units(line) > room:
        line = line[:-2].rstrip() + "\u2026"
    return Line((Span(_("{label}: ").format(label=label), muted=True), Span(line)))


def _mood(person: Participant) -> Line:
    last = person.last_contact_on
    seen = _("last contact {day}").format(day=f"{last:%m-%d}") if last else _("not met yet")
    role = _(person.role.label) if person.role else ""
    mood = _(person.sentiment.label) if person.sentiment else ""
    words = _(", ").join(filter(None, (role, mood, seen)))
    return Line((Span(_("{label}: ").format(label=person.name), muted=True), Span(words)))


def _footer(printing: Printing) -> tuple[Piece, ...]:
    words: Iterable[str] = (printing.author, _("write it up within 24 hours") if printing.internal else "")
    return (Span(" \u00b7 ".join(filter(None, words)), muted=True),)


def short(words: str, longest: int = LONGEST) -> str:
    """In one line, cut with an ellipsis where it is longer."""
    line = _("; ").join(agendas.lines(words)) if "\n" in words.strip() else words.strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "\u2026"
