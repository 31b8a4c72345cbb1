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

TEMPLATES: Mapping[NoticeCause, str] = {
    NoticeCause.DATE_SET: N_(
        "Hello {contact}, you asked us: “{words}”. Product has accepted it; it is planned for {date}. "
        "I will tell you as soon as it is there."
    ),
    NoticeCause.DATE_MOVED: N_(
        "Hello {contact}, about what you asked us: “{words}”. The day has moved: it is now planned for {date}. "
        "I am sorry for the wait and will keep an eye on it."
    ),
    NoticeCause.RELEASED: N_(
        "Hello {contact}, you asked us: “{words}”. It is there: “{title}” is out{release_part}. "
        "Shall I show you how it works?"
    ),
    NoticeCause.DECLINED: N_(
        "Hello {contact}, you asked us: “{words}”. We looked at it with product. {answer} "
        "If it becomes more pressing for you, tell me and I bring it up again."
    ),
    NoticeCause.BUG_FIXED: N_(
        "Hello {contact}, you reported: “{words}”. It is fixed{release_part}. Please try it, and tell me if anything is left."
    ),
    NoticeCause.ANSWERED: N_("Hello {contact}, you asked: “{words}”. {answer}"),
}
"""The texts that come with the desk."""


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
    if row.text:
        return row.text
    cause = NoticeCause(row.cause)
    template = templates.get(cause.value) or _(TEMPLATES[cause])
    return filled(template, values_of(row))


def values_of(row: NoticeRow) -> dict[str, str]:
    """What stands for each placeholder of a template."""
    release = row.release or (row.released_on.isoformat() if row.released_on else "")
    return {
        "account": row.account,
        "contact": row.contact or row.account,
        "words": " / ".join(" ".join(words.split()) for words in row.words),
        "title": row.title,
        "date": row.planned_on.isoformat() if row.planned_on else "",
        "release": release,
        "release_part": _(" ({release})").format(release=release) if release else "",
        "answer": " ".join(row.answer.split()),
    }


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its placeholders replaced, each once; what is no placeholder stays as it was written."""
    parts = []
    rest = template
    while rest:
        before, brace, rest = rest.partition("{")
        name, end, after = rest.partition("}")
        if brace and end and name in values:
            parts += [before, values[name]]
            rest = after
        else:
            parts += [before, brace]
    return "".join(parts)


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
