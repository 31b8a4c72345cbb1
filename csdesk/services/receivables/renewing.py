"""A contract that follows another is paid as the old one was, or in a rhythm of its own: both are made in one step."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from csdesk.models.contracts import Contract
from csdesk.models.receivables import Receivable
from csdesk.services.contracts.ledger import Renew, renew_contract
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.receivables.commands import PlanInstalments, plan_instalments
from csdesk.services.receivables.rules import AS_BEFORE, Instalment, Rhythm, instalments, next_instalments


@dataclass(frozen=True)
class RenewWithMoney:
    """A renewal and how the contract that follows is paid: "" not planned yet, AS_BEFORE, or a Rhythm's value."""

    renew: Renew
    rhythm: str = ""


@command(N_("Contract renewed: {number} → {next}"))
def renew_with_money(uow: UnitOfWork, wish: RenewWithMoney) -> int:
    """Make the next contract with its instalments in one step. Returns its id; raises as ``renew_contract``, and at "rhythm"."""
    made = renew_contract(uow, wish.renew)
    plan_following(uow, uow.get(Contract, wish.renew.id), uow.get(Contract, made), wish.rhythm)
    return made


def plan_following(uow: UnitOfWork, old: Contract, new: Contract, rhythm: str) -> None:
    """Make the instalments of a contract that follows. Raises Problems at "rhythm" where it has no amount to divide.

    As before: by the words of the payment terms, else as the old instalments lay; none where neither says anything.
    """
    if not rhythm:
        return
    if not new.amount or new.start_on is None:
        if rhythm == AS_BEFORE:
            return
        words = _("Instalments need the amount and the first day.")
        raise Problems([Problem("rhythm", words, code="missing")])
    if rhythm != AS_BEFORE:
        plan = instalments(Rhythm(rhythm), new.amount, new.start_on, new.end_on)
    elif old.start_on is not None:
        plan = next_instalments(
            new.payment_terms, _planned(uow, old), old.start_on, new.amount, new.start_on, new.end_on
        )
    else:
        plan = ()
    if plan:
        plan_instalments(uow, PlanInstalments(new.id, plan))


def _planned(uow: UnitOfWork, contract: Contract) -> list[Instalment]:
    rows = uow.session.scalars(
        select(Receivable)
        .where(Receivable.contract_id == contract.id, Receivable.deleted_at.is_(None))
        .order_by(Receivable.due_on.is_(None), Receivable.due_on, Receivable.position, Receivable.id)
    )
    return [Instalment(row.due_on, row.amount) for row in rows]
