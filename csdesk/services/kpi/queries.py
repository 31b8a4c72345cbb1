"""Reading what the figures are computed from."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Date, case, func, or_, select, text, union_all

from csdesk.models.accounts import Account
from csdesk.models.tickets import Ticket, TicketMove
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import ContractEventKind, VisitKind, VisitState
from csdesk.services.accounts.queries import SHOWN_NAME
from csdesk.services.core.money import term_months
from csdesk.services.kpi.book import Book, raw_rows
from csdesk.services.kpi.keeping import kept_book
from csdesk.services.kpi.renewing import Signed
from csdesk.services.kpi.rules import Instalment, Paid, Period, PlannedVisit, Row, SeenAccount
from csdesk.services.visits.facts import rules_of, tier_of


def planned_visits(
    connection: Connection, period: Period, accounts: Collection[int] | None = None
) -> tuple[PlannedVisit, ...]:
    """The visits whose baseline lies in the period, and those done in it that have none; by day."""
    baseline, done = Visit.baseline_on, Visit.done_on
    rows = connection.execute(
        select(
            Visit.id, Visit.account_id, SHOWN_NAME, Visit.kind, Visit.state, baseline, done, Visit.excuse,
            Visit.moved_count, Visit.goal,
        )
        .join(Account, Account.id == Visit.account_id)
        .where(
            Visit.deleted_at.is_(None), Account.deleted_at.is_(None),
            or_(
                baseline.between(period.start, period.end),
                baseline.is_(None) & done.between(period.start, period.end),
            ),
        )
        .order_by(func.coalesce(baseline, done), Visit.id)
    )  # fmt: skip
    return tuple(_planned(row) for row in rows if accounts is None or row.account_id in accounts)


def _planned(row: Any) -> PlannedVisit:
    day = row.baseline_on or row.done_on
    took_place = row.done_on if row.state == VisitState.DONE else None
    return PlannedVisit(
        Row("visits", row.id, row.account_id, row[2], day, row.goal),
        row.baseline_on, took_place, row.state == VisitState.CANCELLED and bool(row.excuse), row.moved_count,
    )  # fmt: skip


def accounts_served(connection: Connection, period: Period, accounts: Collection[int] | None = None) -> tuple[Row, ...]:
    """Each account with a visit done or a ticket moved in the period, with the last day on which that was."""
    visited = select(Visit.account_id, Visit.done_on.label("on")).where(
        Visit.deleted_at.is_(None), Visit.state == VisitState.DONE, Visit.done_on.between(period.start, period.end)
    )
    moved = (
        select(Ticket.account_id, TicketMove.moved_on.label("on"))
        .join(TicketMove, TicketMove.ticket_id == Ticket.id)
        .where(
            Ticket.deleted_at.is_(None), TicketMove.deleted_at.is_(None), TicketMove.from_state.is_not(None),
            TicketMove.moved_on.between(period.start, period.end),
        )
    )  # fmt: skip
    served = union_all(visited, moved).subquery()
    rows = connection.execute(
        select(Account.id, SHOWN_NAME, func.max(served.c.on, type_=Date))
        .join(served, served.c.account_id == Account.id)
        .where(Account.deleted_at.is_(None))
        .group_by(Account.id)
        .order_by(Account.name_key, Account.id)
    )
    return tuple(
        Row("accounts", row[0], row[0], row[1], row[2]) for row in rows if accounts is None or row[0] in accounts
    )


def seen_accounts(connection: Connection, period: Period, today: date) -> tuple[SeenAccount, ...]:
    """Accounts active on the period's last day, today at the latest, with their last visit up to then.

    Where a tier is met by phone a call is a visit.
    """
    on, rules = min(period.end, today), rules_of(connection)
    day = on.toordinal()
    active = {life.account_id: life for life in kept_book(connection, today).lives if life.active_on(day)}
    met = case((Visit.kind != VisitKind.PHONE, Visit.done_on))
    visits = (
        select(
            Visit.account_id, func.max(Visit.done_on).label("any_on"), func.max(met).label("met_on"),
            func.max(case((Visit.done_on >= period.start, 1), else_=0)).label("seen"),
        )
        .where(Visit.deleted_at.is_(None), Visit.state == VisitState.DONE, Visit.done_on <= on)
        .group_by(Visit.account_id)
        .subquery()
    )  # fmt: skip
    rows = connection.execute(
        select(Account.id, SHOWN_NAME, Account.tier, visits.c.any_on, visits.c.met_on, visits.c.seen)
        .outerjoin(visits, visits.c.account_id == Account.id)
        .where(Account.deleted_at.is_(None))
        .order_by(Account.id)
    )  # fmt: skip
    found = []
    for row in rows:
        life = active.get(row.id)
        if life is not None:
            tier, since = tier_of(row.tier), date.fromordinal(life.first_on)
            last = row.any_on if rules.kind_for(tier) is VisitKind.PHONE else row.met_on
            own = Row("accounts", row.id, row.id, row[1], last)
            found.append(
                SeenAccount(own, row.tier, bool(row.seen), last or since, rules.visit_every(tier), life.pending_on(day))
            )
    return tuple(found)


class _Days(dict[str | None, date | None]):
    """ISO days, each read once."""

    def __missing__(self, day: str | None) -> date | None:
        found = self[day] = date.fromisoformat(day) if day else None
        return found


INSTALMENTS = """
SELECT r.id, r.contract_id, r.due_on, r.amount,
  (SELECT sum(p.amount) FROM payments p
   WHERE p.receivable_id = r.id AND p.deleted_at IS NULL AND (p.paid_on IS NULL OR p.paid_on <= :last))
