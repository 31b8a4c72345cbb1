"""Every figure of a period. A figure whose data are not kept yet stands here as unknown until its reading comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from csdesk.models.vocabulary import N_, TicketState, Tier
from csdesk.services.kpi import queries, requirements, rules
from csdesk.services.kpi.rules import Figure, Kind, Period, amount_text
from csdesk.services.kpi.stages import GROUPS, Cut, Facts, grouped
from csdesk.services.kpi.ticket_facts import requirement_facts
from csdesk.services.tickets.rules import OVER

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
    return rules.number("accounts_served", queries.accounts_served(connection, period))


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
    "accounts_served": Entry(N_("Accounts served"), Kind.COUNT, N_("Different accounts with a visit done or a ticket moved"), _served),
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


REQUIREMENT_FIGURES: Mapping[str, Entry] = {
    "open_tickets": Entry(N_("Open tickets"), Kind.COUNT, N_("Tickets that were open on the last day, today at the latest")),
    **{
        f"open_{state.value}": Entry(
            state.label, Kind.COUNT, N_("Open tickets that stood in this state on the last day, today at the latest")
        )
        for state in TicketState
        if state not in OVER
    },
    "days_to_send": Entry(
        N_("Captured to sent"), Kind.DAYS, N_("Days from capture until sent to product, of the tickets sent in these days")
    ),
    "days_to_answer": Entry(
        N_("Sent to answered"), Kind.DAYS, N_("Days from sent until answered, of the tickets answered in these days")
    ),
    "days_to_release": Entry(
        N_("Accepted to released"), Kind.DAYS, N_("Days from accepted until released, of the tickets released in these days")
    ),
    "days_to_tell": Entry(
        N_("Released to told"), Kind.DAYS, N_("Days from released until the customer was told, of those told in these days")
    ),
    "sent_in_time": Entry(
        N_("Sent in time"), Kind.RATE,
        N_("Of the tickets sent to product in these days: sent within the working days of the standard ÷ all"),
    ),
    "answered_in_time": Entry(
        N_("Answered in time"), Kind.RATE,
        N_("Of the tickets answered in these days: within the working days of the standard after they were sent ÷ all"),
    ),
    "told_in_time": Entry(
        N_("Told in time"), Kind.RATE,
        N_("Of the customers to be told of something released in these days: told within the days of the setting ÷ all"),
    ),
    "moves_per_day": Entry(
        N_("Moves a working day"), Kind.PER_DAY, N_("Moves of tickets in these days ÷ working days up to today")
    ),
    "declined_share": Entry(
        N_("Share declined"), Kind.RATE, N_("Of the reviews in these days: those that declined ÷ all")
    ),
    "reviewed_again": Entry(
        N_("Declined and reviewed again"), Kind.RATE,
        N_("Of the demands declined in these days: those that were reviewed again afterwards ÷ all"),
    ),
    "bug_dates_kept": Entry(
        N_("Dates of bugs kept"), Kind.RATE,
        N_("Of the bugs fixed in these days that had a promised day: fixed by the first one promised ÷ all"),
    ),
    "arr_behind_open": Entry(
        N_("ARR behind open demands"), Kind.MONEY, N_("ARR today of the accounts that wait for an open demand, each once")
    ),
}  # fmt: skip
"""What became of tickets and demands, in the order of the page."""


def requirement_view(connection: Connection, period: Period, today: date, cut: Cut) -> requirements.RequirementView:
    """What the page of the figures of tickets and demands shows, as known today."""
    return requirements.view_of(requirement_facts(connection, today), period, cut)


def requirements_json(facts: Facts, period: Period) -> dict[str, Any]:
    """All of them, the open demands with the most ARR, and the main ones by module, tier and account."""
    return {
        "figures": {key: figure.as_json() for key, figure in requirements.figures_of(facts, period).items()},
        "top_demands": [
            {
                "demand": str(one.row.id), "name": one.row.account, "state": one.state, "accounts": one.accounts,
                "arr": amount_text(one.arr_cents), "tiers": dict(one.tiers),
            }
            for one in requirements.top_demands(facts)
        ],
        **{
            f"by_{group}": {
                name: {key: figure.as_json() for key, figure in requirements.main_figures(part, period).items()}
                for name, part in grouped(facts, group).items()
            }
            for group in GROUPS
        },
    }  # fmt: skip


def as_json(connection: Connection, period: Period, today: date) -> dict[str, Any]:
    """The document of the command line; what visits, tickets and demands alone are measured by stands beside the figures."""
    beside = visit_figures(connection, period, today)
    del beside["visit_plan_execution"]
    facts = requirement_facts(connection, today)
    return {
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "figures": {key: figure.as_json() for key, figure in figures(connection, period, today).items()},
        "visits": {key: figure.as_json() for key, figure in beside.items()},
        "requirements": requirements_json(facts, period),
    }
