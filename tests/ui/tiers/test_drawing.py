"""The chart of any portfolio: one bar an account as long as there is room, then neighbours together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.services.core import texts
from csdesk.services.tiers.queries import Pareto, Ranked
from csdesk.services.tiers.rules import head_count
from csdesk.ui.core.chart import ink_of, paint
from csdesk.ui.tiers.drawing import MOST_BARS, bars_of, pareto_drawing


def portfolio(amounts: list[int]) -> Pareto:
    amounts = sorted(amounts, reverse=True)
    total, reached, ranked = sum(amounts), 0, []
    for place, amount in enumerate(amounts):
        reached += amount
        ranked.append(Ranked(place, f"泽 $N{place}$ <b>", (None, "A", "B", "C")[place % 4], amount, reached / total))
    count = len(amounts)
    return Pareto(tuple(ranked), (), total, head_count(count), (head_count(count), head_count(count, 50)))


@given(st.lists(st.integers(1, 10**13), min_size=1, max_size=1500))
def test_every_account_stands_in_one_bar(amounts: list[int]) -> None:
    view = portfolio(amounts)
    bars = bars_of(view)
    assert len(bars) <= MOST_BARS
    assert [one.id for bar in bars for one in bar.accounts] == list(range(len(amounts)))
    assert bars[-1].last == len(amounts)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 10**13), min_size=1, max_size=300), st.sampled_from(["en", "zh_CN"]))
def test_any_portfolio_is_drawn_and_its_bars_stand_beside_each_other(amounts: list[int], language: str) -> None:
    texts.install(language)
    spots = paint(pareto_drawing(portfolio(amounts)), 480, 260, ink_of()).spots
    assert len(spots) == len(bars_of(portfolio(amounts)))
    assert all(0 < one.left < one.right < 1 and 0 < one.top < one.bottom < 1 for one in spots)
    assert all(one.right == pytest.approx(after.left) for one, after in pairwise(spots))


def test_a_bar_of_many_tells_their_range() -> None:
    spots = paint(pareto_drawing(portfolio(list(range(1, 501)))), 480, 260, ink_of()).spots
    assert spots[0].key == ("between", (498, 500))
    assert spots[0].told.startswith("Ranks 1 to 3")
