"""The journal: one step per command, one change per row it touched.

The same record serves the screens (what changed), the history of each record, undo and redo across restarts, and taking
an import back.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Id, Moment
from csdesk.models.vocabulary import Action, StepKind


class Step(Base):
    """One command that was carried out: an entry of the undo history.

    ``title`` is a msgid, ``params`` fill it. ``undone`` steps can be redone until a new step makes them ``stale``.
    An UNDO or REDO step names in ``of_step`` what it turned over.
    """

    __tablename__ = "steps"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String, default=StepKind.COMMAND)
    title: Mapped[str] = mapped_column(String)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(Moment)
    undone: Mapped[bool] = mapped_column(Boolean, default=False)
    stale: Mapped[bool] = mapped_column(Boolean, default=False)
    of_step: Mapped[int | None] = mapped_column(Integer)


class Change(Base):
    """What a step did to one row; for a bulk insert, to many rows of one table, by their ids alone.

    ``before`` and ``after`` hold the changed columns only, as stored values. ``ids`` is a packed array of 64-bit ids.
    """

    __tablename__ = "changes"

    id: Mapped[Id]
    step_id: Mapped[int] = mapped_column(Integer, ForeignKey("steps.id"), index=True)
    entity: Mapped[str] = mapped_column(String)
    entity_id: Mapped[int | None] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String, default=Action.UPDATE)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    ids: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_changes_entity_row", "entity", "entity_id"),)
