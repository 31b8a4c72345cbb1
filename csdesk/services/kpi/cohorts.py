"""Cohorts: accounts by the month, quarter or year of their first contract, and what is left of them later.

A cell is the share of the *original* cohort, never of the column before it: a logo grid falls and rises by those who are won
back alone, a revenue grid may pass 100 %. Accounts that nobody knows of yet are in neither side of a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, count, pairwise

from sqlalchemy import Connection

from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core.money import anniversary
from csdesk.services.kpi.book import Book, read_book
from csdesk.services.kpi.movements import converted
from csdesk.services.kpi.rules import Row
from csdesk.services.kpi.scope import Scope
from csdesk.services.kpi.spells import Life

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Cell:
    """A cohort on the last day of a month, quarter or year, today at the latest; counts, or cents of ARR.

    ``provisional``: the grace of what ended up to that day is not over.
    """

    day: date
    left: int
    base: int
    pending: int = 0
    provisional: bool = False

    @property
    def share(self) -> Fraction | None:
        """What is left of the original cohort; None where there is nothing to measure."""
        return Fraction(self.left, self.base) if self.base else None


@dataclass(frozen=True)
class Cohort:
    """The accounts whose first contract starts in the unit that begins on ``start``."""

    start: date
    accounts: tuple[int, ...]
    size: int
    """Accounts, or cents of ARR on each account's first day."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """All cohorts, the oldest first; the first cell of each is the end of its own unit."""

    unit: str
    revenue: bool
    currency: str
    cohorts: tuple[Cohort, ...]
    by_currency: Mapping[str, Grid] = field(default_factory=dict)
    """Of revenue: one a currency where there are several that cannot be added up."""


def unit_start(day: date, unit: str) -> date:
    """The first day of the month, quarter or year of a day. KeyError for another unit."""
    months = MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def unit_ends(first: date, today: date, unit: str) -> list[date]:
    """The last days of the units from that of ``first`` to that of today, the last one today itself."""
    ends, start = [], unit_start(first, unit)
    while start <= today:
        start = anniversary(start, MONTHS[unit])
        ends.append(min(start - timedelta(1), today))
    return ends


def grid(
    connection: Connection,
    unit: str,
    today: date,
    scope: Scope | None = None,
    revenue: bool = False,
    book: Book | None = None,
) -> Grid:
    """The grid as known today. ``unit`` is month, quarter or year; KeyError for another."""
    book = book or read_book(connection, today, scope)
    lives = [life for life in book.lives if life.spells and life.first_on <= today.toordinal()]
    if not revenue:
        return _grid(book, lives, unit, "")
    rates = book.rates_on(today)
    currencies = {stretch[4] for life in lives for stretch in life.stretches}
    if rates:
        currencies = {HOME_CURRENCY if one in rates else one for one in currencies}
    parts = {currency: _grid(book, lives, unit, currency) for currency in sorted(currencies or {HOME_CURRENCY})}
    main = parts.get(HOME_CURRENCY) or next(iter(parts.values()))
    return main if len(parts) == 1 else Grid(unit, True, main.currency, main.cohorts, parts)


