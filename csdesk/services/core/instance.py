"""One window for each store.

The lock is the operating system's, on a file beside the store: it falls with the process that held it, however that one
ended. What stands in the file says who holds it, for the sentence that a second start shows; and it tells a lock that
another machine left on a folder both can reach, which no operating system would report.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from csdesk.services.core.clock import Clock
from csdesk.services.core.storage_errors import Trouble, file_error, trouble

LOCK_NAME = "csdesk.lock"
_LOCKED_BYTE = 1 << 20
"""Windows refuses to read locked bytes, so the lock lies far behind the text."""


@dataclass(frozen=True)
class Holder:
    """Who works with a store: process, host name, since when (ISO text, UTC), machine where it has an id."""

    pid: int
    host: str
    started: str
    machine: str = ""

    @property
    def here(self) -> bool:
        """Whether that is this machine, under whichever name: laptops are renamed by the network they are in."""
        return self.host == platform.node() or (self.machine != "" and self.machine == machine_id())


class AlreadyOpen(Exception):
    """Another window works with this store. ``holder`` is None where its note cannot be read."""

    def __init__(self, holder: Holder | None) -> None:
        super().__init__(f"store held by {holder}")
        self.holder = holder

    @property
    def elsewhere(self) -> bool:
        """Whether the other window is, or was, on another machine: raising it is not possible then."""
        return self.holder is not None and not self.holder.here


class StoreLock:
    """The right to open a window on the store in ``folder``. Commands of the command line work without it."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.path = folder / LOCK_NAME
        self._clock = clock or Clock()
        self._file: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def acquire(self, *, take_over: bool = False) -> None:
        """Take the lock, or raise AlreadyOpen; StorageError where the folder cannot be written to.

        A lock left by a process that died here is free again. One left by another machine stays refused, since that
        machine may still be at work, until the user says so (``take_over``).
        """
        if self._file is not None:
            return
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            raise file_error(error, self.path.parent) from error
        file = os.fdopen(descriptor, "r+b")
        if not _lock_patiently(file):
            holder = _read(file)
            file.close()
            raise AlreadyOpen(holder)
        left = _read(file)
        if left is not None and not left.here and not take_over:
            file.close()
            raise AlreadyOpen(left)
        self._file = file
        started = self._clock.now().isoformat(timespec="seconds")
        self._write({"pid": os.getpid(), "host": platform.node(), "started": started, "machine": machine_id()})

    def release(self) -> None:
        """Give the lock back. Harmless where it is not held."""
        if self._file is not None:
            self._write(None)
            self._file.close()
            self._file = None

    def _write(self, note: dict[str, object] | None) -> None:
        assert self._file is not None
        self._file.seek(0)
        self._file.truncate()
        if note is not None:
            self._file.write(json.dumps(note).encode())
        self._file.flush()


def holder_of(folder: Path) -> Holder | None:
    """Who holds the store in ``folder`` at this moment; None where nobody does."""
    lock = StoreLock(folder)
    if not lock.path.exists():
        return None
    try:
        with lock.path.open("r+b") as file:
            left = _read(file)
            if left is not None and not left.here:
                return left
            return None if _lock(file) else left or Holder(0, platform.node(), "")
    except OSError:
        return None


def channel(folder: Path) -> str:
    """The name of the local socket on which the window of the store in ``folder`` listens."""
    import hashlib

    real = os.path.normcase(os.path.realpath(folder))
    return "csdesk-" + hashlib.sha256(real.encode(errors="surrogateescape")).hexdigest()[:20]


@cache
def machine_id() -> str:
    """What the operating system calls this machine; empty where it does not say."""
    try:
        if sys.platform == "win32":
            import winreg

            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        if sys.platform == "darwin":
            import subprocess

            command = ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"]
            shown = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout
            found = re.search(r'"IOPlatformUUID" = "([^"]+)"', shown)
            return found[1] if found else ""
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _read(file: IO[bytes]) -> Holder | None:
    file.seek(0)
    try:
        note = json.loads(file.read(4096))
        return Holder(int(note["pid"]), str(note["host"]), str(note["started"]), str(note.get("machine", "")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _lock_patiently(file: IO[bytes]) -> bool:
    """Try for a tenth of a second: somebody may only be asking who holds it."""
    for _attempt in range(5):
        if _lock(file):
            return True
        time.sleep(0.02)
    return False


def _lock(file: IO[bytes]) -> bool:
    """Lock the file without waiting; closing it, or the end of the process, unlocks."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def exclusive(path: Path, seconds: float) -> Iterator[None]:
    """Keep other processes out of a folder for a moment, by a lock file in it; StorageError where they stay longer."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    except OSError as error:
        raise file_error(error, path.parent) from error
    with file:
        for _attempt in range(max(1, int(seconds / 0.1))):
            if _lock_patiently(file):
                break
        else:
            raise trouble(Trouble.LOCKED)
        yield
