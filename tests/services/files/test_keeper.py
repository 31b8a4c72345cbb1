"""When backups are made, and what the tile says when one could not be."""

from __future__ import annotations

from pathlib import Path

import pytest
from stores import SetClock, make_account, names_in

from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.files.backups import list_backups
from csdesk.services.files.keeper import Keeper


def reasons(folders: Folders) -> list[str]:
    return [backup.reason for backup in reversed(list_backups(folders.backups))]


def test_a_day_of_work(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    keeper = Keeper(folders, clock)
    assert keeper.safety.backup_at is None
    keeper.at_start()
    store.do(make_account, "B")
    clock.move(minutes=10)
    assert keeper.while_working() is None
    clock.move(minutes=20)
    assert keeper.while_working() is not None
    clock.move(minutes=40)
    keeper.while_working()
    store.do(make_account, "C")
    keeper.before_import()
    keeper.at_exit()
    assert reasons(folders) == ["start", "active", "import"]
    assert keeper.safety.backup_at == clock.moment


def test_clock_set_back_does_not_stop_the_backups(store: Desk, folders: Folders, clock: SetClock) -> None:
    keeper = Keeper(folders, clock)
    keeper.at_start()
    store.do(make_account, "A")
    clock.move(days=-800)
    assert keeper.while_working() is not None


def test_failure_shows_and_goes_away(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    keeper = Keeper(folders, clock)
    keeper.at_start()
    good = keeper.safety.backup_at
    moved = folders.backups.rename(folders.data / "elsewhere")
    folders.backups.write_text("a file in the way")
    store.do(make_account, "B")
    assert keeper.before_import() is None
    assert keeper.safety.problem
    with pytest.raises(StorageError):
        keeper.before_migration()
    folders.backups.unlink()
    moved.rename(folders.backups)
    clock.move(hours=1)
    assert keeper.while_working() is not None
    assert keeper.safety.problem == ""
    assert keeper.safety.backup_at is not None
    assert good is not None
    assert keeper.safety.backup_at > good


def test_paused_after_a_restore_until_the_user_has_looked(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    keeper = Keeper(folders, clock)
    keeper.pause()
    assert keeper.at_exit() is None
    assert keeper.now().verified
    keeper.resume()
    store.do(make_account, "B")
    assert keeper.at_exit() is not None


def test_next_start_knows_the_last_good_one(store: Desk, folders: Folders, clock: SetClock) -> None:
    store.do(make_account, "A")
    Keeper(folders, clock).at_exit()
    clock.move(days=3)
    safety = Keeper(folders, clock).safety
    assert safety.backup_at is not None
    assert (clock.moment - safety.backup_at).days == 3


def test_second_folder_that_is_gone_is_said_but_the_first_has_its_backup(
    store: Desk, folders: Folders, clock: SetClock, tmp_path: Path
) -> None:
    (tmp_path / "stick").write_text("unplugged")
    store.do(make_account, "A")
    keeper = Keeper(folders, clock, second=lambda: tmp_path / "stick")
    assert keeper.at_start() is None
    assert str(tmp_path / "stick") in keeper.safety.problem
    assert keeper.safety.backup_at == clock.moment
    assert reasons(folders) == ["start"]


def test_second_folder_may_change_while_working(store: Desk, folders: Folders, clock: SetClock, tmp_path: Path) -> None:
    wanted: list[Path | None] = [None]
    keeper = Keeper(folders, clock, second=lambda: wanted[0])
    store.do(make_account, "A")
    keeper.at_start()
    wanted[0] = tmp_path / "stick"
    keeper.at_exit()
    assert list_backups(tmp_path / "stick")[0].sha256 == list_backups(folders.backups)[0].sha256


def test_damage_in_an_unchanged_store_is_said_at_start(store: Desk, folders: Folders, clock: SetClock) -> None:
    for number in range(60):
        store.do(make_account, f"A{number}")
    Keeper(folders, clock).at_exit()
    store.close()
    content = bytearray(folders.store.read_bytes())
    for page in range(2, len(content) // 4096):
        if content[page * 4096] == 13 and b"Account {name} made" not in content[page * 4096 : (page + 1) * 4096]:
            content[page * 4096 : page * 4096 + 600] = b"\x5a" * 600
    folders.store.write_bytes(content)
    keeper = Keeper(folders, clock)
    keeper.at_start()
    assert "damaged" in keeper.safety.problem
    assert keeper.safety.backup_at is not None
    assert len(list_backups(folders.backups)) == 1


@pytest.mark.parametrize("loss", ["deleted", "moved", "replaced", "folder moved"])
def test_file_lost_while_open_is_saved_from_what_is_still_open(
    store: Desk, folders: Folders, clock: SetClock, tmp_path: Path, loss: str
) -> None:
    keeper = Keeper(folders, clock, desk=store)
    store.do(make_account, "A")
    keeper.at_start()
    store.do(make_account, "B")
    if loss == "deleted":
        folders.store.unlink()
    elif loss == "moved":
        folders.store.rename(tmp_path / "elsewhere.db")
    elif loss == "replaced":
        (tmp_path / "other.db").write_bytes(b"something else")
        (tmp_path / "other.db").replace(folders.store)
    else:
        folders.data.rename(tmp_path / "moved away")
    with pytest.raises(StorageError) as refused:
        store.do(make_account, "C")
    assert refused.value.kind == "gone"
    with pytest.raises(StorageError), store.read():
        pass
    assert folders.store.exists() == (loss == "replaced")
    saved = keeper.while_working()
    assert saved is not None
    assert names_in(saved.path) == ["A", "B"]
    assert "moved" in keeper.safety.problem
    assert keeper.at_exit() is None
    assert keeper.safety.backup_at == clock.moment
    assert folders.used


def test_backup_made_now_and_read_again_are_the_same_moment(store: Desk, folders: Folders) -> None:
    store.do(make_account, "A")
    keeper = Keeper(folders, Clock())
    first = keeper.now()
    assert keeper.now().made_at == first.made_at == keeper.safety.backup_at
