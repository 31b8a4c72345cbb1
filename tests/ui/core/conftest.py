"""The frame with small pages in it: what every test of the window stands on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.ui.core import theme
from csdesk.ui.core.actions import Actions
from csdesk.ui.core.context import Context, Navigator, Safety
from csdesk.ui.core.messages import Messages
from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.runner import Runner
from csdesk.ui.core.state import State
from csdesk.ui.core.window import MainWindow
from tests.ui.core.pages import FEATURES, Shelf


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """English, light, 100 percent; put back afterwards."""
    texts.install("en")
    theme.apply(qapp, "light", 100)
    yield
    texts.install("en")


@pytest.fixture
def context() -> Context:
    """A context without a store."""
    state = State(None)
    made = Context(
        state, Messages(), Actions(), Navigator(), Clock(date(2026, 11, 23)), Preferences(state, "en")
    )  # fmt: skip
    made.search = Shelf()
    made.safety = lambda: Safety(made.clock.now(), made.clock.now() - timedelta(minutes=12))
    return made


@pytest.fixture
def frame(qtbot: QtBot, context: Context, desk: Desk) -> Iterator[MainWindow]:
    """The window at 1440 × 900 on its first page, over a store of its own."""
    window = MainWindow(context.state)
    qtbot.addWidget(window)
    window.furnish(context, FEATURES)
    window.setGeometry(0, 0, 1440, 900)
    window.show()
    runner = Runner(desk, context.messages)
    context.open(desk, runner)
    window.opened()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    runner.close()
