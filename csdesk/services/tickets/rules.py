"""How tickets and demands move, what a ticket needs, until when product answers. Pure.

``TICKET_MOVES`` and ``DEMAND_MOVES`` are the one table of states and moves; commands, screens and tests read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from csdesk.models.vocabulary import (
    Channel,
    DemandState,
    Importance,
    NoticeCause,
    Severity,
    TicketKind,
    TicketState,
)
from csdesk.services.core.errors import Problem
from csdesk.services.core.texts import N_, _

PREFIXES = {TicketKind.REQUIREMENT: "R", TicketKind.BUG: "B", TicketKind.QUESTION: "Q"}
_S, _D, _K = TicketState, DemandState, TicketKind
OPEN_STATES = (_S.CAPTURED, _S.CLARIFIED, _S.IN_REVIEW)
"""A requirement in one of these shows what was decided on its demand."""
OVER = (_S.TOLD, _S.CLOSED, _S.WITHDRAWN)
"""Nothing more is awaited."""
DECIDED: Mapping[str, TicketState] = {
    _D.ACCEPTED: _S.ACCEPTED,
    _D.RELEASED: _S.RELEASED,
    _D.DECLINED: _S.DECLINED,
}


def ticket_number(kind: str, number: int) -> str:
    """A ticket's number as people say it: R-0012."""
    return f"{PREFIXES[TicketKind(kind)]}-{number:04d}"


def demand_number(number: int) -> str:
    """A demand's number as people say it: D-0058."""
    return f"D-{number:04d}"


def effective_state(kind: str, own: str, demand_state: str | None) -> TicketState:
    """What a ticket shows: its own state, or what was decided on the demand of an open requirement."""
    state = TicketState(own)
    if kind == _K.REQUIREMENT and state in OPEN_STATES:
        return DECIDED.get(demand_state or "", state)
    return state


@dataclass(frozen=True)
class Move:
    """One move: its verb, the states it leads from and the one it leads to, and what must be said with it.

    ``needs`` are keys of what is given with the move (``planned_on``, ``answer``, ``reason``) or stands in the ticket.
    """

    verb: str
    label: str
    sources: tuple[str, ...]
    target: str
    needs: tuple[str, ...] = ()


