"""What the customers of an invented portfolio asked for, what product made of it, and who was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from csdesk.models.base import from_cents, new_id
from csdesk.models.vocabulary import (
    Decision,
    DemandSize,
    DemandState,
    NoticeCause,
    Scope,
    TicketKind,
    TicketState,
)
from csdesk.services.demo.clerk import TOLD_LATER, Clerk, Loops, Row
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
TURNED = 5
"""The place of the one that was declined first, and accepted when it was reviewed again."""
STATES = ((DemandState.TO_REVIEW, 34), (DemandState.IN_REVIEW, 18), (DemandState.ACCEPTED, 17),
          (DemandState.RELEASED, 16), (DemandState.DECLINED, 15))  # fmt: skip
AGES = {
    DemandState.TO_REVIEW: (1, 22), DemandState.IN_REVIEW: (12, 45), DemandState.ACCEPTED: (60, 130),
    DemandState.RELEASED: (120, 230), DemandState.DECLINED: (50, 170),
}  # fmt: skip
"""Days since a demand in this state was opened."""
AGAIN = 6
LOUD = 12
"""So many demands share the voices that are more than one each."""


@dataclass
class _Maker(Clerk):
    """Goes through the demands, bugs and questions one after the other."""

    def demand(self, wish: Row, state: DemandState, count: int, *, turned: bool = False) -> None:
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
        late = 1.0 if state == DemandState.DECLINED else 0.6
        tickets = [self.voice(row, wish, one, place, sent, late) for place, one in enumerate(askers)]
        if state != DemandState.TO_REVIEW:
            self.send(row, tickets, sent)
        if turned:
            self.turn(row, wish, tickets)
        if state not in (DemandState.TO_REVIEW, DemandState.IN_REVIEW):
            self.decide(row, wish, tickets, accepted=state != DemandState.DECLINED)
        if state == DemandState.ACCEPTED:
            self.promise(row, tickets)
        elif state == DemandState.RELEASED:
            self.come_out(row, tickets)
        elif state == DemandState.DECLINED:
            self.tell(row, tickets, NoticeCause.DECLINED, row["decided_on"], 0.8)

    def voice(self, row: Row, wish: Row, account: Visited, place: int, sent: date, late: float) -> Row:
        """A requirement; the first opened the demand, most came before it was sent, some later."""
        first = row["opened_on"]
        after = place > 2 and self.chance.random() < late
        on = first if place == 0 else self.between(sent, self.day) if after else self.between(first, sent)
        given = wish | {"said": wish["said"][place % len(wish["said"])]}
        if place % 2:
            given["title"] = ""
        ticket = self.ticket(TicketKind.REQUIREMENT, account, on, given)
        ticket["demand_id"] = ticket["first_demand_id"] = row["id"]
        if self.chance.random() < 0.65 or place == 0:
            ticket["why"] = wish["why"]
            for name in ("who", "how_often", "workaround", "worth", "otherwise"):
                ticket[name] = self.chance.choice(requests()[name])
            clear = self.after(on, 0, 4)
            self.move(ticket, TicketState.CLARIFIED, min(clear, sent) if on <= sent else clear)
        return ticket

    def send(self, row: Row, tickets: list[Row], sent: date) -> None:
        self.move_demand(row, DemandState.IN_REVIEW, sent)
        row["sent_on"] = row["waits_since"] = sent
        for ticket in tickets:
            if ticket["reported_on"] <= sent:
                self.move(ticket, TicketState.IN_REVIEW, sent)

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
        for ticket in tickets:
            if accepted and ticket["told_on"] is not None:
                self.move(ticket, TicketState.IN_REVIEW, decided)
                ticket |= {"sent_on": row["sent_on"], "told_on": None, "closed_on": None}
        self.move_demand(row, DemandState.ACCEPTED if accepted else DemandState.DECLINED, decided, note=reason)

    def turn(self, row: Row, wish: Row, tickets: list[Row]) -> None:
        """Declined at first, and told; weeks later it goes to product again."""
        self.decide(row, wish, tickets, accepted=False)
        early = [one for one in tickets if one["reported_on"] <= row["decided_on"]]
        self.tell(row, early, NoticeCause.DECLINED, row["decided_on"], 1)
        last = max(
            (one["closed_on"] or one["told_on"] or row["decided_on"] for one in early), default=row["decided_on"]
        )
        again = self.after(last, 8, 20)
        self.move_demand(row, DemandState.IN_REVIEW, again)
        row |= {"sent_on": again, "waits_since": again, "again_at": None}

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
                    self.overtaken(before)
                cause = NoticeCause.DATE_MOVED if knew else NoticeCause.DATE_SET
                told = self.told_day(moved, 0.6)
                said[ticket["account_id"]] = self.notice(
                    row, ticket["account_id"], cause, moved, told, ticket["contact_id"]
                )

    def _date_notice(self, row: Row, ticket: Row, since: date, in_the_end: float = TOLD_LATER) -> Row:
        due = max(since, ticket["reported_on"])
        told = self.told_day(due, 0.85, in_the_end)
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
                told = self._date_notice(row, ticket, row["decided_on"], 0.85)
                if told["told_on"] is None or told["told_on"] > out:
                    self.overtaken(told)
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
            self.overtaken(said)
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
        wishes = requests()["wishes"][: max(1, round(total * DEMANDS))]
        counts = _counts(max(len(wishes), round(total * VOICES)), len(wishes))
        states = [*FIRST_STATES, *(DemandState(self.weighted(STATES)) for _more in wishes)]
        for place, (wish, state, count) in enumerate(zip(wishes, states, counts, strict=False)):
            self.demand(wish, state, count, turned=place == TURNED)
        self.merge_last()
        for given, age in self._some("bugs", round(total * BUGS), 150):
            for account in self.askers(1, self.day - timedelta(age)):
                self.bug(given, account, age)
        for given, age in self._some("questions", round(total * QUESTIONS), 60):
            for account in self.askers(1, self.day - timedelta(age)):
                self.question(given, account, age)
        self._number()
        return self.made

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
    """So many voices over so many demands: one at least for each, most of the others for the first few."""
    weights = [1 / (place + 1.5) if place < LOUD else 0 for place in range(demands)]
    counts = [1 + round((total - demands) * weight / sum(weights)) for weight in weights]
    counts[0] = max(counts[0], min(AGAIN + 1, total))
    return counts


def loops_of(chance: Random, accounts: Sequence[Visited], arr: dict[int, int], day: date) -> Loops:
    """Everything that was asked for, decided and told up to ``day``. ``arr`` is each account's ARR in cents."""
    if not accounts:
        return Loops()
    return _Maker(chance, accounts, arr, day, str(words()["user"])).make()
