"""Imports a workbook through the window's runner and prints the longest gap between ticks of 5 ms, and the 99th of 100."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.measure import p99
from csdesk.app import open_desk
from csdesk.services.core.clock import Clock
from csdesk.services.handover.reviewing import commit, open_review
from csdesk.ui.core.messages import Messages
from csdesk.ui.core.runner import Runner


class Ticks(QObject):
    """Notes the gaps between ticks."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=5)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


def main() -> None:
    """Review and take in the file, as the import page does."""
    app = QApplication([])
    desk = open_desk(Path(sys.argv[2]), Clock(date(2026, 11, 23)))
    runner = Runner(desk, Messages())
    ticks = Ticks()

    def reviewed(review: object) -> None:
        runner.work(lambda desk, progress: commit(desk, review, progress), finished, "")  # type: ignore[arg-type]

    def finished(_done: object) -> None:
        print(max(ticks.gaps[3:]), p99(ticks.gaps), flush=True)
        os._exit(0)

    runner.work(lambda desk, progress: open_review(desk, Path(sys.argv[1]), progress), reviewed, "")
    app.exec()


main()
