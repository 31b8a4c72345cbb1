"""Reading tickets, demands, notices and releases one by one, and the board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from csdesk.models.base import to_cents
from csdesk.models.tickets import DemandMove, DemandReview, TicketMove
from csdesk.models.vocabulary import DemandState, NoticeState, TicketKind, TicketState, Tier
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.stored import many
from csdesk.services.tickets.listings import (
    ASKED,
    BUG_SINCE,
    CONTACTS,
    EFFECTIVE,
    NOTICE_NUMBER,
    NOTICE_TITLE,
    NOTICES,
    NOTICES_JOINED,
    RELEASES,
    SHOWN_ACCOUNT,
    TICKET_NUMBER,
    TICKETS_JOINED,
    DemandSql,
    demands,
    prefixed,
)
from csdesk.services.tickets.rules import Deadlines, demand_verbs, ticket_verbs
from csdesk.services.tickets.standing import ACCOUNTS, DEMANDS, TICKETS, TicketRules, ticket_rules

REVIEWS: Any = DemandReview.__table__
DEMAND_MOVES: Any = DemandMove.__table__
TICKET_MOVES: Any = TicketMove.__table__


@dataclass(frozen=True)
class DemandCard:
    """A demand as the board shows it. ``deadline`` is the day by which product is to be sent it, or to answer.

    ``overdue`` counts working days behind it, ``passed`` those since it waits; ``untold`` and ``told`` count customers
    for what is true of it now. ``column`` is "" where it is over.
    """

    id: int
    version: int
    number: str
    title: str
    state: str
    scope: str | None
    module: str
    column: str
    accounts: int
    arr_cents: int
    tiers: tuple[tuple[str, int], ...]
    renewing: int
    opened_on: date
    waits_since: date
    sent_on: date | None
    planned_on: date | None
    first_planned_on: date | None
    released_on: date | None
    decided_on: date | None
    release: str
    raised: bool
    untold: int
    told: int
    deadline: date | None
    overdue: int
    passed: int

    @property
    def verbs(self) -> tuple[str, ...]:
        """What can be done with it now."""
        return demand_verbs(self.state, self.raised)


def demand_cards(
    connection: Connection, today: date, query: Query | None = None, rules: TicketRules | None = None
) -> list[DemandCard]:
    """The demands that a query finds (None: what is on the board), most accounts first, then most ARR."""
    rules = rules or ticket_rules(connection)
    ids = demands(today, rules).ids(connection, query or Query(filters=(Filter("to_do"),)), today)
    return cards_of(connection, ids, today, rules)


def cards_of(connection: Connection, ids: Sequence[int], today: date, rules: TicketRules) -> list[DemandCard]:
    """The cards of these demands, in this order."""
    sql = DemandSql(today, rules)
    c, w = DEMANDS.c, sql.weights.c
    statement = (
        select(
            c.id, c.version, prefixed("D", c.number), c.title, c.state, c.scope, c.module, sql.column, sql.accounts,
            sql.arr, func.coalesce(w.renewing, 0), c.opened_on, c.waits_since, c.sent_on, c.planned_on,
            c.first_planned_on, c.released_on, c.decided_on, func.coalesce(RELEASES.c.name, ""), sql.raised, sql.to_tell,
            func.coalesce(sql.told.c.said, 0), sql.days, *(w[f"tier_{tier.value}"] for tier in Tier),
        )
        .select_from(sql.joined)
        .where(c.id.in_(many(ids)), c.deleted_at.is_(None))
    )  # fmt: skip
    found = {row[0]: _card(row, today, rules.deadlines) for row in connection.execute(statement)}
    return [found[demand_id] for demand_id in ids if demand_id in found]


def _card(row: Any, today: date, deadlines: Deadlines) -> DemandCard:
    (
        row_id, version, number, title, state, scope, module, column, accounts, arr, renewing, opened, waits, sent,
        planned, first, released, decided, release, raised, untold, told, days, *tiers,
    ) = row  # fmt: skip
    waiting = state in (DemandState.TO_REVIEW, DemandState.IN_REVIEW)
    deadline = deadlines.after(waits, days) if waiting else None
    counted = tuple((tier.value, count) for tier, count in zip(Tier, tiers, strict=True) if count)
    return DemandCard(
        row_id, version, number, title, state, scope, module, column, accounts, arr, counted, renewing, opened, waits,
        sent, planned, first, released, decided, release, bool(raised), untold, told, deadline,
        deadlines.overdue(deadline, today) if deadline else 0, deadlines.passed(waits, today) if waiting else 0,
    )  # fmt: skip


@dataclass(frozen=True)
class TicketRow:
    """A ticket as a list or a page of its demand or account shows it; ``state`` is what it shows."""

    id: int
    version: int
    number: str
    kind: str
    own_state: str
    state: str
    title: str
    text: str
    account_id: int
    account: str
    tier: str | None
    arr_cents: int
    contact_id: int | None
    contact: str
    importance: str
    severity: str | None
    module: str
    channel: str | None
    reported_on: date
    planned_on: date | None
    first_planned_on: date | None
    released_on: date | None
    decided_on: date | None
    told_on: date | None
    closed_on: date | None
    demand_id: int | None
    demand_number: str
    demand_title: str
    demand_state: str | None
    release: str
    answer: str

    @property
    def verbs(self) -> tuple[str, ...]:
        """What can be done with it now."""
        return ticket_verbs(self.kind, self.own_state, self.demand_state)


_RELEASE_NAME = (
    select(RELEASES.c.name)
    .where(RELEASES.c.id == func.coalesce(TICKETS.c.release_id, DEMANDS.c.release_id))
    .scalar_subquery()
)
_TICKET_ROW = (
    TICKETS.c.id, TICKETS.c.version, TICKET_NUMBER, TICKETS.c.kind, TICKETS.c.state, EFFECTIVE, ASKED, TICKETS.c.text,
    TICKETS.c.account_id, SHOWN_ACCOUNT, ACCOUNTS.c.tier, func.coalesce(ACCOUNTS.c.arr_cents, 0), TICKETS.c.contact_id,
    func.coalesce(CONTACTS.c.name, ""), TICKETS.c.importance, TICKETS.c.severity, TICKETS.c.module, TICKETS.c.channel,
    TICKETS.c.reported_on, func.coalesce(TICKETS.c.planned_on, DEMANDS.c.planned_on),
    func.coalesce(TICKETS.c.first_planned_on, DEMANDS.c.first_planned_on),
    func.coalesce(TICKETS.c.released_on, DEMANDS.c.released_on),
    func.coalesce(TICKETS.c.decided_on, DEMANDS.c.decided_on), TICKETS.c.told_on, TICKETS.c.closed_on,
    TICKETS.c.demand_id, func.coalesce(prefixed("D", DEMANDS.c.number), ""), func.coalesce(DEMANDS.c.title, ""), DEMANDS.c.state,
    func.coalesce(_RELEASE_NAME, ""), func.coalesce(func.nullif(TICKETS.c.answer, ""), DEMANDS.c.answer, ""),
)  # fmt: skip


def ticket_rows(connection: Connection, *conditions: Any, limit: int | None = None) -> list[TicketRow]:
    """Tickets that are not in the bin, the oldest first."""
    found: Any = connection.execute(
        select(*_TICKET_ROW)
        .select_from(TICKETS_JOINED)
        .where(TICKETS.c.deleted_at.is_(None), *conditions)
        .order_by(TICKETS.c.reported_on, TICKETS.c.id)
        .limit(limit)
    )
    return [TicketRow(*row) for row in found]


def tickets_of_account(connection: Connection, account_id: int, limit: int = 200) -> list[TicketRow]:
    """An account's tickets, the newest first."""
    return ticket_rows(connection, TICKETS.c.account_id == account_id, limit=limit)[::-1]


