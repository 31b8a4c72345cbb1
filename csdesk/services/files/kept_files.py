"""Files kept beside the store under the SHA-256 of their content: the same content lies there once, and never changes.

A file is copied to a temporary name, hashed on the way, flushed, and only then gets its name. Rows point at it by hash;
it stays where the last row is in the bin.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.faults import point
from csdesk.services.core.storage_errors import Trouble, file_error, told
from csdesk.services.core.texts import _, ngettext
from csdesk.services.files.store_copies import digest, flush

FOLDER = "files"
OPENED = "opened"
LARGEST = 50 * 2**20
"""Bytes of one file at most: a photo or a presentation, no film."""
BLOCK = 2**20
LEFT_FOR_SECONDS = 3600
LONGEST_NAME = 120
RUNS = frozenset(
    (
        *(".app", ".apk", ".bat", ".cmd", ".com", ".cpl", ".desktop", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk"),
        *(".msi", ".pif", ".ps1", ".py", ".reg", ".scr", ".sh", ".url", ".vb", ".vbs", ".wsf"),
    )
)
"""What the system would run instead of show."""
_HASH = re.compile(r"[0-9a-f]{64}")
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True)
class Kept:
    """A file as it is kept: its own name, the hash of its content, its size in bytes."""

    name: str
    sha256: str
    size: int


def folder_of(store: Path) -> Path:
    """The folder of a store's files."""
    return store.parent / FOLDER


def place_of(folder: Path, sha256: str) -> Path:
    """Where content of this hash lies, there or not. Raises ValueError for what is no hash."""
    if not _HASH.fullmatch(sha256):
        raise ValueError(f"no SHA-256: {sha256!r}")
    return folder / sha256[:2] / sha256


def keep(source: Path, folder: Path) -> Kept:
    """Take a file in. Raises Problems for one that is empty, too large or no file, StorageError where the disk refuses."""
    name = clean_name(source.name)
    try:
        if not source.is_file():
            raise Problems([Problem("files", _("{name} is not a file.").format(name=name), code="no_file")])
        size = source.stat().st_size
        if not size:
            raise Problems([Problem("files", _("{name} is empty.").format(name=name), code="empty")])
        if size > LARGEST:
            raise _too_large(name)
    except OSError as error:
        raise file_error(error, source) from error
    temporary: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, made = tempfile.mkstemp(prefix=".new-", dir=folder)
        temporary = Path(made)
        _sweep(folder, temporary)
        with os.fdopen(handle, "wb") as target:
            kept = _copy(source, target, name)
        place = place_of(folder, kept.sha256)
        if is_there(folder, kept.sha256, kept.size):
            return kept
        place.parent.mkdir(exist_ok=True, mode=0o700)
        point("files.copied")
        os.replace(temporary, place)
        flush(place.parent)
    except OSError as error:
        raise file_error(error, source) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    return kept


def _sweep(folder: Path, newest: Path) -> None:
    """Remove copies that a program left half-way when it was killed, an hour or more before ``newest``."""
    now = newest.stat().st_mtime
    for left in folder.glob(".new-*"):
        with contextlib.suppress(OSError):
            if now - left.stat().st_mtime >= LEFT_FOR_SECONDS:
                left.unlink()


def _copy(source: Path, target: object, name: str) -> Kept:
    """Copy and hash in one reading: what is hashed is what was written, though the file changes meanwhile."""
    known, size = hashlib.sha256(), 0
    with source.open("rb") as file:
        while block := file.read(BLOCK):
            size += len(block)
            if size > LARGEST:
                raise _too_large(name)
            known.update(block)
            target.write(block)  # type: ignore[attr-defined]
    target.flush()  # type: ignore[attr-defined]
    os.fsync(target.fileno())  # type: ignore[attr-defined]
    return Kept(name, known.hexdigest(), size)


def _too_large(name: str) -> Problems:
    sentence = _("{name} is too large: {most} MB at most.").format(name=name, most=LARGEST // 2**20)
    return Problems([Problem("files", sentence, code="too_large")])


def is_there(folder: Path, sha256: str, size: int) -> bool:
    """Whether the content lies there, by its size alone."""
    try:
        return place_of(folder, sha256).stat().st_size == size
    except (OSError, ValueError):
        return False


def is_whole(folder: Path, sha256: str) -> bool:
    """Whether the content is what its hash says: reads all of it. Raises OSError where it cannot be read."""
    return digest(place_of(folder, sha256)) == sha256


def kept_in_all(folder: Path) -> tuple[int, int]:
    """How many files are kept, and their bytes together; (0, 0) where there is no folder."""
    sizes = [path.stat().st_size for path in folder.glob("[0-9a-f][0-9a-f]/*") if _HASH.fullmatch(path.name)]
    return len(sizes), sum(sizes)


def beside_backups(folder: Path) -> str:
    """What people have to know about files and backups; empty where no file is kept."""
    count, size = kept_in_all(folder)
    if not count:
        return ""
    text = ngettext(
        "{n} attached file ({size}) lies in {folder} and is not in the backups: copy that folder along.",
        "{n} attached files ({size}) lie in {folder} and are not in the backups: copy that folder along.",
        count,
    )
    return text.format(n=count, size=size_text(size), folder=folder)


def opened_copy(folder: Path, kept: Kept) -> Path:
    """A copy under its own name for the system's viewer: what is done to it leaves the kept file alone.

    Raises Problems for what the system would run, StorageError where the file is missing or the disk refuses.
    """
    if Path(kept.name).suffix.lower() in RUNS:
        sentence = _("{name} is a program or a script: it is kept, but not started from here.").format(name=kept.name)
        raise Problems([Problem("files", sentence, code="runs")])
    if not is_there(folder, kept.sha256, kept.size):
        what = _("The file {name} is missing from the data folder.").format(name=kept.name)
        raise told(
            Trouble.MISSING, what, _("Its entry stays."), _("Attach it again, or copy the data folder's files back.")
        )
    target = folder / OPENED / kept.sha256[:16] / clean_name(kept.name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(place_of(folder, kept.sha256), target)
    except OSError as error:
        raise file_error(error, target) from error
    return target


def clean_name(name: str) -> str:
    """A file's name as every system takes it, its suffix kept."""
    plain = _UNFIT.sub("_", name).strip(" .") or "file"
    stem, suffix = os.path.splitext(plain)
    return stem[: LONGEST_NAME - len(suffix[:20])] + suffix[:20]


def size_text(size: int) -> str:
    """A size as people read it: kB below a megabyte, else MB with one decimal."""
    if size < 2**20:
        return _("{n} kB").format(n=max(1, round(size / 1024)))
    return _("{n} MB").format(n=f"{size / 2**20:.1f}")
