"""Reading contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from csdesk.models.contacts import Contact


@dataclass(frozen=True)
class ContactRow:
    """A contact as screens show it."""

    id: int
    version: int
    account_id: int
    name: str
    title: str
    role: str | None
    phone: str
    email: str
    wechat: str
    sentiment: str | None
    left_on: date | None
    notes: str


FIELDS = [getattr(Contact, name) for name in ContactRow.__dataclass_fields__]


def contacts_of(connection: Connection, account_id: int) -> list[ContactRow]:
    """An account's people: those still there first, in the account's order."""
    rows = connection.execute(
        select(*FIELDS)
        .where(Contact.account_id == account_id, Contact.deleted_at.is_(None))
        .order_by(Contact.left_on.is_not(None), Contact.position, Contact.id)
    )
    return [ContactRow(*row) for row in rows]


def contact(connection: Connection, contact_id: int) -> ContactRow | None:
    """One contact that is not in the bin."""
    row = connection.execute(select(*FIELDS).where(Contact.id == contact_id, Contact.deleted_at.is_(None))).first()
    return None if row is None else ContactRow(*row)
