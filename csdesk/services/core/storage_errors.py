"""What SQLite and the disk say, in sentences: happened, safe, to do. What is not listed here is a bug and stays one.

A locked store is not a damaged one, and a full disk is neither: each has its own ``kind``, so that nobody starts a
rescue for want of a few seconds' patience.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from csdesk.services.core.errors import StorageError
from csdesk.services.core.texts import N_, _


class Trouble(StrEnum):
    """What let us down; the window offers different ways out for each."""

    FULL = "full"
    LOCKED = "locked"
    READ_ONLY = "read_only"
    DENIED = "denied"
    DISK = "disk"
    DAMAGED = "damaged"
    EMPTIED = "emptied"
    FOREIGN = "foreign"
    NEWER = "newer"
    MISSING = "missing"
    MEMORY = "memory"
    PLACE = "place"
    GONE = "gone"


UNTOUCHED = N_("Nothing was changed.")
SAVED_IS_SAFE = N_("Everything saved before is safe.")

SENTENCES: dict[Trouble, tuple[str, str, str]] = {
    Trouble.FULL: (
        N_("The disk is full; the change was not saved."),
        SAVED_IS_SAFE,
        N_("Free some space, then try again."),
    ),
    Trouble.LOCKED: (
        N_("Another program is using the data file."),
        UNTOUCHED,
        N_("Wait for it to finish or close it, then try again."),
    ),
    Trouble.READ_ONLY: (
        N_("The data file cannot be written to: it or its folder is read-only."),
        SAVED_IS_SAFE,
        N_("Allow writing to the folder, or choose another folder."),
    ),
    Trouble.DENIED: (
        N_("The data file or its folder cannot be opened."),
        UNTOUCHED,
        N_("Check that the folder exists and that you may read and write it, or choose another folder."),
    ),
    Trouble.DISK: (
        N_("The disk reported an error; the change was not saved."),
        SAVED_IS_SAFE,
        N_("Check the disk and its connection, then try again; make a backup on another disk."),
    ),
    Trouble.DAMAGED: (
        N_("The data file is damaged."),
        N_("It was left as it is, and your backups are untouched."),
        N_("Restore the newest backup; the damaged file will be kept."),
    ),
    Trouble.EMPTIED: (
        N_("The data file is empty, although this folder has been worked in before."),
        N_("It was left as it is, and your backups are untouched."),
        N_("Restore the newest backup."),
    ),
    Trouble.FOREIGN: (
        N_("This is not a CSDesk data file."),
        N_("It was not touched."),
        N_("Choose another folder, or move the file away."),
    ),
    Trouble.MISSING: (
        N_("The data file is missing, although this folder has been worked in before."),
        N_("Your backups are untouched."),
        N_("Connect the disk it lies on, or restore the newest backup."),
    ),
    Trouble.GONE: (
        N_("The data file was moved, deleted or replaced while CSDesk was open; nothing is saved any more."),
        N_("What was saved before is kept among the backups."),
        N_("Put the file back or restore the newest backup, then start CSDesk again."),
    ),
    Trouble.MEMORY: (
        N_("There is not enough memory; the change was not saved."),
        SAVED_IS_SAFE,
        N_("Close other programs, then try again."),
    ),
}

_BY_SQLITE_CODE = {
    sqlite3.SQLITE_PERM: Trouble.DENIED,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Trouble.LOCKED,
    sqlite3.SQLITE_NOMEM: Trouble.MEMORY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    sqlite3.SQLITE_NOLFS: Trouble.DISK,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_CANTOPEN: Trouble.DENIED,
}
_BY_ERRNO = {
    errno.ENOSPC: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.DENIED,
    errno.EPERM: Trouble.DENIED,
    errno.ENOENT: Trouble.DENIED,
    errno.ENOTDIR: Trouble.DENIED,
    errno.EISDIR: Trouble.DENIED,
    errno.EIO: Trouble.DISK,
    errno.ENOMEM: Trouble.MEMORY,
}


def trouble(kind: Trouble) -> StorageError:
    """The error of this kind, in the language spoken now."""
    what, safe, remedy = SENTENCES[kind]
    return told(kind, _(what), _(safe), _(remedy))


def told(kind: Trouble, what: str, safe: str = "", remedy: str = "") -> StorageError:
    """A storage error in sentences of the caller's own."""
    return StorageError(what, safe, remedy, kind)


def kind_of(error: BaseException) -> Trouble | None:
    """What kind of trouble an exception of SQLite, SQLAlchemy or the system is; None means a bug of ours."""
    if isinstance(error, StorageError):
        return Trouble(error.kind) if error.kind else None
    if isinstance(error, MemoryError):
        return Trouble.MEMORY
    cause = getattr(error, "orig", None)
    if isinstance(cause, BaseException):
        error = cause
    if isinstance(error, sqlite3.Error):
        return _BY_SQLITE_CODE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0)
    return None


def storage_error(error: BaseException) -> StorageError | None:
    """The StorageError that tells ``error`` to people, or None where it is a bug.

    Understands sqlite3 and SQLAlchemy errors, OSError, MemoryError, and what the store's opening raises for files that
    are not ours or newer than this program.
    """
    if isinstance(error, StorageError):
        return error
    kind = kind_of(error)
    if kind is not None:
        return trouble(kind)
    if isinstance(error, Exception) and type(error).__name__ in ("NotOurs", "NewerStore", "StoreGone"):
        return _refused(error)
    return None


@contextmanager
def storage_errors(path: Path | None = None) -> Iterator[None]:
    """Raise what SQLite and the disk say inside the block as StorageError; a bug passes through.

    ``path`` is named where the system could not open or write it.
    """
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        sentence = storage_error(error)
        if sentence is None:
            raise
        if path is not None and isinstance(error, OSError):
            sentence = file_error(error, path)
        raise sentence from error


def _refused(error: Exception) -> StorageError | None:
    from csdesk import __version__
    from csdesk.models.database import SCHEMA, NewerStore, NotOurs, StoreGone

    if isinstance(error, NotOurs):
        return trouble(Trouble.FOREIGN)
    if isinstance(error, StoreGone):
        return trouble(Trouble.GONE)
    if isinstance(error, NewerStore):
        return newer(error.program, error.found, __version__, SCHEMA)
    return None


def newer(program: str, found: int, own: str, readable: int) -> StorageError:
    """A store from the future: both versions named, nothing touched, nothing destructive offered."""
    what = _(
        "This data file was written by CSDesk {program} (format {found}); this is CSDesk {own}, which reads up to "
        "format {readable}."
    )
    return told(
        Trouble.NEWER,
        what.format(program=program, found=found, own=own, readable=readable),
        _("It was not touched."),
        _("Install the newer version, or open another folder."),
    )


def file_error(error: OSError, path: Path, remedy: str = "") -> StorageError:
    """The StorageError for a file of the user's choice (an export, a backup folder) that cannot be written or read."""
    kind = kind_of(error) or Trouble.DISK
    what = {
        Trouble.FULL: _("{path} cannot be written: the disk is full."),
        Trouble.READ_ONLY: _("{path} cannot be written: it is read-only."),
        Trouble.DENIED: _("{path} cannot be opened: it is missing, or you may not open it."),
        Trouble.MEMORY: _("{path} cannot be used: there is not enough memory."),
    }.get(kind, _("{path} cannot be used: the disk reported an error.")).format(path=path)
    return told(kind, what, _(SAVED_IS_SAFE), remedy or _("Choose another place, then try again."))
