"""Shown instead of a page when the store cannot be opened: what happened, what is safe, what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core.errors import Cancelled, StorageError
from csdesk.services.core.texts import _
from csdesk.ui.core.help import open_folder
from csdesk.ui.core.parts import Button, Card, Label
from csdesk.ui.core.theme import px


@dataclass(frozen=True)
class Remedy:
    """Something that can be done about it: the verb, what it will do in a sentence, and how. The store is opened
    again afterwards."""

    verb: str
    sentence: str
    run: Callable[[], object]


class Recovery(QWidget):
    """``again`` asks to open the store once more."""

    again = Signal()

    def __init__(
        self,
        error: BaseException,
        remedies: tuple[Remedy, ...],
        folder: Path,
        parent: QWidget | None = None,
        settle: Callable[[Path], object] | None = None,
    ) -> None:
        """``settle`` makes another folder the one to open (may raise StorageError); without it none is offered."""
        super().__init__(parent)
        self._folder, self._settle = folder, settle
        self._remedies = remedies
        title, lines = said(error)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(24), px(24), px(24), px(24))
        self.card = Card(title)
        self.card.setMaximumWidth(px(720))
        for line in lines:
            self.card.add(Label(line, wrap=True))
        self._verbs: list[Button] = []
        for number, remedy in enumerate(remedies):
            self.card.add(self._remedy(number, remedy))
        self.outcome = Label("", wrap=True)
        self.outcome.hide()
        self.card.add(self.outcome)
        row = QHBoxLayout()
        row.setContentsMargins(0, px(8), 0, 0)
        row.setSpacing(8)
        self.try_again = Button(_("Try again"), kind="primary")
        self.try_again.clicked.connect(self.again)
        opens = Button(_("Open folder"))
        opens.clicked.connect(self._open)
        self.elsewhere = Button(_("Another folder…"))
        self.elsewhere.clicked.connect(self._choose)
        self.elsewhere.setVisible(settle is not None)
        leave = Button(_("Quit"))
        leave.clicked.connect(QApplication.closeAllWindows)
        for button in (leave, opens, self.elsewhere, self.try_again):
            row.addWidget(button)
        row.insertStretch(0, 1)
        self.card.add(row)
        outer.addWidget(self.card)
        outer.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self._verbs[0] if self._verbs else self.try_again).setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Make room for the page."""
        self.hide()
        self.deleteLater()

    def _remedy(self, number: int, remedy: Remedy) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Label(remedy.sentence, wrap=True), 1)
        button = Button(remedy.verb)
        button.setProperty("number", number)
        button.clicked.connect(self._do)
        row.addWidget(button)
        self._verbs.append(button)
        return line

    def _do(self) -> None:
        sender = self.sender()
        if not isinstance(sender, Button):
            return
        self._attempt(self._remedies[int(sender.property("number"))].run)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), _("Data folder"), str(self._folder.parent))
        if chosen and self._settle is not None:
            self._attempt(partial(self._settle, Path(chosen)))

    def _attempt(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except StorageError as error:
            self.outcome.setText(str(error))
            self.outcome.show()
            return
        self.again.emit()

    def _open(self) -> None:
        open_folder(self._folder)


def said(error: BaseException) -> tuple[str, tuple[str, ...]]:
    """Title and sentences for an error at the start."""
    if isinstance(error, StorageError):
        return error.what, tuple(line for line in (error.safe, error.remedy) if line)
    if isinstance(error, Cancelled):
        return _("Opening was cancelled"), (_("Nothing was changed."),)
    return _("The data could not be opened"), (
        _("Nothing was changed. The details stand in the log."),
        f"{type(error).__name__}: {error}",
    )
