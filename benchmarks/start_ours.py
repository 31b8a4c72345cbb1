"""A start of CSDesk on the store named: milliseconds until the frame is painted, until Today is filled, memory in MB;
then the last two once the store is open. The desk is left as a user leaves it."""

import os
import sys
import time
from pathlib import Path

SINCE = int(os.environ["CSDESK_BENCH_BEGAN"])


def since() -> float:
    """Milliseconds since the process was asked for."""
    return (time.monotonic_ns() - SINCE) / 1e6


def main() -> None:
    """Open the window as a user does, and watch it."""
    from csdesk.app import window_launch
    from csdesk.services.core.clock import Clock
    from csdesk.services.core.folders import Folders
    from csdesk.services.core.instance import StoreLock
    from csdesk.ui.launch import Shell, application

    folders = Folders.under(Path(sys.argv[1]))
    clock = Clock()
    lock = StoreLock(folders.data, clock)
    lock.acquire()
    app = application()
    shell = Shell(app, window_launch(folders, clock, lock, language="zh_CN"))

    from PySide6.QtCore import QEvent, QObject, QTimer

    from benchmarks.memory import resident

    class Watch(QObject):
        """Notes the first paint, as the floor does."""

        first = 0.0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if not self.first and event.type() == QEvent.Type.Paint:
                self.first = since()
            return False

    watch = Watch()
    shell.window.installEventFilter(watch)
    shell.window.resize(1440, 900)
    shell.show()
    found: list[float] = []

    def look() -> None:
        from PySide6.QtWidgets import QWidget

        pages = [page for page in shell.window.findChildren(QWidget, "page") if type(page).__name__ == "TodayPage"]
        if not found and pages and pages[0].isVisible() and getattr(pages[0], "view", None) is not None:
            found.extend((watch.first, since(), resident()))
        if found and shell.context is not None and shell.context.is_open:
            print(*found, since(), resident(), flush=True)
            timer.stop()
            app.quit()

    timer = QTimer(interval=2)
    timer.timeout.connect(look)
    timer.start()
    app.exec()
    shell.close()


main()
