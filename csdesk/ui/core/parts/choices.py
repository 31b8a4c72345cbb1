"""Pieces of which one is chosen: view switches and tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from csdesk.ui.core import paint
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.theme import color, metrics, px


class _Option(Press):
    """One of a row of which exactly one is chosen."""

    def __init__(self, key: Any, text: str, count: str, look: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.key, self.count, self.look, self.badge = key, count, look, ""
        self.first = self.last = False
        self.setCheckable(True)
        self.setAutoExclusive(True)

    def sizeHint(self) -> QSize:
        width = metrics("body", True).horizontalAdvance(self.words()) + 2 * px(12)
        if self.count:
            width += px(8) + metrics("caption").horizontalAdvance(self.count)
        if self.badge:
            width += px(8) + paint.badge_width(self.badge, "overdue")
        return QSize(width, px(36 if self.look == "tab" else 32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on, rect = self.isChecked(), QRectF(self.rect())
        if self.look == "segment":
            self._paint_segment(painter, rect, on)
        elif on:
            painter.fillRect(QRectF(0, rect.height() - 2, rect.width(), 2), color("accent"))
        elif self.underMouse():
            painter.fillRect(rect.adjusted(0, 2, 0, -2), color("hover"))
        words = metrics("body", on).horizontalAdvance(self.words())
        count = metrics("caption").horizontalAdvance(self.count) + px(8) if self.count else 0
        badge = paint.badge_width(self.badge, "overdue") + px(8) if self.badge else 0
        left = (self.width() - words - count - badge) // 2
        ink = "text" if self.isEnabled() else "placeholder"
        paint.paint_text(painter, QRect(left, 0, words + 2, self.height()), self.words(), "body", ink, on)
        if self.count:
            box = QRect(left + words + px(8), 0, count, self.height())
            paint.paint_text(painter, box, self.count, "caption", "muted")
        if self.badge:
            box = QRect(left + words + count + px(8), 0, badge, self.height())
            paint.paint_badge(painter, box, self.badge, "overdue")

    def _paint_segment(self, painter: QPainter, rect: QRectF, on: bool) -> None:
        painter.save()
        painter.setClipRect(rect)
        wide = rect.adjusted(0 if self.first else -8, 0, 0 if self.last else 8, 0)
        paint.rounded(painter, wide, 4, self._ground(), "control")
        if not self.first:
            painter.fillRect(QRectF(0, 0, 1, rect.height()), color("control"))
        painter.restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.parentWidget()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if isinstance(row, _Row) and event.key() in steps:
            row.step(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


class _Row(QWidget):
    """A row of options of which exactly one is chosen; ←→ go through it. ``chosen`` gives the key."""

    chosen = Signal(object)
    look = "segment"
    gap = 0

    def __init__(self, options: Sequence[tuple[Any, ...]], current: Any = None, parent: QWidget | None = None) -> None:
        """``options`` are (key, text) or (key, text, count)."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(self.gap)
        self._options: list[_Option] = []
        self.set_options(options, current)

    def set_options(self, options: Sequence[tuple[Any, ...]], current: Any = None) -> None:
        """Show other options; the current one stays chosen where it still exists."""
        keep = self.current() if current is None else current
        for old in self._options:
            self._row.removeWidget(old)
            old.setParent(None)
            old.deleteLater()
        self._options = []
        for key, text, *rest in options:
            option = _Option(key, text, str(rest[0]) if rest and rest[0] is not None else "", self.look, self)
            option.clicked.connect(self._clicked)
            self._row.addWidget(option)
            self._options.append(option)
        if self._options:
            self._options[0].first = self._options[-1].last = True
            self.choose(keep if keep in [option.key for option in self._options] else self._options[0].key)

    def set_count(self, key: Any, count: int | str | None) -> None:
        """Show another count beside an option."""
        for option in self._options:
            if option.key == key:
                option.count = "" if count is None else str(count)
                option.updateGeometry()
                option.update()

    def set_badge(self, key: Any, words: str) -> None:
        """Show in an option what is overdue there; "" for nothing."""
        for option in self._options:
            if option.key == key and option.badge != words:
                option.badge = words
                option.setAccessibleDescription(words)
                option.updateGeometry()
                option.update()

    def current(self) -> Any:
        """The chosen key, None without options."""
        return next((option.key for option in self._options if option.isChecked()), None)

    def choose(self, key: Any) -> None:
        """Choose without telling anybody."""
        for option in self._options:
            option.setChecked(option.key == key)
            option.setFocusPolicy(Qt.FocusPolicy.StrongFocus if option.key == key else Qt.FocusPolicy.ClickFocus)

    def step(self, by: int) -> None:
        """Choose the neighbour, round the end, as a click would."""
        keys = [option.key for option in self._options]
        target = self._options[(keys.index(self.current()) + by) % len(keys)]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        target.click()

    def _clicked(self) -> None:
        self.choose(self.current())
        self.chosen.emit(self.current())


class Segmented(_Row):
    """View switch: joined buttons, one chosen."""


class Tabs(_Row):
    """Tabs with counts, the chosen one bold and underlined."""

    look = "tab"
    gap = 4

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("divider"))
