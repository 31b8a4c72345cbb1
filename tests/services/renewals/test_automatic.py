"""Contracts that renew by themselves are written once, with all that goes with them, and move no figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from csdesk.models.contracts import Contract
from csdesk.models.vocabulary import RenewalCause, RenewalKind
from csdesk.services.contracts.ledger import Terminate, terminate_contract
from csdesk.services.contracts.queries import ContractRow, contract, contracts_of
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi.book import read_book
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.movements import bridge
from csdesk.services.kpi.rules import Period
from csdesk.services.receivables.commands import PlanInstalments, plan_instalments
from csdesk.services.receivables.queries import InstalmentRow, contract_money
from csdesk.services.receivables.rules import Instalment, next_instalments
from csdesk.services.renewals.automatic import (
    Lapsed,
    RenewByThemselves,
    by_themselves,
    lapsed,
    renew_by_themselves,
)
from csdesk.services.renewals.commands import RecordLoss, record_loss
from tests.conftest import TODAY
from tests.services.kpi.portfolios import Portfolio, write
from tests.services.kpi.questions import portfolios, todays
from tests.services.renewals.conftest import Book

ALL = RenewByThemselves()
DAY = timedelta(1)


def later(desk: Desk, days: int) -> Desk:
    """The same store so many days on."""
    desk.clock = Clock(TODAY + timedelta(days))
    return desk


def follower(book: Book, name: str) -> ContractRow:
    rows = book.ask(contracts_of, book.accounts[name])
    return next(row for row in rows if row.predecessor_id == book.contracts[name])


def asked_for(book: Book, contract_id: int) -> list[InstalmentRow]:
    return book.ask(contract_money, contract_id, TODAY).money.instalments


def test_the_next_contract_is_written_with_lines_instalments_and_outcome(book: Book, desk: Desk) -> None:
    old = book.sign("Ada", 3, auto_renew=True, notice_on=TODAY - DAY, payment_terms="按季付")
    assert desk.do(renew_by_themselves, ALL).step is None
    done = later(desk, 4).do(renew_by_themselves, ALL)
    assert done.step.text == "Renewed by themselves: Ada"
    made = follower(book, "Ada")
    end = TODAY + timedelta(3)
    assert (made.start_on, made.signed_on, made.amount, made.auto_renew) == (end + DAY, end, Decimal(120_000), True)
    assert made.notice_on == made.end_on - timedelta(4)
    assert [(line.products, line.seats, line.arr_cents) for line in made.lines] == [("Core", 20, 120_000_00)]
    rows = asked_for(book, made.id)
    assert [row.amount for row in rows] == [30_000_00] * 4
    assert rows[0].due_on == made.start_on
    before = book.ask(contract, old)
    assert (before.renewal_state, before.renewal_kind, before.decided_on) == ("renewed", RenewalKind.AUTOMATIC, end)


def test_it_is_written_once_however_often_the_desk_is_opened(book: Book, desk: Desk) -> None:
    book.sign("Ada", 3, auto_renew=True)
    assert len(later(desk, 4).do(renew_by_themselves, ALL).value) == 1
    for days in (4, 5, 100):
        assert later(desk, days).do(renew_by_themselves, ALL).step is None


def test_terms_that_went_by_meanwhile_are_written_one_after_another(book: Book, desk: Desk) -> None:
    book.sign("Ada", 3, amount=900, months=3, auto_renew=True)
    made = later(desk, 300).do(renew_by_themselves, ALL).value
    rows = [book.ask(contract, one) for one in made]
    assert len(rows) == 4
    assert all(one.end_on + DAY == other.start_on for one, other in pairwise(rows))
    assert rows[-1].end_on >= desk.clock.today() > rows[-2].end_on
    assert [row.renewal_state for row in rows] == ["renewed", "renewed", "renewed", "open"]


def test_what_was_taken_back_is_not_written_again(book: Book, desk: Desk) -> None:
    contract_id = book.sign("Ada", 3, auto_renew=True)
    later(desk, 4).do(renew_by_themselves, ALL)
    desk.undo()
    assert book.ask(contract, contract_id).renewal_state == "open"
    assert desk.do(renew_by_themselves, ALL).step is None
    assert book.ask(lapsed, desk.clock.today()) == []
    desk.redo()
    assert follower(book, "Ada").renewal_state == "open"


@pytest.mark.parametrize("notice", [None, 0, 10])
def test_it_waits_for_the_end_and_for_the_day_of_notice(book: Book, desk: Desk, notice: int | None) -> None:
    on = None if notice is None else TODAY + timedelta(notice)
    book.sign("Ada", 3, auto_renew=True, notice_on=on)
    waits = max(3, notice or 0)
    assert later(desk, waits).do(renew_by_themselves, ALL).value == ()
    assert len(later(desk, waits + 1).do(renew_by_themselves, ALL).value) == 1


def test_decided_followed_and_other_contracts_are_left_alone(book: Book, desk: Desk) -> None:
    lost = book.sign("Ada", 3, auto_renew=True)
    ended = book.sign("Bee", 3, auto_renew=True)
    book.sign("Cid", 3)
    desk.do(record_loss, RecordLoss((lost,), RenewalCause.PRICE))
    desk.do(terminate_contract, Terminate(ended, TODAY - DAY, RenewalCause.PRICE))
    assert later(desk, 10).do(renew_by_themselves, ALL).step is None


def test_one_that_came_in_after_its_end_is_proposed_and_written_when_asked(book: Book, desk: Desk) -> None:
    old = book.sign("Ada", -5, auto_renew=True)
    assert desk.do(renew_by_themselves, ALL).step is None
    said = book.ask(by_themselves, TODAY, 0)
    assert (said.due, [one.number for one in said.proposed], said.written) == (0, ["HT-Ada"], ())
    desk.do(renew_by_themselves, RenewByThemselves((old,)))
    assert book.ask(by_themselves, TODAY, 0).proposed == ()
    assert follower(book, "Ada").start_on == TODAY - timedelta(4)


def test_what_was_written_is_told_until_it_was_seen_or_taken_back(book: Book, desk: Desk) -> None:
    book.sign("Ada", 3, auto_renew=True)
    book.sign("Bee", 3, auto_renew=True)
    assert book.ask(by_themselves, TODAY + timedelta(4), 0).due == 2
    step = later(desk, 4).do(renew_by_themselves, ALL).step
    (told,) = book.ask(by_themselves, desk.clock.today(), 0).written
    assert (told.step_id, told.accounts, told.contracts) == (step.id, ("Ada", "Bee"), 2)
    assert book.ask(by_themselves, desk.clock.today(), step.id).written == ()
    desk.undo_step(step.id)
    assert book.ask(by_themselves, desk.clock.today(), 0).written == ()


def test_the_renewal_rate_shows_it_apart_whether_reckoned_or_written(book: Book, desk: Desk) -> None:
    book.sign("Ada", 3, auto_renew=True)
    end = TODAY + timedelta(3)
    period = Period(end, end)
    today = later(desk, 40).clock.today()
    reckoned = book.ask(figures, period, today)["renewal_rate"].as_json()
    desk.do(renew_by_themselves, ALL)
    assert book.ask(figures, period, today)["renewal_rate"].as_json() == reckoned
    assert reckoned["automatic"] == 1


def test_instalments_follow_the_words_then_the_old_ones() -> None:
    first, start, end = date(2025, 3, 1), date(2026, 3, 1), date(2027, 2, 28)
    amount = Decimal(1000)
    before = (Instalment(date(2025, 3, 31), Decimal(300)), Instalment(date(2025, 9, 15), Decimal(600)))
    named = next_instalments("两期", before, first, amount, start, end)
    assert [(row.due_on, row.amount) for row in named] == [(start, 500), (date(2026, 9, 1), 500)]
    alike = next_instalments("as agreed", before, first, amount, start, end)
    assert [(row.due_on, row.amount) for row in alike] == [
        (date(2026, 3, 31), Decimal("333.33")), (date(2026, 9, 15), Decimal("666.67")),
    ]  # fmt: skip
    assert next_instalments("", (), first, amount, start, end) == ()
    assert [row.due_on for row in next_instalments("as agreed", (), first, amount, start, end)] == [start]
    assert [row.due_on for row in next_instalments("", (Instalment(None, amount),), first, amount, start, end)] == [
        start
    ]


def test_instalments_by_hand_are_repeated_a_term_later(book: Book, desk: Desk) -> None:
    old = book.sign("Ada", 3, auto_renew=True)
    row = book.ask(contract, old)
    parts = (Instalment(row.start_on, Decimal(20_000)), Instalment(None, Decimal(100_000)))
    desk.do(plan_instalments, PlanInstalments(old, parts))
    later(desk, 4).do(renew_by_themselves, ALL)
    made = follower(book, "Ada")
    rows = asked_for(book, made.id)
    assert [(one.due_on, one.amount) for one in rows] == [(made.start_on, 20_000_00), (made.start_on, 100_000_00)]


@command("Compared")
def compare(uow: UnitOfWork, asked: tuple[Portfolio, date]) -> tuple[list[object], list[Lapsed]]:
    """The days, up to the first end of what is written, on which an account's ARR is another; and what is left to write."""
    portfolio, today = asked
    write(uow, portfolio)
    uow.today = today
    before = read_book(uow.connection, today)
    ids = tuple(one.id for one in lapsed(uow.connection, today))
    made = renew_by_themselves(uow, RenewByThemselves(ids)) if ids else ()
    uow.session.flush()
    until: dict[int, date] = {}
    for row in (uow.get(Contract, one) for one in made):
        if row.end_on is not None and row.end_on >= today:
            until[row.account_id] = min(row.end_on, until.get(row.account_id, row.end_on))
    after = {life.account_id: life for life in read_book(uow.connection, today).lives}
    moved: list[object] = []
    for life in before.lives:
        for day in range(life.first_on or 1, until.get(life.account_id, today).toordinal() + 1):
            was, now = some(life.arr_on(day)), some(after[life.account_id].arr_on(day))
            if was != now:
                moved.append((life.account_id, date.fromordinal(day), was, now))
    built = bridge(uow.connection, Period(date(today.year, 1, 1), date(today.year, 12, 31)), today)
    for part in (built.by_currency or {built.currency: built}).values():
        assert part.opening + part.moved == part.closing
    return moved, lapsed(uow.connection, today)


def some(arr: dict[str, int]) -> dict[str, int]:
    return {currency: cents for currency, cents in arr.items() if cents}


def renewing(portfolio: Portfolio) -> Portfolio:
    """The same, with terms at the end that mostly renew by themselves, none of them each day anew."""
    for customer in portfolio.customers:
        customer.deals[-1].auto_renew, customer.deals[-1].state = True, "open"
        for deal in customer.deals:
            deal.length = max(27, deal.length)
    return portfolio


@given(portfolio=portfolios.map(renewing), today=todays)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_figure_moves_when_a_renewal_that_was_reckoned_is_written(
    desk: Desk, portfolio: Portfolio, today: date
) -> None:
    assert desk.rehearse(compare, (portfolio, today)) == ([], [])
