"""The day as it will be asked for at the next start, kept in the store: shown before the store's tables are loaded.

Loading SQLAlchemy is most of what a start costs. At exit the views of the days to come are written down beside the step
that was the last one; a start that finds the same step, day, language and program shows what the query would give.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from csdesk import __version__
from csdesk.models.glance import glance
from csdesk.services.core import texts
from csdesk.services.today.rules import Group, Item
from csdesk.services.today.view import DayLoad, TodayView, TodayVisit

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from csdesk.services.core.desk import Desk

FACT = "first_look"
DAYS = 4
"""Over a weekend and one day more."""
T = TypeVar("T")


def keep_first_look(desk: Desk) -> None:
    """Write the views of today and the days after it down, where they are not there yet. Raises StorageError."""
    from sqlalchemy import text

    from csdesk.models.journal import Step
    from csdesk.services.today.queries import today

    first = desk.clock.today()
    days = [first + timedelta(number) for number in range(DAYS)]

    def write(connection: Connection) -> None:
        step = connection.scalar(text(f"SELECT max(id) FROM {Step.__tablename__}"))
        known = connection.scalar(text("SELECT value FROM store_facts WHERE name = :name"), {"name": FACT})
        stamp = _stamp(step, texts.language())
        if known and (kept := json.loads(known)).get("stamp") == stamp and days[0].isoformat() in kept["days"]:
            return
        views = {day.isoformat(): _plain(today(connection, day)) for day in days}
        statement = "INSERT INTO store_facts VALUES (:name, :value) ON CONFLICT(name) DO UPDATE SET value = :value"
        value = json.dumps({"stamp": stamp, "days": views}, ensure_ascii=False)
        connection.execute(text(statement), {"name": FACT, "value": value})

    desk.maintain(write)


def first_look(store: Path, day: date, language: str) -> TodayView | None:
    """What was kept for this day in this language; None where there is nothing or the store has changed since."""
    found = glance(store, FACT)
    if found is None:
        return None
    step, value = found
    try:
        kept = json.loads(value)
        if kept["stamp"] != _stamp(step, language) or day.isoformat() not in kept["days"]:
            return None
        return _view(kept["days"][day.isoformat()])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _stamp(step: int | None, language: str) -> list[Any]:
    return [step, language, __version__]


def _plain(view: TodayView) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    found = json.loads(json.dumps(asdict(view), default=plain))
    assert isinstance(found, dict)
    return found


def _view(data: dict[str, Any]) -> TodayView:
    return TodayView(
        **data
        | {
            "day": date.fromisoformat(data["day"]),
            "items": _records(Item, data["items"]),
            "visits": _records(TodayVisit, data["visits"]),
            "week": _records(DayLoad, data["week"]),
            "totals": {Group(name): count for name, count in data["totals"].items()},
        }
    )


def _records(kind: type[T], rows: list[dict[str, Any]]) -> tuple[T, ...]:
    hints = get_type_hints(kind)
    readers: dict[str, Any] = {}
    for place in fields(kind):  # type: ignore[arg-type]
        hint = hints[place.name]
        if hint is date:
            readers[place.name] = date.fromisoformat
        elif isinstance(hint, type) and issubclass(hint, Enum):
            readers[place.name] = hint
    return tuple(kind(**row | {name: read(row[name]) for name, read in readers.items()}) for row in rows)
