"""The formulas of the figures: rows in; a value with its numerator, its denominator and what was left out comes back. Pure.

A figure with nothing in its denominator is None, not 0. Rates are exact fractions; amounts are cents and are never added
up over currencies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from csdesk.models.vocabulary import HOME_CURRENCY, N_
from csdesk.services.core.later import Later
from csdesk.services.core.money import anniversary

T = TypeVar("T")


@dataclass(frozen=True)
class Period:
    """From its first day to its last, both included."""

    start: date
    end: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.end


def twelve_months(end: date) -> Period:
    """The twelve months that end with a day."""
    return Period(months_before(end + timedelta(1), 12), end)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; a day that the month lacks is the first of the next."""
    return anniversary(day, -months)


def whole_months(period: Period) -> int:
    """How many months it is made of, 0 where it is not made of whole ones."""
    after = period.end + timedelta(1)
    if period.start.day != 1 or after.day != 1:
        return 0
    return (after.year - period.start.year) * 12 + after.month - period.start.month


def days_before(period: Period, today: date) -> Period:
    """What a period is compared with: whole months, quarters and years with the one before; running and free ones with as
    many days before them, of a running one as many as have passed."""
    eve = period.start - timedelta(1)
    months = whole_months(period)
    if months and not period.start <= today < period.end:
        return Period(months_before(period.start, months), eve)
    last = today if period.start <= today < period.end else period.end
    return Period(period.start - (last + timedelta(1) - period.start), eve)


class Kind(StrEnum):
    """What a figure's value is: a share of rows, a share of money, a number of rows, money, days that something took, a
    number for each working day, money for each of something, how many times one amount of money is another."""

    RATE = "rate"
    MONEY_RATE = "money_rate"
    COUNT = "count"
    MONEY = "money"
    DAYS = "days"
    PER_DAY = "per_day"
    MONEY_PER = "money_per"
    RATIO = "ratio"


class Row(NamedTuple):
    """One row behind a figure: what it is, whose, its day, and its share of the money in cents, or the days it took."""

    entity: str
    id: int
    account_id: int
    account: str
    day: date | None = None
    words: str = ""
    cents: int | None = None
    currency: str = HOME_CURRENCY
    days: int | None = None


@dataclass(frozen=True)
class Figure:
    """A figure with the rows of its numerator, of its denominator, and those left out, each with the reason (a msgid).

    ``beside`` counts what stands apart from it. ``numerator`` and ``denominator`` are cents where it is about money.
    """

    key: str
    kind: Kind
    numerator: int = 0
    denominator: int | None = 0
    counted: Sequence[Row] = ()
    base: Sequence[Row] = ()
    left_out: Sequence[tuple[Row, str]] = ()
    beside: Mapping[str, int | Fraction | None] = field(default_factory=dict)
    currency: str = HOME_CURRENCY
    by_currency: Mapping[str, Figure] = field(default_factory=dict)
    known: bool = True
    """False: the data for it are not kept yet."""
    missing: str = ""
    """What would have to be entered before it can be computed (a msgid)."""
    exact: Fraction | None = None
    """The value where it is not numerator ÷ denominator as they are shown, which are rounded to the cent."""
    per: Fraction | None = None
    """What money is divided by where that is no whole number."""
    target: Fraction | None = None
    """What it was to reach in these days; money in cents."""

    @property
    def value(self) -> Fraction | int | None:
        """The share, the number or the cents; None where there is nothing to measure."""
        if not self.known or self.by_currency or self.missing:
            return None
        if self.kind in (Kind.COUNT, Kind.MONEY):
            return self.numerator
        if self.exact is not None:
            return self.exact
        return Fraction(self.numerator) / self.denominator if self.denominator else None

    @property
    def is_foreign(self) -> bool:
        """Whether its value is money in another currency than the home one."""
        return self.kind in (Kind.MONEY, Kind.MONEY_PER) and self.currency != HOME_CURRENCY

    def main(self) -> Figure:
        """Itself; where there are several currencies the part in the home one, else in the first, against the same target."""
        if not self.by_currency:
            return self
        part = self.by_currency.get(HOME_CURRENCY) or next(iter(self.by_currency.values()))
        return replace(part, target=self.target)

    def as_json(self) -> dict[str, Any]:
        """Plain data: rates as fractions that are not rounded, amounts as decimal strings."""
        if self.by_currency:
            return {
                "value": None, "numerator": None, "denominator": None,
                "by_currency": {currency: figure.as_json() for currency, figure in sorted(self.by_currency.items())},
                **self._beside(),
            }  # fmt: skip
        value = self.value
        told: dict[str, Any] = {
            "value": float(value) if isinstance(value, Fraction) else value,
            "numerator": self.numerator,
            "denominator": self.denominator,
        }
        if self.known and self.kind in (Kind.MONEY, Kind.MONEY_RATE, Kind.MONEY_PER, Kind.RATIO):
            told["numerator"] = amount_text(self.numerator)
            if self.kind == Kind.MONEY_PER:
                told["denominator"] = self.denominator if self.per is None else float(self.per)
                told["value"] = None if value is None else amount_text(round(value))
            else:
                told["denominator"] = None if self.denominator is None else amount_text(self.denominator)
            if self.kind == Kind.MONEY:
                told["value"] = told["numerator"]
            if self.currency != HOME_CURRENCY:
                told["currency"] = self.currency
        if self.target is not None:
            money = self.kind in (Kind.MONEY, Kind.MONEY_PER)
            told["target"] = amount_text(round(self.target)) if money else float(self.target)
        return {**told, **self._beside()}

    def _beside(self) -> dict[str, int | float | None]:
        return {key: _plain(value) for key, value in self.beside.items()}


