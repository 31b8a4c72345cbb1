"""Making, changing and deleting contracts by hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.vocabulary import RenewalKind, RenewalStage, RenewalState
from csdesk.services.contracts.ledger import in_grace, refuse_second_renewal
from csdesk.services.contracts.rules import ContractFields, line_arr
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
    "predecessor_id", "notes",
)  # fmt: skip


@command(N_("New contract: {number}"))
def create_contract(uow: UnitOfWork, wish: NewContract) -> int:
    """Store a contract with its line; the one before it counts as renewed. Returns its id; raises Problems."""
    uow.get(Account, wish.account_id)
    fields = wish.fields
    _refuse_twice(uow, wish.account_id, fields.number, None)
    row = uow.add(Contract(account_id=wish.account_id, **{key: getattr(fields, key) for key in OWN}))
    uow.session.flush()
    uow.add(ContractLine(contract_id=row.id, **_line(fields)))
    _follow(uow, row)
    uow.name(number=row.number)
    return row.id


@command(N_("Contract changed: {number}"))
def change_contract(uow: UnitOfWork, wish: ChangeContract) -> None:
    """Store new values; its single line follows. Raises Conflict and Problems."""
    row = uow.get(Contract, wish.id, wish.version)
    _refuse_twice(uow, row.account_id, wish.fields.number, row.id)
    for key in OWN:
        setattr(row, key, getattr(wish.fields, key))
    lines = uow.session.scalars(
        select(ContractLine).where(ContractLine.contract_id == row.id, ContractLine.deleted_at.is_(None))
    ).all()
    if not lines:
        uow.add(ContractLine(contract_id=row.id, **_line(wish.fields)))
    elif len(lines) == 1:
        for key, value in _line(wish.fields).items():
            setattr(lines[0], key, value)
    _follow(uow, row)
    uow.name(number=row.number)


@command(N_("Contract deleted: {number}"))
def delete_contract(uow: UnitOfWork, wish: DeleteContract) -> None:
    """Move a contract with all that belongs to it into the bin; what follows it stays."""
    row = uow.get(Contract, wish.id)
    uow.name(number=row.number)
    uow.bin(row)


def _line(fields: ContractFields) -> dict[str, object]:
    return {
        "products": fields.products,
        "seats": fields.seats,
        "amount": fields.amount,
        "start_on": fields.start_on,
        "end_on": fields.end_on,
        "arr_cents": line_arr(fields.amount, fields.start_on, fields.end_on),
    }


def _follow(uow: UnitOfWork, row: Contract) -> None:
    """What is followed by a contract is renewed; after the grace days its loss stays. A term cannot follow itself."""
    if row.predecessor_id is None:
        return
    if row.predecessor_id == row.id:
        raise Problems([Problem("predecessor_id", _("A contract cannot follow itself."), code="self")])
    before = uow.get(Contract, row.predecessor_id)
    refuse_second_renewal(uow, before, row.id)
    signed = row.signed_on or row.start_on or uow.today
    if before.renewal_state == RenewalState.RENEWED or not in_grace(uow, before, signed):
        return
    before.renewal_state, before.decided_on = RenewalState.RENEWED, row.signed_on or uow.today
    before.renewal_kind, before.stage = RenewalKind.BY_HAND, RenewalStage.SIGNED


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
