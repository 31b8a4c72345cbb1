"""The one table of the house: a view over a RowModel with ticks, sorting in SQL, chosen columns and copying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QMimeData, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QWidget

from csdesk.services.core.columns import Column, Kind, Query
from csdesk.services.core.texts import _
from csdesk.ui.core import icons, paint
from csdesk.ui.core.cells import CellDelegate
from csdesk.ui.core.row_model import RIGHT_KINDS, TICK, RowModel
from csdesk.ui.core.theme import color, metrics, px

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

DENSITIES = {"compact": 28, "normal": 36, "roomy": 40}
PAD = 8


class Header(QHeaderView):
    """Muted captions, an arrow at the sorted column, the tick-all box; right-click chooses columns."""

    def __init__(self, table: RowTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setMinimumSectionSize(px(28))
        self.setFixedHeight(px(32))
        self.setAccessibleName(_("Column headings"))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(32))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._table.model_.columns[section]
        painter.fillRect(rect, color("window"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color("divider"))
        inner = rect.adjusted(px(PAD), 0, -px(PAD), 0)
        if column.key == TICK:
            paint.paint_check(painter, inner, self._table.model_.tick_state)
            return
        if column.kind == Kind.STAR:
            return
        sorted_here = self._table.query.sort == column.key
        arrow = px(16) if sorted_here else 0
        text = _(column.title)
        if column.kind in RIGHT_KINDS:
            paint.paint_text(painter, inner.adjusted(0, 0, -arrow, 0), text, "caption", "muted", align=_right())
            x = inner.right() - px(12)
        else:
            used = paint.paint_text(painter, inner.adjusted(0, 0, -arrow, 0), text, "caption", "muted")
            x = inner.left() + used + px(4)
        if sorted_here:
            name = "down" if self._table.query.descending else "up"
            icons.paint(painter, name, x, rect.center().y() - px(6), px(12), "muted")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._table.choose_columns(event.globalPos())


def _right() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RowTable(QTableView):
    """Shows what a query finds.

    ``opened`` (Enter, double click on a name), ``peeked`` (Space), ``edited`` (id, column key, text), ``ticks_changed``,
    ``menu_wanted`` (id, where), ``starred`` (id), ``counted`` (number of rows found).
    """

    opened = Signal(object)
    peeked = Signal(object)
    edited = Signal(object, str, object)
    starred = Signal(object)
    ticks_changed = Signal()
    menu_wanted = Signal(object, object)
    counted = Signal(int)

    def __init__(
        self,
        context: Context,
        listing: Any,
        words: Callable[[str, str], str],
        key: str,
        name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.context, self.listing, self._key = context, listing, key
        self.query = Query(sort=listing.default_sort)
        self._keep: int | None = None
        self._fitting = False
        self.model_ = RowModel(context.desk, listing, words, self)
        self.setModel(self.model_)
        self.cells = CellDelegate(self)
        self.setItemDelegate(self.cells)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeader(Header(self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.set_density(str(context.state.get(f"table.{key}.density", "normal")))
        self._recall_columns()
        head = self.horizontalHeader()
        head.sectionClicked.connect(self._head_clicked)
        head.sectionResized.connect(self._column_changed)
        head.sectionMoved.connect(self._column_changed)
        self._saver = QTimer(self, interval=400, singleShot=True)
        self._saver.timeout.connect(self._remember_columns)
        self.model_.ticks_changed.connect(self._ticked)

    def search(self, query: Query) -> None:
        """Show what this query finds; the chosen row stays chosen where it is still found."""
        self.query = query
        self._keep = self.current_id()
        self.context.runner.ask(
            self.listing.ids, query, self.context.clock.today(), then=self._found, owner=self, key="ids"
        )
        self.horizontalHeader().viewport().update()

    def reload(self) -> None:
        """Ask the same again: something changed."""
        self.search(self.query)

    def _found(self, ids: list[int]) -> None:
        scroll = self.verticalScrollBar().value()
        if ids == self.model_.ids:
            self.model_.forget()
        else:
            self.model_.set_ids(ids)
        place = self.model_.place_of(self._keep) if self._keep is not None else -1
        if place >= 0:
            self.verticalScrollBar().setValue(scroll)
            self._choose_row(place)
        elif ids:
            self._choose_row(min(max(self.currentIndex().row(), 0), len(ids) - 1))
        self.counted.emit(len(ids))
        self.ticks_changed.emit()

    def _choose_row(self, row: int) -> None:
        column = self.currentIndex().column()
        index = self.model_.index(row, column if column > 0 else self.model_.column_of("name"))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)

    def choose(self, row_id: int) -> None:
        """Choose the row with this id and bring it into sight."""
        place = self.model_.place_of(row_id)
        if place >= 0:
            self._choose_row(place)
        self._keep = row_id

    def current_id(self) -> int | None:
        """The id of the chosen row."""
        row = self.currentIndex().row()
        return self.model_.ids[row] if 0 <= row < len(self.model_.ids) else None

    def acting_ids(self) -> list[int]:
        """The ticked rows in their order, else the chosen one: what a command is about."""
        if self.model_.ticked:
            return [row_id for row_id in self.model_.ids if row_id in self.model_.ticked]
        current = self.current_id()
        return [] if current is None else [current]

    def set_density(self, density: str) -> None:
        """"compact", "normal" or "roomy" rows."""
        self.density = density if density in DENSITIES else "normal"
        height = max(px(DENSITIES[self.density]), metrics().height() + (8 if self.density == "compact" else 14))
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setMinimumSectionSize(height)
        self.context.state.set(f"table.{self._key}.density", self.density)

    def _head_clicked(self, section: int) -> None:
        column = self.model_.columns[section]
        if column.key == TICK:
            every = self.model_.tick_state != Qt.CheckState.Checked
            self.model_.tick(self.model_.ids, every)
        elif column.sortable:
            again = self.query.sort == column.key
            self.sort_by(column.key, not self.query.descending if again else column.kind in RIGHT_KINDS)

    def sort_by(self, key: str, descending: bool) -> None:
        """Order by a column; kept over restarts."""
        self.context.state.set(f"table.{self._key}.sort", [key, descending])
        self.search(Query(self.query.search, self.query.filters, key, descending))

    def remembered_sort(self) -> tuple[str, bool]:
        """The order chosen last."""
        stored = self.context.state.get(f"table.{self._key}.sort")
        known = {column.key for column in self.listing.columns}
        if isinstance(stored, list) and len(stored) == 2 and stored[0] in known:
            return str(stored[0]), bool(stored[1])
        return self.listing.default_sort, False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row_id = self.current_id()
        key, plain = event.key(), event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy(heads=False)
        elif key == Qt.Key.Key_C and event.modifiers() == (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            self.copy(heads=True)
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.model_.tick(self.model_.ids, True)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._extend(-1 if key == Qt.Key.Key_Up else 1)
        elif row_id is not None and plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row_id)
        elif row_id is not None and plain and key == Qt.Key.Key_Space:
            self.peeked.emit(row_id)
        elif row_id is not None and plain and key == Qt.Key.Key_X:
            self.model_.toggle(row_id)
        elif row_id is not None and plain and key == Qt.Key.Key_F2:
            self.edit_cell()
        elif key == Qt.Key.Key_Escape and self.model_.ticked:
            self.model_.tick(self.model_.ids, False)
        elif event.text() and plain and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _extend(self, by: int) -> None:
        row = self.currentIndex().row()
        target = min(max(row + by, 0), len(self.model_.ids) - 1)
        if row < 0:
            return
        self.model_.tick([self.model_.ids[row], self.model_.ids[target]], True)
        self._choose_row(target)

    def edit_cell(self) -> None:
        """Change the chosen cell in place; the first editable one where the chosen one is not."""
        index = self.currentIndex()
        if not index.isValid():
            return
        if not self.model_.columns[index.column()].editable:
            shown = [n for n, c in enumerate(self.model_.columns) if c.editable and not self.isColumnHidden(n)]
            if not shown:
                return
            index = index.siblingAtColumn(shown[0])
        self.setCurrentIndex(index)
        self.edit(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            column = self.model_.columns[index.column()]
            row_id = self.model_.ids[index.row()]
            if column.key == TICK or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._choose_row(index.row())
                self.model_.toggle(row_id)
                return
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.currentIndex().isValid():
                first, last = sorted((self.currentIndex().row(), index.row()))
                self.model_.tick(self.model_.ids[first : last + 1], True)
                return
            if column.kind == Kind.STAR:
                self._choose_row(index.row())
                self.starred.emit(row_id)
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        column = self.model_.columns[index.column()]
        if column.editable:
            self.edit(index)
        elif column.key != TICK and column.kind != Kind.STAR:
            self.opened.emit(self.model_.ids[index.row()])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row_id = self.current_id()
        if row_id is not None:
            self.menu_wanted.emit(row_id, event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)

    def _ticked(self) -> None:
        self.horizontalHeader().viewport().update()
        self.ticks_changed.emit()

    def copy(self, *, heads: bool) -> None:
        """Copy the rows acted on as text for Excel: tab-separated and as a table; nothing runs as a formula."""
        from csdesk.services.files.writing import tsv_and_html

        shown = self.shown_columns()
        rows = [
            [self.model_.text(self.model_.place_of(row_id), number) for number, _column in shown]
            for row_id in self.acting_ids()
        ]
        if not rows:
            return
        tsv, html = tsv_and_html([_(column.title) for _number, column in shown] if heads else [], rows)
        data = QMimeData()
        data.setText(tsv)
        data.setHtml(html)
        QGuiApplication.clipboard().setMimeData(data)
        count = len(rows)
        self.context.messages.toast(_("Copied: {n} rows").format(n=count))

    def shown_columns(self) -> list[tuple[int, Column]]:
        """The columns in sight in the order of sight, ticks and stars apart."""
        head = self.horizontalHeader()
        order = sorted(range(len(self.model_.columns)), key=head.visualIndex)
        return [
            (number, self.model_.columns[number])
            for number in order
            if not self.isColumnHidden(number) and self.model_.columns[number].kind != Kind.STAR
        ]

    def choose_columns(self, place: QPoint) -> None:
        """The menu of columns: which are shown; back to the beginning."""
        menu = QMenu(self)
        for number, column in enumerate(self.model_.columns):
            if column.key == TICK or column.kind == Kind.STAR:
                continue
            action = menu.addAction(_(column.title))
            action.setCheckable(True)
            action.setChecked(column.key in self._chosen)
            action.setEnabled(column.key != "name")
            action.setData(number)
        menu.addSeparator()
        menu.addAction(_("Columns as at first")).setData(-1)
        menu.triggered.connect(self._column_chosen)
        menu.popup(place)

    def _column_chosen(self, action: Any) -> None:
        number = action.data()
        if number == -1:
            self._reset_columns()
        else:
            self._chosen ^= {self.model_.columns[number].key}
        self._fit_columns()
        self._saver.start()

    def _reset_columns(self) -> None:
        head = self.horizontalHeader()
        for number, column in enumerate(self.model_.columns):
            head.moveSection(head.visualIndex(number), number)
            self.setColumnWidth(number, px(column.width))
        self._chosen = {column.key for column in self.model_.columns if not column.hidden}

    def _recall_columns(self) -> None:
        self._chosen = {column.key for column in self.model_.columns if not column.hidden}
        stored = self.context.state.get(f"table.{self._key}.columns")
        widths = {column.key: px(column.width) for column in self.model_.columns}
        head = self.horizontalHeader()
        if isinstance(stored, dict):
            known = set(stored.get("known", []))
            self._chosen = set(stored.get("shown", [])) | {key for key in self._chosen if key not in known}
            widths |= {key: int(width) for key, width in stored.get("widths", {}).items() if key in widths}
            keys = [column.key for column in self.model_.columns]
            for place, key in enumerate(key for key in stored.get("order", []) if key in keys):
                head.moveSection(head.visualIndex(keys.index(key)), place)
        for number, column in enumerate(self.model_.columns):
            self.setColumnWidth(number, widths[column.key])
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)

    def _remember_columns(self) -> None:
        head = self.horizontalHeader()
        keys = [column.key for column in self.model_.columns]
        order = sorted(keys, key=lambda key: head.visualIndex(keys.index(key)))
        widths = {key: self._widths.get(key, self.columnWidth(number)) for number, key in enumerate(keys)}
        stored = {"shown": sorted(self._chosen), "known": keys, "order": order, "widths": widths}
        self.context.state.set(f"table.{self._key}.columns", stored)

    @property
    def _widths(self) -> dict[str, int]:
        return {
            column.key: self.columnWidth(number) or px(column.width)
            for number, column in enumerate(self.model_.columns)
        }

    def _column_changed(self, *_args: Any) -> None:
        if not self._fitting:
            self._saver.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Columns leave in their order where the room is short; what is left over goes to the name."""
        self._fitting = True
        room = self.viewport().width()
        shown = {n: c for n, c in enumerate(self.model_.columns) if c.key in self._chosen or c.key == TICK}
        name = self.model_.column_of("name")
        widths = {n: max(self.columnWidth(n), 0) or px(c.width) for n, c in shown.items()}
        widths[name] = px(self.model_.columns[name].width)
        leaving = sorted((n for n, c in shown.items() if c.leaves), key=lambda n: -shown[n].leaves)
        while leaving and sum(widths.values()) > room:
            gone = leaving.pop(0)
            del widths[gone]
        widths[name] += max(0, min(room - sum(widths.values()), px(240)))
        for number in range(len(self.model_.columns)):
            self.setColumnHidden(number, number not in widths)
        self.setColumnWidth(name, widths[name])
        self._fitting = False

    def sizeHintForColumn(self, column: int) -> int:
        first, last = max(self.rowAt(0), 0), self.rowAt(self.viewport().height() - 1)
        last = last if last >= 0 else len(self.model_.ids) - 1
        texts: Sequence[str] = [self.model_.text(row, column) for row in range(first, last + 1)]
        title = metrics("caption").horizontalAdvance(_(self.model_.columns[column].title)) + px(24)
        return max([title, *(metrics("body", True).horizontalAdvance(text) for text in texts)]) + px(2 * PAD)
