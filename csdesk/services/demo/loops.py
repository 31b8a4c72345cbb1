"""What the customers of an invented portfolio asked for, what product made of it, and who was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from csdesk.models.base import from_cents, new_id
from csdesk.models.vocabulary import (
    Channel,
    Decision,
    DemandSize,
    DemandState,
    Importance,
    NoticeCause,
    NoticeState,
    Scope,
    TicketKind,
    TicketState,
)
from csdesk.services.demo.meetings import Visited
from csdesk.services.demo.words import requests, words
from csdesk.services.tickets.rules import again_at

DEMANDS, VOICES, BUGS, QUESTIONS = 0.47, 0.8, 0.2, 0.13
"""How many there are for each account."""
FIRST_STATES = (
    DemandState.DECLINED, DemandState.IN_REVIEW, DemandState.ACCEPTED, DemandState.RELEASED, DemandState.TO_REVIEW,
    DemandState.ACCEPTED, DemandState.IN_REVIEW, DemandState.RELEASED,
)  # fmt: skip
"""Of the demands that most customers ask for: the first was declined and has come up again."""
STATES = ((DemandState.TO_REVIEW, 34), (DemandState.IN_REVIEW, 18), (DemandState.ACCEPTED, 17),
          (DemandState.RELEASED, 16), (DemandState.DECLINED, 15))  # fmt: skip
AGES = {
    DemandState.TO_REVIEW: (1, 22), DemandState.IN_REVIEW: (12, 45), DemandState.ACCEPTED: (60, 130),
    DemandState.RELEASED: (120, 230), DemandState.DECLINED: (50, 170),
}  # fmt: skip
"""Days since a demand in this state was opened."""
AGAIN = 6
IMPORTANCE = ((Importance.CRITICAL, 18), (Importance.IMPORTANT, 52), (Importance.NICE, 27), (Importance.NONE, 3))
CHANNELS = ((Channel.VISIT, 40), (Channel.PHONE, 20), (Channel.WECHAT, 30), (Channel.MAIL, 5), (Channel.MEETING, 5))

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
class _Maker:
    """Goes through the demands, bugs and questions one after the other."""

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

    def told_day(self, due: date, likely: float) -> date | None:
        """When the customer was told of what was there since ``due``; None where nobody did yet."""
        chance = likely if (self.day - due).days > 8 else likely / 3
        return self.after(due, 0, 6) if self.chance.random() < chance else None

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

    # --- demands

    def demand(self, wish: Row, state: DemandState, count: int) -> None:
        """A demand that came as far as ``state``, with the tickets of so many accounts."""
        opened = self.between(self.day - timedelta(AGES[state][1]), self.day - timedelta(AGES[state][0]))
        askers = self.askers(count, opened)
        if not askers:
            return
        row: Row = {
            "id": new_id(), "number": 0, "title": wish["title"], "background": wish["why"], "module": wish["module"],
            "state": DemandState.TO_REVIEW.value, "merged_into_id": None, "opened_on": opened, "waits_since": opened,
            "sent_on": None, "reasonable": None, "scope": None, "size": None, "reviewed_by": "", "decided_on": None,
            "reason": "", "answer": "", "release_id": None, "first_planned_on": None, "planned_on": None,
            "released_on": None, "again_at": None, "again_from_arr": None,
        }  # fmt: skip
        self.made.demands.append(row)
        self.move_demand(row, DemandState.TO_REVIEW, opened, first=True)
        sent = self.after(opened, 2, 15)
        tickets = [self.voice(row, wish, one, place, sent) for place, one in enumerate(askers)]
        if state != DemandState.TO_REVIEW:
            self.send(row, tickets, sent)
        if state not in (DemandState.TO_REVIEW, DemandState.IN_REVIEW):
            self.decide(row, wish, tickets, accepted=state != DemandState.DECLINED)
        if state == DemandState.ACCEPTED:
            self.promise(row, tickets)
        elif state == DemandState.RELEASED:
            self.come_out(row, tickets)
        elif state == DemandState.DECLINED:
            self.tell(row, tickets, NoticeCause.DECLINED, row["decided_on"], 0.8)

    def voice(self, row: Row, wish: Row, account: Visited, place: int, sent: date) -> Row:
        """A requirement; the first opened the demand, most came before it was sent, some later."""
        first = row["opened_on"]
        late = place > 2 and self.chance.random() < 0.6
        on = first if place == 0 else self.between(sent, self.day) if late else self.between(first, sent)
        given = wish | {"said": wish["said"][place % len(wish["said"])]}
        if place % 2:
            given["title"] = ""
        ticket = self.ticket(TicketKind.REQUIREMENT, account, on, given)
        ticket["demand_id"] = ticket["first_demand_id"] = row["id"]
        if self.chance.random() < 0.65 or place == 0:
            ticket["why"] = wish["why"]
            for name in ("who", "how_often", "workaround", "worth", "otherwise"):
                ticket[name] = self.chance.choice(requests()[name])
            self.move(ticket, TicketState.CLARIFIED, self.after(on, 0, 4))
        return ticket

    def send(self, row: Row, tickets: list[Row], sent: date) -> None:
        self.move_demand(row, DemandState.IN_REVIEW, sent)
        row["sent_on"] = row["waits_since"] = sent
        for ticket in tickets:
            if ticket["reported_on"] <= sent:
                if ticket["clarified_on"] is not None and ticket["clarified_on"] > sent:
                    self._clarify_on(ticket, sent)
                self.move(ticket, TicketState.IN_REVIEW, sent)

    def _clarify_on(self, ticket: Row, day: date) -> None:
        ticket["clarified_on"] = day
        for move in self.made.ticket_moves:
            if move["ticket_id"] == ticket["id"] and move["to_state"] == TicketState.CLARIFIED:
                move["moved_on"] = day

    def decide(self, row: Row, wish: Row, tickets: list[Row], *, accepted: bool) -> None:
        """Product's review: mostly within the ten working days."""
        decided = self.after(row["sent_on"], 4, 14 if self.chance.random() < 0.7 else 26)
        there = {one["account_id"] for one in tickets if one["reported_on"] <= decided}
        scope = Scope.GENERIC if accepted or len(tickets) > 1 else Scope.CUSTOM
        reason, answer = ("", self.chance.choice(requests()["accepts"]))
        if not accepted:
            reason, answer = self.chance.choice(requests()["declines"])
            row["again_at"] = again_at(len(there), AGAIN)
        row |= {
            "reasonable": accepted or self.chance.random() < 0.5, "scope": scope.value,
            "size": DemandSize(wish["size"]).value, "reviewed_by": self.chance.choice(requests()["people"]),
            "decided_on": decided, "reason": reason, "answer": answer,
        }  # fmt: skip
        planned, release = None, ""
        if accepted:
            chosen = self.release_after(decided + timedelta(10), out=False)
            row["release_id"], release = chosen["id"], chosen["name"]
            planned = row["planned_on"] = row["first_planned_on"] = chosen["planned_on"]
        self.made.reviews.append(
            {
                "id": new_id(), "demand_id": row["id"], "reviewed_on": decided, "reviewed_by": row["reviewed_by"],
                "decision": (Decision.ACCEPTED if accepted else Decision.DECLINED).value,
                "reasonable": row["reasonable"], "scope": row["scope"], "size": row["size"], "reason": reason,
                "answer": answer, "release": release, "planned_on": planned, "accounts": len(there),
                "arr": from_cents(sum(self.arr.get(one, 0) for one in there)),
            }
        )  # fmt: skip
        self.move_demand(row, DemandState.ACCEPTED if accepted else DemandState.DECLINED, decided, note=reason)

    def promise(self, row: Row, tickets: list[Row]) -> None:
        """The date is told; some of them moved since."""
        said = {one["account_id"]: self._date_notice(row, one, row["decided_on"]) for one in tickets}
        moved = self.after(row["decided_on"], 15, 45)
        if self.chance.random() > 0.35 or moved >= self.day:
            return
        row["planned_on"] = row["planned_on"] + timedelta(30)
        self.move_demand(row, DemandState.ACCEPTED, moved, note=self.chance.choice(requests()["redates"]))
        for ticket in tickets:
            before = said.get(ticket["account_id"])
            if before is not None and before["due_on"] <= moved and before["planned_on"] != row["planned_on"]:
                knew = before["told_on"] is not None and before["told_on"] <= moved
                if not knew:
                    before |= {
                        "state": NoticeState.SUPERSEDED.value,
                        "told_on": None,
                        "told_by": "",
                        "text": "",
                        "channel": None,
                    }
                cause = NoticeCause.DATE_MOVED if knew else NoticeCause.DATE_SET
                told = self.told_day(moved, 0.6)
                said[ticket["account_id"]] = self.notice(
                    row, ticket["account_id"], cause, moved, told, ticket["contact_id"]
                )

    def _date_notice(self, row: Row, ticket: Row, since: date) -> Row:
        due = max(since, ticket["reported_on"])
        told = self.told_day(due, 0.85)
        return self.notice(row, ticket["account_id"], NoticeCause.DATE_SET, due, told, ticket["contact_id"])

    def come_out(self, row: Row, tickets: list[Row]) -> None:
        """What was accepted is released, and told to most."""
        chosen = self.release_after(row["decided_on"] + timedelta(10), out=True)
        out = max(chosen["released_on"], row["decided_on"])
        row |= {
            "release_id": chosen["id"],
            "planned_on": chosen["planned_on"],
            "first_planned_on": chosen["planned_on"],
        }
        self.made.reviews[-1] |= {"release": chosen["name"], "planned_on": chosen["planned_on"]}
        self.made.demand_moves[-1]["planned_on"] = chosen["planned_on"]
        for ticket in tickets:
            if ticket["reported_on"] < out:
                told = self._date_notice(row, ticket, row["decided_on"])
                if told["told_on"] is None or told["told_on"] > out:
                    told |= {
                        "state": NoticeState.SUPERSEDED.value,
                        "told_on": None,
                        "told_by": "",
                        "text": "",
                        "channel": None,
                    }
        self.move_demand(row, DemandState.RELEASED, out)
        row["released_on"] = out
        self.tell(row, tickets, NoticeCause.RELEASED, out, 0.75)

    def tell(self, row: Row, tickets: list[Row], cause: NoticeCause, since: date, likely: float) -> None:
        """The last word, told or still waiting to be told."""
        shown = TicketState.RELEASED if cause == NoticeCause.RELEASED else TicketState.DECLINED
        for ticket in tickets:
            due = max(since, ticket["reported_on"])
            self._last_word(row, ticket, cause, due, self.told_day(due, likely), shown)

    def _last_word(
        self, about: Row, ticket: Row, cause: NoticeCause, due: date, told: date | None, shown: TicketState
    ) -> None:
        if ticket["clarified_on"] is not None and told is not None:
            told = max(told, ticket["clarified_on"])
        self.notice(about, ticket["account_id"], cause, due, told, ticket["contact_id"])
        if told is None:
            return
        self.move(ticket, TicketState.TOLD, told, shown=shown)
        if self.chance.random() < 0.6:
            self.move(ticket, TicketState.CLOSED, self.after(told, 0, 10))

    def merge_last(self) -> None:
        """Two demands of one account each turned out to be the same as the one before them."""
        young = [one for one in self.made.demands if one["state"] == DemandState.TO_REVIEW]
        for row, target in zip(young[-1:-3:-1], young[-3:-5:-1], strict=False):
            on = max(row["opened_on"], target["opened_on"])
            for ticket in self.made.tickets:
                if ticket["demand_id"] == row["id"]:
                    ticket["demand_id"] = target["id"]
            row["merged_into_id"] = target["id"]
            self.move_demand(row, DemandState.MERGED, on, other=target["id"])
            self.move_demand(target, DemandState.TO_REVIEW, on, other=row["id"])
            if row["opened_on"] < target["opened_on"]:
                target["opened_on"] = target["waits_since"] = row["opened_on"]

    # --- bugs and questions

    def bug(self, given: Row, account: Visited, age: int) -> None:
        """A bug; the older it is, the further it has come."""
        on = self.day - timedelta(age)
        row = self.ticket(TicketKind.BUG, account, on, given)
        row["severity"] = given["severity"]
        if age < 4 and self.chance.random() < 0.5:
            return
        self.move(row, TicketState.CLARIFIED, self.after(on, 0, 2))
        sent = self.after(row["clarified_on"], 0, 3)
        self.move(row, TicketState.IN_REVIEW, sent)
        if age < 14:
            return
        decided = self.after(sent, 1, 9)
        row["decided_on"] = decided
        if self.chance.random() < 0.08:
            row["answer"] = requests()["declines"][2][1]
            self.move(row, TicketState.DECLINED, decided)
            due = decided
            self._last_word(row, row, NoticeCause.DECLINED, due, self.told_day(due, 0.8), TicketState.DECLINED)
            return
        row["planned_on"] = row["first_planned_on"] = decided + timedelta(self.chance.randint(5, 20))
        self.move(row, TicketState.ACCEPTED, decided)
        said = self.notice(
            row, account.id, NoticeCause.DATE_SET, decided, self.told_day(decided, 0.9), row["contact_id"]
        )
        fixed = row["planned_on"] + timedelta(self.chance.choice((-3, -2, -1, 0, 0, 2, 6)))
        if fixed > row["planned_on"] and fixed <= self.day:
            self._redate(row, said, fixed)
        if fixed <= self.day:
            self._fix(row, said, max(fixed, decided))

    def _redate(self, row: Row, said: Row, fixed: date) -> None:
        """The day that was promised cannot be kept; the customer is told of the new one."""
        moved = max(row["decided_on"], row["planned_on"] - timedelta(1))
        row["planned_on"] = fixed
        self.move(row, TicketState.ACCEPTED, moved)
        if said["told_on"] is not None and said["told_on"] <= moved:
            self.notice(row, row["account_id"], NoticeCause.DATE_MOVED, moved, moved, row["contact_id"])

    def _fix(self, row: Row, said: Row, fixed: date) -> None:
        if said["told_on"] is None or said["told_on"] > fixed:
            said |= {"state": NoticeState.SUPERSEDED.value, "told_on": None, "told_by": "", "text": "", "channel": None}
        self.move(row, TicketState.RELEASED, fixed)
        row["release_id"] = self.release_after(fixed - timedelta(31), out=True)["id"]
        told = self.told_day(fixed, 0.8)
        self._last_word(row, row, NoticeCause.BUG_FIXED, fixed, told, TicketState.RELEASED)

    def question(self, given: Row, account: Visited, age: int) -> None:
        on = self.day - timedelta(age)
        row = self.ticket(TicketKind.QUESTION, account, on, given)
        if age < 2:
            return
        answered = self.after(on, 0, 3)
        row["answer"], row["decided_on"] = given["answer"], answered
        self.move(row, TicketState.ANSWERED, answered)
        told = self.told_day(answered, 0.9)
        self._last_word(row, row, NoticeCause.ANSWERED, answered, told, TicketState.ANSWERED)

    # --- all of it

    def make(self) -> Loops:
        total = len(self.accounts)
        self.plan_releases()
        wishes = self._many(requests()["wishes"], max(1, round(total * DEMANDS)))
        counts = _counts(max(len(wishes), round(total * VOICES)), len(wishes))
        states = [*FIRST_STATES, *(DemandState(self.weighted(STATES)) for _more in wishes)]
        for wish, state, count in zip(wishes, states, counts, strict=False):
            self.demand(wish, state, count)
        self.merge_last()
        for given, age in self._some("bugs", round(total * BUGS), 150):
            for account in self.askers(1, self.day - timedelta(age)):
                self.bug(given, account, age)
        for given, age in self._some("questions", round(total * QUESTIONS), 60):
            for account in self.askers(1, self.day - timedelta(age)):
                self.question(given, account, age)
        self._number()
        return self.made

    def _many(self, source: list[Row], count: int) -> list[Row]:
        """The first ones in their order; no wish is made two demands."""
        return source[: min(count, len(source))]

    def _some(self, name: str, count: int, most: int) -> list[tuple[Row, int]]:
        """So many of a list, with the days since they were reported: from the youngest to the oldest."""
        source = requests()[name]
        return [
            (source[number % len(source)], 1 + round((most - 1) * number / max(1, count - 1)))
            for number in range(count)
        ]

    def _number(self) -> None:
        """Numbers in the order of days."""
        for number, row in enumerate(sorted(self.made.demands, key=lambda one: one["opened_on"]), 1):
            row["number"] = number
        for kind in TicketKind:
            mine = [one for one in self.made.tickets if one["kind"] == kind]
            for number, row in enumerate(sorted(mine, key=lambda one: one["reported_on"]), 1):
                row["number"] = number


def _counts(total: int, demands: int) -> list[int]:
    """So many voices over so many demands: most over the first few, one at least for each."""
    weights = [1 / (place + 2) for place in range(demands)]
    more, sum_of = total - demands, sum(weights)
    counts = [1 + int(more * weight / sum_of) for weight in weights]
    counts[0] = max(counts[0], min(AGAIN + 1, total))
    return counts


def loops_of(chance: Random, accounts: Sequence[Visited], arr: dict[int, int], day: date) -> Loops:
    """Everything that was asked for, decided and told up to ``day``. ``arr`` is each account's ARR in cents."""
    if not accounts:
        return Loops()
    return _Maker(chance, accounts, arr, day, str(words()["user"])).make()
