"""The few dialogs: a question that undo cannot mend, and the calm one when the program itself went wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.messages import Question
from csdesk.ui.core.parts import Button, Label
from csdesk.ui.core.theme import px


class Dialog(QDialog):
    """Title, sentence, content, verbs at the right: the safe one first. Opened with ``open()``, never ``exec()``."""

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(px(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(20))
        column.setSpacing(px(8))
        column.addWidget(Label(title, "h2", wrap=True))
        if text:
            column.addWidget(Label(text, wrap=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        column.addLayout(self.body, 1)
        self.verbs = QHBoxLayout()
        self.verbs.setContentsMargins(0, px(8), 0, 0)
        self.verbs.setSpacing(8)
        self.verbs.addStretch(1)
        column.addLayout(self.verbs)

    def add_verb(self, text: str, run: Callable[[], object], kind: str = "normal", closes: bool = True) -> Button:
        """Add a verb; it closes the dialog unless told otherwise."""
        button = Button(text, kind=kind)
        if closes:
            button.clicked.connect(self.accept)
        button.clicked.connect(run)
        self.verbs.addWidget(button)
        return button


class QuestionDialog(Dialog):
    """Verbs instead of yes and no; the safe one has the focus, Escape chooses it."""

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(question.title, question.text, parent)
        self._otherwise = question.otherwise
        self.keep = self.add_verb(question.keep or _("Cancel"), self.reject, closes=False)
        kind = "danger" if question.danger else "primary"
        self.verb = self.add_verb(question.verb, question.then, kind)
        self.keep.setFocus()

    def reject(self) -> None:
        super().reject()
        if self._otherwise is not None:
            self._otherwise()


class BugDialog(Dialog):
    """Something went wrong inside the program: what is safe, details to copy."""

    def __init__(self, summary: str, details: str, parent: QWidget | None = None) -> None:
        safe = _("Your data are safe: what was saved before stays saved. You can go on working.")
        super().__init__(_("Something went wrong"), f"{summary}\n{safe}" if summary else safe, parent)
        self.setModal(False)
        self._details = details
        self.box = QPlainTextEdit(details)
        self.box.setReadOnly(True)
        self.box.setAccessibleName(_("Details"))
        self.box.setMinimumSize(px(520), px(160))
        self.box.hide()
        self.body.addWidget(self.box)
        self.more = self.add_verb(_("Show details"), self._show, "ghost", closes=False)
        self.copy = self.add_verb(_("Copy details"), self._copy, closes=False)
        self.go_on = self.add_verb(_("Go on"), self.close, "primary", closes=False)
        self.go_on.setFocus()

    def _show(self) -> None:
        self.box.setVisible(self.box.isHidden())
        self.adjustSize()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self.copy.set_words(_("Copied"))
