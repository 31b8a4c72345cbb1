"""Charts of any length and any words: a spot for each bar, all inside the picture."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from csdesk.services.core import texts
from csdesk.services.kpi.requirements import view_of
from csdesk.services.kpi.rules import Period
from csdesk.services.kpi.stages import Cut, Facts
from csdesk.ui.core.chart import file_bytes, ink_of, paint
from csdesk.ui.core.periods import Length, days_of, title_of, turned
from csdesk.ui.tickets.figure_drawings import (
    Bar,
    bars_drawing,
    days_per_stage,
    months_drawing,
    open_by_state,
    top_by_arr,
)

BARS = st.builds(
    lambda words, length, mark: Bar(words, length, f"{length:.0f}", words, words, mark),
    st.text("aW <$&按班组汇总报工数据", max_size=60), st.floats(0, 10**9), st.none() | st.floats(0, 10**9),
)  # fmt: skip
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@settings(max_examples=25, deadline=None)
@given(st.lists(BARS, min_size=1, max_size=14), st.sampled_from([(240, 160), (480, 260), (960, 540)]))
@example([Bar("", 1.1e-308, "0", "", "")], (240, 160))
def test_any_bars_are_drawn_one_below_the_other(bars: list[Bar], size: tuple[int, int]) -> None:
    spots = paint(bars_drawing(bars), *size, ink_of()).spots
    assert [spot.key for spot in spots] == [bar.key for bar in bars]
    for spot in spots:
        assert 0 <= spot.left < spot.right <= 1.001
        assert 0 <= spot.top < spot.bottom <= 1.001
    assert [spot.top for spot in spots] == sorted(spot.top for spot in spots)


def test_an_empty_portfolio_has_bars_without_length() -> None:
    facts = Facts((), {}, (), date(2026, 11, 23))
    view = view_of(facts, Period(date(2026, 10, 1), date(2026, 12, 31)), Cut())
    assert {bar.length for bar in open_by_state(view)} == {0}
    assert {bar.end for bar in days_per_stage(view)} == {"—"}
    assert top_by_arr(view) == []
    spots = paint(months_drawing(view), 480, 260, ink_of()).spots
    assert [spot.key for spot in spots] == [("month", date(2026, month, 1)) for month in range(6, 12)]
    assert b"06" in file_bytes(months_drawing(view), "svg")


@given(DAYS, st.sampled_from(list(Length)), st.integers(-40, 40))
def test_periods_stand_side_by_side(day: date, length: Length, by: int) -> None:
    first, last = days_of(length, day)
    assert first <= day <= last
    assert days_of(length, turned(length, day, 1))[0] == date.fromordinal(last.toordinal() + 1)
    assert turned(length, turned(length, day, by), -by) == first


def test_periods_have_names() -> None:
    day = date(2026, 11, 23)
    assert [title_of(length, day) for length in Length] == ["November 2026", "Quarter 4 of 2026", "Year 2026"]
    texts.install("zh_CN")
    assert title_of(Length.QUARTER, day) == "2026 年第 4 季度"
