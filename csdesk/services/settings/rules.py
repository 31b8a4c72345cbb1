"""The settings that exist, their defaults and bounds. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from csdesk.models.vocabulary import N_


@dataclass(frozen=True)
class Definition:
    """One setting: its key, default, label (msgid), unit (msgid) and bounds where it is a number."""

    key: str
    default: Any
    label: str = ""
    unit: str = ""
    least: int = 0
    most: int = 9999


DEFINITIONS = (
    Definition("user.name", "", N_("Your name")),
    Definition("visits.per_day", 4, N_("Visits a day"), N_("visits"), 1, 12),
    Definition("visits.cadence.A", 30, N_("Visit premium accounts every"), N_("days"), 1, 365),
    Definition("visits.cadence.B", 60, N_("Visit medium accounts every"), N_("days"), 1, 365),
    Definition("visits.cadence.C", 90, N_("Visit ordinary accounts every"), N_("days"), 1, 365),
    Definition("contact.cadence.A", 14, N_("Contact premium accounts every"), N_("days"), 1, 365),
    Definition("contact.cadence.B", 30, N_("Contact medium accounts every"), N_("days"), 1, 365),
    Definition("contact.cadence.C", 60, N_("Contact ordinary accounts every"), N_("days"), 1, 365),
    Definition("visits.renewal_days", 90, N_("Visit before a contract ends, within"), N_("days"), 1, 365),
    Definition("visits.first_days", 30, N_("Visit new accounts within their first"), N_("days"), 1, 365),
    Definition("visits.share.C", 20, N_("Visits that ordinary accounts may take while others wait"), N_("%"), 0, 100),
    Definition("visits.nearby_percent", 66, N_("Drop in on the way at this share of the cadence"), N_("%"), 1, 100),
    Definition("visits.kind.A", "onsite", N_("Meet premium accounts")),
    Definition("visits.kind.B", "onsite", N_("Meet medium accounts")),
    Definition("visits.kind.C", "phone", N_("Meet ordinary accounts")),
    Definition("visits.minutes.onsite", 90, N_("A visit on site takes"), N_("minutes"), 5, 480),
    Definition("visits.minutes.online", 45, N_("An online meeting takes"), N_("minutes"), 5, 480),
    Definition("visits.minutes.phone", 20, N_("A call takes"), N_("minutes"), 5, 480),
    Definition("visits.near_minutes", 60, N_("Cities share a day when they are at most apart"), N_("minutes"), 0, 600),
    Definition("visits.overdue_days", 7, N_("Visit when money is overdue for"), N_("days"), 1, 365),
    Definition("visits.promise_days", 14, N_("Visit when a promise by sales is due within"), N_("days"), 0, 365),
    Definition("visits.band.renewal", "rule", N_("A contract ends soon")),
    Definition("visits.band.renewal_overdue", "rule", N_("A contract ended, its renewal is open")),
    Definition("visits.band.first_days", "rule", N_("The first days of a new account")),
    Definition("visits.band.visit_due", "rule", N_("The next visit is due")),
    Definition("visits.band.never_visited", "rule", N_("Never visited")),
    Definition("visits.band.contact_due", "rule", N_("Long without contact")),
    Definition("visits.band.overdue_money", "rule", N_("Money is overdue")),
    Definition("visits.band.open_promise", "rule", N_("A promise by sales is open")),
    Definition("visits.band.tickets_to_tell", "rule", N_("An answer waits to be told")),
    Definition("visits.home", "", N_("City you start from")),
    Definition("visits.zone", "Asia/Shanghai", N_("Time zone of your calendar")),
    Definition("visits.absences", [], N_("Days away")),
    Definition("visits.holidays", [], N_("Holidays of your own")),
    Definition("handover.weight.goals", 20, N_("Goals"), N_("points"), 0, 100),
    Definition("handover.weight.stakeholders", 15, N_("Stakeholders"), N_("points"), 0, 100),
    Definition("handover.weight.scope", 15, N_("Scope"), N_("points"), 0, 100),
    Definition("handover.weight.promises", 15, N_("Promises by sales"), N_("points"), 0, 100),
    Definition("handover.weight.risks", 10, N_("Risks"), N_("points"), 0, 100),
    Definition("handover.weight.payment_terms", 15, N_("Payment terms"), N_("points"), 0, 100),
    Definition("handover.weight.tier", 10, N_("Tier"), N_("points"), 0, 100),
    Definition("visits.agendas", {}, N_("Agendas")),
    Definition("today.ends_within", 120, N_("Show contracts that end within"), N_("days"), 1, 730),
    Definition("figures.recognition", "end", N_("A customer who left without a word counts as lost from")),
    Definition("figures.cac", 0, N_("Cost of winning one customer"), N_("yuan"), 0, 99_999_999),
    Definition("figures.gross_margin", 0, N_("Gross margin"), N_("%"), 0, 100),
    Definition("figures.hourly_cost", 0, N_("Cost of one hour of service"), N_("yuan"), 0, 99_999),
    Definition("renewals.weights.commit", 95, N_("Weight of what is committed"), N_("%"), 0, 100),
    Definition("renewals.weights.likely", 70, N_("Weight of what is likely"), N_("%"), 0, 100),
    Definition("renewals.weights.at_risk", 25, N_("Weight of what is at risk"), N_("%"), 0, 100),
    Definition("renewals.weights.lost", 0, N_("Weight of what is lost"), N_("%"), 0, 100),
    Definition("renewals.task_days", "120,90,60,30", N_("Tasks so many days before a contract ends")),
    Definition("money.remind_days", 0, N_("Remind so many days after the due day"), N_("days"), 0, 365),
    Definition("figures.grace_days", 30, N_("Grace after a contract's end"), N_("days"), 0, 365),
    Definition("tiers.points.money", 60, N_("Points for being among the largest by ARR"), N_("points"), 0, 100),
    Definition("tiers.points.seats", 20, N_("Points for many seats"), N_("points"), 0, 100),
    Definition("tiers.points.industry", 10, N_("Points for a wanted industry"), N_("points"), 0, 100),
    Definition("tiers.points.city", 5, N_("Points for a wanted city"), N_("points"), 0, 100),
    Definition("tiers.points.product", 10, N_("Points for a key product"), N_("points"), 0, 100),
    Definition("tiers.points.strategic", 30, N_("Points for a strategic account"), N_("points"), 0, 100),
    Definition("tiers.from.A", 60, N_("Premium from"), N_("points"), 1, 300),
    Definition("tiers.from.B", 30, N_("Medium from"), N_("points"), 1, 300),
    Definition("tiers.share.head", 20, N_("The largest by ARR are the first"), N_("%"), 1, 100),
    Definition("tiers.share.middle", 50, N_("The middle by ARR reaches to the first"), N_("%"), 1, 100),
    Definition("tiers.seats.many", 100, N_("Many seats from"), N_("seats"), 1, 9999),
    Definition("tiers.seats.some", 30, N_("Half the points for seats from"), N_("seats"), 1, 9999),
    Definition("tiers.industries", "", N_("Wanted industries")),
    Definition("tiers.cities", "", N_("Wanted cities")),
    Definition("tiers.products", "", N_("Key products")),
    Definition("tiers.again_percent", 20, N_("Ask again when ARR or seats changed by"), N_("%"), 1, 999),
    Definition("tickets.answer_days", 10, N_("Product answers within"), N_("working days"), 1, 250),
    Definition("tickets.answer_days.A", 0, N_("… for premium accounts"), N_("working days"), 0, 250),
    Definition("tickets.answer_days.B", 0, N_("… for medium accounts"), N_("working days"), 0, 250),
    Definition("tickets.answer_days.C", 0, N_("… for ordinary accounts"), N_("working days"), 0, 250),
    Definition("tickets.answer_days.blocking", 0, N_("… for bugs that block the work"), N_("working days"), 0, 250),
    Definition("tickets.answer_days.serious", 0, N_("… for serious bugs"), N_("working days"), 0, 250),
    Definition("tickets.answer_days.minor", 0, N_("… for minor bugs"), N_("working days"), 0, 250),
    Definition("tickets.again_accounts", 6, N_("Declined demands come up again at"), N_("accounts"), 1, 9999),
    Definition("tickets.again_arr", 0, N_("… or when their ARR passes"), N_("yuan"), 0, 999_999_999),
    Definition("tickets.told_days", 3, N_("Tell customers of an answer within"), N_("days"), 0, 90),
    Definition("tickets.renewal_days", 120, N_("Show renewals behind a demand within"), N_("days"), 1, 730),
    Definition("tickets.templates", {}, N_("What customers are told")),
    Definition("backup.second_folder", "", N_("Second folder for backups")),
    Definition("accounts.views", [], N_("Saved views")),
)
LISTS_OF_DAYS = ("renewals.task_days",)
"""Settings that are numbers of days behind each other; empty for none."""
ZONES = ("visits.zone",)
"""Settings that name a time zone."""

MOST_DAYS = 730


def days_listed(text: str) -> tuple[int, ...] | None:
    """The numbers of "120,90,60,30", the largest first; None where the text is no such list."""
    parts = [part.strip() for part in text.replace("\uff0c", ",").replace("\u3001", ",").split(",") if part.strip()]
    if not all(part.isdecimal() and len(part) < 5 and int(part) <= MOST_DAYS for part in parts):
        return None
    return tuple(sorted({int(part) for part in parts}, reverse=True))


DEFAULTS = {definition.key: definition.default for definition in DEFINITIONS}
BY_KEY = {definition.key: definition for definition in DEFINITIONS}
