"""The figures of requirements by hand: periods, filters, charts, the rows behind each number, files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.services.core.desk import Desk
from csdesk.services.kpi.comparing import is_few
from csdesk.services.kpi.figures import requirement_view
from csdesk.services.kpi.requirements import RequirementView
from csdesk.services.kpi.rules import Period
from csdesk.services.kpi.stages import Cut
from csdesk.services.kpi.wording import short_text
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.chart_card import ChartCard
from csdesk.ui.core.figures_dialog import FiguresDialog
from csdesk.ui.core.print_preview import PrintPreview
from csdesk.ui.core.window import MainWindow
from csdesk.ui.tickets.figures import RequirementFiguresPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, SHIFT, arrived, asked, check_told, click, go, listed, press, returned, toasts

ALT = Qt.KeyboardModifier.AltModifier
QUARTER = Period(date(2026, 10, 1), date(2026, 12, 31))


def known(desk: Desk, cut: Cut = Cut(), period: Period = QUARTER) -> RequirementView:
    with desk.read() as connection:
        return requirement_view(connection, period, TODAY, cut)


def shown(qtbot: QtBot, window: MainWindow) -> RequirementFiguresPage:
    """The page with its charts drawn."""
    page = go(qtbot, window, RequirementFiguresPage, "requirement_figures")
    qtbot.waitUntil(lambda: page.view is not None and all(drawn(card) for card in page.charts.values()))
    return page


def drawn(card: ChartCard) -> bool:
    return card.drawing is None or (card.chart.picture is not None and not card.chart.is_behind)


def test_without_a_ticket_the_page_says_what_to_do_first(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    page = go(qtbot, window, RequirementFiguresPage, "requirement_figures")
    qtbot.waitUntil(lambda: page.view is not None)
    check_told(page, "No customer has asked for anything yet")
    press(qtbot, Qt.Key.Key_K)
    assert not window.findChildren(FiguresDialog)


def test_tiles_and_charts_say_what_was_counted(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    wanted = known(demo).figures
    assert page.tiles["open_tickets"].value == str(wanted["open_tickets"].numerator)
    answered = page.tiles["answered_in_time"]
    told = answered.value if is_few(wanted["answered_in_time"]) else answered.below
    assert told.startswith(f"{wanted['answered_in_time'].numerator} / {wanted['answered_in_time'].denominator}")
    assert page.tiles["open_tickets"].accessibleName().startswith("Open tickets: ")
    told = [spot.told for spot in page.charts["states"].chart.picture.spots]  # type: ignore[union-attr]
    assert told[0] == f"Captured: {wanted['open_captured'].numerator} tickets"
    assert len(told) == 7
    months = [spot.told for spot in page.charts["months"].chart.picture.spots]  # type: ignore[union-attr]
    assert months[-1] == f"November 2026: {short_text(known(demo).months[-1][1])}"
    assert len(page.charts["top"].chart.picture.spots) == len(known(demo).top)  # type: ignore[union-attr]


def test_keys_turn_to_other_days_and_they_are_remembered(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    check_told(page, "Quarter 4 of 2026")
    press(qtbot, Qt.Key.Key_BracketLeft)
    third = known(demo, period=Period(date(2026, 7, 1), date(2026, 9, 30)))
    qtbot.waitUntil(lambda: page.view is not None and page.view.figures == third.figures)
    check_told(page, "Quarter 3 of 2026")
    press(qtbot, Qt.Key.Key_1, ALT)
    qtbot.waitUntil(lambda: page.view is not None and page.view.period == Period(date(2026, 7, 1), date(2026, 7, 31)))
    assert page.lengths.current() == "month"
    back = arrived(qtbot, opening(), RequirementFiguresPage)
    qtbot.waitUntil(lambda: back.view is not None and back.view.period.start == date(2026, 7, 1))
    press(qtbot, Qt.Key.Key_0)
    qtbot.waitUntil(lambda: back.view is not None and back.view.period.start == date(2026, 11, 1))
    press(qtbot, Qt.Key.Key_3, ALT)
    qtbot.waitUntil(lambda: back.view is not None and back.view.period == Period(date(2026, 1, 1), date(2026, 12, 31)))


def test_a_tile_leads_to_its_rows_and_a_row_to_the_account(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    click(qtbot, page.tiles["told_in_time"])
    dialog = asked(qtbot, FiguresDialog)
    assert dialog.names.current_key() == "told_in_time"
    wanted = known(demo).figures["told_in_time"]
    qtbot.waitUntil(lambda: len(dialog.rows.list.entries) > 0)
    click(qtbot, dialog.rows.filter.chips.chips["base"])
    qtbot.waitUntil(lambda: len(dialog.rows.rows) == wanted.denominator)
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    press(qtbot, Qt.Key.Key_K)
    dialog = asked(qtbot, FiguresDialog)
    dialog.names.choose("arr_behind_open")
    richest = known(demo).figures["arr_behind_open"].counted[0]
    qtbot.waitUntil(lambda: dialog.rows.rows[:1] == [richest])
    dialog.rows.focus_list()
    press(qtbot, Qt.Key.Key_Return)
    assert arrived(qtbot, window, AccountPage).account_id == richest.account_id


def test_a_chart_is_walked_by_keys_and_pressed(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    chart = page.charts["days"].chart
    chart.setFocus()
    press(qtbot, Qt.Key.Key_Right)
    assert chart.accessibleDescription().startswith("Sent to answered: ")
    press(qtbot, Qt.Key.Key_Return)
    dialog = asked(qtbot, FiguresDialog)
    assert dialog.names.current_key() == "days_to_answer"
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    months = page.charts["months"].chart
    assert months.picture is not None
    spot = months.picture.spots[-2]
    x, y = (spot.left + spot.right) / 2 * months.width(), (spot.top + spot.bottom) / 2 * months.height()
    page.area.ensureWidgetVisible(months)
    click(qtbot, months, QPoint(round(x), round(y)))
    dialog = asked(qtbot, FiguresDialog)
    assert list(dialog.figures) == ["answered_in_time"]
    assert dialog.figures["answered_in_time"] == known(demo).months[-2][1]


def test_a_module_a_tier_and_an_account_narrow_the_page(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    module = known(demo).modules[-1]
    page.modules.setFocus()
    page.modules.setCurrentIndex(page.modules.findData(module))
    qtbot.waitUntil(lambda: page.view is not None and page.view.cut == Cut(module=module))
    assert page.view is not None
    assert page.view.figures == known(demo, Cut(module=module)).figures
    page.groups.choose("account")
    qtbot.waitUntil(lambda: len(listed(page.groups.table, "name")) == len(page.groups.list.lines) > 0)
    page.groups.table.setFocus()
    name = listed(page.groups.table, "name")[0]
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.view is not None and page.view.account == name)
    page.clear_filters()
    qtbot.waitUntil(lambda: page.view is not None and page.view.cut == Cut())
    assert page.modules.currentIndex() == 0


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_everything_is_exported(
    qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    window = opening()
    shown(qtbot, window)
    target = tmp_path / f"out.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), f"x (*.{ending})"))
    press(qtbot, Qt.Key.Key_E, CTRL | SHIFT)
    qtbot.waitUntil(lambda: any(f"Saved: out.{ending}" in text for text in toasts(window)))
    count = known(demo).figures["open_tickets"].numerator
    if ending == "xlsx":
        assert openpyxl.load_workbook(target)["Requirement figures"].cell(2, 2).value == count
    else:
        assert target.read_text(encoding="utf-8-sig").splitlines()[1].startswith(f"Open tickets,{count},")


def test_a_chart_is_copied_and_saved(
    qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opening()
    page = shown(qtbot, window)
    QApplication.clipboard().clear()
    click(qtbot, page.charts["states"].copy)
    qtbot.waitUntil(lambda: not QApplication.clipboard().image().isNull())
    target = tmp_path / "months.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), "x (*.csv)"))
    page.area.ensureWidgetVisible(page.charts["months"].save)
    click(qtbot, page.charts["months"].save)
    qtbot.waitUntil(target.exists)
    assert target.read_text(encoding="utf-8-sig").startswith("Month,")


def test_it_fits_a_small_window(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    window.resize(1000, 600)
    qtbot.waitUntil(lambda: page.tiles["moves_per_day"].y() > page.tiles["open_tickets"].y())
    assert page.area.widget().width() <= page.area.viewport().width()
    assert all(tile.width() >= 100 for tile in page.tiles.values())


def test_the_groups_sort_by_every_column(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    page.groups.choose("account")
    table = page.groups.table
    qtbot.waitUntil(lambda: table.model_.rowCount() == len(known(demo).groups["account"]))
    counts = [int(words) for words in listed(table, "open_tickets")]
    assert counts == sorted(counts, reverse=True)
    page.area.ensureWidgetVisible(page.groups)
    for column in table.listing.columns:
        place = table.model_.column_of(column.key)
        click(qtbot, table.head.viewport(), QPoint(table.head.sectionViewportPosition(place) + 12, 10))
        qtbot.waitUntil(lambda key=column.key: table.query.sort == key)  # type: ignore[misc]
        rows_there = table.model_.rowCount()
        assert rows_there == len(page.groups.list.lines)
    name = table.model_.column_of("name")
    click(qtbot, table.head.viewport(), QPoint(table.head.sectionViewportPosition(name) + 12, 10))
    qtbot.waitUntil(lambda: listed(table, "name") == sorted(listed(table, "name")))


def test_the_figures_print_on_pages(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    shown(qtbot, window)
    press(qtbot, Qt.Key.Key_P, CTRL)
    preview = asked(qtbot, PrintPreview)
    qtbot.waitUntil(lambda: preview.document.is_whole)
    assert preview.document.title.startswith("Requirement figures, Quarter 4 of 2026")
    headings = [section.heading for section in preview.document.reports[0].sections]
    assert {"Figures", "Top demands by ARR", "By module", "By account", "Rows behind the figures"} <= set(headings)
