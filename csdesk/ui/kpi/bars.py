"""Charts of bars: reasons, the age of what is owed, what ends by month, the forecast against its target."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.kpi.drawings import HATCH, month_word, thin_out

if TYPE_CHECKING:
    from csdesk.services.kpi.charts import EndingMonth, Part
    from csdesk.ui.core.chart import Drawing, Ink, Spot

LEFT, SIDE, ROW = 8, 16, 32
GAP = 10


def parts_drawing(parts: Sequence[Part], by_amount: bool = False) -> Drawing:
    """A line each: name, bar on its track, count, amount. ``by_amount``: the bars are amounts, not counts, those of one
    currency against each other."""
    return partial(_draw_parts, tuple(parts), by_amount)


def _draw_parts(parts: Sequence[Part], by_amount: bool, figure: Any, ink: Ink) -> Sequence[Spot]:
    from matplotlib.patches import Rectangle

    from csdesk.ui.core.chart import Spot, fitting, words_width

    wide, high = figure.get_size_inches() * 72
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, wide)
    axes.set_ylim(high, 0)
    row = min(float(ROW), (high - 6) / max(1, len(parts)))
    amounts = [formats.money_shortest(part.cents) for part in parts]
    count_room = max(words_width(formats.number(part.count), ink) for part in parts)
    amount_room = max(words_width(words, ink) for words in amounts)
    left = min(wide * 0.54, max(words_width(part.name, ink) for part in parts) + LEFT + GAP)
    right = wide - SIDE - amount_room - 2 * GAP - count_room - GAP
    most: dict[str, int] = {}
    for part in parts:
        scale = part.currency if by_amount else ""
        most[scale] = max(most.get(scale, 1), part.cents if by_amount else part.count)
    spots = []
    for number, part in enumerate(parts):
        middle = 3 + (number + 0.5) * row
        words = {"va": "center_baseline", "fontsize": ink.caption}
        axes.text(LEFT, middle, fitting(part.name, left - LEFT - GAP + 2, ink), color=ink["text"], **words)
        length = part.cents / most[part.currency] if by_amount else part.count / most[""]
        room = max(8.0, right - left)
        for share, token in ((1.0, "sunken"), (length, "accent")):
            if share > 0:
                axes.add_patch(Rectangle((left, middle - 4), room * share, 8, color=ink[token], linewidth=0))
        axes.text(
            wide - SIDE - amount_room - 2 * GAP,
            middle,
            formats.number(part.count),
            color=ink["text"],
            ha="right",
            **words,
        )
        axes.text(wide - SIDE, middle, amounts[number], color=ink["muted"], ha="right", **words)
        told = f"{part.name}: {formats.number(part.count)}, {formats.money_short_in(part.cents, part.currency)}"
        half = row / 2 - 1
        spots.append(
            Spot(4 / wide, (middle - half) / high, 1 - 4 / wide, (middle + half) / high, ("part", part.key), told)
        )
    return spots


def calendar_drawing(months: Sequence[EndingMonth]) -> Drawing:
    """What ends in each month: renewed full, undecided hatched, lost hollow; the sum above."""
    return partial(_draw_calendar, tuple(months))


def _draw_calendar(months: Sequence[EndingMonth], figure: Any, ink: Ink) -> Sequence[Spot]:
    axes, unit = _month_axes(months, max(month.ends for month in months), figure, ink)
    looks = (
        ("renewed", _("renewed"), ink["ink_green"], ink["ink_green"], ""),
        ("open", _("undecided"), ink["surface"], ink["ink_blue"], HATCH),
        ("lost", _("lost"), ink["surface"], ink["ink_red"], ""),
    )
    for place, month in enumerate(months):
        floor = 0.0
        for key, _name, ground, edge, hatch in looks:
            tall = getattr(month, key) / unit
            if tall:
                axes.bar(
                    [place], [tall], 0.6, floor, color=ground, edgecolor=edge, hatch=hatch, linewidth=1.2, zorder=3
                )
                floor += tall
    _above(axes, [month.ends for month in months], unit, ink)
    _legend(axes, [(name, ground, edge, hatch) for _key, name, ground, edge, hatch in looks], ink)
    return _month_spots(axes, months, [month.ends for month in months], unit, _told_ending)


def forecast_drawing(months: Sequence[EndingMonth]) -> Drawing:
    """The target of each month as a frame, what is final and forecast of it as a bar inside; the share above."""
    return partial(_draw_forecast, tuple(months))


def _draw_forecast(months: Sequence[EndingMonth], figure: Any, ink: Ink) -> Sequence[Spot]:
    tops = [max(month.wanted, month.forecast) for month in months]
    axes, unit = _month_axes(months, max(tops), figure, ink)
    shares = [f"{month.forecast / month.wanted * 100:.0f}" if month.wanted else formats.NOTHING for month in months]
    signed = [f"{words}\u00a0%" if words != formats.NOTHING else words for words in shares]
    told = _least_crowded(axes, (signed, shares), ink)
    for place, month in enumerate(months):
        axes.bar([place], [month.wanted / unit], 0.68, color="none", edgecolor=ink["control"], linewidth=1.2, zorder=4)
        axes.bar([place], [month.forecast / unit], 0.42, color=ink["ink_blue"], linewidth=0, zorder=3)
        axes.annotate(
            told[place], (place, tops[place] / unit), (0, 4), textcoords="offset points", ha="center", color=ink["text"],
            fontsize=ink.caption, annotation_clip=False,
        )  # fmt: skip
    looks = [(_("Target"), "none", ink["control"], ""), (_("Forecast"), ink["ink_blue"], ink["ink_blue"], "")]
    _legend(axes, looks, ink)
    return _month_spots(axes, months, tops, unit, _told_forecast)


def _month_axes(months: Sequence[EndingMonth], most: int, figure: Any, ink: Ink) -> tuple[Any, float]:
    """Axes with a place a month, and what one unit of their height is in cents."""
    from matplotlib.ticker import MaxNLocator

    from csdesk.ui.core.chart import bare, box_in

    axes = box_in(figure, 52, 14, 44, 38)
    bare(axes, ink)
    unit = formats.money_unit()[0]
    axes.set_xlim(-0.5, len(months) - 0.5)
    axes.set_ylim(0, max(most / unit, 1) * 1.04)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:,g}")
    axes.yaxis.grid(True, color=ink["grid"], linewidth=1)
    axes.set_xticks(range(len(months)))
    axes.set_xticklabels([month_word(month.first) for month in months])
    thin_out(axes, len(months), ink)
    return axes, unit


def _above(axes: Any, cents: Sequence[int], unit: float, ink: Ink) -> None:
    exact = [formats.money_in_unit(value) if value else formats.NOTHING for value in cents]
    round_ones = [formats.number(round(value / unit)) if value else formats.NOTHING for value in cents]
    told = _least_crowded(axes, (exact, round_ones), ink)
    for place, value in enumerate(cents):
        axes.annotate(
            told[place], (place, value / unit), (0, 4), textcoords="offset points", ha="center",
            color=ink["text" if value else "muted"], fontsize=ink.caption, annotation_clip=False,
        )  # fmt: skip


def _least_crowded(axes: Any, ways: Sequence[Sequence[str]], ink: Ink) -> Sequence[str]:
    """The first way of telling the months that has room beside each other; of the last every second one where none has."""
    from csdesk.ui.core.chart import words_width

    slot = axes.bbox.width / axes.figure.dpi * 72 / max(1, len(ways[0]))
    for told in ways:
        if max((words_width(words, ink) for words in told), default=0) <= slot - 1:
            return told
    return [words if (len(told) - 1 - place) % 2 == 0 else "" for place, words in enumerate(told)]


def _legend(axes: Any, looks: Sequence[tuple[str, str, str, str]], ink: Ink) -> None:
    """Small boxes with their words, above the chart at the left."""
    from matplotlib.patches import Rectangle

    from csdesk.ui.core.chart import words_width

    wide = axes.bbox.width / axes.figure.dpi * 72
    high = axes.bbox.height / axes.figure.dpi * 72
    left, above = 0.0, 26
    for words, ground, edge, hatch in looks:
        axes.add_patch(
            Rectangle(
                (left / wide, 1 + above / high), 10 / wide, 10 / high, transform=axes.transAxes, facecolor=ground,
                edgecolor=edge, hatch=hatch * 2, linewidth=1.2, clip_on=False,
            )
        )  # fmt: skip
        axes.text(
            (left + 16) / wide, 1 + (above + 5) / high, words, transform=axes.transAxes, color=ink["muted"],
            fontsize=ink.caption, va="center_baseline",
        )  # fmt: skip
        left += 16 + words_width(words, ink) + 18


def _month_spots(
    axes: Any, months: Sequence[EndingMonth], tops: Sequence[int], unit: float, told: Any
) -> Sequence[Spot]:
    from csdesk.ui.core.chart import spot

    least = axes.get_ylim()[1] * 0.08
    return [
        spot(axes, place - 0.44, place + 0.44, 0, max(top / unit, least), ("ends", month.first), told(month))
        for place, (month, top) in enumerate(zip(months, tops, strict=True))
    ]


def _told_ending(month: EndingMonth) -> str:
    contracts = ngettext("{n} contract", "{n} contracts", month.count).format(n=formats.number(month.count))
    words = _("{month}: {contracts} end, {target}; renewed {renewed}, undecided {open}, lost {lost}")
    told = words.format(
        month=formats.month_title(month.first), contracts=contracts, target=formats.money_short(month.ends),
        renewed=formats.money_shortest(month.renewed), open=formats.money_shortest(month.open),
        lost=formats.money_shortest(month.lost),
    )  # fmt: skip
    return "\n".join(filter(None, (told, _told_others(month))))


def _told_others(month: EndingMonth) -> str:
    if not month.others:
        return ""
    words = ngettext(
        "{n} of the contracts is in another currency without a rate: not in the sums",
        "{n} of the contracts are in other currencies without a rate: not in the sums",
        month.others,
    )
    return words.format(n=formats.number(month.others))


def _told_forecast(month: EndingMonth) -> str:
    words = _("{month}: forecast {forecast} of target {target}, {share}")
    share = month.forecast / month.wanted if month.wanted else None
    told = words.format(
        month=formats.month_title(month.first), forecast=formats.money_short(month.forecast),
        target=formats.money_short(month.wanted), share=formats.percent(share),
    )  # fmt: skip
    return "\n".join(filter(None, (told, _told_others(month))))
