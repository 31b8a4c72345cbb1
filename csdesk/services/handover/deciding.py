"""What is learnt, asked and decided about a handover: received, questioned, accepted or returned, opened again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.handover import Handover, HandoverMove, HandoverQuestion
from csdesk.models.vocabulary import HandoverPoint, HandoverState, ServiceMode, TaskSource, Tier
from csdesk.services.accounts.commands import named
from csdesk.services.accounts.rules import display_name, mode_after
from csdesk.services.core.errors import Conflict, Problem, Problems
from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.handover.asking import question_for, write_questions
from csdesk.services.handover.moves import DECIDED, problems_with
from csdesk.services.handover.records import HandoverRecord, record, records
from csdesk.services.tasks.commands import NewTask, Source, add_task
from csdesk.services.tasks.rules import TaskFields

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk, Done


@dataclass(frozen=True)
class DecideHandover:
    """A handover's next state; ``text`` holds the questions or the reason."""

    id: int
    state: HandoverState
    text: str = ""
    version: int | None = None


@command(N_("Handover of {name}: {state}"))
def decide_handover(uow: UnitOfWork, wish: DecideHandover) -> None:
    """Make one of the allowed moves and keep it with its day and reason. Raises Problems that say what is missing."""
    row = uow.get(Handover, wish.id, wish.version)
    found = _read(uow, wish.id)
    problems = problems_with(found.state, wish.state, wish.text, found.missing, bool(found.open_questions))
    if problems:
        raise Problems(problems)
    _move(uow, row, wish.state, wish.text.strip())
    uow.name(name=found.account, state=_(wish.state.label))


def _read(uow: UnitOfWork, handover_id: int) -> HandoverRecord:
    uow.session.flush()
    found = record(uow.connection, handover_id, uow.today)
    if found is None:
        raise Conflict(_("This record is no longer there: it was deleted in the meantime. Nothing was written."))
    return found


def _shown(account: Account) -> str:
    """What lists call an account."""
    return display_name(account.name, account.short_name)


def _move(uow: UnitOfWork, row: Handover, to: HandoverState, text: str) -> None:
    uow.add(HandoverMove(handover_id=row.id, from_state=row.state, to_state=to.value, moved_on=uow.today, reason=text))
    row.state = to.value
    row.decided_on = uow.today if to in DECIDED else None
    if to == HandoverState.QUESTIONED and text:
        row.questions = text


@dataclass(frozen=True)
class ChangeHandover:
    """New texts for a handover: goals, pain_points, promises, risks, scope, stakeholders, payment_terms, notes."""

    id: int
    values: Mapping[str, str]
    version: int | None = None


EDITABLE = frozenset(
    {"goals", "pain_points", "promises", "risks", "scope", "stakeholders", "payment_terms", "questions", "notes"}
)


@command(N_("Handover changed: {name}"))
def change_handover(uow: UnitOfWork, wish: ChangeHandover) -> None:
    """Store what was learnt about the solution. Raises Conflict where the handover changed since ``version``."""
    unknown = wish.values.keys() - EDITABLE
    if unknown:
        raise KeyError(f"no fields of a handover: {sorted(unknown)}")
    row = uow.get(Handover, wish.id, wish.version)
    for name, value in wish.values.items():
        setattr(row, name, value.strip())
    uow.name(name=_shown(uow.get(Account, row.account_id)))


@dataclass(frozen=True)
class ChangePoint:
    """What a point of the checklist says, and what sales is asked about it ("" for nothing). Of the tier its letter."""

    id: int
    point: HandoverPoint
    text: str
    question: str = ""
    version: int | None = None


@command(N_("Handover of {name}: {point}"))
def change_point(uow: UnitOfWork, wish: ChangePoint) -> None:
    """Store a point and its question in one step. Raises Problems for an unknown tier."""
    row = uow.get(Handover, wish.id, wish.version)
    account = uow.get(Account, row.account_id)
    if wish.point != HandoverPoint.TIER:
        setattr(row, wish.point.value, wish.text.strip())
    elif wish.text.strip() not in ("", *Tier):
        raise Problems([Problem("text", _("Choose one of the list."), code="unknown")])
    elif (account.tier or "") != wish.text.strip():
        before, mode = account.tier, account.service_mode
        account.tier, account.tier_reason = wish.text.strip() or None, ""
        account.service_mode = mode_after(
            Tier(before) if before else None,
            ServiceMode(mode) if mode else None,
            Tier(account.tier) if account.tier else None,
        )
    _ask(uow, wish.id, wish.point, wish.question.strip())
    uow.name(name=_shown(account), point=_(wish.point.label))


