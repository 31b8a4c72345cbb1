"""Weekends, holidays, working Saturdays, years to come, the user's own list."""

from __future__ import annotations

from datetime import date

import pytest

from csdesk.services.core import texts
from csdesk.services.visits.workdays import (
    Absence,
    Workdays,
    absence_on,
    absences,
    own_days,
    stored_absences,
    stored_days,
)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 23), ""),
        (date(2026, 11, 28), "Weekend"),
        (date(2026, 10, 1), "National Day"),
        (date(2026, 10, 10), ""),
        (date(2026, 2, 17), "Spring Festival"),
        (date(2026, 9, 25), "Mid-Autumn Festival"),
        (date(2031, 10, 2), "National Day"),
        (date(2031, 10, 9), ""),
    ],
)
def test_the_announced_calendar_and_the_law(day: date, name: str) -> None:
    assert Workdays().name(day) == name
    assert Workdays().is_workday(day) is (name == "")


def test_a_saturday_worked_for_a_holiday_is_marked() -> None:
    assert Workdays().is_shifted(date(2026, 10, 10))
    assert not Workdays().is_shifted(date(2026, 10, 9))


def test_years_not_announced_are_named() -> None:
    assert Workdays().known(2026)
    assert not Workdays().known(2031)
    notes = Workdays().notes(date(2030, 12, 28), date(2031, 1, 4))
    assert [note[:24] for note in notes] == ["The holidays of 2030 are", "The holidays of 2031 are"]
    assert Workdays().notes(date(2026, 1, 1), date(2026, 12, 31)) == []


def test_the_users_own_list_comes_first() -> None:
    own = Workdays({date(2031, 1, 4): "", date(2031, 1, 6): "Founding day"})
    assert own.is_workday(date(2031, 1, 4))
    assert own.name(date(2031, 1, 6)) == "Founding day"
    assert own.known(2031)
    assert own.notes(date(2031, 1, 1), date(2031, 2, 1)) == []


def test_names_are_translated() -> None:
    texts.install("zh_CN")
    assert Workdays().name(date(2026, 10, 1)) == "\u56fd\u5e86\u8282"


def test_lists_survive_the_settings_and_nonsense_is_ignored() -> None:
    own = {date(2031, 1, 4): "", date(2031, 1, 6): "Founding day"}
    assert own_days(stored_days(own)) == own
    assert own_days([["never", "x"], 7, ["2031-01-04"], ["2031-01-05", "y"]]) == {date(2031, 1, 5): "y"}
    away = [
        Absence(date(2026, 11, 25), date(2026, 11, 25), "meeting", 2),
        Absence(date(2026, 11, 26), date(2026, 12, 1)),
    ]
    assert absences(stored_absences(away)) == away
    assert absences([{"from": "x"}, None, "y"]) == []
    assert absence_on(date(2026, 11, 25), away) == away[0]
    assert absence_on(date(2026, 12, 2), away) is None
