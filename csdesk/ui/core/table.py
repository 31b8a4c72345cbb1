"""A list on the screen: a table over a Listing, worked by keys, that shows 100,000 rows as smoothly as ten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QMenu, QTableView, QWidget

from csdesk.services.core.columns import Kind, Listed, Query
from csdesk.services.core.errors import StorageError
from csdesk.services.core.texts import _
from csdesk.ui.core.cells import RIGHT_KINDS, Words
from csdesk.ui.core.clipboard import copy_rows
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.row_model import TICK, Index, RowModel
from csdesk.ui.core.table_columns import DENSITIES, ColumnTable
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RowTable(ColumnTable):
    """Rows of a listing. Give it a query with ``search``; it asks for ids beside the UI thread and tells what is done in it.

    ``opened``, ``peeked`` and ``menu_wanted`` give a row's id, ``peeked`` None where Escape ends it while ``is_peeking``;
    ``edited`` an edit in a cell; ``starred`` a press on the
    star; ``counted`` the number of rows each time the ids came.
    Ids are Python ints of 63 bits.
    """

    opened = Signal(object)
    peeked = Signal(object)
    edited = Signal(object, str, object)
    starred = Signal(object)
    menu_wanted = Signal(object, QPoint)
    counted = Signal(int)
    ticks_changed = Signal()
    current_changed = Signal(object)

    def __init__(
        self, context: Context, listing: Listed, words: Words, key: str, name: str, parent: QWidget | None = None
    ) -> None:
        model = RowModel(listing.columns, self._read, words, context.clock.today())
        super().__init__(context, listing, model, key, parent)
        self._late_ids: Sequence[int] | None = None
        self._wanted: int | None = None
        self._anchor: int | None = None
        self._base: frozenset[int] = frozenset()
        self.is_peeking = False
        self.setAccessibleName(name)
        self._dress()
        self._connect()
        self.set_density(str(context.state.get(f"{self._key}.density", "normal")))
        self.arrange()

    def search(self, query: Query) -> None:
        """Show what matches, in the order that the query names."""
        self.query = query
        self.head.set_sort(self.model_.column_of(query.sort or self.listing.default_sort), query.descending)
        self.reload()

    def reload(self) -> None:
        """Ask again for the same; ticks, current row and scroll stay where they are."""
        self.model_.today = self.context.clock.today()
        self.context.runner.ask(self.listing.ids, self.query, self.model_.today, then=self._ids_came, owner=self)

    def current_id(self) -> int | None:
        """The id of the current row."""
        return self.model_.id_at(self.currentIndex().row())

    def acting_ids(self) -> list[int]:
        """The ticked ids in their order, or else the current one: what a command is about."""
        current = self.current_id()
        return self.model_.ticked_in_order() or ([] if current is None else [current])

    def choose(self, record: int | None) -> None:
        """Make a record's row the current one, now or when it has come."""
        self._wanted = record
        row = self.model_.place_of(record)
        if row >= 0:
            self._wanted = None
            self._make_current(row)

    def remembered_sort(self) -> tuple[str, bool]:
        """The order chosen last, at first the listing's own."""
        return self.query.sort or self.listing.default_sort, self.query.descending

    def sort_by(self, key: str, descending: bool = False) -> None:
        """Order by a column and ask again."""
        self.query = replace(self.query, sort=key, descending=descending)
        self.head.set_sort(self.model_.column_of(key), descending)
        self._keep()
        self.arrange()
        self.reload()

    def choose_sort(self) -> None:
        """Offer every column to order by; the one in force turns its order over."""
        menu = QMenu(self)
        key, descending = self.remembered_sort()
        for column in self.listing.columns:
            if column.sortable:
                entry = menu.addAction(_(column.title).replace("&", "&&"))
                entry.setCheckable(True)
                entry.setChecked(column.key == key)
                again = column.key == key and not descending
                entry.triggered.connect(partial(self.sort_by, column.key, again))
        pop_up(menu, self.mapToGlobal(QPoint(px(16), px(32))))

    def copy(self, *, heads: bool = False) -> None:
        """Put the ticked rows, or the current one, on the clipboard: the shown columns in the shown order."""
        self._copy(self.acting_ids(), heads)

    def copy_listed(self) -> int:
        """Put the ticked rows, or where none is all that is listed, on the clipboard with their heads; gives how many."""
        return self._copy(self.model_.ticked_in_order() or self.model_.ids, True)

    def _copy(self, wanted: Sequence[int], heads: bool) -> int:
        ids = [record for record in wanted if self.model_.place_of(record) >= 0]
        if ids:
            shown = self.shown_columns()
            places = [place for place, _column in shown]
            copy_rows(self.model_.copied(ids, places, heads), [column.kind in RIGHT_KINDS for _place, column in shown])
        return len(ids)

    def edit_cell(self, key: str = "") -> bool:
        """Open the editor in the current row: in the column with ``key``, the current one, or the first that can be."""
        row = self.currentIndex().row()
        places = [self.model_.column_of(key)] if key else [self.currentIndex().column(), *self._editable_places()]
        for place in places:
            column = self.model_.column_at(place)
            if row >= 0 and column is not None and column.editable and not self.isColumnHidden(place):
                index = self.model_.index(row, place)
                self.setCurrentIndex(index)
                self.edit(index)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState or not self._take_key(event):
            super().keyPressEvent(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        row = self.currentIndex().row()
        if held == control and key == Qt.Key.Key_A:
            self.tick_all()
        elif key == Qt.Key.Key_C and held in (control, control | shift):
            self.copy(heads=bool(held & shift))
        elif key in STEPS and held == shift:
            self._extend(row + STEPS[key])
        elif held or row < 0:
            return False
        elif key in ENTERS:
            self.opened.emit(self.current_id())
        elif key == Qt.Key.Key_Space:
            self.peeked.emit(self.current_id())
        elif key == Qt.Key.Key_Escape and self.is_peeking:
            self.peeked.emit(None)
        elif key == Qt.Key.Key_X:
            self.model_.toggle(self.model_.ids[row])
        elif key == Qt.Key.Key_F2:
            self.edit_cell()
        elif key == Qt.Key.Key_Escape and self.model_.ticked:
            self.model_.set_ticks(())
        else:
            return False
        return True

    def tick_all(self) -> None:
        """Tick every row of the list, or none where all are."""
        everything = self.model_.tick_state == Qt.CheckState.Checked
        self.model_.set_ticks(() if everything else self.model_.ids)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the page, not a search."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            super().mousePressEvent(event)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._extend(index.row())
        elif index.column() == TICK or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._make_current(index.row())
            self.model_.toggle(self.model_.ids[index.row()])
        elif self._kind(index) == Kind.STAR:
            self._make_current(index.row())
            self.starred.emit(self.current_id())
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or index.column() == TICK or self._kind(index) == Kind.STAR:
            self.mousePressEvent(event)
            return
        self.setCurrentIndex(index)
        column = self.model_.column_at(index.column())
        if column is not None and column.editable:
            self.edit(index)
        else:
            self.opened.emit(self.current_id())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        if not event.buttons():
            super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        self._make_current(index.row())
        at = self.visualRect(index).bottomLeft() if by_key else event.pos()
        self.menu_wanted.emit(self.current_id(), self.viewport().mapToGlobal(at))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model_.ids:
            self._make_current(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.viewport().update()
            self.current_changed.emit(self.model_.id_at(current.row()))

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        index = self.currentIndex()
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        self.setFocus()
        if self._late_ids is not None:
            QTimer.singleShot(0, self._show_late)
        hints = QAbstractItemDelegate.EndEditHint
        if hint in (hints.EditNextItem, hints.EditPreviousItem):
            self._edit_beside(index, 1 if hint == hints.EditNextItem else -1)
        elif hint == hints.SubmitModelCache and index.row() + 1 < len(self.model_.ids):
            self.setCurrentIndex(self.model_.index(index.row() + 1, index.column()))

    def _show_late(self) -> None:
        if self._late_ids is not None:
            self._ids_came(self._late_ids)

    def _edit_beside(self, index: QModelIndex, step: int) -> None:
        places = self._editable_places()
        if index.column() not in places:
            return
        row, at = index.row(), places.index(index.column()) + step
        if not 0 <= at < len(places):
            row, at = row + step, 0 if step > 0 else len(places) - 1
        if 0 <= row < len(self.model_.ids):
            beside = self.model_.index(row, places[at])
            self.setCurrentIndex(beside)
            self.edit(beside)

    def _editable_places(self) -> list[int]:
        places = [self.head.logicalIndex(visual) for visual in range(self.head.count())]
        columns = [(place, self.model_.column_at(place)) for place in places if not self.isColumnHidden(place)]
        return [place for place, column in columns if column is not None and column.editable]

    def _extend(self, row: int) -> None:
        """Tick from where the extending began to this row; what was ticked before stays."""
        if not 0 <= row < len(self.model_.ids):
            return
        start = self.currentIndex().row() if self._anchor is None else self._anchor
        if self._anchor is None:
            self._anchor, self._base = max(0, start), frozenset(self.model_.ticked)
        anchor = self._anchor
        self._make_current(row)
        self._anchor = anchor
        first, last = sorted((anchor, row))
        self.model_.set_ticks(self._base.union(self.model_.ids[first : last + 1]))

    def _make_current(self, row: int) -> None:
        column = max(1, self.currentIndex().column())
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self.model_.index(row, column), flags.ClearAndSelect | flags.Rows)

    def _moved(self, *_args: object) -> None:
        self._anchor = None

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _kind(self, index: QModelIndex) -> Kind | None:
        column = self.model_.column_at(index.column())
        return column.kind if column is not None else None

    def _ids_came(self, ids: Sequence[int]) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            self._late_ids = ids  # fresh values would wipe out what is being typed
            return
        self._late_ids = None
        wanted, row = self._wanted or self.current_id(), self.currentIndex().row()
        top = self.model_.id_at(self.rowAt(0))
        if self.model_.set_ids(ids) and ids:
            found = self.model_.place_of(wanted)
            scrolled = self.model_.place_of(top)
            if found >= 0:
                self._make_current(found)
            elif row >= 0:
                self._make_current(min(row, len(ids) - 1))
            if scrolled > 0 and self._wanted is None:
                self.scrollTo(self.model_.index(scrolled, 1), QAbstractItemView.ScrollHint.PositionAtTop)
        self._wanted = None
        if self.hasFocus() and ids and not self.currentIndex().isValid():
            self._make_current(0)
        self.head.viewport().update()
        self.counted.emit(len(ids))

    def _read(self, ids: Sequence[int]) -> Mapping[int, tuple[Any, ...]]:
        try:
            with self.context.desk.read() as connection:
                return self.listing.rows(connection, ids)
        except StorageError as error:
            self.context.messages.bar("", str(error), "error", key="storage")
            return {}

    def _head_clicked(self, place: int) -> None:
        column = self.model_.column_at(place)
        if column is not None and column.sortable:
            again = self.query.sort == column.key or (not self.query.sort and self.listing.default_sort == column.key)
            self.sort_by(column.key, again and not self.query.descending)

    def _ticked(self) -> None:
        self.head.viewport().update()
        self.ticks_changed.emit()

    def _dress(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        upright = self.verticalHeader()
        upright.hide()
        upright.setSectionResizeMode(upright.ResizeMode.Fixed)
        upright.setMinimumSectionSize(px(24))

    def _connect(self) -> None:
        self.head.sectionClicked.connect(self._head_clicked)
        self.head.tick_all_pressed.connect(self.tick_all)
        self.head.set_sort(self.model_.column_of(self.query.sort or self.listing.default_sort), self.query.descending)
        self.model_.ticks_changed.connect(self._ticked)
        self.model_.edited.connect(self.edited)
        self.selectionModel().currentRowChanged.connect(self._moved)


__all__ = ["DENSITIES", "RowTable"]
