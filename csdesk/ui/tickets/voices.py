"""The customers' own words: who asked for it, when, and how, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from csdesk.models.vocabulary import Importance
from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.board import Index
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.theme import color, font, metrics, px
from csdesk.ui.tickets.wording import IMPORTANCE_TONES

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import TicketRow

SIDE, PAD, LINE, GAP = 16, 8, 20, 4
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WRAP = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


def quoted(voice: TicketRow) -> str:
    """What was said, in quotes."""
    return _("“{words}”").format(words=" ".join((voice.text or voice.title).split()))


def heard(voice: TicketRow, today: date) -> str:
    """On which day, from whom."""
    day = formats.day_short(voice.reported_on, today)
    return f"{day} \u00b7 {voice.contact}" if voice.contact else day


def lines_of(words: str, width: int) -> int:
    """How many lines the words take."""
    how = QTextOption(Qt.AlignmentFlag.AlignLeft)
    how.setWrapMode(WRAP)
    layout = QTextLayout(words, font())
    layout.setTextOption(how)
    layout.beginLayout()
    count = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        count += 1
    layout.endLayout()
    return count


class _Model(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.voices: tuple[TicketRow, ...] = ()
        self.today = date.min

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.voices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        voice = self.voices[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            parts = (voice.account, voice.tier or "", _(Importance(voice.importance).label), heard(voice, self.today))
            return " ".join((*(part for part in parts if part), quoted(voice)))
        return plain_tip(voice.text) if role == Qt.ItemDataRole.ToolTipRole else None


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: VoicesView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        words = self._words_height(quoted(self._view.voice_at(index)))
        return QSize(px(100), 2 * px(PAD) + self._line() + px(GAP) + words + 1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        voice, rect = self._view.voice_at(index), QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        if chosen:
            painter.fillRect(rect, color("selection"))
            painter.fillRect(QRect(rect.left(), rect.top(), px(3), rect.height()), color("accent"))
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), color("grid"))
        inner = rect.adjusted(px(SIDE), px(PAD) + 1, -px(SIDE), -px(PAD))
        if self._view.with_ticks:
            box = QRect(inner.left(), inner.top(), px(16), self._line())
            paint.paint_check(painter, box, voice.id in self._view.ticked)
            inner.setLeft(inner.left() + px(28))
        row = QRect(inner.left(), inner.top(), inner.width(), self._line())
        self._who(painter, row, voice, chosen)
        below = QRect(inner.left(), row.bottom() + 1 + px(GAP), inner.width(), inner.bottom() - row.bottom())
        painter.save()
        painter.setClipRect(below)
        painter.setFont(font())
        painter.setPen(color("text"))
        how = QTextOption(Qt.AlignmentFlag.AlignLeft)
        how.setWrapMode(WRAP)
        painter.drawText(QRectF(below), quoted(voice), how)
        painter.restore()

    def _who(self, painter: QPainter, row: QRect, voice: TicketRow, chosen: bool) -> None:
        width = paint.paint_text(painter, row, heard(voice, self._view.today), "caption", "muted", align=RIGHT)
        room = row.adjusted(0, 0, -width - px(8), 0)
        badge = voice.importance if voice.importance == Importance.CRITICAL or self._view.with_ticks else ""
        words = _(Importance(badge).label) if badge else ""
        kept = paint.badge_height() + px(8) if voice.tier else 0
        kept += paint.badge_width(words, IMPORTANCE_TONES[badge]) + px(8) if badge else 0
        used = paint.paint_text(painter, room.adjusted(0, 0, -kept, 0), voice.account, bold=True) + px(8)
        left = room.left() + used
        if voice.tier:
            box = QRect(left, room.top(), room.right() - left, room.height())
            left += paint.paint_tier(painter, box, voice.tier, chosen) + px(8)
        if badge:
            box = QRect(left, room.top(), room.right() - left, room.height())
            left += paint.paint_badge(painter, box, words, IMPORTANCE_TONES[badge], "", chosen) + px(8)
        if self._view.with_ticks and left < room.right():
            box = QRect(left, room.top(), room.right() - left, room.height())
            paint.paint_text(painter, box, voice.number, "caption", "muted")

    @staticmethod
    def _line() -> int:
        return max(px(LINE), paint.badge_height())

    def _words_height(self, words: str) -> int:
        width = self._view.viewport().width() - 2 * px(SIDE) - (px(28) if self._view.with_ticks else 0)
        return min(lines_of(words, max(width, px(40))), self._view.most_lines) * metrics().lineSpacing()


class VoicesView(QListView):
    """Shows what customers said. ``opened`` gives a ticket's id; with ticks, X and a click on the box tick one. ``left`` says that the
    keyboard goes back to what stands at the left."""

    opened = Signal(object)
    ticks_changed = Signal()
    left = Signal()
    menu_wanted = Signal(object, object)

    def __init__(self, most_lines: int = 4, with_ticks: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.most_lines, self.with_ticks = most_lines, with_ticks
        self.ticked: set[int] = set()
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(_("The customers' words"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)

    @property
    def today(self) -> date:
        """The day on which they are read."""
        return self._model.today

    @property
    def voices(self) -> tuple[TicketRow, ...]:
        """What is shown."""
        return self._model.voices

    def show_voices(self, voices: Sequence[TicketRow], today: date) -> None:
        """Show these; ticks and the current one stay where they still exist."""
        keep = self.current_id()
        self._model.beginResetModel()
        self._model.voices, self._model.today = tuple(voices), today
        self._model.endResetModel()
        self.ticked &= {voice.id for voice in voices}
        for row, voice in enumerate(self._model.voices):
            if voice.id == keep:
                self.setCurrentIndex(self._model.index(row))
        if self.hasFocus() and self.current_id() is None and voices:
            self.setCurrentIndex(self._model.index(0))
        self.ticks_changed.emit()

    def voice_at(self, index: Index) -> TicketRow:
        """The voice of an index."""
        return self._model.voices[index.row()]

    def current_id(self) -> int | None:
        """The ticket of the current voice."""
        row = self.currentIndex().row()
        return self._model.voices[row].id if 0 <= row < len(self._model.voices) else None

    def acting_ids(self) -> tuple[int, ...]:
        """The ticked ones, or else the current one."""
        current = self.current_id()
        ticked = tuple(voice.id for voice in self._model.voices if voice.id in self.ticked)
        return ticked or (() if current is None else (current,))

    def tick(self, ticket: int) -> None:
        """Tick one, or take its tick away."""
        self.ticked ^= {ticket}
        self.viewport().update()
        self.ticks_changed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current_id() is None and self._model.voices:
            self.setCurrentIndex(self._model.index(0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current, plain = self.current_id(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and current is not None:
            self.opened.emit(current)
        elif event.key() in (Qt.Key.Key_X, Qt.Key.Key_Space) and plain and self.with_ticks and current is not None:
            self.tick(current)
        elif event.key() == Qt.Key.Key_Left and plain:
            self.left.emit()
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if self.with_ticks and index.isValid() and event.position().x() < px(SIDE + 24):
            self.tick(self.voice_at(index).id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not (self.with_ticks and event.position().x() < px(SIDE + 24)):
            self.opened.emit(self.voice_at(index).id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.current_id() is not None:
            self.menu_wanted.emit(self.current_id(), event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
