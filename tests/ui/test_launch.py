"""The start: a bare frame first, a store opened behind it, a way out where it cannot be."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from csdesk.app import open_desk
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import channel
from csdesk.services.core.progress import Progress
from csdesk.ui.core.context import Safety
from csdesk.ui.core.instance import Rung
from csdesk.ui.core.recovery import Recovery, Remedy
from csdesk.ui.core.state import State
from csdesk.ui.core.welcome import FirstRun, Welcome
from csdesk.ui.core.window import BARE, MainWindow
from csdesk.ui.launch import Launch, Opened, Shell
from csdesk.ui.tickets.capture import capture
from tests.ui.core.pages import FEATURES, Sheet, Shelf

Opener = Callable[[Progress], Opened]


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Shell]]:
    """Start a shell with an opener of the test's own; ended afterwards."""
    shells: list[Shell] = []

    def begin(opener: Opener, **more: object) -> Shell:
        folders = Folders.under(tmp_path / "data")
        more = {"features": lambda: FEATURES, "language": "en"} | more
        launch = Launch(folders, Clock(date(2026, 11, 23)), opener, **more)  # type: ignore[arg-type]
        shell = Shell(qapp, launch)
        shells.append(shell)
        shell.show()
        return shell

    yield begin
    for shell in shells:
        shell.close()
        shell.window.close()
        shell.window.deleteLater()
    texts.install("en")


def damaged(_progress: Progress) -> Opened:
    """A store that cannot be opened."""
    raise StorageError("The data file is damaged.", "Backups are untouched.", "Restore the newest backup.")


def recovery(qtbot: QtBot, shell: Shell) -> Recovery:
    """What is shown instead of a page, once it is."""
    qtbot.waitUntil(lambda: shell.window.is_furnished)
    qtbot.waitUntil(lambda: isinstance(shell.window.stack.currentWidget(), Recovery))
    shown = shell.window.stack.currentWidget()
    assert isinstance(shown, Recovery)
    return shown


def test_the_frame_is_painted_before_the_store_is_asked_for(qtbot: QtBot, start: Callable[..., Shell]) -> None:
    asked: list[tuple[str, bool]] = []

    def opener(_progress: Progress) -> Opened:
        asked.append((threading.current_thread().name, shell.window.is_furnished))
        raise StorageError("no")

    shell = start(opener)
    assert not shell.window.is_furnished
    with qtbot.waitSignal(shell.window.painted):
        assert asked == []
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [("open-store", True)]


@pytest.mark.parametrize("dark", [False, True])
def test_the_bare_frame_has_the_grounds_of_the_full_one(qtbot: QtBot, dark: bool) -> None:
    state = State(None)
    state.set("theme", "dark" if dark else "light")
    window = MainWindow(state)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    image = window.grab().toImage()
    assert image.pixelColor(100, 400) == QColor(BARE[dark]["sunken"])
    assert image.pixelColor(600, 50) == QColor(BARE[dark]["surface"])
    assert image.pixelColor(600, 400) == QColor(BARE[dark]["window"])


def test_the_grounds_of_the_bare_frame_are_tokens() -> None:
    from csdesk.ui.core.tokens import DARK, LIGHT

    for dark, tokens in ((False, LIGHT), (True, DARK)):
        assert {name: getattr(tokens, name) for name in BARE[dark]} == BARE[dark]


def test_a_store_that_cannot_be_opened_says_what_is_safe_and_offers_ways_out(
    qtbot: QtBot, start: Callable[..., Shell]
) -> None:
    done: list[str] = []
    remedy = Remedy("Restore", "Brings back 10:40.", lambda: done.append("restored"))
    shell = start(damaged, remedies=lambda _error: (remedy,))
    shown = recovery(qtbot, shell)
    words = " ".join(widget.accessibleName() for widget in shown.findChildren(QWidget))
    assert "The data file is damaged." in words
    button = next(widget for widget in shown.findChildren(QWidget) if widget.accessibleName() == "Restore")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == ["restored"]
    qtbot.waitUntil(lambda: shell.window.stack.currentWidget() is not shown)


def test_trying_again_opens_again(qtbot: QtBot, start: Callable[..., Shell]) -> None:
    tries: list[int] = []

    def opener(progress: Progress) -> Opened:
        tries.append(1)
        return damaged(progress)

    shell = start(opener)
    shown = recovery(qtbot, shell)
    qtbot.mouseClick(shown.try_again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(tries) == 2)


