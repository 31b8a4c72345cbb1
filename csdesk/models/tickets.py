"""Tickets, the demands they ask for, product's reviews, releases, and what customers are to be told."""

from datetime import date

from sqlalchemy import Boolean, Date, Index, Integer, String
from sqlalchemy import text as words
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, MaybeAmount, Record, Words, owned_by, points_at
from csdesk.models.vocabulary import DemandState, Importance, NoticeState, TicketKind, TicketState


class Release(Record, Base):
    """A version of the product. ``released_on`` is empty while it is still planned."""

    __tablename__ = "releases"

    name: Mapped[Words]
    planned_on: Mapped[date | None] = mapped_column(Date)
    released_on: Mapped[date | None] = mapped_column(Date)
    notes: Mapped[Words]


class Demand(Record, Base):
    """What one or several requirements ask for; product reviews demands, not single tickets.

    ``number`` is this store's own (shown as D-0012). ``waits_since`` is the day from which product's time runs now. The fields from ``reasonable`` to ``answer`` are those of the newest
    review. ``planned_on`` is the date told now, ``first_planned_on`` the first one. ``again_at`` is the number of different
    accounts at which a declined demand comes up for review again, ``again_from_arr`` the ARR.
    """

    __tablename__ = "demands"

    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[Words]
    background: Mapped[Words]
    module: Mapped[Words]
    state: Mapped[str] = mapped_column(String, default=DemandState.TO_REVIEW, server_default=DemandState.TO_REVIEW)
    merged_into_id: Mapped[int | None] = points_at("demands", index=True)
    opened_on: Mapped[date] = mapped_column(Date)
    waits_since: Mapped[date] = mapped_column(Date)
    sent_on: Mapped[date | None] = mapped_column(Date)
    reasonable: Mapped[bool | None] = mapped_column(Boolean)
    scope: Mapped[str | None] = mapped_column(String)
    size: Mapped[str | None] = mapped_column(String)
    reviewed_by: Mapped[Words]
    decided_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[Words]
    answer: Mapped[Words]
    release_id: Mapped[int | None] = points_at("releases", index=True)
    first_planned_on: Mapped[date | None] = mapped_column(Date)
    planned_on: Mapped[date | None] = mapped_column(Date)
    released_on: Mapped[date | None] = mapped_column(Date)
    again_at: Mapped[int | None] = mapped_column(Integer)
    again_from_arr: Mapped[MaybeAmount]

    __table_args__ = (Index("ix_demands_alive_state", "state", sqlite_where=words("deleted_at IS NULL")),)


class DemandReview(Record, Base):
    """One review of a demand, with the accounts and the ARR that stood behind it on that day."""

    __tablename__ = "demand_reviews"

    demand_id: Mapped[int] = owned_by("demands")
    reviewed_on: Mapped[date] = mapped_column(Date)
    reviewed_by: Mapped[Words]
    decision: Mapped[str] = mapped_column(String)
    reasonable: Mapped[bool | None] = mapped_column(Boolean)
    scope: Mapped[str | None] = mapped_column(String)
    size: Mapped[str | None] = mapped_column(String)
    reason: Mapped[Words]
    answer: Mapped[Words]
    release: Mapped[Words]
    planned_on: Mapped[date | None] = mapped_column(Date)
    accounts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    arr: Mapped[MaybeAmount]


