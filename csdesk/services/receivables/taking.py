"""Taking a sheet of payments in: one step, which undo takes back; the same file again changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from csdesk.models.base import from_cents, to_cents
from csdesk.models.receivables import Payment
from csdesk.services.core import formats
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.receivables.matching import Judged, RowFate, judge
from csdesk.services.receivables.queries import missing_of
from csdesk.services.receivables.rules import laid_oldest_first
from csdesk.services.receivables.sheet import SheetRow


@dataclass(frozen=True)
class TakePayments:
    """The rows of a sheet, and by cell what a person chose: a contract, or ``matching.SKIP``."""

    rows: tuple[SheetRow, ...]
    choices: Mapping[str, int] = field(default_factory=dict)
    file: str = ""


@dataclass(frozen=True)
class Taken:
    """How many rows had which fate, and what was taken in."""

    counts: Mapping[RowFate, int]
    amount: Decimal


@command(N_("Payments taken in from {file}: {count}, {amount}"))
def take_payments(uow: UnitOfWork, wish: TakePayments) -> Taken:
    """Enter the rows whose contract is known; the others stay for the next time."""
    judged = judge(uow.connection, wish.rows, wish.choices, uow.today)
    new = [one for one in judged if one.fate == RowFate.NEW and one.contract is not None]
    missing = _missing(uow, new)
    total = Decimal(0)
    for one in new:
        uow.progress.check()
        total += _enter(uow, one, missing)
    counts = Counter(one.fate for one in judged)
    uow.name(file=wish.file, count=len(new), amount=formats.money(total))
    return Taken(counts, total)


def _missing(uow: UnitOfWork, new: list[Judged]) -> dict[int, dict[int, int]]:
    """By contract what its instalments lack, the oldest first; used up as payments are laid."""
    contracts = {one.contract.contract_id for one in new if one.contract is not None}
    return {contract: dict(missing_of(uow.connection, [contract])) for contract in contracts}


def _enter(uow: UnitOfWork, one: Judged, missing_by_contract: dict[int, dict[int, int]]) -> Decimal:
    row, contract = one.row, one.contract
    if contract is None or row.amount is None:
        return Decimal(0)
    missing = missing_by_contract[contract.contract_id]
    laid, rest = laid_oldest_first(to_cents(row.amount), list(missing.items()))
    notes = " ".join(part for part in (row.payer, row.notes) if part)
    parts: list[tuple[int | None, int]] = [*laid.items(), *([(None, rest)] if rest else [])]
    for receivable_id, cents in parts:
        uow.add(
            Payment(
                contract_id=contract.contract_id, receivable_id=receivable_id, paid_on=row.paid_on,
                amount=from_cents(cents), reference=one.reference, notes=notes,
            )
        )  # fmt: skip
        if receivable_id is not None:
            missing[receivable_id] -= cents
    return row.amount
