"""Four contracts by hand: one is renewed, one grows, one is lost, one comes back; the figures say so, to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.money import anniversary
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.movements import bridge
from csdesk.services.kpi.rules import Figure, Period
from csdesk.ui.accounts.detail import AccountPage
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.window import MainWindow
from csdesk.ui.renewals.page import DAYS, RenewalsPage
from tests.ui.conftest import Opening
from tests.ui.hands import CTRL, asked, button, click, go, press, returned, write
from tests.ui.renewals.test_page import names, pick, refill, set_choice

ENDS = {"Keep": date(2026, 12, 3), "Grow": date(2026, 12, 3), "Lose": date(2026, 12, 3), "Back": date(2026, 9, 15)}
LATER = date(2027, 2, 20)
"""The day on which the figures are asked for."""


@pytest.fixture
def four(desk: Desk) -> dict[str, int]:
    """Four accounts with 120,000 a year each."""
    made = {}
    for name, end in ENDS.items():
        made[name] = desk.do(create_account, NewAccount(AccountFields(name))).value
        start = anniversary(end + timedelta(1), -12)
        fields = ContractFields(f"HT-{name}", "Core", 20, amount=Decimal(120_000), start_on=start, end_on=end)
        desk.do(create_contract, NewContract(made[name], fields))
    return made


def outcome(qtbot: QtBot, window: MainWindow, page: RenewalsPage, name: str, left: list[str], **said: str) -> None:
    """Choose a card, press O, say what came of it."""
    pick(page, qtbot, name)
    press(qtbot, Qt.Key.Key_O)
    dialog = asked(qtbot, FormDialog)
    set_choice(qtbot, dialog, "result", said.pop("result"))
    if "cause" in said:
        set_choice(qtbot, dialog, "cause", said.pop("cause"))
    for key, words in said.items():
        refill(dialog, key, words)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)
    qtbot.waitUntil(lambda: [name for column in names(page.boards[DAYS]) for name in column] == left)


def told(desk: Desk, period: Period) -> dict[str, Figure]:
    with desk.read() as connection:
        return figures(connection, period, LATER)


def test_renewed_grown_lost_and_won_back(qtbot: QtBot, opening: Opening, desk: Desk, four: dict[str, int]) -> None:
    window = opening()
    page = go(qtbot, window, RenewalsPage, "renewals")
    qtbot.waitUntil(
        lambda: [name for column in names(page.boards[DAYS]) for name in column] == ["Back", "Keep", "Grow", "Lose"]
    )
    outcome(qtbot, window, page, "Keep", ["Back", "Grow", "Lose"], result="renewed")
    outcome(qtbot, window, page, "Grow", ["Back", "Lose"], result="renewed", amount="150000")
    outcome(qtbot, window, page, "Lose", ["Back"], result="churned", cause="price", reason="A cheaper one")

    account = go(qtbot, window, AccountPage, "accounts", id=four["Back"], tab="contracts")
    qtbot.waitUntil(lambda: account.view is not None and account.header.name.text() == "Back")
    click(qtbot, button(account, "New contract"))
    dialog = asked(qtbot, FormDialog)
    for key, words in (
        ("number", "HT-Back-2"),
        ("amount", "90000"),
        ("start_on", "2026-11-16"),
        ("end_on", "2027-11-15"),
    ):
        editor = dialog.form.cells[key].editor
        getattr(editor, "line", editor).setFocus()
        write(words)
    press(qtbot, Qt.Key.Key_Return, CTRL)
    returned(qtbot, window)

    december = told(desk, Period(date(2026, 12, 1), date(2026, 12, 31)))
    assert (december["renewal_rate"].numerator, december["renewal_rate"].denominator) == (2, 3)
    assert (december["logo_churn_rate"].numerator, december["logo_churn_rate"].denominator) == (1, 4)
    assert december["expansion"].value == 30_000_00
    gross = december["gross_revenue_retention"]
    assert (gross.numerator, gross.denominator) == (330_000_00, 450_000_00)
    assert december["net_revenue_retention"].numerator == 360_000_00
    november = told(desk, Period(date(2026, 11, 1), date(2026, 11, 30)))
    assert november["win_backs"].value == 1
    september = told(desk, Period(date(2026, 9, 1), date(2026, 9, 30)))
    assert (september["logo_churn_rate"].numerator, september["logo_churn_rate"].denominator) == (1, 4)
    with desk.read() as connection:
        found = bridge(connection, Period(date(2026, 9, 1), date(2026, 12, 31)), LATER)
    assert found.opening + found.moved == found.closing
    assert found.opening == 480_000_00
    assert found.closing == 360_000_00
