"""Visits to several accounts in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from csdesk.models.visits import Visit
from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.visits.commands import AddVisit, add_visit
from csdesk.services.visits.facts import room_between, rules_of

FARTHEST = 366


@dataclass(frozen=True)
class PlanAccounts:
    """A visit to each account, from ``day`` on, filling each working day up to its capacity."""

    ids: tuple[int, ...]
    day: date
    kind: VisitKind = VisitKind.ONSITE
    goal: str = ""


@command(N_("{count} visits planned from {day}"))
def plan_accounts(uow: UnitOfWork, wish: PlanAccounts) -> list[int]:
    """Plan the visits and say their ids, in the order of the accounts."""
    open_room = room_between(uow.connection, wish.day, wish.day + timedelta(FARTHEST))
    each = rules_of(uow.connection).visits_a_day
    day, left, made = wish.day, 0, []
    room = -1
    for account_id in wish.ids:
        while room <= 0 and left < FARTHEST:
            if room == 0:
                day += timedelta(days=1)
                left += 1
            room = open_room.on(day, each) - _planned(uow, day)
            room = max(room, 0)
        made.append(add_visit(uow, AddVisit(account_id, day, wish.kind, goal=wish.goal)))
        room -= 1
    uow.name(count=len(made), day=wish.day.isoformat())
    return made


def _planned(uow: UnitOfWork, day: date) -> int:
    uow.session.flush()
    counted = select(func.count()).where(
        Visit.planned_on == day, Visit.deleted_at.is_(None), Visit.state.in_((VisitState.PLANNED, VisitState.DONE))
    )
    return uow.session.scalar(counted) or 0