class Ticket(Record, Base):
    """What one customer asked for or reported, in its own words.

    ``number`` is this store's own, counted for each kind (R-, B-, Q-). A requirement has a demand; ``first_demand_id`` is
    the one it had before a merge, so that a split finds it again. From ``reported_on`` on each date is the newest of its
    kind; all of them stand in ``ticket_moves``. ``release_id``, ``first_planned_on``, ``planned_on``, ``released_on``
    and ``answer`` are a bug's (a question has the answer too).
    """

    __tablename__ = "tickets"

    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String, default=TicketKind.REQUIREMENT, server_default=TicketKind.REQUIREMENT)
    state: Mapped[str] = mapped_column(String, default=TicketState.CAPTURED, server_default=TicketState.CAPTURED)
    account_id: Mapped[int] = owned_by("accounts")
    contact_id: Mapped[int | None] = points_at("contacts", index=True)
    demand_id: Mapped[int | None] = points_at("demands", index=True)
    first_demand_id: Mapped[int | None] = points_at("demands", index=True)
    visit_id: Mapped[int | None] = points_at("visits", index=True)
    channel: Mapped[str | None] = mapped_column(String)
    title: Mapped[Words]
    text: Mapped[Words]
    importance: Mapped[str] = mapped_column(String, default=Importance.IMPORTANT, server_default=Importance.IMPORTANT)
    module: Mapped[Words]
    why: Mapped[Words]
    who: Mapped[Words]
    how_often: Mapped[Words]
    workaround: Mapped[Words]
    worth: Mapped[Words]
    otherwise: Mapped[Words]
    scene: Mapped[Words]
    steps: Mapped[Words]
    expected: Mapped[Words]
    seen: Mapped[Words]
    environment: Mapped[Words]
    severity: Mapped[str | None] = mapped_column(String)
    reported_on: Mapped[date] = mapped_column(Date)
    clarified_on: Mapped[date | None] = mapped_column(Date)
    sent_on: Mapped[date | None] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    release_id: Mapped[int | None] = points_at("releases", index=True)
    first_planned_on: Mapped[date | None] = mapped_column(Date)
    planned_on: Mapped[date | None] = mapped_column(Date)
    released_on: Mapped[date | None] = mapped_column(Date)
    answer: Mapped[Words]
    told_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    reopened_on: Mapped[date | None] = mapped_column(Date)
    notes: Mapped[Words]

    __table_args__ = (
        Index("ix_tickets_alive_state", "state", sqlite_where=words("deleted_at IS NULL")),
        Index("ix_tickets_alive_reported_on", "reported_on", sqlite_where=words("deleted_at IS NULL")),
    )


class TicketMove(Record, Base):
    """One step of a ticket: from which state to which, on which day, or (both the same) a date promised anew."""

    __tablename__ = "ticket_moves"

    ticket_id: Mapped[int] = owned_by("tickets")
    from_state: Mapped[str | None] = mapped_column(String)
    to_state: Mapped[str] = mapped_column(String)
    moved_on: Mapped[date] = mapped_column(Date)
    moved_by: Mapped[Words]
    planned_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[Words]


class DemandMove(Record, Base):
    """One step of a demand, as of a ticket; merges and splits name the other demand."""

    __tablename__ = "demand_moves"

    demand_id: Mapped[int] = owned_by("demands")
    from_state: Mapped[str | None] = mapped_column(String)
    to_state: Mapped[str] = mapped_column(String)
    moved_on: Mapped[date] = mapped_column(Date)
    moved_by: Mapped[Words]
    planned_on: Mapped[date | None] = mapped_column(Date)
    other_id: Mapped[int | None] = points_at("demands")
    note: Mapped[Words]


class Notice(Record, Base):
    """One answer that one account is to be told: about a demand (all its tickets there), or about a bug or a question.

    ``text`` is what was or will be said; ``told_on``, ``told_by`` and ``channel`` say when, who and how.
    """

    __tablename__ = "notices"

    account_id: Mapped[int] = owned_by("accounts")
    demand_id: Mapped[int | None] = owned_by("demands", nullable=True)
    ticket_id: Mapped[int | None] = owned_by("tickets", nullable=True)
    cause: Mapped[str] = mapped_column(String)
    state: Mapped[str] = mapped_column(String, default=NoticeState.OPEN, server_default=NoticeState.OPEN)
    due_on: Mapped[date] = mapped_column(Date)
    planned_on: Mapped[date | None] = mapped_column(Date)
    text: Mapped[Words]
    channel: Mapped[str | None] = mapped_column(String)
    told_on: Mapped[date | None] = mapped_column(Date)
    told_by: Mapped[Words]
    contact_id: Mapped[int | None] = points_at("contacts")

    __table_args__ = (
        Index("ix_notices_open_due_on", "due_on", sqlite_where=words("deleted_at IS NULL AND state = 'open'")),
    )
