"""Tiers by hand: proposals accepted and turned down, the chart walked through, what leaves the program."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.queries import account
from csdesk.services.core.desk import Desk
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tiers.queries import tier_view
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.accounts.page import AccountsPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.settings.page import SettingsPage
from csdesk.ui.tiers.page import TiersPage
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
    go,
    press,
    read,
    returned,
    rows,
    toasts,
    undo_by_toast,
)  # fmt: skip


def names(page: TiersPage) -> list[str]:
    """The accounts in the order of the list."""
    model = page.table.model_
    return [model.text(row, model.column_of("name")) for row in range(model.rowCount())]


def full(qtbot: QtBot, window: MainWindow) -> TiersPage:
    """The list, once it shows all ten."""
    page = go(qtbot, window, TiersPage, "tiers")
    qtbot.waitUntil(lambda: names(page) == [f"N{place}" for place in range(10)])
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.current_id() is not None)
    return page


def charted(qtbot: QtBot, window: MainWindow) -> TiersPage:
    """The chart, once it is drawn in its size."""
    page = go(qtbot, window, TiersPage, "tiers", show="chart")
    qtbot.waitUntil(lambda: page.board.chart.picture is not None and not page.board.chart.is_behind)
    qtbot.waitUntil(page.board.chart.hasFocus)
    return page


def tiers(window: MainWindow, ids: list[int]) -> list[str | None]:
    return [read(window, account, record).tier for record in ids]


def test_without_contracts_the_page_says_what_to_do_first(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    page = go(qtbot, window, TiersPage, "tiers")
    qtbot.waitUntil(lambda: page.spec.first.isVisible())
    check_told(page, "No proposal waits")
    assert not page.accept.isVisible()
    click(qtbot, button(page, "Look at the chart"))
    qtbot.waitUntil(lambda: page.board.view is not None)
    check_told(page, "No contract runs today")
    click(qtbot, button(page.board, "Import a handover workbook"))
    assert arrived(qtbot, window, HandoverPage).isVisible()


def test_one_proposal_is_accepted_by_key_and_taken_back(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: names(page)[0] == "N1")
    assert tiers(window, ten[:2]) == ["A", "C"]
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: names(page)[0] == "N0")
    assert tiers(window, ten[:1]) == ["C"]


def test_many_are_accepted_with_one_undo(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_A, CTRL)
    qtbot.waitUntil(lambda: page.bulk.isVisible() and page.chosen_count.text() == "10 chosen")
    click(qtbot, button(page.bulk, "Accept"))
    qtbot.waitUntil(lambda: page.spec.first.isVisible())
    assert tiers(window, ten) == list("AABBBCCCCC")
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: len(names(page)) == 10)
    assert tiers(window, ten) == ["C"] * 5 + [None] * 5


def test_a_proposal_is_turned_down_with_a_reason(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_K)
    dialog = asked(qtbot, FormDialog)
    qtbot.keyClicks(dialog.form.editors["reason"], "goes next year")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "N0" not in names(page))
    returned(qtbot, window)
    view = read(window, tier_view, ten[0])
    assert (view.tier, view.open, view.history[0].reason) == ("C", False, "goes next year")


def test_another_tier_is_set_by_hand(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_T)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.cells["tier"].text() == "C"
    dialog.form.cells["tier"].set_text("")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    check_told(dialog, "Choose one of the list.")
    dialog.form.cells["tier"].set_text("B")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: tiers(window, ten[:1]) == ["B"])
    returned(qtbot, window)
    assert "N0" in names(page)


def test_views_narrow_and_the_chart_comes_by_key(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    page = full(qtbot, window)
    click(qtbot, page.filter.chips.chips["to_b"])
    qtbot.waitUntil(lambda: names(page) == ["N2", "N3", "N4"])
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    qtbot.waitUntil(lambda: page.board.chart.isVisible() and not page.board.chart.is_behind)
    assert not page.filter.isVisible()
    again = opening()
    back = arrived(qtbot, again, TiersPage)
    qtbot.waitUntil(lambda: back.board.isVisible())
    press(qtbot, Qt.Key.Key_Tab, CTRL)
    qtbot.waitUntil(lambda: names(back) == ["N2", "N3", "N4"])


def test_the_chart_is_walked_by_keys_and_opens_an_account(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    page = charted(qtbot, window)
    assert [spot.key for spot in page.board.chart.picture.spots] == [("account", record) for record in ten]  # type: ignore[union-attr]
    assert page.board.chart.accessibleDescription().startswith("1. N0: tier C, ARR 500.0k CNY")
    press(qtbot, Qt.Key.Key_Right)
    press(qtbot, Qt.Key.Key_Right)
    assert page.board.chart.accessibleDescription().startswith("3. N2")
    press(qtbot, Qt.Key.Key_Return)
    detail = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: detail.header.name.text() == "N2")


def test_a_press_on_a_bar_opens_its_account(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    chart = charted(qtbot, window).board.chart
    assert chart.picture is not None
    spot = chart.picture.spots[1]
    at = QPoint(
        round((spot.left + spot.right) / 2 * chart.width()), round((spot.top + spot.bottom) / 2 * chart.height())
    )
    qtbot.mouseMove(chart, at)
    click(qtbot, chart, at)
    detail = arrived(qtbot, window, AccountPage)
    qtbot.waitUntil(lambda: detail.header.name.text() == "N1")


def test_the_table_beside_it_leads_to_the_lists(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    page = charted(qtbot, window)
    check_told(page.board, "The largest 20 % (2 of 10 accounts) hold 67.2\u00a0% of the ARR.")
    click(qtbot, button(page.board, "Show the largest 20 %"))
    accounts = arrived(qtbot, window, AccountsPage)
    qtbot.waitUntil(lambda: accounts.count.text() == "2 / 10 accounts")
    page = charted(qtbot, window)
    links = [
        one for one in page.board.side.findChildren(type(page.rules)) if one.accessibleName() == "Accounts of tier C"
    ]
    click(qtbot, links[0])
    accounts = arrived(qtbot, window, AccountsPage)
    qtbot.waitUntil(lambda: accounts.count.text() == "5 / 10 accounts")


@pytest.mark.parametrize(
    ("ending", "begins"),
    [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")],
)
def test_it_is_saved_in_every_kind(
    qtbot: QtBot, opening: Opening, ten: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, begins: bytes
) -> None:  # fmt: skip
    window = opening()
    charted(qtbot, window)
    target = tmp_path / f"out.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target.with_suffix("")), f"x (*.{ending})"))
    press(qtbot, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: any(f"Saved: out.{ending}" in text for text in toasts(window)))
    content = target.read_bytes()
    assert content.startswith(begins)
    if ending == "xlsx":
        assert {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} <= set(zipfile.ZipFile(target).namelist())
    elif ending == "csv":
        assert content.decode("utf-8-sig").splitlines()[1].split(",")[:4] == ["1", "N0", "C", "500000.00"]
    elif ending == "svg":
        assert b">Share reached</text>" in content


def test_the_picture_goes_to_the_clipboard(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    charted(qtbot, window)
    QApplication.clipboard().clear()
    press(qtbot, Qt.Key.Key_I, CTRL | SHIFT)
    qtbot.waitUntil(lambda: not QApplication.clipboard().image().isNull())
    assert QApplication.clipboard().image().width() == 1920


def test_rules_are_a_press_away_and_move_the_proposals(
    qtbot: QtBot, opening: Opening, ten: list[int], desk: Desk
) -> None:
    window = opening()
    page = full(qtbot, window)
    click(qtbot, page.rules)
    settings = arrived(qtbot, window, SettingsPage)
    field = settings.section.fields["tiers.from.B"]  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: field.text() == "30")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "99")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: any("Settings changed" in text for text in toasts(window)))
    window.context.go.to("tiers")
    qtbot.waitUntil(lambda: names(page) == ["N0", "N1", "N5", "N6", "N7", "N8", "N9"])


def test_the_accounts_page_tells_proposes_and_remembers(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    window = opening()
    page = go(qtbot, window, AccountPage, "accounts", id=ten[0], tab="tier")
    qtbot.waitUntil(lambda: rows(page.lists["tier"])[:1] == ["Proposed A, now C"])
    qtbot.waitUntil(lambda: page.header.tier.tier == "C")
    click(qtbot, page.header.tier)
    choose(qtbot, "Accept: A")
    qtbot.waitUntil(lambda: rows(page.lists["tier"])[0] == "The figures agree with tier A")
    assert rows(page.lists["tier"])[1:] == ["High-touch", "C \u2192 A", "Tier C"]
    returned(qtbot, window)
    click(qtbot, page.header.tier)
    choose(qtbot, "Service mode")
    dialog = asked(qtbot, FormDialog)
    dialog.form.cells["service_mode"].set_text("tech_touch")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.header.other_mode.isVisible())
    assert page.header.other_mode.accessibleName() == "Tier suggests High-touch"
    returned(qtbot, window)
    undo_by_toast(qtbot, window)
    qtbot.waitUntil(lambda: not page.header.other_mode.isVisible())


def test_accounts_served_otherwise_are_counted_beside_the_chart(
    qtbot: QtBot, opening: Opening, ten: list[int], desk: Desk
) -> None:
    from csdesk.services.accounts.commands import ChangeMany, change_accounts

    desk.do(change_accounts, ChangeMany((ten[0],), {"service_mode": "high_touch"}))
    desk.do(change_settings, ChangeSettings({"tiers.share.head": 30}))
    window = opening()
    page = charted(qtbot, window)
    check_told(page.board, "1 account is looked after otherwise")
    click(qtbot, button(page.board, "Show them"))
    accounts = arrived(qtbot, window, AccountsPage)
    qtbot.waitUntil(lambda: accounts.count.text() == "1 / 10 accounts")


def test_the_list_prints(qtbot: QtBot, opening: Opening, ten: list[int]) -> None:
    from csdesk.ui.core.print_preview import PrintPreview

    window = opening()
    full(qtbot, window)
    press(qtbot, Qt.Key.Key_P, CTRL)
    preview = asked(qtbot, PrintPreview)
    assert preview.document.title == "Accounts by ARR"
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)
