"""Stores to be killed over."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from csdesk.services.core.folders import Folders

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def folders(template: Path, tmp_path: Path) -> Folders:
    """The folders of a store that is prepared and closed."""
    found = Folders.under(tmp_path / "desk")
    found.make()
    shutil.copyfile(template, found.store)
    found.mark_used()
    return found


@pytest.fixture
def hasty() -> None:
    """Here stores wait for the disk, as those of people do."""
