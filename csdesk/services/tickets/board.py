"""The board of demands with its head, and the list of demands, both as the settings are now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from csdesk.models.vocabulary import TicketKind, TicketState
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.listing import Listing
from csdesk.services.tickets.listings import COLUMNS_OF_BOARD, TICKETS_JOINED, demands, late_bug, view_counts
from csdesk.services.tickets.queries import DemandCard, counts, demand_cards
from csdesk.services.tickets.rules import Deadlines, Standard
from csdesk.services.tickets.standing import TICKETS, TicketRules, ticket_rules

Make = Callable[[date, TicketRules], Listing]


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5


@dataclass(frozen=True)
class LiveListing(Listing):
    """A listing whose conditions follow settings: it is made anew for each question, as ``make`` says."""

    make: Make | None = None
    day: list[date] = field(default_factory=list)
    """The day asked for last: the rows in sight belong to it."""

    def ids(self, connection: Connection, query: Query, today: date) -> list[int]:
        self.day[:] = [today]
        return self._now(connection).ids(connection, query, today)

    def rows(self, connection: Connection, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        return self._now(connection).rows(connection, ids)

    def count(self, connection: Connection, query: Query, today: date) -> int:
        self.day[:] = [today]
        return self._now(connection).count(connection, query, today)

    def totals(self, connection: Connection, query: Query, today: date) -> dict[str, Any]:
        self.day[:] = [today]
        return self._now(connection).totals(connection, query, today)

    def totals_of(self, connection: Connection, ids: Sequence[int]) -> dict[str, Any]:
        return self._now(connection).totals_of(connection, ids)

    def _now(self, connection: Connection) -> Listing:
        assert self.make is not None
        return self.make(self.day[0], ticket_rules(connection))


USUAL = TicketRules(Standard(), Deadlines(_is_weekday), 6, Decimal(0), 3, 120, {}, "")
"""What gives a listing its columns before the settings are read."""


def demand_listing(today: date) -> LiveListing:
    """The list of demands, as the settings are when it is asked."""
    plain = demands(today, USUAL)
    known = {name: getattr(plain, name) for name in Listing.__dataclass_fields__}
    return LiveListing(**known, make=demands, day=[today])


def demand_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many demands each set of conditions holds."""
    return view_counts(connection, demands(today, ticket_rules(connection)), views, today)


@dataclass(frozen=True)
class BoardView:
    """The cards of the board, and what stands above it.

    ``late_bugs`` counts bugs without an answer in time and those not fixed by the promised day; ``to_send`` are the demands
    that product has not seen yet, ``answer_days`` the usual working days it has.
    """

    cards: tuple[DemandCard, ...]
    demands: int
    tickets: int
    accounts: int
    late_bugs: int
    to_send: tuple[int, ...]
    answer_days: int


def board_view(connection: Connection, today: date) -> BoardView:
    """The whole board."""
    rules, known = ticket_rules(connection), counts(connection)
    cards = demand_cards(connection, today, rules=rules)
    broken = and_(TICKETS.c.state == TicketState.ACCEPTED, TICKETS.c.planned_on < today)
    late = (
        select(func.count())
        .select_from(TICKETS_JOINED)
        .where(TICKETS.c.deleted_at.is_(None), TICKETS.c.kind == TicketKind.BUG, or_(late_bug(today, rules), broken))
    )
    return BoardView(
        tuple(cards), known.demands, known.tickets, known.accounts, connection.scalar(late) or 0,
        tuple(card.id for card in cards if card.column == COLUMNS_OF_BOARD[0]), rules.standard.usual,
    )  # fmt: skip
