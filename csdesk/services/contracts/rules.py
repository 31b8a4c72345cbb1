"""What makes a contract: its term, its lines, their ARR. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.money import arr_cents
from csdesk.services.core.texts import _
from csdesk.services.core.values import Unreadable, parse_amount, parse_count, parse_day

CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP", "SGD", "TWD")


@dataclass(frozen=True)
class LineFields:
    """A line as a form has it; ``id`` is that of a line which exists. Without days of its own it runs with the contract."""

    id: int | None = None
    products: str = ""
    seats: int | None = None
    amount: Decimal | None = None
    recurring: bool = True
    start_on: date | None = None
    end_on: date | None = None


@dataclass(frozen=True)
class ContractFields:
    """A contract. ``amount`` is for the whole term. Without ``lines`` it has one, with its products, seats and amount."""

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
    notice_on: date | None = None
    document: str = ""
    lines: tuple[LineFields, ...] = ()


LINE_KEYS = ("id", "products", "seats", "amount", "recurring", "start_on", "end_on")
"""What a line of the table is typed in, in this order: cells parted by tabs, lines by line ends."""


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
    lines = _lines(read, today, start, end)
    amount = read.value("amount", parse_amount)
    if amount is not None and len(lines) == 1 and lines[0].amount is None:
        lines = (replace(lines[0], amount=amount),)
    known = [line.amount for line in lines if line.amount is not None]
    if amount is None and known:
        amount = sum(known, Decimal(0))
    elif known and len(known) == len(lines) and sum(known, Decimal(0)) != amount:
        words = _("The lines add up to {sum}. Leave this empty to take that.")
        read.refuse("amount", words.format(sum=sum(known, Decimal(0))), "sum")
    fields = ContractFields(
        number=read.text("number", required=_("A contract needs a number, so that it can be found again.")),
        products=read.text("products"),
        seats=read.value("seats", parse_count),
        currency=currency,
        signed_on=day("signed_on"),
        start_on=start,
        end_on=end,
        amount=amount,
        auto_renew=read.text("auto_renew") in ("1", "true", "yes"),
        payment_terms=read.text("payment_terms"),
        predecessor_id=int(predecessor) if predecessor.isdecimal() else None,
        notes=read.text("notes"),
        notice_on=read.value("notice_on", lambda text: parse_notice(text, end, today)),
        document=read.text("document"),
        lines=lines,
    )
    if fields.notice_on is not None and end is not None and fields.notice_on > end:
        read.refuse("notice_on", _("The day of notice lies after the end, {end}.").format(end=end), "order")
    read.check()
    return fields


def parse_notice(text: str, end: date | None, today: date) -> date | None:
    """The last day to give notice: a day as typed, or so many days before the end. Raises Unreadable."""
    days = re.fullmatch(r"\s*(\d{1,3})\s*(?:days?|\u5929)?\s*", text)
    if days is None:
        return parse_day(text, today)
    if end is None:
        raise Unreadable(_("Enter the end of the contract, or a day here."))
    return end - timedelta(days=int(days[1]))


def typed_lines(lines: Iterable[LineFields]) -> str:
    """Lines as the table of a form holds them; the reverse of what ``parse`` reads."""
    return "\n".join("\t".join(_typed(getattr(line, key)) for key in LINE_KEYS) for line in lines)


def _typed(value: object) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else " ".join(str(value).split())


def _lines(read: Reader, today: date, start: date | None, end: date | None) -> tuple[LineFields, ...]:
    """The lines of the table; one that is empty is passed by."""
    found = []
    for place, row in enumerate(read.draft.get("lines", "").split("\n"), start=1):
        cells = dict(zip(LINE_KEYS, row.split("\t"), strict=False))
        if not any(cells.get(key, "").strip() for key in ("products", "seats", "amount", "start_on", "end_on")):
            continue
        own = Reader(cells)
        given = own.text("id")
        line = LineFields(
            int(given) if given.isdecimal() else None,
            own.text("products"),
            own.value("seats", parse_count),
            own.value("amount", parse_amount),
            own.text("recurring") in ("1", "true", "yes"),
            own.value("start_on", lambda text: parse_day(text, today)),
            own.value("end_on", lambda text: parse_day(text, today)),
        )
        first, last = line.start_on or start, line.end_on or end
        if first and last and last < first:
            own.refuse("end_on", _("The end lies before the start."), "order")
        elif (start and first and first < start) or (end and last and last > end):
            own.refuse("end_on", _("A line cannot run outside the term of its contract."), "outside")
        for problem in own.problems:
            words = _("Line {n}: {problem}").format(n=place, problem=problem.message)
            read.refuse("lines", words, problem.code)
        found.append(line)
    return tuple(found)


def line_arr(amount: Decimal | None, start: date | None, end: date | None, recurring: bool = True) -> int | None:
    """ARR of a line in cents by the glossary; None for one-off lines and where amount or term is not known."""
    if not recurring or amount is None or start is None or end is None or end < start:
        return None
    return arr_cents(amount, start, end)
