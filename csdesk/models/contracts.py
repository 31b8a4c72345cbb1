"""Contracts: one signed term each, with the lines bought, what it follows and what was decided at its end."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, Date, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from csdesk.models.base import Base, Money, Record, Words, of_the_bin, owned_by, points_at
from csdesk.models.vocabulary import HOME_CURRENCY, RenewalStage, RenewalState


class Contract(Record, Base):
    """One signed term. ``amount`` is for the whole term; ``predecessor_id`` is the contract that this one follows.

    What was decided at its end: ``renewal_state``, ``decided_on``, ``renewal_kind``, ``renewal_cause`` with its words in
    ``renewal_reason``. On the way there: ``stage``, ``category``, ``target`` and ``forecast`` (ARR; without a target it is
    the ARR that ends), ``closes_on`` (the signature expected), ``next_step``. ``notice_on`` is the last day to give notice;
    ``planned_end_on`` the end as signed where it was changed, ``terminated_on`` the day on which that was agreed.
    """

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
    notice_on: Mapped[date | None] = mapped_column(Date, sort_order=1)
    renewal_kind: Mapped[str | None] = mapped_column(String, sort_order=1)
    renewal_cause: Mapped[str | None] = mapped_column(String, sort_order=1)
    stage: Mapped[str] = mapped_column(
        String, default=RenewalStage.NOT_STARTED, server_default=RenewalStage.NOT_STARTED, sort_order=1
    )
    category: Mapped[str | None] = mapped_column(String, sort_order=1)
    target: Mapped[Decimal | None] = mapped_column(Money, sort_order=1)
    forecast: Mapped[Decimal | None] = mapped_column(Money, sort_order=1)
    closes_on: Mapped[date | None] = mapped_column(Date, sort_order=1)
    next_step: Mapped[Words] = mapped_column(sort_order=1)
    terminated_on: Mapped[date | None] = mapped_column(Date, sort_order=1)
    planned_end_on: Mapped[date | None] = mapped_column(Date, sort_order=1)
    document: Mapped[Words] = mapped_column(sort_order=1)

    __table_args__ = (
        Index(
            "ix_contracts_alive_ends", "end_on", "renewal_state", "account_id", sqlite_where=text("deleted_at IS NULL")
        ),
        of_the_bin("contracts"),
    )


class ContractLine(Record, Base):
    """What was bought: products (joined by the enumeration comma), seats, the line's amount, recurring or one-off.

    ``arr_cents`` is the line's ARR by the glossary, rounded half to even when the line is written; null for one-off
    lines and lines without a term or an amount. ``agreed_rise`` is the part of its ARR that is a price rise which the
    contract before it had agreed.
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
    agreed_rise: Mapped[Decimal | None] = mapped_column(Money, sort_order=1)


class ContractEvent(Record, Base):
    """One entry of the ledger, never changed: what was done, from which day, which lines ended and began, ARR in cents."""

    __tablename__ = "contract_events"

    contract_id: Mapped[int] = owned_by("contracts")
    kind: Mapped[str] = mapped_column(String)
    effective_on: Mapped[date | None] = mapped_column(Date)
    noted_on: Mapped[date] = mapped_column(Date)
    noted_by: Mapped[Words]
    line_before_id: Mapped[int | None] = points_at("contract_lines")
    line_after_id: Mapped[int | None] = points_at("contract_lines")
    arr_before_cents: Mapped[int | None] = mapped_column(Integer)
    arr_after_cents: Mapped[int | None] = mapped_column(Integer)
    cause: Mapped[str | None] = mapped_column(String)
    note: Mapped[Words]
