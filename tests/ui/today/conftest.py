"""A day with something of everything: overdue, today, ahead."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from csdesk.models.handover import Handover
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import HandoverState, Tier, VisitKind, VisitState
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.visits.commands import AddVisit, add_visit
from tests.conftest import TODAY


@command("Something left over")
def leave_over(uow: UnitOfWork, ids: dict[str, int]) -> None:
    """A visit of last Friday that nobody wrote down, a handover that waits since Friday."""
    friday = date(2026, 11, 20)
    uow.add(Visit(account_id=ids["Cedar"], kind=VisitKind.ONSITE, state=VisitState.PLANNED, planned_on=friday))
    uow.add(Handover(account_id=ids["Dogwood"], state=HandoverState.RECEIVED, received_on=friday, goals="go live"))


@pytest.fixture
def busy(desk: Desk) -> dict[str, int]:
    """Ids of five accounts by name."""
    made = {}
    for name in ("Amber", "Birch", "Cedar", "Dogwood", "Elm"):
        made[name] = desk.do(create_account, NewAccount(AccountFields(name, tier=Tier.B, city="Wuxi"))).value
    for name, end in (("Amber", date(2026, 12, 10)), ("Birch", date(2026, 11, 10))):
        terms = ContractFields(f"C-{name}", start_on=date(2026, 1, 1), end_on=end, amount=Decimal(120_000))
        desk.do(create_contract, NewContract(made[name], terms))
    desk.do(leave_over, made)
    desk.do(add_visit, AddVisit(made["Elm"], TODAY, starts_at="14:00", goal="settle the pilot"))
    desk.do(add_visit, AddVisit(made["Amber"], TODAY, starts_at="09:30", goal="agree on the renewal"))
    return made
