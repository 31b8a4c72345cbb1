"""Reading handover records: the list of all, and one with its checklist, questions, promises and moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Integer, and_, case, cast, func, literal, or_, select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover, HandoverMove, HandoverQuestion
from csdesk.models.vocabulary import N_, ContactRole, HandoverPoint, HandoverState, TaskSource
from csdesk.services.contacts.queries import contacts_of
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like
from csdesk.services.handover import checklist
from csdesk.services.handover.promises import split_promises
from csdesk.services.tasks.queries import TaskRow, tasks_from

TABLE: Any = Handover.__table__
ACCOUNTS: Any = Account.__table__
COLUMNS = (
    Column("account", N_("Account"), Kind.NAME, 160),
    Column("state", N_("State"), Kind.BADGE, 96),
    Column("early", N_("Attention"), Kind.BADGE, 120),
    Column("completeness", N_("Complete (%)"), Kind.NUMBER, 88),
    Column("missing", N_("Missing"), Kind.CHOICE, 184, sortable=False, leaves=2),
    Column("received_on", N_("Received"), Kind.DAY, 96, leaves=3),
    Column("days", N_("Days"), Kind.NUMBER, 64),
    Column("start_on", N_("Contract starts"), Kind.DAY, 104),
    Column("sales_owner", N_("Sales owner"), Kind.TEXT, 88, leaves=1),
    Column("owner", N_("CSM owner"), Kind.TEXT, 96, hidden=True),
    Column("decided_on", N_("Decided on"), Kind.DAY, 112, hidden=True),
    Column("tier", N_("Tier"), Kind.TIER, 56, hidden=True),
    Column("contract", N_("Contract number"), Kind.TEXT, 120, hidden=True),
)
SHOWN = case((ACCOUNTS.c.short_name != "", ACCOUNTS.c.short_name), else_=ACCOUNTS.c.name)
RUNS, EARLY = "runs", "early"
"""The marks of a handover whose contract runs while it is not accepted, or ran before it was."""
WAITING = (HandoverState.RECEIVED, HandoverState.QUESTIONED)


def _of_contracts(value: Any) -> Any:
    return (
        select(value)
        .where(Contract.account_id == Handover.account_id, Contract.deleted_at.is_(None))
        .correlate(Handover)
        .scalar_subquery()
    )


FIRST_START = _of_contracts(func.min(Contract.start_on))
FIRST_NUMBER = _of_contracts(func.min(func.nullif(Contract.number, "")))


def _mark(today: date) -> Any:
    """RUNS, EARLY or nothing."""
    marked = _is_early(today)
    return case((and_(marked, TABLE.c.state == HandoverState.ACCEPTED), EARLY), (marked, RUNS), else_="")


def _is_early(today: date) -> ColumnElement[bool]:
    """Whether a contract began before the handover was accepted, or runs while it is not."""
    accepted = TABLE.c.state == HandoverState.ACCEPTED
    return or_(and_(accepted, TABLE.c.decided_on > FIRST_START), and_(~accepted, today >= FIRST_START))


def _days(today: date) -> Any:
    """Days from received to decided, or to today."""
    until = func.julianday(func.coalesce(TABLE.c.decided_on, literal(today, Date)))
    return cast(until - func.julianday(TABLE.c.received_on), Integer)


JOINED = TABLE.join(ACCOUNTS, ACCOUNTS.c.id == TABLE.c.account_id)
ALIVE = and_(TABLE.c.deleted_at.is_(None), ACCOUNTS.c.deleted_at.is_(None))


@lru_cache(maxsize=4)
def handovers(today: date) -> Listing:
    """All handovers as they stand on a day: those that wait first, of them those whose contract begins first."""
    rank = case({state.value: str(place) for place, state in enumerate(HandoverState)}, value=TABLE.c.state, else_="9")
    return Listing(
        entity="handovers",
        table=TABLE,
        columns=COLUMNS,
        sources={
            **{column.key: TABLE.c[column.key] for column in COLUMNS if column.key in TABLE.c},
            **{key: ACCOUNTS.c[key] for key in ("sales_owner", "owner", "tier")},
            "account": SHOWN,
            "early": _mark(today),
            "completeness": checklist.score(),
            "missing": checklist.missing(),
            "days": _days(today),
            "start_on": FIRST_START,
            "contract": func.coalesce(FIRST_NUMBER, ""),
        },
        default_sort="state",
        orders={
            "account": ACCOUNTS.c.name_key,
            "state": rank.concat(func.coalesce(FIRST_START, "9999")),
            "early": func.nullif(_mark(today), ""),
        },
        conditions={
            "state": _states,
            "early": lambda given, day: _is_early(day),
            "gaps": lambda given, day: checklist.missing() != "",
            "sales_owner": lambda given, day: ACCOUNTS.c.sales_owner == str(given.value),
        },
        search=lambda words: like(
            words, ACCOUNTS.c.name, ACCOUNTS.c.short_name, ACCOUNTS.c.sales_owner, ACCOUNTS.c.owner, ACCOUNTS.c.pinyin,
            ACCOUNTS.c.initials, TABLE.c.source_row,
        ),
        joined=JOINED,
        base=ALIVE,
    )  # fmt: skip


def _states(given: Filter, _today: date) -> ColumnElement[bool]:
    values = given.value if isinstance(given.value, tuple) else (given.value,)
    found: ColumnElement[bool] = TABLE.c.state.in_([str(value) for value in values])
    return found


VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("all", N_("All"), ()),
    ("waiting", N_("Waiting"), (Filter("state", HandoverState.RECEIVED),)),
    ("questioned", N_("Questioned"), (Filter("state", HandoverState.QUESTIONED),)),
    ("returned", N_("Returned to sales"), (Filter("state", HandoverState.RETURNED),)),
    ("accepted", N_("Accepted"), (Filter("state", HandoverState.ACCEPTED),)),
    ("early", N_("Contract runs already"), (Filter("state", tuple(WAITING)), Filter("early"))),
)
"""The views that come with the desk: key, title (msgid), conditions."""


def view_counts(connection: Connection, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many handovers each set of conditions holds."""
    return [handovers(today).count(connection, Query(filters=filters), today) for filters in views]


