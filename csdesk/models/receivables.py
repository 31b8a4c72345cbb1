"""Receivables and payments: what a contract is to bring in, and what came."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Integer
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Money, Record, Words, owned_by, points_at


class Receivable(Record, Base):
    """One instalment of a contract; ``due_on`` null where the handover named no date."""

    __tablename__ = "receivables"

    contract_id: Mapped[int] = owned_by("contracts")
    position: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    due_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Money)
    notes: Mapped[Words]


class Payment(Record, Base):
    """Money that arrived; ``paid_on`` null for what a handover says was paid without a date."""

    __tablename__ = "payments"

    contract_id: Mapped[int] = owned_by("contracts")
    receivable_id: Mapped[int | None] = points_at("receivables", index=True)
    paid_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Money)
    notes: Mapped[Words]
