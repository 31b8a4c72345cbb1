"""Starts CSDesk: without a command the window, with one the command line.

Where this interpreter lacks the packages, the project's own .venv takes over; `python3 tasks.py setup` makes it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

NEEDED = ("PySide6", "sqlalchemy")


def hand_over() -> None:
    """Go on in .venv's interpreter where a package is missing here; leave with status 2 where none has them."""
    if getattr(sys, "frozen", False) or all(find_spec(name) for name in NEEDED):
        return
    home = Path(__file__).resolve().parent / ".venv"
    own = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if Path(sys.prefix).resolve() == home.resolve() or not own.exists():
        print("CSDesk's packages are not installed yet. Run this first: python3 tasks.py setup", file=sys.stderr)
        sys.exit(2)
    command = [str(own), str(Path(__file__).resolve()), *sys.argv[1:]]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(own, command)


def leave(status: int) -> None:
    """End with this status; after a command at once, for taking a large file's rows apart takes longer than saying goodbye."""
    if "PySide6.QtWidgets" in sys.modules or "coverage" in sys.modules:
        sys.exit(status)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(status)  # nobody listens any more: the interpreter knows what to say
    os._exit(status)


if __name__ == "__main__":
    hand_over()
    from csdesk.app import main

    leave(main())
