"""Accounts that have left while visits to them are planned: found, and their visits called off in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from csdesk.models.accounts import Account
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import VisitState
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.settings.queries import setting
from csdesk.services.visits.cards import GoneAccount
from csdesk.services.visits.commands import CancelVisit, RemoveVisit, cancel_visit, remove_visit
from csdesk.services.visits.facts import running_accounts


def gone_with_visits(connection: Connection, today: date) -> tuple[GoneAccount, ...]:
    """Accounts of which no contract runs or waits for its renewal any more, with visits planned from today on."""
    grace = int(setting(connection, "figures.grace_days"))
    running = running_accounts(connection, today, today - timedelta(grace))
    rows = connection.execute(
        select(Visit.account_id, Account.name, Account.short_name, func.count().label("visits"))
        .join(Account, Account.id == Visit.account_id)
        .where(Account.deleted_at.is_(None), _planned(today))
        .group_by(Visit.account_id)
        .order_by(Account.name_key, Visit.account_id)
    )
    return tuple(
        GoneAccount(row.account_id, row.short_name or row.name, row.visits)
        for row in rows
        if running.get(row.account_id) is False
    )


def _planned(today: date) -> ColumnElement[bool]:
    return and_(Visit.deleted_at.is_(None), Visit.state == VisitState.PLANNED, Visit.planned_on >= today)


@dataclass(frozen=True)
class CancelVisitsOfGone:
    """Call off what is planned with these accounts."""

    accounts: tuple[int, ...]


@command(N_("{count} visits to accounts that have left called off"))
def cancel_visits_of_gone(uow: UnitOfWork, wish: CancelVisitsOfGone) -> int:
    """Call their planned visits off, excused because they have left; drafted ones are taken out. Says how many."""
    planned = select(Visit).where(Visit.account_id.in_(wish.accounts), _planned(uow.today))
    visits = list(uow.session.scalars(planned))
    for visit in visits:
        if visit.baseline_on is None:
            remove_visit(uow, RemoveVisit(visit.id))
        else:
            cancel_visit(uow, CancelVisit(visit.id, _("The account has left.")))
    uow.name(count=len(visits))
    return len(visits)