@dataclass(frozen=True)
class Question:
    """What sales was asked about a point; ``answered`` once the point says something else than then."""

    text: str
    asked_on: date
    answered: bool


@dataclass(frozen=True)
class PointState:
    """One point of the checklist: what sales wrote, what is known from elsewhere, and the question about it."""

    point: HandoverPoint
    text: str
    known: str
    present: bool
    question: Question | None

    @property
    def evidence(self) -> str:
        """All that is known about the point."""
        lines = dict.fromkeys([*self.text.split("\n"), *self.known.split("\n")])
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class PromiseState:
    """A single promise and the task that keeps it, the open one where there are several."""

    text: str
    task: TaskRow | None


@dataclass(frozen=True)
class MoveRow:
    """One move of the past."""

    from_state: HandoverState
    to_state: HandoverState
    moved_on: date
    reason: str


@dataclass(frozen=True)
class HandoverRecord:
    """A handover with all that its tab shows. ``completeness`` is percent, None where no point has a weight.

    ``days`` counts from received to decided, or to the day it was read on. ``early``: a contract began before it was
    accepted; ``start_on`` is the first contract's start.
    """

    id: int
    version: int
    account_id: int
    account: str
    full_name: str
    tier: str | None
    owner: str
    contract: str
    state: HandoverState
    received_on: date | None
    decided_on: date | None
    start_on: date | None
    early: bool
    days: int | None
    completeness: int | None
    pain_points: str
    questions: str
    notes: str
    source_row: str
    points: tuple[PointState, ...]
    promises: tuple[PromiseState, ...]
    moves: tuple[MoveRow, ...]

    @property
    def missing(self) -> tuple[HandoverPoint, ...]:
        """The points that say nothing yet."""
        return tuple(state.point for state in self.points if not state.present)

    @property
    def open_questions(self) -> tuple[PointState, ...]:
        """The points about which sales was asked and has not answered."""
        return tuple(state for state in self.points if state.question is not None and not state.question.answered)

    @property
    def without_task(self) -> tuple[str, ...]:
        """The promises for which there is no task."""
        return tuple(promise.text for promise in self.promises if promise.task is None)

    def point(self, point: HandoverPoint) -> PointState:
        """One point."""
        return next(state for state in self.points if state.point == point)


def record_of(connection: Connection, account_id: int, today: date) -> HandoverRecord | None:
    """The newest handover of an account, as it stands on a day."""
    found = connection.scalar(
        select(TABLE.c.id)
        .where(TABLE.c.account_id == account_id, TABLE.c.deleted_at.is_(None))
        .order_by(TABLE.c.id.desc())
        .limit(1)
    )
    return None if found is None else record(connection, found, today)