def _ask(uow: UnitOfWork, handover_id: int, point: HandoverPoint, question: str) -> None:
    """Keep the question about a point; another one is asked anew, an empty one is withdrawn."""
    row = uow.session.scalar(
        select(HandoverQuestion).where(
            HandoverQuestion.handover_id == handover_id, HandoverQuestion.point == point.value,
            HandoverQuestion.deleted_at.is_(None),
        )
    )  # fmt: skip
    if row is not None and row.question == question:
        return
    if row is not None and not question:
        uow.bin(row)
        return
    if not question:
        return
    said = _read(uow, handover_id).point(point).evidence
    if row is None:
        row = uow.add(HandoverQuestion(handover_id=handover_id, point=point.value, asked_on=uow.today))
    row.question, row.was, row.asked_on = question, said, uow.today


@dataclass(frozen=True)
class ReceiveHandover:
    """A handover entered by hand."""

    account_id: int
    values: Mapping[str, str] = field(default_factory=dict)


@command(N_("Handover received: {name}"))
def receive_handover(uow: UnitOfWork, wish: ReceiveHandover) -> int:
    """Start the handover of an account; returns its id. Raises Conflict where one is there already."""
    account = uow.get(Account, wish.account_id)
    known = select(Handover.id).where(Handover.account_id == account.id, Handover.deleted_at.is_(None))
    if uow.session.scalar(known) is not None:
        raise Conflict(_("This account has a handover already."))
    texts = {name: value.strip() for name, value in wish.values.items() if name in EDITABLE}
    row = uow.add(Handover(account_id=account.id, received_on=uow.today, **texts))
    uow.name(name=_shown(account))
    return row.id


@dataclass(frozen=True)
class AskSales:
    """Handovers whose gaps and questions went to sales as a sheet."""

    ids: tuple[int, ...]


@command(N_("Sales asked: {names}"))
def ask_sales(uow: UnitOfWork, wish: AskSales) -> int:
    """Received handovers become questioned, each gap with the question that stood in the sheet; one step for all.

    Questioned and returned ones only get their questions. Returns how many became questioned.
    """
    moved, names = 0, []
    for handover_id in wish.ids:
        uow.progress.check()
        row, found = uow.get(Handover, handover_id), _read(uow, handover_id)
        for state in found.points:
            if not state.present and state.question is None:
                _ask(uow, handover_id, state.point, question_for(state.point))
        if found.state == HandoverState.RECEIVED:
            _move(uow, row, HandoverState.QUESTIONED, _("Sheet sent to sales"))
            moved += 1
        names.append(found.account)
    uow.name(names=named(names), count=len(names))
    return moved


def send_to_sales(desk: Desk, path: Path, ids: tuple[int, ...], progress: Progress) -> Done[int]:
    """Write the sheet, then note in one step that sales was asked. Raises StorageError; then nothing is noted."""
    with desk.read() as connection:
        found = records(connection, list(ids), desk.clock.today())
    write_questions(path, found)
    return desk.do(ask_sales, AskSales(tuple(one.id for one in found)), progress=progress)


@dataclass(frozen=True)
class PromiseTask:
    """A promise as a task: the words of the promise, what is to be done, by whom and when."""

    promise: str
    text: str
    due_on: date | None
    owner: str = ""


@dataclass(frozen=True)
class KeepPromises:
    """Tasks for promises of a handover."""

    id: int
    tasks: tuple[PromiseTask, ...]


@command(N_("Promises to {name} as tasks"))
def keep_promises(uow: UnitOfWork, wish: KeepPromises) -> tuple[int, ...]:
    """Make the tasks in one step; returns their ids. Raises Problems where one has no words."""
    row = uow.get(Handover, wish.id)
    if any(not task.text.strip() for task in wish.tasks):
        raise Problems([Problem("text", _("Say what is to be done."), code="missing")])
    made = []
    for task in wish.tasks:
        fields = TaskFields(task.text.strip(), task.due_on, task.owner.strip())
        source = Source(TaskSource.HANDOVER, row.id, task.promise)
        made.append(add_task(uow, NewTask(fields, row.account_id, source)).id)
    uow.name(name=_shown(uow.get(Account, row.account_id)), count=len(made))
    return tuple(made)
