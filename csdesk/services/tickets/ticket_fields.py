"""What was typed about a ticket: read field by field into ``TicketFields``, or refused at the field. Pure."""

from __future__ import annotations

from datetime import date

from csdesk.models.vocabulary import Channel, Importance, Severity, TicketKind
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.values import parse_day
from csdesk.services.tickets.rules import TicketFields, ticket_problems

WORDS = (
    "title", "module", "why", "who", "how_often", "workaround", "worth", "otherwise", "scene", "steps", "expected", "seen",
    "environment", "notes",
)  # fmt: skip
"""The fields that are nothing but text, apart from what the customer said."""
BACKGROUND = ("why", "who", "how_often", "workaround", "worth", "otherwise")
"""What is asked about a requirement."""
OBSERVED = ("scene", "steps", "expected", "seen", "environment")
"""What is asked about a bug."""


def parse(draft: Draft, today: date) -> TicketFields:
    """The fields of a form as typed. ``contact`` is an id. Raises Problems, each at its field."""
    read = Reader(draft)
    kind = read.word("kind", TicketKind) or TicketKind.REQUIREMENT
    contact = draft.get("contact", "").strip()
    fields = TicketFields(
        text=read.text("text"),
        kind=kind,
        importance=read.word("importance", Importance) or Importance.IMPORTANT,
        channel=read.word("channel", Channel),
        contact_id=int(contact) if contact.isdecimal() else None,
        severity=read.word("severity", Severity),
        reported_on=read.value("reported_on", lambda text: parse_day(text, today)),
        **{key: read.text(key) for key in WORDS},
    )
    read.problems += ticket_problems(fields, today)
    read.check()
    return fields