def store_at(folder: Path, closed: list[str]) -> Opener:
    """Opens a real store; notes when it is closed."""

    def opener(_progress: Progress) -> Opened:
        desk = open_desk(folder, Clock(date(2026, 11, 23)))

        def close() -> None:
            closed.append("closed")
            desk.close()

        return Opened(desk, Shelf(), Safety, close)

    return opener


class EarlySheet(Sheet):
    """Notes what it was shown before the store was open."""

    def show_early(self, look: object) -> None:
        self.log.append(f"early {look}")


def test_what_was_kept_is_shown_before_the_store_is_open_and_cannot_be_pressed_yet(
    qtbot: QtBot, start: Callable[..., Shell], tmp_path: Path
) -> None:
    asked: list[tuple[str, str]] = []
    seen: list[tuple[object, bool]] = []
    real = store_at(tmp_path / "data", [])

    def look(place: str, language: str) -> str:
        asked.append((place, language))
        return "the day"

    def opener(progress: Progress) -> Opened:
        page = shell.window.stack.currentWidget()
        assert isinstance(page, EarlySheet)
        pressed = page.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        seen.append((list(page.log), pressed))
        return real(progress)

    features = (replace(FEATURES[0], make=EarlySheet), *FEATURES[1:])
    shell = start(opener, first_look=look, features=lambda: features)
    with qtbot.waitSignal(shell.ready):
        assert not asked
    assert asked == [(features[0].key, "en")]
    assert seen == [(["early the day"], True)]
    page = shell.window.pages.page
    assert isinstance(page, EarlySheet)
    assert page.log[:2] == ["early the day", "arrive []"]
    assert not page.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_no_early_look_is_asked_for_where_one_record_comes_first(
    qtbot: QtBot, start: Callable[..., Shell], tmp_path: Path
) -> None:
    asked: list[str] = []
    shell = start(store_at(tmp_path / "data", []), first_look=lambda place, _language: asked.append(place))
    shell.state.set("window.place", {"key": "accounts", "args": {"id": 7}, "view": {}})
    with qtbot.waitSignal(shell.ready):
        assert not asked
    assert asked == [""]


def test_the_page_left_last_is_shown_over_the_store(qtbot: QtBot, start: Callable[..., Shell], tmp_path: Path) -> None:
    closed: list[str] = []
    started: list[object] = []
    shell = start(store_at(tmp_path / "data", closed), started=started.append)
    shell.state.set("window.place", {"key": "accounts", "args": {"id": 7}, "view": {"scrolled": 3}})
    with qtbot.waitSignal(shell.ready):
        assert not started
    assert started == [shell.context]
    page = shell.window.pages.page
    assert isinstance(page, Sheet)
    assert (page.args, page.scrolled) == ({"id": 7}, 3)
    shell.window.close()
    shell.close()
    assert closed == ["closed"]
    kept = State(tmp_path / "data" / "config" / "window.json")
    assert kept.get("window.place")["args"] == {"id": 7}


def test_files_given_at_the_start_are_opened(qtbot: QtBot, start: Callable[..., Shell], tmp_path: Path) -> None:
    shell = start(store_at(tmp_path / "data", []), files=("/tmp/a.xlsx",))
    with qtbot.waitSignal(shell.ready):
        assert shell.context is None
    page = shell.window.pages.page
    assert isinstance(page, Sheet)
    assert page.args == {"files": ["/tmp/a.xlsx"]}


def test_a_second_start_raises_this_window_and_hands_its_files_over(
    qtbot: QtBot, start: Callable[..., Shell], tmp_path: Path
) -> None:
    name = channel(tmp_path)
    shell = start(store_at(tmp_path / "data", []), channel=lambda: name)
    with qtbot.waitSignal(shell.ready):
        assert shell.context is None
    program = "import sys; from csdesk.ui.core.instance import ring; print(ring(sys.argv[1], (sys.argv[2],)))"
    second = subprocess.Popen([sys.executable, "-c", program, name, "/tmp/b.csv"], stdout=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: second.poll() is not None)
    assert second.communicate()[0].strip() == Rung.ANSWERED
    page = shell.window.pages.page
    assert isinstance(page, Sheet)
    assert page.args == {"files": ["/tmp/b.csv"]}


