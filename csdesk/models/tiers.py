"""What was decided about tiers: the history of each account's tier, and the proposals that were turned down."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Moment, Record, Words, owned_by


class TierDecision(Record, Base):
    """One decision. ``arr_cents`` and ``seats`` are the figures it was made on: while they hold, nobody asks again.

    A proposal that was turned down (source kept) has the same tier before and after, and names what was ``proposed``.
    """

    __tablename__ = "tier_decisions"

    account_id: Mapped[int] = owned_by("accounts")
    tier_before: Mapped[str | None] = mapped_column(String)
    tier_after: Mapped[str | None] = mapped_column(String)
    proposed: Mapped[str | None] = mapped_column(String)
    source: Mapped[str] = mapped_column(String)
    reason: Mapped[Words]
    arr_cents: Mapped[int | None] = mapped_column(Integer)
    seats: Mapped[int | None] = mapped_column(Integer)
    decided_at: Mapped[datetime] = mapped_column(Moment)
