"""Reading tasks: the list, one task, those of a day, of an account, of a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, case, cast, func, literal, or_, select

from csdesk.models.accounts import Account
from csdesk.models.tasks import Task
from csdesk.models.vocabulary import N_, TaskSource, TaskState
from csdesk.services.accounts.queries import known_values, names_to_choose
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like

TABLE: Any = Task.__table__
ACCOUNTS: Any = Account.__table__
COLUMNS = (
    Column("text", N_("Task"), Kind.NAME, 320, editable=True),
    Column("due_on", N_("Due"), Kind.DAY, 120),
    Column("standing", N_("State"), Kind.BADGE, 96),
    Column("account", N_("Account"), Kind.TEXT, 176, leaves=1),
    Column("owner", N_("Owner"), Kind.TEXT, 96, leaves=3, editable=True),
    Column("source", N_("Comes from"), Kind.CHOICE, 120, leaves=4),
    Column("repeats", N_("Repeats"), Kind.CHOICE, 120, leaves=5),
    Column("snoozed_until", N_("Snoozed until"), Kind.DAY, 120, leaves=6),
    Column("done_on", N_("Done on"), Kind.DAY, 112, hidden=True),
    Column("tier", N_("Tier"), Kind.TIER, 56, hidden=True),
    Column("notes", N_("Notes"), Kind.TEXT, 200, hidden=True),
)
SHOWN_ACCOUNT = case((ACCOUNTS.c.short_name != "", ACCOUNTS.c.short_name), else_=func.coalesce(ACCOUNTS.c.name, ""))
BY_DAY = case(
    (TABLE.c.state == TaskState.OPEN, func.coalesce(cast(TABLE.c.due_on, String), "9998")),
    else_=literal("9999").concat(func.coalesce(cast(TABLE.c.due_on, String), "")),
)
"""What is open stands first, by its day; then what is over."""


def awake(today: date) -> ColumnElement[bool]:
    """Open, and not put off beyond today."""
    return and_(TABLE.c.state == TaskState.OPEN, or_(TABLE.c.snoozed_until.is_(None), TABLE.c.snoozed_until <= today))


def _overdue(_given: Filter, today: date) -> ColumnElement[bool]:
    return and_(awake(today), TABLE.c.due_on < today)


def _due_today(_given: Filter, today: date) -> ColumnElement[bool]:
    return and_(awake(today), TABLE.c.due_on == today)


def _this_week(_given: Filter, today: date) -> ColumnElement[bool]:
    monday = today - timedelta(today.weekday())
    return and_(TABLE.c.state == TaskState.OPEN, TABLE.c.due_on.between(monday, monday + timedelta(6)))


def _snoozed(_given: Filter, today: date) -> ColumnElement[bool]:
    return and_(TABLE.c.state == TaskState.OPEN, TABLE.c.snoozed_until > today)


def _equals(column: Any) -> Callable[[Filter, date], ColumnElement[bool]]:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        found: ColumnElement[bool] = column.in_([str(value) for value in values])
        return found

    return condition


JOINED = TABLE.outerjoin(ACCOUNTS, ACCOUNTS.c.id == TABLE.c.account_id)


@lru_cache(maxsize=4)
def tasks(today: date) -> Listing:
    """All tasks as they stand on a day."""
    standing = case(
        (_overdue(Filter("overdue"), today), "overdue"),
        (_snoozed(Filter("snoozed"), today), "snoozed"),
        else_=TABLE.c.state,
    )
    return Listing(
        entity="tasks",
        table=TABLE,
        columns=COLUMNS,
        sources={
            **{column.key: TABLE.c[column.key] for column in COLUMNS if column.key in TABLE.c},
            "standing": standing,
            "account": SHOWN_ACCOUNT,
            "tier": ACCOUNTS.c.tier,
            "repeats": TABLE.c.repeats + ":" + cast(TABLE.c.repeat_every, String),
        },
        default_sort="due_on",
        orders={
            "due_on": BY_DAY,
            "account": func.coalesce(ACCOUNTS.c.name_key, ""),
            "standing": case({key: place for place, key in enumerate(STANDINGS)}, value=standing),
        },
        conditions={
            "overdue": _overdue,
            "today": _due_today,
            "week": _this_week,
            "snoozed": _snoozed,
            "state": _equals(TABLE.c.state),
            "source": _equals(TABLE.c.source),
            "no_day": lambda given, day: and_(TABLE.c.state == TaskState.OPEN, TABLE.c.due_on.is_(None)),
            "repeating": lambda given, day: TABLE.c.repeats.is_not(None),
        },
        search=lambda words: like(
            words, TABLE.c.text, TABLE.c.notes, TABLE.c.owner, ACCOUNTS.c.name, ACCOUNTS.c.short_name, ACCOUNTS.c.pinyin,
            ACCOUNTS.c.initials,
        ),
        joined=JOINED,
    )  # fmt: skip


STANDINGS = ("overdue", TaskState.OPEN, "snoozed", TaskState.DONE, TaskState.DROPPED)
"""How a task stands on a day, in the order of how much it asks for."""
VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("all", N_("All"), ()),
    ("overdue", N_("Overdue"), (Filter("overdue"),)),
    ("today", N_("Today"), (Filter("today"),)),
    ("week", N_("This week"), (Filter("week"),)),
    ("open", N_("To do"), (Filter("state", TaskState.OPEN),)),
    ("snoozed", N_("Snoozed"), (Filter("snoozed"),)),
    ("done", N_("Done"), (Filter("state", TaskState.DONE),)),
)
"""The views that come with the desk: key, title (msgid), conditions."""


def view_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many tasks each set of conditions holds."""
    return [tasks(today).count(connection, Query(filters=filters), today) for filters in views]


