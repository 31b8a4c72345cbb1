"""Contracts that renew by themselves: their next contracts are written once their end has passed without a word.

Which ones is decided here as the figures decide it (kpi/spells.py), so that no figure moves when the contract is written:
undecided, to be renewed by itself, end and day of notice gone by, and nothing in the account that could follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, text

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.journal import Change, Step
from csdesk.models.vocabulary import Action, RenewalKind, StepKind
from csdesk.services.accounts.commands import named
from csdesk.services.contracts.ledger import Renew, renew_contract
from csdesk.services.core.clock import to_local
from csdesk.services.core.stored import many
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.receivables.renewing import plan_following
from csdesk.services.receivables.rules import AS_BEFORE
from csdesk.services.settings.queries import setting

MOST_TERMS = 120
"""So many terms of one contract are written at once."""
_STARTS = """coalesce({0}.start_on,
    (SELECT min(l.start_on) FROM contract_lines l WHERE l.contract_id = {0}.id AND l.deleted_at IS NULL))"""
_FOLLOWS = f"""EXISTS (SELECT 1 FROM contracts p WHERE p.id = o.predecessor_id AND p.deleted_at IS NULL
    AND p.account_id = o.account_id AND {_STARTS.format("p")} <= {_STARTS.format("o")}
    AND julianday({_STARTS.format("o")}) - julianday(p.end_on) <= :reach)"""
DUE = text(f"""
SELECT k.id, k.account_id, coalesce(nullif(a.short_name, ''), a.name) AS account, k.number, k.end_on, k.created_at
FROM contracts k JOIN accounts a ON a.id = k.account_id
WHERE k.deleted_at IS NULL AND a.deleted_at IS NULL AND k.renewal_state = 'open' AND k.auto_renew
  AND k.end_on < :today AND k.start_on <= k.end_on AND coalesce(k.notice_on, k.end_on) < :today
  AND NOT EXISTS (SELECT 1 FROM contracts n WHERE n.predecessor_id = k.id)
  AND EXISTS (SELECT 1 FROM contract_lines l WHERE l.contract_id = k.id AND l.deleted_at IS NULL AND l.recurring)
  AND NOT EXISTS (SELECT 1 FROM contracts o WHERE o.account_id = k.account_id AND o.id <> k.id AND o.deleted_at IS NULL
    AND {_STARTS.format("o")} > k.end_on AND NOT {_FOLLOWS})
ORDER BY k.end_on, k.id
""").columns(end_on=Contract.end_on.type, created_at=Contract.created_at.type)
"""A contract in the bin that followed counts too: what somebody took back is not written again."""


@dataclass(frozen=True)
class RenewByThemselves:
    """Write what follows these contracts; without ``ids``, those that were in the desk before they ended."""

    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Lapsed:
    """A contract that has renewed by itself and that nothing follows yet.

    ``came_in_time``: it was in the desk before its end. One that came in afterwards, with an import of the past, is
    proposed and never written unasked.
    """

    id: int
    account_id: int
    account: str
    number: str
    end_on: date
    came_in_time: bool


def lapsed(connection: Connection, today: date) -> list[Lapsed]:
    """The contracts that have renewed by themselves, the earliest end first."""
    grace = int(setting(connection, "figures.grace_days"))
    rows = connection.execute(DUE, {"today": today.isoformat(), "reach": max(grace, 1)})
    return [
        Lapsed(
            row.id, row.account_id, row.account, row.number, row.end_on,
            to_local(row.created_at).date() <= row.end_on,
        )
        for row in rows
    ]  # fmt: skip


@command(N_("Renewed by themselves: {names}"))
def renew_by_themselves(uow: UnitOfWork, wish: RenewByThemselves) -> tuple[int, ...]:
    """Write the next contracts with their lines and instalments, term after term until one runs today, in one step.

    Returns the ids of the new ones. Contracts that are not due (any more) are passed over.
    """
    due = [
        one for one in lapsed(uow.connection, uow.today) if (one.id in wish.ids if wish.ids else one.came_in_time)
    ]  # fmt: skip
    made: list[int] = []
    for one in due:
        made += _catch_up(uow, one.id)
    uow.name(names=named(list(dict.fromkeys(one.account for one in due))), count=len(made))
    return tuple(made)


def _catch_up(uow: UnitOfWork, contract_id: int) -> list[int]:
    made: list[int] = []
    while len(made) < MOST_TERMS:
        old = uow.get(Contract, made[-1] if made else contract_id)
        if old.end_on is None or max(old.end_on, old.notice_on or old.end_on) >= uow.today:
            break
        made.append(renew_contract(uow, Renew(old.id, kind=RenewalKind.AUTOMATIC)))
        plan_following(uow, old, uow.get(Contract, made[-1]), AS_BEFORE)
    return made


@dataclass(frozen=True)
class Written:
    """A step in which contracts renewed by themselves and that still stands: the accounts, the number of new contracts."""

    step_id: int
    accounts: tuple[str, ...]
    contracts: int


def written(connection: Connection, since: int) -> list[Written]:
    """The steps later than one in which contracts renewed by themselves and that nobody took back, the oldest first."""
    rows = connection.execute(
        select(Step.id, Change.entity_id)
        .join(Change, Change.step_id == Step.id)
        .where(
            Step.id > since, Step.title == renew_by_themselves.title, Step.kind == StepKind.COMMAND,
            Step.undone.is_(False), Change.entity == Contract.__tablename__, Change.action == Action.INSERT,
        )
        .order_by(Step.id, Change.id)
    ).all()  # fmt: skip
    shown = _accounts_of(connection, [row.entity_id for row in rows if row.entity_id is not None])
    by_step: dict[int, list[int]] = {}
    for row in rows:
        if row.entity_id in shown:
            by_step.setdefault(row.id, []).append(row.entity_id)
    return [
        Written(step, tuple(dict.fromkeys(shown[one] for one in contracts)), len(contracts))
        for step, contracts in by_step.items()
    ]


def _accounts_of(connection: Connection, contracts: Sequence[int]) -> dict[int, str]:
    rows = connection.execute(
        select(Contract.id, Account.short_name, Account.name)
        .join(Account, Account.id == Contract.account_id)
        .where(Contract.id.in_(many(list(contracts))), Contract.deleted_at.is_(None))
    )
    return {row.id: row.short_name or row.name for row in rows}


@dataclass(frozen=True)
class ByThemselves:
    """What is to be said about contracts that renew by themselves."""

    due: int
    proposed: tuple[Lapsed, ...]
    written: tuple[Written, ...]


def by_themselves(connection: Connection, today: date, since: int) -> ByThemselves:
    """How many are to be written now, which are only proposed, and what was written since a step."""
    found = lapsed(connection, today)
    return ByThemselves(
        sum(one.came_in_time for one in found), tuple(one for one in found if not one.came_in_time),
        tuple(written(connection, since)),
    )  # fmt: skip
