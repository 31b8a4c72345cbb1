"""Demands out to product and back by hand: the dialog, the file let go over the window, the choice, the step that is undone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.models.vocabulary import Decision, Severity, TicketKind, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.demands import Review, review_demand
from csdesk.services.tickets.product import ForProduct, send_to_product
from csdesk.services.tickets.product_answers import RowFate
from csdesk.services.tickets.rules import TicketFields
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.tickets.answers_page import AnswersPage
from csdesk.ui.tickets.product import export_for_product, take_back
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    SHIFT,
    arrived,
    ask_menu,
    asked,
    check_told,
    choose,
    click,
    drop_files,
    go,
    labels,
    press,
    returned,
    toasts,
    undo_by_toast,
    write,
)  # fmt: skip

HEAD = 3
LATER = TODAY + timedelta(60)
NUMBER, TITLE, DECISION, REASON, ANSWER, RELEASE, DAY = 3, 4, 17, 18, 19, 20, 21


@pytest.fixture
def demands(desk: Desk) -> list[int]:
    """Three demands of one account, and a bug."""
    account = desk.do(create_account, NewAccount(AccountFields("澄岳精工", tier=Tier.A))).value
    for text in ("Export all at once", "Chinese in the interface", "Board on the wall"):
        desk.do(create_ticket, NewTicket(TicketFields(text), account))
    fields = TicketFields("Does not open", TicketKind.BUG, seen="a white page", severity=Severity.BLOCKING)
    desk.do(create_ticket, NewTicket(fields, account))
    with desk.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT id FROM demands ORDER BY number")]


@pytest.fixture
def window(opening: Opening, demands: list[int]) -> MainWindow:
    return opening()


def naming(monkeypatch: pytest.MonkeyPatch, path: Path) -> Path:
    """The dialog that asks for a file's name is answered with this one."""

    def named(*_args: object) -> tuple[str, str]:
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", named)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", named)
    return path


def states(desk: Desk) -> list[str]:
    with desk.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT state FROM demands ORDER BY number")]


def filled(desk: Desk, path: Path, demands: list[int], **own: Any) -> Path:
    """A workbook as product sends it back: accepted, declined without a reason, left open."""
    send_to_product(desk, path, ForProduct(tuple(demands), **own))
    book = openpyxl.load_workbook(path)
    page = book["Demands"]
    page.cell(HEAD + 1, DECISION).value, page.cell(HEAD + 1, RELEASE).value = "Accept", "V3.2"
    page.cell(HEAD + 1, DAY).value = LATER
    page.cell(HEAD + 2, DECISION).value = "Decline"
    book.save(path)
    return path


def shown(page: AnswersPage) -> list[tuple[str, str, str, str]]:
    return [(line.title, line.where, line.old, line.new) for line in page.list.lines]


def opened(qtbot: QtBot, window: MainWindow) -> AnswersPage:
    page = arrived(qtbot, window, AnswersPage)
    qtbot.waitUntil(lambda: page.outcome is not None)
    return page


def test_a_key_asks_what_goes_out_and_writes_it_in_one_step(
    qtbot: QtBot,
    window: MainWindow,
    desk: Desk,
    demands: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    naming(monkeypatch, tmp_path / "out.xlsx")
    press(qtbot, Qt.Key.Key_S, CTRL | SHIFT)
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft() == {"which": "to_review", "names": "names", "bugs": "1", "sends": "1"}
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: states(desk) == ["in_review"] * 3)
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["Demands", "Voices", "Bugs"]
    qtbot.waitUntil(lambda: "Saved: 3 demands, 1 bug in out.xlsx" in toasts(window))
    assert undo_by_toast(qtbot, window) == "Sent to product: out.xlsx"
    qtbot.waitUntil(lambda: states(desk) == ["to_review"] * 3)


def test_chosen_ones_go_out_by_tier_alone_and_unmarked(
    qtbot: QtBot,
    window: MainWindow,
    desk: Desk,
    demands: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    naming(monkeypatch, tmp_path / "out.xlsx")
    export_for_product(window.context, demands[:1])
    dialog = asked(qtbot, FormDialog)
    assert dialog.form.draft()["which"] == "chosen"
    dialog.form.cells["names"].editor.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    dialog.form.cells["sends"].editor.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    click(qtbot, dialog.save)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: "Saved: 1 demand, 1 bug in out.xlsx" in toasts(window))
    said = [
        cell.value for page in openpyxl.load_workbook(tmp_path / "out.xlsx") for row in page.iter_rows() for cell in row
    ]
    assert "澄岳精工" not in said
    assert states(desk) == ["to_review"] * 3


def test_a_place_that_cannot_be_written_is_told_in_the_dialog(
    qtbot: QtBot,
    window: MainWindow,
    desk: Desk,
    demands: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    naming(monkeypatch, tmp_path / "gone" / "out.xlsx")
    export_for_product(window.context, demands)
    dialog = asked(qtbot, FormDialog)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: any("out.xlsx cannot be opened" in label.text() for label in labels(dialog)))
    assert states(desk) == ["to_review"] * 3
    dialog.reject()
    returned(qtbot, window)


