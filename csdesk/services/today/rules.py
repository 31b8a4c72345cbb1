"""What comes first on a day: overdue, then today, then soon; each with its reason. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Group(StrEnum):
    """The parts of the list, in their order."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    DONE = "done"


class Kind(StrEnum):
    """What an item is about."""

    VISIT = "visit"
    RECORD = "record"
    CONTRACT = "contract"
    HANDOVER = "handover"
    TASK = "task"
    TELL = "tell"
    DEMAND = "demand"
    BUG = "bug"
    LATE = "late"


@dataclass(frozen=True)
class Item:
    """One thing to do. ``title`` and ``why`` are sentences for people; ``due`` sorts within its group.

    ``account_id`` is 0 for a task of one's own and for what concerns several accounts. ``time`` is HH:MM of a visit, ``days`` how many days over (positive) or left (negative); None where neither matters.
    ``alarm`` is what is wrong, in a word or two, where waiting is not an option.
    """

    group: Group
    kind: Kind
    record_id: int
    account_id: int
    account: str
    tier: str
    title: str
    why: str
    due: date
    icon: str
    time: str = ""
    days: int | None = None
    alarm: str = ""


ORDER = {group: place for place, group in enumerate(Group)}
TIER_ORDER = {"A": 0, "B": 1, "C": 2}


def arranged(items: list[Item]) -> list[Item]:
    """Overdue by how long, today's by time, soon by day; the better tier first where they are equal."""

    def place(item: Item) -> tuple[int, date, str, int, int]:
        return (ORDER[item.group], item.due, item.time or "99:99", TIER_ORDER.get(item.tier, 3), item.record_id)

    return sorted(items, key=place)
