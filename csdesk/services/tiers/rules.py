"""Which tier the figures speak for, and why. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from csdesk.models.vocabulary import Tier
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext

SEPARATORS = re.compile(r"[,;\n\uff0c\u3001\uff1b]")
PREFIX = "tiers."


class Reason(StrEnum):
    """What a part of a proposal is about."""

    HEAD = "head"
    MIDDLE = "middle"
    TAIL = "tail"
    SEATS_MANY = "seats_many"
    SEATS_SOME = "seats_some"
    SEATS_FEW = "seats_few"
    SEATS_UNKNOWN = "seats_unknown"
    INDUSTRY = "industry"
    CITY = "city"
    PRODUCT = "product"
    STRATEGIC = "strategic"


@dataclass(frozen=True)
class Facts:
    """What is judged of an account. ``arr_cents`` None: no contract in the home currency covers today."""

    id: int
    tier: Tier | None = None
    arr_cents: int | None = None
    seats: int | None = None
    industry: str = ""
    city: str = ""
    products: tuple[str, ...] = ()
    strategic: bool = False


@dataclass(frozen=True)
class TierRules:
    """The weights and bounds, as the settings have them. Shares and ``again_percent`` are percent."""

    money: int = 60
    seats: int = 20
    industry: int = 10
    city: int = 5
    product: int = 10
    strategic: int = 30
    from_a: int = 60
    from_b: int = 30
    head_share: int = 20
    middle_share: int = 50
    seats_many: int = 100
    seats_some: int = 30
    again_percent: int = 20
    industries: frozenset[str] = field(default_factory=frozenset)
    cities: frozenset[str] = field(default_factory=frozenset)
    products: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Cuts:
    """The largest ARR that does not belong to the head any more, and to the middle; None where all belong.

    Equal amounts that lie on both sides of a cut fall below it: those who are all alike do not stand out.
    """

    head: int | None = None
    middle: int | None = None


@dataclass(frozen=True)
class Part:
    """Points for one thing; ``value`` is what they were given for, as stored."""

    reason: Reason
    points: int
    value: str | int | None = None


@dataclass(frozen=True)
class Proposal:
    """The tier that an account's figures speak for."""

    tier: Tier
    points: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Decided:
    """The last decision about an account that was given on purpose: by hand with a reason, or a proposal turned down."""

    tier: Tier | None
    proposed: Tier | None
    arr_cents: int | None
    seats: int | None


def rules_of(settings: Mapping[str, Any]) -> TierRules:
    """The rules that the settings hold."""

    def number(key: str) -> int:
        return int(settings[PREFIX + key])

    return TierRules(
        money=number("points.money"),
        seats=number("points.seats"),
        industry=number("points.industry"),
        city=number("points.city"),
        product=number("points.product"),
        strategic=number("points.strategic"),
        from_a=number("from.A"),
        from_b=number("from.B"),
        head_share=number("share.head"),
        middle_share=number("share.middle"),
        seats_many=number("seats.many"),
        seats_some=number("seats.some"),
        again_percent=number("again_percent"),
        industries=_listed(settings[PREFIX + "industries"]),
        cities=_listed(settings[PREFIX + "cities"]),
        products=_listed(settings[PREFIX + "products"]),
    )


