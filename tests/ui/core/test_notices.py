"""Messages: toasts, bars, progress, questions, the calm dialog."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.services.core.progress import Progress
from csdesk.ui.core.context import Safety
from csdesk.ui.core.dialogs import BugDialog, QuestionDialog
from csdesk.ui.core.parts import Button, MessageBar
from csdesk.ui.core.rail import age_of, lines_of, tone_of
from csdesk.ui.core.window import MainWindow

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)


def test_a_toast_takes_back_what_was_done(qtbot: QtBot, frame: MainWindow) -> None:
    undone: list[str] = []
    frame.context.messages.toast("Moved to the bin: A", undo=lambda: undone.append("A"))
    [toast] = frame.speaker.corner.toasts
    assert toast.isVisible()
    qtbot.mouseClick(toast.verbs[0], Qt.MouseButton.LeftButton)
    assert undone == ["A"]
    assert frame.speaker.corner.toasts == []
    assert not frame.speaker.corner.isVisible()


def test_a_toast_waits_while_the_mouse_is_on_it(frame: MainWindow) -> None:
    frame.context.messages.toast("Saved", link=("Open", frame.close))
    [toast] = frame.speaker.corner.toasts
    assert toast.is_waiting()
    spot = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(spot, spot, spot))
    assert not toast.is_waiting()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert toast.is_waiting()


def test_a_toast_goes_when_its_time_is_over(qtbot: QtBot, frame: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csdesk.ui.core.notices.TOAST_MS", 10)
    frame.context.messages.toast("Saved")
    qtbot.waitUntil(lambda: frame.speaker.corner.toasts == [])


def test_at_most_three_toasts_at_the_bottom_left(frame: MainWindow) -> None:
    for number in range(5):
        frame.context.messages.toast(f"Saved {number}")
    assert [toast.toast.text for toast in frame.speaker.corner.toasts] == ["Saved 2", "Saved 3", "Saved 4"]
    box = frame.speaker.corner.geometry()
    assert box.bottom() < frame.content.height()
    assert box.left() < 40


def test_a_very_long_toast_stays_inside_the_window(frame: MainWindow) -> None:
    frame.resize(1000, 600)
    frame.context.messages.toast("很长的客户名称" * 60, undo=frame.close)
    [toast] = frame.speaker.corner.toasts
    assert frame.content.rect().contains(frame.speaker.corner.geometry())
    assert toast.verbs[0].isVisible()


def test_a_bar_belongs_to_its_page(qtbot: QtBot, frame: MainWindow) -> None:
    messages = frame.context.messages
    messages.bar("accounts", "Changed elsewhere", key="conflict")
    messages.bar("", "Read only", tone="error", key="read-only")
    assert frame.speaker.bars.texts() == ["Read only"]
    frame.context.go.to("accounts")
    assert frame.speaker.bars.texts() == ["Changed elsewhere", "Read only"]
    messages.bar("accounts", "Changed again", key="conflict")
    assert frame.speaker.bars.texts() == ["Read only", "Changed again"]
    messages.clear("read-only")
    assert frame.speaker.bars.texts() == ["Changed again"]
    shown = [bar for bar in frame.speaker.bars.findChildren(MessageBar) if bar.isVisible()]
    cross = shown[0].findChildren(Button)[-1]
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert not frame.speaker.bars.isVisible()


def test_progress_shows_counts_after_a_while_and_escape_cancels(qtbot: QtBot, frame: MainWindow) -> None:
    progress = Progress()
    frame.context.messages.follow(progress, "Reading handover.xlsx")
    progress.step("Rows", 12800)
    progress.advance(7420)
    [card] = frame.speaker.corner.cards
    assert card.isHidden()
    qtbot.waitUntil(card.isVisible)
    qtbot.waitUntil(lambda: card.counts() == "Rows · 7,420 / 12,800")
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert progress.cancelled
    assert card.counts() == "Cancelling…"
    frame.context.messages.unfollow(progress)
    assert frame.speaker.corner.cards == []
    assert not frame.speaker.corner.isVisible()


def test_short_work_shows_no_card(qtbot: QtBot, frame: MainWindow) -> None:
    progress = Progress()
    frame.context.messages.follow(progress, "Quick")
    qtbot.wait(150)
    frame.context.messages.unfollow(progress)
    assert not frame.speaker.corner.isVisible()


def test_a_question_has_verbs_and_the_safe_one_has_the_focus(qtbot: QtBot, frame: MainWindow) -> None:
    done: list[str] = []
    frame.context.messages.ask(
        "Delete for good?", "This cannot be undone.", "Delete", lambda: done.append("deleted"), danger=True,
        keep="Keep", otherwise=lambda: done.append("kept"),
    )  # fmt: skip
    dialog = frame.findChild(QuestionDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert dialog.focusWidget() is dialog.keep
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert done == ["kept"]


def test_the_verb_does_it(qtbot: QtBot, frame: MainWindow) -> None:
    done: list[str] = []
    frame.context.messages.ask("Import again?", "", "Import", lambda: done.append("imported"))
    dialog = frame.findChild(QuestionDialog)
    assert dialog is not None
    qtbot.mouseClick(dialog.verb, Qt.MouseButton.LeftButton)
    assert done == ["imported"]


def test_a_bug_is_told_calmly_with_details_to_copy(qtbot: QtBot, frame: MainWindow) -> None:
    frame.context.messages.bug("ValueError: <b>x</b>", "Traceback …")
    dialog = frame.findChild(BugDialog)
    assert dialog is not None
    assert not dialog.isModal()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Traceback …"
    assert dialog.copy.words() == "Copied"
    qtbot.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    assert dialog.box.isVisible()
    dialog.close()


@pytest.mark.parametrize(
    ("hours", "problem", "tone"),
    [(0, "", "good"), (24, "", "good"), (25, "", "old"), (1, "disk full", "bad"), (400, "disk full", "bad")],
)
def test_the_tone_of_the_safety_tile(hours: int, problem: str, tone: str) -> None:
    assert tone_of(Safety(NOW, NOW - timedelta(hours=hours), problem), NOW) == tone


def test_a_new_store_without_a_backup_is_no_alarm() -> None:
    assert tone_of(Safety(), NOW) == "good"
    assert lines_of(Safety(), NOW) == ("All saved", "No backup yet")
    assert lines_of(Safety(NOW, NOW, "disk full"), NOW)[1] == "Backup failed"


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "Backup just now"),
        (timedelta(seconds=59), "Backup just now"),
        (timedelta(minutes=1), "Backup 1 min ago"),
        (timedelta(minutes=59), "Backup 59 min ago"),
        (timedelta(minutes=60), "Backup 1 hour ago"),
        (timedelta(hours=47), "Backup 47 hours ago"),
        (timedelta(hours=48), "Backup 2 days ago"),
    ],
)
def test_the_age_of_a_backup_in_words(age: timedelta, words: str) -> None:
    assert age_of(NOW - age, NOW) == words


def test_the_tile_follows_what_is_saved(frame: MainWindow) -> None:
    now = frame.context.clock.now()
    frame.context.safety = lambda: Safety(now, now - timedelta(hours=30))
    frame.context.runner.saved.emit(now)
    assert frame.rail.tile.tone == "old"
    assert frame.rail.tile.lines()[1] == "Backup 30 hours ago"
