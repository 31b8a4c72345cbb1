"""An account with one contract of a year: 12,000 for ten seats, and what a test asks of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.queries import ContractRow, contract, contracts_of
from csdesk.services.contracts.replay import arr_on
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.desk import Desk

Sign = Callable[..., int]


@pytest.fixture
def account(desk: Desk) -> int:
    return desk.do(create_account, NewAccount(AccountFields("Ada"))).value


@pytest.fixture
def sign(desk: Desk, account: int) -> Sign:
    """Sign a contract; 2026, ten seats and 12,000 unless said."""

    def signed(number: str = "HT-2026-01", **more: object) -> int:
        given = {
            "products": "Core", "seats": 10, "amount": Decimal(12_000), "start_on": date(2026, 1, 1),
            "end_on": date(2026, 12, 31), "signed_on": date(2025, 12, 20),
        } | more  # fmt: skip
        return desk.do(create_contract, NewContract(account, ContractFields(number, **given))).value  # type: ignore[arg-type]

    return signed


@pytest.fixture
def row(desk: Desk) -> Callable[[int], ContractRow]:
    def read(contract_id: int) -> ContractRow:
        with desk.read() as connection:
            found = contract(connection, contract_id)
        assert found is not None
        return found

    return read


@pytest.fixture
def all_rows(desk: Desk, account: int) -> Callable[[], list[ContractRow]]:
    def read() -> list[ContractRow]:
        with desk.read() as connection:
            return contracts_of(connection, account)

    return read


@pytest.fixture
def arr(desk: Desk, account: int) -> Callable[[date], Decimal]:
    """ARR in yuan on a day, from the ledger."""

    def read(day: date) -> Decimal:
        with desk.read() as connection:
            return Decimal(arr_on(connection, account, day).get("CNY", 0)) / 100

    return read
