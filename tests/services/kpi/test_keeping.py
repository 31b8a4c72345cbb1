"""The book that is kept: the very next reading sees whatever was committed before it began, by whom and how ever."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from csdesk.app import STORE_NAME, open_desk
from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.kpi import ExchangeRate
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi import keeping
from csdesk.services.kpi.book import Book, read_book
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.keeping import kept_book
from csdesk.services.kpi.rules import Period
from csdesk.services.kpi.scope import Scope
from csdesk.services.settings.commands import ChangeSettings, change_settings
from tests.conftest import TODAY

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@command("Sold")
def sell(uow: UnitOfWork, yuan: int) -> None:
    account = uow.add(Account(name=f"Customer {yuan}", tier="A" if yuan % 2 else "B"))
    uow.session.flush()
    contract = uow.add(Contract(account_id=account.id, start_on=date(2026, 1, 1), end_on=date(2027, 12, 31)))
    uow.session.flush()
    uow.add(ContractLine(contract_id=contract.id, products="Core", amount=Decimal(yuan), arr_cents=yuan * 100))


@command("Rated")
def rate(uow: UnitOfWork, value: str) -> None:
    uow.add(ExchangeRate(currency="USD", valid_from=date(2026, 1, 1), rate=value))


def book_of(desk: Desk, today: date = TODAY, scope: Scope | None = None) -> Book:
    with desk.read() as connection:
        return kept_book(connection, today, scope)


def arr(book: Book) -> int:
    """Yuan on the day of the book."""
    return sum(life.arr_on(book.today.toordinal()).get("CNY", 0) for life in book.lives) // 100


@pytest.fixture
def sold(desk: Desk) -> Desk:
    desk.do(sell, 100)
    return desk


def test_while_nothing_changes_every_connection_gets_the_same_book(sold: Desk) -> None:
    with sold.read() as one, sold.read() as other:
        assert one.connection.driver_connection is not other.connection.driver_connection
        assert kept_book(one, TODAY) is kept_book(other, TODAY)
    assert book_of(sold) is book_of(sold)


def test_a_command_an_undo_and_a_redo_are_seen_by_the_next_reading(sold: Desk) -> None:
    assert arr(book_of(sold)) == 100
    sold.do(sell, 30)
    assert arr(book_of(sold)) == 130
    sold.undo()
    assert arr(book_of(sold)) == 100
    sold.redo()
    assert arr(book_of(sold)) == 130


def test_what_another_connection_writes_without_a_step_is_seen(sold: Desk, tmp_path: Path) -> None:
    kept = book_of(sold)
    raw = sqlite3.connect(next(tmp_path.rglob(STORE_NAME)))
    raw.execute("UPDATE contract_lines SET arr_cents = 77700")
    assert book_of(sold) is kept
    raw.commit()
    raw.close()
    assert arr(book_of(sold)) == 777


def test_what_another_process_does_is_seen(sold: Desk, tmp_path: Path) -> None:
    assert arr(book_of(sold)) == 100
    other = open_desk(next(tmp_path.rglob(STORE_NAME)).parent, Clock(TODAY))
    other.do(sell, 5)
    assert arr(book_of(sold)) == arr(book_of(other)) == 105
    sold.do(sell, 6)
    assert arr(book_of(other)) == arr(book_of(sold)) == 111
    other.close()


def test_what_is_maintained_without_a_step_is_seen(sold: Desk) -> None:
    assert arr(book_of(sold)) == 100
    sold.maintain(lambda connection: connection.execute(text("UPDATE contract_lines SET arr_cents = 1200")))
    assert arr(book_of(sold)) == 12


def test_definitions_rates_and_the_day_make_another_book(sold: Desk) -> None:
    assert book_of(sold).grace == 30
    sold.do(change_settings, ChangeSettings({"figures.grace_days": 7}))
    assert book_of(sold).grace == 7
    assert not book_of(sold).rates_on(TODAY)
    sold.do(rate, "7.1")
    assert book_of(sold).rates_on(TODAY)["USD"] == Decimal("7.1")
    later = TODAY + timedelta(1)
    assert (book_of(sold, later).today, book_of(sold).today) == (later, TODAY)


def test_who_writes_sees_what_is_not_committed_and_keeps_nothing_of_it(sold: Desk) -> None:
    @command("Tried")
    def attempt(uow: UnitOfWork, _wish: None) -> list[int]:
        found = []
        for yuan in (1, 2):
            sell(uow, yuan)
            uow.session.flush()
            found.append(arr(kept_book(uow.connection, TODAY)))
        return found

    kept = book_of(sold)
    assert sold.rehearse(attempt, None) == [101, 103]
    assert arr(book_of(sold)) == arr(kept) == 100


def test_an_older_snapshot_reads_its_own(sold: Desk) -> None:
    with sold.read() as early, sold.read() as late:
        early.execute(text("SELECT count(*) FROM contracts"))
        sold.do(sell, 9)
        assert arr(kept_book(late, TODAY)) == 109
        assert arr(kept_book(early, TODAY)) == 100
        assert arr(book_of(sold)) == 109
    assert arr(book_of(sold)) == 109


def test_some_accounts_are_picked_as_they_would_be_read(sold: Desk) -> None:
    for yuan in (31, 50, 7):
        sold.do(sell, yuan)
    some = Scope(tiers=("A",))
    with sold.read() as connection:
        read, picked = read_book(connection, TODAY, some), kept_book(connection, TODAY, some)
        told = [
            {key: figure.as_json() for key, figure in figures(connection, YEAR, TODAY, some, book).items()}
            for book in (read, picked)
        ]
    assert arr(picked) == arr(read) == 38
    assert (picked.scope, picked.names, picked.contracts.keys()) == (some, read.names, read.contracts.keys())
    assert told[0] == told[1]
    assert arr(book_of(sold)) == 188


def test_a_book_of_too_many_contracts_is_not_kept(sold: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_CONTRACTS", 1)
    assert book_of(sold) is book_of(sold)
    sold.do(sell, 1)
    assert book_of(sold) is not book_of(sold)
    assert arr(book_of(sold)) == 101


def test_readers_on_many_threads_never_lag_behind_the_writer(sold: Desk) -> None:
    def read(_turn: int) -> tuple[int, int]:
        with sold.read() as connection:
            book = kept_book(connection, TODAY)
            return arr(book), arr(read_book(connection, TODAY))

    with ThreadPoolExecutor(4) as readers:
        for turn in range(1, 9):
            begun = [readers.submit(read, turn) for _reader in range(4)]
            sold.do(sell, 1)
            found = [reading.result() for reading in [*begun, *(readers.submit(read, turn) for _reader in range(4))]]
            assert all(kept == own for kept, own in found)
            assert [kept for kept, _own in found[4:]] == [100 + turn] * 4
