"""A real store for each test, copied from one migrated template; the clock stands at 2026-11-23.

Tests of another system are left out by their marks; each process of a parallel run opens windows on a screen of its own.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine

from csdesk.app import STORE_NAME, open_desk
from csdesk.models import database
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.demo.commands import DemoSize, make_demo

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
STATEMENTS = 2_000
"""So many compiled statements are kept."""


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


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of this process do not wait for the disk: no test cuts the power. tests/crash and other processes do."""
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "synchronous=OFF"))


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> None:
    """All stores of this process are read with one dialect: SQLAlchemy compiles a statement once, not for each store."""
    make, first = database.create_engine, []

    def create_engine(*args: Any, **more: Any) -> Engine:
        engine = make(*args, query_cache_size=STATEMENTS, **more)
        first.append(engine)
        engine.dialect, engine._compiled_cache = first[0].dialect, first[0]._compiled_cache
        del first[1:]
        return engine

    database.create_engine = create_engine


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One prepared store, made once."""
    folder = tmp_path_factory.mktemp("template")
    open_desk(folder, Clock(TODAY)).close()
    return folder / STORE_NAME


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store of forty customers with three years behind them, made once."""
    folder = tmp_path_factory.mktemp("demo")
    made = open_desk(folder, Clock(TODAY))
    made.do(make_demo, DemoSize(40, seed=3))
    made.close()
    return folder / STORE_NAME


@contextmanager
def desk_over(template: Path, folder: Path) -> Iterator[Desk]:
    """An open desk over a copy of the store, in ``folder``, which is made."""
    folder.mkdir(parents=True)
    shutil.copyfile(template, folder / STORE_NAME)
    desk = open_desk(folder, Clock(TODAY))
    yield desk
    desk.close()


@pytest.fixture
def desk(template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """An open desk over a store of its own: an empty one, or the demo where the test asks for that."""
    if "demo" in request.fixturenames:
        template = request.getfixturevalue("demo_template")
    with desk_over(template, tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def demo(desk: Desk) -> Desk:
    """The desk, whose store holds forty customers with three years behind them."""
    return desk
