"""The figures from a store, as the command line tells them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import RenewalState, VisitKind, VisitState
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi.figures import FIGURES, VISIT_FIGURES, as_json, figures, visit_figures
from csdesk.services.kpi.rules import Figure, Period
from csdesk.services.kpi.wording import beside_text, row_text, short_text, value_text

TODAY = date(2026, 11, 23)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
KEYS = {
    "logo_churn_rate", "gross_revenue_retention", "net_revenue_retention", "renewal_rate", "renewal_rate_by_amount",
    "save_rate", "win_backs", "expansion", "receivable_collection_rate", "amount_collected", "visit_plan_execution",
    "referral_rate", "accounts_served", "average_service_cost", "activation_rate", "seat_utilisation", "ltv", "ltv_cac",
    "first_year_ltv_cac", "customer_success_revenue_share", "pareto_share",
}  # fmt: skip


@command("Made")
def make(uow: UnitOfWork, entries: list[dict[str, Any]]) -> list[int]:
    """Each entry: columns of the account; ends: days from today of its contract, arr in yuan, visits, paid."""
    ids = []
    for entry in entries:
        ends, arr, state = entry.pop("ends", 200), entry.pop("arr", 0), entry.pop("state", RenewalState.OPEN)
        visits, money = entry.pop("visits", ()), entry.pop("money", ())
        currency = entry.pop("currency", "CNY")
        account = uow.add(Account(**entry))
        contract = uow.add(
            Contract(
                account_id=account.id, number="K-1", start_on=TODAY + timedelta(ends - 364), currency=currency,
                end_on=TODAY + timedelta(ends), amount=Decimal(arr), renewal_state=state,
            )
        )  # fmt: skip
        uow.add(ContractLine(contract_id=contract.id, products="Core", amount=Decimal(arr), arr_cents=arr * 100))
        for visit in visits:
            uow.add(Visit(account_id=account.id, **visit))
        for due_on, amount, paid_on, paid in money:
            owed = uow.add(Receivable(contract_id=contract.id, due_on=due_on, amount=Decimal(amount)))
            uow.session.flush()
            if paid:
                uow.add(Payment(contract_id=contract.id, receivable_id=owed.id, paid_on=paid_on, amount=Decimal(paid)))
        ids.append(account.id)
    return ids


def done(day: date, baseline: date | None = None, **more: Any) -> dict[str, Any]:
    return {"state": VisitState.DONE, "planned_on": day, "done_on": day, "baseline_on": baseline, **more}


@pytest.fixture
def portfolio(desk: Desk) -> list[int]:
    nov = [date(2026, 11, day) for day in range(1, 31)]
    return desk.do(
        make,
        [
            {"name": "Aster", "tier": "A", "arr": 600, "visits": [done(nov[1], nov[1]), done(nov[9], nov[8])],
             "money": [(nov[4], 100, nov[5], 60), (date(2026, 10, 1), 900, nov[6], 900)]},
            {"name": "Birch", "tier": "A", "arr": 300,
             "visits": [{"planned_on": nov[19], "baseline_on": nov[10], "moved_count": 2},
                        {"state": VisitState.CANCELLED, "planned_on": nov[2], "baseline_on": nov[2], "excuse": "ill"}]},
            {"name": "Cedar", "tier": "C", "arr": 100, "visits": [done(nov[3], kind=VisitKind.PHONE)]},
            {"name": "Dill", "tier": "B", "arr": 500, "ends": -10},
            {"name": "Elm", "tier": "B", "arr": 500, "ends": -90},
            {"name": "Fern", "tier": "B", "arr": 500, "ends": -10, "state": RenewalState.CHURNED},
        ],
    ).value  # fmt: skip


def told(desk: Desk, period: Period = NOVEMBER) -> tuple[dict[str, Figure], dict[str, Figure]]:
    with desk.read() as connection:
        return figures(connection, period, TODAY), visit_figures(connection, period, TODAY)


def test_the_document_has_exactly_the_keys(desk: Desk) -> None:
    with desk.read() as connection:
        document = json.loads(json.dumps(as_json(connection, NOVEMBER, TODAY)))
    assert (document["from"], document["to"]) == ("2026-11-01", "2026-11-30")
    assert set(document["figures"]) == KEYS
    assert set(document["visits"]) == set(VISIT_FIGURES) - {"visit_plan_execution"}
    for key, figure in document["figures"].items():
        assert figure["value"] in (None, 0, "0.00", "0"), key
    assert document["figures"]["renewal_rate"] == {
        "value": None, "numerator": 0, "denominator": 0, "pending": 0, "automatic": 0, "late": 0, "without_next": 0,
    }  # fmt: skip


def test_visits_are_measured(desk: Desk, portfolio: list[int]) -> None:
    _all, mine = told(desk)
    execution = mine["visit_plan_execution"]
    assert (execution.numerator, execution.denominator, dict(execution.beside)) == (
        2,
        3,
        {"excused": 1, "added_later": 1},
    )
    assert mine["on_planned_day"].numerator == 1
    assert (mine["coverage_A"].numerator, mine["coverage_A"].denominator) == (1, 2)
    assert (mine["coverage_C"].numerator, mine["coverage_C"].denominator) == (1, 1)
    assert [row.account for row, _reason in mine["coverage_B"].left_out] == ["Dill"]
    assert [row.account for row in mine["overdue_cadence"].counted] == ["Birch"]
    assert (mine["postponed_twice"].numerator, mine["postponed_twice"].denominator) == (1, 4)
    assert short_text(execution) == "2 / 3 (66.7\u00a0%)"
    assert beside_text(execution) == "1 called off by the customer, 1 came in later"


def test_money_is_measured(desk: Desk, portfolio: list[int]) -> None:
    found, _mine = told(desk)
    assert found["receivable_collection_rate"].as_json() == {
        "value": 0.6, "numerator": "60.00", "denominator": "100.00",
    }  # fmt: skip
    assert found["amount_collected"].as_json()["value"] == "960.00"
    assert value_text(found["amount_collected"]) == "960"
    assert row_text(found["amount_collected"].counted[0]) == "2026-11-06 \u00b7 K-1 \u00b7 60 CNY"
    assert found["accounts_served"].numerator == 2
    share = found["pareto_share"]
    assert share.as_json() == {"value": 0.6, "numerator": "600.00", "denominator": "1000.00", "pending": 1}
    assert [row.account for row, _reason in share.left_out] == ["Dill"]


def test_a_second_currency_stands_apart(desk: Desk, portfolio: list[int]) -> None:
    desk.do(make, [{"name": "Gorse", "tier": "A", "arr": 50, "currency": "USD"}])
    share = told(desk)[0]["pareto_share"]
    assert share.value is None
    assert share.as_json()["by_currency"]["USD"]["value"] == 1.0
    assert value_text(share) == "CNY 60.0\u00a0% \u00b7 USD 100.0\u00a0%"


def test_the_future_of_a_period_is_judged_as_known_today(desk: Desk, portfolio: list[int]) -> None:
    year = Period(date(2026, 1, 1), date(2027, 12, 31))
    _all, mine = told(desk, year)
    assert mine["coverage_A"].denominator == 2


def test_every_figure_has_a_name_and_those_that_are_made_a_formula() -> None:
    assert set(FIGURES) == KEYS
    assert all(entry.name for entry in FIGURES.values())
    assert all(entry.formula for entry in FIGURES.values() if entry.make)
    assert all(entry.formula for entry in VISIT_FIGURES.values())


def test_coverage_is_of_the_accounts_that_churn_is_of(desk: Desk) -> None:
    """One whose renewal is decided and whose next contract is not written yet is still a customer, and is to be visited."""
    desk.do(make, [{"name": "Gorse", "tier": "A", "arr": 50, "ends": -60, "state": RenewalState.RENEWED}])
    all_figures, mine = told(desk)
    assert all_figures["logo_churn_rate"].denominator == 1
    assert (mine["coverage_A"].numerator, mine["coverage_A"].denominator) == (0, 1)
