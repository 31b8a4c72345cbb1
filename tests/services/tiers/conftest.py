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
"""Thousands a year: the largest two of ten are the head, the next three the middle."""


def with_contract(desk: Desk, name: str, thousands: int, tier: Tier | None = None, seats: int | None = None) -> int:
    """An account whose contract runs through 2026."""
    made = desk.do(create_account, NewAccount(AccountFields(name, tier=tier, city="Wuxi", industry="Tools"))).value
    terms = ContractFields(
        f"C-{name}", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), amount=Decimal(thousands * 1000), seats=seats,
        products="Core",
    )  # fmt: skip
    desk.do(create_contract, NewContract(made, terms))
    return made


@pytest.fixture
def ten(desk: Desk) -> list[int]:
    """Ids, the largest first; all of them without a tier."""
    return [with_contract(desk, f"N{place}", amount) for place, amount in enumerate(AMOUNTS)]
