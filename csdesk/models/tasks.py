"""Tasks: one thing to do by a day, by hand or from something that asked for it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Record, Words, owned_by
from csdesk.models.vocabulary import TaskSource, TaskState


class Task(Record, Base):
    """One thing to do. Without an account it is the user's own.

    ``source_id`` is the row that ``source`` speaks of, and ``source_text`` the words there that the task was made from.
    ``repeats`` and ``repeat_every`` make the next one when it is done, counted from ``repeats_from``, the first day of
    the series. ``position`` orders tasks of one day.
    """

    __tablename__ = "tasks"

    account_id: Mapped[int | None] = owned_by("accounts", nullable=True)
    text: Mapped[Words]
    due_on: Mapped[date | None] = mapped_column(Date)
    owner: Mapped[Words]
    state: Mapped[str] = mapped_column(String, default=TaskState.OPEN, server_default=TaskState.OPEN)
    done_on: Mapped[date | None] = mapped_column(Date)
    snoozed_until: Mapped[date | None] = mapped_column(Date)
    repeats: Mapped[str | None] = mapped_column(String)
    repeat_every: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    repeats_from: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String, default=TaskSource.BY_HAND, server_default=TaskSource.BY_HAND)
    source_id: Mapped[int | None] = mapped_column(Integer, index=True, info={"row_id": True})
    source_text: Mapped[Words]
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    notes: Mapped[Words]

    __table_args__ = (
        Index("ix_tasks_open_due_on", "due_on", sqlite_where=sa.text("deleted_at IS NULL AND state = 'open'")),
        Index("ix_tasks_alive_done_on", "done_on", sqlite_where=sa.text("deleted_at IS NULL")),
    )
