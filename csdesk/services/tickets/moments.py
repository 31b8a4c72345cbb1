"""An account's tickets and answers told, and its timeline with them in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from csdesk.models.vocabulary import Channel, NoticeCause, NoticeState, TicketState
from csdesk.services.core.texts import _
from csdesk.services.interactions.timeline import Kind, Moment, newest_first, timeline
from csdesk.services.tickets.queries import NoticeRow, TicketRow, notices_of_account, tickets_of_account


@dataclass(frozen=True)
class AccountTickets:
    """What an account asked for, the newest first, and the answers it was told or is to be told, the newest first."""

    tickets: tuple[TicketRow, ...]
    notices: tuple[NoticeRow, ...]


def account_tickets(connection: Connection, account_id: int) -> AccountTickets:
    """The tickets of an account and its answers."""
    notices = notices_of_account(connection, account_id)
    return AccountTickets(tuple(tickets_of_account(connection, account_id)), tuple(reversed(notices)))


def whole_timeline(connection: Connection, account_id: int) -> tuple[Moment, ...]:
    """All moments of an account with what it asked for and what it was told, the newest first."""
    found = account_tickets(connection, account_id)
    told = [row for row in found.notices if row.state == NoticeState.TOLD and row.told_on is not None]
    return newest_first([*timeline(connection, account_id), *map(_asked, found.tickets), *_told(told)])


def _asked(row: TicketRow) -> Moment:
    note = f"{row.number} \u00b7 {_(TicketState(row.state).label)}"
    said = row.text if row.text != row.title else ""
    people = (row.contact,) if row.contact else ()
    return Moment(
        Kind.TICKET, row.id, row.reported_on, title=row.title, text=said, note=note, people=people, opens=row.id
    )


def _told(rows: list[NoticeRow]) -> Iterator[Moment]:
    for row in rows:
        if row.told_on is not None and row.ticket_ids:
            parts = (row.number, row.told_by, _(Channel(row.channel).label) if row.channel else "")
            title = _("Told: {answer}: {title}").format(answer=_(NoticeCause(row.cause).label), title=row.title)
            note = " \u00b7 ".join(part for part in parts if part)
            yield Moment(
                Kind.TICKET, row.id, row.told_on, title=title, text=row.text, note=note, opens=row.ticket_ids[0]
            )  # fmt: skip
