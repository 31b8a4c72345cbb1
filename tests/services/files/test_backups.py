"""A backup counts once it was opened again; what fails leaves the earlier ones alone."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from stores import SetClock, make_account, names_in

from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.files.backups import (
    MANIFEST,
    Reason,
    list_backups,
    make_backup,
    mirror,
    verify_backup,
    write_copy,
)
from csdesk.services.files.store_copies import verify


def backup(folders: Folders, clock: SetClock, reason: Reason = Reason.START, **more: bool):  # type: ignore[no-untyped-def]
    return make_backup(folders.store, folders.backups, reason, clock, **more)


def test_holds_what_was_committed_though_the_wal_is_open(store: Desk, folders: Folders, clock: SetClock) -> None:
    for name in ("A", "B", "C"):
        store.do(make_account, name)
    assert folders.store.with_name("csdesk.db-wal").stat().st_size > 0
    made = backup(folders, clock)
    assert names_in(made.path) == ["A", "B", "C"]
    assert made.counts["accounts"] == 3
    assert made.verified


def test_is_one_closed_file_that_read_only_media_can_hold(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    made = backup(folders, clock)
    assert made.path.read_bytes()[18:20] == b"\x01\x01"
    assert sorted(file.name for file in folders.backups.iterdir()) == [".lock", made.path.name, MANIFEST]


def test_unchanged_store_makes_no_second_one(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    first = backup(folders, clock)
    clock.move(hours=5)
    assert backup(folders, clock, Reason.EXIT).path == first.path
    assert backup(folders, clock, Reason.ASKED, anyway=True).path != first.path
    store.do(make_account, "B")
    assert backup(folders, clock, Reason.EXIT).sequence == 3
    store.undo()
    assert backup(folders, clock, Reason.EXIT).sequence == 4


def test_order_is_by_sequence_though_the_clock_went_back(store: Desk, folders: Folders, clock: SetClock) -> None:
    for name in ("A", "B", "C"):
        store.do(make_account, name)
        backup(folders, clock)
        clock.move(days=-700)
    assert [one.counts["accounts"] for one in list_backups(folders.backups)] == [3, 2, 1]


def test_lost_manifest_costs_the_counts_until_the_next_backup(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    made = backup(folders, clock, Reason.IMPORT)
    for content in (None, "", "[]", '{"backups": [1]}', '{"backups": [{"file": "x"}]}'):
        (folders.backups / MANIFEST).unlink()
        if content is not None:
            (folders.backups / MANIFEST).write_text(content)
        (found,) = list_backups(folders.backups)
        assert (found.sequence, found.reason, found.made_at) == (1, "import", made.made_at.replace(microsecond=0))
        assert not found.verified
        assert backup(folders, clock, anyway=True).sequence == 2
        assert [one.verified for one in list_backups(folders.backups)] == [True, True]
        list_backups(folders.backups)[0].path.unlink()


def test_file_changed_since_is_no_longer_verified(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    made = backup(folders, clock)
    content = bytearray(made.path.read_bytes())
    content[-100] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(StorageError) as found:
        verify_backup(list_backups(folders.backups)[0])
    assert found.value.kind == "damaged"
    made.path.write_bytes(content[:-4096])
    assert not list_backups(folders.backups)[0].verified


def test_damaged_store_is_never_backed_up_over_good_ones(store: Desk, folders: Folders, clock: SetClock) -> None:
    for number in range(60):
        store.do(make_account, f"A{number}")
    good = backup(folders, clock)
    store.close()
    content = bytearray(folders.store.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 900] = b"\x5a" * 900
    folders.store.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        backup(folders, clock, anyway=True)
    assert refused.value.kind == "damaged"
    assert [one.path for one in list_backups(folders.backups)] == [good.path]
    assert not list(folders.backups.glob("*.tmp*"))


def test_other_programs_file_is_refused(folders: Folders, clock: SetClock) -> None:
    folders.make()
    connection = sqlite3.connect(folders.store)
    connection.execute("CREATE TABLE notes(x)")
    connection.close()
    with pytest.raises(StorageError) as refused:
        backup(folders, clock)
    assert refused.value.kind == "foreign"


def test_missing_store_is_not_made(folders: Folders, clock: SetClock) -> None:
    folders.make()
    with pytest.raises(StorageError):
        backup(folders, clock)
    assert not folders.store.exists()


@pytest.mark.posix
def test_full_backup_disk_leaves_the_earlier_ones(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    good = backup(folders, clock)
    store.do(make_account, "B")
    code = (
        "import resource, signal, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from stores import SetClock\n"
        "from csdesk.services.core.folders import Folders; from csdesk.services.core.errors import StorageError\n"
        "from csdesk.services.files.backups import make_backup, Reason\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))\n"
        "f = Folders.under(Path(sys.argv[1]))\n"
        "try: make_backup(f.store, f.backups, Reason.EXIT, SetClock())\n"
        "except StorageError as error: print(error.kind, error.safe)\n"
    )
    arguments = [sys.executable, "-c", code, str(folders.data), str(Path(__file__).parent)]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert said.split()[0] in ("full", "disk")
    assert "safe" in said
    assert [one.path for one in list_backups(folders.backups)] == [good.path]
    assert not list(folders.backups.glob("*.tmp*"))
    store.do(make_account, "C")
    assert backup(folders, clock).counts["accounts"] == 3


def test_folder_that_cannot_be_made_is_named(store: Desk, folders: Folders, clock: SetClock, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError) as refused:
        make_backup(folders.store, tmp_path / "file" / "backups", Reason.START, clock)
    assert str(tmp_path / "file") in refused.value.what


def test_second_folder_gets_the_same_file(store: Desk, folders: Folders, clock: SetClock, tmp_path: Path) -> None:
    store.do(make_account, "A")
    made = backup(folders, clock)
    copy = mirror(made, tmp_path / "stick")
    assert copy.path.read_bytes() == made.path.read_bytes()
    assert list_backups(tmp_path / "stick") == [copy] or list_backups(tmp_path / "stick")[0].sha256 == made.sha256
    os.utime(copy.path, (1, 1))
    mirror(made, tmp_path / "stick")
    assert copy.path.stat().st_mtime == 1


def test_thinning_removes_files_and_notes(store: Desk, folders: Folders, clock: SetClock) -> None:
    for number in range(20):
        store.do(make_account, f"A{number}")
        backup(folders, clock)
        clock.move(days=1)
    left = list_backups(folders.backups)
    assert [one.sequence for one in left] == [*range(20, 6, -1), *[one.sequence for one in left[14:]]]
    assert len(left) < 20
    notes = json.loads((folders.backups / MANIFEST).read_text())["backups"]
    assert {note["file"] for note in notes} == {one.path.name for one in left}


def test_copy_to_a_chosen_place(store: Desk, folders: Folders, tmp_path: Path) -> None:
    store.do(make_account, "A")
    out = tmp_path / "out" / "copy.db"
    with pytest.raises(StorageError):
        write_copy(folders.store, out)
    out.parent.mkdir()
    out.write_text("the copy of yesterday")
    assert write_copy(folders.store, out).counts["accounts"] == 1
    assert verify(out).counts["accounts"] == 1
    assert [file.name for file in out.parent.iterdir()] == ["copy.db"]
