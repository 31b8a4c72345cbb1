"""The composer above an account's timeline: write down what was said, with @ for people and ! for tasks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QWidget

from csdesk.models.vocabulary import InteractionKind
from csdesk.services.core.texts import N_, _
from csdesk.ui.core.growing import GrowingText
from csdesk.ui.core.parts import Button, Combo
from csdesk.ui.core.theme import px

TASK = "task"
AT = ("@", "\uff20")
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
HINT = N_("What was said? @ person, ! 12-05 task")


class _Writing(GrowingText):
    """Enter sends, Shift+Enter makes a new line, Escape leaves; after @ the names of people are offered."""

    sent = Signal()
    escaped = Signal()

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(name, hint, 1, parent)
        self._names = QStringListModel(self)
        self.completer = QCompleter(self._names, self)
        self.completer.setWidget(self)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.completer.activated.connect(self._complete)
        popup = self.completer.popup()
        assert popup is not None
        self.popup = popup

    def set_names(self, names: Sequence[str]) -> None:
        """Whom @ offers."""
        if self._names.stringList() != list(names):
            self._names.setStringList(list(names))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.popup.isVisible() and event.key() in (*ENTERS, Qt.Key.Key_Escape, Qt.Key.Key_Tab):
            event.ignore()
            return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTERS and held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
            self.sent.emit()
            return
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)
        self._offer()

    def _begun(self) -> str | None:
        """What was typed behind the last @ before the cursor; None where there is none."""
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        place = max(line.rfind(sign) for sign in AT)
        if place < 0 or " " in line[place:]:
            return None
        return line[place + 1 :]

    def _offer(self) -> None:
        begun = self._begun()
        if begun is None or begun in self._names.stringList():
            self.popup.hide()
            return
        self.completer.setCompletionPrefix(begun)
        if not self.completer.completionCount():
            self.popup.hide()
            return
        self.popup.setCurrentIndex(self.completer.completionModel().index(0, 0))
        place = self.cursorRect()
        place.setWidth(px(220))
        self.completer.complete(place)

    def _complete(self, name: str) -> None:
        begun = self._begun() or ""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(begun))
        cursor.insertText(f"{name} ")
        self.setTextCursor(cursor)

    def event(self, event: QEvent) -> bool:
        own = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if own and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)


class Composer(QWidget):
    """A kind, a text, a button. ``written`` gives the text and the kind: a word of InteractionKind, or "task"."""

    written = Signal(str, str)
    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(15), px(12), px(15), px(8))
        row.setSpacing(px(8))
        options = [*((kind.value, _(kind.label)) for kind in InteractionKind), (TASK, _("Task"))]
        self.kind = Combo(_("What it is"), options)
        self.text = _Writing(_("Write something down"), _(HINT))
        self.text.sent.connect(self.send)
        self.text.escaped.connect(self.escaped)
        self.button = Button(_("Write down"), None, "Enter")
        self.button.clicked.connect(self.send)
        row.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self.setFocusProxy(self.text)

    def send(self) -> None:
        """Give away what was written, if anything was."""
        if self.text.toPlainText().strip():
            self.written.emit(self.text.toPlainText(), str(self.kind.value()))

    def draft(self) -> str:
        """What stands there unsent."""
        return self.text.toPlainText()

    def clear(self) -> None:
        """Sent: begin anew, as a note."""
        self.text.show_text("")
        self.text.clear()
        self.kind.choose(InteractionKind.NOTE.value)
