"""Every figure of a period. A figure whose data are not kept yet stands here as unknown until its reading comes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from csdesk.models.vocabulary import N_, TicketState, Tier
from csdesk.services.core.collector import silenced
from csdesk.services.kpi import queries, renewing, requirements, retention, rules
from csdesk.services.kpi.book import Book, read_book
from csdesk.services.kpi.movements import Standing, standings
from csdesk.services.kpi.rules import Figure, Kind, Period, amount_text, twelve_months
from csdesk.services.kpi.scope import Scope
from csdesk.services.kpi.spells import SIGNED, Life
from csdesk.services.kpi.stages import GROUPS, Cut, Facts, grouped
from csdesk.services.kpi.ticket_facts import requirement_facts
from csdesk.services.tickets.rules import OVER

Maker = Callable[["Reading"], Figure]


@dataclass(frozen=True)
class Entry:
    """A figure of the glossary: its name and formula as msgids, its kind, and how it is made; None: not yet."""

    name: str
    kind: Kind
    formula: str = ""
    make: Maker | None = None
    less_is_better: bool = False


@dataclass
class Reading:
    """What the figures of one period are made from; what several of them need is read or computed once."""

    connection: Connection
    period: Period
    book: Book

    @property
    def accounts(self) -> Collection[int] | None:
        """The accounts in scope; None: all of them."""
        return self.book.names.keys() if self.book.scope else None

    @cached_property
    def rates(self) -> dict[str, Fraction]:
        """What currencies are worth on the period's last day."""
        return self.book.rates_on(self.period.end)

    @cached_property
    def standings(self) -> list[Standing]:
        """Where the accounts stood before the period and after it."""
        return standings(self.book, self.period)

    @cached_property
    def basis(self) -> retention.Basis:
        """How they count."""
        return retention.basis(self.standings)

    @cached_property
    def churn_of_twelve_months(self) -> Figure:
        """Logo churn of the twelve months that end with the period."""
        year = twelve_months(self.period.end)
        of = self.basis if year == self.period else retention.basis(standings(self.book, year))
        return retention.logo_churn(self.book, of)

    @cached_property
    def endings(self) -> renewing.Endings:
        """The terms that ended in the period."""
        ended = renewing.terms_ending(self.book.lives, self.period)
        bare = [term.id for _life, term in ended if not term.whole and not term.lines]
        signed = [term.id for _life, term in ended if term.outcome is SIGNED]
        of_itself = queries.renewed_by_themselves(self.connection, signed)
        return renewing.endings(ended, queries.one_off(self.connection, bare), self.rates, of_itself)

    @cached_property
    def lives(self) -> dict[int, Life]:
        """The lives by account."""
        return {life.account_id: life for life in self.book.lives}


def _execution(of: Reading) -> Figure:
    return rules.execution(queries.planned_visits(of.connection, of.period, of.accounts), of.period)


def _served(of: Reading) -> Figure:
    return rules.number("accounts_served", queries.accounts_served(of.connection, of.period, of.accounts))


def _collection(of: Reading) -> Figure:
    due, loose = queries.instalments(of.connection, of.book, of.period.end, of.period.start)
    return rules.collection(due, loose, of.period, of.rates, of.book.instalment_row)


def _collected(of: Reading) -> Figure:
    paid = queries.payments(of.connection, of.book, of.period)
    return rules.collected(paid, of.period, of.rates, of.book.payment_row)


def _success(of: Reading) -> Figure:
    return renewing.success_share(of.book, of.lives, queries.signed(of.connection, of.book, of.period), of.rates)


