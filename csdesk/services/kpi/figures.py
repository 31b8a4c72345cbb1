"""Every figure of a period. A figure whose data are not kept yet stands here as unknown until its reading comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from csdesk.models.vocabulary import N_, Tier
from csdesk.services.kpi import queries, rules
from csdesk.services.kpi.rules import Figure, Kind, Period

Maker = Callable[[Connection, Period, date], Figure]


@dataclass(frozen=True)
class Entry:
    """A figure of the glossary: its name and formula as msgids, its kind, and how it is made; None: not yet."""

    name: str
    kind: Kind
    formula: str = ""
    make: Maker | None = None


def _execution(connection: Connection, period: Period, today: date) -> Figure:
    return rules.execution(queries.planned_visits(connection, period), period)


def _served(connection: Connection, period: Period, today: date) -> Figure:
    return rules.number("accounts_served", queries.accounts_visited(connection, period))


def _collection(connection: Connection, period: Period, today: date) -> Figure:
    due = queries.instalments(connection, period)
    paid = queries.payments(connection, contracts=(entry.contract_id for entry in due))
    return rules.collection(due, paid, period)


def _collected(connection: Connection, period: Period, today: date) -> Figure:
    return rules.collected(queries.payments(connection, period=period), period)


def _pareto(connection: Connection, period: Period, today: date) -> Figure:
    accounts = queries.arr_on(connection, period.end)
    return rules.pareto(accounts, queries.pending_accounts(connection, period.end, today))


FIGURES: Mapping[str, Entry] = {
    "logo_churn_rate": Entry(N_("Logo churn rate"), Kind.RATE),
    "gross_revenue_retention": Entry(N_("Gross revenue retention"), Kind.MONEY_RATE),
    "net_revenue_retention": Entry(N_("Net revenue retention"), Kind.MONEY_RATE),
    "renewal_rate": Entry(N_("Renewal rate"), Kind.RATE),
    "renewal_rate_by_amount": Entry(N_("Renewal rate by amount"), Kind.MONEY_RATE),
    "save_rate": Entry(N_("Save rate"), Kind.RATE),
    "win_backs": Entry(N_("Win-backs"), Kind.COUNT),
    "expansion": Entry(N_("Expansion"), Kind.MONEY),
    "receivable_collection_rate": Entry(
        N_("Receivable collection rate"), Kind.MONEY_RATE,
        N_("Of the instalments due in these days: paid by the last day ÷ due"), _collection,
    ),
    "amount_collected": Entry(N_("Amount collected"), Kind.MONEY, N_("Payments dated in these days"), _collected),
    "visit_plan_execution": Entry(
        N_("Visit plan execution"), Kind.RATE,
        N_("Of the visits whose day in the confirmed plan lies in these days: done by the last day ÷ all less the excused"),
        _execution,
    ),
    "referral_rate": Entry(N_("Referral rate"), Kind.RATE),
    "accounts_served": Entry(N_("Accounts served"), Kind.COUNT, N_("Different accounts with a visit done"), _served),
    "average_service_cost": Entry(N_("Average service cost"), Kind.MONEY_RATE),
    "activation_rate": Entry(N_("Activation rate"), Kind.RATE),
    "seat_utilisation": Entry(N_("Seat utilisation"), Kind.RATE),
    "ltv": Entry(N_("Customer lifetime value"), Kind.MONEY_RATE),
    "ltv_cac": Entry(N_("LTV : CAC"), Kind.RATE),
    "first_year_ltv_cac": Entry(N_("First-year LTV : CAC"), Kind.RATE),
    "customer_success_revenue_share": Entry(N_("Revenue from customer success"), Kind.MONEY_RATE),
    "pareto_share": Entry(
        N_("Pareto share"), Kind.MONEY_RATE,
        N_("ARR of the largest 20 % of accounts, rounded up ÷ ARR of all, on the last day"), _pareto,
    ),
}  # fmt: skip
"""Every figure of the glossary, in its order."""


def figures(connection: Connection, period: Period, today: date) -> dict[str, Figure]:
    """All of them, by key, as known today."""
    return {
        key: entry.make(connection, period, today) if entry.make else rules.unknown(key, entry.kind)
        for key, entry in FIGURES.items()
    }


VISIT_FIGURES: Mapping[str, Entry] = {
    "visit_plan_execution": FIGURES["visit_plan_execution"],
    "on_planned_day": Entry(
        N_("Done on the planned day"), Kind.RATE,
        N_("Of the same visits: done on the very day of the plan ÷ all less the excused"),
    ),
    "coverage_A": Entry(
        N_("Coverage A"), Kind.RATE, N_("Active accounts of tier A visited in these days ÷ all of them")
    ),
    "coverage_B": Entry(
        N_("Coverage B"), Kind.RATE, N_("Active accounts of tier B visited in these days ÷ all of them")
    ),
    "coverage_C": Entry(
        N_("Coverage C"), Kind.RATE, N_("Active accounts of tier C visited in these days ÷ all of them")
    ),
    "overdue_cadence": Entry(
        N_("Overdue by cadence"), Kind.RATE,
        N_("Active accounts not visited for longer than their tier allows ÷ all with a tier"),
    ),
    "postponed_twice": Entry(
        N_("Postponed twice"), Kind.RATE, N_("Of the visits planned for these days: moved twice or more ÷ all")
    ),
}  # fmt: skip
"""What the visits of a period came to, in the order of the page."""


def visit_figures(connection: Connection, period: Period, today: date) -> dict[str, Figure]:
    """The figures of the visit page, by key, as known today."""
    visits = queries.planned_visits(connection, period)
    accounts = queries.seen_accounts(connection, period, today)
    return {
        "visit_plan_execution": rules.execution(visits, period),
        "on_planned_day": rules.on_planned_day(visits, period),
        **{f"coverage_{tier.value}": rules.coverage(accounts, tier.value) for tier in Tier},
        "overdue_cadence": rules.overdue_cadence(accounts, min(period.end, today)),
        "postponed_twice": rules.postponed_twice(visits, period),
    }


def as_json(connection: Connection, period: Period, today: date) -> dict[str, Any]:
    """The document of the command line; what only the visits are measured by stands beside the figures."""
    beside = visit_figures(connection, period, today)
    del beside["visit_plan_execution"]
    return {
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "figures": {key: figure.as_json() for key, figure in figures(connection, period, today).items()},
        "visits": {key: figure.as_json() for key, figure in beside.items()},
    }
