"""From the pages to paper by keys: the print dialog, the sheet of a visit, the page of an account; and the figures."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.services.core.desk import Desk
from csdesk.services.visits.commands import AddVisit, RecordVisit, add_visit, record_visit
from csdesk.services.visits.drafting import ConfirmPlan, DraftPlan, confirm_plan, draft_plan
from csdesk.services.visits.printing import Papers
from csdesk.services.visits.queries import week_plan
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.figures_dialog import FiguresDialog
from csdesk.ui.core.print_preview import PrintPreview
from csdesk.ui.core.window import MainWindow
from csdesk.ui.visits.detail import VisitPage
from csdesk.ui.visits.page import VisitsPage
from csdesk.ui.visits.print_dialog import PrintDialog
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, SHIFT, arrived, asked, click, go, listed, press, read, returned, toasts


@pytest.fixture
def week(desk: Desk, seven: dict[str, int]) -> list[int]:
    """Five confirmed visits of this week, the first one done on its day."""
    plan = desk.do(draft_plan, DraftPlan(TODAY, TODAY.replace(day=29))).value
    desk.do(confirm_plan, ConfirmPlan(plan))
    with desk.read() as connection:
        visits = [visit.id for visit in week_plan(connection, TODAY).visits]
    desk.do(record_visit, RecordVisit(visits[0], TODAY, "well", "send the offer"))
    return visits


def board(qtbot: QtBot, window: MainWindow) -> VisitsPage:
    page = go(qtbot, window, VisitsPage, "visits")
    qtbot.waitUntil(lambda: page.view is not None and bool(page.view.visits))
    return page


def pages(qtbot: QtBot) -> PrintPreview:
    """The preview with its pages set."""
    preview = asked(qtbot, PrintPreview)
    qtbot.waitUntil(lambda: preview.document.is_whole)
    return preview


@pytest.mark.parametrize(
    ("key", "papers", "titles"),
    [
        (Qt.Key.Key_1, Papers.WEEK, ["Visit plan, week 48"]),
        (Qt.Key.Key_2, Papers.PACK, ["Visit plan", "Birch"]),
        (Qt.Key.Key_3, Papers.SHEETS, ["Aster", "Birch", "Cedar", "Dill", "Elm"]),
        (Qt.Key.Key_4, Papers.ROUTE, ["Route list"]),
        (Qt.Key.Key_5, Papers.MONTH, ["Visit plan, November 2026"] * 2),
    ],
)
def test_a_digit_and_enter_show_what_is_printed(
    qtbot: QtBot, opening: Opening, week: list[int], key: Qt.Key, papers: Papers, titles: list[str]
) -> None:
    window = opening()
    board(qtbot, window)
    press(qtbot, Qt.Key.Key_P, CTRL)
    dialog = asked(qtbot, PrintDialog)
    press(qtbot, key)
    assert dialog.list.current_key() == papers
    press(qtbot, Qt.Key.Key_Return)
    shown = [report.title for report in pages(qtbot).document.reports]
    assert shown == titles
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)


def test_the_internal_box_is_left_out_by_a_key_and_that_is_remembered(
    qtbot: QtBot, opening: Opening, week: list[int]
) -> None:
    window = opening()
    board(qtbot, window)
    for expected in (True, False):
        press(qtbot, Qt.Key.Key_P, CTRL)
        dialog = asked(qtbot, PrintDialog)
        assert not dialog.internal.isEnabled()
        press(qtbot, Qt.Key.Key_3)
        assert dialog.internal.isEnabled()
        assert dialog.internal.isChecked() is expected
        if expected:
            press(qtbot, Qt.Key.Key_I)
        press(qtbot, Qt.Key.Key_Return)
        preview = pages(qtbot)
        assert not any(section.bottom for report in preview.document.reports for section in report.sections)
        press(qtbot, Qt.Key.Key_Escape)
        returned(qtbot, window)


def test_nothing_to_print_is_said(qtbot: QtBot, opening: Opening, week: list[int]) -> None:
    window = opening()
    page = board(qtbot, window)
    press(qtbot, Qt.Key.Key_BracketRight)
    qtbot.waitUntil(lambda: page.view is not None and not page.view.visits)
    press(qtbot, Qt.Key.Key_P, CTRL)
    asked(qtbot, PrintDialog)
    press(qtbot, Qt.Key.Key_3)
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "No visits are planned in these days." in toasts(window))


def test_a_visit_prints_its_sheet_and_the_customers_copy(qtbot: QtBot, opening: Opening, week: list[int]) -> None:
    window = opening()
    page = go(qtbot, window, VisitPage, "visits", id=week[0])
    qtbot.waitUntil(lambda: page.view is not None)
    for held, boxes in ((CTRL, 1), (CTRL | SHIFT, 0)):
        press(qtbot, Qt.Key.Key_P, held)
        preview = pages(qtbot)
        assert preview.document.title == "Aster"
        assert len(preview.document.leaves) == 1
        assert sum(section.bottom for section in preview.document.reports[0].sections) == boxes
        press(qtbot, Qt.Key.Key_Escape)
        returned(qtbot, window)


def test_an_account_prints_on_one_page(qtbot: QtBot, opening: Opening, seven: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, AccountPage, "accounts", id=seven["Elm"])
    qtbot.waitUntil(lambda: page.view is not None)
    press(qtbot, Qt.Key.Key_P, CTRL)
    preview = pages(qtbot)
    assert (preview.document.title, len(preview.document.leaves)) == ("Elm", 1)
    assert preview.name == "Elm 2026-11-23.pdf"


def test_figures_of_the_days_lead_to_their_rows(qtbot: QtBot, opening: Opening, week: list[int], desk: Desk) -> None:
    window = opening()
    page = board(qtbot, window)
    qtbot.waitUntil(lambda: page.figures.isVisible())
    assert [button.words() for button in page.figures.buttons][:3] == [
        "Execution 1 / 5 (20.0\u00a0%)", "On the day 1 / 5 (20.0\u00a0%)", "Coverage A 1 / 7 (14.3\u00a0%)",
    ]  # fmt: skip
    click(qtbot, page.figures.buttons[2])
    dialog = asked(qtbot, FiguresDialog)
    assert dialog.names.current_key() == "coverage_A"
    qtbot.waitUntil(lambda: listed(dialog.rows.table) == ["Aster"])
    click(qtbot, dialog.rows.filter.chips.chips["base"])
    qtbot.waitUntil(lambda: dialog.rows.table.model_.rowCount() == 7)
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    press(qtbot, Qt.Key.Key_K)
    dialog = asked(qtbot, FiguresDialog)
    assert dialog.names.current_key() == "visit_plan_execution"
    qtbot.waitUntil(lambda: len(dialog.rows.rows) == 1)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    assert arrived(qtbot, window, VisitPage).visit_id == week[0]


def test_a_visit_done_moves_the_figures(qtbot: QtBot, opening: Opening, week: list[int], seven: dict[str, int]) -> None:
    window = opening()
    page = board(qtbot, window)
    qtbot.waitUntil(lambda: page.figures.isVisible())
    added = read(window, week_plan, TODAY).visits[1]
    window.context.runner.do(record_visit, RecordVisit(added.id, TODAY, "early"))
    qtbot.waitUntil(lambda: page.figures.buttons[0].words() == "Execution 2 / 5 (40.0\u00a0%)")
    window.context.runner.do(add_visit, AddVisit(seven["Gorse"], TODAY))
    qtbot.waitUntil(lambda: page.view is not None and len(page.view.visits) == 6)
    assert page.figures.figures["visit_plan_execution"].denominator == 5
