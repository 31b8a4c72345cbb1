"""A task to remind of money is dropped once the money is there, or is not asked for any more.

Every command is followed by this, so opening the store loads no more of receivables than it needs.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, or_, select, type_coerce

from csdesk.models.receivables import Payment, Receivable
from csdesk.models.tasks import Task
from csdesk.models.vocabulary import StepKind, TaskSource, TaskState
from csdesk.services.core.changes import Changes
from csdesk.services.core.stored import many
from csdesk.services.core.unit_of_work import UnitOfWork
from csdesk.services.receivables.standing import refresh_paid


def settle_reminder_tasks(uow: UnitOfWork, _kind: StepKind) -> None:
    """Nobody is to be reminded of what is paid or deleted."""
    changes = uow.changes
    touched, paid = changes.ids("receivables"), changes.ids("payments")
    tasks = _open_tasks(uow) if touched or paid else []
    if not tasks:
        return
    asked = many(row.source_id or 0 for row in tasks)
    contracts = select(Receivable.contract_id).where(Receivable.id.in_(asked))
    rows, money = _of(uow, Receivable, contracts) & touched, _of(uow, Payment, contracts) & paid
    if not rows and not money:
        return
    refresh_paid(uow.connection, Changes({"receivables": rows, "payments": money}), uow.today)
    settled = or_(Receivable.deleted_at.is_not(None), type_coerce(Receivable.amount, Integer) <= Receivable.paid_cents)
    over = set(uow.connection.scalars(select(Receivable.id).where(Receivable.id.in_(asked), settled)))
    for row in tasks:
        if row.source_id in over:
            row.state, row.snoozed_until = TaskState.DROPPED.value, None


def _of(uow: UnitOfWork, model: type[Receivable] | type[Payment], contracts: Any) -> frozenset[int]:
    return frozenset(uow.connection.scalars(select(model.id).where(model.contract_id.in_(contracts))))


def _open_tasks(uow: UnitOfWork) -> list[Task]:
    chosen = select(Task).where(
        Task.source == TaskSource.RECEIVABLE, Task.state == TaskState.OPEN, Task.deleted_at.is_(None)
    )
    return list(uow.session.scalars(chosen))
