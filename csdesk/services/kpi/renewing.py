"""The formulas of terms that ended: how many were renewed, and what of their ARR; who signed what. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from csdesk.models.vocabulary import HOME_CURRENCY, N_
from csdesk.services.core.later import Later
from csdesk.services.core.money import anniversary, term_months
from csdesk.services.kpi.book import Book
from csdesk.services.kpi.movements import Rates, Standing, converted
from csdesk.services.kpi.retention import NO_CAC, NO_MARGIN
from csdesk.services.kpi.rules import (
    NO_DAY,
    NO_RATE,
    Figure,
    Kind,
    Period,
    Row,
    at_home,
    in_home,
    money_ratio,
    sums,
)
from csdesk.services.kpi.rules import PENDING as UNDECIDED
from csdesk.services.kpi.spells import AUTOMATIC, ON_WORD, PENDING, RENEWED, SIGNED, Life, Term, final_of

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


@dataclass
class Endings:
    """The terms that ended in a period: those that are decided, and those left out with the reason.

    Of those whose amounts can be compared: what ended (``whole``), what of it goes on (``kept``), and all that ``follows`` in
    cents. They are sorted in one walk, each while it is at hand.
    """

    decided: list[Ending] = field(default_factory=list)
    renewed: list[Ending] = field(default_factory=list)
    left_out: list[tuple[Ending, str]] = field(default_factory=list)
    beyond_compare: list[tuple[Ending, str]] = field(default_factory=list)
    whole: list[tuple[Ending, str, int]] = field(default_factory=list)
    kept: list[tuple[Ending, str, int]] = field(default_factory=list)
    follows: int = 0
    beside: dict[str, int] = field(default_factory=dict)


def terms_ending(lives: Iterable[Life], period: Period) -> list[tuple[Life, Term]]:
    """The terms whose last day lies in the period, with the account that they belong to."""
    first, last = period.start.toordinal(), period.end.toordinal()
    return [(life, term) for life in lives for term in life.terms if first <= term.end <= last]


def ended_terms(lives: Iterable[Life], period: Period) -> list[tuple[Life, Term]]:
    """The same, by that day."""
    return sorted(terms_ending(lives, period), key=lambda one: (one[1].end, one[1].id))


def ending(life: Life, term: Term, rates: Rates) -> Ending:
    """What became of a term, with its amounts."""
    currency, target = term.currency, term.arr_on(term.end)
    if rates:
        currency, target = in_home(target, currency, rates)
    if term.outcome is not SIGNED:
        return Ending(term, target, target if term.outcome in RENEWED else 0, currency)
    follows = final_of(life, term)
    if rates:
        follows = converted(follows, rates)
    final = follows.get(currency, 0)
    return Ending(term, target, final if sum(follows.values()) == final else None, currency)


def endings(
    ended: Sequence[tuple[Life, Term]], one_off: Collection[int], rates: Rates, automatic: Collection[int] = ()
) -> Endings:
    """What became of these terms; ``one_off`` are contracts none of whose lines recurs, ``automatic`` those that renewed by
    themselves and whose next contract is written."""
    of = Endings()
    pending = of_itself = on_word = late = 0
    for life, term in ended:
        one = ending(life, term, rates)
        outcome = term.outcome
        if one_off and term.id in one_off:
            of.left_out.append((one, ONE_OFF))
        elif outcome is PENDING:
            pending += 1
            of.left_out.append((one, UNDECIDED))
        else:
            of.decided.append(one)
            _compare(one, of)
            if outcome in RENEWED:
                of.renewed.append(one)
                of_itself += outcome is AUTOMATIC or (outcome is SIGNED and term.id in automatic)
                on_word += outcome is ON_WORD
                late += term.is_late
    of.beside = {"pending": pending, "automatic": of_itself, "late": late, "without_next": on_word}
    return of


def _compare(one: Ending, of: Endings) -> None:
    _term, target, final, currency = one
    if final is None:
        of.beyond_compare.append((one, OTHER_CURRENCY))
        return
    of.follows += final
    if target:
        of.whole.append((one, currency, target))
        if least := min(final, target):
            of.kept.append((one, currency, least))


def renewal_rate(book: Book, ended: Endings) -> Figure:
    """Contracts that ended and were renewed ÷ contracts that ended, those not decided yet apart."""
    return Figure(
        "renewal_rate", Kind.RATE, len(ended.renewed), len(ended.decided), _rows(book, ended.renewed),
        _rows(book, ended.decided), _out(book, ended.left_out), ended.beside,
    )  # fmt: skip


def renewal_rate_by_amount(book: Book, ended: Endings) -> Figure:
    """Σ of the smaller of what ended and what follows ÷ Σ of what ended; beside it the same with all that follows."""

    def row(one: Ending, cents: int, _currency: str) -> Row:
        return _row(book, one, cents)

    out = _out(book, [*ended.left_out, *ended.beyond_compare])
    beside = {**ended.beside, "net": _net(ended)}
    return money_ratio("renewal_rate_by_amount", ended.kept, ended.whole, row, out, beside, order=_by_end)


def _net(ended: Endings) -> Fraction | None:
    """Σ of what follows ÷ Σ of what ended; None where nothing ended or it stands in several currencies."""
    wholes = list(sums(ended.whole).values())
    return Fraction(ended.follows, wholes[0]) if len(wholes) == 1 and wholes[0] else None


def _rows(book: Book, listed: Sequence[Ending]) -> Later[Row]:
    return Later(lambda: [_row(book, one, one.target) for one in sorted(listed, key=_by_end)])


def _out(book: Book, listed: Sequence[tuple[Ending, str]]) -> Later[tuple[Row, str]]:
    return Later(
        lambda: [(_row(book, one, one.target), why) for one, why in sorted(listed, key=lambda two: _by_end(two[0]))]
    )  # fmt: skip


def _by_end(one: Ending) -> tuple[int, int]:
    return one.term.end, one.term.id


def _row(book: Book, one: Ending, cents: int) -> Row:
    term = one.term
    return book.contract_row("contracts", term.id, term.id, date.fromordinal(term.end), cents, one.currency)


# --- what was signed ----------------------------------------------------------------------------------------------------


class Signed(NamedTuple):
    """A contract, or an addition to one (``added``), with the day of its signature and its whole amount in cents."""

    contract_id: int
    signed_on: str | None
    """ISO."""
    cents: int
    currency: str
    added: bool = False


def success_share(book: Book, lives: Mapping[int, Life], signed: Sequence[Signed], rates: Rates) -> Figure:
    """Renewed and expanded amounts signed in the period ÷ all amounts signed in it; referrals join when they are kept.

    What follows another contract is renewed; what an active account signs beside what runs is expansion.
    """

    def row(one: Signed, cents: int, currency: str) -> Row:
        day = date.fromisoformat(one.signed_on) if one.signed_on else None
        return book.contract_row("contracts", one.contract_id, one.contract_id, day, cents, currency)

    def is_ours(one: Signed) -> bool:
        own = book.contracts[one.contract_id]
        return one.added or _is_ours(lives.get(own.account_id), own)

    amounts = at_home([(one, one.currency, one.cents) for one in signed], rates)
    base = [entry for entry in amounts if entry[0].signed_on is not None]
    out = Later(
        lambda: [(row(one, cents, own), NO_DAY) for one, own, cents in amounts if one.signed_on is None]
    )  # fmt: skip
    counted = [entry for entry in base if is_ours(entry[0])]
    return money_ratio(
        "customer_success_revenue_share", counted, base, row, out, order=lambda one: (one.signed_on, one.contract_id)
    )  # fmt: skip


def _is_ours(life: Life | None, own: Term) -> bool:
    if life is None:
        return False
    if life.in_a_row:
        return own is not life.terms[0] and own in life.terms
    is_term = False
    for term in life.terms:
        if own in term.followers:
            return True
        is_term = is_term or term is own
    return is_term and any(one is not own and one.start < own.start <= one.until + 1 for one in life.terms)


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