def _grid(book: Book, lives: Sequence[Life], unit: str, currency: str) -> Grid:
    """``currency`` empty: counts."""
    if not lives:
        return Grid(unit, bool(currency), currency or HOME_CURRENCY, ())
    first = min(life.first_on for life in lives)
    today = book.today.toordinal()
    ends = unit_ends(date.fromordinal(first), book.today, unit)
    days = [end.toordinal() for end in ends]
    size = len(days)
    at = [place for place, since, day in zip(count(), (first - 1, *days), days) for _day in range(since, day)]
    """By days since the first one: the place of the first end that is not before it."""
    members: list[list[int]] = [[] for _end in days]
    whole = [0] * size
    left = [[0] * (size + 1) for _end in days]
    base = [[0] * (size + 1) for _end in days]
    waiting = [[0] * (size + 1) for _end in days]
    rates = book.rates_on(book.today)
    for life in lives:
        joined = life.first_on
        own = at[joined - first]
        row, begun, pays, unknown = left[own], 0, False, life.pending
        runs = _runs(life, currency, rates)
        for start, end, cents in _known(runs, unknown) if unknown else runs:
            pays = True
            if start == joined:
                begun += cents
            if start > today:
                continue
            row[at[start - first]] += cents
            row[at[end + 1 - first] if end < today else size] -= cents
        if currency and not pays:
            continue
        members[own].append(life.account_id)
        whole[own] += begun
        base[own][own] += begun
        if unknown and unknown[0] <= today:
            since, until = at[unknown[0] - first], at[unknown[1] + 1 - first] if unknown[1] < today else size
            if since < until:
                _add(base[own], since, until, -begun)
                _add(waiting[own], since, until, 1)
    cohorts = []
    for own, accounts in enumerate(members):
        if not accounts:
            continue
        rows = [list(accumulate(row[:size])) for row in (left[own], base[own], waiting[own])]
        cells = tuple(
            Cell(ends[at], rows[0][at], rows[1][at], rows[2][at], days[at] + book.grace >= book.today.toordinal())
            for at in range(own, size)
        )
        cohorts.append(Cohort(unit_start(ends[own], unit), tuple(accounts), whole[own], cells))
    return Grid(unit, bool(currency), currency or HOME_CURRENCY, tuple(cohorts))


def _add(row: list[int], since: int, until: int, amount: int) -> None:
    row[since] += amount
    row[until] -= amount


def _known(runs: Iterable[tuple[int, int, int]], unknown: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
    """The same without the days on which nobody knows of the account."""
    for start, end, cents in runs:
        if start < unknown[0]:
            yield start, min(end, unknown[0] - 1), cents
        if end > unknown[1]:
            yield max(start, unknown[1] + 1), end, cents


def _runs(life: Life, currency: str, rates: Mapping[str, Fraction]) -> Iterable[tuple[int, int, int]]:
    """Its spells as ones, or its ARR in a currency: what is converted is rounded as a whole, as in the figures."""
    if not currency:
        return [(start, end, 1) for start, end in life.spells]
    if not rates or all(stretch[4] == HOME_CURRENCY for stretch in life.stretches):
        return [(start, end, cents) for start, end, cents, _rise, own in life.stretches if own == currency]
    days = sorted({day for start, end, *_rest in life.stretches for day in (start, end + 1)})
    steps = (
        (start, after - 1, converted(life.arr_on(start), rates).get(currency, 0)) for start, after in pairwise(days)
    )
    return [step for step in steps if step[2]]


def cell_money(book: Book, cohort: Cohort, cell: Cell, currency: str) -> tuple[list[Row], list[Row], list[Row]]:
    """What the accounts of a cohort pay on a cell's day, what they paid on their first one, and the latter of those that
    nobody knows of yet, which stands in neither."""
    day, wanted, rates = cell.day.toordinal(), set(cohort.accounts), book.rates_on(book.today)
    left: list[Row] = []
    begun: list[Row] = []
    unknown: list[Row] = []
    for life in book.lives:
        if life.account_id not in wanted:
            continue
        runs = list(_runs(life, currency, rates))
        now = sum(cents for start, end, cents in runs if start <= day <= end)
        first = sum(cents for start, _end, cents in runs if start == life.first_on)
        at_first = book.row(life.account_id, life.first_on, first, currency)
        if life.pending_on(day):
            unknown.append(at_first)
            continue
        begun.append(at_first)
        if now:
            left.append(book.row(life.account_id, day, now, currency))
    return left, begun, unknown


def cell_rows(book: Book, cohort: Cohort, cell: Cell) -> tuple[list[Row], list[Row], list[Row]]:
    """The accounts of a cohort that are left on a cell's day, those that are not, those that nobody knows of yet."""
    day = cell.day.toordinal()
    wanted = set(cohort.accounts)
    left: list[Row] = []
    gone: list[Row] = []
    unknown: list[Row] = []
    for life in book.lives:
        if life.account_id in wanted:
            amounts = life.arr_on(day)
            currency = next(iter(amounts), HOME_CURRENCY)
            row = book.row(life.account_id, life.first_on, amounts.get(currency), currency)
            (unknown if life.pending_on(day) else left if life.active_on(day) else gone).append(row)
    return left, gone, unknown
