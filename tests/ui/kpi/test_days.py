"""The days of the dashboard: periods side by side, own days that go on by their own number, what was remembered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.ui.core.periods import Length
from csdesk.ui.kpi.days import FIRST, OWN, Days, around, last_whole_month, remembered
from csdesk.ui.kpi.layout import CHARTS, COLUMNS, TILES, Layout, heights, layout_of, places

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2004, 1, 1), date(2100, 1, 1))


@given(DAYS, st.sampled_from([*Length, OWN]), st.integers(0, 400), st.integers(-30, 30))
def test_turning_leaves_neither_gap_nor_overlap(day: date, length: str, long: int, by: int) -> None:
    days = Days(OWN, day, day + timedelta(long)) if length == OWN else around(length, day)
    assert days.turned(1).start == days.end + timedelta(1)
    assert days.turned(by).turned(-by) == days
    assert remembered(days.as_json(), TODAY) == days


def test_own_days_stop_at_the_edge_of_time() -> None:
    days = Days(OWN, FIRST, FIRST + timedelta(9))
    assert days.turned(-1) == days
    assert days.turned(10**9) == days


def test_another_length_shows_what_was_seen_last() -> None:
    month = around("month", date(2026, 5, 9))
    assert month.as_length("quarter", TODAY) == around("quarter", date(2026, 6, 30))
    assert month.as_length(OWN, TODAY) == Days(OWN, date(2026, 5, 1), date(2026, 5, 31))
    assert around("year", TODAY).as_length("month", TODAY) == around("month", TODAY)


def test_a_fresh_dashboard_shows_the_last_whole_month() -> None:
    assert last_whole_month(TODAY) == Days("month", date(2026, 10, 1), date(2026, 10, 31))
    assert last_whole_month(date(2026, 1, 1)).end == date(2025, 12, 31)


@pytest.mark.parametrize(
    "kept",
    [{}, {"length": "own"}, {"length": "week", "start": "2026-01-01", "end": "2026-01-07"},
     {"length": "own", "start": "2026-02-01", "end": "2026-01-01"}, {"length": "month", "start": 7, "end": None}],
)  # fmt: skip
def test_what_cannot_be_read_starts_afresh(kept: dict[str, object]) -> None:
    assert remembered(kept, TODAY) == last_whole_month(TODAY)


@given(st.lists(st.sampled_from(list(CHARTS)), unique=True), st.booleans())
def test_charts_fill_their_rows_and_never_lie_above_each_other(charts: list[str], narrow: bool) -> None:
    found = places(charts, narrow)
    assert [key for key, *_place in found] == charts
    taken: set[tuple[int, int]] = set()
    for _key, row, left, span in found:
        cells = {(row, column) for column in range(left, left + span)}
        assert not cells & taken
        taken |= cells
    assert all(heights(found)[row] >= CHARTS[key].high for key, row, *_rest in found)
    rows = {row for row, _column in taken}
    assert taken == {(row, column) for row in rows for column in range(COLUMNS)}


def test_a_layout_survives_what_is_not_known_any_more() -> None:
    known = [*TILES, "ltv"]
    kept = Layout(("ltv", "renewal_rate"), ("bridge",))
    assert layout_of(kept.as_json(), known) == kept
    assert layout_of({"tiles": ["gone", "ltv", "ltv", 3], "charts": "trend"}, known) == Layout(("ltv",))
    assert layout_of(None, known) == Layout()
