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
