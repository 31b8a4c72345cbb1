"""Whom to visit and why: facts about accounts and a period in, proposals with their reasons out. Pure.

What is proposed here is laid into days by ``fitting``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from csdesk.models.vocabulary import ServiceMode, Tier, VisitKind
from csdesk.services.visits.reasons import Band, Reason, Signal, reason, weight_of

TIERS: tuple[Tier | None, ...] = (Tier.A, Tier.B, None, Tier.C)
"""The order of tiers; an account without one stands behind B: nobody has called it ordinary yet."""

TIER_RANK = {tier: rank for rank, tier in enumerate(TIERS)}
BAND_RANK = {band: rank for rank, band in enumerate(Band)}


@dataclass(frozen=True)
class Rules:
    """The numbers that the rules go by; all are the user's to change. Days unless said."""

    visit_a: int = 30
    visit_b: int = 60
    visit_c: int = 90
    contact_a: int = 14
    contact_b: int = 30
    contact_c: int = 60
    renewal_within: int = 90
    first_days: int = 30
    nearby_percent: int = 66
    """An account in a city that is visited anyway is looked in on when this share of its cadence has passed."""
    share_c: int = 20
    """At most this percentage of the visits goes to tier C while accounts of A and B wait."""
    visits_a_day: int = 4
    kind_a: VisitKind = VisitKind.ONSITE
    kind_b: VisitKind = VisitKind.ONSITE
    kind_c: VisitKind = VisitKind.PHONE
    minutes_onsite: int = 90
    minutes_online: int = 45
    minutes_phone: int = 20
    near_minutes: int = 60
    """Cities at most this far apart by the table of travel times can share a day."""
    times: tuple[str, ...] = ("09:30", "11:00", "14:00", "16:00")
    bands: Mapping[str, Band | None] = field(default_factory=dict)
    """By kind of reason the band that the user wants for it; None: it is no reason to go. Others keep their own."""

    def judged(self, signal: Signal) -> Signal | None:
        """The signal with the band that the user wants, None where its kind is to be no reason."""
        if signal.reason.kind not in self.bands:
            return signal
        band = self.bands[signal.reason.kind]
        return None if band is None else replace(signal, band=band)

    def visit_every(self, tier: Tier | None) -> int:
        """Days between two visits."""
        return {Tier.A: self.visit_a, Tier.C: self.visit_c}.get(tier, self.visit_b) if tier else self.visit_b

    def contact_every(self, tier: Tier | None) -> int:
        """Days between two contacts of any kind."""
        return {Tier.A: self.contact_a, Tier.C: self.contact_c}.get(tier, self.contact_b) if tier else self.contact_b

    def kind_for(self, tier: Tier | None) -> VisitKind:
        """How accounts of this tier are met."""
        return {Tier.A: self.kind_a, Tier.C: self.kind_c}.get(tier, self.kind_b) if tier else self.kind_b

    def minutes_for(self, kind: VisitKind) -> int:
        """How long a visit of this kind takes."""
        return {
            VisitKind.ONSITE: self.minutes_onsite,
            VisitKind.ONLINE: self.minutes_online,
            VisitKind.PHONE: self.minutes_phone,
        }[kind]


DEFAULTS = Rules()
SETTINGS = {
    "visit_a": "visits.cadence.A",
    "visit_b": "visits.cadence.B",
    "visit_c": "visits.cadence.C",
    "contact_a": "contact.cadence.A",
    "contact_b": "contact.cadence.B",
    "contact_c": "contact.cadence.C",
    "renewal_within": "visits.renewal_days",
    "first_days": "visits.first_days",
    "visits_a_day": "visits.per_day",
    "nearby_percent": "visits.nearby_percent",
    "share_c": "visits.share.C",
    "kind_a": "visits.kind.A",
    "kind_b": "visits.kind.B",
    "kind_c": "visits.kind.C",
    "minutes_onsite": "visits.minutes.onsite",
    "minutes_online": "visits.minutes.online",
    "minutes_phone": "visits.minutes.phone",
    "near_minutes": "visits.near_minutes",
}
"""Which setting holds which number of the rules."""

