"""Customers that ask for things, and what product makes of it: short words for the tests of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from csdesk.models.tickets import Notice, Ticket
from csdesk.models.vocabulary import (
    Channel,
    Decision,
    NoticeState,
    Scope,
    Severity,
    TicketKind,
    Tier,
)
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.services.tickets.commands import MoveTickets, NewTicket, create_ticket, move_tickets
from csdesk.services.tickets.demands import Review, review_demand
from csdesk.services.tickets.rules import TicketFields
from tests.conftest import TODAY

LONG_AGO = date(2026, 10, 8)


@dataclass(frozen=True)
class Story:
    """Ids by the customers' names: accounts, their people, their tickets; the demand that Amber and Birch share."""

    accounts: dict[str, int]
    people: dict[str, int]
    tickets: dict[str, int]
    demand: int
    bug: int


def account(desk: Desk, name: str, tier: Tier = Tier.B) -> int:
    """An account."""
    return desk.do(create_account, NewAccount(AccountFields(name, tier=tier, city="Wuxi"))).value


def ask(desk: Desk, account_id: int, text: str, join: int | None = None, person: int | None = None) -> int:
    """A requirement that came by phone."""
    fields = TicketFields(text, contact_id=person, channel=Channel.PHONE, why="month end", reported_on=LONG_AGO)
    return desk.do(create_ticket, NewTicket(fields, account_id, join_demand_id=join)).value


def report(desk: Desk, account_id: int, text: str) -> int:
    """A bug that blocks the work."""
    fields = TicketFields(
        text, TicketKind.BUG, seen="nothing happens", severity=Severity.BLOCKING, reported_on=LONG_AGO
    )  # fmt: skip
    return desk.do(create_ticket, NewTicket(fields, account_id)).value


def demand_of(desk: Desk, ticket: int) -> int:
    """The demand of a requirement."""
    with desk.read() as connection:
        return connection.scalar(select(Ticket.demand_id).where(Ticket.id == ticket)) or 0


def told_story(desk: Desk) -> Story:
    """Amber (Ms Chen, by phone) and Birch ask for an export; Cedar reports a bug. Nothing is decided yet."""
    accounts = {name: account(desk, name) for name in ("Amber", "Birch", "Cedar")}
    chen = desk.do(create_contact, NewContact(accounts["Amber"], ContactFields("Ms Chen"))).value
    first = ask(desk, accounts["Amber"], "We copy 300 lines by hand, <b>every</b> month", person=chen)
    demand = demand_of(desk, first)
    tickets = {
        "Amber": first,
        "Birch": ask(desk, accounts["Birch"], "Export to Excel, please", demand),
        "Cedar": report(desk, accounts["Cedar"], "Scanner loses lines"),
    }
    return Story(accounts, {"Amber": chen}, tickets, demand, tickets["Cedar"])


def accept(desk: Desk, demand: int, day: date, release: str = "", on: date | None = None) -> None:
    """Product accepts, with a day."""
    desk.do(
        review_demand,
        Review(demand, Decision.ACCEPTED, True, Scope.GENERIC, by="Li Lei", release=release, planned_on=day, on=on),
    )


def decline(desk: Desk, demand: int, on: date | None = None) -> None:
    """Product declines, with a word for the customer."""
    wish = Review(demand, Decision.DECLINED, False, Scope.CUSTOM, reason="too few", answer="Use the print view.", on=on)
    desk.do(review_demand, wish)


def promise(desk: Desk, bug: int, day: date, verb: str = "accept", release: str = "") -> None:
    """A day for a fix, the first one or another."""
    desk.do(move_tickets, MoveTickets((bug,), verb, planned_on=day, release=release))


def waiting(desk: Desk) -> list[tuple[int, str, str]]:
    """What is to be told: account, cause and planned day, in the order of making."""
    with desk.read() as connection:
        rows = connection.execute(
            select(Notice.account_id, Notice.cause, Notice.planned_on)
            .where(Notice.state == NoticeState.OPEN, Notice.deleted_at.is_(None))
            .order_by(Notice.id)
        ).all()
    return [(row[0], row[1], row[2].isoformat() if row[2] else "") for row in rows]


def notice_ids(desk: Desk) -> list[int]:
    """The answers to tell, in the order of making."""
    with desk.read() as connection:
        found = select(Notice.id).where(Notice.state == NoticeState.OPEN, Notice.deleted_at.is_(None))
        return list(connection.scalars(found.order_by(Notice.id)))


__all__ = [
    "LONG_AGO", "TODAY", "Story", "accept", "account", "ask", "decline", "demand_of", "notice_ids", "promise", "report",
    "told_story", "waiting",
]  # fmt: skip
