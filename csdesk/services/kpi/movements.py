"""What changed in a period: where each account stood before it and after it, and the bridge between the two. Pure, but for
``bridge`` itself, which reads.

An account has one movement in a period: its closing ARR less its opening ARR. Amounts are cents; with a rate for a
currency they are in the home currency, at the rate of the period's last day, else each currency stands by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import Connection

from csdesk.models.vocabulary import C_, HOME_CURRENCY, N_
from csdesk.services.kpi.book import Book, read_book
from csdesk.services.kpi.rules import Period, Row, in_home
from csdesk.services.kpi.scope import Scope
from csdesk.services.kpi.spells import Life

Cents = dict[str, int]
Rates = Mapping[str, Fraction]
NOTHING: Cents = {}
"""For the many without an agreed price rise; nobody writes into it."""


class Move(StrEnum):
    """The bars of a bridge, in their order."""

    NEW = "new"
    EXPANSION = "expansion"
    PRICE_RISE = "price_rise"
    WIN_BACK = "win_back"
    CONTRACTION = "contraction"
    CHURN = "churn"


MOVE_NAMES: Mapping[Move, str] = {
    Move.NEW: C_("movement", "New"),
    Move.EXPANSION: N_("Expansion"),
    Move.PRICE_RISE: N_("Agreed price rises"),
    Move.WIN_BACK: N_("Won back"),
    Move.CONTRACTION: N_("Contraction"),
    Move.CHURN: C_("movement", "Churned"),
}


@dataclass(slots=True)
class Standing:
    """An account before a period and after it. Days are ordinals, 0 for never; amounts are cents by currency.

    ``churned_on`` is the first churn day in the period, ``back_on`` the first day of a spell after another one.
    """

    life: Life
    before: bool
    after: bool
    pending: bool
    churned_on: int
    back_on: int
    joined: bool
    opening: Cents
    closing: Cents
    rises: Cents


def standings(book: Book, period: Period) -> list[Standing]:
    """Every account that was active on the day before the period or on a day of it."""
    return stand(book.lives, period, book.rates_on(period.end))


def stand(lives: Iterable[Life], period: Period, rates: Rates) -> list[Standing]:
    """The same, of these lives."""
    first, last = period.start.toordinal(), period.end.toordinal()
    eve = first - 1
    found = []
    for life in lives:
        before = after = joined = met = False
        churned_on = back_on = 0
        for place, (start, end) in enumerate(life.spells):
            if start > last or end < eve:
                continue
            met = True
            before = before or start <= eve
            after = after or end >= last
            if start >= first:
                if place:
                    back_on = back_on or start
                else:
                    joined = True
            if end < last and not churned_on:
                churned_on = end + 1
        if not met:
            continue
        opening: Cents = {}
        closing: Cents = {}
        rises = NOTHING
        for start, end, cents, rise, currency in life.stretches:
            if start <= eve <= end:
                opening[currency] = opening.get(currency, 0) + cents
            if start <= last <= end:
                closing[currency] = closing.get(currency, 0) + cents
                if rise and start >= first:
                    rises = {**rises, currency: rises.get(currency, 0) + rise}
        if rates:
            opening, closing, rises = (converted(one, rates) for one in (opening, closing, rises))
        pending = life.pending is not None and life.pending_on(last)
        found.append(Standing(life, before, after, pending, churned_on, back_on, joined, opening, closing, rises))
    return found


def converted(cents: Cents, rates: Rates) -> Cents:
    """In the home currency what has a rate, each amount rounded to the cent, half to even; the rest as it is."""
    if not rates or not cents or (len(cents) == 1 and HOME_CURRENCY in cents):
        return cents
    found: Cents = {}
    for own, amount in cents.items():
        currency, home = in_home(amount, own, rates)
        found[currency] = found.get(currency, 0) + home
    return found


@dataclass(frozen=True)
class Bar:
    """One kind of movement in one currency, with the rows behind it; each row's cents are its movement."""

    move: Move
    cents: int
    rows: tuple[Row, ...]

    @property
    def count(self) -> int:
        """Accounts in it."""
        return len(self.rows)


@dataclass(frozen=True)
class Bridge:
    """Opening ARR, every movement, closing ARR: opening + movements = closing, to the cent.

    ``carried`` is the part of both that belongs to accounts of which nobody knows yet, ``pending`` how many they are.
    """

    period: Period
    currency: str
    opening: int
    closing: int
    bars: tuple[Bar, ...]
    pending: int = 0
    carried: int = 0
    by_currency: Mapping[str, Bridge] = field(default_factory=dict)
    """One a currency where there are several that cannot be added up; this one is the home currency's then."""

    @property
    def moved(self) -> int:
        """The sum of the movements."""
        return sum(bar.cents for bar in self.bars)


def bridge(
    connection: Connection, period: Period, today: date, scope: Scope | None = None, book: Book | None = None
) -> Bridge:
    """The bridge of a period as known today."""
    book = book or read_book(connection, today, scope)
    return bridge_of(book, standings(book, period), period)