WITHDRAW = Move(
    "withdraw",
    N_("Withdrawn by the customer"),
    (_S.CAPTURED, _S.CLARIFIED, _S.IN_REVIEW, _S.ACCEPTED, _S.RELEASED, _S.DECLINED, _S.ANSWERED),
    _S.WITHDRAWN,
)
CLOSE = Move("close", N_("Close"), (_S.TOLD,), _S.CLOSED)
TICKET_MOVES: Mapping[TicketKind, tuple[Move, ...]] = {
    _K.REQUIREMENT: (
        Move("clarify", N_("Clarified"), (_S.CAPTURED,), _S.CLARIFIED, ("why",)),
        Move("ask_back", N_("Ask the customer again"), (_S.CLARIFIED, _S.IN_REVIEW), _S.CAPTURED),
        CLOSE,
        Move("reopen", N_("Reopen"), (_S.TOLD, _S.CLOSED, _S.WITHDRAWN), _S.CAPTURED),
        WITHDRAW,
    ),
    _K.BUG: (
        Move("clarify", N_("Clarified"), (_S.CAPTURED,), _S.CLARIFIED, ("seen", "severity")),
        Move("ask_back", N_("Ask the customer again"), (_S.CLARIFIED, _S.IN_REVIEW), _S.CAPTURED),
        Move("send", N_("Send to product"), (_S.CAPTURED, _S.CLARIFIED), _S.IN_REVIEW, ("seen", "severity")),
        Move(
            "accept", N_("Promise a date"), (_S.CAPTURED, _S.CLARIFIED, _S.IN_REVIEW, _S.DECLINED), _S.ACCEPTED,
            ("planned_on",),
        ),
        Move("redate", N_("Move the date"), (_S.ACCEPTED,), _S.ACCEPTED, ("planned_on",)),
        Move("fix", N_("Fixed"), (_S.CLARIFIED, _S.IN_REVIEW, _S.ACCEPTED), _S.RELEASED),
        Move(
            "decline", N_("Decline"), (_S.CAPTURED, _S.CLARIFIED, _S.IN_REVIEW, _S.ACCEPTED), _S.DECLINED,
            ("reason", "answer"),
        ),
        CLOSE,
        Move("reopen", N_("Reopen"), (_S.RELEASED, _S.DECLINED, _S.TOLD, _S.CLOSED, _S.WITHDRAWN), _S.CAPTURED),
        WITHDRAW,
    ),
    _K.QUESTION: (
        Move("answer", N_("Answer"), (_S.CAPTURED, _S.ANSWERED), _S.ANSWERED, ("answer",)),
        CLOSE,
        Move("reopen", N_("Reopen"), (_S.ANSWERED, _S.TOLD, _S.CLOSED, _S.WITHDRAWN), _S.CAPTURED),
        WITHDRAW,
    ),
}  # fmt: skip
"""The moves that people make. Two happen by themselves: sending a demand takes its tickets to the review, and a customer who
was told the last word makes a ticket told; no move leads to told, and closing leads from there alone."""
TOLD_FROM: Mapping[TicketKind, tuple[TicketState, ...]] = {
    _K.REQUIREMENT: (_S.RELEASED, _S.DECLINED),
    _K.BUG: (_S.RELEASED, _S.DECLINED),
    _K.QUESTION: (_S.ANSWERED,),
}
"""What a ticket shows before it is told the last word."""
DEMAND_MOVES: tuple[Move, ...] = (
    Move("send", N_("Send to product"), (_D.TO_REVIEW, _D.DECLINED), _D.IN_REVIEW),
    Move("call_back", N_("Back to be reviewed"), (_D.IN_REVIEW,), _D.TO_REVIEW),
    Move("accept", N_("Accept"), (_D.TO_REVIEW, _D.IN_REVIEW, _D.DECLINED), _D.ACCEPTED, ("planned_on",)),
    Move("redate", N_("Move the date"), (_D.ACCEPTED,), _D.ACCEPTED, ("planned_on",)),
    Move("decline", N_("Decline"), (_D.TO_REVIEW, _D.IN_REVIEW, _D.ACCEPTED, _D.DECLINED), _D.DECLINED, ("reason", "answer")),
    Move("release", N_("Released"), (_D.ACCEPTED,), _D.RELEASED),
    Move("take_up", N_("Take up again"), (_D.DECLINED, _D.RELEASED), _D.TO_REVIEW),
    Move("keep_declined", N_("Keep declined"), (_D.DECLINED,), _D.DECLINED),
)  # fmt: skip
MISSING: Mapping[str, str] = {
    "why": N_("Say first why the customer wants it."),
    "seen": N_("Say first what was seen."),
    "severity": N_("Say first how bad it is."),
    "planned_on": N_("Say by which day."),
    "reason": N_("Say why it is declined."),
    "answer": N_("Say what the customer is told."),
}


def ticket_verbs(kind: str, own: str, demand_state: str | None = None) -> tuple[str, ...]:
    """What can be done with a ticket now."""
    shown = effective_state(kind, own, demand_state)
    return tuple(move.verb for move in TICKET_MOVES[TicketKind(kind)] if shown in move.sources)


def demand_verbs(state: str, raised: bool = False) -> tuple[str, ...]:
    """What can be done with a demand now; one that was declined is kept so only when it has come up again."""
    return tuple(
        move.verb for move in DEMAND_MOVES if state in move.sources and (move.verb != "keep_declined" or raised)
    )


def ticket_move(kind: str, verb: str) -> Move | None:
    """The move of this verb; None where tickets of the kind have none."""
    return next((move for move in TICKET_MOVES[TicketKind(kind)] if move.verb == verb), None)


def demand_move(verb: str) -> Move:
    """The move of this verb."""
    return next(move for move in DEMAND_MOVES if move.verb == verb)


def steps_to_known(state: str, fixed: bool, planned_on: date | None, today: date) -> tuple[str, ...]:
    """The verbs by which a bug reported anew comes to where the known one stands; ``fixed``: whether that one is.

    A day promised that has passed is promised to nobody else.
    """
    if state in (_S.TOLD, _S.CLOSED):
        state = _S.RELEASED if fixed else _S.DECLINED
    if state == _S.ACCEPTED:
        return ("send", "accept") if planned_on is not None and planned_on >= today else ("send",)
    ways = {_S.IN_REVIEW: ("send",), _S.RELEASED: ("send", "fix"), _S.DECLINED: ("decline",)}
    return ways.get(TicketState(state), ())


def missing(needs: Iterable[str], known: Mapping[str, object]) -> list[Problem]:
    """What must still be said before a move, each at its field."""
    return [Problem(key, _(MISSING[key]), code="missing") for key in needs if not known.get(key)]


