"""Files of contracts by button, key, menu and drop: shown beneath their contract, opened, deleted, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.services.contracts.queries import contracts_of
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.window import MainWindow
from tests.ui.accounts.test_detail import at
from tests.ui.conftest import Opening
from tests.ui.hands import SHIFT, ask_menu, carry, choose, click, press, read, rows, undo_by_toast


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "contract.pdf"
    path.write_bytes(b"%PDF signed")
    return path


@pytest.fixture
def amber(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> tuple[MainWindow, AccountPage, int]:
    """The contracts of Amber, with the keyboard."""
    window = opening()
    page = at(qtbot, window, six["Amber"], "Amber")
    page.lists["contracts"].setFocus()
    (contract,) = read(window, contracts_of, six["Amber"])
    return window, page, contract.id


Open = tuple[MainWindow, AccountPage, int]


def files(page: AccountPage) -> list[str]:
    return [line.title.strip() for line in page.lists["contracts"].lines if line.key[0] == "file"]  # type: ignore[index]


def test_a_file_is_attached_by_key_and_by_button(
    qtbot: QtBot, amber: Open, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, page, _contract = amber
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: asked.append("asked") or ([str(paper)], ""))
    press(qtbot, Qt.Key.Key_F, SHIFT)
    qtbot.waitUntil(lambda: files(page) == ["contract.pdf"])
    click(qtbot, page.contract_verbs.attach)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert undo_by_toast(qtbot, window).startswith("Files attached")
    qtbot.waitUntil(lambda: files(page) == [])


def test_a_file_is_let_go_over_its_contract(qtbot: QtBot, amber: Open, paper: Path) -> None:
    _window, page, contract = amber
    view = page.lists["contracts"]
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(paper))])
    assert carry(view.viewport(), data, view.visualRect(view.currentIndex()).center())
    qtbot.waitUntil(lambda: files(page) == ["contract.pdf"])
    assert [line.key[-1] for line in view.lines if line.key[0] == "file"] == [contract]  # type: ignore[index]


def test_it_is_opened_and_deleted_from_its_line(
    qtbot: QtBot, amber: Open, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, page, _contract = amber
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(paper)], ""))
    ask_menu(page.lists["contracts"])
    choose(qtbot, "Attach files…")
    qtbot.waitUntil(lambda: files(page) == ["contract.pdf"])
    view = page.lists["contracts"]
    place = next(row for row, line in enumerate(view.lines) if line.key[0] == "file")  # type: ignore[index]
    index = view.model().index(place, 0)
    click(qtbot, view.viewport(), view.visualRect(index).center())
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).topLeft() + QPoint(40, 8))
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert opened[0].fileName() == "contract.pdf"
    ask_menu(view)
    choose(qtbot, "Delete")
    qtbot.waitUntil(lambda: files(page) == [])
    assert undo_by_toast(qtbot, window).startswith("Attachments deleted")
    qtbot.waitUntil(lambda: files(page) == ["contract.pdf"])
    assert len(rows(view)) == 2
