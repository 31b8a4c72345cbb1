"""Exchange rates and targets: read as people write them, one for a day, used only where one was entered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import given

from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.settings.rates import (
    RateFields,
    Rates,
    Remove,
    SetRate,
    SetTarget,
    TargetFields,
    parse_rate,
    parse_target,
    rates,
    rates_on,
    remove_rate,
    remove_target,
    set_rate,
    set_target,
    targets,
    value_text,
)
from tests.conftest import TODAY

FIGURES = {"renewal_rate": True, "amount_collected": False}


def test_of_each_currency_the_newest_rate_that_began_holds(desk: Desk) -> None:
    for currency, day, rate in (
        ("USD", date(2026, 1, 1), "7"),
        ("USD", date(2026, 6, 1), "7.2"),
        ("EUR", date(2027, 1, 1), "8"),
    ):
        desk.do(set_rate, SetRate(RateFields(currency, day, rate)))
    with desk.read() as connection:
        early, now, later = (rates_on(connection, day) for day in (date(2025, 1, 1), TODAY, date(2027, 2, 1)))
    assert (early.home_cents(100, "USD"), now.home_cents(100, "USD"), now.home_cents(100, "EUR")) == (None, 720, None)
    assert (later.home_cents(1, "EUR"), later.home_cents(5, "CNY")) == (8, 5)


def test_a_rate_is_changed_removed_and_stands_once_a_day(desk: Desk) -> None:
    made = desk.do(set_rate, SetRate(RateFields("USD", TODAY, "7"))).value
    with pytest.raises(Problems, match="from this day on already"):
        desk.do(set_rate, SetRate(RateFields("USD", TODAY, "7.1")))
    desk.do(set_rate, SetRate(RateFields("USD", TODAY, "7.1"), made))
    with desk.read() as connection:
        assert [row.rate for row in rates(connection)] == ["7.1"]
    desk.do(remove_rate, Remove(made))
    with desk.read() as connection:
        assert rates(connection) == []


def test_a_target_stands_once_for_its_days(desk: Desk) -> None:
    fields = TargetFields("renewal_rate", date(2026, 1, 1), date(2026, 12, 31), "0.9")
    made = desk.do(set_target, SetTarget(fields)).value
    with pytest.raises(Problems, match="for these days already"):
        desk.do(set_target, SetTarget(fields))
    with desk.read() as connection:
        assert [(row.id, row.value) for row in targets(connection)] == [(made, "0.9")]
    desk.do(remove_target, Remove(made))
    with desk.read() as connection:
        assert targets(connection) == []


@pytest.mark.parametrize(
    ("figure", "typed", "value"),
    [("renewal_rate", "90%", "0.9"), ("renewal_rate", "0.9", "0.9"), ("amount_collected", "1,200,000", "1200000")],
)
def test_a_share_is_written_in_percent_or_as_a_fraction(figure: str, typed: str, value: str) -> None:
    draft = {"figure": figure, "starts_on": "2026-01-01", "ends_on": "2026-12-31", "value": typed}
    assert parse_target(draft, TODAY, FIGURES).value == value


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"figure": "nothing"}, "figure"), ({"value": "90"}, "value"), ({"value": "many"}, "value"),
        ({"ends_on": "2025-01-01"}, "ends_on"), ({"starts_on": ""}, "starts_on"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_target_is_said_at_its_field(draft: dict[str, str], field: str) -> None:
    good = {"figure": "renewal_rate", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "value": "0.9"}
    with pytest.raises(Problems) as refused:
        parse_target(good | draft, TODAY, FIGURES)
    assert [problem.field for problem in refused.value.problems] == [field]


@given(st.fixed_dictionaries({key: st.text(max_size=12) for key in ("currency", "rate", "valid_from")}))
def test_any_rate_is_parsed_or_refused(draft: dict[str, str]) -> None:
    refused: tuple[Problem, ...] = ()
    fields = None
    try:
        fields = parse_rate(draft, TODAY)
    except Problems as error:
        refused = error.problems
    assert (fields is None) is bool(refused)


def test_shares_are_shown_in_percent() -> None:
    assert (value_text("0.95", True), value_text("1200000", False), value_text("odd", True)) == (
        "95%",
        "1,200,000",
        "odd",
    )


def test_cents_are_rounded_half_to_even_and_none_without_a_rate() -> None:
    rates = Rates({"USD": Decimal("7.155"), "VND": Decimal("0.00005")})
    assert rates.home_cents(100_01, "USD") == 715_57
    assert rates.home_cents(100_00, "VND") == 0
    assert rates.home_cents(100_00, "EUR") is None
