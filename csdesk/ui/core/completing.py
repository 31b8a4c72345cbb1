"""A line of text that is completed at each letter by what a search finds: by pinyin, initials, any part of a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QWidget

from csdesk.ui.core.parts import Field

Find = Callable[[str], Sequence[tuple[object, str, str]]]
"""What was typed to (value, text to put in, text to show), the best first."""
MOST = 8
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CompletingField(Field):
    """Enter and Tab take the first that is offered, the arrows another one, Escape none.

    ``taken`` follows; ``value`` is that of the text as long as it stands as it was put in, None for any other text.
    """

    taken = Signal(object)

    def __init__(self, name: str, hint: str, find: Find, parent: QWidget | None = None) -> None:
        super().__init__(name, hint, parent=parent)
        self._find = find
        self._offered: Sequence[tuple[object, str, str]] = ()
        self._put: tuple[object, str] = (None, "")
        self._shown = QStringListModel(self)
        self._completer = QCompleter(self._shown, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(MOST)
        self._completer.setWidget(self)
        popup = self._completer.popup()
        assert popup is not None
        popup.clicked.connect(self._chosen)
        self.popup = popup
        self.textEdited.connect(self._offer)

    @property
    def value(self) -> object:
        """What the text stands for."""
        return self._put[0] if self._put[1] == self.text().strip() else None

    def put(self, value: object, text: str) -> None:
        """Put a text in that stands for a value."""
        self._put = (value, text.strip())
        self.setText(text)
        self.setCursorPosition(len(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.popup.isVisible() and event.key() in ENTERS:
            self._take(max(self.popup.currentIndex().row(), 0))
        elif self.popup.isVisible() and event.key() == Qt.Key.Key_Escape:
            self.popup.hide()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward and self.popup.isVisible():
            self._take(max(self.popup.currentIndex().row(), 0))
        return super().focusNextPrevChild(forward)

    def _offer(self, typed: str) -> None:
        self._offered = self._find(typed) if typed.strip() else ()
        if not self._offered:
            self.popup.hide()
            return
        self._shown.setStringList([shown for _value, _text, shown in self._offered])
        self._completer.complete()
        self.popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _chosen(self, index: QModelIndex) -> None:
        self._take(index.row())

    def _take(self, place: int) -> None:
        self.popup.hide()
        if place < len(self._offered):
            value, text, _shown = self._offered[place]
            self.put(value, text)
            self.taken.emit(value)