@dataclass(frozen=True)
class MoveRow:
    """One step that a ticket or a demand made; ``other`` is the number of the demand of a merge or a split."""

    from_state: str | None
    to_state: str
    moved_on: date
    moved_by: str
    planned_on: date | None
    note: str
    other: str = ""


@dataclass(frozen=True)
class ReviewRow:
    """One review of a demand; ARR in cents."""

    id: int
    reviewed_on: date
    reviewed_by: str
    decision: str
    reasonable: bool | None
    scope: str | None
    size: str | None
    reason: str
    answer: str
    release: str
    planned_on: date | None
    accounts: int
    arr_cents: int | None


@dataclass(frozen=True)
class NoticeRow:
    """One answer for one customer, with what it asked for in its own words (all its tickets there)."""

    id: int
    version: int
    account_id: int
    account: str
    tier: str | None
    demand_id: int | None
    ticket_id: int | None
    number: str
    title: str
    cause: str
    state: str
    due_on: date
    planned_on: date | None
    released_on: date | None
    release: str
    answer: str
    text: str
    channel: str | None
    told_on: date | None
    told_by: str
    contact_id: int | None
    contact: str
    words: tuple[str, ...] = ()
    ticket_ids: tuple[int, ...] = ()


def notice_rows(connection: Connection, ids: Iterable[int]) -> dict[int, NoticeRow]:
    """These notices by id."""
    return {row.id: row for row in _notices(connection, NOTICES.c.id.in_(many(ids)))}


