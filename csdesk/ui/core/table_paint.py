"""How a row of a table is painted, by the kind of each column; one delegate for all, so that a frame stays cheap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QRect, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from csdesk.models.vocabulary import Tier
from csdesk.services.core import formats
from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import _
from csdesk.ui.core import cells, paint
from csdesk.ui.core.parts import Combo
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.row_model import RIGHT, TICK, Index, RowModel
from csdesk.ui.core.theme import color, metrics, px

if TYPE_CHECKING:
    from csdesk.ui.core.table_columns import ColumnTable

PAD = 8
EDGE = 16
"""Left of the tick box, and right of the last column."""

Options = Sequence[tuple[Any, str]]


class RowDelegate(QStyledItemDelegate):
    """Paints cells and makes editors. ``options`` offers the values of a column in a list; ``tones`` colour badges."""

    def __init__(self, table: ColumnTable, model: RowModel) -> None:
        super().__init__(table)
        self._table, self._model = table, model
        self.options: dict[str, Callable[[], Options]] = {}
        self.tones: dict[str, Mapping[str, str]] = {}
        self.limits: Mapping[str, int] = cells.CONTACT_LIMITS

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, number, place = cast(Any, option).rect, index.row(), index.column()
        if number >= len(self._model.ids):
            return
        ticked = self._model.is_ticked(number)
        current = number == self._table.currentIndex().row()
        marked = ticked or (current and self._table.hasFocus())
        ground = "selection" if marked else "hover" if number == self._table.hovered else "surface"
        painter.fillRect(rect, color(ground))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color("grid"))
        if place == TICK:
            if current:
                painter.fillRect(rect.left(), rect.top(), px(3), rect.height() - 1, color("accent"))
            paint.paint_check(painter, rect.adjusted(px(EDGE) - 1, 0, 0, -1), ticked)
            return
        column = self._model.columns[place - 1]
        row = self._model.row(number)
        room = rect.adjusted(px(PAD), 0, -px(EDGE if place == self._table.last_place else PAD), -1)
        self._paint_value(painter, room, column, row.values[place - 1], row.texts[place - 1], number, marked)
        if current and column.editable and self._table.hasFocus() and place == self._table.currentIndex().column():
            paint.rounded(painter, rect.adjusted(2, 2, -2, -3), 3, "", "accent")

    def _paint_value(
        self, painter: QPainter, room: QRect, column: Column, value: Any, text: str, number: int, marked: bool
    ) -> None:
        kind = column.kind
        if kind == Kind.TIER:
            paint.paint_tier(painter, room, text, marked)
        elif kind == Kind.STAR:
            if value or number == self._table.hovered:
                paint.paint_star(painter, room, bool(value))
        elif kind == Kind.BADGE:
            tone = self.tones.get(column.key, {}).get(str(value), "neutral")
            paint.paint_badge(painter, room, text, tone, selected=marked)
        elif kind in cells.RIGHT_KINDS:
            ink = "muted" if value is None else "text"
            paint.paint_text(painter, room, text, "body", ink, align=RIGHT)
        elif kind == Kind.ENDS:
            self._paint_end(painter, room, value, text)
        elif kind == Kind.LAST_CONTACT:
            used = paint.paint_text(painter, room, text, "body", "muted")
            if cells.is_late(self._model.value_of(number, "tier"), value, self._model.today, self.limits):
                paint.paint_text(painter, room.adjusted(used + px(6), 0, 0, 0), "\u25b2", "caption", "ink_amber")
        else:
            muted = kind in (Kind.DAY, Kind.MOMENT) and (value is None or value != self._model.today)
            paint.paint_text(painter, room, text, "body", "muted" if muted else "text", kind == Kind.NAME)

    def _paint_end(self, painter: QPainter, room: QRect, day: date | None, text: str) -> None:
        """The date, then the days left: bold from 60 days on, red from 30 on and when it is over."""
        if day is None:
            paint.paint_text(painter, room, text, "body", "muted")
            return
        date_width = metrics().horizontalAdvance("0000-00-00") + px(8)
        paint.paint_text(painter, room, text)
        days = (day - self._model.today).days
        ink = "ink_red" if days <= 30 else "text" if days <= 60 else "muted"
        rest = room.adjusted(date_width, 0, 0, 0)
        words = formats.days_left(day, self._model.today)
        paint.paint_text(painter, rest, words, "body", ink, days <= 60, RIGHT)

    def text_width(self, column: Column, row: Any, place: int) -> int:
        """The room that a cell's content wants, its padding included."""
        text = row.texts[place - 1]
        width = metrics("body", column.kind == Kind.NAME).horizontalAdvance(text) + 2 * px(PAD)
        if column.kind == Kind.ENDS and row.values[place - 1] is not None:
            words = formats.days_left(row.values[place - 1], self._model.today)
            width += px(16) + metrics("body", True).horizontalAdvance(words)
        if column.kind == Kind.LAST_CONTACT:
            width += px(18)
        if column.kind in (Kind.BADGE, Kind.TIER):
            width = paint.badge_width(text) + 2 * px(PAD)
        return width + px(4)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        column = self._model.column_at(index.column()) if index.isValid() else None
        if event.type() != QEvent.Type.ToolTip or column is None:
            return False
        QToolTip.showText(event.globalPos(), plain_tip(self.tip(column, index)), view)
        return True

    def tip(self, column: Column, index: Index) -> str:
        """The whole text where the cell cuts it, or what its mark means; "" where nothing is hidden."""
        row = self._model.row(index.row())
        value = row.values[index.column() - 1]
        if column.kind == Kind.LAST_CONTACT:
            tier = self._model.value_of(index.row(), "tier")
            if cells.is_late(tier, value, self._model.today, self.limits):
                return _("No contact for {n} days; tier {tier} wants one every {limit}").format(
                    n=(self._model.today - value).days, tier=tier, limit=self.limits[str(tier)]
                )
        wanted = self.text_width(column, row, index.column())
        cut = wanted - px(4) > self._table.columnWidth(index.column())
        return row.texts[index.column() - 1] if cut else ""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._model.columns[index.column() - 1]
        name = _(column.title)
        if column.key in self.options or column.kind == Kind.TIER:
            combo = Combo(name, self._offered(column), parent)
            combo.activated.connect(self._chosen)
            return combo
        line = QLineEdit(parent)
        line.setAccessibleName(name)
        return line

    def _offered(self, column: Column) -> Options:
        if column.key in self.options:
            return self.options[column.key]()
        words = ((tier.value, _("{tier} · {name}").format(tier=tier.value, name=_(tier.label))) for tier in Tier)
        return [("", formats.NOTHING), *words]

    def _chosen(self) -> None:
        editor = self.sender()
        if isinstance(editor, QWidget):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        value = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, Combo):
            editor.choose(value or "")
            editor.showPopup()
        elif isinstance(editor, QLineEdit):
            editor.setText("" if value is None else str(value))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        value = editor.value() if isinstance(editor, Combo) else cast(QLineEdit, editor).text().strip()
        model.setData(cast(Any, index), value)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = cast(Any, option).rect
        if isinstance(editor, Combo):
            rect = rect.adjusted(0, 0, max(0, px(112) - rect.width()), 0)
        editor.setGeometry(rect.adjusted(0, 1, 0, -2))
