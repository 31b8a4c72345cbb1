"""The reasons that the rules of visits know by themselves, and what a visit with some reasons is for. Pure.

Reasons of other slices (money, promises …) come with their own words: see ``core.reasons``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from csdesk.models.vocabulary import SeriesUnit, Tier
from csdesk.services.core.reasons import (
    BAND_LABELS,
    Band,
    Reason,
    ReasonKind,
    Signal,
    installed_kind,
    reason,
    reason_from_json,
    reasons_from_json,
)
from csdesk.services.core.texts import N_, _, ngettext

__all__ = [
    "BAND_LABELS", "BY_HAND", "KINDS", "Band", "Reason", "Signal", "goal_text", "group_of", "kind_named", "reason",
    "reason_from_json", "reason_text", "reasons_from_json", "reasons_text", "rule_text", "tier_text", "weight_of",
]  # fmt: skip

BY_HAND = Reason("by_hand")
"""Marks a visit that the user placed: a new draft of the same days leaves it where it is."""


RENEWAL_GOALS = (
    (30, N_("Learn whether they stay, and the real reason")),
    (60, N_("Show the year's results, settle the renewal")),
)
"""The goal of a renewal visit by the days that are left, shortest first."""


def kind_named(name: str) -> ReasonKind | None:
    """A kind of reason to go, of the rules or of another slice; None for what explains why an account was left out."""
    return KINDS.get(name) or installed_kind(name)


def weight_of(entry: Reason) -> int:
    """How heavy this kind of reason is; 0 for kinds that are no reason to go."""
    kind = kind_named(entry.kind)
    return kind.weight if kind else 0


def group_of(reasons: Iterable[Reason]) -> str:
    """The msgid of the word under which a visit with these reasons is counted: its heaviest reason's."""
    named = [kind for entry in reasons if (kind := kind_named(entry.kind)) is not None]
    return max(named, key=lambda kind: kind.weight).group if named else KINDS["by_hand"].group


def goal_text(reasons: Iterable[Reason], on: date) -> str:
    """The goal proposed for a visit on day ``on``: that of its heaviest reason, in the user's language."""
    for entry in sorted(reasons, key=weight_of, reverse=True):
        kind = kind_named(entry.kind)
        if kind is None:
            continue
        end = entry.get("end")
        if entry.kind == "renewal" and isinstance(end, date):
            for days, goal in RENEWAL_GOALS:
                if (end - on).days <= days:
                    return _(goal)
        if kind.goal:
            return _(kind.goal)
    return ""


def reasons_text(reasons: Iterable[Reason], on: date) -> str:
    """All reasons in words, heaviest first, as of day ``on``; what the user placed without a rule says nothing."""
    ordered = sorted((entry for entry in reasons if entry != BY_HAND), key=weight_of, reverse=True)
    return _(", ").join(filter(None, (reason_text(entry, on) for entry in ordered)))


def reason_text(entry: Reason, on: date) -> str:
    """The reason in words of the user's language, counted to or from day ``on``."""
    kind = kind_named(entry.kind)
    words = kind.words if kind else CAUSES.get(entry.kind)
    return words(entry, on) if words else str(entry.get("text") or entry.kind)


def rule_text(entry: Reason) -> str:
    """The rule behind a reason, with its number: for the tooltip beside the reason; "" where there is none."""
    kind, limit = kind_named(entry.kind), entry.get("limit")
    return _(kind.rule).format(n=limit) if kind and kind.rule and limit is not None else ""


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
    return ngettext("no visit for {n} day", "no visit for {n} days", days).format(n=days)


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


def _called_off(entry: Reason, on: date) -> str:
    return _("called off in these days: {why}").format(why=entry.get("why") or "")


def _no_contract(entry: Reason, on: date) -> str:
    return _("no running contract")


def _not_started(entry: Reason, on: date) -> str:
    return _("contract starts in {n} days").format(n=-_days(entry, "start", on))


def tier_text(tier: Tier | None) -> str:
    """ "Tier A", or that it is not set."""
    return _("Tier {tier}").format(tier=tier.value) if tier else _("Tier not set")


def _series(entry: Reason, on: date) -> str:
    every = entry.get("every")
    n = every if isinstance(every, int) else 1
    if entry.get("unit") == SeriesUnit.MONTH:
        return ngettext("every month", "every {n} months", n).format(n=n)
    return ngettext("every week", "every {n} weeks", n).format(n=n)


KINDS = {
    "renewal_overdue": ReasonKind(
        N_("Renewal near"), N_("Get a clear answer on the renewal that is overdue"), 100, _renewal_overdue
    ),
    "renewal": ReasonKind(
        N_("Renewal near"), N_("Agree on the renewal and its terms"), 90, _renewal,
        N_("Rule: visit when a contract ends within {n} days."),
    ),
    "first_days": ReasonKind(
        N_("First 30 days"), N_("Meet the people, agree on goals and the first steps"), 80, _first_days,
        N_("Rule: visit new accounts within their first {n} days."),
    ),
    "visit_due": ReasonKind(
        N_("By tier cadence"), N_("Look back at results, agree on the next steps"), 60, _visit_due,
        N_("Rule: this tier is visited every {n} days."),
    ),
    "never_visited": ReasonKind(
        N_("Never visited"), N_("Get to know each other, hear the goals and worries"), 50, _never_visited
    ),
    "contact_due": ReasonKind(
        N_("Not in touch"), N_("Hear how things are going and what is missing"), 40, _contact_due,
        N_("Rule: this tier hears from us every {n} days."),
    ),
    "series": ReasonKind(N_("Regular visit"), "", 35, _series),
    "by_hand": ReasonKind(N_("By hand"), "", 30, _by_hand),
    "nearby": ReasonKind(N_("On the way"), N_("Drop in: how is it used, who uses it?"), 20, _nearby),
}  # fmt: skip
"""Reasons for a visit."""

CAUSES = {
    "instead_online": _instead_online, "no_room": _no_room, "quota": _quota, "no_workday": _no_workday,
    "visited_lately": _visited_lately, "planned_already": _planned_already, "skipped": _skipped,
    "called_off": _called_off, "no_contract": _no_contract, "not_started": _not_started,
}  # fmt: skip
"""The words for why an account was left out, or is met otherwise than usual."""
