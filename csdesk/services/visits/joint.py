"""Visits to several accounts that are one meeting: put together, taken apart."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.models.accounts import Account
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import VisitState
from csdesk.services.core.errors import Conflict
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.visits.placing import held_together


@dataclass(frozen=True)
class JoinVisits:
    """Hold a visit together with another one: on its day, at its time, in its way."""

    visit_id: int
    with_id: int
    version: int | None = None


@command(N_("Visits to {name} and {other} are one meeting"))
def join_visits(uow: UnitOfWork, wish: JoinVisits) -> None:
    """Make the two one meeting, which takes one place on its day. Raises Conflict unless both are planned on one day."""
    visit, other = uow.get(Visit, wish.visit_id, wish.version), uow.get(Visit, wish.with_id)
    if visit.account_id == other.account_id:
        raise Conflict(_("Both are visits to one account: remove one of them."))
    if {visit.state, other.state} != {VisitState.PLANNED} or visit.planned_on != other.planned_on:
        raise Conflict(_("Only visits that are planned on the same day can be one meeting."))
    other.joint_id = other.joint_id or other.id
    visit.joint_id = other.joint_id
    if (visit.starts_at, visit.minutes) != (other.starts_at, other.minutes):
        visit.sequence += 1
    visit.starts_at, visit.minutes, visit.kind = other.starts_at, other.minutes, other.kind
    uow.name(name=_name(uow, visit), other=_name(uow, other))


@dataclass(frozen=True)
class PartVisit:
    """Let a visit be a meeting of its own again."""

    visit_id: int
    version: int | None = None


@command(N_("Visit to {name} is a meeting of its own"))
def part_visit(uow: UnitOfWork, wish: PartVisit) -> None:
    """Take the visit out of its joint meeting. Raises Conflict where it is in none."""
    visit = uow.get(Visit, wish.visit_id, wish.version)
    if visit.joint_id is None:
        raise Conflict(_("This visit is a meeting of its own already."))
    rest = held_together(uow, visit)
    visit.joint_id = None
    key = rest[0].id if len(rest) > 1 else None
    for other in rest:
        other.joint_id = key
    uow.name(name=_name(uow, visit))


def _name(uow: UnitOfWork, visit: Visit) -> str:
    account = uow.get(Account, visit.account_id)
    return account.short_name or account.name
