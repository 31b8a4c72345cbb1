"""What stands behind the figures and beside them once more: their rows, the cohorts, the calendar, reasons, what is open."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

from tests.services.kpi.oracle import Oracle
from tests.services.kpi.oracle_accounts import DAY, Account, Contract, anniversary, cents, of_a_contract_on, read_day

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def unit_start(day: date, unit: str) -> date:
    return date(day.year, day.month - (day.month - 1) % MONTHS[unit], 1)


def turning_points(account: Account, grace: int) -> list[date]:
    """The days about which an account may change."""
    starts = {one.start for one in account.contracts} | {line.start for one in account.contracts for line in one.lines}
    ends = {one.end for one in account.contracts} | {line.end for one in account.contracts for line in one.lines}
    ends |= {one.end + grace * DAY for one in account.contracts}
    return sorted({day + near * DAY for day in starts | ends for near in (-1, 0, 1)})


class Charts(Oracle):
    """All of them for a period, as known on a day."""

    def behind(self) -> dict[str, Any]:
        """The rows of figures that count rows: ids, with the day by which a row is dated."""
        base = self.base(self.first, self.last)
        lost = [(one, one.churn_days(self.first, self.last)) for one in base]
        back = [
            (int(one.id), min(days_back).isoformat())
            for one in self.accounts
            if (days_back := [day for day in one.new_spells(self.first, self.last) if day != one.first_day])
        ]
        waiting = [one for one in self.accounts if one.active(self.first - DAY) and one.pending(self.last)]
        ended = [(one, "" if one.one_off else account.outcome(one)) for account, one in self.ended()]
        renewed = ("signed", "on word", "automatic")
        return {
            "lost": sorted((int(one.id), found[0].isoformat()) for one, found in lost if found),
            "base": sorted(int(one.id) for one in base),
            "waiting": sorted((int(one.id), self.waits_since(one)) for one in waiting),
            "back": sorted(back),
            "renewed": sorted(int(one.id) for one, outcome in ended if outcome in renewed),
            "decided": sorted(int(one.id) for one, outcome in ended if outcome not in ("pending", "")),
            "undecided": sorted(int(one.id) for one, outcome in ended if outcome in ("pending", "")),
            "not compared": sorted(
                int(one.id)
                for account, one in self.ended()
                if one.one_off
                or account.outcome(one) == "pending"
                or self.what_follows(account, one, self.rates)[1] is None
            ),
            "undated": sorted(int(one["id"]) for one in self.document["payments"] if one["paid_on"] is None),
        }

    def what_follows(
        self, account: Account, contract: Contract, rates: dict[str, Fraction]
    ) -> tuple[int, int | None, str]:
        """What a contract was worth on its last day, what follows it, in which currency; None: not to be compared."""
        ((currency, target),) = self.in_home(
            {contract.currency: of_a_contract_on(contract, contract.end)}, rates
        ).items()
        outcome = account.outcome(contract)
        if outcome != "signed":
            return target, target if outcome in ("on word", "automatic") else 0, currency
        follows = self.in_home(self.final(account, contract), rates)
        elsewhere = any(amount for other, amount in follows.items() if other != currency)
        return target, None if elsewhere else follows.get(currency, 0), currency

    def carried(self) -> dict[str, tuple[int, int]]:
        """By currency: how many accounts of the bridge nobody knows yet, and what they carry."""
        found: dict[str, tuple[int, int]] = {}
        for account in self.accounts:
            opening, closing = self.arr(account, self.first - DAY), self.arr(account, self.last)
            for currency in opening.keys() | closing.keys():
                if account.pending(self.last):
                    count, cents_so_far = found.get(currency, (0, 0))
                    found[currency] = (count + 1, cents_so_far + closing.get(currency, 0))
        return found

    # each account by itself

    def became(self) -> dict[int, tuple[str, int, int | None, str]]:
        """What became of every contract, with what it was worth and what follows."""
        return {
            int(one.id): (account.outcome(one).replace(" ", "_"), *self.what_follows(account, one, self.rates_today))
            for account in self.accounts
            for one in account.contracts
        }

    def stood(self) -> dict[int, list[tuple[str, bool, bool, dict[str, int]]]]:
        """How each account stood about the days on which something changed: active, pending, what it paid."""
        return {
            int(account.id): [
                (day.isoformat(), account.active(day), account.pending(day), account.arr(day))
                for day in turning_points(account, self.settings["figures.grace_days"])
            ]
            for account in self.accounts
        }

    def waits_since(self, account: Account) -> str:
        assert account.pending_days
        return (account.pending_days[0] - DAY).isoformat()

    # over time

    def cohorts(self, unit: str) -> list[tuple[Any, ...]]:
        """Each cell of the two grids: currency (of counts none), the cohort's first day, accounts and size, then the cell."""
        joined = [one for one in self.accounts if one.first_day is not None and one.first_day <= self.today]
        found = self.cells(joined, unit, "")
        paying: dict[str, list[Account]] = defaultdict(list)
        for account in joined:
            for currency in {self.home_of(currency) for *_rest, currency in account.paid}:
                paying[currency].append(account)
        for currency, accounts in paying.items():
            found += self.cells(accounts, unit, currency)
        return sorted(found)

    def home_of(self, currency: str) -> str:
        return "CNY" if currency in self.rates_today else currency

    def cells(self, accounts: list[Account], unit: str, currency: str) -> list[tuple[Any, ...]]:
        found = []
        for start in {unit_start(one.first_day, unit) for one in accounts if one.first_day}:
            members = [one for one in accounts if one.first_day and unit_start(one.first_day, unit) == start]
            size = sum(self.worth(one, one.first_day, currency) for one in members)
            since = start
            while since <= self.today:
                since = anniversary(since, MONTHS[unit])
                day = min(since - DAY, self.today)
                known = [one for one in members if not one.pending(day)]
                left = sum(self.worth(one, day, currency) for one in known)
                base = sum(self.worth(one, one.first_day, currency) for one in known)
                provisional = day + self.settings["figures.grace_days"] * DAY >= self.today
                ids = tuple(sorted(int(one.id) for one in members))
                found.append(
                    (currency, start.isoformat(), ids, size, day.isoformat(), left, base, len(members) - len(known), provisional)
                )  # fmt: skip
        return found

    def worth(self, account: Account, day: date | None, currency: str) -> int:
        if day is None or not currency:
            return int(day is not None and account.active(day))
        return self.in_home(account.arr(day), self.rates_today).get(currency, 0)

    def calendar(self) -> list[tuple[str, int, int, int]]:
        """Each day on which contracts end: their ARR, how many they are, how many of them wait."""
        by_day: dict[date, list[tuple[Account, Contract]]] = defaultdict(list)
        for account, contract in self.ended():
            by_day[contract.end].append((account, contract))
        return [
            (
                day.isoformat(),
                sum(self.in_home({one.currency: of_a_contract_on(one, day)}, self.rates_today).get("CNY", 0) for _, one in ended),
                len(ended),
                sum(1 for account, one in ended if account.outcome(one) == "pending"),
            )
            for day, ended in sorted(by_day.items())
        ]  # fmt: skip

    def reasons(self) -> dict[str, list[tuple[int, int, str]]]:
        """The contracts that ended accounts, and those that were renewed, with their money."""
        churned, renewed = [], []
        for account in self.accounts:
            for day in account.churn_days(self.first, self.last):
                ended = [one for one in account.contracts if one.start <= day - DAY == account.last_days[one.id]]
                last = max(
                    ended,
                    key=lambda one: (account.outcome(one) == "churned", of_a_contract_on(one, one.end), int(one.id)),
                )
                amounts = self.in_home(account.arr(day - DAY)) or {"CNY": 0}
                churned += [(int(last.id), amount, currency) for currency, amount in amounts.items()]
        for account, one in self.ended():
            if account.outcome(one) in ("signed", "on word", "automatic"):
                ((currency, amount),) = self.in_home({one.currency: of_a_contract_on(one, one.end)}).items()
                renewed.append((int(one.id), amount, currency))
        return {"churned": sorted(churned), "renewed": sorted(renewed)}

    def expected(self) -> tuple[int, int, int, list[int]]:
        """Of what ends: ARR at home, what has come of it, how many contracts are not at home, whose renewal waits."""
        target = final = others = 0
        waiting = []
        for account, contract in self.ended():
            outcome = account.outcome(contract)
            ((currency, own),) = self.in_home(
                {contract.currency: of_a_contract_on(contract, contract.end)}, self.rates_today
            ).items()
            if currency != "CNY":
                others += 1
                continue
            target += own
            if outcome == "pending":
                waiting.append(int(account.id))
            else:
                final += self.what_follows(account, contract, self.rates_today)[1] or 0
        return target, final, others, sorted(waiting)

    def open_by_age(self) -> dict[str, list[int]]:
        """By currency what is open of the instalments today: not due yet, due up to 30, 60, 90 days ago, longer."""
        found: dict[str, list[int]] = {"CNY": [0] * 5}
        for contract, entry, got in self.laid(self.today):
            due, left = read_day(entry["due"]), cents(entry["amount"]) - got
            if left > 0:
                ((currency, home),) = self.in_home({contract.currency: left}, self.rates_today).items()
                since = max(0, (self.today - due).days) if due else 0
                found.setdefault(currency, [0] * 5)[min(4, (since + 29) // 30)] += home
        return found
