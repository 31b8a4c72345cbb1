"""The story of a store from the command line: backed up, damaged, checked, restored, carried to another laptop."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from csdesk.app import open_desk
from csdesk.models.tables import Account
from csdesk.services.core.clock import Clock
from csdesk.services.core.unit_of_work import UnitOfWork, command

MAIN = Path(__file__).resolve().parents[2] / "main.py"


@command("Account {name} made")
def make_account(uow: UnitOfWork, name: str) -> int:
    """Something to keep."""
    uow.name(name=name)
    return uow.add(Account(name=name)).id


def csdesk(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """One call of the program, in English."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, str(MAIN), "--data-dir", str(folder), "--lang", "en", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, env=environment, timeout=120, check=False,
    )  # fmt: skip


def check_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit 2, one line on stderr that says what, nothing on stdout, never a trace."""
    assert done.returncode == 2, done
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    place = tmp_path / "desk 客户"
    place.mkdir()
    shutil.copyfile(template, place / "csdesk.db")
    desk = open_desk(place, Clock())
    desk.do(make_account, "华东鼎天")
    desk.close()
    return place


def test_damaged_and_brought_back(folder: Path) -> None:
    made = csdesk(folder, "backup", "--json")
    copy = Path(json.loads(made.stdout)["file"])
    assert copy.exists()
    assert csdesk(folder, "check").returncode == 0
    store = folder / "csdesk.db"
    store.write_bytes(store.read_bytes()[:6000])
    checked = csdesk(folder, "check", "--json")
    assert checked.returncode == 1
    assert json.loads(checked.stdout)["damaged"] is True
    check_refused(csdesk(folder, "export", "--format", "json", "--out", folder / "x.json"), "damaged", "backup")
    assert not (folder / "x.json").exists()
    restored = csdesk(folder, "restore", copy)
    assert restored.returncode == 0, restored.stderr
    assert csdesk(folder, "check").returncode == 0
    assert len(list((folder / "damaged").iterdir())) == 1


def test_carried_to_another_laptop_and_back(folder: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert csdesk(folder, "export", "--format", "json", "--out", first).returncode == 0
    other = tmp_path / "other"
    taken = csdesk(other, "import-archive", first, "--json")
    assert json.loads(taken.stdout)["new"] == {"accounts": 1}
    assert csdesk(other, "export", "--format", "json", "--out", second).returncode == 0
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in (first, second)]
    for document in documents:
        del document["exported_at"]
    assert documents[0] == documents[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import-archive", "gone.json"], ["gone.json"]),
        (["restore", "gone.db"], ["gone.db"]),
        (["export", "--format", "json", "--out", "no/such/folder.json"], ["folder.json"]),
        (["backup", "--out", "no/such/copy.db"], ["no"]),
        (["export", "--format", "csv", "--out", "x"], ["csv"]),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(folder: Path, arguments: list[str], words: list[str]) -> None:
    check_refused(csdesk(folder, *arguments), *words)


def test_locked_store_is_waited_for_then_said(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "all.json"
    csdesk(folder, "export", "--format", "json", "--out", archive)
    holder = sqlite3.connect(folder / "csdesk.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    check_refused(csdesk(folder, "import-archive", archive), "Another program")
    assert csdesk(folder, "backup").returncode == 0
    holder.execute("ROLLBACK")
    holder.close()


def test_folder_in_a_synced_place_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "OneDrive - Firma" / "desk"
    check_refused(csdesk(place, "export", "--format", "json", "--out", tmp_path / "x.json"), "OneDrive")
    assert not place.exists()


def test_store_from_the_future_is_left_alone(folder: Path) -> None:
    connection = sqlite3.connect(folder / "csdesk.db")
    connection.execute("PRAGMA user_version=77")
    connection.commit()
    connection.close()
    before = (folder / "csdesk.db").read_bytes()
    check_refused(csdesk(folder, "export", "--format", "json", "--out", folder / "x.json"), "77")
    check_refused(csdesk(folder, "check"), "77")
    assert (folder / "csdesk.db").read_bytes() == before
