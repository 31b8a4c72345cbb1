"""The list of imports by hand: sorted, narrowed, searched, copied; one is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.models.handover import Import
from csdesk.models.vocabulary import N_
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.core.columns import Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.ui.handover.imports import ImportsPage
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.handover.taking_back import TakeBackDialog
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.handover.conftest import GOOD, workbook
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    asked,
    button,
    click,
    drop_files,
    go,
    labels,
    press,
    read,
    returned,
    rows,
)  # fmt: skip


@command(N_("Change"))
def file_imports(uow: UnitOfWork, names: tuple[str, ...]) -> None:
    """Imports of these files, each with one new row more than the one before."""
    for number, name in enumerate(names):
        counts = {"rows": {"new": number, "updated": 1, "same": 0, "refused": 2}}
        uow.add(Import(file_name=name, sha256=f"abc{number}", size=1_000, imported_at=uow.now, counts=counts))


@pytest.fixture
def filed(desk: Desk) -> None:
    """Three imports."""
    desk.do(file_imports, ("b.xlsx", "a.xlsx", "<b>c</b>.csv"))


def shown(page: ImportsPage, key: str = "file_name") -> list[str]:
    """What a column says, from top to bottom."""
    model = page.table.model_
    return [model.text(row, model.column_of(key)) for row in range(model.rowCount())]


def test_without_an_import_the_page_says_what_to_do(qtbot: QtBot, opening: Opening) -> None:
    page = go(qtbot, opening(), ImportsPage, "imports")
    qtbot.waitUntil(lambda: any(label.text() == "Nothing was imported yet" for label in labels(page)))


def test_it_sorts_filters_searches_and_copies(qtbot: QtBot, opening: Opening, filed: None) -> None:
    page = go(qtbot, opening(), ImportsPage, "imports")
    qtbot.waitUntil(lambda: len(shown(page)) == 3 and page.table.hasFocus())
    page.table.sort_by("file_name")
    qtbot.waitUntil(lambda: shown(page) == ["<b>c</b>.csv", "a.xlsx", "b.xlsx"])
    page.table.sort_by("new", True)
    qtbot.waitUntil(lambda: shown(page) == ["<b>c</b>.csv", "a.xlsx", "b.xlsx"])
    assert shown(page, "new") == ["2", "1", "0"]
    assert shown(page, "state") == ["Taken in"] * 3
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_C, CTRL | SHIFT)
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert lines[0][0] == "File"
    assert [line[0] for line in lines[1:]] == ["<b>c</b>.csv", "a.xlsx", "b.xlsx"]
    page.filter.choose("back")
    qtbot.waitUntil(lambda: shown(page) == [])
    page.filter.clear_all()
    page.focus_filter()
    qtbot.keyClicks(page.filter.words, "xls")
    qtbot.waitUntil(lambda: shown(page) == ["a.xlsx", "b.xlsx"])
    again = go(qtbot, opening(), ImportsPage, "imports")
    qtbot.waitUntil(lambda: shown(again) == ["a.xlsx", "b.xlsx"])


def test_an_import_is_taken_back_from_the_list(qtbot: QtBot, opening: Opening, tmp_path: Path) -> None:
    window = opening()
    assert drop_files(window, workbook(tmp_path / "good.xlsx", *GOOD))
    start = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: start._stack.currentWidget() is start.review and start.review.list.hasFocus())
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: rows(start.imports) == ["good.xlsx"] and start._stack.currentWidget() is start.result)
    press(qtbot, Qt.Key.Key_Escape)
    click(qtbot, button(start, "As a list"))
    page = arrived(qtbot, window, ImportsPage)
    qtbot.waitUntil(lambda: shown(page, "new") == ["2"] and page.table.hasFocus())
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: start._stack.currentWidget() is start.result and window.pages.page is start)
    click(qtbot, start.result.back_button)
    click(qtbot, asked(qtbot, TakeBackDialog).verb)
    window.context.go.to("imports")
    qtbot.waitUntil(lambda: shown(page, "state") == ["Taken back"])
    returned(qtbot, window)
    assert read(window, ACCOUNTS.ids, Query(), TODAY) == []


def test_space_looks_at_the_account_of_a_handover_that_waits(qtbot: QtBot, opening: Opening, tmp_path: Path) -> None:
    window = opening()
    assert drop_files(window, workbook(tmp_path / "good.xlsx", *GOOD))
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.review and page.review.list.hasFocus())
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: rows(page.handovers) == ["Northwind Tools", "Harbour Lights"])
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.result)
    press(qtbot, Qt.Key.Key_Escape)
    page.handovers.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.peek.isVisible() and page.peek.name.text() == "Northwind Tools")
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.peek.name.text() == "Harbour Lights")
    press(qtbot, Qt.Key.Key_Escape)
    assert not page.peek.isVisible()
    assert page.handovers.hasFocus()
