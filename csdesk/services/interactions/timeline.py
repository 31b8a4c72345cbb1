"""The timeline of an account: visits, calls, notes, tasks, handovers and changes in one list, the newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, select

from csdesk.models.handover import Handover, Import
from csdesk.models.journal import Change, Step
from csdesk.models.tables import Base
from csdesk.models.vocabulary import InteractionKind, TaskState
from csdesk.services.accounts.overview import VisitFacts, visits_of
from csdesk.services.core.clock import to_local
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import step_text
from csdesk.services.interactions.queries import InteractionRow, interactions_of
from csdesk.services.tasks.queries import TaskRow, tasks_of_account
from csdesk.services.visits.people import who_came

MOST_CHANGES = 300
OWN_WORDS = frozenset(
    {"visits", "tasks", "interactions", "attendees", "visit_materials", "needs", "attachments", "tickets", "notices"}
)
"""Tables whose changes speak for themselves in the list: not told a second time as a change."""


class Kind(StrEnum):
    """What the chips above the list choose from."""

    VISIT = "visit"
    TALK = "talk"
    NOTE = "note"
    TASK = "task"
    TICKET = "ticket"
    IMPORT = "import"
    CHANGE = "change"


TITLES = {
    Kind.VISIT: N_("Visits"),
    Kind.TALK: N_("Calls and messages"),
    Kind.NOTE: N_("Notes"),
    Kind.TASK: N_("Tasks"),
    Kind.TICKET: N_("Tickets"),
    Kind.IMPORT: N_("Handovers"),
    Kind.CHANGE: N_("Changes"),
}


@dataclass(frozen=True)
class Moment:
    """One line: its day, the time as HH:MM where it is known, the row it speaks of. ``source`` is that row as it is
    shown elsewhere; ``title`` and ``text`` are words that are nobody's row. ``people`` are names, ``note`` stands beside
    the title, ``opens`` is the row that it leads to where that is another one."""

    kind: Kind
    id: int
    day: date
    time: str = ""
    title: str = ""
    text: str = ""
    people: tuple[str, ...] = ()
    note: str = ""
    opens: int = 0
    source: VisitFacts | InteractionRow | TaskRow | None = None

    def words(self) -> str:
        """Everything in it that a search looks through, folded."""
        source = self.source
        parts = [self.title, self.text, self.note, *self.people]
        if isinstance(source, VisitFacts):
            parts += [source.goal, source.record, source.excuse, source.next_step]
        elif isinstance(source, InteractionRow):
            parts += [source.text, source.contact]
        elif isinstance(source, TaskRow):
            parts += [source.text, source.notes, source.owner]
        return "\n".join(parts).casefold()


def timeline(connection: Connection, account_id: int) -> tuple[Moment, ...]:
    """All moments of an account, the newest first."""
    came, made = who_came(connection, account_id), _made_on(connection, account_id)
    found = [
        *(_visit(visit, came.get(visit.id, ())) for visit in visits_of(connection, account_id) if visit.day),
        *(_interaction(row) for row in interactions_of(connection, account_id)),
        *(_task(task, made) for task in tasks_of_account(connection, account_id)),
        *_imports(connection, account_id),
        *_changes(connection, account_id),
    ]
    return newest_first(found)


def newest_first(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    """Moments in the order in which they are shown."""
    return tuple(sorted(moments, key=lambda one: (one.day, one.time, one.id), reverse=True))


def _visit(visit: VisitFacts, came: Sequence[str]) -> Moment:
    day = visit.day
    assert day is not None
    return Moment(Kind.VISIT, visit.id, day, visit.starts_at, people=tuple(came), source=visit)


def _interaction(row: InteractionRow) -> Moment:
    kind = Kind.NOTE if row.kind == InteractionKind.NOTE else Kind.TALK
    people = (row.contact,) if row.contact else ()
    return Moment(kind, row.id, row.happened_on, row.starts_at, people=people, source=row)


def _task(task: TaskRow, made: dict[int, date]) -> Moment:
    """A done task stands on the day it was done, any other on the day it was written down."""
    day = task.done_on if task.state == TaskState.DONE and task.done_on else made[task.id]
    return Moment(Kind.TASK, task.id, day, source=task)


def _made_on(connection: Connection, account_id: int) -> dict[int, date]:
    table = Base.metadata.tables["tasks"]
    rows = connection.execute(select(table.c.id, table.c.created_at).where(table.c.account_id == account_id))
    return {row.id: to_local(row.created_at).date() for row in rows}


def _imports(connection: Connection, account_id: int) -> Iterable[Moment]:
    rows = connection.execute(
        select(Handover.id, Handover.received_on, Handover.created_at, Handover.source_row, Import.file_name)
        .outerjoin(Import, Import.id == Handover.import_id)
        .where(Handover.account_id == account_id, Handover.deleted_at.is_(None))
    )
    for row in rows:
        day = row.received_on or to_local(row.created_at).date()
        yield Moment(Kind.IMPORT, row.id, day, title=row.file_name or "", text=row.source_row)


def _changes(connection: Connection, account_id: int) -> Iterable[Moment]:
    """The steps that touched the account, its people, contracts or handovers: one line a step."""
    ids = [account_id]
    for name in ("contacts", "contracts", "handovers"):
        table = Base.metadata.tables[name]
        ids += connection.scalars(select(table.c.id).where(table.c.account_id == account_id))
    rows = connection.execute(
        select(Step.id, Step.at, Step.title, Step.params, Change.entity)
        .join(Change, Change.step_id == Step.id)
        .where(Change.entity_id.in_(ids), Change.entity.not_in(OWN_WORDS))
        .order_by(Step.id.desc())
        .limit(MOST_CHANGES)
    )
    steps: dict[int, Moment] = {}
    for row in rows:
        local = to_local(row.at)
        title = step_text(row.title, row.params)
        steps.setdefault(row.id, Moment(Kind.CHANGE, row.id, local.date(), f"{local:%H:%M}", title))
    return steps.values()


def counts(moments: Iterable[Moment]) -> dict[Kind, int]:
    """How many moments each kind has."""
    found = Counter(moment.kind for moment in moments)
    return {kind: found[kind] for kind in Kind}


def narrowed(moments: Sequence[Moment], kind: Kind | None, words: str) -> tuple[Moment, ...]:
    """Those of a kind (None: all) in which every word occurs."""
    wanted = words.casefold().split()
    return tuple(
        moment
        for moment in moments
        if (kind is None or moment.kind == kind) and all(word in moment.words() for word in wanted)
    )
