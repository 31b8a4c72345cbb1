"""Opens the window on the store named, goes to a page, and presses Ctrl+T there again and again: milliseconds of each
opening, then what the UI thread worked in it, as two lists in JSON. The page is today, accounts, board or record (the
dialog in which a visit is being recorded)."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

OPENINGS = 11
READING_MS, TYPING_MS = 900, 500


def main() -> None:
    """As a user does it: from the key to the dialog painted with the keyboard in its field."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QWidget

    from csdesk.app import window_launch
    from csdesk.services.core.clock import Clock
    from csdesk.services.core.folders import Folders
    from csdesk.services.core.instance import StoreLock
    from csdesk.ui.launch import Shell, application
    from csdesk.ui.tickets.capture import CaptureDialog
    from csdesk.ui.visits.detail import VisitPage
    from csdesk.ui.visits.record import RecordDialog

    folders, clock, page = Folders.under(Path(sys.argv[1])), Clock(), sys.argv[2]
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
    sys.excepthook = sys.__excepthook__
    assert shell.context is not None

    def patiently(found: Callable[[], object]) -> None:
        while not found():
            QTest.qWait(50)

    def below() -> QWidget:
        """What the key is pressed in."""
        if page != "record":
            shell.context.go.to({"board": "tickets"}.get(page, page))
            return shell.window
        with shell.context.desk.read() as connection:
            from sqlalchemy import text

            visit = connection.execute(
                text("SELECT id FROM visits WHERE state = 'planned' AND deleted_at IS NULL LIMIT 1")
            ).scalar_one()
        shell.context.go.to("visits", id=visit)
        shown = shell.window.pages.page
        assert isinstance(shown, VisitPage)
        patiently(lambda: shown.view)
        QTest.mouseClick(shown.record_button, Qt.MouseButton.LeftButton)
        patiently(lambda: isinstance(app.activeWindow(), RecordDialog))
        return app.activeWindow()

    host = below()
    QTest.qWait(READING_MS)

    class Watch(QObject):
        """Notes the paints of the dialog that stands there, its fields among them."""

        dialog: CaptureDialog | None = None

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, CaptureDialog):
                self.dialog = watched
            return False

    watch, times, work = Watch(), list[float](), list[float]()
    app.installEventFilter(watch)
    for _press in range(OPENINGS):
        watch.dialog = None
        host.activateWindow()
        QTest.qWaitForWindowActive(host)
        began, worked = time.perf_counter(), time.thread_time()
        QTest.keyClick(host, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        while watch.dialog is None or not (watch.dialog.account.hasFocus() or watch.dialog.words.hasFocus()):
            app.processEvents()
        times.append((time.perf_counter() - began) * 1000)
        work.append((time.thread_time() - worked) * 1000)
        QTest.qWait(TYPING_MS)
        if shell.context.likeness is not None:
            shell.context.likeness.wait()
        watch.dialog.reject()
        QTest.qWait(READING_MS)
    print(json.dumps([times, work]), flush=True)
    shell.close()


main()
