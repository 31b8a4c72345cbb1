"""ARR on any day, replayed from the ledger: the contracts as signed, and every entry since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.vocabulary import ContractEventKind

_DAY = timedelta(days=1)
_CUTS = frozenset({ContractEventKind.AMENDED, ContractEventKind.TERMINATED})
"""Entries that end a line where it would have gone on; the others leave its own end as it is, or come before it."""


@dataclass
class Span:
    """A line on its way through the ledger: its days, both included (None: open), and its ARR in cents."""

    begins: date | None
    ends: date | None
    cents: int
    currency: str


def spans(connection: Connection, account_id: int) -> dict[int, Span]:
    """By line: its days and its ARR as the ledger tells them."""
    alive = (Contract.account_id == account_id, Contract.deleted_at.is_(None))
    lines = connection.execute(
        select(
            ContractLine.id, ContractLine.start_on, ContractLine.end_on, ContractLine.arr_cents, Contract.currency,
            Contract.start_on, Contract.end_on,
        )
        .join(Contract, Contract.id == ContractLine.contract_id)
        .where(*alive, ContractLine.deleted_at.is_(None), ContractLine.arr_cents.is_not(None))
    )  # fmt: skip
    signed = {
        line: Span(begins or contract_begins, ends or contract_ends, cents or 0, currency)
        for line, begins, ends, cents, currency, contract_begins, contract_ends in lines
    }
    entries = connection.execute(
        select(
            ContractEvent.contract_id, ContractEvent.kind, ContractEvent.effective_on, ContractEvent.line_before_id,
            ContractEvent.line_after_id, ContractEvent.arr_after_cents,
        )
        .join(Contract, Contract.id == ContractEvent.contract_id)
        .where(*alive, ContractEvent.deleted_at.is_(None))
        .order_by(ContractEvent.id)
    )  # fmt: skip
    renewed: defaultdict[int, list[tuple[Span, date | None]]] = defaultdict(list)
    for contract, kind, day, before, after, cents in entries:
        if before in signed and before != after and day is not None:
            if kind == ContractEventKind.RENEWED:
                renewed[contract].append((signed[before], signed[before].ends))
            _cut(signed[before], kind, day)
        elif kind == ContractEventKind.CORRECTED and before is None:
            for span, ends in renewed.pop(contract, ()):
                span.ends = ends
        if after in signed:
            signed[after].begins, signed[after].cents = day, cents or 0
    return signed


def _cut(span: Span, kind: str, day: date) -> None:
    last = day - _DAY
    if kind in _CUTS or span.ends is None or last < span.ends:
        span.ends = last


def arr_on(connection: Connection, account_id: int, day: date) -> dict[str, int]:
    """ARR of an account on a day in cents by currency, from the entries of the ledger; {} where nothing runs."""
    return total(spans(connection, account_id).values(), day)


def total(of: Iterable[Span], day: date) -> dict[str, int]:
    """ARR of these lines on a day, in cents by currency."""
    sums: defaultdict[str, int] = defaultdict(int)
    for span in of:
        if (span.begins is None or span.begins <= day) and (span.ends is None or day <= span.ends):
            sums[span.currency] += span.cents
    return dict(sums)
