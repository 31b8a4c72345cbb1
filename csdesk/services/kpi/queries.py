"""Reading what the figures are computed from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Date, case, func, or_, select, text, union_all

from csdesk.models.accounts import Account
from csdesk.models.base import to_cents
from csdesk.models.contracts import Contract
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.tickets import Ticket, TicketMove
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import RenewalState, VisitKind, VisitState
from csdesk.services.accounts.queries import SHOWN_NAME
from csdesk.services.kpi.rules import Instalment, Paid, Period, PlannedVisit, Row, SeenAccount
from csdesk.services.settings.queries import setting
from csdesk.services.visits.facts import rules_of, tier_of

ARR_ON = text("""
SELECT a.id, coalesce(nullif(a.short_name, ''), a.name), k.currency, sum(l.arr_cents)
FROM accounts a
JOIN contracts k ON k.account_id = a.id AND k.deleted_at IS NULL
JOIN contract_lines l ON l.contract_id = k.id AND l.deleted_at IS NULL AND l.recurring
WHERE a.deleted_at IS NULL AND coalesce(l.start_on, k.start_on) <= :day AND coalesce(l.end_on, k.end_on) >= :day
  AND NOT EXISTS (SELECT 1 FROM contracts n WHERE n.predecessor_id = k.id AND n.deleted_at IS NULL AND n.start_on <= :day)
GROUP BY a.id, k.currency
""")
"""Each account's ARR on a day, by currency; the old term stops the day before the one that follows it."""


def planned_visits(connection: Connection, period: Period) -> tuple[PlannedVisit, ...]:
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
    return tuple(_planned(row) for row in rows)


def _planned(row: Any) -> PlannedVisit:
    day = row.baseline_on or row.done_on
    took_place = row.done_on if row.state == VisitState.DONE else None
    return PlannedVisit(
        Row("visits", row.id, row.account_id, row[2], day, row.goal),
        row.baseline_on, took_place, row.state == VisitState.CANCELLED and bool(row.excuse), row.moved_count,
    )  # fmt: skip


def accounts_served(connection: Connection, period: Period) -> tuple[Row, ...]:
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
    return tuple(Row("accounts", row[0], row[0], row[1], row[2]) for row in rows)


def seen_accounts(connection: Connection, period: Period, today: date) -> tuple[SeenAccount, ...]:
    """Accounts active on the period's last day, today at the latest, with their last visit up to then.

    Where a tier is met by phone a call is a visit.
    """
    on, rules, grace = min(period.end, today), rules_of(connection), _grace(connection)
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
    terms = _terms(on)
    rows = connection.execute(
        select(
            Account.id, SHOWN_NAME, Account.tier, visits.c.any_on, visits.c.met_on, visits.c.seen, terms.c.first_on,
            terms.c.covered, terms.c.open_end,
        )
        .join(terms, terms.c.account_id == Account.id)
        .outerjoin(visits, visits.c.account_id == Account.id)
        .where(Account.deleted_at.is_(None))
        .order_by(Account.id)
    )  # fmt: skip
    found = []
    for row in rows:
        pending = not row.covered and row.open_end is not None and today <= row.open_end + timedelta(grace)
        if row.covered or pending:
            tier = tier_of(row.tier)
            last = row.any_on if rules.kind_for(tier) is VisitKind.PHONE else row.met_on
            own = Row("accounts", row.id, row.id, row[1], last)
            found.append(
                SeenAccount(own, row.tier, bool(row.seen), last or row.first_on, rules.visit_every(tier), pending)
            )
    return tuple(found)