def to_tell(connection: Connection, limit: int | None = None) -> list[NoticeRow]:
    """What customers are to be told, the oldest first."""
    return _notices(connection, NOTICES.c.state == NoticeState.OPEN, limit=limit)


def notices_of_account(connection: Connection, account_id: int) -> list[NoticeRow]:
    """What an account was told, or is to be told; the oldest first."""
    return _notices(connection, NOTICES.c.account_id == account_id, NOTICES.c.state != NoticeState.SUPERSEDED)


def _notices(connection: Connection, *conditions: Any, limit: int | None = None) -> list[NoticeRow]:
    n, release = NOTICES.c, RELEASES.alias()
    joined = NOTICES_JOINED.outerjoin(
        release, release.c.id == func.coalesce(DEMANDS.c.release_id, TICKETS.c.release_id)
    )
    found = connection.execute(
        select(
            n.id, n.version, n.account_id, SHOWN_ACCOUNT, ACCOUNTS.c.tier, n.demand_id, n.ticket_id, NOTICE_NUMBER,
            NOTICE_TITLE, n.cause, n.state, n.due_on, n.planned_on,
            func.coalesce(DEMANDS.c.released_on, TICKETS.c.released_on), func.coalesce(release.c.name, ""),
            func.coalesce(DEMANDS.c.answer, TICKETS.c.answer, ""), n.text, n.channel, n.told_on, n.told_by, n.contact_id,
        )
        .select_from(joined)
        .where(n.deleted_at.is_(None), *conditions)
        .order_by(n.due_on, n.id)
        .limit(limit)
    ).all()  # fmt: skip
    voices = _voices_of(connection, [(row[2], row[5], row[6]) for row in found])
    return [_notice(row, voices.get((row[2], row[5], row[6]), [])) for row in found]


Place = tuple[int, int | None, int | None]


def _voices_of(connection: Connection, places: Sequence[Place]) -> dict[Place, list[Any]]:
    """By account, demand and ticket: the tickets that are spoken of, with the person who asked last."""
    accounts = {place[0] for place in places}
    t = TICKETS.c
    found: dict[Place, list[Any]] = {}
    if not accounts:
        return found
    rows = connection.execute(
        select(t.id, t.account_id, t.demand_id, t.kind, t.text, t.contact_id, CONTACTS.c.name)
        .select_from(TICKETS.outerjoin(CONTACTS, CONTACTS.c.id == t.contact_id))
        .where(t.deleted_at.is_(None), t.state != TicketState.WITHDRAWN, t.account_id.in_(many(accounts)))
        .order_by(t.reported_on, t.id)
    )
    for row in rows:
        place = (row[1], row[2], None) if row[3] == TicketKind.REQUIREMENT else (row[1], None, row[0])
        found.setdefault(place, []).append(row)
    return found


