"""Who is to be told what: after each answer of product one notice for each customer that waits for it.

A notice that nobody was told of yet is overtaken by a newer answer; where the newest answer says what the customer knows
already, nothing is left to tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from csdesk.models.base import Record
from csdesk.models.tickets import Demand, DemandMove, Notice, Ticket, TicketMove
from csdesk.models.vocabulary import (
    DemandState,
    NoticeCause,
    NoticeState,
    TicketKind,
    TicketState,
)
from csdesk.services.core.stored import many
from csdesk.services.core.unit_of_work import UnitOfWork
from csdesk.services.tickets.rules import OPEN_STATES, cause_after

DATES = (NoticeCause.DATE_SET, NoticeCause.DATE_MOVED)


class Behind:
    """The tickets that ask for some demands, and the notices about these demands and about some tickets, read at once:
    a command that answers for a thousand asks once. It holds what it read, and is right as long as each is changed once."""

    def __init__(self, uow: UnitOfWork, demand_ids: Iterable[int], ticket_ids: Iterable[int] = ()) -> None:
        uow.session.flush()
        demands, about = many(demand_ids), many(ticket_ids)
        self.rows = list(uow.session.scalars(select(Demand).where(Demand.id.in_(demands))))
        self.rows += uow.session.scalars(select(Ticket).where(Ticket.id.in_(about)))
        self._tickets: defaultdict[int | None, list[Ticket]] = defaultdict(list)
        for ticket in uow.session.scalars(_asking(Ticket.demand_id.in_(demands))):
            self._tickets[ticket.demand_id].append(ticket)
        self._notices: defaultdict[tuple[int | None, int | None], list[Notice]] = defaultdict(list)
        for notice in _notices(uow, or_(Notice.demand_id.in_(demands), Notice.ticket_id.in_(about))):
            self._notices[notice.demand_id, notice.ticket_id].append(notice)

    def tickets(self, demand_id: int) -> list[Ticket]:
        """The requirements that ask for a demand, in the order in which they came."""
        return self._tickets[demand_id]

    def notices(self, demand_id: int | None, ticket_id: int | None = None) -> list[Notice]:
        """What was or is to be told about a demand or a ticket, those told in the order of days last."""
        return self._notices[demand_id, ticket_id]


def tickets_of_demand(uow: UnitOfWork, demand_id: int) -> list[Ticket]:
    """The requirements that ask for a demand, in the order in which they came."""
    uow.session.flush()
    return list(uow.session.scalars(_asking(Ticket.demand_id == demand_id)))


def _asking(condition: Any) -> Any:
    return select(Ticket).where(condition, Ticket.deleted_at.is_(None)).order_by(Ticket.reported_on, Ticket.id)


def note_ticket(
    uow: UnitOfWork, row: Ticket, before: str | None, by: str, note: str = "", on: date | None = None
) -> None:
    """Write down one step of a ticket."""
    uow.add(
        TicketMove(
            ticket_id=row.id, from_state=before, to_state=row.state, moved_on=on or uow.today, moved_by=by,
            planned_on=row.planned_on, note=note,
        )
    )  # fmt: skip


def note_demand(
    uow: UnitOfWork,
    row: Demand,
    before: str | None,
    by: str,
    note: str = "",
    on: date | None = None,
    other: int | None = None,
) -> None:
    """Write down one step of a demand."""
    uow.add(
        DemandMove(
            demand_id=row.id, from_state=before, to_state=row.state, moved_on=on or uow.today, moved_by=by,
            planned_on=row.planned_on, other_id=other, note=note,
        )
    )  # fmt: skip


def announce_demand(uow: UnitOfWork, row: Demand, on: date | None = None, behind: Behind | None = None) -> int:
    """Bring the notices about a demand in step with its state; how many customers are to be told now."""
    behind = behind or Behind(uow, [row.id])
    waiting = {t.account_id for t in behind.tickets(row.id) if t.state in OPEN_STATES}
    said = behind.notices(row.id)
    accounts = waiting | {notice.account_id for notice in said}
    return sum(
        _announce(uow, [n for n in said if n.account_id == account], account in waiting, row, account, on)
        for account in sorted(accounts)
    )


def announce_ticket(uow: UnitOfWork, row: Ticket, on: date | None = None, behind: Behind | None = None) -> int:
    """The same for a bug or a question."""
    behind = behind or Behind(uow, (), [row.id])
    return _announce(uow, behind.notices(None, row.id), True, row, row.account_id, on)


def _announce(
    uow: UnitOfWork, said: list[Notice], waits: bool, row: Demand | Ticket, account: int, on: date | None
) -> bool:
    told = [n.planned_on for n in said if n.state == NoticeState.TOLD and n.cause in DATES]
    open_ones = [notice for notice in said if notice.state == NoticeState.OPEN]
    cause = _cause(row, told[-1] if told else None) if waits else None
    kept = [n for n in open_ones if n.cause == cause and (n.cause not in DATES or n.planned_on == row.planned_on)]
    for notice in open_ones:
        if notice not in kept[:1]:
            notice.state = NoticeState.SUPERSEDED.value
    if cause is None or kept:
        return bool(kept)
    uow.add(
        Notice(
            account_id=account, cause=cause.value, due_on=on or uow.today, planned_on=row.planned_on,
            demand_id=row.id if isinstance(row, Demand) else None,
            ticket_id=row.id if isinstance(row, Ticket) else None,
        )
    )  # fmt: skip
    return True


def _cause(row: Demand | Ticket, told_date: date | None) -> NoticeCause | None:
    if isinstance(row, Ticket):
        if row.kind == TicketKind.QUESTION:
            return NoticeCause.ANSWERED if row.state == TicketState.ANSWERED else None
        if row.state == TicketState.RELEASED:
            return NoticeCause.BUG_FIXED
    return cause_after(row.state, told_date=told_date, planned_on=row.planned_on)


def _notices(uow: UnitOfWork, condition: Any) -> list[Notice]:
    found = select(Notice).where(condition, Notice.deleted_at.is_(None))
    return list(uow.session.scalars(found.order_by(Notice.told_on, Notice.id)))


def _told_of_decline(row: Demand, behind: Behind) -> set[int]:
    """The accounts whose last word about a demand was that it is declined."""
    last: dict[int, str] = {}
    for notice in behind.notices(row.id):
        if notice.state == NoticeState.TOLD and notice.cause in (NoticeCause.DECLINED, NoticeCause.RELEASED):
            last[notice.account_id] = notice.cause
    return {account for account, cause in last.items() if cause == NoticeCause.DECLINED}


def wake_declined(uow: UnitOfWork, row: Demand, by: str, behind: Behind) -> None:
    """Tickets that ended with a decline wait again: their demand was accepted after all."""
    accounts = _told_of_decline(row, behind)
    for ticket in behind.tickets(row.id):
        if ticket.account_id in accounts and ticket.state in (TicketState.TOLD, TicketState.CLOSED):
            before, ticket.state = ticket.state, TicketState.IN_REVIEW.value
            ticket.told_on = ticket.closed_on = None
            note_ticket(uow, ticket, before, by)


def settle_demands(uow: UnitOfWork, demand_ids: Iterable[int | None]) -> None:
    """After tickets left a demand or came to it: its notices follow."""
    left = sorted({found for found in demand_ids if found is not None})
    behind = Behind(uow, left)
    for demand_id in left:
        row = uow.session.get(Demand, demand_id)
        if row is not None and row.deleted_at is None and row.state != DemandState.MERGED:
            announce_demand(uow, row, behind=behind)


def is_alive(row: Record | None) -> bool:
    """Whether a row is there and not in the bin."""
    return row is not None and row.deleted_at is None
