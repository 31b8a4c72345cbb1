"""Killed at each named place: what was acknowledged is there, and nothing is there by halves."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from deaths import ROOT, check_sound, names_in, work
from worker import make_account

from csdesk.app import open_desk
from csdesk.models.database import SCHEMA, revision_name
from csdesk.services.archive.export import export_json
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders
from csdesk.services.files.backups import Backup, Reason, list_backups, make_backup
from csdesk.services.files.restoring import restore
from csdesk.services.visits.commands import AddVisit, add_visit

pytestmark = pytest.mark.posix

EDITS = {"command.written": 0, "command.journalled": 0, "command.committed": 1}
"""By place: how many of the command's rows the next start finds."""
BACKUPS = {
    "backup.begin": 1, "backup.copied": 1, "backup.named": 2, "backup.listed": 2, "backup.thinned": 2,
}  # fmt: skip
"""By place: how many backups there are afterwards, the one from before included."""
POURED = {"restore.begin": "old", "restore.prepared": "old", "restore.poured": "new"}
SWAPPED = {
    "restore.begin": "broken", "restore.prepared": "broken", "restore.intended": "new", "restore.set_aside": "new",
    "restore.replaced": "new",
}  # fmt: skip
MIGRATIONS = ("migration.backed_up", "migration.done")
ARCHIVES = ("archive.write", "command.written", "command.journalled")
EXPORTS = ("export.written",)
ATTACHMENTS = ("files.copied", "command.written", "command.journalled")
IMPORTS = ("import.judged", "import.written", "import.kept", "command.written", "command.journalled")


def add(folders: Folders, *names: str) -> None:
    desk = open_desk(folders.data, Clock())
    for name in names:
        desk.do(make_account, (name, 0))
    desk.close()


def back_up(folders: Folders) -> Backup:
    return make_backup(folders.store, folders.backups, Reason.ASKED, Clock())


def test_every_named_place_has_a_test() -> None:
    named = set()
    for file in (ROOT / "csdesk").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "point":
                assert isinstance(node.args[0], ast.Constant), f"{file}: a place is named by a literal"
                named.add(node.args[0].value)
    tested = {*EDITS, *BACKUPS, *POURED, *SWAPPED, *MIGRATIONS, *ARCHIVES, *EXPORTS, *IMPORTS, *ATTACHMENTS}
    assert named == tested


@pytest.mark.parametrize("place", EDITS)
def test_command(folders: Folders, place: str) -> None:
    add(folders, "before")
    death = work(folders.data, "edit", point=place)
    assert death.killed, death.stderr
    assert names_in(folders.data) == ["N000000", "before"][1 - EDITS[place] :]
    check_sound(folders)


@pytest.mark.parametrize("place", ATTACHMENTS)
def test_attaching_a_file(folders: Folders, tmp_path: Path, place: str) -> None:
    add(folders, "A")
    desk = open_desk(folders.data, Clock())
    account = sole(desk, "SELECT id FROM accounts")
    visit = desk.do(add_visit, AddVisit(account, desk.clock.today())).value
    desk.close()
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8" * 5000)
    death = work(folders.data, "attach", photo, visit, point=place)
    assert death.killed, death.stderr
    check_sound(folders)
    assert count_attachments(folders) == 0
    half = list((folders.data / "files").glob(".new-*"))
    assert len(half) == (place == "files.copied")
    for left in half:
        os.utime(left, (0, 0))
    assert work(folders.data, "attach", photo, visit).said == ["attached"]
    assert count_attachments(folders) == 1
    assert not list((folders.data / "files").glob(".new-*"))
    check_sound(folders)


def sole(desk: Desk, query: str) -> int:
    with desk.read() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


def count_attachments(folders: Folders) -> int:
    with sqlite3.connect(folders.store) as connection:
        return int(connection.execute("SELECT count(*) FROM attachments").fetchone()[0])


