"""The report of a period: what its first page says, what stands behind, and the workbook with the same numbers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.kpi import Target
from csdesk.models.tasks import Task
from csdesk.models.vocabulary import RenewalState, Tier
from csdesk.services.core.desk import Desk
from csdesk.services.core.report import Halves, Picture, Report, Row, Section, Table, line_text
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi.chart_tables import TABLES
from csdesk.services.kpi.charts import TITLES
from csdesk.services.kpi.dashboard import MAKERS, Dashboard, Wish, dashboard
from csdesk.services.kpi.figures import FIGURES
from csdesk.services.kpi.report import ChartPicture, definition_lines, period_report, report_title
from csdesk.services.kpi.report_facts import ReportFacts, report_facts
from csdesk.services.kpi.report_sheet import write_report
from csdesk.services.kpi.rules import Period
from csdesk.services.kpi.scope import Scope

PRINTED = datetime(2026, 11, 23, 9, 12)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


@command("Made")
def make(uow: UnitOfWork, _nothing: object) -> None:
    """Two that stay, one that was lost in October by its price, a target that was missed, something to do."""
    terms = (
        ("Stays", Tier.A, date(2026, 1, 1), date(2026, 12, 31), 1000, RenewalState.OPEN),
        ("Grows", Tier.B, date(2026, 2, 1), date(2027, 12, 31), 500, RenewalState.OPEN),
        ("Leaves", Tier.B, date(2025, 10, 15), date(2026, 10, 14), 300, RenewalState.CHURNED),
    )
    for name, tier, start, end, arr, state in terms:
        account = uow.add(Account(name=name, tier=tier))
        lost = state == RenewalState.CHURNED
        contract = uow.add(
            Contract(account_id=account.id, number=f"K-{name}", start_on=start, end_on=end, currency="CNY",
                     renewal_state=state, renewal_cause="price" if lost else None,
                     renewal_reason="cheaper elsewhere" if lost else "")
        )  # fmt: skip
        uow.add(ContractLine(contract_id=contract.id, products="Core", amount=Decimal(arr), arr_cents=arr * 100))
        if name == "Stays":
            uow.add(Task(account_id=account.id, text="Call the director", due_on=date(2026, 11, 27)))
    uow.add(Target(figure="logo_churn_rate", starts_on=OCTOBER.start, ends_on=OCTOBER.end, value="0.05"))


def known(desk: Desk, scope: Scope = Scope()) -> tuple[Dashboard, ReportFacts]:
    with desk.read() as connection:
        view = dashboard(connection, Wish(OCTOBER, scope, tuple(MAKERS)), PRINTED.date())
        return view, report_facts(connection, view, PRINTED)


def told(desk: Desk, scope: Scope = Scope()) -> Report:
    pictures = {key: ChartPicture(b"", f"note of {key}") for key in TITLES}
    return period_report(*known(desk, scope), pictures)


def flat(sections: Any) -> list[Section]:
    found = []
    for section in sections:
        found.append(section)
        for block in section.blocks:
            if isinstance(block, Halves):
                found += flat((*block.left, *block.right))
    return found


def rows_under(report: Report, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, as texts."""
    section = next(one for one in flat(report.sections) if one.heading == heading)
    table = next(block for block in section.blocks if isinstance(block, Table))
    return [texts(row) for row in table.rows]


def texts(row: Row) -> list[str]:
    return [" ".join(map(line_text, cell.lines)) for cell in row.cells]


def test_two_sentences_say_it_all(desk: Desk) -> None:
    desk.do(make, None)
    report = told(desk)
    assert report.title == "Monthly report, October 2026"
    (sentence,) = report.sections[0].blocks[0].lines  # type: ignore[union-attr]
    words = line_text(sentence)
    assert words.startswith("Lost: 1 account (0.3k CNY). Expansion: 0.0k CNY. Net revenue retention: 83.3")
    assert "1 of 1 figures miss their target, most of all Logo churn rate 1 / 3." in words
    assert words.endswith("Ahead: 1 contract ends within 60 days, 1.0k CNY.")
    assert "2 accounts: A 1, B 1" in report.subtitle


