"""Which columns a table shows, in which order and how wide: the arrangement, its keeping, and the chooser's menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import _

STRETCHY = frozenset({Kind.NAME, Kind.TEXT})
NAME_GROWS = 160
"""How much wider a name column gets before the other texts share what is left."""


@dataclass(frozen=True)
class Arrangement:
    """The user's own order, choice and widths (pixels at 100 %), by column key; empty where he changed nothing."""

    order: tuple[str, ...] = ()
    shown: Mapping[str, bool] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"order": list(self.order), "shown": dict(self.shown), "widths": dict(self.widths)}

    @classmethod
    def from_json(cls, kept: Any) -> Arrangement:
        """From what was kept; what is not understood is left out."""
        if not isinstance(kept, dict):
            return cls()
        order, shown, widths = kept.get("order"), kept.get("shown"), kept.get("widths")
        return cls(
            tuple(str(key) for key in order) if isinstance(order, list) else (),
            {str(key): bool(on) for key, on in shown.items()} if isinstance(shown, dict) else {},
            {str(key): on for key, on in widths.items() if isinstance(on, int)} if isinstance(widths, dict) else {},
        )

    def is_shown(self, column: Column) -> bool:
        """Whether the user wants this column."""
        return self.shown.get(column.key, not column.hidden)

    def ordered(self, columns: Sequence[Column]) -> list[Column]:
        """All columns in the user's order; one that came with a newer version stands after its neighbour."""
        by_key = {column.key: column for column in columns}
        placed = [by_key[key] for key in dict.fromkeys(self.order) if key in by_key]
        for place, column in enumerate(columns):
            if column not in placed:
                before = next((c for c in reversed(columns[:place]) if c in placed), None)
                placed.insert(placed.index(before) + 1 if before is not None else 0, column)
        return placed

    def show(self, key: str, on: bool) -> Arrangement:
        """With a column shown or hidden."""
        return replace(self, shown={**self.shown, key: on})

    def widen(self, key: str, width: int) -> Arrangement:
        """With a width of the user's own."""
        return replace(self, widths={**self.widths, key: width})


def fitting(columns: Sequence[Column], needed: Mapping[str, int], room: int) -> list[Column]:
    """The columns that fit into ``room``: those with the highest ``leaves`` go first, 0 never goes."""
    kept = list(columns)
    for column in sorted((c for c in columns if c.leaves), key=lambda c: -c.leaves):
        if sum(needed[c.key] for c in kept) <= room:
            break
        kept.remove(column)
    return kept


def spread(columns: Sequence[Column], widths: Mapping[str, int], fixed: Mapping[str, int], room: int) -> dict[str, int]:
    """Widths that fill ``room``: the name first, then all texts in proportion; what the user set stays."""
    found = {column.key: widths[column.key] for column in columns}
    left = room - sum(found.values())
    for column in columns:
        if left > 0 and column.kind == Kind.NAME and column.key not in fixed:
            grown = min(left, NAME_GROWS)
            found[column.key] += grown
            left -= grown
    texts = [c for c in columns if c.kind in STRETCHY and c.key not in fixed]
    whole = sum(found[c.key] for c in texts)
    for column in texts[:-1] if left > 0 else ():
        part = left * found[column.key] // whole if whole else 0
        found[column.key] += part
    if left > 0 and texts:
        found[texts[-1].key] += room - sum(found.values())
    return found


def columns_menu(
    parent: QWidget,
    columns: Sequence[Column],
    arrangement: Arrangement,
    show: Callable[[str, bool], object],
    reset: Callable[[], object],
) -> QMenu:
    """The chooser: one ticked entry a column, then Reset. Names stay; everything else may go."""
    menu = QMenu(parent)
    for column in arrangement.ordered(columns):
        entry = menu.addAction(_(column.title).replace("&", "&&"))
        entry.setCheckable(True)
        entry.setChecked(arrangement.is_shown(column))
        entry.setEnabled(column.kind != Kind.NAME)
        entry.toggled.connect(partial(show, column.key))
    menu.addSeparator()
    menu.addAction(_("Reset columns")).triggered.connect(reset)
    return menu


def pop_up(menu: QMenu, at: QPoint) -> None:
    """Show a menu that lives until it closes."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
