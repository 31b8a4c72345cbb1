"""What was said at an invented portfolio: who came to the visits, needs that showed, calls and notes in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from csdesk.models.base import new_id
from csdesk.models.vocabulary import (
    InteractionKind,
    Mood,
    NeedState,
    Side,
    VisitKind,
    VisitOutcome,
    VisitState,
    VisitType,
)
from csdesk.services.demo.meetings import Visited
from csdesk.services.demo.words import pick, words
from csdesk.services.visits.needs import guessed_kind

NEEDS_DAYS = 200
CALLS = {"A": 20, "B": 40, "C": 90}
"""Days between two calls or notes."""
TALKS_DAYS = 240

Row = dict[str, Any]


def recorded(chance: Random, visits: Iterable[Row]) -> None:
    """Give the visits that took place their outcome, mood, time and cost."""
    for visit in visits:
        visit |= {"type": None, "wanted": "", "outcome": None, "mood": None, "spent_minutes": None,
                  "travel_minutes": None, "expenses": None}  # fmt: skip
        if visit["state"] != VisitState.DONE:
            continue
        visit["type"] = chance.choice((VisitType.REVIEW, VisitType.CARE, VisitType.CARE, VisitType.TRAINING)).value
        visit["outcome"] = (VisitOutcome.PARTLY if chance.random() < 0.08 else VisitOutcome.VISITED).value
        visit["mood"] = chance.choices(list(Mood), (45, 45, 10))[0].value
        visit["spent_minutes"] = visit["minutes"] + chance.choice((-15, 0, 0, 15, 30))
        if visit["kind"] == VisitKind.ONSITE:
            visit["travel_minutes"] = chance.choice((30, 45, 60, 90, 120))


def there(account: Visited, visits: Iterable[Row], chance: Random, user: str) -> list[Row]:
    """Who was at the visits that took place: the person planned, sometimes a second one, and one of ours."""
    rows = []
    for visit in visits:
        if visit["state"] != VisitState.DONE or not account.contacts:
            continue
        others = [one for one in account.contacts if one != visit["contact_id"]]
        came = [visit["contact_id"], *(others[:1] if others and chance.random() < 0.4 else [])]
        rows += [_attendee(visit["id"], contact, "", Side.THEIRS, place) for place, contact in enumerate(came)]
        rows.append(_attendee(visit["id"], None, user, Side.OURS, len(came)))
    return rows


def _attendee(visit: int, contact: int | None, name: str, side: Side, position: int) -> Row:
    return {"visit_id": visit, "contact_id": contact, "name": name, "side": side.value, "invited": True, "came": True,
            "position": position}  # fmt: skip


def needs(chance: Random, account: Visited, visits: Sequence[Row], day: date) -> list[Row]:
    """What showed itself at the visits of the last months."""
    rows = []
    for visit in visits:
        recent = visit["done_on"] is not None and (day - visit["done_on"]).days <= NEEDS_DAYS
        if visit["state"] == VisitState.DONE and recent and chance.random() < 0.35:
            said = pick(chance, "needs_heard")
            kind = guessed_kind(said)
            rows.append(
                {
                    "id": new_id(), "account_id": account.id, "visit_id": visit["id"], "text": said,
                    "kind": kind.value if kind else None, "state": NeedState.OPEN.value, "heard_on": visit["done_on"],
                    "became_id": None, "position": 0,
                }
            )  # fmt: skip
    return rows


def talks(chance: Random, account: Visited, day: date) -> list[Row]:
    """Calls, messages and notes between the visits, the oldest first."""
    every = CALLS[account.tier]
    at = max(account.first, day - timedelta(TALKS_DAYS)) + timedelta(chance.randint(1, every))
    until = day if account.here else day - timedelta(150)
    rows = []
    while at < until:
        kind = chance.choices(list(InteractionKind), (25, 50, 25))[0]
        names = {InteractionKind.NOTE: "remarks", InteractionKind.CALL: "calls", InteractionKind.MESSAGE: "messages"}
        contact = chance.choice(account.contacts) if account.contacts and kind != InteractionKind.NOTE else None
        time = f"{chance.randint(9, 17):02}:{chance.choice((5, 20, 40)):02}"
        rows.append(
            {
                "account_id": account.id, "contact_id": contact, "kind": kind.value, "happened_on": at, "starts_at": time,
                "text": pick(chance, names[kind]),
            }
        )  # fmt: skip
        at += timedelta(round(every * chance.uniform(0.5, 1.6)))
    return rows


def shelf() -> list[Row]:
    """The articles."""
    keys = ("title", "kind", "topic", "industry", "internal", "target", "text")
    return [{"id": new_id(), **dict(zip(keys, entry, strict=True))} for entry in words()["articles"]]
