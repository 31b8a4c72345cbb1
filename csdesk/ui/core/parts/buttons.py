"""Pieces that are pressed: buttons and chips."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from csdesk.ui.core import icons, paint
from csdesk.ui.core.parts.marks import set_tip
from csdesk.ui.core.theme import color, metrics, px

KINDS = ("normal", "primary", "ghost", "danger", "icon", "link")
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Press(QPushButton):
    """Base of everything that is pressed: paints itself, Enter presses it as Space does, sizes follow the theme."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAutoDefault(False)

    def words(self) -> str:
        """The text as it is shown."""
        return self.text().replace("&&", "&")

    def set_words(self, text: str) -> None:
        """Show another text."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
            self.update()

    def _ground(self, rest: str = "surface") -> str:
        if not self.isEnabled():
            return "sunken"
        if self.isDown() or self.isChecked():
            return "selection"
        return "hover" if self.underMouse() else rest


class Button(Press):
    """A button with its icon and its key.

    ``kind``: normal, primary (one a screen), ghost (no frame), danger (in dialogs), icon (the text is its name and
    tooltip; ``framed`` draws its frame), link. ``key`` is shown as a keycap; the shortcut itself belongs to an
    Action. ``small`` is 28 px high.
    """

    def __init__(
        self,
        text: str,
        icon: str | None = None,
        key: str = "",
        kind: str = "normal",
        small: bool = False,
        framed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        if kind not in KINDS:
            raise ValueError(f"no kind of button: {kind}")
        self._icon, self._key, self._kind, self._small = icon or "", key, kind, small
        self._key_shown, self._framed = True, framed or kind == "normal"
        if kind == "icon":
            set_tip(self, f"{text} ({key})" if key else text)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_kind(self, kind: str) -> None:
        """Become another kind: the primary one of a screen moves with what comes next."""
        if kind not in KINDS:
            raise ValueError(f"no kind of button: {kind}")
        self._kind, self._framed = kind, self._framed or kind == "normal"
        self.updateGeometry()
        self.update()

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon = name
        self.update()

    def show_key(self, shown: bool) -> None:
        """Show or hide the keycap (hidden where room is short)."""
        self._key_shown = shown
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = px(28 if self._small else 32)
        if self._kind == "icon":
            return QSize(height, height)
        width = sum(size for _part, size in self._layout()) + 2 * self._padding()
        return QSize(width, px(24) if self._kind == "link" else height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = self._paint_ground(painter)
        rect = QRect(self.rect())
        if self._kind == "icon":
            side = px(16)
            icons.paint(painter, self._icon, (rect.width() - side) / 2, (rect.height() - side) / 2, side, ink)
            return
        parts = self._layout()
        total = sum(size for _part, size in parts)
        left = max(self._padding(), (rect.width() - total) // 2)
        for part, size in parts:
            box = QRect(left, 0, size, rect.height())
            if part == "icon":
                icons.paint(painter, self._icon, left, (rect.height() - px(16)) / 2, px(16), ink)
            elif part == "text":
                paint.paint_text(painter, box.adjusted(0, 0, 2, 0), self.words(), "body", ink, self._is_bold())
            elif part == "key":
                plain = self._kind not in ("primary", "danger") or not self.isEnabled()
                if plain:
                    paint.paint_keycap(painter, box, self._key)
                else:
                    paint.paint_keycap(painter, box, self._key, ink, ink, "")
            left += size

    def _is_bold(self) -> bool:
        return self._kind in ("primary", "danger") and self.isEnabled()

    def _padding(self) -> int:
        if self._kind == "link":
            return 0
        return px(8 if self._small else 12)

    def _layout(self) -> list[tuple[str, int]]:
        parts: list[tuple[str, int]] = []
        bold = self._kind in ("primary", "danger")
        if self._icon:
            parts.append(("icon", px(16)))
        if self.words():
            parts.append(("text", metrics("body", bold).horizontalAdvance(self.words())))
        if self._key and self._key_shown:
            parts.append(("key", paint.keycap_size(self._key)[0]))
        spaced: list[tuple[str, int]] = []
        for part in parts:
            spaced += [("gap", px(8)), part] if spaced else [part]
        return spaced

    def _paint_ground(self, painter: QPainter) -> str:
        """Paint ground and frame; give the ink."""
        if self._kind == "link":
            return "link" if self.isEnabled() else "placeholder"
        if not self.isEnabled():
            if self._framed or self._kind in ("primary", "danger"):
                paint.rounded(painter, self.rect(), 4, "sunken", "divider")
            return "placeholder"
        if self._kind in ("primary", "danger"):
            fill = "accent" if self._kind == "primary" else "overdue_bg"
            paint.rounded(painter, self.rect(), 4, fill)
            if self.isDown() or self.underMouse():
                shade = color("text")
                shade = shade.fromRgbF(shade.redF(), shade.greenF(), shade.blueF(), 0.16 if self.isDown() else 0.08)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(shade)
                painter.drawRoundedRect(self.rect(), 4, 4)
            return "on_accent" if self._kind == "primary" else "overdue"
        ground = self._ground("surface" if self._framed else "")
        paint.rounded(painter, self.rect(), 4, ground, "control" if self._framed else "")
        return "text"


class Chip(Press):
    """A saved view or a filter as a pill with a count; checkable."""

    def __init__(self, text: str, count: int | str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self._count = "" if count is None else str(count)

    def set_count(self, count: int | str | None) -> None:
        """Show another count; None shows none."""
        self._count = "" if count is None else str(count)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = metrics("body", True).horizontalAdvance(self.words()) + 2 * px(12)
        if self._count:
            width += px(8) + metrics("caption", True).horizontalAdvance(self._count)
        return QSize(width, px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        paint.rounded(painter, self.rect(), self.height() / 2, self._ground(), "accent" if on else "divider")
        words = metrics("body", on).horizontalAdvance(self.words())
        count = metrics("caption", on).horizontalAdvance(self._count) + px(8) if self._count else 0
        left = (self.width() - words - count) // 2
        box = QRect(left, 0, words + 2, self.height())
        paint.paint_text(painter, box, self.words(), "body", "text" if self.isEnabled() else "placeholder", on)
        if self._count:
            box = QRect(left + words + px(8), 0, count, self.height())
            paint.paint_text(painter, box, self._count, "caption", "text" if on else "muted", on)


class RemovableChip(Press):
    """A condition in words with its value bold: a click edits it, the cross or Delete takes it away."""

    removed = Signal()

    def __init__(self, text: str, value: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._value = value
        self.setAccessibleName(f"{text} {value}".strip())

    def sizeHint(self) -> QSize:
        words = metrics().horizontalAdvance(self.words()) if self.words() else -px(8)
        value = metrics("body", True).horizontalAdvance(self._value) if self._value else -px(8)
        return QSize(px(8) + words + px(8) + value + px(24), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 4, self._ground(), "control")
        left = px(8)
        for text, bold in ((self.words(), False), (self._value, True)):
            if text:
                box = QRect(left, 0, self.width() - px(24) - left + 2, self.height())
                left += paint.paint_text(painter, box, text, "body", "text", bold) + px(8)
        side = px(12)
        icons.paint(painter, "close", self.width() - px(18), (self.height() - side) / 2, side, "muted")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if (
            self.isDown()
            and event.position().x() > self.width() - px(24)
            and self.rect().contains(event.position().toPoint())
        ):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)
