"""The figures once more, slowly and obviously: from the exported document alone, day by day, by the words of the glossary.

Nothing here is imported from the program. An account is looked at on each day; what it pays on a day is added up line by line.
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
        return (later.start - contract.end).days <= self.grace

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
                if line.start <= end:
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


class Oracle:
    """All figures of a document for a period."""

    def __init__(self, document: dict[str, Any], first: date, last: date, today: date) -> None:
        self.document, self.first, self.last, self.today = document, first, last, today
        self.settings = document["settings"]
        self.accounts = [Account(entry, today, self.settings) for entry in document["accounts"]]
        self.rates: dict[str, Fraction] = {}
        for entry in sorted(document["exchange_rates"], key=lambda one: (one["valid_from"], int(one["id"]))):
            if date.fromisoformat(entry["valid_from"]) <= last and entry["currency"] != "CNY":
                self.rates[entry["currency"]] = Fraction(entry["rate"])

    def in_home(self, amounts: dict[str, int]) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for currency, amount in amounts.items():
            if currency in self.rates:
                found["CNY"] += round(amount * self.rates[currency])
            else:
                found[currency] += amount
        return dict(found)

    def arr(self, account: Account, day: date) -> dict[str, int]:
        return self.in_home(account.arr(day))

    # answers as the command line gives them

    def rate(self, top: int, bottom: int, **beside: Any) -> dict[str, Any]:
        return {"value": top / bottom if bottom else None, "numerator": top, "denominator": bottom, **beside}

    def money_rate(self, top: dict[str, int], bottom: dict[str, int], beside: dict[str, Any]) -> dict[str, Any]:
        def one(currency: str) -> dict[str, Any]:
            above, below = top.get(currency, 0), bottom[currency]
            value = float(Fraction(above, below)) if below else None
            own = {"value": value, "numerator": money(above), "denominator": money(below)}
            return own if currency == "CNY" else {**own, "currency": currency}

        if len(bottom) > 1:
            nothing = {"value": None, "numerator": None, "denominator": None}
            return {**nothing, "by_currency": {name: one(name) for name in sorted(bottom)}, **beside}
        if not bottom:
            return {"value": None, "numerator": "0.00", "denominator": "0.00", **beside}
        return {**one(next(iter(bottom))), **beside}

    def amount(self, sums: dict[str, int]) -> dict[str, Any]:
        def one(currency: str) -> dict[str, Any]:
            own = {"value": money(sums[currency]), "numerator": money(sums[currency]), "denominator": None}
            return own if currency == "CNY" else {**own, "currency": currency}

        if len(sums) > 1:
            nothing = {"value": None, "numerator": None, "denominator": None}
            return {**nothing, "by_currency": {name: one(name) for name in sorted(sums)}}
        return one(next(iter(sums))) if sums else {"value": "0.00", "numerator": "0.00", "denominator": None}

    # who stayed

    def base(self, first: date, last: date) -> list[Account]:
        return [one for one in self.accounts if one.active(first - DAY) and not one.pending(last)]

    def waiting(self, first: date, last: date) -> int:
        return sum(1 for one in self.accounts if one.active(first - DAY) and one.pending(last))

    def logo(self, first: date, last: date) -> tuple[int, int]:
        base = self.base(first, last)
        return sum(1 for one in base if one.churn_days(first, last)), len(base)

    def logo_churn_rate(self) -> dict[str, Any]:
        lost, base = self.logo(self.first, self.last)
        fleeting = [
            one for one in self.accounts if not one.active(self.first - DAY) and one.churn_days(self.first, self.last)
        ]
        return self.rate(lost, base, pending=self.waiting(self.first, self.last), joined_and_left=len(fleeting))

    def retention(self, net: bool) -> dict[str, Any]:
        top: dict[str, int] = defaultdict(int)
        bottom: dict[str, int] = defaultdict(int)
        for account in self.base(self.first, self.last):
            opening, closing = self.arr(account, self.first - DAY), self.arr(account, self.last)
            for currency, arr in opening.items():
                if arr:
                    bottom[currency] += arr
            if account.churn_days(self.first, self.last):
                continue
            rises = self.rises(account)
            for currency in opening.keys() | closing.keys():
                was, now = opening.get(currency, 0), closing.get(currency, 0)
                top[currency] += min(was, now)
                if net:
                    top[currency] += max(0, now - was - rises.get(currency, 0))
        return self.money_rate(top, dict(bottom), {"pending": self.waiting(self.first, self.last)})

    def rises(self, account: Account) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for start, end, _arr, rise, currency in account.paid:
            if self.first <= start <= self.last <= end and rise:
                found[currency] += rise
        return self.in_home(found)

    def win_backs(self) -> dict[str, Any]:
        back = [
            one for one in self.accounts if any(day != one.first_day for day in one.new_spells(self.first, self.last))
        ]
        return {"value": len(back), "numerator": len(back), "denominator": None}

    def expansion(self) -> dict[str, Any]:
        sums: dict[str, int] = defaultdict(int)
        for account in self.accounts:
            for day in days(self.first, self.last):
                if not (account.active(day - DAY) and account.active(day)):
                    continue
                if all(start != day for start, *_rest in account.paid):
                    continue  # nothing began on this day, so nothing was added
                was, now = self.arr(account, day - DAY), self.arr(account, day)
                risen: dict[str, int] = defaultdict(int)
                for start, _end, _arr, rise, currency in account.paid:
                    if start == day:
                        risen[currency] += rise
                home_risen = self.in_home(risen)
                for currency, arr in now.items():
                    more = arr - was.get(currency, 0) - home_risen.get(currency, 0)
                    if more > 0:
                        sums[currency] += more
        return self.amount(dict(sums))

    def movements(self) -> dict[str, dict[str, int]]:
        """By currency: opening, closing, and what moved by name."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for account in self.accounts:
            opening, closing = self.arr(account, self.first - DAY), self.arr(account, self.last)
            before, after = account.active(self.first - DAY), account.active(self.last)
            rises = self.rises(account)
            for currency in opening.keys() | closing.keys():
                was, now = opening.get(currency, 0), closing.get(currency, 0)
                found[currency]["opening"] += was
                found[currency]["closing"] += now
                if not before:
                    known = account.first_day is not None and account.first_day < self.first
                    again = len(account.new_spells(self.first, self.last)) > 1
                    found[currency]["win_back" if known or again else "new"] += now
                elif not after:
                    found[currency]["churn"] -= was
                else:
                    rise = rises.get(currency, 0)
                    found[currency]["price_rise"] += rise
                    rest = now - was - rise
                    found[currency]["expansion" if rest > 0 else "contraction"] += rest
        return {
            currency: {name: amount for name, amount in own.items() if amount or name in ("opening", "closing")}
            for currency, own in found.items()
        }

    # what ended

    def ended(self) -> list[tuple[Account, Contract]]:
        return [
            (account, contract)
            for account in self.accounts
            for contract in account.contracts
            if self.first <= contract.end <= self.last
        ]

    def besides(self) -> dict[str, int]:
        listed = [(account, one, account.outcome(one)) for account, one in self.ended() if not one.one_off]
        late = [
            one
            for account, one, outcome in listed
            if outcome == "signed" and min(other.start for other in account.followers(one)) > one.end + DAY
        ]
        return {
            "pending": sum(1 for *_one, outcome in listed if outcome == "pending"),
            "automatic": sum(
                1
                for _account, one, outcome in listed
                if outcome == "automatic" or (outcome == "signed" and one.kind == "automatic")
            ),
            "late": len(late),
            "without_next": sum(1 for *_one, outcome in listed if outcome == "on word"),
        }

    def renewal_rate(self) -> dict[str, Any]:
        outcomes = [account.outcome(one) for account, one in self.ended() if not one.one_off]
        decided = [outcome for outcome in outcomes if outcome != "pending"]
        renewed = [outcome for outcome in decided if outcome in ("signed", "on word", "automatic")]
        return self.rate(len(renewed), len(decided), **self.besides())

    def final(self, account: Account, contract: Contract) -> dict[str, int]:
        """What follows, once: terms with the same followers are served in the order of their ends."""
        followers = account.followers(contract)
        sharing = [one for one in account.contracts if account.followers(one) == followers]
        sharing.sort(key=lambda one: (one.end, int(one.id)))
        left: dict[str, int] = defaultdict(int)
        for follower in followers:
            left[follower.currency] += of_a_contract_on(follower, follower.start)
        for one in sharing[:-1]:
            own = min(left[one.currency], of_a_contract_on(one, one.end))
            left[one.currency] -= own
            if one is contract:
                return {one.currency: own}
        return dict(left)

    def renewal_rate_by_amount(self) -> dict[str, Any]:
        top: dict[str, int] = defaultdict(int)
        bottom: dict[str, int] = defaultdict(int)
        all_of_it = 0
        for account, contract in self.ended():
            outcome = account.outcome(contract)
            if contract.one_off or outcome == "pending":
                continue
            ((currency, target),) = self.in_home({contract.currency: of_a_contract_on(contract, contract.end)}).items()
            final = 0
            if outcome == "signed":
                follows = self.in_home(self.final(account, contract))
                if any(amount for other, amount in follows.items() if other != currency):
                    continue
                final = follows.get(currency, 0)
            elif outcome in ("on word", "automatic"):
                final = target
            if target:
                bottom[currency] += target
            top[currency] += min(target, final)
            all_of_it += final
        whole = sum(bottom.values())
        net = float(Fraction(all_of_it, whole)) if whole and len(bottom) == 1 else None
        return self.money_rate(top, dict(bottom), {**self.besides(), "net": net})

    # what it is worth

    def holders(self) -> dict[str, list[tuple[int, int]]]:
        """By currency: ARR on the last day of each account that counts, with its id."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for account in self.accounts:
            if account.active(self.last) and not account.pending(self.last):
                for currency, arr in self.arr(account, self.last).items():
                    if arr:
                        found[currency].append((arr, int(account.id)))
        return found

    def pareto_share(self) -> dict[str, Any]:
        top, bottom = {}, {}
        for currency, held in self.holders().items():
            held.sort(key=lambda one: (-one[0], one[1]))
            head = (len(held) + 4) // 5
            top[currency], bottom[currency] = sum(arr for arr, _id in held[:head]), sum(arr for arr, _id in held)
        waiting = sum(1 for one in self.accounts if one.active(self.last) and one.pending(self.last))
        return self.money_rate(top, bottom, {"pending": waiting})

    def lifetime(self) -> dict[str, tuple[Fraction, Fraction | None, Fraction | None]]:
        """By currency: margin of the ARR of one account, churn of twelve months, lifetime value."""
        margin = Fraction(self.settings["figures.gross_margin"], 100)
        lost, base = self.logo(anniversary(self.last + DAY, -12), self.last)
        churn = Fraction(lost, base) if base else None
        found = {}
        for currency, held in self.holders().items():
            each = sum(arr for arr, _id in held) * margin / len(held)
            found[currency] = (each, churn, each / churn if churn else None)
        return found

    def ltv(self) -> dict[str, Any]:
        if not self.settings["figures.gross_margin"]:
            return {"value": None, "numerator": "0.00", "denominator": None}

        def one(currency: str) -> dict[str, Any]:
            each, churn, value = found[currency]
            own = {
                "value": None if value is None else money(round(value)),
                "numerator": money(round(each)),
                "denominator": None if churn is None else float(churn),
            }
            return own if currency == "CNY" else {**own, "currency": currency}

        found = self.lifetime()
        if len(found) > 1:
            nothing = {"value": None, "numerator": None, "denominator": None}
            return {**nothing, "by_currency": {name: one(name) for name in sorted(found)}}
        return one(next(iter(found))) if found else {"value": None, "numerator": "0.00", "denominator": None}

    def ltv_cac(self) -> dict[str, Any]:
        cost = self.settings["figures.cac"] * 100
        found = self.lifetime()
        nothing = {"value": None, "numerator": "0.00", "denominator": None}
        if not cost or not self.settings["figures.gross_margin"] or found.keys() - {"CNY"}:
            return nothing
        value = found["CNY"][2] if found else None
        if value is None:
            return nothing
        return {"value": float(value / cost), "numerator": money(round(value)), "denominator": money(cost)}

    def first_year_ltv_cac(self) -> dict[str, Any]:
        margin = Fraction(self.settings["figures.gross_margin"], 100)
        cost = self.settings["figures.cac"] * 100
        if not margin or not cost:
            return {"value": None, "numerator": "0.00", "denominator": None}
        brought, accounts = Fraction(0), 0
        for account in self.accounts:
            begun = account.first_day
            if begun is None or not self.first <= begun <= self.last:
                continue
            year_end = anniversary(begun, 12) - DAY
            own: dict[str, Fraction] = defaultdict(Fraction)
            for start, end, arr, _rise, currency in account.paid:
                if start <= year_end and arr:
                    amount = arr * months_of(start, min(end, year_end)) / 12
                    if currency in self.rates:
                        own["CNY"] += amount * self.rates[currency]
                    else:
                        own[currency] += amount
            if not own.keys() - {"CNY"}:
                brought += own["CNY"] * margin
                accounts += 1
        if not accounts:
            return {"value": None, "numerator": "0.00", "denominator": "0.00"}
        spent = cost * accounts
        return {"value": float(brought / spent), "numerator": money(round(brought)), "denominator": money(spent)}

    def added_by(self, event: dict[str, Any], contracts: dict[str, Contract]) -> int:
        """What an amendment or an extension added to the amount of its contract."""
        contract = contracts[event["contract"]]
        after = next((line for line in contract.entries if line["id"] == event["line_after"]), None)
        if event["kind"] == "extended":
            return cents(after["amount"]) if after else 0
        since = read_day(event["effective_on"])
        until = (read_day(after["end"]) if after else None) or contract.named_end
        if event["kind"] != "amended" or since is None or until is None or since > until:
            return 0
        arr = (event["arr_after_cents"] or 0) - (event["arr_before_cents"] or 0)
        return round(arr * months_of(since, until) / 12)

    def customer_success_revenue_share(self) -> dict[str, Any]:
        top: dict[str, int] = defaultdict(int)
        bottom: dict[str, int] = defaultdict(int)
        by_id = {contract.id: contract for account in self.accounts for contract in account.all_contracts}
        later: dict[str, int] = defaultdict(int)
        for event in self.document["contract_events"]:
            added = self.added_by(event, by_id)
            later[event["contract"]] += added
            if added > 0 and self.first <= date.fromisoformat(event["noted_on"]) <= self.last:
                ((currency, home),) = self.in_home({by_id[event["contract"]].currency: added}).items()
                top[currency] += home
                bottom[currency] += home
        for account in self.accounts:
            for contract in account.all_contracts:
                if contract.signed is None or not self.first <= contract.signed <= self.last or not contract.amount:
                    continue
                amount = contract.amount - later[contract.id]
                ((currency, amount),) = self.in_home({contract.currency: amount}).items()
                bottom[currency] += amount
                if contract.has_term:
                    renews = any(contract in account.followers(one) for one in account.contracts)
                    beside = any(
                        one is not contract and one.start < contract.start <= account.last_days[one.id] + DAY
                        for one in account.contracts
                    )
                    if renews or beside:
                        top[currency] += amount
        return self.money_rate(top, dict(bottom), {})

    # what was paid

    def receivable_collection_rate(self) -> dict[str, Any]:
        top: dict[str, int] = defaultdict(int)
        bottom: dict[str, int] = defaultdict(int)
        for account in self.accounts:
            for contract in account.all_contracts:
                due = [one for one in self.document["receivables"] if one["contract"] == contract.id]
                due.sort(key=lambda one: (one["due"] is None, one["due"] or "", int(one["id"])))
                paid = [
                    one
                    for one in self.document["payments"]
                    if one["contract"] == contract.id
                    and (one["paid_on"] is None or date.fromisoformat(one["paid_on"]) <= self.last)
                ]
                free = sum(cents(one["amount"]) for one in paid if one["receivable"] is None)
                for entry in due:
                    owed = cents(entry["amount"])
                    own = sum(cents(one["amount"]) for one in paid if one["receivable"] == entry["id"])
                    got = min(own, owed)
                    more = min(free, owed - got)
                    free, got = free - more, got + more
                    if entry["due"] and self.first <= date.fromisoformat(entry["due"]) <= self.last:
                        ((currency, home),) = self.in_home({contract.currency: owed}).items()
                        bottom[currency] += home
                        top[currency] += self.in_home({contract.currency: got})[currency]
        return self.money_rate(top, dict(bottom), {})

    def amount_collected(self) -> dict[str, Any]:
        sums: dict[str, int] = defaultdict(int)
        currencies = {one.id: one.currency for account in self.accounts for one in account.all_contracts}
        for entry in self.document["payments"]:
            paid_on = read_day(entry["paid_on"])
            if paid_on and self.first <= paid_on <= self.last:
                ((currency, home),) = self.in_home({currencies[entry["contract"]]: cents(entry["amount"])}).items()
                sums[currency] += home
        return self.amount(dict(sums))

    # who was seen

    def visit_plan_execution(self) -> dict[str, Any]:
        done = base = excused = added = 0
        for visit in self.document["visits"]:
            baseline, done_on = read_day(visit["baseline_period"]), read_day(visit["done_on"])
            took_place = visit["state"] == "done"
            if baseline is None:
                added += took_place and done_on is not None and self.first <= done_on <= self.last
            elif self.first <= baseline <= self.last:
                if visit["state"] == "cancelled" and visit["excuse"]:
                    excused += 1
                else:
                    base += 1
                    done += took_place and done_on is not None and done_on <= self.last
        return self.rate(done, base, excused=excused, added_later=added)

    def accounts_served(self) -> dict[str, Any]:
        served = {
            visit["account"]
            for visit in self.document["visits"]
            if visit["state"] == "done"
            and visit["done_on"]
            and self.first <= date.fromisoformat(visit["done_on"]) <= self.last
        }
        of_ticket = {ticket["id"]: ticket["account"] for ticket in self.document["tickets"]}
        served |= {
            of_ticket[move["ticket"]]
            for move in self.document["ticket_moves"]
            if move["from_state"] and self.first <= date.fromisoformat(move["moved_on"]) <= self.last
        }
        return {"value": len(served), "numerator": len(served), "denominator": None}

    def figures(self) -> dict[str, dict[str, Any]]:
        return {
            "logo_churn_rate": self.logo_churn_rate(),
            "gross_revenue_retention": self.retention(net=False),
            "net_revenue_retention": self.retention(net=True),
            "renewal_rate": self.renewal_rate(),
            "renewal_rate_by_amount": self.renewal_rate_by_amount(),
            "win_backs": self.win_backs(),
            "expansion": self.expansion(),
            "receivable_collection_rate": self.receivable_collection_rate(),
            "amount_collected": self.amount_collected(),
            "visit_plan_execution": self.visit_plan_execution(),
            "accounts_served": self.accounts_served(),
            "ltv": self.ltv(),
            "ltv_cac": self.ltv_cac(),
            "first_year_ltv_cac": self.first_year_ltv_cac(),
            "customer_success_revenue_share": self.customer_success_revenue_share(),
            "pareto_share": self.pareto_share(),
        }
