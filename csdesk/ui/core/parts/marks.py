"""Pieces that only show: labels, badges, bars, keycaps, icons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolTip, QWidget

from csdesk.ui.core import icons, paint
from csdesk.ui.core.theme import color, font, metrics, px


def set_tip(widget: QWidget, text: str) -> None:
    """Give a widget its tooltip as plain text, whatever the text looks like."""
    widget.setToolTip(plain_tip(text))


def plain_tip(text: str) -> str:
    """The text so that Qt does not take it for markup: a zero-width space stands after each "<"."""
    return text.replace("<", "<\u200b")


def reveal(widget: QWidget, on: bool) -> None:
    """Show or hide a part. One that stands nowhere yet appears with what it is put into, never as a window of its own."""
    if not on or widget.parentWidget() is not None:
        widget.setVisible(on)
    else:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)  # else a layout leaves it hidden


class Label(QLabel):
    """Plain text in a role of the type scale (caption, body, h3, h2, h1, figure) and a token's colour.

    ``wrap`` breaks lines; otherwise ``elide`` lets it shrink and end in …, with the whole text as a tooltip when cut.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        ink: str = "text",
        bold: bool = False,
        wrap: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._ink, self._elide = role, ink, elide
        self._bold = bold or role in ("h1", "h2", "h3", "figure")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(wrap)
        self.setFont(font(role, self._bold))
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        elif not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_look(self, ink: str | None = None, bold: bool | None = None) -> None:
        """Change colour or weight; None stays."""
        self._ink = ink or self._ink
        if bold is not None and bold != self._bold:
            self._bold = bold
            self.setFont(font(self._role, bold))
            self.updateGeometry()
        self.update()

    def is_cut(self) -> bool:
        """Whether the text does not fit."""
        if self.wordWrap() or not self.text():
            return False
        return metrics(self._role, self._bold).horizontalAdvance(self.text()) > self.contentsRect().width()

    def minimumSizeHint(self) -> QSize:
        if self._elide:
            return QSize(px(24), super().minimumSizeHint().height())
        return super().minimumSizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.is_cut():
            QToolTip.showText(event.globalPos(), plain_tip(self.text()), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFont(font(self._role, self._bold))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(color(self._ink if self.isEnabled() else "placeholder"))
        rect, text = self.contentsRect(), self.text()
        flags = int(self.alignment().value)
        if self.wordWrap():
            flags |= int(Qt.TextFlag.TextWordWrap.value)
        elif self._elide:
            text = paint.fit(text.replace("\n", " "), self.fontMetrics(), rect.width())
        painter.drawText(rect, flags, text)


class WrongLabel(Label):
    """What is wrong with the field above: a red square and a sentence; hidden without one."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "caption", "ink_red", wrap=True, parent=parent)
        self.setContentsMargins(px(12), 0, 0, 0)
        self.say(text)

    def say(self, text: str) -> None:
        """Show a sentence, or nothing."""
        self.setText(text)
        reveal(self, bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        line = self.fontMetrics().height()
        painter = QPainter(self)
        paint.paint_square(painter, 0, (min(line, self.height()) - px(8)) / 2 + 1)


class _Mark(QWidget):
    """Base of pieces with a fixed size of their own that take no focus; made anew when the theme changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
            self.update()


class Divider(QWidget):
    """A line of one pixel; ``vertical`` stands."""

    def __init__(self, vertical: bool = False, ink: str = "divider", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink, self._vertical = ink, vertical
        thin, wide = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(thin if vertical else wide, wide if vertical else thin)

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), color(self._ink))


class Icon(_Mark):
    """An icon that decorates the text beside it."""

    def __init__(self, name: str, ink: str = "text", size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._ink, self._size = name, ink, size

    def set_look(self, name: str | None = None, ink: str | None = None) -> None:
        """Change drawing or colour; None stays."""
        self._name, self._ink = name or self._name, ink or self._ink
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(QPainter(self), self._name, 0, 0, px(self._size), self._ink)


class KeyCap(_Mark):
    """A key as it stands on the keyboard."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text

    def sizeHint(self) -> QSize:
        return QSize(*paint.keycap_size(self._text))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.paint_keycap(QPainter(self), self.rect(), self._text)


class KeyHints(QWidget):
    """A row of keys and what they do, as in the foot of a list: [("Enter", "Open"), ("↑ ↓", "Choose")]."""

    def __init__(self, hints: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for index, (keys, text) in enumerate(hints):
            if index:
                row.addSpacing(12)
            for key in keys.split(" "):
                row.addWidget(KeyCap(key))
            row.addWidget(Label(text, "caption", "muted"))


class TierBadge(_Mark):
    """The square with the tier's letter; takes no room for an unknown tier."""

    def __init__(self, tier: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_tier(tier)

    def set_tier(self, tier: str) -> None:
        """Show "A", "B", "C", or nothing."""
        self._tier = tier
        reveal(self, tier in paint.TIERS)
        self.setAccessibleName(tier)
        self.update()

    def sizeHint(self) -> QSize:
        side = paint.badge_height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.paint_tier(QPainter(self), self.rect(), self._tier)


class StateBadge(_Mark):
    """A state in a word: tone neutral, line, ok, warn, bad, blue, renew or overdue; hidden without text."""

    def __init__(self, text: str = "", tone: str = "neutral", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_state(text, tone, icon)

    def set_state(self, text: str, tone: str = "neutral", icon: str = "") -> None:
        """Show another state."""
        self._text, self._tone, self._icon = text, tone, icon
        reveal(self, bool(text))
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(paint.badge_width(self._text, self._tone, self._icon), paint.badge_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.paint_badge(QPainter(self), self.rect(), self._text, self._tone, self._icon)


class Bar(_Mark):
    """A share of a whole. ``fraction`` None moves nothing and stands empty (the total is not known)."""

    def __init__(
        self, fraction: float | None = 0.0, width: int = 0, ink: str = "ink_blue", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fraction, self._width, self._ink = fraction, width, ink
        if not width:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_fraction(self, fraction: float | None, ink: str | None = None) -> None:
        """Show another share, perhaps in another ink."""
        self._fraction, self._ink = fraction, ink or self._ink
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._width or 60), px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.paint_bar(QPainter(self), self.rect(), self._fraction or 0.0, self._ink)


class CapacityBar(_Mark):
    """The places of a day: used ones filled, those beyond what there is in red."""

    def __init__(self, used: int = 0, available: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._used, self._available = used, available
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_load(self, used: int, available: int) -> None:
        """Show another load."""
        self._used, self._available = used, available
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(80), px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.paint_capacity(QPainter(self), QRect(self.rect()), self._used, self._available)
