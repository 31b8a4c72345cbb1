"""Deciding on tiers: by hand, by accepting a proposal, by turning one down. Each decision stands in the account's history."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.models.accounts import Account
from csdesk.models.vocabulary import ServiceMode, Tier, TierSource
from csdesk.services.accounts.commands import named
from csdesk.services.accounts.rules import mode_after
from csdesk.services.core.errors import Conflict, Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tiers.history import entry, record
from csdesk.services.tiers.queries import judge
from csdesk.services.tiers.rules import told

LONGEST = 2_000


@dataclass(frozen=True)
class SetTier:
    """The tier that these accounts get by hand (None: none), and why, where somebody says so."""

    ids: tuple[int, ...]
    tier: Tier | None
    reason: str = ""


@dataclass(frozen=True)
class Accept:
    """Proposals as they were seen: (account, proposed tier)."""

    seen: tuple[tuple[int, Tier], ...]


@dataclass(frozen=True)
class Keep:
    """These accounts keep their tier whatever was proposed, until their figures change enough."""

    ids: tuple[int, ...]
    reason: str = ""


@command(N_("Tier changed: {names}"))
def set_tier(uow: UnitOfWork, wish: SetTier) -> int:
    """Give accounts a tier, with its service mode where no other had been chosen. Returns how many changed."""
    reason = _reason(wish.reason)
    changed = []
    for account_id in wish.ids:
        row = uow.get(Account, account_id)
        uow.progress.check()
        if row.tier != wish.tier:
            changed.append((row, row.tier))
            _put(row, wish.tier, reason)
    record(uow, [entry(uow, row, before, TierSource.BY_HAND, reason) for row, before in changed])
    uow.name(names=named([row.name for row, _before in changed]), count=len(changed))
    return len(changed)


@command(N_("Proposed tier accepted: {names}"))
def accept_proposals(uow: UnitOfWork, wish: Accept) -> int:
    """Give each account the tier proposed for it, the points as the reason. Returns how many changed.

    Raises Conflict where the figures propose something else by now than what was seen.
    """
    judged = judge(uow.connection, [account_id for account_id, _tier in wish.seen])
    entries, names = [], []
    for account_id, seen in wish.seen:
        row = uow.get(Account, account_id)
        uow.progress.check()
        proposal = judged[account_id].proposal
        if proposal is None or proposal.tier != seen:
            text = _("The figures of “{name}” have changed, and the proposal with them. Look at it again.")
            raise Conflict(text.format(name=row.name))
        before, reason = row.tier, told(proposal)
        if before != seen:
            _put(row, seen, reason)
            entries.append(entry(uow, row, before, TierSource.PROPOSAL, reason))
            names.append(row.name)
    record(uow, entries)
    uow.name(names=named(names), count=len(names))
    return len(names)


@command(N_("Proposal turned down: {names}"))
def keep_tiers(uow: UnitOfWork, wish: Keep) -> int:
    """Remember that these accounts keep their tier on these figures. Returns how many had a proposal."""
    reason = _reason(wish.reason)
    judged = judge(uow.connection, wish.ids)
    entries, names = [], []
    for account_id in wish.ids:
        row, one = uow.get(Account, account_id), judged[account_id]
        if one.open and one.proposal is not None:
            entries.append(entry(uow, row, row.tier, TierSource.KEPT, reason, one.proposal.tier))
            names.append(row.name)
    record(uow, entries)
    uow.name(names=named(names), count=len(names))
    return len(names)


def _put(row: Account, tier: Tier | None, reason: str) -> None:
    before, mode = row.tier, row.service_mode
    after = mode_after(Tier(before) if before else None, ServiceMode(mode) if mode else None, tier)
    row.tier, row.tier_reason, row.service_mode = tier, reason, after


def _reason(text: str) -> str:
    reason = text.strip()
    if len(reason) > LONGEST:
        sentence = _("This text is too long: {n} characters at most.").format(n=LONGEST)
        raise Problems([Problem("reason", sentence, code="too_long")])
    return reason
