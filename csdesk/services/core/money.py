"""Terms, ARR and cents, by the glossary's formulas. Decimal only; no float touches money."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache

CENT = Decimal("0.01")
MAX_AMOUNT = Decimal("1e12")
"""Above a trillion an amount is a slip of the keyboard, and would leave 64 bits after a few additions."""


def anniversary(start: date, months: int) -> date:
    """The day ``months`` months after ``start``; a day that the month lacks is the first of the next month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)


@lru_cache(maxsize=4096)
def term_months(start: date, end: date) -> Fraction:
    """Length of a term in months, both days included (glossary, ARR).

    Whole months from start towards the day after end, plus the days left over ÷ the days of the month that follows;
    a term within 4 days of whole months counts as whole. Raises ValueError where end lies before start.
    """
    if end < start:
        raise ValueError("a term cannot end before it starts")
    after = end + timedelta(days=1)
    whole = (after.year - start.year) * 12 + after.month - start.month
    while anniversary(start, whole) > after:
        whole -= 1
    last, following = anniversary(start, whole), anniversary(start, whole + 1)
    left = (after - last).days
    if whole > 0 and left <= 4:
        return Fraction(whole)
    if (following - after).days <= 4:
        return Fraction(whole + 1)
    return whole + Fraction(left, (following - last).days)


def arr_cents(amount: Decimal, start: date, end: date) -> int:
    """ARR of a recurring line in whole cents, rounded half to even: amount ÷ term in months × 12."""
    months = term_months(start, end)
    above, below = amount.as_integer_ratio()
    whole, rest = divmod(above * 1200 * months.denominator, below * months.numerator)
    twice, half = 2 * rest, below * months.numerator
    return whole + (twice > half or (twice == half and whole % 2 == 1))


def to_amount(cents: int | None) -> Decimal | None:
    """The amount of integer cents, None for none."""
    return None if cents is None else Decimal(cents).scaleb(-2)


def typed_amount(amount: Decimal | None) -> str:
    """As a person types it into a field: no separators, cents only where there are some; empty for none."""
    return "" if amount is None else f"{amount:.2f}".removesuffix(".00")


def round_cent(amount: Decimal) -> Decimal:
    """To the cent, half to even."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)
