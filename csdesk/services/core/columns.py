"""What a column is, for the screen, the sheet and the paper alike. No SQL here: screens import it at start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import filterfalse
from typing import Any, Protocol


class Kind(StrEnum):
    """How a value is shown and aligned."""

    TEXT = "text"
    NAME = "name"
    NUMBER = "number"
    MONEY = "money"
    """Integer cents."""
    SHARE = "share"
    """A pair: how many of how many."""
    DAY = "day"
    MOMENT = "moment"
    ENDS = "ends"
    """A day shown with the days left until it."""
    LAST_CONTACT = "last_contact"
    """A day, marked where it is longer ago than the tier allows."""
    TIER = "tier"
    CHOICE = "choice"
    """A word of the vocabulary."""
    BADGE = "badge"
    STAR = "star"
    PHONE = "phone"


@dataclass(frozen=True)
class Column:
    """A column of a list: its key, heading (msgid), kind, width in pixels at 100 %.

    ``leaves`` orders who goes first where the window is narrow (higher first; 0 stays always). ``hidden`` columns are
    there for the chooser. ``editable`` ones may be changed in the cell.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 120
    sortable: bool = True
    leaves: int = 0
    hidden: bool = False
    editable: bool = False


@dataclass(frozen=True)
class Filter:
    """One condition on a list, by its key; ``value`` as the slice's listing understands it."""

    key: str
    value: str | int | tuple[str, ...] = ""


@dataclass(frozen=True)
class Query:
    """What the user asked a list for: words, conditions (all must hold), order."""

    search: str = ""
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Found:
    """The records that hold some words: these ids, or where those are most (``but``) all except these."""

    ids: Set[int]
    but: bool = False

    def __and__(self, other: Found) -> Found:
        if self.but and other.but:
            return Found(self.ids | other.ids, but=True)
        if self.but or other.but:
            some, others = (other, self) if self.but else (self, other)
            return Found(some.ids - others.ids)
        return Found(self.ids & other.ids)

    def with_these(self, ids: Set[int]) -> Found:
        """These too."""
        return Found(self.ids - ids if self.but else self.ids | ids, self.but)

    def pick(self, ids: Iterable[int]) -> list[int]:
        """Those found, in the order given."""
        return list((filterfalse if self.but else filter)(self.ids.__contains__, ids))


def in_order(ids: Iterable[int], order: Callable[[int], Any], descending: bool = False) -> list[int]:
    """Ids by what ``order`` says of each; those of which it says None come last, in either order."""
    orders = {number: order(number) for number in ids}
    full = [number for number, value in orders.items() if value is not None]
    bare = [number for number, value in orders.items() if value is None]
    return [*sorted(full, key=orders.__getitem__, reverse=descending), *bare]


class Listed(Protocol):
    """What a table shows: columns, the ids that answer a query in their order, rows by id.

    A list of the store is a ``Listing``; what was counted already may stand in memory.
    """

    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def default_sort(self) -> str: ...
    @property
    def default_descending(self) -> bool: ...
    def ids(self, connection: Any, query: Query, today: date) -> list[int]: ...
    def rows(self, connection: Any, ids: Sequence[int]) -> Mapping[int, tuple[Any, ...]]: ...
