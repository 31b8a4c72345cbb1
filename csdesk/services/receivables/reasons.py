"""Money that is overdue as a reason to go to an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select

from csdesk.models.base import from_cents, to_cents
from csdesk.models.contracts import Contract
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core import formats
from csdesk.services.core.reasons import Band, Period, Reason, ReasonKind, ReasonSource, Signal, reason
from csdesk.services.core.texts import N_, ngettext
from csdesk.services.settings.queries import setting


def overdue_money(connection: Connection, period: Period) -> Mapping[int, Sequence[Signal]]:
    """By account the money that has been overdue for as many days as the setting says, one signal a currency.

    What was paid without naming an instalment is laid against the oldest ones of its contract.
    """
    limit = int(setting(connection, "visits.overdue_days"))
    unnamed = _paid_unnamed(connection, period.today)
    sums: dict[tuple[int, str], tuple[date, int]] = {}
    for row in _open_instalments(connection, period.today - timedelta(limit), period.today):
        missing = to_cents(row.amount) - to_cents(row.paid or from_cents(0))
        used = min(missing, unnamed.get(row.contract_id, 0))
        if used:
            unnamed[row.contract_id] -= used
        if missing > used:
            oldest, total = sums.get((row.account_id, row.currency), (row.due_on, 0))
            sums[row.account_id, row.currency] = min(oldest, row.due_on), total + missing - used
    found: dict[int, list[Signal]] = {}
    for (account, currency), (oldest, cents) in sums.items():
        entry = reason("overdue_money", due=oldest, cents=cents, currency=currency, limit=limit)
        found.setdefault(account, []).append(Signal(entry, Band.SHOULD))
    return found


def _open_instalments(connection: Connection, due_by: date, today: date) -> Sequence[Any]:
    """Instalments due by a day of which something is missing by what was paid on them, the oldest first."""
    paid = (
        select(func.sum(Payment.amount))
        .where(Payment.receivable_id == Receivable.id, Payment.deleted_at.is_(None), _by(today))
        .scalar_subquery()
    )
    return connection.execute(
        select(
            Contract.account_id, Contract.currency, Receivable.contract_id, Receivable.due_on, Receivable.amount,
            paid.label("paid"),
        )
        .join(Contract, Contract.id == Receivable.contract_id)
        .where(
            Receivable.deleted_at.is_(None), Contract.deleted_at.is_(None), Receivable.due_on <= due_by,
            Receivable.amount > func.coalesce(paid, 0),
        )
        .order_by(Receivable.due_on, Receivable.position, Receivable.id)
    ).all()  # fmt: skip


def _paid_unnamed(connection: Connection, today: date) -> dict[int, int]:
    rows = connection.execute(
        select(Payment.contract_id, func.sum(Payment.amount).label("paid"))
        .where(Payment.receivable_id.is_(None), Payment.deleted_at.is_(None), _by(today))
        .group_by(Payment.contract_id)
    )
    return {row.contract_id: to_cents(row.paid) for row in rows}


def _by(today: date) -> Any:
    """Money without a day came before anybody wrote days down."""
    return or_(Payment.paid_on.is_(None), Payment.paid_on <= today)


def _words(entry: Reason, on: date) -> str:
    due, cents = entry.get("due"), entry.get("cents")
    days = (on - due).days if isinstance(due, date) else 0
    currency = entry.get("currency")
    amount = formats.cents(cents if isinstance(cents, int) else 0)
    named = amount if currency in (None, HOME_CURRENCY) else f"{currency} {amount}"
    return ngettext("{amount} overdue for {n} day", "{amount} overdue for {n} days", days).format(amount=named, n=days)


OVERDUE_MONEY = ReasonSource(
    {
        "overdue_money": ReasonKind(
            N_("Money overdue"),
            N_("Settle when the overdue money is paid"),
            70,
            _words,
            N_("Rule: visit when money is overdue for {n} days."),
        )
    },
    overdue_money,
)
