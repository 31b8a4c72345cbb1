"""Memory of this process."""

from __future__ import annotations

import sys
from pathlib import Path


def resident() -> float:
    """Resident memory in MB at its highest since the program began."""
    status = Path("/proc/self/status")
    if status.exists():  # the rusage of a Linux child begins with its parent's peak
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
