"""Opens the window on the store named and presses Ctrl+T eight times: milliseconds of the first and the middle of the rest,
then what the UI thread worked in them."""

import sys
import time
from pathlib import Path

from benchmarks.measure import median


def main() -> None:
    """As a user does it: from the key to the first paint of the dialog whose field has the keyboard."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from csdesk.app import window_launch
    from csdesk.services.core.clock import Clock
    from csdesk.services.core.folders import Folders
    from csdesk.services.core.instance import StoreLock
    from csdesk.ui.core.form import FormDialog
    from csdesk.ui.launch import Shell, application

    folders, clock = Folders.under(Path(sys.argv[1])), Clock()
    lock = StoreLock(folders.data, clock)
    lock.acquire()
    app = application()
    shell = Shell(app, window_launch(folders, clock, lock, language="zh_CN"))
    ready: list[bool] = []
    shell.ready.connect(lambda: ready.append(True))
    shell.window.resize(1440, 900)
    shell.show()
    while not ready:
        app.processEvents()
    QTest.qWait(4_000)

    class Watch(QObject):
        """Notes the first paint of a form."""

        painted = 0.0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, FormDialog) and not self.painted:
                self.painted = time.perf_counter()
            return False

    watch, times, work = Watch(), list[float](), list[float]()
    app.installEventFilter(watch)
    for _press in range(8):
        watch.painted = 0.0
        shell.window.activateWindow()
        QTest.qWaitForWindowActive(shell.window)
        began, worked = time.perf_counter(), time.thread_time()
        QTest.keyClick(shell.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        while not watch.painted:
            app.processEvents()
        times.append((watch.painted - began) * 1000)
        work.append((time.thread_time() - worked) * 1000)
        QTest.qWait(500)
        if shell.context is not None and shell.context.likeness is not None:
            shell.context.likeness.wait()
        for top in QApplication.topLevelWidgets():
            if isinstance(top, FormDialog) and top.isVisible():
                top.reject()
        QTest.qWait(200)
    print(times[0], median(times[1:]), work[0], median(work[1:]), flush=True)
    shell.close()


main()
