"""Writing down how a visit went: who came, what was said, needs that showed, next steps as tasks, the next visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.tasks import Task
from csdesk.models.visits import Attendee, Need, Visit
from csdesk.models.vocabulary import (
    NeedKind,
    NeedState,
    Side,
    TaskSource,
    TaskState,
    VisitKind,
    VisitOutcome,
    VisitState,
)
from csdesk.services.core.errors import Conflict
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tasks.commands import NewTask, Source, add_task
from csdesk.services.tasks.rules import TaskFields, Todo
from csdesk.services.visits.cards import VisitCard
from csdesk.services.visits.commands import AddVisit, MoveVisit, add_visit, move_visit
from csdesk.services.visits.facts import rules_of, tier_of, workdays_of
from csdesk.services.visits.needs import guessed_kind
from csdesk.services.visits.preparing import attendees_of
from csdesk.services.visits.queries import visit_cards
from csdesk.services.visits.record_fields import HELD, RecordFields, matched

STATES = {
    VisitOutcome.VISITED: VisitState.DONE,
    VisitOutcome.PARTLY: VisitState.DONE,
    VisitOutcome.ABSENT: VisitState.MISSED,
    VisitOutcome.CANCELLED: VisitState.CANCELLED,
}


@dataclass(frozen=True)
class Record:
    """How a visit went; ``version`` as it was read (None: whatever it is)."""

    visit_id: int
    fields: RecordFields
    version: int | None = None


@command(N_("Visit to {name} recorded: {outcome}"))
def record_meeting(uow: UnitOfWork, wish: Record) -> int | None:
    """Store a record, or another one of the same visit; gives the id of the next visit where one was planned.

    Next steps become tasks and needs rows of their own; those of an earlier record follow its words. Raises Conflict
    where the visit changed, and asks before a free or past new day.
    """
    visit, fields = uow.get(Visit, wish.visit_id, wish.version), wish.fields
    account = uow.get(Account, visit.account_id)
    if fields.outcome == VisitOutcome.MOVED:
        move_visit(uow, MoveVisit(visit.id, fields.day, reason=fields.reason))
        visit.move_reason = fields.reason
    else:
        _close(uow, visit, fields)
    visit.spent_minutes, visit.travel_minutes, visit.expenses = fields.spent, fields.travel, fields.expenses
    planned = _plan_next(uow, visit, account, fields.next_visit_on) if fields.next_visit_on is not None else None
    uow.name(name=account.short_name or account.name, outcome=_(fields.outcome.label))
    return planned


def _close(uow: UnitOfWork, visit: Visit, fields: RecordFields) -> None:
    before = visit.next_step
    held = fields.outcome in HELD
    if visit.state == VisitState.DONE and not held:
        raise Conflict(_("This visit is done. Undo that first."))
    if visit.state != STATES[fields.outcome]:
        visit.sequence += STATES[fields.outcome] != VisitState.DONE
    visit.state, visit.outcome = STATES[fields.outcome].value, fields.outcome.value
    visit.excuse = fields.reason if fields.outcome == VisitOutcome.CANCELLED else ""
    visit.record = fields.said if held else fields.reason if fields.outcome == VisitOutcome.ABSENT else ""
    visit.done_on = fields.day if held else None
    visit.mood = fields.mood.value if fields.mood else None
    visit.next_step = "\n".join(step.text for step in fields.steps)
    visit.next_on = min((step.due_on for step in fields.steps if step.due_on), default=None)
    if held:
        _mark_who_came(uow, visit, fields.came)
    _keep_needs(uow, visit, fields)
    _keep_steps(uow, visit, before.splitlines(), fields.steps)


def _mark_who_came(uow: UnitOfWork, visit: Visit, names: tuple[str, ...]) -> None:
    people = {
        row.id: row.name
        for row in uow.session.scalars(
            select(Contact).where(Contact.account_id == visit.account_id, Contact.deleted_at.is_(None))
        )
    }
    there = attendees_of(uow, visit.id)
    ours = {row.name for row in there if row.side == Side.OURS}
    came = matched([name for name in names if name not in ours], people)
    wanted = {(contact, "" if contact else name) for name, contact in came.items()}
    if visit.contact_id is not None and all(row.contact_id != visit.contact_id for row in there):
        planned = Attendee(
            visit_id=visit.id, contact_id=visit.contact_id, side=Side.THEIRS.value, invited=True, position=0
        )  # fmt: skip
        there.append(uow.add(planned))
    for row in there:
        key = (row.contact_id, "" if row.contact_id else row.name)
        row.came = row.side == Side.OURS or key in wanted
        wanted.discard(key)
        if not row.came and not row.invited:
            uow.bin(row)
    last = max((row.position for row in there), default=-1)
    for place, (contact, name) in enumerate(sorted(wanted, key=lambda one: (one[0] is None, one[0] or 0, one[1])), 1):
        uow.add(
            Attendee(visit_id=visit.id, contact_id=contact, name=name, side=Side.THEIRS.value, invited=False, came=True,
                     position=last + place)
        )  # fmt: skip


def _keep_needs(uow: UnitOfWork, visit: Visit, fields: RecordFields) -> None:
    rows = select(Need).where(Need.visit_id == visit.id, Need.deleted_at.is_(None))
    known = {row.text: row for row in uow.session.scalars(rows)}
    for text, row in known.items():
        if text not in fields.needs and row.state == NeedState.OPEN:
            uow.bin(row)
    for position, text in enumerate(fields.needs):
        if text in known:
            known[text].position = position
            continue
        kind = guessed_kind(text)
        uow.add(
            Need(account_id=visit.account_id, visit_id=visit.id, text=text, kind=kind.value if kind else None,
                 heard_on=fields.day, position=position)
        )  # fmt: skip


def _keep_steps(uow: UnitOfWork, visit: Visit, before: list[str], steps: tuple[Todo, ...]) -> None:
    """A task for each step. One with the same words gets the day; one whose words were changed gets the words."""
    rows = select(Task).where(
        Task.source == TaskSource.VISIT, Task.source_id == visit.id, Task.deleted_at.is_(None)
    ).order_by(Task.position, Task.id)  # fmt: skip
    known = {row.text: row for row in uow.session.scalars(rows)}
    words = {step.text for step in steps}
    changed = [known[text] for text in before if text in known and text not in words]
    for step in steps:
        row = known.get(step.text)
        if row is None and changed:
            row = changed.pop(0)
            row.text = row.source_text = step.text
        if row is None:
            source = Source(TaskSource.VISIT, visit.id, step.text)
            add_task(uow, NewTask(TaskFields(step.text, step.due_on), visit.account_id, source))
        elif row.state == TaskState.OPEN:
            row.due_on = step.due_on
    for row in changed:
        if row.state == TaskState.OPEN:
            uow.bin(row)


def _plan_next(uow: UnitOfWork, visit: Visit, account: Account, day: date) -> int | None:
    there = select(Visit.id).where(
        Visit.account_id == account.id, Visit.deleted_at.is_(None), Visit.state == VisitState.PLANNED,
        Visit.planned_on == day,
    )  # fmt: skip
    known = uow.session.scalar(there)
    if known is not None:
        return known
    return add_visit(uow, AddVisit(account.id, day, VisitKind(visit.kind), contact_id=visit.contact_id))


@dataclass(frozen=True)
class SetNeed:
    """What a need may become, or that it was dropped; what is None stays."""

    need_id: int
    kind: NeedKind | None = None
    state: NeedState | None = None


@command(N_("Need changed: {text}"))
def set_need(uow: UnitOfWork, wish: SetNeed) -> None:
    """Change a need's kind or state."""
    row = uow.get(Need, wish.need_id)
    if wish.kind is not None:
        row.kind = wish.kind.value
    if wish.state is not None:
        row.state = wish.state.value
    uow.name(text=row.text[:40])


