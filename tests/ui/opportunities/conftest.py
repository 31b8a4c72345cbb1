"""Two accounts, one with a contract, and three opportunities in a real store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import OpportunityStage
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.opportunities.commands import NewOpportunity, create_opportunity
from csdesk.services.opportunities.rules import OpportunityFields


@pytest.fixture
def ada(desk: Desk) -> int:
    """An account with ten seats for 12,000 in 2026, and two opportunities; the third is Bob's."""
    made = [desk.do(create_account, NewAccount(AccountFields(name))).value for name in ("Ada", "Bob")]
    terms = ContractFields(
        "HT-1", "Core", 10, start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), amount=Decimal(12_000)
    )
    desk.do(create_contract, NewContract(made[0], terms))
    for title, account, stage, amount in (
        ("Ten seats", made[0], OpportunityStage.PROPOSED, 6_000), ("Chat", made[0], OpportunityStage.SPOTTED, 1_000),
        ("Upgrade", made[1], OpportunityStage.NEGOTIATING, 4_000),
    ):  # fmt: skip
        fields = OpportunityFields(title, seats=10, amount=Decimal(amount), stage=stage, expected_on=date(2026, 12, 20))
        desk.do(create_opportunity, NewOpportunity(fields, account))
    return made[0]
