"""Six accounts, two of them with contracts, in a real store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk

NAMES = ("Amber", "Birch", "Cedar", "Dogwood", "Elm", "Fir")


@pytest.fixture
def six(desk: Desk) -> dict[str, int]:
    """Ids by name: A, B, C and again; the first two in Wuxi; contracts at Amber (ends first) and Birch."""
    made = {}
    for place, name in enumerate(NAMES):
        fields = AccountFields(
            name, tier=tuple(Tier)[place % 3], city="Wuxi" if place < 2 else "Suzhou", owner="Lin", industry="Tools"
        )
        made[name] = desk.do(create_account, NewAccount(fields)).value
    for name, end, amount in (("Amber", date(2026, 12, 31), 120_000), ("Birch", date(2027, 6, 30), 60_000)):
        terms = ContractFields(f"C-{name}", start_on=date(2026, 1, 1), end_on=end, amount=Decimal(amount))
        desk.do(create_contract, NewContract(made[name], terms))
    desk.do(create_contact, NewContact(made["Amber"], ContactFields("Ann Lee", phone="13900000001")))
    return made
