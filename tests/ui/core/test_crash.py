"""What nobody caught: logged, told calmly, and not more often than one can bear."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType
from pytestqt.qtbot import QtBot

from csdesk.ui.core.crash import MOST_DIALOGS, Crashes, qt_message


def fail() -> None:
    """Raise what nobody expects."""
    raise ZeroDivisionError("<b>by zero</b>")


def test_an_error_on_another_thread_reaches_the_user(qtbot: QtBot) -> None:
    crashes = Crashes()
    threading.excepthook, before = crashes._thread_hook, threading.excepthook
    try:
        with qtbot.waitSignal(crashes.caught) as signal:
            worker = threading.Thread(target=fail)
            worker.start()
            worker.join()
    finally:
        threading.excepthook = before
    summary, details = signal.args
    assert summary == "ZeroDivisionError: <b>by zero</b>"
    assert "in fail" in details
    assert "CSDesk" in details


def test_only_the_first_errors_are_told_but_all_are_logged(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    crashes = Crashes()
    told: list[str] = []
    crashes.caught.connect(lambda summary, _details: told.append(summary))
    for number in range(MOST_DIALOGS + 2):
        error = ValueError(str(number))
        crashes.report(ValueError, error, None)
    assert len(told) == MOST_DIALOGS
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == MOST_DIALOGS + 2


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (QtMsgType.QtDebugMsg, logging.DEBUG),
        (QtMsgType.QtWarningMsg, logging.WARNING),
        (QtMsgType.QtCriticalMsg, logging.ERROR),
    ],
)
def test_messages_of_qt_go_to_the_log(caplog: pytest.LogCaptureFixture, kind: QtMsgType, level: int) -> None:
    caplog.set_level(logging.DEBUG, "qt")
    qt_message(kind, None, "100 % odd")
    [record] = caplog.records
    assert (record.levelno, record.getMessage()) == (level, "100 % odd")


PROGRAM = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from csdesk.ui.core.crash import Crashes
app = QCoreApplication([])
crashes = Crashes()
crashes.install(Path(sys.argv[1]))
if sys.argv[2] == "hard":
    import ctypes
    ctypes.string_at(0)
crashes.caught.connect(lambda summary, details: print(summary))
try:
    raise KeyError("x")
except KeyError:
    sys.excepthook(*sys.exc_info())
crashes.remove()
"""


def run(tmp_path: Path, how: str) -> subprocess.CompletedProcess[str]:
    """A program of its own with the hooks installed."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "logs"), how], capture_output=True, text=True, check=False
    )  # fmt: skip


def test_a_hard_crash_leaves_its_trace(tmp_path: Path) -> None:
    done = run(tmp_path, "hard")
    assert done.returncode != 0
    assert "Current thread" in (tmp_path / "logs" / "crash.log").read_text(encoding="utf-8")


def test_the_hook_catches_what_nobody_caught(tmp_path: Path) -> None:
    done = run(tmp_path, "soft")
    assert done.returncode == 0
    assert done.stdout.strip() == "KeyError: 'x'"
    written = (tmp_path / "logs" / "csdesk.log").read_text(encoding="utf-8")
    assert "not caught" in written
    assert "KeyError: 'x'" in written


def test_a_log_folder_that_cannot_be_made_is_no_error(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    crashes = Crashes()
    before = sys.excepthook, threading.excepthook
    crashes.install(tmp_path / "file" / "logs")
    crashes.remove()
    sys.excepthook, threading.excepthook = before
    assert crashes._file is None
