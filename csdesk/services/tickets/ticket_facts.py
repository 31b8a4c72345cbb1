"""What the forms of tickets read: an account's people, modules in use, a ticket's words as they were typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, func, select

from csdesk.models.contacts import Contact
from csdesk.models.vocabulary import TicketKind
from csdesk.services.attachments.queries import AttachmentRow, attachments_of_tickets
from csdesk.services.core.columns import Filter
from csdesk.services.core.listing import Listing
from csdesk.services.core.stored import many
from csdesk.services.tickets.listings import tickets, view_counts
from csdesk.services.tickets.queries import TicketRow, TicketView, ticket, ticket_rows
from csdesk.services.tickets.rules import Deadlines, Standard, ticket_number
from csdesk.services.tickets.standing import TICKETS, TicketRules, ticket_rules

CONTACTS: Any = Contact.__table__
MOST_MODULES = 200
USUAL = TicketRules(Standard(), Deadlines(lambda day: day.weekday() < 5), 6, Decimal(0), 3, 120, {}, "")
"""The rules before the settings have been read."""


@dataclass(frozen=True)
class FormChoices:
    """What a ticket's form completes from: modules in use, the most frequent first; (id, name) of the account's people."""

    modules: tuple[str, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()


def form_choices(connection: Connection, account_id: int | None) -> FormChoices:
    """The modules of all tickets, and the people of one account who are still there."""
    module = TICKETS.c.module
    modules = connection.scalars(
        select(module)
        .where(TICKETS.c.deleted_at.is_(None), module != "")
        .group_by(module)
        .order_by(func.count().desc(), module)
        .limit(MOST_MODULES)
    )
    people = connection.execute(
        select(CONTACTS.c.id, CONTACTS.c.name)
        .where(CONTACTS.c.account_id == account_id, CONTACTS.c.deleted_at.is_(None), CONTACTS.c.left_on.is_(None))
        .order_by(CONTACTS.c.position, CONTACTS.c.id)
    )
    return FormChoices(tuple(modules), tuple((str(row.id), row.name) for row in people))


def bugs(today: date, rules: TicketRules) -> Listing:
    """The list of bugs alone."""
    living = and_(TICKETS.c.deleted_at.is_(None), TICKETS.c.kind == TicketKind.BUG)
    return replace(tickets(today, rules), base=living)


def counts_of(connection: Connection, only_bugs: bool, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many tickets, or bugs, each set of conditions holds."""
    listing = (bugs if only_bugs else tickets)(today, ticket_rules(connection))
    return view_counts(connection, listing, views, today)


def some_tickets(connection: Connection, ids: Iterable[int]) -> list[TicketRow]:
    """These tickets, those in the bin left out."""
    return ticket_rows(connection, TICKETS.c.id.in_(many(ids)))


def ticket_form(connection: Connection, ticket_id: int) -> tuple[Mapping[str, Any], FormChoices] | None:
    """A ticket's columns by name, ``shown`` its number and ``contact`` the id of who said it; None where it is gone."""
    found = connection.execute(
        select(TICKETS).where(TICKETS.c.id == ticket_id, TICKETS.c.deleted_at.is_(None))
    ).mappings()  # fmt: skip
    row = next(iter(found), None)
    if row is None:
        return None
    shown = {"shown": ticket_number(row["kind"], row["number"]), "contact": row["contact_id"]}
    return {**row, **shown}, form_choices(connection, row["account_id"])


@dataclass(frozen=True)
class TicketPageView:
    """A ticket with its files, and by name what its moves look at (why, seen, severity)."""

    ticket: TicketView
    files: tuple[AttachmentRow, ...]

    @property
    def lacking(self) -> Mapping[str, Any]:
        """What is known of the fields that moves need."""
        return {**self.ticket.details, "severity": self.ticket.row.severity}


def ticket_page(connection: Connection, ticket_id: int, today: date) -> TicketPageView | None:
    """All that the page of one ticket shows; None where it is gone."""
    found = ticket(connection, ticket_id, today)
    return None if found is None else TicketPageView(found, tuple(attachments_of_tickets(connection, [ticket_id])))
