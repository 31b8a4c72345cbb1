"""Every figure against a slow recomputation from the exported document alone, on portfolios of any shape."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection

from csdesk.services.archive.queries import archive
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi import cohorts, series
from csdesk.services.kpi.book import Book, read_book
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.movements import Bridge, bridge
from csdesk.services.kpi.renewing import ending
from csdesk.services.kpi.rules import Figure, Kind, Period
from csdesk.services.kpi.scope import Scope
from tests.services.kpi.oracle import within
from tests.services.kpi.oracle_charts import Charts
from tests.services.kpi.portfolios import write
from tests.services.kpi.questions import Question, questions

Told = dict[str, Any]


@command("Measured")
def measure(uow: UnitOfWork, asked: Question) -> tuple[Told, Told]:
    """What we tell of a portfolio, and what the oracle tells."""
    write(uow, asked.portfolio)
    document = json.loads(json.dumps(archive(uow.connection, datetime(2026, 11, 23, tzinfo=UTC))))
    oracle = Charts(within(document, **asked.scope), *asked.period, asked.today)
    book = read_book(uow.connection, asked.today, Scope(**asked.scope) if asked.scope else None)
    found, expected = ours(uow.connection, book, Period(*asked.period), asked.unit), theirs(oracle, asked.unit)
    return found | {"stood": stood(book, expected["stood"])}, expected


def ours(connection: Connection, book: Book, period: Period, unit: str) -> Told:
    found = figures(connection, period, book.today, book=book)
    for figure in found.values():
        ties(figure)
    bars, moved, carried = bars_of(bridge(connection, period, book.today, book=book))
    return {
        "figures": {key: figure.as_json() for key, figure in found.items()},
        "behind": behind(found),
        "bridge": bars,
        "moved": moved,
        "carried": carried,
        "became": became(book),
        "cohorts": cells(connection, book, unit),
        "calendar": [
            (one.period.start.isoformat(), one.cents, len(one.rows), one.undecided)
            for one in series.renewal_calendar(connection, period, book.today, book=book)
        ],
        "reasons": {
            name: sorted((row.id, row.cents, row.currency) for line in lines for row in line.rows)
            for name, lines in (
                ("churned", series.reasons_of_churn(connection, period, book.today, book=book)),
                ("renewed", series.reasons_of_renewal(connection, period, book.today, book=book)),
            )
        },
        "expected": [
            (one.target, one.final, one.others, sorted(row.id for row in one.rows))
            for one in series.forecast(connection, [period], book.today, book=book)
        ],
        "open": open_by_age(connection, book),
    }


def theirs(oracle: Charts, unit: str) -> Told:
    return {
        "figures": oracle.figures(),
        "behind": oracle.behind(),
        "bridge": oracle.movements(),
        "moved": oracle.moved(),
        "carried": oracle.carried(),
        "became": oracle.became(),
        "stood": oracle.stood(),
        "cohorts": oracle.cohorts(unit),
        "calendar": oracle.calendar(),
        "reasons": oracle.reasons(),
        "expected": [oracle.expected()],
        "open": oracle.open_by_age(),
    }


def ties(figure: Figure) -> None:
    """The rows behind a figure come to what it says, in its own currency."""
    for currency, part in figure.by_currency.items():
        assert part.currency == currency
        ties(part)
    counted, base = figure.counted, figure.base
    if figure.by_currency or not figure.known or figure.missing:
        return
    if figure.kind in (Kind.RATE, Kind.COUNT):
        assert figure.numerator == len(counted)
        assert figure.kind is Kind.COUNT or figure.denominator == len(base)
    elif figure.kind in (Kind.MONEY_RATE, Kind.MONEY) and figure.value is not None:
        assert {row.currency for row in (*counted, *base)} <= {figure.currency}
        assert figure.numerator == sum(row.cents or 0 for row in counted)
        assert figure.kind is Kind.MONEY or figure.denominator == sum(row.cents or 0 for row in base)


def behind(found: dict[str, Figure]) -> Told:
    churn, renewal = found["logo_churn_rate"], found["renewal_rate"]
    return {
        "lost": dated(churn.counted),
        "base": ids(churn.base),
        "waiting": dated([row for row, _why in churn.left_out]),
        "back": dated(found["win_backs"].counted),
        "renewed": ids(renewal.counted),
        "decided": ids(renewal.base),
        "undecided": ids([row for row, _why in renewal.left_out]),
        "not compared": ids([row for row, _why in found["renewal_rate_by_amount"].left_out]),
        "undated": ids([row for row, _why in found["amount_collected"].left_out]),
    }


def ids(rows: Any) -> list[int]:
    return sorted(row.id for row in rows)


def dated(rows: Any) -> list[tuple[int, str]]:
    return sorted((row.id, row.day.isoformat()) for row in rows)


def bars_of(built: Bridge) -> tuple[Told, list[Any], Told]:
    """Each currency's bridge by name, what each account moved, and what waits; it ties out, or this fails."""
    parts = built.by_currency or {built.currency: built}
    told, moved, carried = {}, [], {}
    for currency, part in parts.items():
        assert part.opening + part.moved == part.closing
        assert all(bar.cents == sum(row.cents for row in bar.rows) for bar in part.bars)
        told[currency] = {
            "opening": part.opening, "closing": part.closing,
            **{bar.move.value: bar.cents for bar in part.bars if bar.cents},
        }  # fmt: skip
        if part.pending:
            carried[currency] = (part.pending, part.carried)
        moved += [(row.id, bar.move.value, row.cents, row.currency, row.day) for bar in part.bars for row in bar.rows]
    return told, sorted((*one[:4], one[4].isoformat()) for one in moved), carried


