"""What was typed about a visit that is over, read into values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from csdesk.models.vocabulary import Mood, VisitOutcome
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.texts import _
from csdesk.services.core.values import Unreadable, parse_amount, parse_day, plain
from csdesk.services.tasks.rules import Todo, jotted
from csdesk.services.visits.agendas import lines

HELD = (VisitOutcome.VISITED, VisitOutcome.PARTLY)
"""Outcomes of a visit that took place; they ask for a next step."""
MOST_MINUTES = 24 * 60
_BETWEEN_NAMES = re.compile(r"[,;\uff0c\uff1b\u3001\n]+")


@dataclass(frozen=True)
class RecordFields:
    """How a visit went. ``day`` is when it took place, for a moved one the new day.

    ``spent`` and ``travel`` are minutes, ``expenses`` yuan; ``next_visit_on`` plans the next one.
    """

    outcome: VisitOutcome
    day: date
    came: tuple[str, ...] = ()
    said: str = ""
    mood: Mood | None = None
    needs: tuple[str, ...] = ()
    steps: tuple[Todo, ...] = ()
    reason: str = ""
    spent: int | None = None
    travel: int | None = None
    expenses: Decimal | None = None
    next_visit_on: date | None = None


def parse(draft: Draft, today: date) -> RecordFields:
    """The record that a form describes. Raises Problems.

    A visit that took place needs its day and a next step with a day; one that did not needs the reason; a moved one the
    new day. ``next_visit`` counts where ``plan_next`` is ticked.
    """
    read = Reader(draft)
    outcome = read.word("outcome", VisitOutcome)
    if outcome is None and not read.problems:
        read.refuse("outcome", _("How did it go?"), "missing")
    held = outcome in HELD
    day = _day(read, "new_day" if outcome == VisitOutcome.MOVED else "done_on", today)
    if held and day is not None and day > today:
        read.refuse("done_on", _("This day is still to come."), "future")
    steps = _steps(read, today) if held else ()
    reason = read.text("reason")
    if outcome is not None and not held and not reason:
        read.refuse("reason", _("Say why in a few words."), "missing")
    next_visit = _optional_day(read, "next_visit", today) if held and draft.get("plan_next") else None
    fields = RecordFields(
        outcome=outcome or VisitOutcome.VISITED,
        day=day or today,
        came=names_in(read.text("came")) if held else (),
        said=read.text("record") if held else "",
        mood=read.word("mood", Mood) if held else None,
        needs=lines(read.text("needs")) if held else (),
        steps=steps,
        reason="" if held else reason,
        spent=read.value("spent", minutes_in),
        travel=read.value("travel", minutes_in),
        expenses=read.value("expenses", parse_amount),
        next_visit_on=next_visit,
    )
    read.check()
    return fields


def _day(read: Reader, key: str, today: date) -> date | None:
    before = len(read.problems)
    day = read.value(key, lambda text: parse_day(text, today))
    if day is None and len(read.problems) == before:
        read.refuse(key, _("On which day?"), "missing")
    return day


def _optional_day(read: Reader, key: str, today: date) -> date | None:
    day = read.value(key, lambda text: parse_day(text, today))
    if day is not None and day < today:
        read.refuse(key, _("Choose a day from today on."), "past")
    return day


def _steps(read: Reader, today: date) -> tuple[Todo, ...]:
    """Each line a task; a line without a day of its own has that of the field."""
    typed = [jotted(line, today) for line in lines(read.text("next_step"))]
    typed = [step for step in typed if step.text]
    before = len(read.problems)
    shared = read.value("next_on", lambda text: parse_day(text, today))
    if not typed:
        read.refuse("next_step", _("What comes next, and by when?"), "missing")
    elif shared is None and len(read.problems) == before and any(step.due_on is None for step in typed):
        read.refuse("next_on", _("By which day?"), "missing")
    return tuple(Todo(step.text, step.due_on or shared) for step in typed)


def names_in(text: str) -> tuple[str, ...]:
    """The names of a list as people type it: with commas of either width, or a line each."""
    return tuple(dict.fromkeys(name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()))


def minutes_in(text: str) -> int | None:
    """A number of minutes: 90, 1.5h, 1:30; None where empty."""
    words = plain(text).lower().replace(" ", "")
    if not words:
        return None
    clock = re.fullmatch(r"(\d{1,2}):([0-5]\d)", words)
    hours = re.fullmatch(r"(\d{1,2}(?:\.\d{1,2})?)(?:h|\u5c0f\u65f6)", words)
    plain_minutes = re.fullmatch(r"(\d{1,4})(?:min|m|\u5206\u949f|\u5206)?", words)
    if clock:
        minutes = int(clock[1]) * 60 + int(clock[2])
    elif hours:
        minutes = int(Decimal(hours[1]) * 60)
    elif plain_minutes:
        minutes = int(plain_minutes[1])
    else:
        raise Unreadable(_("Minutes such as 90, or hours such as 1.5h or 1:30, please."))
    if minutes > MOST_MINUTES:
        raise Unreadable(_("From {least} to {most} minutes, please.").format(least=0, most=MOST_MINUTES))
    return minutes


def matched(names: Iterable[str], people: Mapping[int, str]) -> dict[str, int | None]:
    """By typed name the contact: of that name, or whose name it begins with ("Chen Zhiwei, plant manager")."""
    found: dict[str, int | None] = {}
    for name in names:
        same = [row for row, known in people.items() if known and known.casefold() == name.casefold()]
        begun = [row for row, known in people.items() if known and name.casefold().startswith(known.casefold())]
        best = max(begun, key=lambda row: len(people[row]), default=None)
        found[name] = same[0] if same else best
    return found
