"""The accounts by ARR as a drawing: a bar each in the colour of its tier, the share reached as a line above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext

if TYPE_CHECKING:
    from csdesk.services.tiers.queries import Pareto, Ranked
    from csdesk.ui.core.chart import Drawing, Ink, Spot

MOST_BARS = 240
"""More accounts than this share bars, neighbours in the order of ARR together."""
NAMED = 12
"""So few bars carry their names."""
LETTERS = {"A": "a", "B": "b", "C": "c"}
ROOM_LEFT, ROOM_RIGHT, ROOM_TOP, ROOM_BOTTOM = 56, 64, 34, 30


@dataclass(frozen=True)
class Bar:
    """Accounts that are neighbours in the order of ARR; mostly one."""

    first: int
    accounts: tuple[Ranked, ...]

    @property
    def last(self) -> int:
        """Rank of the smallest of them."""
        return self.first + len(self.accounts) - 1


def pareto_drawing(view: Pareto) -> Drawing:
    """The drawing of a portfolio."""
    return partial(_draw, view)


def bars_of(view: Pareto) -> list[Bar]:
    """A bar an account, or as many accounts a bar as it takes."""
    size = -(-len(view.ranked) // MOST_BARS) or 1
    return [Bar(start + 1, view.ranked[start : start + size]) for start in range(0, len(view.ranked), size)]


def _draw(view: Pareto, figure: Any, ink: Ink) -> Sequence[Spot]:
    from csdesk.ui.core.chart import bare, spot

    wide, high = figure.get_size_inches() * 72
    box = (
        ROOM_LEFT / wide,
        ROOM_BOTTOM / high,
        1 - (ROOM_LEFT + ROOM_RIGHT) / wide,
        1 - (ROOM_TOP + ROOM_BOTTOM) / high,
    )
    axes = figure.add_axes(box)
    bare(axes, ink)
    bars, (cents, unit) = bars_of(view), formats.money_unit()
    heights = [bar.accounts[0].arr_cents / cents for bar in bars]
    highest = max(heights, default=1) * 1.06
    count = len(view.ranked)
    axes.set_xlim(0.5, count + 0.5)
    axes.set_ylim(0, highest)
    axes.yaxis.grid(True, color=ink["grid"], linewidth=1)
    axes.yaxis.set_major_locator(_ticks(5))
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:,.0f}" if highest > 4 else f"{value:,.1f}")
    _mark_head(axes, view, ink, highest)
    gap = 0.24 if count <= 120 else 0
    axes.bar(
        [(bar.first + bar.last) / 2 for bar in bars], heights, [len(bar.accounts) - gap for bar in bars],
        color=[_color(bar, ink) for bar in bars], linewidth=[0 if _tier(bar) else 1 for bar in bars],
        edgecolor=ink["control"], zorder=3,
    )  # fmt: skip
    _name_ranks(axes, view, ink, wide - ROOM_LEFT - ROOM_RIGHT)
    above = 1 + 8 / (high - ROOM_TOP - ROOM_BOTTOM)
    home = view.currency == HOME_CURRENCY
    words = _("ARR ({unit} CNY)").format(unit=unit) if home else f"{_('ARR')} ({unit} {view.currency})"
    axes.text(0, above, words, transform=axes.transAxes, color=ink["muted"], fontsize=ink.caption, va="bottom")
    _line(axes, view, ink, above)
    return [
        spot(
            axes, bar.first - 0.5, bar.last + 0.5, 0, max(height, highest * 0.06), _key(bar), _told(bar, view.currency)
        )
        for bar, height in zip(bars, heights, strict=True)
    ]


def _ticks(most: int) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(most)


def _mark_head(axes: Any, view: Pareto, ink: Ink, highest: float) -> None:
    """The bands A, B and C as tinted grounds with their letters; a line at the end of the largest 20 %."""
    edges = (0, *view.bands, len(view.ranked))
    for letter, start, end in zip("ABC", edges, edges[1:], strict=False):
        if end > start:
            axes.axvspan(start + 0.5, end + 0.5, color=ink[f"{letter.lower()}_bg"], alpha=0.55, linewidth=0, zorder=0)
            axes.annotate(
                letter, ((start + end + 1) / 2, highest * 0.62), (0, 0), textcoords="offset points", ha="center",
                color=ink[letter.lower()], fontsize=ink.body * 1.35, fontweight="bold", zorder=6,
            )  # fmt: skip
    edge = view.head + 0.5
    axes.axvline(edge, color=ink["accent"], linewidth=1, linestyle=(0, (3, 3)), zorder=1)
    words = _("Largest 20 %: {head}, {share}").format(
        head=ngettext("{n} account", "{n} accounts", view.head).format(n=formats.number(view.head)),
        share=formats.percent(view.head_share),
    )
    axes.annotate(
        words, (edge, highest), (6, -4), textcoords="offset points", color=ink["text"], fontsize=ink.caption,
        fontweight="bold", va="top", ha="left", zorder=5,
    )  # fmt: skip


def _name_ranks(axes: Any, view: Pareto, ink: Ink, wide: float) -> None:
    count = len(view.ranked)
    if count <= NAMED:
        axes.set_xticks(range(1, count + 1))
        room = max(2, int(wide / max(1, count) / ink.caption) - 1)
        axes.set_xticklabels([_short(one.name, room) for one in view.ranked])
        return
    step = next(step for step in (5, 10, 20, 50, 100, 200, 500, *range(1000, 10**7, 1000)) if count / step <= 12)
    places = [1, *range(step, count + 1, step)]
    axes.set_xticks(places)
    axes.set_xticklabels([f"{place:,}" for place in places])


def _short(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 1] + "…"


def _line(axes: Any, view: Pareto, ink: Ink, above: float) -> None:
    from csdesk.ui.core.chart import bare

    share = axes.twinx()
    bare(share, ink)
    share.spines["bottom"].set_visible(False)
    share.set_ylim(0, 106)
    share.set_yticks([0, 20, 40, 60, 80, 100])
    share.yaxis.set_major_formatter(lambda value, _place: f"{value:.0f}\u00a0%")
    ranks = [0.5, *range(1, len(view.ranked) + 1)]
    reached = [0.0, *(one.reached * 100 for one in view.ranked)]
    share.plot(ranks, reached, color=ink["ink_blue"], linewidth=2, zorder=4, solid_joinstyle="round")
    if view.head_share is not None:
        share.plot([view.head], [view.head_share * 100], "o", color=ink["ink_blue"], markersize=6, zorder=5)
    share.text(
        1, above, _("Share reached"), transform=share.transAxes, color=ink["ink_blue"], fontsize=ink.caption,
        va="bottom", ha="right",
    )  # fmt: skip


def _tier(bar: Bar) -> str | None:
    """The tier that most of its accounts have."""
    tiers = [one.tier for one in bar.accounts]
    return max(dict.fromkeys(tiers), key=tiers.count)


def _color(bar: Bar, ink: Ink) -> str:
    tier = _tier(bar)
    return ink[LETTERS[tier]] if tier in LETTERS else ink["surface"]


def _key(bar: Bar) -> tuple[str, Any]:
    if len(bar.accounts) == 1:
        return ("account", bar.accounts[0].id)
    return ("between", (bar.accounts[-1].arr_cents, bar.accounts[0].arr_cents))


def _told(bar: Bar, currency: str) -> str:
    first = bar.accounts[0]
    if len(bar.accounts) > 1:
        words = _("Ranks {first} to {last}: ARR {least} to {most}")
        return words.format(
            first=bar.first, last=bar.last, most=formats.money_short_in(first.arr_cents, currency),
            least=formats.money_short_in(bar.accounts[-1].arr_cents, currency),
        )  # fmt: skip
    words = _("{rank}. {name}: tier {tier}, ARR {amount}, together {share}")
    return words.format(
        rank=bar.first, name=first.name, tier=first.tier or formats.NOTHING,
        amount=formats.money_short_in(first.arr_cents, currency), share=formats.percent(first.reached),
    )  # fmt: skip
