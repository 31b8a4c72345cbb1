"""Accounts with a contract each that ends so many days ahead, and short ways to ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from csdesk.models.vocabulary import Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.core.money import anniversary
from csdesk.services.renewals.queries import RenewalCard, cards
from tests.conftest import TODAY


class Book:
    """A desk with contracts by the name of their account."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.accounts: dict[str, int] = {}
        self.contracts: dict[str, int] = {}

    def sign(self, name: str, left: int, amount: int = 120_000, months: int = 12, **more: Any) -> int:
        """A contract of so many months that ends ``left`` days from today."""
        self.accounts[name] = self.desk.do(create_account, NewAccount(AccountFields(name, tier=Tier.B))).value
        end = TODAY + timedelta(left)
        start = anniversary(end + timedelta(1), -months)
        fields = ContractFields(
            f"HT-{name}", products="Core", seats=20, amount=Decimal(amount), start_on=start, end_on=end, **more
        )
        self.contracts[name] = self.desk.do(create_contract, NewContract(self.accounts[name], fields)).value
        return self.contracts[name]

    def card(self, name: str) -> RenewalCard:
        """How it stands."""
        return next(card for card in self.cards() if card.account == name)

    def cards(self) -> list[RenewalCard]:
        with self.desk.read() as connection:
            return cards(connection, TODAY)

    def ask(self, function: Callable[..., Any], *args: Any) -> Any:
        with self.desk.read() as connection:
            return function(connection, *args)

    def refused(self, command: Any, wish: Any) -> list[str]:
        """The fields at which a command was refused."""
        with pytest.raises(Problems) as caught:
            self.desk.do(command, wish)
        return [problem.field for problem in caught.value.problems]


@pytest.fixture
def book(desk: Desk) -> Book:
    return Book(desk)
