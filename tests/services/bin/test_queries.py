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
from csdesk.services.bin.queries import BIN
from csdesk.services.contacts.commands import DeleteContact, NewContact, create_contact, delete_contact
from csdesk.services.contacts.queries import contacts_of
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from tests.conftest import TODAY


def test_an_account_with_its_people_is_one_thing(desk: Desk) -> None:
    account = desk.do(create_account, NewAccount(AccountFields("Acme"))).value
    early = desk.do(create_contact, NewContact(account, ContactFields("Chen"))).value
    desk.do(create_contact, NewContact(account, ContactFields("Li")))
    desk.do(delete_contact, DeleteContact(early))
    desk.do(delete_accounts, DeleteAccounts((account,)))
    with desk.read() as connection:
        ids = BIN.ids(connection, Query(), TODAY)
        rows = BIN.rows(connection, ids)
        by_kind = BIN.ids(connection, Query(filters=(Filter("kind", "contacts"),)), TODAY)
        by_word = BIN.ids(connection, Query("acm che"), TODAY)
    assert [(rows[record][1], rows[record][0]) for record in ids] == [("accounts", "Acme"), ("contacts", "Chen")]
    assert by_kind == by_word == [early]
    desk.do(restore_records, Restore("accounts", (account,)))
    with desk.read() as connection:
        assert [contact.name for contact in contacts_of(connection, account)] == ["Li"]