def _notice(row: Any, voices: Sequence[Any]) -> NoticeRow:
    person = next((voice for voice in reversed(voices) if voice[5] is not None), None)
    contact_id = row[20] if row[20] is not None else (person[5] if person is not None else None)
    named = next((voice[6] for voice in voices if voice[5] == contact_id), None) if contact_id is not None else None
    words, tickets = tuple(voice[4] for voice in voices), tuple(voice[0] for voice in voices)
    values = [*row[:20], contact_id, named or "", words, tickets]
    return NoticeRow(*values)


@dataclass(frozen=True)
class DemandView:
    """Everything about one demand. ``importances`` counts accounts by the importance that each said last."""

    card: DemandCard
    background: str
    reasonable: bool | None
    size: str | None
    reviewed_by: str
    reason: str
    answer: str
    merged_into: str
    again_at: int | None
    voices: tuple[TicketRow, ...]
    reviews: tuple[ReviewRow, ...]
    moves: tuple[MoveRow, ...]
    notices: tuple[NoticeRow, ...]

    @property
    def importances(self) -> Mapping[str, int]:
        """By importance: the accounts that said so last."""
        last = {voice.account_id: voice.importance for voice in self.voices}
        counted: dict[str, int] = {}
        for importance in last.values():
            counted[importance] = counted.get(importance, 0) + 1
        return counted


def demand(connection: Connection, demand_id: int, today: date) -> DemandView | None:
    """One demand that is not in the bin; merged ones too."""
    rules = ticket_rules(connection)
    found = cards_of(connection, [demand_id], today, rules)
    if not found:
        return None
    c, other = DEMANDS.c, DEMANDS.alias()
    row = connection.execute(
        select(
            c.background,
            c.reasonable,
            c.size,
            c.reviewed_by,
            c.reason,
            c.answer,
            prefixed("D", other.c.number),
            c.again_at,
        )
        .select_from(DEMANDS.outerjoin(other, other.c.id == c.merged_into_id))
        .where(c.id == demand_id)
    ).one()
    return DemandView(
        found[0], *row[:6], row[6] or "", row[7],
        tuple(ticket_rows(connection, TICKETS.c.demand_id == demand_id, TICKETS.c.state != TicketState.WITHDRAWN)),
        _reviews(connection, demand_id), demand_moves(connection, demand_id),
        tuple(_notices(connection, NOTICES.c.demand_id == demand_id, NOTICES.c.state != NoticeState.SUPERSEDED)),
    )  # fmt: skip


def _reviews(connection: Connection, demand_id: int) -> tuple[ReviewRow, ...]:
    columns = [REVIEWS.c["arr" if key == "arr_cents" else key] for key in ReviewRow.__dataclass_fields__]
    found = connection.execute(
        select(*columns)
        .where(REVIEWS.c.demand_id == demand_id, REVIEWS.c.deleted_at.is_(None))
        .order_by(REVIEWS.c.reviewed_on.desc(), REVIEWS.c.id.desc())
    )
    rows = ([*row[:-1], None if row[-1] is None else to_cents(row[-1])] for row in found)
    return tuple(ReviewRow(*row) for row in rows)


def demand_moves(connection: Connection, demand_id: int) -> tuple[MoveRow, ...]:
    """The steps of a demand, the newest first."""
    m, other = DEMAND_MOVES.c, DEMANDS.alias()
    found = connection.execute(
        select(m.from_state, m.to_state, m.moved_on, m.moved_by, m.planned_on, m.note, prefixed("D", other.c.number))
        .select_from(DEMAND_MOVES.outerjoin(other, other.c.id == m.other_id))
        .where(m.demand_id == demand_id, m.deleted_at.is_(None))
        .order_by(m.id.desc())
    )
    return tuple(MoveRow(*row[:6], row[6] or "") for row in found)


