"""What the Today page shows: frozen, and known without the store's tables, so that it can be shown before they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from csdesk.services.today.rules import Group, Item


@dataclass(frozen=True)
class TodayVisit:
    """A visit of the day: HH:MM or empty, whom one meets, where (the goal where one does not travel)."""

    id: int
    account: str
    contact: str
    where: str
    starts_at: str
    icon: str
    done: bool


@dataclass(frozen=True)
class DayLoad:
    """A day of the week: visits that take room, how many it takes, its name where it is free."""

    day: date
    used: int
    capacity: int
    free_name: str = ""

    @property
    def over(self) -> int:
        """Visits beyond the day's capacity."""
        return max(0, self.used - self.capacity)


@dataclass(frozen=True)
class TodayView:
    """What the Today page shows. Of what comes soon only the nearest is listed; ``totals`` counts all of it."""

    day: date
    items: tuple[Item, ...]
    visits: tuple[TodayVisit, ...]
    week: tuple[DayLoad, ...]
    ending_soon: int
    waiting: int
    accounts: int
    totals: Mapping[Group, int] = field(default_factory=dict)

    def count(self, group: Group) -> int:
        """What is due in a group, listed or not."""
        listed = sum(item.group == group for item in self.items)
        return max(listed, self.totals.get(group, 0))
