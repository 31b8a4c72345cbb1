"""What happens to a single visit: made, moved, changed, called off, done. And the table of ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.visits import TravelTime, Visit
from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.core.errors import Conflict, Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.core.zones import zone_named
from csdesk.services.visits.facts import people_to_meet, rules_of
from csdesk.services.visits.fitting import minute
from csdesk.services.visits.placing import ask_about, held_together, plan_for, visits_on_day
from csdesk.services.visits.reasons import BY_HAND


@dataclass(frozen=True)
class AddVisit:
    """A visit by hand. ``starts_at`` is HH:MM or empty; ``minutes`` None means as long as its kind takes."""

    account_id: int
    day: date
    kind: VisitKind = VisitKind.ONSITE
    starts_at: str = ""
    minutes: int | None = None
    goal: str = ""
    contact_id: int | None = None
    zone: str = ""


@command(N_("Visit to {name} planned on {day}"))
def add_visit(uow: UnitOfWork, wish: AddVisit) -> int:
    """Plan a visit and say its id; in a confirmed plan it stands apart as a late addition."""
    account = uow.get(Account, wish.account_id)
    _check(wish.starts_at, wish.minutes, wish.zone)
    ask_about(uow, wish.day)
    contact = wish.contact_id or people_to_meet(uow.connection, {account.id}).get(account.id)
    visit = Visit(
        account_id=account.id,
        plan_id=plan_for(uow, wish.day),
        contact_id=contact,
        kind=wish.kind,
        state=VisitState.PLANNED,
        planned_on=wish.day,
        starts_at=clock_text(wish.starts_at),
        minutes=wish.minutes or rules_of(uow.connection).minutes_for(wish.kind),
        position=len(visits_on_day(uow, wish.day)),
        goal=wish.goal.strip(),
        reasons=[BY_HAND.as_json()],
        zone=wish.zone.strip(),
    )
    uow.add(visit)
    uow.name(name=_name(account), day=wish.day.isoformat())
    return visit.id


@dataclass(frozen=True)
class MoveVisit:
    """To another day, time or place in the day. ``starts_at`` None keeps the time; ``position`` counts from 0.

    With ``position`` the day's times are dealt out anew in the new order.
    """

    visit_id: int
    day: date
    starts_at: str | None = None
    position: int | None = None
    reason: str = ""
    version: int | None = None


@command(N_("Visit to {name} moved to {day}"))
def move_visit(uow: UnitOfWork, wish: MoveVisit) -> None:
    """Move a planned visit, and those held together with it; its baseline stays.

    Out of a day of a confirmed plan the move is counted and needs a reason: Problems without one. Asks before a free or a
    past day. Raises Conflict for a visit that is done or called off.
    """
    visit = uow.get(Visit, wish.visit_id, wish.version)
    if visit.state != VisitState.PLANNED:
        raise Conflict(_("This visit is done or called off; only a planned one can be moved."))
    if wish.starts_at is not None:
        _check(wish.starts_at, None)
    before = (visit.planned_on, visit.starts_at)
    if wish.day != visit.planned_on:
        _check_reason(visit, wish.reason)
        ask_about(uow, wish.day)
        _change_day(uow, visit, wish)
    if wish.starts_at is not None:
        visit.starts_at = clock_text(wish.starts_at)
    if wish.position is not None:
        _reorder(uow, visit, wish.position)
    if (visit.planned_on, visit.starts_at) != before:
        visit.sequence += 1
        _take_along(uow, visit, wish.reason)
    uow.name(name=_name(uow.get(Account, visit.account_id)), day=wish.day.isoformat())


def _check_reason(visit: Visit, reason: str) -> None:
    if visit.baseline_on is not None and not reason.strip():
        sentence = _("The plan is confirmed: say why the visit is moved.")
        raise Problems([Problem("reason", sentence, code="missing")])


def _take_along(uow: UnitOfWork, visit: Visit, reason: str) -> None:
    """Keep those together that are held together."""
    assert visit.planned_on is not None
    for other in held_together(uow, visit):
        if other.state == VisitState.PLANNED:
            if other.planned_on != visit.planned_on:
                _count_move(uow, other, visit.planned_on, reason)
                other.planned_on = visit.planned_on
            other.starts_at = visit.starts_at
            other.sequence += 1


def _count_move(uow: UnitOfWork, visit: Visit, day: date, reason: str) -> None:
    if visit.baseline_on is not None:
        visit.moved_from = visit.planned_on
        visit.moved_count += 1
        visit.move_reason = reason.strip()
    else:
        visit.plan_id = plan_for(uow, day)


def _change_day(uow: UnitOfWork, visit: Visit, wish: MoveVisit) -> None:
    _count_move(uow, visit, wish.day, wish.reason)
    others = visits_on_day(uow, wish.day)
    visit.planned_on = wish.day
    visit.position = len(others)
    taken = {other.starts_at for other in others}
    if wish.starts_at is None and visit.starts_at in taken:
        times = rules_of(uow.connection).times
        visit.starts_at = next((time for time in times if time not in taken), visit.starts_at)


def _reorder(uow: UnitOfWork, visit: Visit, position: int) -> None:
    assert visit.planned_on is not None
    uow.session.flush()
    day = [other for other in visits_on_day(uow, visit.planned_on) if other is not visit]
    day.insert(max(0, min(position, len(day))), visit)
    movable = [other for other in day if other.state == VisitState.PLANNED and other.starts_at]
    times = sorted(other.starts_at for other in movable)
    for other, time in zip(movable, times, strict=True):
        if other.starts_at != time:
            other.sequence += other is not visit
            other.starts_at = time
    for number, other in enumerate(day):
        other.position = number


@dataclass(frozen=True)
class EditVisit:
    """New values of a visit; what is None stays. ``contact_id`` 0 means nobody in particular."""

    visit_id: int
    version: int | None = None
    kind: VisitKind | None = None
    starts_at: str | None = None
    minutes: int | None = None
    goal: str | None = None
    agenda: str | None = None
    contact_id: int | None = None
    zone: str | None = None


@command(N_("Visit to {name} changed"))
def edit_visit(uow: UnitOfWork, wish: EditVisit) -> None:
    """Change a visit. Raises Problems for a time or zone that is none, or a contact of another account."""
    visit = uow.get(Visit, wish.visit_id, wish.version)
    _check(wish.starts_at or "", wish.minutes, wish.zone or "")
    if wish.contact_id:
        contact = uow.get(Contact, wish.contact_id)
        if contact.account_id != visit.account_id:
            raise Problems(
                [Problem("contact_id", _("This person belongs to another account."), code="foreign_contact")]
            )
    if wish.contact_id is not None:
        visit.contact_id = wish.contact_id or None
    if wish.starts_at is not None and clock_text(wish.starts_at) != visit.starts_at:
        visit.starts_at = clock_text(wish.starts_at)
        visit.sequence += 1
        _take_along(uow, visit, "")
    if wish.zone is not None:
        visit.zone = wish.zone.strip()
    if wish.kind is not None and wish.kind != visit.kind:
        visit.kind = wish.kind
        if wish.minutes is None:
            visit.minutes = rules_of(uow.connection).minutes_for(wish.kind)
    if wish.minutes is not None:
        visit.sequence += visit.minutes != wish.minutes
        visit.minutes = wish.minutes
    if wish.goal is not None:
        visit.goal = wish.goal.strip()
    if wish.agenda is not None:
        visit.agenda = wish.agenda.strip()
    uow.name(name=_name(uow.get(Account, visit.account_id)))


@dataclass(frozen=True)
class RecordVisit:
    """What became of a visit: done on a day, with a short note and the next step."""

    visit_id: int
    done_on: date
    record: str = ""
    next_step: str = ""
    version: int | None = None


@command(N_("Visit to {name} done"))
def record_visit(uow: UnitOfWork, wish: RecordVisit) -> None:
    """Mark a visit done; also changes the note of one that is. Raises Problems for a day still to come."""
    visit = uow.get(Visit, wish.visit_id, wish.version)
    if wish.done_on > uow.today:
        raise Problems([Problem("done_on", _("This day is still to come."), code="future")])
    visit.state, visit.done_on, visit.excuse = VisitState.DONE, wish.done_on, ""
    visit.record, visit.next_step = wish.record.strip(), wish.next_step.strip()
    uow.name(name=_name(uow.get(Account, visit.account_id)))


@dataclass(frozen=True)
class CancelVisit:
    """Called off. ``excuse`` says why: an excused visit leaves the execution rate, an empty excuse counts against it."""

    visit_id: int
    excuse: str = ""
    version: int | None = None


@command(N_("Visit to {name} cancelled"))
def cancel_visit(uow: UnitOfWork, wish: CancelVisit) -> None:
    """Call a planned visit off. Raises Conflict for one that is done."""
    _close(uow, wish.visit_id, wish.version, VisitState.CANCELLED, wish.excuse)


@dataclass(frozen=True)
class MissVisit:
    """It did not take place, and nobody called it off."""

    visit_id: int
    why: str = ""
    version: int | None = None


@command(N_("Visit to {name} missed"))
def miss_visit(uow: UnitOfWork, wish: MissVisit) -> None:
    """Mark a planned visit missed; why is kept in its record. Raises Conflict for one that is done."""
    visit = _close(uow, wish.visit_id, wish.version, VisitState.MISSED, "")
    visit.record = wish.why.strip()


def _close(uow: UnitOfWork, visit_id: int, version: int | None, state: VisitState, excuse: str) -> Visit:
    visit = uow.get(Visit, visit_id, version)
    if visit.state == VisitState.DONE:
        raise Conflict(_("This visit is done. Undo that first."))
    visit.state, visit.excuse = state, excuse.strip()
    visit.sequence += 1
    uow.name(name=_name(uow.get(Account, visit.account_id)))
    return visit


@dataclass(frozen=True)
class RemoveVisit:
    """Out of the plan, as if it had not been proposed."""

    visit_id: int
    version: int | None = None


@command(N_("Visit to {name} removed"))
def remove_visit(uow: UnitOfWork, wish: RemoveVisit) -> None:
    """Into the bin. Raises Conflict for a visit of a confirmed plan: that one is cancelled, so that it counts."""
    visit = uow.get(Visit, wish.visit_id, wish.version)
    if visit.baseline_on is not None:
        raise Conflict(_("The plan is confirmed: cancel the visit instead, so that it shows in the figures."))
    uow.bin(visit)
    uow.name(name=_name(uow.get(Account, visit.account_id)))


@dataclass(frozen=True)
class SetTravelTime:
    """Minutes between two places, cities or districts; both directions."""

    origin: str
    destination: str
    minutes: int


@command(N_("Travel time {origin} to {destination} set"))
def set_travel_time(uow: UnitOfWork, wish: SetTravelTime) -> int:
    """Store or replace a way and say its id. Raises Problems for a missing or doubled place, or no minutes."""
    origin, destination = wish.origin.strip(), wish.destination.strip()
    problems = []
    if not origin or not destination:
        problems.append(Problem("destination", _("Name both places."), code="missing"))
    elif origin == destination:
        problems.append(Problem("destination", _("Two different places, please."), code="same_place"))
    if not 1 <= wish.minutes <= 1440:
        problems.append(Problem("minutes", _("From 1 to 1440 minutes, please."), code="out_of_bounds"))
    if problems:
        raise Problems(problems)
    uow.name(origin=origin, destination=destination)
    for way in uow.session.scalars(select(TravelTime).where(TravelTime.deleted_at.is_(None))):
        if {way.origin, way.destination} == {origin, destination}:
            way.minutes = wish.minutes
            return way.id
    return uow.add(TravelTime(origin=origin, destination=destination, minutes=wish.minutes)).id


@dataclass(frozen=True)
class RemoveTravelTime:
    """Forget a way."""

    travel_time_id: int


@command(N_("Travel time {origin} to {destination} removed"))
def remove_travel_time(uow: UnitOfWork, wish: RemoveTravelTime) -> None:
    """Into the bin."""
    way = uow.get(TravelTime, wish.travel_time_id)
    uow.name(origin=way.origin, destination=way.destination)
    uow.bin(way)


def clock_text(typed: str) -> str:
    """09:30 for "9:30"; empty for empty. Raises ValueError for what is no time of day."""
    if not typed.strip():
        return ""
    hours, minutes = divmod(minute(typed.strip().replace("\uff1a", ":")), 60)
    return f"{hours:02}:{minutes:02}"


def _check(starts_at: str, minutes: int | None, zone: str = "") -> None:
    try:
        clock_text(starts_at)
    except ValueError:
        problem = Problem("starts_at", _("A time such as 14:30, please."), code="no_time")
        raise Problems([problem]) from None
    if minutes is not None and not 5 <= minutes <= 1440:
        raise Problems([Problem("minutes", _("From 5 to 1440 minutes, please."), code="out_of_bounds")])
    if zone.strip() and zone_named(zone.strip()) is None:
        sentence = _("No such time zone: a name such as Europe/Berlin, please.")
        raise Problems([Problem("zone", sentence, code="no_zone")])


def _name(account: Account) -> str:
    return account.short_name or account.name
