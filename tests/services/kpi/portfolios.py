"""Portfolios of any shape as rows of a store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from csdesk.models.accounts import Account
from csdesk.models.base import Record, new_id
from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.kpi import ExchangeRate
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.settings import Setting
from csdesk.models.tickets import Ticket, TicketMove
from csdesk.models.visits import Visit
from csdesk.services.contracts.rules import line_arr
from csdesk.services.core.unit_of_work import UnitOfWork

R = TypeVar("R", bound=Record)
FIRST = date(2024, 1, 1)
GONE = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Bought:
    """A line: amount in yuan of its term; ``since`` days after its contract's start; ``replaces`` an earlier line's place,
    -1 the last one of the deal before it where that is followed."""

    amount: int
    recurring: bool = True
    since: int = 0
    until: int = 0
    own_days: bool = True
    replaces: int | None = None
    rise: int = 0
    product: str = "Core"
    gone: bool = False


@dataclass
class Owed:
    """An instalment due ``due`` days after its contract's start, and a payment for it or (not ``named``) for the whole."""

    due: int | None
    amount: int
    paid: int | None
    cash: int
    named: bool
    gone: str = ""
    """What of the two is in the bin: ``owed`` or ``cash``."""


@dataclass
class Deal:
    """A contract: ``gap`` days between it and the end of the one before it, the end of that one's grace, or its start."""

    length: int = 364
    gap: int = 0
    after: str = "end"
    follows: int = 1
    """So many deals back stands the one that it names as its predecessor; 0: none."""
    state: str = "open"
    auto_renew: bool = False
    kind: str | None = None
    notice: int | None = None
    currency: str = "CNY"
    signed: int | None = -10
    own_days: bool = True
    lines: list[Bought] = field(default_factory=lambda: [Bought(1200)])
    money: list[Owed] = field(default_factory=list)
    amended: int = 0
    whole: bool = True
    """Whether its own amount is known."""
    gone: bool = False


@dataclass
class Seen:
    """A visit, or (``state`` sent) a ticket that was sent."""

    planned: int
    done: int
    state: str
    excuse: str = ""
    in_plan: bool = True
    gone: str = ""


@dataclass
class Customer:
    """An account with its deals in a row, and days on which it was seen."""

    start: int = 0
    deals: list[Deal] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    tier: str | None = None
    gone: bool = False


@dataclass
class Portfolio:
    """Customers, what figures are set to, and rates since days after FIRST."""

    customers: list[Customer]
    settings: dict[str, Any] = field(default_factory=dict)
    rates: list[tuple[str, int, str, bool]] = field(default_factory=list)


def on(days: int | None) -> date | None:
    return None if days is None else FIRST + timedelta(days)


def after(start: int, days: int | None) -> int | None:
    return None if days is None else start + days


def terms(customer: Customer, grace: int) -> list[tuple[Deal, int, int]]:
    """The deals with their first and their last day."""
    found: list[tuple[Deal, int, int]] = []
    start, end = customer.start, customer.start - 1
    for deal in customer.deals:
        since = {"end": end + 1, "grace": end + grace, "start": start}[deal.after]
        start = max(0, since + deal.gap)
        end = start + deal.length
        found.append((deal, start, end))
    return found


def write(uow: UnitOfWork, portfolio: Portfolio) -> None:
    """Store it, table by table."""
    rows: dict[type[Record], list[Record]] = {}

    def put(row: R, gone: bool) -> R:
        rows.setdefault(type(row), []).append(row)
        row.id = new_id()
        row.deleted_at = GONE if gone else None
        return row

    for key, value in portfolio.settings.items():
        put(Setting(key=key, value=value), False)
    for currency, since, rate, gone in portfolio.rates:
        put(ExchangeRate(currency=currency, valid_from=on(since), rate=rate), gone)
    for number, customer in enumerate(portfolio.customers):
        _customer(put, number, customer, portfolio.settings.get("figures.grace_days", 30))
    for model in (Account, Contract, ContractLine, Receivable, Ticket):
        for row in rows.pop(model, ()):
            uow.add(row)
        uow.session.flush()
    for listed in rows.values():
        for row in listed:
            uow.add(row)
    uow.session.flush()


