"""What is late at product: no answer within the standard, or a promised day that has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from csdesk.models.vocabulary import DemandState, TicketKind, TicketState
from csdesk.services.core.columns import Filter, Query
from csdesk.services.tickets.listings import BUG_SINCE, TICKETS_JOINED, demands, late_bug
from csdesk.services.tickets.queries import cards_of, ticket_rows
from csdesk.services.tickets.standing import DEMANDS, TICKETS, TicketRules, ticket_rules


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


MOST_READ = 100
"""Of each kind of lateness so many are looked at closely, those that came first; the others are only counted."""


@dataclass(frozen=True)
class Late:
    """What is late on a day: ``matters`` the longest late first, then what most ARR stands behind; ``count`` all of it."""

    matters: tuple[LateMatter, ...]
    count: int


def late_matters(connection: Connection, today: date) -> Late:
    """What is late on a day."""
    rules = ticket_rules(connection)
    asked = Query(filters=(Filter("late"),), sort="opened_on")
    unanswered = demands(today, rules).ids(connection, asked, today)
    missed = _missed(connection, today)
    shown = [*unanswered[:MOST_READ], *missed[:MOST_READ]]
    bugs = _bugs(connection, today, rules)
    found = sorted(
        [*_demands(connection, shown, today, rules), *bugs],
        key=lambda one: (one.since, -one.arr_cents, one.is_bug, one.id),
    )
    return Late(tuple(found), len(unanswered) + len(missed) + _count_bugs(connection, today, rules))


def _missed(connection: Connection, today: date) -> list[int]:
    """The accepted demands whose planned day has passed, the oldest day first."""
    found = select(DEMANDS.c.id).where(
        DEMANDS.c.state == DemandState.ACCEPTED, DEMANDS.c.planned_on < today, DEMANDS.c.deleted_at.is_(None)
    )
    return list(connection.scalars(found.order_by(DEMANDS.c.planned_on, DEMANDS.c.id)))


def _demands(connection: Connection, ids: list[int], today: date, rules: TicketRules) -> list[LateMatter]:
    cards = cards_of(connection, ids, today, rules)
    kinds = {DemandState.TO_REVIEW: Lateness.SEND, DemandState.IN_REVIEW: Lateness.ANSWER}
    return [
        LateMatter(
            False, card.id, card.number, card.title, kinds.get(DemandState(card.state), Lateness.PROMISE),
            card.deadline or card.planned_on or today, 0, "", "", card.accounts, card.arr_cents,
        )
        for card in cards
    ]  # fmt: skip


def _past_bugs(today: date) -> ColumnElement[bool]:
    return and_(TICKETS.c.kind == TicketKind.BUG, TICKETS.c.state == TicketState.ACCEPTED, TICKETS.c.planned_on < today)


def _count_bugs(connection: Connection, today: date, rules: TicketRules) -> int:
    late = or_(late_bug(today, rules), _past_bugs(today))
    found = select(func.count()).select_from(TICKETS_JOINED).where(TICKETS.c.deleted_at.is_(None), late)
    return connection.scalar(found) or 0


def _bugs(connection: Connection, today: date, rules: TicketRules) -> list[LateMatter]:
    waiting = {row.id: row for row in ticket_rows(connection, late_bug(today, rules), limit=MOST_READ)}
    since = select(TICKETS.c.id, BUG_SINCE).where(TICKETS.c.id.in_(waiting))
    found = []
    for bug, begun in connection.execute(since):
        row = waiting[bug]
        start = begun if isinstance(begun, date) else date.fromisoformat(begun)
        due = rules.deadlines.after(start, rules.standard.days([row.tier], row.severity))
        kind = Lateness.ANSWER if row.own_state == TicketState.IN_REVIEW else Lateness.SEND
        found.append((row, kind, due))
    passed = ticket_rows(connection, _past_bugs(today), limit=MOST_READ)
    found += [(row, Lateness.PROMISE, row.planned_on or today) for row in passed]
    return [
        LateMatter(
            True, row.id, row.number, row.title, kind, due, row.account_id, row.account, row.tier or "", 1,
            row.arr_cents,
        )
        for row, kind, due in found
    ]  # fmt: skip
