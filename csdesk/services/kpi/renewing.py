"""The formulas of terms that ended: how many were renewed, and what of their ARR; who signed what. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from csdesk.models.vocabulary import HOME_CURRENCY, N_
from csdesk.services.core.money import anniversary, term_months
from csdesk.services.kpi.book import Book
from csdesk.services.kpi.movements import Rates, Standing, converted
from csdesk.services.kpi.retention import NO_CAC, NO_MARGIN
from csdesk.services.kpi.rules import (
    NO_DAY,
    NO_RATE,
    PENDING,
    Figure,
    Kind,
    Period,
    Row,
    Rows,
    one_or_several,
)
from csdesk.services.kpi.spells import RENEWED, Life, Outcome, Term, final_of

ONE_OFF = N_("one-off items alone, nothing to renew")
OTHER_CURRENCY = N_("renewed in another currency, and no rate is known")


class Ending(NamedTuple):
    """A term that ended: what it was worth, what follows it is worth (both in cents of ``currency``).

    ``final`` None: what follows is in a currency that cannot be compared.
    """

    term: Term
    target: int
    final: int | None
    currency: str


@dataclass(frozen=True)
class Endings:
    """The terms that ended in a period, by their last day: those that are decided, and those left out with the reason."""

    decided: tuple[Ending, ...]
    renewed: tuple[Ending, ...]
    left_out: tuple[tuple[Ending, str], ...]
    beside: Mapping[str, int | Fraction | None]


def ended_terms(lives: Iterable[Life], period: Period) -> list[tuple[Life, Term]]:
    """The terms whose last day lies in the period, by that day, with the account that they belong to."""
    first, last = period.start.toordinal(), period.end.toordinal()
    found = [(life, term) for life in lives for term in life.terms if first <= term.end <= last]
    found.sort(key=lambda one: (one[1].end, one[1].id))
    return found


def ending(life: Life, term: Term, rates: Rates) -> Ending:
    """What became of a term, with its amounts."""
    currency, target = term.currency, term.arr_on(term.end)
    if currency in rates:
        target, currency = _one(converted({currency: target}, rates))
    if term.outcome is Outcome.SIGNED:
        follows = converted(final_of(life, term), rates)
        others = sum(cents for own, cents in follows.items() if own != currency)
        return Ending(term, target, None if others else follows.get(currency, 0), currency)
    return Ending(term, target, target if term.outcome in RENEWED else 0, currency)


def endings(
    ended: Sequence[tuple[Life, Term]], one_off: Collection[int], rates: Rates, automatic: Collection[int] = ()
) -> Endings:
    """What became of these terms; ``one_off`` are contracts none of whose lines recurs, ``automatic`` those that renewed by
    themselves and whose next contract is written."""
    counts = dict.fromkeys(Outcome, 0)
    late = of_itself = 0
    decided, renewed, out = [], [], []
    for life, term in ended:
        one = ending(life, term, rates)
        outcome = term.outcome
        if term.id in one_off:
            out.append((one, ONE_OFF))
            continue
        counts[outcome] += 1
        if outcome is Outcome.PENDING:
            out.append((one, PENDING))
            continue
        decided.append(one)
        if outcome in RENEWED:
            renewed.append(one)
            late += term.is_late
            of_itself += outcome is Outcome.AUTOMATIC or (outcome is Outcome.SIGNED and term.id in automatic)
    beside = {
        "pending": counts[Outcome.PENDING], "automatic": of_itself, "late": late,
        "without_next": counts[Outcome.ON_WORD],
    }  # fmt: skip
    return Endings(tuple(decided), tuple(renewed), tuple(out), beside)


def _one(cents: Mapping[str, int]) -> tuple[int, str]:
    currency, amount = next(iter(cents.items()))
    return amount, currency


def renewal_rate(book: Book, ended: Endings) -> Figure:
    """Contracts that ended and were renewed ÷ contracts that ended, those not decided yet apart."""
    return Figure(
        "renewal_rate", Kind.RATE, len(ended.renewed), len(ended.decided), _rows(book, ended.renewed),
        _rows(book, ended.decided), _out(book, ended.left_out), ended.beside,
    )  # fmt: skip


def renewal_rate_by_amount(book: Book, ended: Endings) -> Figure:
    """Σ of the smaller of what ended and what follows ÷ Σ of what ended; beside it the same with all that follows."""
    key = "renewal_rate_by_amount"
    groups: dict[str, list[Ending]] = {}
    out = list(ended.left_out)
    base = []
    for one in ended.decided:
        if one.final is None:
            out.append((one, OTHER_CURRENCY))
            continue
        base.append(one)
        if one.target:
            groups.setdefault(one.currency, []).append(one)
    parts = {
        currency: Figure(
            key, Kind.MONEY_RATE, sum([min(one.final or 0, one.target) for one in own]), sum([one.target for one in own]),
            _kept(book, own), _rows(book, own), currency=currency,
        )
        for currency, own in groups.items()
    }  # fmt: skip
    counted = [one for one in base if one.target]
    beside = {**ended.beside, "net": net_of(base)}
    whole = Figure(key, Kind.MONEY_RATE, 0, 0, _kept(book, counted), _rows(book, counted), _out(book, out), beside)
    return one_or_several(whole, parts)


def _rows(book: Book, listed: Sequence[Ending]) -> Rows[Row]:
    return Rows(lambda: [_row(book, one, one.target) for one in listed])


def _kept(book: Book, listed: Sequence[Ending]) -> Rows[Row]:
    return Rows(lambda: [_row(book, one, cents) for one in listed if (cents := min(one.final or 0, one.target))])


def _out(book: Book, listed: Sequence[tuple[Ending, str]]) -> Rows[tuple[Row, str]]:
    return Rows(lambda: [(_row(book, one, one.target), why) for one, why in listed])


def net_of(base: Sequence[Ending]) -> Fraction | None:
    """Σ of what follows ÷ Σ of what ended; None where nothing ended or it stands in several currencies."""
    whole = sum(one.target for one in base)
    if not whole or len({one.currency for one in base if one.target}) > 1:
        return None
    return Fraction(sum(one.final or 0 for one in base), whole)


def _row(book: Book, one: Ending, cents: int) -> Row:
    term = one.term
    day = date.fromordinal(term.end)
    name = book.names.get(term.account_id, "")
    return Row("contracts", term.id, term.account_id, name, day, term.number, cents, one.currency)


# --- what was signed ----------------------------------------------------------------------------------------------------


class Signed(NamedTuple):
    """A contract, or an addition to one (``added``), with the day of its signature and its whole amount in cents."""

    contract_id: int
    account_id: int
    account: str
    number: str
    signed_on: str | None
    """ISO."""
    currency: str
    cents: int
    added: bool = False

    @property
    def row(self) -> Row:
        """It as a row behind a figure."""
        day = date.fromisoformat(self.signed_on) if self.signed_on else None
        return Row(
            "contracts", self.contract_id, self.account_id, self.account, day, self.number, self.cents, self.currency
        )


def success_share(lives: Mapping[int, Life], signed: Sequence[Signed], rates: Rates) -> Figure:
    """Renewed and expanded amounts signed in the period ÷ all amounts signed in it; referrals join when they are kept.

    What follows another contract is renewed; what an active account signs beside what runs is expansion.
    """
    key = "customer_success_revenue_share"
    tops: dict[str, list[Signed]] = {}
    bottoms: dict[str, list[Signed]] = {}
    for one in signed:
        if one.signed_on is not None:
            currency = HOME_CURRENCY if one.currency in rates else one.currency
            bottoms.setdefault(currency, []).append(one)
            if one.added or _is_ours(lives.get(one.account_id), one.contract_id):
                tops.setdefault(currency, []).append(one)
    parts = {
        currency: Figure(
            key, Kind.MONEY_RATE, _amount(tops.get(currency, ()), rates), _amount(own, rates),
            _signed_rows(tops.get(currency, ()), rates), _signed_rows(own, rates), currency=currency,
        )
        for currency, own in bottoms.items()
    }  # fmt: skip
    whole = Figure(
        key, Kind.MONEY_RATE, 0, 0,
        _signed_rows([one for own in tops.values() for one in own], rates),
        _signed_rows([one for own in bottoms.values() for one in own], rates),
        Rows(lambda: [(in_home(one.row, rates), NO_DAY) for one in signed if one.signed_on is None]),
    )  # fmt: skip
    return one_or_several(whole, parts)


def _amount(listed: Sequence[Signed], rates: Rates) -> int:
    if not rates:
        return sum([one.cents for one in listed])
    return sum(round(one.cents * rates.get(one.currency, 1)) for one in listed)


def _signed_rows(listed: Sequence[Signed], rates: Rates) -> Rows[Row]:
    return Rows(lambda: [in_home(one.row, rates) for one in listed])


def in_home(row: Row, rates: Rates) -> Row:
    """The row with its money in the home currency, where a rate is known."""
    if row.currency not in rates or row.cents is None:
        return row
    cents, currency = _one(converted({row.currency: row.cents}, rates))
    return row._replace(cents=cents, currency=currency)


def _is_ours(life: Life | None, contract_id: int) -> bool:
    own = None
    for term in life.terms if life else ():
        if term.id == contract_id:
            own = term
        for follower in term.followers:
            if follower.id == contract_id:
                return True
    if life is None or own is None:
        return False
    return any(one is not own and one.start < own.start <= one.until + 1 for one in life.terms)


# --- the first year -----------------------------------------------------------------------------------------------------


def first_year_value(book: Book, found: Sequence[Standing], rates: Rates) -> Figure:
    """Over accounts whose first contract starts in the period: gross margin of their first twelve months ÷ their cost."""
    margin = Fraction(int(book.settings["figures.gross_margin"]), 100)
    cost = int(book.settings["figures.cac"]) * 100
    if not margin or not cost:
        return Figure("first_year_ltv_cac", Kind.RATIO, 0, None, missing=NO_CAC if margin else NO_MARGIN)
    counted, out, total = [], [], Fraction(0)
    for one in found:
        if one.joined:
            brought = first_year(one.life, rates)
            row = book.row(
                one.life.account_id, one.life.first_on, round(brought.get(HOME_CURRENCY, Fraction(0)) * margin)
            )
            if brought.keys() - {HOME_CURRENCY}:
                out.append((row, NO_RATE))
            else:
                total += brought.get(HOME_CURRENCY, Fraction(0)) * margin
                counted.append(row)
    if not counted:
        return Figure("first_year_ltv_cac", Kind.RATIO, 0, 0, left_out=tuple(out))
    spent = cost * len(counted)
    return Figure(
        "first_year_ltv_cac", Kind.RATIO, round(total), spent, tuple(counted), tuple(counted), tuple(out),
        exact=total / spent,
    )  # fmt: skip


def first_year(life: Life, rates: Rates) -> dict[str, Fraction]:
    """What recurring lines bring in the twelve months from the first contract's start, in cents by currency."""
    first = date.fromordinal(life.first_on)
    last = (anniversary(first, 12) - timedelta(1)).toordinal()
    found: dict[str, Fraction] = {}
    for start, end, cents, _rise, currency in life.stretches:
        if start <= last and cents:
            months = term_months(date.fromordinal(start), date.fromordinal(min(end, last)))
            brought = cents * months / 12
            if currency in rates:
                brought, currency = brought * rates[currency], HOME_CURRENCY
            found[currency] = found.get(currency, Fraction(0)) + brought
    return found
