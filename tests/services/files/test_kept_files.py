"""Files beside the store: the same content once, whole or not at all, and never run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from csdesk.services.core.errors import Problems, StorageError
from csdesk.services.files import kept_files
from csdesk.services.files.kept_files import (
    beside_backups,
    clean_name,
    is_there,
    is_whole,
    keep,
    kept_in_all,
    opened_copy,
    place_of,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "files"


def made(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def code_of(refused: pytest.ExceptionInfo[Problems]) -> str:
    return refused.value.problems[0].code


def test_the_same_content_lies_there_once_under_its_hash(tmp_path: Path, folder: Path) -> None:
    first = keep(made(tmp_path, "纸面 1.jpg", b"photo"), folder)
    again = keep(made(tmp_path, "copy.jpg", b"photo"), folder)
    other = keep(made(tmp_path, "other.jpg", b"another"), folder)
    assert first.sha256 == again.sha256 != other.sha256
    assert (first.name, again.name, first.size) == ("纸面 1.jpg", "copy.jpg", 5)
    assert place_of(folder, first.sha256).read_bytes() == b"photo"
    assert kept_in_all(folder) == (2, 12)
    assert is_there(folder, first.sha256, 5)
    assert is_whole(folder, first.sha256)


def test_what_is_cut_short_is_replaced_and_nothing_half_stays(tmp_path: Path, folder: Path) -> None:
    source = made(tmp_path, "a.pdf", b"whole content")
    kept = keep(source, folder)
    place_of(folder, kept.sha256).write_bytes(b"whole")
    assert not is_there(folder, kept.sha256, kept.size)
    keep(source, folder)
    assert is_whole(folder, kept.sha256)
    assert [path.name for path in folder.rglob("*") if path.name.startswith(".new-")] == []


def test_empty_missing_and_too_large_files_are_refused(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Problems) as refused:
        keep(made(tmp_path, "empty.txt", b""), folder)
    assert code_of(refused) == "empty"
    with pytest.raises(Problems) as refused:
        keep(tmp_path, folder)
    assert code_of(refused) == "no_file"
    monkeypatch.setattr(kept_files, "LARGEST", 4)
    with pytest.raises(Problems) as refused:
        keep(made(tmp_path, "big.bin", b"12345"), folder)
    assert code_of(refused) == "too_large"
    assert kept_in_all(folder) == (0, 0)


def test_a_copy_is_opened_and_the_kept_file_stays_as_it_is(tmp_path: Path, folder: Path) -> None:
    kept = keep(made(tmp_path, "report.pdf", b"pages"), folder)
    copy = opened_copy(folder, kept)
    assert copy.name == "report.pdf"
    copy.write_bytes(b"scribbled over")
    assert is_whole(folder, kept.sha256)
    assert opened_copy(folder, kept).read_bytes() == b"pages"


def test_a_missing_file_says_what_is_safe(tmp_path: Path, folder: Path) -> None:
    kept = keep(made(tmp_path, "report.pdf", b"pages"), folder)
    place_of(folder, kept.sha256).unlink()
    with pytest.raises(StorageError) as refused:
        opened_copy(folder, kept)
    assert "report.pdf" in refused.value.what
    assert refused.value.safe
    assert refused.value.remedy


@pytest.mark.parametrize("name", ["run.exe", "RUN.BAT", "a.desktop", "link.lnk", "x.PY"])
def test_programs_are_kept_but_not_started(tmp_path: Path, folder: Path, name: str) -> None:
    kept = keep(made(tmp_path, name, b"MZ"), folder)
    with pytest.raises(Problems) as refused:
        opened_copy(folder, kept)
    assert code_of(refused) == "runs"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\x00b.txt", "a_b.txt"),
        ("..", "file"),
        ("cod\u202egnp.exe", "cod_gnp.exe"),
    ],
)
def test_names_lead_nowhere(name: str, clean: str) -> None:
    assert clean_name(name) == clean
    assert os.path.basename(clean_name(name)) == clean


def test_long_names_keep_their_suffix() -> None:
    assert clean_name("长" * 300 + ".pdf") == "长" * 116 + ".pdf"


def test_what_is_no_hash_leads_to_no_place(folder: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        place_of(folder, "../../etc")
    assert not is_there(folder, "../../etc", 3)


def test_people_are_told_that_backups_lack_the_files(tmp_path: Path, folder: Path) -> None:
    assert beside_backups(folder) == ""
    keep(made(tmp_path, "a.txt", b"x"), folder)
    assert str(folder) in beside_backups(folder)
