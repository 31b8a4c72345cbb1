"""One answer as it is told: whom, what they said, what was decided, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.contacts import Contact
from csdesk.models.tickets import Demand, Ticket
from csdesk.models.vocabulary import Channel, NoticeState
from csdesk.services.contacts.queries import ContactRow, contacts_of
from csdesk.services.settings.queries import setting
from csdesk.services.tickets.queries import NoticeRow, notice_rows
from csdesk.services.tickets.rules import demand_number, ticket_number
from csdesk.services.tickets.telling import proposed_text
from csdesk.services.tickets.templates import SETTING


@dataclass(frozen=True)
class Said:
    """One ticket of the customer: its number as people say it, the words, the day, who said it and how."""

    id: int
    number: str
    text: str
    reported_on: date
    contact: str
    contact_id: int | None
    channel: str | None


@dataclass(frozen=True)
class Decided:
    """What was decided: the number and title of the demand or ticket, when, by whom, the reason (for us alone) and the
    answer."""

    number: str
    title: str
    day: date | None
    by: str
    reason: str
    answer: str


@dataclass(frozen=True)
class AnswerView:
    """An answer with everything that is needed to tell it. ``days`` is its age; it is ``late`` beyond the setting."""

    row: NoticeRow
    said: tuple[Said, ...]
    decided: Decided
    people: tuple[ContactRow, ...]
    text: str
    days: int
    late: bool

    @property
    def contact_id(self) -> int | None:
        """Whom to tell: who was chosen or told, else who said it, where they are still there."""
        here = {person.id for person in self.people if person.left_on is None}
        wanted = (self.row.contact_id, *(one.contact_id for one in reversed(self.said)))
        return next((found for found in wanted if found in here), None)

    @property
    def channel(self) -> Channel:
        """How it is or was told: by the way the customer took, WeChat where nobody knows."""
        known = self.row.channel or next((one.channel for one in reversed(self.said) if one.channel), None)
        return Channel(known) if known else Channel.WECHAT


def answer(connection: Connection, notice_id: int, today: date) -> AnswerView | None:
    """One answer; None where it is gone."""
    row = notice_rows(connection, (notice_id,)).get(notice_id)
    if row is None:
        return None
    days = (today - row.due_on).days
    open_ = row.state == NoticeState.OPEN
    return AnswerView(
        row,
        _said(connection, row),
        _decided(connection, row),
        tuple(contacts_of(connection, row.account_id)),
        proposed_text(row, setting(connection, SETTING)),
        days,
        open_ and days > int(setting(connection, "tickets.told_days")),
    )


def _said(connection: Connection, row: NoticeRow) -> tuple[Said, ...]:
    about = Ticket.demand_id == row.demand_id if row.demand_id is not None else Ticket.id == row.ticket_id
    found = connection.execute(
        select(
            Ticket.id, Ticket.kind, Ticket.number, Ticket.text, Ticket.title, Ticket.reported_on, Ticket.contact_id,
            Ticket.channel, Contact.name,
        )
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .where(about, Ticket.account_id == row.account_id, Ticket.deleted_at.is_(None))
        .order_by(Ticket.reported_on, Ticket.id)
    )  # fmt: skip
    return tuple(
        Said(one.id, ticket_number(one.kind, one.number), one.text or one.title, one.reported_on, one.name or "",
             one.contact_id, one.channel)
        for one in found
    )  # fmt: skip


def _decided(connection: Connection, row: NoticeRow) -> Decided:
    if row.demand_id is not None:
        found: Any = connection.execute(select(Demand.__table__).where(Demand.id == row.demand_id)).one()
        return Decided(
            demand_number(found.number), found.title, found.decided_on, found.reviewed_by, found.reason, found.answer
        )
    found = connection.execute(select(Ticket.__table__).where(Ticket.id == row.ticket_id)).one()
    return Decided(ticket_number(found.kind, found.number), row.title, found.decided_on, "", "", found.answer)