def bridge_of(book: Book, found: Sequence[Standing], period: Period) -> Bridge:
    """The bridge over these standings."""
    currencies = {currency for one in found for currency in (*one.opening, *one.closing)} or {HOME_CURRENCY}
    parts = {currency: _bridge(book, found, period, currency) for currency in sorted(currencies)}
    if len(parts) == 1:
        return next(iter(parts.values()))
    main = parts.get(HOME_CURRENCY) or next(iter(parts.values()))
    return Bridge(
        period, main.currency, main.opening, main.closing, main.bars, main.pending, main.carried, by_currency=parts
    )


def _bridge(book: Book, found: Sequence[Standing], period: Period, currency: str) -> Bridge:
    rows: dict[Move, list[Row]] = {move: [] for move in Move}
    opening = closing = pending = carried = 0
    for one in found:
        was, now = one.opening.get(currency, 0), one.closing.get(currency, 0)
        opening, closing = opening + was, closing + now
        if one.pending and (was or now):
            pending, carried = pending + 1, carried + now
        for move, cents in moves(one, currency).items():
            rows[move].append(book.row(one.life.account_id, moved_on(one, move, period), cents, currency))
    bars = tuple(
        Bar(move, sum(row.cents or 0 for row in listed), tuple(sorted(listed, key=lambda row: (-abs(row.cents or 0), row.id))))
        for move, listed in rows.items()
    )  # fmt: skip
    return Bridge(period, currency, opening, closing, bars, pending, carried)


def moves(one: Standing, currency: str) -> dict[Move, int]:
    """How one account moved in a currency: its one movement, and beside it what was an agreed price rise."""
    was, now = one.opening.get(currency, 0), one.closing.get(currency, 0)
    change = now - was
    if not one.before:
        return {Move.WIN_BACK if one.back_on else Move.NEW: change} if change else {}
    if not one.after:
        return {Move.CHURN: change} if change else {}
    rise = one.rises.get(currency, 0)
    found = {Move.PRICE_RISE: rise} if rise else {}
    if change != rise:
        found[Move.EXPANSION if change > rise else Move.CONTRACTION] = change - rise
    return found


def moved_on(one: Standing, move: Move, period: Period) -> int:
    """The day that a movement is dated by: the last on which the account's ARR changed in the period."""
    if move == Move.CHURN:
        return one.churned_on
    if move == Move.WIN_BACK:
        return one.back_on
    first, last, arr_on = period.start.toordinal(), period.end.toordinal(), one.life.arr_on
    days = sorted(
        (day for start, end, *_rest in one.life.stretches for day in (start, end + 1) if first <= day <= last),
        reverse=True,
    )
    return next((day for day in days if arr_on(day) != arr_on(day - 1)), days[0] if days else last)


def expansions(life: Life, period: Period, rates: Rates) -> list[tuple[int, str, int]]:
    """What was added to an account's ARR on single days of a period, in cents by currency, agreed price rises apart.

    What happens on one day is taken together: a term that is renewed for more adds the difference. A day counts where the
    account was active the day before.
    """
    first, last, joined = period.start.toordinal(), period.end.toordinal(), life.first_on
    if life.in_a_row:
        return _steps_up(life, first, last, rates)
    days = [one[0] for one in life.stretches if first <= one[0] <= last and one[0] != joined]
    found: list[tuple[int, str, int]] = []
    for day in sorted(set(days)) if len(days) > 1 else days:
        for start, end in life.spells:
            if start < day <= end:
                break
        else:
            continue
        was: Cents = {}
        now: Cents = {}
        risen: Cents = {}
        for start, end, cents, rise, currency in life.stretches:
            if start < day <= end + 1:
                was[currency] = was.get(currency, 0) + cents
            if start <= day <= end:
                now[currency] = now.get(currency, 0) + cents
                if rise and start == day:
                    risen[currency] = risen.get(currency, 0) + rise
        if rates:
            was, now, risen = converted(was, rates), converted(now, rates), converted(risen, rates)
        for currency, cents in now.items():
            added = cents - was.get(currency, 0) - risen.get(currency, 0)
            if added > 0:
                found.append((day, currency, added))
    return found


def _steps_up(life: Life, first: int, last: int, rates: Rates) -> list[tuple[int, str, int]]:
    """The same where one stretch follows the other: each is laid against the one before it."""
    found: list[tuple[int, str, int]] = []
    joined = life.first_on
    ended = was = 0
    before = ""
    for start, end, cents, _rise, currency in life.stretches:
        if rates:
            currency, cents = in_home(cents, currency, rates)
        if first <= start <= last and start != joined:
            added = cents - was if ended + 1 == start and before == currency else cents
            if added > 0:
                found.append((start, currency, added))
        ended, was, before = end, cents, currency
    return found
