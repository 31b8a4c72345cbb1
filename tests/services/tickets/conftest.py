"""Accounts that ask, and short ways to do what product and the CSM do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from csdesk.models.vocabulary import Channel
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.queries import DemandView, TicketView, demand, ticket
from csdesk.services.tickets.queries import to_tell as queue
from csdesk.services.tickets.rules import TicketFields
from csdesk.services.tickets.telling import Tell, tell_customers
from tests.conftest import TODAY


class Loop:
    """A desk with accounts by letter, and the requirements loop around them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.accounts: dict[str, int] = {}

    def account(self, name: str) -> int:
        if name not in self.accounts:
            tier = name[0] if name[0] in "ABC" else None
            self.accounts[name] = self.desk.do(create_account, NewAccount(AccountFields(name, tier=tier))).value
        return self.accounts[name]

    def ask(self, name: str, text: str = "Reports by shift", join: int | None = None, **fields: Any) -> int:
        """A ticket of an account, its demand joined where one is given."""
        wish = NewTicket(replace(TicketFields(text), **fields), self.account(name), join_demand_id=join)
        return self.desk.do(create_ticket, wish).value

    def ticket(self, ticket_id: int) -> TicketView:
        with self.desk.read() as connection:
            found = ticket(connection, ticket_id, TODAY)
        assert found is not None
        return found

    def demand(self, demand_id: int) -> DemandView:
        with self.desk.read() as connection:
            found = demand(connection, demand_id, TODAY)
        assert found is not None
        return found

    def demand_of(self, ticket_id: int) -> int:
        found = self.ticket(ticket_id).row.demand_id
        assert found is not None
        return found

    def queue(self) -> list[tuple[str, str]]:
        """Who is to be told what."""
        with self.desk.read() as connection:
            return sorted((row.account, row.cause) for row in queue(connection))

    def tell_all(self) -> None:
        with self.desk.read() as connection:
            ids = tuple(row.id for row in queue(connection))
        if ids:
            self.desk.do(tell_customers, Tell(ids, Channel.PHONE))

    def refused(self, command: Callable[..., Any], wish: Any) -> list[str]:
        """The fields at which a command was refused."""
        from csdesk.services.core.errors import Problems

        with pytest.raises(Problems) as caught:
            self.desk.do(command, wish)
        return [problem.field for problem in caught.value.problems]


@pytest.fixture
def loop(desk: Desk) -> Loop:
    return Loop(desk)
