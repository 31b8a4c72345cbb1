"""A remedy that fails says so in place; one that works opens the store again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.services.core.errors import StorageError
from csdesk.services.core.storage_errors import Trouble, trouble
from csdesk.ui.core.parts import Button
from csdesk.ui.core.recovery import Recovery, Remedy


def button(shown: Recovery, verb: str) -> Button:
    return next(found for found in shown.findChildren(Button) if found.text() == verb)


def test_remedy_that_fails_says_why_and_stays(qtbot: QtBot, tmp_path: Path) -> None:
    def fail() -> None:
        raise StorageError("The backup is damaged.", "Nothing was changed.", "Choose another backup.")

    done: list[str] = []
    remedies = (Remedy("Restore", "The newest.", fail), Remedy("Start empty", "Afresh.", lambda: done.append("afresh")))
    shown = Recovery(trouble(Trouble.DAMAGED), remedies, tmp_path)
    qtbot.addWidget(shown)
    shown.show()
    with qtbot.assertNotEmitted(shown.again):
        qtbot.mouseClick(button(shown, "Restore"), Qt.MouseButton.LeftButton)
    assert shown.outcome.isVisible()
    assert "Choose another backup." in shown.outcome.text()
    with qtbot.waitSignal(shown.again):
        qtbot.mouseClick(button(shown, "Start empty"), Qt.MouseButton.LeftButton)
    assert done == ["afresh"]
