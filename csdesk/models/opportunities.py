"""Opportunities: what an account may buy more of."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy import text as words
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Money, Record, Words, owned_by, points_at
from csdesk.models.vocabulary import HOME_CURRENCY, OpportunityOrigin, OpportunityStage


class Opportunity(Record, Base):
    """A possible expansion inside an account. ``amount`` is the ARR that it would add, ``probability`` in percent.

    ``origin_id`` is the row that ``origin`` speaks of, ``event_id`` the entry of the ledger that a won one became.
    """

    __tablename__ = "opportunities"

    account_id: Mapped[int] = owned_by("accounts")
    contract_id: Mapped[int | None] = points_at("contracts", index=True)
    kind: Mapped[str] = mapped_column(String)
    title: Mapped[Words]
    seats: Mapped[int | None] = mapped_column(Integer)
    module: Mapped[Words]
    amount: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String, default=HOME_CURRENCY, server_default=HOME_CURRENCY)
    stage: Mapped[str] = mapped_column(
        String, default=OpportunityStage.SPOTTED, server_default=OpportunityStage.SPOTTED
    )
    probability: Mapped[int | None] = mapped_column(Integer)
    spotted_on: Mapped[date] = mapped_column(Date)
    expected_on: Mapped[date | None] = mapped_column(Date)
    owner: Mapped[Words]
    origin: Mapped[str] = mapped_column(
        String, default=OpportunityOrigin.BY_HAND, server_default=OpportunityOrigin.BY_HAND
    )
    origin_id: Mapped[int | None] = mapped_column(Integer, info={"row_id": True})
    event_id: Mapped[int | None] = points_at("contract_events")
    won_on: Mapped[date | None] = mapped_column(Date)
    lost_on: Mapped[date | None] = mapped_column(Date)
    lost_reason: Mapped[Words]
    notes: Mapped[Words]

    __table_args__ = (Index("ix_opportunities_alive_stage", "stage", sqlite_where=words("deleted_at IS NULL")),)
