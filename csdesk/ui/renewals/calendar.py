"""The calendar of ends: a month as a grid, each end with its amount, the months to come above it with their sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.parts import Segmented
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.theme import color, metrics, px
from csdesk.ui.renewals.wording import paint_mark, spoken

if TYPE_CHECKING:
    from csdesk.services.renewals.queries import RenewalCard

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
HEAD, DAY_HEAD, DAY_WIDE = 28, 24, 28
MONTHS = 6
NEXT = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
TURNS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def month_after(day: date, months: int) -> date:
    """The first of the month so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


class MonthGrid(QWidget):
    """Seven columns, Monday first. Arrows go from end to end, over the months too."""

    opened = Signal(object)
    peeked = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(object, object)
    turned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.cards: tuple[RenewalCard, ...] = ()
        self._today = date.min
        self.month = date.min
        self._chosen: int | None = None

    def minimumSizeHint(self) -> QSize:
        return QSize(px(420), px(180))

    def show_cards(self, cards: Sequence[RenewalCard], today: date) -> None:
        """Show these; month and chosen end stay where they can."""
        self.cards, self._today = tuple(cards), today
        if self.month == date.min:
            self.month = today.replace(day=1)
        if self.current() is None:
            here = next((card for card in self.cards if card.end_on >= self.month), None)
            self._set_chosen(None if here is None else here.id)
        self._tell()

    def show_month(self, month: date) -> None:
        """Turn to a month and choose its first end."""
        self.month = month
        first = next((card for card in self.cards if card.end_on.replace(day=1) == month), None)
        if first is not None:
            self._set_chosen(first.id)
        self._tell()

    def current(self) -> RenewalCard | None:
        """The chosen end."""
        return next((card for card in self.cards if card.id == self._chosen), None)

    def choose(self, record: int) -> bool:
        """Choose a renewal and turn to its month; False where it is not there."""
        card = next((card for card in self.cards if card.id == record), None)
        if card is None:
            return False
        self.month = card.end_on.replace(day=1)
        self._set_chosen(record)
        self._tell()
        return True

    def days(self) -> list[date]:
        """The days that are shown, whole weeks."""
        first = self.month - timedelta(self.month.weekday())
        last = month_after(self.month, 1) - timedelta(1)
        return [first + timedelta(place) for place in range((last - first).days + 7 - last.weekday())]

    # --- where things are -------------------------------------------------------------------------------------------

    def cell_of(self, day: date) -> QRect:
        """Where a day's cell lies; empty for a day that is not shown."""
        days = self.days()
        if not days[0] <= day <= days[-1]:
            return QRect()
        weeks = len(days) // 7
        row, column = divmod((day - days[0]).days, 7)
        top, tall = px(HEAD), self.height() - px(HEAD) - 1
        left, right = (self.width() - 1) * column // 7, (self.width() - 1) * (column + 1) // 7
        above, below = top + tall * row // weeks, top + tall * (row + 1) // weeks
        return QRect(left, above, right - left, below - above)

    def rows_of(self, day: date) -> list[tuple[RenewalCard, QRect]]:
        """The ends of a day that there is room for, the chosen one among them."""
        cell = self.cell_of(day)
        ends = [card for card in self.cards if card.end_on == day]
        tall, above = self._tall(), px(2) if self._is_low(cell) else px(DAY_HEAD)
        room = max((cell.height() - above - px(4)) // tall, 1)
        place = next((at for at, card in enumerate(ends) if card.id == self._chosen), 0)
        shown = ends[max(0, place - room + 1) :][:room]
        left = px(DAY_WIDE) if self._is_low(cell) else px(4)
        box = QRect(cell.left() + left, cell.top() + above, cell.width() - left - px(4), tall - px(2))
        return [(card, box.translated(0, at * tall)) for at, card in enumerate(shown)]

    @staticmethod
    def _tall() -> int:
        return max(metrics("caption").height(), paint.badge_height()) + px(4)

    def _is_low(self, cell: QRect) -> bool:
        """Whether ends stand beside the day's number, because there is no room beneath it."""
        return cell.height() < px(DAY_HEAD) + self._tall()

    def _at(self, point: QPoint) -> RenewalCard | None:
        for day in {card.end_on for card in self.cards}:
            for card, box in self.rows_of(day) if not self.cell_of(day).isEmpty() else ():
                if box.contains(point):
                    return card
        return None

    # --- painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 6, "surface", "divider")
        days = self.days()
        for day in days[:7]:
            cell = self.cell_of(day)
            head = QRect(cell.left(), 1, cell.width(), px(HEAD))
            paint.paint_text(painter, head, formats.weekday(day), "caption", "muted", align=CENTER)
        for day in days:
            self._paint_day(painter, day)

    def _paint_day(self, painter: QPainter, day: date) -> None:
        cell, outside = self.cell_of(day), day.month != self.month.month
        if day == self._today:
            painter.fillRect(cell.adjusted(1, 1, 0, 0), color("selection"))
        painter.fillRect(QRect(cell.left(), cell.top(), cell.width(), 1), color("divider"))
        if cell.left():
            painter.fillRect(QRect(cell.left(), cell.top(), 1, cell.height()), color("divider"))
        head = QRect(cell.left() + px(6), cell.top() + px(2), cell.width() - px(12), px(20))
        ends = [card for card in self.cards if card.end_on == day]
        number = str(day.day) if day.day > 1 else f"{day:%m-%d}"
        ink = "placeholder" if outside else "text"
        used = paint.paint_text(painter, head, number, ink=ink, bold=day == self._today)
        shown = self.rows_of(day)
        worth = sum(card.home_target or 0 for card in ends)
        if self._is_low(cell):
            if len(shown) < len(ends):
                more = QRect(cell.left() + px(4), cell.bottom() - px(14), px(DAY_WIDE), px(14))
                paint.paint_text(painter, more, f"+{len(ends) - len(shown)}", "caption", "muted")
        elif len(ends) > 1 and worth:
            said = formats.money_shortest(worth)
            if len(shown) < len(ends):
                said = f"+{len(ends) - len(shown)} \u00b7 {said}"
            paint.paint_text(painter, head.adjusted(used + px(6), 0, 0, 0), said, "caption", "muted", align=RIGHT)
        for card, box in shown:
            self._paint_end(painter, card, box)

    def _paint_end(self, painter: QPainter, card: RenewalCard, box: QRect) -> None:
        chosen = card.id == self._chosen
        line = "accent" if chosen else "divider"
        paint.rounded(painter, box, 3, "window" if not card.is_open else "surface", line, 2 if chosen else 1)
        inner = box.adjusted(px(6), 0, -px(6), 0)
        used = paint_mark(painter, inner, card.category) if card.is_open else self._decided(painter, inner, card)
        inner.setLeft(inner.left() + used + px(6))
        amount = formats.money_shortest(card.home_target) if card.home_target is not None else card.currency
        wide = metrics("caption").horizontalAdvance(amount) + px(8)
        if inner.width() - wide > px(36):
            paint.paint_text(painter, inner, amount, "caption", "muted", align=RIGHT)
            inner.setRight(inner.right() - wide)
        paint.paint_text(painter, inner, card.account, "caption", "text" if card.is_open else "muted")

    @staticmethod
    def _decided(painter: QPainter, inner: QRect, card: RenewalCard) -> int:
        sign = "\u2713" if card.state == "renewed" else "\u2715"
        ink = "ink_green" if card.state == "renewed" else "ink_red"
        return paint.paint_text(painter, inner, sign, "caption", ink, True)

    # --- keys and mouse ---------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held:
            super().keyPressEvent(event)
        elif key in NEXT:
            self._step(NEXT[Qt.Key(key)])
        elif key in TURNS:
            self.show_month(month_after(self.month, TURNS[Qt.Key(key)]))
            self.turned.emit(self.month)
        elif key in ENTERS and self._chosen is not None:
            self.opened.emit(self._chosen)
        elif key == Qt.Key.Key_Space and self._chosen is not None:
            self.peeked.emit(self._chosen)
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        ids = [card.id for card in self.cards]
        if not ids:
            return
        here = ids.index(self._chosen) if self._chosen in ids else -1 if by > 0 else len(ids)
        target = min(max(here + by, 0), len(ids) - 1)
        month = self.month
        self.choose(ids[target])
        if self.month != month:
            self.turned.emit(self.month)

    def _set_chosen(self, record: int | None) -> None:
        if record != self._chosen:
            self._chosen = record
            self.chosen.emit(record)

    def _tell(self) -> None:
        card = self.current()
        words = [formats.month_title(self.month)] + ([spoken(card, self._today)] if card is not None else [])
        self.setAccessibleName(", ".join(words))
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        card = self._at(event.position().toPoint())
        if card is not None:
            self._set_chosen(card.id)
            self._tell()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        card = self._at(event.position().toPoint())
        if card is not None:
            self.opened.emit(card.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._chosen is not None:
            self.menu_wanted.emit(self._chosen, event.globalPos())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            card = self._at(event.pos())
            QToolTip.showText(event.globalPos(), plain_tip(spoken(card, self._today)) if card is not None else "", self)
            return True
        return super().event(event)


class RenewalCalendar(QWidget):
    """The months to choose from, each with its sum, above the grid of one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self._options: list[tuple[str, str, str]] = []
        self.months = Segmented([("", "")], "")
        self.months.chosen.connect(self._choose)
        self.grid = MonthGrid()
        self.grid.turned.connect(self._mark)
        column.addWidget(self.months, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.grid, 1)

    def show_cards(self, cards: Iterable[RenewalCard], today: date) -> None:
        """Show these ends."""
        shown = sorted(cards, key=lambda card: (card.end_on, card.id))
        self.grid.show_cards(shown, today)
        this = today.replace(day=1)
        late = [card for card in shown if card.end_on < this]
        first = max(late[0].end_on.replace(day=1), month_after(this, -2)) if late else this
        months: list[date] = []
        while not months or months[-1] < month_after(this, MONTHS - 1):
            months.append(month_after(first, len(months)))
        options = []
        for month in months:
            cents = sum(card.home_target or 0 for card in shown if card.end_on.replace(day=1) == month)
            name = _("{month}/{year}").format(month=f"{month:%m}", year=month.year)
            options.append((month.isoformat(), name, formats.money_shortest(cents) if cents else formats.NOTHING))
        if options != self._options:
            self._options = options
            self.months.set_options(options, self.grid.month.isoformat())
        self._mark(self.grid.month)

    def _choose(self, month: object) -> None:
        self.grid.show_month(date.fromisoformat(str(month)))
        self.grid.setFocus()

    def _mark(self, month: object) -> None:
        if isinstance(month, date):
            self.months.choose(month.isoformat())


__all__ = ["MonthGrid", "RenewalCalendar", "month_after"]
