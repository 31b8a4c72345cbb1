"""The window's start: paint the frame first, open the store behind it, fill the page that was left last.

csdesk/app.py hands in how the store is opened; nothing here or below ui knows SQLAlchemy. The store is opened on a
thread of its own, so that a migration or a backup before it leaves the window alive.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLibraryInfo, QObject, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from csdesk.resources import resource
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import Cancelled
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import _
from csdesk.ui.core import theme
from csdesk.ui.core.actions import Actions
from csdesk.ui.core.context import Context, Navigator, Safety, Search
from csdesk.ui.core.crash import Crashes
from csdesk.ui.core.messages import Messages
from csdesk.ui.core.page import Feature
from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.state import State
from csdesk.ui.core.window import MainWindow

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.folders import Folders
    from csdesk.ui.core.focus import FocusRing
    from csdesk.ui.core.instance import Doorbell
    from csdesk.ui.core.recovery import Recovery, Remedy

log = logging.getLogger(__name__)
PAINT_PATIENCE_MS = 400


@dataclass(frozen=True)
class Opened:
    """The open store and what goes with it. ``close`` is called at the very end: backup, lock given back."""

    desk: Desk
    search: Search
    safety: Callable[[], Safety]
    close: Callable[[], None]
    sample: bool = False


@dataclass(frozen=True)
class Launch:
    """What the composition root hands in.

    ``open_store`` runs on a thread and may raise StorageError; ``remedies`` names what can be done then, besides
    trying again. ``channel`` is the local socket on which a second start asks this window to come forward.
    ``started`` is called once the first page is there (for measurements and background work).
    """

    folders: Folders
    clock: Clock
    open_store: Callable[[Progress], Opened]
    features: tuple[Feature, ...]
    language: str | None = None
    channel: str = ""
    files: tuple[str, ...] = ()
    remedies: Callable[[BaseException], tuple[Remedy, ...]] | None = None
    started: Callable[[Context], None] | None = None


def run(launch: Launch) -> int:
    """Show the window and stay until it is closed; the exit status of the event loop."""
    app = application()
    shell = Shell(app, launch)
    shell.show()
    status = app.exec()
    shell.close()
    return status


def application() -> QApplication:
    """The one application object, made where there is none."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QApplication.setApplicationName("csdesk")
    QApplication.setApplicationDisplayName("CSDesk")
    QApplication.setDesktopFileName("csdesk")
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(QIcon(str(resource("icons", "csdesk.svg"))))
    return app


