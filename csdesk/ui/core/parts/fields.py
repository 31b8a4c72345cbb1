"""Pieces that take input: text field, choice, tick box, radio button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from csdesk.ui.core import icons, paint
from csdesk.ui.core.theme import color, metrics, px


class Field(QLineEdit):
    """A line of text with an icon before it and the key that leads to it. ``name`` is its accessible name."""

    def __init__(
        self, name: str, placeholder: str = "", icon: str = "", key: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._key = icon, key
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self._margins()

    def set_wrong(self, wrong: bool) -> None:
        """Frame it red; the sentence beneath belongs to the form."""
        if self.property("wrong") != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._margins()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self._icon:
            side = px(16)
            icons.paint(painter, self._icon, px(9), (self.height() - side) / 2, side, "muted")
        if self._key and not self.text():
            width = paint.keycap_size(self._key)[0]
            box = QRect(self.width() - width - px(8), 0, width, self.height())
            paint.paint_keycap(painter, box, self._key)

    def _margins(self) -> None:
        left = px(24) if self._icon else 0
        right = paint.keycap_size(self._key)[0] + px(4) if self._key else 0
        self.setTextMargins(left, 0, right, 0)


class Combo(QComboBox):
    """A choice from a short list of (value, text). The wheel leaves it alone unless it has the focus."""

    def __init__(self, name: str, options: Sequence[tuple[Any, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wrong = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer others; the chosen value stays where it still exists."""
        keep = self.value()
        was_silent = self.blockSignals(True)
        self.clear()
        for value, text in options:
            self.addItem(text, value)
        self.blockSignals(was_silent)
        self.choose(keep)

    def value(self) -> Any:
        """The chosen value, None when nothing is."""
        return self.currentData()

    def choose(self, value: Any) -> None:
        """Choose the entry with this value; an unknown one leaves the choice as it is."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)

    def set_wrong(self, wrong: bool) -> None:
        """Frame it red."""
        self._wrong = wrong
        self.update()

    def sizeHint(self) -> QSize:
        widest = max((metrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=px(60))
        return QSize(widest + px(44), px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), px(96)), px(32))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isEnabled()
        line = "ink_red" if self._wrong else "control" if on else "divider"
        paint.rounded(painter, self.rect(), 4, "surface" if on else "sunken", line, 2 if self._wrong else 1)
        room = QRect(px(9), 0, self.width() - px(36), self.height())
        text = self.currentText() or self.placeholderText()
        ink = "placeholder" if not on or not self.currentText() else "text"
        paint.paint_text(painter, room, text, "body", ink)
        icons.paint(painter, "down", self.width() - px(22), (self.height() - px(12)) / 2, px(12), "muted")


class NumberEdit(QSpinBox):
    """A whole number within limits; ↑↓ change it, the wheel only where it has the focus."""

    def __init__(
        self, name: str, least: int = 0, most: int = 999, suffix: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setRange(least, most)
        self.setSuffix(suffix)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class DayEdit(QDateEdit):
    """A day that must be one; a calendar drops down at the right. For days as people type them use a form's field."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def day(self) -> date:
        """The day."""
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())

    def set_day(self, day: date) -> None:
        """Show a day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = px(16)
        icons.paint(QPainter(self), "calendar", self.width() - px(24), (self.height() - side) / 2, side, "muted")


class CheckBox(QCheckBox):
    """A tick box with its sentence; three states where asked for."""

    def __init__(self, text: str, checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setChecked(checked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return _tick_size(self.text().replace("&&", "&"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: Any) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.paint_check(painter, self.rect(), self.checkState(), self.isEnabled())
        _tick_text(painter, self, self.text().replace("&&", "&"))


class RadioButton(QRadioButton):
    """One of several answers."""

    def __init__(self, text: str, checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setChecked(checked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return _tick_size(self.text().replace("&&", "&"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: Any) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = px(16)
        box = QRectF(0, (self.height() - side) / 2, side, side).adjusted(0.5, 0.5, -0.5, -0.5)
        ring = "accent" if self.isChecked() else "control"
        painter.setPen(QPen(color(ring if self.isEnabled() else "divider"), 1))
        painter.setBrush(color("surface"))
        painter.drawEllipse(box)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accent" if self.isEnabled() else "control"))
            painter.drawEllipse(box.adjusted(3.5, 3.5, -3.5, -3.5))
        _tick_text(painter, self, self.text().replace("&&", "&"))


def _tick_size(text: str) -> QSize:
    return QSize(px(16) + (px(8) + metrics().horizontalAdvance(text) + 2 if text else 0), px(24))


def _tick_text(painter: QPainter, widget: QWidget, text: str) -> None:
    left = px(24)
    box = QRect(left, 0, widget.width() - left, widget.height())
    paint.paint_text(painter, box, text, "body", "text" if widget.isEnabled() else "placeholder")
