"""What an account is to be told at the next meeting, and the tickets that it may ask about."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from csdesk.models.vocabulary import NoticeCause, NoticeState, TicketState
from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.services.tickets.queries import NoticeRow, TicketRow, notices_of_account, tickets_of_account
from csdesk.services.tickets.rules import OVER
from csdesk.services.visits.report_back import BackItem


def tickets_to_report(connection: Connection, account_id: int) -> Iterator[BackItem]:
    """The answers to tell, the oldest first; then the tickets without an answer, the oldest first."""
    answers = [row for row in notices_of_account(connection, account_id) if row.state == NoticeState.OPEN]
    told = {ticket for row in answers for ticket in row.ticket_ids}
    for row in answers:
        yield _answer(row)
    for ticket in reversed(tickets_of_account(connection, account_id)):
        if ticket.id not in told and ticket.state not in OVER:
            yield _open(ticket)


def _answer(row: NoticeRow) -> BackItem:
    cause = NoticeCause(row.cause)
    day = {NoticeCause.RELEASED: row.released_on, NoticeCause.BUG_FIXED: row.released_on}.get(cause, row.planned_on)
    if cause in (NoticeCause.DECLINED, NoticeCause.ANSWERED):
        day = None
    state = " ".join(part for part in (_(cause.label), f"{day:%m-%d}" if day else "") if part)
    return BackItem(
        "notices", row.id, row.title, state, _("known since {day}").format(day=formats.day_iso(row.due_on)), late=True
    )


def _open(row: TicketRow) -> BackItem:
    state = TicketState(row.state)
    words = _(state.label)
    if state == TicketState.ACCEPTED and row.planned_on is not None:
        words = f"{words} {row.planned_on:%m-%d}"
    return BackItem("tickets", row.id, row.title, words, row.number, tells=False)
