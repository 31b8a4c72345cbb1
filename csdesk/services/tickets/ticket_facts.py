"""What the forms of tickets read: an account's people, modules in use, a ticket's words as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from csdesk.models.contacts import Contact
from csdesk.services.tickets.rules import ticket_number
from csdesk.services.tickets.standing import TICKETS

CONTACTS: Any = Contact.__table__
MOST_MODULES = 200


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
