"""Which backups are kept: pure.

Days are counted as they occur among the backups, newest first by sequence, and the machine's clock is never asked: a
clock that jumps years ahead or back costs no backup, and a month without work thins nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


class Kept(Protocol):
    """What the rule looks at: the order of making, the local day, whether the copy was checked."""

    @property
    def sequence(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def verified(self) -> bool: ...


B = TypeVar("B", bound=Kept)


@dataclass(frozen=True)
class Scheme:
    """All backups of the newest ``all_days`` days, then the newest one of so many days, weeks and months before; never
    fewer than ``at_least`` verified ones."""

    all_days: int = 2
    daily: int = 12
    weekly: int = 10
    monthly: int = 9
    at_least: int = 5


USUAL = Scheme()


def to_remove(backups: Iterable[B], scheme: Scheme = USUAL) -> list[B]:
    """The backups that the scheme no longer needs, oldest first."""
    newest_first = sorted(backups, key=lambda backup: backup.sequence, reverse=True)
    kept = {backup.sequence for backup in _kept(newest_first, scheme)}
    verified = [backup.sequence for backup in newest_first if backup.verified]
    kept.update(verified[: scheme.at_least])
    return [backup for backup in reversed(newest_first) if backup.sequence not in kept]


def _kept(newest_first: Sequence[B], scheme: Scheme) -> Iterator[B]:
    days: set[date] = set()
    weeks: set[tuple[int, int]] = set()
    months: set[tuple[int, int]] = set()
    for backup in newest_first:
        day = backup.day
        if day in days:
            if len(days) <= scheme.all_days:
                yield backup
            continue
        if len(days) < scheme.all_days + scheme.daily:
            days.add(day)
            yield backup
            continue
        week, month = day.isocalendar()[:2], (day.year, day.month)
        if week not in weeks and len(weeks) < scheme.weekly:
            weeks.add(week)
            yield backup
        elif week not in weeks and month not in months and len(months) < scheme.monthly:
            months.add(month)
            yield backup
