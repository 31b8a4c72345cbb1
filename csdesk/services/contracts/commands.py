"""Making, changing and deleting contracts by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.vocabulary import RenewalState
from csdesk.services.contracts.ledger import (
    alive_lines,
    in_grace,
    in_ledger,
    note_correction,
    refuse_second_renewal,
    renewed_by,
)
from csdesk.services.contracts.rules import ContractFields, LineFields, line_arr
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command


@dataclass(frozen=True)
class NewContract:
    """A signed term of an account."""

    account_id: int
    fields: ContractFields


@dataclass(frozen=True)
class ChangeContract:
    """New values for a contract; ``version`` as it was read."""

    id: int
    fields: ContractFields
    version: int | None = None


@dataclass(frozen=True)
class DeleteContract:
    """Into the bin, with its lines, instalments and payments."""

    id: int


OWN = (
    "number", "currency", "signed_on", "start_on", "end_on", "amount", "auto_renew", "payment_terms",
    "predecessor_id", "notes", "notice_on", "document",
)  # fmt: skip


@command(N_("New contract: {number}"))
def create_contract(uow: UnitOfWork, wish: NewContract) -> int:
    """Store a contract with its lines; the one before it counts as renewed. Returns its id; raises Problems."""
    uow.get(Account, wish.account_id)
    fields = wish.fields
    _refuse_twice(uow, wish.account_id, fields.number, None)
    row = uow.add(Contract(account_id=wish.account_id, **{key: getattr(fields, key) for key in OWN}))
    uow.session.flush()
    for line in fields.lines or (_single(fields),):
        uow.add(ContractLine(contract_id=row.id, **_line(line, fields)))
    _follow(uow, row)
    uow.name(number=row.number)
    return row.id


@command(N_("Contract changed: {number}"))
def change_contract(uow: UnitOfWork, wish: ChangeContract) -> None:
    """Store new values and lines; of a contract with a single line that line follows. Raises Conflict and Problems.

    A line left out goes into the bin. One that stands in the ledger keeps its days and stays; where its amount was wrong,
    the ledger is told of the correction.
    """
    row = uow.get(Contract, wish.id, wish.version)
    _refuse_twice(uow, row.account_id, wish.fields.number, row.id)
    for key in OWN:
        setattr(row, key, getattr(wish.fields, key))
    lines = alive_lines(uow, row.id)
    wanted = wish.fields.lines
    if not wanted and len(lines) <= 1:
        single = _single(wish.fields)
        wanted = (replace(single, id=lines[0].id, recurring=lines[0].recurring) if lines else single,)
    if wanted:
        _write_lines(uow, row, lines, wanted, wish.fields)
    _follow(uow, row)
    uow.name(number=row.number)


def _write_lines(
    uow: UnitOfWork, row: Contract, lines: list[ContractLine], wanted: tuple[LineFields, ...], fields: ContractFields
) -> None:
    by_id = {line.id: line for line in lines}
    for place, line in enumerate(wanted, start=1):
        before = by_id.pop(line.id, None) if line.id is not None else None
        values = _line(line, fields)
        if before is None:
            uow.add(ContractLine(contract_id=row.id, **values))
            continue
        moved = (before.start_on, before.end_on) != (values["start_on"], values["end_on"])
        if moved and in_ledger(uow, before.id):
            words = _("Line {n} stands in the ledger: its days change by amending, extending or terminating.")
            raise Problems([Problem("lines", words.format(n=place), code="ledger")])
        arr = before.arr_cents
        if (before.amount, before.recurring) == (line.amount, line.recurring) and not moved:
            values["arr_cents"] = arr
        for key, value in values.items():
            setattr(before, key, value)
        note_correction(uow, row, before, arr)
    for left in by_id.values():
        if in_ledger(uow, left.id):
            words = _("The line “{products}” stands in the ledger; amend the contract to end it.")
            raise Problems([Problem("lines", words.format(products=left.products), code="ledger")])
        uow.bin(left)


@command(N_("Contract deleted: {number}"))
def delete_contract(uow: UnitOfWork, wish: DeleteContract) -> None:
    """Move a contract with all that belongs to it into the bin; what follows it stays, what it renewed is open again."""
    row = uow.get(Contract, wish.id)
    uow.name(number=row.number)
    uow.bin(row)


def _single(fields: ContractFields) -> LineFields:
    return LineFields(None, fields.products, fields.seats, fields.amount)


def _line(line: LineFields, fields: ContractFields) -> dict[str, object]:
    start, end = line.start_on or fields.start_on, line.end_on or fields.end_on
    return {
        "products": line.products,
        "seats": line.seats,
        "amount": line.amount,
        "recurring": line.recurring,
        "start_on": start,
        "end_on": end,
        "arr_cents": line_arr(line.amount, start, end, line.recurring),
    }


def _follow(uow: UnitOfWork, row: Contract) -> None:
    """What is followed by a contract is renewed; after the grace days its loss stays. A term cannot follow itself."""
    if row.predecessor_id is None:
        return
    if row.predecessor_id == row.id:
        raise Problems([Problem("predecessor_id", _("A contract cannot follow itself."), code="self")])
    before = uow.get(Contract, row.predecessor_id)
    if before.account_id != row.account_id:
        raise Problems([Problem("predecessor_id", _("Choose a contract of this account."), code="other_account")])
    if before.start_on is not None and row.start_on is not None and row.start_on <= before.start_on:
        words = _("It must start after the contract that it follows, {start}.")
        raise Problems([Problem("predecessor_id", words.format(start=before.start_on), code="order")])
    refuse_second_renewal(uow, before, row.id)
    signed = row.signed_on or row.start_on or uow.today
    if before.renewal_state == RenewalState.RENEWED or not in_grace(uow, before, signed):
        return
    renewed_by(uow, before, row)


def _refuse_twice(uow: UnitOfWork, account_id: int, number: str, own: int | None) -> None:
    twin = uow.session.scalar(
        select(Contract.id).where(
            Contract.account_id == account_id, Contract.number == number, Contract.deleted_at.is_(None)
        )
    )
    if twin is not None and twin != own:
        raise Problems(
            [Problem("number", _("This account already has a contract {number}.").format(number=number), code="twice")]
        )
