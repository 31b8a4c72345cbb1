"""The program ends as it should after work in it: whatever was opened and copied, with exit status 0."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from csdesk.app import STORE_NAME, open_desk, window_launch
from csdesk.models.vocabulary import Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.clock import Clock
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import StoreLock
from csdesk.ui.core.context import Context
from csdesk.ui.core.window import MainWindow
from csdesk.ui.gallery import settle
from csdesk.ui.launch import run
from tests.conftest import TODAY

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("tiers", "visits", "tasks", "bin", "accounts")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def work_a_while(folder: Path) -> int:
    """In a process of its own: open the window, look at every list, copy all accounts, leave by Ctrl+Q."""
    clock = Clock(TODAY)
    folders = Folders.under(folder)
    lock = StoreLock(folders.data, clock)
    lock.acquire()
    launch = window_launch(folders, clock, lock, language="en")
    started = launch.started
    assert started is not None

    def begin(context: Context) -> None:
        started(context)
        QTimer.singleShot(0, partial(look_copy_leave, context))

    return run(replace(launch, started=begin))


def look_copy_leave(context: Context) -> None:
    window = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow))
    try:
        for place in PLACES:
            context.go.to(place)
            settle(window)
            print(type(window.pages.page).key)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_A, CTRL)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_C, CTRL | SHIFT)
        data = QApplication.clipboard().mimeData()
        print("Amber" in data.html() and "Amber" in data.text())
    except Exception:  # noqa: BLE001  read on stderr; the crash dialog would keep the process waiting
        traceback.print_exc()
    QTest.keyClick(window, Qt.Key.Key_Q, CTRL)


def test_after_lists_were_open_and_rows_were_copied_it_ends_with_0(template: Path, tmp_path: Path) -> None:
    shutil.copyfile(template, tmp_path / STORE_NAME)
    desk = open_desk(tmp_path, Clock(TODAY))
    for name in ("Amber", "Birch"):
        desk.do(create_account, NewAccount(AccountFields(name, tier=Tier.A)), confirmed={"twin"})
    desk.close()
    program = (
        "import sys; from pathlib import Path; from tests.journeys.test_leaving import work_a_while; "
        "sys.exit(work_a_while(Path(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == [*PLACES, "True"]
