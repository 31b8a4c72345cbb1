"""How the table paints a cell of each kind, and edits one in place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from csdesk.models.vocabulary import Tier
from csdesk.services.core import formats
from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.row_model import RAW, RIGHT_KINDS, TICK
from csdesk.ui.core.theme import color, px

if TYPE_CHECKING:
    from csdesk.ui.core.table import RowTable

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
PAD = 8
NEAR, VERY_NEAR = 60, 30


class CellDelegate(QStyledItemDelegate):
    """Painted straight, without the style: it is asked for some hundred cells a frame.

    ``late`` tells whether a LAST_CONTACT day is longer ago than the tier of its row allows.
    """

    def __init__(self, table: RowTable) -> None:
        super().__init__(table)
        self._table = table
        self.limits: dict[str, int] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = self._table
        column = table.model_.columns[index.column()]
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        row = index.row()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ticked = table.model_.ids[row] in table.model_.ticked
        marked = ticked or (chosen and table.hasFocus())
        if marked or chosen:
            painter.fillRect(rect, color("selection" if marked else "hover"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, color("hover"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color("grid"))
        if chosen and table.hasFocus() and column.key == TICK:
            painter.fillRect(QRect(rect.left(), rect.top(), px(3), rect.height() - 1), color("accent"))
        inner = rect.adjusted(px(PAD), 0, -px(PAD), -1)
        if column.key == TICK:
            paint.paint_check(painter, inner, ticked)
            return
        value = table.model_.value(row, index.column())
        if column.kind == Kind.STAR:
            if value:
                paint.paint_star(painter, inner, True)
            return
        if value is None or value == "":
            return
        self._content(painter, inner, column, value, table.model_.text(row, index.column()), row, marked)

    def _content(
        self, painter: QPainter, rect: QRect, column: Column, value: Any, text: str, row: int, marked: bool
    ) -> None:
        match column.kind:
            case Kind.TIER:
                paint.paint_tier(painter, rect, value, marked)
            case Kind.NAME:
                paint.paint_text(painter, rect, text, bold=True)
            case Kind.ENDS:
                self._ends(painter, rect, value, text)
            case Kind.LAST_CONTACT:
                width = paint.paint_text(painter, rect, text, ink="muted")
                if self._late(row, value):
                    paint.paint_text(painter, rect.adjusted(width + px(6), 0, 0, 0), "\u25b2", "caption", "ink_amber")
            case Kind.DAY:
                today = value == self._table.model_.today
                paint.paint_text(painter, rect, text, bold=today, ink="text" if today else "muted")
            case kind if kind in RIGHT_KINDS:
                paint.paint_text(painter, rect, text, align=RIGHT)
            case _:
                paint.paint_text(painter, rect, text)

    def _ends(self, painter: QPainter, rect: QRect, end: date, text: str) -> None:
        days = (end - self._table.model_.today).days
        paint.paint_text(painter, rect, text)
        ink = "ink_red" if days <= VERY_NEAR else "text" if days <= NEAR else "muted"
        left = formats.days_left(end, self._table.model_.today)
        paint.paint_text(painter, rect.adjusted(px(84), 0, 0, 0), left, ink=ink, bold=days <= NEAR, align=RIGHT)

    def _late(self, row: int, last: date) -> bool:
        values = self._table.model_.row_values(row)
        if values is None or not self.limits:
            return False
        tier = values[next(n for n, c in enumerate(self._table.listing.columns) if c.kind == Kind.TIER)]
        limit = self.limits.get(tier or "")
        return limit is not None and (self._table.model_.today - last).days > limit

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._table.model_.columns[index.column()]
        if column.kind == Kind.TIER:
            box = QComboBox(parent)
            box.addItem("\u2014", "")
            for tier in Tier:
                box.addItem(f"{tier.value}  {_(tier.label)}", tier.value)
            box.activated.connect(self._done)
            return box
        return QLineEdit(parent)

    def _done(self) -> None:
        editor = self.sender()
        if isinstance(editor, QWidget):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        value = index.data(RAW)
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(editor.findData(value or ""), 0))
        elif isinstance(editor, QLineEdit):
            editor.setText(str(value or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        column = self._table.model_.columns[index.column()]
        old = index.data(RAW) or ""
        new = editor.currentData() if isinstance(editor, QComboBox) else editor.text().strip()  # type: ignore[attr-defined]
        if new != old:
            self._table.edited.emit(self._table.model_.ids[index.row()], column.key, new)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        rect.setWidth(max(rect.width(), px(128)))
        editor.setGeometry(rect.adjusted(0, 1, 0, -1))

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        return super().eventFilter(watched, event)
