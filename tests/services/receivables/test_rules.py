"""Instalments from terms, a table read back, ages, what a payment is laid against."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.receivables.rules import (
    BUCKETS,
    RHYTHMS,
    Instalment,
    PaidState,
    Rhythm,
    bucket_of,
    custom_instalments,
    instalments,
    laid_oldest_first,
    paid_state,
    parse_instalment,
    parse_invoice,
    parse_payment,
    parse_reminder,
    proposed_rhythm,
    rate_text,
    table_text,
)
from tests.conftest import TODAY

AMOUNTS = st.decimals("0.01", "10000000", places=2)
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [
        (Rhythm.ONCE, ["2026-03-01"]),
        (Rhythm.HALVES, ["2026-03-01", "2026-09-01"]),
        (Rhythm.YEARLY, ["2026-03-01"]),
        (Rhythm.HALF_YEARLY, ["2026-03-01", "2026-09-01"]),
        (Rhythm.QUARTERLY, ["2026-03-01", "2026-06-01", "2026-09-01", "2026-12-01"]),
    ],
)
def test_a_year_is_paid_in_its_rhythm(rhythm: Rhythm, days: list[str]) -> None:
    rows = instalments(rhythm, Decimal(1000), date(2026, 3, 1), date(2027, 2, 28))
    assert [str(row.due_on) for row in rows] == days


def test_the_last_instalment_takes_what_does_not_divide() -> None:
    rows = instalments(Rhythm.MONTHLY, Decimal(100), date(2026, 1, 31), date(2026, 4, 29))
    assert [(row.due_on, row.amount) for row in rows] == [
        (date(2026, 1, 31), Decimal("33.33")), (date(2026, 3, 1), Decimal("33.33")), (date(2026, 3, 31), Decimal("33.34")),
    ]  # fmt: skip


@given(st.sampled_from([rhythm for rhythm in Rhythm if rhythm != Rhythm.CUSTOM]), AMOUNTS, DAYS, st.integers(0, 4000))
def test_instalments_come_to_the_amount_and_a_table_says_the_same(
    rhythm: Rhythm, amount: Decimal, start: date, length: int
) -> None:
    rows = instalments(rhythm, amount, start, start + timedelta(length))
    assert sum(row.amount for row in rows) == amount
    assert [row.due_on for row in rows] == sorted({row.due_on for row in rows if row.due_on})
    assert custom_instalments(table_text(rows), None, TODAY) == rows


@pytest.mark.parametrize(
    ("words", "rhythm"),
    [
        ("\u6309\u5b63\u5ea6\u4ed8\u6b3e", Rhythm.QUARTERLY), ("50/50", Rhythm.HALVES), ("Quarterly in advance", Rhythm.QUARTERLY),
        ("\u7b7e\u7ea6\u540e\u4e00\u6b21\u4ed8\u6e05", Rhythm.ONCE), ("\u6bcf\u6708\u4ed8", Rhythm.MONTHLY), ("", Rhythm.ONCE), ("net 30", Rhythm.ONCE),
    ],
)  # fmt: skip
def test_terms_propose_a_rhythm(words: str, rhythm: Rhythm) -> None:
    assert proposed_rhythm(words) == rhythm


def test_a_table_takes_percent_and_names_its_wrong_lines() -> None:
    rows = custom_instalments("2026-03-01 40% on signing\n\n- 60%", Decimal(1000), TODAY)
    assert rows == (Instalment(date(2026, 3, 1), Decimal(400), "on signing"), Instalment(None, Decimal(600)))
    with pytest.raises(Problems, match=r"Line 1: .* is not a date.*Line 2: a day and an amount"):
        custom_instalments("soon 5\n2026-03-01", None, TODAY)
    with pytest.raises(Problems, match="One instalment a line"):
        custom_instalments(" \n", None, TODAY)


@given(st.text(max_size=60))
def test_any_table_is_read_or_refused(text: str) -> None:
    fields = set()
    try:
        rows = custom_instalments(text, Decimal(100), TODAY)
    except Problems as error:
        rows, fields = (), {problem.field for problem in error.problems}
    assert rows or fields == {"table"}


@given(
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(1, 99), st.integers(-50, 5000)), unique_by=lambda row: row[0]),
)
def test_what_is_laid_and_what_is_left_is_what_came_in(cents: int, missing: list[tuple[int, int]]) -> None:
    laid, rest = laid_oldest_first(cents, missing)
    lacks = dict(missing)
    assert sum(laid.values()) + rest == cents
    assert all(0 < part <= lacks[row] for row, part in laid.items())
    assert rest == 0 or all(laid.get(row, 0) == max(0, lack) for row, lack in missing)


@given(st.none() | DAYS, DAYS)
def test_each_debt_has_one_age(due: date | None, today: date) -> None:
    bucket = bucket_of(due, today)
    late = 0 if due is None else (today - due).days
    assert bucket.key == next(
        (one.key for one in BUCKETS if one.least is not None and one.least <= late <= (one.most or 10**9)), "not_due"
    )


@pytest.mark.parametrize(
    ("amount", "paid", "days", "state"),
    [
        (5, 5, -1, "paid"),
        (5, 0, -1, "overdue"),
        (5, 4, -1, "overdue"),
        (5, 4, 0, "part"),
        (5, 0, 0, "open"),
        (5, 9, 3, "paid"),
    ],
)
def test_states_of_an_instalment(amount: int, paid: int, days: int, state: str) -> None:
    assert paid_state(amount, paid, TODAY + timedelta(days), TODAY) == PaidState(state)


@given(
    st.fixed_dictionaries(
        {
            key: st.text(max_size=12)
            for key in ("amount", "paid_on", "due_on", "number", "tax_rate", "sent_on", "reminded_on")
        }
    )
)
def test_any_draft_is_parsed_or_refused(draft: dict[str, str]) -> None:
    for parse in (parse_payment, parse_instalment, parse_invoice, parse_reminder):
        refused: tuple[Problem, ...] = ()
        made: object = None
        try:
            made = parse(draft, TODAY)
        except Problems as error:
            refused = error.problems
        assert (made is None) is bool(refused)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"amount": "0", "paid_on": "2026-11-01"}, "amount"), ({"amount": "5", "paid_on": ""}, "paid_on"),
        ({"amount": "5", "paid_on": "2026-11-24"}, "paid_on"), ({"amount": "-5", "paid_on": "2026-11-01"}, "amount"),
    ],
)  # fmt: skip
def test_a_payment_needs_an_amount_and_a_day_that_has_come(draft: dict[str, str], field: str) -> None:
    with pytest.raises(Problems) as refused:
        parse_payment(draft, TODAY)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_an_invoice_is_not_sent_before_it_was_written() -> None:
    good = parse_invoice({"number": "1", "tax_rate": "6.5%", "invoiced_on": "2026-11-02"}, TODAY)
    assert (good.tax_rate, rate_text(good.tax_rate), rate_text(1300), rate_text(0)) == (650, "6.5%", "13%", "0%")
    with pytest.raises(Problems) as refused:
        parse_invoice({"number": "", "invoiced_on": "2026-11-02", "sent_on": "2026-11-01", "tax_rate": "6.125"}, TODAY)
    assert {problem.field for problem in refused.value.problems} == {"number", "sent_on", "tax_rate"}


def test_every_rhythm_has_a_name() -> None:
    assert set(RHYTHMS) == set(Rhythm)


def test_percentages_that_make_up_the_whole_lose_no_cent() -> None:
    rows = custom_instalments("2026-01-01 50%\n2026-07-01 50%", Decimal("100.01"), TODAY)
    assert [row.amount for row in rows] == [Decimal("50.00"), Decimal("50.01")]
    third = custom_instalments("2026-01-01 30%\n2026-07-01 30%", Decimal("100.01"), TODAY)
    assert [row.amount for row in third] == [Decimal("30.00"), Decimal("30.00")]


def test_a_payment_says_all_that_is_wrong_at_once() -> None:
    with pytest.raises(Problems) as told:
        parse_payment({"paid_on": "soon", "amount": ""}, TODAY)
    assert {problem.field for problem in told.value.problems} == {"amount", "paid_on"}
