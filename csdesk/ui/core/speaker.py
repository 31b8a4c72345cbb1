"""Shows what is said through ``Messages`` in one window: toasts, bars, progress, questions, the calm dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from csdesk.ui.core.dialogs import BugDialog, QuestionDialog
from csdesk.ui.core.messages import Messages, Notice, Question, Toast
from csdesk.ui.core.notices import Bars, Corner


class Speaker(QObject):
    """``column`` is the layout of the content; the bars go below its first row. ``retire`` stops listening."""

    def __init__(self, messages: Messages, window: QWidget, content: QWidget, column: QVBoxLayout) -> None:
        super().__init__(window)
        self._window = window
        self.bars = Bars()
        column.insertWidget(1, self.bars)
        self.corner = Corner(content)
        self._wires: list[tuple[Any, Callable[..., Any]]] = [
            (messages.toasted, self._toast),
            (messages.noticed, self._notice),
            (messages.cleared, self._clear),
            (messages.asked, self._ask),
            (messages.followed, self.corner.follow),
            (messages.unfollowed, self.corner.unfollow),
            (messages.failed, self._failed),
        ]
        for signal, slot in self._wires:
            signal.connect(slot)

    def retire(self) -> None:
        """Another window speaks from now on."""
        for signal, slot in self._wires:
            signal.disconnect(slot)
        self._wires = []

    def _toast(self, toast: Toast) -> None:
        self.corner.toast(toast)

    def _notice(self, notice: Notice) -> None:
        self.bars.put(notice)

    def _clear(self, key: str) -> None:
        self.bars.clear(key)

    def _ask(self, question: Question) -> None:
        dialog: QDialog = QuestionDialog(question, self._window)
        dialog.open()

    def _failed(self, summary: str, details: str) -> None:
        BugDialog(summary, details, self._window).show()
