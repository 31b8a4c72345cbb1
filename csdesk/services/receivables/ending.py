"""What becomes of a contract's instalments when it is terminated: those that are not owed any more are cancelled with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from csdesk.models.base import from_cents
from csdesk.models.contracts import Contract
from csdesk.models.receivables import Receivable
from csdesk.services.contracts.ledger import Terminate, terminate_contract
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.receivables.commands import Rows, delete_instalments
from csdesk.services.receivables.queries import InstalmentRow, contract_money


@dataclass(frozen=True)
class TerminateWithMoney:
    """A contract ends early, and these of its instalments are not asked for any more."""

    terminate: Terminate
    cancel: tuple[int, ...] = ()


def cancel_field(receivable_id: int) -> str:
    """The field of a form that says whether an instalment is cancelled."""
    return f"cancel.{receivable_id}"


def open_instalments(connection: Connection, contract_id: int, today: date) -> list[InstalmentRow]:
    """The instalments of a contract on which something is unpaid, by their day."""
    return [row for row in contract_money(connection, contract_id, today).money.instalments if row.missing]


def owed_after(rows: Sequence[InstalmentRow], last: date) -> list[InstalmentRow]:
    """Those of some instalments that pay for days after the last one: each pays from its own day on."""
    return [row for row in rows if row.due_on is not None and row.due_on > last]


@command(N_("Contract terminated: {number}"))
def terminate_with_money(uow: UnitOfWork, wish: TerminateWithMoney) -> None:
    """End a contract early and cancel instalments in one step; of one that is paid in part, the part that is not.

    Raises Problems as ``terminate_contract`` does, and at the field of an instalment that has an invoice or is not one of
    the contract.
    """
    terminate_contract(uow, wish.terminate)
    known = {row.id: row for row in open_instalments(uow.connection, wish.terminate.id, uow.today)}
    problems = [problem for row_id in wish.cancel if (problem := _problem(row_id, known.get(row_id))) is not None]
    if problems:
        raise Problems(problems)
    untouched = tuple(row_id for row_id in wish.cancel if not known[row_id].paid)
    delete_instalments(uow, Rows(untouched))
    for row_id in wish.cancel:
        if row_id not in untouched:
            uow.get(Receivable, row_id).amount = from_cents(known[row_id].paid)
    uow.name(number=uow.get(Contract, wish.terminate.id).number)


def _problem(row_id: int, row: InstalmentRow | None) -> Problem | None:
    if row is None:
        return Problem(cancel_field(row_id), _("It is not an open instalment of this contract."), code="unknown")
    if row.invoices:
        words = _("Invoice {number} is written for it: delete or correct that first, or let it stay.")
        return Problem(cancel_field(row_id), words.format(number=row.invoices), code="invoiced")
    return None
