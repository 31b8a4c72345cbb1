"""Backups, the way back, the check and the archive, from the settings page."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.columns import Query
from csdesk.services.files.backups import list_backups
from csdesk.services.settings.queries import setting
from csdesk.ui.core.dialogs import QuestionDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.settings.data import DataSection, holds, size_text
from csdesk.ui.settings.page import SettingsPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import asked, button, click, go, press, read, rows, toasts

Shown = tuple[MainWindow, DataSection]


@pytest.fixture
def shown(qtbot: QtBot, opening: Opening) -> Shown:
    window = opening()
    page = go(qtbot, window, SettingsPage, "settings", section="data")
    section = page.section
    assert isinstance(section, DataSection)
    qtbot.waitUntil(section.empty.isVisible)
    return window, section


def add_account(qtbot: QtBot, window: MainWindow, name: str) -> None:
    done: list[object] = []
    window.context.runner.do(create_account, NewAccount(AccountFields(name=name)), then=done.append)
    qtbot.waitUntil(lambda: bool(done))


def names(window: MainWindow) -> set[str]:
    def all_names(connection: Connection) -> set[str]:
        ids = ACCOUNTS.ids(connection, Query(), TODAY)
        place = [column.key for column in ACCOUNTS.columns].index("name")
        return {row[place] for row in ACCOUNTS.rows(connection, ids).values()}

    found: set[str] = read(window, all_names)
    return found


def back_up(qtbot: QtBot, section: DataSection) -> None:
    before = len(section.list.lines)
    click(qtbot, section.back_up)
    qtbot.waitUntil(lambda: len(section.list.lines) == before + 1)


def test_a_backup_is_made_now_and_shown_as_verified(qtbot: QtBot, shown: Shown) -> None:
    window, section = shown
    add_account(qtbot, window, "Northwind")
    back_up(qtbot, section)
    assert rows(section.list) == ["By hand"]
    badge = section.list.lines[0].right_badge
    assert badge is not None
    assert (badge.text, badge.tone) == ("verified", "ok")
    assert "1 accounts" in section.list.lines[0].note
    safety = section.keeping.keeper.safety
    assert safety.backup_at is not None
    click(qtbot, section.back_up)
    qtbot.waitUntil(lambda: any("Nothing changed" in text for text in toasts(window)))
    assert len(list_backups(section.keeping.folders.backups)) == 1


def test_a_restore_asks_works_and_can_be_taken_back(qtbot: QtBot, shown: Shown) -> None:
    window, section = shown
    add_account(qtbot, window, "Northwind")
    back_up(qtbot, section)
    add_account(qtbot, window, "Contoso")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    section.list.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    question = asked(qtbot, QuestionDialog)
    assert question.keep.hasFocus()
    click(qtbot, question.verb)
    qtbot.waitUntil(lambda: names(window) == {"Northwind"})
    qtbot.waitUntil(lambda: any("The backup is back" in text for text in window.speaker.bars.texts()))
    assert section.keeping.keeper.paused
    click(qtbot, button(window.speaker.bars, "Back to what I had"))
    qtbot.waitUntil(lambda: names(window) == {"Northwind", "Contoso"})
    qtbot.waitUntil(lambda: any("2 accounts" in text for text in window.speaker.bars.texts()))
    click(qtbot, button(window.speaker.bars, "It is right"))
    qtbot.waitUntil(lambda: not section.keeping.keeper.paused)
    assert window.speaker.bars.texts() == []
    add_account(qtbot, window, "Fabrikam")
    assert names(window) == {"Northwind", "Contoso", "Fabrikam"}


def test_what_is_no_backup_is_refused_and_nothing_changes(qtbot: QtBot, shown: Shown, tmp_path: Path) -> None:
    window, section = shown
    add_account(qtbot, window, "Northwind")
    other = tmp_path / "other.db"
    other.write_text("a letter")
    section.keeping.restore(other)
    qtbot.waitUntil(lambda: bool(window.speaker.bars.texts()))
    assert "other.db" in window.speaker.bars.texts()[0]
    assert names(window) == {"Northwind"}
    assert not section.keeping.keeper.paused


def test_the_check_answers_in_a_sentence(qtbot: QtBot, shown: Shown) -> None:
    window, section = shown
    add_account(qtbot, window, "Northwind")
    back_up(qtbot, section)
    click(qtbot, section.check)
    qtbot.waitUntil(lambda: section.health.text().startswith("All is well"))
    backup = section.keeping.folders.backups / str(section.list.lines[0].key)
    backup.write_bytes(backup.read_bytes()[:-4096])
    click(qtbot, section.check)
    qtbot.waitUntil(lambda: section.health.text().startswith("1 thing"))
    assert backup.name in section.health.text()


def test_a_second_folder_gets_the_backup_at_once(
    qtbot: QtBot, shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, section = shown
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "stick"))
    click(qtbot, section.choose_second)
    qtbot.waitUntil(lambda: section.second.text() == str(tmp_path / "stick"))
    qtbot.waitUntil(lambda: len(section.list.lines) == 1)
    assert [backup.path.name for backup in list_backups(tmp_path / "stick")] == [section.list.lines[0].key]
    click(qtbot, section.no_second)
    qtbot.waitUntil(lambda: read(window, setting, "backup.second_folder") == "")


def test_everything_is_exported_and_taken_in_again(
    qtbot: QtBot, shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, section = shown
    add_account(qtbot, window, "Northwind")
    for verb, suffix in ((section.export_json, ".json"), (section.export_xlsx, ".xlsx")):
        target = tmp_path / f"all{suffix}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, chosen=target: (str(chosen), ""))
        click(qtbot, verb)
        said = f"Exported to {target.name}"
        qtbot.waitUntil(partial(lambda text: text in toasts(window), said))
        assert target.stat().st_size > 0
    archive = tmp_path / "all.json"
    assert [account["name"] for account in json.loads(archive.read_text("utf-8"))["accounts"]] == ["Northwind"]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(archive), ""))
    click(qtbot, section.take_in)
    qtbot.waitUntil(lambda: section.archived.text().startswith("all.json: 0 new, 0 updated"))
    archive.write_text("{}", "utf-8")
    click(qtbot, section.take_in)
    qtbot.waitUntil(lambda: any("all.json" in text for text in window.speaker.bars.texts()))
    assert names(window) == {"Northwind"}


def test_sizes_and_contents_in_words() -> None:
    assert [size_text(size) for size in (1, 238_000, 1_400_000)] == ["1 KB", "238 KB", "1.4 MB"]
    assert holds({}) == ""
    assert holds({"accounts": 1200, "visits": 3}) == "1,200 accounts, 0 contacts, 3 visits"
