"""A store in a folder of its own, with a clock that the test moves."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "files"))

from stores import SetClock, open_store

from csdesk.services.core.desk import Desk
from csdesk.services.core.folders import Folders


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders.under(tmp_path / "desk")


@pytest.fixture
def store(folders: Folders, clock: SetClock) -> Iterator[Desk]:
    desk = open_store(folders, clock)
    yield desk
    desk.close()
