"""What commands of this slice ask of the store: numbers, weights, settings, who the user is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, select

from csdesk.models.accounts import Account
from csdesk.models.base import from_cents
from csdesk.models.tickets import Demand, Ticket
from csdesk.models.vocabulary import Severity, TicketKind, TicketState, Tier
from csdesk.services.core.stored import many
from csdesk.services.settings.queries import all_settings
from csdesk.services.tickets.rules import Deadlines, IsWorkday, Standard, is_raised
from csdesk.services.visits.workdays import Workdays, own_days

TICKETS: Any = Ticket.__table__
DEMANDS: Any = Demand.__table__
ACCOUNTS: Any = Account.__table__
VOICES: Any = (
    select(TICKETS.c.demand_id, TICKETS.c.account_id)
    .where(
        TICKETS.c.deleted_at.is_(None),
        TICKETS.c.kind == TicketKind.REQUIREMENT,
        TICKETS.c.state != TicketState.WITHDRAWN,
        TICKETS.c.demand_id.is_not(None),
    )
    .distinct()
    .subquery("voices")
)
"""Each account that asks for a demand, once."""


def next_ticket_number(connection: Connection, kind: TicketKind) -> int:
    """The next number of this kind in this store; numbers in the bin are not given again."""
    return (connection.scalar(select(func.max(TICKETS.c.number)).where(TICKETS.c.kind == kind)) or 0) + 1


def next_demand_number(connection: Connection) -> int:
    """The next number of a demand in this store."""
    return (connection.scalar(select(func.max(DEMANDS.c.number))) or 0) + 1


@dataclass(frozen=True)
class Weight:
    """What stands behind a demand: different accounts and their ARR in yuan."""

    accounts: int
    arr: Decimal


def weights_of(connection: Connection, demand_ids: Iterable[int]) -> dict[int, Weight]:
    """The weights of these demands as they are now."""
    ids = list(demand_ids)
    found = connection.execute(
        select(VOICES.c.demand_id, func.count(), func.coalesce(func.sum(ACCOUNTS.c.arr_cents), 0))
        .select_from(VOICES.join(ACCOUNTS, ACCOUNTS.c.id == VOICES.c.account_id))
        .where(VOICES.c.demand_id.in_(many(ids)), ACCOUNTS.c.deleted_at.is_(None))
        .group_by(VOICES.c.demand_id)
    )
    weights = dict.fromkeys(ids, Weight(0, Decimal(0)))
    return weights | {demand: Weight(accounts, from_cents(arr)) for demand, accounts, arr in found}


def weight_of(connection: Connection, demand_id: int) -> Weight:
    """The weight of one demand as it is now."""
    return weights_of(connection, [demand_id])[demand_id]


def raised_now(connection: Connection, row: Demand) -> bool:
    """Whether a declined demand has come up again."""
    weight = weight_of(connection, row.id)
    return is_raised(row.state, weight.accounts, weight.arr, row.again_at, row.again_from_arr)


@dataclass(frozen=True)
class TicketRules:
    """The settings of this slice."""

    standard: Standard
    deadlines: Deadlines
    again_accounts: int
    again_arr: Decimal
    told_days: int
    renewal_days: int
    templates: dict[str, str]
    user: str


def ticket_rules(connection: Connection) -> TicketRules:
    """The settings as they are now."""
    known = all_settings(connection)
    own = own_days(known["visits.holidays"])
    return TicketRules(
        Standard(
            int(known["tickets.answer_days"]),
            {tier.value: int(known[f"tickets.answer_days.{tier.value}"]) for tier in Tier},
            {severity.value: int(known[f"tickets.answer_days.{severity.value}"]) for severity in Severity},
        ),
        Deadlines(_calendar(tuple(sorted(own.items())))),
        int(known["tickets.again_accounts"]),
        Decimal(str(known["tickets.again_arr"])),
        int(known["tickets.told_days"]),
        int(known["tickets.renewal_days"]),
        dict(known["tickets.templates"]),
        str(known["user.name"]),
    )


@lru_cache(maxsize=4)
def _calendar(own: tuple[tuple[date, str], ...]) -> IsWorkday:
    """One function for each list of the user's days, so that what is reckoned with it is remembered."""
    workdays = Workdays(dict(own))
    return lambda day: workdays.is_workday(day)
