"""The columns of a table: which, in what order, how wide, how high its rows; the user's choice is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableView, QWidget

from csdesk.services.core.columns import Column, Kind, Listed, Query
from csdesk.ui.core.columns_menu import Arrangement, columns_menu, fitting, pop_up, spread
from csdesk.ui.core.row_model import TICK, RowModel
from csdesk.ui.core.table_head import RowHead
from csdesk.ui.core.table_paint import EDGE, RowDelegate
from csdesk.ui.core.theme import metrics, px, theme

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

DENSITIES = {"compact": 28, "normal": 36, "roomy": 40}
TICK_WIDTH = 40
FITTED_ROWS = 60


class ColumnTable(QTableView):
    """A table that lays out the columns of a listing, fills its width, and keeps what the user changes by column key.

    Kept under ``table.<key>``: order, choice, widths and sort; ``table.<key>.density`` the height of rows.
    """

    def __init__(
        self, context: Context, listing: Listed, model: RowModel, key: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.context, self.listing, self.model_, self._key = context, listing, model, f"table.{key}"
        model.setParent(self)
        self.query = Query(descending=listing.default_descending)
        self.hovered = -1
        self.last_place = -1
        self._settling = False
        kept = context.state.get(self._key, {})
        self.arrangement = Arrangement.from_json(kept)
        self._take_sort(kept)
        self.setModel(model)
        self.head = RowHead(model, self)
        self.setHorizontalHeader(self.head)
        self.cells = RowDelegate(self, model)
        self.setItemDelegate(self.cells)
        self.head.sectionMoved.connect(self._section_moved)
        self.head.sectionResized.connect(self._section_resized)
        self.head.sectionHandleDoubleClicked.connect(self.fit_column)
        self.head.customContextMenuRequested.connect(self._head_menu)
        theme().changed.connect(self._rethemed)

    def set_density(self, density: str) -> None:
        """Row height: "compact", "normal" or "roomy"; kept."""
        self.density = density if density in DENSITIES else "normal"
        self.context.state.set(f"{self._key}.density", self.density)
        height = px(DENSITIES[self.density])
        if self.density == "normal":
            height = max(height, metrics().height() + px(16))
        self.verticalHeader().setDefaultSectionSize(height)

    def arrange(self) -> None:
        """Lay the columns out anew: the user's choice and order, what fits, the room filled."""
        self._settling = True
        ordered = self.arrangement.ordered(self.listing.columns)
        for visual, column in enumerate(ordered, 1):
            self.head.moveSection(self.head.visualIndex(self.model_.column_of(column.key)), visual)
        wanted = [column for column in ordered if self.arrangement.is_shown(column)]
        needed = {column.key: self._needed(column) for column in wanted}
        room = self.viewport().width() - px(TICK_WIDTH)
        kept = fitting(wanted, needed, room - px(EDGE - 8))
        widths = spread(kept, needed, self.arrangement.widths, room)
        self.last_place = self.head.last_place = self.model_.column_of(kept[-1].key) if kept else -1
        if kept and room < sum(needed[column.key] for column in kept) + px(EDGE - 8):
            widths[kept[-1].key] += px(EDGE - 8)
        self.setColumnWidth(TICK, px(TICK_WIDTH))
        for column in self.listing.columns:
            place = self.model_.column_of(column.key)
            self.setColumnHidden(place, column not in kept)
            if column in kept:
                self.setColumnWidth(place, widths[column.key])
        self._settling = False

    def choose_columns(self, at: QPoint) -> None:
        """Open the chooser at a point of the screen."""
        pop_up(columns_menu(self, self.listing.columns, self.arrangement, self.show_column, self.reset_columns), at)

    def show_column(self, key: str, on: bool) -> None:
        """Show or hide a column, and remember it."""
        self.arrangement = self.arrangement.show(key, on)
        self._keep()
        self.arrange()

    def reset_columns(self) -> None:
        """Columns, order and widths as they came."""
        self.arrangement = Arrangement()
        self._keep()
        self.arrange()

    def shown_columns(self) -> list[tuple[int, Column]]:
        """The model columns in sight, in the order in which they stand; box and star apart."""
        places = [self.head.logicalIndex(visual) for visual in range(self.head.count())]
        found = [(place, self.model_.column_at(place)) for place in places if not self.isColumnHidden(place)]
        return [(place, column) for place, column in found if column is not None and column.kind != Kind.STAR]

    def fit_column(self, place: int) -> None:
        """As wide as what is in sight of a column needs."""
        column = self.model_.column_at(place)
        if column is None:
            return
        first = max(0, self.rowAt(0))
        seen = range(first, min(len(self.model_.ids), first + FITTED_ROWS))
        widths = [self.cells.text_width(column, self.model_.row(row), place) for row in seen]
        self.setColumnWidth(place, max([self.head.wanted_width(place, column), *widths]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.arrange()

    def _needed(self, column: Column) -> int:
        own = self.arrangement.widths.get(column.key)
        if own is not None:
            return px(own)
        return max(px(column.width), self.head.wanted_width(self.model_.column_of(column.key), column))

    def _section_moved(self, *_args: object) -> None:
        if not self._settling:
            columns = [self.model_.column_at(self.head.logicalIndex(visual)) for visual in range(self.head.count())]
            keys = tuple(column.key for column in columns if column is not None)
            self.arrangement = replace(self.arrangement, order=keys)
            self._keep()

    def _section_resized(self, place: int, _old: int, width: int) -> None:
        column = self.model_.column_at(place)
        if not self._settling and column is not None and width:
            self.arrangement = self.arrangement.widen(column.key, round(width / px(1000) * 1000))
            self._keep()

    def _head_menu(self, at: QPoint) -> None:
        self.choose_columns(self.head.mapToGlobal(at))

    def _keep(self) -> None:
        kept = self.arrangement.to_json() | {"sort": self.query.sort, "descending": self.query.descending}
        self.context.state.set(self._key, kept)

    def _take_sort(self, kept: Any) -> None:
        sort = kept.get("sort", "") if isinstance(kept, dict) else ""
        if any(column.key == sort and column.sortable for column in self.listing.columns):
            self.query = Query(sort=sort, descending=bool(kept.get("descending")))

    def _rethemed(self) -> None:
        self.set_density(self.density)
        self.arrange()
        self.viewport().update()
