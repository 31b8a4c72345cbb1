"""The bin names what can be brought back, and what goes together stands once."""

from __future__ import annotations

from csdesk.services.accounts.commands import (
    DeleteAccounts,
    NewAccount,
    Restore,
    create_account,
    delete_accounts,
    restore_records,
)
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.bin.queries import binned
from csdesk.services.contacts.commands import DeleteContact, NewContact, create_contact, delete_contact
from csdesk.services.contacts.queries import contacts_of
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk


def test_an_account_with_its_people_is_one_thing(desk: Desk) -> None:
    account = desk.do(create_account, NewAccount(AccountFields("Acme"))).value
    early = desk.do(create_contact, NewContact(account, ContactFields("Chen"))).value
    desk.do(create_contact, NewContact(account, ContactFields("Li")))
    desk.do(delete_contact, DeleteContact(early))
    desk.do(delete_accounts, DeleteAccounts((account,)))
    with desk.read() as connection:
        found = [(row.entity, row.name) for row in binned(connection)]
    assert found == [("accounts", "Acme"), ("contacts", "Chen")]
    desk.do(restore_records, Restore("accounts", (account,)))
    with desk.read() as connection:
        assert [contact.name for contact in contacts_of(connection, account)] == ["Li"]
