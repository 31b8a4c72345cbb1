"""A month of visits as a calendar: a line a visit, capacity and holidays a day; visits are dragged or moved by keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from csdesk.models.vocabulary import VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.ui.core import icons, paint
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.theme import color, metrics, px
from csdesk.ui.visits.board import busy_words
from csdesk.ui.visits.cards import KIND_ICONS, time_words, tip_words
from csdesk.ui.visits.dragging import Dragged, drag, is_far
from csdesk.ui.visits.views import PlanView

if TYPE_CHECKING:
    from csdesk.services.visits.cards import DayPlan, VisitCard, WeekPlan

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
HEAD = 28
ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class _Row:
    """A line in a day's cell: a visit or something of the own calendar; ``more`` stand behind it for want of room."""

    rect: QRect
    card: VisitCard | None = None
    words: str = ""
    more: int = 0


class MonthGrid(PlanView):
    """Seven columns, Monday first. ←→↑↓ go to days, Tab to the visits of a day, Ctrl with an arrow moves the visit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self._plan: WeekPlan | None = None
        self._today = date.min
        self.month = 0
        self.day = date.min
        self._visit = 0
        self._over: date | None = None
        self._pressed: QPoint | None = None

    def show_plan(self, plan: WeekPlan, today: date) -> None:
        self._plan, self._today = plan, today
        self.month = (plan.start + timedelta(10)).month
        if not plan.start <= self.day <= plan.end:
            first = next(day.day for day in plan.days if day.day.month == self.month)
            self.day = today if plan.start <= today <= plan.end and today.month == self.month else first
        if self._visit and self._find(self._visit) is None:
            self._visit = 0
        self._tell()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(420), px(300))

    def choose(self, visit_id: int) -> bool:
        found = self._find(visit_id)
        if found is None:
            return False
        self.day, self._visit = found.day, visit_id
        self.setFocus()
        self._tell()
        return True

    def current_card(self) -> VisitCard | None:
        return self._chosen_card() if self.hasFocus() else None

    def current_day(self) -> date | None:
        return self.day if self.hasFocus() else None

    def _find(self, visit_id: int) -> DayPlan | None:
        days = self._plan.days if self._plan else ()
        return next((day for day in days if any(card.id == visit_id for card in day.visits)), None)

    def _chosen_card(self) -> VisitCard | None:
        day = self._day_plan(self.day)
        return next((card for card in day.visits if card.id == self._visit), None) if day else None

    def _day_plan(self, wanted: date) -> DayPlan | None:
        return next((day for day in self._plan.days if day.day == wanted), None) if self._plan else None

    # --- where things are -------------------------------------------------------------------------------------------

    def _cell(self, place: int) -> QRect:
        assert self._plan is not None
        rows = len(self._plan.days) // 7
        top, tall = px(HEAD), self.height() - px(HEAD) - 1
        row, column = divmod(place, 7)
        left, right = (self.width() - 1) * column // 7, (self.width() - 1) * (column + 1) // 7
        above, below = top + tall * row // rows, top + tall * (row + 1) // rows
        return QRect(left, above, right - left, below - above)

    def _cells(self) -> Iterator[tuple[DayPlan, QRect]]:
        for place, day in enumerate(self._plan.days if self._plan else ()):
            yield day, self._cell(place)

    def _rows(self, day: DayPlan, cell: QRect) -> list[_Row]:
        """The lines of a cell: visits first, then the own calendar; the last says how many do not fit."""
        tall = metrics("caption").height() + px(5)
        top = cell.top() + px(26)
        room = max((cell.bottom() - top - px(2)) // tall, 0)
        entries: list[tuple[VisitCard | None, str]] = [(card, "") for card in day.visits]
        entries += [(None, busy_words(entry)) for entry in day.busy]
        shown = self._in_sight(entries, room)
        more = len(entries) - len(shown)
        box = QRect(cell.left() + px(4), top, cell.width() - px(8), tall - px(2))
        return [
            _Row(box.translated(0, place * tall), card, words, more if place == len(shown) - 1 else 0)
            for place, (card, words) in enumerate(shown)
        ]

    def _in_sight(self, entries: list[tuple[VisitCard | None, str]], room: int) -> list[tuple[VisitCard | None, str]]:
        """As many as there is room for, the chosen visit among them."""
        place = next((at for at, (card, _w) in enumerate(entries) if card is not None and card.id == self._visit), 0)
        start = max(0, place - room + 1)
        return entries[start : start + room]

    def _at(self, point: QPoint) -> tuple[DayPlan | None, VisitCard | None]:
        for day, cell in self._cells():
            if cell.contains(point):
                row = next((row for row in self._rows(day, cell) if row.rect.contains(point)), None)
                return day, row.card if row else None
        return None, None

    def cell_of(self, wanted: date) -> QRect:
        """Where a day's cell lies; empty for a day that is not shown."""
        return next((cell for day, cell in self._cells() if day.day == wanted), QRect())

    def row_of(self, visit_id: int) -> QRect:
        """Where a visit's line lies; empty for one that is not in sight."""
        for day, cell in self._cells():
            for row in self._rows(day, cell):
                if row.card is not None and row.card.id == visit_id:
                    return row.rect
        return QRect()

    # --- painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._plan is None:
            return
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 6, "surface", "divider")
        for place, day in enumerate(self._plan.days[:7]):
            cell = self._cell(place)
            head = QRect(cell.left(), 1, cell.width(), px(HEAD))
            paint.paint_text(painter, head, formats.weekday(day.day), "caption", "muted", align=CENTER)
        for day, cell in self._cells():
            self._paint_cell(painter, day, cell)
        if self.hasFocus():
            paint.rounded(painter, self.cell_of(self.day).adjusted(1, 1, 0, 0), 4, "", "accent", 2)

    def _paint_cell(self, painter: QPainter, day: DayPlan, cell: QRect) -> None:
        outside = day.day.month != self.month
        free = bool(day.free_name)
        ground = "selection" if day.day == self._today or day.day == self._over else "sunken" if free else ""
        if ground:
            painter.fillRect(cell.adjusted(1, 1, 0, 0), color(ground))
        painter.fillRect(QRect(cell.left(), cell.top(), cell.width(), 1), color("divider"))
        if cell.left():
            painter.fillRect(QRect(cell.left(), cell.top(), 1, cell.height()), color("divider"))
        head = QRect(cell.left() + px(6), cell.top() + px(4), cell.width() - px(12), px(20))
        number = str(day.day.day) if day.day.day > 1 else f"{day.day:%m-%d}"
        ink = "placeholder" if outside else "muted" if free else "text"
        used = paint.paint_text(painter, head, number, ink=ink, bold=day.day == self._today)
        load = f"{day.used} / {day.capacity}" if day.capacity or day.used else ""
        wide = metrics("caption").horizontalAdvance(load) + px(4) if load else 0
        if load:
            over = "ink_red" if day.over else "muted"
            paint.paint_text(painter, head, load, "caption", over, bool(day.over), align=RIGHT)
        name = _("Workday") if day.shifted else day_note(day)
        if name:
            place = head.adjusted(used + px(6), 0, -wide - px(4), 0)
            paint.paint_text(painter, place, name, "caption", "ink_amber" if day.shifted else "muted")
        clashes = day.clashes
        for row in self._rows(day, cell):
            self._paint_row(painter, row, row.card is not None and row.card.id in clashes, outside)

    def _paint_row(self, painter: QPainter, row: _Row, clash: bool, outside: bool) -> None:
        card = row.card
        place = QRect(row.rect)
        if row.more:
            more = f"+{row.more}"
            place.setRight(place.right() - metrics("caption", True).horizontalAdvance(more) - px(6))
            paint.paint_text(painter, row.rect, more, "caption", "muted", True, RIGHT)
        if card is None:
            paint.paint_text(painter, place.adjusted(px(4), 0, 0, 0), row.words, "caption", "placeholder")
            return
        chosen = card.id == self._visit
        line = "accent" if chosen and self.hasFocus() else "ink_red" if clash else "divider"
        over = card.state != VisitState.PLANNED
        paint.rounded(painter, place, 3, "window" if over else "surface", line, 2 if line == "accent" else 1)
        inner = place.adjusted(px(4), 0, -px(4), 0)
        icon = "warn" if clash else "check" if card.state == VisitState.DONE else KIND_ICONS[card.kind]
        ink = "ink_red" if clash else "ink_green" if card.state == VisitState.DONE else "muted"
        icons.paint(painter, icon, inner.left(), inner.center().y() - px(6) + 1, px(12), ink)
        inner.setLeft(inner.left() + px(16))
        if card.tier and inner.width() > px(90):
            letter = metrics("caption", True).horizontalAdvance(card.tier.value)
            paint.paint_text(painter, inner, card.tier.value, "caption", "muted", True, RIGHT)
            inner.setRight(inner.right() - letter - px(4))
        if card.starts_at and inner.width() > px(80):
            time = formats.time_text(card.starts_at)
            inner.setLeft(inner.left() + paint.paint_text(painter, inner, time, "caption", "muted") + px(5))
        name = f"+ {card.account}" if card.is_late else card.account
        paint.paint_text(painter, inner, name, "caption", "muted" if over or outside else "text")

    # --- the keyboard -----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in ARROWS and not held:
            self._go(ARROWS[Qt.Key(key)])
        elif key in ARROWS and held == Qt.KeyboardModifier.ControlModifier and self._chosen_card() is not None:
            self.shifted.emit(self._visit, ARROWS[Qt.Key(key)])
        elif key in ENTERS and not held:
            if self._chosen_card() is not None:
                self.opened.emit(self._visit)
            else:
                self.day_opened.emit(self.day)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the visits of the day before it leaves."""
        day = self._day_plan(self.day)
        ids = [card.id for card in day.visits] if day else []
        here = ids.index(self._visit) if self._visit in ids else -1 if forward else len(ids)
        target = here + (1 if forward else -1)
        if 0 <= target < len(ids):
            self._visit = ids[target]
            self._tell()
            return True
        return super().focusNextPrevChild(forward)

    def _go(self, days: int) -> None:
        """↑↓ go through the visits of the day first, then to the week above or below; ←→ to the day beside."""
        day = self._day_plan(self.day)
        ids = [card.id for card in day.visits] if day else []
        if abs(days) == 7 and ids:
            here = ids.index(self._visit) if self._visit in ids else -1
            target = here + (1 if days > 0 else -1)
            if 0 <= target < len(ids):
                self._visit = ids[target]
                self._tell()
                return
        following = self._day_plan(self.day + timedelta(days))
        if following is None:
            if days == 1:
                self.left.emit()
            return
        self.day = following.day
        cards = following.visits
        self._visit = (cards[-1] if days == -7 else cards[0]).id if cards else 0
        self._tell()

    def _tell(self) -> None:
        """Say to screen readers and to the page what is chosen now."""
        day, card = self._day_plan(self.day), self._chosen_card()
        words = [formats.day_title(self.day)] if self.day > date.min else []
        if day is not None:
            words += [day_note(day), f"{day.used} / {day.capacity}"]
        if card is not None:
            words += [time_words(card), card.account, card.goal, day.clashes.get(card.id, "") if day else ""]
        self.setAccessibleName(", ".join(word for word in words if word))
        self.chosen.emit(self._visit)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        day = self._day_plan(self.day)
        if not self._visit and day is not None and day.visits:
            self._visit = day.visits[0].id
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    # --- the mouse --------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day, card = self._at(event.position().toPoint())
        if day is not None:
            self.day, self._visit = day.day, card.id if card else 0
            self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton and card else None
            self.setFocus()
            self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        card = self._chosen_card()
        if is_far(self._pressed, event) and card is not None and card.state == VisitState.PLANNED:
            self._pressed = None
            drag(self, Dragged(visit=card.id), self.grab(self.row_of(card.id)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        day, card = self._at(event.position().toPoint())
        if card is not None:
            self.opened.emit(card.id)
        elif day is not None:
            self.day_opened.emit(day.day)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._chosen_card() is not None:
            self.menu_wanted.emit(self._visit, event.globalPos())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            day, card = self._at(event.pos())
            words = tip_words(card, day.clashes.get(card.id, "")) if day and card else ""
            if day is not None and card is None:
                words = "\n".join(filter(None, (day_note(day), *map(busy_words, day.busy))))
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drag_over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drag_over(event)

    def _drag_over(self, event: QDragMoveEvent | QDragEnterEvent) -> None:
        day, _card = self._at(event.position().toPoint())
        if Dragged.of(event.mimeData()) is None or day is None:
            event.ignore()
            return
        self._over = day.day
        self.update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        day, _card = self._at(event.position().toPoint())
        dragged = Dragged.of(event.mimeData())
        self._over = None
        self.update()
        if dragged is not None and day is not None:
            event.acceptProposedAction()
            self.dropped.emit(day.day, dragged)


def day_note(day: DayPlan) -> str:
    """The holiday's name, or that the day is worked in exchange for one, or why the user is away; "" on plain days."""
    if day.shifted:
        return _("Working day in exchange")
    if day.free_name and day.day.weekday() < 5:
        return day.free_name
    if day.free_name and day.free_name != _("Weekend"):
        return day.free_name
    return day.note
