"""What may import what, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SLOW = ("openpyxl", "xlsxwriter", "matplotlib", "alembic", "pypinyin", "icalendar", "rapidfuzz", "python_calamine",
        "chinese_calendar", "cryptography", "numpy", "babel")  # fmt: skip


def test_the_import_contracts_of_setup_cfg_hold(root: Path) -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert told.returncode == 0, (
        f"An import runs the wrong way; mend the import, not the contract.\n{told.stdout}{told.stderr}"
    )


@pytest.mark.parametrize(
    ("modules", "unwanted"),
    [
        ("csdesk.app, csdesk.cli", (*SLOW, "PySide6")),
        ("csdesk.app, csdesk.ui.launch, csdesk.ui.features, csdesk.ui.core.window", (*SLOW, "sqlalchemy")),
    ],
    ids=["command line", "window"],
)
def test_starting_imports_nothing_that_is_needed_later(root: Path, modules: str, unwanted: tuple[str, ...]) -> None:
    program = f"import sys, {modules}\nprint(*sorted(set(sys.modules) & set({unwanted!r})))"
    told = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    found = told.stdout.split()
    assert not found, (
        f"importing {modules} brings in {', '.join(found)}, which costs at every start: import it inside the function that "
        f"needs it first. `python -X importtime -c 'import {modules}'` shows who asks for it."
    )


def test_migrations_are_frozen(root: Path) -> None:
    scripts = sorted((root / "csdesk/models/migrations").rglob("versions/*.py"))
    assert scripts, "no migration was found: has the folder moved?"
    for script in scripts:
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            own = [name for name in names if name.split(".")[0] == "csdesk"]
            assert not own, (
                f"{script.name} imports {own}: a migration must do tomorrow what it does today, so it knows no code of ours"
            )


def test_openpyxl_reads_xml_safely() -> None:
    from openpyxl import DEFUSEDXML

    assert DEFUSEDXML, "defusedxml is not installed: openpyxl would expand entities of a hostile file"
