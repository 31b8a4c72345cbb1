"""The sources of the project, read and parsed once for all the laws."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file: where it stands below the root (with /), its text, its tree."""

    name: str
    text: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, walked once for all the laws."""
        return list(ast.walk(self.tree))


def read_sources(*folders: str) -> list[Source]:
    """Every Python file below these folders of the root."""
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    texts = [(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in files]
    return [Source(name, text, ast.parse(text, name)) for name, text in texts]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def code() -> list[Source]:
    """The program itself."""
    return read_sources("csdesk")


@pytest.fixture(scope="session", name="tests")
def sources_of_the_tests() -> list[Source]:
    """Its tests."""
    return read_sources("tests")


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Every file that belongs to the project; in a copy without git, all outside the folders that tools make."""
    if not (root / ".git").exists():
        made = {"build", "dist", "screens", "__pycache__"}
        parts = ((file, file.relative_to(root).parts) for file in root.rglob("*"))
        return [
            file for file, names in parts if file.is_file() and not any(n in made or n[0] == "." for n in names[:-1])
        ]
    command = ["git", "-c", f"safe.directory={root.as_posix()}", "ls-files", "-coz", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True)
    names = [root / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [file for file in names if file.is_file()]
