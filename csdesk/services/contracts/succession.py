"""What a contract was renewed by goes, or comes back out of the bin: the one before is open again, or renewed.

Every command is followed by this, so opening the store loads no more of contracts than it needs.
"""

from __future__ import annotations

from csdesk.models.contracts import Contract
from csdesk.models.vocabulary import RenewalState, StepKind
from csdesk.services.core.unit_of_work import UnitOfWork


def keep_in_step(uow: UnitOfWork, _kind: StepKind) -> None:
    """A contract that is followed by none any more is undecided, one that is followed again is renewed."""
    gone, back = _moved(uow)
    if not gone and not back:
        return
    from csdesk.services.contracts.ledger import in_grace, open_again, renewed_by, successor

    for contract_id in gone:
        row = uow.session.get(Contract, contract_id)
        stands = row is not None and row.deleted_at is None and row.renewal_state == RenewalState.RENEWED
        if row is not None and stands and successor(uow, row.id) is None:
            open_again(uow, row)
    for new in back:
        row = uow.session.get(Contract, new.predecessor_id)
        signed = new.signed_on or new.start_on or uow.today
        if (
            row is not None
            and row.deleted_at is None
            and row.renewal_state == RenewalState.OPEN
            and in_grace(uow, row, signed)
        ):
            renewed_by(uow, row, new)


def _moved(uow: UnitOfWork) -> tuple[set[int], list[Contract]]:
    """The contracts that lost what followed them, and what came back out of the bin and follows another."""
    gone, back = set(), []
    for contract_id, (_before, after) in uow.moves(Contract, "deleted_at").items():
        row = uow.session.get(Contract, contract_id)
        if row is None or row.predecessor_id is None:
            continue
        if after is None:
            back.append(row)
        else:
            gone.add(row.predecessor_id)
    gone |= {int(before) for before, _after in uow.moves(Contract, "predecessor_id").values() if before is not None}
    return gone, back
