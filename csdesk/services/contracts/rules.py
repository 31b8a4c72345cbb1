"""What makes a contract: its term, its amount, the ARR of its line. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.money import arr_cents
from csdesk.services.core.texts import _
from csdesk.services.core.values import parse_amount, parse_count, parse_day

CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP", "SGD", "TWD")


@dataclass(frozen=True)
class ContractFields:
    """A contract with one line. ``amount`` is for the whole term, ``paid`` what came in before anyone kept dates."""

    number: str = ""
    products: str = ""
    seats: int | None = None
    currency: str = HOME_CURRENCY
    signed_on: date | None = None
    start_on: date | None = None
    end_on: date | None = None
    amount: Decimal | None = None
    auto_renew: bool = False
    payment_terms: str = ""
    predecessor_id: int | None = None
    notes: str = ""


def parse(draft: Draft, today: date) -> ContractFields:
    """The contract that a form describes; raises Problems."""
    read = Reader(draft)

    def day(key: str) -> date | None:
        return read.value(key, lambda text: parse_day(text, today))

    start, end = day("start_on"), day("end_on")
    if start and end and end < start:
        read.refuse(
            "end_on", _("The end lies before the start, {start}; change one of them.").format(start=start), "order"
        )
    currency = read.text("currency") or HOME_CURRENCY
    if currency not in CURRENCIES:
        read.refuse("currency", _("Choose one of the list."), "unknown")
    predecessor = read.text("predecessor_id")
    fields = ContractFields(
        number=read.text("number", required=_("A contract needs a number, so that it can be found again.")),
        products=read.text("products"),
        seats=read.value("seats", parse_count),
        currency=currency,
        signed_on=day("signed_on"),
        start_on=start,
        end_on=end,
        amount=read.value("amount", parse_amount),
        auto_renew=read.text("auto_renew") in ("1", "true", "yes"),
        payment_terms=read.text("payment_terms"),
        predecessor_id=int(predecessor) if predecessor.isdecimal() else None,
        notes=read.text("notes"),
    )
    read.check()
    return fields


def line_arr(amount: Decimal | None, start: date | None, end: date | None, recurring: bool = True) -> int | None:
    """ARR of a line in cents by the glossary; None for one-off lines and where amount or term is not known."""
    if not recurring or amount is None or start is None or end is None or end < start:
        return None
    return arr_cents(amount, start, end)
