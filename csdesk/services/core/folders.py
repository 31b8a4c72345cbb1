"""Where the store, its backups, drafts, logs and settings lie, and which places are unfit for a store.

A sync service copies the file while it is written to and brings back older ones; a network file system promises locks
that it does not keep. Both end in a damaged store, so neither is taken. Backups may lie in either: they are closed,
whole files.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from csdesk.resources import resource
from csdesk.services.core.storage_errors import Trouble, told
from csdesk.services.core.texts import N_, _

STORE_NAME = "csdesk.db"
MARKER_NAME = "csdesk.used"
CHOICE_NAME = "place.json"


@dataclass(frozen=True)
class Folders:
    """The folders of one store. ``data`` holds the store itself; ``config`` what the window remembers."""

    data: Path
    backups: Path
    logs: Path
    config: Path
    drafts: Path

    @classmethod
    def under(cls, data: Path, config: Path | None = None) -> Folders:
        """All folders inside ``data``, so that a store taken along is whole; ``config`` may lie elsewhere."""
        data = data.expanduser().absolute()
        return cls(data, data / "backups", data / "logs", config or data / "config", data / "drafts")

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.data / STORE_NAME

    @property
    def damaged(self) -> Path:
        """Where files that a restore replaced are kept."""
        return self.data / "damaged"

    @property
    def used(self) -> bool:
        """Whether a store has ever been worked in here: then a missing or empty file is a loss, not a first run."""
        return (self.data / MARKER_NAME).exists() or any(self.backups.glob("csdesk-*.db"))

    def mark_used(self) -> None:
        """Leave the mark that ``used`` looks for. Raises OSError."""
        (self.data / MARKER_NAME).touch()

    def make(self) -> None:
        """Make the folders that are missing, for the user alone. Raises OSError."""
        for folder in (self.data, self.backups, self.logs, self.config, self.drafts):
            if not folder.exists():
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def default_folders() -> Folders:
    """The folders used without ``--data-dir``: those chosen at the first run, else the platform's per-user place."""
    config = _default_config()
    return Folders.under(chosen_place(config) or platform_place(), config)


def folders_at(data_dir: Path | None) -> Folders:
    """The folders of ``--data-dir``, or the default ones."""
    return default_folders() if data_dir is None else Folders.under(data_dir)


def platform_place() -> Path:
    """%LOCALAPPDATA%\\CSDesk, ~/Library/Application Support/CSDesk or $XDG_DATA_HOME/csdesk."""
    from platformdirs import user_data_path

    return user_data_path(_own_name(), appauthor=False, roaming=False)


def cache_place() -> Path:
    """Where what can be made again is kept for this machine, whichever store is open."""
    from platformdirs import user_cache_path

    return user_cache_path(_own_name(), appauthor=False)


def _default_config() -> Path:
    from platformdirs import user_config_path

    place = user_config_path(_own_name(), appauthor=False, roaming=False)
    return place if place != platform_place() else place / "config"


def _own_name() -> str:
    return "CSDesk" if sys.platform in ("win32", "darwin") else "csdesk"


