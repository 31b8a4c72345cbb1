"""Portfolios that hypothesis thinks of, and what is asked of them: days aimed at each other, for most errors lie at an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.services.kpi.portfolios import Bought, Customer, Deal, Owed, Portfolio, Seen, days_of, on, terms

RATES = ("7.1", "0.875", "7")
GAPS = (-120, -31, -1, 0, 0, 0, 1, 5, 15, 60, 200)
LENGTHS = (0, 27, 89, 90, 181, 364, 364, 365, 367, 729)


@dataclass
class Question:
    """A portfolio, and what is asked of it: about which days, on which, of whom, by which unit."""

    portfolio: Portfolio
    period: tuple[date, date]
    today: date
    scope: dict[str, tuple[str, ...]]
    unit: str


def boundaries(customer: Customer, portfolio: Portfolio) -> list[int]:
    """The days on which what a customer pays may change."""
    grace = portfolio.settings["figures.grace_days"]
    found = {since for _currency, since, *_rest in portfolio.rates} | {customer.start}
    for deal, start, end in terms(customer, grace):
        found |= {start, end, end + grace, *(day for line in deal.lines for day in days_of(line, start, end))}
    return sorted(found)


def occasions(portfolio: Portfolio) -> list[int]:
    """The days on which somebody was seen, paid or signed."""
    found = {0}
    for customer in portfolio.customers:
        found |= {day for one in customer.seen for day in (one.planned, one.done)}
        for deal, start, _end in terms(customer, portfolio.settings["figures.grace_days"]):
            found |= {start + deal.signed} if deal.signed else set()
            found |= {start + 35} if deal.amended else set()
            found |= {start + day for one in deal.money for day in (one.due, one.paid) if day is not None}
    return sorted(found)


def verdicts(customer: Customer, portfolio: Portfolio) -> list[int]:
    """The days up to which somebody may say what becomes of its terms."""
    grace = portfolio.settings["figures.grace_days"]
    return [
        end - deal.notice if deal.auto_renew and deal.notice else end + grace * (not deal.auto_renew)
        for deal, _start, end in terms(customer, grace)
    ]


seldom = st.sampled_from((False,) * 11 + (True,))
amounts = st.sampled_from((0, 103, 600, 999, 1200, 3650))
currencies = st.sampled_from(("CNY", "CNY", "CNY", "CNY", "USD", "EUR"))
states = st.sampled_from(("open", "open", "renewed", "churned"))
lines = st.builds(
    Bought,
    amount=amounts,
    recurring=st.sampled_from((True, True, True, False)),
    since=st.sampled_from((0, 0, 0, 20, -9)),
    until=st.sampled_from((0, 0, 0, 15, -20)),
    own_days=st.booleans(),
    replaces=st.sampled_from((None, None, 0, None, -1)),
    rise=st.sampled_from((0, 0, 0, 50, 300)),
    product=st.sampled_from(("Core", "Core", "Plus")),
    gone=seldom,
)
plain = st.builds(Bought, amount=amounts)
paid = st.builds(
    Owed,
    due=st.sampled_from((0, 30, 60, 90, None)),
    amount=st.sampled_from((100, 103, 250)),
    paid=st.sampled_from((0, 30, 45, 90, 200, None)),
    cash=st.sampled_from((0, 40, 100, 103, 400)),
    named=st.booleans(),
    gone=st.sampled_from(("",) * 8 + ("owed", "cash")),
)


def deal(**parts: Any) -> st.SearchStrategy[Deal]:
    """A contract of any kind, but for these parts."""
    any_kind = {
        "length": st.sampled_from(LENGTHS),
        "gap": st.sampled_from(GAPS),
        "after": st.just("end"),
        "follows": st.sampled_from((0, 1, 1, 2)),
        "state": states,
        "auto_renew": st.sampled_from((False, False, False, True)),
        "kind": st.sampled_from((None, None, "by_hand", "automatic")),
        "notice": st.sampled_from((None, 0, 30, 30)),
        "currency": currencies,
    }
    return st.builds(Deal, **any_kind | parts)


def in_order(*deals: st.SearchStrategy[Deal]) -> st.SearchStrategy[Customer]:
    """A customer with these."""
    return st.builds(
        Customer,
        start=st.sampled_from((0, 59, 200, 365)),
        deals=st.tuples(*deals).map(list),
        tier=st.sampled_from((None, "A", "B")),
    )


deals = deal(
    signed=st.sampled_from((-40, -10, 0, 5, None)),
    own_days=st.sampled_from((True, True, True, False)),
    lines=st.lists(lines, min_size=1, max_size=3),
    money=st.lists(paid, max_size=2),
    amended=st.sampled_from((0, 0, 0, 5000, 6000, -700, 41)),
    whole=st.sampled_from((True, True, False)),
    gone=seldom,
) | deal(after=st.sampled_from(("grace", "start")), gap=st.sampled_from((0, 1, -1, 0)))
visit_days = st.sampled_from((300, 330, 361, 420, 500, 800))
seen = st.builds(
    Seen,
    planned=visit_days,
    done=visit_days,
    state=st.sampled_from(("done", "done", "planned", "cancelled", "sent")),
    excuse=st.sampled_from(("", "ill")),
    in_plan=st.sampled_from((True, True, False)),
    gone=st.sampled_from(("",) * 6 + ("all", "move")),
)
customers = st.builds(
    Customer,
    start=st.sampled_from((0, 31, 59, 60, 200, 365, 500)),
    deals=st.lists(deals, min_size=1, max_size=4),
    seen=st.lists(seen, max_size=2),
    tier=st.sampled_from((None, "A", "B")),
    gone=seldom,
)
overrunning = st.builds(
    Bought,
    amount=amounts,
    since=st.sampled_from((0, 0, 20, -9)),
    until=st.sampled_from((15, 1, 40, -30)),
    rise=st.sampled_from((0, 0, 50)),
)
"""A line with days of its own, which end before its contract does, or after it."""
some_lines = st.lists(overrunning | lines, min_size=1, max_size=2)
succeeded_early = in_order(
    deal(length=st.sampled_from((89, 364, 365, 729)), lines=st.lists(overrunning, min_size=1, max_size=2)),
    deal(gap=st.sampled_from((-90, -200, -120, -31, -2)), lines=some_lines),
)
"""One whose contract is followed while its lines would run on: they stop the day before, whatever their own days say."""
at_the_grace = {"after": st.just("grace"), "gap": st.sampled_from((0, 1)), "follows": st.sampled_from((0, 1))}
at_last = in_order(
    deal(length=st.sampled_from((89, 364)), lines=st.lists(plain | lines, min_size=1, max_size=2)),
    deal(**at_the_grace, length=st.sampled_from((89, 364)), lines=st.lists(plain | lines, min_size=1, max_size=2)),
    deal(**at_the_grace),
)
"""One that is followed on the last day of the grace, or a day too late."""
near = {"after": st.just("start"), "gap": st.sampled_from((0, 0, 1, 5)), "follows": st.just(0)}
sharing = in_order(
    deal(length=st.just(364), lines=st.lists(plain, min_size=1, max_size=1)),
    deal(**near, length=st.sampled_from((350, 360, 364)), lines=st.lists(plain, min_size=1, max_size=1)),
    deal(follows=st.just(0), gap=st.sampled_from((15, 0, 5)), lines=some_lines),
    deal(**near),
)
"""One with terms beside each other, followed by one or by two."""
split = {"length": st.just(181), "state": st.sampled_from(("open", "churned")), "auto_renew": seldom}
at_once = in_order(
    deal(**split, follows=st.just(0)),
    deal(**split, after=st.just("start"), gap=st.just(0), follows=st.sampled_from((0, 0, 1))),
    deal(after=st.just("grace"), gap=st.sampled_from((1, 2, 40)), follows=st.just(0)),
)
"""One whose terms end on one day, each otherwise decided; it may come back."""
parted = in_order(
    deal(length=st.just(181), lines=some_lines),
    deal(gap=st.sampled_from((0, 5, -5)), follows=st.just(1), lines=some_lines),
    deal(after=st.just("start"), gap=st.sampled_from((0, 1, 5)), follows=st.just(2)),
)
"""One that is followed by two."""
binned = in_order(
    deal(
        own_days=st.just(False), whole=st.booleans(), signed=st.sampled_from((-10, 0)),
        lines=st.tuples(
            st.builds(Bought, amount=amounts, until=st.sampled_from((0, 40)), recurring=st.sampled_from((True, False))),
            st.builds(Bought, amount=amounts, since=st.sampled_from((0, -20)), until=st.sampled_from((0, -40)), gone=st.just(True)),
        ).map(list),
        amended=st.sampled_from((0, 5000, 41)),
    ),
    deal(gap=st.sampled_from((0, 5)), gone=st.booleans(), lines=st.lists(lines, min_size=1, max_size=1)),
)  # fmt: skip
"""One of whose contracts a part lies in the bin."""
one_plain = st.lists(plain, min_size=1, max_size=1)
in_a_row = in_order(
    deal(length=st.sampled_from((89, 364)), follows=st.just(0), lines=one_plain),
    deal(after=st.sampled_from(("start", "end")), gap=st.sampled_from((0, 0, 1)), follows=st.just(1), lines=one_plain),
    deal(gap=st.sampled_from((0, 0, 5)), follows=st.just(1), lines=one_plain),
)
"""One whose contracts follow each other; one may be replaced on its first day."""
raised = in_order(
    deal(length=st.just(364), currency=st.sampled_from(("CNY", "USD"))),
    deal(
        gap=st.sampled_from((0, 0, 5)), follows=st.just(1), length=st.sampled_from((364, 365)),
        currency=st.sampled_from(("CNY", "USD")),
        lines=st.lists(st.builds(Bought, amount=st.sampled_from((999, 1250, 1500)), rise=st.sampled_from((50, 100, 300))), min_size=1, max_size=1),
    ),
)  # fmt: skip
"""One whose renewal brings a rise that was agreed: more than that, or less."""
replacing = in_order(
    deal(
        lines=st.tuples(
            st.builds(Bought, amount=amounts, until=st.sampled_from((0, 200, 30)), gone=seldom),
            st.builds(Bought, amount=amounts, since=st.sampled_from((20, 60, 250)), replaces=st.just(0), gone=seldom),
            st.builds(
                Bought,
                amount=amounts,
                since=st.sampled_from((20, 60, 250)),
                until=st.sampled_from((0, 60)),
                replaces=st.sampled_from((0, None)),
            ),
        ).map(list),
        own_days=st.sampled_from((True, True, False)),
        amended=st.sampled_from((0, 5000, 41)),
    ),
    deal(follows=st.just(1), gap=st.sampled_from((0, 0, 10, -40))),
)
"""One that changed in mid-term."""
paying = st.builds(
    Customer,
    deals=st.tuples(
        deal(money=st.lists(paid, min_size=2, max_size=4), follows=st.just(0)), deal(money=st.lists(paid, max_size=2))
    ).map(list),
    seen=st.lists(seen, min_size=1, max_size=3),
)
some_customers = st.lists(
    customers | customers | succeeded_early | at_last | sharing | at_once | replacing | parted | binned | in_a_row | raised | paying,
    min_size=1, max_size=5,
)  # fmt: skip
many_customers = st.sampled_from(("CNY", "USD")).flatmap(
    lambda currency: st.lists(
        in_order(deal(length=st.sampled_from((364, 729)), currency=st.just(currency))), min_size=6, max_size=11
    )
)
"""In one currency."""
portfolios = st.builds(
    Portfolio,
    customers=st.integers(0, 9).flatmap(lambda number: some_customers if number else many_customers),
    settings=st.fixed_dictionaries(
        {
            "figures.grace_days": st.sampled_from((0, 1, 14, 30)),
            "figures.recognition": st.sampled_from(("end", "grace")),
            "figures.gross_margin": st.sampled_from((0, 75, 80)),
            "figures.cac": st.sampled_from((0, 700)),
        }
    ),
    rates=st.lists(
        st.tuples(st.sampled_from(("USD", "EUR")), st.sampled_from((0, 400, 800)), st.sampled_from(RATES), seldom),
        max_size=3,
    ),
)
todays = st.integers(300, 1200).map(on)
named_periods = st.sampled_from(
    (
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2025, 4, 1), date(2025, 6, 30)),
        (date(2024, 1, 1), date(2026, 12, 31)),
        (date(2025, 3, 1), date(2025, 3, 31)),
    )
)
scopes = st.sampled_from(
    (
        {},
        {},
        {},
        {"tiers": ("A",)},
        {"tiers": ("A", "")},
        {"products": ("Plus",)},
        {"tiers": ("A", "B"), "products": ("Core",)},
    )
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Periods and days of asking aimed at the days on which something changes for one of the customers."""
    portfolio = draw(portfolios)
    one = draw(st.sampled_from(portfolio.customers))
    days = boundaries(one, portfolio)
    kind = draw(st.integers(0, 6))
    aim = st.sampled_from(occasions(portfolio) if kind > 3 else days)
    if kind:
        first, last = sorted((draw(aim), draw(aim)))
        start = first + draw(st.sampled_from((0, 0, 1)))
        end = max(start, last - draw(st.sampled_from((0, 0, 1))) + draw(st.sampled_from((0, 0, 200))))
        period = on(start), on(end)
    else:
        period = draw(named_periods)
    decided = st.sampled_from(verdicts(one, portfolio))
    today = (
        draw(decided) + draw(st.sampled_from((0, 1, 0, -1)))
        if draw(st.booleans())
        else days[-1] + draw(st.sampled_from((400, 0)))
    )
    return Question(portfolio, period, on(today), draw(scopes), draw(st.sampled_from(("month", "quarter", "year"))))
