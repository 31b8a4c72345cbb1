"""An account with one contract of 1,200 for a year, to be paid by quarter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.receivables.commands import NewPlannedContract, create_planned_contract
from csdesk.services.receivables.queries import AccountMoney, contract_money
from csdesk.services.receivables.rules import Rhythm
from tests.conftest import TODAY


class Case:
    """One account, one contract; asked again each time."""

    def __init__(self, desk: Desk, name: str = "Aster", currency: str = "CNY", number: str = "HT-1") -> None:
        self.desk = desk
        self.account = desk.do(create_account, NewAccount(AccountFields(name=name))).value
        fields = ContractFields(
            number, currency=currency, start_on=date(2026, 3, 1), end_on=date(2027, 2, 28), amount=Decimal(1200)
        )
        wish = NewPlannedContract(NewContract(self.account, fields), Rhythm.QUARTERLY)
        self.contract = desk.do(create_planned_contract, wish).value

    def seen(self) -> AccountMoney:
        with self.desk.read() as connection:
            return contract_money(connection, self.contract, TODAY)

    def paid(self) -> list[int]:
        """Cents paid on each instalment, the oldest first."""
        return [row.paid for row in self.seen().money.instalments]

    def ids(self) -> list[int]:
        return [row.id for row in self.seen().money.instalments]


@pytest.fixture
def case(desk: Desk) -> Case:
    return Case(desk)
