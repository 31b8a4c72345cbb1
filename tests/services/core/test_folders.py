"""Where the store lies, and which places are refused for it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from csdesk.services.core import folders
from csdesk.services.core.errors import StorageError
from csdesk.services.core.folders import Folders, Unfit, check_place, synced_by

SYNCED = [
    ("OneDrive", "OneDrive"),
    ("OneDrive - 公司", "OneDrive"),
    ("onedrivecommercial", "OneDrive"),
    ("Dropbox", "Dropbox"),
    ("Dropbox (Personal)", "Dropbox"),
    ("Google Drive", "Google Drive"),
    ("GoogleDrive-someone@example.com", "Google Drive"),
    ("My Drive", "Google Drive"),
    ("Mobile Documents", "iCloud Drive"),
    ("iCloudDrive", None),
    ("CloudStorage", "CloudStorage"),
    ("坚果云", "坚果云"),
    ("我的坚果云", "坚果云 Nutstore"),
    ("Nutstore Files", "坚果云 Nutstore"),
    ("BaiduSyncdisk", "百度网盘同步空间"),
    ("阿里云盘", "阿里云盘"),
    ("WPS云盘", "WPS 云盘"),
    ("ＭＥＧＡ", "MEGA"),
    ("pCloudDrive", "pCloud"),
    ("Box", "Box"),
    ("BOX SYNC", "Box"),
]
PLAIN = ["Boxing", "omega", "Inbox", "dropboxes", "megapixel", "my drives", "documents", "客户", "Nutstores", "box2"]


@pytest.mark.parametrize(("name", "service"), [pair for pair in SYNCED if pair[1]])
def test_synced_folder_is_found_at_any_depth(name: str, service: str) -> None:
    assert synced_by(Path("/srv", "users", "li", name, "work", "desk"), {}) == service
    assert synced_by(Path("/srv", name), {}) == service


@pytest.mark.parametrize("name", PLAIN)
def test_word_that_only_contains_a_service_is_plain(name: str) -> None:
    assert synced_by(Path("/srv", name, "desk"), {}) == ""


def test_user_called_box_may_keep_a_store_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "Box"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert synced_by(Path(os.path.realpath(home)) / "data", {}) == ""
    assert synced_by(Path(os.path.realpath(home)) / "Box" / "data", {}) == "Box"


def test_environment_names_a_onedrive_folder_of_any_name(tmp_path: Path) -> None:
    root = tmp_path / "Firma"
    root.mkdir()
    assert synced_by(Path(os.path.realpath(root)) / "x", {"OneDriveCommercial": str(root)}) == "OneDrive"
    assert synced_by(Path(os.path.realpath(tmp_path)) / "Firma2", {"OneDriveCommercial": str(root)}) == ""


def test_dropbox_note_names_its_folder(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    note = {"personal": {"path": str(tmp_path / "Sync")}}
    (tmp_path / ".dropbox" / "info.json").write_text(json.dumps(note))
    assert synced_by(Path(os.path.realpath(tmp_path)) / "Sync" / "d", {"HOME": str(tmp_path)}) == "Dropbox"
    (tmp_path / ".dropbox" / "info.json").write_text("[]")
    assert synced_by(Path(os.path.realpath(tmp_path)) / "Sync" / "d", {"HOME": str(tmp_path)}) == ""


@pytest.mark.posix
def test_link_into_a_synced_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Dropbox" / "desk").mkdir(parents=True)
    link = tmp_path / "plain"
    link.symlink_to(tmp_path / "Dropbox" / "desk")
    finding = check_place(link / "store", {})
    assert finding is not None
    assert finding.reason is Unfit.SYNCED
    assert "Dropbox" in finding.sentence
    assert str(finding.safe) in finding.offer


def test_refusal_says_what_is_safe_and_offers_a_place(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        folders.refuse_unfit(tmp_path / "OneDrive - A" / "desk")
    assert refused.value.kind == "place"
    assert str(folders.platform_place()) in refused.value.remedy
    assert not (tmp_path / "OneDrive - A").exists()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/x /mnt/share nfs4 rw 0 0
//nas/y /mnt/share/local\\040disk cifs rw 0 0
tmpfs /mnt/share/ram tmpfs rw 0 0
someone@host: /home/li/remote fuse.sshfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/li/desk", ""),
        ("/mnt/share", "nfs4"),
        ("/mnt/share/desk", "nfs4"),
        ("/mnt/shared", ""),
        ("/mnt/share/local disk/desk", "cifs"),
        ("/mnt/share/ram/desk", ""),
        ("/home/li/remote/desk", "fuse.sshfs"),
    ],
)
def test_innermost_mount_decides_about_network(path: str, kind: str) -> None:
    assert folders._network_mount(path, MOUNTS) == kind


def test_everything_lies_under_a_given_data_folder(tmp_path: Path) -> None:
    found = folders.folders_at(tmp_path / "d")
    assert {found.backups.parent, found.logs.parent, found.config.parent, found.drafts.parent} == {tmp_path / "d"}
    found.make()
    assert all(place.is_dir() for place in (found.data, found.backups, found.logs, found.config, found.drafts))


def test_default_place_follows_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    found = folders.default_folders()
    assert found.data.name == ("CSDesk" if sys.platform in ("win32", "darwin") else "csdesk")
    assert found.config != found.data


def test_chosen_place_is_remembered_and_a_bad_note_forgotten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    config = folders.default_folders().config
    folders.choose_place(config, tmp_path / "客户 数据")
    assert folders.default_folders().data == tmp_path / "客户 数据"
    for bad in ("", "[]", '{"data": 5}', "\x00"):
        (config / folders.CHOICE_NAME).write_text(bad)
        assert folders.default_folders().data == folders.platform_place()


def test_used_folder_is_known_by_its_mark_or_its_backups(tmp_path: Path) -> None:
    place = Folders.under(tmp_path)
    place.make()
    assert not place.used
    (place.backups / "csdesk-000001-20260101T000000Z-start.db").touch()
    assert place.used
    other = Folders.under(tmp_path / "other")
    other.make()
    other.mark_used()
    assert other.used
