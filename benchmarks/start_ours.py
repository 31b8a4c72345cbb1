"""A start of CSDesk on the store named: milliseconds until the frame is painted, until Today is filled, memory in MB."""

import os
import sys
import time
from pathlib import Path

SINCE = int(os.environ["CSDESK_BENCH_BEGAN"])


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
    times: list[float] = []

    def painted() -> None:
        times.append((time.monotonic_ns() - SINCE) / 1e6)

    shell.window.painted.connect(painted)
    shell.window.resize(1440, 900)
    shell.show()

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QWidget

    def look() -> None:
        pages = [page for page in shell.window.findChildren(QWidget, "page") if type(page).__name__ == "TodayPage"]
        if pages and getattr(pages[0], "view", None) is not None:
            filled = (time.monotonic_ns() - SINCE) / 1e6
            from benchmarks.memory import resident

            print(times[0], filled, resident(), flush=True)
            os._exit(0)

    timer = QTimer(interval=2)
    timer.timeout.connect(look)
    timer.start()
    app.exec()


main()
