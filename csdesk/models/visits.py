"""Visit plans and visits, and how long the way between two places takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Moment, Record, Words, of_the_bin, owned_by, points_at
from csdesk.models.vocabulary import PlanState, VisitKind, VisitState


class VisitPlan(Record, Base):
    """The visits planned for some days. Confirming freezes each visit's day as its baseline.

    ``left_out`` keeps what did not fit, each with its reasons, as the rules gave it.
    """

    __tablename__ = "visit_plans"

    starts_on: Mapped[date] = mapped_column(Date, index=True)
    ends_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String, default=PlanState.DRAFT, server_default=PlanState.DRAFT)
    capacity: Mapped[int] = mapped_column(Integer)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    left_out: Mapped[list[Any]] = mapped_column(JSON, default=list)


class Visit(Record, Base):
    """One meeting, planned or done. ``starts_at`` is local time as HH:MM, empty for a day without a time.

    ``reasons`` are rule names with their numbers; words are made of them in the reader's language.
    ``baseline_on`` is the day in the confirmed plan; null for visits added later.
    """

    __tablename__ = "visits"

    account_id: Mapped[int] = owned_by("accounts")
    plan_id: Mapped[int | None] = points_at("visit_plans", index=True)
    contact_id: Mapped[int | None] = points_at("contacts")
    kind: Mapped[str] = mapped_column(String, default=VisitKind.ONSITE, server_default=VisitKind.ONSITE)
    state: Mapped[str] = mapped_column(String, default=VisitState.PLANNED, server_default=VisitState.PLANNED)
    planned_on: Mapped[date | None] = mapped_column(Date)
    starts_at: Mapped[str] = mapped_column(String, default="", server_default="")
    minutes: Mapped[int] = mapped_column(Integer, default=60, server_default="60")
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    goal: Mapped[Words]
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    agenda: Mapped[Words]
    baseline_on: Mapped[date | None] = mapped_column(Date)
    moved_from: Mapped[date | None] = mapped_column(Date)
    moved_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    move_reason: Mapped[Words]
    done_on: Mapped[date | None] = mapped_column(Date)
    excuse: Mapped[Words]
    record: Mapped[Words]
    next_step: Mapped[Words]
    sequence: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Counts changes of day or time, for calendars."""

    __table_args__ = (
        *(
            Index(f"ix_visits_alive_{column}", column, sqlite_where=text("deleted_at IS NULL"))
            for column in ("planned_on", "baseline_on", "done_on")
        ),
        Index("ix_visits_open_planned_on", "planned_on", sqlite_where=text("deleted_at IS NULL AND state = 'planned'")),
        of_the_bin("visits"),
    )


class TravelTime(Record, Base):
    """Minutes on the way between two places (cities or districts) by the user's own table; both directions alike."""

    __tablename__ = "travel_times"

    origin: Mapped[Words]
    destination: Mapped[Words]
    minutes: Mapped[int] = mapped_column(Integer)
