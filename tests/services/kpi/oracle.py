"""The figures once more, slowly and obviously: from the exported document alone, day by day, by the words of the glossary.

Nothing here is imported from the program.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

from tests.services.kpi.oracle_accounts import (
    DAY,
    Account,
    Contract,
    anniversary,
    cents,
    days,
    money,
    months_of,
    of_a_contract_on,
    read_day,
)


def within(document: dict[str, Any], tiers: tuple[str, ...] = (), products: tuple[str, ...] = ()) -> dict[str, Any]:
    """The document of the accounts of these tiers ("" for none) that bought one of these products."""
    kept = dict(document)
    kept["accounts"] = [
        entry
        for entry in document["accounts"]
        if (not tiers or (entry["tier"] or "") in tiers)
        and (not products or {name for one in entry["contracts"] for line in one["lines"] for name in line["product"]} & set(products))
    ]  # fmt: skip
    accounts = {entry["id"] for entry in kept["accounts"]}
    contracts = {one["id"] for entry in kept["accounts"] for one in entry["contracts"]}
    for key in ("receivables", "payments", "contract_events"):
        kept[key] = [entry for entry in document[key] if entry["contract"] in contracts]
    for key in ("visits", "tickets"):
        kept[key] = [entry for entry in document[key] if entry["account"] in accounts]
    tickets = {entry["id"] for entry in kept["tickets"]}
    kept["ticket_moves"] = [entry for entry in document["ticket_moves"] if entry["ticket"] in tickets]
    return kept


class Oracle:
    """All figures of a document for a period."""

    def __init__(self, document: dict[str, Any], first: date, last: date, today: date) -> None:
        self.document, self.first, self.last, self.today = document, first, last, today
        self.settings = document["settings"]
        self.accounts = [Account(entry, today, self.settings) for entry in document["accounts"]]
        self.rates, self.rates_today = self.rates_on(last), self.rates_on(today)

    def rates_on(self, day: date) -> dict[str, Fraction]:
        found: dict[str, Fraction] = {}
        for entry in sorted(self.document["exchange_rates"], key=lambda one: (one["valid_from"], int(one["id"]))):
            if date.fromisoformat(entry["valid_from"]) <= day and entry["currency"] != "CNY":
                found[entry["currency"]] = Fraction(entry["rate"])
        return found

    def in_home(self, amounts: dict[str, int], rates: dict[str, Fraction] | None = None) -> dict[str, int]:
        rates = self.rates if rates is None else rates
        found: dict[str, int] = defaultdict(int)
        for currency, amount in amounts.items():
            if currency in rates:
                found["CNY"] += round(amount * rates[currency])
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
            for currency, own in (found or {"CNY": {"opening": 0, "closing": 0}}).items()
        }

    def moved(self) -> list[tuple[int, str, int, str, str]]:
        """What moved: account, bar, cents, currency, and the day by which the movement is dated."""
        found = []
        for account in self.accounts:
            alone = Oracle.__new__(Oracle)
            alone.__dict__ |= self.__dict__ | {"accounts": [account]}
            for currency, own in alone.movements().items():
                for move, amount in own.items():
                    if amount and move not in ("opening", "closing"):
                        day = self.moved_on(account, move)
                        found.append((int(account.id), move, amount, currency, day.isoformat()))
        return sorted(found)

    def moved_on(self, account: Account, move: str) -> date:
        if move == "churn":
            return account.churn_days(self.first, self.last)[0]
        if move == "win_back":
            return min(day for day in account.new_spells(self.first, self.last) if day != account.first_day)
        changed = [day for day in days(self.first, self.last) if account.arr(day) != account.arr(day - DAY)]
        return max(changed or [start for start, *_rest in account.paid if self.first <= start <= self.last])

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

    def laid(self, until: date) -> list[tuple[Contract, dict[str, Any], int]]:
        """Every instalment with what was paid on it by a day."""
        found = []
        for account in self.accounts:
            for contract in account.all_contracts:
                due = [one for one in self.document["receivables"] if one["contract"] == contract.id]
                due.sort(key=lambda one: (one["due"] is None, one["due"] or "", int(one["id"])))
                paid = [
                    one
                    for one in self.document["payments"]
                    if one["contract"] == contract.id
                    and (one["paid_on"] is None or date.fromisoformat(one["paid_on"]) <= until)
                ]
                free = sum(cents(one["amount"]) for one in paid if one["receivable"] is None)
                for entry in due:
                    owed = cents(entry["amount"])
                    own = sum(cents(one["amount"]) for one in paid if one["receivable"] == entry["id"])
                    got = min(own, owed)
                    more = min(free, owed - got)
                    free -= more
                    found.append((contract, entry, got + more))
        return found

    def receivable_collection_rate(self) -> dict[str, Any]:
        top: dict[str, int] = defaultdict(int)
        bottom: dict[str, int] = defaultdict(int)
        for contract, entry, got in self.laid(self.last):
            if entry["due"] and self.first <= date.fromisoformat(entry["due"]) <= self.last:
                ((currency, home),) = self.in_home({contract.currency: cents(entry["amount"])}).items()
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
