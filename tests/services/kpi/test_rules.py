"""The formulas, by the glossary: on examples worked out by hand, and for anything."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.kpi.rules import (
    ADDED_LATER,
    EXCUSED,
    NO_TIER,
    PENDING,
    Instalment,
    Kind,
    Paid,
    Period,
    PlannedVisit,
    Row,
    SeenAccount,
    collected,
    collection,
    coverage,
    execution,
    on_planned_day,
    overdue_cadence,
    postponed_twice,
    unknown,
)

WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))
DAYS = st.dates(date(2026, 11, 1), date(2026, 12, 5))


def row(number: int, cents: int | None = None, currency: str = "CNY", entity: str = "visits") -> Row:
    return Row(entity, number, number, f"N{number}", cents=cents, currency=currency)


def planned(
    number: int, baseline: int | None, done: int | None = None, excused: bool = False, moved: int = 0
) -> PlannedVisit:
    """Days of November."""
    day = [None if one is None else date(2026, 11, one) for one in (baseline, done)]
    return PlannedVisit(row(number), day[0], day[1], excused, moved)


def test_execution_is_measured_against_the_baseline() -> None:
    visits = [
        planned(1, 16, 16),
        planned(2, 17, 19),
        planned(3, 18, 23),
        planned(4, 19),
        planned(5, 20, excused=True),
        planned(6, None, 20),
        planned(7, 23, 20),
        planned(8, 22, 13),
    ]
    figure = execution(visits, WEEK)
    assert (figure.numerator, figure.denominator) == (3, 5)
    assert [one.id for one in figure.counted] == [1, 2, 8]
    assert {one.id: reason for one, reason in figure.left_out} == {5: EXCUSED, 6: ADDED_LATER}
    assert figure.as_json() == {"value": 0.6, "numerator": 3, "denominator": 5, "excused": 1, "added_later": 1}
    assert on_planned_day(visits, WEEK).value == Fraction(1, 5)


def test_nothing_planned_is_nothing_measured() -> None:
    figure = execution([planned(1, None, 18)], WEEK)
    assert figure.value is None
    assert figure.as_json()["value"] is None
    assert execution([planned(1, 18, excused=True)], WEEK).value is None
    assert unknown("save_rate", Kind.RATE).as_json() == {"value": None, "numerator": 0, "denominator": 0}


VISITS = st.builds(
    PlannedVisit, st.integers(1, 9).map(row), st.none() | DAYS, st.none() | DAYS, st.booleans(), st.integers(0, 4)
)


@given(st.lists(VISITS, max_size=30), DAYS, st.integers(0, 20))
def test_execution_never_exceeds_the_whole(visits: list[PlannedVisit], start: date, days: int) -> None:
    period = Period(start, start + timedelta(days))
    done, punctual = execution(visits, period), on_planned_day(visits, period)
    assert done.value is None or 0 <= done.value <= 1
    assert punctual.denominator == done.denominator
    assert punctual.numerator <= done.numerator
    in_base = sum(visit.baseline_on in period for visit in visits)
    assert (done.denominator or 0) + done.beside["excused"] == in_base
    assert postponed_twice(visits, period).denominator == in_base


def test_a_visit_moved_twice_counts_where_it_was_planned() -> None:
    figure = postponed_twice([planned(1, 16, moved=2), planned(2, 17, moved=1), planned(3, 23, moved=5)], WEEK)
    assert (figure.numerator, figure.denominator) == (1, 2)


def seen(number: int, tier: str | None, last: int | None, seen: bool = False, pending: bool = False) -> SeenAccount:
    day = None if last is None else WEEK.end - timedelta(last)
    return SeenAccount(row(number, entity="accounts"), tier, seen, day, 30, pending)


def test_coverage_counts_active_accounts_of_a_tier() -> None:
    accounts = [seen(1, "A", 3, True), seen(2, "A", 40), seen(3, "B", 3, True), seen(4, "A", 3, True, pending=True)]
    figure = coverage(accounts, "A")
    assert (figure.numerator, figure.denominator) == (1, 2)
    assert [(one.id, reason) for one, reason in figure.left_out] == [(4, PENDING)]
    assert coverage(accounts, "C").value is None


def test_the_longest_wait_stands_first() -> None:
    accounts = [seen(1, "A", 30), seen(2, "B", 31), seen(3, "A", 90), seen(4, None, 400), seen(5, "C", None)]
    figure = overdue_cadence(accounts, WEEK.end)
    assert [one.id for one in figure.counted] == [3, 2]
    assert figure.denominator == 4
    assert [(one.id, reason) for one, reason in figure.left_out] == [(4, NO_TIER)]


def due(number: int, day: int | None, cents: int, contract: int = 1, currency: str = "CNY") -> Instalment:
    on = None if day is None else date(2026, 11, day)
    return Instalment(number, contract, on, cents, currency)


def paid(cents: int, day: int | None, instalment: int | None = None, contract: int = 1) -> Paid:
    on = None if day is None else date(2026, 11, day)
    return Paid(cents, contract, instalment, on, cents)


def test_an_opening_payment_is_laid_against_the_oldest_instalment() -> None:
    entries = [due(3, None, 900), due(2, 18, 500), due(1, 2, 300)]
    figure = collection(entries, [paid(400, None)], WEEK)
    assert (figure.numerator, figure.denominator) == (100, 500)
    assert collected([paid(400, None), paid(70, 16), paid(9, 23)], WEEK).numerator == 70


def test_no_more_is_collected_than_was_due_and_later_money_does_not_count() -> None:
    entries = [due(1, 16, 500), due(2, 20, 500)]
    figure = collection(entries, [paid(900, 17, 1), paid(200, 23, 2)], WEEK)
    assert (figure.numerator, figure.denominator) == (500, 1000)
    assert figure.as_json()["value"] == 0.5
    assert figure.as_json()["numerator"] == "5.00"


def test_currencies_are_never_added_up() -> None:
    entries = [due(1, 16, 500), due(2, 16, 300, 2, "USD")]
    told = collection(entries, [paid(250, 16, 1), paid(300, 16, 2, 2)], WEEK).as_json()
    assert told["value"] is None
    assert told["by_currency"]["CNY"] == {"value": 0.5, "numerator": "2.50", "denominator": "5.00"}
    assert told["by_currency"]["USD"]["value"] == 1.0
    alone = collection([due(2, 16, 300, 2, "USD")], [], WEEK).as_json()
    assert (alone["value"], alone["currency"]) == (0.0, "USD")


MONEY = st.integers(1, 10**9)


@given(
    st.lists(st.tuples(st.none() | st.integers(1, 30), MONEY, st.integers(1, 3)), max_size=12),
    st.lists(st.tuples(MONEY, st.none() | st.integers(1, 30), st.integers(1, 12), st.booleans()), max_size=12),
)
def test_collection_lies_between_nothing_and_all(
    dues: list[tuple[int | None, int, int]], sums: list[tuple[int, int | None, int, bool]]
) -> None:
    entries = [due(number, day, cents, contract) for number, (day, cents, contract) in enumerate(dues, 1)]
    money = [paid(cents, day, at if named else None, at % 3 + 1) for cents, day, at, named in sums]
    figure = collection(entries, money, WEEK)
    assert figure.value is None or 0 <= figure.value <= 1
    assert figure.denominator == sum(entry.cents for entry in entries if entry.due_on in WEEK)
    assert figure.numerator <= sum(one.cents for one in money)
