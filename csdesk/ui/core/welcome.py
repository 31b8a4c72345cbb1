"""The first run: language, where the data lie, how to begin. Three steps; Enter goes all the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core.errors import StorageError
from csdesk.services.core.texts import LANGUAGES, N_, _
from csdesk.ui.core.parts import Button, Card, Field, Label, RadioButton, WrongLabel
from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.theme import px

BEGINNINGS = {
    "import": (N_("Import a handover workbook"), N_("Take over customers from the sheet that sales sent.")),
    "sample": (
        N_("Look at a sample portfolio"),
        N_("Invented customers in a store of their own, always marked as sample."),
    ),
    "empty": (N_("Start empty"), N_("Enter the first customer by hand.")),
}


@dataclass(frozen=True)
class FirstRun:
    """What the composition root hands in for a folder in which no store has been worked in yet.

    ``objection`` says in a sentence why a folder cannot hold the data, "" when it can; ``settle`` makes it the data
    folder (may raise StorageError); ``sample`` has the sample store opened instead of it (the same), ``home`` goes back
    from it to the data folder. Without ``may_choose`` (the command line named the folder) it is only shown. ``usual`` is
    offered in place of a folder that is objected to.
    """

    place: Path
    objection: Callable[[Path], str]
    settle: Callable[[Path], None]
    sample: Callable[[], None] | None = None
    may_choose: bool = True
    home: Callable[[], None] | None = None
    usual: Path | None = None


class Welcome(QWidget):
    """``finished`` gives "import", "sample" or "empty". ``step`` counts from 0; a change of language keeps it."""

    finished = Signal(str)

    def __init__(
        self, first_run: FirstRun, preferences: Preferences, step: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._first_run, self._preferences = first_run, preferences
        self.step = 0
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(24), px(24), px(24), px(24))
        outer.addStretch(1)
        self.card = Card(_("Welcome to CSDesk"), note=_("the desk for customer success"))
        self.card.setFixedWidth(px(560))
        self._count = Label("", "caption", "muted")
        self.card.header.addWidget(self._count)
        self._steps = [self._language_step(), self._folder_step(), self._beginning_step()]
        for widget in self._steps:
            self.card.add(widget)
        self.card.add(self._buttons())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(2)
        self.show_step(step)

    def show_step(self, step: int) -> None:
        """Show one of the three steps, and put the keyboard into it."""
        self.step = step
        for number, widget in enumerate(self._steps):
            widget.setVisible(number == step)
        self._count.setText(f"{step + 1} / {len(self._steps)}")
        self.back.setEnabled(step > 0)
        self.go_on.set_words(_("Begin") if step == len(self._steps) - 1 else _("Continue"))
        self._judge_folder()
        choices: list[QAbstractButton] = self._languages.buttons() if step == 0 else []
        if step == 2:
            choices = [*self._beginnings.values()]
        first = next((choice for choice in choices if choice.isChecked()), self.go_on)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on.click()
            return
        super().keyPressEvent(event)

    def leave(self) -> None:
        """Make room for the page."""
        self.hide()
        self.deleteLater()

    def _language_step(self) -> QWidget:
        widget, column = _step(_("Language"))
        self._languages = QButtonGroup(self)
        for number, (code, name) in enumerate(LANGUAGES.items()):
            choice = RadioButton(name, checked=code == self._preferences.language)
            self._languages.addButton(choice, number)
            column.addWidget(choice)
        self._languages.idClicked.connect(self._choose_language)
        return widget

    def _folder_step(self) -> QWidget:
        widget, column = _step(_("Where your data lie"))
        column.addWidget(Label(_("One folder on this machine. Nothing is sent anywhere."), ink="muted", wrap=True))
        row = QHBoxLayout()
        self.folder = Field(_("Data folder"))
        self.folder.setText(str(self._first_run.place))
        self.folder.textChanged.connect(self._judge_folder)
        self.folder.returnPressed.connect(self._press_on)
        choose = Button(_("Choose…"))
        choose.clicked.connect(self._choose_folder)
        self.folder.setReadOnly(not self._first_run.may_choose)
        choose.setVisible(self._first_run.may_choose)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        column.addLayout(row)
        self.objection = WrongLabel()
        column.addWidget(self.objection)
        self.usual = Button(_("Use the usual folder"), small=True)
        self.usual.clicked.connect(self._choose_usual)
        column.addWidget(self.usual)
        return widget

    def _beginning_step(self) -> QWidget:
        widget, column = _step(_("How do you want to begin?"))
        self._beginnings: dict[str, RadioButton] = {}
        for key, (title, sentence) in BEGINNINGS.items():
            if key == "sample" and self._first_run.sample is None:
                continue
            choice = self._beginnings[key] = RadioButton(_(title), checked=key == "import")
            column.addWidget(choice)
            line = Label(_(sentence), "caption", "muted", wrap=True)
            line.setContentsMargins(px(24), 0, 0, px(4))
            column.addWidget(line)
        return widget

    def _buttons(self) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, px(8), 0, 0)
        self.back = Button(_("Previous"), kind="ghost")
        self.back.clicked.connect(self._step_back)
        self.go_on = Button(_("Continue"), key="Enter", kind="primary")
        self.go_on.clicked.connect(self._step_on)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.go_on)
        return widget

    def _choose_language(self, number: int) -> None:
        self._preferences.set_language(list(LANGUAGES)[number])

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Data folder"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _choose_usual(self) -> None:
        self.folder.setText(str(self._first_run.usual))
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def _judge_folder(self) -> None:
        sentence = ""
        if self.step == 1:
            text = self.folder.text().strip()
            sentence = self._first_run.objection(Path(text)) if text else _("Name a folder.")
        self._object(sentence)

    def _object(self, sentence: str) -> None:
        self.objection.say(sentence)
        self.folder.set_wrong(bool(sentence))
        usual = self._first_run.usual
        here = self.folder.text().strip()
        self.usual.setVisible(bool(sentence) and usual is not None and str(usual) != here)
        self.go_on.setEnabled(not sentence)

    def _press_on(self) -> None:
        self.go_on.click()

    def _step_back(self) -> None:
        self.show_step(self.step - 1)

    def _step_on(self) -> None:
        chosen = next(key for key, choice in self._beginnings.items() if choice.isChecked())
        last = self.step == len(self._steps) - 1
        try:
            if self.step == 1:
                self._first_run.settle(Path(self.folder.text().strip()))
            if last and chosen == "sample" and self._first_run.sample is not None:
                self._first_run.sample()
        except StorageError as error:
            self.show_step(1)
            self._object(str(error))
            return
        if last:
            self.finished.emit(chosen)
        else:
            self.show_step(self.step + 1)


def _step(title: str) -> tuple[QWidget, QVBoxLayout]:
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(Label(title, bold=True))
    return widget, column
