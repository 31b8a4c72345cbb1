"""The check finds what SQLite cannot know, and says which record it is."""

from __future__ import annotations

import sqlite3

import pytest
from stores import SetClock, make_account

from csdesk.models.base import new_id
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.files.backups import Reason, list_backups, make_backup
from csdesk.services.files.checking import check, check_backups, examine, quick_check

ROW = "id, version, created_at, updated_at"
NEW = "1, '2026-01-01', '2026-01-01'"


def corrupt(folders: Folders, *statements: str) -> None:
    connection = sqlite3.connect(folders.store, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_whole_store_has_no_flaw(store: Desk, folders: Folders) -> None:
    store.do(make_account, "A")
    health = check(folders.store)
    assert health.whole
    assert health.facts.counts["accounts"] == 1
    assert quick_check(folders.store)


FLAWS = [
    ("contract_ends_before_start", "INSERT INTO contracts(account_id, start_on, end_on, {row}) "
     "VALUES ({account}, '2026-05-01', '2026-04-01', {id}, {new})"),
    ("unknown_word", "UPDATE accounts SET tier='Z'"),
    ("not_cents", "INSERT INTO contracts(account_id, amount, {row}) VALUES ({account}, 12.5, {id}, {new})"),
    ("no_day", "INSERT INTO contracts(account_id, signed_on, {row}) VALUES ({account}, '2026-02-30', {id}, {new})"),
    ("contract_follows_itself", "INSERT INTO contracts(account_id, predecessor_id, {row}) "
     "VALUES ({account}, {id}, {id}, {new})"),
    ("done_without_day", "INSERT INTO visits(account_id, state, reasons, minutes, position, moved_count, sequence, {row}) "
     "VALUES ({account}, 'done', '[]', 60, 0, 0, 0, {id}, {new})"),
    ("account_without_name", "UPDATE accounts SET name=' '"),
    ("requirement_without_demand", "INSERT INTO tickets(number, account_id, reported_on, {row}) "
     "VALUES (1, {account}, '2026-05-01', {id}, {new})"),
    ("unknown_word", "INSERT INTO tickets(number, kind, account_id, reported_on, {row}) "
     "VALUES (1, 'wish', {account}, '2026-05-01', {id}, {new})"),
    ("merged_into_nothing", "INSERT INTO demands(number, state, opened_on, waits_since, {row}) "
     "VALUES (1, 'merged', '2026-05-01', '2026-05-01', {id}, {new})"),
    ("demand_decided_without_review", "INSERT INTO demands(number, state, opened_on, waits_since, {row}) "
     "VALUES (1, 'declined', '2026-05-01', '2026-05-01', {id}, {new})"),
    ("no_day", "INSERT INTO demands(number, opened_on, waits_since, {row}) "
     "VALUES (1, '2026-13-01', '2026-05-01', {id}, {new})"),
    ("notice_told_without_day", "INSERT INTO notices(account_id, cause, state, due_on, {row}) "
     "VALUES ({account}, 'released', 'told', '2026-05-01', {id}, {new})"),
    ("notice_of_nothing", "INSERT INTO notices(account_id, cause, due_on, {row}) "
     "VALUES ({account}, 'released', '2026-05-01', {id}, {new})"),
    ("closed_untold", "INSERT INTO tickets(number, kind, state, account_id, reported_on, {row}) "
     "VALUES (1, 'bug', 'closed', {account}, '2026-05-01', {id}, {new})"),
    ("two_tickets_with_one_number", "INSERT INTO tickets(number, kind, account_id, reported_on, {row}) "
     "VALUES (1, 'bug', {account}, '2026-05-01', {id} - 1, {new}), (1, 'bug', {account}, '2026-05-01', {id}, {new})"),
    ("two_demands_with_one_number", "INSERT INTO demands(number, opened_on, waits_since, {row}) "
     "VALUES (1, '2026-05-01', '2026-05-01', {id} - 1, {new}), (1, '2026-05-01', '2026-05-01', {id}, {new})"),
    ("requirement_of_merged_demand", "INSERT INTO demands(number, state, opened_on, waits_since, {row}) "
     "VALUES (1, 'merged', '2026-05-01', '2026-05-01', {id}, {new});"
     "INSERT INTO tickets(number, demand_id, account_id, reported_on, {row}) "
     "VALUES (1, {id}, {account}, '2026-05-01', {id} + 1, {new})"),
    ("alive_in_binned_account", "INSERT INTO contracts(account_id, {row}) VALUES ({account}, {id}, {new})"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "statement"), FLAWS, ids=[f"{flaw[0]} {n}" for n, flaw in enumerate(FLAWS)])
def test_flaw_is_found_and_its_record_named(store: Desk, folders: Folders, code: str, statement: str) -> None:
    account = store.do(make_account, "A").value
    row = new_id()
    for one in statement.split(";"):
        corrupt(folders, one.format(row=ROW, new=NEW, account=account, id=row))
    if code == "alive_in_binned_account":
        corrupt(folders, "UPDATE accounts SET deleted_at='2026-01-01'")
    health = check(folders.store)
    assert code in {flaw.code for flaw in health.flaws}
    assert all(str(flaw.row) in flaw.sentence for flaw in health.flaws)
    assert not health.damaged


def test_dangling_reference_is_damage(store: Desk, folders: Folders) -> None:
    store.do(make_account, "A")
    corrupt(folders, f"INSERT INTO contacts(account_id, {ROW}) VALUES (99, 5, {NEW})")
    health = check(folders.store)
    assert health.damaged
    assert "contacts" in health.flaws[0].sentence


def test_file_that_is_no_store_is_refused(folders: Folders) -> None:
    folders.make()
    folders.store.write_text("nothing of the kind " * 500)
    with pytest.raises(StorageError):
        check(folders.store)


def test_backup_that_changed_is_named(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    make_backup(folders.store, folders.backups, Reason.START, clock)
    assert check_backups(folders.backups) == []
    path = list_backups(folders.backups)[0].path
    path.write_bytes(path.read_bytes()[:-1] + b"\x07")
    assert path.name in check_backups(folders.backups)[0].sentence


@pytest.mark.parametrize(("content", "code"), [(b"", "emptied"), (b"\xff" * 9000, "damaged"), (None, "missing")])
def test_store_that_cannot_be_opened_is_a_finding(
    store: Desk, folders: Folders, content: bytes | None, code: str
) -> None:
    store.close()
    folders.mark_used()
    folders.store.unlink()
    if content is not None:
        folders.store.write_bytes(content)
    health = examine(folders)
    assert health.damaged
    assert [flaw.code for flaw in health.flaws] == [code]
    assert health.flaws[0].sentence


def test_other_programs_file_is_not_ours_to_judge(folders: Folders) -> None:
    folders.make()
    folders.store.write_text("a shopping list " * 300)
    with pytest.raises(StorageError) as refused:
        examine(folders)
    assert refused.value.kind == "foreign"
