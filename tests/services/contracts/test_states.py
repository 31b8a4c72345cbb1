"""Terms that follow each other, shares of amounts, numbers, states: pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import ContractAction, ContractState, RenewalState
from csdesk.services.contracts.states import (
    CONTRACT_ACTIONS,
    actions_of,
    next_number,
    next_term,
    price_of,
    proposed_day,
    rest_of,
    state_of,
)
from csdesk.services.core.money import arr_cents, term_months

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "following"),
    [
        (date(2026, 3, 1), date(2027, 2, 28), (date(2027, 3, 1), date(2028, 2, 29))),
        (date(2028, 2, 29), date(2029, 2, 28), (date(2029, 3, 1), date(2030, 2, 28))),
        (date(2026, 1, 1), date(2027, 12, 31), (date(2028, 1, 1), date(2029, 12, 31))),
        (date(2026, 1, 1), date(2026, 2, 14), (date(2026, 2, 15), date(2026, 3, 31))),
    ],
)
def test_the_next_term_is_as_long(start: date, end: date, following: tuple[date, date]) -> None:
    assert next_term(start, end) == following


def test_a_term_that_begins_on_29_february_ends_on_28() -> None:
    assert next_term(date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29)) == (date(2028, 2, 29), date(2029, 2, 28))


@given(start=DAYS, months=st.integers(1, 36))
def test_whole_months_stay_whole_months(start: date, months: int) -> None:
    first, last = next_term(start - timedelta(days=1), start - timedelta(days=1), start)
    assert (first, last) == (start, start)
    assert term_months(*next_term(*_months(start, months))) == months


def _months(start: date, months: int) -> tuple[date, date]:
    from csdesk.services.core.money import anniversary

    return start, anniversary(start, months) - timedelta(days=1)


def test_a_year_cut_in_the_middle_falls_apart_into_halves() -> None:
    assert rest_of(Decimal(12000), date(2026, 1, 1), date(2026, 12, 31), date(2026, 7, 1)) == Decimal(6000)


@given(cents=st.integers(1, 10**9), start=DAYS, days=st.integers(2, 900), cut=st.integers(1, 899))
def test_the_rest_is_part_of_the_amount(cents: int, start: date, days: int, cut: int) -> None:
    end = start + timedelta(days=days)
    rest = rest_of(Decimal(cents).scaleb(-2), start, end, start + timedelta(days=min(cut, days)))
    assert 0 <= rest <= Decimal(cents).scaleb(-2) * 2


@given(arr=st.integers(1, 10**9), start=DAYS, months=st.integers(12, 60))
def test_a_price_made_of_arr_gives_that_arr_back(arr: int, start: date, months: int) -> None:
    assert arr_cents(price_of(arr, *_months(start, months)), *_months(start, months)) == arr


@pytest.mark.parametrize(
    ("number", "taken", "proposed"),
    [
        ("HT-2025-017", set(), "HT-2026-017"),
        ("20250301A", set(), "20260301A"),
        ("HT-2025-017", {"HT-2026-017"}, "HT-2025-017-2"),
        ("A17", {"A17"}, "A17-2"),
        ("A17-2", {"A17", "A17-2"}, "A17-3"),
    ],
)
def test_a_number_is_proposed_that_is_free(number: str, taken: set[str], proposed: str) -> None:
    assert next_number(number, date(2025, 3, 1), date(2026, 3, 1), taken) == proposed


@pytest.mark.parametrize(
    ("start", "end", "decided", "terminated", "state"),
    [
        (date(2027, 1, 1), date(2027, 12, 31), "open", None, ContractState.UPCOMING),
        (date(2026, 1, 1), date(2027, 12, 31), "open", None, ContractState.RUNNING),
        (date(2026, 1, 1), None, "open", None, ContractState.RUNNING),
        (date(2026, 1, 1), date(2027, 4, 22), "open", None, ContractState.ENDING),
        (date(2026, 1, 1), date(2027, 4, 23), "open", None, ContractState.RUNNING),
        (date(2026, 1, 1), TODAY, "open", None, ContractState.ENDING),
        (date(2026, 1, 1), date(2026, 11, 22), "open", None, ContractState.ENDED_OPEN),
        (date(2026, 1, 1), date(2026, 12, 31), "renewed", date(2026, 5, 1), ContractState.RENEWED),
        (date(2026, 1, 1), date(2026, 12, 31), "churned", None, ContractState.CHURNED),
        (date(2026, 1, 1), date(2026, 12, 31), "churned", date(2026, 5, 1), ContractState.TERMINATED),
        (date(2026, 1, 1), date(2027, 12, 31), "open", date(2026, 5, 1), ContractState.RUNNING),
    ],
)
def test_states(start: date, end: date | None, decided: str, terminated: date | None, state: ContractState) -> None:
    assert state_of(start, end, RenewalState(decided), terminated, TODAY) == state


def test_each_state_says_what_is_allowed_and_a_renewed_one_is_not_renewed_again() -> None:
    assert CONTRACT_ACTIONS.keys() == set(ContractState)
    assert ContractAction.RENEW not in CONTRACT_ACTIONS[ContractState.RENEWED]
    assert set().union(*CONTRACT_ACTIONS.values()) == set(ContractAction)


def test_what_is_followed_is_not_offered_to_be_renewed_or_opened() -> None:
    for state in ContractState:
        offered = actions_of(state, followed=True)
        assert offered == CONTRACT_ACTIONS[state] - {ContractAction.RENEW, ContractAction.CORRECT}
        assert actions_of(state, followed=False) == CONTRACT_ACTIONS[state]


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2025, 12, 1), date(2026, 1, 2)), (date(2026, 1, 1), date(2026, 1, 2)),
        (date(2026, 5, 5), date(2026, 5, 5)), (date(2027, 5, 5), date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_an_amendment_is_proposed_from_a_day_that_can_be(today: date, day: date) -> None:
    assert proposed_day(date(2026, 1, 1), date(2026, 12, 31), today) == day
    assert proposed_day(None, None, today) == today
