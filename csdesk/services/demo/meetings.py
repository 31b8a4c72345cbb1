"""The visits of an invented portfolio: done over the past year, and a confirmed plan for this week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from csdesk.models.base import new_id
from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.demo.words import pick
from csdesk.services.visits.reasons import reason

EVERY = {"A": 26, "B": 48, "C": 85}
PAST_DAYS = 400
MINUTES = {VisitKind.ONSITE: 90, VisitKind.ONLINE: 45, VisitKind.PHONE: 20}
TIMES = ("09:00", "10:30", "14:00", "16:00", "17:00")
WEEK = (4, 3, 4, 5, 2)
"""Visits from Monday to Friday of this week: Thursday has one too many."""
UNRECORDED = 2
"""Calls of last Friday of which nothing was written down."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Visited:
    """An account as far as its visits go: whom to meet, its tier, its first day, whether it is still there."""

    id: int
    tier: str
    city: str
    contacts: tuple[int, ...]
    first: date
    ends: date | None
    here: bool


def past_visits(chance: Random, account: Visited, monday: date) -> list[Row]:
    """What was done, called off and missed before this week; the newest last."""
    start = max(account.first, monday - timedelta(PAST_DAYS))
    until = monday if account.here else monday - timedelta(150)
    every = EVERY[account.tier]
    at = start + timedelta(chance.randint(2, every))
    rows = []
    while at < until:
        at = _workday(at)
        if at < until:
            rows.append(_past(chance, account, at))
        at += timedelta(round(every * chance.uniform(0.6, 1.5)))
    return rows


def _past(chance: Random, account: Visited, day: date) -> Row:
    row = _visit(chance, account, day, chance.choices(tuple(VisitKind), (45, 25, 30))[0])
    state = chance.choices((VisitState.DONE, VisitState.CANCELLED, VisitState.MISSED), (91, 5, 4))[0]
    row["state"], row["baseline_on"] = state, day
    if state == VisitState.DONE:
        row["done_on"] = day
        row["record"], row["next_step"] = pick(chance, "records"), pick(chance, "next_steps")
        if chance.random() < 0.07:
            row |= {"moved_from": day - timedelta(7), "moved_count": 1, "move_reason": pick(chance, "moves")}
            row["baseline_on"] = day - timedelta(7)
    elif state == VisitState.CANCELLED:
        row["excuse"] = pick(chance, "moves")
    return row


def week_visits(chance: Random, accounts: Sequence[Visited], plan: int, monday: date, day: date) -> list[Row]:
    """This week's visits: those before today done but for the first of a day, those of today and later planned."""
    wanted = [account for account in accounts if account.here and account.contacts and account.first <= day]
    wanted.sort(key=lambda account: (account.tier, chance.random()))
    rows = [_visit(chance, account, monday - timedelta(3), VisitKind.PHONE) for account in wanted[-UNRECORDED:]]
    cities: set[str] = set()
    for weekday, count in enumerate(WEEK):
        on = monday + timedelta(weekday)
        city = _city_with_most(wanted, cities)
        cities.add(city)
        near = [account for account in wanted if account.city == city][:count]
        chosen = near + [account for account in wanted if account not in near][: count - len(near)]
        wanted = [account for account in wanted if account not in chosen]
        for position, account in enumerate(chosen):
            kind = VisitKind.ONSITE if account.city == city else VisitKind.ONLINE
            row = _visit(chance, account, on, kind)
            row |= {"plan_id": plan, "baseline_on": on, "position": position, "starts_at": TIMES[position]}
            if on < day and position:
                row |= {"state": VisitState.DONE, "done_on": on, "record": pick(chance, "records")}
            rows.append(row)
    return rows


def _city_with_most(accounts: Sequence[Visited], used: set[str]) -> str:
    """Where most accounts are, of the cities that no day has yet."""
    counts = Counter(account.city for account in accounts if account.city not in used)
    return counts.most_common(1)[0][0] if counts else ""


def _visit(chance: Random, account: Visited, day: date, kind: VisitKind) -> Row:
    near = account.ends is not None and 0 <= (account.ends - day).days <= 90
    if near and account.ends is not None:
        why = reason("renewal", end=account.ends, limit=90)
    elif (day - account.first).days < 30:
        why = reason("first_days", start=account.first, limit=30)
    else:
        every = EVERY[account.tier]
        why = reason("visit_due", last=day - timedelta(every + chance.randint(1, 12)), limit=every + 4)
    return {
        "id": new_id(), "account_id": account.id, "plan_id": None,
        "contact_id": account.contacts[0] if account.contacts else None, "kind": kind, "state": VisitState.PLANNED,
        "planned_on": day, "starts_at": chance.choice(TIMES), "minutes": MINUTES[kind], "position": 0,
        "goal": pick(chance, "goals_of_visits"), "reasons": [why.as_json()], "baseline_on": None, "moved_from": None,
        "moved_count": 0, "move_reason": "", "done_on": None, "excuse": "", "record": "", "next_step": "",
    }  # fmt: skip


def _workday(day: date) -> date:
    return day + timedelta(max(0, 7 - day.weekday())) if day.weekday() > 4 else day
