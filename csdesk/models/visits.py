"""Visit plans and visits, and how long the way between two places takes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Index, Integer, String
from sqlalchemy import text as words
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Moment, Money, Record, Words, of_the_bin, owned_by, points_at
from csdesk.models.vocabulary import NeedState, PlanState, Side, VisitKind, VisitState

ROW_ID = {"row_id": True}
"""Column info of a row's id that no foreign key guards: written out like other ids."""


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
    ``baseline_on`` is the day in the confirmed plan; null for visits added later. ``type``, ``wanted`` and the texts up
    to ``internal`` are its preparation, ``internal`` never to be shown to the customer; ``outcome`` and what follows are
    its record. ``spent_minutes`` and ``travel_minutes`` are what it took, ``expenses`` what it cost, in yuan.
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

    series_id: Mapped[int | None] = mapped_column(Integer, sort_order=1, info=ROW_ID)
    turn_on: Mapped[date | None] = mapped_column(Date, sort_order=1)
    """The day on which its series had it, wherever it was moved to."""

    joint_id: Mapped[int | None] = mapped_column(Integer, sort_order=1, info=ROW_ID)
    """The visit that it is held together with: one meeting for several accounts."""

    zone: Mapped[str] = mapped_column(String, default="", server_default="", sort_order=1)
    """The time zone of the people met, by its IANA name, where it is not the user's own."""

    type: Mapped[str | None] = mapped_column(String, sort_order=2)
    wanted: Mapped[Words] = mapped_column(sort_order=2)
    questions: Mapped[Words] = mapped_column(sort_order=2)
    talking_points: Mapped[Words] = mapped_column(sort_order=2)
    internal: Mapped[Words] = mapped_column(sort_order=2)
    outcome: Mapped[str | None] = mapped_column(String, sort_order=2)
    mood: Mapped[str | None] = mapped_column(String, sort_order=2)
    next_on: Mapped[date | None] = mapped_column(Date, sort_order=2)
    spent_minutes: Mapped[int | None] = mapped_column(Integer, sort_order=2)
    travel_minutes: Mapped[int | None] = mapped_column(Integer, sort_order=2)
    expenses: Mapped[Decimal | None] = mapped_column(Money, sort_order=2)

    __table_args__ = (
        *(
            Index(f"ix_visits_alive_{column}", column, sqlite_where=words("deleted_at IS NULL"))
            for column in ("planned_on", "baseline_on", "done_on")
        ),
        Index(
            "ix_visits_open_planned_on", "planned_on", sqlite_where=words("deleted_at IS NULL AND state = 'planned'")
        ),
        of_the_bin("visits"),
    )


class Attendee(Record, Base):
    """Somebody at a visit: a contact, or a name. ``invited``: wanted there; ``came`` is null until it is recorded."""

    __tablename__ = "attendees"

    visit_id: Mapped[int] = owned_by("visits")
    contact_id: Mapped[int | None] = points_at("contacts", index=True)
    name: Mapped[Words]
    side: Mapped[str] = mapped_column(String, default=Side.THEIRS, server_default=Side.THEIRS)
    invited: Mapped[bool] = mapped_column(Boolean, default=True, server_default="1")
    came: Mapped[bool | None] = mapped_column(Boolean)
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class VisitMaterial(Record, Base):
    """An article to bring along or send before. One that was deleted since shows as missing."""

    __tablename__ = "visit_materials"

    visit_id: Mapped[int] = owned_by("visits")
    article_id: Mapped[int | None] = points_at("articles", index=True)
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class Need(Record, Base):
    """Something latent that a customer said. ``visit_id`` is where it was heard; ``became_id`` the row that it became."""

    __tablename__ = "needs"

    account_id: Mapped[int] = owned_by("accounts")
    visit_id: Mapped[int | None] = points_at("visits", index=True)
    text: Mapped[Words]
    kind: Mapped[str | None] = mapped_column(String)
    state: Mapped[str] = mapped_column(String, default=NeedState.OPEN, server_default=NeedState.OPEN)
    heard_on: Mapped[date] = mapped_column(Date)
    became_id: Mapped[int | None] = mapped_column(Integer, info={"row_id": True})
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")

    __table_args__ = (
        Index("ix_needs_open_heard_on", "heard_on", sqlite_where=words("deleted_at IS NULL AND state = 'open'")),
    )


class TravelTime(Record, Base):
    """Minutes on the way between two places (cities or districts) by the user's own table; both directions alike."""

    __tablename__ = "travel_times"

    origin: Mapped[Words]
    destination: Mapped[Words]
    minutes: Mapped[int] = mapped_column(Integer)


class VisitSeries(Record, Base):
    """A visit that comes again every ``every`` weeks or months from ``starts_on``, until a day or so many times."""

    __tablename__ = "visit_series"

    account_id: Mapped[int] = owned_by("accounts")
    contact_id: Mapped[int | None] = points_at("contacts")
    kind: Mapped[str] = mapped_column(String, default=VisitKind.ONSITE, server_default=VisitKind.ONSITE)
    starts_at: Mapped[str] = mapped_column(String, default="", server_default="")
    minutes: Mapped[int] = mapped_column(Integer, default=60, server_default="60")
    goal: Mapped[Words]
    unit: Mapped[str] = mapped_column(String)
    every: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    starts_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    count: Mapped[int | None] = mapped_column(Integer)
    made_until: Mapped[date] = mapped_column(Date)
    """Up to this turn its visits have been made; what was taken out of them is not made again."""


class VisitSkip(Record, Base):
    """An account that is not proposed for a visit up to a day, and why."""

    __tablename__ = "visit_skips"

    account_id: Mapped[int] = owned_by("accounts")
    until_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[Words]


class OwnCalendar(Record, Base):
    """A calendar file of the user's own that was taken in; ``read_at`` is when it was read last."""

    __tablename__ = "own_calendars"

    name: Mapped[Words]
    path: Mapped[Words]
    read_at: Mapped[datetime] = mapped_column(Moment)


class BusyTime(Record, Base):
    """A time that is taken by the user's own calendar, in the user's time zone.

    ``starts_at`` and ``ends_at`` are HH:MM; both empty where whole days are taken, ``ends_on`` then being the last.
    """

    __tablename__ = "busy_times"

    calendar_id: Mapped[int] = owned_by("own_calendars")
    title: Mapped[Words]
    starts_on: Mapped[date] = mapped_column(Date, index=True)
    starts_at: Mapped[str] = mapped_column(String, default="", server_default="")
    ends_on: Mapped[date] = mapped_column(Date)
    ends_at: Mapped[str] = mapped_column(String, default="", server_default="")
