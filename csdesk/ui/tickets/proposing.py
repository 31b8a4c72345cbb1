"""The likely same: one index for the window, made when it is first asked, told of each change; how it is put into words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import DemandState, TicketKind, TicketState
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.services.tickets.rules import OVER, demand_number, ticket_number
from csdesk.ui.core.lines import Badge, Line
from csdesk.ui.tickets.ticket_wording import STATE_TONES
from csdesk.ui.tickets.wording import DEMAND_TONES

if TYPE_CHECKING:
    from csdesk.services.tickets.likeness import Known, StoreLikeness
    from csdesk.ui.core.context import Context


def likeness(context: Context) -> StoreLikeness:
    """The index over the open store."""
    from csdesk.services.tickets.likeness import StoreLikeness

    if context.likeness is None:
        context.likeness = StoreLikeness(context.desk)
        context.runner.changed.connect(context.likeness.changed)
    return context.likeness


def known_number(kind: TicketKind, known: Known) -> str:
    """The number of the demand, of the bug or of the question."""
    return demand_number(known.number) if kind == TicketKind.REQUIREMENT else ticket_number(kind, known.number)


def known_line(kind: TicketKind, known: Known, account: object, joined: bool, today: date) -> Line:
    """What is known already, beside a ticket of this kind that ``account`` (its id) has; a question with its answer."""
    here = _("this account asks for it already") if account in known.accounts else ""
    right = ""
    if kind == TicketKind.REQUIREMENT:
        badge = Badge(_(DemandState(known.state).label), DEMAND_TONES[known.state])
        right = ngettext("{n} account", "{n} accounts", len(known.accounts)).format(n=len(known.accounts))
    else:
        state = TicketState(known.state)
        badge = Badge(_(state.label), STATE_TONES[state])
    if kind == TicketKind.BUG:
        here = _("reported by this account already") if here else ""
        right = _fix_words(known, today)
    taken = {TicketKind.REQUIREMENT: _("joined"), TicketKind.BUG: _("same bug"), TicketKind.QUESTION: _("used")}
    badges = (Badge(taken[kind], "blue"), badge) if joined else (badge,)
    return Line(
        known.id, known.title, " ".join(known.answer.split()) if kind == TicketKind.QUESTION else "",
        left=known_number(kind, known), badges=badges, note=here, right=right,
    )  # fmt: skip


def _fix_words(known: Known, today: date) -> str:
    """When the fix came, or for when it is promised."""
    if known.released_on is not None:
        return _("fixed {day}").format(day=formats.day_short(known.released_on, today))
    if known.planned_on is not None and known.state not in OVER:
        return _("promised for {day}").format(day=formats.day_short(known.planned_on, today))
    return ""


def offer_words(kind: TicketKind, joined: Known | None) -> tuple[str, str]:
    """The sentence above what is proposed, and the verb of its key."""
    if joined is None:
        said = {
            TicketKind.REQUIREMENT: (_("Likely the same; Alt+\u2193 goes there"), _("Join")),
            TicketKind.BUG: (_("Likely reported before; Alt+\u2193 goes there"), _("Same bug")),
            TicketKind.QUESTION: (_("Likely answered before; Alt+\u2193 goes there"), _("Use the answer")),
        }
        return said[kind]
    number = known_number(kind, joined)
    taken = {
        TicketKind.REQUIREMENT: (_("Will join {number}"), _("Do not join")),
        TicketKind.BUG: (_("Takes over what is known of {number}"), _("Another bug")),
        TicketKind.QUESTION: (_("Will be answered as {number} was"), _("Do not use it")),
    }
    sentence, verb = taken[kind]
    return sentence.format(number=number), verb
