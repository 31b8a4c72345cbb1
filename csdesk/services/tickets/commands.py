"""Capturing, changing, moving and deleting tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.tickets import Demand, Release, Ticket
from csdesk.models.visits import Need, Visit
from csdesk.models.vocabulary import (
    DemandState,
    Importance,
    NeedState,
    Severity,
    TicketKind,
    TicketState,
)
from csdesk.services.accounts.commands import named
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tasks.queries import account_named
from csdesk.services.tickets.announcing import (
    Behind,
    announce_demand,
    announce_ticket,
    note_demand,
    note_ticket,
    settle_demands,
)
from csdesk.services.tickets.rules import (
    OPEN_STATES,
    Move,
    TicketFields,
    effective_state,
    missing,
    shown_title,
    steps_to_known,
    ticket_move,
    ticket_number,
    ticket_problems,
)
from csdesk.services.tickets.standing import next_demand_number, next_ticket_number, ticket_rules
from csdesk.services.tickets.ticket_fields import OBSERVED


@dataclass(frozen=True)
class NewTicket:
    """What an account (by id, or by the name typed) asks for; ``join_demand_id`` is the demand that says the same.

    ``same_as_id`` is a bug that was reported before, whose scene and promise this one takes over, or a question whose
    answer it is given. ``visit_id`` is where it was heard, ``need_id`` the need that it takes up.
    """

    fields: TicketFields
    account_id: int | None = None
    account: str = ""
    join_demand_id: int | None = None
    same_as_id: int | None = None
    visit_id: int | None = None
    need_id: int | None = None


@dataclass(frozen=True)
class ChangeTicket:
    """New words for a ticket; ``version`` as it was read (None: whatever it is). The kind and the account stay."""

    id: int
    fields: TicketFields
    version: int | None = None


@dataclass(frozen=True)
class SetTickets:
    """The same values for many tickets: title, module, importance, severity."""

    ids: tuple[int, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class MoveTickets:
    """One move for some tickets: its verb, its day, and what it needs.

    ``release`` is the name of a release, made where there is none of that name yet.
    """

    ids: tuple[int, ...]
    verb: str
    on: date | None = None
    note: str = ""
    answer: str = ""
    planned_on: date | None = None
    release: str = ""


@dataclass(frozen=True)
class Tickets:
    """Some tickets."""

    ids: tuple[int, ...]


SETTABLE = frozenset({"title", "module", "importance", "severity"})


@command(N_("New ticket {number}: {name}"))
def create_ticket(uow: UnitOfWork, wish: NewTicket) -> int:
    """Store a ticket, with a demand of its own where it joins none and is a requirement. Returns its id.

    Raises Problems for a field that cannot be taken, or an account that is not there.
    """
    row = add_ticket(uow, wish)
    uow.name(number=ticket_number(row.kind, row.number), name=shown_title(row.title, row.text))
    return row.id


def add_ticket(uow: UnitOfWork, wish: NewTicket) -> Ticket:
    """A new ticket inside any command."""
    fields, account_id = wish.fields, wish.account_id or _account(uow, wish.account)
    problems = ticket_problems(fields, uow.today)
    if account_id is None:
        problems.insert(0, Problem("account", _("Say which account it is."), code="missing"))
    if problems or account_id is None:
        raise Problems(problems)
    uow.get(Account, account_id)
    if wish.visit_id is not None:
        uow.get(Visit, wish.visit_id)
    rules = ticket_rules(uow.connection)
    uow.session.flush()
    row = uow.add(
        Ticket(
            **_values(fields) | {"reported_on": fields.reported_on or uow.today},
            number=next_ticket_number(uow.connection, fields.kind), account_id=account_id, visit_id=wish.visit_id,
        )
    )  # fmt: skip
    if row.kind == TicketKind.REQUIREMENT:
        _demand_for(uow, row, wish.join_demand_id, rules.user)
    uow.session.flush()
    note_ticket(uow, row, None, rules.user, on=row.reported_on)
    if wish.same_as_id is not None:
        _follow(uow, row, uow.get(Ticket, wish.same_as_id), rules.user)
    if wish.need_id is not None:
        need = uow.get(Need, wish.need_id)
        need.state, need.became_id = NeedState.TAKEN_UP.value, row.id
    settle_demands(uow, [row.demand_id])
    return row


def _demand_for(uow: UnitOfWork, row: Ticket, join: int | None, user: str) -> None:
    if join is not None:
        row.demand_id = _living(uow, uow.get(Demand, join)).id
        row.first_demand_id = row.demand_id
        return
    demand = own_demand(uow, row, user)
    row.demand_id = row.first_demand_id = demand.id


def own_demand(uow: UnitOfWork, row: Ticket, user: str) -> Demand:
    """A new demand for one ticket, named after it."""
    demand = uow.add(
        Demand(
            number=next_demand_number(uow.connection), title=shown_title(row.title, row.text), background=row.why,
            module=row.module, state=DemandState.TO_REVIEW.value, opened_on=row.reported_on, waits_since=row.reported_on,
        )
    )  # fmt: skip
    uow.session.flush()
    note_demand(uow, demand, None, user, on=row.reported_on)
    return demand


def _follow(uow: UnitOfWork, row: Ticket, known: Ticket, user: str) -> None:
    """Let a new ticket stand where a known one of its kind stands: what was seen, what was promised or answered."""
    same = _("Same as {number}").format(number=ticket_number(known.kind, known.number))
    verbs: tuple[str, ...] = ()
    if row.kind == known.kind == TicketKind.QUESTION:
        verbs = ("answer",) if known.answer else ()
    elif row.kind == known.kind == TicketKind.BUG:
        for key in (*OBSERVED, "severity", "module"):
            setattr(row, key, getattr(row, key) or getattr(known, key))
        verbs = steps_to_known(known.state, known.released_on is not None, known.planned_on, uow.today)
    for verb in verbs:
        promised = known.planned_on if verb == "accept" else None
        wish = MoveTickets((row.id,), verb, note=same, answer=known.answer, planned_on=promised)
        move = ticket_move(row.kind, verb)
        if move is None or missing(move.needs, {"reason": same, **_said(row), **asdict(wish)}):
            return
        move_ticket(uow, row, wish, user)
    if verbs:
        row.release_id, row.released_on = known.release_id, known.released_on if verbs[-1] == "fix" else None


def _said(row: Ticket) -> dict[str, Any]:
    return {key: getattr(row, key) for key in ("why", "seen", "severity")}


def _living(uow: UnitOfWork, row: Demand) -> Demand:
    """The demand itself, or the one that it was merged into."""
    while row.state == DemandState.MERGED and row.merged_into_id is not None:
        row = uow.get(Demand, row.merged_into_id)
    return row


@command(N_("Ticket {number} changed: {name}"))
def change_ticket(uow: UnitOfWork, wish: ChangeTicket) -> None:
    """Store new words. Raises Conflict where the ticket changed, Problems for a field that cannot be taken."""
    row = uow.get(Ticket, wish.id, wish.version)
    problems = ticket_problems(wish.fields, uow.today)
    if problems:
        raise Problems(problems)
    for key, value in _values(wish.fields).items():
        if key != "kind" and (key != "reported_on" or value is not None):
            setattr(row, key, value)
    uow.name(number=ticket_number(row.kind, row.number), name=shown_title(row.title, row.text))


def _values(fields: TicketFields) -> dict[str, Any]:
    return {key: getattr(value, "value", value) for key, value in asdict(fields).items()}


def _account(uow: UnitOfWork, name: str) -> int | None:
    if not name.strip():
        return None
    found = account_named(uow.connection, name)
    if found is None:
        sentence = _("There is no account “{name}”. Choose one of the list.")
        raise Problems([Problem("account", sentence.format(name=name.strip()), code="unknown")])
    return found


@command(N_("Tickets changed: {names}"))
def set_tickets(uow: UnitOfWork, wish: SetTickets) -> None:
    """Give many tickets the same values in one step. KeyError for what is not to be set so."""
    unknown = wish.values.keys() - SETTABLE
    if unknown:
        raise KeyError(f"not to be changed for many at once: {sorted(unknown)}")
    rows = [uow.get(Ticket, ticket) for ticket in wish.ids]
    for row in rows:
        for key, value in wish.values.items():
            setattr(row, key, _word(key, value))
    _name(uow, rows)


def _word(key: str, value: Any) -> Any:
    if key == "importance":
        return Importance(value).value
    if key == "severity":
        return Severity(value).value if value else None
    return str(value).strip()


@command(N_("Ticket moved: {names}: {verb}"))
def move_tickets(uow: UnitOfWork, wish: MoveTickets) -> None:
    """Make one move with some tickets. Raises Problems where one is not in a state for it, or something is missing."""
    behind, user = Behind(uow, (), wish.ids), ticket_rules(uow.connection).user
    rows = [uow.get(Ticket, ticket) for ticket in wish.ids]
    label = ""
    for row in rows:
        label = move_ticket(uow, row, wish, user, behind)
    settle_demands(uow, [row.demand_id for row in rows])
    _name(uow, rows)
    uow.name(verb=label)


def move_ticket(uow: UnitOfWork, row: Ticket, wish: MoveTickets, user: str, behind: Behind | None = None) -> str:
    """One move inside any command; what the move is called. Raises Problems before anything is written."""
    move, before = _allowed(uow, row, wish.verb), row.state
    given = {"planned_on": wish.planned_on, "reason": wish.note.strip(), "answer": wish.answer.strip()}
    problems = missing(move.needs, _said(row) | given)
    day = wish.on or uow.today
    if day > uow.today:
        problems.append(Problem("on", _("This day is still to come."), code="future"))
    if wish.planned_on is not None and wish.planned_on < row.reported_on:
        sentence = _("The date lies before the day on which it was reported.")
        problems.append(Problem("planned_on", sentence, code="order"))
    if problems:
        raise Problems(problems)
    row.state = move.target
    _date(row, wish, day)
    if wish.release.strip():
        row.release_id = release_named(uow, wish.release, wish.planned_on).id
    if move.verb == "reopen":
        _ask_anew(uow, row, user)
    note_ticket(uow, row, before, user, wish.note.strip(), day)
    if row.kind != TicketKind.REQUIREMENT:
        announce_ticket(uow, row, day, behind)
    return _(move.label)


def _allowed(uow: UnitOfWork, row: Ticket, verb: str) -> Move:
    demand = uow.session.get(Demand, row.demand_id) if row.demand_id is not None else None
    shown = effective_state(row.kind, row.state, demand.state if demand is not None else None)
    move = ticket_move(row.kind, verb)
    if move is not None and shown in move.sources:
        return move
    if verb == "close":
        raise Problems([Problem("verb", _("Tell the customer first: nothing closes before that."), code="untold")])
    sentence = _("{number} is “{state}”: this cannot be done with it now.")
    number = ticket_number(row.kind, row.number)
    raise Problems([Problem("verb", sentence.format(number=number, state=_(shown.label)), code="state")])


def _date(row: Ticket, wish: MoveTickets, day: date) -> None:
    """Note the day of a move, and what was promised or answered with it."""
    if wish.verb in ("accept", "redate", "decline", "answer"):
        row.decided_on = day
    if wish.verb in ("accept", "redate"):
        row.planned_on = wish.planned_on
        row.first_planned_on = row.first_planned_on or wish.planned_on
    if wish.answer.strip():
        row.answer = wish.answer.strip()
    dated = {
        "clarify": "clarified_on", "send": "sent_on", "fix": "released_on", "close": "closed_on",
        "withdraw": "withdrawn_on", "reopen": "reopened_on",
    }  # fmt: skip
    if wish.verb in dated:
        setattr(row, dated[wish.verb], day)
    if wish.verb == "reopen":
        row.told_on = row.closed_on = row.withdrawn_on = row.released_on = None


def _ask_anew(uow: UnitOfWork, row: Ticket, user: str) -> None:
    """A customer whom what was released does not help asks for something else: that is a demand of its own."""
    demand = uow.session.get(Demand, row.demand_id) if row.demand_id is not None else None
    if demand is not None and demand.state == DemandState.RELEASED:
        row.demand_id = own_demand(uow, row, user).id
        uow.session.flush()
        uow.get(Demand, row.demand_id).waits_since = uow.today


def release_named(uow: UnitOfWork, name: str, planned_on: date | None = None) -> Release:
    """The release of this name; a new one, planned for that day, where there is none."""
    wanted = name.strip()
    uow.session.flush()
    found = uow.session.scalar(select(Release).where(Release.name == wanted, Release.deleted_at.is_(None)).limit(1))
    if found is None:
        found = uow.add(Release(name=wanted, planned_on=planned_on))
        uow.session.flush()
    return found


@command(N_("Tickets deleted: {names}"))
def delete_tickets(uow: UnitOfWork, wish: Tickets) -> None:
    """Move tickets into the bin; a demand that nobody asks for any more goes along."""
    rows = [uow.get(Ticket, ticket) for ticket in wish.ids]
    for row in rows:
        uow.bin(row)
    uow.session.flush()
    for demand_id in {row.demand_id for row in rows if row.demand_id is not None}:
        left = uow.session.scalar(
            select(Ticket.id).where(Ticket.demand_id == demand_id, Ticket.deleted_at.is_(None)).limit(1)
        )
        demand = uow.session.get(Demand, demand_id)
        if demand is None or demand.deleted_at is not None:
            continue
        if left is None:
            uow.bin(demand)
        else:
            announce_demand(uow, demand)
    _name(uow, rows)


def _name(uow: UnitOfWork, rows: list[Ticket]) -> None:
    uow.name(names=named([ticket_number(row.kind, row.number) for row in rows]), count=len(rows))


def is_waiting(row: Ticket) -> bool:
    """Whether a requirement still waits for product's answer, or to be told of it."""
    return TicketState(row.state) in OPEN_STATES
