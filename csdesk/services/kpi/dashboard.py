"""What the dashboard shows of a period: every figure with the one before, and the charts that are looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.vocabulary import HOME_CURRENCY, PRODUCT_SEPARATOR, ServiceMode, Tier
from csdesk.services.accounts.queries import known_values
from csdesk.services.core.later import Later
from csdesk.services.core.money import anniversary
from csdesk.services.core.stored import many
from csdesk.services.core.texts import _
from csdesk.services.kpi import cohorts, series
from csdesk.services.kpi.book import Book
from csdesk.services.kpi.charts import CohortLine, EndingMonth, Part, TrendMonth
from csdesk.services.kpi.definitions import definition_changes
from csdesk.services.kpi.figures import FIGURES, Reading, compare
from csdesk.services.kpi.keeping import kept_book
from csdesk.services.kpi.movements import Bridge, bridge_of, standings
from csdesk.services.kpi.renewing import ended_terms, ending
from csdesk.services.kpi.rules import (
    PENDING,
    Figure,
    Kind,
    Period,
    Row,
    days_before,
    months_before,
    share,
    twelve_months,
    whole_months,
)
from csdesk.services.kpi.scope import ALL, Scope
from csdesk.services.kpi.spells import RENEWED, Outcome
from csdesk.services.tiers.queries import Pareto, pareto_of

TREND_MONTHS = ENDING_MONTHS = 12
SPARKS = 8
"""So many periods a small line shows, the shown one included."""


@dataclass(frozen=True)
class Wish:
    """What is to be shown. ``unit`` is how long a cohort is: "month", "quarter" or "year"."""

    period: Period
    scope: Scope = ALL
    charts: tuple[str, ...] = ()
    unit: str = "quarter"
    revenue: bool = False


@dataclass(frozen=True)
class Dashboard:
    """All of it, as known on a day. ``any``: whether there is a contract at all; charts that were not wished are empty."""

    wish: Wish
    before: Period
    any: bool
    figures: Mapping[str, Figure]
    earlier: Mapping[str, Figure]
    accounts: int
    options: Mapping[str, Sequence[tuple[str, str]]]
    trend: tuple[TrendMonth, ...] = ()
    bridge: Bridge | None = None
    opening_rows: Sequence[Row] = ()
    closing_rows: Sequence[Row] = ()
    cohorts: tuple[CohortLine, ...] = ()
    churn_reasons: tuple[Part, ...] = ()
    renewal_reasons: tuple[Part, ...] = ()
    ageing: tuple[Part, ...] = ()
    endings: tuple[EndingMonth, ...] = ()
    pareto: Pareto | None = None
    cohort_currency: str = ""
    """The currency of cohorts by ARR where there are others that cannot be added to it."""


def dashboard(connection: Connection, wish: Wish, today: date) -> Dashboard:
    """Everything that was wished, as known today; the terms are read once, and again when the store has changed."""
    book = kept_book(connection, today, wish.scope or None)
    compared = compare(connection, wish.period, today, wish.scope or None, book)
    last = min(wish.period.end, today).toordinal()
    view = Dashboard(
        wish,
        next(iter(compared.values())).period,
        connection.execute(select(Contract.id).where(Contract.deleted_at.is_(None)).limit(1)).first() is not None,
        {key: one.now for key, one in compared.items()},
        {key: one.before for key, one in compared.items()},
        sum(life.active_on(last) for life in book.lives),
        options(connection),
    )
    for key in wish.charts:
        view = replace(view, **MAKERS[key](connection, book, view))
    return view


def _bridge(_connection: Connection, book: Book, view: Dashboard) -> dict[str, Any]:
    period = view.wish.period
    found = standings(book, period)
    bridge = bridge_of(book, found, period)

    def rows(side: str) -> Later[Row]:
        return Later(
            lambda: sorted(
                (
                    book.row(one.life.account_id, 0, cents, bridge.currency)
                    for one in found
                    if (cents := getattr(one, side).get(bridge.currency))
                ),
                key=lambda row: (-(row.cents or 0), row.id),
            )
        )  # fmt: skip

    return {"bridge": bridge, "opening_rows": rows("opening"), "closing_rows": rows("closing")}


def _trend(connection: Connection, book: Book, view: Dashboard) -> dict[str, Any]:
    points = series.trend(connection, TREND_MONTHS, view.wish.period.end, book.today, book=book)
    changes = definition_changes(connection, points[0].period.start)
    months = []
    for point in points:
        gross, net = _at_home(point.gross).value, _at_home(point.net).value
        told = tuple(change.told() for change in changes if change.day in point.period)
        found = (point.logo_churn, point.gross, point.net)
        months.append(
            TrendMonth(
                point.period.start, point.logo_churn.numerator, int(point.logo_churn.denominator or 0),
                None if gross is None else Fraction(gross), None if net is None else Fraction(net), point.provisional, told,
                {figure.key: figure for figure in found},
            )
        )  # fmt: skip
    later = tuple(change.told() for change in changes if change.day > points[-1].period.end)
    return {"trend": (*months[:-1], replace(months[-1], changed_later=later))}


def _at_home(figure: Figure) -> Figure:
    """The part in the home currency, where there are several."""
    return figure.by_currency.get(HOME_CURRENCY, figure)


def _cohorts(connection: Connection, book: Book, view: Dashboard) -> dict[str, Any]:
    grid = cohorts.grid(connection, view.wish.unit, book.today, revenue=view.wish.revenue, book=book)
    lines = (
        CohortLine(
            one.start, cohort_name(one.start, grid.unit), len(one.accounts), tuple(cell.share for cell in one.cells)
        )
        for one in grid.cohorts
    )  # fmt: skip
    return {"cohorts": tuple(lines), "cohort_currency": grid.currency if grid.by_currency else ""}


def cohort_name(start: date, unit: str) -> str:
    """2026-04, 2026 Q2, 2026."""
    if unit == "month":
        return f"{start:%Y-%m}"
    return f"{start.year} Q{(start.month + 2) // 3}" if unit == "quarter" else f"{start.year}"


def cohort_rows(
    connection: Connection, wish: Wish, start: date, place: int, today: date
) -> tuple[str, dict[str, Figure]]:
    """A cell of the cohorts: its name, and who is left, who is not, and of whom nobody knows yet; of money what is left of
    what each paid on its first day."""
    book = kept_book(connection, today, wish.scope or None)
    grid = cohorts.grid(connection, wish.unit, today, revenue=wish.revenue, book=book)
    cohort = next(one for one in grid.cohorts if one.start == start)
    cell = cohort.cells[place]
    words = _("{cohort}, {day}").format(cohort=cohort_name(start, grid.unit), day=cell.day.isoformat())
    if grid.revenue:
        left, begun, waiting = cohorts.cell_money(book, cohort, cell, grid.currency)
        out = [(row, PENDING) for row in waiting]
        figure = Figure("rows", Kind.MONEY_RATE, cell.left, cell.base, left, begun, out, currency=grid.currency)
        return words, {"rows": figure}
    left, gone, unknown = cohorts.cell_rows(book, cohort, cell)
    out = [(row, PENDING) for row in unknown]
    return words, {"rows": share("rows", left, [*left, *gone], out)}


def _year(view: Dashboard) -> Period:
    return twelve_months(view.wish.period.end)


def _churn_reasons(connection: Connection, book: Book, view: Dashboard) -> dict[str, Any]:
    return {"churn_reasons": _reasons(series.reasons_of_churn(connection, _year(view), book.today, book=book))}


def _renewal_reasons(connection: Connection, book: Book, view: Dashboard) -> dict[str, Any]:
    return {"renewal_reasons": _reasons(series.reasons_of_renewal(connection, _year(view), book.today, book=book))}


def _reasons(lines: Sequence[series.ReasonLine]) -> tuple[Part, ...]:
    """A bar a reason; what is not in the home currency has one of its own."""
    return tuple(
        Part(f"{line.cause or ''}:{line.currency}", _in_currency(_(line.label), line.currency), line.count, line.cents,
             line.rows, line.currency)
        for line in sorted(lines, key=lambda line: (line.currency != HOME_CURRENCY, -line.count, -line.cents))
    )  # fmt: skip


def _in_currency(name: str, currency: str) -> str:
    return name if currency == HOME_CURRENCY else f"{name} ({currency})"


def _ageing(connection: Connection, book: Book, view: Dashboard) -> dict[str, Any]:
    found = series.ageing(connection, book.today, book=book)
    return {
        "ageing": tuple(
            Part(f"{one.least}:{one.currency}", _in_currency(_age_name(one), one.currency), len(one.rows), one.cents, one.rows,
                 one.currency)
            for one in found
        )
    }  # fmt: skip


def _age_name(bucket: series.AgeBucket) -> str:
    if bucket.least is None:
        return _("Not due yet")
    if bucket.most is None:
        return _("{n} days and more").format(n=bucket.least)
    return _("{least} to {most} days").format(least=bucket.least, most=bucket.most)


def _endings(connection: Connection, book: Book, view: Dashboard) -> dict[str, Any]:
    """Twelve months from the shown one on: what ends in each, and what is expected of it."""
    if view.endings:
        return {}
    first = view.wish.period.end.replace(day=1)
    months = series.months_to(ENDING_MONTHS, anniversary(first, ENDING_MONTHS - 1))
    expected = series.forecast(connection, months, book.today, book=book)
    return {"endings": tuple(_ending_month(book, month) for month in expected)}


def _ending_month(book: Book, month: series.ForecastMonth) -> EndingMonth:
    """What ends in a month; a contract without recurring lines has nothing that could end."""
    sums = {"renewed": 0, "open": 0, "lost": 0}
    rows = []
    rates = book.rates_on(book.today)
    for life, term in ended_terms(book.lives, month.period):
        if not (term.whole or term.lines):
            continue
        one = ending(life, term, rates)
        rows.append(
            book.contract_row("contracts", term.id, term.id, date.fromordinal(term.end), one.target, one.currency)
        )
        if one.currency == HOME_CURRENCY:
            known = "open" if term.outcome is Outcome.PENDING else "renewed" if term.outcome in RENEWED else "lost"
            sums[known] += one.target
    ends = sum(sums.values())
    return EndingMonth(month.period.start, ends, **sums, wanted=month.target, forecast=month.forecast, count=len(rows),
                       rows=tuple(rows), others=sum(row.currency != HOME_CURRENCY for row in rows),
                       wanted_rows=month.wanted, forecast_rows=month.expected)  # fmt: skip


def _pareto(connection: Connection, _book: Book, view: Dashboard) -> dict[str, Any]:
    """What the Pareto share is made of: the same days, the same accounts."""
    share_of = _at_home(view.figures["pareto_share"])
    held = sorted(share_of.base, key=lambda row: (-(row.cents or 0), row.id))
    table = Account.__table__.c
    asked = select(table.id, table.tier).where(table.id.in_(many({row.id for row in held})))
    tiers = {row.id: row.tier for row in connection.execute(asked)}
    found = pareto_of(connection, [(row.id, row.account, tiers[row.id], row.cents or 0) for row in held])
    return {"pareto": replace(found, currency=share_of.currency)}


MAKERS: Mapping[str, Callable[[Connection, Book, Dashboard], dict[str, Any]]] = {
    "trend": _trend,
    "bridge": _bridge,
    "cohorts": _cohorts,
    "churn_reasons": _churn_reasons,
    "calendar": _endings,
    "forecast": _endings,
    "ageing": _ageing,
    "renewal_reasons": _renewal_reasons,
    "pareto": _pareto,
}
"""By chart: what it adds to the dashboard."""


def options(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    """By part of a scope: the values in use with their names."""
    products = connection.execute(
        select(ContractLine.products).where(ContractLine.deleted_at.is_(None), ContractLine.products != "").distinct()
    )
    names = sorted({name.strip() for (line,) in products for name in line.split(PRODUCT_SEPARATOR) if name.strip()})
    found = {
        "tiers": [(tier.value, tier.value) for tier in Tier] + [("", "")],
        **{
            part: [(value, value) for value in known_values(connection, column)]
            for part, column in (("industries", "industry"), ("cities", "city"))
        },
        "products": [(name, name) for name in names],
        "sales_owners": [(value, value) for value in known_values(connection, "sales_owner")],
        "service_modes": [(mode.value, _(mode.label)) for mode in ServiceMode],
    }
    return {part: values for part, values in found.items() if values}


def sparks(connection: Connection, wish: Wish, keys: Sequence[str], today: date) -> dict[str, tuple[float | None, ...]]:
    """By figure: its value in the periods up to the shown one, the oldest first; None where there was nothing."""
    book = kept_book(connection, today, wish.scope or None)
    periods = [wish.period]
    months = whole_months(wish.period)
    while len(periods) < SPARKS:
        start = periods[-1].start
        before = (
            Period(months_before(start, months), start - timedelta(1)) if months else days_before(periods[-1], today)
        )
        periods.append(before)
    found: dict[str, list[float | None]] = {key: [] for key in keys if FIGURES[key].make is not None}
    for period in reversed(periods):
        reading = Reading(connection, period, book)
        for key, values in found.items():
            make = FIGURES[key].make
            values.append(_number(make(reading)) if make is not None else None)
    return {key: tuple(values) for key, values in found.items()}


def _number(figure: Figure) -> float | None:
    value = figure.main().value
    return None if value is None else float(value)
