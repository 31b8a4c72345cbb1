"""Money to come in by hand: listed with its ages, paid over several instalments, too much said at the field, reminded, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from csdesk.services.receivables.queries import AccountMoney, account_money
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.dialogs import QuestionDialog
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.handover.page import HandoverPage
from csdesk.ui.receivables.page import ReceivablesPage
from csdesk.ui.receivables.sheet import PaymentSheet
from csdesk.ui.settings.money_rules import MoneyRulesSection
from csdesk.ui.settings.page import SettingsPage
from tests.conftest import TODAY
from tests.ui.conftest import Opening
from tests.ui.hands import (
    CTRL,
    arrived,
    asked,
    button,
    check_told,
    choose,
    click,
    drop_files,
    go,
    labels,
    press,
    read,
    returned,
    rows,
    toasts,
    undo_by_toast,
    write,
)  # fmt: skip


def full(qtbot: QtBot, window: MainWindow, count: int = 5) -> ReceivablesPage:
    """The list, once it shows all that is open and has the keyboard."""
    page = go(qtbot, window, ReceivablesPage, "receivables")
    qtbot.waitUntil(lambda: len(shown(page)) == count)
    qtbot.waitUntil(lambda: page.table.hasFocus() and page.table.current_id() is not None)
    return page


def shown(page: ReceivablesPage, key: str = "open_cents") -> list[str]:
    model = page.table.model_
    return [model.text(row, model.column_of(key)) for row in range(model.rowCount())]


def put(dialog: FormDialog, **texts: str) -> None:
    """Write into fields as a person does."""
    for key, text in texts.items():
        dialog.form.cells[key].set_text(text)
        dialog.form.cells[key].edited.emit()


def laid(dialog: FormDialog) -> list[str]:
    return [cell.text() for key, cell in dialog.form.cells.items() if key.startswith("laid.")]


def money(window: MainWindow, account: int) -> AccountMoney:
    return read(window, account_money, account, TODAY)


def test_an_empty_list_says_what_to_do_first(qtbot: QtBot, opening: Opening) -> None:
    page = go(qtbot, opening(), ReceivablesPage, "receivables")
    qtbot.waitUntil(page.spec.first.isVisible)
    check_told(page, "Nothing is to come in yet")


def test_the_list_stands_by_due_day_and_its_ages_narrow_it(qtbot: QtBot, opening: Opening, two: dict[str, int]) -> None:
    page = full(qtbot, opening())
    assert shown(page, "standing") == ["Overdue", "Overdue", "Overdue", "Overdue", "Open"]
    assert sorted(shown(page, "place")) == ["1/1", "1/4", "2/4", "3/4", "4/4"]
    qtbot.waitUntil(lambda: "USD" in page.sum.text())
    assert page.sum.text() == "Amount 1,200, paid 0 CNY; open 1,200 CNY + 1,200 USD"
    click(qtbot, page.ages.parts["to_90"])
    qtbot.waitUntil(lambda: shown(page, "place") == ["3/4"])


def test_a_payment_over_two_instalments_is_proposed_saved_and_taken_back(
    qtbot: QtBot, opening: Opening, two: dict[str, int]
) -> None:
    window = opening()
    full(qtbot, window)
    press(qtbot, Qt.Key.Key_P)
    dialog = asked(qtbot, FormDialog)
    assert (dialog.form.cells["amount"].text(), laid(dialog)) == ("300", ["300", "", "", ""])
    write("450")
    put(dialog, reference="B-1")
    assert dialog.form.cells["amount"].text() == "450"
    assert laid(dialog) == ["300", "150", "", ""]
    check_told(dialog, "450 CNY laid on instalments")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    assert [row.paid for row in money(window, two["Aster"]).money.instalments] == [30000, 15000, 0, 0]
    assert undo_by_toast(qtbot, window) == "Payment of 450 CNY on HT-1"
    qtbot.waitUntil(lambda: money(window, two["Aster"]).money.payments == [])


def test_too_much_is_said_at_the_field_and_above_what_is_owed_asked(
    qtbot: QtBot, opening: Opening, two: dict[str, int]
) -> None:
    window = opening()
    full(qtbot, window)
    press(qtbot, Qt.Key.Key_P)
    dialog = asked(qtbot, FormDialog)
    put(dialog, amount="1300")
    first = next(key for key in dialog.form.cells if key.startswith("laid."))
    put(dialog, **{first: "400"})
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells[first].sentence.isVisible)
    assert money(window, two["Aster"]).money.payments == []
    put(dialog, **{first: "300"})
    press(qtbot, Qt.Key.Key_Return, CTRL)
    question = asked(qtbot, QuestionDialog)
    click(qtbot, question.verb)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: money(window, two["Aster"]).money.credit == {two["HT-1"]: 10000})


def test_reminding_is_noted_and_tasks_are_made_for_many(qtbot: QtBot, opening: Opening, two: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_R)
    dialog = asked(qtbot, FormDialog)
    assert "contract HT-1" in dialog.form.cells["text"].text()
    click(qtbot, button(dialog, "Copy text"))
    assert "contract HT-1" in QApplication.clipboard().text()
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: shown(page, "reminders")[0] == "1")
    press(qtbot, Qt.Key.Key_A, CTRL)
    press(qtbot, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: "Tasks to remind: 5" in toasts(window))
    assert undo_by_toast(qtbot, window) == "Tasks to remind: 5"


def test_an_accounts_money_is_planned_invoiced_and_changed_there(
    qtbot: QtBot, opening: Opening, two: dict[str, int]
) -> None:
    window = opening()
    full(qtbot, window)
    press(qtbot, Qt.Key.Key_Return)
    page = arrived(qtbot, window, AccountPage)
    view = page.money.list
    qtbot.waitUntil(lambda: len(rows(view)) == 4 and page.tabs.current() == "money")
    view.choose_first()
    window.context.actions.run("money.invoice")
    dialog = asked(qtbot, FormDialog)
    put(dialog, number="0815")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: "Invoice 0815" in rows(view))
    window.context.actions.run("money.plan")
    dialog = asked(qtbot, FormDialog)
    put(dialog, rhythm="halves")
    assert dialog.form.cells["table"].text() == "2026-03-01 600\n2026-09-01 600"
    check_told(dialog, "2 instalments, 1,200 in all; 2 are changed in place; 2 go")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: [row.amount for row in money(window, two["Aster"]).money.instalments] == [60000, 60000])


def test_a_sheet_of_payments_is_shown_decided_and_taken_in(
    qtbot: QtBot, opening: Opening, two: dict[str, int], tmp_path: Path, monkeypatch: object
) -> None:
    path = tmp_path / "paid.csv"
    path.write_text(
        "Contract,Customer,Date,Amount,Reference\nHT-1,Aster,2026-11-02,300,B-1\n,Aster,2026-11-03,77,B-2\n", "utf-8"
    )
    window = opening()
    full(qtbot, window)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(path), ""))  # type: ignore[attr-defined]
    window.context.actions.run("payments.take")
    dialog = asked(qtbot, PaymentSheet)
    qtbot.waitUntil(lambda: dialog.said.text() == "2 payments in the sheet = To be decided: 1 + Will be entered: 1")
    dialog.list.choose("D3")
    press(qtbot, Qt.Key.Key_Return)
    choose(qtbot, "HT-1, Aster")
    qtbot.waitUntil(lambda: dialog.take.words() == "Take in 2 payments")
    click(qtbot, dialog.take)
    returned(qtbot, window)
    assert [row.paid for row in money(window, two["Aster"]).money.instalments] == [30000, 7700, 0, 0]
    assert undo_by_toast(qtbot, window) == "Payments taken in from paid.csv: 2, 377"


def test_rates_and_targets_are_entered_in_the_settings(qtbot: QtBot, opening: Opening, two: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, SettingsPage, "settings", section="money")
    section = page.section
    assert isinstance(section, MoneyRulesSection)
    click(qtbot, button(section, "Add a rate…"))
    dialog = asked(qtbot, FormDialog)
    put(dialog, currency="usd", rate="none", valid_from="2026-01-01")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(dialog.form.cells["rate"].sentence.isVisible)
    put(dialog, rate="7.1")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: rows(section.rates.list) == ["7.1"])
    click(qtbot, button(section, "Add a target…"))
    dialog = asked(qtbot, FormDialog)
    put(dialog, figure="receivable_collection_rate", value="95%")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: rows(section.targets.list) == ["Receivable collection rate"])
    listed = full(qtbot, window)
    qtbot.waitUntil(lambda: "together 9,720 CNY" in listed.sum.text())


def test_a_list_of_payments_let_go_on_the_window_comes_to_the_payments(
    qtbot: QtBot, opening: Opening, two: dict[str, int], tmp_path: Path
) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("Date,Amount,Payer,Reference\n2026-11-02,300,Aster,B-1\n", "utf-8")
    window = opening()
    assert drop_files(window, path)
    dialog = asked(qtbot, PaymentSheet)
    qtbot.waitUntil(lambda: "1 payment in the sheet" in dialog.said.text())
    arrived(qtbot, window, ReceivablesPage)
    press(qtbot, Qt.Key.Key_Escape)
    returned(qtbot, window)


@pytest.mark.parametrize("payments", [True, False])
def test_a_sheet_that_may_be_either_is_asked_about(
    qtbot: QtBot, opening: Opening, two: dict[str, int], tmp_path: Path, payments: bool
) -> None:
    path = tmp_path / "money.csv"
    path.write_text("Contract,Customer,Date,Amount\nHT-1,Aster,2026-11-02,300\n", "utf-8")
    window = opening()
    assert drop_files(window, path)
    question = asked(qtbot, QuestionDialog)
    check_told(question, "What does money.csv hold?")
    click(qtbot, question.verb if payments else question.keep)
    if payments:
        dialog = asked(qtbot, PaymentSheet)
        qtbot.waitUntil(lambda: "1 payment in the sheet" in dialog.said.text())
        press(qtbot, Qt.Key.Key_Escape)
        returned(qtbot, window)
        return
    page = arrived(qtbot, window, HandoverPage)
    qtbot.waitUntil(page.review.isVisible)
    assert page.review.review is not None
    assert page.review.review.opened.path == path


def test_space_looks_at_an_instalment_beside_the_list(qtbot: QtBot, opening: Opening, two: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    page.table.setFocus()
    press(qtbot, Qt.Key.Key_Home)
    first = page.table.current_id()
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.peek.is_open)
    assert page.peek.record == first
    check_told(page.peek, "Aster")
    check_told(page.peek, "No payment, no invoice, no reminder yet")
    check_told(page.peek, "Others of the contract")
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.peek.record == page.table.current_id() != first)
    press(qtbot, Qt.Key.Key_P)
    dialog = asked(qtbot, FormDialog)
    put(dialog, amount="20")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: any(label.text().startswith("20 ") for label in labels(page.peek)))
    press(qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.peek.is_open)
    assert page.table.hasFocus()


def test_who_has_paid_is_not_reminded_and_that_is_said(qtbot: QtBot, opening: Opening, two: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    press(qtbot, Qt.Key.Key_P)
    dialog = asked(qtbot, FormDialog)
    put(dialog, amount="300")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    page.filter.choose("paid")
    qtbot.waitUntil(lambda: shown(page, "standing") == ["Paid"])
    qtbot.waitUntil(lambda: page.table.current_id() is not None)
    page.table.setFocus()
    press(qtbot, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: "Nothing to remind of: it is paid." in toasts(window))


def test_a_payment_without_a_chosen_row_asks_of_whom(qtbot: QtBot, opening: Opening, two: dict[str, int]) -> None:
    window = opening()
    page = full(qtbot, window)
    page.focus_filter()
    qtbot.keyClicks(page.filter.words, "nobody of this name")
    qtbot.waitUntil(lambda: shown(page) == [])
    page.table.setFocus()
    press(qtbot, Qt.Key.Key_P)
    assert "account" in asked(qtbot, FormDialog).form.cells