def _plain(number: int | Fraction | None) -> int | float | None:
    return float(number) if isinstance(number, Fraction) else number


@dataclass(frozen=True)
class Spread(Figure):
    """Days that something took: their sum ÷ how many there were; the value is the median, beside it the 90th percentile."""

    median: int | None = None
    ninetieth: int | None = None

    @property
    def value(self) -> int | None:
        """The median; None where there is nothing to measure."""
        return self.median

    def as_json(self) -> dict[str, Any]:
        """Whole days."""
        return {**super().as_json(), "percentile_90": self.ninetieth}


def amount_text(cents: int) -> str:
    """Cents as a decimal string."""
    return str(Decimal(cents).scaleb(-2))


def unknown(key: str, kind: Kind) -> Figure:
    """A figure whose data are not kept yet."""
    return Figure(key, kind, known=False)


def share(
    key: str,
    counted: Iterable[Row],
    base: Iterable[Row],
    left_out: Iterable[tuple[Row, str]] = (),
    beside: Mapping[str, int | Fraction | None] | None = None,
) -> Figure:
    """Rows that count ÷ rows of the base."""
    found, whole = tuple(counted), tuple(base)
    return Figure(key, Kind.RATE, len(found), len(whole), found, whole, tuple(left_out), beside or {})


def number(key: str, counted: Iterable[Row], left_out: Iterable[tuple[Row, str]] = ()) -> Figure:
    """How many rows there are."""
    found = tuple(counted)
    return Figure(key, Kind.COUNT, len(found), None, found, (), tuple(left_out))


def money(key: str, rows: Iterable[Row], left_out: Iterable[tuple[Row, str]] = ()) -> Figure:
    """The sum of the rows, by currency where there are several."""
    found, out = tuple(rows), tuple(left_out)
    parts = {
        currency: Figure(key, Kind.MONEY, _sum(own), None, own, (), (), {}, currency)
        for currency, own in _by_currency(found).items()
    }
    return one_or_several(Figure(key, Kind.MONEY, 0, None, found, (), out), parts)


Amounts = Sequence[tuple[T, str, int]]
"""What money belongs to, its currency and its cents; the rows are made of it when somebody looks at them."""