def _listed(words: object) -> frozenset[str]:
    return frozenset(part for part in (_plain(piece) for piece in SEPARATORS.split(str(words))) if part)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def head_count(accounts: int, share: int = 20) -> int:
    """How many accounts the largest ``share`` percent are, rounded up."""
    return -(-accounts * share // 100)


def cuts_of(amounts: Iterable[int], rules: TierRules) -> Cuts:
    """Where head and middle end among these ARR amounts."""
    ordered = sorted(amounts, reverse=True)

    def below(share: int) -> int | None:
        inside = head_count(len(ordered), share)
        return ordered[inside] if inside < len(ordered) else None

    return Cuts(below(rules.head_share), below(max(rules.head_share, rules.middle_share)))


def propose(facts: Facts, rules: TierRules, cuts: Cuts) -> Proposal | None:
    """The tier that the figures speak for; None where no contract says what the account is worth."""
    if facts.arr_cents is None:
        return None
    parts = (_money(facts.arr_cents, rules, cuts), _seats(facts.seats, rules), *_fit(facts, rules))
    points = sum(part.points for part in parts)
    return Proposal(_tier_of(points, rules), points, parts)


def _tier_of(points: int, rules: TierRules) -> Tier:
    if points >= rules.from_a:
        return Tier.A
    return Tier.B if points >= min(rules.from_a, rules.from_b) else Tier.C


def _money(arr_cents: int, rules: TierRules, cuts: Cuts) -> Part:
    if cuts.head is None or arr_cents > cuts.head:
        return Part(Reason.HEAD, rules.money, arr_cents)
    if cuts.middle is None or arr_cents > cuts.middle:
        return Part(Reason.MIDDLE, rules.money // 2, arr_cents)
    return Part(Reason.TAIL, 0, arr_cents)


def _seats(seats: int | None, rules: TierRules) -> Part:
    if seats is None:
        return Part(Reason.SEATS_UNKNOWN, 0)
    if seats >= rules.seats_many:
        return Part(Reason.SEATS_MANY, rules.seats, seats)
    if seats >= rules.seats_some:
        return Part(Reason.SEATS_SOME, rules.seats // 2, seats)
    return Part(Reason.SEATS_FEW, 0, seats)


def _fit(facts: Facts, rules: TierRules) -> Sequence[Part]:
    parts = []
    if rules.industries and _plain(facts.industry) in rules.industries:
        parts.append(Part(Reason.INDUSTRY, rules.industry, facts.industry))
    if rules.cities and _plain(facts.city) in rules.cities:
        parts.append(Part(Reason.CITY, rules.city, facts.city))
    product = next((name for name in facts.products if _plain(name) in rules.products), None)
    if product is not None:
        parts.append(Part(Reason.PRODUCT, rules.product, product))
    if facts.strategic:
        parts.append(Part(Reason.STRATEGIC, rules.strategic))
    return parts


def is_open(facts: Facts, proposal: Proposal | None, decided: Decided | None, rules: TierRules) -> bool:
    """Whether a proposal is to be shown: it differs from the tier, and nobody decided otherwise on these figures."""
    if proposal is None or proposal.tier == facts.tier:
        return False
    if decided is None or decided.tier != facts.tier:
        return True
    if decided.proposed is not None and decided.proposed != proposal.tier:
        return True
    pairs = ((decided.arr_cents, facts.arr_cents), (decided.seats, facts.seats))
    return any(_moved(before, now, rules.again_percent) for before, now in pairs)


def _moved(before: int | None, now: int | None, percent: int) -> bool:
    """Whether a figure changed by so much, measured on what it was."""
    if before is None or now is None:
        return before != now
    return before != now and abs(now - before) * 100 >= before * percent


def told(proposal: Proposal) -> str:
    """Why, in one sentence without its end: each part with its points."""
    return _(", ").join(part_told(part) for part in proposal.parts if part.points or part.reason in _ALWAYS_TOLD)


_ALWAYS_TOLD = frozenset({Reason.TAIL})


def part_told(part: Part) -> str:
    """One part with its points: "ARR 120,000 among the largest (+60)"."""
    return _("{what} (+{points})").format(what=_what(part), points=part.points)


def _what(part: Part) -> str:
    number = part.value if isinstance(part.value, int) else 0
    amount = formats.money_short(number)
    return {
        Reason.HEAD: _("ARR {amount} among the largest").format(amount=amount),
        Reason.MIDDLE: _("ARR {amount} in the middle").format(amount=amount),
        Reason.TAIL: _("ARR {amount} among the smaller ones").format(amount=amount),
        Reason.SEATS_MANY: ngettext("{n} seat", "{n} seats", number).format(n=number),
        Reason.SEATS_SOME: ngettext("{n} seat", "{n} seats", number).format(n=number),
        Reason.SEATS_FEW: ngettext("only {n} seat", "only {n} seats", number).format(n=number),
        Reason.SEATS_UNKNOWN: _("seats not known"),
        Reason.INDUSTRY: _("wanted industry {name}").format(name=part.value),
        Reason.CITY: _("wanted city {name}").format(name=part.value),
        Reason.PRODUCT: _("key product {name}").format(name=part.value),
        Reason.STRATEGIC: _("strategic account"),
    }[part.reason]
