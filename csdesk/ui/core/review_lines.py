"""The lines of a review of something read in: accounts of a workbook, answers of product. Made when they are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple, overload

from csdesk.services.core.texts import _
from csdesk.ui.core.lines import Badge

Place = tuple[str, int]


@dataclass(frozen=True)
class ReviewLine:
    """One line: whose or which field, where it stands, what is there now, what the file says.

    ``tick``: whether its row comes in; None shows no box. ``cell`` (sheet, address) can be typed over, beginning with
    ``typed``. ``is_open`` tells whether the cells of a row are listed below it; None: it has none.
    """

    key: tuple[Any, ...]
    title: str
    where: str = ""
    old: str = ""
    new: str = ""
    place: Place = ("", 0)
    head: bool = False
    tick: bool | None = None
    badge: Badge | None = None
    cell: tuple[str, str] | None = None
    typed: str = ""
    is_open: bool | None = None
    reason: str = ""
    section: bool = False


class Group(NamedTuple):
    """A line with those below it, made when one of them is seen: ``size`` lines in all, ``own`` the keys of those below."""

    key: tuple[Any, ...]
    size: int
    make: Callable[[], list[ReviewLine]]
    own: tuple[tuple[Any, ...], ...] = ()


class LineList(Sequence[ReviewLine]):
    """The lines of a tab. Ten thousand cost nothing until they are looked at."""

    def __init__(self, groups: Sequence[Group] = ()) -> None:
        self._groups = groups
        self._starts = list(accumulate((group.size for group in groups), initial=0))
        self._made: dict[int, list[ReviewLine]] = {}
        self._places: dict[tuple[Any, ...], int] | None = None

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, row: int) -> ReviewLine: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[ReviewLine]: ...
    def __getitem__(self, row: int | slice) -> ReviewLine | Sequence[ReviewLine]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(row)
        number = bisect_right(self._starts, row) - 1
        if number not in self._made:
            self._made[number] = self._groups[number].make()
        return self._made[number][row - self._starts[number]]

    def row_of(self, key: Any) -> int:
        """Where the line with this key stands, -1 where it is not here."""
        if self._places is None:
            self._places = {}
            for start, group in zip(self._starts, self._groups, strict=False):
                self._places[group.key] = start
                for offset, own in enumerate(group.own, start=1):
                    self._places[own] = start + offset
        return self._places.get(key, -1)


def row_words(number: int) -> str:
    """row 12"""
    return _("row {n}").format(n=number)
