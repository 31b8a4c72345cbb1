"""One command, one transaction, one record of what changed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from csdesk.models.accounts import Account
from csdesk.models.journal import Change, Step
from csdesk.models.vocabulary import Action
from csdesk.services.accounts.commands import (
    ChangeAccount,
    ChangeMany,
    DeleteAccounts,
    NewAccount,
    change_account,
    change_accounts,
    create_account,
    delete_accounts,
)
from csdesk.services.accounts.queries import account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Cancelled, Conflict, NeedsConfirmation
from csdesk.services.core.history import history_of
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command


def make(desk: Desk, name: str = "Acme") -> int:
    return desk.do(create_account, NewAccount(AccountFields(name, tier=None))).value


@dataclass(frozen=True)
class Many:
    names: tuple[str, ...]


@command(N_("Accounts changed: {names}"))
def make_many(uow: UnitOfWork, wish: Many) -> list[int]:
    uow.name(names=", ".join(wish.names))
    return uow.insert_many(Account, [{"name": name, "tier": "A"} for name in wish.names])


@command(N_("Accounts changed: {names}"))
def fail_halfway(uow: UnitOfWork, wish: Many) -> None:
    for name in wish.names:
        uow.add(Account(name=name))
        uow.session.flush()
    raise RuntimeError("a bug")


def test_a_command_tells_what_it_changed_and_names_its_step(desk: Desk) -> None:
    done = desk.do(create_account, NewAccount(AccountFields("Acme")))
    assert done.changes.ids("accounts") == {done.value}
    assert done.step is not None
    assert done.step.text == "New account: Acme"


def test_a_command_that_fails_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(RuntimeError):
        desk.do(fail_halfway, Many(("a", "b")))
    with desk.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Account)) == 0
        assert connection.scalar(select(func.count()).select_from(Step)) == 0


def test_a_command_that_changes_nothing_is_no_step(desk: Desk) -> None:
    row_id = make(desk)
    desk.do(change_accounts, ChangeMany((row_id,), {"tier": "A"}))
    assert desk.do(change_accounts, ChangeMany((row_id,), {"tier": "A"})).step is None
    assert desk.undo().step is not None


def test_an_older_version_is_a_conflict(desk: Desk) -> None:
    row_id = make(desk)
    with desk.read() as connection:
        row = account(connection, row_id)
    assert row is not None
    desk.do(change_account, ChangeAccount(row_id, AccountFields("Acme 2"), row.version))
    with pytest.raises(Conflict):
        desk.do(change_account, ChangeAccount(row_id, AccountFields("Acme 3"), row.version))


def test_a_second_account_of_the_same_name_is_asked_for(desk: Desk) -> None:
    make(desk)
    with pytest.raises(NeedsConfirmation) as asked:
        make(desk)
    desk.do(create_account, NewAccount(AccountFields("Acme")), confirmed={asked.value.key})
    with desk.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Account)) == 2


def test_bulk_inserts_are_journalled_by_id_and_undone_into_the_bin(desk: Desk) -> None:
    ids = desk.do(make_many, Many(tuple(f"n{n}" for n in range(1000)))).value
    with desk.read() as connection:
        actions = list(connection.scalars(select(Change.action)))
    assert actions == [Action.BULK_INSERT]
    assert desk.undo().value.rows == 1000
    with desk.read() as connection:
        assert account(connection, ids[0]) is None
    desk.redo()
    with desk.read() as connection:
        found = account(connection, ids[0])
    assert found is not None
    assert found.name == "n0"
    assert found.tier == "A"


def test_undo_in_the_middle_is_refused_with_the_later_change_named(desk: Desk) -> None:
    first = desk.do(create_account, NewAccount(AccountFields("Acme"))).step
    assert first is not None
    with desk.read() as connection:
        row_id = connection.scalar(select(Account.id))
    desk.do(create_contact, NewContact(row_id, ContactFields("Chen")))
    with pytest.raises(Conflict):
        desk.undo_step(first.id)
    with desk.read() as connection:
        assert account(connection, row_id) is not None


def test_taking_a_bulk_step_back_keeps_what_was_edited_since(desk: Desk) -> None:
    done = desk.do(make_many, Many(("a", "b", "c")))
    assert done.step is not None
    a, b, c = done.value
    desk.do(change_accounts, ChangeMany((a,), {"tier": "B"}))
    desk.do(create_contact, NewContact(b, ContactFields("Chen")))
    reversal = desk.undo_step(done.step.id, keep_edited=True).value
    assert reversal.kept["accounts"] == {a, b}
    with desk.read() as connection:
        assert account(connection, a) is not None
        assert account(connection, b) is not None
        assert account(connection, c) is None


def test_what_belongs_to_an_account_goes_and_comes_with_it(desk: Desk) -> None:
    row_id = make(desk)
    desk.do(create_contact, NewContact(row_id, ContactFields("Chen")))
    desk.do(delete_accounts, DeleteAccounts((row_id,)))
    with pytest.raises(Conflict):
        desk.do(create_contact, NewContact(row_id, ContactFields("Li")))
    desk.undo()
    with desk.read() as connection:
        row = account(connection, row_id)
    assert row is not None
    assert row.contact_name == "Chen"


def test_a_rehearsal_returns_what_would_be_and_stores_nothing(desk: Desk) -> None:
    assert len(desk.rehearse(make_many, Many(("a", "b")))) == 2
    with desk.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Account)) == 0


def test_cancelled_work_leaves_nothing(desk: Desk) -> None:
    progress = Progress()
    ids = desk.do(make_many, Many(("a", "b"))).value
    progress.cancel()
    with pytest.raises(Cancelled):
        desk.do(change_accounts, ChangeMany(tuple(ids), {"tier": "C"}), progress=progress)
    with desk.read() as connection:
        assert set(connection.scalars(select(Account.tier))) == {"A"}


def test_the_history_of_a_record_names_the_commands(desk: Desk) -> None:
    row_id = make(desk)
    desk.do(change_accounts, ChangeMany((row_id,), {"tier": "B"}))
    with desk.read() as connection:
        entries = history_of(connection, "accounts", row_id)
    assert [entry.title for entry in entries] == ["Accounts changed: Acme", "New account: Acme"]
    assert entries[0].before["tier"] is None
    assert entries[0].after["tier"] == "B"
