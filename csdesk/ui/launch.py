"""The window's start: paint the frame first, furnish it, open the store behind it, show the page that was left last.

csdesk/app.py hands in how the store is opened; nothing here or below ui knows SQLAlchemy. The store is opened on a
thread of its own, so that a migration or a backup before it leaves the window alive. What stands at the head of this
module is all that the first paint may cost.
"""

from __future__ import annotations

import gc
import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from csdesk.ui.core.state import State
from csdesk.ui.core.window import MainWindow

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtCore import QTranslator

    from csdesk.services.core.changes import Changes
    from csdesk.services.core.clock import Clock
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.folders import Folders
    from csdesk.services.core.progress import Progress
    from csdesk.services.files.keeper import Keeper
    from csdesk.ui.core.context import Context, Safety, Search
    from csdesk.ui.core.crash import Crashes
    from csdesk.ui.core.focus import FocusRing
    from csdesk.ui.core.instance import Doorbell
    from csdesk.ui.core.page import Feature
    from csdesk.ui.core.recovery import Recovery, Remedy
    from csdesk.ui.core.welcome import FirstRun, Welcome
    from csdesk.ui.renewals.automatic import AutomaticRenewals

log = logging.getLogger(__name__)
PAINT_PATIENCE_MS = 400
EARLY_PATIENCE_SECONDS = 0.5
SWITCH_SECONDS = 0.001
"""So soon a reader lets a key or a paint go on: with Python's 5 ms the window waits several times in one click."""
LAST_STEP = 2
"""Of the greeting: how to begin."""
WARM_SEARCH_MS = 800
"""The first page has the store to itself for so long; then the text of the search is loaded."""


@dataclass(frozen=True)
class Opened:
    """The open store and what goes with it. ``close`` is called at the very end: backup, lock given back. ``folders``
    where they are others than those of the start (the first run chose them)."""

    desk: Desk
    search: Search
    safety: Callable[[], Safety]
    close: Callable[[], None]
    sample: bool = False
    folders: Folders | None = None
    keeper: Keeper | None = None


@dataclass(frozen=True)
class Launch:
    """What the composition root hands in.

    ``features`` gives the list once the frame is painted. ``open_store`` runs on a thread and may raise StorageError;
    ``remedies`` names what can be done then, besides trying again. ``channel`` names the local socket on which a second
    start rings (ui/core/instance.py); ``files`` are opened at once. ``started`` is called when the first page is asked
    for: background work begins there. ``first_run`` is set where no store has been worked in yet. ``settle``
    makes another folder the one to open. ``first_look`` gives, on the opening thread and at once, what was kept of the
    page named for a language; None where it has to be asked for.
    """

    folders: Folders
    clock: Clock
    open_store: Callable[[Progress], Opened]
    features: Callable[[], tuple[Feature, ...]]
    language: str | None = None
    channel: Callable[[], str] | None = None
    files: tuple[str, ...] = ()
    remedies: Callable[[BaseException], tuple[Remedy, ...]] | None = None
    started: Callable[[Context], None] | None = None
    first_run: FirstRun | None = None
    settle: Callable[[Path], None] | None = None
    first_look: Callable[[str, str], object | None] | None = None


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
    return QApplication(sys.argv[:1])