def ticket_moves(connection: Connection, ticket_id: int) -> tuple[MoveRow, ...]:
    """The steps of a ticket, the newest first."""
    m = TICKET_MOVES.c
    found = connection.execute(
        select(m.from_state, m.to_state, m.moved_on, m.moved_by, m.planned_on, m.note)
        .where(m.ticket_id == ticket_id, m.deleted_at.is_(None))
        .order_by(m.id.desc())
    )
    return tuple(MoveRow(*row) for row in found)


DETAILS = (
    "why", "who", "how_often", "workaround", "worth", "otherwise", "scene", "steps", "expected", "seen", "environment",
    "notes", "clarified_on", "sent_on", "withdrawn_on", "reopened_on", "visit_id",
)  # fmt: skip


@dataclass(frozen=True)
class TicketView:
    """Everything about one ticket. ``details`` holds its background, or scene and steps, and its further days, by column."""

    row: TicketRow
    details: Mapping[str, Any]
    deadline: date | None
    overdue: int
    moves: tuple[MoveRow, ...]
    notices: tuple[NoticeRow, ...]

    @property
    def dates_moved(self) -> int:
        """How often a bug's promised day was moved."""
        days = [move.planned_on for move in reversed(self.moves) if move.planned_on is not None]
        return sum(one != other for one, other in pairwise(days))

    @property
    def kept(self) -> bool | None:
        """Whether a bug was fixed by the day first promised; None while that is open, or nothing was promised."""
        first, fixed = self.row.first_planned_on, self.row.released_on
        return None if first is None or fixed is None else fixed <= first


def ticket(connection: Connection, ticket_id: int, today: date) -> TicketView | None:
    """One ticket that is not in the bin."""
    found = ticket_rows(connection, TICKETS.c.id == ticket_id)
    if not found:
        return None
    row, rules = found[0], ticket_rules(connection)
    details = connection.execute(select(*(TICKETS.c[key] for key in DETAILS)).where(TICKETS.c.id == ticket_id)).one()
    deadline = None
    if row.kind == TicketKind.BUG and row.own_state in (
        TicketState.CAPTURED, TicketState.CLARIFIED, TicketState.IN_REVIEW,
    ):  # fmt: skip
        since = connection.scalar(select(BUG_SINCE).where(TICKETS.c.id == ticket_id)) or row.reported_on
        since = since if isinstance(since, date) else date.fromisoformat(since)
        deadline = rules.deadlines.after(since, rules.standard.days([row.tier], row.severity))
    conditions = [NOTICES.c.ticket_id == ticket_id]
    if row.demand_id is not None:
        conditions.append(and_(NOTICES.c.demand_id == row.demand_id, NOTICES.c.account_id == row.account_id))
    said = _notices(connection, or_(*conditions), NOTICES.c.state != NoticeState.SUPERSEDED)
    return TicketView(
        row, dict(zip(DETAILS, details, strict=True)), deadline,
        rules.deadlines.overdue(deadline, today) if deadline else 0, ticket_moves(connection, ticket_id),
        tuple(replace(notice) for notice in said),
    )  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """The head of the requirements page."""

    demands: int
    tickets: int
    accounts: int


def counts(connection: Connection) -> Counts:
    """How many demands, tickets and accounts there are."""
    living = select(func.count()).where(DEMANDS.c.deleted_at.is_(None), DEMANDS.c.state != DemandState.MERGED)
    of_tickets = select(func.count(), func.count(func.distinct(TICKETS.c.account_id))).where(
        TICKETS.c.deleted_at.is_(None)
    )
    row = connection.execute(of_tickets).one()
    return Counts(connection.scalar(living) or 0, row[0], row[1])
