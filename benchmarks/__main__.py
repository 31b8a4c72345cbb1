"""Runs the benchmarks named, all without names, and prints one table."""

from __future__ import annotations

import sys

from benchmarks.cases import CASES
from benchmarks.measure import HEAD


def main() -> int:
    """Print a row as soon as it is there."""
    names = sys.argv[1:] or list(CASES)
    unknown = [name for name in names if name not in CASES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(CASES)}.", file=sys.stderr)
        return 2
    print(HEAD)
    for name in names:
        for line in CASES[name]():
            print(line.text(), flush=True)
    return 0


sys.exit(main())