def _terms(on: date) -> Any:
    """By account: the first start, whether a contract covers the day, when the last one ended where it is undecided."""
    covers = case((Contract.start_on.is_not(None) & (Contract.start_on <= on) & (Contract.end_on >= on), 1), else_=0)
    open_end = case(((Contract.renewal_state == RenewalState.OPEN) & (Contract.end_on < on), Contract.end_on))
    return (
        select(
            Contract.account_id, func.min(Contract.start_on).label("first_on"), func.max(covers).label("covered"),
            case((func.max(open_end) >= func.max(Contract.end_on), func.max(open_end))).label("open_end"),
        )
        .where(Contract.deleted_at.is_(None), or_(Contract.start_on.is_(None), Contract.start_on <= on))
        .group_by(Contract.account_id)
        .subquery()
    )  # fmt: skip


def _grace(connection: Connection) -> int:
    return int(setting(connection, "figures.grace_days"))


def arr_on(connection: Connection, day: date) -> tuple[Row, ...]:
    """Each account's ARR on a day, a row a currency."""
    rows = connection.execute(ARR_ON, {"day": day.isoformat()})
    return tuple(Row("accounts", row[0], row[0], row[1], day, "", row[3], row[2]) for row in rows if row[3])


def pending_accounts(connection: Connection, day: date, today: date) -> tuple[Row, ...]:
    """Accounts whose last contract ended before the day, undecided, within the grace as known today."""
    terms, grace = _terms(day), _grace(connection)
    rows = connection.execute(
        select(Account.id, SHOWN_NAME, terms.c.open_end)
        .join(terms, terms.c.account_id == Account.id)
        .where(Account.deleted_at.is_(None), terms.c.covered == 0, terms.c.open_end >= today - timedelta(grace))
        .order_by(Account.id)
    )
    return tuple(Row("accounts", row[0], row[0], row[1], row[2]) for row in rows)


def instalments(connection: Connection, period: Period) -> tuple[Instalment, ...]:
    """All instalments of the contracts of which one is due in the period."""
    due = select(Receivable.contract_id).where(
        Receivable.deleted_at.is_(None), Receivable.due_on.between(period.start, period.end)
    )
    rows = connection.execute(
        select(
            Receivable.id, Contract.account_id, SHOWN_NAME, Receivable.due_on, Contract.number, Contract.currency,
            Receivable.contract_id, Receivable.amount,
        )
        .join(Contract, Contract.id == Receivable.contract_id)
        .join(Account, Account.id == Contract.account_id)
        .where(
            Receivable.deleted_at.is_(None), Contract.deleted_at.is_(None), Account.deleted_at.is_(None),
            Receivable.contract_id.in_(due),
        )
    )  # fmt: skip
    return tuple(
        Instalment(
            Row("receivables", row.id, row.account_id, row[2], row.due_on, row.number, None, row.currency),
            row.contract_id, row.due_on, to_cents(row.amount),
        )
        for row in rows
    )  # fmt: skip


def payments(
    connection: Connection, contracts: Iterable[int] | None = None, period: Period | None = None
) -> tuple[Paid, ...]:
    """Payments of these contracts, or those dated in the period or without a day."""
    narrowed: list[Any] = []
    if contracts is not None:
        narrowed.append(Payment.contract_id.in_(sorted(set(contracts))))
    if period is not None:
        narrowed.append(or_(Payment.paid_on.is_(None), Payment.paid_on.between(period.start, period.end)))
    rows = connection.execute(
        select(
            Payment.id, Contract.account_id, SHOWN_NAME, Payment.paid_on, Contract.number, Contract.currency,
            Payment.contract_id, Payment.receivable_id, Payment.amount,
        )
        .join(Contract, Contract.id == Payment.contract_id)
        .join(Account, Account.id == Contract.account_id)
        .where(Payment.deleted_at.is_(None), Contract.deleted_at.is_(None), Account.deleted_at.is_(None), *narrowed)
        .order_by(Payment.paid_on, Payment.id)
    )  # fmt: skip
    found = []
    for row in rows:
        cents = to_cents(row.amount)
        own = Row("payments", row.id, row.account_id, row[2], row.paid_on, row.number, cents, row.currency)
        found.append(Paid(own, row.contract_id, row.receivable_id, row.paid_on, cents))
    return tuple(found)
