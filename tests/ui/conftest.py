"""The whole window with all its pages over a real store, for the tests of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.ui.core import theme
from csdesk.ui.core.actions import Actions
from csdesk.ui.core.context import Context, Navigator
from csdesk.ui.core.messages import Messages
from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.runner import Runner
from csdesk.ui.core.state import State
from csdesk.ui.core.window import MainWindow
from csdesk.ui.features import FEATURES
from tests.conftest import TODAY

Opening = Callable[[], MainWindow]


@pytest.fixture
def opening(qtbot: QtBot, qapp: QApplication, desk: Desk, tmp_path: Path) -> Iterator[Opening]:
    """Opens the window at 1440 × 900, English and light; called again it is a restart that finds what was kept."""
    theme.apply(qapp, "light", 100)
    opened: list[tuple[MainWindow, Runner]] = []

    def leave() -> None:
        window, runner = opened.pop()
        window.close()
        runner.close()
        qapp.processEvents()

    def start() -> MainWindow:
        if opened:
            leave()
        state = State(tmp_path / "window.json")
        context = Context(state, Messages(), Actions(), Navigator(), Clock(TODAY), Preferences(state, "en"))
        window = MainWindow(state)
        qtbot.addWidget(window)
        window.furnish(context, FEATURES)
        window.setGeometry(0, 0, 1440, 900)
        window.show()
        runner = Runner(desk, context.messages)
        opened.append((window, runner))
        context.open(desk, runner)
        window.opened()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield start
    if opened:
        leave()
