"""The way of a ticket through its states, as far as figures ask for it: facts, stages, the state on a day. Pure.

A requirement is answered when its demand is. What a demand went through before a requirement came to it, by being captured
there, joined or merged, is not the requirement's: until then it went with the demand that it had before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from csdesk.models.vocabulary import N_, DemandState, TicketKind, TicketState
from csdesk.services.kpi.rules import Row
from csdesk.services.tickets.rules import OVER, Deadlines, Standard, effective_state

ANSWERS = (TicketState.ACCEPTED, TicketState.DECLINED, TicketState.ANSWERED, TicketState.RELEASED)
CAME_LATER = N_("came to a demand that product had already")
NEVER_SENT = N_("answered without being sent to product")


class Stage(StrEnum):
    """A stretch of a ticket's way."""

    SEND = "send"
    ANSWER = "answer"
    RELEASE = "release"
    TELL = "tell"


@dataclass(frozen=True)
class Step:
    """One move as it stands in the history: its id, its day, from where to where."""

    id: int
    on: date
    before: str | None
    after: str


@dataclass(frozen=True)
class DemandFacts:
    """A demand with its moves and reviews, in the order of days. ``row`` carries the ARR behind it as cents."""

    row: Row
    state: str
    module: str
    steps: tuple[Step, ...] = ()
    reviews: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True)
class TicketFacts:
    """A ticket with its moves, in the order of days. The dates are those of a bug.

    ``came`` is the move by which a requirement came to its demand from another one, ``before`` what that one went through
    until then; None and nothing where it was captured for its demand.
    """

    row: Row
    kind: str
    state: str
    reported_on: date
    module: str = ""
    tier: str | None = None
    arr_cents: int = 0
    severity: str | None = None
    demand_id: int | None = None
    steps: tuple[Step, ...] = ()
    came: Step | None = None
    before: tuple[Step, ...] = ()
    first_planned_on: date | None = None
    planned_on: date | None = None
    released_on: date | None = None


@dataclass(frozen=True)
class NoticeFacts:
    """An answer that an account was or is to be told."""

    row: Row
    cause: str
    state: str
    due_on: date
    told_on: date | None
    demand_id: int | None = None
    ticket_id: int | None = None


@dataclass(frozen=True)
class Cut:
    """Which tickets are looked at; None: whatever it is. An empty module or tier stands for none."""

    module: str | None = None
    account_id: int | None = None
    tier: str | None = None


@dataclass(frozen=True)
class Span:
    """One stage of one ticket, from its first day to its last. ``why_out``: why it is not measured (a msgid)."""

    stage: Stage
    ticket: TicketFacts
    start: date
    end: date
    why_out: str = ""

    @property
    def days(self) -> int:
        """Calendar days from start to end."""
        return (self.end - self.start).days


@dataclass(frozen=True)
class Facts:
    """Everything that the figures are made of, as known ``today``."""

    tickets: tuple[TicketFacts, ...]
    demands: Mapping[int, DemandFacts]
    notices: tuple[NoticeFacts, ...]
    today: date
    standard: Standard = field(default_factory=Standard)
    deadlines: Deadlines = field(default_factory=lambda: Deadlines(lambda day: day.weekday() < 5))
    told_days: int = 3

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Every stage of every ticket that came to an end."""
        return tuple(span for ticket in self.tickets for span in spans_of(ticket, self.demand_of(ticket)))

    @cached_property
    def voices(self) -> Mapping[int, tuple[TicketFacts, ...]]:
        """By demand: the tickets that ask for it, the withdrawn ones left out."""
        found: dict[int, list[TicketFacts]] = {}
        for ticket in self.tickets:
            if ticket.demand_id is not None and ticket.state != TicketState.WITHDRAWN:
                found.setdefault(ticket.demand_id, []).append(ticket)
        return {demand: tuple(tickets) for demand, tickets in found.items()}

    def demand_of(self, ticket: TicketFacts) -> DemandFacts | None:
        """The demand that a requirement asks for."""
        return None if ticket.demand_id is None else self.demands.get(ticket.demand_id)

    def module_of(self, ticket: TicketFacts) -> str:
        """The module that a ticket is about: its own, else its demand's."""
        demand = self.demand_of(ticket)
        return ticket.module or (demand.module if demand is not None else "")

    @cached_property
    def told_of(self) -> Mapping[tuple[int | None, int], tuple[NoticeFacts, ...]]:
        """What is to be told, by demand and account; what is about one ticket by nothing and the ticket."""
        found: dict[tuple[int | None, int], list[NoticeFacts]] = {}
        for one in self.notices:
            key = (None, one.ticket_id) if one.ticket_id is not None else (one.demand_id, one.row.account_id)
            found.setdefault(key, []).append(one)
        return {key: tuple(notices) for key, notices in found.items()}

    def cut(self, cut: Cut) -> Facts:
        """The same of the tickets that fit."""
        if cut == Cut():
            return self
        return self.of(one for one in self.tickets if self._fits(one, cut))

    def of(self, tickets: Iterable[TicketFacts]) -> Facts:
        """The same of some tickets, with the demands that one of them asks for and what is told about them."""
        chosen = tuple(tickets)
        keys: dict[tuple[int | None, int], None] = {(None, one.row.id): None for one in chosen}
        keys |= {(one.demand_id, one.row.account_id): None for one in chosen if one.demand_id is not None}
        asked = dict.fromkeys(one.demand_id for one in chosen if one.demand_id is not None)
        return replace(
            self, tickets=chosen, demands={key: self.demands[key] for key in asked if key in self.demands},
            notices=tuple(notice for key in keys for notice in self.told_of.get(key, ())),
        )  # fmt: skip

    def _fits(self, ticket: TicketFacts, cut: Cut) -> bool:
        return (
            (cut.module is None or self.module_of(ticket) == cut.module)
            and (cut.account_id is None or ticket.row.account_id == cut.account_id)
            and (cut.tier is None or (ticket.tier or "") == cut.tier)
        )


