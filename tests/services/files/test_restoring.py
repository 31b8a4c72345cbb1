"""Back from a backup, and back from having gone back."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from stores import SetClock, make_account, names_in, open_store

from csdesk.models.database import APPLICATION_ID, SCHEMA
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import StoreLock
from csdesk.services.core.storage_errors import Trouble
from csdesk.services.files.backups import Backup, Reason, list_backups, make_backup
from csdesk.services.files.restoring import finish_interrupted, restore, start_afresh, trouble_with_store


def state_of_store(folders: Folders, *, thorough: bool = False) -> str | None:
    found = trouble_with_store(folders, thorough=thorough)
    return None if found is None else found.kind


@pytest.fixture
def good(store: Desk, folders: Folders, clock: SetClock) -> Backup:
    """A backup with A and B; the store has gone on to C."""
    store.do(make_account, "A")
    store.do(make_account, "B")
    made = make_backup(folders.store, folders.backups, Reason.ASKED, clock)
    store.do(make_account, "C")
    folders.mark_used()
    return made


def test_restore_beside_an_open_window(good: Backup, store: Desk, folders: Folders, clock: SetClock) -> None:
    store.changed_outside()
    restored = restore(good.path, folders, clock)
    assert restored.facts.counts["accounts"] == 2
    assert store.changed_outside()
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM accounts").scalar() == 2
    store.do(make_account, "D")
    assert names_in(folders.store) == ["A", "B", "D"]


def test_restore_can_be_undone(good: Backup, folders: Folders, clock: SetClock) -> None:
    restored = restore(good.path, folders, clock)
    assert restored.undo_with is not None
    assert restored.undo_with.reason == Reason.RESTORE
    restore(restored.undo_with.path, folders, clock)
    assert names_in(folders.store) == ["A", "B", "C"]


def test_store_stays_in_wal_mode_after_a_restore(good: Backup, store: Desk, folders: Folders, clock: SetClock) -> None:
    restore(good.path, folders, clock)
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@pytest.mark.parametrize("damage", ["zero", "text", "half", "missing", "header"])
def test_broken_store_is_set_aside_and_replaced(
    good: Backup, store: Desk, folders: Folders, clock: SetClock, damage: str
) -> None:
    store.close()
    content = folders.store.read_bytes()
    broken = {
        "zero": b"", "text": b"hello " * 1000, "half": content[: len(content) // 2 - 100], "missing": None,
        "header": b"\xff" * 64 + content[64:],
    }[damage]  # fmt: skip
    if broken is None:
        folders.store.unlink()
    else:
        folders.store.write_bytes(broken)
    assert state_of_store(folders, thorough=True) in (Trouble.EMPTIED, Trouble.DAMAGED, Trouble.MISSING)
    restored = restore(good.path, folders, clock)
    assert names_in(folders.store) == ["A", "B"]
    assert restored.undo_with is None
    if broken is not None:
        assert restored.set_aside is not None
        assert (restored.set_aside / "csdesk.db").read_bytes() == broken


def test_stale_wal_beside_a_broken_store_cannot_undo_the_restore(
    good: Backup, store: Desk, folders: Folders, clock: SetClock
) -> None:
    wal = folders.store.with_name("csdesk.db-wal")
    with store.database.read() as connection:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.do(make_account, "late")
    kept = wal.read_bytes()
    store.close()
    folders.store.write_bytes(b"\xff" * 200_000)
    wal.write_bytes(kept)
    folders.store.with_name("csdesk.db-shm").write_bytes(b"\x00" * 32768)
    restored = restore(good.path, folders, clock)
    assert restored.set_aside is not None
    assert {file.name for file in restored.set_aside.iterdir()} == {"csdesk.db", "csdesk.db-wal", "csdesk.db-shm"}
    assert names_in(folders.store) == ["A", "B"]


def test_replacing_a_broken_store_waits_for_the_window_to_close(
    good: Backup, store: Desk, folders: Folders, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    folders.store.write_bytes(b"")
    lock = StoreLock(folders.data)
    lock.acquire()
    monkeypatch.setattr("csdesk.services.files.restoring.os.getpid", lambda: -1)
    with pytest.raises(StorageError) as refused:
        restore(good.path, folders, clock)
    lock.release()
    assert refused.value.kind == "locked"
    assert folders.store.read_bytes() == b""
    restore(good.path, folders, clock)
    assert names_in(folders.store) == ["A", "B"]


def newer_file(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={SCHEMA + 7}")
    connection.execute("UPDATE store_facts SET value='9.9.9' WHERE name='program_version'")
    connection.commit()
    connection.close()


def test_backup_from_the_future_is_refused_with_both_versions(
    good: Backup, folders: Folders, clock: SetClock, tmp_path: Path
) -> None:
    future = tmp_path / "future.db"
    shutil.copyfile(good.path, future)
    newer_file(future)
    before = folders.store.read_bytes(), future.read_bytes()
    with pytest.raises(StorageError) as refused:
        restore(future, folders, clock)
    assert refused.value.kind == "newer"
    assert "9.9.9" in refused.value.what
    assert str(SCHEMA) in refused.value.what
    assert (folders.store.read_bytes(), future.read_bytes()) == before


def test_store_from_the_future_is_not_replaced_by_an_older_backup(
    good: Backup, store: Desk, folders: Folders, clock: SetClock
) -> None:
    store.close()
    newer_file(folders.store)
    before = folders.store.read_bytes()
    with pytest.raises(StorageError) as refused:
        restore(good.path, folders, clock)
    assert refused.value.kind == "newer"
    assert folders.store.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 4000])
def test_file_that_is_no_backup_is_refused(
    good: Backup, store: Desk, folders: Folders, clock: SetClock, tmp_path: Path, content: bytes
) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        restore(other, folders, clock)
    assert "other.db" in refused.value.what
    assert refused.value.remedy
    assert names_in(folders.store) == ["A", "B", "C"]


def test_other_programs_database_is_no_backup(good: Backup, folders: Folders, clock: SetClock, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE cards(x)")
    connection.close()
    with pytest.raises(StorageError) as refused:
        restore(other, folders, clock)
    assert refused.value.kind == "foreign"


def test_damaged_backup_changes_nothing(good: Backup, store: Desk, folders: Folders, clock: SetClock) -> None:
    content = good.path.read_bytes()
    good.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(StorageError):
        restore(good.path, folders, clock)
    assert names_in(folders.store) == ["A", "B", "C"]
    assert not (folders.data / "csdesk.restoring").exists()


def test_locked_store_is_neither_damaged_nor_replaced(
    good: Backup, store: Desk, folders: Folders, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csdesk.services.files.store_copies.BUSY_SECONDS", 0.25)
    with store.database.write(), pytest.raises(StorageError) as refused:
        restore(good.path, folders, clock)
    assert refused.value.kind == "locked"
    assert names_in(folders.store) == ["A", "B", "C"]


def test_first_run_is_told_from_a_loss(folders: Folders) -> None:
    assert state_of_store(folders) is None
    folders.make()
    folders.store.write_bytes(b"")
    assert state_of_store(folders) is None
    folders.mark_used()
    assert state_of_store(folders) is Trouble.EMPTIED
    folders.store.unlink()
    assert state_of_store(folders) is Trouble.MISSING


def test_text_in_a_new_folder_is_somebody_elses(folders: Folders) -> None:
    folders.make()
    folders.store.write_text("my shopping list, which happens to have this name " * 100)
    assert state_of_store(folders) is Trouble.FOREIGN
    application = sqlite3.connect(folders.data / "x.db")
    application.execute(f"PRAGMA application_id={APPLICATION_ID}")
    application.close()
    folders.mark_used()
    assert state_of_store(folders) is Trouble.DAMAGED


def test_restore_into_an_empty_folder(good: Backup, tmp_path: Path, clock: SetClock) -> None:
    fresh = Folders.under(tmp_path / "new laptop")
    restored = restore(good.path, fresh, clock)
    assert restored.set_aside is None
    assert names_in(fresh.store) == ["A", "B"]
    assert fresh.used


def test_nothing_to_finish_is_no_trouble(folders: Folders) -> None:
    folders.make()
    assert finish_interrupted(folders) is False


def test_backup_of_a_restore_is_not_the_newest_that_thinning_may_drop(
    good: Backup, folders: Folders, clock: SetClock
) -> None:
    restore(good.path, folders, clock)
    newest = list_backups(folders.backups)[0]
    assert newest.counts["accounts"] == 3
    desk = open_store(folders, clock)
    desk.close()
    assert names_in(newest.path) == ["A", "B", "C"]


def test_start_afresh_keeps_the_damaged_file(good: Backup, store: Desk, folders: Folders, clock: SetClock) -> None:
    store.close()
    with pytest.raises(StorageError):
        start_afresh(folders, clock)
    assert names_in(folders.store) == ["A", "B", "C"]
    folders.store.write_bytes(b"\xff" * 5000)
    aside = start_afresh(folders, clock)
    assert aside is not None
    assert (aside / folders.store.name).read_bytes() == b"\xff" * 5000
    assert names_in(folders.store) == []
    assert good.path.exists()
