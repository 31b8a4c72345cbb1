"""One window for each store: the lock that falls with its process."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from csdesk.services.core.errors import StorageError
from csdesk.services.core.instance import AlreadyOpen, StoreLock, channel, exclusive, holder_of, machine_id

HOLD = """
    import sys, time
    from pathlib import Path
    from csdesk.services.core.instance import StoreLock
    lock = StoreLock(Path(sys.argv[1]))
    lock.acquire()
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until its input ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def end(child: subprocess.Popen[str], *, kill: bool) -> None:
    if kill:
        child.kill()
    child.communicate()


def test_second_window_is_told_who_is_first(tmp_path: Path) -> None:
    child = hold(tmp_path)
    with pytest.raises(AlreadyOpen) as refused:
        StoreLock(tmp_path).acquire()
    end(child, kill=False)
    assert refused.value.holder is not None
    assert refused.value.holder.pid == child.pid
    assert not refused.value.elsewhere


def test_lock_falls_with_a_killed_process(tmp_path: Path) -> None:
    child = hold(tmp_path)
    assert holder_of(tmp_path) is not None
    end(child, kill=True)
    assert (tmp_path / "csdesk.lock").stat().st_size > 0
    assert holder_of(tmp_path) is None
    lock = StoreLock(tmp_path)
    lock.acquire()
    assert lock.held
    lock.release()


def test_lock_of_another_machine_stays_until_taken_over(tmp_path: Path) -> None:
    note = {"pid": 1, "host": "ANOTHER-LAPTOP", "started": "2026-01-01T00:00:00+00:00"}
    (tmp_path / "csdesk.lock").write_text(json.dumps(note))
    lock = StoreLock(tmp_path)
    with pytest.raises(AlreadyOpen) as refused:
        lock.acquire()
    assert refused.value.elsewhere
    assert refused.value.holder is not None
    assert refused.value.holder.host == "ANOTHER-LAPTOP"
    assert holder_of(tmp_path) == refused.value.holder
    lock.acquire(take_over=True)
    assert json.loads((tmp_path / "csdesk.lock").read_text())["host"] == platform.node()
    lock.release()


def test_release_leaves_no_holder(tmp_path: Path) -> None:
    lock = StoreLock(tmp_path)
    lock.acquire()
    lock.acquire()
    assert holder_of(tmp_path) is not None
    lock.release()
    lock.release()
    assert holder_of(tmp_path) is None
    assert (tmp_path / "csdesk.lock").read_bytes() == b""


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"{}", b'{"pid": "x"}', b"[]"])
def test_unreadable_note_of_a_dead_process_is_no_obstacle(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "csdesk.lock").write_bytes(content)
    lock = StoreLock(tmp_path)
    lock.acquire()
    assert json.loads((tmp_path / "csdesk.lock").read_text())["pid"] == os.getpid()
    lock.release()


def test_folder_that_is_missing_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        StoreLock(tmp_path / "gone").acquire()
    assert str(tmp_path / "gone") in refused.value.what


def test_stores_have_channels_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert channel(tmp_path / "a") != channel(tmp_path / "b")
    assert channel(tmp_path / "a") == channel(tmp_path / "b" / ".." / "a")


def test_two_backups_do_not_work_in_one_folder_at_once(tmp_path: Path) -> None:
    with exclusive(tmp_path / ".lock", 0.2), pytest.raises(StorageError) as refused, exclusive(tmp_path / ".lock", 0.2):
        pass
    assert refused.value.kind == "locked"


def test_renamed_laptop_is_still_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csdesk.services.core.instance.machine_id", lambda: "f00")
    note = {"pid": 1, "host": "LAPTOP.cafe.lan", "started": "2026-01-01T00:00:00+00:00", "machine": "f00"}
    (tmp_path / "csdesk.lock").write_text(json.dumps(note))
    lock = StoreLock(tmp_path)
    lock.acquire()
    assert lock.held
    lock.release()
    (tmp_path / "csdesk.lock").write_text(json.dumps(note | {"machine": "ba5"}))
    with pytest.raises(AlreadyOpen):
        lock.acquire()


def test_machine_id_is_the_same_each_time() -> None:
    machine_id.cache_clear()
    first = machine_id()
    machine_id.cache_clear()
    assert machine_id() == first