BAND, NO_REASON = "visits.band.", "off"
"""Settings that give a kind of reason another band begin like this; the word for none at all."""


def rules_from_settings(stored: Mapping[str, Any]) -> Rules:
    """The rules as the settings have them; what is missing or of another type keeps its default."""
    known: dict[str, Any] = {}
    for name, key in SETTINGS.items():
        value, standard = stored.get(key), getattr(DEFAULTS, name)
        if isinstance(standard, VisitKind):
            if value in list(VisitKind):
                known[name] = next(kind for kind in VisitKind if kind == value)
        elif type(value) is int:
            known[name] = value
    bands = {
        key.removeprefix(BAND): None if value == NO_REASON else Band(value)
        for key, value in stored.items()
        if key.startswith(BAND) and value in (Band.MUST, Band.SHOULD, NO_REASON)
    }
    return replace(DEFAULTS, bands=bands, **known)


@dataclass(frozen=True)
class AccountFacts:
    """What the rules know about an account. Days are None where there was none."""

    id: int
    name: str
    tier: Tier | None = None
    mode: ServiceMode | None = None
    city: str = ""
    district: str = ""
    first_start: date | None = None
    renewal_on: date | None = None
    """The nearest end of a contract whose renewal is still open."""
    gone: bool = False
    """Had contracts, and none runs or waits for its renewal any more."""
    last_visit: date | None = None
    """The last meeting done, on site or online."""
    last_contact: date | None = None
    """The last contact of any kind, meetings included."""
    planned_on: date | None = None
    """The next visit that is planned already, outside of the draft that is being made."""
    skip_until: date | None = None
    """Up to this day, included, it is not proposed."""
    skip_why: str = ""
    called_off: str | None = None
    """Why a visit in these days was called off; None where none was."""
    signals: tuple[Signal, ...] = field(default=())


@dataclass(frozen=True)
class Proposal:
    """A visit that the rules ask for, or why they do not (band LATER)."""

    account: AccountFacts
    band: Band
    reasons: tuple[Reason, ...]
    kind: VisitKind
    minutes: int


def propose(accounts: Iterable[AccountFacts], rules: Rules, start: date, end: date) -> list[Proposal]:
    """A proposal for each account, the most needed first; the same facts give the same list."""
    return sorted((_propose(account, rules, start, end) for account in accounts), key=_order)


def _order(proposal: Proposal) -> tuple[int, int, int, int, date, int]:
    account = proposal.account
    heaviest = max((weight_of(entry) for entry in proposal.reasons), default=0)
    return (
        BAND_RANK[proposal.band],
        TIER_RANK[account.tier],
        -heaviest,
        -len(proposal.reasons),
        account.renewal_on if heaviest >= 90 and account.renewal_on else account.last_visit or date.min,
        account.id,
    )


def _propose(account: AccountFacts, rules: Rules, start: date, end: date) -> Proposal:
    refusal = _not_now(account, end)
    if refusal:
        return _proposal(account, rules, Band.LATER, (refusal,))
    found = [
        judged
        for entry in (
            _renewal(account, rules, start, end),
            _first_days(account, rules, start, end),
            _cadence(account, rules, start, end),
            _contact(account, rules, end),
            *account.signals,
        )
        if entry is not None and (judged := rules.judged(entry)) is not None
    ]
    if found:
        band = min((entry.band for entry in found), key=BAND_RANK.__getitem__)
        return _proposal(account, rules, band, tuple(entry.reason for entry in found))
    return _not_due(account, rules, end)


def _proposal(account: AccountFacts, rules: Rules, band: Band, reasons: tuple[Reason, ...]) -> Proposal:
    ordered = tuple(sorted(reasons, key=weight_of, reverse=True))
    kind = _kind(account, rules, {entry.kind for entry in ordered})
    return Proposal(account, band, ordered, kind, rules.minutes_for(kind))