def test_nothing_to_send_says_so(qtbot: QtBot, opening: Opening) -> None:
    window = opening()
    press(qtbot, Qt.Key.Key_S, CTRL | SHIFT)
    qtbot.waitUntil(lambda: any("Nothing waits for product" in text for text in toasts(window)))


def test_the_file_let_go_over_the_window_is_no_handover(
    qtbot: QtBot, window: MainWindow, desk: Desk, demands: list[int], tmp_path: Path
) -> None:
    assert drop_files(window, filled(desk, tmp_path / "back.xlsx", demands))
    page = opened(qtbot, window)
    assert page.outcome is not None
    assert page.tabs.current() is RowFate.NEW
    assert shown(page) == [
        ("D-0001 Export all at once", "row 4", "", ""),
        ("Decision", "Q4", "—", "Accept"),
        ("Release", "T4", "—", "V3.2"),
        ("Planned date", "U4", "—", LATER.isoformat()),
    ]
    check_told(
        page, "2 refused rows" if page.outcome.counts[RowFate.REFUSED] == 2 else "1 refused row will not come in"
    )
    go(qtbot, window, HandoverPage, "handover")


def test_answers_are_taken_in_with_a_key_and_taken_back_with_the_toast(
    qtbot: QtBot, window: MainWindow, desk: Desk, demands: list[int], tmp_path: Path
) -> None:
    take_back(window.context, filled(desk, tmp_path / "back.xlsx", demands))
    page = opened(qtbot, window)
    assert page.go.words() == "Take in 1 answer"
    assert states(desk) == ["in_review"] * 3
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: states(desk) == ["accepted", "in_review", "in_review"])
    qtbot.waitUntil(lambda: page.go.words() == "Done")
    assert undo_by_toast(qtbot, window) == "Answers from product (1): back.xlsx"
    qtbot.waitUntil(lambda: states(desk) == ["in_review"] * 3)
    qtbot.waitUntil(lambda: page.go.words() == "Take in 1 answer")


def test_what_is_refused_is_told_at_its_cell(
    qtbot: QtBot, window: MainWindow, desk: Desk, demands: list[int], tmp_path: Path
) -> None:
    take_back(window.context, filled(desk, tmp_path / "back.xlsx", demands))
    page = opened(qtbot, window)
    page.tabs.setFocus()
    refused = next(option for option in page.tabs.children() if getattr(option, "key", "") is RowFate.REFUSED)
    click(qtbot, refused)
    assert shown(page) == [
        ("D-0002 Chinese in the interface", "row 5", "", ""),
        ("Reason", "R5", "", "Declined, but without a reason."),
        ("Answer for the customer", "S5", "", "Declined, but without an answer that the customer can be given."),
    ]
    page.list.setFocus()
    press(qtbot, Qt.Key.Key_Down)
    check_told(page, "Reason: Declined, but without a reason.")
    page.list.choose(("row", "Demands", 5))
    assert window.context.actions.run("edit.copy")
    assert "Declined, but without a reason." in QGuiApplication.clipboard().text()


def test_what_changed_on_both_sides_waits_for_a_choice(
    qtbot: QtBot, window: MainWindow, desk: Desk, demands: list[int], tmp_path: Path
) -> None:
    path = filled(desk, tmp_path / "back.xlsx", demands)
    desk.do(review_demand, Review(demands[0], Decision.DECLINED, reason="too dear", answer="not now"))
    take_back(window.context, path)
    page = opened(qtbot, window)
    assert page.tabs.current() is RowFate.CONFLICT
    assert ("Decision", "Q4", "Decline", "Accept") in shown(page)
    assert page.go.words() == "Done"
    check_told(page, "1 changed on both sides")
    press(qtbot, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: page.go.words() == "Take in 1 answer")
    press(qtbot, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: page.go.words() == "Done")
    ask_menu(page.list)
    choose(qtbot, "Take product's")
    returned(qtbot, window)
    qtbot.waitUntil(lambda: page.go.words() == "Take in 1 answer")
    page.list.setFocus()
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: states(desk)[0] == "accepted")


def test_another_file_is_refused_and_says_what_to_do(
    qtbot: QtBot, window: MainWindow, desk: Desk, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["one", "two"])
    book.save(tmp_path / "other.xlsx")
    take_back(window.context, tmp_path / "other.xlsx")
    page = arrived(qtbot, window, AnswersPage)
    qtbot.waitUntil(lambda: any("other.xlsx is no workbook for product" in label.text() for label in labels(page)))


def test_rows_are_searched_and_the_file_put_away(
    qtbot: QtBot,
    window: MainWindow,
    desk: Desk,
    demands: list[int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filled(desk, naming(monkeypatch, tmp_path / "back.xlsx"), demands)
    press(qtbot, Qt.Key.Key_R, CTRL | SHIFT)
    page = opened(qtbot, window)
    press(qtbot, Qt.Key.Key_Slash)
    qtbot.waitUntil(page.words.hasFocus)
    write("nowhere")
    qtbot.waitUntil(lambda: not page.list.isVisible())
    check_told(page, "No row with “nowhere” is here.")
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.list.isVisible)
    assert window.context.actions.run("answers.leave")
    check_told(page, "Drop the workbook that came back from product here")
