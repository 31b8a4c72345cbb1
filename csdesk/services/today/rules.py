"""What is to be done, in one order and in words: overdue, then today, then soon, then what is done already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from csdesk.models.vocabulary import N_, HandoverState, VisitKind
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext

TIERS = {"A": 0, "B": 1, "C": 2}


class Section(StrEnum):
    """When something is due; the order of the list."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    DONE = "done"


SECTION_TITLES = {
    Section.OVERDUE: N_("Overdue"),
    Section.TODAY: N_("Today"),
    Section.SOON: N_("Soon"),
    Section.DONE: N_("Done"),
}


class ItemKind(StrEnum):
    """What an item is about."""

    VISIT = "visit"
    CONTRACT = "contract"
    HANDOVER = "handover"


@dataclass(frozen=True)
class Whom:
    """The account of an item, as lists show it."""

    id: int
    name: str
    tier: str | None = None
    city: str = ""


@dataclass(frozen=True)
class VisitFact:
    """A visit that stands today, was done today, or was planned for a day that has passed."""

    id: int
    account: Whom
    kind: VisitKind
    day: date
    starts_at: str = ""
    goal: str = ""
    why: str = ""
    person: str = ""
    done: bool = False


@dataclass(frozen=True)
class EndFact:
    """A contract whose renewal is undecided. ``arr_cents`` is what its lines bring in a year."""

    id: int
    account: Whom
    number: str
    end_on: date
    arr_cents: int | None = None
    last_contact: date | None = None


@dataclass(frozen=True)
class HandoverFact:
    """A handover that waits for us; ``lacking`` are msgids of what it does not say."""

    id: int
    account: Whom
    state: HandoverState
    received_on: date | None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One thing to do: what, why, when, and where a click leads (a feature's key and the args to go there with).

    ``number`` counts from 1 over what is open, 0 for what is done. ``overdue`` counts days, 0 for none. ``record`` is
    the visit, contract or handover.
    """

    kind: ItemKind
    section: Section
    account: Whom
    record: int
    title: str
    reason: str
    due: str
    icon: str
    feature: str
    args: Mapping[str, Any] = field(default_factory=dict)
    overdue: int = 0
    near: bool = False
    number: int = 0
    order: tuple[Any, ...] = ()


def items(
    visits: Iterable[VisitFact], ends: Iterable[EndFact], handovers: Iterable[HandoverFact], day: date
) -> tuple[Item, ...]:
    """Everything in its order, numbered."""
    found = [visit_item(fact, day) for fact in visits]
    found += [end_item(fact, day) for fact in ends]
    found += [handover_item(fact, day) for fact in handovers]
    found.sort(key=lambda item: (list(Section).index(item.section), item.order, item.record))
    open_count = sum(1 for item in found if item.section != Section.DONE)
    return tuple(replace(item, number=n if n <= open_count else 0) for n, item in enumerate(found, 1))


def visit_item(fact: VisitFact, day: date) -> Item:
    """A visit: to be made today, to be recorded or moved where its day has passed, or done."""
    words = {"kind": _(fact.kind.label), "account": fact.account.name, "goal": fact.goal}
    title = (_("{kind} {account}: {goal}") if fact.goal else _("{kind} {account}")).format(**words)
    icon, time = fact.kind.value, formats.time_text(fact.starts_at)
    late = (day - fact.day).days
    if late > 0 and not fact.done:
        missed = _("planned for {day}, not recorded").format(day=formats.day_near(fact.day, day))
        reason = joined(missed, fact.why)
        return _item(fact, ItemKind.VISIT, Section.OVERDUE, title, reason, overdue_text(late), icon, late)
    section = Section.DONE if fact.done else Section.TODAY
    item = _item(fact, ItemKind.VISIT, section, title, joined(fact.person, fact.why), time or _("Today"), icon)
    return replace(item, order=(0, fact.starts_at or "99"))


def end_item(fact: EndFact, day: date) -> Item:
    """A contract to be decided: past its end, or near it."""
    left = (fact.end_on - day).days
    money = formats.cents(fact.arr_cents)
    parts = [
        _("contract {number} ended on {day}") if left < 0 else _("contract {number} ends on {day}"),
        _("{amount} CNY a year") if fact.arr_cents is not None else "",
        _("last contact {last}") if fact.last_contact else _("no contact yet"),
    ]
    last = formats.day_near(fact.last_contact, day)
    shown = {"number": fact.number, "day": formats.day_near(fact.end_on, day), "amount": money, "last": last}
    reason = joined(*(part.format(**shown) for part in parts))
    title = _("Settle the renewal with {account}").format(account=fact.account.name)
    section = Section.OVERDUE if left < 0 else Section.SOON
    due = overdue_text(-left) if left < 0 else formats.days_left(fact.end_on, day)
    item = _item(fact, ItemKind.CONTRACT, section, title, reason, due, "contract", max(0, -left))
    if section == Section.SOON:
        return replace(item, order=(left, _rank(fact.account)), near=left <= NEAR_DAYS)
    return item


NEAR_DAYS = 30


def handover_item(fact: HandoverFact, day: date) -> Item:
    """A handover to look through, or one whose questions sales has not answered."""
    waits = (day - fact.received_on).days if fact.received_on else 0
    since = ngettext("received {n} day ago", "received {n} days ago", waits).format(n=waits) if waits > 0 else ""
    lacking = _(", ").join(_(word) for word in fact.lacking)
    lacks = _("not said: {what}").format(what=lacking) if lacking else ""
    if fact.state == HandoverState.QUESTIONED:
        title = _("Ask sales again about {account}").format(account=fact.account.name)
        reason = joined(_("your questions are not answered"), since, lacks)
    else:
        title = _("Review the handover of {account}").format(account=fact.account.name)
        reason = joined(since, lacks)
    item = _item(fact, ItemKind.HANDOVER, Section.TODAY, title, reason, _("Today"), "import")
    return replace(item, order=(1, str(9999 - min(waits, 9999)).zfill(4)))


def joined(*parts: str) -> str:
    """Facts side by side, those that say nothing left away."""
    return " \u00b7 ".join(part for part in parts if part)


def overdue_text(days: int) -> str:
    """Overdue by so many days."""
    return ngettext("{n} day overdue", "{n} days overdue", days).format(n=days)


def _item(
    fact: VisitFact | EndFact | HandoverFact, kind: ItemKind, section: Section, title: str, reason: str, due: str,
    icon: str, late: int = 0,
) -> Item:  # fmt: skip
    """Overdue things stand by tier, the longest overdue first."""
    args = {"id": fact.account.id} | ({} if kind == ItemKind.VISIT else {"tab": f"{kind.value}s"})
    return Item(
        kind, section, fact.account, fact.id, title, reason, due, icon, "accounts", args, late,
        order=(_rank(fact.account), -late),
    )  # fmt: skip


def _rank(account: Whom) -> int:
    return TIERS.get(account.tier or "", len(TIERS))
