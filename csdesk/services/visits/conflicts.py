"""Visits of a day that cannot be as they stand: two at one time, something in the own calendar, a way too long. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import VisitKind
from csdesk.services.core.texts import _
from csdesk.services.visits.fitting import Busy, minute

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard


def clashes(cards: Sequence[VisitCard], busy: Iterable[Busy], legs: Mapping[int, int]) -> dict[int, str]:
    """By visit id what stands against it, the first thing found; visits held together are one."""
    found: dict[int, str] = {}
    entries = list(busy)
    timed = [card for card in cards if card.counts and card.starts_at]
    for place, card in enumerate(timed):
        others = [other for other in timed[:place] if other.meeting != card.meeting]
        sentence = _same_time(card, others) or _own(card, entries) or _way(card, others, legs.get(card.id))
        if sentence:
            found[card.id] = sentence
    for card in cards:
        if card.counts and not card.starts_at and any(entry.end - entry.start >= 24 * 60 for entry in entries):
            found[card.id] = _in_calendar(next(entry for entry in entries if entry.end - entry.start >= 24 * 60))
    return found


def other_at_that_time(card: VisitCard, cards: Iterable[VisitCard]) -> VisitCard | None:
    """The visit of the day that overlaps this one and is not held together with it."""
    if not card.starts_at or not card.counts:
        return None
    for other in cards:
        if other.counts and other.starts_at and other.meeting != card.meeting and _overlap(card, other):
            return other
    return None


def _span(card: VisitCard) -> tuple[int, int]:
    start = minute(card.starts_at)
    return start, start + card.minutes


def _overlap(card: VisitCard, other: VisitCard) -> bool:
    (start, end), (begin, stop) = _span(card), _span(other)
    return start < stop and begin < end


def _same_time(card: VisitCard, others: Iterable[VisitCard]) -> str:
    other = next((other for other in others if _overlap(card, other)), None)
    return _("At the same time as {account}").format(account=other.account) if other is not None else ""


def _own(card: VisitCard, entries: Iterable[Busy]) -> str:
    entry = next((entry for entry in entries if entry.meets(*_span(card))), None)
    return _in_calendar(entry) if entry is not None else ""


def _in_calendar(entry: Busy) -> str:
    return _("In your calendar: {title}").format(title=entry.title or _("taken"))


def _way(card: VisitCard, others: Sequence[VisitCard], leg: int | None) -> str:
    """The way from the visit before is longer than the time between the two."""
    before = next((other for other in reversed(others) if other.kind == VisitKind.ONSITE), None)
    if before is None or leg is None or card.kind != VisitKind.ONSITE:
        return ""
    left = _span(card)[0] - _span(before)[1]
    return _("The way takes {way} min, {left} min are left").format(way=leg, left=left) if left < leg else ""