@dataclass(frozen=True)
class TaskRow:
    """A task as a form or a short list shows it; ``account`` is the name that lists show, "" without an account."""

    id: int
    version: int
    account_id: int | None
    account: str
    tier: str | None
    text: str
    due_on: date | None
    owner: str
    state: str
    done_on: date | None
    snoozed_until: date | None
    repeats: str | None
    repeat_every: int
    source: str
    source_id: int | None
    source_text: str
    notes: str

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == TaskState.OPEN


OWN = {"account": SHOWN_ACCOUNT, "tier": ACCOUNTS.c.tier}


def _rows(connection: Connection, *conditions: Any, limit: int | None = None) -> list[TaskRow]:
    columns = [OWN[name] if name in OWN else TABLE.c[name] for name in TaskRow.__dataclass_fields__]
    found = connection.execute(
        select(*columns)
        .select_from(JOINED)
        .where(TABLE.c.deleted_at.is_(None), *conditions)
        .order_by(BY_DAY, TABLE.c.position, TABLE.c.id)
        .limit(limit)
    )
    return [TaskRow(*row) for row in found]


def task(connection: Connection, task_id: int) -> TaskRow | None:
    """One task that is not in the bin."""
    return next(iter(_rows(connection, TABLE.c.id == task_id)), None)


def tasks_of_account(connection: Connection, account_id: int, limit: int = 200) -> list[TaskRow]:
    """An account's tasks: open ones by day, then the rest."""
    return _rows(connection, TABLE.c.account_id == account_id, limit=limit)


def tasks_from(connection: Connection, source: TaskSource, source_id: int) -> list[TaskRow]:
    """The tasks that one row gave rise to."""
    return _rows(connection, TABLE.c.source == source, TABLE.c.source_id == source_id)


def tasks_due(connection: Connection, today: date, limit: int) -> list[TaskRow]:
    """What is due or overdue and not put off, and what comes back today; the oldest first."""
    due = and_(awake(today), or_(TABLE.c.due_on <= today, TABLE.c.snoozed_until == today))
    return _rows(connection, due, limit=limit)


def tasks_ahead(connection: Connection, today: date, until: date) -> list[TaskRow]:
    """What is due by a day, overdue included, and not put off beyond today; the oldest first."""
    return _rows(connection, and_(awake(today), TABLE.c.due_on <= until))


def tasks_done(connection: Connection, day: date) -> list[TaskRow]:
    """What was done on a day."""
    return _rows(connection, TABLE.c.state == TaskState.DONE, TABLE.c.done_on == day)


def account_named(connection: Connection, name: str) -> int | None:
    """The account that lists show under this name, or that is registered under it."""
    wanted = name.strip()
    return connection.scalar(
        select(ACCOUNTS.c.id)
        .where(ACCOUNTS.c.deleted_at.is_(None), or_(ACCOUNTS.c.short_name == wanted, ACCOUNTS.c.name == wanted))
        .order_by(ACCOUNTS.c.id)
        .limit(1)
    )


@dataclass(frozen=True)
class Choices:
    """What a task's form completes from: names of accounts (the starred and the better tiers first), owners."""

    accounts: tuple[str, ...]
    owners: tuple[str, ...]


def form_choices(connection: Connection) -> Choices:
    """What is in use."""
    return Choices(names_to_choose(connection), tuple(known_values(connection, "owner")))