class Shell(QObject):
    """Holds what outlives a window: the application's dress, the context, the store. Rebuilds the window in place
    when the language changes."""

    ready = Signal()
    _opened_store = Signal(object)
    _not_opened = Signal(object)

    def __init__(self, app: QApplication, launch: Launch) -> None:
        super().__init__()
        self._app, self._launch = app, launch
        self._translators: list[QTranslator] = []
        self._opened: Opened | None = None
        self._thread: threading.Thread | None = None
        self._progress: Progress | None = None
        self._recovery: Recovery | None = None
        self._doorbell: Doorbell | None = None
        state = State(launch.folders.config / "window.json", self)
        preferences = Preferences(state, launch.language, self)
        self._speak(preferences.language)
        theme.apply(app, preferences.theme, preferences.zoom)
        messages = Messages(self)
        self.crashes = Crashes(self)
        self.crashes.caught.connect(messages.bug)
        self.context = Context(state, messages, Actions(self), Navigator(self), launch.clock, preferences)
        self.ring: FocusRing | None = None
        self.window = self._make_window()
        preferences.language_changed.connect(self._language_changed)
        self._opened_store.connect(self._store_opened, Qt.ConnectionType.QueuedConnection)
        self._not_opened.connect(self._store_failed, Qt.ConnectionType.QueuedConnection)

    def show(self) -> None:
        """Show the frame; the store is opened once it is painted."""
        self.crashes.install(self._launch.folders.logs)
        self._painted = FirstPaint(self.window)
        self._painted.seen.connect(self._furnish)
        self.window.show()

    def _furnish(self) -> None:
        """The frame is painted: everything that could wait, and the store."""
        from csdesk.ui.core.focus import FocusRing

        self.ring = FocusRing(self._app)
        self.window.complete()
        self.open_store()

    def open_store(self) -> None:
        """Open the store on its thread; again after a failure."""
        if self._thread is not None or self._opened is not None:
            return
        if self._recovery is not None:
            self._recovery.leave()
            self._recovery = None
        self._progress = Progress()
        self.context.messages.follow(self._progress, _("Opening the data…"))
        self._thread = threading.Thread(target=self._open, args=(self._progress,), name="open-store", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """The window is gone: stop the threads, close the store, stop watching for crashes."""
        self.window.remember()
        if self.context.is_open:
            self.context.runner.close()
        if self._doorbell is not None:
            self._doorbell.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        if self.ring is not None:
            self.ring.deleteLater()
        self.crashes.remove()

    def _open(self, progress: Progress) -> None:
        try:
            opened = self._launch.open_store(progress)
        except BaseException as error:  # noqa: BLE001  told in the window; nothing may end the thread unseen
            self._not_opened.emit(error)
        else:
            self._opened_store.emit(opened)

    def _store_opened(self, opened: Opened) -> None:
        from csdesk.ui.core.runner import Runner

        self._done_opening()
        self._opened = opened
        context = self.context
        context.search, context.safety, context.sample = opened.search, opened.safety, opened.sample
        context.open(opened.desk, Runner(opened.desk, context.messages, self))
        self.window.opened()
        self._listen()
        if self._launch.files:
            self.window.take_files(list(self._launch.files))
        if self._launch.started is not None:
            self._launch.started(context)
        self.ready.emit()

    def _store_failed(self, error: BaseException) -> None:
        from csdesk.ui.core.recovery import Recovery

        self._done_opening()
        if not isinstance(error, Cancelled):
            log.error("store not opened", exc_info=error)
        remedies = self._launch.remedies(error) if self._launch.remedies is not None else ()
        self._recovery = Recovery(error, remedies, self._launch.folders.data, self.window)
        self._recovery.again.connect(self.open_store)
        self.window.show_instead(self._recovery)

    def _done_opening(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._progress is not None:
            self.context.messages.unfollow(self._progress)
            self._progress = None

    def _make_window(self) -> MainWindow:
        folders = self._launch.folders
        named = ((_("Data"), folders.data), (_("Backups"), folders.backups), (_("Log"), folders.logs))
        return MainWindow(self.context, self._launch.features, named)

    def _language_changed(self, language: str) -> None:
        """Build the window anew in the other language, where it stands, with the same page in it."""
        old = self.window
        old.remember()
        self._speak(language)
        old.retire()
        self.context.actions.clear()
        self.window = self._make_window()
        self.window.complete()
        self.window.show()
        if self.context.is_open:
            self.window.opened()
        QTimer.singleShot(0, old.deleteLater)

    def _speak(self, language: str) -> None:
        texts.install(language)
        for old in self._translators:
            self._app.removeTranslator(old)
        self._translators = []
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        translator = QTranslator(self)
        if language != "en" and translator.load(f"qtbase_{language}", folder):
            self._app.installTranslator(translator)
            self._translators.append(translator)

    def _listen(self) -> None:
        if not self._launch.channel:
            return
        from csdesk.ui.core.instance import Doorbell

        self._doorbell = Doorbell(self._launch.channel, self)
        self._doorbell.rung.connect(self._come_forward)

    def _come_forward(self, files: list[str]) -> None:
        self.window.come_forward()
        if files:
            self.window.take_files(files)


class FirstPaint(QObject):
    """Says once that the window has been painted, or that it will not be soon (minimised, covered)."""

    seen = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._told, self._window = False, window
        window.installEventFilter(self)
        QTimer.singleShot(PAINT_PATIENCE_MS, self._tell)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._told:
            QTimer.singleShot(0, self._tell)
        return False

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self._window.removeEventFilter(self)
            self.seen.emit()
