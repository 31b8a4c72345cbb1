"""How an account's facts are put into words on its page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from csdesk.models.vocabulary import (
    Action,
    ContactRole,
    HandoverState,
    RenewalState,
    Repeat,
    Sentiment,
    ServiceMode,
    TaskState,
    Tier,
    VisitKind,
    VisitState,
    Word,
)
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _
from csdesk.ui.core.lines import Badge

FIELD_NAMES = {
    "name": N_("Name"),
    "short_name": N_("Short name"),
    "tier": N_("Tier"),
    "tier_reason": N_("Reason for the tier"),
    "service_mode": N_("Service mode"),
    "industry": N_("Industry"),
    "city": N_("City"),
    "district": N_("District"),
    "address": N_("Address"),
    "website": N_("Website"),
    "tax_number": N_("Tax number"),
    "sales_owner": N_("Sales owner"),
    "owner": N_("CSM owner"),
    "starred": N_("Star"),
    "strategic": N_("Strategic account"),
    "notes": N_("Notes"),
    "title": N_("Title"),
    "role": N_("Role"),
    "phone": N_("Phone number"),
    "email": N_("Email"),
    "wechat": N_("WeChat"),
    "sentiment": N_("Sentiment"),
    "left_on": N_("Left on"),
    "number": N_("Contract number"),
    "currency": N_("Currency"),
    "signed_on": N_("Signed on"),
    "start_on": N_("Starts on"),
    "end_on": N_("Ends on"),
    "amount": N_("Amount"),
    "auto_renew": N_("Renews by itself"),
    "payment_terms": N_("Payment terms"),
    "renewal_state": N_("Renewal"),
    "decided_on": N_("Decided on"),
    "predecessor_id": N_("Follows"),
    "state": N_("State"),
    "goals": N_("Goals"),
    "pain_points": N_("Pain points"),
    "promises": N_("Promises by sales"),
    "risks": N_("Risks"),
    "scope": N_("Scope"),
    "stakeholders": N_("Stakeholders"),
    "questions": N_("Questions to sales"),
    "text": N_("Task"),
    "due_on": N_("Due"),
    "done_on": N_("Done on"),
    "snoozed_until": N_("Snoozed until"),
    "repeats": N_("Repeats"),
    "deleted_at": N_("Bin"),
}
WORDS: dict[str, type[Word]] = {
    "tier": Tier,
    "service_mode": ServiceMode,
    "role": ContactRole,
    "sentiment": Sentiment,
    "renewal_state": RenewalState,
    "repeats": Repeat,
}
SENTIMENT_TONES = {Sentiment.SUPPORTIVE: "ok", Sentiment.NEUTRAL: "neutral", Sentiment.CRITICAL: "bad"}
VISIT_TONES = {
    VisitState.PLANNED: "line",
    VisitState.DONE: "ok",
    VisitState.CANCELLED: "neutral",
    VisitState.MISSED: "bad",
}
VISIT_ICONS = {VisitKind.ONSITE: "onsite", VisitKind.ONLINE: "online", VisitKind.PHONE: "phone"}


def dotted(parts: Iterable[str]) -> str:
    """What is known, with a dot between."""
    return " \u00b7 ".join(part for part in parts if part)


def word(kind: type[Word], value: str | None) -> str:
    """The label of a stored word; "" for none."""
    return _(kind(value).label) if value else ""


def value_text(field: str, value: Any) -> str:
    """A stored value of the journal for people."""
    if value in (None, "", False, 0):
        return _("(empty)")
    if field == "state":
        kinds = (HandoverState, TaskState)
        return next((_(kind(value).label) for kind in kinds if value in set(kind)), str(value))
    if field in WORDS:
        return word(WORDS[field], str(value))
    if field == "amount":
        return formats.cents(int(value))
    if value is True or value == 1:
        return _("yes")
    return str(value)


def change_text(action: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """What a history entry changed, field by field: old → new."""
    if "deleted_at" in after:
        return _("into the bin") if after["deleted_at"] else _("back from the bin")
    if action == Action.INSERT:
        return _("created")
    parts = [
        f"{_(FIELD_NAMES[field])}: {value_text(field, before.get(field))} \u2192 {value_text(field, value)}"
        for field, value in after.items()
        if field in FIELD_NAMES
    ]
    return dotted(parts)


def ends_tone(day: date, today: date) -> str:
    """How near an end is: red in 30 days, bold in 60."""
    days = (day - today).days
    return "ink_red" if days <= 30 else "text"


def overdue_contact(last: date | None, limit: int | None, today: date) -> bool:
    """Whether nobody spoke to the account for longer than its tier allows."""
    return limit is not None and (last is None or (today - last).days > limit)


def renewal_badge(state: str, end: date | None, today: date) -> Badge:
    """What stands behind a contract: decided, running, or past its end without a word."""
    if state == RenewalState.OPEN and end is not None and end < today:
        return Badge(_("Past its end"), "overdue")
    tones = {RenewalState.RENEWED: "ok", RenewalState.CHURNED: "bad"}
    return Badge(_(RenewalState(state).label), tones.get(RenewalState(state), "line"))
