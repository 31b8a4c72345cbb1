"""Where figures are easily told wrong: some accounts alone, money in other currencies, customers who came and went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.kpi import ExchangeRate, Target
from csdesk.models.vocabulary import RenewalState
from csdesk.services.core.desk import Desk
from csdesk.services.core.report import Table, line_text
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi.chart_tables import TABLES, chart_sheet
from csdesk.services.kpi.comparing import change_text, is_met
from csdesk.services.kpi.dashboard import MAKERS, Dashboard, Wish, cohort_rows, dashboard
from csdesk.services.kpi.figures import FIGURES
from csdesk.services.kpi.report import period_report
from csdesk.services.kpi.report_facts import report_facts
from csdesk.services.kpi.report_sheet import write_report
from csdesk.services.kpi.rules import Figure, Kind, Period
from csdesk.services.kpi.scope import Scope
from csdesk.services.kpi.sheet import figure_sheets, write_figures
from csdesk.services.kpi.wording import counts_text, scope_text, value_text
from csdesk.services.settings.commands import ChangeSettings, change_settings
from tests.conftest import TODAY

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
CHURNED = RenewalState.CHURNED


@command("Made")
def make(uow: UnitOfWork, terms: list[dict[str, Any]]) -> None:
    """Each: a term of the account of this name; ``arr`` in units of its currency."""
    accounts: dict[str, int] = {}
    for term in terms:
        if term["name"] not in accounts:
            accounts[term["name"]] = uow.add(Account(name=term["name"], tier=term.get("tier"))).id
        contract = uow.add(
            Contract(
                account_id=accounts[term["name"]], number=f"K-{term['name']}", start_on=term["start"], end_on=term["end"],
                currency=term.get("currency", "CNY"), renewal_state=term.get("state", RenewalState.OPEN),
                renewal_cause=term.get("cause"), signed_on=term["start"],
            )
        )  # fmt: skip
        cents = term["arr"] * 100
        uow.add(ContractLine(contract_id=contract.id, products="Core", amount=Decimal(term["arr"]), arr_cents=cents))


@command("Rated")
def rate(uow: UnitOfWork, worth: str) -> None:
    uow.add(ExchangeRate(currency="USD", valid_from=date(2020, 1, 1), rate=worth))


@command("Aimed")
def aim(uow: UnitOfWork, wish: tuple[str, str]) -> None:
    uow.add(Target(figure=wish[0], starts_on=OCTOBER.start, ends_on=OCTOBER.end, value=wish[1]))


def term(name: str, start: str, end: str, arr: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "start": date.fromisoformat(start), "end": date.fromisoformat(end), "arr": arr, **more}


PORTFOLIO = [
    term("Large", "2026-01-01", "2027-12-31", 1000, tier="A"),
    term("Small", "2026-01-01", "2027-12-31", 200, tier="B"),
    term("Tiny", "2026-11-10", "2027-11-09", 100, tier="B"),
    term("Abroad", "2026-01-01", "2027-03-31", 500, tier="B", currency="USD"),
]


def seen(desk: Desk, wish: Wish, today: date = TODAY) -> Dashboard:
    with desk.read() as connection:
        return dashboard(connection, wish, today)


def ranked(view: Dashboard) -> list[tuple[str, str | None, int]]:
    assert view.pareto is not None
    return [(one.name, one.tier, one.arr_cents) for one in view.pareto.ranked]


def test_the_pareto_is_that_of_the_figure_in_days_and_accounts(desk: Desk) -> None:
    desk.do(make, PORTFOLIO)
    view = seen(desk, Wish(OCTOBER, charts=("pareto",)))
    assert ranked(view) == [("Large", "A", 100000), ("Small", "B", 20000)]
    assert view.pareto is not None
    share = view.figures["pareto_share"].by_currency["CNY"].value
    assert view.pareto.head_share == pytest.approx(float(share or 0))
    narrowed = seen(desk, Wish(Period(date(2026, 11, 1), date(2026, 11, 30)), Scope(tiers=("B",)), ("pareto",)))
    assert ranked(narrowed) == [("Small", "B", 20000), ("Tiny", "B", 10000)]
    desk.do(rate, "7")
    assert ranked(seen(desk, Wish(OCTOBER, Scope(tiers=("B",)), ("pareto",)))) == [
        ("Abroad", "B", 350000), ("Small", "B", 20000),
    ]  # fmt: skip
    before = seen(desk, Wish(Period(date(2020, 1, 1), date(2020, 1, 31)), charts=("pareto",)))
    assert ranked(before) == []


def test_a_cell_of_money_opens_the_money_that_is_left(desk: Desk) -> None:
    desk.do(
        make,
        [
            term("Stays", "2025-01-01", "2025-12-31", 100, state=RenewalState.RENEWED),
            term("Stays", "2026-01-01", "2026-12-31", 60),
            term("Leaves", "2025-02-01", "2026-01-31", 40, state=CHURNED),
            term("Abroad", "2025-02-01", "2027-01-31", 40, currency="USD"),
        ],
    )
    wish = Wish(OCTOBER, charts=("cohorts",), unit="year", revenue=True)
    line = seen(desk, wish).cohorts[0]
    assert (line.size, line.shares[1]) == (2, Fraction(60, 140))
    with desk.read() as connection:
        _name, found = cohort_rows(connection, wish, date(2025, 1, 1), 1, TODAY)
    figure = found["rows"]
    assert (figure.numerator, figure.denominator, figure.value) == (6000, 14000, line.shares[1])
    assert [(row.account, row.cents) for row in figure.counted] == [("Stays", 6000)]
    assert [(row.account, row.cents) for row in figure.base] == [("Stays", 10000), ("Leaves", 4000)]


@pytest.mark.parametrize("revenue", [False, True])
def test_every_cell_opens_what_it_says(demo: Desk, revenue: bool) -> None:
    wish = Wish(OCTOBER, charts=("cohorts",), unit="year", revenue=revenue)
    lines = seen(demo, wish).cohorts
    assert len(lines) > 1
    for line in lines:
        for place, share in enumerate(line.shares):
            with demo.read() as connection:
                _name, found = cohort_rows(connection, wish, line.first, place, TODAY)
            assert found["rows"].value == share


def test_the_lifetime_value_has_its_rows_in_several_currencies_too(desk: Desk) -> None:
    lost = term("Gone", "2025-05-01", "2026-04-30", 300, state=CHURNED)
    desk.do(make, [*PORTFOLIO, lost, term("Old", "2025-01-01", "2027-12-31", 500)])
    desk.do(change_settings, ChangeSettings({"figures.gross_margin": 80}))
    figure = seen(desk, Wish(OCTOBER)).figures["ltv"]
    assert set(figure.by_currency) == {"CNY", "USD"}
    assert [row.account for row in figure.counted] == ["Gone"]
    assert sorted(row.account for row in figure.base) == ["Abroad", "Large", "Old", "Small"]


def test_the_workbook_says_what_the_lifetime_value_is_divided_by(desk: Desk, tmp_path: Path) -> None:
    lost = term("Gone", "2025-05-01", "2026-04-30", 300, state=CHURNED)
    desk.do(make, [lost, term("Old", "2025-01-01", "2027-12-31", 500)])
    desk.do(change_settings, ChangeSettings({"figures.gross_margin": 80}))
    figure = seen(desk, Wish(OCTOBER)).figures["ltv"]
    assert figure.as_json()["denominator"] == 0.5
    write_figures(tmp_path / "f.xlsx", figure_sheets({"ltv": figure}, FIGURES))
    sheet = openpyxl.load_workbook(tmp_path / "f.xlsx")["Figures"]
    assert [cell.value for cell in sheet[2]][1:4] == [800, 400, 0.5]


def test_who_came_and_left_within_the_year_is_among_the_losses(desk: Desk) -> None:
    desk.do(
        make,
        [
            term("Stays", "2025-01-01", "2027-12-31", 100),
            term("Short", "2026-03-01", "2026-10-09", 70, state=CHURNED, cause="price"),
            term("Twice", "2025-03-01", "2026-02-28", 20, state=CHURNED, cause="price"),
            term("Twice", "2026-06-01", "2026-10-19", 30, state=CHURNED, cause="price"),
        ],
    )
    with desk.read() as connection:
        view = dashboard(connection, Wish(OCTOBER, charts=tuple(MAKERS)), TODAY)
        facts = report_facts(connection, view, desk.clock.local())
    assert view.figures["logo_churn_rate"].numerator == 2
    assert [(loss.row.account, loss.row.cents, loss.cause) for loss in facts.losses] == [
        ("Short", 7000, "Price"), ("Twice", 3000, "Price"),
    ]  # fmt: skip
    assert [(part.name, part.count, part.cents) for part in view.churn_reasons] == [("Price", 3, 12000)]
    assert sum(month.lost for month in view.trend) == sum(part.count for part in view.churn_reasons)


def test_a_sum_that_all_accounts_are_to_reach_is_no_target_of_some(desk: Desk) -> None:
    desk.do(make, PORTFOLIO)
    desk.do(aim, ("expansion", "5000"))
    desk.do(aim, ("logo_churn_rate", "0.02"))
    assert seen(desk, Wish(OCTOBER)).figures["expansion"].target == 500000
    some = seen(desk, Wish(OCTOBER, Scope(tiers=("B",)))).figures
    assert some["expansion"].target is None
    assert some["logo_churn_rate"].target == Fraction(2, 100)


FOREIGN = [
    term("Abroad", "2026-01-01", "2026-12-31", 500, currency="USD"),
    term("Over", "2025-09-01", "2026-10-09", 300, currency="USD", state=CHURNED, cause="price"),
    term("Comes", "2026-10-05", "2027-10-04", 80, currency="USD"),
]
BOTH = [*FOREIGN, term("Here", "2025-09-01", "2026-10-09", 900, state=CHURNED, cause="price")]


def test_one_foreign_currency_is_named_wherever_money_is_told(desk: Desk) -> None:
    desk.do(make, FOREIGN)
    desk.do(aim, ("expansion", "5000"))
    figures = seen(desk, Wish(OCTOBER)).figures
    gross, expansion = figures["gross_revenue_retention"], Figure("expansion", Kind.MONEY, 8000, None, currency="USD")
    assert counts_text(gross) == "500 / 800 USD"
    assert gross.as_json() | {"numerator": "500.00", "denominator": "800.00", "currency": "USD"} == gross.as_json()
    assert (value_text(expansion), expansion.as_json()["currency"]) == ("USD 80", "USD")
    assert "currency" not in figures["amount_collected"].as_json()
    aimed = replace(expansion, target=Fraction(500000))
    assert is_met(aimed) is None
    assert is_met(replace(aimed, currency="CNY")) is False
    assert change_text(expansion, replace(expansion, currency="CNY", numerator=100)) == ""
    assert change_text(expansion, replace(expansion, numerator=4000)) == "+100.0\u00a0%"


def test_parts_of_currencies_stand_apart_in_the_table_too(desk: Desk) -> None:
    desk.do(make, BOTH)
    view = seen(desk, Wish(OCTOBER, charts=tuple(MAKERS)))
    assert TABLES["churn_reasons"](view) == (
        ["Reasons for churn", "Count", "Amount", "Currency"],
        [["Price", 1, Decimal("900.00"), "CNY"], ["Price (USD)", 1, Decimal("300.00"), "USD"]],
    )
    month = view.endings[0]
    assert (month.count, month.others, month.ends) == (2, 1, 90000)
    assert view.cohort_currency == ""
    money = seen(desk, Wish(OCTOBER, charts=("cohorts",), revenue=True))
    assert money.cohort_currency == "CNY"
    desk.do(rate, "7")
    assert TABLES["churn_reasons"](seen(desk, view.wish)) == (
        ["Reasons for churn", "Count", "Amount (CNY)"], [["Price", 2, Decimal("3000.00")]],
    )  # fmt: skip


def test_a_bridge_in_another_currency_says_so(desk: Desk) -> None:
    desk.do(make, FOREIGN)
    view = seen(desk, Wish(OCTOBER, charts=tuple(MAKERS)))
    assert view.bridge is not None
    assert view.bridge.currency == "USD"
    heads, rows = TABLES["bridge"](view)
    assert (heads[1], rows[0][1], rows[-1][1]) == ("ARR (USD)", Decimal("800.00"), Decimal("580.00"))
    with desk.read() as connection:
        report = period_report(view, report_facts(connection, view, desk.clock.local()), {})
    assert "closing ARR 0.6k USD" in report.subtitle


def test_what_leaves_the_program_says_of_which_accounts_it_is(desk: Desk, tmp_path: Path) -> None:
    desk.do(make, PORTFOLIO)
    some = Scope(tiers=("B", ""), service_modes=("high_touch",))
    words = "Tier B, none · Service mode High-touch"
    assert (scope_text(some), scope_text(Scope())) == (words, "")
    view = seen(desk, Wish(OCTOBER, Scope(tiers=("B",)), tuple(MAKERS)))
    with desk.read() as connection:
        facts = report_facts(connection, view, desk.clock.local())
    assert " · Tier B · 2 accounts" in f" · {period_report(view, facts, {}).subtitle}"
    write_report(tmp_path / "report.xlsx", view, facts)
    assert openpyxl.load_workbook(tmp_path / "report.xlsx")["Figures"]["A1"].value == (
        "Monthly report, October 2026 · Tier B"
    )
    write_figures(tmp_path / "chart.xlsx", [chart_sheet(view, "trend")])
    assert openpyxl.load_workbook(tmp_path / "chart.xlsx").worksheets[0]["A1"].value == "Tier B"
    write_figures(tmp_path / "f.xlsx", figure_sheets(view.figures, FIGURES, {}, "Tier B"))
    assert [sheet["A1"].value for sheet in openpyxl.load_workbook(tmp_path / "f.xlsx")] == ["Tier B", "Tier B"]


def test_a_month_of_the_forecast_adds_up_to_its_contracts(demo: Desk) -> None:
    for month in seen(demo, Wish(OCTOBER, charts=("forecast",))).endings:
        assert sum(row.cents or 0 for row in month.forecast_rows) == month.forecast
        assert sum(row.cents or 0 for row in month.wanted_rows) == month.wanted
        assert len(month.forecast_rows) == len(month.wanted_rows) == month.count - month.others


def test_the_sentence_of_the_report_leaves_no_currency_out(desk: Desk) -> None:
    desk.do(make, [*BOTH, term("Soon", "2026-01-01", "2026-12-31", 900)])
    view = seen(desk, Wish(OCTOBER, charts=tuple(MAKERS)))
    with desk.read() as connection:
        report = period_report(view, report_facts(connection, view, desk.clock.local()), {})
    words = line_text(report.sections[0].blocks[0].lines[0])  # type: ignore[union-attr]
    assert words.startswith("Lost: 2 accounts (0.9k CNY + 0.3k USD).")
    assert words.endswith("2 contracts end within 60 days, 0.9k CNY + 0.5k USD.")


def test_target_and_change_stand_at_the_currency_that_they_are_of(desk: Desk, tmp_path: Path) -> None:
    desk.do(make, BOTH)
    figures = {"gross_revenue_retention": seen(desk, Wish(OCTOBER)).figures["gross_revenue_retention"]}
    write_figures(tmp_path / "f.xlsx", figure_sheets(figures, FIGURES, {"gross_revenue_retention": ("aim", "less")}))
    lines = list(openpyxl.load_workbook(tmp_path / "f.xlsx")["Figures"].iter_rows(min_row=2, values_only=True))
    assert [line[4:7] for line in lines] == [("CNY", "aim", "less"), ("USD", None, None)]


def test_on_paper_a_figure_in_several_currencies_takes_one_line(desk: Desk) -> None:
    desk.do(make, [*BOTH, term("Stays", "2025-01-01", "2027-12-31", 1100)])
    desk.do(aim, ("gross_revenue_retention", "0.5"))
    view = seen(desk, Wish(OCTOBER, charts=tuple(MAKERS)))
    with desk.read() as connection:
        report = period_report(view, report_facts(connection, view, desk.clock.local()), {})
    (table,) = (block for block in report.sections[1].blocks if isinstance(block, Table))
    lines = {
        texts[0]: texts[1:]
        for texts in ([" ".join(map(line_text, cell.lines)) for cell in row.cells] for row in table.rows)
    }
    assert lines["Gross revenue retention"] == [
        "55.0\u00a0%", "≥ 50.0\u00a0%", "✓", "100.0\u00a0%", "−45.0 pts", "USD 62.5\u00a0%",
    ]  # fmt: skip
