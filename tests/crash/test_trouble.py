"""Full disks, closed folders, two at once, kills at any moment: nothing acknowledged is lost, nothing is made up."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from deaths import WORKER, check_sound, environment, names_in, work
from worker import make_account

from csdesk.app import open_desk
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.core.instance import AlreadyOpen, StoreLock
from csdesk.services.files.backups import Reason, list_backups, make_backup
from csdesk.services.files.restoring import restore, trouble_with_store

FULL = 2
"""PRAGMA synchronous: wait until the disk has it."""


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A worker that goes on until it is killed."""
    command = [sys.executable, str(WORKER), str(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment())


def test_what_is_acknowledged_has_reached_the_disk(folders: Folders) -> None:
    desk = open_desk(folders.data, Clock())
    with desk.database.write() as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        waits = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    desk.close()
    assert (journal, waits) == ("wal", FULL)


@pytest.mark.posix
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_of_editing(folders: Folders, seed: int) -> None:
    child = start(folders.data, "edit")
    assert child.stdout is not None
    heard = [child.stdout.readline().strip() for _ in range(random.Random(seed).randint(1, 60))]
    with child:
        child.send_signal(signal.SIGKILL)
        heard += child.stdout.read().split("\n")[:-1]  # communicate() would lose what readline has read ahead
    found = names_in(folders.data)
    assert found[: len(heard)] == heard
    assert len(found) - len(heard) in (0, 1)
    check_sound(folders)


@pytest.mark.parametrize("action", ["edit_full 24", pytest.param("edit_limited 120000", marks=pytest.mark.posix)])
def test_full_disk_keeps_what_was_acknowledged(folders: Folders, action: str) -> None:
    done = work(folders.data, *action.split())
    assert done.status == 0, done.stderr
    *acknowledged, refused, reads = done.said
    assert refused in ("refused full", "refused disk")
    assert len(acknowledged) > 3
    assert reads == f"reads {len(acknowledged)}"
    assert names_in(folders.data) == acknowledged
    check_sound(folders)


@pytest.mark.posix
def test_read_only_folder_is_refused_and_left_alone(template: Path, tmp_path: Path) -> None:
    place = Path(tempfile.mkdtemp(prefix="csdesk-closed-"))
    try:
        folders = Folders.under(place / "desk")
        folders.make()
        shutil.copyfile(template, folders.store)
        warm = place / "warm"
        warm.mkdir(mode=0o777)
        place.chmod(0o755)
        for path in (folders.store, folders.data, *(file for file in folders.data.iterdir() if file.is_dir())):
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = {file.name: file.read_bytes() for file in folders.data.iterdir() if file.is_file()}
        done = work(folders.data, "as_nobody", warm)
        assert done.status == 0, done.stderr
        assert done.said[0] in ("refused read_only", "refused denied")
        assert {file.name: file.read_bytes() for file in folders.data.iterdir() if file.is_file()} == before
    finally:
        for path in (place / "desk", *(place / "desk").iterdir()):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(place)


def future(folders: Folders) -> None:
    connection = sqlite3.connect(folders.store)
    connection.execute("PRAGMA user_version=41")
    connection.execute("UPDATE store_facts SET value='7.8.9' WHERE name='program_version'")
    connection.commit()
    connection.close()


def test_store_from_the_future_is_refused_with_both_versions_and_untouched(folders: Folders) -> None:
    future(folders)
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folders.data.glob("csdesk*")}
    with pytest.raises(StorageError) as refused:
        open_desk(folders.data, Clock())
    assert refused.value.kind == "newer"
    assert "7.8.9" in refused.value.what
    assert "41" in refused.value.what
    assert {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folders.data.glob("csdesk*")} == before


@pytest.mark.parametrize("content", [b"", b"\xff" * 5000, None])
def test_lost_store_is_not_a_first_run(folders: Folders, content: bytes | None) -> None:
    folders.store.unlink()
    if content is not None:
        folders.store.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        open_desk(folders.data, Clock())
    assert refused.value.kind in ("emptied", "damaged", "missing")
    assert refused.value.remedy
    assert (folders.store.read_bytes() if folders.store.exists() else None) == content


