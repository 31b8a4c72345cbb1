"""What is late at product: no answer within the standard, or a promised day that has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, select

from csdesk.models.vocabulary import DemandState, TicketKind, TicketState
from csdesk.services.core.columns import Filter, Query
from csdesk.services.tickets.listings import BUG_SINCE, late_bug
from csdesk.services.tickets.queries import cards_of, demand_cards, ticket_rows
from csdesk.services.tickets.standing import DEMANDS, TICKETS, ticket_rules


class Lateness(StrEnum):
    """What is late: sending it to product, product's answer, or what was promised."""

    SEND = "send"
    ANSWER = "answer"
    PROMISE = "promise"


@dataclass(frozen=True)
class LateMatter:
    """A demand, or a bug (``is_bug``) of one account. ``since`` is the day by which it should have been."""

    is_bug: bool
    id: int
    number: str
    title: str
    lateness: Lateness
    since: date
    account_id: int
    account: str
    tier: str
    accounts: int
    arr_cents: int


def late_matters(connection: Connection, today: date) -> list[LateMatter]:
    """All that is late on a day: the longest late first, then what most ARR stands behind."""
    found = [*_demands(connection, today), *_bugs(connection, today)]
    return sorted(found, key=lambda one: (one.since, -one.arr_cents, one.is_bug, one.id))


def _demands(connection: Connection, today: date) -> list[LateMatter]:
    rules = ticket_rules(connection)
    cards = demand_cards(connection, today, Query(filters=(Filter("late"),)), rules)
    passed = select(DEMANDS.c.id).where(
        DEMANDS.c.state == DemandState.ACCEPTED, DEMANDS.c.planned_on < today, DEMANDS.c.deleted_at.is_(None)
    )
    cards += cards_of(connection, list(connection.scalars(passed)), today, rules)
    kinds = {DemandState.TO_REVIEW: Lateness.SEND, DemandState.IN_REVIEW: Lateness.ANSWER}
    return [
        LateMatter(
            False, card.id, card.number, card.title, kinds.get(DemandState(card.state), Lateness.PROMISE),
            card.deadline or card.planned_on or today, 0, "", "", card.accounts, card.arr_cents,
        )
        for card in cards
    ]  # fmt: skip


def _bugs(connection: Connection, today: date) -> list[LateMatter]:
    rules = ticket_rules(connection)
    waiting = {row.id: row for row in ticket_rows(connection, late_bug(today, rules))}
    since = select(TICKETS.c.id, BUG_SINCE).where(TICKETS.c.id.in_(waiting))
    found = []
    for bug, begun in connection.execute(since):
        row = waiting[bug]
        start = begun if isinstance(begun, date) else date.fromisoformat(begun)
        due = rules.deadlines.after(start, rules.standard.days([row.tier], row.severity))
        kind = Lateness.ANSWER if row.own_state == TicketState.IN_REVIEW else Lateness.SEND
        found.append((row, kind, due))
    passed = ticket_rows(
        connection, TICKETS.c.kind == TicketKind.BUG, TICKETS.c.state == TicketState.ACCEPTED,
        TICKETS.c.planned_on < today,
    )  # fmt: skip
    found += [(row, Lateness.PROMISE, row.planned_on or today) for row in passed]
    return [
        LateMatter(
            True, row.id, row.number, row.title, kind, due, row.account_id, row.account, row.tier or "", 1,
            row.arr_cents,
        )
        for row, kind, due in found
    ]  # fmt: skip
