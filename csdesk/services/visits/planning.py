"""A visit plan from outside the window: drafted, stored, told as data and as a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from csdesk.services.core.desk import Desk
from csdesk.services.core.progress import Progress
from csdesk.services.core.report import Report
from csdesk.services.core.texts import _
from csdesk.services.settings.queries import setting
from csdesk.services.visits.cards import LeftOutCard, VisitCard, WeekPlan
from csdesk.services.visits.drafting import DraftPlan, draft_plan
from csdesk.services.visits.queries import days_plan
from csdesk.services.visits.report import plan_report


@dataclass(frozen=True)
class Planned:
    """A drafted plan: its id, its days with their visits, and sentences worth knowing."""

    plan_id: int
    plan: WeekPlan
    author: str
    notes: tuple[str, ...]
    printed_at: datetime

    def report(self) -> Report:
        """The plan for paper."""
        return plan_report(self.plan, self.author, self.printed_at)

    def as_json(self) -> dict[str, Any]:
        """The plan as plain data: ids as text, days and times as ISO, reasons in words and as rules."""
        return {
            "plan": str(self.plan_id),
            "from": self.plan.start.isoformat(),
            "to": self.plan.end.isoformat(),
            "capacity": self.plan.capacity,
            "visits": [visit_json(visit) for visit in self.plan.visits],
            "left_out": [left_out_json(card) for card in self.plan.left_out],
            "days": [
                {"date": day.day.isoformat(), "capacity": day.capacity, "visits": day.used, "free": day.free_name}
                for day in self.plan.days
            ],
            "notes": list(self.notes),
        }


def plan(desk: Desk, start: date, end: date, capacity: int | None = None, progress: Progress | None = None) -> Planned:
    """Draft the visits from ``start`` to ``end``, ``capacity`` a day, and store them.

    Nothing is asked: days that have passed are planned as well, and a note says so. Raises Conflict where these days are
    confirmed, Problems for impossible days.
    """
    wish = DraftPlan(start, end, capacity)
    done = desk.do(draft_plan, wish, progress=progress, confirmed={"past_days"})
    with desk.read() as connection:
        drafted = days_plan(connection, start, end)
        author = str(setting(connection, "user.name"))
    notes = list(drafted.notes)
    if end < desk.clock.today():
        notes.append(_("All these days have passed."))
    elif start < desk.clock.today():
        notes.append(_("Days before today were left as they are."))
    if not drafted.visits:
        notes.append(_("No visit was proposed."))
    return Planned(done.value, drafted, author, tuple(notes), desk.clock.local())


def visit_json(visit: VisitCard) -> dict[str, Any]:
    """A visit as plain data."""
    return {
        "id": str(visit.id),
        "date": visit.day.isoformat() if visit.day else None,
        "time": visit.starts_at or None,
        "minutes": visit.minutes,
        "account": visit.account,
        "account_id": str(visit.account_id),
        "tier": visit.tier.value if visit.tier else None,
        "city": visit.city,
        "kind": visit.kind.value,
        "state": visit.state.value,
        "contact": visit.contact,
        "goal": visit.goal,
        "reason": visit.why,
        "reasons": [found.as_json() for found in visit.reasons],
    }


def left_out_json(card: LeftOutCard) -> dict[str, Any]:
    """An account without a place as plain data: why it was wanted, why it is out."""
    return {
        "account": card.account,
        "account_id": str(card.account_id),
        "tier": card.tier.value if card.tier else None,
        "city": card.city,
        "band": card.band.value,
        "reason": card.why,
        "reasons": [found.as_json() for found in card.reasons],
        "left_out_because": card.cause_text,
    }
