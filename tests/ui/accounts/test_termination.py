"""Terminating a contract: what is owed after its last day stands there ticked, and goes with it."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.services.contracts.queries import contracts_of
from csdesk.services.receivables.commands import PlanInstalments, plan_instalments
from csdesk.services.receivables.ending import cancel_field
from csdesk.services.receivables.queries import AccountMoney, InstalmentRow, contract_money
from csdesk.services.receivables.rules import Rhythm, instalments
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from tests.conftest import TODAY
from tests.ui.accounts.test_detail import at, put
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, SHIFT, asked, click, labels, press, read, returned, undo_by_toast

Open = tuple[MainWindow, AccountPage, int]


@pytest.fixture
def quarterly(qtbot: QtBot, opening: Opening, six: dict[str, int]) -> Open:
    """The contract of Amber for 2026, paid by quarter; the list has the keyboard."""
    window = opening()
    page = at(qtbot, window, six["Amber"], "Amber")
    (row,) = read(window, contracts_of, six["Amber"])
    assert row.amount is not None
    assert row.start_on is not None
    plan = instalments(Rhythm.QUARTERLY, row.amount, row.start_on, row.end_on)
    window.context.runner.do(plan_instalments, PlanInstalments(row.id, plan))
    qtbot.waitUntil(lambda: len(money(window, row.id)) == 4)
    page.lists["contracts"].setFocus()
    return window, page, row.id


def money(window: MainWindow, contract: int) -> list[InstalmentRow]:
    found: AccountMoney = read(window, contract_money, contract, TODAY)
    return found.money.instalments


def ticked(dialog: FormDialog, rows: list[InstalmentRow]) -> list[tuple[bool, bool]]:
    """Of each instalment: whether it is shown, and whether it is ticked."""
    cells = [dialog.form.cells[cancel_field(row.id)] for row in rows]
    return [(cell.isVisible(), bool(cell.text())) for cell in cells]


def test_what_is_owed_after_the_last_day_is_cancelled_and_comes_back(qtbot: QtBot, quarterly: Open) -> None:
    window, _page, contract = quarterly
    rows = money(window, contract)
    press(qtbot, Qt.Key.Key_T, SHIFT)
    dialog = asked(qtbot, FormDialog)
    assert ticked(dialog, rows) == [(False, False)] * 4
    put(dialog, ends_on="2026-08-15")
    qtbot.waitUntil(lambda: ticked(dialog, rows) == [(False, False)] * 3 + [(True, True)])
    put(dialog, ends_on="2026-05-31")
    qtbot.waitUntil(lambda: ticked(dialog, rows) == [(False, False)] * 2 + [(True, True)] * 2)
    click(qtbot, dialog.form.cells[cancel_field(rows[2].id)].editor)
    assert ticked(dialog, rows)[2:] == [(True, False), (True, True)]
    put(dialog, ends_on="2026-05-30")
    assert ticked(dialog, rows)[2:] == [(True, False), (True, True)]
    assert any("is cancelled" in label.text() for label in labels(dialog))
    dialog.form.cells["cause"].set_text("service")
    press(qtbot, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: [row.id for row in money(window, contract)] == [row.id for row in rows[:3]])
    returned(qtbot, window)
    assert undo_by_toast(qtbot, window).startswith("Contract terminated")
    qtbot.waitUntil(lambda: [row.due_on for row in money(window, contract)][-1] == date(2026, 10, 1))
