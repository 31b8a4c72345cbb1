"""Interactions: what was noted about an account between visits."""

from datetime import date

from sqlalchemy import Date, Index, String
from sqlalchemy import text as words
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Record, Words, owned_by, points_at
from csdesk.models.vocabulary import InteractionKind


class Interaction(Record, Base):
    """A note, a call or a message. ``starts_at`` is local time as HH:MM, empty where it is not known."""

    __tablename__ = "interactions"

    account_id: Mapped[int] = owned_by("accounts")
    contact_id: Mapped[int | None] = points_at("contacts", index=True)
    kind: Mapped[str] = mapped_column(String, default=InteractionKind.NOTE, server_default=InteractionKind.NOTE)
    happened_on: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[str] = mapped_column(String, default="", server_default="")
    text: Mapped[Words]

    __table_args__ = (
        Index("ix_interactions_alive_happened_on", "happened_on", sqlite_where=words("deleted_at IS NULL")),
    )
