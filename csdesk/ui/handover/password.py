"""Asks for the password of a protected workbook; it goes to the reader and is kept nowhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.parts import Field, Label


class PasswordDialog(Dialog):
    """``reason`` says which file asks; ``given`` gets what was typed, Escape gives nothing."""

    def __init__(self, reason: str, given: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(_("Password"), reason, parent)
        self._given = given
        self.field = Field(_("Password"))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(self.field)
        self.body.addWidget(Label(_("It is not kept anywhere."), "caption", "muted", wrap=True))
        self.add_verb(_("Cancel"), self.reject, closes=False)
        self.open_ = self.add_verb(_("Open"), self._give, "primary", closes=False)
        self.field.returnPressed.connect(self._give)
        self.field.setFocus()

    def _give(self) -> None:
        if self.field.text():
            self.accept()
            self._given(self.field.text())
