"""Terms and ARR by the glossary."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.core import formats, texts
from csdesk.services.core.money import anniversary, arr_cents, term_months, typed_amount


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 3, 1), date(2027, 2, 28), 12),
        (date(2026, 3, 1), date(2027, 3, 1), 12),
        (date(2028, 2, 29), date(2029, 2, 28), 12),
        (date(2026, 1, 1), date(2026, 1, 31), 1),
        (date(2026, 1, 1), date(2028, 12, 31), 36),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 3, 1), date(2027, 2, 25), 12),
    ],
)
def test_whole_terms(start: date, end: date, months: int) -> None:
    assert term_months(start, end) == months


def test_days_left_over_are_a_share_of_the_month_that_follows() -> None:
    assert term_months(date(2026, 1, 1), date(2026, 2, 14)) == 1 + Fraction(14, 28)


def test_a_term_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        term_months(date(2026, 1, 2), date(2026, 1, 1))


def test_a_day_that_a_month_lacks_is_the_first_of_the_next() -> None:
    assert anniversary(date(2026, 1, 31), 1) == date(2026, 3, 1)
    assert anniversary(date(2026, 12, 31), 2) == date(2027, 3, 1)


def test_two_years_at_240_000_are_120_000_a_year() -> None:
    assert arr_cents(Decimal(240_000), date(2026, 1, 1), date(2027, 12, 31)) == 12_000_000


def test_arr_is_rounded_half_to_even_to_the_cent() -> None:
    assert arr_cents(Decimal("0.01"), date(2026, 1, 1), date(2027, 12, 31)) == 0
    assert arr_cents(Decimal("0.03"), date(2026, 1, 1), date(2027, 12, 31)) == 2


DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(DAYS, st.integers(0, 4000))
def test_a_longer_term_is_never_shorter_in_months(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    assert 0 < term_months(start, end) <= term_months(start, end + timedelta(days=40))


@pytest.mark.parametrize(
    ("language", "currency", "told"),
    [("en", "CNY", "1,200 CNY"), ("zh_CN", "CNY", "1,200 元"), ("zh_CN", "USD", "1,200 USD")],
)
def test_the_home_currency_is_called_as_people_call_it(language: str, currency: str, told: str) -> None:
    texts.install(language)
    try:
        assert formats.money_in(Decimal(1200), currency) == told
    finally:
        texts.install("en")


@pytest.mark.parametrize(("amount", "typed"), [("205920.00", "205920"), ("0.5", "0.50"), ("-12", "-12"), (None, "")])
def test_a_field_holds_an_amount_as_it_is_typed(amount: str | None, typed: str) -> None:
    assert typed_amount(None if amount is None else Decimal(amount)) == typed