def _customer(put: Callable[[R, bool], R], number: int, customer: Customer, grace: int) -> None:
    account = put(Account(name=f"Customer {number}", tier=customer.tier), customer.gone)
    contracts: list[Contract] = []
    before: ContractLine | None = None
    for place, (deal, start, end) in enumerate(terms(customer, grace)):
        gone = customer.gone or deal.gone
        known = deal.own_days
        row = put(
            Contract(
                account_id=account.id, number=f"{number}-{place}", currency=deal.currency,
                signed_on=on(after(start, deal.signed)),
                start_on=on(start) if known else None, end_on=on(end) if known else None,
                amount=Decimal(sum(line.amount for line in deal.lines)) if deal.whole else None,
                auto_renew=deal.auto_renew, notice_on=on(None if deal.notice is None else end - deal.notice),
                renewal_state=deal.state, renewal_kind=deal.kind,
                predecessor_id=contracts[place - deal.follows].id if 0 < deal.follows <= place else None,
            ),
            gone,
        )  # fmt: skip
        contracts.append(row)
        made: list[ContractLine] = []
        for line in deal.lines:
            first, last = days_of(line, start, end)
            with_days = line.own_days or not known
            if line.replaces == -1:
                replaced = before if deal.follows == 1 else None
            else:
                replaced = made[0] if line.replaces is not None and made else None
            made.append(
                put(
                    ContractLine(
                        contract_id=row.id, products=line.product, amount=Decimal(line.amount), recurring=line.recurring,
                        start_on=on(first) if with_days else None, end_on=on(last) if with_days else None,
                        arr_cents=line_arr(Decimal(line.amount), on(first), on(last), line.recurring),
                        agreed_rise=Decimal(line.rise) or None,
                        predecessor_id=replaced.id if replaced else None,
                    ),
                    gone or line.gone,
                )
            )  # fmt: skip
        before = made[-1]
        for one in deal.money:
            owed = put(
                Receivable(contract_id=row.id, due_on=on(after(start, one.due)), amount=Decimal(one.amount)),
                gone or one.gone == "owed",
            )
            if one.cash:
                named = one.named and one.gone != "owed"
                put(
                    Payment(
                        contract_id=row.id, receivable_id=owed.id if named else None, amount=Decimal(one.cash),
                        paid_on=on(after(start, one.paid)),
                    ),
                    gone or one.gone == "cash",
                )  # fmt: skip
        if deal.amended:
            put(
                ContractEvent(
                    contract_id=row.id, kind="amended" if deal.amended % 2 == 0 else "extended",
                    line_after_id=made[-1].id if len(made) > 1 else None, effective_on=on(start + 40), noted_on=on(start + 35),
                    arr_before_cents=100_00, arr_after_cents=100_00 + deal.amended,
                ),
                gone or deal.amended == 6000,
            )  # fmt: skip
    for one in customer.seen:
        _seen(put, account, one)


def days_of(line: Bought, start: int, end: int) -> tuple[int, int]:
    """A line's first and last day where its contract has these."""
    return start + line.since, max(start + line.since, end - line.until)


def _seen(put: Callable[[R, bool], R], account: Account, one: Seen) -> None:
    gone = account.deleted_at is not None or one.gone == "all"
    if one.state != "sent":
        put(
            Visit(
                account_id=account.id, state=one.state, planned_on=on(one.planned), excuse=one.excuse,
                baseline_on=on(one.planned) if one.in_plan else None,
                done_on=on(one.done) if one.state != "planned" else None,
            ),
            gone,
        )  # fmt: skip
        return
    ticket = put(
        Ticket(account_id=account.id, number=account.id % 1_000_000, reported_on=on(one.planned), title="Wish"), gone
    )
    put(TicketMove(ticket_id=ticket.id, from_state=None, to_state="captured", moved_on=on(one.planned)), gone)
    put(
        TicketMove(ticket_id=ticket.id, from_state="captured", to_state="sent", moved_on=on(one.done)),
        gone or one.gone == "move",
    )
