"""Making, changing and deleting contacts."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command


@dataclass(frozen=True)
class NewContact:
    """A person at an account."""

    account_id: int
    fields: ContactFields


@dataclass(frozen=True)
class ChangeContact:
    """New values for a contact; ``version`` as it was read (None: whatever it is)."""

    id: int
    fields: ContactFields
    version: int | None = None


@dataclass(frozen=True)
class DeleteContact:
    """Into the bin."""

    id: int


@command(N_("New contact: {name}"))
def create_contact(uow: UnitOfWork, wish: NewContact) -> int:
    """Store a contact, last in the account's order; returns its id."""
    uow.get(Account, wish.account_id)
    last = uow.session.scalar(select(func.max(Contact.position)).where(Contact.account_id == wish.account_id)) or 0
    row = uow.add(Contact(account_id=wish.account_id, position=last + 1, **asdict(wish.fields)))
    uow.name(name=row.name)
    return row.id


@command(N_("Contact changed: {name}"))
def change_contact(uow: UnitOfWork, wish: ChangeContact) -> None:
    """Store new values. Raises Conflict where the contact changed since ``version``."""
    row = uow.get(Contact, wish.id, wish.version)
    for key, value in asdict(wish.fields).items():
        setattr(row, key, value)
    row.pinyin = row.initials = None
    uow.name(name=row.name)


@command(N_("Contact deleted: {name}"))
def delete_contact(uow: UnitOfWork, wish: DeleteContact) -> None:
    """Move a contact into the bin."""
    row = uow.get(Contact, wish.id)
    uow.name(name=row.name)
    uow.bin(row)