def sums(amounts: Amounts[T]) -> dict[str, int]:
    """Cents by currency."""
    found: dict[str, int] = {}
    last, total = "", 0
    for _one, currency, cents in amounts:
        if currency == last:
            total += cents
        else:
            found[last] = total
            last, total = currency, found.get(currency, 0) + cents
    found[last] = total
    found.pop("", None)
    return found


def in_home(cents: int, currency: str, rates: Mapping[str, Fraction]) -> tuple[str, int]:
    """Money in the home currency, rounded to the cent, half to even, where a rate is known; else as it is."""
    rate = rates.get(currency)
    return (currency, cents) if rate is None else (HOME_CURRENCY, round(cents * rate))


def at_home(amounts: Amounts[T], rates: Mapping[str, Fraction]) -> Amounts[T]:
    """The same, each amount in the home currency where a rate is known."""
    return [(one, *in_home(cents, currency, rates)) for one, currency, cents in amounts] if rates else amounts


def money_ratio(
    key: str,
    counted: Amounts[T],
    base: Amounts[T],
    row: Callable[[T, int, str], Row],
    left_out: Sequence[tuple[Row, str]] = (),
    beside: Mapping[str, int | Fraction | None] | None = None,
    order: Callable[[T], Any] | None = None,
) -> Figure:
    """Money that counts ÷ money of the base, by currency where there are several; ``row`` makes a row of an amount, the
    rows stand in the ``order`` of what they are made of."""
    tops = sums(counted)
    parts = {
        currency: Figure(
            key, Kind.MONEY_RATE, tops.get(currency, 0), cents, rows_of(counted, row, currency, order),
            rows_of(base, row, currency, order), (), {}, currency,
        )
        for currency, cents in sums(base).items()
    }  # fmt: skip
    whole = Figure(
        key, Kind.MONEY_RATE, 0, 0, rows_of(counted, row, order=order), rows_of(base, row, order=order), left_out,
        beside or {},
    )  # fmt: skip
    return one_or_several(whole, parts)


def money_sum(
    key: str,
    amounts: Amounts[T],
    row: Callable[[T, int, str], Row],
    left_out: Sequence[tuple[Row, str]] = (),
    order: Callable[[T], Any] | None = None,
) -> Figure:
    """The sum of the amounts, by currency where there are several; ``row`` and ``order`` as of ``money_ratio``."""
    parts = {
        currency: Figure(key, Kind.MONEY, cents, None, rows_of(amounts, row, currency, order), currency=currency)
        for currency, cents in sums(amounts).items()
    }
    return one_or_several(Figure(key, Kind.MONEY, 0, None, rows_of(amounts, row, order=order), (), left_out), parts)


def rows_of(
    amounts: Amounts[T],
    row: Callable[[T, int, str], Row],
    currency: str | None = None,
    order: Callable[[T], Any] | None = None,
) -> Later[Row]:
    """The rows of these amounts, of those in a currency where one is named."""

    def make() -> list[Row]:
        listed = amounts if order is None else sorted(amounts, key=lambda amount: order(amount[0]))
        return [row(one, cents, own) for one, own, cents in listed if currency in (None, own)]

    return Later(make)


def one_or_several(whole: Figure, parts: Mapping[str, Figure]) -> Figure:
    """The figure over its parts by currency: the only one of them, or all of them side by side, the home currency first."""
    if len(parts) > 1:
        listed = sorted(parts.items(), key=lambda part: (part[0] != HOME_CURRENCY, part[0]))
        return replace(whole, by_currency=dict(listed))
    for currency, part in parts.items():
        return replace(part, left_out=whole.left_out, beside=whole.beside or part.beside, currency=currency)
    return whole


def _sum(rows: Iterable[Row]) -> int:
    return sum(row.cents or 0 for row in rows)


def _by_currency(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.currency, []).append(row)
    return {currency: tuple(own) for currency, own in found.items()}


# --- visits -----------------------------------------------------------------------------------------------------------

