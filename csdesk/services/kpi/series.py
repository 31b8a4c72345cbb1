"""Figures over time and in groups, for charts: the churn trend, reasons, the forecast, the renewal calendar, ageing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from csdesk.models.vocabulary import HOME_CURRENCY, N_, RenewalCause, RenewalState
from csdesk.services.core.money import anniversary
from csdesk.services.kpi import queries, retention
from csdesk.services.kpi.book import Book, read_book
from csdesk.services.kpi.movements import Rates, converted, standings
from csdesk.services.kpi.renewing import ended_terms, ending
from csdesk.services.kpi.rules import Figure, Period, Row, in_home, still_open
from csdesk.services.kpi.scope import Scope
from csdesk.services.kpi.spells import RENEWED, Life, Outcome, Term
from csdesk.services.renewals.rules import Expected, foresee, spread, weights_of


@dataclass(frozen=True)
class TrendPoint:
    """A month of the churn trend; ``provisional``: the grace of what ended in it is not over."""

    period: Period
    logo_churn: Figure
    gross: Figure
    net: Figure
    provisional: bool


def months_to(count: int, last_month_end: date) -> list[Period]:
    """So many months, the last one that of the day."""
    first = last_month_end.replace(day=1)
    starts = [anniversary(first, at) for at in range(1 - count, 1)]
    return [Period(start, anniversary(start, 1) - timedelta(1)) for start in starts]


def trend(
    connection: Connection,
    months: int,
    last_month_end: date,
    today: date,
    scope: Scope | None = None,
    book: Book | None = None,
) -> tuple[TrendPoint, ...]:
    """Logo churn, gross and net revenue retention of each of the last months; provisional while the month's last day and
    the grace have not passed."""
    book = book or read_book(connection, today, scope)
    points = []
    for period in months_to(months, last_month_end):
        of = retention.basis(standings(book, period))
        points.append(
            TrendPoint(
                period, retention.logo_churn(book, of), retention.gross_retention(book, of),
                retention.net_retention(book, of), period.end + timedelta(book.grace) >= today,
            )
        )  # fmt: skip
    return tuple(points)


NO_REASON = N_("No reason noted")


@dataclass(frozen=True)
class ReasonLine:
    """One reason, how often it was given, the ARR behind it in cents of a currency, and the rows."""

    cause: str | None
    label: str
    """A msgid."""
    currency: str
    cents: int
    rows: tuple[Row, ...]

    @property
    def count(self) -> int:
        """How often."""
        return len(self.rows)


def reasons_of_churn(
    connection: Connection, period: Period, today: date, scope: Scope | None = None, book: Book | None = None
) -> tuple[ReasonLine, ...]:
    """Why accounts were lost in the period, every time they were; the most money first. A line a currency."""
    book = book or read_book(connection, today, scope)
    rates = book.rates_on(period.end)
    ended: list[tuple[Term, int, dict[str, int]]] = []
    first, last = period.start.toordinal(), period.end.toordinal()
    for life in book.lives:
        for _start, end in life.spells:
            if first <= end + 1 <= last:
                term = _ended_with(life, end)
                if term is not None:
                    ended.append((term, end + 1, converted(life.arr_on(end), rates)))
    return _reasons(connection, book, ended)


def _ended_with(life: Life, day: int) -> Term | None:
    """The term that says why an account was lost after a day."""
    return max(
        (term for term in life.terms if term.until == day >= term.start),
        key=lambda term: (term.outcome is Outcome.CHURNED, term.arr_on(term.end), term.id),
        default=None,
    )


def reasons_of_renewal(
    connection: Connection, period: Period, today: date, scope: Scope | None = None, book: Book | None = None
) -> tuple[ReasonLine, ...]:
    """Why contracts that ended in the period were renewed, with the ARR that ended."""
    book = book or read_book(connection, today, scope)
    rates = book.rates_on(period.end)
    renewed = [
        (term, term.end, converted({term.currency: term.arr_on(term.end)}, rates))
        for _life, term in ended_terms(book.lives, period)
        if term.outcome in RENEWED
    ]
    return _reasons(connection, book, renewed)


def _reasons(
    connection: Connection, book: Book, ended: Sequence[tuple[Term, int, Mapping[str, int]]]
) -> tuple[ReasonLine, ...]:
    causes = queries.causes(connection, [term.id for term, _day, _cents in ended])
    groups: dict[tuple[str | None, str], list[Row]] = {}
    for term, day, amounts in ended:
        cause, words = causes.get(term.id, (None, ""))
        for currency, cents in (amounts or {HOME_CURRENCY: 0}).items():
            row = book.contract_row("contracts", term.id, term.id, date.fromordinal(day), cents, currency)
            row = row._replace(words=words)
            groups.setdefault((cause, currency), []).append(row)
    lines = [
        ReasonLine(cause, _label(cause), currency, sum(row.cents or 0 for row in rows), tuple(rows))
        for (cause, currency), rows in groups.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.cents, -line.count, line.cause or "~")))


def _label(cause: str | None) -> str:
    return RenewalCause(cause).label if cause in set(RenewalCause) else NO_REASON


@dataclass(frozen=True)
class ForecastMonth:
    """What ends in a month, in cents of the home currency: what was to come of it, what is expected by the weights of the
    categories, what has come."""

    period: Period
    target: int
    forecast: int
    final: int
    rows: tuple[Row, ...]
    """The contracts that are still open."""
    others: int = 0
    """Contracts in a currency without a rate: not in the sums."""
    wanted: tuple[Row, ...] = ()
    """Every contract in the sums with its part of the target."""
    expected: tuple[Row, ...] = ()
    """The same with their parts of the forecast."""


def forecast(
    connection: Connection, months: Sequence[Period], today: date, scope: Scope | None = None, book: Book | None = None
) -> tuple[ForecastMonth, ...]:
    """Target, weighted forecast and final ARR of the contracts that end in each month.

    The target is what was entered, else the ARR that ends. An open contract is expected as the renewals slice foresees it,
    weighted; a renewed one at what follows, a lost one at nothing.
    """
    book = book or read_book(connection, today, scope)
    weights = weights_of(book.settings)
    found = []
    for period in months:
        rates = book.rates_on(today)
        ended = ended_terms(book.lives, period)
        said = queries.expectations(connection, [term.id for _life, term in ended])
        target = final = others = 0
        rows, waiting, parts = [], [], []
        base: list[Row] = []
        came: list[int] = []
        for one in (ending(life, term, rates) for life, term in ended):
            if one.currency != HOME_CURRENCY:
                others += 1
                continue
            wish, hope, category = said.get(one.term.id, (None, None, None))
            wanted = one.target if wish is None else _home(wish, one.term.currency, rates)
            target += wanted
            ends = date.fromordinal(one.term.end)
            base.append(book.contract_row("contracts", one.term.id, one.term.id, ends, wanted, HOME_CURRENCY))
            came.append(0)
            parts.append(0)
            if one.term.outcome is Outcome.PENDING:
                waiting.append(
                    Expected(category, wanted, None if hope is None else _home(hope, one.term.currency, rates))
                )
                parts[-1] = waiting[-1].amount * weights.of(category)
                rows.append(book.row(one.term.account_id, one.term.end, wanted))
            elif one.term.outcome in RENEWED:
                came[-1] = one.final or 0
                final += came[-1]
        weighted = foresee(waiting, weights).weighted
        shares = spread(weighted, parts) if weighted else parts
        hoped = (row._replace(cents=own + share) for row, own, share in zip(base, came, shares, strict=True))
        found.append(
            ForecastMonth(period, target, weighted + final, final, tuple(rows), others, tuple(base), tuple(hoped))
        )
    return tuple(found)


def _home(cents: int, currency: str, rates: Rates) -> int:
    return in_home(cents, currency, rates)[1]


@dataclass(frozen=True)
class CalendarDay:
    """What ends on a day or in a week, ARR in cents of the home currency (others counted apart), and how many are open."""

    period: Period
    cents: int
    rows: tuple[Row, ...]
    undecided: int
    others: int = 0


def renewal_calendar(
    connection: Connection,
    period: Period,
    today: date,
    scope: Scope | None = None,
    by_week: bool = False,
    book: Book | None = None,
) -> tuple[CalendarDay, ...]:
    """The days (or weeks from Monday) of a period on which contracts end."""
    book = book or read_book(connection, today, scope)
    rates = book.rates_on(today)
    groups: dict[date, list[Term]] = {}
    for _life, term in ended_terms(book.lives, period):
        day = date.fromordinal(term.end)
        groups.setdefault(day - timedelta(day.weekday()) if by_week else day, []).append(term)
    found = []
    for day, terms in sorted(groups.items()):
        cents = others = 0
        rows = []
        for term in terms:
            own = converted({term.currency: term.arr_on(term.end)}, rates)
            currency, amount = next(iter(own.items()))
            cents, others = (cents + amount, others) if currency == HOME_CURRENCY else (cents, others + 1)
            rows.append(book.row(term.account_id, term.end, amount, currency))
        undecided = sum(1 for term in terms if term.outcome is Outcome.PENDING and term.state == RenewalState.OPEN)
        last = day + timedelta(6) if by_week else day
        found.append(CalendarDay(Period(day, last), cents, tuple(rows), undecided, others))
    return tuple(found)


AGES = ((None, 0), (1, 30), (31, 60), (61, 90), (91, None))
"""Days past the due day, from and to; the first bucket is what is not due yet."""


@dataclass(frozen=True)
class AgeBucket:
    """Open money by how long it has been due, in cents of a currency."""

    least: int | None
    most: int | None
    currency: str
    cents: int
    rows: tuple[Row, ...]


def ageing(
    connection: Connection, today: date, scope: Scope | None = None, book: Book | None = None
) -> tuple[AgeBucket, ...]:
    """What is open of every instalment today, by the days since it was due; without a due day it is not due yet.

    One set of buckets a currency, the home currency first; with a rate all stand in the home currency.
    """
    book = book or read_book(connection, today, scope)
    rates = book.rates_on(today)
    due, loose = queries.instalments(connection, book, today)
    rows = [
        book.instalment_row(one, cents, currency)
        for one, left in still_open(due, loose, today)
        for currency, cents in (in_home(left, one.currency, rates),)
    ]
    return buckets(rows, today)


def buckets(rows: Sequence[Row], today: date) -> tuple[AgeBucket, ...]:
    """Rows with what is open of them, by age."""
    currencies = sorted({row.currency for row in rows} | {HOME_CURRENCY}, key=lambda one: (one != HOME_CURRENCY, one))
    found = []
    for currency in currencies:
        for least, most in AGES:
            own = tuple(row for row in rows if row.currency == currency and _aged(row, today, least, most))
            found.append(AgeBucket(least, most, currency, sum(row.cents or 0 for row in own), own))
    return tuple(found)


def _aged(row: Row, today: date, least: int | None, most: int | None) -> bool:
    days = 0 if row.day is None else (today - row.day).days
    return (least is None or days >= least) and (most is None or days <= most)