@dataclass(frozen=True)
class NextVisit:
    """When the next visit is due by the tier's cadence, or the one that is planned already."""

    day: date
    planned_id: int | None
    every: int


def next_visit(connection: Connection, visit_id: int, done_on: date, today: date) -> NextVisit | None:
    """The next visit after one of ``done_on``: a workday from today on; None where the visit is gone."""
    row = connection.execute(
        select(Visit.account_id, Account.tier).join(Account, Account.id == Visit.account_id).where(Visit.id == visit_id)
    ).first()
    if row is None:
        return None
    every = rules_of(connection).visit_every(tier_of(row.tier))
    planned = connection.execute(
        select(Visit.id, Visit.planned_on)
        .where(
            Visit.account_id == row.account_id, Visit.deleted_at.is_(None), Visit.state == VisitState.PLANNED,
            Visit.planned_on > done_on, Visit.planned_on >= today, Visit.id != visit_id,
        )
        .order_by(Visit.planned_on)
    ).first()  # fmt: skip
    if planned is not None:
        return NextVisit(planned.planned_on, planned.id, every)
    day, workdays = max(done_on + timedelta(every), today + timedelta(1)), workdays_of(connection)
    while not workdays.is_workday(day):
        day += timedelta(1)
    return NextVisit(day, None, every)


def to_record(connection: Connection, start: date, end: date, today: date) -> tuple[VisitCard, ...]:
    """The visits of these days, today at the latest, of which nothing is written down yet; by day and time."""
    until = min(end, today)
    return visit_cards(connection, Visit.planned_on.between(start, until), Visit.state == VisitState.PLANNED)
