"""A dialog made before it is asked for: what one key opens from anywhere stands there at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from csdesk.ui.core.theme import theme

REST_MS = 400
"""After a dialog was closed, what stands behind it is painted and read first."""


class Standby(QObject):
    """Holds one dialog that was never shown, a child of the window that owns this; made anew where the theme changes.

    ``make`` gives it, knowing nothing of what it will be about.
    """

    def __init__(self, make: Callable[[], QDialog], window: QWidget) -> None:
        super().__init__(window)
        self._make = make
        self._dialog: QDialog | None = None
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self.fill)
        theme().changed.connect(self._renew)

    @property
    def is_ready(self) -> bool:
        """Whether a dialog waits."""
        return self._dialog is not None

    def fill(self) -> None:
        """Make the dialog now, unless it is there."""
        if self._dialog is None:
            self._dialog = self._make()

    def take(self) -> QDialog:
        """The dialog, made now where none waits; it belongs to the caller. The next one follows when it is closed."""
        self.fill()
        dialog, self._dialog = self._dialog, None
        assert dialog is not None
        dialog.finished.connect(self._rest.start)
        return dialog

    def _renew(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
            self._rest.start()
