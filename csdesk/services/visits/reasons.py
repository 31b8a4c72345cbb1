"""Why an account is visited: reasons as data, and the words they turn into in the reader's language. Pure.

A reason keeps days, not counts of days, so that "12 days to the contract's end" is true on the day it is read for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from csdesk.models.vocabulary import Tier
from csdesk.services.core.texts import N_, _, ngettext

Param = int | str | date


class Band(StrEnum):
    """How much a visit is needed, most first."""

    MUST = "must"
    SHOULD = "should"
    OPPORTUNISTIC = "opportunistic"
    LATER = "later"


BAND_LABELS = {
    Band.MUST: N_("Must"),
    Band.SHOULD: N_("Should"),
    Band.OPPORTUNISTIC: N_("On the way"),
    Band.LATER: N_("Later"),
}


@dataclass(frozen=True)
class Reason:
    """One reason: a kind and its numbers, days and names, in a fixed order."""

    kind: str
    params: tuple[tuple[str, Param], ...] = ()

    def get(self, key: str) -> Param | None:
        """The parameter called ``key``, or None."""
        return dict(self.params).get(key)

    def as_json(self) -> dict[str, Any]:
        """The stored form: ``{"kind": …, "last": "2026-10-20", "limit": 30}``."""
        values = {key: value.isoformat() if isinstance(value, date) else value for key, value in self.params}
        return {"kind": self.kind, **values}


def reason(kind: str, **params: Param | None) -> Reason:
    """A reason of this kind; parameters that are None are left away."""
    return Reason(kind, tuple((key, value) for key, value in params.items() if value is not None))


def reason_from_json(stored: Mapping[str, Any]) -> Reason:
    """The reason that ``as_json`` wrote; days come back as days."""
    params = {key: _value(value) for key, value in stored.items() if key != "kind"}
    return reason(str(stored.get("kind", "")), **params)


def reasons_from_json(stored: Iterable[Any]) -> tuple[Reason, ...]:
    """All reasons of a stored list."""
    return tuple(reason_from_json(entry) for entry in stored if isinstance(entry, Mapping))


def _value(stored: Any) -> Param:
    if isinstance(stored, str):
        try:
            return date.fromisoformat(stored)
        except ValueError:
            return stored
    return stored if isinstance(stored, int) else str(stored)


BY_HAND = Reason("by_hand")
"""Marks a visit that the user placed: a new draft of the same days leaves it where it is."""


@dataclass(frozen=True)
class Kind:
    """What is the same for all reasons of one kind.

    ``group`` is the word under which reasons are counted ("Renewal near 6"); ``goal`` the goal proposed for the visit;
    ``weight`` orders visits of the same band and tier, and decides which reason is named first.
    """

    group: str
    goal: str
    weight: int


KINDS = {
    "renewal_overdue": Kind(N_("Renewal near"), N_("Get a clear answer on the renewal that is overdue"), 100),
    "renewal": Kind(N_("Renewal near"), N_("Agree on the renewal and its terms"), 90),
    "first_days": Kind(N_("First 30 days"), N_("Meet the people, agree on goals and the first steps"), 80),
    "visit_due": Kind(N_("By tier cadence"), N_("Look back at results, agree on the next steps"), 60),
    "never_visited": Kind(N_("Never visited"), N_("Get to know each other, hear the goals and worries"), 50),
    "contact_due": Kind(N_("Not in touch"), N_("Hear how things are going and what is missing"), 40),
    "by_hand": Kind(N_("By hand"), "", 30),
    "nearby": Kind(N_("On the way"), N_("Drop in: how is it used, who uses it?"), 20),
}
"""Reasons for a visit. What is not listed here explains why an account was left out."""

RENEWAL_GOALS = (
    (30, N_("Learn whether they stay, and the real reason")),
    (60, N_("Show the year's results, settle the renewal")),
)
"""The goal of a renewal visit by the days that are left, shortest first."""


def weight_of(entry: Reason) -> int:
    """How heavy this kind of reason is; 0 for kinds that are no reason to go."""
    kind = KINDS.get(entry.kind)
    return kind.weight if kind else 0


def group_of(reasons: Iterable[Reason]) -> str:
    """The msgid of the word under which a visit with these reasons is counted: its heaviest reason's."""
    named = [KINDS[entry.kind] for entry in reasons if entry.kind in KINDS]
    return max(named, key=lambda kind: kind.weight).group if named else KINDS["by_hand"].group


def goal_text(reasons: Iterable[Reason], on: date) -> str:
    """The goal proposed for a visit on day ``on``: that of its heaviest reason, in the user's language."""
    known = sorted((entry for entry in reasons if entry.kind in KINDS), key=weight_of, reverse=True)
    for entry in known:
        end = entry.get("end")
        if entry.kind == "renewal" and isinstance(end, date):
            for days, goal in RENEWAL_GOALS:
                if (end - on).days <= days:
                    return _(goal)
        if KINDS[entry.kind].goal:
            return _(KINDS[entry.kind].goal)
    return ""


