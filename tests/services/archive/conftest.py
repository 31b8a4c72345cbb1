"""Two laptops: the desk of the test, and another that starts empty."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from csdesk.app import STORE_NAME, open_desk
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def other(template: Path, tmp_path: Path, desk: Desk) -> Iterator[Desk]:
    """A second desk with a store of its own."""
    folder = tmp_path / "other laptop"
    folder.mkdir()
    shutil.copyfile(template, folder / STORE_NAME)
    second = open_desk(folder, Clock(desk.clock.today()))
    yield second
    second.close()
