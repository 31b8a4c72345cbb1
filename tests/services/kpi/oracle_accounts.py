"""Customers once more, slowly and obviously: each looked at on each day; what it pays on a day is added up line by line.

Nothing here is imported from the program.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

DAY = timedelta(days=1)
NEVER_ENDS = date(2090, 1, 1)


def read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def cents(text: str | None) -> int:
    return int(Decimal(text or 0) * 100)


def money(amount: int) -> str:
    return f"{Decimal(amount) / 100:.2f}"


class Line:
    def __init__(self, contract: Contract, entry: dict[str, Any]) -> None:
        self.id, self.replaces = entry["id"], entry["predecessor"]
        self.begins = read_day(entry["start"]) or contract.start
        self.start = max(self.begins, contract.start)
        self.end = min(read_day(entry["end"]) or contract.end, contract.end)
        self.recurring = entry["recurring"]
        self.arr = cents(entry["arr"])
        self.rise = cents(entry["agreed_rise"])


class Contract:
    def __init__(self, entry: dict[str, Any]) -> None:
        starts = [day for line in entry["lines"] if (day := read_day(line["start"]))]
        ends = [day for line in entry["lines"] if (day := read_day(line["end"]))]
        self.id, self.number, self.currency = entry["id"], entry["number"], entry["currency"]
        self.signed, self.entries = read_day(entry["signed"]), entry["lines"]
        self.amount = (
            cents(entry["amount"]) if entry["amount"] else sum(cents(line["amount"]) for line in entry["lines"])
        )
        self.named_start, self.named_end = read_day(entry["start"]), read_day(entry["end"])
        self.predecessor, self.auto_renew = entry["predecessor"], entry["auto_renew"]
        self.notice = read_day(entry["notice_on"])
        self.state, self.kind = entry["renewal"]["state"], entry["renewal"]["kind"]
        start, end = self.named_start or min(starts, default=None), self.named_end or max(ends, default=None)
        self.has_term = start is not None and end is not None and start <= end
        if self.has_term:
            self.start, self.end = start, end
            lines = [Line(self, line) for line in entry["lines"]]
            self.lines = [line for line in lines if line.recurring]
            self.one_off = bool(lines) and not self.lines


class Account:
    """One customer, judged by the rules as known on a day."""

    def __init__(self, entry: dict[str, Any], today: date, settings: dict[str, Any]) -> None:
        self.id, self.today, self.grace = entry["id"], today, settings["figures.grace_days"]
        self.by_grace = settings["figures.recognition"] == "grace"
        self.all_contracts = [Contract(contract) for contract in entry["contracts"]]
        self.contracts = [contract for contract in self.all_contracts if contract.has_term]
        self.known_followers: dict[str, list[Contract]] = {}
        self.known_days: dict[date, bool] = {}
        self.pending_days: tuple[date, date] | None = None
        self.replaced: dict[str, date] = {}
        for contract in self.contracts:
            for line in contract.lines:
                if line.replaces:
                    known = self.replaced.get(line.replaces, line.begins)
                    self.replaced[line.replaces] = min(known, line.begins)
        self.last_days = {contract.id: self.last_day(contract) for contract in self.contracts}
        self.carry_the_ends()
        self.paid = self.stretches()

    # what follows what

    def in_the_grace(self, contract: Contract, later: Contract) -> bool:
        return (later.start - contract.end).days <= max(self.grace, 1)

    def named_followers(self, contract: Contract) -> list[Contract]:
        return [
            other
            for other in self.contracts
            if other is not contract
            and other.predecessor == contract.id
            and other.start >= contract.start
            and self.in_the_grace(contract, other)
        ]

    def follows_something(self, contract: Contract) -> bool:
        return any(contract in self.named_followers(other) for other in self.contracts)

    def strangers_after(self, contract: Contract) -> list[Contract]:
        later = [other for other in self.contracts if other.start > contract.end]
        return [other for other in later if not self.follows_something(other)]

    def followers(self, contract: Contract) -> list[Contract]:
        if contract.id not in self.known_followers:
            self.known_followers[contract.id] = self.find_followers(contract)
        return self.known_followers[contract.id]

    def find_followers(self, contract: Contract) -> list[Contract]:
        named = self.named_followers(contract)
        if named:
            return named
        near = [other for other in self.strangers_after(contract) if self.in_the_grace(contract, other)]
        return [other for other in near if other.start == min(one.start for one in near)]

    def outcome(self, contract: Contract) -> str:
        if self.followers(contract):
            return "signed"
        if contract.state == "churned":
            return "churned"
        if contract.auto_renew and (contract.state == "renewed" or (contract.notice or contract.end) < self.today):
            return "automatic"
        too_late = any(
            other is not contract and other.predecessor == contract.id and other.start >= contract.start
            for other in self.contracts
        )
        if contract.state == "renewed" and not too_late:
            return "on word"
        if contract.state == "open" and self.today <= contract.end + self.grace * DAY:
            return "pending"
        return "silent"

    def last_day(self, contract: Contract) -> date:
        followers = self.followers(contract)
        if followers:
            return min(other.start for other in followers) - DAY
        if self.outcome(contract) in ("automatic", "on word"):
            return min((other.start - DAY for other in self.strangers_after(contract)), default=NEVER_ENDS)
        return contract.end

    # when it is a customer

    def covered(self, day: date) -> bool:
        return any(contract.start <= day <= self.last_days[contract.id] for contract in self.contracts)

    def carry_the_ends(self) -> None:
        carried: dict[str, date] = {}
        for day in sorted(set(self.last_days.values())):
            if day >= NEVER_ENDS or not self.covered(day) or self.covered(day + DAY):
                continue
            ending = [one for one in self.contracts if one.start <= day == self.last_days[one.id]]
            next_start = min(
                (one.start for one in self.contracts if one.start > day and self.last_days[one.id] >= one.start),
                default=NEVER_ENDS + DAY,
            )
            if any(self.outcome(one) == "pending" for one in ending):
                self.pending_days = (day + DAY, next_start - DAY)
                carried |= {one.id: next_start - DAY for one in ending if self.outcome(one) == "pending"}
            elif self.by_grace and all(self.outcome(one) == "silent" for one in ending):
                carried |= {one.id: max(day, day + (self.grace - 1) * DAY) for one in ending}
        self.last_days |= carried

    def active(self, day: date) -> bool:
        if day not in self.known_days:
            self.known_days[day] = self.covered(day)
        return self.known_days[day]

    def pending(self, day: date) -> bool:
        return self.pending_days is not None and self.pending_days[0] <= day <= self.pending_days[1]

    @property
    def first_day(self) -> date | None:
        return min((one.start for one in self.contracts if self.last_days[one.id] >= one.start), default=None)

    def churn_days(self, first: date, last: date) -> list[date]:
        return [day for day in days(first, last) if self.active(day - DAY) and not self.active(day)]

    def new_spells(self, first: date, last: date) -> list[date]:
        return [day for day in days(first, last) if self.active(day) and not self.active(day - DAY)]

    # what it pays

    def stretches(self) -> list[tuple[date, date, int, int, str]]:
        found = []
        for contract in self.contracts:
            for line in contract.lines:
                end = line.end
                if line.id in self.replaced:
                    end = min(end, self.replaced[line.id] - DAY)
                if end < line.start:
                    continue
                last = self.last_days[contract.id]
                if end == contract.end:
                    end = last
                end = min(end, last)
                if line.start <= end and line.arr:
                    found.append((line.start, end, line.arr, line.rise, contract.currency))
        return found

    def arr(self, day: date) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for start, end, arr, _rise, currency in self.paid:
            if start <= day <= end:
                found[currency] += arr
        return dict(found)


def days(first: date, last: date) -> list[date]:
    return [first + number * DAY for number in range((last - first).days + 1)]


def of_a_contract_on(contract: Contract, day: date) -> int:
    """A contract's ARR on a day of its own term, whatever follows."""
    total = 0
    for line in contract.lines:
        later = [other.begins for other in contract.lines if other.replaces == line.id]
        end = min([line.end] + [start - DAY for start in later])
        if line.start <= day <= end:
            total += line.arr
    return total


@cache
def months_of(start: date, end: date) -> Fraction:
    after = end + DAY
    whole = 0
    while anniversary(start, whole + 1) <= after:
        whole += 1
    left = (after - anniversary(start, whole)).days
    following = anniversary(start, whole + 1)
    if whole and left <= 4:
        return Fraction(whole)
    if (following - after).days <= 4:
        return Fraction(whole + 1)
    return whole + Fraction(left, (following - anniversary(start, whole)).days)


def anniversary(start: date, months: int) -> date:
    number = start.year * 12 + start.month - 1 + months
    try:
        return date(number // 12, number % 12 + 1, start.day)
    except ValueError:
        number += 1
        return date(number // 12, number % 12 + 1, 1)