def reasons_text(reasons: Iterable[Reason], on: date) -> str:
    """All reasons in words, heaviest first, as of day ``on``; what the user placed without a rule says nothing."""
    ordered = sorted((entry for entry in reasons if entry != BY_HAND), key=weight_of, reverse=True)
    return _(", ").join(filter(None, (reason_text(entry, on) for entry in ordered)))


def reason_text(entry: Reason, on: date) -> str:
    """The reason in words of the user's language, counted to or from day ``on``."""
    words = _WORDS.get(entry.kind)
    return words(entry, on) if words else str(entry.get("text") or entry.kind)


def rule_text(entry: Reason) -> str:
    """The rule behind a reason, with its number: for the tooltip beside the reason; "" where there is none."""
    sentences = {
        "renewal": _("Rule: visit when a contract ends within {n} days."),
        "first_days": _("Rule: visit new accounts within their first {n} days."),
        "visit_due": _("Rule: this tier is visited every {n} days."),
        "contact_due": _("Rule: this tier hears from us every {n} days."),
    }
    sentence, limit = sentences.get(entry.kind), entry.get("limit")
    return sentence.format(n=limit) if sentence and limit is not None else ""


def _days(entry: Reason, key: str, on: date) -> int:
    day = entry.get(key)
    return (on - day).days if isinstance(day, date) else 0


def _renewal(entry: Reason, on: date) -> str:
    left = -_days(entry, "end", on)
    if left < 0:
        return _renewal_overdue(entry, on)
    if left == 0:
        return _("contract ends today")
    return ngettext("contract ends in {n} day", "contract ends in {n} days", left).format(n=left)


def _renewal_overdue(entry: Reason, on: date) -> str:
    ago = max(_days(entry, "end", on), 0)
    return ngettext(
        "contract ended {n} day ago, renewal open", "contract ended {n} days ago, renewal open", ago
    ).format(n=ago)


def _first_days(entry: Reason, on: date) -> str:
    day = _days(entry, "start", on) + 1
    if day < 1:
        return _("contract starts in {n} days").format(n=1 - day)
    return _("day {n} of the contract, not visited yet").format(n=day)


def _never_visited(entry: Reason, on: date) -> str:
    return _("never visited")


def _visit_due(entry: Reason, on: date) -> str:
    days = _days(entry, "last", on)
    return ngettext("{n} day since the last visit", "{n} days since the last visit", days).format(n=days)


def _contact_due(entry: Reason, on: date) -> str:
    if entry.get("last") is None:
        return _("no contact yet")
    days = _days(entry, "last", on)
    return ngettext("{n} day without contact", "{n} days without contact", days).format(n=days)


def _nearby(entry: Reason, on: date) -> str:
    return _("also in {city} that day").format(city=entry.get("city") or "")


def _instead_online(entry: Reason, on: date) -> str:
    return _("no day left for {city}, held online").format(city=entry.get("city") or "")


def _by_hand(entry: Reason, on: date) -> str:
    return _("placed by hand")


def _no_room(entry: Reason, on: date) -> str:
    return _("the days are full")


def _quota(entry: Reason, on: date) -> str:
    tier = str(entry.get("tier") or "")
    return _("share of tier {tier} is used up, {share} % of the visits").format(
        tier=tier, share=entry.get("share") or 0
    )


def _no_workday(entry: Reason, on: date) -> str:
    return _("no workday in these days")


def _visited_lately(entry: Reason, on: date) -> str:
    due = entry.get("due")
    days = _days(entry, "last", on)
    until = -_days(entry, "due", on) if isinstance(due, date) else 0
    return _("visited {days} days ago, next due in {until} days").format(days=days, until=until)


def _planned_already(entry: Reason, on: date) -> str:
    day = entry.get("on")
    return _("a visit is planned on {day}").format(day=day.isoformat() if isinstance(day, date) else "")


def _skipped(entry: Reason, on: date) -> str:
    until = entry.get("until")
    return _("put off until {day}: {why}").format(
        day=until.isoformat() if isinstance(until, date) else "", why=entry.get("why") or ""
    )


def _no_contract(entry: Reason, on: date) -> str:
    return _("no running contract")


def _not_started(entry: Reason, on: date) -> str:
    return _("contract starts in {n} days").format(n=-_days(entry, "start", on))


def tier_text(tier: Tier | None) -> str:
    """ "Tier A", or that it is not set."""
    return _("Tier {tier}").format(tier=tier.value) if tier else _("Tier not set")


_WORDS = {
    "renewal": _renewal, "renewal_overdue": _renewal_overdue, "first_days": _first_days,
    "never_visited": _never_visited, "visit_due": _visit_due, "contact_due": _contact_due, "nearby": _nearby,
    "by_hand": _by_hand, "instead_online": _instead_online, "no_room": _no_room, "quota": _quota,
    "no_workday": _no_workday, "visited_lately": _visited_lately, "planned_already": _planned_already,
    "skipped": _skipped, "no_contract": _no_contract, "not_started": _not_started,
}  # fmt: skip
