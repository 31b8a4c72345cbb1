"""Taking times, and the table that is printed."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Line:
    """One row: what was measured, ours, the floor (None: none), the target in words, and the unit."""

    what: str
    ours: float
    floor: float | None
    target: str
    unit: str = "ms"

    def text(self) -> str:
        """The row as printed."""
        ratio = f"{self.ours / self.floor:6.2f}x" if self.floor else "      -"
        floor = f"{self.floor:10.1f}" if self.floor is not None else "         -"
        return f"{self.what:<58}{self.ours:10.1f}{floor} {self.unit:<3}{ratio}  {self.target}"


HEAD = f"{'':<58}{'ours':>10}{'floor':>10}     {'ratio':>7}  target"


def timed(function: Callable[[], object], runs: int = 9) -> list[float]:
    """Milliseconds of each run, after one that does not count."""
    function()
    times = []
    for _run in range(runs):
        began = time.perf_counter()
        function()
        times.append((time.perf_counter() - began) * 1000)
    return times


@dataclass(frozen=True)
class Taken:
    """What runs of one thing took, in milliseconds: by the clock, and of the processor, which other work disturbs less."""

    clock: float
    processor: float


def in_turn(functions: Sequence[Callable[[], object]], runs: int = 9) -> list[Taken]:
    """The medians of each, run in turn so that what else the machine does weighs on all of them; the first turn does not
    count."""
    times: list[list[tuple[float, float]]] = [[] for _function in functions]
    for _run in range(runs + 1):
        for function, own in zip(functions, times, strict=True):
            began, worked = time.perf_counter(), time.thread_time()
            function()
            own.append(((time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000))
    return [Taken(*(median(column) for column in zip(*own[1:], strict=True))) for own in times]


def median(times: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(times)


def p99(times: Sequence[float]) -> float:
    """The one that 99 of 100 stay under."""
    return percentile(times, 99)


def percentile(times: Sequence[float], share: int) -> float:
    """The one that so many of 100 stay under."""
    return sorted(times)[min(len(times) - 1, round(len(times) * share / 100))]


def process(*arguments: str, runs: int = 5, before: Callable[[], None] | None = None, warm: bool = True) -> list[float]:
    """Milliseconds from start to exit of a command, after one that does not count where it is to be ``warm``."""
    times = []
    for run in range(runs + warm):
        if before is not None:
            before()
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=quiet(), capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"{arguments}: exit {done.returncode}\n{done.stderr}")
        if run >= warm:
            times.append((time.perf_counter() - began) * 1000)
    return times


def peak_of_tree(command: Sequence[str]) -> float:
    """The most memory in MB that a command and its children held together, looked at every 20 ms; Linux only."""
    running = subprocess.Popen(command, cwd=ROOT, env=quiet(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while running.poll() is None:
        most = max(most, _held(running.pid))
        time.sleep(0.02)
    return most / 2**20


def _held(pid: int) -> int:
    try:
        held = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return held + sum(_held(int(child)) for task in tasks for child in (task / "children").read_text().split())
    except (OSError, ValueError):
        return 0


def quiet() -> dict[str, str]:
    """The environment for children: no display, compiled modules kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "CSDESK_BENCH_BEGAN": str(time.monotonic_ns())}
