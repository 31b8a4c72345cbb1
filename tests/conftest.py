"""A real store for each test, copied from one migrated template; the clock stands at 2026-11-23.

Tests of another system are left out by their marks; each process of a parallel run opens windows on a screen of its own.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from functools import partialmethod
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from csdesk.app import STORE_NAME, open_desk
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk

SCREENS = os.environ.get("CSDESK_TEST_DISPLAYS", "").split()
if SCREENS:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["DISPLAY"] = SCREENS[int(worker) % len(SCREENS)]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HERE = {
    "windows": sys.platform == "win32",
    "macos": sys.platform == "darwin",
    "posix": os.name == "posix",
    "display": os.environ["QT_QPA_PLATFORM"] != "offscreen",
}
TODAY = date(2026, 11, 23)
PATIENCE_MS = 30_000


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, and count as deselected, what only another system can show."""
    elsewhere = [
        item for item in items if any(item.get_closest_marker(mark) and not here for mark, here in HERE.items())
    ]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


class PatientBot(QtBot):
    """Waits long before it gives up: a machine that is busy is no defect of ours."""


for _name in ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive", "waitCallback"):
    setattr(PatientBot, _name, partialmethod(getattr(QtBot, _name), timeout=PATIENCE_MS))


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's own, with more patience."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def english() -> None:
    """Tests read English unless they ask for Chinese."""
    texts.install("en")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One prepared store, made once."""
    folder = tmp_path_factory.mktemp("template")
    open_desk(folder, Clock(TODAY)).close()
    return folder / STORE_NAME


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    """An open desk over a store of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(template, folder / STORE_NAME)
    desk = open_desk(folder, Clock(TODAY))
    yield desk
    desk.close()
