"""Making, changing, doing, putting off and deleting tasks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from csdesk.models.accounts import Account
from csdesk.models.settings import Setting
from csdesk.models.tasks import Task
from csdesk.models.vocabulary import Repeat, TaskSource, TaskState
from csdesk.services.accounts.commands import named
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tasks.queries import account_named
from csdesk.services.tasks.rules import TaskFields, next_day


@dataclass(frozen=True)
class Source:
    """What a task came from: the kind, the row's id, the words there."""

    kind: TaskSource = TaskSource.BY_HAND
    id: int | None = None
    text: str = ""


@dataclass(frozen=True)
class NewTask:
    """One thing to do, at an account (by its id, or by its name where it was typed) or without one."""

    fields: TaskFields
    account_id: int | None = None
    source: Source = field(default_factory=Source)
    account: str = ""


@dataclass(frozen=True)
class ChangeTask:
    """New values for a task and the name of its account; ``version`` as it was read (None: whatever it is)."""

    id: int
    fields: TaskFields
    account: str = ""
    version: int | None = None


@dataclass(frozen=True)
class SetTasks:
    """The same values for many tasks: text, owner, due_on."""

    ids: tuple[int, ...]
    values: dict[str, Any]


@dataclass(frozen=True)
class Tasks:
    """Some tasks."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class Snooze:
    """Tasks that are to come up again on a day."""

    ids: tuple[int, ...]
    until: date


SETTABLE = frozenset({"text", "owner", "due_on"})


@command(N_("New task: {name}"))
def create_task(uow: UnitOfWork, wish: NewTask) -> int:
    """Store a task; its owner is the user unless somebody is named. Returns its id."""
    row = add_task(uow, wish)
    uow.name(name=row.text)
    return row.id


def add_task(uow: UnitOfWork, wish: NewTask) -> Task:
    """A new row for a task, last in its day, inside any command."""
    fields, account_id = wish.fields, wish.account_id or _account(uow, wish.account)
    if account_id is not None:
        uow.get(Account, account_id)
    uow.session.flush()
    last = uow.session.scalar(select(func.max(Task.position)).where(Task.due_on == fields.due_on)) or 0
    return uow.add(
        Task(
            **asdict(fields) | {"owner": fields.owner or _user(uow)},
            account_id=account_id,
            repeats_from=fields.due_on if fields.repeats is not None else None,
            source=wish.source.kind,
            source_id=wish.source.id,
            source_text=wish.source.text,
            position=last + 1,
        )
    )


@command(N_("Task changed: {name}"))
def change_task(uow: UnitOfWork, wish: ChangeTask) -> None:
    """Store new values; another day ends a snooze and begins a series anew. Raises Conflict where the task changed."""
    row = uow.get(Task, wish.id, wish.version)
    fields = wish.fields
    rhythm = (row.due_on, row.repeats, row.repeat_every) != (fields.due_on, fields.repeats, fields.repeat_every)
    if rhythm:
        row.repeats_from = fields.due_on if fields.repeats is not None else None
        row.snoozed_until = None
    for key, value in asdict(fields).items():
        setattr(row, key, value)
    row.account_id = _account(uow, wish.account)
    uow.name(name=row.text)


def _account(uow: UnitOfWork, name: str) -> int | None:
    """The account of a name, None for none. Raises Problems where there is no such account."""
    if not name.strip():
        return None
    found = account_named(uow.connection, name)
    if found is None:
        sentence = _("There is no account “{name}”. Choose one of the list, or leave it empty.")
        raise Problems([Problem("account", sentence.format(name=name.strip()), code="unknown")])
    return found


@command(N_("Tasks changed: {names}"))
def set_tasks(uow: UnitOfWork, wish: SetTasks) -> None:
    """Give many tasks the same values in one step. Raises Problems for a task without words."""
    unknown = wish.values.keys() - SETTABLE
    if unknown:
        raise KeyError(f"not to be changed for many at once: {sorted(unknown)}")
    if not str(wish.values.get("text", "…")).strip():
        raise Problems([Problem("text", _("Say what is to be done."), code="missing")])
    rows = [uow.get(Task, task_id) for task_id in wish.ids]
    for row in rows:
        for key, value in wish.values.items():
            setattr(row, key, value)
        if "due_on" in wish.values:
            row.snoozed_until = None
            row.repeats_from = row.due_on if row.repeats is not None else None
            if row.repeats is not None and row.due_on is None:
                raise Problems([Problem("due_on", _("A task that repeats needs its first day."), code="missing")])
    uow.name(names=named([row.text for row in rows]), count=len(rows))


@command(N_("Task done: {names}"))
def complete_tasks(uow: UnitOfWork, wish: Tasks) -> tuple[int, ...]:
    """Mark tasks done today; one that repeats makes the next. Returns the ids of those made."""
    rows = [row for row in (uow.get(Task, task_id) for task_id in wish.ids) if row.state != TaskState.DONE]
    made = []
    for row in rows:
        row.state, row.done_on, row.snoozed_until = TaskState.DONE.value, uow.today, None
        following = _following(uow, row)
        if following is not None:
            made.append(following.id)
    uow.name(names=named([row.text for row in rows]), count=len(rows))
    return tuple(made)


def _following(uow: UnitOfWork, row: Task) -> Task | None:
    """The next task of a series; None where the task does not repeat or the next one stands there already."""
    if row.repeats is None or row.due_on is None:
        return None
    first = row.repeats_from or row.due_on
    day = next_day(first, Repeat(row.repeats), row.repeat_every, max(row.due_on, uow.today))
    if day is None or _has_open_twin(uow, row, first):
        return None
    return uow.add(
        Task(
            account_id=row.account_id, text=row.text, due_on=day, owner=row.owner, repeats=row.repeats,
            repeat_every=row.repeat_every, repeats_from=first, source=row.source, source_id=row.source_id,
            source_text=row.source_text, position=row.position, notes=row.notes,
        )
    )  # fmt: skip


def _has_open_twin(uow: UnitOfWork, row: Task, first: date) -> bool:
    """Whether the series goes on already: a task was opened again and is done a second time."""
    twin = select(Task.id).where(
        Task.deleted_at.is_(None), Task.state == TaskState.OPEN, Task.text == row.text, Task.repeats == row.repeats,
        Task.repeats_from == first, Task.account_id.is_not_distinct_from(row.account_id), Task.id != row.id,
    )  # fmt: skip
    return uow.session.scalar(twin.limit(1)) is not None


@command(N_("Task opened again: {names}"))
def reopen_tasks(uow: UnitOfWork, wish: Tasks) -> None:
    """Open tasks that were done or dropped."""
    rows = [uow.get(Task, task_id) for task_id in wish.ids]
    for row in rows:
        row.state, row.done_on = TaskState.OPEN.value, None
    uow.name(names=named([row.text for row in rows]), count=len(rows))


@command(N_("Task dropped: {names}"))
def drop_tasks(uow: UnitOfWork, wish: Tasks) -> None:
    """Give tasks up: they stay to be seen, and a series ends."""
    rows = [uow.get(Task, task_id) for task_id in wish.ids]
    for row in rows:
        row.state, row.done_on, row.snoozed_until = TaskState.DROPPED.value, None, None
    uow.name(names=named([row.text for row in rows]), count=len(rows))


@command(N_("Task put off: {names}"))
def snooze_tasks(uow: UnitOfWork, wish: Snooze) -> None:
    """Keep open tasks out of sight until a day; their due day stays. Raises Problems for a day that is not ahead."""
    if wish.until < uow.today + timedelta(1):
        raise Problems([Problem("until", _("Choose a day after today."), code="past")])
    rows = [row for row in (uow.get(Task, task_id) for task_id in wish.ids) if row.state == TaskState.OPEN]
    for row in rows:
        row.snoozed_until = wish.until
    uow.name(names=named([row.text for row in rows]), count=len(rows))


@command(N_("Tasks deleted: {names}"))
def delete_tasks(uow: UnitOfWork, wish: Tasks) -> None:
    """Move tasks into the bin."""
    rows = [uow.get(Task, task_id) for task_id in wish.ids]
    for row in rows:
        uow.bin(row)
    uow.name(names=named([row.text for row in rows]), count=len(rows))


def _user(uow: UnitOfWork) -> str:
    row = uow.session.scalar(select(Setting).where(Setting.key == "user.name", Setting.deleted_at.is_(None)))
    return str(row.value) if row is not None else ""
