"""What a file says is text: on no page does it become markup, a picture, a formula, a mnemonic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Fate
from csdesk.services.accounts.queries import ACCOUNTS, names_of
from csdesk.services.core.columns import Query
from csdesk.services.core.progress import Progress
from csdesk.services.handover.reviewing import commit, open_review
from csdesk.services.visits.drafting import DraftPlan, draft_plan
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core import theme
from csdesk.ui.core.window import MainWindow
from csdesk.ui.features import FEATURES
from csdesk.ui.handover.page import HandoverPage
from tests.conftest import TODAY, desk_over
from tests.ui.conftest import Opening, window_over
from tests.ui.handover.conftest import BOLD, HOSTILE, PICTURE, REVERSED, SUM, workbook
from tests.ui.hands import arrived, drop_files, read
from tests.ui.walkers import check_plain_tips, shown, walk_to

TURNED = REVERSED.replace("\u202e", "")
"""What turns the direction of writing is taken out when a file is read."""

NAMES = {BOLD, PICTURE, SUM, TURNED}


MOST_COLUMNS = 40


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """The workbook with the hostile rows."""
    return workbook(tmp_path / "h.xlsx", *HOSTILE)


@pytest.fixture(scope="module")
def taken_in(
    qapp: QApplication, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[MainWindow, dict[str, int]]]:
    """One window over a store that took the workbook in, with a drafted week; its accounts by name."""
    theme.apply(qapp, "light", 100)
    folder = tmp_path_factory.mktemp("hostile")
    with desk_over(template, folder / "data") as desk:
        commit(desk, open_review(desk, workbook(folder / "h.xlsx", *HOSTILE), Progress()), Progress())
        desk.do(draft_plan, DraftPlan(TODAY, TODAY.replace(day=29)))
        with desk.read() as connection:
            names = names_of(connection, list(ACCOUNTS.ids(connection, Query(), TODAY)))
        with window_over(desk) as window:
            yield window, {name: record for record, name in names.items()}


def said(root: QWidget) -> str:
    """All that is to be read on a page: labels, lists, names for screen readers."""
    texts = [label.text() for label in root.findChildren(QLabel) if label.isVisible()]
    texts += [widget.accessibleName() for widget in shown(root)]
    for view in root.findChildren(QAbstractItemView):
        model = view.model()
        if view.isVisible() and model is not None:
            for row in range(model.rowCount(QModelIndex())):
                cells = [model.index(row, column) for column in range(MOST_COLUMNS)]
                texts += [str(cell.data(Qt.ItemDataRole.DisplayRole)) for cell in cells if cell.isValid()]
    return "\n".join(texts)


def check_plain(root: QWidget) -> None:
    """No label would take its text for markup."""
    rich = [label.text() for label in root.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    assert not [text for text in rich if text], rich
    check_plain_tips(root)


def test_the_review_shows_the_cells_as_they_are(qtbot: QtBot, opening: Opening, sheet: Path) -> None:
    window = opening()
    assert drop_files(window, sheet)
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page.review)
    assert page.review.review.report.rows[Fate.NEW] == len(HOSTILE)
    assert [line.title for line in page.review.list.lines] == [BOLD, PICTURE, SUM, TURNED]
    for line in page.review.list.lines:
        page.review.list.choose(line.key)
        assert page.review.panel.accessibleName() == line.title
        check_plain(window)


@pytest.mark.parametrize("key", [feature.key for feature in FEATURES])
def test_every_page_shows_them_as_text(light: None, taken_in: tuple[MainWindow, dict[str, int]], key: str) -> None:
    window, records = taken_in
    assert set(records) == NAMES
    page = walk_to(window, key)
    check_plain(window)
    if key in ("today", "accounts", "visits", "handover"):
        found = said(page)
        assert [name for name in NAMES if name not in found] == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_account_page_shows_its_name_as_text(
    light: None, taken_in: tuple[MainWindow, dict[str, int]], name: str
) -> None:
    window, records = taken_in
    page = walk_to(window, "accounts", id=records[name])
    assert isinstance(page, AccountPage)
    assert page.header.name.text() == name
    for tab in page.lists:
        page.tabs.choose(tab)
        page._show_tab(tab)
        check_plain(window)
    assert window.top.trail.texts()[-1] == name
    assert name in window.windowTitle()


def test_the_clipboard_escapes_them(light: None, taken_in: tuple[MainWindow, dict[str, int]]) -> None:
    window, records = taken_in
    table = walk_to(window, "accounts").table  # type: ignore[attr-defined]
    table.tick_all()
    table.copy()
    data = QApplication.clipboard().mimeData()
    assert BOLD in data.text()
    assert BOLD not in data.html()
    assert PICTURE not in data.html()
    assert read(window, names_of, [records[BOLD]]) == {records[BOLD]: BOLD}