EXCUSED = N_("called off by the customer")
ADDED_LATER = N_("added after the plan was confirmed")
NO_TIER = N_("no tier")
PENDING = N_("the term ended, the renewal is open")
NO_RATE = N_("no exchange rate is known")


@dataclass(frozen=True)
class PlannedVisit:
    """A visit as the execution judges it. ``baseline_on`` None: it came in after the plan was confirmed."""

    row: Row
    baseline_on: date | None
    done_on: date | None
    """The day it took place; None where it did not."""
    excused: bool
    moved_count: int = 0


def execution(visits: Iterable[PlannedVisit], period: Period) -> Figure:
    """Of the visits whose day in the confirmed baseline lies in the period: done by its last day ÷ all less the excused."""
    listed = tuple(visits)
    planned = [visit for visit in listed if visit.baseline_on in period]
    base = [visit for visit in planned if not visit.excused]
    done = [visit for visit in base if visit.done_on is not None and visit.done_on <= period.end]
    added = [visit for visit in listed if visit.baseline_on is None and visit.done_on in period]
    out = [(visit.row, EXCUSED) for visit in planned if visit.excused] + [(visit.row, ADDED_LATER) for visit in added]
    beside = {"excused": len(planned) - len(base), "added_later": len(added)}
    return share("visit_plan_execution", _rows(done), _rows(base), out, beside)


def on_planned_day(visits: Iterable[PlannedVisit], period: Period) -> Figure:
    """Of the same visits those done on the very day of the baseline ÷ all less the excused."""
    base = [visit for visit in visits if visit.baseline_on in period and not visit.excused]
    return share("on_planned_day", _rows(v for v in base if v.done_on == v.baseline_on), _rows(base))


def postponed_twice(visits: Iterable[PlannedVisit], period: Period) -> Figure:
    """Of the visits whose baseline lies in the period those moved twice or more ÷ all."""
    base = [visit for visit in visits if visit.baseline_on in period]
    return share("postponed_twice", _rows(visit for visit in base if visit.moved_count >= 2), _rows(base))


def _rows(visits: Iterable[PlannedVisit]) -> list[Row]:
    return [visit.row for visit in visits]


@dataclass(frozen=True)
class SeenAccount:
    """An account as coverage judges it, on the last day known: ``every`` is how many days may lie between two visits.

    ``last_on`` is the last visit up to then, else the first contract's start. ``pending``: its term ended, nothing is
    decided.
    """

    row: Row
    tier: str | None
    seen: bool
    last_on: date | None
    every: int
    pending: bool = False


def coverage(accounts: Iterable[SeenAccount], tier: str) -> Figure:
    """Active accounts of a tier that were visited in the period ÷ all of them."""
    mine = [account for account in accounts if account.tier == tier]
    base = [account for account in mine if not account.pending]
    out = [(account.row, PENDING) for account in mine if account.pending]
    return share(
        f"coverage_{tier}", (account.row for account in base if account.seen), (account.row for account in base), out
    )


def overdue_cadence(accounts: Iterable[SeenAccount], on: date) -> Figure:
    """Active accounts that wait for a visit longer than their tier allows ÷ all with a tier."""
    base: list[SeenAccount] = []
    out: list[tuple[Row, str]] = []
    for account in accounts:
        if account.tier and not account.pending:
            base.append(account)
        else:
            out.append((account.row, PENDING if account.pending else NO_TIER))
    late = [account for account in base if account.last_on is not None and (on - account.last_on).days > account.every]
    late.sort(key=lambda account: (account.last_on or on, account.row.id))
    return share("overdue_cadence", (account.row for account in late), (account.row for account in base), out)


# --- money ------------------------------------------------------------------------------------------------------------

NO_DAY = N_("no day known")
NO_RATES: Mapping[str, Fraction] = {}


class Instalment(NamedTuple):
    """A receivable with its place in the order in which a contract's money is laid against it; amounts are cents."""

    id: int
    contract_id: int
    due_on: date | None
    cents: int
    currency: str = HOME_CURRENCY
    paid: int = 0
    """What was laid against it alone; more may be among the payments."""


