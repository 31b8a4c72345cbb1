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

Amount = tuple[Standing, str, int]
"""An account, a currency, cents."""


class Basis(NamedTuple):
    """How the accounts of a period count: sorted in one walk, since of a hundred thousand each walk reads them all from memory.

    Of ``base``, the accounts active the day before and not waiting for a decision: ``lost`` churned in the period, ``opened``
    is what they paid the day before, ``stayed`` what of it they still pay, ``grown`` that with what was added, agreed price
    rises apart; one that churned keeps nothing. ``held`` is what accounts pay on the last day, those in ``undecided`` apart.
    """

    base: list[Standing]
    waiting: list[Standing]
    lost: list[Standing]
    joined_and_left: list[Standing]
    back: list[Standing]
    undecided: list[Standing]
    opened: list[Amount]
    stayed: list[Amount]
    grown: list[Amount]
    held: list[Amount]


def basis(found: Iterable[Standing]) -> Basis:
    """How these accounts count."""
    of = Basis([], [], [], [], [], [], [], [], [], [])
    for one in found:
        if not one.before:
            if one.churned_on:
                of.joined_and_left.append(one)
        elif one.pending:
            of.waiting.append(one)
        else:
            of.base.append(one)
            _keep(one, of)
        if one.after:
            if one.pending:
                of.undecided.append(one)
            else:
                for currency, cents in one.closing.items():
                    if cents:
                        of.held.append((one, currency, cents))
        if one.back_on:
            of.back.append(one)
    return of


def _keep(one: Standing, of: Basis) -> None:
    opening, closing = one.opening, one.closing
    for currency, was in opening.items():
        if was:
            of.opened.append((one, currency, was))
    if one.churned_on:
        of.lost.append(one)
        return
    for currency in opening if opening.keys() >= closing.keys() else opening | closing:
        was, now = opening.get(currency, 0), closing.get(currency, 0)
        least = was if was < now else now
        if least:
            of.stayed.append((one, currency, least))
        if now > was:
            least += max(0, now - was - one.rises.get(currency, 0))
        if least:
            of.grown.append((one, currency, least))


def logo_churn(book: Book, of: Basis) -> Figure:
    """Accounts active the day before whose churn day lies in the period ÷ accounts active the day before."""
    beside = {"pending": len(of.waiting), "joined_and_left": len(of.joined_and_left)}
    return Figure(
        "logo_churn_rate", Kind.RATE, len(of.lost), len(of.base),
        Later(lambda: sorted((_row(book, one, one.churned_on) for one in of.lost), key=lambda row: (row.day, row.id))),
        Later(lambda: [_row(book, one) for one in of.base]), _left_out(book, of.waiting), beside,
    )  # fmt: skip


def gross_retention(book: Book, of: Basis) -> Figure:
    """Σ of the smaller of opening and closing ARR ÷ Σ opening ARR, of the accounts active the day before."""
    return _retention("gross_revenue_retention", book, of, of.stayed)


def net_retention(book: Book, of: Basis) -> Figure:
    """The same, plus what closing ARR exceeds the opening one by, agreed price rises apart."""
    return _retention("net_revenue_retention", book, of, of.grown)


def _retention(key: str, book: Book, of: Basis, counted: Amounts[Standing]) -> Figure:
    out, beside = _left_out(book, of.waiting), {"pending": len(of.waiting)}
    return money_ratio(key, counted, of.opened, _amount_row(book), out, beside)


def win_backs(book: Book, of: Basis) -> Figure:
    """Accounts that had churned and signed again, by the start of the new term."""
    back = sorted(of.back, key=lambda one: (one.back_on, one.life.account_id))
    return number("win_backs", [_row(book, one, one.back_on) for one in back])


def expansion(book: Book, found: Sequence[Standing], period: Period, rates: Rates) -> Figure:
    """ARR added on the days of the period, on accounts active the day before; agreed price rises are not part of it."""
    amounts = [
        ((one.life.account_id, day), currency, cents)
        for one in found
        for day, currency, cents in expansions(one.life, period, rates)
    ]
    return money_sum("expansion", amounts, lambda on, cents, currency: book.row(*on, cents, currency))


def pareto(book: Book, of: Basis) -> Figure:
    """ARR of the largest 20 % of accounts, rounded up ÷ ARR of all, on the last day."""
    held = sorted(of.held, key=lambda entry: (-entry[2], entry[0].life.account_id))
    head: list[Amount] = []
    for currency in sums(held):
        own = [entry for entry in held if entry[1] == currency]
        head += own[: head_count(len(own))]
    out, beside = _left_out(book, of.undecided), {"pending": len(of.undecided)}
    return money_ratio("pareto_share", head, held, _amount_row(book), out, beside)


def lifetime_value(book: Book, of: Basis, churn: Figure) -> Figure:
    """ARR per account × gross margin ÷ logo churn of the twelve months; nothing where nobody left."""
    whole = Figure("ltv", Kind.MONEY_PER, 0, None)
    margin = Fraction(int(book.settings["figures.gross_margin"]), 100)
    if not margin:
        return replace(whole, missing=NO_MARGIN)
    held = of.held
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
