"""Accounts that are put off: up to a day they are not proposed, for a reason that stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.visits import Visit, VisitSkip
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.visits.cards import SkipCard
from csdesk.services.visits.commands import CancelVisit, RemoveVisit, cancel_visit, remove_visit
from csdesk.services.visits.facts import tier_of


@dataclass(frozen=True)
class SkipAccount:
    """Do not propose the account up to a day, included. ``visit_id``: the planned visit that falls away with it."""

    account_id: int
    until: date
    reason: str
    visit_id: int | None = None


@command(N_("{name} put off until {day}"))
def skip_account(uow: UnitOfWork, wish: SkipAccount) -> int:
    """Put the account off and say the id of that; one that is put off already gets the new day and reason.

    Raises Problems for a day that has passed and for a missing reason.
    """
    problems = []
    if wish.until < uow.today:
        problems.append(Problem("until", _("This day has passed."), code="past"))
    if not wish.reason.strip():
        problems.append(Problem("reason", _("Why is it put off?"), code="missing"))
    if problems:
        raise Problems(problems)
    account = uow.get(Account, wish.account_id)
    skip = uow.session.scalar(
        select(VisitSkip).where(VisitSkip.account_id == account.id, VisitSkip.deleted_at.is_(None))
    )
    if skip is None:
        skip = uow.add(VisitSkip(account_id=account.id, until_on=wish.until, reason=wish.reason.strip()))
    else:
        skip.until_on, skip.reason = wish.until, wish.reason.strip()
    if wish.visit_id is not None:
        visit = uow.get(Visit, wish.visit_id)
        if visit.baseline_on is None:
            remove_visit(uow, RemoveVisit(visit.id))
        else:
            cancel_visit(uow, CancelVisit(visit.id))
            visit.record = wish.reason.strip()
    uow.name(name=account.short_name or account.name, day=wish.until.isoformat())
    return skip.id


@dataclass(frozen=True)
class TakeBackSkip:
    """Propose the account again."""

    skip_id: int


@command(N_("{name} is proposed again"))
def take_back_skip(uow: UnitOfWork, wish: TakeBackSkip) -> None:
    """Forget that the account was put off."""
    skip = uow.get(VisitSkip, wish.skip_id)
    account = uow.get(Account, skip.account_id)
    uow.bin(skip)
    uow.name(name=account.short_name or account.name)


def skips(connection: Connection, today: date) -> tuple[SkipCard, ...]:
    """The accounts that are put off today or later, by the day up to which."""
    rows = connection.execute(
        select(
            VisitSkip.id, VisitSkip.account_id, VisitSkip.until_on, VisitSkip.reason, Account.name, Account.short_name,
            Account.tier,
        )
        .join(Account, Account.id == VisitSkip.account_id)
        .where(VisitSkip.deleted_at.is_(None), Account.deleted_at.is_(None), VisitSkip.until_on >= today)
        .order_by(VisitSkip.until_on, VisitSkip.id)
    )  # fmt: skip
    return tuple(
        SkipCard(row.id, row.account_id, row.short_name or row.name, tier_of(row.tier), row.until_on, row.reason)
        for row in rows
    )
