"""Where the program's own data lie: the one module that knows."""

from __future__ import annotations

import sys
from pathlib import Path


def root() -> Path:
    """The resources folder, of a checkout or of a built program."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) / "resources" if frozen else Path(__file__).resolve().parent.parent / "resources"


def resource(*names: str) -> Path:
    """A file or folder in it: resource("icons", "plus.svg")."""
    return root().joinpath(*names)


def version() -> str:
    """The version of the program, as setup.cfg has it."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("csdesk")
    except PackageNotFoundError:
        return "0.1.0"
