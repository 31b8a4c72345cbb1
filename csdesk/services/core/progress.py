"""How far long work is: written by the worker, read by the window each 100 ms; never a signal per row."""

from __future__ import annotations

import threading

from csdesk.services.core.errors import Cancelled


class Progress:
    """Step, label, share done, and a wish to stop. All methods may be called from any thread."""

    def __init__(self) -> None:
        self.label = ""
        self.done = 0
        self.total: int | None = None
        self._stop = threading.Event()

    def step(self, label: str, total: int | None = None) -> None:
        """Begin a new step of ``total`` units (None: not known)."""
        self.check()
        self.label, self.done, self.total = label, 0, total

    def advance(self, units: int = 1) -> None:
        """Count units done; raises Cancelled where the user wants to stop."""
        self.done += units
        self.check()

    def cancel(self) -> None:
        """Ask the worker to stop at the next unit."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise Cancelled where somebody asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    @property
    def share(self) -> float | None:
        """Fraction done, None where the total is not known."""
        return None if not self.total else min(1.0, self.done / self.total)
