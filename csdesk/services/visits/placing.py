"""What placing a visit on a day asks and needs to know, in a unit of work."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from csdesk.models.visits import Visit, VisitPlan
from csdesk.models.vocabulary import PlanState, VisitState
from csdesk.services.core.texts import _
from csdesk.services.core.unit_of_work import UnitOfWork
from csdesk.services.visits.facts import workdays_of


def ask_about(uow: UnitOfWork, day: date) -> None:
    """Ask before a day that has passed or is not worked: raises NeedsConfirmation unless it was answered."""
    if day < uow.today:
        uow.confirm("past_day", _("{day} has passed. Plan the visit on it all the same?").format(day=day), _("Plan it"))
    name = workdays_of(uow.connection).name(day)
    if name:
        sentence = _("{day} is free: {name}. Plan the visit on it all the same?").format(day=day, name=name)
        uow.confirm("free_day", sentence, _("Plan it"))


def plan_for(uow: UnitOfWork, day: date) -> int | None:
    """The plan that covers the day; of several the shortest, drafts first."""
    plans = uow.session.scalars(
        select(VisitPlan).where(VisitPlan.deleted_at.is_(None), VisitPlan.starts_on <= day, VisitPlan.ends_on >= day)
    )
    order = sorted(plans, key=lambda plan: (plan.state == PlanState.CONFIRMED, plan.ends_on - plan.starts_on, plan.id))
    return order[0].id if order else None


def visits_on_day(uow: UnitOfWork, day: date) -> list[Visit]:
    """What stands on a day and takes room, in order of time."""
    visits = uow.session.scalars(
        select(Visit).where(
            Visit.deleted_at.is_(None),
            Visit.planned_on == day,
            Visit.state.in_((VisitState.PLANNED, VisitState.DONE)),
        )
    )
    return sorted(visits, key=lambda visit: (visit.starts_at or "99:99", visit.position, visit.id))


def held_together(uow: UnitOfWork, visit: Visit) -> list[Visit]:
    """The other visits of the same meeting."""
    if visit.joint_id is None:
        return []
    others = uow.session.scalars(select(Visit).where(Visit.joint_id == visit.joint_id, Visit.deleted_at.is_(None)))
    return [other for other in others if other is not visit]
