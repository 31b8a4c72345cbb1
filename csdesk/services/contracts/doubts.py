"""What does not fit together in an account's contracts: a product bought twice for the same days, days between a term and
the one that follows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import HOME_CURRENCY, ContractState
from csdesk.services.contracts.rules import ContractFields, LineFields
from csdesk.services.core.texts import _

if TYPE_CHECKING:
    from csdesk.services.contracts.queries import ContractRow

ENUMERATION = "\u3001"
_DAY = timedelta(days=1)
_FIRST, _LAST = date.min, date.max


@dataclass(frozen=True)
class Doubt:
    """``kind`` is "overlap", "gap" or "notice", ``day`` the first day concerned."""

    kind: str
    day: date
    sentence: str


def doubts(contracts: Iterable[ContractRow], today: date) -> dict[int, list[Doubt]]:
    """By contract: what is doubtful about it."""
    rows = list(contracts)
    found: dict[int, list[Doubt]] = {row.id: [] for row in rows}
    before = {row.id: row for row in rows}
    for row in rows:
        found[row.id] += [*_overlaps(row, rows), *_gap(row, before)]
        if _notice_passed(row, today):
            assert row.notice_on is not None
            words = _("Renews by itself; notice was possible until {day}.")
            found[row.id].append(Doubt("notice", row.notice_on, words.format(day=row.notice_on)))
    return found


def advice(
    fields: ContractFields, others: Iterable[ContractRow], rated: Iterable[str], own: int | None
) -> dict[str, str]:
    """By field of the form: what is doubtful, but may be meant."""
    rows = [row for row in others if row.id != own]
    said: dict[str, str] = {}
    lines = fields.lines or (LineFields(products=fields.products),)
    for line in lines:
        begins, ends = line.start_on or fields.start_on, line.end_on or fields.end_on
        for row in rows:
            if row.id == fields.predecessor_id:
                continue
            day = _overlap_day(line.products, begins, ends, row)
            if day is not None:
                words = _("{number} has the same product from {day} on.")
                said.setdefault("lines", words.format(number=row.number, day=day))
    before = next((row for row in rows if row.id == fields.predecessor_id), None)
    if before is not None and before.end_on and fields.start_on and fields.start_on > before.end_on + _DAY:
        days = (fields.start_on - before.end_on).days - 1
        said["start_on"] = _("{n} days lie between this and {number}.").format(n=days, number=before.number)
    if fields.currency != HOME_CURRENCY and fields.currency not in set(rated):
        words = _(
            "There is no rate for {currency}: its figures stand apart. Enter one in the settings, exchange rates."
        )
        said["currency"] = words.format(currency=fields.currency)
    return said


def _overlaps(row: ContractRow, rows: list[ContractRow]) -> list[Doubt]:
    found = []
    for other in rows:
        if other.id == row.id or other.predecessor_id == row.id or row.predecessor_id == other.id:
            continue
        days = [_overlap_day(line.products, line.start_on, line.end_on, other) for line in row.lines]
        first = min((day for day in days if day is not None), default=None)
        if first is not None:
            words = _("{number} has the same product from {day} on.")
            found.append(Doubt("overlap", first, words.format(number=other.number, day=first)))
    return found


def _overlap_day(products: str, begins: date | None, ends: date | None, row: ContractRow) -> date | None:
    """The first day on which a contract has one of these products too."""
    wanted = _names(products)
    found = [
        max(begins or _FIRST, line.start_on or row.start_on or _FIRST)
        for line in row.lines
        if wanted & _names(line.products)
        and (line.start_on or row.start_on or _FIRST) <= (ends or _LAST)
        and (begins or _FIRST) <= (line.end_on or row.end_on or _LAST)
    ]
    return min(found, default=None)


def _names(products: str) -> set[str]:
    return {name.strip().casefold() for name in products.split(ENUMERATION) if name.strip()}


def _gap(row: ContractRow, by_id: Mapping[int, ContractRow]) -> list[Doubt]:
    before = by_id.get(row.predecessor_id or 0)
    if before is None or before.end_on is None or row.start_on is None or row.start_on <= before.end_on + _DAY:
        return []
    days = (row.start_on - before.end_on).days - 1
    words = _("{n} days lie between this and {number}.").format(n=days, number=before.number)
    return [Doubt("gap", before.end_on + _DAY, words)]


def _notice_passed(row: ContractRow, today: date) -> bool:
    running = row.state(today) in (ContractState.RUNNING, ContractState.ENDING)
    return row.auto_renew and running and row.notice_on is not None and row.notice_on < today
