"""Telling customers what became of what they asked for: the text, the channel, the day, and that it was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from csdesk.models.tickets import Notice, Ticket
from csdesk.models.vocabulary import FINAL_CAUSES, Channel, NoticeCause, NoticeState, TicketKind, TicketState
from csdesk.services.accounts.commands import named
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.tickets.announcing import note_ticket, tickets_of_demand
from csdesk.services.tickets.queries import NoticeRow, notice_rows
from csdesk.services.tickets.rules import OPEN_STATES
from csdesk.services.tickets.standing import ticket_rules
from csdesk.services.tickets.templates import filled, template

OUT = (NoticeCause.RELEASED, NoticeCause.BUG_FIXED)
"""Answers about something that customers have now."""


@dataclass(frozen=True)
class Tell:
    """Notices whose customers were told: how, when (None: today), by whom (the user), what (the proposed text)."""

    notice_ids: tuple[int, ...]
    channel: Channel | None = None
    text: str | None = None
    on: date | None = None
    by: str = ""
    contact_id: int | None = None


@dataclass(frozen=True)
class ChangeNotice:
    """The text to be said; "" goes back to the template. ``version`` as it was read (None: whatever it is)."""

    id: int
    text: str
    version: int | None = None


def proposed_text(row: NoticeRow, templates: Mapping[str, str]) -> str:
    """What the customer may be told: the text kept with the notice, else the template of its cause, filled."""
    return row.text or filled(template(NoticeCause(row.cause), templates), values_of(row))


def values_of(row: NoticeRow) -> dict[str, str]:
    """What stands for each name of a template. The date is the day it came out, else the one it is planned for."""
    day = row.released_on if row.cause in OUT else row.planned_on
    return {
        "account": row.account,
        "contact": row.contact,
        "words": " / ".join(" ".join(words.split()) for words in row.words),
        "title": row.title,
        "date": day.isoformat() if day else "",
        "release": row.release,
        "answer": row.answer,
    }


@command(N_("Customers told: {names}"))
def tell_customers(uow: UnitOfWork, wish: Tell) -> None:
    """Write down that customers were told. The last word makes their tickets told.

    Raises Problems for a day to come, or before the answer was there.
    """
    rules = ticket_rules(uow.connection)
    rows = [uow.get(Notice, notice) for notice in wish.notice_ids]
    known = notice_rows(uow.connection, tuple(row.id for row in rows))
    day = wish.on or uow.today
    for row in rows:
        _check(row, day, uow.today)
        row.state, row.told_on, row.told_by = NoticeState.TOLD.value, day, wish.by.strip() or rules.user
        row.channel = wish.channel.value if wish.channel else None
        row.contact_id = wish.contact_id if wish.contact_id is not None else row.contact_id
        row.text = wish.text.strip() if wish.text is not None else proposed_text(known[row.id], rules.templates)
        if row.cause in FINAL_CAUSES:
            _end(uow, row, day, rules.user)
    uow.name(names=named([known[row.id].account for row in rows]), count=len(rows))


def _check(row: Notice, day: date, today: date) -> None:
    if row.state != NoticeState.OPEN:
        raise Problems([Problem("notice", _("This was told, or overtaken by a newer answer."), code="state")])
    if day > today:
        raise Problems([Problem("on", _("This day is still to come."), code="future")])
    if day < row.due_on:
        raise Problems([Problem("on", _("On this day there was no answer yet."), code="order")])


def _end(uow: UnitOfWork, row: Notice, day: date, user: str) -> None:
    if row.ticket_id is not None:
        tickets = [uow.get(Ticket, row.ticket_id)]
    else:
        found = tickets_of_demand(uow, row.demand_id or 0)
        tickets = [t for t in found if t.account_id == row.account_id and t.state in OPEN_STATES]
    for ticket in tickets:
        before, ticket.state, ticket.told_on = ticket.state, TicketState.TOLD.value, day
        note_ticket(uow, ticket, _shown_before(row, ticket, before), user, on=day)


def _shown_before(row: Notice, ticket: Ticket, own: str) -> str:
    """What the ticket showed before it was told."""
    if ticket.kind != TicketKind.REQUIREMENT:
        return own
    return TicketState.RELEASED if row.cause == NoticeCause.RELEASED else TicketState.DECLINED


@command(N_("What {name} is to be told was changed"))
def change_notice(uow: UnitOfWork, wish: ChangeNotice) -> None:
    """Keep a text for the customer. Raises Conflict where the notice changed."""
    row = uow.get(Notice, wish.id, wish.version)
    row.text = wish.text.strip()
    uow.name(name=notice_rows(uow.connection, (row.id,))[row.id].account)
