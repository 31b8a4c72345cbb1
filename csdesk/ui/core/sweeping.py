"""Garbage is collected on the UI thread alone.

Python's own collector runs in whichever thread allocates next. Were that a reader thread, it would destroy widgets and timers
there, and Qt ends the process for it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


class Sweeper(QObject):
    """While it works, the automatic collector is off and the generations that are due are collected by a timer here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> int:
        """Collect what is due; how many objects were unreachable."""
        limits = gc.get_threshold()
        found = 0
        for generation in range(3):
            if gc.get_count()[generation] > limits[generation]:
                found += gc.collect(generation)
        return found

    def stop(self) -> None:
        """Give the work back to Python."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
