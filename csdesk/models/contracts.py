"""Contracts: one signed term each, with the lines bought, what it follows and what was decided at its end."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, Date, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Money, Record, Words, of_the_bin, owned_by, points_at
from csdesk.models.vocabulary import HOME_CURRENCY, RenewalState


class Contract(Record, Base):
    """One signed term. ``amount`` is for the whole term; ``predecessor_id`` is the contract that this one follows."""

    __tablename__ = "contracts"

    account_id: Mapped[int] = owned_by("accounts")
    number: Mapped[Words]
    currency: Mapped[str] = mapped_column(String, default=HOME_CURRENCY, server_default=HOME_CURRENCY)
    signed_on: Mapped[date | None] = mapped_column(Date)
    start_on: Mapped[date | None] = mapped_column(Date)
    end_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    auto_renew: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    payment_terms: Mapped[Words]
    predecessor_id: Mapped[int | None] = points_at("contracts", index=True)
    renewal_state: Mapped[str] = mapped_column(String, default=RenewalState.OPEN, server_default=RenewalState.OPEN)
    decided_on: Mapped[date | None] = mapped_column(Date)
    renewal_reason: Mapped[Words]
    notes: Mapped[Words]

    __table_args__ = (
        Index(
            "ix_contracts_alive_ends", "end_on", "renewal_state", "account_id", sqlite_where=text("deleted_at IS NULL")
        ),
        of_the_bin("contracts"),
    )


class ContractLine(Record, Base):
    """What was bought: products (joined by the enumeration comma), seats, the line's amount, recurring or one-off.

    ``arr_cents`` is the line's ARR by the glossary, rounded half to even when the line is written; null for one-off
    lines and lines without a term or an amount.
    """

    __tablename__ = "contract_lines"

    contract_id: Mapped[int] = owned_by("contracts")
    products: Mapped[Words]
    seats: Mapped[int | None] = mapped_column(Integer)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    recurring: Mapped[bool] = mapped_column(Boolean, default=True, server_default="1")
    start_on: Mapped[date | None] = mapped_column(Date)
    end_on: Mapped[date | None] = mapped_column(Date)
    arr_cents: Mapped[int | None] = mapped_column(Integer)
    predecessor_id: Mapped[int | None] = points_at("contract_lines")
