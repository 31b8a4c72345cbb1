"""The grid of a review: accounts with their cells below, old beside new; a cell of the file can be typed over in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from csdesk.services.core.texts import N_, _
from csdesk.ui.core import icons, paint
from csdesk.ui.core.clipboard import copy_rows
from csdesk.ui.core.review_lines import LineList, ReviewLine
from csdesk.ui.core.theme import color, px

Index = QModelIndex | QPersistentModelIndex
NAME, WHERE, OLD, NEW = range(4)
HEADS = (N_("Account / field"), N_("Cell"), N_("There now"), N_("In the file"))
ROW, HEAD = 36, 32
BOX = 28


class _Model(QAbstractTableModel):
    def __init__(self, heads: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.lines, self.heads = LineList(), heads

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(self.heads[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (line.title, line.where, line.old, line.new)[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return line.typed
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join(part for part in (line.title, line.where, line.old, line.new) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        line = self.lines[index.row()]
        able = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return able | Qt.ItemFlag.ItemIsEditable if line.cell is not None and index.column() == NEW else able


class _Head(QHeaderView):
    def __init__(self, heads: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._heads = heads
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(px(48))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(HEAD) + 1)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.fillRect(rect, color("window"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color("divider"))
        left = px(16 + BOX) if logicalIndex == NAME else px(8)
        paint.paint_text(painter, rect.adjusted(left, 0, -px(8), -1), _(self._heads[logicalIndex]), "caption", "muted")


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: ReviewTable) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, rect = self._view.line_at(index.row()), QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = "selection" if chosen else "window" if line.head else "surface"
        painter.fillRect(rect, color(ground))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color("grid"))
        if chosen and index.column() == NAME and self._view.hasFocus():
            painter.fillRect(QRect(rect.left(), rect.top(), px(3), rect.height()), color("accent"))
        room = rect.adjusted(px(8), 0, -px(8), -1)
        out = line.tick is False
        if index.column() == NAME:
            self._name(painter, rect, line, out)
        elif index.column() == WHERE:
            paint.paint_text(painter, room, line.where, "caption", "muted")
        elif index.column() == OLD:
            paint.paint_text(painter, room, line.old, "caption" if line.head or line.badge else "body", "muted")
        else:
            self._new(painter, room, line, chosen, out)

    def _name(self, painter: QPainter, rect: QRect, line: ReviewLine, out: bool) -> None:
        box = QRect(rect.left() + px(12), rect.top(), px(BOX), rect.height())
        if line.tick is not None:
            paint.paint_check(painter, box, line.tick)
        left = px(12 + BOX) if line.head else px(12 + BOX + 28)
        if line.is_open is not None:
            side = px(12)
            sign = "down" if line.is_open else "forward"
            icons.paint(painter, sign, rect.left() + left, rect.center().y() - side / 2 + 1, side, "muted")
            left += px(18)
        ink = "muted" if out else "text"
        paint.paint_text(painter, rect.adjusted(left, 0, -px(8), -1), line.title, "body", ink, line.head and not out)

    def _new(self, painter: QPainter, room: QRect, line: ReviewLine, chosen: bool, out: bool) -> None:
        changes = line.key[0] == "change"
        if changes:
            icons.paint(painter, "arrow", room.left(), room.center().y() - px(8) + 1, px(16), "muted")
        room = room.adjusted(px(24), 0, 0, 0) if not line.head else room
        end = room.right()
        if line.badge is not None:
            width = paint.badge_width(line.badge.text, line.badge.tone)
            place = QRect(end - width, room.top(), width, room.height())
            paint.paint_badge(painter, place, line.badge.text, line.badge.tone, selected=chosen)
            room = room.adjusted(0, 0, -width - px(8), 0)
        ink = "muted" if out or line.head or line.key[0] == "cell" else "text"
        role = "caption" if line.head else "body"
        paint.paint_text(painter, room, line.new, role, ink, changes and not out)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setAccessibleName(self._view.line_at(index.row()).title)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        editor.setText(self._view.line_at(index.row()).typed)
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        line = self._view.line_at(index.row())
        if line.cell is not None and editor.text() != line.typed:
            self._view.typed.emit(*line.cell, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(px(4), 2, -px(4), -3))


class ReviewTable(QTableView):
    """Lines in four columns. ↑↓ move, F2 or Enter types over a cell, Enter on an account lists its cells, → ← too.

    ``chosen`` gives a line's key, ``typed`` (sheet, address, text), ``ticked`` (sheet, row), ``turned`` a key to open or close.
    """

    chosen = Signal(object)
    typed = Signal(str, str, str)
    ticked = Signal(str, int)
    turned = Signal(object)
    menu_wanted = Signal(object, object)

    def __init__(self, name: str, heads: tuple[str, ...] = HEADS, parent: QWidget | None = None) -> None:
        """``heads`` are the msgids of the four columns."""
        super().__init__(parent)
        self._model = _Model(heads, self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setHorizontalHeader(_Head(heads, self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(px(ROW))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self._quiet = False
        self.selectionModel().currentRowChanged.connect(self._moved)

    @property
    def lines(self) -> LineList:
        """What is shown."""
        return self._model.lines

    @property
    def is_typing(self) -> bool:
        """Whether a cell is being typed over."""
        return self.state() == QAbstractItemView.State.EditingState

    def set_lines(self, lines: LineList) -> None:
        """Show these; the chosen one stays chosen where it still exists, else the one in its place."""
        keep, row = self.current_key(), self.currentIndex().row()
        top = self.verticalScrollBar().value()
        self._quiet = True
        self._model.beginResetModel()
        self._model.lines = lines
        self._model.endResetModel()
        self._quiet = False
        if not self.choose(keep) and len(lines):
            self._go(min(max(row, 0), len(lines) - 1))
        self.verticalScrollBar().setValue(top)

    def line_at(self, row: int) -> ReviewLine:
        """The line of a row."""
        return self._model.lines[row]

    def current_line(self) -> ReviewLine | None:
        """The chosen line."""
        row = self.currentIndex().row()
        return self._model.lines[row] if 0 <= row < len(self._model.lines) else None

    def current_key(self) -> Any:
        """The key of the chosen line, None without one."""
        line = self.current_line()
        return line.key if line is not None else None

    def choose(self, key: Any) -> bool:
        """Choose the line with this key; False where it is not there."""
        row = self._model.lines.row_of(key)
        if row >= 0:
            self._go(row)
        return row >= 0

    def edit_current(self) -> bool:
        """Type over the cell of the chosen line; False where it has none."""
        index = self._model.index(self.currentIndex().row(), NEW)
        line = self.current_line()
        if line is None or line.cell is None:
            return False
        self.setCurrentIndex(index)
        self.edit(index)
        return True

    def copy(self) -> None:
        """Put the shown lines on the clipboard, the chosen one alone where it is a cell."""
        line = self.current_line()
        lines: Sequence[ReviewLine] = self.lines if line is None or line.head else (line,)
        rows = [[_(head) for head in self._model.heads], *([one.title, one.where, one.old, one.new] for one in lines)]
        copy_rows(rows, [False] * len(self._model.heads))

    def _go(self, row: int) -> None:
        self.setCurrentIndex(self._model.index(row, NEW))

    def _moved(self, current: Index, _previous: Index) -> None:
        if current.isValid() and not self._quiet:
            self.chosen.emit(self.line_at(current.row()).key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_typing:
            event.ignore()
            return
        line, key = self.current_line(), event.key()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
        if key == Qt.Key.Key_F2 and self.edit_current():
            return
        if enter and line is not None:
            if not self.edit_current() and line.is_open is not None:
                self.turned.emit(line.key)
            return
        if line is not None and key in (Qt.Key.Key_Right, Qt.Key.Key_Left) and not event.modifiers():
            if line.is_open is (key == Qt.Key.Key_Left):
                self.turned.emit(line.key)
            return
        if event.text() and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        line = self.current_line()
        if not index.isValid() or line is None or index.column() != NAME or not line.head:
            return
        x = event.position().toPoint().x() - self.visualRect(index).left()
        if x < px(12 + BOX) and line.tick is not None:
            self.ticked.emit(*line.place)
        elif x < px(12 + BOX + 20) and line.is_open is not None:
            self.turned.emit(line.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        line = self.current_line()
        if line is not None and not self.edit_current() and line.is_open is not None:
            self.turned.emit(line.key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.current_key() is not None:
            self.menu_wanted.emit(self.current_key(), event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current_key() is None and self.lines:
            self._go(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.viewport().width()
        where = px(72)
        rest = max(width - where, px(300))
        for column, share in ((NAME, 0.36), (OLD, 0.28)):
            self.setColumnWidth(column, round(rest * share))
        self.setColumnWidth(WHERE, where)
        self.setColumnWidth(NEW, width - where - round(rest * 0.36) - round(rest * 0.28))
