"""The columns of a week: a head with capacity, city and way, and the day's cards; cards are dragged or moved by keys."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core import icons, paint
from csdesk.ui.core.parts import Label, Surface
from csdesk.ui.core.theme import color, font, metrics, px

if TYPE_CHECKING:
    from csdesk.services.visits.cards import DayPlan, VisitCard

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-csdesk-visit"
KIND_ICONS = {VisitKind.ONSITE: "onsite", VisitKind.ONLINE: "online", VisitKind.PHONE: "phone"}
CARD_GAP, CARD_PAD, MOST_LINES = 8, 8, 2


@dataclass(frozen=True)
class Dragged:
    """What is being dragged: a planned visit, or an account that was left out."""

    visit: int = 0
    account: int = 0

    def mime(self) -> QMimeData:
        """For the drag."""
        data = QMimeData()
        data.setData(MIME, json.dumps({"visit": self.visit, "account": self.account}).encode())
        return data

    @classmethod
    def of(cls, data: QMimeData) -> Dragged | None:
        """What a drop holds, None for anything foreign."""
        if not data.hasFormat(MIME):
            return None
        told = json.loads(bytes(data.data(MIME).data()))
        return cls(int(told["visit"]), int(told["account"]))


class _Cards(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: tuple[VisitCard, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        card = self.cards[index.row()]
        return " ".join(part for part in (time_words(card), card.account, card.goal, card.why) if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return base | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled


def time_words(card: VisitCard) -> str:
    """9:30 – 11:00, or the words for a day without a time."""
    if not card.starts_at:
        return _("No time set")
    return f"{formats.time_text(card.starts_at)} \u2013 {formats.time_text(card.ends_at)}"


def clashes(cards: Sequence[VisitCard]) -> dict[int, str]:
    """Visits that overlap an earlier one of the day, by id, with the sentence."""
    found: dict[int, str] = {}
    planned = [card for card in cards if card.counts and card.starts_at]
    for place, card in enumerate(planned):
        for other in planned[:place]:
            if card.starts_at < other.ends_at and other.starts_at < card.ends_at:
                found[card.id] = _("At the same time as {account}").format(account=other.account)
    return found


class _CardDelegate(QStyledItemDelegate):
    """Paints a card: way, time and kind, tier, name, goal, reason; a red frame where it cannot be."""

    def __init__(self, view: DayList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        card = self._view.card_at(index)
        width = self._view.viewport().width()
        return QSize(width, self._height(card, width))

    def _height(self, card: VisitCard, width: int) -> int:
        inner = width - px(2 * (CARD_GAP + CARD_PAD)) - 2
        line = metrics().height() + px(3)
        height = px(CARD_GAP) + px(2 * CARD_PAD) + line * 2
        height += self._lines(card.goal, inner) * line if card.goal else 0
        height += metrics("caption").height() + px(3) if card.why else 0
        if card.id in self._view.clashes:
            height += metrics("caption").height() + px(3)
        if card.id in self._view.legs:
            height += px(22)
        return height

    @staticmethod
    def _lines(text: str, width: int) -> int:
        return min(MOST_LINES, max(1, -(-metrics().horizontalAdvance(text) // max(width - px(4), 1))))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = self._view.card_at(index)
        rect = QRect(option.rect)
        top = rect.top()
        if card.id in self._view.legs:
            self._way(painter, QRect(rect.left() + px(16), top, rect.width() - px(24), px(22)), card)
            top += px(22)
        box = QRect(
            rect.left() + px(CARD_GAP), top, rect.width() - px(2 * CARD_GAP), rect.bottom() - top - px(CARD_GAP) + 1
        )
        over = card.state == VisitState.DONE
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        clash = self._view.clashes.get(card.id, "")
        line = "accent" if chosen else "ink_red" if clash else "divider"
        paint.rounded(painter, box, 4, "window" if over else "surface", line, 2 if chosen else 1)
        self._content(
            painter, box.adjusted(px(CARD_PAD) + 1, px(CARD_PAD), -px(CARD_PAD) - 1, -px(CARD_PAD)), card, clash
        )

    def _way(self, painter: QPainter, rect: QRect, card: VisitCard) -> None:
        minutes = self._view.legs[card.id]
        icons.paint(painter, "car", rect.left(), rect.center().y() - px(7), px(14), "muted")
        words = _("{n} min on the way").format(n=minutes)
        paint.paint_text(painter, rect.adjusted(px(22), 0, 0, 0), words, "caption", "muted")

    def _content(self, painter: QPainter, rect: QRect, card: VisitCard, clash: str) -> None:
        line = metrics().height() + px(3)
        done = card.state == VisitState.DONE
        ink = "text" if not done and card.counts else "muted"
        row = QRect(rect.left(), rect.top(), rect.width(), line)
        icons.paint(painter, KIND_ICONS[card.kind], row.left(), row.center().y() - px(7), px(14), "muted")
        if card.tier:
            badge = QRect(row.right() - paint.badge_height() + 1, row.top(), paint.badge_height(), line)
            paint.paint_tier(painter, badge, card.tier)
        room = row.adjusted(px(20), 0, -px(26) if card.tier else 0, 0)
        when = time_words(card)
        if metrics().horizontalAdvance(when) > room.width():
            when = formats.time_text(card.starts_at) if card.starts_at else when
        paint.paint_text(painter, room, when, ink="muted")
        if done:
            icons.paint(painter, "check", row.right() - px(44), row.center().y() - px(7), px(14), "ink_green")
        row.translate(0, line)
        paint.paint_text(painter, row, card.account, ink=ink, bold=not done)
        row.translate(0, line)
        if card.goal:
            count = self._lines(card.goal, rect.width())
            box = QRectF(row.left(), row.top(), row.width() + 1, line * count)
            self._wrapped(painter, box, card.goal, ink)
            row.translate(0, line * count)
        small = metrics("caption").height() + px(3)
        row.setHeight(small)
        if card.why:
            state = "" if card.counts else _(card.state.label) + " \u00b7 "
            paint.paint_text(painter, row, state + card.why, "caption", "muted")
            row.translate(0, small)
        if clash:
            paint.paint_text(painter, row, clash, "caption", "ink_red")

    @staticmethod
    def _wrapped(painter: QPainter, rect: QRectF, text: str, ink: str) -> None:
        how = QTextOption(Qt.AlignmentFlag.AlignLeft)
        how.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.save()
        painter.setClipRect(rect)
        painter.setFont(font())
        painter.setPen(color(ink))
        painter.drawText(rect, text, how)
        painter.restore()


class DayList(QListView):
    """The cards of one day. ``opened``, ``dropped`` (day, what), ``shifted`` (visit id, days), ``left`` (±1)."""

    opened = Signal(object)
    dropped = Signal(object, object)
    shifted = Signal(object, int)
    left = Signal(int)
    menu_wanted = Signal(object, QPoint)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = date.min
        self.legs: dict[int, int] = {}
        self.clashes: dict[int, str] = {}
        self._model = _Cards(self)
        self.setModel(self._model)
        self.setItemDelegate(_CardDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self._over = False
        self._pressed: QPoint | None = None
        self.selectionModel().currentChanged.connect(self._moved)

    def show_day(self, day: DayPlan) -> None:
        """Show the visits of a day; the chosen one stays chosen."""
        keep = self.current_id()
        self.day, self.legs, self.clashes = day.day, day.legs, clashes(day.visits)
        self.setAccessibleName(formats.day_title(day.day))
        self._model.beginResetModel()
        self._model.cards = day.visits
        self._model.endResetModel()
        if keep is not None:
            self.choose(keep)

    def card_at(self, index: Index) -> VisitCard:
        """The visit of an index."""
        return self._model.cards[index.row()]

    @property
    def cards(self) -> tuple[VisitCard, ...]:
        """The visits shown."""
        return self._model.cards

    def current_card(self) -> VisitCard | None:
        """The chosen visit."""
        index = self.currentIndex()
        return self._model.cards[index.row()] if 0 <= index.row() < len(self._model.cards) else None

    def current_id(self) -> int | None:
        """The chosen visit's id."""
        card = self.current_card()
        return None if card is None else card.id

    def choose(self, visit_id: int) -> bool:
        """Choose a visit; False where it is not on this day."""
        for row, card in enumerate(self._model.cards):
            if card.id == visit_id:
                self.setCurrentIndex(self._model.index(row))
                return True
        return False

    def _moved(self, current: Index, _before: Index) -> None:
        if current.isValid():
            self.chosen.emit(self.card_at(current).id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current_card() is None and self._model.cards:
            self.setCurrentIndex(self._model.index(0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers()
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        current = self.current_id()
        if key in sideways and held & Qt.KeyboardModifier.ControlModifier and current is not None:
            self.shifted.emit(current, sideways[Qt.Key(key)])
        elif key in sideways and not held & ~Qt.KeyboardModifier.KeypadModifier:
            self.left.emit(sideways[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held and current is not None:
            self.opened.emit(current)
        elif event.text() and event.text().isprintable() and not held:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        card = self.current_card()
        far = self._pressed is not None and (event.position().toPoint() - self._pressed).manhattanLength() > px(10)
        if far and card is not None and card.state == VisitState.PLANNED:
            self._pressed = None
            drag = QDrag(self)
            drag.setMimeData(Dragged(visit=card.id).mime())
            rect = self.visualRect(self.currentIndex())
            drag.setPixmap(self.viewport().grab(rect))
            drag.exec(Qt.DropAction.MoveAction)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.opened.emit(self.card_at(index).id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        current = self.current_id()
        if current is not None:
            self.menu_wanted.emit(current, event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drag_over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drag_over(event)

    def _drag_over(self, event: QDragMoveEvent | QDragEnterEvent) -> None:
        if Dragged.of(event.mimeData()) is None:
            event.ignore()
            return
        self._over = True
        self.viewport().update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = False
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.viewport().update()
        dragged = Dragged.of(event.mimeData())
        if dragged is not None:
            event.acceptProposedAction()
            self.dropped.emit(self.day, dragged)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._over:
            QPainter(self.viewport()).fillRect(self.viewport().rect(), color("selection"))
        super().paintEvent(event)


class DayHead(QWidget):
    """The head of a day: its name, used and available, capacity boxes, where it leads."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day: DayPlan | None = None
        self._today = False
        self.setFixedHeight(px(74))

    def show_day(self, day: DayPlan, today: date) -> None:
        """Show a day."""
        self._day, self._today = day, day.day == today
        words = f"{formats.day_title(day.day)} {day.used}/{day.capacity}"
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._day is None:
            return
        painter = QPainter(self)
        day = self._day
        painter.fillRect(self.rect(), color("selection" if self._today else "window"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("divider"))
        inner = self.rect().adjusted(px(12), px(8), -px(12), -px(6))
        row = QRect(inner.left(), inner.top(), inner.width(), px(22))
        load = f"{day.used} / {day.capacity}"
        if day.over:
            load += " " + ngettext("{n} over", "{n} over", day.over).format(n=day.over)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        free = bool(day.free_name) and not day.capacity
        said = day.free_name if free else load
        wide = metrics("body", bool(day.over)).horizontalAdvance(said) + px(4)
        paint.paint_text(
            painter,
            row,
            said,
            ink="ink_red" if day.over else "muted" if free else "text",
            bold=bool(day.over),
            align=right,
        )
        name = f"{formats.weekday(day.day)} {day.day.day}"
        used = paint.paint_text(painter, row.adjusted(0, 0, -wide, 0), name, "h3", bold=True)
        if self._today:
            paint.paint_text(painter, row.adjusted(used + px(8), 0, -wide, 0), _("Today"), ink="muted")
        boxes = QRect(inner.left(), inner.top() + px(26), inner.width(), px(10))
        if day.capacity or day.used:
            paint.paint_capacity(painter, boxes, day.used, day.capacity)
        below = QRect(inner.left(), inner.top() + px(38), inner.width(), px(20))
        paint.paint_text(painter, below, where_words(day), "caption", "muted")


def where_words(day: DayPlan) -> str:
    """Where a day leads and how long the way is; its holiday or absence first."""
    parts = [day.note]
    if day.shifted:
        parts.append(_("Working day in exchange"))
    if day.cities:
        parts.append(_(", ").join(day.cities))
    elif day.stays_in:
        parts.append(_("Online and phone"))
    if day.travel_minutes:
        parts.append(_("{n} min on the way").format(n=day.travel_minutes))
    return " \u00b7 ".join(part for part in parts if part)


class DayColumn(QWidget):
    """Head and cards of one day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = DayHead()
        self.list = DayList()
        column.addWidget(self.head)
        column.addSpacing(px(8))
        column.addWidget(self.list, 1)

    def show_day(self, day: DayPlan, today: date) -> None:
        """Show a day."""
        self.head.show_day(day, today)
        self.list.show_day(day)


class Weekend(Surface):
    """Saturday and Sunday as a narrow strip while nothing is planned there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", "", 0, parent=parent)
        self.setFixedWidth(px(40))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, px(10), 0, 0)
        self._labels = [Label("", "caption", "muted") for _place in range(2)]
        for label in self._labels:
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)

    def show_days(self, days: Sequence[DayPlan]) -> None:
        """Name the days."""
        for label, day in zip(self._labels, days, strict=False):
            label.setText(f"{formats.weekday(day.day)}\n{day.day.day}")
