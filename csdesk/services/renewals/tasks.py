"""Tasks at set days before a contract ends: made once for each contract and mark, by one command."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.tasks import Task
from csdesk.models.vocabulary import RenewalState, TaskSource
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.renewals.rules import Due, due_tasks, task_words
from csdesk.services.settings.queries import setting
from csdesk.services.settings.rules import days_listed
from csdesk.services.tasks.commands import NewTask, Source, add_task
from csdesk.services.tasks.rules import TaskFields


@dataclass(frozen=True)
class MakeRenewalTasks:
    """Make the tasks that are missing; of these contracts, or of all."""

    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Missing:
    """A contract that lacks tasks, and who looks after its account."""

    contract_id: int
    account_id: int
    number: str
    owner: str
    due: tuple[Due, ...]


def missing_tasks(connection: Connection, today: date, marks: Sequence[int]) -> list[Missing]:
    """What undecided contracts lack; one that was made before counts, whatever became of it."""
    if not marks:
        return []
    made: defaultdict[int, set[int]] = defaultdict(set)
    for source_id, words in connection.execute(
        select(Task.source_id, Task.source_text).where(Task.source == TaskSource.RENEWAL, Task.source_id.is_not(None))
    ):
        if source_id is not None and words.isdecimal():
            made[source_id].add(int(words))
    rows = connection.execute(
        select(Contract.id, Contract.account_id, Contract.number, Contract.end_on, Account.owner)
        .join(Account, Account.id == Contract.account_id)
        .where(
            Contract.deleted_at.is_(None), Account.deleted_at.is_(None), Contract.renewal_state == RenewalState.OPEN,
            Contract.end_on.between(today, today + timedelta(max(marks))),
        )
        .order_by(Contract.end_on, Contract.id)
    )  # fmt: skip
    found = [
        Missing(row.id, row.account_id, row.number, row.owner, tuple(due_tasks(row.end_on, marks, made[row.id], today)))
        for row in rows
    ]
    return [one for one in found if one.due]


def tasks_began(connection: Connection) -> bool:
    """Whether tasks of renewals are kept here: there is one that nobody took back."""
    alive = select(Task.id).where(Task.source == TaskSource.RENEWAL, Task.deleted_at.is_(None))
    return connection.scalar(alive.limit(1)) is not None


def due_now(connection: Connection, today: date) -> int:
    """How many tasks the daily run would make; none before they were asked for once."""
    if not tasks_began(connection):
        return 0
    marks = days_listed(str(setting(connection, "renewals.task_days"))) or ()
    return sum(len(one.due) for one in missing_tasks(connection, today, marks))


@command(N_("Renewal tasks made: {count}"))
def make_renewal_tasks(uow: UnitOfWork, wish: MakeRenewalTasks) -> int:
    """Make the missing ones in one step; says how many."""
    marks = days_listed(str(setting(uow.connection, "renewals.task_days"))) or ()
    count = 0
    for one in missing_tasks(uow.connection, uow.today, marks):
        if wish.ids and one.contract_id not in wish.ids:
            continue
        for due in one.due:
            fields = TaskFields(task_words(due.mark, one.number), due.on, one.owner)
            add_task(uow, NewTask(fields, one.account_id, Source(TaskSource.RENEWAL, one.contract_id, str(due.mark))))
            count += 1
    uow.name(count=count)
    return count
