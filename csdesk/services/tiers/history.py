"""The history of an account's tiers. It is written by every command, so opening the store loads this and no more of tiers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.tiers import TierDecision
from csdesk.models.vocabulary import StepKind, Tier, TierSource
from csdesk.services.core.unit_of_work import UnitOfWork


def note_tiers(uow: UnitOfWork, kind: StepKind) -> None:
    """A tier that changed by any other command gets its line in the account's history too."""
    moves = uow.moves(Account, "tier")
    if not moves:
        return
    told_of = set(uow.connection.scalars(_accounts_of(uow.changes.ids("tier_decisions"))))
    source = TierSource.IMPORT if kind == StepKind.IMPORT else TierSource.BY_HAND
    entries = []
    for account_id, (before, _after) in moves.items():
        if account_id not in told_of:
            row = uow.get(Account, account_id, binned=True)
            entries.append(entry(uow, row, before, source, ""))
    record(uow, entries)


def _accounts_of(decisions: Iterable[int]) -> Any:
    return select(TierDecision.account_id).where(TierDecision.id.in_(decisions))


def entry(
    uow: UnitOfWork, row: Account, before: str | None, source: TierSource, reason: str, proposed: Tier | None = None
) -> dict[str, Any]:
    """The line of an account whose tier was decided on, as it stands after the decision."""
    return {
        "account_id": row.id, "tier_before": before, "tier_after": row.tier, "proposed": proposed, "source": source,
        "reason": reason, "arr_cents": row.arr_cents, "seats": row.seats, "decided_at": uow.now,
    }  # fmt: skip


def record(uow: UnitOfWork, entries: list[dict[str, Any]]) -> None:
    """Write such lines."""
    uow.insert_many(TierDecision, entries)
