"""What is left of customers who began in the same days: a grid, a line a cohort, a column a span since."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext

if TYPE_CHECKING:
    from csdesk.services.kpi.charts import CohortLine
    from csdesk.ui.core.chart import Drawing, Ink, Spot

NAME, SIZE, SIDE, HEAD = 78, 46, 16, 24
ROW, LEAST_ROW = 22, 18
CELL, LEAST_CELL = 64, 34
"""Widths and heights in logical pixels."""


def cohorts_drawing(lines: Sequence[CohortLine], words: tuple[str, str]) -> Drawing:
    """The grid; ``words`` head the first two columns: what the lines are, what is counted."""
    return partial(_draw, tuple(lines), words)


def _draw(lines: Sequence[CohortLine], words: tuple[str, str], figure: Any, ink: Ink) -> Sequence[Spot]:
    from csdesk.services.kpi.charts import level

    wide, high = figure.get_size_inches() * 72
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, wide)
    axes.set_ylim(high, 0)
    shown, columns, cell, row = _fit(lines, wide, high)
    left = SIDE + NAME + SIZE
    _write(axes, SIDE, HEAD / 2, words[0], ink["muted"], ink, "left")
    _write(axes, left - 14, HEAD / 2, words[1], ink["muted"], ink, "right")
    for place in range(columns):
        _write(axes, left + (place + 0.5) * cell, HEAD / 2, str(place), ink["muted"], ink)
    boxes: dict[int, list[tuple[float, float]]] = {}
    spots = []
    for number, line in enumerate(shown):
        top = HEAD + number * row
        _write(axes, SIDE, top + row / 2, line.name, ink["text"], ink, "left")
        _write(axes, left - 14, top + row / 2, formats.number(line.size), ink["muted"], ink, "right")
        for place, share in enumerate(line.shares[:columns]):
            dark = level(share)
            if share is None:
                continue
            boxes.setdefault(dark, []).append((left + place * cell, top))
            _write(axes, left + (place + 0.5) * cell, top + row / 2, f"{float(share) * 100:.0f}",
                   ink["on_accent" if dark >= 5 else "text"], ink)  # fmt: skip
            spots.append(_spot((left + place * cell, top, cell, row), (wide, high), line, place))
    _fill(axes, boxes, cell, row, ink)
    return spots


def _fit(lines: Sequence[CohortLine], wide: float, high: float) -> tuple[Sequence[CohortLine], int, float, float]:
    """The newest lines that have room, how many columns, the size of a cell."""
    rows = max(1, int((high - HEAD - 4) / LEAST_ROW))
    shown = lines[-rows:]
    row = min(float(ROW), (high - HEAD - 4) / max(1, len(shown)))
    longest = max((len(line.shares) for line in shown), default=0)
    room = wide - 2 * SIDE - NAME - SIZE
    columns = max(1, min(longest, int(room / LEAST_CELL)))
    return shown, columns, min(float(CELL), room / columns), row


def _write(axes: Any, x: float, y: float, words: str, color: str, ink: Ink, ha: str = "center") -> None:
    axes.text(x, y, words, ha=ha, va="center_baseline", color=color, fontsize=ink.caption, zorder=4)


def _fill(axes: Any, boxes: dict[int, list[tuple[float, float]]], cell: float, row: float, ink: Ink) -> None:
    from matplotlib.collections import PolyCollection

    for dark, places in boxes.items():
        corners = [
            [(x + 1, y + 1), (x + cell - 1, y + 1), (x + cell - 1, y + row - 1), (x + 1, y + row - 1)]
            for x, y in places
        ]
        axes.add_collection(PolyCollection(corners, facecolor=ink[f"heat_{dark}"], edgecolor="none", zorder=2))


def _spot(box: tuple[float, float, float, float], size: tuple[float, float], line: CohortLine, place: int) -> Spot:
    from csdesk.ui.core.chart import Spot

    (x, y, cell, row), (wide, high) = box, size
    share = line.shares[place]
    told = _("{cohort}, {size} at first: {share} after {n}").format(
        cohort=line.name, n=place, share=formats.percent(None if share is None else float(share)),
        size=ngettext("{n} account", "{n} accounts", line.size).format(n=formats.number(line.size)),
    )  # fmt: skip
    key = ("cohort", line.first, place)
    return Spot((x + 1) / wide, (y + 1) / high, (x + cell - 1) / wide, (y + row - 1) / high, key, told)
