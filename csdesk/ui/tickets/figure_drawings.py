"""The charts of the figures: open tickets by state, days a stage takes, answers in time by month, demands by ARR.

No chart needs its colours to be told apart: every bar has its words and its number beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext

if TYPE_CHECKING:
    from csdesk.services.kpi.requirements import RequirementView
    from csdesk.ui.core.chart import Drawing, Ink, Spot

ROOM_RIGHT, ROOM_TOP, ROOM_BOTTOM = 76, 8, 8


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its length, what stands at its end, a mark further on (None: none), what it leads to, what it says."""

    words: str
    length: float
    end: str
    key: Any
    told: str
    mark: float | None = None


def bars_drawing(bars: Sequence[Bar]) -> Drawing:
    """Bars that lie below each other, from the first to the last."""
    return partial(_draw_bars, tuple(bars))


TITLES = {
    "states": N_("Open tickets by state"),
    "days": N_("Days a stage takes"),
    "months": N_("Answered in time by month"),
    "top": N_("Top demands by ARR"),
}
"""The charts of the page, in their order."""


def drawings_of(view: RequirementView) -> dict[str, Drawing | None]:
    """By chart: what it draws, None where there is nothing."""
    states, days, top = open_by_state(view), days_per_stage(view), top_by_arr(view)
    any_month = any(figure.denominator for _first, figure in view.months)
    return {
        "states": bars_drawing(states) if any(bar.length for bar in states) else None,
        "days": bars_drawing(days) if any(bar.mark is not None for bar in days) else None,
        "months": months_drawing(view) if any_month else None,
        "top": bars_drawing(top) if top else None,
    }


def open_by_state(view: RequirementView) -> list[Bar]:
    """How many tickets are open in each state."""
    from csdesk.services.kpi.figures import REQUIREMENT_FIGURES

    bars = []
    for key, figure in view.figures.items():
        if key.startswith("open_") and key != "open_tickets":
            name = _(REQUIREMENT_FIGURES[key].name)
            count = ngettext("{n} ticket", "{n} tickets", figure.numerator).format(n=formats.number(figure.numerator))
            bars.append(Bar(name, figure.numerator, formats.number(figure.numerator), key, f"{name}: {count}"))
    return bars


def days_per_stage(view: RequirementView) -> list[Bar]:
    """The median of each stage as a bar, the 90th percentile as a mark."""
    from csdesk.services.kpi.figures import REQUIREMENT_FIGURES
    from csdesk.services.kpi.rules import Spread
    from csdesk.services.kpi.wording import short_text

    bars = []
    for key, figure in view.figures.items():
        if isinstance(figure, Spread):
            name = _(REQUIREMENT_FIGURES[key].name)
            end = formats.NOTHING if figure.median is None else f"{figure.median} / {figure.ninetieth}"
            bars.append(Bar(name, figure.median or 0, end, key, f"{name}: {short_text(figure)}", figure.ninetieth))
    return bars


def top_by_arr(view: RequirementView) -> list[Bar]:
    """The open demands with the most ARR behind them."""
    bars = []
    for one in view.top:
        accounts = ngettext("{n} account", "{n} accounts", one.accounts).format(n=formats.number(one.accounts))
        amount = formats.money_short(one.arr_cents)
        told = _(", ").join((one.row.account, accounts, _("ARR {amount}").format(amount=amount)))
        bars.append(
            Bar(one.row.account, one.arr_cents / 100, _short_amount(one.arr_cents), ("demand", one.row.id), told)
        )
    return bars


def _short_amount(cents: int) -> str:
    """The amount in the unit that people count in, without the currency."""
    unit, name = formats.money_unit()
    return f"{cents / unit:,.1f}{name}"