def chosen_place(config: Path) -> Path | None:
    """The data folder chosen at the first run, None where none was or the note cannot be read."""
    try:
        note = json.loads((config / CHOICE_NAME).read_text(encoding="utf-8"))
        return Path(note["data"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def choose_place(config: Path, data: Path) -> None:
    """Remember the data folder for the next start. Raises OSError."""
    config.mkdir(parents=True, exist_ok=True)
    fresh = config / f"{CHOICE_NAME}.tmp"
    fresh.write_text(json.dumps({"data": str(data)}, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, config / CHOICE_NAME)


class Unfit(StrEnum):
    """Why a folder cannot hold a store."""

    SYNCED = "synced"
    NETWORK = "network"


SYNCED_SENTENCE = N_(
    "{path} is kept in step by {service}. A data file that is copied while it is being written to gets damaged."
)
NETWORK_SENTENCE = N_(
    "{path} lies on a network drive ({service}). Network drives lose locks, and with them the data file gets damaged."
)


@dataclass(frozen=True)
class Finding:
    """What is wrong with a folder and where the store can lie instead."""

    reason: Unfit
    path: Path
    service: str
    safe: Path

    @property
    def sentence(self) -> str:
        """What is wrong, for people."""
        text = SYNCED_SENTENCE if self.reason is Unfit.SYNCED else NETWORK_SENTENCE
        return _(text).format(path=self.path, service=self.service)

    @property
    def offer(self) -> str:
        """What to do instead."""
        return _("Keep the data in {path}; backups may be copied to a synced folder.").format(path=self.safe)


def check_place(path: Path, environ: Mapping[str, str] | None = None) -> Finding | None:
    """What makes ``path`` unfit to hold a store; None where it is a plain local folder. It need not exist yet."""
    environ = os.environ if environ is None else environ
    real = Path(os.path.realpath(path.expanduser()))
    service = synced_by(real, environ)
    if service:
        return Finding(Unfit.SYNCED, path, service, platform_place())
    network = network_of(real)
    if network:
        return Finding(Unfit.NETWORK, path, network, platform_place())
    return None


def refuse_unfit(path: Path) -> None:
    """Raise StorageError with a safe offer where ``path`` cannot hold a store."""
    finding = check_place(path)
    if finding is not None:
        raise told(Trouble.PLACE, finding.sentence, _("Nothing was written there."), finding.offer)


def synced_by(real: Path, environ: Mapping[str, str]) -> str:
    """The service that syncs a resolved path, empty where none is known to.

    Whole components are compared, or their beginnings up to the end of a word, and only those below the user's own
    folder.
    """
    for service, root in _synced_roots(environ):
        if _inside(real, root):
            return service
    parts = real.parts
    home = Path(os.path.realpath(Path.home()))
    if _inside(real, home):
        parts = parts[len(home.parts) :]
    for component in parts:
        service = _service_named(_folded(component))
        if service:
            return service
    return ""


def _service_named(word: str) -> str:
    starts, whole = _synced_names()
    if word in whole:
        return whole[word]
    for start, service in starts.items():
        plain = start.rstrip("*")
        following = word[len(plain) : len(plain) + 1]
        if word.startswith(plain) and (plain != start or not (following.isascii() and following.isalnum())):
            return service
    return ""


def _synced_roots(environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """The folders that sync programs say are theirs."""
    for name, root in environ.items():
        if name.upper().startswith("ONEDRIVE") and root:
            yield "OneDrive", Path(os.path.realpath(root))
    for base in (environ.get("HOME"), environ.get("APPDATA"), environ.get("LOCALAPPDATA")):
        if not base:
            continue
        for note in (Path(base, ".dropbox", "info.json"), Path(base, "Dropbox", "info.json")):
            try:
                places = json.loads(note.read_text(encoding="utf-8"))
                roots = [Path(os.path.realpath(place["path"])) for place in places.values()]
            except (OSError, ValueError, TypeError, KeyError, AttributeError):
                continue
            yield from (("Dropbox", root) for root in roots)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _inside(path: Path, root: Path) -> bool:
    inner, outer = [_folded(part) for part in path.parts], [_folded(part) for part in root.parts]
    return inner[: len(outer)] == outer


@cache
def _synced_names() -> tuple[dict[str, str], dict[str, str]]:
    names = json.loads(resource("places", "synced_folders.json").read_text(encoding="utf-8"))
    return ({_folded(name): service for name, service in names["starts"].items()},
            {_folded(name): service for name, service in names["whole"].items()})  # fmt: skip


NETWORK_SYSTEMS = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "ncpfs", "afs"),
        *("ceph", "glusterfs", "vboxsf", "fuse.davfs2", "fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.s3fs"),
        *("fuse.gcsfuse", "fuse.google-drive-ocamlfuse", "fuse.onedriver", "fuse.glusterfs", "fuse.juicefs"),
    )
)


def network_of(real: Path) -> str:
    """The network file system that a resolved path lies on, empty for a local one."""
    if sys.platform == "win32":
        return _windows_network(real)
    try:
        if sys.platform == "darwin":
            return _network_mount(str(real), _mac_mounts())
        return _network_mount(str(real), Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""


def _network_mount(real: str, mounts: str) -> str:
    """The kind of the innermost mount that holds ``real``, by lines as in /proc/self/mounts, if it is a network one."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if (real == point or real.startswith(point.rstrip("/") + "/")) and len(point) >= len(best):
            best, kind = point, fields[2].lower()
    return kind if kind in NETWORK_SYSTEMS else ""


def _mac_mounts() -> str:
    """Lines of mount(8) in the shape of /proc/self/mounts."""
    import re
    import subprocess

    shown = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False).stdout
    found = re.findall(r"^(.+) on (.+) \(([^,)]+)", shown, re.MULTILINE)
    return "\n".join(f"- {point.replace(' ', chr(92) + '040')} {kind}" for _device, point, kind in found)


def _windows_network(real: Path) -> str:
    if str(real).startswith("\\\\"):
        return "SMB"
    import ctypes

    remote = 4
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    return "SMB" if kernel.GetDriveTypeW(str(real.anchor)) == remote else ""
