"""Trend, cohorts, reasons, forecast, calendar and ageing, on portfolios worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.kpi import ExchangeRate, Target
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.vocabulary import RenewalCause
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi import cohorts, series
from csdesk.services.kpi.book import read_book
from csdesk.services.kpi.cohorts import Grid
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.rules import Period
from csdesk.services.renewals.queries import forecast
from csdesk.services.settings.commands import ChangeSettings, change_settings

TODAY = date(2026, 11, 23)


def day(text: str) -> date:
    return date.fromisoformat(text)


def made(uow: UnitOfWork, name: str, terms: list[tuple[str, str, int, dict[str, Any]]]) -> list[int]:
    account = uow.add(Account(name=name))
    uow.session.flush()
    ids = []
    for start, end, arr, more in terms:
        row = uow.add(Contract(account_id=account.id, number=name, start_on=day(start), end_on=day(end), **more))
        uow.session.flush()
        uow.add(ContractLine(contract_id=row.id, products="Core", amount=Decimal(arr), arr_cents=arr * 100))
        ids.append(row.id)
    return ids


@command("Told")
def story(uow: UnitOfWork, _wish: None) -> None:
    price = {"renewal_state": "churned", "renewal_cause": RenewalCause.PRICE, "renewal_reason": "Too dear"}
    value = {"renewal_state": "renewed", "renewal_cause": RenewalCause.VALUE}
    made(
        uow,
        "Stays",
        [
            ("2025-01-10", "2026-01-09", 100, value),
            ("2026-01-10", "2027-01-09", 150, {"target": Decimal(140), "forecast": Decimal(120), "category": "likely"}),
        ],
    )
    made(uow, "Leaves", [("2025-01-20", "2026-01-19", 50, price)])
    made(uow, "Silent", [("2025-04-01", "2026-03-31", 30, {})])
    made(uow, "Waits", [("2025-11-10", "2026-11-09", 70, {"category": "at_risk"})])


@pytest.fixture
def told(desk: Desk) -> Desk:
    desk.do(story, None)
    return desk


def test_trend_of_months_with_provisional_ones_marked(told: Desk) -> None:
    with told.read() as connection:
        points = series.trend(connection, 11, day("2026-11-30"), TODAY)
    assert [point.period.start.month for point in points] == list(range(1, 12))
    january = points[0]
    assert (january.logo_churn.numerator, january.logo_churn.denominator) == (1, 4)
    assert january.gross.value == Fraction(200, 250)
    assert january.net.value == Fraction(250, 250)
    assert [point.period.start.month for point in points if point.provisional] == [10, 11]
    assert points[-1].logo_churn.beside["pending"] == 1
    with told.read() as connection:
        points = series.trend(connection, 3, day("2026-10-31"), day("2026-10-30"))
    assert [point.provisional for point in points] == [False, True, True]  # the grace of September ends today


def grid(desk: Desk, unit: str, revenue: bool = False) -> Grid:
    with desk.read() as connection:
        return cohorts.grid(connection, unit, TODAY, revenue=revenue)


def test_cohorts_are_shares_of_the_original_cohort(told: Desk) -> None:
    first = grid(told, "quarter").cohorts[0]
    assert (first.start, first.size, len(first.cells)) == (day("2025-01-01"), 2, 8)
    assert [cell.left for cell in first.cells] == [2, 2, 2, 2, 1, 1, 1, 1]
    assert first.cells[-1].day == TODAY
    money = grid(told, "quarter", revenue=True).cohorts[0]
    assert [cell.left // 100 for cell in money.cells] == [150, 150, 150, 150, 150, 150, 150, 150]
    assert money.size == 150_00
    waiting = grid(told, "year").cohorts[0].cells[-1]
    assert (waiting.left, waiting.base, waiting.pending, waiting.provisional) == (1, 3, 1, True)


def test_who_was_waited_for_and_came_is_left(desk: Desk) -> None:
    """Two contracts name the first one: nothing follows the second, and the third came while that was waited for."""

    @command("Came")
    def came(uow: UnitOfWork, _wish: None) -> None:
        first, *_ids = made(uow, "One", [("2026-01-01", "2026-10-31", 100, {"renewal_state": "renewed"})])
        account = uow.session.get_one(Contract, first).account_id
        for start, end, state in (("2026-01-01", "2026-10-31", "open"), ("2026-11-10", "2027-11-09", "churned")):
            more = {"account_id": account, "number": start, "predecessor_id": first, "renewal_state": state}
            uow.add(Contract(start_on=day(start), end_on=day(end), **more))

    desk.do(came, None)
    (cohort,) = grid(desk, "month").cohorts
    assert [(cell.day.isoformat(), cell.left, cell.pending) for cell in cohort.cells[-2:]] == [
        ("2026-10-31", 1, 0),
        ("2026-11-23", 1, 0),
    ]


def test_cells_open_their_accounts(told: Desk) -> None:
    whole = grid(told, "year").cohorts[0]
    with told.read() as connection:
        left, gone, unknown = cohorts.cell_rows(read_book(connection, TODAY), whole, whole.cells[-1])
    assert [[row.account for row in rows] for rows in (left, gone, unknown)] == [
        ["Stays"],
        ["Leaves", "Silent"],
        ["Waits"],
    ]


def test_reasons_of_churn_and_of_renewal(told: Desk) -> None:
    year = Period(day("2026-01-01"), day("2026-12-31"))
    with told.read() as connection:
        left = series.reasons_of_churn(connection, year, TODAY)
        stayed = series.reasons_of_renewal(connection, year, TODAY)
    assert [(line.cause, line.count, line.cents) for line in left] == [("price", 1, 50_00), (None, 1, 30_00)]
    assert left[0].rows[0].words == "Too dear"
    assert left[1].label == series.NO_REASON
    assert [(line.cause, line.cents) for line in stayed] == [("value", 100_00)]


def test_forecast_by_the_weights_of_the_categories(told: Desk) -> None:
    months = series.months_to(13, day("2027-01-31"))
    with told.read() as connection:
        found = {one.period.start: one for one in series.forecast(connection, months, TODAY)}
    past, waiting, coming = (found[day(start)] for start in ("2026-01-01", "2026-11-01", "2027-01-01"))
    assert (past.target, past.forecast, past.final) == (150_00, 150_00, 150_00)
    assert (waiting.target, waiting.forecast, waiting.final) == (70_00, 17_50, 0)
    assert (coming.target, coming.forecast) == (140_00, 84_00)
    assert [row.account for row in coming.rows] == ["Stays"]


@pytest.mark.parametrize(
    ("category", "hope", "expected"),
    [
        (None, None, 70_00),
        (None, 50, 35_00),
        ("likely", None, 70_00),
        ("commit", None, 95_00),
        ("at_risk", 80, 20_00),
        ("lost", None, 0),
        ("lost", 40, 4_00),
    ],
)
def test_what_is_open_is_expected_as_the_renewals_foresee_it(
    desk: Desk, category: str | None, hope: int | None, expected: int
) -> None:
    @command("Open")
    def one(uow: UnitOfWork, _wish: None) -> None:
        more = {"category": category, "forecast": None if hope is None else Decimal(hope)}
        made(uow, "Open", [("2026-01-10", "2027-01-09", 100, more)])

    desk.do(change_settings, ChangeSettings({"renewals.weights.lost": 10}))
    desk.do(one, None)
    january = Period(day("2027-01-01"), day("2027-01-31"))
    with desk.read() as connection:
        (month,) = series.forecast(connection, [january], TODAY)
        theirs = forecast(connection, TODAY, january.end)
    assert (month.target, month.forecast) == (theirs.target, theirs.weighted) == (100_00, expected)


def test_renewal_calendar_by_day_and_by_week(told: Desk) -> None:
    january = Period(day("2026-01-01"), day("2026-01-31"))
    with told.read() as connection:
        days = series.renewal_calendar(connection, january, TODAY)
        weeks = series.renewal_calendar(connection, january, TODAY, by_week=True)
    assert [(one.period.start.day, one.cents, one.undecided) for one in days] == [(9, 100_00, 0), (19, 50_00, 0)]
    assert [(one.period.start.day, one.period.end.day) for one in weeks] == [(5, 11), (19, 25)]


def test_ageing_of_what_is_open(desk: Desk) -> None:
    @command("Owed")
    def owed(uow: UnitOfWork, _wish: None) -> None:
        (contract,) = made(uow, "One", [("2026-01-01", "2026-12-31", 100, {})])
        for back, amount in ((0, 1), (1, 2), (30, 4), (31, 8), (60, 16), (61, 32), (90, 64), (91, 128), (-5, 256)):
            due = uow.add(Receivable(contract_id=contract, due_on=TODAY - timedelta(back), amount=Decimal(amount)))
            uow.session.flush()
            if back == 91:
                uow.add(Payment(contract_id=contract, receivable_id=due.id, paid_on=TODAY, amount=Decimal(100)))
        uow.add(Receivable(contract_id=contract, due_on=None, amount=Decimal(512)))

    desk.do(owed, None)
    with desk.read() as connection:
        found = series.ageing(connection, TODAY)
    assert [bucket.cents // 100 for bucket in found] == [1 + 256 + 512, 2 + 4, 8 + 16, 32 + 64, 28]


def test_currencies_are_added_up_with_a_rate_alone(desk: Desk) -> None:
    @command("Two currencies")
    def two(uow: UnitOfWork, _wish: None) -> None:
        made(uow, "Home", [("2025-01-01", "2026-12-31", 100, {})])
        made(uow, "Away", [("2025-01-01", "2026-12-31", 50, {"currency": "USD"})])

    @command("Rate")
    def rate(uow: UnitOfWork, _wish: None) -> None:
        uow.add(ExchangeRate(currency="USD", valid_from=day("2026-02-01"), rate="7.2"))
        uow.add(Target(figure="pareto_share", starts_on=day("2026-01-01"), ends_on=day("2026-12-31"), value="0.5"))

    desk.do(two, None)
    period = Period(day("2026-03-01"), day("2026-03-31"))
    with desk.read() as connection:
        assert set(figures(connection, period, TODAY)["pareto_share"].by_currency) == {"CNY", "USD"}
        assert set(cohorts.grid(connection, "year", TODAY, revenue=True).by_currency) == {"CNY", "USD"}
    desk.do(rate, None)
    with desk.read() as connection:
        share = figures(connection, period, TODAY)["pareto_share"]
        before = figures(connection, Period(day("2026-01-01"), day("2026-01-31")), TODAY)["pareto_share"]
        assert cohorts.grid(connection, "year", TODAY, revenue=True).cohorts[0].size == 460_00
    assert (share.numerator, share.denominator, share.target) == (360_00, 460_00, Fraction(1, 2))
    assert share.as_json()["target"] == 0.5
    assert set(before.by_currency) == {"CNY", "USD"}