def _draw_bars(bars: Sequence[Bar], figure: Any, ink: Ink) -> Sequence[Spot]:
    from csdesk.ui.core.chart import fitting, spot, words_width

    wide, high = figure.get_size_inches() * 72
    left = min(wide * 0.46, max(words_width(bar.words, ink) for bar in bars) + 20)
    room = max(40.0, wide - left - ROOM_RIGHT)
    axes = figure.add_axes((left / wide, ROOM_BOTTOM / high, room / wide, 1 - (ROOM_TOP + ROOM_BOTTOM) / high))
    axes.set_axis_off()
    longest = max((max(bar.length, bar.mark or 0, 1) for bar in bars), default=1)
    axes.set_xlim(0, longest)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    thick = min(0.62, 26 / max(1, high / max(1, len(bars))))
    axes.barh(range(len(bars)), [bar.length for bar in bars], thick, color=ink["accent"], zorder=3)
    axes.axvline(0, color=ink["control"], linewidth=1, zorder=4)
    for place, bar in enumerate(bars):
        _mark(axes, place, bar, thick, ink)
        axes.annotate(
            fitting(bar.words, left - 14, ink), (0, place), (-8, 0), textcoords="offset points", ha="right", va="center",
            color=ink["text"], fontsize=ink.caption, annotation_clip=False,
        )  # fmt: skip
        axes.annotate(
            bar.end, (max(bar.length, bar.mark or 0), place), (8, 0), textcoords="offset points", ha="left", va="center",
            color=ink["text"], fontsize=ink.caption, annotation_clip=False,
        )  # fmt: skip
    least = longest * 0.04
    return [
        spot(axes, 0, max(bar.length, bar.mark or 0, least), place + 0.45, place - 0.45, bar.key, bar.told)
        for place, bar in enumerate(bars)
    ]


def _mark(axes: Any, place: int, bar: Bar, thick: float, ink: Ink) -> None:
    """A line from the bar's end to the mark, with a stroke across where it ends."""
    if bar.mark is None:
        return
    axes.plot([bar.length, bar.mark], [place, place], color=ink["muted"], linewidth=2, zorder=2)
    axes.plot([bar.mark] * 2, [place - thick / 2.4, place + thick / 2.4], color=ink["muted"], linewidth=2, zorder=4)


def months_drawing(view: RequirementView) -> Drawing:
    """The share answered in time, a column a month."""
    return partial(_draw_months, view)


def _draw_months(view: RequirementView, figure: Any, ink: Ink) -> Sequence[Spot]:
    from csdesk.ui.core.chart import bare, spot

    wide, high = figure.get_size_inches() * 72
    left, right, top, bottom = 52, 12, 26, 44
    axes = figure.add_axes((left / wide, bottom / high, 1 - (left + right) / wide, 1 - (top + bottom) / high))
    bare(axes, ink)
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:.0f}\u00a0%")
    axes.yaxis.grid(True, color=ink["grid"], linewidth=1)
    count = len(view.months)
    axes.set_xlim(-0.5, count - 0.5)
    axes.set_xticks(range(count))
    axes.set_xticklabels([_month(place, first, wide / count) for place, (first, _one) in enumerate(view.months)])
    spots = []
    for place, (first, one) in enumerate(view.months):
        share = float(one.value) * 100 if one.value is not None else 0.0
        axes.bar([place], [share], min(0.62, 56 / (wide / count)), color=ink["accent"], zorder=3)
        words = f"{one.numerator}/{one.denominator}" if one.denominator else formats.NOTHING
        axes.annotate(
            words, (place, share), (0, 4), textcoords="offset points", ha="center", va="bottom",
            color=ink["text" if one.denominator else "muted"], fontsize=ink.caption, annotation_clip=False,
        )  # fmt: skip
        spots.append(
            spot(axes, place - 0.45, place + 0.45, 0, max(share, 8), ("month", first), _told_month(first, one))
        )
    return spots


def _month(place: int, first: Any, room: float) -> str:
    if room < 34 and place % 2:
        return ""
    return f"{first:%m}\n{first.year}" if place == 0 or first.month == 1 else f"{first:%m}"


def _told_month(first: Any, figure: Any) -> str:
    from csdesk.services.kpi.wording import short_text

    return f"{formats.month_title(first)}: {short_text(figure)}"
