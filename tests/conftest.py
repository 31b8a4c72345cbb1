"""A real store for each test, copied from one migrated template; the clock stands at 2026-11-23."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from csdesk.app import STORE_NAME, open_desk
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
TODAY = date(2026, 11, 23)


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
