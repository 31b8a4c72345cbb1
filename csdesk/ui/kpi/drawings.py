"""Two charts of what became of customers and their money: the trend by month, the bridge from opening to closing.

Neither needs its colours to be told apart: lines have their own marks and names, what falls is hollow, what may still
change is hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext

if TYPE_CHECKING:
    from fractions import Fraction

    from csdesk.services.kpi.charts import TrendMonth
    from csdesk.services.kpi.movements import Bridge
    from csdesk.ui.core.chart import Drawing, Ink, Spot

LEFT, TOP, BOTTOM = 48, 14, 26
YEAR_ROOM = 12
"""What the year under January takes."""
HATCH = "////"


def trend_drawing(months: Sequence[TrendMonth]) -> Drawing:
    """Gross and net retention as lines above, lost accounts as bars beneath."""
    return partial(_draw_trend, tuple(months))


def _draw_trend(months: Sequence[TrendMonth], figure: Any, ink: Ink) -> Sequence[Spot]:
    from csdesk.ui.core.chart import box_in, words_width

    _wide, high = figure.get_size_inches() * 72
    names = _names(months)
    bottom = BOTTOM + (YEAR_ROOM if any(month.first.month == 1 for month in months) else 0)
    right = max(words_width(words, ink) for words in names) * 1.08 + 18
    bars_high = (high - TOP - bottom) * 0.30
    lines = box_in(figure, LEFT, right, TOP, bottom + bars_high + 12)
    bars = box_in(figure, LEFT, right, high - bottom - bars_high, bottom)
    _draw_rates(lines, months, names, ink)
    _draw_lost(bars, months, names[2], ink)
    _draw_marks(lines, bars, months, ink)
    return [_column(lines, bars, place, month) for place, month in enumerate(months)]


def _column(lines: Any, bars: Any, place: int, month: TrendMonth) -> Spot:
    """The whole height of a month, from the lines down to the bars."""
    from csdesk.ui.core.chart import spot

    key, told = ("month", month.first), _told_month(month)
    above = spot(lines, place - 0.5, place + 0.5, lines.get_ylim()[0], lines.get_ylim()[1], key, told)
    below = spot(bars, place - 0.5, place + 0.5, bars.get_ylim()[0], bars.get_ylim()[1], key, told)
    return replace(below, top=above.top)


def _names(months: Sequence[TrendMonth]) -> tuple[str, str, str]:
    """What stands at the end of both lines and of the bars."""
    last = months[-1]
    lost = ngettext("{n} lost", "{n} lost", last.lost).format(n=last.lost)
    return f"NRR {_rate(last.net)}", f"GRR {_rate(last.gross)}", lost


def _rate(share: Fraction | None) -> str:
    return formats.NOTHING if share is None else f"{float(share) * 100:.1f}"


def _draw_rates(axes: Any, months: Sequence[TrendMonth], names: tuple[str, str, str], ink: Ink) -> None:
    from csdesk.ui.core.chart import bare

    bare(axes, ink)
    axes.spines["bottom"].set_visible(False)
    known = [float(share) * 100 for month in months for share in (month.gross, month.net) if share is not None] or [
        100.0
    ]
    low, high = min(known), max(known)
    room = max(1.0, (high - low) * 0.12)
    axes.set_ylim(low - room, high + room)
    axes.set_xlim(-0.5, len(months) - 0.5)
    axes.set_xticks([])
    axes.yaxis.set_major_locator(_ticks(max(2, min(5, int(axes.bbox.height / axes.figure.dpi * 72 / 17)))))
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:g}")
    axes.yaxis.grid(True, color=ink["grid"], linewidth=1)
    places = range(len(months))
    ends = []
    for share, token, look, mark in (("net", "ink_blue", "-", "o"), ("gross", "ink_violet", (0, (3, 2)), "s")):
        values = [_percent(getattr(month, share)) for month in months]
        axes.plot(
            places, values, color=ink[token], linewidth=1.8, linestyle=look, marker=mark, markersize=4.5, zorder=3,
            clip_on=False,
        )  # fmt: skip
        ends.append(values[-1])
    _name_ends(axes, len(months) - 1, ends, names[:2], ink)


def _percent(share: Fraction | None) -> float:
    return float("nan") if share is None else float(share) * 100


def _name_ends(axes: Any, place: int, ends: Sequence[float], names: Sequence[str], ink: Ink) -> None:
    """The names at the lines' ends, moved apart where they would touch."""
    low, high = axes.get_ylim()
    down = axes.bbox.height / axes.figure.dpi * 72
    at = [low if value != value else value for value in ends]
    apart = (ink.caption + 3) / down * (high - low)
    upper, lower = (0, 1) if at[0] >= at[1] else (1, 0)
    short = apart - (at[upper] - at[lower])
    if short > 0:
        at[upper] += short / 2
        at[lower] -= short / 2
    for value, words, token in zip(at, names, ("ink_blue", "ink_violet"), strict=True):
        axes.annotate(
            words, (place + 0.5, value), (6, 0), textcoords="offset points", va="center", color=ink[token],
            fontsize=ink.caption, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _draw_lost(axes: Any, months: Sequence[TrendMonth], words: str, ink: Ink) -> None:
    from csdesk.ui.core.chart import bare

    bare(axes, ink)
    axes.set_yticks([])
    axes.set_xlim(-0.5, len(months) - 0.5)
    down = axes.bbox.height / axes.figure.dpi * 72
    most = max(1, *(month.lost for month in months))
    axes.set_ylim(0, most * down / max(10.0, down - ink.caption - 6))
    axes.set_xticks(range(len(months)))
    axes.set_xticklabels([month_word(month.first) for month in months])
    thin_out(axes, len(months), ink)
    for place, month in enumerate(months):
        if month.lost:
            ground, hatch = (ink["surface"], HATCH) if month.provisional else (ink["ink_red"], "")
            axes.bar(
                [place],
                [month.lost],
                0.42,
                color=ground,
                edgecolor=ink["ink_red"],
                linewidth=1.2,
                hatch=hatch,
                zorder=3,
            )
        axes.annotate(
            formats.number(month.lost), (place, month.lost), (0, 3), textcoords="offset points", ha="center",
            color=ink["text"], fontsize=ink.caption, annotation_clip=False,
        )  # fmt: skip
    axes.annotate(
        words, (len(months) - 0.5, 0), (6, 8), textcoords="offset points", va="center", color=ink["text"],
        fontsize=ink.caption, fontweight="bold", annotation_clip=False,
    )  # fmt: skip


def _draw_marks(lines: Any, bars: Any, months: Sequence[TrendMonth], ink: Ink) -> None:
    """Hatch the months that may still change; a line where a definition was changed, at the end where that was later."""
    for place, month in enumerate(months):
        if month.provisional:
            lines.axvspan(
                place - 0.5, place + 0.5, facecolor="none", edgecolor=ink["divider"], hatch=HATCH, linewidth=0, zorder=0
            )
        for edge, changed in ((place - 0.5, month.changed), (place + 0.5, month.changed_later)):
            if changed:
                _draw_change(lines, bars, edge, ink)


def _draw_change(lines: Any, bars: Any, edge: float, ink: Ink) -> None:
    for axes in (lines, bars):
        axes.axvline(edge, color=ink["ink_amber"], linewidth=1.2, linestyle=(0, (2, 2)), zorder=1, clip_on=False)
    lines.plot(
        [edge], [1], marker="v", color=ink["ink_amber"], markersize=7, transform=lines.get_xaxis_transform(),
        clip_on=False, zorder=5,
    )  # fmt: skip


def _told_month(month: TrendMonth) -> str:
    words = [
        _("{month}: {lost} of {base} accounts lost, GRR {gross}, NRR {net}").format(
            month=formats.month_title(month.first), lost=formats.number(month.lost), base=formats.number(month.base),
            gross=_with_sign(month.gross), net=_with_sign(month.net),
        )
    ]  # fmt: skip
    if month.provisional:
        words.append(_("may still change: the grace is not over"))
    return "\n".join([*words, *month.changed, *month.changed_later])


def _with_sign(share: Fraction | None) -> str:
    return formats.percent(None if share is None else float(share))


def month_word(first: Any) -> str:
    """A month under a chart: 11月, with its year in January."""
    words = _("{month_short}").format(month_short=_(formats.MONTHS[first.month - 1])[:3], month_number=first.month)
    return f"{words}\n{first.year}" if first.month == 1 else words


def thin_out(axes: Any, count: int, ink: Ink) -> None:
    """Leave out every second word under the chart where they would touch."""
    room = axes.bbox.width / axes.figure.dpi * 72 / max(1, count)
    if room < ink.caption * 2.9:
        for place, label in enumerate(axes.get_xticklabels()):
            label.set_visible((count - 1 - place) % 2 == 0)


def _ticks(most: int) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(most, steps=[1, 2, 5, 10])


# --- the bridge ---------------------------------------------------------------------------------------------------------


def bridge_drawing(bridge: Bridge) -> Drawing:
    """Opening, a bar for each kind of movement that hangs where the one before ended, closing."""
    return partial(_draw_bridge, bridge)


def bridge_floor(bridge: Bridge) -> int:
    """Where the axis begins, in cents: 0, or as far below the lowest bar as lets what moved be seen."""
    levels = [bridge.opening]
    for bar in bridge.bars:
        levels.append(levels[-1] + bar.cents)
    low, spread = min(levels), max(levels) - min(levels)
    if low <= 0 or not spread or spread > low * 0.6:
        return 0
    floor = low - spread * 0.45
    step = max(10 ** (len(str(int(spread * 0.45))) - 1), int(formats.money_unit()[0]) // 10)
    return max(0, int(floor // step * step))


def _draw_bridge(bridge: Bridge, figure: Any, ink: Ink) -> Sequence[Spot]:
    from csdesk.ui.core.chart import bare, box_in, spot, words_width

    floor, unit = bridge_floor(bridge), formats.money_unit()[0]
    bars = _bars(bridge, floor)
    names = [name for _key, name, _start, _end in bars]
    slot = (figure.get_size_inches()[0] * 72 - 28) / len(bars)
    crowded = max(words_width(name, ink) for name in names) > slot - 4
    axes = box_in(figure, 12, 16, 24, BOTTOM + (YEAR_ROOM if crowded else 0))
    bare(axes, ink)
    axes.set_yticks([])
    highest = max(max(start, end) for _key, _name, start, end in bars)
    lowest = min(floor, *(min(start, end) for _key, _name, start, end in bars))
    axes.set_ylim(lowest / unit, max(highest, lowest + unit * 0.01) / unit)
    axes.set_xlim(-0.5, len(bars) - 0.5)
    axes.set_xticks(range(len(bars)))
    axes.set_xticklabels([f"\n{name}" if crowded and place % 2 else name for place, name in enumerate(names)])
    spots = []
    ground_line, ceiling = axes.get_ylim()
    least = (ceiling - ground_line) * 0.07
    for place, (key, name, start, end) in enumerate(bars):
        low, tall = min(start, end) / unit, abs(end - start) / unit
        ground, edge = _look(key, end - start, ink)
        axes.bar([place], [tall], 0.66, low, color=ground, edgecolor=edge, linewidth=1.6, zorder=3)
        if key not in ("opening", "closing") or place == 0:
            axes.plot([place + 0.33, place + 1 - 0.33], [end / unit] * 2, color=ink["control"], linewidth=1,
                      linestyle=(0, (1, 2)), zorder=2)  # fmt: skip
        total = key in ("opening", "closing")
        words = formats.money_in_unit(end) if total else formats.money_in_unit(end - start, signed=end != start)
        axes.annotate(
            words, (place, low + tall), (0, 5), textcoords="offset points", ha="center", color=ink["text"],
            fontsize=ink.caption, fontweight="bold", annotation_clip=False, zorder=4,
        )  # fmt: skip
        cents = end if total else end - start
        told = f"{name}: {formats.money_in(Decimal(cents).scaleb(-2), bridge.currency)}"
        top = min(ceiling, max(low + tall, low + least))
        bottom = max(ground_line, min(low, top - least))
        spots.append(spot(axes, place - 0.46, place + 0.46, bottom, top, ("move", key), told))
    return spots


def _bars(bridge: Bridge, floor: int) -> list[tuple[str, str, int, int]]:
    """Key, name, where it starts and ends, in cents; a price rise only where there is one."""
    from csdesk.services.kpi.movements import MOVE_NAMES, Move

    bars = [("opening", f"{bridge.period.start:%m-%d}", min(floor, bridge.opening), bridge.opening)]
    level = bridge.opening
    for bar in bridge.bars:
        if bar.cents or bar.move != Move.PRICE_RISE:
            bars.append((bar.move.value, _(MOVE_NAMES[bar.move]), level, level + bar.cents))
            level += bar.cents
    return [*bars, ("closing", f"{bridge.period.end:%m-%d}", min(floor, bridge.closing), bridge.closing)]


def _look(key: str, cents: int, ink: Ink) -> tuple[str, str]:
    """Ground and edge: totals grey, what grows green and full, what falls red and hollow."""
    if key in ("opening", "closing"):
        return ink["ink_grey"], ink["ink_grey"]
    return (ink["ink_green"], ink["ink_green"]) if cents >= 0 else (ink["surface"], ink["ink_red"])
