"""A short list of things told in one or two lines: timeline, people, contracts, today's items, the bin.

For dozens of rows that a page holds as values; lists of thousands are tables (``table.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from csdesk.ui.core import icons, paint
from csdesk.ui.core.theme import color, metrics, px

Index = QModelIndex | QPersistentModelIndex
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Badge:
    """A state beside a title: its words and its tone (see ``paint.TONES``)."""

    text: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Line:
    """One row. ``left`` is a date or number in a column of its own, ``right`` a due word or amount at the end.

    ``section`` makes it a heading between rows, which cannot be chosen. ``key`` is what opening it gives back.
    """

    key: object
    title: str
    second: str = ""
    left: str = ""
    icon: str = ""
    tier: str = ""
    badges: tuple[Badge, ...] = ()
    note: str = ""
    right: str = ""
    right_badge: Badge | None = None
    bold: bool = True
    muted: bool = False
    section: bool = False


class _Model(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) or not index.isValid():
            return None
        line = self.lines[index.row()]
        return " ".join(part for part in (line.left, line.title, line.note, line.second, line.right) if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.lines[index.row()].section:
            return Qt.ItemFlag.NoItemFlags  # the keyboard passes headings by
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Paints a line; ``left_width`` is the room of the first column, 0 for none."""

    def __init__(self, view: LinesView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = self._view.line_at(index)
        if line.section:
            return QSize(px(120), px(32))
        return QSize(px(120), (px(54) if line.second else px(38)) + self._view.verbs_height(index))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = self._view.line_at(index)
        rect = QRect(option.rect)
        if line.section:
            self._heading(painter, rect, line)
            return
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, color("selection"))
            if self._view.hasFocus():
                painter.fillRect(QRect(rect.left(), rect.top(), px(3), rect.height()), color("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, color("hover"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color("grid"))
        inner = rect.adjusted(px(15), px(6), -px(15), -px(6) - self._view.verbs_height(index))
        self._words(painter, inner, line, chosen)

    def _heading(self, painter: QPainter, rect: QRect, line: Line) -> None:
        painter.fillRect(rect, color("window"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), color("divider"))
        inner = rect.adjusted(px(15), 0, -px(15), 0)
        width = paint.paint_text(painter, inner, line.title, bold=True)
        paint.paint_text(painter, inner.adjusted(width + px(8), 0, 0, 0), line.note, ink="muted")

    def _words(self, painter: QPainter, rect: QRect, line: Line, chosen: bool) -> None:
        tall = px(21)
        top = QRect(rect.left(), rect.top(), rect.width(), tall)
        if not line.second:
            top.moveTop(rect.center().y() - tall // 2)
        if line.right_badge is not None:
            width = paint.badge_width(line.right_badge.text, line.right_badge.tone)
            place = QRect(top.right() - width + 1, top.top(), width, tall)
            paint.paint_badge(painter, place, line.right_badge.text, line.right_badge.tone, selected=chosen)
            top.setRight(top.right() - width - px(12))
        elif line.right:
            width = min(metrics().horizontalAdvance(line.right), top.width() // 2)
            paint.paint_text(painter, top, line.right, ink="muted" if line.muted else "text", align=RIGHT)
            top.setRight(top.right() - width - px(12))
        left = rect.left()
        if self._view.left_width:
            paint.paint_text(
                painter, QRect(left, top.top(), self._view.left_width - px(8), tall), line.left, ink="muted"
            )
            left += self._view.left_width
        if line.icon:
            icons.paint(
                painter, line.icon, left, top.center().y() - px(8) + 1, px(16), "muted" if line.muted else "text"
            )
        if self._view.with_icons:
            left += px(27)
        end = top.right()
        top.setLeft(left)
        used = paint.paint_text(
            painter, top, line.title, ink="muted" if line.muted else "text", bold=line.bold and not line.muted
        )
        x = left + used + px(8)
        if line.tier:
            x += paint.paint_tier(painter, QRect(x, top.top(), end - x, tall), line.tier, chosen) + px(6)
        for badge in line.badges:
            x += paint.paint_badge(
                painter, QRect(x, top.top(), end - x, tall), badge.text, badge.tone, "", chosen
            ) + px(6)
        if line.note and x < end:
            paint.paint_text(painter, QRect(x, top.top(), end - x, tall), line.note, "caption", "muted")
        if line.second:
            below = QRect(left, top.bottom() + 1, rect.right() - left, rect.bottom() - top.bottom())
            paint.paint_text(painter, below, line.second, "caption", "muted")


class LinesView(QListView):
    """Shows lines; ↑↓ move, Enter or a double click opens, Space asks for a look, the context menu key for the menu.

    ``opened``, ``peeked`` and ``chosen`` give the line's key; ``menu_wanted`` also where.
    """

    opened = Signal(object)
    peeked = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(object, object)

    _verbs: QWidget | None = None

    def __init__(
        self,
        name: str,
        left_width: int = 0,
        with_icons: bool = False,
        grows: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``grows``: as high as its lines, without a scroll bar of its own."""
        super().__init__(parent)
        self.left_width, self.with_icons, self._grows = px(left_width) if left_width else 0, with_icons, grows
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if grows:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._moved)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these; the chosen one stays chosen where it still exists."""
        keep = self.current_key()
        self._model.beginResetModel()
        self._model.lines = tuple(lines)
        self._model.endResetModel()
        if self._grows:
            self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(len(lines))) + 2)
        if keep is not None:
            self.choose(keep)

    def set_verbs(self, verbs: QWidget) -> None:
        """Open the chosen line: ``verbs`` stands in it below its words, and goes along."""
        self._verbs = verbs
        verbs.setParent(self.viewport())
        verbs.hide()
        self.verticalScrollBar().valueChanged.connect(self._place_verbs)

    def fit_verbs(self) -> None:
        """Make room for what the verbs have become."""
        self.scheduleDelayedItemsLayout()

    def verbs_height(self, index: Index) -> int:
        """The room that the verbs take in this line, 0 in all but the chosen one."""
        if self._verbs is None or index.row() != self.currentIndex().row() or self.line_at(index).section:
            return 0
        return self._verbs.sizeHint().height() + px(8)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._model.lines

    def line_at(self, index: Index) -> Line:
        """The line of an index."""
        return self._model.lines[index.row()]

    def current_key(self) -> object:
        """The key of the chosen line, None without one."""
        index = self.currentIndex()
        if not index.isValid() or index.row() >= len(self._model.lines):
            return None
        return self.line_at(index).key

    def choose(self, key: object) -> None:
        """Choose the line with this key, if it is there."""
        for row, line in enumerate(self._model.lines):
            if line.key == key and not line.section:
                self.setCurrentIndex(self._model.index(row))
                return

    def choose_first(self) -> None:
        """Choose the first line that can be chosen."""
        first = next((line for line in self._model.lines if not line.section), None)
        if first is not None:
            self.choose(first.key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current_key() is None:
            self.choose_first()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.current_key() is not None:
                self.opened.emit(self.current_key())
            return
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if self.current_key() is not None:
                self.peeked.emit(self.current_key())
            return
        if event.text() and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self.line_at(index).section:
            self.opened.emit(self.line_at(index).key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.current_key() is not None:
            self.menu_wanted.emit(self.current_key(), event.globalPos())

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._place_verbs()

    def _place_verbs(self, _value: int = 0) -> None:
        if self._verbs is None:
            return
        index = self.currentIndex()
        shown = index.isValid() and index.row() < len(self._model.lines) and not self.line_at(index).section
        if shown:
            rect = self.visualRect(index)
            left = px(15) + self.left_width + (px(27) if self.with_icons else 0)
            tall = self._verbs.sizeHint().height()
            self._verbs.setGeometry(left, rect.bottom() - tall - px(8), max(rect.width() - left - px(15), 0), tall)
        self._verbs.setVisible(shown)

    def _moved(self, current: Index, _previous: Index) -> None:
        if self._verbs is not None:
            self.scheduleDelayedItemsLayout()
        if current.isValid() and not self.line_at(current).section:
            self.chosen.emit(self.line_at(current).key)
