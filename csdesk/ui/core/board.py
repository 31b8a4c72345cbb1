"""A board: columns of painted cards, moved by mouse or by keys. Slices say what a card is, how it looks and where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
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
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from csdesk.services.core import formats
from csdesk.ui.core import paint
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.theme import color, metrics, px

Index = QModelIndex | QPersistentModelIndex
Card = Any
"""Whatever a slice shows: it has an ``id``."""
GAP, SIDE, PAD, LINE = 8, 12, 11, 20
FAR = 10
"""Pixels that the mouse is drawn before a press becomes a drag."""
NARROWEST = 168
"""Pixels that a column has at least: a name, an amount with its days, a next step of some words."""
SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True)
class BoardSpec:
    """What a slice says of its board.

    ``columns`` are (key, heading in the user's language); ``column_of`` says where a card stands, ``worth`` what it adds to
    its column's sum in cents, ``spoken`` the whole card in words as of a day; ``delegate`` paints it in a list.
    """

    mime: str
    columns: Sequence[tuple[str, str]]
    column_of: Callable[[Card], str]
    worth: Callable[[Card], int]
    spoken: Callable[[Card, date], str]
    delegate: Callable[[CardList], CardDelegate]

    def carried(self, record: int) -> QMimeData:
        """What a drag of a record's card holds."""
        data = QMimeData()
        data.setData(self.mime, str(record).encode())
        return data


def line_height() -> int:
    """The height of one of a card's lines."""
    return max(px(LINE), metrics("h3", True).height(), paint.badge_height())


class CardModel(QAbstractListModel):
    """The cards of one column."""

    def __init__(self, spoken: Callable[[Card, date], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: tuple[Card, ...] = ()
        self.today = date.min
        self._spoken = spoken

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._spoken(self.cards[index.row()], self.today))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(self.cards[index.row()], self.today)
        return None


class CardDelegate(QStyledItemDelegate):
    """Paints a card in its frame; all are of one height, so that thousands scroll. Slices paint what is inside."""

    lines = 3
    gaps = 2
    """Gaps of 8 pixels between the lines."""

    def __init__(self, view: CardList) -> None:
        super().__init__(view)
        self.view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(100), self.lines * line_height() + self.gaps * px(8) + 2 * px(PAD) + px(GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = self.view.card_at(index)
        rect: QRect = option.rect
        box = QRect(rect).adjusted(px(GAP), 0, -px(GAP), -px(GAP))
        chosen = self.view.is_chosen(card)
        paint.rounded(painter, box, 4, "surface", "accent" if chosen else "divider", 2 if chosen else 1)
        inner = box.adjusted(px(SIDE), px(PAD), -px(SIDE), -px(PAD))
        self.paint_card(painter, QRect(inner.left(), inner.top(), inner.width(), line_height()), card)

    def paint_card(self, painter: QPainter, row: QRect, card: Card) -> None:
        """Paint a card; ``row`` is its first line."""
        raise TypeError(f"{type(self).__name__} does not say how its cards look")


class CardList(QListView):
    """The cards of a column. ``stepped`` (±1) asks for the column beside it."""

    stepped = Signal(int)
    opened = Signal(object)
    peeked = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(object, object)

    def __init__(self, spec: BoardSpec, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._spec = spec
        self.model_ = CardModel(spec.spoken, self)
        self.setModel(self.model_)
        self.setItemDelegate(spec.delegate(self))
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

    def show_cards(self, cards: Sequence[Card], today: date) -> None:
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

    def card_at(self, index: Index) -> Card:
        """The card of an index."""
        return self.model_.cards[index.row()]

    def is_chosen(self, card: Card) -> bool:
        """Whether the board's chosen card is this one."""
        return bool(card.id == self._marked)

    def mark(self, record: int | None) -> None:
        """Frame this record's card, or none."""
        self._marked = record
        self.viewport().update()

    def current_card(self) -> Card | None:
        """The current card of this column."""
        row = self.currentIndex().row()
        return self.model_.cards[row] if 0 <= row < len(self.model_.cards) else None

    def current_id(self) -> int | None:
        """Its id."""
        card = self.current_card()
        return None if card is None else card.id

    def place(self, record: int) -> bool:
        """Make a record's card the current one; False where it is not in this column."""
        for row, card in enumerate(self.model_.cards):
            if card.id == record:
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
        drag.setMimeData(self._spec.carried(card.id))
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
    """One column. The whole of it takes a card that is let go: ``dropped`` gives its id."""

    dropped = Signal(object)

    def __init__(self, spec: BoardSpec, key: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self.key = key
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(6))
        column.setSpacing(0)
        self.head = ColumnHead(title)
        self.list = CardList(spec, title)
        column.addWidget(self.head)
        column.addWidget(self.list, 1)

    def show_cards(self, cards: Sequence[Card], today: date) -> None:
        """Show these."""
        self.head.show_load(len(cards), sum(map(self._spec.worth, cards)))
        self.list.show_cards(cards, today)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._over(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_ground("sunken")

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_ground("sunken")
        if event.mimeData().hasFormat(self._spec.mime):
            event.acceptProposedAction()
            self.dropped.emit(int(bytes(event.mimeData().data(self._spec.mime).data())))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.rounded(QPainter(self), self.rect(), 6, self.list.ground)

    def _over(self, event: QDragMoveEvent | QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(self._spec.mime):
            event.acceptProposedAction()
            self._set_ground("selection")
        else:
            event.ignore()

    def _set_ground(self, ground: str) -> None:
        if self.list.ground != ground:
            self.list.ground = ground
            self.update()
            self.list.viewport().update()


def _beside_each_other(inner: QWidget) -> QScrollArea:
    """Columns that are moved to the side where the window is too narrow for all of them."""
    area = QScrollArea()
    area.setObjectName("canvas")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(inner)
    inner.setAutoFillBackground(False)
    return area


class Board(QWidget):
    """All columns. ``moved`` gives a record and the column it is to go to, ``left`` that the keys go on to the right."""

    moved = Signal(object, str)
    opened = Signal(object)
    peeked = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(object, object)
    left = Signal()

    def __init__(self, spec: BoardSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._chosen: int | None = None
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        self._area = _beside_each_other(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)
        self.columns = [BoardColumn(spec, key, title) for key, title in spec.columns]
        for column in self.columns:
            column.setMinimumWidth(px(NARROWEST))
            row.addWidget(column, 1)
            column.dropped.connect(self._dropped)
            column.list.stepped.connect(self._step)
            column.list.opened.connect(self.opened)
            column.list.peeked.connect(self.peeked)
            column.list.chosen.connect(self._set_chosen)
            column.list.menu_wanted.connect(self.menu_wanted)

    def show_cards(self, cards: Iterable[Card], today: date) -> None:
        """Show these in their columns. The chosen card stays chosen, wherever it stands now, and keeps the keyboard."""
        had_keys = self.has_keys()
        sorted_in: dict[str, list[Card]] = {column.key: [] for column in self.columns}
        for card in cards:
            place = self.spec.column_of(card)
            if place in sorted_in:
                sorted_in[place].append(card)
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

    def current(self) -> Card | None:
        """The chosen card."""
        found = (card for column in self.columns for card in column.list.model_.cards if card.id == self._chosen)
        return next(found, None)

    def choose(self, record: int) -> bool:
        """Choose a record's card and scroll to it; False where it is not on the board."""
        for column in self.columns:
            if column.list.place(record):
                self._set_chosen(record)
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
        if card is None:
            return None
        place = self.spec.column_of(card)
        return next(column for column in self.columns if column.key == place)

    def _dropped(self, record: int) -> None:
        column = self.sender()
        if isinstance(column, BoardColumn):
            self.choose(record)
            self.moved.emit(record, column.key)

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

    def _set_chosen(self, record: int | None) -> None:
        before, self._chosen = self._chosen, record
        for column in self.columns:
            column.list.mark(record)
        home = self._home()
        if home is not None:
            self._area.ensureWidgetVisible(home, 0, 0)
        if before != record:
            self.chosen.emit(record)
