"""The contracts of an invented account: terms that follow each other over three years, with money due and paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from csdesk.models.base import new_id
from csdesk.models.vocabulary import PRODUCT_SEPARATOR, RenewalState
from csdesk.services.contracts.rules import line_arr
from csdesk.services.core.money import anniversary
from csdesk.services.demo.words import pick, words

SEATS = {"A": (100, 400), "B": (35, 120), "C": (8, 45)}
CHURN = {"A": 0.05, "B": 0.09, "C": 0.15}
LATE_DECISION_DAYS = 28
"""So long after an end its renewal may still be open."""
LONGEST_AGO = 1_100
LONG_OPEN = 260
"""What was due so many days ago is paid, or nobody would still serve them."""

Row = dict[str, Any]


@dataclass
class Terms:
    """Rows of contracts and of what belongs to them; ``first`` is the first start, ``gone`` whether the account left."""

    contracts: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    receivables: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    first: date = date.min
    gone: bool = False


def terms_of(chance: Random, account: int, tier: str, number: int, day: date) -> Terms:
    """All terms of one account as known on ``day``."""
    found = Terms()
    ago = chance.randint(-12, 25) if chance.random() < 0.05 else chance.randint(30, LONGEST_AGO)
    start = found.first = day - timedelta(ago)
    seats = chance.randint(*SEATS[tier])
    products = chance.sample(
        words()["products"], {"A": 3, "B": 2, "C": 1}[tier] - (chance.random() < 0.3 and tier == "A")
    )
    before: Row | None = None
    for term in range(1, 6):
        row = _contract(chance, account, f"HT{start.year}-{number:04}-{term}", start, day)
        row["predecessor_id"] = before["id"] if before else None
        _lines(chance, found, row, products, seats, first=before is None)
        _money(chance, found, row, day)
        found.contracts.append(row)
        if not _renewed(chance, row, tier, day):
            found.gone = row["renewal_state"] == RenewalState.CHURNED
            break
        before, start = row, row["end_on"] + timedelta(1)
        seats = max(5, round(seats * chance.choice((1, 1, 1, 1.2, 1.3, 1.5, 0.8))))
        if len(products) < 4 and chance.random() < 0.15:
            products = [*products, *(p for p in words()["products"] if p not in products)][: len(products) + 1]
    return found


def _contract(chance: Random, account: int, number: str, start: date, day: date) -> Row:
    months = chance.choices((12, 24, 6), (85, 11, 4))[0]
    return {
        "id": new_id(), "account_id": account, "number": number, "currency": "CNY",
        "signed_on": min(start - timedelta(chance.randint(3, 25)), day), "start_on": start,
        "end_on": anniversary(start, months) - timedelta(1), "amount": Decimal(0), "auto_renew": chance.random() < 0.1,
        "payment_terms": "", "predecessor_id": None, "renewal_state": RenewalState.OPEN, "decided_on": None,
        "renewal_reason": "",
    }  # fmt: skip


def _renewed(chance: Random, row: Row, tier: str, day: date) -> bool:
    """Decide about the end of a term, and whether another follows it by ``day``."""
    end: date = row["end_on"]
    left = (end - day).days
    if left > 120 or (left > 0 and chance.random() > 0.14):
        return False
    if -LATE_DECISION_DAYS <= left <= 0 and chance.random() < 0.3:
        return False
    row["decided_on"] = min(end - timedelta(chance.randint(-5, 40)), day)
    if chance.random() < CHURN[tier]:
        row["renewal_state"], row["renewal_reason"] = RenewalState.CHURNED, pick(chance, "churn_reasons")
        return False
    row["renewal_state"] = RenewalState.RENEWED
    return True


def _lines(chance: Random, found: Terms, row: Row, products: list[Any], seats: int, *, first: bool) -> None:
    months = months_of(row)
    price = sum(product["price"] for product in products)
    discount = chance.choice((100, 95, 90, 85))
    amount = Decimal(max(10, seats * price * discount // 1200 // 10 * 10) * months)
    joined = PRODUCT_SEPARATOR.join(product["name"] for product in products)
    found.lines.append(_line(row, joined, seats, amount, recurring=True))
    if first and chance.random() < 0.25:
        training = Decimal(chance.choice((8_000, 12_000, 20_000)))
        found.lines.append(_line(row, words()["training"], None, training, recurring=False))
        amount += training
    row["amount"] = amount


def months_of(row: Row) -> int:
    """How many whole months a term has: what a month costs is whole yuan, so that a year of it is too."""
    days: int = (row["end_on"] - row["start_on"]).days
    return max(1, round(days / 30.44))


def bank_reference(paid_on: date, instalment_id: int) -> str:
    """What a bank calls a transfer."""
    return f"{paid_on:%Y%m%d}{instalment_id % 10_000_000:07}"


def _line(row: Row, products: str, seats: int | None, amount: Decimal, *, recurring: bool) -> Row:
    return {
        "id": new_id(), "contract_id": row["id"], "products": products, "seats": seats, "amount": amount,
        "recurring": recurring, "start_on": row["start_on"], "end_on": row["end_on"],
        "arr_cents": line_arr(amount, row["start_on"], row["end_on"], recurring),
    }  # fmt: skip


def _money(chance: Random, found: Terms, row: Row, day: date) -> None:
    """One to four instalments; what was due is mostly paid, here and there late, and of late in part."""
    count = chance.choices((1, 2, 3, 4), (40, 30, 15, 15))[0]
    row["payment_terms"] = words()["terms"][str(count)]
    left: Decimal = row["amount"]
    for position in range(1, count + 1):
        amount = left if position == count else (row["amount"] / count).quantize(Decimal(1))
        left -= amount
        due = row["start_on"] + timedelta(15 + (position - 1) * 90)
        instalment = {
            "id": new_id(), "contract_id": row["id"], "position": position, "due_on": due, "amount": amount,
        }  # fmt: skip
        found.receivables.append(instalment)
        paid_on = due + timedelta(chance.randint(-6, 24))
        if paid_on <= day and (chance.random() < 0.97 or (day - due).days > 200):
            whole = chance.random() < 0.9 or (day - due).days > LONG_OPEN
            paid = amount if whole else (amount * Decimal("0.6")).quantize(Decimal(1))
            found.payments.append(
                {
                    "contract_id": row["id"], "receivable_id": instalment["id"], "paid_on": paid_on, "amount": paid,
                    "reference": bank_reference(paid_on, instalment["id"]),
                }
            )  # fmt: skip
