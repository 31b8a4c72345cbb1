"""The columns of a week: a head with capacity, city and way, what the own calendar takes, and the day's cards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from csdesk.models.vocabulary import VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core import paint
from csdesk.ui.core.parts import Divider, Label, Surface
from csdesk.ui.core.parts.marks import set_tip
from csdesk.ui.core.theme import color, metrics, px
from csdesk.ui.visits.cards import CardDelegate, CardModel, Index
from csdesk.ui.visits.dragging import Dragged, drag, is_far
from csdesk.ui.visits.views import PlanView

if TYPE_CHECKING:
    from csdesk.services.visits.cards import DayPlan, VisitCard, WeekPlan
    from csdesk.services.visits.fitting import Busy

MOST_BUSY = 3


class DayList(QListView):
    """The cards of one day. ``opened``, ``dropped`` (day, what), ``shifted`` (visit id, days), ``left`` (±1)."""

    opened = Signal(object)
    dropped = Signal(object, object)
    shifted = Signal(object, int)
    left = Signal(int)
    menu_wanted = Signal(object, object)
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = date.min
        self.legs: dict[int, int] = {}
        self.clashes: dict[int, str] = {}
        self._model = CardModel(self)
        self.setModel(self._model)
        self.setItemDelegate(CardDelegate(self, self))
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
        self.day, self.legs, self.clashes = day.day, day.legs, day.clashes
        self.setAccessibleName(formats.day_title(day.day))
        self._model.beginResetModel()
        self._model.cards, self._model.clashes = day.visits, self.clashes
        self._model.endResetModel()
        if not (keep is not None and self.choose(keep)) and self.hasFocus() and day.visits:
            self.setCurrentIndex(self._model.index(0))

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
        steps = sideways | {Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        current = self.current_id()
        if key in steps and held & Qt.KeyboardModifier.ControlModifier and current is not None:
            self.shifted.emit(current, steps[Qt.Key(key)])
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
        if is_far(self._pressed, event) and card is not None and card.state == VisitState.PLANNED:
            self._pressed = None
            drag(self, Dragged(visit=card.id), self.viewport().grab(self.visualRect(self.currentIndex())))

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


def busy_words(entry: Busy) -> str:
    """14:00 – 17:30 Team meeting; the title alone where the whole day is taken."""
    title = entry.title or _("taken")
    if entry.end - entry.start >= 24 * 60:
        return title
    start, end = (f"{minute // 60}:{minute % 60:02}" for minute in (entry.start, entry.end))
    return f"{start} – {end} {title}"


class BusyStrip(QWidget):
    """What the own calendar takes of the day, greyed; a few lines, the rest as a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[str, ...] = ()
        self.hide()

    def show_busy(self, entries: Sequence[Busy]) -> None:
        """Show these; nothing where there are none."""
        words = [busy_words(entry) for entry in entries]
        more = len(words) - MOST_BUSY
        shown = (
            words
            if more <= 0
            else [*words[: MOST_BUSY - 1], ngettext("and {n} more", "and {n} more", more + 1).format(n=more + 1)]
        )
        self._lines = tuple(shown)
        self.setAccessibleName(", ".join(words))
        set_tip(self, "\n".join(words))
        self.setFixedHeight(len(shown) * self._tall() + px(4))
        self.setVisible(bool(shown))
        self.update()

    @staticmethod
    def _tall() -> int:
        return metrics("caption").height() + px(4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, words in enumerate(self._lines):
            box = QRect(px(8), px(4) + place * self._tall(), self.width() - px(16), self._tall() - px(2))
            painter.fillRect(box, color("sunken"))
            painter.fillRect(QRect(box.left(), box.top(), px(3), box.height()), color("placeholder"))
            paint.paint_text(painter, box.adjusted(px(8), 0, -px(4), 0), words, "caption", "muted")


class DayColumn(QWidget):
    """Head and cards of one day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = DayHead()
        self.busy = BusyStrip()
        self.list = DayList()
        column.addWidget(self.head)
        column.addWidget(self.busy)
        column.addSpacing(px(8))
        column.addWidget(self.list, 1)

    def show_day(self, day: DayPlan, today: date) -> None:
        """Show a day."""
        self.head.show_day(day, today)
        self.busy.show_busy(day.busy)
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
        words = [f"{formats.weekday(day.day)}\n{day.day.day}" for day in days]
        for place, label in enumerate(self._labels):
            label.setText(words[place] if place < len(words) else "")


class WeekBoard(PlanView):
    """Monday to Friday side by side, the weekend as a strip unless something is planned there or it is worked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        surface = Surface()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(surface)
        row = QHBoxLayout(surface)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self.columns = [DayColumn() for _day in range(7)]
        self._lines = []
        for place, day in enumerate(self.columns):
            if place:
                line = Divider(vertical=True)
                self._lines.append(line)
                row.addWidget(line)
            row.addWidget(day, 1)
            day.list.opened.connect(self.opened)
            day.list.dropped.connect(self.dropped)
            day.list.shifted.connect(self.shifted)
            day.list.left.connect(self._step)
            day.list.menu_wanted.connect(self.menu_wanted)
            day.list.chosen.connect(self.chosen)
        self.weekend = Weekend()
        row.addWidget(self.weekend)

    def show_plan(self, plan: WeekPlan, today: date) -> None:
        work = [day for day in plan.days if day.day.weekday() < 5 or day.visits or day.capacity]
        for place, column in enumerate(self.columns):
            shown = place < len(work)
            column.setVisible(shown)
            if place:
                self._lines[place - 1].setVisible(shown)
            if shown:
                column.show_day(work[place], today)
        free = [day for day in plan.days if day not in work]
        self.weekend.setVisible(bool(free))
        self.weekend.show_days(free)

    def _shown(self) -> list[DayColumn]:
        return [column for column in self.columns if column.isVisible()]

    def choose(self, visit_id: int) -> bool:
        for column in self.columns:
            if column.list.choose(visit_id):
                column.list.setFocus()
                return True
        return False

    def current_card(self) -> VisitCard | None:
        return next((column.list.current_card() for column in self._shown() if column.list.hasFocus()), None)

    def current_day(self) -> date | None:
        return next((column.list.day for column in self._shown() if column.list.hasFocus()), None)

    def focus_first(self, today: date) -> bool:
        filled = [column for column in self._shown() if column.list.cards]
        target = next((column for column in filled if column.list.day == today), filled[0] if filled else None)
        if target is not None:
            target.list.setFocus()
        return target is not None

    def _step(self, by: int) -> None:
        shown = self._shown()
        here = next((place for place, column in enumerate(shown) if column.list.hasFocus()), 0)
        target = here + by
        if 0 <= target < len(shown):
            shown[target].list.setFocus()
        elif target >= len(shown):
            self.left.emit()
