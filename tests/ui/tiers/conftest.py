"""Ten accounts with a contract each, the largest first, in a real store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk

AMOUNTS = (500, 400, 90, 80, 70, 60, 50, 40, 30, 20)


@pytest.fixture
def ten(desk: Desk) -> list[int]:
    """Ids; N0 to N4 have tier C and are worth more, the others none and are worth C."""
    made = []
    for place, thousands in enumerate(AMOUNTS):
        fields = AccountFields(f"N{place}", tier=Tier.C if place < 5 else None)
        made.append(desk.do(create_account, NewAccount(fields)).value)
        terms = ContractFields(
            f"K{place}", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), amount=Decimal(thousands * 1000)
        )
        desk.do(create_contract, NewContract(made[-1], terms))
    return made
