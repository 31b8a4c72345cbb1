"""The whole window with all its pages over a real store, for the tests of pages."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
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
from csdesk.ui.gallery import settle
from tests.conftest import TODAY

Opening = Callable[[], MainWindow]
_seen: list[int] = [0]


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """What a test closed is gone before the next one, not dressed again with it; modules are walked for garbage once."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if len(sys.modules) > _seen[0]:
        _seen[0] = len(sys.modules)
        gc.collect()
        gc.freeze()


def begin(desk: Desk, state: State, wide: int = 1440, high: int = 900) -> tuple[MainWindow, Runner]:
    """Put the whole window over a desk and show it, in English."""
    context = Context(state, Messages(), Actions(), Navigator(), Clock(TODAY), Preferences(state, "en"))
    window = MainWindow(state)
    window.furnish(context, FEATURES)
    window.setGeometry(0, 0, wide, high)
    window.show()
    runner = Runner(desk, context.messages)
    context.open(desk, runner)
    window.opened()
    return window, runner


@contextmanager
def window_over(desk: Desk) -> Iterator[MainWindow]:
    """The whole window at 1000 × 600 that remembers nothing; closed afterwards."""
    window, runner = begin(desk, State(None), 1000, 600)
    settle(window)
    yield window
    window.close()
    runner.close()
    window.deleteLater()


@pytest.fixture
def light(qapp: QApplication) -> None:
    """Light, 100 percent."""
    theme.apply(qapp, "light", 100)


@pytest.fixture
def opening(qtbot: QtBot, qapp: QApplication, light: None, desk: Desk, tmp_path: Path) -> Iterator[Opening]:
    """Opens the window at 1440 × 900, English and light; called again it is a restart that finds what was kept."""
    opened: list[tuple[MainWindow, Runner]] = []

    def leave() -> None:
        window, runner = opened.pop()
        window.close()
        runner.close()
        qapp.processEvents()

    def start() -> MainWindow:
        if opened:
            leave()
        window, runner = begin(desk, State(tmp_path / "window.json"))
        qtbot.addWidget(window)
        opened.append((window, runner))
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield start
    if opened:
        leave()