FROM receivables r WHERE r.deleted_at IS NULL {due}
"""
DUE_IN = "AND r.due_on BETWEEN :first AND :last"
DUE_OR_OF = """AND (r.due_on BETWEEN :first AND :last OR r.contract_id IN (SELECT value FROM json_each(:contracts)))"""
LOOSE = text("""
SELECT p.contract_id, sum(p.amount) FROM payments p
WHERE p.receivable_id IS NULL AND p.deleted_at IS NULL AND (p.paid_on IS NULL OR p.paid_on <= :last)
GROUP BY p.contract_id
""")
PAYMENTS = text("""
SELECT p.id, p.contract_id, p.receivable_id, p.paid_on, p.amount FROM payments p
WHERE p.deleted_at IS NULL AND (p.paid_on IS NULL OR p.paid_on BETWEEN :first AND :last)
""")


def instalments(
    connection: Connection, book: Book, until: date, since: date | None = None
) -> tuple[list[Instalment], list[Paid]]:
    """The instalments with what was paid on each by a day, and by contract what was paid by then and laid against none.

    With ``since`` those due from that day on, and all of the contracts that have such money.
    """
    asked = {"last": until.isoformat()}
    loose = [Paid(0, contract, None, None, cents) for contract, cents in raw_rows(connection, LOOSE, asked)]
    due_in = ""
    if since is not None:
        due_in, asked["first"] = DUE_IN, since.isoformat()
        if loose:
            due_in, asked["contracts"] = DUE_OR_OF, json.dumps([paid.contract_id for paid in loose])
    days, known = _Days(), book.contracts.get
    found = [
        Instalment(id, contract, days[due], cents, of.currency, paid or 0)
        for id, contract, due, cents, paid in raw_rows(connection, text(INSTALMENTS.format(due=due_in)), asked)
        if (of := known(contract)) is not None
    ]
    return found, loose


def payments(connection: Connection, book: Book, period: Period) -> list[Paid]:
    """Payments dated in the period or without a day."""
    asked = {"first": period.start.isoformat(), "last": period.end.isoformat()}
    days, known = _Days(), book.contracts.get
    return [
        Paid(id, contract, instalment, days[on], cents, of.currency)
        for id, contract, instalment, on, cents in raw_rows(connection, PAYMENTS, asked)
        if (of := known(contract)) is not None
    ]


ONE_OFF = text("""
SELECT l.contract_id FROM contract_lines l WHERE l.contract_id IN (SELECT value FROM json_each(:ids)) AND l.deleted_at IS NULL
GROUP BY l.contract_id HAVING max(l.recurring) = 0
""")


def one_off(connection: Connection, contracts: Collection[int]) -> frozenset[int]:
    """Those of these contracts that have lines, none of which recurs."""
    if not contracts:
        return frozenset()
    return frozenset(connection.scalars(ONE_OFF, {"ids": json.dumps(list(contracts))}))


BY_THEMSELVES = text("""
SELECT k.id FROM contracts k WHERE k.id IN (SELECT value FROM json_each(:ids)) AND k.renewal_kind = 'automatic'
""")


def renewed_by_themselves(connection: Connection, contracts: Collection[int]) -> frozenset[int]:
    """Those of these contracts of which it is noted that they renewed by themselves."""
    return frozenset(connection.scalars(BY_THEMSELVES, {"ids": json.dumps(list(contracts))}))


SIGNED = text("""
SELECT k.id, k.signed_on,
  coalesce(k.amount, (SELECT sum(l.amount) FROM contract_lines l WHERE l.contract_id = k.id AND l.deleted_at IS NULL))
