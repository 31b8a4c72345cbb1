"""The dashboard by hand: tiles, periods, filters, charts, the rows behind every number, files, what is remembered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Tier
from csdesk.services.core.desk import Desk
from csdesk.services.kpi.comparing import is_met
from csdesk.services.kpi.dashboard import Dashboard, Wish, dashboard
from csdesk.services.kpi.figures import FIGURES
from csdesk.services.kpi.rules import Period
from csdesk.services.kpi.scope import Scope
from csdesk.services.kpi.wording import value_text
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.chart_card import ChartCard
from csdesk.ui.core.figures_dialog import FiguresDialog
from csdesk.ui.core.print_preview import PrintPreview
from csdesk.ui.core.window import MainWindow
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.kpi.arranging import ArrangeDialog
from csdesk.ui.kpi.layout import CHARTS, TILES
from csdesk.ui.kpi.page import DashboardPage
from csdesk.ui.kpi.telling import target_and_change
from tests.conftest import TODAY
from tests.services.kpi.test_foreign_and_narrowed import BOTH, make
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    asked,
    button,
    check_told,
    choose,
    click,
    listed,
    on_paper,
    press,
    returned,
    rows,
    toasts,
    write,
)

ALT = Qt.KeyboardModifier.AltModifier
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


def known(desk: Desk, wish: Wish = Wish(OCTOBER, charts=tuple(CHARTS))) -> Dashboard:
    with desk.read() as connection:
        return dashboard(connection, wish, TODAY)


def drawn(card: ChartCard) -> bool:
    return card.drawing is None or (card.chart.picture is not None and not card.chart.is_behind)


def shown(qtbot: QtBot, window: MainWindow) -> DashboardPage:
    """The page by its key, with its charts drawn."""
    press(qtbot, Qt.Key.Key_7, CTRL)
    page = arrived(qtbot, window, DashboardPage)
    qtbot.waitUntil(lambda: page.view is not None and all(drawn(card) for card in page.charts.values()))
    return page


def settled(qtbot: QtBot, page: DashboardPage, wish: Period) -> None:
    qtbot.waitUntil(lambda: page.view is not None and page.view.wish.period == wish)


def test_without_a_contract_the_page_says_what_to_do_first(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    page = shown(qtbot, window)
    check_told(page, "No contract yet")
    press(qtbot, Qt.Key.Key_K)
    assert not window.findChildren(FiguresDialog)
    click(qtbot, button(page, "Import a handover workbook"))
    arrived(qtbot, window, HandoverPage)


def test_tiles_say_value_counts_and_change(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    page = shown(qtbot, opening())
    wanted = known(demo)
    assert list(page.tiles) == list(TILES)
    lost = wanted.figures["logo_churn_rate"]
    tile = page.tiles["logo_churn_rate"]
    assert tile.said.counts == f"{lost.numerator} / {lost.denominator}"
    assert tile.accessibleName() == f"Logo churn rate: {tile.said.value}"
    renewals = wanted.figures["renewal_rate"]
    assert (renewals.denominator or 0) < 10
    assert page.tiles["renewal_rate"].said.value == f"{renewals.numerator} / {renewals.denominator}"
    assert page.tiles["renewal_rate"].said.counts.endswith("%")
    assert tile.said.met is is_met(lost)
    assert tile.said.target == "target \u2264 1.5\u00a0%"
    check_told(page, "October 2026")
    check_told(page, "compared with September 2026")
    qtbot.waitUntil(lambda: len(tile.spark) == 8)
    assert tile.spark[-1] == pytest.approx(float(lost.value or 0))


def test_arrows_go_from_tile_to_tile_and_enter_opens_the_rows(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    page.tiles["logo_churn_rate"].setFocus()
    press(qtbot, Qt.Key.Key_Left)
    assert page.tiles[TILES[-1]].hasFocus()
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Return)
    dialog = asked(qtbot, FiguresDialog)
    assert dialog.names.current_key() == "gross_revenue_retention"
    assert len(rows(dialog.names)) == len(FIGURES)
    target, change = target_and_change(known(demo), "gross_revenue_retention")
    check_told(dialog, f"who was lost counts nothing\n{target} \u00b7 {change}")
    qtbot.waitUntil(lambda: dialog.rows.list.entries != ())
    click(qtbot, dialog.rows.filter.chips.chips["base"])
    dialog.names.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    base = known(demo).figures["net_revenue_retention"].base
    qtbot.waitUntil(lambda: dialog.rows.rows == list(base))
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return)
    assert arrived(qtbot, window, AccountPage).account_id == base[0].account_id


def test_figures_in_several_currencies_are_told_whole(qtbot: QtBot, opening: Opening, desk: Desk) -> None:
    desk.do(make, BOTH)
    window = opening()
    page = shown(qtbot, window)
    settled(qtbot, page, OCTOBER)
    press(qtbot, Qt.Key.Key_K)
    dialog = asked(qtbot, FiguresDialog)
    line = next(one for one in dialog.names.lines if one.key == "gross_revenue_retention")
    assert (line.second, line.right) == ("CNY 0.0\u00a0% \u00b7 USD 62.5\u00a0%", "")


def test_the_rows_are_copied_and_exported(
    qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opening()
    shown(qtbot, window)
    press(qtbot, Qt.Key.Key_K)
    dialog = asked(qtbot, FiguresDialog)
    figure = known(demo).figures["logo_churn_rate"]
    qtbot.waitUntil(lambda: len(dialog.rows.list.entries) >= len(figure.base) > 0)
    click(qtbot, dialog.rows.filter.chips.chips["base"])
    qtbot.waitUntil(lambda: dialog.rows.rows == list(figure.base))
    press(qtbot, Qt.Key.Key_C, CTRL | SHIFT)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Account\t")
    assert len(lines) == 1 + len(figure.base)
    few = tmp_path / "few.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(few), "x (*.xlsx)"))
    press(qtbot, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: any(f"{len(figure.base)} rows to few.xlsx" in text for text in toasts(window)))
    assert openpyxl.load_workbook(few).worksheets[0].max_row == 1 + len(figure.base)
    target = tmp_path / "rows.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), "x (*.xlsx)"))
    click(qtbot, dialog.export)
    qtbot.waitUntil(lambda: any("Saved: rows.xlsx" in text for text in toasts(window)))
    assert openpyxl.load_workbook(target).sheetnames == ["Figures", "Rows"]


def test_the_rows_are_sorted_searched_and_narrowed(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    shown(qtbot, opening())
    press(qtbot, Qt.Key.Key_K)
    dialog = asked(qtbot, FiguresDialog)
    qtbot.waitUntil(lambda: bool(dialog.rows.list.entries))
    first = dialog.rows.list
    dialog.names.choose("gross_revenue_retention")
    base = known(demo).figures["gross_revenue_retention"].base
    qtbot.waitUntil(lambda: dialog.rows.list is not first)
    click(qtbot, dialog.rows.filter.chips.chips["base"])
    qtbot.waitUntil(lambda: dialog.rows.rows == list(base))
    table = dialog.rows.table
    head, place = table.head, table.model_.column_of("cents")
    at = QPoint(head.sectionViewportPosition(place) + 20, 10)
    click(qtbot, head.viewport(), at)
    smallest_first = sorted(row.cents or 0 for row in base)
    qtbot.waitUntil(lambda: [row.cents for row in dialog.rows.rows] == smallest_first)
    click(qtbot, head.viewport(), at)
    qtbot.waitUntil(lambda: [row.cents for row in dialog.rows.rows] == smallest_first[::-1])
    check_told(dialog, f"{len(base)} rows")
    table.setFocus()
    press(qtbot, Qt.Key.Key_Slash)
    name = base[3].account
    write(name)
    qtbot.waitUntil(lambda: {row.account for row in dialog.rows.rows} == {name})
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(dialog.rows.rows) == len(base))
    click(qtbot, dialog.rows.filter.add)
    choose(qtbot, "Tier", "A")
    best = [entry.row for entry in dialog.rows.list.entries if entry.known.tier == "A" and entry.side == "base"]
    assert 0 < len(best) < len(base)
    qtbot.waitUntil(lambda: len(dialog.rows.rows) == len(best))
    assert set(listed(table, "tier")) == {"A"}


def test_the_columns_of_the_rows_are_remembered(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    shown(qtbot, window)
    press(qtbot, Qt.Key.Key_K)
    dialog = asked(qtbot, FiguresDialog)
    qtbot.waitUntil(lambda: dialog.rows.table.model_.rowCount() > 0)
    dialog.rows.table.choose_columns(dialog.mapToGlobal(QPoint(400, 200)))
    choose(qtbot, "City")
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    press(qtbot, Qt.Key.Key_K)
    again = asked(qtbot, FiguresDialog)
    qtbot.waitUntil(lambda: again.rows.table.model_.rowCount() > 0)
    assert "city" in {column.key for _place, column in again.rows.table.shown_columns()}


def test_keys_turn_to_other_days_and_they_are_remembered(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    settled(qtbot, page, OCTOBER)
    press(qtbot, Qt.Key.Key_BracketLeft)
    settled(qtbot, page, Period(date(2026, 9, 1), date(2026, 9, 30)))
    press(qtbot, Qt.Key.Key_2, ALT)
    settled(qtbot, page, Period(date(2026, 7, 1), date(2026, 9, 30)))
    check_told(page, "Quarter 3 of 2026")
    assert page.head.lengths.current() == "quarter"
    back = arrived(qtbot, opening(), DashboardPage)
    settled(qtbot, back, Period(date(2026, 7, 1), date(2026, 9, 30)))
    press(qtbot, Qt.Key.Key_3, ALT)
    settled(qtbot, back, Period(date(2026, 1, 1), date(2026, 12, 31)))
    check_told(back, "not over yet")
    press(qtbot, Qt.Key.Key_1, ALT)
    press(qtbot, Qt.Key.Key_0)
    settled(qtbot, back, Period(date(2026, 11, 1), date(2026, 11, 30)))


def test_own_days_are_typed_and_go_on_by_their_number(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    page = shown(qtbot, opening())
    assert not page.head.first_day.isVisible()
    press(qtbot, Qt.Key.Key_4, ALT)
    qtbot.waitUntil(page.head.first_day.isVisible)
    page.head.last_day.setDate(QDate(2026, 10, 10))
    settled(qtbot, page, Period(date(2026, 10, 1), date(2026, 10, 10)))
    click(qtbot, page.head.forward)
    settled(qtbot, page, Period(date(2026, 10, 11), date(2026, 10, 20)))
    check_told(page, "compared with 2026-10-01 to 2026-10-10")
    page.head.first_day.setDate(QDate(2026, 10, 25))
    settled(qtbot, page, Period(date(2026, 10, 25), date(2026, 10, 25)))


def test_the_filter_narrows_to_a_tier_and_a_chip_takes_it_away(
    qtbot: QtBot, opening: Opening, demo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opening()
    page = shown(qtbot, window)
    click(qtbot, page.head.filter)
    choose(qtbot, "Tier", Tier.A.value)
    qtbot.waitUntil(lambda: page.view is not None and page.view.wish.scope == Scope(tiers=("A",)))
    assert page.view is not None
    assert page.view.figures == known(demo, Wish(OCTOBER, Scope(tiers=("A",)))).figures
    chip = page.head.chips[0]
    assert chip.accessibleName() == "Tier A"
    returned(qtbot, window)
    press(qtbot, Qt.Key.Key_K)
    dialog = asked(qtbot, FiguresDialog)
    check_told(dialog, "Tier A")
    offered: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (offered.append(args[2]), ("", ""))[1])
    dialog.names.choose("ltv_cac")
    press(qtbot, Qt.Key.Key_E, CTRL)
    assert offered == [f"Figures, October 2026 LTV CAC {TODAY.isoformat()}.xlsx"]
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    chip.setFocus()
    press(qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.view is not None and not page.view.wish.scope)


def test_every_chart_has_a_mark_for_what_is_known(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    page = shown(qtbot, opening())
    view = known(demo)
    wanted = {
        "trend": len(view.trend), "cohorts": sum(share is not None for line in view.cohorts for share in line.shares),
        "churn_reasons": len(view.churn_reasons), "renewal_reasons": len(view.renewal_reasons),
        "ageing": len(view.ageing), "calendar": 12, "forecast": 12,
        "pareto": len(view.pareto.ranked if view.pareto else ()),
    }  # fmt: skip
    found = {key: len(card.chart.picture.spots) for key, card in page.charts.items() if card.chart.picture is not None}
    assert {key: found[key] for key in wanted} == wanted
    assert found["bridge"] >= 7


@pytest.mark.parametrize(
    ("chart", "place"),
    [
        ("trend", -1),
        ("bridge", 0),
        ("cohorts", 0),
        ("churn_reasons", 0),
        ("calendar", 2),
        ("forecast", 2),
        ("ageing", 0),
    ],
)
def test_a_mark_leads_to_its_rows(qtbot: QtBot, opening: Opening, demo: Desk, chart: str, place: int) -> None:
    page = shown(qtbot, opening())
    card = page.charts[chart]
    page.area.ensureWidgetVisible(card.chart)
    assert card.chart.picture is not None
    spot = card.chart.picture.spots[place]
    x, y = (spot.left + spot.right) / 2 * card.chart.width(), (spot.top + spot.bottom) / 2 * card.chart.height()
    click(qtbot, card.chart, QPoint(round(x), round(y)))
    dialog = asked(qtbot, FiguresDialog)
    if chart == "trend":
        dialog.names.choose("net_revenue_retention")
        qtbot.waitUntil(lambda: len(dialog.rows.list.entries) > 0)
        click(qtbot, dialog.rows.filter.chips.chips["base"])
    view = known(demo)
    expected = {
        "trend": lambda: view.trend[-1].figures["net_revenue_retention"].base,
        "bridge": lambda: view.opening_rows,
        "cohorts": lambda: range(view.cohorts[0].size),
        "churn_reasons": lambda: view.churn_reasons[0].rows,
        "calendar": lambda: view.endings[2].rows,
        "forecast": lambda: view.endings[2].rows,
        "ageing": lambda: view.ageing[0].rows,
    }
    assert len(expected[chart]()) > 0
    qtbot.waitUntil(lambda: len(dialog.rows.rows) == len(expected[chart]()))


def test_cohorts_turn_to_money_and_to_years(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    page = shown(qtbot, opening())
    press(qtbot, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: page.view is not None and page.view.wish.revenue)
    check_told(page.charts["cohorts"], "ARR after n spans")
    page.area.ensureWidgetVisible(page.cohort_unit)
    click(qtbot, page.cohort_unit)
    choose(qtbot, "By year")
    qtbot.waitUntil(lambda: page.view is not None and page.view.wish.unit == "year")
    assert page.view is not None
    assert page.view.cohorts == known(demo, Wish(OCTOBER, Scope(), ("cohorts",), "year", True)).cohorts
    card = page.charts["cohorts"]
    qtbot.waitUntil(lambda: drawn(card))
    assert card.chart.picture is not None
    spot = card.chart.picture.spots[1]
    x, y = (spot.left + spot.right) / 2 * card.chart.width(), (spot.top + spot.bottom) / 2 * card.chart.height()
    page.area.ensureWidgetVisible(card)
    click(qtbot, card.chart, QPoint(round(x), round(y)))
    dialog = asked(qtbot, FiguresDialog)
    check_told(dialog, "ARR on the day ÷ ARR on the first day of each")
    assert spot.told.split(": ")[1].startswith(value_text(dialog.figures["rows"]))


def test_tiles_and_charts_are_arranged_by_keys_and_kept(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    press(qtbot, Qt.Key.Key_G)
    dialog = asked(qtbot, ArrangeDialog)
    press(qtbot, Qt.Key.Key_Down, CTRL)
    dialog.tiles.setCurrentRow(5)
    press(qtbot, Qt.Key.Key_Space)
    dialog.charts.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    click(qtbot, dialog.done_verb)
    returned(qtbot, window)
    wanted = ["gross_revenue_retention", "logo_churn_rate", *TILES[2:5]]
    qtbot.waitUntil(lambda: list(page.tiles) == wanted)
    assert list(page.charts) == list(CHARTS)[1:]
    qtbot.waitUntil(lambda: page.view is not None and page.view.wish.charts == tuple(CHARTS)[1:])
    back = arrived(qtbot, opening(), DashboardPage)
    assert list(back.tiles) == wanted
    press(qtbot, Qt.Key.Key_G)
    dialog = asked(qtbot, ArrangeDialog)
    click(qtbot, button(dialog, "As it came"))
    click(qtbot, dialog.done_verb)
    qtbot.waitUntil(lambda: list(back.tiles) == list(TILES))


@pytest.mark.parametrize(("ending", "begins"), [("csv", "Month,Lost"), ("svg", "<?xml")])
def test_a_chart_is_saved_as_what_one_asks_for(
    qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str,
    begins: str,
) -> None:  # fmt: skip
    page = shown(qtbot, opening())
    target = tmp_path / f"trend.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), f"x (*.{ending})"))
    click(qtbot, page.charts["trend"].save)
    qtbot.waitUntil(target.exists)
    told = target.read_text(encoding="utf-8-sig")
    assert told.startswith(begins)
    if ending == "svg":
        assert ">Churn trend</text>" in told
        assert (
            ">October 2026 · last 12 months · NRR, GRR (%) and accounts lost · hatched: may still change</text>" in told
        )


def test_the_chart_that_has_the_keyboard_is_copied_and_saved(
    qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(qtbot, opening())
    QApplication.clipboard().clear()
    press(qtbot, Qt.Key.Key_I, CTRL | SHIFT)
    qtbot.waitUntil(lambda: not QApplication.clipboard().image().isNull())
    target = tmp_path / "ageing.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), "x (*.csv)"))
    page.charts["ageing"].chart.setFocus()
    press(qtbot, Qt.Key.Key_G, CTRL | SHIFT)
    qtbot.waitUntil(target.exists)
    assert target.read_text(encoding="utf-8-sig").startswith("Age of receivables,")


def test_every_chart_is_a_sheet_too(qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path) -> None:
    page = shown(qtbot, opening())
    for key, card in page.charts.items():
        target = tmp_path / f"{key}.xlsx"
        card.write(target)
        qtbot.waitUntil(target.exists)
        sheet = openpyxl.load_workbook(target).worksheets[0]
        assert sheet.title == CHARTS[key].title
        assert sheet.max_row > 1


def test_everything_is_exported(
    qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opening()
    shown(qtbot, window)
    target = tmp_path / "out.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), "x (*.xlsx)"))
    press(qtbot, Qt.Key.Key_E, CTRL | SHIFT)
    qtbot.waitUntil(lambda: any("Saved: out.xlsx" in text for text in toasts(window)))
    assert openpyxl.load_workbook(target)["Figures"].max_row == 1 + len(FIGURES)


def test_it_fits_a_small_window(qtbot: QtBot, opening: Opening, demo: Desk) -> None:
    window = opening()
    page = shown(qtbot, window)
    window.resize(1000, 600)
    qtbot.waitUntil(lambda: page.tiles[TILES[3]].y() > page.tiles[TILES[0]].y())
    assert page.area.widget().width() <= page.area.viewport().width()
    assert page.charts["cohorts"].width() > page.charts["trend"].width() * 1.8


def test_the_report_is_shown_on_paper_and_saved(
    qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opening()
    page = shown(qtbot, window)
    assert page.head.report.words() == "Monthly report"
    press(qtbot, Qt.Key.Key_P, CTRL)
    preview = asked(qtbot, PrintPreview)
    qtbot.waitUntil(lambda: preview.document.is_whole)
    assert preview.document.title == "Monthly report, October 2026"
    assert preview.name == "Monthly report, October 2026.pdf"
    assert len(preview.document.leaves) > 3
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
    target = tmp_path / "report.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), "x (*.pdf)"))
    press(qtbot, Qt.Key.Key_P, CTRL | SHIFT)
    qtbot.waitUntil(target.exists)
    returned(qtbot, window)
    words = on_paper(target)
    for told in (
        "Monthlyreport,October2026",
        "Logochurnrate",
        "Reasonsforchurn",
        "Rowsbehindthefigures",
        "Definitions",
    ):
        assert told in words


def test_the_report_becomes_a_workbook(
    qtbot: QtBot, opening: Opening, demo: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opening()
    shown(qtbot, window)
    target = tmp_path / "report.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), "x (*.xlsx)"))
    press(qtbot, Qt.Key.Key_R)
    choose(qtbot, "Save as workbook")
    qtbot.waitUntil(lambda: any("Saved: report.xlsx" in text for text in toasts(window)))
    assert {"Figures", "Lost, and why", "Rows", "Definitions"} <= set(openpyxl.load_workbook(target).sheetnames)
