"""Handovers: what sales passed on, and the imports through which it came."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Moment, Record, Words, owned_by, points_at
from csdesk.models.vocabulary import HandoverState


class Handover(Record, Base):
    """What sales passed on about an account: the solution, not only the contact data."""

    __tablename__ = "handovers"

    account_id: Mapped[int] = owned_by("accounts")
    state: Mapped[str] = mapped_column(String, default=HandoverState.RECEIVED, server_default=HandoverState.RECEIVED)
    received_on: Mapped[date | None] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    goals: Mapped[Words]
    pain_points: Mapped[Words]
    promises: Mapped[Words]
    risks: Mapped[Words]
    scope: Mapped[Words]
    stakeholders: Mapped[Words]
    payment_terms: Mapped[Words]
    questions: Mapped[Words]
    notes: Mapped[Words]
    import_id: Mapped[int | None] = points_at("imports")
    source_row: Mapped[Words]
    """Where it stands in the file: sheet and row, as Excel shows them."""

    __table_args__ = (
        Index("ix_handovers_alive_state", "state", "account_id", sqlite_where=text("deleted_at IS NULL")),
    )


class HandoverMove(Record, Base):
    """One move of a handover from state to state: the day, and the reason where one was given."""

    __tablename__ = "handover_moves"

    handover_id: Mapped[int] = owned_by("handovers")
    from_state: Mapped[str] = mapped_column(String)
    to_state: Mapped[str] = mapped_column(String)
    moved_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[Words]


class HandoverQuestion(Record, Base):
    """What sales is asked about one point. ``was`` is what the point said then: it is answered once it says another."""

    __tablename__ = "handover_questions"

    handover_id: Mapped[int] = owned_by("handovers")
    point: Mapped[str] = mapped_column(String)
    question: Mapped[Words]
    was: Mapped[Words]
    asked_on: Mapped[date] = mapped_column(Date)


class Import(Record, Base):
    """One file that was taken in: its name, its hash, the mapping used, the counts, the step that wrote it."""

    __tablename__ = "imports"

    file_name: Mapped[Words]
    sha256: Mapped[str] = mapped_column(String, index=True)
    size: Mapped[int] = mapped_column(Integer)
    imported_at: Mapped[datetime] = mapped_column(Moment)
    step_id: Mapped[int | None] = mapped_column(Integer)
    fingerprint: Mapped[str] = mapped_column(String, default="", server_default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problems: Mapped[list[Any]] = mapped_column(JSON, default=list)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class ImportDetails(Record, Base):
    """What is needed to do an import again: where the file lay, how it was read, the rows that did not come in."""

    __tablename__ = "import_details"

    import_id: Mapped[int] = owned_by("imports")
    path: Mapped[Words]
    recipe: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    accounts: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """The ids of the accounts that it made or changed."""
    refused: Mapped[list[Any]] = mapped_column(JSON, default=list)


class ImportMapping(Record, Base):
    """The mapping that the user agreed to for headings with this fingerprint; ``decisions`` holds remembered answers."""

    __tablename__ = "import_mappings"

    fingerprint: Mapped[str] = mapped_column(String, unique=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decisions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
