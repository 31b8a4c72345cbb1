"""Reading what the figures of tickets and demands are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.tickets import Demand, DemandMove, DemandReview, Notice, Ticket, TicketMove
from csdesk.models.vocabulary import DemandState
from csdesk.services.accounts.queries import SHOWN_NAME
from csdesk.services.kpi.rules import Row
from csdesk.services.kpi.stages import DemandFacts, Facts, NoticeFacts, Step, TicketFacts
from csdesk.services.tickets.rules import demand_number, shown_title, ticket_number
from csdesk.services.tickets.standing import ticket_rules


def requirement_facts(connection: Connection, today: date) -> Facts:
    """Every ticket and demand with its history; ARR and tiers are those of today."""
    rules = ticket_rules(connection)
    ways = _Ways(connection)
    tickets = _tickets(connection, ways)
    numbers = {one.row.id: one.row.words for one in tickets}
    demands = _demands(connection, ways)
    return Facts(
        tickets, demands, _notices(connection, numbers, demands), today, rules.standard, rules.deadlines, rules.told_days
    )  # fmt: skip


class _Ways:
    """The moves of all demands, merged ones included, and by which of them requirements went from one to another."""

    def __init__(self, connection: Connection) -> None:
        self.steps = _steps(connection, DemandMove, DemandMove.demand_id)
        by_id = {step.id: step for steps in self.steps.values() for step in steps}
        self._left: dict[int, dict[int, Step]] = {}
        moved = select(DemandMove.id, DemandMove.demand_id, DemandMove.other_id)
        alive = DemandMove.deleted_at.is_(None), DemandMove.other_id.is_not(None)
        for row in connection.execute(moved.where(*alive).order_by(DemandMove.moved_on, DemandMove.id)):
            self._left.setdefault(row.demand_id, {})[row.other_id] = by_id[row.id]

    def between(self, first: int | None, now: int | None) -> tuple[Step | None, tuple[Step, ...]]:
        """The move by which a requirement came from its first demand to the one it has now, and all that it went through
        before; None and nothing where it has its first one, or the way is not known."""
        if first is None or now is None or first == now:
            return None, ()
        gone: list[Step] = []
        seen, at, since = {first}, first, (date.min, 0)
        while True:
            left = self._left.get(at, {})
            merged = (other for other, step in left.items() if step.after == DemandState.MERGED)
            other = now if now in left else next(merged, None)
            if other is None or (other in seen and other != now):
                return None, ()
            step = left[other]
            gone += [one for one in self.steps.get(at, ()) if since <= (one.on, one.id) < (step.on, step.id)]
            if other == now:
                return step, tuple(gone)
            seen, at, since = seen | {other}, other, (step.on, step.id)


def _tickets(connection: Connection, ways: _Ways) -> tuple[TicketFacts, ...]:
    steps = _steps(connection, TicketMove, TicketMove.ticket_id)
    rows = connection.execute(
        select(
            Ticket.id, Ticket.number, Ticket.kind, Ticket.state, Ticket.account_id, SHOWN_NAME.label("account"),
            Ticket.title, Ticket.text, Ticket.reported_on, Ticket.module, Account.tier, Account.arr_cents,
            Ticket.severity, Ticket.demand_id, Ticket.first_demand_id, Ticket.first_planned_on, Ticket.planned_on, Ticket.released_on,
        )
        .join(Account, Account.id == Ticket.account_id)
        .where(Ticket.deleted_at.is_(None), Account.deleted_at.is_(None))
        .order_by(Ticket.reported_on, Ticket.id)
    )  # fmt: skip
    return tuple(
        TicketFacts(
            Row("tickets", row.id, row.account_id, row.account, row.reported_on,
                f"{ticket_number(row.kind, row.number)} {shown_title(row.title, row.text)}"),
            row.kind, row.state, row.reported_on, row.module, row.tier, row.arr_cents or 0, row.severity, row.demand_id,
            steps.get(row.id, ()), *ways.between(row.first_demand_id, row.demand_id), row.first_planned_on, row.planned_on,
            row.released_on,
        )
        for row in rows
    )  # fmt: skip


def _demands(connection: Connection, ways: _Ways) -> dict[int, DemandFacts]:
    reviews: dict[int, list[tuple[date, str]]] = {}
    told = select(DemandReview.demand_id, DemandReview.reviewed_on, DemandReview.decision)
    order = (DemandReview.reviewed_on, DemandReview.id)
    for row in connection.execute(told.where(DemandReview.deleted_at.is_(None)).order_by(*order)):
        reviews.setdefault(row[0], []).append((row[1], row[2]))
    rows = connection.execute(
        select(Demand.id, Demand.number, Demand.title, Demand.state, Demand.module, Demand.opened_on)
        .where(Demand.deleted_at.is_(None), Demand.state != DemandState.MERGED)
        .order_by(Demand.opened_on, Demand.id)
    )
    return {
        row.id: DemandFacts(
            Row("demands", row.id, 0, f"{demand_number(row.number)} {row.title}", row.opened_on),
            row.state, row.module, ways.steps.get(row.id, ()), tuple(reviews.get(row.id, ())),
        )
        for row in rows
    }  # fmt: skip


def _notices(
    connection: Connection, tickets: dict[int, str], demands: dict[int, DemandFacts]
) -> tuple[NoticeFacts, ...]:
    rows = connection.execute(
        select(
            Notice.id, Notice.account_id, SHOWN_NAME.label("account"), Notice.cause, Notice.state, Notice.due_on,
            Notice.told_on, Notice.demand_id, Notice.ticket_id,
        )
        .join(Account, Account.id == Notice.account_id)
        .where(Notice.deleted_at.is_(None), Account.deleted_at.is_(None))
        .order_by(Notice.due_on, Notice.id)
    )  # fmt: skip
    found = []
    for row in rows:
        about = demands[row.demand_id].row.account if row.demand_id in demands else tickets.get(row.ticket_id, "")
        own = Row("notices", row.id, row.account_id, row.account, row.due_on, about)
        found.append(NoticeFacts(own, row.cause, row.state, row.due_on, row.told_on, row.demand_id, row.ticket_id))
    return tuple(found)


def _steps(connection: Connection, model: Any, owner: Any) -> dict[int, tuple[Step, ...]]:
    """The moves by what was moved, in the order of days."""
    rows = connection.execute(
        select(owner, model.id, model.moved_on, model.from_state, model.to_state)
        .where(model.deleted_at.is_(None))
        .order_by(owner, model.moved_on, model.id)
    )
    found: dict[int, list[Step]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Step(*row[1:]))
    return {key: tuple(steps) for key, steps in found.items()}
