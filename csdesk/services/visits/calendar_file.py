"""A plan as a calendar file (.ics): a visit keeps its identity, so a file taken in again moves its event."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.core.texts import _
from csdesk.services.core.zones import HOME, zone_named
from csdesk.services.files.calendars import Event, write_ics
from csdesk.services.visits.cards import VisitCard, WeekPlan


def write_plan(path: Path, plan: WeekPlan) -> int:
    """Write the plan's visits to ``path``, their times in the user's zone; says how many. Raises StorageError."""
    events = plan_events(plan)
    write_ics(path, events)
    return len(events)


def plan_events(plan: WeekPlan) -> list[Event]:
    """The plan's visits as events, those called off marked so; a visit without a time lasts all day."""
    return [_event(visit, day.day) for day in plan.days for visit in day.visits if visit.state != VisitState.MISSED]


def _event(visit: VisitCard, day: date) -> Event:
    start: datetime | date = day
    end: datetime | None = None
    if visit.starts_at:
        start = datetime.combine(day, time.fromisoformat(visit.starts_at), zone_named(visit.own_zone or HOME))
        end = start + timedelta(minutes=visit.minutes)
    person = " ".join(filter(None, (visit.contact, visit.contact_title, visit.contact_phone)))
    place = " ".join(filter(None, (visit.city, visit.address.removeprefix(visit.city).strip())))
    theirs = _("{time} there ({zone})").format(time=visit.their_time, zone=visit.zone) if visit.their_time else ""
    return Event(
        key=f"visit-{visit.id}",
        title=_("{kind}: {account}").format(kind=_(visit.kind.label), account=visit.account),
        start=start,
        end=end,
        changed=visit.changed_at,
        place=place if visit.kind == VisitKind.ONSITE else "",
        notes="\n".join(filter(None, (visit.goal, visit.why, person, theirs))),
        sequence=visit.sequence,
        cancelled=visit.state == VisitState.CANCELLED,
    )
