"""To product and back: demands and bugs go out as a workbook and count as sent, what product answered is taken in.

Each way is one step that can be undone. What comes back is judged by the desk's own commands: the preview is a rehearsal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from csdesk.models.tickets import Demand, Ticket
from csdesk.models.vocabulary import Decision, DemandSize, DemandState, Scope, StepKind, TicketKind, TicketState
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.progress import Progress
from csdesk.services.core.stored import many
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tickets.commands import MoveTickets, move_ticket, move_tickets
from csdesk.services.tickets.demands import Ground, Redate, Review, SendDemands, redate_on, review_on, send_demands
from csdesk.services.tickets.product_answers import (
    FIXED,
    Answer,
    AnsweredRow,
    FieldChange,
    RowFate,
    What,
    changes_between,
    doubles,
    fate_of,
    gaps,
)
from csdesk.services.tickets.product_sheet import (
    RELEASES,
    ProductBug,
    ProductDemand,
    bugs_for_product,
    demands_for_product,
    voices_for_product,
    write_for_product,
)
from csdesk.services.tickets.rules import demand_move, demand_number, ticket_number, ticket_verbs
from csdesk.services.tickets.standing import ACCOUNTS, DEMANDS, TICKETS, VOICES

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk, Done

OURS, THEIRS = "ours", "theirs"
"""What is chosen about a row that changed on both sides."""
_SENT_FROM = demand_move("send").sources


@dataclass(frozen=True)
class ForProduct:
    """What goes out: demands, the bugs that wait, with names or tiers alone; ``sends`` marks them as sent."""

    demand_ids: tuple[int, ...]
    bugs: bool = True
    names: bool = True
    sends: bool = True


@dataclass(frozen=True)
class Sent:
    """What went out: how many demands, voices and bugs; the bugs that stayed, because they say too little."""

    demands: int
    voices: int
    bugs: int
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sendable:
    """What could go to product: ids of demands to be reviewed, of those that product has, how many bugs, how many unclear."""

    to_review: tuple[int, ...]
    with_product: tuple[int, ...]
    bugs: int
    unclear: int


def sendable(connection: Connection, today: date) -> Sendable:
    """What waits to go to product, and what is there already."""
    query = select(DEMANDS.c.id, DEMANDS.c.state).where(DEMANDS.c.deleted_at.is_(None)).order_by(DEMANDS.c.number)
    by_state: dict[str, list[int]] = {}
    for row in connection.execute(query):
        by_state.setdefault(row.state, []).append(row.id)
    bugs = bugs_for_product(connection, today)
    unclear = sum(not bug.is_clear for bug in bugs)
    return Sendable(
        tuple(by_state.get(DemandState.TO_REVIEW, ())), tuple(by_state.get(DemandState.IN_REVIEW, ())),
        len(bugs) - unclear, unclear,
    )  # fmt: skip


def send_to_product(desk: Desk, path: Path, wish: ForProduct, progress: Progress | None = None) -> Done[Sent]:
    """Write the workbook, then note in one step that product has it. Raises StorageError; then nothing is noted.

    Raises Problems where nothing would stand in it.
    """
    progress = progress or Progress()
    today = desk.clock.today()
    with desk.read() as connection:
        demands = demands_for_product(connection, wish.demand_ids, today)
        if wish.sends:
            demands = [one.anew() if one.state in _SENT_FROM else one for one in demands]
        bugs = bugs_for_product(connection, today) if wish.bugs else []
        clear = [bug for bug in bugs if bug.is_clear]
        voices = voices_for_product(connection, [one.id for one in demands])
        names = () if wish.names else _names_behind(connection, demands, clear)
    if not demands and not clear:
        raise Problems([Problem("demands", _("There is nothing to send: no demand and no bug waits."), code="empty")])
    progress.check()
    write_for_product(path, demands, voices, clear, today, names)
    unclear = tuple(ticket_number(TicketKind.BUG, bug.number) for bug in bugs if not bug.is_clear)
    sent = Sent(len(demands), len(voices), len(clear), unclear)
    return desk.do(note_sent, _Sending(wish.sends, tuple(demands), tuple(clear), sent, path.name), progress=progress)


def _names_behind(
    connection: Connection, demands: Sequence[ProductDemand], bugs: Sequence[ProductBug]
) -> tuple[str, ...]:
    """Every name by which the accounts behind these are called."""
    of_demands = select(VOICES.c.account_id).where(VOICES.c.demand_id.in_(many([one.id for one in demands])))
    of_bugs = select(TICKETS.c.account_id).where(TICKETS.c.id.in_(many([one.id for one in bugs])))
    query = select(ACCOUNTS.c.name, ACCOUNTS.c.short_name).where(
        ACCOUNTS.c.id.in_(of_demands) | ACCOUNTS.c.id.in_(of_bugs)
    )
    found = [name for row in connection.execute(query) for name in row if name]
    return tuple(dict.fromkeys(found)) or ("\x00",)


@dataclass(frozen=True)
class _Sending:
    """A workbook that was written."""

    marks: bool
    demands: tuple[ProductDemand, ...]
    bugs: tuple[ProductBug, ...]
    sent: Sent
    file: str


@command(N_("Sent to product: {file}"))
def note_sent(uow: UnitOfWork, wish: _Sending) -> Sent:
    """Demands to be reviewed and bugs that wait are with product from now on; those that are there already stay."""
    uow.name(file=wish.file, count=wish.sent.demands)
    if wish.marks:
        fresh = tuple(one.id for one in wish.demands if one.state in _SENT_FROM)
        bugs = tuple(one.id for one in wish.bugs if "send" in ticket_verbs(TicketKind.BUG, one.state))
        if fresh:
            send_demands(uow, SendDemands(fresh))
        if bugs:
            move_tickets(uow, MoveTickets(bugs, "send"))
        uow.name(file=wish.file)
    return wish.sent


@dataclass(frozen=True)
class TakeAnswers:
    """What product answered. ``choices`` say by the row's place (sheet, row) whose word counts where both sides changed it."""

    file: str
    rows: tuple[AnsweredRow, ...]
    choices: Mapping[tuple[str, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row: the record as the desk knows it, old beside new, what is wrong and at which cell.

    ``taken``: it is written. ``chosen`` is what was said about a conflict, "" for nothing.
    """

    row: AnsweredRow
    fate: RowFate
    id: int | None = None
    number: str = ""
    title: str = ""
    changes: tuple[FieldChange, ...] = ()
    problems: tuple[Problem, ...] = ()
    taken: bool = False
    chosen: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a workbook that came back, row by row in its order."""

    file: str
    rows: tuple[RowOutcome, ...]

    @property
    def counts(self) -> Mapping[RowFate, int]:
        """How many rows met each fate."""
        return Counter(row.fate for row in self.rows)

    @property
    def taken(self) -> int:
        """How many rows are written."""
        return sum(row.taken for row in self.rows)

    @property
    def open_conflicts(self) -> int:
        """How many rows changed on both sides and nobody has said whose word counts."""
        return sum(row.fate is RowFate.CONFLICT and not row.chosen for row in self.rows)


@command(N_("Answers from product ({count}): {file}"), kind=StepKind.IMPORT)
def take_answers(uow: UnitOfWork, wish: TakeAnswers) -> Outcome:
    """Write down every answer that is new and can be taken; the others are told, each with its reason. One step for all.

    Returns what became of each row; a rehearsal returns the same.
    """
    known = _Known(uow.connection, wish.rows, uow.today)
    found = [known.find(row) for row in wish.rows]
    days = _release_days(uow.connection)
    uow.progress.step(_("Looking at the answers"), total=len(wish.rows))
    twice = doubles([replace(row, id=one.id) for row, one in zip(wish.rows, found, strict=True)])
    ground, made = known.ground(uow), []
    for row, one in zip(wish.rows, found, strict=True):
        uow.progress.advance()
        double = twice.get(row.place)
        problems = one.problems or ((double,) if double is not None else ())
        chosen = wish.choices.get(row.place, "")
        made.append(_take_row(uow, row, replace(one, problems=problems), chosen, days, ground))
    outcome = Outcome(wish.file, tuple(made))
    uow.name(file=wish.file, count=outcome.taken)
    return outcome


@dataclass(frozen=True)
class _Record:
    """The demand or bug that a row answers for, as it is now; ``problems`` say why it is none."""

    id: int | None = None
    number: str = ""
    title: str = ""
    state: str = ""
    sent_on: date | None = None
    ours: Answer = field(default_factory=Answer)
    problems: tuple[Problem, ...] = ()


class _Known:
    """The demands and bugs that the rows answer for."""

    def __init__(self, connection: Connection, rows: Sequence[AnsweredRow], today: date) -> None:
        self._numbers = {
            What.DEMAND: _ids_by_number(connection, DEMANDS, DEMANDS.c.deleted_at.is_(None)),
            What.BUG: _ids_by_number(
                connection, TICKETS, TICKETS.c.deleted_at.is_(None), TICKETS.c.kind == TicketKind.BUG
            ),
        }
        wanted: dict[What, set[int]] = {What.DEMAND: set(), What.BUG: set()}
        for row in rows:
            found = row.id if row.id is not None else self._numbers[row.what].get(row.number)
            if found is not None:
                wanted[row.what].add(found)
        demands = demands_for_product(connection, sorted(wanted[What.DEMAND]), today)
        bugs = bugs_for_product(connection, today, sorted(wanted[What.BUG]))
        self._demands = {one.id: one for one in demands}
        self._bugs = {one.id: one for one in bugs}
        into = [one.merged_into_id for one in demands if one.merged_into_id is not None]
        self._merged: dict[int, int] = dict(
            connection.execute(select(DEMANDS.c.id, DEMANDS.c.number).where(DEMANDS.c.id.in_(many(into)))).all()
        )

    def ground(self, uow: UnitOfWork) -> Ground:
        """What answering for all of them asks of the store."""
        return Ground(uow, self._demands.keys(), self._bugs.keys())

    def find(self, row: AnsweredRow) -> _Record:
        """What a row answers for."""
        record = row.id if row.id is not None else self._numbers[row.what].get(row.number)
        if row.what is What.BUG:
            bug = self._bugs.get(record or 0)
            if bug is None:
                return _Record(problems=(_unknown(row),))
            found = _Record(
                bug.id, ticket_number(TicketKind.BUG, bug.number), bug.title, bug.state.value, bug.sent_on, bug.answer
            )
            return _checked(found, row, bug.number)
        demand = self._demands.get(record or 0)
        if demand is None:
            return _Record(problems=(_unknown(row),))
        found = _Record(
            demand.id, demand_number(demand.number), demand.title, demand.state.value, demand.sent_on, demand.answer
        )
        if demand.state == DemandState.MERGED:
            other = demand_number(self._merged.get(demand.merged_into_id or 0, 0))
            words = _("{number} was merged into {other} in the meantime: the answer belongs there.")
            problem = row.problem("number", words.format(number=found.number, other=other), "merged")
            return replace(found, problems=(problem,))
        return _checked(found, row, demand.number)


def _release_days(connection: Connection) -> dict[str, date]:
    """By name the day for which a release is planned."""
    query = select(RELEASES.c.name, RELEASES.c.planned_on)
    alive = query.where(RELEASES.c.deleted_at.is_(None), RELEASES.c.planned_on.is_not(None))
    return dict(connection.execute(alive).all())


def _ids_by_number(connection: Connection, table: Any, *conditions: Any) -> dict[int, int]:
    return dict(connection.execute(select(table.c.number, table.c.id).where(*conditions)).all())


def _unknown(row: AnsweredRow) -> Problem:
    words = _("There is no such record on this desk: it was deleted, or the workbook comes from another desk.")
    return row.problem("number", words, "unknown")


def _checked(found: _Record, row: AnsweredRow, number: int) -> _Record:
    """The record, with a problem where the hidden id and what the row shows do not belong together."""
    if row.number and row.number != number:
        words = _("The row says {shown}, but its hidden id belongs to {number}: rows and ids were mixed up by sorting.")
        return replace(
            found, problems=(row.problem("number", words.format(shown=row.number, number=found.number), "mixed"),)
        )
    if row.id is None and row.title and "[" not in row.title and _bare(row.title) != _bare(found.title):
        words = _("The hidden id is lost, and {number} has another title on this desk: “{title}”.")
        problem = row.problem("number", words.format(number=found.number, title=found.title), "unknown")
        return replace(found, problems=(problem,))
    return found


def _bare(text: str) -> str:
    return "".join(text.casefold().split())


def _take_row(
    uow: UnitOfWork, row: AnsweredRow, found: _Record, chosen: str, release_days: Mapping[str, date], ground: Ground
) -> RowOutcome:
    base = RowOutcome(row, RowFate.REFUSED, found.id, found.number, found.title or row.title)
    if not row.answer.decision and not row.problems:
        return replace(base, fate=RowFate.UNANSWERED)
    problems = (*found.problems, *row.problems)
    if problems:
        return replace(base, problems=problems)
    theirs = _with_day(release_days, row.answer.over(found.ours)).settled()
    fate = fate_of(row.as_sent, row.answer, theirs, found.ours)
    if fate is RowFate.SAME:
        return replace(base, fate=fate)
    changes = changes_between(found.ours, theirs, row.cells)
    wrong = gaps(row, theirs, found.sent_on, uow.today)
    if wrong:
        return replace(base, changes=changes, problems=wrong)
    told = replace(base, fate=fate, changes=changes, chosen=chosen if fate is RowFate.CONFLICT else "")
    if fate is RowFate.CONFLICT and chosen != THEIRS:
        return told
    try:
        _write(uow, row, found, theirs, changes, ground)
    except Problems as refused:
        moved = tuple(_at_cell(row, problem) for problem in refused.problems)
        return replace(told, fate=RowFate.REFUSED, problems=moved)
    return replace(told, taken=True)


def _with_day(release_days: Mapping[str, date], theirs: Answer) -> Answer:
    """An accepted answer without a date takes that of its release, where it was known before this workbook came."""
    if theirs.decision != Decision.ACCEPTED or theirs.planned_on is not None:
        return theirs
    return replace(theirs, planned_on=release_days.get(theirs.release))


def _at_cell(row: AnsweredRow, problem: Problem) -> Problem:
    """What a command refused, at the cell that says so."""
    name = problem.field if problem.field in row.cells else "decision"
    return row.problem(name, problem.message, problem.code)


def _write(
    uow: UnitOfWork, row: AnsweredRow, found: _Record, theirs: Answer, changes: Iterable[FieldChange], ground: Ground
) -> None:
    """Let the desk's own command write the answer. Raises Problems before anything is written."""
    assert found.id is not None
    if row.what is What.BUG:
        move = _move_of(found, found.id, theirs)
        move_ticket(uow, uow.get(Ticket, found.id), move, ground.rules.user, ground.behind)
        return
    demand = uow.get(Demand, found.id)
    changed = {change.field for change in changes}
    if found.state == DemandState.RELEASED:
        words = _("{number} is released already: take it up again first.").format(number=found.number)
        raise Problems([Problem("decision", words, code="state")])
    if found.state == DemandState.ACCEPTED and changed <= {"planned_on", "release"} and theirs.planned_on is not None:
        redate_on(uow, demand, Redate(found.id, theirs.planned_on, theirs.release), ground)
        return
    review = Review(
        found.id, Decision(theirs.decision), theirs.reasonable, Scope(theirs.scope) if theirs.scope else None,
        DemandSize(theirs.size) if theirs.size else None, theirs.reason, theirs.answer, theirs.reviewed_by,
        theirs.release, theirs.planned_on,
    )  # fmt: skip
    review_on(uow, demand, review, ground)


def _move_of(found: _Record, bug: int, theirs: Answer) -> MoveTickets:
    """The move that an answer about a bug means."""
    if theirs.decision == FIXED:
        return MoveTickets((bug,), "fix", theirs.planned_on, answer=theirs.answer, release=theirs.release)
    if theirs.decision == Decision.DECLINED:
        return MoveTickets((bug,), "decline", note=theirs.answer, answer=theirs.answer)
    verb = "redate" if found.state == TicketState.ACCEPTED else "accept"
    return MoveTickets((bug,), verb, answer=theirs.answer, planned_on=theirs.planned_on, release=theirs.release)
