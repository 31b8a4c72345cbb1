"""The history of a record, and the steps of the store, from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from csdesk.models.journal import Change, Step
from csdesk.models.vocabulary import Action
from csdesk.services.core.unit_of_work import StepInfo, step_text


@dataclass(frozen=True)
class Entry:
    """One change of one record: when, by which command, which fields from what to what (stored values)."""

    step_id: int
    at: datetime
    title: str
    entity: str
    entity_id: int
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


def history_of(connection: Connection, entity: str, row_id: int, limit: int = 200) -> list[Entry]:
    """What happened to a record, newest first. A row that came in bulk has its creation from its own ``created_at``."""
    rows = connection.execute(
        select(Change, Step.at, Step.title, Step.params)
        .join(Step, Step.id == Change.step_id)
        .where(Change.entity == entity, Change.entity_id == row_id)
        .order_by(Change.id.desc())
        .limit(limit)
    )
    return [
        Entry(
            row.step_id, row.at, step_text(row.title, row.params), row.entity, row.entity_id, row.action,
            row.before or {}, row.after or {},
        )
        for row in rows
    ]  # fmt: skip


def step_info(connection: Connection, step_id: int) -> StepInfo | None:
    """One step by its id."""
    row = connection.execute(select(Step.id, Step.title, Step.params).where(Step.id == step_id)).first()
    return None if row is None else StepInfo(row.id, row.title, row.params)


def last_step(connection: Connection) -> int:
    """The newest step of the store; 0 before the first."""
    return connection.scalar(select(func.max(Step.id))) or 0


def was_created(entry: Entry) -> bool:
    """Whether this entry is the record's beginning."""
    return entry.action == Action.INSERT
