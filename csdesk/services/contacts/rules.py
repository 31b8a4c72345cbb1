"""What makes a contact. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from csdesk.models.vocabulary import ContactRole, Sentiment
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.texts import _
from csdesk.services.core.values import parse_day, parse_email, parse_phone


@dataclass(frozen=True)
class ContactFields:
    """A contact's own values."""

    name: str
    title: str = ""
    role: ContactRole | None = None
    phone: str = ""
    email: str = ""
    wechat: str = ""
    sentiment: Sentiment | None = None
    left_on: date | None = None
    notes: str = ""


def parse(draft: Draft, today: date) -> ContactFields:
    """The contact that a form describes; raises Problems."""
    read = Reader(draft)
    fields = ContactFields(
        name=read.text("name", required=_("A contact needs a name.")),
        title=read.text("title"),
        role=read.word("role", ContactRole),
        phone=read.value("phone", parse_phone) or "",
        email=read.value("email", parse_email) or "",
        wechat=read.text("wechat"),
        sentiment=read.word("sentiment", Sentiment),
        left_on=read.value("left_on", lambda text: parse_day(text, today)),
        notes=read.text("notes"),
    )
    read.check()
    return fields
