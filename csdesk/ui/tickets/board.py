"""The board of demands: a column for each stage, painted cards, moved by mouse or by keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
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
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.theme import color, metrics, px
from csdesk.ui.tickets.cards import CardDelegate, CardModel, Index
from csdesk.ui.tickets.moving import COLUMNS

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import DemandCard

MIME = "application/x-csdesk-demand"
FAR = 10
"""Pixels that the mouse is drawn before a press becomes a drag."""
SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


def carried(demand: int) -> QMimeData:
    """What a drag of a demand holds."""
    data = QMimeData()
    data.setData(MIME, str(demand).encode())
    return data


class CardList(QListView):
    """The cards of a column. ``stepped`` (±1) asks for the column beside it."""

    stepped = Signal(int)
    opened = Signal(object)
    peeked = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(object, object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.model_ = CardModel(self)
        self.setModel(self.model_)
        self.setItemDelegate(CardDelegate(self, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setObjectName("canvas")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.ground = "sunken"
        self._marked: int | None = None
        self._pressed: QPoint | None = None
        self.selectionModel().currentChanged.connect(self._moved)

    @property
    def today(self) -> date:
        """The day on which the cards are looked at."""
        return self.model_.today

    def show_cards(self, cards: Sequence[DemandCard], today: date) -> None:
        """Show these; scroll and the chosen card stay."""
        shown = tuple(cards)
        if shown == self.model_.cards and today == self.model_.today:
            return
        scrolled, keep = self.verticalScrollBar().value(), self.current_id()
        self.model_.beginResetModel()
        self.model_.cards, self.model_.today = shown, today
        self.model_.endResetModel()
        self.selectionModel().blockSignals(True)
        if keep is not None:
            self.place(keep)
        self.selectionModel().blockSignals(False)
        self.doItemsLayout()
        self.verticalScrollBar().setValue(scrolled)

    def card_at(self, index: Index) -> DemandCard:
        """The card of an index."""
        return self.model_.cards[index.row()]

    def is_chosen(self, card: DemandCard) -> bool:
        """Whether the board's chosen card is this one."""
        return card.id == self._marked

    def mark(self, demand: int | None) -> None:
        """Frame this demand's card, or none."""
        self._marked = demand
        self.viewport().update()

    def current_card(self) -> DemandCard | None:
        """The current card of this column."""
        row = self.currentIndex().row()
        return self.model_.cards[row] if 0 <= row < len(self.model_.cards) else None

    def current_id(self) -> int | None:
        """Its id."""
        card = self.current_card()
        return None if card is None else card.id

    def place(self, demand: int) -> bool:
        """Make a demand's card the current one; False where it is not in this column."""
        for row, card in enumerate(self.model_.cards):
            if card.id == demand:
                self.setCurrentIndex(self.model_.index(row))
                return True
        return False

    def take_keys(self, at: int) -> None:
        """Take the keyboard, with the card nearest to this height the current one."""
        if self.model_.cards:
            index = self.indexAt(QPoint(px(20), min(max(at, px(20)), self.viewport().height() - px(20))))
            row = index.row() if index.isValid() else len(self.model_.cards) - 1
            self.setCurrentIndex(self.model_.index(row))
        self.setFocus()

    def height_of_current(self) -> int:
        """Where the current card stands."""
        return self.visualRect(self.currentIndex()).center().y() if self.current_card() else px(20)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current_card() is None and self.model_.cards:
            self.setCurrentIndex(self.model_.index(0))
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, current = event.key(), self.current_id()
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in SIDEWAYS and not held:
            self.stepped.emit(SIDEWAYS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held and current is not None:
            self.opened.emit(current)
        elif key == Qt.Key.Key_Space and not held and current is not None:
            self.peeked.emit(current)
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        on_card = self.indexAt(at).isValid()
        self._pressed = at if event.button() == Qt.MouseButton.LeftButton and on_card else None
        super().mousePressEvent(event)
        self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at, card = event.position().toPoint(), self.current_card()
        if self._pressed is None or card is None or (at - self._pressed).manhattanLength() <= px(FAR):
            return
        self._pressed = None
        drag = QDrag(self)
        drag.setMimeData(carried(card.id))
        rect = self.visualRect(self.currentIndex())
        drag.setPixmap(self.viewport().grab(rect))
        drag.setHotSpot(QPoint(px(20), px(20)))
        drag.exec(Qt.DropAction.MoveAction)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.opened.emit(self.card_at(index).id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        current = self.current_id()
        if current is not None:
            at = event.globalPos()
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
            self.menu_wanted.emit(current, at)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self.viewport()).fillRect(event.rect(), color(self.ground))
        super().paintEvent(event)

    def _moved(self, current: Index, _before: Index) -> None:
        if current.isValid() and self.hasFocus():
            self._tell()

    def _tell(self) -> None:
        if self.current_id() is not None:
            self.chosen.emit(self.current_id())


class ColumnHead(QWidget):
    """A column's title with how many stand in it and what they are worth."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._count, self._sum = title, 0, 0
        self.setFixedHeight(px(40))

    def show_load(self, count: int, cents: int) -> None:
        """Show another load."""
        self._count, self._sum = count, cents
        self.setAccessibleName(f"{self._title} {count}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        row = self.rect().adjusted(px(12), 0, -px(12), 0)
        amount = formats.money_shortest(self._sum) if self._sum else ""
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        count = formats.number(self._count)
        least = metrics(bold=True).horizontalAdvance(self._title) + metrics().horizontalAdvance(count) + px(24)
        if metrics("caption").horizontalAdvance(amount) + least > row.width():
            amount = ""
        width = paint.paint_text(painter, row, amount, "caption", "muted", align=right) if amount else 0
        room = row.adjusted(0, 0, -width - px(8), 0)
        words = room.adjusted(0, 0, -metrics().horizontalAdvance(count) - px(8), 0)
        used = paint.paint_text(painter, words, self._title, bold=True)
        paint.paint_text(painter, room.adjusted(used + px(8), 0, 0, 0), count, ink="muted")


class BoardColumn(QWidget):
    """One stage. The whole of it takes a card that is let go: ``dropped`` gives its id."""

    dropped = Signal(object)

    def __init__(self, key: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(6))
        column.setSpacing(0)
        self.head = ColumnHead(title)
        self.list = CardList(title)
        column.addWidget(self.head)
        column.addWidget(self.list, 1)

    def show_cards(self, cards: Sequence[DemandCard], today: date) -> None:
        """Show these."""
        self.head.show_load(len(cards), sum(card.arr_cents for card in cards))
        self.list.show_cards(cards, today)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._over(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_ground("sunken")

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_ground("sunken")
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
            self.dropped.emit(int(bytes(event.mimeData().data(MIME).data())))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.rounded(QPainter(self), self.rect(), 6, self.list.ground)

    def _over(self, event: QDragMoveEvent | QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
            self._set_ground("selection")
        else:
            event.ignore()

    def _set_ground(self, ground: str) -> None:
        if self.list.ground != ground:
            self.list.ground = ground
            self.update()
            self.list.viewport().update()


class Board(QWidget):
    """All columns. ``moved`` gives a demand and the column it is to go to, ``left`` that the keys go on to the right."""

    moved = Signal(object, str)
    opened = Signal(object)
    peeked = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(object, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: int | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        self.columns = [BoardColumn(key, _(title)) for key, title in COLUMNS]
        for column in self.columns:
            row.addWidget(column, 1)
            column.dropped.connect(self._dropped)
            column.list.stepped.connect(self._step)
            column.list.opened.connect(self.opened)
            column.list.peeked.connect(self.peeked)
            column.list.chosen.connect(self._set_chosen)
            column.list.menu_wanted.connect(self.menu_wanted)

    def show_cards(self, cards: Iterable[DemandCard], today: date) -> None:
        """Show these in their columns. The chosen card stays chosen, wherever it stands now, and keeps the keyboard."""
        had_keys = self.has_keys()
        sorted_in: dict[str, list[DemandCard]] = {column.key: [] for column in self.columns}
        for card in cards:
            if card.column in sorted_in:
                sorted_in[card.column].append(card)
        for column in self.columns:
            column.show_cards(sorted_in[column.key], today)
        if self.current() is None:
            first = next((card for found in sorted_in.values() for card in found), None)
            self._set_chosen(None if first is None else first.id)
        home = self._home()
        if home is not None and self._chosen is not None:
            home.list.place(self._chosen)
            if had_keys and not home.list.hasFocus():
                home.list.setFocus()

    def current(self) -> DemandCard | None:
        """The chosen card."""
        found = (card for column in self.columns for card in column.list.model_.cards if card.id == self._chosen)
        return next(found, None)

    def choose(self, demand: int) -> bool:
        """Choose a demand's card and scroll to it; False where it is not on the board."""
        for column in self.columns:
            if column.list.place(demand):
                self._set_chosen(demand)
                return True
        return False

    def take_keys(self) -> None:
        """Give the keyboard to the chosen card's column, else to the first one that holds any."""
        home = self._home() or next((one for one in self.columns if one.list.model_.cards), self.columns[0])
        home.list.setFocus()

    def has_keys(self) -> bool:
        """Whether a column has the keyboard."""
        return any(column.list.hasFocus() for column in self.columns)

    def shift(self, by: int) -> None:
        """Ask to move the chosen card ``by`` columns on."""
        home = self._home()
        if home is not None:
            target = self.columns.index(home) + by
            self.moved.emit(self._chosen, self.columns[target].key if 0 <= target < len(self.columns) else "")

    def _home(self) -> BoardColumn | None:
        card = self.current()
        return None if card is None else next(column for column in self.columns if column.key == card.column)

    def _dropped(self, demand: int) -> None:
        column = self.sender()
        if isinstance(column, BoardColumn):
            self.choose(demand)
            self.moved.emit(demand, column.key)

    def _step(self, by: int) -> None:
        here = next((place for place, column in enumerate(self.columns) if column.list.hasFocus()), 0)
        at = self.columns[here].list.height_of_current()
        target = here + by
        while 0 <= target < len(self.columns) and not self.columns[target].list.model_.cards:
            target += by
        if 0 <= target < len(self.columns):
            self.columns[target].list.take_keys(at)
        elif by > 0:
            self.left.emit()

    def _set_chosen(self, demand: int | None) -> None:
        before, self._chosen = self._chosen, demand
        for column in self.columns:
            column.list.mark(demand)
        if before != demand:
            self.chosen.emit(demand)