def test_the_first_page_has_figures_losses_ends_and_tasks(desk: Desk) -> None:
    desk.do(make, None)
    report = told(desk)
    figures = {row[0]: row for row in rows_under(report, "Figures")}
    assert figures["Logo churn rate"][1:4] == ["1 / 3", "\u2264 5.0\u00a0%", "!"]
    assert figures["Win-backs"][1:4] == ["0", "", ""]
    view, _facts = known(desk)
    assert len(figures) == sum(one.known and not one.missing for one in view.figures.values())
    assert rows_under(report, "Lost, and why") == [["Leaves", "B", "0.3k", "Price: cheaper elsewhere"]]
    (ending,) = rows_under(report, "Ends within 60 days")
    assert ending[:4] == ["Stays", "A", "1.0k", "12-31"]
    assert ending[4].startswith("Not judged")
    assert rows_under(report, "What is to be done next")[0][1] == "Stays: Call the director"


def test_every_chart_is_there_with_its_numbers_behind_it(desk: Desk) -> None:
    desk.do(make, None)
    report = told(desk)
    sections = flat(report.sections)
    drawn = [one.heading for one in sections if any(isinstance(block, Picture) for block in one.blocks)]
    assert sorted(drawn) == sorted(TITLES.values())
    assert rows_under(report, "Logo churn rate")[0][0] == "Leaves"
    bridge = next(
        one for one in sections if one.heading == TITLES["bridge"] and any(isinstance(b, Table) for b in one.blocks)
    )
    table = next(block for block in bridge.blocks if isinstance(block, Table))
    assert [texts(table.rows[place])[1] for place in (0, -1)] == ["1,800", "1,500"]


def test_definitions_and_provisional_months_are_told(desk: Desk) -> None:
    desk.do(make, None)
    lines = definition_lines(*known(desk))
    assert lines[0] == "Grace after a contract's end: 30 days"
    assert lines[-1] == "As known on 2026-11-23."
    view, _facts = known(desk)
    provisional = [f"{month.first:%Y-%m}" for month in view.trend if month.provisional]
    assert any(all(month in line for month in provisional) for line in lines) == bool(provisional)


def test_a_scope_narrows_the_lists_too(desk: Desk) -> None:
    desk.do(make, None)
    _view, facts = known(desk, Scope(tiers=("B",)))
    assert [loss.row.account for loss in facts.losses] == ["Leaves"]
    assert facts.ending == ()
    assert facts.tasks == ()
    report = told(desk, Scope(tiers=("A",)))
    (sentence,) = report.sections[0].blocks[0].lines  # type: ignore[union-attr]
    assert line_text(sentence).startswith("Nobody was lost. Expansion: 0.0k CNY.")
    assert "Lost, and why" not in [section.heading for section in flat(report.sections)]


def test_rows_behind_say_the_largest_first_and_leave_out_empty_columns(desk: Desk) -> None:
    desk.do(make, None)
    report = told(desk)
    assert rows_under(report, "Gross revenue retention") == [["Stays", "1,000"], ["Grows", "500"]]
    assert "2026-10-15" in rows_under(report, "Logo churn rate")[0]


def test_the_forecast_has_a_table_of_its_own(desk: Desk) -> None:
    desk.do(make, None)
    view, _facts = known(desk)
    heads, rows = TABLES["forecast"](view)
    assert heads == ["Month", "Target (CNY)", "Forecast (CNY)", "Reached"]
    assert [row[3] for row in rows] == [one.forecast / one.wanted if one.wanted else None for one in view.endings]
    assert TABLES["calendar"](view)[0][-1] == "Lost (CNY)"


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (Period(date(2026, 7, 1), date(2026, 9, 30)), "Quarterly report, Quarter 3 of 2026"),
        (Period(date(2025, 1, 1), date(2025, 12, 31)), "Yearly report, Year 2025"),
        (Period(date(2026, 10, 3), date(2026, 10, 9)), "Report, 2026-10-03 to 2026-10-09"),
    ],
)
def test_a_report_is_called_by_its_days(period: Period, name: str) -> None:
    assert report_title(period, PRINTED.date()) == name


def test_the_workbook_says_the_same(desk: Desk, tmp_path: Path) -> None:
    desk.do(make, None)
    view, facts = known(desk)
    target = tmp_path / "report.xlsx"
    write_report(target, view, facts)
    book = openpyxl.load_workbook(target)
    assert {"Figures", "Rows", "Definitions", "Lost, and why", "Ends within 60 days", TITLES["bridge"]} <= set(
        book.sheetnames
    )
    values = list(book["Figures"].iter_rows(values_only=True))
    assert values[0][0] == "Monthly report, October 2026"
    lost = list(book["Lost, and why"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1], row[4], row[5], row[6]) for row in lost] == [
        ("Leaves", "B", "CNY", "Price", "cheaper elsewhere")
    ]
    assert {row[0] for row in book["Definitions"].iter_rows(min_row=2, values_only=True)} >= {
        entry.name for entry in FIGURES.values() if entry.formula
    }
