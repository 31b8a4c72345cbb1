"""The queue of answers to tell: the list of notices with the days that each waits, and whether it is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, and_, case, cast, func, or_, select

from csdesk.models.settings import Setting
from csdesk.models.tickets import Notice
from csdesk.models.vocabulary import N_, NoticeState
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing
from csdesk.services.settings.rules import DEFAULTS
from csdesk.services.tickets.listings import NOTICES, RELEASES, notices
from csdesk.services.tickets.standing import ACCOUNTS, DEMANDS, TICKETS

LATE = "late"
WIDTHS = {"account": 128, "cause": 100, "title": 152, "due_on": 104}
DAYS = Column("days", N_("Days"), Kind.NUMBER, 52)
AGE = Column("age", N_("Late"), Kind.BADGE, 64, leaves=1)
RELEASE = Column("release", N_("Release"), Kind.TEXT, 96, hidden=True)
VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("open", N_("To be told"), (Filter("state", NoticeState.OPEN),)),
    ("late", N_("Late"), (Filter("late"),)),
    (
        "released",
        N_("Released, fixed"),
        (Filter("state", NoticeState.OPEN), Filter("cause", ("released", "bug_fixed"))),
    ),
    ("declined", N_("Declined"), (Filter("state", NoticeState.OPEN), Filter("cause", "declined"))),
    ("dates", N_("Dates"), (Filter("state", NoticeState.OPEN), Filter("cause", ("date_set", "date_moved")))),
    ("told", N_("Told"), (Filter("state", NoticeState.TOLD),)),
)
"""The views that come with the desk: key, title (msgid), conditions."""
_SET: Any = (
    select(cast(Setting.value, Integer))
    .where(Setting.key == "tickets.told_days", Setting.deleted_at.is_(None))
    .scalar_subquery()
)
TOLD_DAYS: Any = func.coalesce(_SET, DEFAULTS["tickets.told_days"])
"""How many days telling may take, as the setting says when it is asked."""


@lru_cache(maxsize=4)
def queue(today: date) -> Listing:
    """All answers as they stand on a day; of those told, the days that it took."""
    listing = notices()
    until = func.coalesce(Notice.told_on, today.isoformat())
    days = cast(func.julianday(until) - func.julianday(NOTICES.c.due_on), Integer)
    late = _late(today)
    by_key = {column.key: column for column in listing.columns}
    first = [replace(by_key[key], width=width, leaves=2 * (key == "due_on")) for key, width in WIDTHS.items()]
    rest = [column for key, column in by_key.items() if key not in WIDTHS]
    columns = (*first, DAYS, AGE, *(replace(column, leaves=column.leaves + 3) for column in rest), RELEASE)
    release = (
        select(RELEASES.c.name)
        .where(RELEASES.c.id == func.coalesce(DEMANDS.c.release_id, TICKETS.c.release_id))
        .correlate(DEMANDS, TICKETS)
        .scalar_subquery()
    )
    return Listing(
        entity=listing.entity,
        table=listing.table,
        columns=columns,
        sources={
            **listing.sources,
            "days": days,
            "age": case((late, LATE), else_=""),
            "release": func.coalesce(release, ""),
        },
        default_sort="due_on",
        orders={**listing.orders, "age": case((late, 0), else_=1)},
        conditions={
            **listing.conditions,
            "late": lambda given, day: _late(day),
            "tier": lambda given, day: ACCOUNTS.c.tier == str(given.value),
            "release": lambda given, day: or_(
                DEMANDS.c.release_id == int(str(given.value)), TICKETS.c.release_id == int(str(given.value))
            ),
        },
        search=listing.search,
        joined=listing.joined,
    )


def _late(today: date) -> Any:
    """Open, and known for longer than telling may take."""
    return and_(
        NOTICES.c.state == NoticeState.OPEN,
        func.julianday(today.isoformat()) - func.julianday(NOTICES.c.due_on) > TOLD_DAYS,
    )


def queue_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many answers each set of conditions holds."""
    return [queue(today).count(connection, Query(filters=filters), today) for filters in views]
