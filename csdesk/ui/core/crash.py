"""When the program itself fails: everything into the log, one calm dialog, data safe."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

log = logging.getLogger("csdesk")
MOST_DIALOGS = 3


class Crashes(QObject):
    """Catches what nobody caught, on every thread. ``caught`` arrives on the UI thread: (summary, details).

    Of many errors in a row only the first three are told; all are logged.
    """

    caught = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told = 0
        self._file: TextIO | None = None
        self._handler: logging.Handler | None = None

    def install(self, logs: Path | None) -> None:
        """Watch from now on and write the log; hard crashes of native code leave their trace in crash.log."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook
        qInstallMessageHandler(qt_message)
        if logs is not None:
            try:
                logs.mkdir(parents=True, exist_ok=True)
                self._file = (logs / "crash.log").open("a", encoding="utf-8")
                faulthandler.enable(self._file)
                self._handler = log_file(logs / "csdesk.log")
                logging.getLogger().addHandler(self._handler)
            except OSError as error:
                log.warning("no crash log: %s", error)

    def remove(self) -> None:
        """Stop watching."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an error and tell the user."""
        log.error("not caught", exc_info=(kind, error, trace))
        if self._told < MOST_DIALOGS:
            self._told += 1
            import traceback

            details = "".join(traceback.format_exception(kind, error, trace))
            self.caught.emit(f"{kind.__name__}: {error}"[:300], f"{versions()}\n\n{details}")

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(kind, error, trace)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_type, args.exc_value, args.exc_traceback)


def log_file(path: Path) -> logging.Handler:
    """Warnings and worse into a file that never grows beyond a megabyte; three older ones are kept."""
    from logging.handlers import RotatingFileHandler

    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


def versions() -> str:
    """Versions of everything that matters, one line each."""
    import platform
    import sqlite3

    from csdesk import __version__

    return "\n".join(
        (
            f"CSDesk {__version__}",
            f"Python {platform.python_version()}",
            f"Qt {qVersion()}",
            f"SQLite {sqlite3.sqlite_version}",
            platform.platform(),
        )
    )


def qt_message(kind: QtMsgType, _context: object, text: str) -> None:
    """Qt's own messages belong in the log."""
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }
    logging.getLogger("qt").log(levels.get(kind, logging.ERROR), "%s", text)
