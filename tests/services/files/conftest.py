"""A store in a folder of its own, with a clock that the test moves."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from making import Maker
from stores import SetClock, open_store

from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.folders import Folders
from csdesk.services.files.reading import read_workbook


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


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    """Makes files."""
    return Maker(tmp_path)


@pytest.fixture
def refused() -> Callable[..., Problem]:
    """Reads a file that must be refused with exactly one sentence, and gives the problem."""

    def read(path: Path, **options: Any) -> Problem:
        with pytest.raises(Problems) as caught:
            read_workbook(path, **options)
        (problem,) = caught.value.problems
        assert path.name in problem.message
        assert "\n" not in problem.message
        assert len(problem.message) < 300
        assert problem.field == "file"
        return problem

    return read
