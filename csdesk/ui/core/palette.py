"""Ctrl+K: one field that finds accounts, contacts and commands. See ``Hit`` and ``Search`` in context.py.

An overlay inside the window, never a Qt.Popup: popups lose the input method. The list has no focus of its own; the
field keeps it, and gives it back to whoever had it when the palette closes.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core import icons, paint
from csdesk.ui.core.context import Context
from csdesk.ui.core.palette_rows import Row, RowList, rows_for
from csdesk.ui.core.parts import Divider, Icon, KeyCap, KeyHints, Label, Surface
from csdesk.ui.core.theme import color, font, metrics, px, theme

WIDTH, TOP = 680, 96
ROW, HEAD = 40, 28
MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -6, Qt.Key.Key_PageDown: 6}


class Palette(QWidget):
    """The overlay. ``open()`` shows it with the field empty, ``close_up()`` gives the focus back."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._before: QWidget | None = None
        self.field = _Input(self)
        self.model = RowList(self)
        self.list = _List(self.model)
        self._count = Label("", "caption", "muted")
        self.card = self._card()
        self.field.textChanged.connect(self._find)
        self.list.clicked.connect(self._clicked)
        parent.installEventFilter(self)
        self.hide()

    def open(self, text: str = "") -> None:
        """Show it; a second time selects what is typed."""
        if self.isVisible():
            self.field.selectAll()
            return
        window = self.window()
        self._before = window.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.field.setFont(font("h3"))
        self.field.setText(text)
        self._find(text)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_up(self) -> None:
        """Hide it; the focus goes back where it was."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self._before = None

    def run(self, row: int) -> None:
        """Do what stands in this row."""
        chosen = self.model.row(row)
        if chosen is None or chosen.run is None:
            return
        self.close_up()
        chosen.run()

    def step(self, by: int) -> None:
        """Move the choice by so many rows."""
        self.list.setCurrentIndex(self.model.neighbour(self.list.currentIndex().row(), by))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if self.isVisible() and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_up()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("scrim"))
        shade = QColor(0, 0, 0, 6 if not theme().is_dark else 16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        for spread in range(2, 16, 2):
            box = self.card.geometry().adjusted(-spread, 8 - spread, spread, 8 + spread)
            painter.drawRoundedRect(box, 6 + spread, 6 + spread)

    def _card(self) -> Surface:
        card = Surface(edged=False, parent=self)
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        bar = QWidget()
        bar.setFixedHeight(px(51))
        head = QHBoxLayout(bar)
        head.setContentsMargins(px(16), 0, px(16), 0)
        head.setSpacing(px(12))
        head.addWidget(Icon("search", "muted"))
        head.addWidget(self.field, 1)
        head.addWidget(KeyCap("Esc"))
        column.addWidget(bar)
        column.addWidget(Divider())
        column.addWidget(self.list, 1)
        foot = Surface("window", "", 5)
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        row.addWidget(KeyHints([("\u2191 \u2193", _("Choose")), ("Enter", _("Open")), (">", _("Commands only"))]), 0)
        row.addStretch(1)
        row.addWidget(self._count)
        column.addWidget(Divider())
        column.addWidget(foot)
        self._foot = foot
        return card

    def _find(self, text: str) -> None:
        rows = rows_for(text, self._context)
        self.model.set_rows(rows)
        self.list.setCurrentIndex(self.model.neighbour(-1, 1))
        self.list.scrollToTop()
        found = sum(1 for row in rows if row.run is not None)
        count = ngettext("{n} result", "{n} results", found).format(n=found)
        self._count.setText(_("{count} · names, pinyin initials, digits of a phone").format(count=count))
        self._place()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        width = min(px(WIDTH), self.width() - 32)
        top = min(px(TOP), max(16, self.height() // 8))
        room = self.height() - top - 32 - px(51) - px(40)
        wanted = sum(px(ROW) if row.run else px(HEAD) for row in self.model.rows()) + px(8)
        self.list.setFixedHeight(max(px(ROW), min(room, wanted)))
        self.card.setGeometry((self.width() - width) // 2, top, width, self.card.sizeHint().height())
        self.update()

    def _clicked(self, index: QModelIndex) -> None:
        self.run(index.row())


class _Input(QLineEdit):
    """The field: arrows move the choice, Enter runs it, Escape closes; while an input method composes, none of it."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self.setProperty("bare", True)
        self.setAccessibleName(_("Search"))
        self.setPlaceholderText(_("Search accounts, contacts, commands"))

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return super().event(event)
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        self._palette.step(1 if forward else -1)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._palette.close_up()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._palette.run(self._palette.list.currentIndex().row())
        elif key in MOVES:
            self._palette.step(MOVES[key])
        else:
            super().keyPressEvent(event)


class _List(QListView):
    """The rows; the mouse may choose, the keyboard stays in the field."""

    def __init__(self, model: RowList) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Painter(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Results"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)


class _Painter(QStyledItemDelegate):
    """Paints a row: icon, title with what matched, tier, muted subtitle; at the right the detail and the key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row = index.data(Qt.ItemDataRole.UserRole)
        return QSize(px(200), px(ROW) if row.run else px(HEAD))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect
        view = self.parent()
        chosen = isinstance(view, QListView) and view.currentIndex().row() == index.row()
        if row.run is None:
            box = rect.adjusted(px(16), px(8), -px(16), 0)
            paint.paint_text(painter, box, row.title, "caption", "muted")
            return
        if chosen:
            painter.fillRect(rect, color("selection"))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), color("accent"))
        side = px(16)
        icons.paint(painter, row.icon, rect.left() + px(16), rect.center().y() - side / 2 + 1, side)
        right = self._right(painter, rect, row, chosen)
        left = rect.left() + px(44)
        room = QRect(left, rect.top(), right - left - px(12), rect.height())
        left += paint.paint_spans(painter, room, row.title, row.title_spans) + px(8)
        room.setLeft(left)
        if row.tier and room.width() > px(24):
            room.setLeft(left + paint.paint_tier(painter, room, row.tier, chosen) + px(8))
        if room.width() > px(24):
            paint.paint_spans(painter, room, row.subtitle, row.subtitle_spans, ink="muted")

    def _right(self, painter: QPainter, rect: QRect, row: Row, chosen: bool) -> int:
        """Paint key and detail from the right edge; give where they begin."""
        right = rect.right() - px(16)
        key = "Enter" if chosen and not row.key else row.key
        if key:
            width = paint.keycap_size(key)[0]
            paint.paint_keycap(painter, QRect(right - width, rect.top(), width, rect.height()), key)
            right -= width + px(12)
        if row.detail:
            width = metrics().horizontalAdvance(row.detail)
            paint.paint_text(
                painter, QRect(right - width, rect.top(), width + 2, rect.height()), row.detail, ink="muted"
            )
            right -= width
        return right
