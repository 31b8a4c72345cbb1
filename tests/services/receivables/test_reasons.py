"""Overdue money as a reason to visit: what counts, in which words, and that planning asks for it without knowing it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.receivables import Payment, Receivable
from csdesk.services.core.desk import Desk
from csdesk.services.core.reasons import Band, Period, Signal, found_by_all, install
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.receivables.reasons import OVERDUE_MONEY, overdue_money
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits.drafting import DraftPlan, draft_plan
from csdesk.services.visits.queries import week_plan
from csdesk.services.visits.reasons import goal_text, reason_text, rule_text
from tests.conftest import TODAY

PERIOD = Period(TODAY, TODAY + timedelta(6), TODAY)


@command("Money made")
def make_money(uow: UnitOfWork, wish: dict[str, Any]) -> int:
    """An account with a contract; dues: (days ago, amount, paid on it); unnamed: paid without an instalment."""
    account = uow.add(Account(name=wish.get("name", "Aster"), tier="B", city="Wuxi"))
    uow.session.flush()
    contract = uow.add(
        Contract(
            account_id=account.id, start_on=TODAY - timedelta(300), end_on=TODAY + timedelta(200),
            amount=Decimal(1000), currency=wish.get("currency", "CNY"),
        )
    )  # fmt: skip
    uow.session.flush()
    for place, (ago, amount, paid) in enumerate(wish["dues"]):
        due = uow.add(
            Receivable(contract_id=contract.id, position=place, due_on=TODAY - timedelta(ago), amount=Decimal(amount))
        )
        uow.session.flush()
        if paid:
            uow.add(Payment(contract_id=contract.id, receivable_id=due.id, paid_on=TODAY, amount=Decimal(paid)))
    if wish.get("unnamed"):
        uow.add(Payment(contract_id=contract.id, amount=Decimal(wish["unnamed"])))
    return account.id


def found(desk: Desk, account: int) -> tuple[Signal, ...]:
    with desk.read() as connection:
        return tuple(overdue_money(connection, PERIOD).get(account, ()))


@pytest.mark.parametrize(
    ("dues", "unnamed", "oldest", "cents"),
    [
        ([(30, "100.50", "")], "", 30, 10050),
        ([(30, "100", "40")], "", 30, 6000),
        ([(90, "100", "100"), (30, "50", "")], "", 30, 5000),
        ([(90, "100", ""), (30, "50", "")], "120", 30, 3000),
        ([(7, "100", "")], "", 7, 10000),
        ([(6, "100", "")], "", None, 0),
        ([(30, "100", "100")], "", None, 0),
        ([(30, "100", "")], "100", None, 0),
        ([(-10, "100", "")], "", None, 0),
    ],
)
def test_what_is_overdue_is_told_with_its_oldest_day(
    desk: Desk, dues: list[Any], unnamed: str, oldest: int | None, cents: int
) -> None:
    account = desk.do(make_money, {"dues": dues, "unnamed": unnamed}).value
    signals = found(desk, account)
    if oldest is None:
        assert signals == ()
        return
    (only,) = signals
    assert only.band is Band.SHOULD
    assert (only.reason.get("due"), only.reason.get("cents")) == (TODAY - timedelta(oldest), cents)


def test_words_rule_and_goal_come_from_the_slice_that_knows(desk: Desk) -> None:
    (home,) = found(desk, desk.do(make_money, {"dues": [(30, "105000", "")]}).value)
    (euro,) = found(desk, desk.do(make_money, {"dues": [(30, "10", "")], "currency": "EUR"}).value)
    assert reason_text(home.reason, TODAY) == "105,000 overdue for 30 days"
    assert reason_text(euro.reason, TODAY + timedelta(1)) == "EUR 10 overdue for 31 days"
    assert rule_text(home.reason) == "Rule: visit when money is overdue for 7 days."
    assert goal_text([home.reason], TODAY) == "Settle when the overdue money is paid"


def test_the_plan_shows_it_and_its_number_and_band_are_the_users(desk: Desk) -> None:
    account = desk.do(make_money, {"dues": [(30, "100", "")]}).value
    week = DraftPlan(TODAY, TODAY + timedelta(6))

    def reasons() -> list[str]:
        desk.do(draft_plan, week)
        with desk.read() as connection:
            visits = week_plan(connection, TODAY).visits
        return [entry.kind for visit in visits if visit.account_id == account for entry in visit.reasons]

    assert "overdue_money" in reasons()
    desk.do(change_settings, ChangeSettings({"visits.overdue_days": 60}))
    assert "overdue_money" not in reasons()
    desk.do(change_settings, ChangeSettings({"visits.overdue_days": 7, "visits.band.overdue_money": "off"}))
    assert "overdue_money" not in reasons()
    desk.do(change_settings, ChangeSettings({"visits.band.overdue_money": "must"}))
    assert reasons()[0] == "overdue_money"


def test_no_kind_of_reason_has_two_sources(desk: Desk) -> None:
    try:
        with pytest.raises(ValueError, match="two sources"):
            install((OVERDUE_MONEY, OVERDUE_MONEY))
        install(())
        desk.do(make_money, {"dues": [(30, "100", "")]})
        with desk.read() as connection:
            assert found_by_all(connection, PERIOD) == {}
    finally:
        install((OVERDUE_MONEY,))


def test_a_day_still_to_come_is_not_overdue_on_it(desk: Desk) -> None:
    account = desk.do(make_money, {"dues": [(0, "100", "")]}).value
    with desk.read() as connection:
        later = Period(date(2027, 1, 4), date(2027, 1, 8), TODAY)
        assert account not in overdue_money(connection, later)
