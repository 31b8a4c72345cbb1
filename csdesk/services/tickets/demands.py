"""What product does with demands: taken in, reviewed, dated, released; joined, merged and split with nothing lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from csdesk.models.tickets import Demand, DemandMove, DemandReview, Release, Ticket
from csdesk.models.vocabulary import Decision, DemandSize, DemandState, Scope, TicketState
from csdesk.services.accounts.commands import named
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tickets.announcing import (
    Behind,
    announce_demand,
    note_demand,
    note_ticket,
    tickets_of_demand,
    wake_declined,
)
from csdesk.services.tickets.commands import own_demand, release_named
from csdesk.services.tickets.rules import again_at, again_from, demand_move, demand_number, missing
from csdesk.services.tickets.standing import raised_now, ticket_rules, weight_of, weights_of


@dataclass(frozen=True)
class ChangeDemand:
    """New words for a demand; ``version`` as it was read (None: whatever it is)."""

    id: int
    title: str
    background: str = ""
    module: str = ""
    version: int | None = None


@dataclass(frozen=True)
class JoinDemand:
    """Requirements that ask for this demand."""

    ticket_ids: tuple[int, ...]
    demand_id: int


@dataclass(frozen=True)
class MergeDemands:
    """Demands that say the same as ``into``."""

    ids: tuple[int, ...]
    into: int


@dataclass(frozen=True)
class SplitDemand:
    """Requirements that ask for something else than the demand in which they stand."""

    ticket_ids: tuple[int, ...]


@dataclass(frozen=True)
class Demands:
    """Some demands, and the day on which it happened (None: today)."""

    ids: tuple[int, ...]
    on: date | None = None


SendDemands = CallBack = TakeUp = Demands


@dataclass(frozen=True)
class Review:
    """What product says to a demand. To accept it needs a date, to decline it a reason and an answer for the customer."""

    demand_id: int
    decision: Decision
    reasonable: bool | None = None
    scope: Scope | None = None
    size: DemandSize | None = None
    reason: str = ""
    answer: str = ""
    by: str = ""
    release: str = ""
    planned_on: date | None = None
    on: date | None = None
    version: int | None = None


@dataclass(frozen=True)
class Redate:
    """A new day for an accepted demand, and its release where that is named."""

    demand_id: int
    planned_on: date
    release: str = ""
    note: str = ""


@dataclass(frozen=True)
class ReleaseDemands:
    """Accepted demands that came out on a day (None: today), in a release where it is named."""

    ids: tuple[int, ...]
    on: date | None = None
    release: str = ""


@dataclass(frozen=True)
class KeepDeclined:
    """A declined demand that came up again and stays declined."""

    demand_id: int


@command(N_("Demand {number} changed: {name}"))
def change_demand(uow: UnitOfWork, wish: ChangeDemand) -> None:
    """Store new words. Raises Conflict where the demand changed, Problems without a title."""
    row = uow.get(Demand, wish.id, wish.version)
    if not wish.title.strip():
        raise Problems([Problem("title", _("Say in a few words what is asked for."), code="missing")])
    row.title, row.background, row.module = wish.title.strip(), wish.background.strip(), wish.module.strip()
    uow.name(number=demand_number(row.number), name=row.title)


@command(N_("Joined to {number}: {name}"))
def join_demand(uow: UnitOfWork, wish: JoinDemand) -> None:
    """Let requirements ask for another demand; one that nobody asks for any more is merged into it."""
    target = uow.get(Demand, wish.demand_id)
    _not_merged(target)
    tickets = [uow.get(Ticket, ticket) for ticket in wish.ticket_ids]
    if any(ticket.demand_id is None for ticket in tickets):
        raise Problems([Problem("tickets", _("Only requirements ask for a demand."), code="kind")])
    left = {ticket.demand_id for ticket in tickets if ticket.demand_id is not None} - {target.id}
    for ticket in tickets:
        ticket.demand_id = target.id
    for source in sorted(left):
        row = uow.get(Demand, source)
        if tickets_of_demand(uow, source):
            user = ticket_rules(uow.connection).user
            note_demand(uow, row, row.state, user, other=target.id)
            note_demand(uow, target, target.state, user, other=row.id)
            announce_demand(uow, row)
        else:
            _merge(uow, row, target)
    _arrived(uow, target)


@command(N_("Merged into {number}: {name}"))
def merge_demands(uow: UnitOfWork, wish: MergeDemands) -> None:
    """Let everybody who asks for some demands ask for one. Their reviews, dates and notices stay with them."""
    target = uow.get(Demand, wish.into)
    _not_merged(target)
    for source in wish.ids:
        if source != target.id:
            row = uow.get(Demand, source)
            _not_merged(row)
            for ticket in tickets_of_demand(uow, source):
                ticket.demand_id = target.id
            _merge(uow, row, target)
    _arrived(uow, target)


def _merge(uow: UnitOfWork, row: Demand, target: Demand) -> None:
    before, row.state, row.merged_into_id = row.state, DemandState.MERGED.value, target.id
    user = ticket_rules(uow.connection).user
    announce_demand(uow, row)
    note_demand(uow, row, before, user, other=target.id)
    note_demand(uow, target, target.state, user, other=row.id)


def _arrived(uow: UnitOfWork, target: Demand) -> None:
    """After tickets came: the demand is as old as its oldest voice, and what was decided is told to the new ones."""
    tickets = tickets_of_demand(uow, target.id)
    oldest = min((ticket.reported_on for ticket in tickets), default=target.opened_on)
    if oldest < target.opened_on:
        if target.waits_since == target.opened_on:
            target.waits_since = oldest
        target.opened_on = oldest
    announce_demand(uow, target)
    uow.name(number=demand_number(target.number), name=target.title)


def _not_merged(row: Demand) -> None:
    if row.state == DemandState.MERGED:
        sentence = _("{number} was merged into another demand already.")
        raise Problems([Problem("demand", sentence.format(number=demand_number(row.number)), code="merged")])


@command(N_("Split off as {number}: {name}"))
def split_demand(uow: UnitOfWork, wish: SplitDemand) -> int:
    """Take requirements out of their demand: back into the one they had before a merge, else into a new one.

    Returns the id of the demand in which the first of them stands now.
    """
    user = ticket_rules(uow.connection).user
    tickets = [uow.get(Ticket, ticket) for ticket in wish.ticket_ids]
    made: Demand | None = None
    found: list[Demand] = []
    for ticket in tickets:
        old = uow.get(Demand, ticket.demand_id) if ticket.demand_id is not None else None
        if old is None:
            raise Problems([Problem("tickets", _("Only requirements ask for a demand."), code="kind")])
        first = uow.session.get(Demand, ticket.first_demand_id) if ticket.first_demand_id is not None else None
        if first is not None and first.id != old.id and first.deleted_at is None:
            target = _revived(uow, first, old, user)
        else:
            target = made = made or own_demand(uow, ticket, user)
            ticket.first_demand_id = target.id
        ticket.demand_id = target.id
        uow.session.flush()
        found.append(target)
        if not tickets_of_demand(uow, old.id):
            raise Problems([Problem("tickets", _("At least one voice must stay in the demand."), code="last")])
        note_demand(uow, old, old.state, user, other=target.id)
        announce_demand(uow, old)
    for target in dict.fromkeys(found):
        announce_demand(uow, target)
    uow.name(number=demand_number(found[0].number), name=found[0].title)
    return found[0].id


def _revived(uow: UnitOfWork, row: Demand, merged: Demand, user: str) -> Demand:
    """A demand that was merged away, as it stood before."""
    if row.state != DemandState.MERGED:
        return row
    last = uow.session.scalar(
        select(DemandMove)
        .where(DemandMove.demand_id == row.id, DemandMove.to_state == DemandState.MERGED)
        .order_by(DemandMove.id.desc())
        .limit(1)
    )
    row.state = last.from_state if last is not None and last.from_state else DemandState.TO_REVIEW.value
    row.merged_into_id = None
    note_demand(uow, row, DemandState.MERGED, user, other=merged.id)
    return row


@command(N_("Sent to product: {names}"))
def send_demands(uow: UnitOfWork, wish: Demands) -> None:
    """Hand demands to product: its time to answer begins. Their tickets go to the review with them."""
    user = ticket_rules(uow.connection).user
    behind = Behind(uow, wish.ids)
    rows = [uow.get(Demand, demand) for demand in wish.ids]
    for row in rows:
        _check(row, "send")
        day, before = wish.on or uow.today, row.state
        row.state, row.sent_on, row.waits_since = DemandState.IN_REVIEW.value, day, day
        note_demand(uow, row, before, user, on=day)
        for ticket in behind.tickets(row.id):
            if ticket.state in (TicketState.CAPTURED, TicketState.CLARIFIED):
                was, ticket.state, ticket.sent_on = ticket.state, TicketState.IN_REVIEW.value, day
                note_ticket(uow, ticket, was, user, on=day)
        announce_demand(uow, row, day, behind)
    _name(uow, rows)


@command(N_("Back to be reviewed: {names}"))
def call_back_demands(uow: UnitOfWork, wish: Demands) -> None:
    """Take demands back from product: the time to send them runs on from their first day."""
    for row in _move_all(uow, wish, "call_back"):
        row.waits_since = row.opened_on


@command(N_("Taken up again: {names}"))
def take_up_demands(uow: UnitOfWork, wish: Demands) -> None:
    """Let demands that were declined or released be reviewed again; the time runs from now."""
    for row in _move_all(uow, wish, "take_up"):
        row.waits_since = wish.on or uow.today
        row.again_at = row.again_from_arr = None


def _move_all(uow: UnitOfWork, wish: Demands, verb: str) -> list[Demand]:
    behind, user = Behind(uow, wish.ids), ticket_rules(uow.connection).user
    rows = [uow.get(Demand, demand) for demand in wish.ids]
    for row in rows:
        _check(row, verb)
        before, row.state = row.state, demand_move(verb).target
        note_demand(uow, row, before, user, on=wish.on)
        announce_demand(uow, row, wish.on, behind)
    _name(uow, rows)
    return rows


def _check(row: Demand, verb: str) -> None:
    if row.state not in demand_move(verb).sources:
        sentence = _("{number} is “{state}”: this cannot be done with it now.")
        state = _(DemandState(row.state).label)
        message = sentence.format(number=demand_number(row.number), state=state)
        raise Problems([Problem("verb", message, code="state")])


class Ground:
    """What answers about some demands (and bugs) ask of the store, read at once; releases are remembered as they come."""

    def __init__(self, uow: UnitOfWork, demand_ids: Collection[int], bug_ids: Collection[int] = ()) -> None:
        self.behind = Behind(uow, demand_ids, bug_ids)
        self.weights = weights_of(uow.connection, demand_ids)
        self.rules = ticket_rules(uow.connection)
        self._releases: dict[str, Release] = {}

    def release(self, uow: UnitOfWork, name: str, planned: date | None) -> Release:
        """The release of this name; a new one where there is none."""
        wanted = name.strip()
        if wanted not in self._releases:
            self._releases[wanted] = release_named(uow, wanted, planned)
        return self._releases[wanted]


@command(N_("{number} reviewed: {decision}"))
def review_demand(uow: UnitOfWork, wish: Review) -> int:
    """Write down a review and let the demand follow it; returns the review's id.

    Raises Problems where a date, a reason or an answer is missing, or the day lies before the demand or in the future.
    """
    row = uow.get(Demand, wish.demand_id, wish.version)
    review = review_on(uow, row, wish, Ground(uow, (row.id,)))
    uow.name(number=demand_number(row.number), decision=_(wish.decision.label), name=row.title)
    return review


def review_on(uow: UnitOfWork, row: Demand, wish: Review, ground: Ground) -> int:
    """The same inside any command. Raises Problems before anything is written."""
    accepted = wish.decision == Decision.ACCEPTED
    verb = "accept" if accepted else "decline"
    if not (accepted and row.state == DemandState.ACCEPTED):
        _check(row, verb)
    planned = wish.planned_on or _release_day(uow, wish.release)
    given = {"planned_on": planned, "reason": wish.reason.strip(), "answer": wish.answer.strip()}
    problems = missing(demand_move(verb).needs, given)
    day = wish.on or uow.today
    problems += _day_problems(row, day, uow.today)
    if accepted and planned is not None and planned < day:
        problems.append(Problem("planned_on", _("The date lies before the review."), code="order"))
    if problems:
        raise Problems(problems)
    review = _write_review(uow, row, wish, planned if accepted else None, day, ground)
    before = row.state
    row.state = (DemandState.ACCEPTED if accepted else DemandState.DECLINED).value
    if accepted:
        _accept(uow, row, wish.release, planned, ground)
    else:
        _decline(row, ground)
    note_demand(uow, row, before, ground.rules.user, wish.reason.strip(), day)
    announce_demand(uow, row, day, ground.behind)
    return review.id


def _day_problems(row: Demand, day: date, today: date) -> list[Problem]:
    if day > today:
        return [Problem("on", _("This day is still to come."), code="future")]
    first = row.sent_on if row.state == DemandState.IN_REVIEW and row.sent_on is not None else row.opened_on
    if day < first:
        return [Problem("on", _("The review lies before the demand was sent to product."), code="order")]
    return []


def _release_day(uow: UnitOfWork, name: str) -> date | None:
    """The day for which a release of this name is planned, None where nothing is known of it."""
    if not name.strip():
        return None
    found = select(Release.planned_on).where(Release.name == name.strip(), Release.deleted_at.is_(None))
    return uow.session.scalar(found.limit(1))


def _write_review(
    uow: UnitOfWork, row: Demand, wish: Review, planned: date | None, day: date, ground: Ground
) -> DemandReview:
    weight, by = ground.weights[row.id], wish.by.strip() or ground.rules.user
    row.reasonable, row.reviewed_by, row.decided_on = wish.reasonable, by, day
    row.scope = wish.scope.value if wish.scope else None
    row.size = wish.size.value if wish.size else None
    row.reason, row.answer = wish.reason.strip(), wish.answer.strip()
    return uow.add(
        DemandReview(
            demand_id=row.id, reviewed_on=day, reviewed_by=by, decision=wish.decision.value,
            reasonable=wish.reasonable, scope=row.scope, size=row.size, reason=row.reason, answer=row.answer,
            release=wish.release.strip(), planned_on=planned, accounts=weight.accounts, arr=weight.arr,
        )
    )  # fmt: skip


def _accept(uow: UnitOfWork, row: Demand, release: str, planned: date | None, ground: Ground) -> None:
    row.planned_on, row.first_planned_on = planned, row.first_planned_on or planned
    row.again_at = row.again_from_arr = None
    if release.strip():
        row.release_id = ground.release(uow, release, planned).id
    wake_declined(uow, row, ground.rules.user, ground.behind)


def _decline(row: Demand, ground: Ground) -> None:
    row.planned_on = row.first_planned_on = row.release_id = None
    weight = ground.weights[row.id]
    row.again_at = again_at(weight.accounts, ground.rules.again_accounts)
    row.again_from_arr = again_from(weight.arr, Decimal(ground.rules.again_arr))


@command(N_("{number} stays declined: {name}"))
def keep_declined(uow: UnitOfWork, wish: KeepDeclined) -> None:
    """Leave a demand that came up again as it is: it comes up at as many further accounts, once more."""
    row = uow.get(Demand, wish.demand_id)
    _check(row, "keep_declined")
    if not raised_now(uow.connection, row):
        raise Problems([Problem("verb", _("It has not come up again."), code="state")])
    rules, weight = ticket_rules(uow.connection), weight_of(uow.connection, row.id)
    row.again_at = weight.accounts + rules.again_accounts
    row.again_from_arr = again_from(weight.arr, Decimal(rules.again_arr))
    note_demand(uow, row, row.state, rules.user)
    uow.name(number=demand_number(row.number), name=row.title)


@command(N_("{number} is now due on {day}"))
def redate_demand(uow: UnitOfWork, wish: Redate) -> None:
    """Promise another day; every customer who was told the old one is to be told. Raises Problems where it is not accepted."""
    row = uow.get(Demand, wish.demand_id)
    redate_on(uow, row, wish, Ground(uow, (row.id,)))
    uow.name(number=demand_number(row.number), day=wish.planned_on.isoformat(), name=row.title)


def redate_on(uow: UnitOfWork, row: Demand, wish: Redate, ground: Ground) -> None:
    """The same inside any command. Raises Problems before anything is written."""
    _check(row, "redate")
    if row.decided_on is not None and wish.planned_on < row.decided_on:
        raise Problems([Problem("planned_on", _("The date lies before the review."), code="order")])
    set_planned(uow, row, wish.planned_on, ground, wish.note)
    if wish.release.strip():
        row.release_id = ground.release(uow, wish.release, wish.planned_on).id


def set_planned(uow: UnitOfWork, row: Demand, day: date, ground: Ground, note: str = "") -> None:
    """Another planned day, noted and to be told."""
    row.planned_on = day
    note_demand(uow, row, row.state, ground.rules.user, note.strip())
    announce_demand(uow, row, behind=ground.behind)


@command(N_("Released: {names}"))
def release_demands(uow: UnitOfWork, wish: ReleaseDemands) -> int:
    """Note that accepted demands came out; returns how many customers are to be told."""
    ground = Ground(uow, wish.ids)
    rows = [uow.get(Demand, demand) for demand in wish.ids]
    told = sum(set_released(uow, row, wish.on or uow.today, ground, wish.release) for row in rows)
    _name(uow, rows)
    return told


def set_released(uow: UnitOfWork, row: Demand, day: date, ground: Ground, release: str = "") -> int:
    """Let one demand be released on a day; how many customers are to be told."""
    _check(row, "release")
    if day > uow.today:
        raise Problems([Problem("on", _("This day is still to come."), code="future")])
    before, row.state, row.released_on = row.state, DemandState.RELEASED.value, day
    if release.strip():
        row.release_id = ground.release(uow, release, day).id
    note_demand(uow, row, before, ground.rules.user, on=day)
    return announce_demand(uow, row, day, ground.behind)


def _name(uow: UnitOfWork, rows: list[Demand]) -> None:
    uow.name(names=named([demand_number(row.number) for row in rows]), count=len(rows))
