"""The ARR of the accounts list is that of the figures, whatever became of the contracts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.vocabulary import RenewalCause
from csdesk.services.accounts.standing import refresh_standing
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.ledger import Terminate, terminate_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.changes import Changes
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi.book import read_book
from csdesk.services.settings.commands import ChangeSettings, change_settings
from tests.conftest import TODAY
from tests.services.kpi.portfolios import Portfolio, write
from tests.services.kpi.questions import portfolios, todays
from tests.services.renewals.conftest import Book


def listed(connection: Connection) -> dict[int, int]:
    """Cents by account, of those that have any."""
    found = select(Account.id, Account.arr_cents).where(Account.arr_cents != 0, Account.deleted_at.is_(None))
    return {row.id: row.arr_cents for row in connection.execute(found)}


def told(connection: Connection, today: date) -> dict[int, int]:
    """The same by the figures."""
    lives = read_book(connection, today).lives
    found = {life.account_id: life.arr_on(today.toordinal()).get("CNY", 0) for life in lives}
    return {account: cents for account, cents in found.items() if cents}


@command("Listed")
def measure(uow: UnitOfWork, asked: tuple[Portfolio, date]) -> tuple[dict[int, int], dict[int, int]]:
    """ARR by account as the list has it and as the figures have it."""
    portfolio, today = asked
    write(uow, portfolio)
    accounts = frozenset(uow.connection.scalars(select(Account.id)))
    refresh_standing(uow.connection, Changes({"accounts": accounts}), today)
    return listed(uow.connection), told(uow.connection, today)


@given(portfolio=portfolios, today=todays)
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_list_says_what_the_figures_say(desk: Desk, portfolio: Portfolio, today: date) -> None:
    ours, theirs = desk.rehearse(measure, (portfolio, today))
    assert ours == theirs


def arr(book: Book) -> int:
    with book.desk.read() as connection:
        (cents,) = told(connection, TODAY).values() or (0,)
        assert list(listed(connection).values()) == [cents] * bool(cents)
    return cents


def test_a_termination_in_the_past_takes_it_away_at_once(desk: Desk) -> None:
    book = Book(desk)
    contract = book.sign("Ada", 100)
    assert arr(book) == 120_000_00
    desk.do(terminate_contract, Terminate(contract, TODAY - timedelta(40), RenewalCause.PRICE))
    with desk.read() as connection:
        assert listed(connection) == told(connection, TODAY) == {}
    desk.undo()
    assert arr(book) == 120_000_00


def test_what_has_ended_is_carried_while_nobody_knows(desk: Desk) -> None:
    book = Book(desk)
    book.sign("Ada", -20)
    assert arr(book) == 120_000_00
    desk.do(change_settings, ChangeSettings({"figures.grace_days": 10}))
    with desk.read() as connection:
        assert listed(connection) == told(connection, TODAY) == {}
    desk.undo()
    assert arr(book) == 120_000_00


def test_a_gap_before_what_follows_is_bridged(desk: Desk) -> None:
    book = Book(desk)
    old = book.sign("Ada", -5)
    fields = ContractFields(
        "HT-2", "Core", 10, start_on=TODAY + timedelta(9), end_on=TODAY + timedelta(373), amount=Decimal(60_000),
        predecessor_id=old, signed_on=TODAY,
    )  # fmt: skip
    desk.do(create_contract, NewContract(book.accounts["Ada"], fields))
    assert arr(book) == 120_000_00