def record(connection: Connection, handover_id: int, today: date) -> HandoverRecord | None:
    """One handover that is not in the bin."""
    listing = handovers(today)
    names = (
        "id", "version", "account_id", "state", "received_on", "decided_on", "pain_points", "questions", "notes",
        "source_row", *TEXTS,
    )  # fmt: skip
    own = [TABLE.c[name] for name in names]
    drawn = [listing.sources[name].label(name) for name in DRAWN]
    present = [checklist.PRESENT[point].label(f"has_{point.value}") for point in HandoverPoint]
    row = connection.execute(
        select(*own, *drawn, *present, Account.tier, Account.name.label("full_name"))
        .select_from(JOINED)
        .where(ALIVE, TABLE.c.id == handover_id)
    ).first()
    if row is None:
        return None
    values = dict(row._mapping)
    completeness = values["completeness"]
    return HandoverRecord(
        **{name: values[name] for name in ("id", "version", "account_id", "account", "full_name", "tier", "owner")},
        **{name: values[name] for name in ("received_on", "decided_on", "start_on", "days", "contract")},
        **{name: values[name] for name in ("pain_points", "questions", "notes", "source_row")},
        state=HandoverState(values["state"]),
        early=bool(values["early"]),
        completeness=None if completeness is None else int(completeness),
        points=_points(connection, values),
        promises=_promises(connection, handover_id, values["promises"]),
        moves=_moves(connection, handover_id),
    )


TEXTS = tuple(point.value for point in HandoverPoint if point != HandoverPoint.TIER)
DRAWN = ("account", "owner", "contract", "early", "days", "completeness", "start_on")


def _points(connection: Connection, values: Mapping[str, Any]) -> tuple[PointState, ...]:
    known = _known(connection, values["account_id"])
    asked = _asked(connection, values["id"])
    states = []
    for point in HandoverPoint:
        text = values["tier"] or "" if point == HandoverPoint.TIER else values[point.value]
        state = PointState(point, text, known.get(point, ""), bool(values[f"has_{point.value}"]), None)
        row = asked.get(point)
        question = Question(row.question, row.asked_on, row.was != state.evidence) if row is not None else None
        states.append(PointState(point, text, state.known, state.present, question))
    return tuple(states)


def _known(connection: Connection, account_id: int) -> dict[HandoverPoint, str]:
    """What contracts and people say about points."""
    contracts = connection.execute(
        select(Contract.payment_terms, ContractLine.products, ContractLine.seats)
        .outerjoin(ContractLine, and_(ContractLine.contract_id == Contract.id, ContractLine.deleted_at.is_(None)))
        .where(Contract.account_id == account_id, Contract.deleted_at.is_(None))
        .order_by(Contract.start_on, Contract.id)
    ).all()
    bought = [f"{row.products} × {row.seats}" if row.seats else row.products for row in contracts if row.products]
    people = [
        f"{person.name} {person.title}".strip()
        for person in contacts_of(connection, account_id)
        if person.role == ContactRole.DECISION_MAKER and person.left_on is None
    ]
    terms = [row.payment_terms for row in contracts if row.payment_terms]
    return {
        HandoverPoint.STAKEHOLDERS: "\n".join(people),
        HandoverPoint.SCOPE: "\n".join(dict.fromkeys(bought)),
        HandoverPoint.PAYMENT_TERMS: "\n".join(dict.fromkeys(terms)),
    }


def _asked(connection: Connection, handover_id: int) -> dict[str, Any]:
    rows = connection.execute(
        select(HandoverQuestion.point, HandoverQuestion.question, HandoverQuestion.was, HandoverQuestion.asked_on)
        .where(HandoverQuestion.handover_id == handover_id, HandoverQuestion.deleted_at.is_(None))
        .order_by(HandoverQuestion.id)
    )
    return {row.point: row for row in rows}


def _promises(connection: Connection, handover_id: int, text: str) -> tuple[PromiseState, ...]:
    tasks: dict[str, TaskRow] = {}
    for task in tasks_from(connection, TaskSource.HANDOVER, handover_id):
        tasks.setdefault(task.source_text, task)
    return tuple(PromiseState(promise, tasks.get(promise)) for promise in split_promises(text))


def _moves(connection: Connection, handover_id: int) -> tuple[MoveRow, ...]:
    rows = connection.execute(
        select(HandoverMove.from_state, HandoverMove.to_state, HandoverMove.moved_on, HandoverMove.reason)
        .where(HandoverMove.handover_id == handover_id, HandoverMove.deleted_at.is_(None))
        .order_by(HandoverMove.id)
    )
    return tuple(MoveRow(HandoverState(row[0]), HandoverState(row[1]), row[2], row[3]) for row in rows)


def records(connection: Connection, ids: list[int], today: date) -> list[HandoverRecord]:
    """Several handovers in the order given; those that are gone are left out."""
    found = (record(connection, handover_id, today) for handover_id in ids)
    return [one for one in found if one is not None]