@dataclass(frozen=True)
class TicketFields:
    """What is typed about a ticket. ``title`` is empty where the words say enough."""

    text: str
    kind: TicketKind = TicketKind.REQUIREMENT
    title: str = ""
    importance: Importance = Importance.IMPORTANT
    module: str = ""
    channel: Channel | None = None
    contact_id: int | None = None
    why: str = ""
    who: str = ""
    how_often: str = ""
    workaround: str = ""
    worth: str = ""
    otherwise: str = ""
    scene: str = ""
    steps: str = ""
    expected: str = ""
    seen: str = ""
    environment: str = ""
    severity: Severity | None = None
    reported_on: date | None = None
    notes: str = ""


TITLE_LENGTH = 40


def shown_title(title: str, text: str) -> str:
    """The title, or the beginning of the words."""
    words = " ".join((title or text).split())
    return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rstrip() + "…"


def ticket_problems(fields: TicketFields, today: date) -> list[Problem]:
    """What keeps a ticket from being stored."""
    found = []
    if not fields.text.strip():
        found.append(Problem("text", _("Write down what the customer said."), code="missing"))
    if fields.reported_on is not None and fields.reported_on > today:
        found.append(Problem("reported_on", _("This day is still to come."), code="future"))
    return found


@dataclass(frozen=True)
class Standard:
    """How many working days product has: ``usual``, other where a tier or a severity says so (0 says nothing)."""

    usual: int = 10
    by_tier: Mapping[str, int] = field(default_factory=dict)
    by_severity: Mapping[str, int] = field(default_factory=dict)

    def days(self, tiers: Iterable[str | None], severity: str | None = None) -> int:
        """What the severity asks for, else the shortest time that one of the tiers has."""
        if self.by_severity.get(severity or ""):
            return self.by_severity[severity or ""]
        return min((self.by_tier.get(tier or "") or self.usual for tier in tiers), default=self.usual)

    @property
    def all_days(self) -> tuple[int, ...]:
        """Every number of days that may be asked for."""
        return tuple(sorted({self.usual, *self.by_tier.values(), *self.by_severity.values()} - {0}))


IsWorkday = Callable[[date], bool]


@dataclass(frozen=True)
class Deadlines:
    """Reckons in working days; what was reckoned is remembered."""

    is_workday: IsWorkday

    def after(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start``."""
        return _after(self.is_workday, start, days)

    def overdue(self, deadline: date, today: date) -> int:
        """How many working days ``today`` lies behind the deadline; 0 on it and before."""
        return _between(self.is_workday, deadline, today) if today > deadline else 0

    def passed(self, start: date, today: date) -> int:
        """Which working day after ``start`` today is."""
        return _between(self.is_workday, start, today) if today > start else 0

    def latest_late(self, today: date, days: int) -> date:
        """The newest start whose deadline has passed today: all earlier ones are late too."""
        day = today - timedelta(1)
        while self.after(day, days) >= today:
            day -= timedelta(1)
        return day


@lru_cache(maxsize=20_000)
def _after(is_workday: IsWorkday, start: date, days: int) -> date:
    day = start
    while days > 0:
        day += timedelta(1)
        days -= is_workday(day)
    return day


@lru_cache(maxsize=20_000)
def _between(is_workday: IsWorkday, start: date, end: date) -> int:
    return sum(is_workday(start + timedelta(number)) for number in range(1, (end - start).days + 1))


def again_at(accounts: int, step: int) -> int:
    """At how many different accounts a demand declined now comes up again: ``step``, or so many more where it has them."""
    return step if accounts < step else accounts + step


def again_from(arr: Decimal, step: Decimal) -> Decimal | None:
    """The ARR (yuan) from which it comes up again: the next multiple of ``step``; None where that does not count."""
    return (arr // step + 1) * step if step > 0 else None


def is_raised(state: str, accounts: int, arr: Decimal, again_accounts: int | None, again_arr: Decimal | None) -> bool:
    """Whether a declined demand has come up for review again: enough accounts, or enough ARR (yuan)."""
    if state != DemandState.DECLINED:
        return False
    return (again_accounts is not None and accounts >= again_accounts) or (again_arr is not None and arr >= again_arr)


def cause_after(state: str, *, told_date: date | None, planned_on: date | None) -> NoticeCause | None:
    """What a customer is to be told of a demand or a bug in this state; None where there is nothing new.

    ``told_date`` is the date that the customer was told last, if any.
    """
    if state == DemandState.RELEASED:
        return NoticeCause.RELEASED
    if state == DemandState.DECLINED:
        return NoticeCause.DECLINED
    if state != DemandState.ACCEPTED or planned_on == told_date:
        return None
    return NoticeCause.DATE_SET if told_date is None else NoticeCause.DATE_MOVED