def test_other_programs_file_is_not_touched(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path / "desk")
    folders.make()
    connection = sqlite3.connect(folders.store)
    connection.execute("CREATE TABLE cards(x)")
    connection.close()
    before = folders.store.read_bytes()
    with pytest.raises(StorageError) as refused:
        open_desk(folders.data, Clock())
    assert refused.value.kind == "foreign"
    assert folders.store.read_bytes() == before


@pytest.fixture
def holder(folders: Folders) -> Iterator[subprocess.Popen[str]]:
    child = start(folders.data, "hold_lock")
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.communicate()


@pytest.mark.posix
def test_second_window_is_kept_out_even_while_the_first_hangs(folders: Folders, holder: subprocess.Popen[str]) -> None:
    os.kill(holder.pid, signal.SIGSTOP)
    with pytest.raises(AlreadyOpen) as refused:
        StoreLock(folders.data).acquire()
    assert refused.value.holder is not None
    assert refused.value.holder.pid == holder.pid
    os.kill(holder.pid, signal.SIGCONT)
    holder.kill()
    holder.wait()
    lock = StoreLock(folders.data)
    lock.acquire()
    assert lock.held
    lock.release()


def test_commands_work_beside_an_open_window(folders: Folders, holder: subprocess.Popen[str]) -> None:
    desk = open_desk(folders.data, Clock())
    desk.do(make_account, ("window", 0))
    made = make_backup(folders.store, folders.backups, Reason.ASKED, Clock())
    assert made.counts["accounts"] == 1
    second = open_desk(folders.data, Clock())
    second.do(make_account, ("command", 0))
    second.close()
    desk.do(make_account, ("window again", 0))
    desk.close()
    assert names_in(folders.data) == ["command", "window", "window again"]


def test_undo_finds_the_last_step_whichever_process_made_it(folders: Folders) -> None:
    window = open_desk(folders.data, Clock())
    window.do(make_account, ("first", 0))
    child = start(folders.data, "edit")
    assert child.stdout is not None
    assert child.stdout.readline() == "N000000\n"
    child.kill()
    child.communicate()
    window.do(make_account, ("last", 0))
    window.undo()
    with window.read() as connection:
        alive = connection.exec_driver_sql("SELECT name FROM accounts WHERE deleted_at IS NULL").scalars().all()
    window.close()
    assert "last" not in alive
    assert {"first", "N000000"} <= set(alive)


def test_two_first_starts_at_once_make_one_store(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    children = [start(folder, "open_only") for _ in range(3)]
    said = [child.communicate()[0] for child in children]
    assert said == ["reads 0\n"] * 3
    assert [child.returncode for child in children] == [0, 0, 0]
    check_sound(Folders.under(folder))


def test_stale_wal_beside_a_file_copied_over_by_hand(folders: Folders, tmp_path: Path) -> None:
    """Somebody copies a backup over the store and leaves the -wal: our own restore then still gives the backup."""
    desk = open_desk(folders.data, Clock())
    desk.do(make_account, ("A", 0))
    made = make_backup(folders.store, folders.backups, Reason.ASKED, Clock())
    desk.do(make_account, ("B", 0))
    wal = folders.store.with_name("csdesk.db-wal").read_bytes()
    desk.close()
    shutil.copyfile(made.path, folders.store)
    folders.store.with_name("csdesk.db-wal").write_bytes(wal)
    restore(made.path, folders, Clock())
    assert names_in(folders.data) == ["A"]
    check_sound(folders)


@pytest.mark.parametrize("size", [16, 512, 4096])
def test_damage_anywhere_is_said_and_never_a_crash(folders: Folders, size: int) -> None:
    desk = open_desk(folders.data, Clock())
    for number in range(40):
        desk.do(make_account, (f"A{number}", 200))
    desk.close()
    whole = folders.store.read_bytes()
    chance = random.Random(size)
    kinds = []
    for _ in range(25):
        at = chance.randrange(0, len(whole) - size)
        folders.store.write_bytes(whole[:at] + chance.randbytes(size) + whole[at + size :])
        found = trouble_with_store(folders, thorough=True)
        if found is not None:
            kinds.append(found.kind)
            with pytest.raises(StorageError):
                make_backup(folders.store, folders.backups, Reason.START, Clock(), anyway=True)
    assert set(kinds) <= {"damaged", "foreign", "newer"}
    assert len(kinds) >= {16: 0, 512: 3, 4096: 25}[size]
    assert list_backups(folders.backups) == [] or size < 4096
