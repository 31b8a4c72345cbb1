"""The main job, as a newcomer does it with the sample: a workbook in, a week planned, the plan on paper."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.app import window_launch
from csdesk.models.vocabulary import PlanState
from csdesk.resources import resource
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.columns import Query
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import StoreLock
from csdesk.services.visits.queries import week_plan
from csdesk.ui.core.print_preview import PrintPreview
from csdesk.ui.core.welcome import Welcome
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.launch import Shell
from csdesk.ui.today.page import TodayPage
from csdesk.ui.visits.page import VisitsPage
from csdesk.ui.visits.print_dialog import PrintDialog
from tests.conftest import TODAY
from tests.ui.hands import CTRL, arrived, asked, drop_files, on_paper, press, read, returned, rows, save_as

MAIN = Path(__file__).resolve().parents[2] / "main.py"
SAMPLE = Path(str(resource("samples", "handover.xlsx")))
COMPANIES = 14


def csdesk(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """One call of the program, in Chinese on 2026-11-23, without a display."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    general = ["--data-dir", str(folder), "--lang", "zh_CN", "--today", TODAY.isoformat()]
    return subprocess.run(
        [sys.executable, str(MAIN), *general, *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, env=environment, timeout=120, check=False,
    )  # fmt: skip


def test_from_a_workbook_to_paper_on_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "客户 desk"
    taken = csdesk(folder, "import-handover", SAMPLE, "--json")
    assert taken.returncode == 0, taken.stderr
    report = json.loads(taken.stdout)
    assert report["rows"]["read"] == report["rows"]["new"] == COMPANIES
    assert report["rejected"] == []
    paper, calendar = tmp_path / "计划.pdf", tmp_path / "计划.ics"
    days = ("--from", "2026-11-23", "--to", "2026-11-27")
    planned = csdesk(folder, "plan-visits", *days, "--pdf", paper, "--ics", calendar, "--json")
    assert planned.returncode == 0, planned.stderr
    visits = json.loads(planned.stdout)["visits"]
    assert len(visits) >= 5
    words = on_paper(paper)
    assert [visit["account"] for visit in visits if visit["account"] not in words] == []
    assert "第1页" in words
    events = icalendar.Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")
    assert len(events) == len(visits)


@pytest.fixture
def shell(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Shell]:
    """The program's window as main.py opens it for a newcomer, in Chinese."""
    folders = Folders.under(tmp_path / "客户 desk")
    folders.make()
    lock = StoreLock(folders.data, Clock(TODAY))
    lock.acquire()
    made = Shell(qapp, window_launch(folders, Clock(TODAY), lock, language="zh_CN"))
    made.show()
    made.window.setGeometry(0, 0, 1440, 900)
    yield made
    made.window.close()
    made.close()
    made.window.deleteLater()
    qapp.processEvents()
    texts.install("en")


def greeted(qtbot: QtBot, shell: Shell) -> None:
    """Enter all the way through the greeting."""
    qtbot.waitUntil(lambda: shell.window.is_furnished)
    shell.window.activateWindow()
    qtbot.waitUntil(shell.window.isActiveWindow)
    greeting = shell.window.stack.currentWidget()
    assert isinstance(greeting, Welcome)
    with qtbot.waitSignal(shell.ready):
        for _step in range(3):
            press(qtbot, Qt.Key.Key_Return)


def test_from_a_workbook_to_paper_in_the_window_by_keys(qtbot: QtBot, shell: Shell, tmp_path: Path) -> None:
    greeted(qtbot, shell)
    window = shell.window
    arrived(qtbot, window, HandoverPage)
    assert drop_files(window, SAMPLE)
    review = arrived(qtbot, window, HandoverPage).review
    qtbot.waitUntil(lambda: review.isVisible() and review.review is not None)
    assert review.review.report.read == COMPANIES
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not review.isVisible())
    assert len(read(window, ACCOUNTS.ids, Query(), TODAY)) == COMPANIES
    press(qtbot, Qt.Key.Key_3, CTRL)
    board = arrived(qtbot, window, VisitsPage)
    qtbot.waitUntil(lambda: board.view is not None)
    press(qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(board.view.visits))
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: board.view.plan.state == PlanState.CONFIRMED)
    press(qtbot, Qt.Key.Key_P, CTRL)
    asked(qtbot, PrintDialog)
    press(qtbot, Qt.Key.Key_Return)
    preview = asked(qtbot, PrintPreview)
    paper = tmp_path / "week.pdf"
    qtbot.keyClick(preview.view, Qt.Key.Key_S, CTRL)
    save_as(qtbot, paper)
    qtbot.waitUntil(paper.exists)
    returned(qtbot, window)
    words = on_paper(paper)
    planned = read(window, week_plan, TODAY).visits
    assert [visit.account for visit in planned if visit.account not in words] == []
    assert "第1页" in words
    press(qtbot, Qt.Key.Key_1, CTRL)
    today = arrived(qtbot, window, TodayPage)
    of_today = [visit for visit in planned if visit.day == TODAY]
    qtbot.waitUntil(lambda: len(rows(today.visits)) == len(of_today))
    assert of_today
    assert all(any(visit.account in title for title in rows(today.list)) for visit in of_today)
