"""What goes on beside the window: backups in time, pinyin for names that have none, the turn of the day, the first chart."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from csdesk.services.core.changes import Changes
    from csdesk.services.files.keeper import Keeper
    from csdesk.ui.core.context import Context

EVERY_MS = 60_000
PINYIN_AFTER_MS = 1_500
CHARTS_AFTER_MS = 5_000
PATIENCE_SECONDS = 10.0


class Background(QObject):
    """Keeps a store safe and searchable while its window is open. Works on short-lived threads, one job at a time."""

    turned = Signal(object)
    kept = Signal(object)

    def __init__(self, context: Context, keeper: Keeper) -> None:
        super().__init__(context.messages)
        self._context, self._keeper = context, keeper
        self._day = context.clock.today()
        self._busy = threading.Lock()
        self._stopped = False
        self.turned.connect(context.runner.changed)
        self.kept.connect(context.runner.saved)
        self._minute = QTimer(self, interval=EVERY_MS)
        self._minute.timeout.connect(self._each_minute)
        self._minute.start()
        self._names = QTimer(self, interval=PINYIN_AFTER_MS, singleShot=True)
        self._names.timeout.connect(self._spell_names)
        self._names.start()
        self._charts = QTimer(self, interval=CHARTS_AFTER_MS, singleShot=True)
        self._charts.timeout.connect(self._warm_charts)
        self._charts.start()
        context.runner.changed.connect(self._changed)
        self._aside(self._keep_first)

    def stop(self) -> None:
        """Begin nothing more, and let what is under way come to its end: the store is about to be closed."""
        self._context.runner.changed.disconnect(self._changed)
        self._minute.stop()
        self._names.stop()
        self._charts.stop()
        self._stopped = True
        if self._busy.acquire(timeout=PATIENCE_SECONDS):
            self._busy.release()

    def _each_minute(self) -> None:
        self._aside(self._keep)

    def _keep_first(self) -> None:
        self._keeper.at_start()
        self.kept.emit(self._context.desk.saved_at)

    def _keep(self) -> None:
        from csdesk.services.accounts.standing import refresh_whole_standing
        from csdesk.services.core.changes import EVERYTHING

        if self._keeper.while_working() is not None:
            self.kept.emit(self._context.desk.saved_at)
        if self._context.clock.today() != self._day:
            self._day = self._context.clock.today()
            refresh_whole_standing(self._context.desk)
            self.turned.emit(EVERYTHING)

    def _changed(self, changes: Changes) -> None:
        if changes.touches(("accounts", "contacts")):
            self._names.start()

    def _spell_names(self) -> None:
        self._aside(self._spell)

    def _spell(self) -> None:
        from csdesk.services.search.pinyin import fill_pinyin

        search = self._context.search
        if fill_pinyin(self._context.desk) and search is not None:
            search.reload()

    def _warm_charts(self) -> None:
        self._aside(_load_charts)

    def _aside(self, job: object) -> None:
        threading.Thread(target=self._one_at_a_time, args=(job,), name="background", daemon=True).start()

    def _one_at_a_time(self, job: object) -> None:
        with self._busy:
            if self._stopped:
                return
            assert callable(job)
            job()


def _load_charts() -> None:
    """The first chart then need not wait for matplotlib."""
    import csdesk.ui.core.chart  # noqa: F401
