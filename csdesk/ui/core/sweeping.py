"""Garbage is collected on the UI thread alone.

Python's own collector runs in whichever thread allocates next. Were that a reader thread, it would destroy widgets and timers
there, and Qt ends the process for it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500
MANY = 50_000
"""So many new objects take longer to look through than a frame may last."""


class Sweeper(QObject):
    """While it works, the automatic collector is off and the generations that are due are collected by a timer here."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._pauses = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> int:
        """Collect what is due, unless it is to wait; how many objects were unreachable."""
        if self._pauses:
            return 0
        limits = gc.get_threshold()
        found = 0
        for generation in range(3):
            if gc.get_count()[generation] > limits[generation]:
                found += gc.collect(generation)
        return found

    def pause(self) -> None:
        """Leave the garbage alone: long work makes hundreds of thousands of objects, and walking them stalls the window."""
        self._pauses += 1

    def resume(self) -> None:
        """The work is over. What it made and is still there is not looked at again: references free it, like most things."""
        self._pauses -= 1
        if not self._pauses and gc.get_count()[0] > MANY:
            gc.freeze()

    def stop(self) -> None:
        """Give the work back to Python."""
        self._timer.stop()
        if self._was_on:
            gc.enable()
