"""Making portfolios of any shape: what a hypothesis thought of, or a story, as rows of a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.kpi import ExchangeRate
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.settings import Setting
from csdesk.models.tickets import Ticket, TicketMove
from csdesk.models.visits import Visit
from csdesk.services.contracts.rules import line_arr
from csdesk.services.core.unit_of_work import UnitOfWork

FIRST = date(2024, 1, 1)
LENGTHS = (27, 89, 90, 181, 364, 365, 367, 729)
GAPS = (-120, -31, -1, 0, 0, 0, 1, 5, 13, 14, 15, 29, 30, 31, 60, 200)


@dataclass
class Bought:
    """A line: amount in yuan of its term; ``since`` days after its contract's start; ``replaces`` an earlier line's place."""

    amount: int
    recurring: bool = True
    since: int = 0
    until: int = 0
    own_days: bool = True
    replaces: int | None = None
    rise: int = 0


@dataclass
class Deal:
    """A contract: days from FIRST, or (``gap``) days between the end of the one before it and its start."""

    length: int = 364
    gap: int = 0
    links: bool = True
    state: str = "open"
    auto_renew: bool = False
    kind: str | None = None
    notice: int | None = None
    currency: str = "CNY"
    signed: int | None = -10
    own_days: bool = True
    lines: list[Bought] = field(default_factory=lambda: [Bought(1200)])
    money: list[tuple[int | None, int, int | None, int, bool]] = field(default_factory=list)
    """Due after, amount, paid after, paid, named."""
    amended: int = 0


@dataclass
class Customer:
    """An account with its deals in a row, and days on which it was seen."""

    start: int = 0
    deals: list[Deal] = field(default_factory=list)
    visits: list[tuple[int, int | None, str, str]] = field(default_factory=list)
    ticket: int | None = None


@dataclass
class Portfolio:
    """Customers, what figures are set to, and rates since days after FIRST."""

    customers: list[Customer]
    settings: dict[str, Any] = field(default_factory=dict)
    rates: list[tuple[str, int, str]] = field(default_factory=list)


def on(days: int | None) -> date | None:
    return None if days is None else FIRST + timedelta(days)


def write(uow: UnitOfWork, portfolio: Portfolio) -> None:
    """Store it."""
    for key, value in portfolio.settings.items():
        uow.add(Setting(key=key, value=value))
    for currency, since, rate in portfolio.rates:
        uow.add(ExchangeRate(currency=currency, valid_from=on(since), rate=rate))
    for number, customer in enumerate(portfolio.customers):
        _customer(uow, number, customer)
    uow.session.flush()


def _customer(uow: UnitOfWork, number: int, customer: Customer) -> None:
    account = uow.add(Account(name=f"Customer {number}"))
    uow.session.flush()
    before: Contract | None = None
    next_day = customer.start
    for place, deal in enumerate(customer.deals):
        start = max(0, next_day + deal.gap)
        end = start + deal.length
        row = uow.add(
            Contract(
                account_id=account.id, number=f"{number}-{place}", currency=deal.currency,
                signed_on=on(None if deal.signed is None else start + deal.signed),
                start_on=on(start) if deal.own_days else None, end_on=on(end) if deal.own_days else None,
                amount=Decimal(sum(line.amount for line in deal.lines)), auto_renew=deal.auto_renew,
                notice_on=on(None if deal.notice is None else end - deal.notice), renewal_state=deal.state,
                renewal_kind=deal.kind,
                predecessor_id=before.id if before is not None and deal.links else None,
            )
        )  # fmt: skip
        uow.session.flush()
        made: list[ContractLine] = []
        for line in deal.lines:
            first, last = start + line.since, max(start + line.since, end - line.until)
            with_days = line.own_days or not deal.own_days
            made.append(
                uow.add(
                    ContractLine(
                        contract_id=row.id, products="Core", amount=Decimal(line.amount), recurring=line.recurring,
                        start_on=on(first) if with_days else None, end_on=on(last) if with_days else None,
                        arr_cents=line_arr(Decimal(line.amount), on(first), on(last), line.recurring),
                        agreed_rise=Decimal(line.rise) or None,
                        predecessor_id=made[line.replaces].id if line.replaces is not None and made else None,
                    )
                )
            )  # fmt: skip
            uow.session.flush()
        for due, amount, paid, cash, named in deal.money:
            owed = uow.add(
                Receivable(contract_id=row.id, due_on=on(None if due is None else start + due), amount=Decimal(amount))
            )
            uow.session.flush()
            if cash:
                uow.add(
                    Payment(
                        contract_id=row.id, receivable_id=owed.id if named else None, amount=Decimal(cash),
                        paid_on=on(None if paid is None else start + paid),
                    )
                )  # fmt: skip
        if deal.amended:
            uow.add(
                ContractEvent(
                    contract_id=row.id, kind="amended" if deal.amended % 2 == 0 else "extended",
                    line_after_id=made[-1].id if len(made) > 1 else None, effective_on=on(start + 40), noted_on=on(start + 35),
                    arr_before_cents=100_00, arr_after_cents=100_00 + deal.amended,
                )
            )  # fmt: skip
        before, next_day = row, end + 1
    for planned, done, state, excuse in customer.visits:
        uow.add(
            Visit(
                account_id=account.id, state=state, planned_on=on(planned), excuse=excuse,
                baseline_on=on(planned) if planned % 3 else None, done_on=on(done) if state == "done" else None,
            )
        )  # fmt: skip
    if customer.ticket is not None:
        ticket = uow.add(
            Ticket(account_id=account.id, number=number + 1, reported_on=on(customer.ticket), title="Wish")
        )
        uow.session.flush()
        uow.add(
            TicketMove(ticket_id=ticket.id, from_state="captured", to_state="sent", moved_on=on(customer.ticket + 3))
        )


lines = st.builds(
    Bought,
    amount=st.sampled_from((0, 600, 999, 1200, 3650)),
    recurring=st.sampled_from((True, True, True, False)),
    since=st.sampled_from((0, 0, 0, 20)),
    until=st.sampled_from((0, 0, 0, 15, -20)),
    own_days=st.booleans(),
    replaces=st.sampled_from((None, None, 0)),
    rise=st.sampled_from((0, 0, 0, 50, 300)),
)
paid = st.tuples(
    st.sampled_from((0, 30, 90, None)),
    st.sampled_from((100, 250)),
    st.sampled_from((0, 45, 200, None)),
    st.sampled_from((0, 40, 100, 400)),
    st.booleans(),
)
deals = st.builds(
    Deal,
    length=st.sampled_from(LENGTHS),
    gap=st.sampled_from(GAPS),
    links=st.booleans(),
    state=st.sampled_from(("open", "open", "renewed", "churned")),
    auto_renew=st.sampled_from((False, False, False, True)),
    kind=st.sampled_from((None, None, "by_hand", "automatic")),
    notice=st.sampled_from((None, 0, 30)),
    currency=st.sampled_from(("CNY", "CNY", "CNY", "USD", "EUR")),
    signed=st.sampled_from((-40, -10, 0, 5, None)),
    own_days=st.sampled_from((True, True, True, False)),
    lines=st.lists(lines, min_size=1, max_size=3),
    money=st.lists(paid, max_size=2),
    amended=st.sampled_from((0, 0, 0, 5000, -700, 41)),
)
visits = st.tuples(
    st.integers(300, 800),
    st.integers(300, 800),
    st.sampled_from(("done", "planned", "cancelled")),
    st.sampled_from(("", "ill")),
)
customers = st.builds(
    Customer,
    start=st.sampled_from((0, 31, 59, 60, 200, 365, 500)),
    deals=st.lists(deals, min_size=1, max_size=5),
    visits=st.lists(visits, max_size=2),
    ticket=st.sampled_from((None, None, 400, 600)),
)
overrunning = st.builds(
    Bought,
    amount=st.sampled_from((600, 1200, 3650)),
    since=st.sampled_from((0, 0, 20)),
    until=st.sampled_from((15, 1, 40, -30)),
    rise=st.sampled_from((0, 0, 50)),
)
"""A line with days of its own, which end before its contract does, or after it."""
succeeded_early = st.builds(
    Customer,
    start=st.sampled_from((0, 59, 200, 365)),
    deals=st.tuples(
        st.builds(
            Deal,
            length=st.sampled_from((364, 365, 729)),
            state=st.sampled_from(("open", "renewed")),
            lines=st.lists(overrunning, min_size=1, max_size=2),
        ),
        st.builds(
            Deal,
            length=st.sampled_from((181, 364, 729)),
            gap=st.sampled_from((-120, -200, -60, -31, -2)),
            state=st.sampled_from(("open", "renewed", "churned")),
            currency=st.sampled_from(("CNY", "CNY", "CNY", "USD")),
            lines=st.lists(overrunning | lines, min_size=1, max_size=2),
        ),
    ).map(list),
)
"""One whose contract is followed while its lines would run on: they stop the day before, whatever their own days say."""
portfolios = st.builds(
    Portfolio,
    customers=st.lists(customers | customers | succeeded_early, min_size=2, max_size=6),
    settings=st.fixed_dictionaries(
        {
            "figures.grace_days": st.sampled_from((0, 1, 14, 30)),
            "figures.recognition": st.sampled_from(("end", "end", "grace")),
            "figures.gross_margin": st.sampled_from((0, 75, 80)),
            "figures.cac": st.sampled_from((0, 700)),
        }
    ),
    rates=st.lists(
        st.tuples(
            st.sampled_from(("USD", "EUR")), st.sampled_from((0, 400, 800)), st.sampled_from(("7.1", "0.875", "7"))
        ),
        max_size=3,
    ),
)
periods = st.one_of(
    st.sampled_from(
        (
            (date(2025, 1, 1), date(2025, 12, 31)),
            (date(2025, 4, 1), date(2025, 6, 30)),
            (date(2024, 1, 1), date(2026, 12, 31)),
            (date(2025, 3, 1), date(2025, 3, 31)),
        )
    ),
    st.tuples(st.integers(0, 800), st.integers(0, 400)).map(
        lambda two: (FIRST + timedelta(two[0]), FIRST + timedelta(two[0] + two[1]))
    ),
)
todays = st.integers(300, 1200).map(lambda number: FIRST + timedelta(number))
