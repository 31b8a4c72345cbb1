"""The cage of the reading process holds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from csdesk.services.files.limits import LIMITS, Limits, job_limits

CONFINED = "from csdesk.services.files.limits import Limits, confine; confine(Limits(memory=400 << 20)); "


def confined(code: str) -> str:
    """What a process under limits says at last."""
    done = subprocess.run([sys.executable, "-c", CONFINED + code], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.mark.posix
def test_memory_is_limited():
    assert confined("bytearray(600 << 20)") == "MemoryError"


@pytest.mark.posix
def test_nothing_can_be_written(tmp_path):
    target = tmp_path / "loot"
    assert "File too large" in confined(f"open({str(target)!r}, 'wb', 0).write(b'x')")
    assert target.stat().st_size == 0


@pytest.mark.posix
def test_files_and_cores_are_limited():
    code = "import resource as r; print(r.getrlimit(r.RLIMIT_NOFILE)[1], r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_CPU)[0])"
    assert confined(code) == f"{LIMITS.open_files} (0, 0) 20"


def test_the_job_of_windows_limits_memory_and_processes():
    wanted = job_limits(Limits(memory=7 << 20, seconds=2))
    assert (wanted.ProcessMemoryLimit, wanted.Basic.ActiveProcessLimit) == (7 << 20, 1)
    assert wanted.Basic.PerProcessUserTimeLimit == 20_000_000
    assert wanted.Basic.LimitFlags & 0x2000


@pytest.mark.windows
def test_memory_is_limited_on_windows():
    assert confined("bytearray(600 << 20)") == "MemoryError"
