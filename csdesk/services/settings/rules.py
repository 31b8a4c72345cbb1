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
    Definition("visits.absences", [], N_("Days away")),
    Definition("visits.holidays", [], N_("Holidays of your own")),
    Definition("today.ends_within", 120, N_("Show contracts that end within"), N_("days"), 1, 730),
    Definition("figures.grace_days", 30, N_("Grace after a contract's end"), N_("days"), 0, 365),
    Definition("backup.second_folder", "", N_("Second folder for backups")),
    Definition("accounts.views", [], N_("Saved views")),
)
DEFAULTS = {definition.key: definition.default for definition in DEFINITIONS}
BY_KEY = {definition.key: definition for definition in DEFINITIONS}
