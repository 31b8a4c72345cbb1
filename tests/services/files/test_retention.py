"""Which backups are kept, by a table; and never too few, whatever the clock says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.files.retention import Scheme, to_remove

TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Copy:
    sequence: int
    day: date
    verified: bool = True


def copies(*ages: int, verified: bool = True) -> list[Copy]:
    """Backups of the given ages in days, oldest first."""
    oldest_first = sorted(ages, reverse=True)
    return [Copy(number, TODAY - timedelta(age), verified) for number, age in enumerate(oldest_first, 1)]


def ages_left(made: list[Copy], scheme: Scheme = Scheme()) -> list[int]:
    gone = to_remove(made, scheme)
    return [(TODAY - copy.day).days for copy in made if copy not in gone]


SMALL = Scheme(all_days=2, daily=3, weekly=2, monthly=2, at_least=1)

TABLE = [
    ("all of today and of the day before", [0, 0, 0, 1, 1], [1, 1, 0, 0, 0]),
    ("one a day before that", [0, 1, 2, 2, 2, 3, 3], [3, 2, 1, 0]),
    ("three single days, then one a week", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [8, 5, 4, 3, 2, 1, 0]),
    ("one a month after the weeks", [0, 1, 2, 3, 4, 10, 17, 40, 45, 75, 80], [75, 40, 17, 10, 4, 3, 2, 1, 0]),
    ("nothing older than the last month of the scheme", [0, 1, 2, 3, 4, 10, 17, 40, 75, 105, 135], [75, 40, 17, 10, 4, 3, 2, 1, 0]),
    ("a pause is no reason to thin", [400, 401, 402, 403, 404], [404, 403, 402, 401, 400]),
    ("none", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("what", "ages", "left"), TABLE, ids=[row[0] for row in TABLE])
def test_scheme(what: str, ages: list[int], left: list[int]) -> None:
    assert ages_left(copies(*ages), SMALL) == left, what


def test_usual_scheme_over_two_years_of_daily_backups() -> None:
    left = ages_left(copies(*range(730)))
    assert left[-14:] == list(range(13, -1, -1))
    assert len(left) == 2 + 12 + 10 + 9


def test_never_fewer_than_the_newest_verified() -> None:
    made = copies(*([50] * 8))
    made += [Copy(100 + day, TODAY - timedelta(40 - day), verified=False) for day in range(40)]
    gone = to_remove(made, Scheme(at_least=5, weekly=0, monthly=0))
    kept_verified = [copy for copy in made if copy.verified and copy not in gone]
    assert [copy.sequence for copy in kept_verified] == [4, 5, 6, 7, 8]


def test_clock_five_years_ahead_for_one_backup_costs_none() -> None:
    made = copies(*range(14))
    ahead = [*made, Copy(99, TODAY + timedelta(days=1826))]
    gone = to_remove(ahead, Scheme())
    assert len(gone) <= 1
    back = [*ahead, *(Copy(100 + number, TODAY) for number in range(3))]
    assert not any(copy.sequence >= 99 for copy in to_remove(back, Scheme()))


def test_clock_two_years_back_keeps_the_newest_by_sequence() -> None:
    made = [*copies(*range(40)), *(Copy(200 + number, TODAY - timedelta(days=730)) for number in range(6))]
    gone = to_remove(made, Scheme())
    assert not any(copy.sequence >= 200 for copy in gone)


@given(st.lists(st.tuples(st.integers(-3000, 3000), st.booleans()), max_size=120))
def test_any_history_keeps_the_newest_and_is_stable(days: list[tuple[int, bool]]) -> None:
    made = [Copy(number, TODAY + timedelta(days=day), good) for number, (day, good) in enumerate(days)]
    scheme = Scheme()
    gone = to_remove(made, scheme)
    left = [copy for copy in made if copy not in gone]
    assert [copy for copy in made if copy.verified][-5:] == [copy for copy in left if copy.verified][-5:]
    assert made[-1:] == left[-1:]
    assert len(left) <= len(made)
    assert len({copy.day for copy in left}) <= 2 + 12 + 10 + 9 + 5
