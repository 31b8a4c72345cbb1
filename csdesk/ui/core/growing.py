"""Several lines of text that grow with what is typed: for pages that save as one types."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from csdesk.ui.core.fields import LongText
from csdesk.ui.core.theme import metrics, px

MOST_LINES = 24


class GrowingText(LongText):
    """As high as its text, ``least`` lines at least. ``edited`` gives what was typed, ``left`` follows the focus out."""

    edited = Signal(str)
    left = Signal()

    def __init__(self, name: str, hint: str = "", least: int = 2, parent: QWidget | None = None) -> None:
        self._least, self._quiet = least, True
        super().__init__(name, hint, parent)
        self.document().documentLayout().documentSizeChanged.connect(self._grown)
        self.textChanged.connect(self._changed)
        self._quiet = False

    def show_text(self, text: str) -> None:
        """Show a text that nobody typed here; the same text, apart from its outer space, stays as it is."""
        if self.toPlainText().strip() == text.strip():
            return
        self._quiet = True
        place = self.textCursor().position() if self.hasFocus() else 0
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(place, len(text)))
        self.setTextCursor(cursor)
        self._quiet = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def _measure(self) -> None:
        lines = max(self._least, min(MOST_LINES, round(self.document().size().height())))
        height = lines * metrics().lineSpacing() + px(20)
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def _grown(self, _size: object) -> None:
        self._measure()

    def _changed(self) -> None:
        if not self._quiet:
            self.edited.emit(self.toPlainText())