@pytest.mark.parametrize("place", BACKUPS)
def test_backup(folders: Folders, place: str) -> None:
    add(folders, "before")
    first = back_up(folders)
    if place == "backup.thinned":
        for old in range(2, 9):
            day = "20200101" if old < 8 else "20200202"
            first.path.with_name(f"csdesk-{old:06d}-{day}T0000{old:02d}Z-start.db").write_bytes(b"old")
    add(folders, "after")
    death = work(folders.data, "backup", point=place)
    assert death.killed, death.stderr
    whole = [one for one in list_backups(folders.backups) if one.size > 3]
    assert len(whole) == BACKUPS[place]
    check_sound(folders)
    again = make_backup(folders.store, folders.backups, Reason.ASKED, Clock())
    assert again.counts["accounts"] == 2
    assert not list(folders.backups.glob("*.tmp*"))
    assert all(one.verified for one in list_backups(folders.backups) if one.size > 3)
    check_sound(folders)


@pytest.mark.parametrize("place", POURED)
def test_restore_over_a_living_store(folders: Folders, place: str) -> None:
    add(folders, "A")
    source = back_up(folders)
    add(folders, "B")
    death = work(folders.data, "bring_back", source.path, point=place)
    assert death.killed, death.stderr
    assert names_in(folders.data) == {"old": ["A", "B"], "new": ["A"]}[POURED[place]]
    check_sound(folders)
    restore(source.path, folders, Clock())
    assert names_in(folders.data) == ["A"]
    assert not list(folders.data.glob("csdesk.restoring*"))


@pytest.mark.parametrize("place", SWAPPED)
def test_restore_over_a_broken_store(folders: Folders, place: str) -> None:
    damage = b"" if place == "restore.set_aside" else b"\xff" * 9000
    add(folders, "A")
    source = back_up(folders)
    folders.store.write_bytes(damage)
    death = work(folders.data, "bring_back", source.path, point=place)
    assert death.killed, death.stderr
    if SWAPPED[place] == "broken":
        assert folders.store.read_bytes() == damage
        with pytest.raises(StorageError):
            open_desk(folders.data, Clock())
        restore(source.path, folders, Clock())
    assert names_in(folders.data) == ["A"]
    check_sound(folders)
    (kept,) = folders.damaged.iterdir()
    assert (kept / folders.store.name).read_bytes() == damage
    assert not (folders.data / "csdesk.restoring.json").exists()


NEXT = SCHEMA + 1
AHEAD = f"""
from alembic import op
revision = "{revision_name(NEXT)}"
down_revision = "{revision_name(SCHEMA)}"

def upgrade():
    op.execute("CREATE TABLE moods (id INTEGER PRIMARY KEY)")
    op.execute("ALTER TABLE accounts ADD COLUMN mood INTEGER")
    op.execute("UPDATE accounts SET mood = 7")
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The migrations of a program that is one ahead of ours."""
    copy = tmp_path / "migrations"
    shutil.copytree(ROOT / "csdesk" / "models" / "migrations", copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / f"{revision_name(NEXT)}_moods.py").write_text(AHEAD)
    return copy


def schema_of(folders: Folders) -> tuple[int, bool, bool]:
    """The store's version, and whether the table and the column of the migration ahead are there."""
    connection = sqlite3.connect(folders.store)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    columns = {row[1] for row in connection.execute("PRAGMA table_info(accounts)")}
    connection.close()
    return version, "moods" in tables, "mood" in columns


@pytest.mark.parametrize("place", [*MIGRATIONS, "before commit"])
def test_migration(folders: Folders, scripts: Path, place: str) -> None:
    add(folders, "A", "B")
    for _attempt in range(2):
        inside = place == "before commit"
        death = work(folders.data, "migrate", scripts, *(["dies"] if inside else []), point="" if inside else place)
        done = place == "migration.done"
        assert death.killed or (done and _attempt == 1), death.stderr
        assert schema_of(folders) == ((NEXT, True, True) if done else (SCHEMA, False, False))
    made = list_backups(folders.backups)
    assert [(one.reason, one.counts["accounts"], one.schema) for one in made] == [("migration", 2, SCHEMA)]
    assert work(folders.data, "migrate", scripts).said == ["migrated 2"]
    assert schema_of(folders) == (NEXT, True, True)


