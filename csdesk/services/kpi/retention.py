"""The formulas of who stayed and what that was worth: logo churn, revenue retention, win-backs, expansion. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from csdesk.models.vocabulary import HOME_CURRENCY, N_
from csdesk.services.core.later import Later
from csdesk.services.kpi.book import Book
from csdesk.services.kpi.movements import Rates, Standing, expansions
from csdesk.services.kpi.rules import (
    NO_RATE,
    PENDING,
    Amounts,
    Figure,
    Kind,
    Period,
    Row,
    money_ratio,
    money_sum,
    number,
    one_or_several,
    rows_of,
    sums,
)
from csdesk.services.tiers.rules import head_count


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
        Later(lambda: sorted((_row(book, one, one.churned_on) for one in lost), key=lambda row: (row.day, row.id))),
        Later(lambda: [_row(book, one) for one in base]), _left_out(book, waiting), beside,
    )  # fmt: skip


class Kept(NamedTuple):
    """Of the accounts active the day before, those not decided yet apart: what they paid then, what of it stayed, and what
    stayed with what was added, agreed price rises apart."""

    opened: list[tuple[Standing, str, int]]
    stayed: list[tuple[Standing, str, int]]
    grown: list[tuple[Standing, str, int]]


def kept(found: Iterable[Standing]) -> Kept:
    """What was kept of these accounts; one that churned in the period kept nothing."""
    opened, stayed, grown = Kept([], [], [])
    for one in found:
        if not one.before or one.pending:
            continue
        opening, closing = one.opening, one.closing
        for currency, was in opening.items():
            if was:
                opened.append((one, currency, was))
        if one.churned_on:
            continue
        for currency in opening if opening.keys() >= closing.keys() else opening | closing:
            was, now = opening.get(currency, 0), closing.get(currency, 0)
            least = was if was < now else now
            if least:
                stayed.append((one, currency, least))
            if now > was:
                least += max(0, now - was - one.rises.get(currency, 0))
            if least:
                grown.append((one, currency, least))
    return Kept(opened, stayed, grown)


def gross_retention(book: Book, found: Sequence[Standing], of: Kept) -> Figure:
    """Σ of the smaller of opening and closing ARR ÷ Σ opening ARR, of the accounts active the day before."""
    return _retention("gross_revenue_retention", book, found, of.stayed, of.opened)


def net_retention(book: Book, found: Sequence[Standing], of: Kept) -> Figure:
    """The same, plus what closing ARR exceeds the opening one by, agreed price rises apart."""
    return _retention("net_revenue_retention", book, found, of.grown, of.opened)


def _retention(
    key: str, book: Book, found: Sequence[Standing], counted: Amounts[Standing], base: Amounts[Standing]
) -> Figure:
    waiting = _waiting(found)
    return money_ratio(key, counted, base, _amount_row(book), _left_out(book, waiting), {"pending": len(waiting)})


def win_backs(book: Book, found: Sequence[Standing]) -> Figure:
    """Accounts that had churned and signed again, by the start of the new term."""
    back = sorted((one for one in found if one.back_on), key=lambda one: (one.back_on, one.life.account_id))
    return number("win_backs", [_row(book, one, one.back_on) for one in back])


def expansion(book: Book, found: Sequence[Standing], period: Period, rates: Rates) -> Figure:
    """ARR added on the days of the period, on accounts active the day before; agreed price rises are not part of it."""
    amounts = [
        ((one.life.account_id, day), currency, cents)
        for one in found
        for day, currency, cents in expansions(one.life, period, rates)
    ]
    return money_sum("expansion", amounts, lambda on, cents, currency: book.row(*on, cents, currency))


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
    for currency in sums(held):
        own = [entry for entry in held if entry[1] == currency]
        head += own[: head_count(len(own))]
    waiting = [one for one in found if one.after and one.pending]
    return money_ratio(
        "pareto_share", head, held, _amount_row(book), _left_out(book, waiting), {"pending": len(waiting)}
    )  # fmt: skip


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
    whole = replace(whole, counted=churn.counted, base=rows_of(held, _amount_row(book)))
    parts = {}
    for currency, cents in sums(held).items():
        own = [entry for entry in held if entry[1] == currency]
        each = cents * margin / len(own)
        exact = each / rate if isinstance(rate, Fraction) and rate else None
        bottom = rate if isinstance(rate, Fraction) else None
        parts[currency] = replace(
            whole, numerator=round(each), per=bottom, exact=exact, currency=currency,
            base=rows_of(own, _amount_row(book)), counted=churn.counted,
        )  # fmt: skip
    return one_or_several(whole, parts)


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


def _left_out(book: Book, waiting: Sequence[Standing]) -> Later[tuple[Row, str]]:
    return Later(lambda: [(_row(book, one, _ended_on(one)), PENDING) for one in waiting])


def _ended_on(one: Standing) -> int:
    return one.life.pending[0] - 1 if one.life.pending else 0


def _row(book: Book, one: Standing, day: int = 0) -> Row:
    amounts = one.opening or one.closing
    currency = HOME_CURRENCY if HOME_CURRENCY in amounts else next(iter(amounts), HOME_CURRENCY)
    return book.row(one.life.account_id, day, amounts.get(currency), currency)


def _amount_row(book: Book) -> Callable[[Standing, int, str], Row]:
    return lambda one, cents, currency: book.row(one.life.account_id, 0, cents, currency)