GROUPS = ("module", "tier", "account")


def grouped(facts: Facts, group: str) -> dict[str, Facts]:
    """The facts by module, tier or account (its id as text); "" stands for none. In the order of the names."""
    by: dict[str, Callable[[TicketFacts], str]] = {
        "module": facts.module_of,
        "tier": lambda ticket: ticket.tier or "",
        "account": lambda ticket: str(ticket.row.account_id),
    }
    found: dict[str, list[TicketFacts]] = {}
    for ticket in facts.tickets:
        found.setdefault(by[group](ticket), []).append(ticket)
    return {name: facts.of(tickets) for name, tickets in sorted(found.items())}


def spans_of(ticket: TicketFacts, demand: DemandFacts | None) -> list[Span]:
    """The stages of one ticket that came to an end, in the order in which they did.

    Once the customer was told the last word, what becomes of the demand is no longer this ticket's, unless it is woken or
    reopened.
    """
    since: dict[Stage, date] = {Stage.SEND: ticket.reported_on}
    found: list[Span] = []
    gone = False

    def end(stage: Stage, day: date) -> None:
        if stage in since:
            found.append(Span(stage, ticket, min(since.pop(stage), day), day))

    for day, event in events_of(ticket, demand):
        if event == "captured":
            since, gone = {Stage.SEND: day}, False
        elif event == "woken":
            gone = False
        elif gone:
            continue
        elif event == "sent":
            end(Stage.SEND, day)
            since[Stage.ANSWER] = day
        elif event in ("accepted", "declined", "answered", "released"):
            if Stage.ANSWER in since:
                end(Stage.ANSWER, day)
            elif Stage.SEND in since:
                why = CAME_LATER if _was_sent(demand, day) else NEVER_SENT
                found.append(Span(Stage.ANSWER, ticket, since[Stage.SEND], day, why))
            since.pop(Stage.SEND, None)
            since.pop(Stage.TELL, None)
            if event == "released":
                end(Stage.RELEASE, day)
                since[Stage.TELL] = day
            elif event == "accepted":
                since[Stage.RELEASE] = day
            else:
                since.pop(Stage.RELEASE, None)
        else:
            if event == "told":
                end(Stage.TELL, day)
            since, gone = {}, True
    return found


def _was_sent(demand: DemandFacts | None, day: date) -> bool:
    return demand is not None and any(s.after == DemandState.IN_REVIEW and s.on <= day for s in demand.steps)


def events_of(ticket: TicketFacts, demand: DemandFacts | None) -> list[tuple[date, str]]:
    """What happened to a ticket after it was captured, its demand's part included, in order."""
    found = [(step.on, step.id, _own_event(ticket.kind, step)) for step in ticket.steps]
    shared = (step for step in shared_steps(ticket, demand) if step.on >= ticket.reported_on)
    found += [(step.on, step.id, _demand_event(step)) for step in shared]
    return [(day, event) for day, _id, event in sorted(found) if event]


def shared_steps(ticket: TicketFacts, demand: DemandFacts | None) -> tuple[Step, ...]:
    """What its demands went through while a requirement stood in them."""
    if demand is None:
        return ()
    if ticket.came is None:
        return demand.steps
    since = (ticket.came.on, ticket.came.id)
    return (*ticket.before, *(step for step in demand.steps if (step.on, step.id) >= since))


def _own_event(kind: str, step: Step) -> str:
    if step.before is None or step.after == step.before:
        return ""
    if step.after == TicketState.IN_REVIEW:
        return "woken" if step.before in OVER else "sent"
    if step.after == TicketState.CAPTURED:
        return (
            "captured"
            if step.before in (*OVER, TicketState.RELEASED, TicketState.DECLINED, TicketState.ANSWERED)
            else ""
        )
    names: dict[str, str] = {TicketState.TOLD: "told", TicketState.WITHDRAWN: "withdrawn"}
    if kind != TicketKind.REQUIREMENT:
        names |= {state: state.value for state in ANSWERS}
    return names.get(step.after, "")


def _demand_event(step: Step) -> str:
    if step.before in (None, step.after, DemandState.MERGED):
        return ""
    names: dict[str, str] = {
        DemandState.IN_REVIEW: "sent", DemandState.ACCEPTED: "accepted", DemandState.DECLINED: "declined",
        DemandState.RELEASED: "released",
    }  # fmt: skip
    return names.get(step.after, "")


def state_on(ticket: TicketFacts, demand: DemandFacts | None, day: date, today: date) -> TicketState | None:
    """What a ticket showed at the end of a day; None before it was captured."""
    if ticket.reported_on > day:
        return None
    if day >= today:
        return effective_state(ticket.kind, ticket.state, demand.state if demand is not None else None)
    own = _last(ticket.steps, day) or TicketState.CAPTURED
    stood_elsewhere = ticket.came is not None and day < ticket.came.on
    steps = ticket.before if stood_elsewhere else demand.steps if demand is not None else ()
    return effective_state(ticket.kind, own, _last(steps, day))


def _last(steps: Sequence[Step], day: date) -> str | None:
    """Where the last step up to a day led to."""
    return next((step.after for step in reversed(steps) if step.on <= day), None)
