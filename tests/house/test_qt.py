"""What this PySide6 must not do."""

from __future__ import annotations

import sys
from importlib.metadata import version

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


def test_calls_that_return_nothing_keep_their_hands_off_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    label.setText("first")
    before = sys.getrefcount(None)
    for _ in range(1000):
        label.setText("again")
    lost = before - sys.getrefcount(None)
    assert lost < 500, (
        f"PySide6 {version('PySide6-Essentials')} lost {lost} references to None in 1,000 calls: the process aborts after some "
        "thousands more. Stay below 6.12 on Python 3.11."
    )
