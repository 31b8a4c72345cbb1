"""How much a file may cost: sizes that the reader accepts, and the cage that its process sits in."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Bytes, seconds and counts; a file beyond them is refused, rows and columns beyond are told."""

    seconds: float = 20.0
    memory: int = 1024 * MEGABYTE
    file: int = 100 * MEGABYTE
    unpacked: int = 300 * MEGABYTE
    part: int = 150 * MEGABYTE
    parts: int = 2000
    ratio: int = 200
    ratio_from: int = 10 * MEGABYTE
    rows: int = 200_000
    columns: int = 200
    empty_rows: int = 1000
    sheets: int = 200
    cells: int = 6_000_000
    characters: int = 100_000_000
    text: int = 32_767
    dense_cells: int = 6_000_000
    merged: int = 20_000
    listed: int = 20
    open_files: int = 48

    def as_options(self) -> dict[str, Any]:
        """The limits as plain values, to be sent to the child."""
        return asdict(self)


LIMITS = Limits()
_SYSTEM: str = sys.platform


def confine(limits: Limits) -> None:
    """Put this process under the limits for good: memory, processor time, no file writing, few files, no core dump.

    On Windows a job object does it. Raises OSError where the system refuses, so that no file is read without limits.
    """
    if _SYSTEM == "win32":
        _confine_on_windows(limits)
        return
    import resource

    seconds = max(1, int(limits.seconds + 0.999))
    wanted = (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_AS, limits.memory, limits.memory),
    )
    for kind, soft, hard in wanted:
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError):
            if _SYSTEM != "darwin" or kind != resource.RLIMIT_AS:
                raise  # macOS does not limit address space: the parent watches there


def resident_memory(pid: int) -> int:
    """The bytes of memory that a process holds now, 0 where that cannot be told (it has ended, or the system is Windows)."""
    if _SYSTEM == "win32":
        return 0
    if _SYSTEM == "linux":
        try:
            with open(f"/proc/{pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            return 0
    answer = subprocess.run(["/bin/ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False).stdout
    return int(answer) * 1024 if answer.strip().isdigit() else 0


class _BasicLimits(ctypes.Structure):
    _fields_ = [
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    ]


class _ExtendedLimits(ctypes.Structure):
    _fields_ = [
        ("Basic", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


_PROCESS_TIME, _ACTIVE_PROCESS, _PROCESS_MEMORY = 0x2, 0x8, 0x100
_DIE_ON_EXCEPTION, _KILL_ON_CLOSE = 0x400, 0x2000
_EXTENDED_LIMIT_INFORMATION = 9


def job_limits(limits: Limits) -> _ExtendedLimits:
    """The limits in the form that Windows wants; times are in units of 100 ns."""
    wanted = _ExtendedLimits()
    wanted.Basic.LimitFlags = _PROCESS_TIME | _ACTIVE_PROCESS | _PROCESS_MEMORY | _DIE_ON_EXCEPTION | _KILL_ON_CLOSE
    wanted.Basic.PerProcessUserTimeLimit = int(limits.seconds * 10_000_000)
    wanted.Basic.ActiveProcessLimit = 1
    wanted.ProcessMemoryLimit = limits.memory
    return wanted


def _confine_on_windows(limits: Limits) -> None:
    kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    for function in (kernel.CreateJobObjectW, kernel.GetCurrentProcess):
        function.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    wanted = job_limits(limits)
    done = job.value and kernel.SetInformationJobObject(
        job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(wanted), ctypes.sizeof(wanted)
    )
    # The handle is never closed: it ends with the process, and closing it would end the process.
    if not done or not kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess())):
        raise OSError("this process could not be put under limits")
