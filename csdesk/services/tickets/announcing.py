"""Who is to be told what: after each answer of product one notice for each customer that waits for it.

A notice that nobody was told of yet is overtaken by a newer answer; where the newest answer says what the customer knows
already, nothing is left to tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from csdesk.models.base import Record
from csdesk.models.tickets import Demand, DemandMove, Notice, Ticket, TicketMove
from csdesk.models.vocabulary import (
    DemandState,
    NoticeCause,
    NoticeState,
    TicketKind,
    TicketState,
)
from csdesk.services.core.unit_of_work import UnitOfWork
from csdesk.services.tickets.rules import OPEN_STATES, cause_after

DATES = (NoticeCause.DATE_SET, NoticeCause.DATE_MOVED)


def tickets_of_demand(uow: UnitOfWork, demand_id: int) -> list[Ticket]:
    """The requirements that ask for a demand, in the order in which they came."""
    uow.session.flush()
    found = select(Ticket).where(Ticket.demand_id == demand_id, Ticket.deleted_at.is_(None))
    return list(uow.session.scalars(found.order_by(Ticket.reported_on, Ticket.id)))


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


def announce_demand(uow: UnitOfWork, row: Demand, on: date | None = None) -> int:
    """Bring the notices about a demand in step with its state; how many customers are to be told now."""
    waiting = {t.account_id for t in tickets_of_demand(uow, row.id) if t.state in OPEN_STATES}
    said = _notices(uow, Notice.demand_id == row.id)
    accounts = waiting | {notice.account_id for notice in said}
    return sum(
        _announce(uow, [n for n in said if n.account_id == account], account in waiting, row, account, on)
        for account in sorted(accounts)
    )


def announce_ticket(uow: UnitOfWork, row: Ticket, on: date | None = None) -> int:
    """The same for a bug or a question."""
    uow.session.flush()
    said = _notices(uow, Notice.ticket_id == row.id)
    return _announce(uow, said, True, row, row.account_id, on)


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


def _notices(uow: UnitOfWork, condition: object) -> list[Notice]:
    found = select(Notice).where(condition, Notice.deleted_at.is_(None))  # type: ignore[arg-type]
    return list(uow.session.scalars(found.order_by(Notice.told_on, Notice.id)))


def told_of_decline(uow: UnitOfWork, row: Demand) -> set[int]:
    """The accounts whose last word about a demand was that it is declined."""
    last: dict[int, str] = {}
    for notice in _notices(uow, Notice.demand_id == row.id):
        if notice.state == NoticeState.TOLD and notice.cause in (NoticeCause.DECLINED, NoticeCause.RELEASED):
            last[notice.account_id] = notice.cause
    return {account for account, cause in last.items() if cause == NoticeCause.DECLINED}


def wake_declined(uow: UnitOfWork, row: Demand, by: str) -> None:
    """Tickets that ended with a decline wait again: their demand was accepted after all."""
    accounts = told_of_decline(uow, row)
    for ticket in tickets_of_demand(uow, row.id):
        if ticket.account_id in accounts and ticket.state in (TicketState.TOLD, TicketState.CLOSED):
            before, ticket.state = ticket.state, TicketState.IN_REVIEW.value
            ticket.told_on = ticket.closed_on = None
            note_ticket(uow, ticket, before, by)


def settle_demands(uow: UnitOfWork, demand_ids: Iterable[int | None]) -> None:
    """After tickets left a demand or came to it: its notices follow."""
    for demand_id in sorted({found for found in demand_ids if found is not None}):
        row = uow.session.get(Demand, demand_id)
        if row is not None and row.deleted_at is None and row.state != DemandState.MERGED:
            announce_demand(uow, row)


def is_alive(row: Record | None) -> bool:
    """Whether a row is there and not in the bin."""
    return row is not None and row.deleted_at is None