FROM contracts k NOT INDEXED
WHERE k.deleted_at IS NULL AND (k.signed_on BETWEEN :first AND :last OR k.signed_on IS NULL AND k.start_on BETWEEN :first AND :last)
""")
ADDED = text("""
SELECT e.contract_id, e.noted_on, e.kind, coalesce(e.arr_after_cents, 0) - coalesce(e.arr_before_cents, 0), e.effective_on,
  coalesce(l.end_on, k.end_on), l.amount
FROM contract_events e JOIN contracts k ON k.id = e.contract_id
LEFT JOIN contract_lines l ON l.id = e.line_after_id AND l.deleted_at IS NULL
WHERE e.deleted_at IS NULL AND e.kind IN ('amended', 'extended')
""")


def signed(connection: Connection, book: Book, period: Period) -> list[Signed]:
    """Contracts signed in the period, as they were signed; those without a day of signature that start in it; and what was
    added to contracts by what was noted in it.

    An amendment adds its ARR for the months left of the term, an extension the amount of its line. A contract's amount holds
    what was added to it, so that is taken off it again.
    """
    first, last, contracts = period.start.isoformat(), period.end.isoformat(), book.contracts
    later: dict[int, int] = {}
    added = []
    for contract, on, kind, arr, since, until, amount in raw_rows(connection, ADDED):
        cents = _added(arr, since, until) if kind == ContractEventKind.AMENDED else amount or 0
        later[contract] = later.get(contract, 0) + cents
        if cents > 0 and first <= on <= last and contract in contracts:
            added.append(Signed(contract, on, cents, contracts[contract].currency, added=True))
    found = [
        Signed(contract, on, cents - later.get(contract, 0), contracts[contract].currency)
        for contract, on, cents in raw_rows(connection, SIGNED, {"first": first, "last": last})
        if cents and contract in contracts
    ]
    return found + added


def _added(arr: int, since: str | None, until: str | None) -> int:
    if not since or not until or since > until:
        return 0
    return round(arr * term_months(date.fromisoformat(since), date.fromisoformat(until)) / 12)


def targets(connection: Connection, period: Period) -> dict[str, Fraction]:
    """By figure: what it is to reach in exactly this period; a rate's target for a longer one holds in its parts too."""
    rows = connection.execute(
        text(
            "SELECT figure, value, starts_on = :first AND ends_on = :last FROM targets WHERE deleted_at IS NULL"
            " AND starts_on <= :first AND ends_on >= :last ORDER BY julianday(ends_on) - julianday(starts_on) DESC, id"
        ),
        {"first": period.start.isoformat(), "last": period.end.isoformat()},
    )
    return {figure: Fraction(value) for figure, value, exact in rows if exact or figure not in SUMMED}


def causes(connection: Connection, contracts: Collection[int]) -> dict[int, tuple[str | None, str]]:
    """By contract: why its renewal went as it did, as a word of the list and in words."""
    rows = connection.execute(
        text("SELECT id, renewal_cause, renewal_reason FROM contracts WHERE id IN (SELECT value FROM json_each(:ids))"),
        {"ids": json.dumps(list(contracts))},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def expectations(
    connection: Connection, contracts: Collection[int]
) -> dict[int, tuple[int | None, int | None, str | None]]:
    """By contract: target and forecast in cents of its currency where they were entered, and the category."""
    rows = connection.execute(
        text("SELECT id, target, forecast, category FROM contracts WHERE id IN (SELECT value FROM json_each(:ids))"),
        {"ids": json.dumps(list(contracts))},
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


SUMMED = frozenset({"win_backs", "expansion", "amount_collected", "accounts_served"})
"""Figures that add up over time: a year's target says nothing of a month."""
