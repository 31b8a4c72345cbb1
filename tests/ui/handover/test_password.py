"""A protected workbook asks for its password."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from csdesk.ui.handover.password import PasswordDialog


def opened(qtbot: QtBot, heard: list[str]) -> PasswordDialog:
    dialog = PasswordDialog("list.xlsx is protected by a password.", heard.append)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def test_enter_gives_what_was_typed_and_shows_none_of_it(qtbot: QtBot) -> None:
    heard: list[str] = []
    dialog = opened(qtbot, heard)
    assert dialog.field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(dialog.field, "s3cret")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert heard == ["s3cret"]


def test_an_empty_field_stays_open(qtbot: QtBot) -> None:
    heard: list[str] = []
    dialog = opened(qtbot, heard)
    dialog.open_.click()
    assert dialog.isVisible()
    assert heard == []


def test_escape_gives_nothing(qtbot: QtBot) -> None:
    heard: list[str] = []
    dialog = opened(qtbot, heard)
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert heard == []
