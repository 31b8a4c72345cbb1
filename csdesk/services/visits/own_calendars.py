"""The user's own calendars: taken in from a file, read again from it, shown as times that are taken, taken out again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from csdesk.models.visits import BusyTime, OwnCalendar
from csdesk.services.core.desk import Desk, Done
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.files.calendar_reading import ForeignCalendar, TakenTime, read_calendar
from csdesk.services.settings.queries import setting

BEFORE, AFTER = 31, 400
"""Days before and after today of which a calendar's times are kept."""

Slot = tuple[str, date, str, date, str]


@dataclass(frozen=True)
class TakeInCalendar:
    """What was read from a file on the days from ``start`` to ``end``."""

    path: Path
    calendar: ForeignCalendar
    start: date
    end: date


@dataclass(frozen=True)
class TakenIn:
    """How many times were new, gone and the same; how many events could not be understood."""

    new: int
    gone: int
    same: int
    left_out: int


@command(N_("Calendar {name} taken in"))
def take_in_calendar(uow: UnitOfWork, wish: TakeInCalendar) -> TakenIn:
    """Keep the calendar's times; a file that was taken in before takes the place of what it said then.

    Times before the days that were read stay as they are.
    """
    path = str(wish.path)
    row = uow.session.scalar(
        select(OwnCalendar).where(OwnCalendar.path == path, OwnCalendar.deleted_at.is_(None), OwnCalendar.path != "")
    )
    if row is None:
        row = uow.add(OwnCalendar(name=wish.calendar.name, path=path, read_at=uow.now))
    row.name, row.read_at = wish.calendar.name, uow.now
    uow.session.flush()
    wanted = Counter(map(_slot, wish.calendar.times))
    kept = 0
    for known in uow.session.scalars(
        select(BusyTime).where(
            BusyTime.calendar_id == row.id, BusyTime.deleted_at.is_(None), BusyTime.ends_on >= wish.start
        )
    ):
        slot = (known.title, known.starts_on, known.starts_at, known.ends_on, known.ends_at)
        if wanted[slot] > 0:
            wanted[slot] -= 1
            kept += 1
        else:
            uow.bin(known)
    gone = sum(1 for entry in uow.session.dirty if isinstance(entry, BusyTime))
    fresh = list(wanted.elements())
    names = ("title", "starts_on", "starts_at", "ends_on", "ends_at")
    uow.insert_many(BusyTime, [{"calendar_id": row.id, **dict(zip(names, slot, strict=True))} for slot in fresh])
    uow.name(name=row.name)
    return TakenIn(len(fresh), gone, kept, wish.calendar.left_out)


def _slot(entry: TakenTime) -> Slot:
    """As it is stored; whole days end on the last of them."""
    if entry.whole_days:
        return entry.title, entry.start.date(), "", (entry.end - timedelta(1)).date(), ""
    last = entry.end if entry.end.time() != time() else entry.end - timedelta(1)
    ends_at = f"{entry.end:%H:%M}" if entry.end.time() != time() else ""
    return entry.title, entry.start.date(), f"{entry.start:%H:%M}", last.date(), ends_at


def take_in_file(desk: Desk, path: Path, progress: Progress | None = None) -> Done[TakenIn]:
    """Read a calendar file and keep its times. Raises Problems for a file that is none, Cancelled, StorageError."""
    today = desk.clock.today()
    start, end = today - timedelta(BEFORE), today + timedelta(AFTER)
    with desk.read() as connection:
        zone = str(setting(connection, "visits.zone"))
    calendar = read_calendar(path, start, end, zone, progress=progress)
    return desk.do(take_in_calendar, TakeInCalendar(path, calendar, start, end), progress=progress)


@dataclass(frozen=True)
class RemoveCalendar:
    """Take a calendar out."""

    calendar_id: int


@command(N_("Calendar {name} removed"))
def remove_calendar(uow: UnitOfWork, wish: RemoveCalendar) -> None:
    """The calendar with its times into the bin."""
    row = uow.get(OwnCalendar, wish.calendar_id)
    uow.name(name=row.name)
    uow.bin(row)


@dataclass(frozen=True)
class CalendarRow:
    """A calendar that was taken in; ``path`` is "" where it came from another machine."""

    id: int
    name: str
    path: str
    read_at: datetime
    times: int


def own_calendars(connection: Connection) -> tuple[CalendarRow, ...]:
    """The calendars that were taken in, by name."""
    rows = connection.execute(
        select(OwnCalendar.id, OwnCalendar.name, OwnCalendar.path, OwnCalendar.read_at, func.count(BusyTime.id))
        .outerjoin(BusyTime, (BusyTime.calendar_id == OwnCalendar.id) & BusyTime.deleted_at.is_(None))
        .where(OwnCalendar.deleted_at.is_(None))
        .group_by(OwnCalendar.id)
        .order_by(OwnCalendar.name, OwnCalendar.id)
    )
    return tuple(CalendarRow(*row) for row in rows)
