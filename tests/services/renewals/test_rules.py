"""Windows, forecasts, splits and task days, by the glossary and by what must hold for any of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import RenewalCategory, RenewalCause, RenewalStage, RenewalState
from csdesk.services.core.errors import Problems
from csdesk.services.renewals.rules import (
    CHURNED,
    LATE,
    RENEWED,
    UNJUDGED,
    Due,
    Expected,
    Split,
    Weights,
    due_tasks,
    foresee,
    parse_forecast,
    parse_outcome,
    split,
    spread,
    stage_of,
    task_words,
    window_of,
)
from csdesk.services.settings.rules import days_listed
from tests.conftest import TODAY

MARKS = (120, 90, 60, 30)
CENTS = st.integers(0, 10**12)
CATEGORIES = st.sampled_from([*(category.value for category in RenewalCategory), None])


@pytest.mark.parametrize(
    ("left", "window"),
    [
        (-1, LATE),
        (0, "30"),
        (30, "30"),
        (31, "60"),
        (60, "60"),
        (61, "90"),
        (120, "120"),
        (121, "150"),
        (150, "150"),
        (151, ""),
    ],
)
def test_an_end_stands_in_the_column_of_its_days(left: int, window: str) -> None:
    assert window_of(TODAY + timedelta(left), TODAY) == window


def test_what_was_decided_goes_before_the_stage() -> None:
    assert stage_of(RenewalStage.CONTACTED, RenewalState.OPEN) == RenewalStage.CONTACTED
    assert stage_of(RenewalStage.CONTACTED, RenewalState.RENEWED) == RenewalStage.SIGNED
    assert stage_of(RenewalStage.PROMISED, RenewalState.CHURNED) == RenewalStage.LOST


def test_the_glossarys_examples_split() -> None:
    assert split(100, 120) == Split(100, 20, 0)
    assert split(100, 70) == Split(70, 0, 30)
    assert split(120_000_00, 120_000_00) == Split(120_000_00, 0, 0)


def test_a_price_rise_that_was_agreed_is_no_expansion() -> None:
    assert split(100, 110, 10) == Split(100, 0, 0, 10)
    assert split(100, 130, 10) == Split(100, 20, 0, 10)
    assert split(100, 104, 10) == Split(100, 0, 6, 10)
    assert split(100, 95, 10) == Split(95, 0, 15, 10)


@given(CENTS, CENTS, CENTS)
def test_a_split_adds_up_from_both_sides(target: int, final: int, rise: int) -> None:
    made = split(target, final, rise)
    assert target + made.price_rise + made.expansion - made.contraction == final
    assert made.renewed == min(target, final)
    assert not (made.expansion and made.contraction)


def test_a_forecast_is_weighted_by_category() -> None:
    rows = [
        Expected("commit", 100_00), Expected("likely", 100_00, 80_00), Expected("at_risk", 100_00), Expected("lost", 100_00),
        Expected(None, 100_00),
    ]  # fmt: skip
    made = foresee(rows, Weights(), goal=Decimal("0.9"))
    assert made.target == 500_00
    assert made.shares == {"commit": 100_00, "likely": 100_00, "at_risk": 100_00, "lost": 100_00, UNJUDGED: 100_00}
    assert made.forecast == 100_00 + 80_00 + 100_00 + 100_00
    assert made.weighted == 95_00 + 56_00 + 25_00 + 70_00
    assert made.rate == Decimal(246) / 500
    assert made.missing == 450_00 - 246_00


def test_nothing_to_renew_has_no_rate() -> None:
    made = foresee([], Weights(), without_rate=2)
    assert (made.count, made.target, made.rate, made.missing) == (2, 0, None, None)


@given(st.lists(st.tuples(CATEGORIES, CENTS)))
def test_shares_add_up_and_the_weighted_part_lies_between(rows: list[tuple[str | None, int]]) -> None:
    made = foresee([Expected(category, cents) for category, cents in rows], Weights())
    assert sum(made.shares.values()) == made.target == sum(cents for _category, cents in rows)
    assert 0 <= made.weighted <= made.forecast <= made.target


@given(st.integers(0, 10**10), st.lists(st.integers(0, 10**8), min_size=1, max_size=9))
def test_what_is_spread_is_kept_to_the_cent(whole: int, parts: list[int]) -> None:
    shares = spread(whole, parts)
    assert sum(shares) == whole
    assert len(shares) == len(parts)
    assert all(share >= 0 for share in shares)


def test_all_tasks_ahead_are_made_when_the_first_mark_is_reached() -> None:
    end = TODAY + timedelta(120)
    assert due_tasks(end, MARKS, (), TODAY) == [Due(mark, end - timedelta(mark)) for mark in MARKS]
    assert due_tasks(end + timedelta(1), MARKS, (), TODAY) == []


def test_a_contract_that_comes_late_gets_the_newest_mark_today() -> None:
    end = TODAY + timedelta(50)
    assert due_tasks(end, MARKS, (), TODAY) == [Due(60, TODAY), Due(30, end - timedelta(30))]
    assert due_tasks(TODAY - timedelta(1), MARKS, (), TODAY) == []
    assert due_tasks(end, (), (), TODAY) == []


@given(st.integers(-5, 200), st.sets(st.sampled_from(MARKS)))
def test_no_mark_comes_twice_and_none_lies_behind_today(left: int, made: set[int]) -> None:
    end = TODAY + timedelta(left)
    found = due_tasks(end, MARKS, made, TODAY)
    assert made.isdisjoint(due.mark for due in found)
    assert all(TODAY <= due.on <= end for due in found)
    assert due_tasks(end, MARKS, made | {due.mark for due in found}, TODAY) == []


def test_each_mark_has_its_words() -> None:
    assert "HT-1" in task_words(120, "HT-1")
    assert task_words(45, "HT-1") == "Renewal of HT-1: 45 days to the end"


def test_days_are_read_as_people_list_them() -> None:
    assert days_listed("30, 120\uff0c90\u300160") == (120, 90, 60, 30)
    assert days_listed("") == ()
    assert days_listed("30,x") is None
    assert days_listed("9999") is None


def test_a_forecast_is_read_from_a_form() -> None:
    fields = parse_forecast(
        {"category": "likely", "forecast": "12万", "closes_on": "+7", "target": "", "next_step": " Ask "}, TODAY
    )
    assert fields.category == RenewalCategory.LIKELY
    assert (fields.forecast, fields.target) == (Decimal(120_000), None)
    assert (fields.closes_on, fields.next_step) == (TODAY + timedelta(7), "Ask")


END = date(2026, 12, 31)
WHOLE = {
    "result": RENEWED, "on": "2026-11-20", "number": "HT-2", "start_on": "2027-01-01", "end_on": "2027-12-31",
    "amount": "120000", "cause": "value", "reason": "", "seats": "20", "agreed_rise": "",
}  # fmt: skip


def wrong(**changed: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        parse_outcome(WHOLE | changed, END, TODAY)
    return [problem.field for problem in caught.value.problems]


def test_a_renewal_is_read_from_a_form() -> None:
    fields = parse_outcome(WHOLE, END, TODAY)
    assert fields.renewed
    assert (fields.start_on, fields.end_on) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (fields.amount, fields.seats, fields.agreed_rise) == (Decimal(120_000), 20, None)
    assert fields.cause == RenewalCause.VALUE


def test_what_cannot_be_is_said_at_its_field() -> None:
    assert wrong(result="") == ["result"]
    assert wrong(on="2026-11-24") == ["on"]
    assert wrong(number="") == ["number"]
    assert wrong(end_on="2026-12-30") == ["end_on", "end_on"]
    assert wrong(start_on="2028-01-01") == ["end_on"]
    assert wrong(amount="") == ["amount"]
    assert wrong(amount="x", start_on="x", end_on="x") == ["start_on", "end_on", "amount"]
    assert wrong(result=CHURNED, cause="") == ["cause"]


def test_a_loss_needs_no_next_term() -> None:
    fields = parse_outcome({"result": CHURNED, "cause": "price", "reason": "Too dear"}, END, TODAY)
    assert not fields.renewed
    assert (fields.on, fields.cause, fields.reason) == (TODAY, RenewalCause.PRICE, "Too dear")


TYPED = st.dictionaries(
    st.sampled_from(list(WHOLE)), st.text("0129-+.x, \u4e07\u6708", max_size=12) | st.sampled_from(list(WHOLE.values()))
)


@given(TYPED)
def test_whatever_is_typed_is_read_or_refused(draft: dict[str, str]) -> None:
    try:
        fields = parse_outcome(draft, END, TODAY)
    except Problems:
        return
    assert fields.on <= TODAY
    assert not fields.renewed or (fields.end_on is not None and fields.end_on > END)
