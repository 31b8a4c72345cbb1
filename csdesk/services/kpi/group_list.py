"""The main figures by module, tier or account as a list that sorts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from csdesk.services.core.columns import Column, Kind, Query, in_order
from csdesk.services.core.texts import N_
from csdesk.services.kpi.figures import REQUIREMENT_FIGURES
from csdesk.services.kpi.requirements import GroupLine

SHARES = ("answered_in_time", "sent_in_time", "told_in_time", "declined_share", "bug_dates_kept")


class GroupList:
    """The lines of a group by number, from 1 on; those with the most open tickets stand first."""

    columns = (
        Column("name", N_("Name"), Kind.NAME, 170),
        Column("open_tickets", REQUIREMENT_FIGURES["open_tickets"].name, Kind.NUMBER, 96),
        *(
            Column(key, REQUIREMENT_FIGURES[key].name, Kind.SHARE, 112, leaves=place)
            for place, key in enumerate(SHARES)
        ),
    )
    default_sort = "open_tickets"
    default_descending = True

    def __init__(self, lines: Sequence[tuple[str, GroupLine]] = ()) -> None:
        """Lines with what people call them."""
        self.lines = tuple(lines)

    def ids(self, _connection: object, query: Query, _today: date) -> list[int]:
        """All numbers in the order asked for."""
        key = query.sort or self.default_sort
        return in_order(range(1, len(self.lines) + 1), lambda number: self._order(number, key), query.descending)

    def rows(self, _connection: object, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """The values of these lines in the order of ``columns``."""
        return {
            number: tuple(self._value(number, column.key) for column in self.columns)
            for number in ids
            if 0 < number <= len(self.lines)
        }

    def line(self, number: int) -> GroupLine:
        """The line of a number."""
        return self.lines[number - 1][1]

    def _value(self, number: int, key: str) -> Any:
        name, line = self.lines[number - 1]
        if key == "name":
            return name
        figure = line.figures[key]
        return figure.numerator if key == "open_tickets" else (figure.numerator, figure.denominator or 0)

    def _order(self, number: int, key: str) -> Any:
        value = self._value(number, key)
        if isinstance(value, tuple):
            return value[0] / value[1] if value[1] else None
        return value
