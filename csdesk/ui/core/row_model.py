"""Rows of a Listing for Qt: ordered ids from a reader thread, the rows in sight read by id in blocks.

Holds ids and plain values, never ORM objects; sorting and filtering happen in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from csdesk.services.core import formats
from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import _

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.listing import Listing

Index = QModelIndex | QPersistentModelIndex
BLOCK = 200
MOST_BLOCKS = 60
RIGHT_KINDS = (Kind.MONEY, Kind.NUMBER)
RAW = Qt.ItemDataRole.UserRole
"""Role under which a delegate gets the stored value."""
ROOT = QModelIndex()
TICK = "tick"


class RowModel(QAbstractTableModel):
    """The first column is the tick, then the listing's columns in their declared order.

    ``words`` turns the stored word of a CHOICE column into text. ``ticks_changed`` follows each tick.
    """

    ticks_changed = Signal()

    def __init__(self, desk: Desk, listing: Listing, words: Callable[[str, str], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self.listing, self._words = desk, listing, words
        self.columns: tuple[Column, ...] = (Column(TICK, "", Kind.STAR, 36, sortable=False), *listing.columns)
        self.ids: list[int] = []
        self.ticked: set[int] = set()
        self.marks: Callable[[int, str, Any, tuple[Any, ...]], str] | None = None
        self._blocks: dict[int, dict[int, tuple[Any, ...]]] = {}
        self._texts: dict[tuple[int, int], str] = {}
        self._places: dict[int, int] | None = None

    def set_ids(self, ids: list[int]) -> None:
        """Show these rows; ticks of rows that are gone from the list are kept only where they are still in it."""
        self.beginResetModel()
        self.ids = ids
        self._places = None
        self._blocks.clear()
        self._texts.clear()
        if self.ticked:
            self.ticked &= set(ids)
        self.endResetModel()

    def forget(self) -> None:
        """Read the rows in sight again: their values may have changed, their order not."""
        self._blocks.clear()
        self._texts.clear()
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.columns) - 1))

    def place_of(self, row_id: int) -> int:
        """The row number of an id, -1 where it is not in the list."""
        if self._places is None:
            self._places = {value: place for place, value in enumerate(self.ids)}
        return self._places.get(row_id, -1)

    def column_of(self, key: str) -> int:
        """The number of the column with this key."""
        return next(number for number, column in enumerate(self.columns) if column.key == key)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole or role == Qt.ItemDataRole.AccessibleTextRole:
            return self.text(index.row(), index.column())
        if role == RAW or role == Qt.ItemDataRole.EditRole:
            return self.value(index.row(), index.column())
        return None

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        key = (row, column)
        known = self._texts.get(key)
        if known is None:
            if len(self._texts) > 40_000:
                self._texts.clear()
            known = self._texts[key] = self._format(self.columns[column], self.value(row, column))
        return known

    def value(self, row: int, column: int) -> Any:
        """The stored value of a cell; whether it is ticked in the first column."""
        row_id = self.ids[row]
        if column == 0:
            return row_id in self.ticked
        values = self.row_values(row)
        return None if values is None else values[column - 1]

    def row_values(self, row: int) -> tuple[Any, ...] | None:
        """All values of a row in the listing's order; None where it was deleted meanwhile."""
        block = row // BLOCK
        found = self._blocks.get(block)
        if found is None:
            if len(self._blocks) >= MOST_BLOCKS:
                self._blocks.clear()
            with self._desk.read() as connection:
                found = self.listing.rows(connection, self.ids[block * BLOCK : (block + 1) * BLOCK])
            self._blocks[block] = found
        return found.get(self.ids[row])

    def _format(self, column: Column, value: Any) -> str:
        if column.key == TICK or column.kind == Kind.STAR:
            return ""
        if value is None or value == "":
            return ""
        match column.kind:
            case Kind.MONEY:
                return formats.cents(value)
            case Kind.NUMBER:
                return formats.number(value)
            case Kind.DAY | Kind.LAST_CONTACT:
                return formats.day_near(value, self.today)
            case Kind.ENDS:
                return formats.day_iso(value)
            case Kind.CHOICE:
                return self._words(column.key, value)
            case _:
                return str(value)

    @property
    def today(self) -> date:
        """The desk's day."""
        return self._desk.clock.today()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(self.columns[section].title)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.columns[index.column()].editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def tick(self, ids: Sequence[int], on: bool) -> None:
        """Tick or untick these rows."""
        before = len(self.ticked)
        self.ticked = self.ticked | set(ids) if on else self.ticked - set(ids)
        if len(self.ticked) != before and self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, 0))
            self.ticks_changed.emit()

    def toggle(self, row_id: int) -> None:
        """Turn the tick of a row over."""
        self.tick([row_id], row_id not in self.ticked)

    @property
    def tick_state(self) -> Qt.CheckState:
        """None, some or all."""
        if not self.ticked:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if len(self.ticked) == len(self.ids) else Qt.CheckState.PartiallyChecked
