"""Noting, changing and deleting what was said or written between visits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.interactions import Interaction
from csdesk.models.vocabulary import InteractionKind, TaskSource
from csdesk.services.core.clock import to_local
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.interactions.rules import Entry
from csdesk.services.tasks.commands import NewTask, Source, add_task
from csdesk.services.tasks.rules import TaskFields


@dataclass(frozen=True)
class Write:
    """What the composer says about an account: a note, a call or a message, and tasks. ``kind`` None: tasks alone.

    ``happened_on`` None means now.
    """

    account_id: int
    kind: InteractionKind | None
    entry: Entry
    happened_on: date | None = None


@dataclass(frozen=True)
class Written:
    """The row that was made, None for tasks alone, and the tasks."""

    interaction_id: int | None
    task_ids: tuple[int, ...]


@command(N_("Noted about {name}: {text}"))
def write(uow: UnitOfWork, wish: Write) -> Written:
    """Store a row and its tasks in one step. Raises Problems for a day to come or somebody of another account."""
    account = uow.get(Account, wish.account_id)
    _check(uow, wish.account_id, wish.entry.contact_id, wish.happened_on)
    made = None
    if wish.kind is not None and wish.entry.text:
        now = "" if wish.happened_on not in (None, uow.today) else f"{to_local(uow.now):%H:%M}"
        made = uow.add(
            Interaction(
                account_id=account.id, contact_id=wish.entry.contact_id, kind=wish.kind.value,
                happened_on=wish.happened_on or uow.today, starts_at=now, text=wish.entry.text,
            )
        )  # fmt: skip
    source = Source(TaskSource.BY_HAND) if made is None else Source(TaskSource.INTERACTION, made.id, wish.entry.text)
    tasks = [
        add_task(uow, NewTask(TaskFields(todo.text, todo.due_on), account.id, source)).id for todo in wish.entry.tasks
    ]
    first = wish.entry.text or (wish.entry.tasks[0].text if wish.entry.tasks else "")
    uow.name(name=account.short_name or account.name, text=_shortened(first))
    return Written(None if made is None else made.id, tuple(tasks))


@dataclass(frozen=True)
class ChangeInteraction:
    """New values; ``version`` as it was read (None: whatever it is). ``contact_id`` 0 means nobody in particular."""

    id: int
    kind: InteractionKind
    text: str
    happened_on: date
    contact_id: int = 0
    version: int | None = None


@command(N_("Entry changed: {text}"))
def change_interaction(uow: UnitOfWork, wish: ChangeInteraction) -> None:
    """Store new values. Raises Problems for an empty text or a day to come, Conflict where it changed meanwhile."""
    row = uow.get(Interaction, wish.id, wish.version)
    if not wish.text.strip():
        raise Problems([Problem("text", _("Write down what was said or done."), code="missing")])
    _check(uow, row.account_id, wish.contact_id or None, wish.happened_on)
    if wish.happened_on != row.happened_on:
        row.starts_at = ""
    row.kind, row.text, row.happened_on = wish.kind.value, wish.text.strip(), wish.happened_on
    row.contact_id = wish.contact_id or None
    uow.name(text=_shortened(row.text))


@dataclass(frozen=True)
class Interactions:
    """Some of them."""

    ids: tuple[int, ...] = field(default_factory=tuple)


@command(N_("Entry deleted: {text}"))
def delete_interactions(uow: UnitOfWork, wish: Interactions) -> None:
    """Into the bin; tasks that came of it stay."""
    rows = [uow.get(Interaction, row_id) for row_id in wish.ids]
    for row in rows:
        uow.bin(row)
    uow.name(text=_shortened(rows[0].text) if rows else "", count=len(rows))


def _check(uow: UnitOfWork, account_id: int, contact_id: int | None, day: date | None) -> None:
    if day is not None and day > uow.today:
        raise Problems([Problem("happened_on", _("This day is still to come."), code="future")])
    if contact_id is not None and uow.get(Contact, contact_id).account_id != account_id:
        raise Problems([Problem("contact_id", _("This person belongs to another account."), code="foreign_contact")])


def _shortened(text: str, most: int = 30) -> str:
    first = text.strip().splitlines()[0] if text.strip() else ""
    return first if len(first) <= most else first[: most - 1] + "\u2026"
