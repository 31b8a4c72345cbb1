"""What makes a task, and when the next of a series is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.models.vocabulary import Repeat
from csdesk.services.core.errors import Problems
from csdesk.services.tasks.rules import day_of_series, later_days, next_day, parse, repeats_text

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))
EVERY = st.integers(1, 99)


def test_a_task_is_read_as_it_was_typed() -> None:
    fields = parse({"text": " 发培训资料 ", "due_on": "+7", "repeats": "monthly", "repeat_every": "3"}, TODAY)
    assert (fields.text, fields.due_on) == ("发培训资料", date(2026, 11, 30))
    assert (fields.repeats, fields.repeat_every) == (Repeat.MONTHLY, 3)


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ({}, {"text"}),
        ({"text": "x", "repeats": "weekly"}, {"due_on"}),
        ({"text": "x", "due_on": "soon"}, {"due_on"}),
        ({"text": "x", "due_on": "+1", "repeats": "hourly"}, {"repeats"}),
        ({"text": "x", "repeat_every": "0"}, {"repeat_every"}),
        ({"text": "x", "repeat_every": "100"}, {"repeat_every"}),
    ],
)
def test_what_is_wrong_is_named_at_its_field(draft: dict[str, str], wrong: set[str]) -> None:
    with pytest.raises(Problems) as refused:
        parse(draft, TODAY)
    assert {problem.field for problem in refused.value.problems} == wrong


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["text", "due_on", "owner", "repeats", "repeat_every", "notes"]), st.text()))
def test_any_draft_is_a_task_or_problems(draft: dict[str, str]) -> None:
    try:
        fields = parse(draft, TODAY)
    except Problems:
        return
    assert fields.text
    assert fields.repeats is None or fields.due_on is not None


@pytest.mark.parametrize(
    ("first", "repeats", "every", "after", "wanted"),
    [
        (date(2026, 1, 31), Repeat.MONTHLY, 1, date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 1, 31), Repeat.MONTHLY, 1, date(2026, 2, 28), date(2026, 3, 31)),
        (date(2028, 2, 29), Repeat.YEARLY, 1, date(2028, 2, 29), date(2029, 2, 28)),
        (date(2028, 2, 29), Repeat.YEARLY, 1, date(2031, 3, 1), date(2032, 2, 29)),
        (date(2026, 3, 2), Repeat.WEEKLY, 1, date(2026, 3, 20), date(2026, 3, 23)),
        (date(2026, 3, 2), Repeat.WEEKLY, 2, date(2026, 3, 2), date(2026, 3, 16)),
        (date(2026, 3, 2), Repeat.DAILY, 3, date(2026, 3, 5), date(2026, 3, 8)),
        (date(2026, 3, 15), Repeat.MONTHLY, 3, date(2026, 3, 15), date(2026, 6, 15)),
    ],
)
def test_the_next_day_keeps_the_rhythm(first: date, repeats: Repeat, every: int, after: date, wanted: date) -> None:
    assert next_day(first, repeats, every, after) == wanted


@settings(deadline=None)
@given(DAYS, st.sampled_from(Repeat), EVERY, st.integers(0, 20_000))
def test_the_next_day_is_the_first_of_the_series_after(first: date, repeats: Repeat, every: int, later: int) -> None:
    after = first + timedelta(later)
    found = next_day(first, repeats, every, after)
    assert found is not None
    assert found > after
    number = 0
    while (day := day_of_series(first, repeats, every, number)) is not None and day <= after:
        number += 1
    assert found == day


@given(DAYS, st.sampled_from(Repeat), EVERY)
def test_a_series_never_drifts(first: date, repeats: Repeat, every: int) -> None:
    days = [day_of_series(first, repeats, every, number) for number in range(14)]
    known = [day for day in days if day is not None]
    assert known[0] == first
    assert known == sorted(set(known))
    if repeats in (Repeat.MONTHLY, Repeat.YEARLY):
        assert all(day.day == first.day or (day + timedelta(1)).day == 1 for day in known)


def test_a_series_ends_with_the_calendar() -> None:
    assert next_day(date(9999, 12, 30), Repeat.YEARLY, 1, date(9999, 12, 30)) is None
    assert next_day(date(9999, 12, 30), Repeat.DAILY, 9, date(9999, 12, 30)) is None


@given(DAYS)
def test_every_day_to_put_off_to_lies_ahead(today: date) -> None:
    offered = later_days(today)
    assert all(today < later.day <= today + timedelta(31) for later in offered)
    assert offered[2].day.weekday() == 0


def test_a_rhythm_is_said_in_words() -> None:
    assert repeats_text(None, 1) == ""
    assert repeats_text("weekly", 1) == "Weekly"
    assert repeats_text("monthly", 3) == "Every 3 months"
