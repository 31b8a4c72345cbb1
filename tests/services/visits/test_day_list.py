"""A list of days as text: what people paste, and what it means."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.visits.day_list import day_list_text, parse_day_list
from tests.conftest import TODAY


@pytest.mark.parametrize(
    ("line", "day", "name"),
    [
        ("2027-02-17 off Spring Festival", date(2027, 2, 17), "Spring Festival"),
        ("2027-02-17 Spring Festival", date(2027, 2, 17), "Spring Festival"),
        ("2027-02-17", date(2027, 2, 17), "Day off"),
        ("2027-02-20 work", date(2027, 2, 20), ""),
        ("２０２７－０２－２０　班", date(2027, 2, 20), ""),
        ("2027/2/17 休 春节", date(2027, 2, 17), "春节"),
        ("2月17日 假", date(2026, 2, 17), "Day off"),
    ],
)
def test_a_line_names_a_day(line: str, day: date, name: str) -> None:
    assert parse_day_list(line, TODAY) == {day: name}


@pytest.mark.parametrize("between", ["..", " .. ", "~", "至", " to ", "—", "…"])
def test_a_line_may_name_a_span(between: str) -> None:
    days = parse_day_list(f"2027-02-15{between}2027-02-21 休 春节", TODAY)
    assert list(days) == [date(2027, 2, 15) + timedelta(n) for n in range(7)]
    assert set(days.values()) == {"春节"}


def test_a_later_line_wins_and_remarks_count_for_nothing() -> None:
    text = "# 公司日历\n2027-02-15..2027-02-17 off A\n\n2027-02-16 work\n"
    assert parse_day_list(text, TODAY)[date(2027, 2, 16)] == ""


def test_lines_that_cannot_be_read_are_named_and_nothing_is_taken() -> None:
    with pytest.raises(Problems) as caught:
        parse_day_list("2027-02-17 off\nnext week off\n2027-02-30\n2027-02-17..2027-02-01 off", TODAY, "list")
    (problem,) = caught.value.problems
    assert problem.field == "list"
    lines = problem.message.splitlines()
    assert [line.split(":")[0] for line in lines] == ["Line 2", "Line 3", "Line 4"]


@given(st.dictionaries(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.sampled_from(["", "春节", "Fair in Bonn"])))
def test_what_is_written_is_read_again(own: dict[date, str]) -> None:
    assert parse_day_list(day_list_text(own), TODAY) == own


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    problems: tuple[Problem, ...] = ()
    days: dict[date, str] = {}
    try:
        days = parse_day_list(text, TODAY)
    except Problems as refused:
        problems = refused.problems
    assert all(problem.message for problem in problems)
    assert len(days) <= 366 * len(text.splitlines())