def test_the_language_changes_over_an_open_store(qtbot: QtBot, start: Callable[..., Shell], tmp_path: Path) -> None:
    shell = start(store_at(tmp_path / "data", []))
    with qtbot.waitSignal(shell.ready):
        assert shell.context is None
    context = shell.context
    assert context is not None
    context.go.to("accounts", id=7)
    context.preferences.set_language("zh_CN")
    page = shell.window.pages.page
    assert isinstance(page, Sheet)
    assert page.args == {"id": 7}
    context.runner.do(create_account, NewAccount(AccountFields(name="澄岳精工")))
    qtbot.waitUntil(lambda: len(shell.window.speaker.corner.toasts) == 1)
    assert "refresh" in page.log
    search = context.search
    assert isinstance(search, Shelf)
    assert [changes.entities >= {"accounts"} for changes in search.told] == [True]
    qtbot.waitUntil(lambda: search.loads == 1)


def test_the_dialog_that_waits_speaks_the_language_of_its_window(
    qtbot: QtBot, start: Callable[..., Shell], tmp_path: Path
) -> None:
    shell = start(store_at(tmp_path / "data", []))
    with qtbot.waitSignal(shell.ready):
        assert shell.context is None
    context = shell.context
    assert context is not None
    titles = []
    for language in ("en", "zh_CN"):
        context.preferences.set_language(language)
        qtbot.waitUntil(lambda: context.standby is not None and context.standby.is_ready)
        dialog = capture(context)
        assert dialog.parentWidget() is shell.window
        titles.append(dialog.windowTitle())
        dialog.reject()
    assert titles == ["New ticket", "记需求"]


def test_the_first_run_asks_before_anything_is_opened(
    qtbot: QtBot, start: Callable[..., Shell], tmp_path: Path
) -> None:
    settled: list[Path] = []
    opener = store_at(tmp_path / "data", [])
    first = FirstRun(tmp_path / "data", lambda _folder: "", settled.append)
    shell = start(opener, first_run=first)
    qtbot.waitUntil(lambda: shell.window.is_furnished)
    greeting = shell.window.stack.currentWidget()
    assert isinstance(greeting, Welcome)
    assert not shell.window.rail.isEnabled()
    context = shell.context
    assert context is not None
    greeting.show_step(1)
    context.preferences.set_language("zh_CN")
    greeting = shell.window.stack.currentWidget()
    assert isinstance(greeting, Welcome)
    assert greeting.step == 1
    assert not context.is_open
    with qtbot.waitSignal(shell.ready):
        for _step in range(2):
            greeting.go_on.click()
    assert settled == [tmp_path / "data"]
    assert shell.window.rail.isEnabled()
    assert shell.window.pages.here == "today"


def test_any_other_failure_is_told_too(qtbot: QtBot, start: Callable[..., Shell]) -> None:
    def opener(_progress: Progress) -> Opened:
        raise ValueError("<b>odd</b>")

    shell = start(opener)
    shown = recovery(qtbot, shell)
    assert "could not be opened" in shown.card.accessibleName()


def test_the_language_changes_in_place(qtbot: QtBot, start: Callable[..., Shell]) -> None:
    shell = start(damaged)
    qtbot.waitUntil(lambda: shell.window.is_furnished)
    before = shell.window
    before.setGeometry(40, 30, 1200, 640)
    context = shell.context
    assert context is not None
    context.preferences.set_language("zh_CN")
    assert shell.window is not before
    assert before.isHidden()
    assert shell.window.geometry() == before.geometry()
    assert shell.window.rail.items[1].words() != "Accounts"
    assert QApplication.translate("QPlatformTheme", "Cancel") != "Cancel"
    context.messages.toast("once")
    assert len(shell.window.speaker.corner.toasts) == 1
    assert before.speaker.corner.toasts == []
    context.preferences.set_language("en")
    assert shell.window.rail.items[1].words() == "Accounts"
    assert QLocale().name() != ""


def test_the_first_paint_loads_neither_sqlalchemy_nor_the_pages() -> None:
    program = (
        "import sys\n"
        "import csdesk.ui.launch\n"
        "loaded = [name for name in sys.modules if name.split('.')[0] in ('sqlalchemy', 'openpyxl', 'matplotlib')]\n"
        "pages = [name for name in sys.modules if name.startswith('csdesk.ui.') and name.count('.') > 3]\n"
        "print(loaded, pages, 'csdesk.ui.core.palette' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] [] False"
