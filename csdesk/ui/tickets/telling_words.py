"""How answers to tell and releases are put into words."""

from __future__ import annotations

from csdesk.models.vocabulary import Channel, NoticeCause, NoticeState, TicketState
from csdesk.services.core.texts import _

CAUSE_TONES = {
    NoticeCause.DATE_SET: "blue",
    NoticeCause.DATE_MOVED: "warn",
    NoticeCause.RELEASED: "ok",
    NoticeCause.DECLINED: "neutral",
    NoticeCause.BUG_FIXED: "ok",
    NoticeCause.ANSWERED: "ok",
}
STATE_TONES = {
    TicketState.TOLD: "ok",
    TicketState.CLOSED: "ok",
    TicketState.RELEASED: "warn",
    TicketState.ACCEPTED: "blue",
}
"""Of a ticket in a release: what is out and not told yet stands out."""
LATE = "late"
AGE_TONES = {LATE: "overdue"}
WORDS = {"cause": NoticeCause, "state": NoticeState, "channel": Channel}


def stored_word(key: str, value: str) -> str:
    """A stored word of a column for people."""
    if key == "age":
        return _("late")
    kind = WORDS.get(key)
    return _(kind(value).label) if kind is not None else value