class Paid(NamedTuple):
    """A payment, or several added up; ``instalment_id`` None: for the contract as a whole. ``paid_on`` None: before anybody
    kept days."""

    id: int
    contract_id: int
    instalment_id: int | None
    paid_on: date | None
    cents: int
    currency: str = HOME_CURRENCY


def nobodys(one: Instalment | Paid, cents: int, currency: str) -> Row:
    """A row that does not say whose it is."""
    if isinstance(one, Instalment):
        return Row("receivables", one.id, 0, "", one.due_on, "", cents, currency)
    return Row("payments", one.id, 0, "", one.paid_on, "", cents, currency)


def collection(
    instalments: Sequence[Instalment],
    payments: Iterable[Paid],
    period: Period,
    rates: Mapping[str, Fraction] = NO_RATES,
    row: Callable[[Instalment, int, str], Row] = nobodys,
) -> Figure:
    """Of the instalments due in the period: what was paid on them by its last day, at most what was due ÷ what was due.

    Money for a contract as a whole is laid against its oldest instalments, those without a day last.
    """
    paid_on = covered(instalments, payments, period.end)
    first, last = period.start, period.end
    due = [one for one in instalments if one.due_on is not None and first <= one.due_on <= last]
    counted = [(one, one.currency, cents) for one in due if (cents := paid_on[one.id])]
    whole = [(one, one.currency, one.cents) for one in due]
    return money_ratio("receivable_collection_rate", at_home(counted, rates), at_home(whole, rates), row, order=_order)


def _order(one: Instalment) -> tuple[date, int]:
    return one.due_on or date.max, one.id


def covered(instalments: Iterable[Instalment], payments: Iterable[Paid], until: date) -> dict[int, int]:
    """By instalment: what was paid on it by the end of a day, in cents, at most what it is.

    What is laid against no instalment goes to the contract's oldest ones, those without a day last.
    """
    named: dict[int, int] = {}
    open_sums: dict[int, int] = {}
    for paid in payments:
        if paid.paid_on is None or paid.paid_on <= until:
            if paid.instalment_id is not None:
                named[paid.instalment_id] = named.get(paid.instalment_id, 0) + paid.cents
            else:
                open_sums[paid.contract_id] = open_sums.get(paid.contract_id, 0) + paid.cents
    found = {one.id: one.paid if one.paid < one.cents else one.cents for one in instalments}
    if named:
        found |= {one.id: min(one.paid + named.get(one.id, 0), one.cents) for one in instalments}
    for one in sorted((one for one in instalments if one.contract_id in open_sums), key=_order):
        more = min(open_sums[one.contract_id], one.cents - found[one.id])
        if more > 0:
            open_sums[one.contract_id] -= more
            found[one.id] += more
    return found


def still_open(
    instalments: Sequence[Instalment], payments: Iterable[Paid], today: date
) -> list[tuple[Instalment, int]]:
    """What is not paid of each instalment today, the oldest first."""
    paid_on = covered(instalments, payments, today)
    return [(one, left) for one in sorted(instalments, key=_order) if (left := one.cents - paid_on[one.id]) > 0]


def collected(
    payments: Sequence[Paid],
    period: Period,
    rates: Mapping[str, Fraction] = NO_RATES,
    row: Callable[[Paid, int, str], Row] = nobodys,
) -> Figure:
    """Payments dated in the period; what came before anybody kept days is in none."""
    first, last = period.start, period.end
    amounts = [
        (one, one.currency, one.cents) for one in payments if one.paid_on is not None and first <= one.paid_on <= last
    ]
    undated = [one for one in payments if one.paid_on is None]
    out = Later(
        lambda: [(row(one, one.cents, one.currency), NO_DAY) for one in sorted(undated, key=lambda one: one.id)]
    )
    return money_sum("amount_collected", at_home(amounts, rates), row, out, lambda one: (one.paid_on, one.id))
