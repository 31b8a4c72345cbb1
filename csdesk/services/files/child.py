"""The desk's side of the conversation with a reading process: it gives the file, takes the answers, and ends it in time."""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from csdesk.services.core.progress import Progress
from csdesk.services.files.frames import pack, read_frame
from csdesk.services.files.limits import Limits, resident_memory

READ_ARGUMENT = "--read-workbook"
"""The first argument that makes a packaged program serve as the reading process."""

_PIECE = 256 * 1024
_ROOT = Path(__file__).resolve().parents[3]


class ChildEnded(Exception):
    """The process did not finish its answer. `reason` is "timeout", "memory" or "crashed"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reader_command() -> list[str]:
    """The command line that starts a reading process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, READ_ARGUMENT]
    return [sys.executable, "-E", "-m", "csdesk.services.files.reader_child"]


class _Watch:
    """Ends the process when its time or memory is used up, or when the user has had enough."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits, deadline: float, progress: Progress) -> None:
        self.process, self.limits, self.deadline, self.progress = process, limits, deadline, progress
        self.reason = ""
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look, name="watch over a reading process", daemon=True)
        self.thread.start()

    def _look(self) -> None:
        turns = 0
        while not self.over.wait(0.02):
            turns += 1
            if self.progress.cancelled:
                self.reason = "cancelled"
            elif time.monotonic() > self.deadline:
                self.reason = "timeout"
            elif turns % 10 == 0 and resident_memory(self.process.pid) > self.limits.memory:
                self.reason = "memory"
            if self.reason:
                self.process.kill()
                return

    def stop(self) -> None:
        self.over.set()
        self.thread.join()


def converse(
    command: Sequence[str],
    source: BinaryIO,
    options: dict[str, Any],
    *,
    limits: Limits,
    deadline: float,
    progress: Progress,
    digest: hashlib._Hash | None = None,
) -> Generator[Any, None, None]:
    """Start `command`, send it the options and the file, and yield its messages; `deadline` is on the monotonic clock.

    Raises ChildEnded where it dies, is killed or talks nonsense, and Cancelled where the user wants to stop. The process
    has ended when this has.
    """
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    watch = _Watch(process, limits, deadline, progress)
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionError):
            _give(process.stdin, source, options, digest)
        yield from _answers(process.stdout)
        status = process.wait()
    except ValueError as error:
        raise ChildEnded(watch.reason or "crashed") from error
    finally:
        process.kill()
        process.wait()
        watch.stop()
        process.stdout.close()
        with contextlib.suppress(OSError):
            process.stdin.close()
        progress.check()
    if watch.reason or status:
        raise ChildEnded(watch.reason or _reason(status))


def _give(stdin: Any, source: BinaryIO, options: dict[str, Any], digest: hashlib._Hash | None) -> None:
    stdin.write(pack(options))
    while piece := source.read(_PIECE):
        stdin.write(piece)
        if digest is not None:
            digest.update(piece)
    stdin.close()


def _answers(stdout: Any) -> Generator[Any, None, None]:
    while (message := read_frame(stdout)) is not None:
        yield message


def _reason(status: int) -> str:
    """Why a process ended that nobody here ended: a signal for too much processor time counts as too long."""
    if sys.platform != "win32":
        import signal

        if status in (-signal.SIGXCPU, -signal.SIGKILL):
            return "timeout"
    return "crashed"
