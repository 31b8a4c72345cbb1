"""A quarter of visits: a row a week with its load, its days, its cities; Enter opens the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core import paint
from csdesk.ui.core.theme import color, metrics, px
from csdesk.ui.visits.dragging import Dragged
from csdesk.ui.visits.views import PlanView

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

    from csdesk.services.visits.cards import DayPlan, VisitCard, WeekPlan

HEAD = 28
WEEK_WIDTH, LOAD_WIDTH, DAY_WIDTH = 150, 130, 40
CENTER = Qt.AlignmentFlag.AlignCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class _Week:
    monday: date
    days: tuple[DayPlan, ...]

    @property
    def used(self) -> int:
        return sum(day.used for day in self.days)

    @property
    def capacity(self) -> int:
        return sum(day.capacity for day in self.days)

    @property
    def cities(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(city for day in self.days for city in day.cities))

    @property
    def notes(self) -> tuple[str, ...]:
        """Holidays and absences of its days."""
        weekend = _("Weekend")
        found = [day.note or (day.free_name if day.free_name != weekend else "") for day in self.days]
        return tuple(dict.fromkeys(filter(None, found)))


class QuarterWeeks(PlanView):
    """The weeks of a quarter. ↑↓ choose a week, ←→ a day in it, Enter opens it; a drop puts on the day under the mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self._weeks: tuple[_Week, ...] = ()
        self._today = self.day = date.min

    def show_plan(self, plan: WeekPlan, today: date) -> None:
        days = plan.days
        self._weeks = tuple(_Week(days[at].day, days[at : at + 7]) for at in range(0, len(days), 7))
        self._today = today
        if not plan.start <= self.day <= plan.end:
            self.day = today if plan.start <= today <= plan.end else plan.start
        self._tell()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(420), px(HEAD) + 13 * px(22))

    def current_day(self) -> date | None:
        return self.day if self.hasFocus() else None

    def choose(self, visit_id: int) -> bool:
        for week in self._weeks:
            for day in week.days:
                if any(card.id == visit_id for card in day.visits):
                    self.day = day.day
                    self._tell()
                    return True
        return False

    def current_card(self) -> VisitCard | None:
        return None

    def _row(self, place: int) -> QRect:
        tall = min((self.height() - px(HEAD) - 1) / max(len(self._weeks), 1), px(52))
        top = px(HEAD) + round(place * tall)
        return QRect(1, top, self.width() - 2, px(HEAD) + round((place + 1) * tall) - top)

    def _day_box(self, row: QRect, place: int) -> QRect:
        left = row.left() + px(12) + px(WEEK_WIDTH) + px(LOAD_WIDTH) + place * px(DAY_WIDTH)
        return QRect(left, row.top() + px(2), px(DAY_WIDTH) - px(4), row.height() - px(4))

    def _at(self, point: QPoint) -> date | None:
        for place, week in enumerate(self._weeks):
            row = self._row(place)
            if row.contains(point):
                boxes = [self._day_box(row, number) for number in range(7)]
                found = next((number for number, box in enumerate(boxes) if box.contains(point)), None)
                return week.monday if found is None else week.days[found].day
        return None

    def row_of(self, wanted: date) -> QRect:
        """Where the day's week lies; empty for one that is not shown."""
        for place, week in enumerate(self._weeks):
            if week.monday <= wanted < week.monday + timedelta(7):
                return self._row(place)
        return QRect()

    def box_of(self, wanted: date) -> QRect:
        """Where the day itself lies."""
        row = self.row_of(wanted)
        return self._day_box(row, wanted.weekday()) if row.isValid() else row

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 6, "surface", "divider")
        head = QRect(1, 1, self.width() - 2, px(HEAD))
        for place, day in enumerate(self._weeks[0].days if self._weeks else ()):
            box = self._day_box(head, place)
            paint.paint_text(painter, box, formats.weekday(day.day)[-1:] if _is_short(day.day) else
                             formats.weekday(day.day), "caption", "muted", align=CENTER)  # fmt: skip
        for place, week in enumerate(self._weeks):
            self._paint_week(painter, self._row(place), week)

    def _paint_week(self, painter: QPainter, row: QRect, week: _Week) -> None:
        chosen = week.monday <= self.day < week.monday + timedelta(7)
        if chosen:
            painter.fillRect(row, color("selection"))
            if self.hasFocus():
                painter.fillRect(QRect(row.left(), row.top(), px(3), row.height()), color("accent"))
        painter.fillRect(QRect(row.left(), row.top(), row.width(), 1), color("grid"))
        left = QRect(row.left() + px(12), row.top(), px(WEEK_WIDTH) - px(8), row.height())
        used = paint.paint_text(painter, left, formats.week_title(week.monday), bold=True)
        days = f"{week.monday:%m-%d} – {week.monday + timedelta(6):%m-%d}"
        paint.paint_text(painter, left.adjusted(used + px(8), 0, 0, 0), days, "caption", "muted")
        over = week.used > week.capacity
        bar = QRect(left.left() + px(WEEK_WIDTH), row.top(), px(LOAD_WIDTH) - px(70), row.height())
        share = week.used / week.capacity if week.capacity else float(bool(week.used))
        paint.paint_bar(painter, bar, min(share, 1.0), "ink_red" if over else "ink_blue")
        figures = QRect(bar.right() + px(6), row.top(), px(54), row.height())
        ink = "ink_red" if over else "text"
        paint.paint_text(painter, figures, f"{week.used} / {week.capacity}", "caption", ink, over)
        for place, day in enumerate(week.days):
            self._paint_day(painter, self._day_box(row, place), day)
        rest = row.adjusted(px(12) + px(WEEK_WIDTH) + px(LOAD_WIDTH) + 7 * px(DAY_WIDTH) + px(8), 0, -px(12), 0)
        words = " · ".join((*week.notes, *week.cities))
        paint.paint_text(painter, rest, words, "caption", "muted")

    def _paint_day(self, painter: QPainter, box: QRect, day: DayPlan) -> None:
        tall = min(box.height(), px(26))
        place = QRect(box.left(), box.center().y() - tall // 2 + 1, box.width(), tall)
        red = bool(day.over or day.clashes)
        ground = "sunken" if day.free_name else "window"
        chosen = day.day == self.day and self.hasFocus()
        line = "accent" if chosen else "ink_red" if red else "divider" if day.day != self._today else "ink_blue"
        paint.rounded(painter, place, 3, ground, line, 2 if chosen else 1)
        words = str(day.used) if day.used else ""
        paint.paint_text(painter, place, words, "caption", "ink_red" if red else "text", bool(day.used), CENTER)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in steps and not held and self._weeks:
            target = self.day + timedelta(steps[Qt.Key(event.key())])
            if self._weeks[0].monday <= target < self._weeks[-1].monday + timedelta(7):
                self.day = target
                self._tell()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self.day_opened.emit(self.day)
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        week = next((week for week in self._weeks if week.monday <= self.day < week.monday + timedelta(7)), None)
        if week is not None:
            visits = ngettext("{n} visit", "{n} visits", week.used).format(n=week.used)
            words = (
                formats.week_title(week.monday),
                visits,
                f"{week.used} / {week.capacity}",
                formats.day_title(self.day),
            )
            self.setAccessibleName(", ".join(words))
        self.chosen.emit(0)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._at(event.position().toPoint())
        if day is not None:
            self.day = day
            self.setFocus()
            self._tell()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        day = self._at(event.position().toPoint())
        if day is not None:
            self.day_opened.emit(day)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drag_over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drag_over(event)

    def _drag_over(self, event: QDragMoveEvent | QDragEnterEvent) -> None:
        day = self._at(event.position().toPoint())
        if Dragged.of(event.mimeData()) is None or day is None:
            event.ignore()
            return
        self.day = day
        self.update()
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        day, dragged = self._at(event.position().toPoint()), Dragged.of(event.mimeData())
        if day is not None and dragged is not None:
            event.acceptProposedAction()
            self.dropped.emit(day, dragged)


def _is_short(day: date) -> bool:
    """Whether the weekday's name is longer than its box, so that its last letter stands for it, as in Chinese."""
    return metrics("caption").horizontalAdvance(formats.weekday(day)) > px(DAY_WIDTH) - px(6)