FIGURES: Mapping[str, Entry] = {
    "logo_churn_rate": Entry(
        N_("Logo churn rate"), Kind.RATE,
        N_("Of the accounts active on the day before: lost in these days ÷ all, those not decided yet apart"),
        lambda of: retention.logo_churn(of.book, of.basis), less_is_better=True,
    ),
    "gross_revenue_retention": Entry(
        N_("Gross revenue retention"), Kind.MONEY_RATE,
        N_("Of the accounts active on the day before: the smaller of their ARR then and on the last day ÷ ARR then;"
           " who was lost counts nothing"),
        lambda of: retention.gross_retention(of.book, of.basis),
    ),
    "net_revenue_retention": Entry(
        N_("Net revenue retention"), Kind.MONEY_RATE,
        N_("Gross revenue retention with what the same accounts grew by, agreed price rises apart"),
        lambda of: retention.net_retention(of.book, of.basis),
    ),
    "renewal_rate": Entry(
        N_("Renewal rate"), Kind.RATE,
        N_("Contracts that ended in these days and were renewed ÷ contracts that ended, those not decided yet apart"),
        lambda of: renewing.renewal_rate(of.book, of.endings),
    ),
    "renewal_rate_by_amount": Entry(
        N_("Renewal rate by amount"), Kind.MONEY_RATE,
        N_("Of the contracts that ended in these days: the smaller of the ARR that ended and the ARR that follows ÷"
           " the ARR that ended"),
        lambda of: renewing.renewal_rate_by_amount(of.book, of.endings),
    ),
    "save_rate": Entry(N_("Save rate"), Kind.RATE),
    "win_backs": Entry(
        N_("Win-backs"), Kind.COUNT,
        N_("Lost accounts with a new contract that starts in these days, after the days of grace"),
        lambda of: retention.win_backs(of.book, of.basis),
    ),
    "expansion": Entry(
        N_("Expansion"), Kind.MONEY,
        N_("ARR added on days of these, on accounts active the day before; agreed price rises apart"),
        lambda of: retention.expansion(of.book, of.standings, of.period, of.rates),
    ),
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
    "average_service_cost": Entry(N_("Average service cost"), Kind.MONEY_PER, less_is_better=True),
    "activation_rate": Entry(N_("Activation rate"), Kind.RATE),
    "seat_utilisation": Entry(N_("Seat utilisation"), Kind.RATE),
    "ltv": Entry(
        N_("Customer lifetime value"), Kind.MONEY_PER,
        N_("ARR per account on the last day × gross margin ÷ logo churn of the twelve months up to it"),
        lambda of: retention.lifetime_value(of.book, of.basis, of.churn_of_twelve_months),
    ),
    "ltv_cac": Entry(
        N_("LTV : CAC"), Kind.RATIO, N_("Customer lifetime value ÷ cost of winning one customer; healthy above 3"),
        lambda of: retention.value_to_cost(
            of.book, retention.lifetime_value(of.book, of.basis, of.churn_of_twelve_months)
        ),
    ),
    "first_year_ltv_cac": Entry(
        N_("First-year LTV : CAC"), Kind.RATIO,
        N_("Of the accounts whose first contract starts in these days: gross margin of their first twelve months ÷ cost of"
           " winning them; at least 1"),
        lambda of: renewing.first_year_value(of.book, of.standings, of.rates),
    ),
    "customer_success_revenue_share": Entry(
        N_("Revenue from customer success"), Kind.MONEY_RATE,
        N_("Renewed and expanded amounts signed in these days ÷ all amounts signed"), _success,
    ),
    "pareto_share": Entry(
        N_("Pareto share"), Kind.MONEY_RATE,
        N_("ARR of the largest 20 % of accounts, rounded up ÷ ARR of all, on the last day"),
        lambda of: retention.pareto(of.book, of.basis),
    ),
}  # fmt: skip
"""Every figure of the glossary, in its order."""


def figures(
    connection: Connection, period: Period, today: date, scope: Scope | None = None, book: Book | None = None
) -> dict[str, Figure]:
    """All of them, by key, as known today; each with its target where the period has one. ``book`` as read before.

    What all accounts together are to come to is no target of some of them.
    """
    found = {}
    with silenced():
        of = Reading(connection, period, book or read_book(connection, today, scope))
        wanted = queries.targets(connection, period)
        for key, entry in FIGURES.items():
            figure = entry.make(of) if entry.make else rules.unknown(key, entry.kind)
            if key in wanted and not (of.accounts is not None and key in queries.SUMMED):
                figure = replace(
                    figure, target=wanted[key] * (100 if entry.kind in (Kind.MONEY, Kind.MONEY_PER) else 1)
                )
            found[key] = figure
    return found


@dataclass(frozen=True)
class Comparison:
    """A figure now and in the days that it is compared with."""

    key: str
    now: Figure
    before: Figure
    period: Period
    """The days that it is compared with."""

    @property
    def is_new(self) -> bool:
        """From nothing to something: there is no percentage to name."""
        return bool(self.now.value) and self.before.value == 0

    @property
    def difference(self) -> Fraction | None:
        """Now less before: points of rates as a fraction, money in cents; None where one of them is not known."""
        if self.now.value is None or self.before.value is None or self.now.currency != self.before.currency:
            return None
        return Fraction(self.now.value) - Fraction(self.before.value)

    @property
    def change(self) -> Fraction | None:
        """The difference as a share of what was before; None where there is none, or nothing was before."""
        difference, before = self.difference, self.before.value
        if difference is None or not before:
            return Fraction(0) if difference == 0 else None
        return difference / Fraction(before)

    @property
    def is_better(self) -> bool | None:
        """Whether the change is for the better; None where nothing changed."""
        difference = self.difference
        return (difference < 0) == FIGURES[self.key].less_is_better if difference else None


def compare(
    connection: Connection, period: Period, today: date, scope: Scope | None = None, book: Book | None = None
) -> dict[str, Comparison]:
    """All figures beside those of the days before, by the rules of ``rules.days_before``; the terms are read once."""
    book = book or read_book(connection, today, scope)
    earlier = rules.days_before(period, today)
    now, before = (figures(connection, one, today, scope, book) for one in (period, earlier))
    return {key: Comparison(key, figure, before[key], earlier) for key, figure in now.items()}


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
