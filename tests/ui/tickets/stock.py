"""What the tests of tickets begin with: accounts with people, wishes, a bug, a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from csdesk.models.vocabulary import Severity, TicketKind, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.services.search.pinyin import fill_pinyin
from csdesk.services.search.queries import StoreSearch
from csdesk.services.tickets.commands import NewTicket, create_ticket
from csdesk.services.tickets.queries import TicketView, ticket
from csdesk.services.tickets.rules import TicketFields
from csdesk.ui.core.window import MainWindow
from tests.conftest import TODAY

CHENGYUE, LINGCHI = "澄岳精工", "翎驰装备"
WISH, BUG, QUESTION = "按班组看报表", "早上登录要等一分钟", "能不能导出给店长？"


@dataclass(frozen=True)
class Stock:
    """Ids of what was made."""

    chengyue: int
    lingchi: int
    ann: int
    wish: int
    demand: int
    bug: int
    question: int


def stocked(desk: Desk) -> Stock:
    """Two accounts, a wish of the one, a bug and a question of the other."""
    chengyue = desk.do(create_account, NewAccount(AccountFields(CHENGYUE, tier=Tier.A))).value
    lingchi = desk.do(create_account, NewAccount(AccountFields(LINGCHI, tier=Tier.B))).value
    ann = desk.do(create_contact, NewContact(lingchi, ContactFields("Ann Lee"))).value
    reported = TODAY - timedelta(9)
    wish = made(desk, chengyue, TicketFields("我只想看本班报了多少", title=WISH, module="报表", reported_on=reported))
    bug = made(
        desk, lingchi, TicketFields(BUG, TicketKind.BUG, seen="502", severity=Severity.SERIOUS, contact_id=ann,
                                    reported_on=TODAY - timedelta(20))
    )  # fmt: skip
    question = made(desk, lingchi, TicketFields(QUESTION, TicketKind.QUESTION))
    fill_pinyin(desk)
    demand = view(desk, wish).row.demand_id
    assert demand is not None
    return Stock(chengyue, lingchi, ann, wish, demand, bug, question)


def made(desk: Desk, account: int, fields: TicketFields, **more: Any) -> int:
    """A ticket's id."""
    return int(desk.do(create_ticket, NewTicket(fields, account, **more)).value)


def view(desk: Desk, ticket_id: int) -> TicketView:
    """A ticket as the store has it."""
    with desk.read() as connection:
        found = ticket(connection, ticket_id, TODAY)
    assert found is not None
    return found


def with_search(window: MainWindow) -> MainWindow:
    """The window with the search loaded, as the launcher leaves it."""
    search = StoreSearch(window.context.desk)
    search.reload()
    search.wait()
    window.context.search = search
    window.context.runner.changed.connect(search.changed)
    return window
