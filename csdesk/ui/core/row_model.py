"""A list of any length as a table: ids first, rows in blocks by id when they come into sight.

The ids are asked on a reader thread and given to ``set_ids``; a block of 200 rows is read here, synchronously (2 ms), the
one piece of SQL on the UI thread. Sorting and filtering are the store's: there is never a proxy model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import _
from csdesk.ui.core import cells

Index = QModelIndex | QPersistentModelIndex
Reading = Callable[[Sequence[int]], Mapping[int, tuple[Any, ...]]]
BLOCK = 200
MOST_KEPT = 40_000
TICK = 0
"""Model column of the tick box; the listing's columns follow."""

DISPLAY, EDIT, CHECK = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.CheckStateRole
ALIGN, TOOLTIP = Qt.ItemDataRole.TextAlignmentRole, Qt.ItemDataRole.ToolTipRole
PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
CHECKABLE, EDITABLE = PLAIN | Qt.ItemFlag.ItemIsUserCheckable, PLAIN | Qt.ItemFlag.ItemIsEditable
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(slots=True)
class Row:
    """A row as it was read: its values in column order, and their texts."""

    values: tuple[Any, ...]
    texts: tuple[str, ...]


class RowModel(QAbstractTableModel):
    """Rows by id. ``ticks_changed`` follows each change of the ticked rows, ``edited`` an edit in a cell (id, key, value).

    ``read`` gives the values of some ids and must not raise; ``words`` says a stored word. Ticks belong to ids and outlive every refresh.
    """

    ticks_changed = Signal()
    edited = Signal(object, str, object)

    def __init__(
        self, columns: Sequence[Column], read: Reading, words: cells.Words, today: date, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.today = today
        self.words = words
        self.ids: Sequence[int] = ()
        self.blocks_read = 0
        self._read = read
        self._flags = [CHECKABLE, *(EDITABLE if column.editable else PLAIN for column in self.columns)]
        self._rows: dict[int, Row] = {}
        self._places: dict[int, int] | None = {}
        self.ticked: set[int] = set()

    def set_ids(self, ids: Sequence[int]) -> bool:
        """Show these rows in this order and read them anew. True where the order or the rows differ from before."""
        self._rows.clear()
        if ids == self.ids:
            if self.ids:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.columns)))
            return False
        self.beginResetModel()
        self.ids, self._places = ids, None
        self.endResetModel()
        if self.ticked:
            self.set_ticks(self.ticked.intersection(ids))
        return True

    def forget(self) -> None:
        """Drop what was read (texts in another language, values changed): it is read again when painted."""
        self._rows.clear()
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.columns)))

    def id_at(self, row: int) -> int | None:
        """The id of a row."""
        return self.ids[row] if 0 <= row < len(self.ids) else None

    def place_of(self, record: int | None) -> int:
        """The row of an id, -1 where it is not in the list."""
        if self._places is None:
            self._places = {number: row for row, number in enumerate(self.ids)}
        return -1 if record is None else self._places.get(record, -1)

    def row(self, number: int) -> Row:
        """The values and texts of a row; its block is read where it is not known."""
        record = self.ids[number]
        found = self._rows.get(record)
        return found if found is not None else self._read_block(number)

    def value(self, number: int, place: int) -> Any:
        """The value of a cell; whether the row is ticked in the first column."""
        return self.is_ticked(number) if place == TICK else self.row(number).values[place - 1]

    def text(self, number: int, place: int) -> str:
        """What a cell says."""
        return "" if place == TICK else self.row(number).texts[place - 1]

    def value_of(self, number: int, key: str) -> Any:
        """The value of a row by the column's key; None for a column that is not there."""
        place = self.column_of(key)
        return self.row(number).values[place - 1] if place > 0 else None

    def column_of(self, key: str) -> int:
        """The model column of a key, -1 for none."""
        return next((place for place, column in enumerate(self.columns, 1) if column.key == key), -1)

    def column_at(self, place: int) -> Column | None:
        """The column at a model column; None for the tick box."""
        return self.columns[place - 1] if 1 <= place <= len(self.columns) else None

    def ticked_in_order(self) -> list[int]:
        """The ticked ids, in the order of the list."""
        if len(self.ticked) == len(self.ids):
            return list(self.ids)
        return sorted(self.ticked, key=self.place_of)

    def is_ticked(self, number: int) -> bool:
        """Whether a row is ticked."""
        return self.ids[number] in self.ticked

    def set_ticks(self, ids: Iterable[int]) -> None:
        """Tick exactly these."""
        fresh = set(ids)
        if fresh == self.ticked:
            return
        self.ticked = fresh
        if self.ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.ids) - 1, len(self.columns)), [CHECK])
        self.ticks_changed.emit()

    def tick(self, ids: Iterable[int], on: bool) -> None:
        """Tick or untick these rows; the ticks of others stay."""
        self.set_ticks(self.ticked.union(ids) if on else self.ticked.difference(ids))

    def toggle(self, record: int) -> None:
        """Turn the tick of a row over."""
        self.tick((record,), record not in self.ticked)

    @property
    def tick_state(self) -> Qt.CheckState:
        """None, some or all: what the box in the head shows."""
        if not self.ticked:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if len(self.ticked) == len(self.ids) else Qt.CheckState.PartiallyChecked

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns) + 1

    def data(self, index: Index, role: int = DISPLAY) -> Any:
        if role not in _SERVED or not index.isValid():
            return None
        number, place = index.row(), index.column()
        if number >= len(self.ids):
            return None
        if place == TICK:
            return _state(self.is_ticked(number)) if role == CHECK else None
        if role == ALIGN:
            return RIGHT if self.columns[place - 1].kind in cells.RIGHT_KINDS else None
        if role == DISPLAY:
            return self.row(number).texts[place - 1]
        return self.row(number).values[place - 1] if role == EDIT else None

    def setData(self, index: Index, value: Any, role: int = EDIT) -> bool:
        if not index.isValid():
            return False
        if index.column() == TICK and role == CHECK:
            self.tick((self.ids[index.row()],), Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        column = self.column_at(index.column())
        if column is None or not column.editable or role != EDIT:
            return False
        before = self.value(index.row(), index.column())
        if value == before or (not value and not before):
            return False
        self._put(index.row(), index.column() - 1, value)
        self.edited.emit(self.ids[index.row()], column.key, value)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return self._flags[index.column()] if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        if role not in (DISPLAY, TOOLTIP) or orientation != Qt.Orientation.Horizontal:
            return None
        column = self.column_at(section)
        if column is None:
            return _("Ticked") if role == DISPLAY else None
        return _(column.title)

    def copied(self, ids: Sequence[int], places: Sequence[int], with_head: bool) -> list[list[str]]:
        """The cells of these rows and model columns as the clipboard wants them; heading first where asked for."""
        columns = [self.columns[place - 1] for place in places]
        lines = [[_(column.title) for column in columns]] if with_head else []
        for number in (self.place_of(record) for record in ids):
            row = self.row(number)
            lines.append([cells.cell_copy(self.columns[p - 1], row.values[p - 1], row.texts[p - 1]) for p in places])
        return lines

    def _put(self, number: int, place: int, value: Any) -> None:
        """Show a value at once; the refresh after the command confirms it."""
        values = list(self.row(number).values)
        values[place] = value
        self._rows[self.ids[number]] = self._made(tuple(values))
        self.dataChanged.emit(self.index(number, place + 1), self.index(number, place + 1))

    def _read_block(self, number: int) -> Row:
        start = number - number % BLOCK
        wanted = [record for record in self.ids[start : start + BLOCK] if record not in self._rows]
        if len(self._rows) > MOST_KEPT:
            self._rows.clear()
        found = self._read(wanted)
        self.blocks_read += 1
        empty = (None,) * len(self.columns)
        for record in wanted:
            self._rows[record] = self._made(found.get(record, empty))
        return self._rows[self.ids[number]]

    def _made(self, values: tuple[Any, ...]) -> Row:
        texts = tuple(
            cells.cell_text(column, value, self.today, self.words)
            for column, value in zip(self.columns, values, strict=True)
        )
        return Row(values, texts)


_SERVED = frozenset({DISPLAY, EDIT, CHECK, ALIGN})


def _state(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked


__all__ = ["BLOCK", "TICK", "Kind", "Row", "RowModel"]
