"""The head of a table: quiet captions, the arrow of the sorted column, a box that ticks all."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QToolTip, QWidget

from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import _
from csdesk.ui.core import cells, icons, paint
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.row_model import RIGHT, TICK, RowModel
from csdesk.ui.core.theme import color, metrics, px

HEIGHT = 32
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RowHead(QHeaderView):
    """Paints itself. ``tick_all_pressed`` is a click on the box; Qt's own signals tell the rest."""

    tick_all_pressed = Signal()

    def __init__(self, model: RowModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self.sort_place, self.descending = -1, False
        self.last_place = -1
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(px(24))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.sectionClicked.connect(self._clicked)

    def set_sort(self, place: int, descending: bool) -> None:
        """Show the arrow at a model column, -1 for none."""
        self.sort_place, self.descending = place, descending
        self.viewport().update()

    def wanted_width(self, place: int, column: Column) -> int:
        """What the heading needs to be read whole, its arrow included where it is sorted."""
        arrow = px(16) if place == self.sort_place else 0
        return metrics("caption").horizontalAdvance(self.title(column)) + 2 * px(8) + arrow + 2

    def title(self, column: Column) -> str:
        """The heading as it is shown: a star column has none."""
        return "" if column.kind == Kind.STAR else _(column.title)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(HEIGHT) + 1)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.fillRect(rect, color("window"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color("divider"))
        if logicalIndex == TICK:
            paint.paint_check(
                painter, rect.adjusted(px(16) - 1, 0, 0, 0), self._model.tick_state, bool(self._model.ids)
            )
            return
        column = self._model.column_at(logicalIndex)
        if column is None:
            return
        right = column.kind in cells.RIGHT_KINDS
        edge = px(16) if logicalIndex == self.last_place else px(8)
        room = rect.adjusted(px(8), 0, -edge, -1)
        arrow = px(16) if logicalIndex == self.sort_place else 0
        words = room.adjusted(0, 0, -arrow, 0)
        used = paint.paint_text(painter, words, self.title(column), "caption", "muted", align=RIGHT if right else LEFT)
        if arrow:
            left = room.right() - px(12) if right else room.left() + used + px(4)
            sign = "down" if self.descending else "up"
            icons.paint(painter, sign, left, room.center().y() - px(6) + 1, px(12), "muted")

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), color("window"))
        painter.fillRect(0, self.viewport().height() - 1, self.viewport().width(), 1, color("divider"))
        painter.end()
        super().paintEvent(event)  # type: ignore[arg-type]

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.logicalIndexAt(event.pos())
            column = self._model.column_at(place)
            cut = column is not None and self.wanted_width(place, column) > self.sectionSize(place)
            bare = column is not None and not self.title(column)
            text = _(column.title) if column is not None and (cut or bare) else ""
            QToolTip.showText(event.globalPos(), plain_tip(text), self)
            return True
        return super().viewportEvent(event)

    def _clicked(self, place: int) -> None:
        if place == TICK:
            self.tick_all_pressed.emit()
