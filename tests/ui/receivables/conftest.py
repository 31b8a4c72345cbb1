"""Two contracts in a real store: one to be paid by quarter, one in dollars at once."""

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
from csdesk.services.receivables.rules import Rhythm


@pytest.fixture
def two(desk: Desk) -> dict[str, int]:
    """The accounts' ids by name, the contracts' by number."""
    made = {}
    for name, number, currency, rhythm in (
        ("Aster", "HT-1", "CNY", Rhythm.QUARTERLY),
        ("Birch", "HT-2", "USD", Rhythm.ONCE),
    ):
        made[name] = desk.do(create_account, NewAccount(AccountFields(name=name))).value
        fields = ContractFields(
            number, currency=currency, start_on=date(2026, 3, 1), end_on=date(2027, 2, 28), amount=Decimal(1200)
        )
        wish = NewPlannedContract(NewContract(made[name], fields), rhythm)
        made[number] = desk.do(create_planned_contract, wish).value
    return made
