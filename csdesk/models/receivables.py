"""Receivables and payments: what a contract is to bring in, and what came."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import DERIVED, Base, Money, Record, Words, owned_by, points_at


class Receivable(Record, Base):
    """One instalment of a contract; ``due_on`` null where the handover named no date.

    ``paid_cents`` is what was paid on it, with its share of what was paid without naming an instalment;
    ``services/receivables/standing.py`` writes it in the unit of work that touched the money.
    """

    __tablename__ = "receivables"

    contract_id: Mapped[int] = owned_by("contracts")
    position: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    due_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Money)
    notes: Mapped[Words]
    paid_cents: Mapped[int] = mapped_column(Integer, default=0, server_default="0", sort_order=1, info=DERIVED)


class Invoice(Record, Base):
    """An invoice written for an instalment; ``tax_rate`` in hundredths of a percent."""

    __tablename__ = "invoices"

    receivable_id: Mapped[int] = owned_by("receivables")
    number: Mapped[Words]
    invoiced_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    tax_rate: Mapped[int | None] = mapped_column(Integer)
    sent_on: Mapped[date | None] = mapped_column(Date)
    notes: Mapped[Words]


class Reminder(Record, Base):
    """One time that a customer was reminded of an instalment."""

    __tablename__ = "reminders"

    receivable_id: Mapped[int] = owned_by("receivables")
    reminded_on: Mapped[date] = mapped_column(Date)
    reminded_by: Mapped[Words]
    channel: Mapped[str | None] = mapped_column(String)
    text: Mapped[Words]
    task_id: Mapped[int | None] = points_at("tasks")


class Payment(Record, Base):
    """Money that arrived; ``paid_on`` null for what a handover says was paid without a date.

    One transfer laid against several instalments is several rows with one ``reference``; what is too much has no instalment.
    """

    __tablename__ = "payments"

    contract_id: Mapped[int] = owned_by("contracts")
    receivable_id: Mapped[int | None] = points_at("receivables", index=True)
    paid_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Money)
    reference: Mapped[Words] = mapped_column(sort_order=1)
    notes: Mapped[Words]