class Shell(QObject):
    """Holds what outlives a window: the application's dress, the context, the store. Rebuilds the window in place
    when the language changes. ``ready`` tells that the first page was asked for."""

    ready = Signal()
    _looked = Signal(str, object)
    _opened_store = Signal(object)
    _not_opened = Signal(object)

    def __init__(self, app: QApplication, launch: Launch) -> None:
        super().__init__()
        self._app, self._launch = app, launch
        self._translators: list[QTranslator] = []
        self._opened: Opened | None = None
        self._thread: threading.Thread | None = None
        self._shown_early: threading.Event
        self._progress: Progress | None = None
        self._recovery: Recovery | None = None
        self._welcome: Welcome | None = None
        self._beginning = ""
        self._doorbell: Doorbell | None = None
        self._crashes: Crashes | None = None
        self._ring: FocusRing | None = None
        self._automatic: AutomaticRenewals | None = None
        self.context: Context | None = None
        self.state = State(launch.folders.config / "window.json", self)
        self.window = MainWindow(self.state)
        self.window.painted.connect(self.furnish)

    def show(self) -> None:
        """Show the bare frame; all else follows its first paint, or a moment where it is not painted (minimised).

        Until the store is open nothing is thrown away: looking for garbage among modules costs a tenth of the start.
        """
        gc.disable()
        self.window.show()
        QTimer.singleShot(PAINT_PATIENCE_MS, self.furnish)

    def furnish(self) -> None:
        """Dress the application, put everything into the frame, then open the store."""
        if self.context is not None:
            return
        from PySide6.QtGui import QIcon

        from csdesk.resources import resource
        from csdesk.ui.core import theme
        from csdesk.ui.core.crash import Crashes
        from csdesk.ui.core.focus import FocusRing

        self._crashes = Crashes(self)
        self._crashes.install(self._launch.folders.logs)
        context = self.context = self._make_context()
        self._crashes.caught.connect(context.messages.bug)
        self._speak(context.preferences.language)
        theme.apply(self._app, context.preferences.theme, context.preferences.zoom)
        self._app.setWindowIcon(QIcon(str(resource("icons", "csdesk.svg"))))
        self._ring = FocusRing(self._app)
        self._furnish_window()
        if self._launch.first_run is not None:
            self._greet()
        else:
            self.open_store()

    def open_store(self) -> None:
        """Open the store on its thread; again after a failure."""
        import threading

        from csdesk.services.core.progress import Progress
        from csdesk.services.core.texts import _

        if self._thread is not None or self._opened is not None or self.context is None:
            return
        if self._recovery is not None:
            self._recovery.leave()
            self._recovery = None
        self._progress = Progress()
        self.context.messages.follow(self._progress, _("Opening the data…"))
        self._shown_early = threading.Event()
        place, language = self.window.first_place, self.context.preferences.language
        work = (self._progress, place, language)
        self._thread = threading.Thread(target=self._open, args=work, name="open-store", daemon=True)
        self._thread.start()

    def _greet(self, step: int = 0) -> None:
        from csdesk.ui.core.welcome import Welcome

        if self.context is not None and self._launch.first_run is not None:
            self._welcome = Welcome(self._launch.first_run, self.context.preferences, step)
            self._welcome.finished.connect(self._welcomed)
            self.window.show_instead(self._welcome)
            self._welcome.show_step(step)

    def _welcomed(self, beginning: str) -> None:
        if self._welcome is not None:
            self._welcome.leave()
            self._welcome = None
        self._beginning = beginning
        self.open_store()

    def close(self) -> None:
        """The window is gone: stop the threads, close the store, stop watching for crashes."""
        gc.enable()
        self.window.remember()
        self._close_store()
        if self._ring is not None:
            self._ring.deleteLater()
        if self._crashes is not None:
            self._crashes.remove()

    def _close_store(self) -> None:
        self._automatic = None
        if self._doorbell is not None:
            self._doorbell.close()
            self._doorbell = None
        if self.context is not None and self.context.is_open:
            self.context.runner.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _make_context(self) -> Context:
        from csdesk.ui.core.actions import Actions
        from csdesk.ui.core.context import Context, Navigator
        from csdesk.ui.core.messages import Messages
        from csdesk.ui.core.preferences import Preferences

        preferences = Preferences(self.state, self._launch.language, self)
        preferences.language_changed.connect(self._language_changed)
        self._looked.connect(self._show_early)
        self._opened_store.connect(self._store_opened)
        self._not_opened.connect(self._store_failed)
        return Context(self.state, Messages(self), Actions(self), Navigator(self), self._launch.clock, preferences)

    def _furnish_window(self) -> None:
        if self.context is not None:
            self.window.furnish(self.context, self._launch.features(), self._named_folders())

    def _named_folders(self) -> tuple[tuple[str, Path], ...]:
        from csdesk.services.core.texts import _

        chosen = self._opened.folders if self._opened is not None else None
        folders = chosen or self._launch.folders
        return (_("Data"), folders.data), (_("Backups"), folders.backups), (_("Log"), folders.logs)

    def _open(self, progress: Progress, place: str, language: str) -> None:
        self._look_early(place, language)
        try:
            opened = self._launch.open_store(progress)
        except BaseException as error:  # noqa: BLE001  told in the window; nothing may end the thread unseen
            self._not_opened.emit(error)
        else:
            self._opened_store.emit(opened)

    def _look_early(self, place: str, language: str) -> None:
        """Let what was kept be painted before the heavy modules are loaded: they would have to share the interpreter."""
        if self._launch.first_look is None or self._opened is not None:
            return
        look = self._launch.first_look(place, language)
        if look is not None:
            self._looked.emit(place, look)
            self._shown_early.wait(EARLY_PATIENCE_SECONDS)

    def _show_early(self, place: str, look: object) -> None:
        self.window.pages.show_early(place, look)
        QTimer.singleShot(0, self._shown_early.set)

    def _store_opened(self, opened: Opened) -> None:
        from csdesk.ui.core.runner import Runner

        context = self.context
        if context is None:
            return
        self._done_opening()
        self._opened = opened
        self.window.folders = self._named_folders()
        context.search, context.safety, context.sample = opened.search, opened.safety, opened.sample
        context.keeper = opened.keeper
        first = self._launch.first_run
        if opened.sample and first is not None and first.home is not None:
            context.leave_sample = self.leave_sample
        runner = Runner(opened.desk, context.messages, self)
        runner.changed.connect(self._tell_search)
        context.open(opened.desk, runner)
        self.window.opened()
        QTimer.singleShot(WARM_SEARCH_MS, self._warm_search)
        if self._beginning == "import":
            context.go.to("handover")
        if self._launch.files:
            self.window.take_files(self._launch.files)
        self._listen()
        if self._launch.started is not None:
            self._launch.started(context)
        self.ready.emit()

    def _store_failed(self, error: BaseException) -> None:
        from csdesk.services.core.errors import Cancelled
        from csdesk.ui.core.recovery import Recovery

        self._done_opening()
        if not isinstance(error, Cancelled):
            log.error("store not opened", exc_info=error)
        remedies = self._launch.remedies(error) if self._launch.remedies is not None else ()
        self._recovery = Recovery(error, remedies, self._launch.folders.data, self.window, self._launch.settle)
        self._recovery.again.connect(self.open_store)
        self.window.show_instead(self._recovery)

    def _tell_search(self, changes: Changes) -> None:
        if self._opened is not None:
            self._opened.search.changed(changes)

    def _warm_search(self) -> None:
        """What must answer at once later."""
        if self._opened is not None and self.context is not None:
            self._opened.search.reload()
            self._keep_ready()
            if self.context.is_open:
                from csdesk.ui.renewals.automatic import AutomaticRenewals
                from csdesk.ui.renewals.forms import make_due_tasks

                make_due_tasks(self.context, self)
                self._automatic = AutomaticRenewals(self.context, self.context.runner)

    def _keep_ready(self) -> None:
        """The dialog that one key opens from anywhere."""
        if self.context is not None and self.context.is_open:
            from csdesk.ui.tickets.capture import keep_ready

            keep_ready(self.context, self.window)

    def _done_opening(self) -> None:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(SWITCH_SECONDS)
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._progress is not None and self.context is not None:
            self.context.messages.unfollow(self._progress)
            self._progress = None

    def _language_changed(self, language: str) -> None:
        """Build the window anew in the other language, where it stands, with the same page in it."""
        if self.context is None:
            return
        self.window.remember()
        self._speak(language)
        self._renew_window()
        if self.context.is_open:
            self.window.opened()
            QTimer.singleShot(WARM_SEARCH_MS, self._keep_ready)
            if self._automatic is not None:
                self._automatic.tell_again()
        elif self._welcome is not None:
            self._greet(self._welcome.step)

    def leave_sample(self) -> None:
        """Close the sample store and greet again, at the choice of how to begin."""
        context, first = self.context, self._launch.first_run
        if context is None or first is None or first.home is None or self._opened is None:
            return
        self._close_store()
        context.close()
        self.state.set("window.place", None)
        self._renew_window()
        first.home()
        self._greet(LAST_STEP)

    def _renew_window(self) -> None:
        """A new window in the place of the old one, without a page."""
        assert self.context is not None
        old = self.window
        old.retire()
        self.context.actions.clear()
        self.context.standby = None
        self.window = MainWindow(self.state)
        self.window.setGeometry(old.geometry())
        self._furnish_window()
        self.window.show()
        QTimer.singleShot(0, old.deleteLater)

    def _speak(self, language: str) -> None:
        from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

        from csdesk.services.core import texts

        texts.install(language)
        QLocale.setDefault(QLocale(language if language != "en" else "en_GB"))
        for old in self._translators:
            self._app.removeTranslator(old)
        self._translators = []
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        translator = QTranslator(self)
        if language != "en" and translator.load(f"qtbase_{language}", folder):
            self._app.installTranslator(translator)
            self._translators.append(translator)

    def _listen(self) -> None:
        if self._launch.channel is None:
            return
        from csdesk.ui.core.instance import Doorbell

        self._doorbell = Doorbell(self._launch.channel(), self)
        self._doorbell.rung.connect(self._come_forward)

    def _come_forward(self, files: list[str]) -> None:
        self.window.come_forward()
        if files:
            self.window.take_files(files)