def became(book: Book) -> Told:
    rates = book.rates_on(book.today)
    ended = [ending(life, term, rates) for life in book.lives for term in life.terms]
    return {one.term.id: (one.term.outcome.value, one.target, one.final, one.currency) for one in ended}


def stood(book: Book, asked: Told) -> Told:
    """How accounts stood on the days of the oracle; one without a term in its days never was a customer."""
    lives = {life.account_id: life for life in book.lives}
    never = (False, False, {})
    found = {}
    for account, days in asked.items():
        life = lives.get(account)
        found[account] = [
            (day, *((life.active_on(on), life.pending_on(on), life.arr_on(on)) if life else never))
            for day, on in ((day, date.fromisoformat(day).toordinal()) for day, *_rest in days)
        ]
    return found


def cells(connection: Connection, book: Book, unit: str) -> list[tuple[Any, ...]]:
    found = []
    for revenue in (False, True):
        whole = cohorts.grid(connection, unit, book.today, revenue=revenue, book=book)
        for currency, part in (whole.by_currency or {whole.currency: whole}).items():
            for cohort in part.cohorts:
                members = tuple(sorted(cohort.accounts))
                for cell in cohort.cells:
                    if not revenue:
                        left, gone, unknown = cohorts.cell_rows(book, cohort, cell)
                        assert (len(left), len(left) + len(gone), len(unknown)) == (cell.left, cell.base, cell.pending)
                    found.append(
                        (currency if revenue else "", cohort.start.isoformat(), members, cohort.size, cell.day.isoformat(),
                         cell.left, cell.base, cell.pending, cell.provisional)
                    )  # fmt: skip
    return sorted(found)


def open_by_age(connection: Connection, book: Book) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for bucket in series.ageing(connection, book.today, book=book):
        assert bucket.cents == sum(row.cents or 0 for row in bucket.rows)
        found.setdefault(bucket.currency, []).append(bucket.cents)
    return found


@pytest.mark.parametrize("_round", range(50))
@given(asked=questions())
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_every_figure_agrees_with_the_slow_recomputation(desk: Desk, _round: int, asked: Question) -> None:
    """In many short rounds: in a long one hypothesis varies what it has drawn, and most portfolios are the same few."""
    found, expected = desk.rehearse(measure, asked)
    for key, told in expected.items():
        assert {name: found[key][name] for name in told} == told if key == "figures" else found[key] == told, key
