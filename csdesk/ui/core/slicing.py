"""Long work that only the UI thread can do (setting type, painting pages), in slices that leave the window alive."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from csdesk.services.core.errors import Cancelled, StorageError
from csdesk.services.core.progress import Progress

SLICE_MS = 20
Steps = Generator[None, None, Any]


class Slices(QObject):
    """Runs the steps of a generator between events, for 20 ms at a time, counting each in ``progress``.

    ``then`` gets what it returns. ``failed`` gets an error, Cancelled where ``progress`` was told to stop.
    """

    def __init__(
        self,
        steps: Steps,
        progress: Progress,
        then: Callable[[Any], object],
        failed: Callable[[BaseException], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._steps, self.progress = steps, progress
        self._then, self._failed = then, failed
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._slice)
        self._timer.start()

    def drop(self) -> None:
        """Stop here; nobody is told."""
        self._timer.stop()
        self._steps.close()

    def _slice(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        try:
            while clock.elapsed() < SLICE_MS:
                self.progress.advance()
                next(self._steps)
        except StopIteration as end:
            self._timer.stop()
            self._then(end.value)
        except (Cancelled, StorageError) as error:
            self.drop()
            self._failed(error)
