"""What a visit is for, and the agenda that each type has unless the user wrote another. Pure.

An agenda is lines of text; a line may begin with its minutes ("15 …"). On paper and screen they become clock times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from csdesk.models.vocabulary import VisitType
from csdesk.services.core.texts import N_, _
from csdesk.services.visits.reasons import Reason, weight_of

AGENDAS: Mapping[VisitType, tuple[tuple[int, str], ...]] = {
    VisitType.FIRST: (
        (10, N_("Get to know each other: who does what")),
        (25, N_("What you want to reach with us, and by when")),
        (20, N_("How the work goes today, and what gets in the way")),
        (15, N_("The first four weeks: who, what, when")),
        (10, N_("Next steps")),
    ),
    VisitType.TRAINING: (
        (10, N_("What the group needs to be able to do afterwards")),
        (45, N_("Practice with your own data")),
        (20, N_("Questions from daily work")),
        (10, N_("Who helps whom from now on")),
        (5, N_("Next steps")),
    ),
    VisitType.REVIEW: (
        (15, N_("What was reached since the last review")),
        (20, N_("What the figures say")),
        (20, N_("What gets in the way, and what is still owed")),
        (20, N_("Goals for the next quarter")),
        (10, N_("Next steps")),
    ),
    VisitType.RENEWAL: (
        (15, N_("What the year brought, in your figures")),
        (15, N_("What is still missing")),
        (20, N_("How you want to work next year")),
        (20, N_("Term, scope and the way to the signature")),
        (10, N_("Next steps")),
    ),
    VisitType.CARE: (
        (15, N_("How is it going: people, work, plans")),
        (20, N_("A look at the daily use together")),
        (15, N_("What was promised, and where it stands")),
        (10, N_("Next steps")),
    ),
    VisitType.RECOVERY: (
        (15, N_("Listen: what went wrong, and what it cost")),
        (10, N_("What we answer for")),
        (20, N_("The way back: steps, people, days")),
        (10, N_("How we both see that it works")),
        (5, N_("Next steps")),
    ),
}
QUESTIONS: Mapping[VisitType, tuple[str, ...]] = {
    VisitType.FIRST: (
        N_("How will you know in half a year that it was worth it?"),
        N_("Who decides, and who uses it?"),
    ),
    VisitType.TRAINING: (N_("Which task takes longest today?"), N_("Who will answer questions here?")),
    VisitType.REVIEW: (N_("What would you miss if it were gone?"), N_("What changes here in the next half year?")),
    VisitType.RENEWAL: (N_("What has to happen before you can sign?"), N_("Who has a say in it besides you?")),
    VisitType.CARE: (N_("What has become easier, what harder?"), N_("Who is new, who leaves?")),
    VisitType.RECOVERY: (N_("What would have to be different next month?"), N_("What must not happen again?")),
}
SETTING = "visits.agendas"
_MINUTES = re.compile(r"(\d{1,3})(?:\s*(?:min|m|\u5206\u949f|\u5206|')\b\.?|\s)\s*(.+)", re.IGNORECASE)
OF_REASONS = {"renewal": VisitType.RENEWAL, "renewal_overdue": VisitType.RENEWAL, "first_days": VisitType.FIRST,
              "never_visited": VisitType.FIRST}  # fmt: skip


def type_for(reasons: Iterable[Reason]) -> VisitType:
    """The type that the heaviest reason asks for; a care visit where none does."""
    heaviest = max(reasons, key=weight_of, default=None)
    return OF_REASONS.get(heaviest.kind, VisitType.CARE) if heaviest is not None else VisitType.CARE


def template(kind: VisitType, own: Any) -> str:
    """The agenda of a type: the user's own where there is one (``own`` as the setting holds it), else the desk's."""
    if isinstance(own, Mapping) and isinstance(own.get(kind.value), str) and own[kind.value].strip():
        return str(own[kind.value]).strip()
    return "\n".join(f"{minutes} {_(text)}" for minutes, text in AGENDAS[kind])


def questions_for(kind: VisitType) -> str:
    """Questions that fit a type, one a line."""
    return "\n".join(_(question) for question in QUESTIONS[kind])


@dataclass(frozen=True)
class Point:
    """A line of an agenda: when it begins (HH:MM; empty where that is not known), its minutes, its words."""

    starts_at: str
    minutes: int | None
    text: str


def points(agenda: str, starts_at: str) -> tuple[Point, ...]:
    """The lines of an agenda with their clock times, counted from the visit's start for as long as minutes are given."""
    found = []
    now = int(starts_at[:2]) * 60 + int(starts_at[3:]) if starts_at else None
    for line in agenda.splitlines():
        if not line.strip():
            continue
        minutes, text = _minutes_of(line)
        at = f"{now // 60 % 24:02}:{now % 60:02}" if now is not None else ""
        found.append(Point(at, minutes, text))
        now = now + minutes if now is not None and minutes is not None else None
    return tuple(found)


def _minutes_of(line: str) -> tuple[int | None, str]:
    mark = _MINUTES.fullmatch(line.strip())
    if mark is None or not 1 <= int(mark[1]) <= 480:
        return None, line.strip()
    return int(mark[1]), mark[2].strip()


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