def test_migration_that_fails_leaves_the_old_store(folders: Folders, scripts: Path) -> None:
    add(folders, "A")
    (scripts / "versions" / f"{revision_name(NEXT)}_moods.py").write_text(
        AHEAD.replace("UPDATE accounts", "UPDATE nowhere")
    )
    failed = work(folders.data, "migrate", scripts)
    assert failed.status == 1
    assert "no such table: nowhere" in failed.stderr
    assert schema_of(folders) == (SCHEMA, False, False)
    assert names_in(folders.data) == ["A"]
    check_sound(folders)


def test_todays_program_leaves_a_migrated_store_alone(folders: Folders, scripts: Path) -> None:
    add(folders, "A")
    assert work(folders.data, "migrate", scripts).said == ["migrated 1"]
    before = {file.name: file.read_bytes() for file in folders.data.iterdir() if file.is_file()}
    refused = work(folders.data, "open_only")
    assert refused.status == 1
    assert f"format {NEXT}" in refused.stderr
    assert f"format {SCHEMA}" in refused.stderr
    assert {file.name: file.read_bytes() for file in folders.data.iterdir() if file.is_file()} == before


@pytest.mark.parametrize("place", ARCHIVES)
def test_taking_an_archive_in(folders: Folders, tmp_path: Path, place: str) -> None:
    add(folders, "A", "B")
    out = tmp_path / "all.json"
    desk = open_desk(folders.data, Clock())
    with desk.read() as connection:
        export_json(connection, out, desk.clock)
    desk.close()
    fresh = Folders.under(tmp_path / "other")
    death = work(fresh.data, "take_archive", out, point=place)
    assert death.killed, death.stderr
    assert names_in(fresh.data) == []
    assert work(fresh.data, "take_archive", out).said == ["taken in"]
    assert names_in(fresh.data) == ["A", "B"]
    check_sound(fresh)


@pytest.mark.parametrize("place", EXPORTS)
def test_export(folders: Folders, tmp_path: Path, place: str) -> None:
    add(folders, "A")
    out = tmp_path / "out" / "all.json"
    out.parent.mkdir()
    out.write_text("yesterday")
    assert work(folders.data, "export", out, point=place).killed
    assert out.read_text() == "yesterday"
    assert work(folders.data, "export", out).said == ["exported"]
    assert json.loads(out.read_text(encoding="utf-8"))["accounts"][0]["name"] == "A"


@pytest.fixture(scope="module")
def handover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A handover workbook of 29 customers."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["客户名称", "联系人", "手机号", "合同编号", "合同金额", "开始日期", "结束日期"])
    for number in range(1, 30):
        person = [f"客户{number}有限公司", f"王{number}", f"1380000{number:04d}"]
        sheet.append([*person, f"HT-{number}", number * 1000, "2026-01-01", "2026-12-31"])
    path = tmp_path_factory.mktemp("sent") / "移交.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("place", IMPORTS)
def test_importing_a_handover(folders: Folders, handover: Path, place: str) -> None:
    add(folders, "before")
    death = work(folders.data, "take_handover", handover, point=place)
    assert death.killed, death.stderr
    assert names_in(folders.data) == ["before"]
    check_sound(folders)
    desk = open_desk(folders.data, Clock())
    with desk.read() as connection:
        left = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            for table in ("contacts", "contracts", "contract_lines", "receivables", "handovers", "imports")
        ]
    desk.close()
    assert left == [0] * 6


def test_import_after_a_kill_takes_every_row(folders: Folders, handover: Path) -> None:
    assert work(folders.data, "take_handover", handover, point="import.kept").killed
    again = work(folders.data, "take_handover", handover)
    assert again.said == ["new 29"], again.stderr
    assert len(names_in(folders.data)) == 29
    check_sound(folders)
