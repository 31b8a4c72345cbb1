"""What goes into a chart is what is drawn: every value a mark of its own, in its place and size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from csdesk.services.core import texts
from csdesk.services.kpi.charts import CohortLine, EndingMonth, Part, TrendMonth, level
from csdesk.services.kpi.movements import Bar, Bridge, Move
from csdesk.services.kpi.rules import Period
from csdesk.ui.core.chart import Drawing, Spot, ink_of, paint
from csdesk.ui.core.tokens import DARK, LIGHT
from csdesk.ui.kpi.bars import calendar_drawing, forecast_drawing, parts_drawing
from csdesk.ui.kpi.cohorts import cohorts_drawing
from csdesk.ui.kpi.drawings import HATCH, bridge_drawing, bridge_floor, trend_drawing

SIZES = st.sampled_from([(240, 160), (480, 260), (960, 540)])
SHARES = st.none() | st.fractions(0, 3, max_denominator=997)
INK = ink_of()
MONTHS = [date(2026, month, 1) for month in range(1, 13)]


def drawn(drawing: Drawing, wide: int = 640, high: int = 280) -> tuple[Any, Sequence[Spot]]:
    """The figure with everything on it, and its spots."""
    figure = Figure(figsize=(wide / 72, high / 72), dpi=72)
    FigureCanvasAgg(figure)
    return figure, drawing(figure, INK)


def bars(axes: Any) -> list[Any]:
    """The bars that were drawn, in their order."""
    return [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_label() == "_nolegend_"]


def in_place(spots: Sequence[Spot]) -> bool:
    return all(-0.001 <= one.left < one.right <= 1.001 and -0.001 <= one.top < one.bottom <= 1.001 for one in spots)


def trend(lost: Sequence[int], provisional: int = 0) -> list[TrendMonth]:
    return [
        TrendMonth(
            MONTHS[place], count, 80, Fraction(98 - place, 100), Fraction(101 + place, 100),
            place >= len(lost) - provisional,
        )
        for place, count in enumerate(lost)
    ]  # fmt: skip


def test_the_trend_draws_both_rates_and_every_lost_account() -> None:
    months = trend([2, 0, 3, 1])
    figure, spots = drawn(trend_drawing(months))
    lines, below = figure.axes
    net, gross = (line for line in lines.lines if len(line.get_xdata()) == 4)
    assert list(net.get_ydata()) == pytest.approx([101, 102, 103, 104])
    assert list(gross.get_ydata()) == pytest.approx([98, 97, 96, 95])
    assert net.get_marker() != gross.get_marker()
    assert net.get_linestyle() != gross.get_linestyle()
    assert [(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in below.patches] == [(0, 2), (2, 3), (3, 1)]
    assert [text.get_text() for text in below.texts] == ["2", "0", "3", "1", "1 lost"]
    assert [spot.key for spot in spots] == [("month", month.first) for month in months]
    assert spots[2].told == "March 2026: 3 of 80 accounts lost, GRR 96.0\u00a0%, NRR 103.0\u00a0%"


def test_months_that_may_change_are_hatched_and_say_so() -> None:
    figure, spots = drawn(trend_drawing(trend([1, 1, 1], provisional=1)))
    assert [bar.get_hatch() for bar in figure.axes[1].patches] == ["", "", HATCH]
    assert sum(patch.get_hatch() == HATCH for patch in figure.axes[0].patches) == 1
    assert ["may still change" in spot.told for spot in spots] == [False, False, True]


def test_a_changed_definition_leaves_a_mark() -> None:
    months = trend([1, 1, 1])
    plain = len(drawn(trend_drawing(months))[0].axes[0].lines)
    months[1] = TrendMonth(MONTHS[1], 1, 80, None, None, changed=("grace: 30 → 45",))
    figure, spots = drawn(trend_drawing(months))
    assert len(figure.axes[0].lines) == plain + 2
    assert {float(line.get_xdata()[0]) for line in figure.axes[0].lines[-2:]} == {0.5}
    assert spots[1].told.endswith("grace: 30 → 45")


def test_a_definition_changed_after_the_last_month_is_marked_at_its_end() -> None:
    months = trend([1, 1, 1])
    months[2] = replace(months[2], changed_later=("grace: 30 → 45",))
    figure, spots = drawn(trend_drawing(months))
    assert {float(line.get_xdata()[0]) for line in figure.axes[0].lines[-2:]} == {2.5}
    assert spots[2].told.endswith("grace: 30 → 45")


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.builds(TrendMonth, st.sampled_from(MONTHS), st.integers(0, 400), st.integers(0, 400), SHARES, SHARES,
                       st.booleans()), min_size=1, max_size=14), SIZES,
)  # fmt: skip
def test_any_trend_is_drawn(months: list[TrendMonth], size: tuple[int, int]) -> None:
    spots = paint(trend_drawing(months), *size, INK).spots
    assert [spot.key for spot in spots] == [("month", month.first) for month in months]
    assert in_place(spots)


def bridge(opening: int, **moves: int) -> Bridge:
    made = tuple(Bar(move, moves.get(move.value, 0), ()) for move in Move)
    return Bridge(
        Period(date(2026, 10, 1), date(2026, 10, 31)), "CNY", opening, opening + sum(moves.values()), made
    )  # fmt: skip


def test_the_bridge_hangs_from_opening_to_closing() -> None:
    view = bridge(165800000, new=2860000, expansion=4540000, win_back=680000, contraction=-940000, churn=-1400000)
    figure, spots = drawn(bridge_drawing(view))
    found = [
        (round(bar.get_y() * 100000), round((bar.get_y() + bar.get_height()) * 100000))
        for bar in figure.axes[0].patches
    ]
    floor = bridge_floor(view)
    assert 0 < floor < 165800000
    assert found == [
        (floor, 165800000), (165800000, 168660000), (168660000, 173200000), (173200000, 173880000),
        (172940000, 173880000), (171540000, 172940000), (floor, 171540000),
    ]  # fmt: skip
    assert view.closing == 171540000
    told = [spot.told for spot in spots]
    assert told[0] == "10-01: 1,658,000 CNY"
    assert told[-2:] == ["Churned: −14,000 CNY", "10-31: 1,715,400 CNY"]
    assert [spot.key[1] for spot in spots] == [
        "opening",
        "new",
        "expansion",
        "win_back",
        "contraction",
        "churn",
        "closing",
    ]


def test_what_little_moved_can_be_seen_above_a_high_floor() -> None:
    view = bridge(2528988000, new=3312000, expansion=1824000, contraction=-432000)
    floor = bridge_floor(view)
    highest = view.opening + 5136000
    assert 0 < floor < view.opening
    assert (highest - floor) * 0.4 < 5136000
    assert not bridge_floor(bridge(165800000))


def test_what_falls_is_hollow_and_a_price_rise_has_a_bar_where_there_is_one() -> None:
    figure, spots = drawn(bridge_drawing(bridge(1000000, price_rise=5000, churn=-20000)))
    keys = [spot.key[1] for spot in spots]
    assert "price_rise" in keys
    looks = dict(zip(keys, figure.axes[0].patches, strict=True))
    surface = ink_of()["surface"]
    assert _hex(looks["churn"].get_facecolor()) == surface
    assert _hex(looks["price_rise"].get_facecolor()) == INK["ink_green"]


def _hex(color: Any) -> str:
    return "#" + "".join(f"{round(part * 255):02X}" for part in color[:3])


AMOUNTS = st.integers(0, 10**12)


@settings(max_examples=15, deadline=None)
@given(AMOUNTS, st.lists(AMOUNTS, min_size=6, max_size=6), SIZES)
def test_any_bridge_is_drawn(opening: int, found: list[int], size: tuple[int, int]) -> None:
    lost = [-min(opening // 2, found[4]), -min(opening // 2, found[5])]
    moves = dict(zip((move.value for move in Move), [*found[:4], *lost], strict=True))
    spots = paint(bridge_drawing(bridge(opening, **moves)), *size, INK).spots
    assert in_place(spots)
    assert (spots[0].key, spots[-1].key) == (("move", "opening"), ("move", "closing"))


def cohorts(count: int) -> list[CohortLine]:
    shares = [Fraction(1), Fraction(92, 100), Fraction(3, 2), None, Fraction(2, 3)]
    return [CohortLine(MONTHS[n], f"2026-{n + 1:02d}", 9 + n, tuple(shares[: 5 - n])) for n in range(count)]


def test_the_grid_has_a_cell_for_each_known_share_as_dark_as_it_is() -> None:
    figure, spots = drawn(cohorts_drawing(cohorts(2), ("Month", "Accounts")))
    axes = figure.axes[0]
    cells = {
        _hex(cloud.get_facecolor()[0]): len(cloud.get_paths())
        for cloud in axes.collections
        if isinstance(cloud, PolyCollection)
    }
    heats = [level(share) for line in cohorts(2) for share in line.shares if share is not None]
    assert cells == {INK[f"heat_{dark}"]: heats.count(dark) for dark in set(heats)}
    assert [spot.key for spot in spots] == [
        ("cohort", MONTHS[0], 0), ("cohort", MONTHS[0], 1), ("cohort", MONTHS[0], 2), ("cohort", MONTHS[0], 4),
        ("cohort", MONTHS[1], 0), ("cohort", MONTHS[1], 1), ("cohort", MONTHS[1], 2),
    ]  # fmt: skip
    shown = [text.get_text() for text in axes.texts]
    assert shown.count("150") == 2
    assert spots[2].told == "2026-01, 9 accounts at first: 150.0\u00a0% after 2"


def test_a_grid_without_room_shows_the_newest_cohorts() -> None:
    _figure, spots = drawn(cohorts_drawing(cohorts(4), ("Month", "Accounts")), 300, 70)
    assert {spot.key[1] for spot in spots} == set(MONTHS[2:4])


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_every_step_of_the_grid_can_be_read(tokens: Any) -> None:
    for dark in range(1, 7):
        words = tokens.on_accent if dark >= 5 else tokens.text
        assert _contrast(words, getattr(tokens, f"heat_{dark}")) >= 4.5


def _contrast(one: str, other: str) -> float:
    def light(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


PARTS = [
    Part("price", "Price", 4, 42000000),
    Part("people", "Our sponsor left", 2, 84000000),
    Part("", "Not said", 0, 0),
]


@pytest.mark.parametrize(("by_amount", "shares"), [(False, [1, 0.5]), (True, [0.5, 1])])
def test_parts_are_as_long_as_what_they_count(by_amount: bool, shares: list[float]) -> None:
    figure, spots = drawn(parts_drawing(PARTS, by_amount))
    found = [patch for patch in figure.axes[0].patches if _hex(patch.get_facecolor()) == INK["accent"]]
    track = figure.axes[0].patches[0].get_width()
    assert [patch.get_width() / track for patch in found] == pytest.approx(shares)
    assert [spot.key for spot in spots] == [("part", "price"), ("part", "people"), ("part", "")]
    assert spots[0].told == "Price: 4, 420.0k CNY"


ENDINGS = [
    EndingMonth(MONTHS[0], 5000000, 2000000, 2500000, 500000, 5000000, 4000000, 7),
    EndingMonth(MONTHS[1], 0),
    EndingMonth(MONTHS[2], 3000000, 0, 3000000, 0, 3000000, 2100000, 3),
]


def test_the_calendar_stacks_what_became_of_what_ends() -> None:
    figure, spots = drawn(calendar_drawing(ENDINGS))
    stacked = [(bar.get_y(), bar.get_height(), bar.get_hatch()) for bar in figure.axes[0].patches[:4]]
    assert stacked == [(0, 20, ""), (20, 25, HATCH), (45, 5, ""), (0, 30, HATCH)]
    assert [spot.key for spot in spots] == [("ends", first) for first in MONTHS[:3]]
    assert spots[0].told == ("January 2026: 7 contracts end, 50.0k CNY; renewed 20.0k, undecided 25.0k, lost 5.0k")


def test_the_forecast_stands_inside_its_target() -> None:
    figure, spots = drawn(forecast_drawing(ENDINGS))
    heights = [bar.get_height() for bar in figure.axes[0].patches[:6]]
    assert heights == [50, 40, 0, 0, 30, 21]
    assert [text.get_text() for text in figure.axes[0].texts[:3]] == ["80\u00a0%", "—", "70\u00a0%"]
    assert spots[2].told == "March 2026: forecast 21.0k CNY of target 30.0k CNY, 70.0\u00a0%"


def test_words_are_chinese_where_that_is_spoken() -> None:
    texts.install("zh_CN")
    figure, _spots = drawn(calendar_drawing(ENDINGS))
    assert figure.axes[0].get_xticklabels()[1].get_text() == "2月"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=14), SIZES)
def test_any_months_are_drawn(found: list[tuple[int, int, int, int]], size: tuple[int, int]) -> None:
    months = [
        EndingMonth(MONTHS[place % 12], renewed + waiting + lost, renewed, waiting, lost, forecast // 2, forecast, 1)
        for place, (renewed, waiting, lost, forecast) in enumerate(found)
    ]
    for drawing in (calendar_drawing(months), forecast_drawing(months)):
        spots = paint(drawing, *size, INK).spots
        assert len(spots) == len(months)
        assert in_place(spots)
