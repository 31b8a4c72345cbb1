"""Reading contracts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.kpi import ExchangeRate
from csdesk.models.receivables import Payment
from csdesk.models.vocabulary import ContractState, RenewalState
from csdesk.services.contracts.states import state_of
from csdesk.services.core.stored import many


@dataclass(frozen=True)
class LineRow:
    """A line as screens show it."""

    id: int
    contract_id: int
    products: str
    seats: int | None
    amount: Decimal | None
    recurring: bool
    start_on: date | None
    end_on: date | None
    arr_cents: int | None
    agreed_rise: Decimal | None


@dataclass(frozen=True)
class EventRow:
    """An entry of the ledger as screens show it; ``products`` are those of the line that began, or that ended."""

    id: int
    contract_id: int
    kind: str
    effective_on: date | None
    noted_on: date
    noted_by: str
    arr_before_cents: int | None
    arr_after_cents: int | None
    cause: str | None
    note: str
    products: str


@dataclass(frozen=True)
class ContractRow:
    """A contract as screens show it: products, seats and ARR of the lines that run to its end, what was paid, what follows
    it."""

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
    notice_on: date | None
    document: str
    terminated_on: date | None
    planned_end_on: date | None
    renewal_cause: str | None
    renewal_reason: str
    renewal_kind: str | None
    decided_on: date | None
    products: str
    seats: int | None
    arr_cents: int | None
    paid_cents: int | None
    successor_id: int | None
    lines: tuple[LineRow, ...] = ()
    events: tuple[EventRow, ...] = ()

    def state(self, today: date) -> ContractState:
        """Where it stands on a day."""
        return state_of(self.start_on, self.end_on, self.renewal_state, self.terminated_on, today)


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


OWN = list(ContractRow.__dataclass_fields__).index("products")
"""How many of its fields are columns of the contract."""


def last_lines() -> ColumnElement[bool]:
    """The lines of a contract that run to its end: not those that an amendment ended before."""
    to_the_end = or_(ContractLine.end_on.is_(None), Contract.end_on.is_(None), ContractLine.end_on >= Contract.end_on)
    return and_(ContractLine.contract_id == Contract.id, ContractLine.deleted_at.is_(None), to_the_end)


def _last_line(value: object) -> object:
    return select(value).where(last_lines()).scalar_subquery()  # type: ignore[call-overload]


def _columns() -> list[object]:
    own = [getattr(Contract, name) for name in list(ContractRow.__dataclass_fields__)[:OWN]]
    following = Contract.__table__.alias("following")
    paid = select(func.sum(Payment.__table__.c.amount)).where(
        Payment.contract_id == Contract.id, Payment.deleted_at.is_(None)
    )
    return [
        *own,
        _last_line(func.group_concat(ContractLine.products, "\u3001")),
        _last_line(func.sum(ContractLine.seats)),
        _last_line(func.sum(ContractLine.arr_cents)),
        paid.scalar_subquery(),
        select(following.c.id)
        .where(following.c.predecessor_id == Contract.id, following.c.deleted_at.is_(None))
        .limit(1)
        .scalar_subquery(),
    ]


def _row(values: tuple[object, ...]) -> ContractRow:
    fields = dict(zip(ContractRow.__dataclass_fields__, values, strict=False))
    paid = fields["paid_cents"]
    fields["paid_cents"] = int(paid * 100) if isinstance(paid, Decimal) else paid
    return ContractRow(**fields)  # type: ignore[arg-type]


def contracts_of(connection: Connection, account_id: int) -> list[ContractRow]:
    """An account's contracts with their lines and entries, the latest term first."""
    rows = connection.execute(
        select(*_columns())  # type: ignore[call-overload]
        .where(Contract.account_id == account_id, Contract.deleted_at.is_(None))
        .order_by(Contract.end_on.desc().nulls_last(), Contract.id.desc())
    )
    return _with_lines(connection, [_row(tuple(row)) for row in rows])


def contract(connection: Connection, contract_id: int) -> ContractRow | None:
    """One contract that is not in the bin, with its lines and entries."""
    row = connection.execute(
        select(*_columns()).where(Contract.id == contract_id, Contract.deleted_at.is_(None))  # type: ignore[call-overload]
    ).first()
    return None if row is None else _with_lines(connection, [_row(tuple(row))])[0]


def _with_lines(connection: Connection, rows: list[ContractRow]) -> list[ContractRow]:
    if not rows:
        return rows
    ids = [row.id for row in rows]
    lines, events = lines_of(connection, ids), events_of(connection, ids)
    return [replace(row, lines=tuple(lines.get(row.id, ())), events=tuple(events.get(row.id, ()))) for row in rows]


def lines_of(connection: Connection, contract_ids: list[int]) -> dict[int, list[LineRow]]:
    """The lines of contracts by contract, in order of their start."""
    fields = [getattr(ContractLine, name) for name in LineRow.__dataclass_fields__]
    rows = connection.execute(
        select(*fields)
        .where(ContractLine.contract_id.in_(many(contract_ids)), ContractLine.deleted_at.is_(None))
        .order_by(ContractLine.start_on, ContractLine.id)
    )
    found: dict[int, list[LineRow]] = {}
    for row in rows:
        found.setdefault(row.contract_id, []).append(LineRow(*row))
    return found


def events_of(connection: Connection, contract_ids: list[int]) -> dict[int, list[EventRow]]:
    """The entries of the ledger by contract, the newest first."""
    before, after = ContractLine.__table__.alias("ended"), ContractLine.__table__.alias("began")
    own = [getattr(ContractEvent, name) for name in list(EventRow.__dataclass_fields__)[:-1]]
    rows = connection.execute(
        select(*own, func.coalesce(after.c.products, before.c.products, ""))
        .outerjoin(before, before.c.id == ContractEvent.line_before_id)
        .outerjoin(after, after.c.id == ContractEvent.line_after_id)
        .where(ContractEvent.contract_id.in_(many(contract_ids)), ContractEvent.deleted_at.is_(None))
        .order_by(ContractEvent.id.desc())
    )
    found: dict[int, list[EventRow]] = {}
    for row in rows:
        found.setdefault(row.contract_id, []).append(EventRow(*row))
    return found


def ending(connection: Connection, today: date, within: int, limit: int | None = None) -> list[EndingRow]:
    """Contracts that end from today within so many days and are undecided, the nearest first, ``limit`` at most."""
    arr = select(func.sum(ContractLine.arr_cents)).where(last_lines()).scalar_subquery()
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


def rated_currencies(connection: Connection) -> list[str]:
    """The currencies for which a rate was entered."""
    rates = select(ExchangeRate.currency).where(ExchangeRate.deleted_at.is_(None)).distinct()
    return list(connection.scalars(rates))
