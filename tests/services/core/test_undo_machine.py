"""A machine plays the user: makes, changes, deletes, brings back, removes for good, undoes and redoes; the store must
always be what a plain list of snapshots says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import text

from csdesk.app import STORE_NAME, open_desk
from csdesk.services.accounts.commands import (
    ChangeMany,
    DeleteAccounts,
    NewAccount,
    Restore,
    change_accounts,
    create_account,
    delete_accounts,
    restore_records,
)
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.bin.commands import Purge, purge_records
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, NeedsConfirmation
from tests.conftest import TODAY

Snapshot = tuple[tuple[Any, ...], ...]
STATE = {
    "accounts": "SELECT id, name, tier, owner, deleted_at IS NULL FROM accounts ORDER BY id",
    "contacts": "SELECT id, account_id, name, deleted_at IS NULL FROM contacts ORDER BY id",
}


def snapshot(desk: Desk) -> Snapshot:
    """What is alive, field by field."""
    with desk.read() as connection:
        rows = [tuple(row) for statement in STATE.values() for row in connection.execute(text(statement))]
    return tuple(row for row in rows if row[-1])


class Desks(RuleBasedStateMachine):
    """``past`` and ``future`` hold what the store held before and after each step, with the accounts that it touched.

    A step that touched an account which is ``gone`` for good is refused.
    """

    accounts = Bundle("accounts")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desk = open_desk(self.folder, Clock(TODAY))
        self.past: list[tuple[Snapshot, int]] = []
        self.future: list[tuple[Snapshot, int]] = []
        self.now: Snapshot = ()
        self.made: set[int] = set()
        self.gone: set[int] = set()

    def did(self, step: object, account: int) -> None:
        if step is not None:
            self.past.append((self.now, account))
            self.future.clear()
        self.now = snapshot(self.desk)

    def alive(self, account: int) -> bool:
        return any(row[0] == account for row in self.now)

    @rule(target=accounts, name=st.sampled_from(["a", "b", "<b>", "=1+1", "\u5ba2\u6237"]))
    def make(self, name: str) -> int:
        done = self.desk.do(create_account, NewAccount(AccountFields(name)), confirmed={"twin"})
        self.did(done.step, done.value)
        self.made.add(done.value)
        return done.value

    @rule(account=accounts, name=st.sampled_from(["x", "y"]))
    def meet(self, account: int, name: str) -> None:
        if self.alive(account):
            self.did(self.desk.do(create_contact, NewContact(account, ContactFields(name))).step, account)

    @rule(account=accounts, tier=st.sampled_from(["A", "B", None]))
    def grade(self, account: int, tier: str | None) -> None:
        if self.alive(account):
            self.did(self.desk.do(change_accounts, ChangeMany((account,), {"tier": tier})).step, account)

    @rule(account=accounts)
    def delete(self, account: int) -> None:
        if self.alive(account):
            self.did(self.desk.do(delete_accounts, DeleteAccounts((account,))).step, account)

    @rule(account=accounts)
    def bring_back(self, account: int) -> None:
        if not self.alive(account) and account not in self.gone:
            self.did(self.desk.do(restore_records, Restore("accounts", (account,))).step, account)

    @rule(account=accounts)
    def remove_for_good(self, account: int) -> None:
        if self.alive(account) or account in self.gone:
            try:
                self.desk.do(purge_records, Purge((account,)), confirmed={"purge"})
            except Conflict:
                return
            raise AssertionError("removed what is not in the bin")
        self.purged(Purge((account,)), {account})

    @rule()
    def empty_the_bin(self) -> None:
        binned = {account for account in self.made - self.gone if not self.alive(account)}
        if binned:
            self.purged(Purge(), binned)

    def purged(self, wish: Purge, accounts: set[int]) -> None:
        with pytest.raises(NeedsConfirmation):
            self.desk.do(purge_records, wish)
        assert snapshot(self.desk) == self.now
        self.desk.do(purge_records, wish, confirmed={"purge"})
        self.gone |= accounts
        self.future.clear()
        assert snapshot(self.desk) == self.now

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        before, account = self.past[-1]
        if account in self.gone:
            self.refuses_undo()
            return
        self.desk.undo()
        self.future.append((self.now, account))
        self.now = before
        self.past.pop()
        assert snapshot(self.desk) == self.now

    def refuses_undo(self) -> None:
        with pytest.raises(Conflict, match="for good"):
            self.desk.undo()

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.desk.redo()
        after, account = self.future.pop()
        self.past.append((self.now, account))
        self.now = after
        assert snapshot(self.desk) == self.now

    @precondition(lambda self: not self.future)
    @rule()
    def redo_nothing(self) -> None:
        try:
            self.desk.redo()
        except Conflict:
            return
        raise AssertionError("redid something that was never undone")

    @rule()
    def restart(self) -> None:
        self.desk.close()
        self.desk = open_desk(self.folder, Clock(TODAY))

    @invariant()
    def nothing_is_left_of_what_is_gone(self) -> None:
        with self.desk.read() as connection:
            kept = set(connection.scalars(text("SELECT id FROM accounts UNION SELECT account_id FROM contacts")))
            journal = connection.execute(text("SELECT entity_id FROM changes WHERE after IS NOT NULL"))
            told = {row[0] for row in journal}
            assert connection.execute(text("PRAGMA foreign_key_check")).first() is None
        assert not self.gone & (kept | told)

    @invariant()
    def what_the_store_says_is_what_we_think(self) -> None:
        assert snapshot(self.desk) == self.now

    def teardown(self) -> None:
        self.desk.close()
        assert (self.folder / STORE_NAME).exists()
        shutil.rmtree(self.folder)


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
