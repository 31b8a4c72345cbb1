"""Which tiles and charts the dashboard shows, in which order; how charts share a row. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from csdesk.services.kpi.charts import TITLES

COLUMNS = 12
TILES_IN_A_ROW = 6


@dataclass(frozen=True)
class ChartKind:
    """A chart of the dashboard: its title, its share of the twelve columns, its height in pixels of the drawings."""

    title: str
    span: int = 6
    high: int = 250


SIZES = {"cohorts": (8, 324), "churn_reasons": (4, 324), "pareto": (12, 300)}
"""Those that are not as large as most: share of the columns, height."""
CHARTS = {key: ChartKind(title, *SIZES.get(key, ())) for key, title in TITLES.items()}
"""Every chart, in the order of a fresh dashboard."""

TILES = (
    "logo_churn_rate", "gross_revenue_retention", "net_revenue_retention", "renewal_rate", "receivable_collection_rate",
    "visit_plan_execution",
)  # fmt: skip
"""The tiles of a fresh dashboard."""


@dataclass(frozen=True)
class Layout:
    """What is shown, in order."""

    tiles: tuple[str, ...] = TILES
    charts: tuple[str, ...] = tuple(CHARTS)

    def as_json(self) -> dict[str, list[str]]:
        """As it is kept."""
        return {"tiles": list(self.tiles), "charts": list(self.charts)}


def layout_of(kept: Any, figures: Iterable[str]) -> Layout:
    """The layout that was kept; what is not known any more is left out, a damaged one starts afresh."""
    if not isinstance(kept, dict):
        return Layout()
    tiles = _known(kept.get("tiles"), tuple(figures))
    charts = _known(kept.get("charts"), tuple(CHARTS))
    return Layout(TILES if tiles is None else tiles, tuple(CHARTS) if charts is None else charts)


def _known(kept: Any, all_keys: Sequence[str]) -> tuple[str, ...] | None:
    if not isinstance(kept, list):
        return None
    return tuple(dict.fromkeys(key for key in kept if isinstance(key, str) and key in all_keys))


def places(charts: Sequence[str], narrow: bool = False) -> list[tuple[str, int, int, int]]:
    """Each chart with its row, column and span: as many in a row as fit, the last of a row takes what is left of it."""
    rows: list[list[tuple[str, int]]] = [[]]
    for key in charts:
        span = CHARTS[key].span
        if narrow:
            span = COLUMNS if span > COLUMNS // 2 else COLUMNS // 2
        if sum(taken for _key, taken in rows[-1]) + span > COLUMNS:
            rows.append([])
        rows[-1].append((key, span))
    found = []
    for row, cells in enumerate(rows):
        left = 0
        for place, (key, span) in enumerate(cells):
            wide = COLUMNS - left if place == len(cells) - 1 else span
            found.append((key, row, left, wide))
            left += span
    return found


def heights(found: Sequence[tuple[str, int, int, int]]) -> dict[int, int]:
    """How high each row of ``places`` is, so that charts beside each other end on one line."""
    high: dict[int, int] = {}
    for key, row, _left, _span in found:
        high[row] = max(high.get(row, 0), CHARTS[key].high)
    return high
