"""What SQLite and the disk say becomes a sentence; a bug stays a bug."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from csdesk.services.core import texts
from csdesk.services.core.errors import StorageError
from csdesk.services.core.storage_errors import SENTENCES, Trouble, file_error, kind_of, storage_error, trouble


def failure(path: Path, *statements: str) -> sqlite3.Error:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
    except sqlite3.Error as error:
        return error
    finally:
        connection.close()
    raise AssertionError("nothing failed")


def test_full_disk(tmp_path: Path) -> None:
    error = failure(
        tmp_path / "a.db", "PRAGMA max_page_count=2", "CREATE TABLE t(x)", "INSERT INTO t VALUES (randomblob(90000))"
    )
    assert kind_of(error) is Trouble.FULL


def test_locked_is_not_damaged(tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    holder.execute("CREATE TABLE t(x)")
    holder.execute("BEGIN EXCLUSIVE")
    error = failure(tmp_path / "a.db", "INSERT INTO t VALUES (1)")
    holder.close()
    assert kind_of(error) is Trouble.LOCKED


def test_read_only(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "a.db").close()
    assert kind_of(failure(tmp_path / "a.db", "PRAGMA query_only=ON", "CREATE TABLE t(x)")) is Trouble.READ_ONLY


def test_text_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("not a database at all, but long enough to have a header of its own " * 20)
    assert kind_of(failure(tmp_path / "a.db", "SELECT * FROM sqlite_master")) is Trouble.DAMAGED


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as raised:
        sqlite3.connect(tmp_path / "gone" / "a.db")
    assert kind_of(raised.value) is Trouble.DENIED


def test_error_inside_sqlalchemys_is_found(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/gone/a.db")
    with pytest.raises(Exception) as raised, engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    found = storage_error(raised.value)
    assert found is not None
    assert found.kind == Trouble.DENIED


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, Trouble.FULL),
        (errno.EFBIG, Trouble.FULL),
        (errno.EROFS, Trouble.READ_ONLY),
        (errno.EACCES, Trouble.DENIED),
        (errno.EIO, Trouble.DISK),
    ],
)
def test_system_errors(number: int, kind: Trouble) -> None:
    assert kind_of(OSError(number, "x")) is kind


@pytest.mark.parametrize("bug", [ValueError("x"), sqlite3.IntegrityError("x"), KeyError("x"), OSError("bare")])
def test_bug_stays_a_bug(bug: Exception) -> None:
    assert storage_error(bug) is None


def test_wrong_sql_stays_a_bug(tmp_path: Path) -> None:
    assert storage_error(failure(tmp_path / "a.db", "SELECT * FROM nowhere")) is None


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("kind", list(SENTENCES))
def test_every_kind_says_what_is_safe_and_what_to_do(kind: Trouble, language: str) -> None:
    before = texts.language()
    texts.install(language)
    try:
        error = trouble(kind)
    finally:
        texts.install(before)
    assert isinstance(error, StorageError)
    assert all((error.what, error.safe, error.remedy))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error.what) == (language == "zh_CN")


def test_file_error_names_the_file(tmp_path: Path) -> None:
    error = file_error(OSError(errno.ENOSPC, "x"), tmp_path / "out.json")
    assert str(tmp_path / "out.json") in error.what
    assert error.kind == Trouble.FULL
