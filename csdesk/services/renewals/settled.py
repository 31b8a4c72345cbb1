"""Tasks of a renewal are dropped with the decision, those that lie ahead come back where it is open again, and all move
with the end of the contract.

Every command is followed by this, so opening the store loads no more of renewals.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from csdesk.models.contracts import Contract
from csdesk.models.tasks import Task
from csdesk.models.vocabulary import RenewalState, StepKind, TaskSource, TaskState
from csdesk.services.core.stored import many
from csdesk.services.core.unit_of_work import UnitOfWork


def settle_renewal_tasks(uow: UnitOfWork, _kind: StepKind) -> None:
    """Nobody is to get signed what is signed, lost or deleted, nor before its time what was extended."""
    states, bins = uow.moves(Contract, "renewal_state"), uow.moves(Contract, "deleted_at")
    over = {row_id for row_id, (_before, after) in states.items() if after != RenewalState.OPEN}
    over |= {row_id for row_id, (_before, after) in bins.items() if after is not None}
    again = states.keys() - over
    if over:
        for row in _tasks(uow, over, TaskState.OPEN):
            row.state, row.snoozed_until = TaskState.DROPPED.value, None
    if again:
        for row in _tasks(uow, again, TaskState.DROPPED):
            if row.due_on is not None and row.due_on >= uow.today:
                row.state = TaskState.OPEN.value

    _move(uow, over)


def _move(uow: UnitOfWork, over: set[int]) -> None:
    ends = {
        row_id: date.fromisoformat(after) - date.fromisoformat(before)
        for row_id, (before, after) in uow.moves(Contract, "end_on").items()
        if before and after and row_id not in over
    }
    for row in _tasks(uow, set(ends), TaskState.OPEN) if ends else ():
        if row.due_on is not None and row.source_id is not None:
            row.due_on = max(uow.today, row.due_on + ends[row.source_id])


def _tasks(uow: UnitOfWork, contracts: set[int], state: TaskState) -> list[Task]:
    chosen = select(Task).where(
        Task.source == TaskSource.RENEWAL, Task.source_id.in_(many(contracts)), Task.state == state,
        Task.deleted_at.is_(None),
    )  # fmt: skip
    return list(uow.session.scalars(chosen))
