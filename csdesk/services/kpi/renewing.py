"""The formulas of terms that ended: how many were renewed, and what of their ARR; who signed what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    money_share,
    one_or_several,
)
from csdesk.services.kpi.spells import RENEWED, Life, Outcome, Term, finals

ONE_OFF = N_("one-off items alone, nothing to renew")
OTHER_CURRENCY = N_("renewed in another currency, and no rate is known")


class Words(NamedTuple):
    """What is read of a contract that ended: its number, and whether it has lines, none of which recurs."""

    number: str
    one_off: bool


class Ending(NamedTuple):
    """A term that ended: what it was worth, what follows it is worth (both in cents of ``currency``)."""

    term: Term
    words: Words
    target: int
    final: int | None
    """None: in a currency that cannot be compared."""
    currency: str

    @property
    def renewed(self) -> bool:
        """Whether it was renewed, late or by itself included."""
        return self.term.outcome in RENEWED

    @property
    def pending(self) -> bool:
        """Whether nobody knows yet."""
        return self.term.outcome is Outcome.PENDING


def ended_terms(lives: Iterable[Life], period: Period) -> list[tuple[Life, Term]]:
    """The terms whose last day lies in the period, with the account that they belong to."""
    first, last = period.start.toordinal(), period.end.toordinal()
    return [(life, term) for life in lives for term in life.terms if first <= term.end <= last]


def endings(ended: Sequence[tuple[Life, Term]], words: Mapping[int, Words], rates: Rates) -> list[Ending]:
    """What became of these terms, with their amounts."""
    found = []
    known: dict[int, dict[int, dict[str, int]]] = {}
    for life, term in ended:
        if term.outcome is Outcome.SIGNED and life.account_id not in known:
            known[life.account_id] = finals(life.terms)
        target, currency = _one(converted({term.currency: term.arr_on(term.end)}, rates))
        final: int | None = 0
        if term.outcome is Outcome.SIGNED:
            follows = converted(known[life.account_id][term.id], rates)
            others = sum(cents for own, cents in follows.items() if own != currency)
            final = None if others else follows.get(currency, 0)
        elif term.outcome in RENEWED:
            final = target
        found.append(Ending(term, words.get(term.id, Words("", False)), target, final, currency))
    found.sort(key=lambda one: (one.term.end, one.term.id))
    return found


def _one(cents: Mapping[str, int]) -> tuple[int, str]:
    currency, amount = next(iter(cents.items()))
    return amount, currency


def renewal_rate(book: Book, ended: Sequence[Ending]) -> Figure:
    """Contracts that ended and were renewed ÷ contracts that ended, those not decided yet apart."""
    base = [one for one in ended if not one.pending and not one.words.one_off]
    renewed = [one for one in base if one.renewed]
    return Figure(
        "renewal_rate", Kind.RATE, len(renewed), len(base), _rows(book, renewed), _rows(book, base), _out(book, ended),
        _beside(ended),
    )  # fmt: skip


def _rows(book: Book, listed: Sequence[Ending]) -> Rows[Row]:
    return Rows(lambda: [_row(book, one, one.target) for one in listed])


def _out(book: Book, ended: Sequence[Ending], with_other: bool = False) -> Rows[tuple[Row, str]]:
    return Rows(lambda: [(_row(book, one, one.target), why) for one in ended if (why := _why_out(one, with_other))])


def _why_out(one: Ending, with_other: bool) -> str:
    if one.words.one_off:
        return ONE_OFF
    if one.pending:
        return PENDING
    return OTHER_CURRENCY if with_other and one.final is None else ""


def _beside(ended: Sequence[Ending]) -> dict[str, int | Fraction | None]:
    listed = [one for one in ended if not one.words.one_off]
    return {
        "pending": sum(1 for one in listed if one.pending),
        "automatic": sum(1 for one in listed if one.term.outcome is Outcome.AUTOMATIC),
        "late": sum(1 for one in listed if one.term.is_late),
        "without_next": sum(1 for one in listed if one.term.outcome is Outcome.ON_WORD),
    }


def renewal_rate_by_amount(book: Book, ended: Sequence[Ending]) -> Figure:
    """Σ of the smaller of what ended and what follows ÷ Σ of what ended; beside it the same with all that follows."""
    key = "renewal_rate_by_amount"
    base = [one for one in ended if not _why_out(one, with_other=True)]
    groups: dict[str, list[Ending]] = {}
    for one in base:
        if one.target:
            groups.setdefault(one.currency, []).append(one)
    parts = {
        currency: Figure(
            key, Kind.MONEY_RATE, sum(min(one.final or 0, one.target) for one in own), sum(one.target for one in own),
            _kept(book, own), _rows(book, own), currency=currency,
        )
        for currency, own in groups.items()
    }  # fmt: skip
    beside = _beside(ended) | {"net": net_of(base)}
    counted = [one for one in base if one.target]
    whole = Figure(
        key,
        Kind.MONEY_RATE,
        0,
        0,
        _kept(book, counted),
        _rows(book, counted),
        _out(book, ended, with_other=True),
        beside,
    )
    return one_or_several(whole, parts)


def _kept(book: Book, listed: Sequence[Ending]) -> Rows[Row]:
    return Rows(
        lambda: [_row(book, one, cents) for one in listed if (cents := min(one.final or 0, one.target))]
    )  # fmt: skip


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
    return Row("contracts", term.id, term.account_id, name, day, one.words.number, cents, one.currency)


# --- what was signed ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signed:
    """A contract, or an addition to one (``added``), with the day of its signature and its whole amount in cents."""

    row: Row
    contract_id: int
    signed_on: date | None
    added: bool = False


def success_share(lives: Mapping[int, Life], signed: Sequence[Signed], rates: Rates) -> Figure:
    """Renewed and expanded amounts signed in the period ÷ all amounts signed in it; referrals join when they are kept.

    What follows another contract is renewed; what an active account signs beside what runs is expansion.
    """
    dated = [one for one in signed if one.signed_on is not None]
    rows = {id(one): in_home(one.row, rates) for one in signed}
    ours = [rows[id(one)] for one in dated if one.added or _is_ours(lives.get(one.row.account_id), one.contract_id)]
    out = [(rows[id(one)], NO_DAY) for one in signed if one.signed_on is None]
    return money_share("customer_success_revenue_share", ours, [rows[id(one)] for one in dated], out)


def in_home(row: Row, rates: Rates) -> Row:
    """The row with its money in the home currency, where a rate is known."""
    if row.currency not in rates or row.cents is None:
        return row
    cents, currency = _one(converted({row.currency: row.cents}, rates))
    return row._replace(cents=cents, currency=currency)


def _is_ours(life: Life | None, contract_id: int) -> bool:
    if life is None:
        return False
    term = next((one for one in life.terms if one.id == contract_id), None)
    if term is None:
        return False
    if any(term is follower for one in life.terms for follower in one.followers):
        return True
    return any(one is not term and one.start < term.start <= one.until + 1 for one in life.terms)


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