def _kind(account: AccountFacts, rules: Rules, reasons: set[str]) -> VisitKind:
    if reasons == {"contact_due"}:
        return VisitKind.PHONE
    usual = rules.kind_for(account.tier)
    if account.mode is ServiceMode.TECH_TOUCH and usual is VisitKind.ONSITE:
        usual = VisitKind.ONLINE
    if usual is VisitKind.PHONE and reasons & {"renewal", "renewal_overdue", "first_days"}:
        return VisitKind.ONLINE
    return usual


def _not_now(account: AccountFacts, end: date) -> Reason | None:
    if account.gone:
        return reason("no_contract")
    if account.skip_until and account.skip_until >= end:
        return reason("skipped", until=account.skip_until, why=account.skip_why)
    if account.called_off is not None:
        return reason("called_off", why=account.called_off)
    planned = account.planned_on
    if planned and not (account.renewal_on and account.renewal_on < planned):
        return reason("planned_already", on=planned)
    return None


def _not_due(account: AccountFacts, rules: Rules, end: date) -> Proposal:
    every = rules.visit_every(account.tier)
    last = account.last_visit or account.last_contact
    if last is None:
        return _proposal(account, rules, Band.LATER, (reason("not_started", start=account.first_start),))
    lately = (reason("visited_lately", last=last, due=last + timedelta(every)),)
    proposal = _proposal(account, rules, Band.LATER, lately)
    ripe = (end - last).days * 100 >= every * rules.nearby_percent
    if ripe and account.city and proposal.kind is VisitKind.ONSITE:
        return replace(proposal, band=Band.OPPORTUNISTIC)
    return proposal


def _renewal(account: AccountFacts, rules: Rules, start: date, end: date) -> Signal | None:
    ends = account.renewal_on
    if ends is None:
        return None
    if ends < start:
        answered = account.last_contact is not None and account.last_contact > ends
        return Signal(reason("renewal_overdue", end=ends), Band.SHOULD if answered else Band.MUST)
    opened = ends - timedelta(rules.renewal_within)
    if opened > end:
        return None
    met = account.last_visit or account.last_contact
    if met is None or met < opened:
        return Signal(reason("renewal", end=ends, limit=rules.renewal_within), Band.MUST)
    if (start - met).days >= rules.contact_every(account.tier):
        return Signal(reason("renewal", end=ends, limit=rules.renewal_within), Band.SHOULD)
    return None


def _first_days(account: AccountFacts, rules: Rules, start: date, end: date) -> Signal | None:
    first = account.first_start
    if first is None or first > end or first + timedelta(rules.first_days) <= start:
        return None
    seen = _last_seen(account, rules)
    if seen is not None and seen >= first:
        return None
    return Signal(reason("first_days", start=first, limit=rules.first_days), Band.MUST)


def _last_seen(account: AccountFacts, rules: Rules) -> date | None:
    """The last visit; for tiers that are met by phone a call is one."""
    by_phone = rules.kind_for(account.tier) is VisitKind.PHONE
    return account.last_contact if by_phone else account.last_visit


def _cadence(account: AccountFacts, rules: Rules, start: date, end: date) -> Signal | None:
    last = _last_seen(account, rules)
    if last is None:
        first = account.first_start
        if first is not None and (first > end or first + timedelta(rules.first_days) > start):
            return None
        return Signal(reason("never_visited"), Band.MUST if account.tier is Tier.A else Band.SHOULD)
    every = rules.visit_every(account.tier)
    due = last + timedelta(every)
    if due > end:
        return None
    overdue = due < start and account.tier is Tier.A
    return Signal(reason("visit_due", last=last, limit=every), Band.MUST if overdue else Band.SHOULD)


def _contact(account: AccountFacts, rules: Rules, end: date) -> Signal | None:
    last = account.last_contact
    if last is None:
        return None
    every = rules.contact_every(account.tier)
    if last + timedelta(every) > end:
        return None
    return Signal(reason("contact_due", last=last, limit=every), Band.SHOULD)
