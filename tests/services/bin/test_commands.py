"""Out of the bin: back again in one step, or for good after a question, with a journal that stays honest."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from csdesk.models.vocabulary import StepKind
from csdesk.services.accounts.commands import (
    ChangeMany,
    DeleteAccounts,
    NewAccount,
    change_accounts,
    create_account,
    delete_accounts,
)
from csdesk.services.accounts.queries import account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.bin.commands import BringBack, Purge, bring_back, purge_records
from csdesk.services.bin.queries import BIN
from csdesk.services.contacts.commands import DeleteContact, NewContact, create_contact, delete_contact
from csdesk.services.contacts.queries import contacts_of
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.contracts.commands import DeleteContract, NewContract, create_contract, delete_contract
from csdesk.services.contracts.queries import contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.columns import Query
from csdesk.services.core.desk import Desk, Done
from csdesk.services.core.errors import Conflict, NeedsConfirmation
from csdesk.services.files.checking import check
from csdesk.services.tickets.commands import NewTicket, Tickets, create_ticket, delete_tickets
from csdesk.services.tickets.rules import TicketFields
from tests.conftest import TODAY


@pytest.fixture
def acme(desk: Desk) -> int:
    """An account with a person."""
    made = desk.do(create_account, NewAccount(AccountFields("Acme"))).value
    desk.do(create_contact, NewContact(made, ContactFields("Li", phone="13900000001")))
    return made


def in_bin(desk: Desk) -> list[int]:
    with desk.read() as connection:
        return BIN.ids(connection, Query(), TODAY)


def remove(desk: Desk, *ids: int) -> Done[int]:
    return desk.do(purge_records, Purge(ids or None), confirmed={"purge"})


def test_rows_of_several_kinds_come_back_in_one_step(desk: Desk, acme: int) -> None:
    with desk.read() as connection:
        (person,) = contacts_of(connection, acme)
    desk.do(delete_contact, DeleteContact(person.id))
    desk.do(delete_accounts, DeleteAccounts((acme,)))
    done = desk.do(bring_back, BringBack((person.id, acme)))
    assert done.step is not None
    assert done.step.text == "Brought back from the bin: Acme, Li"
    assert in_bin(desk) == []
    desk.undo()
    assert set(in_bin(desk)) == {person.id, acme}


def test_the_question_names_what_goes_and_what_backups_keep(desk: Desk, acme: int) -> None:
    desk.do(delete_accounts, DeleteAccounts((acme,)))
    with pytest.raises(NeedsConfirmation) as asked:
        desk.do(purge_records, Purge((acme,)))
    assert asked.value.sentence.startswith("“Acme” will be removed for good, in all 1 account record, 1 contact. ")
    assert "cannot be taken back" in asked.value.sentence
    assert "Backups keep what they hold" in asked.value.sentence
    assert asked.value.danger
    assert in_bin(desk) == [acme]


def test_a_long_question_names_the_first_and_counts_the_rest(desk: Desk) -> None:
    ids = tuple(desk.do(create_account, NewAccount(AccountFields(f"A{n}"))).value for n in range(8))
    desk.do(delete_accounts, DeleteAccounts(ids))
    with pytest.raises(NeedsConfirmation) as asked:
        desk.do(purge_records, Purge())
    assert "and 3 more will be removed for good, in all 8 account records." in asked.value.sentence


def test_what_is_removed_for_good_leaves_nothing_but_the_fact(desk: Desk, acme: int) -> None:
    other = desk.do(create_account, NewAccount(AccountFields("Birch"))).value
    desk.do(delete_accounts, DeleteAccounts((acme,)))
    done = remove(desk)
    assert not done.can_be_undone
    with desk.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM accounts")) == 1
        assert connection.scalar(text("SELECT count(*) FROM contacts")) == 0
        assert account(connection, other) is not None
        told = connection.execute(text("SELECT before, after FROM changes WHERE after LIKE '%13900000001%'")).all()
        kinds = list(connection.scalars(text("SELECT kind FROM steps ORDER BY id DESC LIMIT 1")))
    assert told == []
    assert kinds == [StepKind.PURGE]


def test_what_is_not_in_the_bin_is_not_removed(desk: Desk, acme: int) -> None:
    with pytest.raises(Conflict):
        remove(desk, acme)
    with pytest.raises(Conflict):
        remove(desk)
    desk.do(delete_accounts, DeleteAccounts((acme,)))
    remove(desk, acme)
    with pytest.raises(Conflict):
        desk.do(bring_back, BringBack((acme,)))


def test_a_step_that_touched_it_is_refused_others_are_not(desk: Desk, acme: int) -> None:
    birch = desk.do(create_account, NewAccount(AccountFields("Birch"))).value
    both = desk.do(change_accounts, ChangeMany((acme, birch), {"owner": "Mei"})).step
    desk.do(delete_accounts, DeleteAccounts((acme,)))
    remove(desk, acme)
    for _try in range(2):
        with pytest.raises(Conflict, match="removed from the bin for good"):
            desk.undo()
    assert both is not None
    with pytest.raises(Conflict, match="removed from the bin for good"):
        desk.undo_step(both.id)
    desk.do(change_accounts, ChangeMany((birch,), {"owner": "Lin"}))
    desk.undo()
    with desk.read() as connection:
        row = account(connection, birch)
    assert row is not None
    assert row.owner == "Mei"


def test_taking_back_many_keeps_going_around_what_is_gone(desk: Desk, acme: int) -> None:
    birch = desk.do(create_account, NewAccount(AccountFields("Birch"))).value
    both = desk.do(change_accounts, ChangeMany((acme, birch), {"owner": "Mei"})).step
    desk.do(delete_accounts, DeleteAccounts((acme,)))
    remove(desk, acme)
    assert both is not None
    assert desk.undo_step(both.id, keep_edited=True).value.rows == 1
    with desk.read() as connection:
        row = account(connection, birch)
    assert row is not None
    assert row.owner == ""


def test_what_pointed_at_it_points_at_nothing_and_no_undo_points_there_again(desk: Desk, acme: int) -> None:
    terms = ContractFields("C-1", start_on=date(2025, 1, 1), end_on=date(2025, 12, 31))
    first = desk.do(create_contract, NewContract(acme, terms)).value
    after = ContractFields("C-2", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), predecessor_id=first)
    second = desk.do(create_contract, NewContract(acme, after)).value
    desk.do(delete_contract, DeleteContract(first))
    remove(desk, first)
    with desk.read() as connection:
        row = contract(connection, second)
        assert connection.execute(text("PRAGMA foreign_key_check")).first() is None
    assert row is not None
    assert row.predecessor_id is None
    with pytest.raises(Conflict, match="removed from the bin for good"):
        desk.undo()


def test_a_ticket_comes_back_with_its_demand_or_goes_for_good_with_its_moves(desk: Desk, acme: int) -> None:
    ticket = desk.do(create_ticket, NewTicket(TicketFields("班组报表"), acme)).value
    desk.do(delete_tickets, Tickets((ticket,)))
    with desk.read() as connection:
        rows = connection.execute(text("SELECT id FROM demands")).scalars().all()
    assert set(in_bin(desk)) == {ticket, *rows}
    done = desk.do(bring_back, BringBack((ticket,)))
    assert done.step is not None
    assert done.step.text == "Brought back from the bin: 班组报表"
    assert in_bin(desk) == []
    assert not check(desk.database.path).flaws
    desk.do(delete_tickets, Tickets((ticket,)))
    with pytest.raises(NeedsConfirmation) as asked:
        desk.do(purge_records, Purge(None))
    assert "1 ticket record" in str(asked.value)
    remove(desk)
    with desk.read() as connection:
        for table in ("tickets", "ticket_moves", "demands", "demand_moves"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
