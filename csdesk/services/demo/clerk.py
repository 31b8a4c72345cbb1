"""The rows of what customers of an invented portfolio asked for: tickets, moves, notices, releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from csdesk.models.base import new_id
from csdesk.models.vocabulary import (
    Channel,
    DemandState,
    Importance,
    NoticeCause,
    NoticeState,
    TicketKind,
    TicketState,
)
from csdesk.services.demo.meetings import Visited
from csdesk.services.demo.words import requests

IMPORTANCE = ((Importance.CRITICAL, 18), (Importance.IMPORTANT, 52), (Importance.NICE, 27), (Importance.NONE, 3))
CHANNELS = ((Channel.VISIT, 40), (Channel.PHONE, 20), (Channel.WECHAT, 30), (Channel.MAIL, 5), (Channel.MEETING, 5))

FRESH, TOLD_LATER = 8, 0.97
"""So many days an answer is fresh; of what is older than twice that nearly every customer was told."""
Row = dict[str, Any]


@dataclass
class Loops:
    """The rows, by table."""

    releases: list[Row] = field(default_factory=list)
    demands: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    demand_moves: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    ticket_moves: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)


@dataclass
class Clerk:
    """Writes the rows, each as the commands would have written it on that day."""

    chance: Random
    accounts: Sequence[Visited]
    arr: dict[int, int]
    day: date
    user: str
    made: Loops = field(default_factory=Loops)

    # --- who asks, and when

    def askers(self, count: int, since: date) -> list[Visited]:
        """So many different accounts that were there already and still are; fewer where there are not so many."""
        found: dict[int, Visited] = {}
        for _attempt in range(count * 12):
            one = self.chance.choice(self.accounts)
            if one.here and one.first <= since:
                found.setdefault(one.id, one)
            if len(found) == count:
                break
        return list(found.values())

    def between(self, start: date, end: date) -> date:
        """A day between two, both included, on a weekday where there is one."""
        day = start + timedelta(self.chance.randint(0, max(0, (end - start).days)))
        friday = day - timedelta(max(0, day.weekday() - 4))
        return friday if friday >= start else day

    def after(self, start: date, least: int, most: int) -> date:
        """Some days later, today at the latest."""
        first = min(start + timedelta(least), self.day)
        return self.between(first, min(start + timedelta(most), self.day))

    def weighted(self, choices: Sequence[tuple[Any, int]]) -> Any:
        return self.chance.choices([one for one, _weight in choices], [weight for _one, weight in choices])[0].value

    # --- rows

    def ticket(self, kind: TicketKind, account: Visited, on: date, given: Row) -> Row:
        """A ticket as it is captured, with its first move."""
        row: Row = {
            "id": new_id(), "number": 0, "kind": kind.value, "state": TicketState.CAPTURED.value,
            "account_id": account.id, "contact_id": self.chance.choice(account.contacts) if account.contacts else None,
            "demand_id": None, "first_demand_id": None, "channel": self.weighted(CHANNELS), "title": given["title"],
            "text": given["said"], "importance": self.weighted(IMPORTANCE), "module": given["module"],
            "severity": None, "reported_on": on, "release_id": None, "first_planned_on": None, "planned_on": None,
            "answer": "",
        }  # fmt: skip
        row |= dict.fromkeys(("why", "who", "how_often", "workaround", "worth", "otherwise"), "")
        row |= {name: given.get(name, "") for name in ("scene", "steps", "expected", "seen", "environment")}
        row |= dict.fromkeys(
            ("clarified_on", "sent_on", "decided_on", "released_on", "told_on", "closed_on", "withdrawn_on")
        )
        self.made.tickets.append(row)
        self.move(row, TicketState.CAPTURED, on, first=True)
        return row

    def move(
        self, row: Row, state: TicketState, on: date, *, shown: TicketState | None = None, first: bool = False
    ) -> None:
        """One step of a ticket; ``shown`` is what a requirement showed before, where that was its demand's."""
        before = None if first else (shown or row["state"])
        row["state"] = state.value
        dated = {
            TicketState.CLARIFIED: "clarified_on", TicketState.IN_REVIEW: "sent_on", TicketState.TOLD: "told_on",
            TicketState.CLOSED: "closed_on", TicketState.WITHDRAWN: "withdrawn_on", TicketState.RELEASED: "released_on",
        }  # fmt: skip
        if state in dated:
            row[dated[state]] = on
        self.made.ticket_moves.append(
            {
                "id": new_id(), "ticket_id": row["id"], "from_state": before, "to_state": state.value, "moved_on": on,
                "moved_by": self.user, "planned_on": row["planned_on"], "note": "",
            }
        )  # fmt: skip

    def move_demand(
        self, row: Row, state: DemandState, on: date, *, note: str = "", first: bool = False, other: int | None = None
    ) -> None:
        before = None if first else row["state"]
        row["state"] = state.value
        self.made.demand_moves.append(
            {
                "id": new_id(), "demand_id": row["id"], "from_state": before, "to_state": state.value, "moved_on": on,
                "moved_by": self.user, "planned_on": row["planned_on"], "other_id": other, "note": note,
            }
        )  # fmt: skip

    def notice(
        self, about: Row, account: int, cause: NoticeCause, due: date, told: date | None, contact: int | None
    ) -> Row:
        """Something to tell one customer, told on a day or not yet."""
        key = "demand_id" if "opened_on" in about else "ticket_id"
        row: Row = {
            "id": new_id(), "account_id": account, "demand_id": None, "ticket_id": None, "cause": cause.value,
            "state": (NoticeState.TOLD if told else NoticeState.OPEN).value, "due_on": due,
            "planned_on": about["planned_on"], "text": self.chance.choice(requests()["told"]) if told else "",
            "channel": self.weighted(CHANNELS) if told else None, "told_on": told, "told_by": self.user if told else "",
            "contact_id": contact,
        } | {key: about["id"]}  # fmt: skip
        self.made.notices.append(row)
        return row

    def told_day(self, due: date, likely: float, in_the_end: float = TOLD_LATER) -> date | None:
        """When the customer was told of what was there since ``due``; None where nobody did yet.

        ``in_the_end`` is how likely somebody did of what lies long back.
        """
        age = (self.day - due).days
        share = likely / 3 if age <= FRESH else likely if age <= 2 * FRESH else in_the_end
        if self.chance.random() >= share:
            return None
        days = self.chance.choice((0, 0, 1, 1, 2, 3, 3, 5, 8))
        return self.after(due, days, days)

    def overtaken(self, row: Row) -> None:
        """Nobody was told of it before there was something newer."""
        row |= {"state": NoticeState.SUPERSEDED.value, "told_on": None, "told_by": "", "text": "", "channel": None}

    # --- releases

    def plan_releases(self) -> None:
        """One a month, the past ones out by now."""
        month = self.day.year * 12 + self.day.month - 1
        for number in range(month - 9, month + 4):
            planned = date(number // 12, number % 12 + 1, 20)
            out = planned + timedelta(self.chance.choice((0, 0, 1, 3, 6)))
            self.made.releases.append(
                {
                    "id": new_id(), "name": f"{planned.year % 100}.{planned.month:02}", "planned_on": planned,
                    "released_on": out if out <= self.day else None, "notes": "",
                }
            )  # fmt: skip

    def release_after(self, day: date, *, out: bool) -> Row:
        """The first release planned after a day that is out, or that is still to come."""
        fitting = [one for one in self.made.releases if (one["released_on"] is not None) == out]
        return next((one for one in fitting if one["planned_on"] > day), fitting[-1])
