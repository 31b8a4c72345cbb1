"""Money that is overdue as a reason to go to an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, Integer, func, select, type_coerce

from csdesk.models.contracts import Contract
from csdesk.models.receivables import Receivable
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
    rows = connection.execute(
        select(
            Contract.account_id, Contract.currency, func.min(Receivable.due_on),
            func.sum(type_coerce(Receivable.amount, Integer) - Receivable.paid_cents),
        )
        .join(Contract, Contract.id == Receivable.contract_id)
        .where(
            Receivable.deleted_at.is_(None), Contract.deleted_at.is_(None),
            Receivable.due_on <= period.today - timedelta(limit),
            type_coerce(Receivable.amount, Integer) > Receivable.paid_cents,
        )
        .group_by(Contract.account_id, Contract.currency)
    )  # fmt: skip
    found: dict[int, list[Signal]] = {}
    for account, currency, oldest, cents in rows:
        entry = reason("overdue_money", due=oldest, cents=cents, currency=currency, limit=limit)
        found.setdefault(account, []).append(Signal(entry, Band.SHOULD))
    return found


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
