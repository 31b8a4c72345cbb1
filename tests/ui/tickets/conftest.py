"""Eight accounts that ask for six things, each thing at another stage on its way to product and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import Decision, Importance, Scope, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.demands import (
    Demands,
    ReleaseDemands,
    Review,
    release_demands,
    review_demand,
    send_demands,
)
from csdesk.services.tickets.queries import ticket
from csdesk.services.tickets.rules import TicketFields
from tests.conftest import TODAY

NAMES = ("Aster", "Birch", "Cedar", "Dill", "Elm", "Fern", "Gorse", "Hazel")
WANTED = {
    "Shift reports": ("Aster", "Birch", "Cedar"),
    "Own badges": ("Dill", "Elm"),
    "Work offline": ("Fern", "Gorse"),
    "Export by store": ("Aster", "Dill"),
    "Faster scan": ("Birch", "Hazel"),
    "Regions apart": ("Cedar",),
}


@pytest.fixture
def asked(desk: Desk) -> dict[str, int]:
    """The demands by title: two to be reviewed, one with product, one dated, one released, one declined."""
    accounts = {}
    for place, name in enumerate(NAMES):
        tier = Tier.A if place < 4 else Tier.B
        accounts[name] = desk.do(create_account, NewAccount(AccountFields(name, tier=tier))).value
        terms = ContractFields(
            f"C-{name}", start_on=date(2026, 2, 1), end_on=date(2027, 1, 31), amount=Decimal(100_000 - place * 10_000)
        )
        desk.do(create_contract, NewContract(accounts[name], terms))
    made: dict[str, int] = {}
    for title, names in WANTED.items():
        for place, name in enumerate(names):
            fields = TicketFields(
                f"{name} wants {title.lower()}", title=title if not place else "",
                importance=Importance.CRITICAL if not place else Importance.NICE, reported_on=date(2026, 11, 2 + place),
            )  # fmt: skip
            wish = NewTicket(fields, accounts[name], join_demand_id=made.get(title))
            asked_id = desk.do(create_ticket, wish).value
            with desk.read() as connection:
                found = ticket(connection, asked_id, TODAY)
            assert found is not None
            assert found.row.demand_id is not None
            made[title] = found.row.demand_id
    desk.do(send_demands, Demands((made["Work offline"],), date(2026, 11, 13)))
    for title in ("Export by store", "Faster scan"):
        yes = Review(
            made[title], Decision.ACCEPTED, True, Scope.GENERIC, by="Wang", release="V5", planned_on=date(2027, 1, 15),
            on=date(2026, 11, 16),
        )  # fmt: skip
        desk.do(review_demand, yes)
    desk.do(release_demands, ReleaseDemands((made["Faster scan"],), date(2026, 11, 18)))
    no = Review(
        made["Regions apart"], Decision.DECLINED, False, Scope.CUSTOM, reason="too large", answer="Use groups.", by="Wang",
        on=date(2026, 11, 16),
    )  # fmt: skip
    desk.do(review_demand, no)
    return made
