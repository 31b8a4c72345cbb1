"""Contracts on their way: one that has ended, two near, one at the end of the window, one decided."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import RenewalCause, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.money import anniversary
from csdesk.services.renewals.commands import RecordLoss, SetRenewals, record_loss, set_renewals
from tests.conftest import TODAY

LEFT = {"Late": (-3, 60_000), "Near": (20, 120_000), "Next": (25, 80_000), "Far": (140, 200_000), "Gone": (50, 30_000)}


@pytest.fixture
def ending(desk: Desk) -> dict[str, int]:
    """The contracts by the name of their account; Near is likely and contacted, Next at risk, Gone is lost."""
    made = {}
    for name, (left, amount) in LEFT.items():
        account = desk.do(create_account, NewAccount(AccountFields(name, tier=Tier.B, city="Bonn"))).value
        end = TODAY + timedelta(left)
        start = anniversary(end + timedelta(1), -12)
        fields = ContractFields(
            f"HT-{name}", products="Core", seats=20, amount=Decimal(amount), start_on=start, end_on=end
        )
        made[name] = desk.do(create_contract, NewContract(account, fields)).value
    desk.do(
        set_renewals, SetRenewals((made["Near"],), {"category": "likely", "stage": "contacted", "next_step": "Ask"})
    )
    desk.do(set_renewals, SetRenewals((made["Next"],), {"category": "at_risk"}))
    desk.do(record_loss, RecordLoss((made["Gone"],), RenewalCause.PRICE))
    return made
