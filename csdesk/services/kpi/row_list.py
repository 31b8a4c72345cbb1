"""The rows behind a figure as a list: searched, narrowed, sorted and summed in memory, thousands of them in a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.vocabulary import HOME_CURRENCY, N_
from csdesk.services.core.columns import Column, Filter, Kind, Query, in_order
from csdesk.services.core.stored import many
from csdesk.services.kpi.rules import Figure, Row
from csdesk.services.kpi.sheet import SIDES, rows_of

COUNTED = "counted"
"""What stands at a row of the base that is in the numerator too; at those left out stands the reason."""


class Known(NamedTuple):
    """What the store knows of an account that rows are told, searched and sorted by."""

    tier: str = ""
    city: str = ""
    key: str = ""
    spelled: str = ""


@dataclass(frozen=True)
class Entry:
    """A row in its list (see ``SIDES``), with what stands at it: ``COUNTED``, why it was left out (a msgid), or ""."""

    side: str
    row: Row
    standing: str
    known: Known

    def value(self, key: str) -> Any:
        """What a column shows."""
        row = self.row
        values = {
            "side": self.side, "account": row.account, "tier": self.known.tier or None, "city": self.known.city,
            "day": row.day, "about": row.words, "cents": row.cents, "currency": row.currency if row.cents is not None else "",
            "days": row.days, "standing": self.standing,
        }  # fmt: skip
        return values[key]

    def order(self, key: str) -> Any:
        """What a column is sorted by, None where there is nothing."""
        if key == "account":
            return self.known.key or self.row.account.lower()
        value = self.value(key)
        return None if value == "" else value

    @cached_property
    def text(self) -> str:
        """What words are looked for in."""
        return "\n".join((self.row.account, self.row.words, self.known.city, self.known.spelled)).lower()


CONDITIONS: Mapping[str, Callable[[Entry], str]] = {
    "side": lambda entry: entry.side,
    "tier": lambda entry: entry.known.tier,
    "city": lambda entry: entry.known.city,
    "standing": lambda entry: entry.standing,
    "currency": lambda entry: entry.value("currency"),
}
"""By condition: the value that it compares."""
VIEWS = tuple((side, title, (Filter("side", side),)) for side, title in SIDES.items())
"""The views that come with the list: key, title (msgid), conditions."""


SOMETIMES = ("day", "about", "days", "standing")
"""Columns that only some figures' rows say anything in."""


class RowList:
    """The rows of a figure by number, from 1 on, in the figure's own order. What they lack has no column."""

    default_sort = ""
    default_descending = False

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        money = {entry.row.currency for entry in entries if entry.row.cents is not None}
        self.has_money, self.has_days = bool(money), any(entry.row.days is not None for entry in entries)
        self.columns = _columns(
            money, {key for key in SOMETIMES for entry in entries if entry.value(key) not in (None, "")}
        )

    @property
    def shape(self) -> str:
        """Names its columns: lists of one shape may share how a person arranged them."""
        return ".".join(
            column.key for column in self.columns if column.key in ("cents", *SOMETIMES) or _shown_currency(column)
        )

    def ids(self, _connection: object, query: Query, _today: date) -> list[int]:
        """The numbers of the rows that match, in the order asked for; empty values come last."""
        found = [number for number, entry in enumerate(self.entries, 1) if _matches(entry, query)]
        if query.sort and any(column.key == query.sort for column in self.columns):
            found = in_order(found, lambda number: self.entry(number).order(query.sort), query.descending)
        return found

    def rows(self, _connection: object, ids: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """The values of these rows in the order of ``columns``."""
        return {
            number: tuple(self.entry(number).value(column.key) for column in self.columns)
            for number in ids
            if 0 < number <= len(self.entries)
        }

    def entry(self, number: int) -> Entry:
        """The row of a number."""
        return self.entries[number - 1]

    def count(self, filters: Sequence[Filter]) -> int:
        """How many rows meet all of these."""
        return sum(1 for _entry in self.matching(Query(filters=tuple(filters))))

    def matching(self, query: Query) -> Iterator[Entry]:
        """The rows that match, in the figure's own order."""
        return (entry for entry in self.entries if _matches(entry, query))

    def values(self, condition: str) -> list[str]:
        """The values that a condition can ask for, in order."""
        return sorted({CONDITIONS[condition](entry) for entry in self.entries})


def sums(entries: Sequence[Entry]) -> dict[str, int]:
    """The money of these rows in cents by currency; of rows in several of a figure's lists nothing can be added up."""
    found: dict[str, int] = {}
    if len({entry.side for entry in entries}) == 1:
        for entry in entries:
            if entry.row.cents is not None:
                found[entry.row.currency] = found.get(entry.row.currency, 0) + entry.row.cents
    return found


def row_list(connection: Connection, figure: Figure) -> RowList:
    """All rows behind a figure, with what the store knows of their accounts."""
    listed = list(rows_of(figure))
    known = _known(connection, {row.account_id for _side, row, _reason in listed})
    counted = {(row.entity, row.id) for row in figure.counted}
    nothing = Known()

    def standing(side: str, row: Row, reason: str) -> str:
        return reason if side == "left_out" else COUNTED if (row.entity, row.id) in counted else ""

    return RowList(
        [
            Entry(side, row, standing(side, row, reason), known.get(row.account_id, nothing))
            for side, row, reason in listed
        ]
    )


def _known(connection: Connection, accounts: set[int]) -> dict[int, Known]:
    table = Account.__table__.c
    chosen = (table.id, table.tier, table.city, table.name_key, table.pinyin, table.initials)
    found = connection.execute(select(*chosen).where(table.id.in_(many(accounts))))
    return {
        number: Known(tier or "", city, key, f"{pinyin or ''}\n{initials or ''}")
        for number, tier, city, key, pinyin, initials in found
    }


def _matches(entry: Entry, query: Query) -> bool:
    met = all(CONDITIONS[condition.key](entry) == condition.value for condition in query.filters)
    return met and all(word in entry.text for word in query.search.lower().split())


def _shown_currency(column: Column) -> bool:
    return column.key == "currency" and not column.hidden


def _columns(money: set[str], said: set[str]) -> tuple[Column, ...]:
    found = [
        Column("side", N_("List"), Kind.CHOICE, 110, hidden=True),
        Column("account", N_("Account"), Kind.NAME, 140),
        Column("tier", N_("Tier"), Kind.TIER, 60, leaves=4),
        Column("city", N_("City"), Kind.TEXT, 80, hidden=True),
    ]
    if "day" in said:
        found.append(Column("day", N_("Day"), Kind.DAY, 104, leaves=3))
    if "about" in said:
        found.append(Column("about", N_("About"), Kind.TEXT, 130, leaves=2))
    if money:
        foreign = money != {HOME_CURRENCY}
        found.append(Column("cents", N_("Amount") if foreign else N_("Amount (CNY)"), Kind.MONEY, 112))
        found.append(Column("currency", N_("Currency"), Kind.TEXT, 70, hidden=not foreign))
    if "days" in said:
        found.append(Column("days", N_("Days"), Kind.NUMBER, 64))
    if "standing" in said:
        found.append(Column("standing", N_("In or out"), Kind.BADGE, 120))
    return tuple(found)
