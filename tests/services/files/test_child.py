"""The conversation with a reading process ends, whatever that process does."""

from __future__ import annotations

import io
import sys
import threading
import time

import pytest

from csdesk.services.core.errors import Cancelled
from csdesk.services.core.progress import Progress
from csdesk.services.files.child import ChildEnded, converse, reader_command
from csdesk.services.files.limits import LIMITS, MEGABYTE, Limits, resident_memory


def talk(code: str, seconds: float = 30.0, progress: Progress | None = None, limits: Limits = LIMITS) -> list[object]:
    """Everything that a process running `code` says."""
    return list(
        converse(
            [sys.executable, "-c", code],
            io.BytesIO(b"x" * 3_000_000),
            {},
            limits=limits,
            deadline=time.monotonic() + seconds,
            progress=progress or Progress(),
        )
    )


def test_a_process_that_hangs_is_ended():
    with pytest.raises(ChildEnded, match="timeout"):
        talk("import time; time.sleep(600)", 0.3)


def test_a_process_that_hangs_after_its_answer_is_ended():
    with pytest.raises(ChildEnded, match="timeout"):
        talk("import os, sys, time; sys.stdin.buffer.read(); os.close(1); time.sleep(600)", 0.5)


@pytest.mark.parametrize(
    "code",
    [
        "import sys; sys.stdin.buffer.read(); print('hello, this is no frame')",
        "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(b'\\0\\0\\0\\5[1,')",
        "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(b'\\0\\0\\0\\7{\"d\":1}')",
        "import os; os.abort()",
        "raise SystemExit(3)",
    ],
)
def test_nonsense_and_crashes(code):
    with pytest.raises(ChildEnded, match="crashed"):
        talk(code)


def test_cancelling_ends_the_process():
    progress = Progress()
    timer = threading.Timer(0.2, progress.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        talk("import time; time.sleep(600)", progress=progress)
    timer.join()


@pytest.mark.posix
def test_the_watch_ends_a_process_that_grows():
    code = "import time; held = b'x' * (300 << 20); time.sleep(600)"
    with pytest.raises(ChildEnded, match="memory"):
        talk(code, limits=Limits(memory=100 * MEGABYTE))


def test_the_answer_comes_in_order():
    code = (
        "import sys; from csdesk.services.files.frames import pack; sys.stdin.buffer.read();"
        "[sys.stdout.buffer.write(pack({'n': n})) for n in range(3)]"
    )
    assert talk(code) == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_a_packaged_program_reads_with_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert reader_command() == [sys.executable, "--read-workbook"]


@pytest.mark.posix
def test_resident_memory_is_known_of_ourselves_and_not_of_nobody():
    import os

    assert resident_memory(os.getpid()) > MEGABYTE
    assert resident_memory(2**22 + 1) == 0
