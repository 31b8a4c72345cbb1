"""The formulas of who stayed and what that was worth: logo churn, revenue retention, win-backs, expansion. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from csdesk.models.vocabulary import HOME_CURRENCY, N_
from csdesk.services.kpi.book import Book
from csdesk.services.kpi.movements import Cents, Rates, Standing, expansions
from csdesk.services.kpi.rules import (
    NO_RATE,
    PENDING,
    Figure,
    Kind,
    Period,
    Row,
    Rows,
    number,
    one_or_several,
)
from csdesk.services.tiers.rules import head_count

Amounts = Sequence[tuple[Standing, str, int]]
"""Standings with an amount in a currency."""


def logo_churn(book: Book, found: Sequence[Standing]) -> Figure:
    """Accounts active the day before whose churn day lies in the period ÷ accounts active the day before."""
    base = [one for one in found if one.counts]
    lost = [one for one in base if one.churned_on]
    waiting = _waiting(found)
    beside = {
        "pending": len(waiting),
        "joined_and_left": sum(1 for one in found if one.churned_on and not one.before),
    }
    return Figure(
        "logo_churn_rate", Kind.RATE, len(lost), len(base),
        Rows(lambda: sorted((_row(book, one, one.churned_on) for one in lost), key=lambda row: (row.day, row.id))),
        Rows(lambda: [_row(book, one) for one in base]), _left_out(book, waiting), beside,
    )  # fmt: skip


def gross_retention(book: Book, found: Sequence[Standing]) -> Figure:
    """Σ of the smaller of opening and closing ARR ÷ Σ opening ARR, of the accounts active the day before."""
    return _retention("gross_revenue_retention", book, found, _kept)


def net_retention(book: Book, found: Sequence[Standing]) -> Figure:
    """The same, plus what closing ARR exceeds the opening one by, agreed price rises apart."""
    return _retention("net_revenue_retention", book, found, lambda one, cur: _kept(one, cur) + _grown(one, cur))


def _kept(one: Standing, currency: str) -> int:
    return 0 if one.churned_on else min(one.opening.get(currency, 0), one.closing.get(currency, 0))


def _grown(one: Standing, currency: str) -> int:
    if one.churned_on:
        return 0
    change = one.closing.get(currency, 0) - one.opening.get(currency, 0)
    return max(0, change - one.rises.get(currency, 0))


def _retention(key: str, book: Book, found: Sequence[Standing], kept: Callable[[Standing, str], int]) -> Figure:
    base = [one for one in found if one.counts]
    opened = [(one, currency, cents) for one in base for currency, cents in one.opening.items() if cents]
    stayed = [
        (one, currency, cents)
        for one in base
        for currency in (one.opening if one.opening.keys() >= one.closing.keys() else one.opening | one.closing)
        if (cents := kept(one, currency))
    ]
    waiting = _waiting(found)
    return money_ratio(key, book, stayed, opened, _left_out(book, waiting), {"pending": len(waiting)})


def money_ratio(
    key: str,
    book: Book,
    counted: Amounts,
    base: Amounts,
    left_out: Sequence[tuple[Row, str]] = (),
    beside: Mapping[str, int] | None = None,
) -> Figure:
    """Money that counts ÷ money of the base, by currency where there are several; rows are made when looked at."""
    tops, bottoms = _sums(counted), _sums(base)

    def rows(amounts: Amounts, currency: str | None = None) -> Rows[Row]:
        return Rows(
            lambda: [
                book.row(one.life.account_id, 0, cents, own)
                for one, own, cents in amounts
                if currency in (None, own)
            ]
        )  # fmt: skip

    parts = {
        currency: Figure(
            key, Kind.MONEY_RATE, tops.get(currency, 0), sum_, rows(counted, currency), rows(base, currency), (), {},
            currency,
        )
        for currency, sum_ in bottoms.items()
    }  # fmt: skip
    whole = Figure(key, Kind.MONEY_RATE, 0, 0, rows(counted), rows(base), left_out, beside or {})
    return one_or_several(whole, parts)


def _sums(amounts: Amounts) -> Cents:
    found: Cents = {}
    for _one, currency, cents in amounts:
        found[currency] = found.get(currency, 0) + cents
    return found


def win_backs(book: Book, found: Sequence[Standing]) -> Figure:
    """Accounts that had churned and signed again, by the start of the new term."""
    back = sorted((one for one in found if one.back_on), key=lambda one: (one.back_on, one.life.account_id))
    return number("win_backs", [_row(book, one, one.back_on) for one in back])


def expansion(book: Book, found: Sequence[Standing], period: Period, rates: Rates) -> Figure:
    """ARR added on the days of the period, on accounts active the day before; agreed price rises are not part of it."""
    rows = [
        book.row(one.life.account_id, day, cents, currency)
        for one in found
        for day, currency, cents in expansions(one.life, period, rates)
    ]
    parts = {
        currency: Figure("expansion", Kind.MONEY, sum(row.cents or 0 for row in own), None, own, (), (), {}, currency)
        for currency, own in _by_currency(rows).items()
    }
    return one_or_several(Figure("expansion", Kind.MONEY, 0, None, rows), parts)


def _by_currency(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.currency, []).append(row)
    return found


def pareto(book: Book, found: Sequence[Standing]) -> Figure:
    """ARR of the largest 20 % of accounts, rounded up ÷ ARR of all, on the last day."""
    held = [
        (one, currency, cents)
        for one in found
        if one.after and not one.pending
        for currency, cents in one.closing.items()
        if cents
    ]
    held.sort(key=lambda entry: (-entry[2], entry[0].life.account_id))
    head: list[tuple[Standing, str, int]] = []
    for currency in _sums(held):
        own = [entry for entry in held if entry[1] == currency]
        head += own[: head_count(len(own))]
    waiting = [one for one in found if one.after and one.pending]
    return money_ratio("pareto_share", book, head, held, _left_out(book, waiting), {"pending": len(waiting)})


def lifetime_value(book: Book, found: Sequence[Standing], churn: Figure) -> Figure:
    """ARR per account × gross margin ÷ logo churn of the twelve months; nothing where nobody left."""
    whole = Figure("ltv", Kind.MONEY_PER, 0, None)
    margin = Fraction(int(book.settings["figures.gross_margin"]), 100)
    if not margin:
        return replace(whole, missing=NO_MARGIN)
    held = [
        (one, currency, cents)
        for one in found
        if one.after and not one.pending
        for currency, cents in one.closing.items()
        if cents
    ]
    rate = churn.value
    parts = {}
    for currency, cents in _sums(held).items():
        own = [entry for entry in held if entry[1] == currency]
        each = cents * margin / len(own)
        exact = each / rate if isinstance(rate, Fraction) and rate else None
        bottom = rate if isinstance(rate, Fraction) else None
        parts[currency] = replace(
            whole, numerator=round(each), per=bottom, exact=exact, currency=currency,
            base=_amount_rows(book, own), counted=churn.counted,
        )  # fmt: skip
    return one_or_several(whole, parts)


def _amount_rows(book: Book, amounts: Amounts) -> Rows[Row]:
    return Rows(lambda: [book.row(one.life.account_id, 0, cents, own) for one, own, cents in amounts])


NO_MARGIN = N_("Enter the gross margin in Settings")
NO_CAC = N_("Enter the cost of winning one customer in Settings")


def value_to_cost(book: Book, value: Figure) -> Figure:
    """Lifetime value ÷ the cost of winning one account, both in the home currency."""
    whole = Figure("ltv_cac", Kind.RATIO, 0, None, value.counted, value.base)
    cost = int(book.settings["figures.cac"]) * 100
    if value.missing or not cost:
        return replace(whole, missing=value.missing or NO_CAC)
    if value.by_currency or value.currency != HOME_CURRENCY:
        return replace(whole, missing=NO_RATE)
    if value.exact is None:
        return whole
    return replace(whole, numerator=round(value.exact), denominator=cost, exact=value.exact / cost)


def _waiting(found: Iterable[Standing]) -> list[Standing]:
    return [one for one in found if one.before and one.pending]


def _left_out(book: Book, waiting: Sequence[Standing]) -> Rows[tuple[Row, str]]:
    return Rows(lambda: [(_row(book, one, _ended_on(one)), PENDING) for one in waiting])


def _ended_on(one: Standing) -> int:
    return one.life.pending[0] - 1 if one.life.pending else 0


def _row(book: Book, one: Standing, day: int = 0) -> Row:
    amounts = one.opening or one.closing
    currency = HOME_CURRENCY if HOME_CURRENCY in amounts else next(iter(amounts), HOME_CURRENCY)
    return book.row(one.life.account_id, day, amounts.get(currency), currency)
