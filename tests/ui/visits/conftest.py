"""Seven accounts that were never visited, and room for one visit a day: five find a place, two are left out."""

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
from csdesk.services.settings.commands import ChangeSettings, change_settings

NAMES = ("Aster", "Birch", "Cedar", "Dill", "Elm", "Fern", "Gorse")


@pytest.fixture
def seven(desk: Desk) -> dict[str, int]:
    """Ids by name; all of tier A, in one city, with a contract that ends in the new year."""
    desk.do(change_settings, ChangeSettings({"visits.per_day": 1}))
    made = {}
    for name in NAMES:
        made[name] = desk.do(create_account, NewAccount(AccountFields(name, tier=Tier.A, city="Wuxi"))).value
        terms = ContractFields(f"C-{name}", start_on=date(2026, 2, 1), end_on=date(2027, 1, 31), amount=Decimal(90_000))
        desk.do(create_contract, NewContract(made[name], terms))
    return made
