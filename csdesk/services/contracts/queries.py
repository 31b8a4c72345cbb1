"""Reading contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, case, func, select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.receivables import Payment
from csdesk.models.vocabulary import RenewalState


@dataclass(frozen=True)
class ContractRow:
    """A contract as screens show it: its lines summed up, what was paid, what follows it."""

    id: int
    version: int
    account_id: int
    number: str
    currency: str
    signed_on: date | None
    start_on: date | None
    end_on: date | None
    amount: Decimal | None
    auto_renew: bool
    payment_terms: str
    predecessor_id: int | None
    renewal_state: str
    notes: str
    products: str
    seats: int | None
    arr_cents: int | None
    paid_cents: int | None
    successor_id: int | None


@dataclass(frozen=True)
class EndingRow:
    """A contract that ends soon without a decision."""

    contract_id: int
    account_id: int
    account: str
    tier: str | None
    number: str
    end_on: date
    arr_cents: int | None


def _alive_line(value: object) -> object:
    return (
        select(value)  # type: ignore[call-overload]
        .where(ContractLine.contract_id == Contract.id, ContractLine.deleted_at.is_(None))
        .scalar_subquery()
    )


def _columns() -> list[object]:
    own = [getattr(Contract, name) for name in list(ContractRow.__dataclass_fields__)[:14]]
    following = Contract.__table__.alias("following")
    paid = select(func.sum(Payment.__table__.c.amount)).where(
        Payment.contract_id == Contract.id, Payment.deleted_at.is_(None)
    )
    return [
        *own,
        _alive_line(func.group_concat(ContractLine.products, "\u3001")),
        _alive_line(func.sum(ContractLine.seats)),
        _alive_line(func.sum(ContractLine.arr_cents)),
        paid.scalar_subquery(),
        select(following.c.id)
        .where(following.c.predecessor_id == Contract.id, following.c.deleted_at.is_(None))
        .limit(1)
        .scalar_subquery(),
    ]


def _row(values: tuple[object, ...]) -> ContractRow:
    fields = dict(zip(ContractRow.__dataclass_fields__, values, strict=True))
    paid = fields["paid_cents"]
    fields["paid_cents"] = int(paid * 100) if isinstance(paid, Decimal) else paid
    return ContractRow(**fields)  # type: ignore[arg-type]


def contracts_of(connection: Connection, account_id: int) -> list[ContractRow]:
    """An account's contracts, the latest term first."""
    rows = connection.execute(
        select(*_columns())  # type: ignore[call-overload]
        .where(Contract.account_id == account_id, Contract.deleted_at.is_(None))
        .order_by(Contract.end_on.desc().nulls_last(), Contract.id.desc())
    )
    return [_row(tuple(row)) for row in rows]


def contract(connection: Connection, contract_id: int) -> ContractRow | None:
    """One contract that is not in the bin."""
    row = connection.execute(
        select(*_columns()).where(Contract.id == contract_id, Contract.deleted_at.is_(None))  # type: ignore[call-overload]
    ).first()
    return None if row is None else _row(tuple(row))


def ending(connection: Connection, today: date, within: int, limit: int | None = None) -> list[EndingRow]:
    """Contracts that end from today within so many days and are undecided, the nearest first, ``limit`` at most."""
    arr = (
        select(func.sum(ContractLine.arr_cents))
        .where(ContractLine.contract_id == Contract.id, ContractLine.deleted_at.is_(None))
        .scalar_subquery()
    )
    shown = case((Account.short_name != "", Account.short_name), else_=Account.name)
    rows = connection.execute(
        select(Contract.id, Account.id, shown, Account.tier, Contract.number, Contract.end_on, arr)
        .join(Account, Account.id == Contract.account_id)
        .where(Account.deleted_at.is_(None), *_ends(today, within))
        .order_by(Contract.end_on, Contract.id)
        .limit(limit)
    )
    return [EndingRow(*row) for row in rows]


def count_ending(connection: Connection, today: date, within: int) -> int:
    """How many contracts ``ending`` would name."""
    binned = select(Account.id).where(Account.deleted_at.is_not(None))
    counted = select(func.count()).select_from(Contract).where(*_ends(today, within))
    return connection.scalar(counted.where(Contract.account_id.not_in(binned))) or 0


def _ends(today: date, within: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Contract.deleted_at.is_(None),
        Contract.renewal_state == RenewalState.OPEN,
        Contract.end_on.between(today, today + timedelta(days=within)),
    )
