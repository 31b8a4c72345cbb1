"""What the dashboard is told: figures with those before them, charts that add up to them, what was changed and when."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.kpi import Target
from csdesk.models.vocabulary import RenewalState
from csdesk.services.core.desk import Desk
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.kpi.chart_tables import TABLES
from csdesk.services.kpi.comparing import change_text, is_few, is_met, missing_text, period_name, target_text
from csdesk.services.kpi.dashboard import MAKERS, Dashboard, Wish, cohort_rows, dashboard, options, sparks
from csdesk.services.kpi.definitions import definition_changes
from csdesk.services.kpi.figures import FIGURES, figures
from csdesk.services.kpi.rules import Figure, Kind, Period, unknown
from csdesk.services.kpi.scope import Scope
from csdesk.services.kpi.sheet import figure_sheets, write_figures
from csdesk.services.settings.commands import ChangeSettings, change_settings
from tests.conftest import TODAY

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
ALL_CHARTS = tuple(MAKERS)


@command("Made")
def make(uow: UnitOfWork, terms: list[dict[str, Any]]) -> None:
    """Each: an account of this name and tier, with one contract of these days, yuan a year and state."""
    for term in terms:
        account = uow.add(Account(name=term["name"], tier=term.get("tier")))
        contract = uow.add(
            Contract(
                account_id=account.id, number=f"K-{term['name']}", start_on=term["start"], end_on=term["end"],
                currency=term.get("currency", "CNY"), renewal_state=term.get("state", RenewalState.OPEN),
                renewal_cause=term.get("cause"),
            )
        )  # fmt: skip
        cents = term["arr"] * 100
        uow.add(ContractLine(contract_id=contract.id, products="Core", amount=Decimal(term["arr"]), arr_cents=cents))


@command("Aimed")
def aim(uow: UnitOfWork, wish: tuple[str, str]) -> None:
    uow.add(Target(figure=wish[0], starts_on=OCTOBER.start, ends_on=OCTOBER.end, value=wish[1]))


def term(name: str, start: date, end: date, arr: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "start": start, "end": end, "arr": arr, **more}


LEFT = date(2026, 10, 14)
STORY = [
    term("Stays", date(2026, 1, 1), date(2027, 12, 31), 1000, tier="A"),
    term("Leaves", date(2025, 10, 15), LEFT, 300, tier="B", state=RenewalState.CHURNED, cause="price"),
    term("Comes", date(2026, 10, 20), date(2027, 10, 19), 500, tier="B"),
    term("Abroad", date(2026, 1, 1), date(2026, 12, 31), 70, currency="USD"),
]


def seen(desk: Desk, wish: Wish, today: date = TODAY) -> Dashboard:
    with desk.read() as connection:
        return dashboard(connection, wish, today)


def test_an_empty_store_has_nothing_to_show(desk: Desk) -> None:
    view = seen(desk, Wish(OCTOBER, charts=ALL_CHARTS))
    assert not view.any
    assert view.accounts == 0
    assert {figure.value for figure in view.figures.values()} <= {None, 0}
    assert view.bridge is not None
    assert (view.bridge.opening, view.bridge.closing) == (0, 0)
    assert not view.cohorts
    assert not any(month.count for month in view.endings)


def test_the_story_of_october(desk: Desk) -> None:
    desk.do(make, STORY)
    view = seen(desk, Wish(OCTOBER, charts=ALL_CHARTS))
    assert view.before == Period(date(2026, 9, 1), date(2026, 9, 30))
    assert view.accounts == 3
    assert view.figures["logo_churn_rate"].value == Fraction(1, 3)
    assert view.earlier["logo_churn_rate"].value == 0
    last = view.trend[-1]
    assert (last.first, last.lost, last.base, last.gross) == (OCTOBER.start, 1, 3, Fraction(1000, 1300))
    assert last.provisional  # the grace of what ended on the 31st is not over on 23 November
    assert [month.provisional for month in view.trend[:-1]] == [False] * 11
    bridge = view.bridge
    assert bridge is not None
    assert (bridge.opening, bridge.closing) == (130000, 150000)
    assert {bar.move.value: bar.cents for bar in bridge.bars if bar.cents} == {"new": 50000, "churn": -30000}
    assert [(row.account, row.cents) for row in view.opening_rows] == [("Stays", 100000), ("Leaves", 30000)]
    assert [(row.account, row.cents) for row in view.closing_rows] == [("Stays", 100000), ("Comes", 50000)]
    (reason,) = view.churn_reasons
    assert (reason.name, reason.count, reason.cents) == ("Price", 1, 30000)
    assert [row.account for row in reason.rows] == ["Leaves"]
    october, _november, december = view.endings[:3]
    assert (october.first, october.ends, october.lost, october.count) == (OCTOBER.start, 30000, 30000, 1)
    assert (december.ends, december.count) == (0, 1)  # in another currency: among the rows, not in the sum
    assert [row.account for row in december.rows] == ["Abroad"]


def test_a_scope_narrows_figures_and_charts(desk: Desk) -> None:
    desk.do(make, STORY)
    view = seen(desk, Wish(OCTOBER, Scope(tiers=("B",)), ("bridge", "cohorts")))
    assert view.bridge is not None
    assert (view.bridge.opening, view.bridge.closing) == (30000, 50000)
    assert view.figures["logo_churn_rate"].value == 1
    assert sum(line.size for line in view.cohorts) == 2
    assert not view.trend  # only what was wished is read
    with desk.read() as connection:
        found = options(connection)
    assert found["products"] == [("Core", "Core")]
    assert ("A", "A") in found["tiers"]
    assert "cities" not in found


def test_cohorts_open_who_is_left(desk: Desk) -> None:
    desk.do(make, STORY)
    wish = Wish(OCTOBER, charts=("cohorts",), unit="year")
    lines = seen(desk, wish).cohorts
    assert [(line.name, line.size, line.shares) for line in lines] == [
        ("2025", 1, (Fraction(1), Fraction(0))), ("2026", 3, (Fraction(1),)),
    ]  # fmt: skip
    with desk.read() as connection:
        name, found = cohort_rows(connection, wish, date(2025, 1, 1), 1, TODAY)
    assert name == f"2025, {TODAY.isoformat()}"
    assert found["rows"].counted == ()
    assert [row.account for row in found["rows"].base] == ["Leaves"]


def test_on_a_portfolio_everything_ties_out(demo: Desk) -> None:
    view = seen(demo, Wish(OCTOBER, charts=ALL_CHARTS))
    bridge = view.bridge
    assert bridge is not None
    assert bridge.opening + sum(bar.cents for bar in bridge.bars) == bridge.closing
    assert sum(row.cents or 0 for row in view.opening_rows) == bridge.opening
    assert sum(row.cents or 0 for row in view.closing_rows) == bridge.closing
    assert view.trend[-1].lost == view.figures["logo_churn_rate"].numerator
    for month in view.endings:
        assert month.renewed + month.open + month.lost == month.ends
    assert all(part.count == len(part.rows) for part in (*view.churn_reasons, *view.renewal_reasons, *view.ageing))
    with demo.read() as connection:
        lines = sparks(connection, view.wish, ("logo_churn_rate", "ltv"), TODAY)
        september = figures(connection, Period(date(2026, 9, 1), date(2026, 9, 30)), TODAY)
    values = lines["logo_churn_rate"]
    now, before = view.figures["logo_churn_rate"].value, september["logo_churn_rate"].value
    assert now is not None
    assert before is not None
    assert values[-2:] == (float(before), float(now))
    assert lines["ltv"][-1] == float(view.figures["ltv"].value or 0) > 0


def test_a_changed_definition_is_marked_in_its_month_until_it_is_taken_back(desk: Desk) -> None:
    desk.do(make, STORY)
    desk.do(change_settings, ChangeSettings({"figures.grace_days": 45, "visits.per_day": 5}))
    with desk.read() as connection:
        (change,) = definition_changes(connection, date(2020, 1, 1))
        assert definition_changes(connection, change.day + timedelta(2)) == []
    assert (change.key, change.before, change.after) == ("figures.grace_days", 30, 45)
    assert change.told() == f"{change.day}: Grace after a contract's end: 30 → 45"
    month = Period(change.day.replace(day=1), change.day)
    view = seen(desk, Wish(month, charts=("trend",)), change.day)
    assert [month.changed for month in view.trend if month.changed] == [(change.told(),)]
    desk.undo()
    with desk.read() as connection:
        assert definition_changes(connection, date(2020, 1, 1)) == []
    desk.redo()
    with desk.read() as connection:
        assert definition_changes(connection, date(2020, 1, 1)) == [change]


def test_a_definition_changed_after_the_days_shown_is_marked_at_their_end(desk: Desk) -> None:
    desk.do(make, STORY)
    desk.do(change_settings, ChangeSettings({"figures.grace_days": 45}))
    with desk.read() as connection:
        (change,) = definition_changes(connection, date(2020, 1, 1))
    view = seen(desk, Wish(Period(date(2025, 10, 1), date(2025, 10, 31)), charts=("trend",)), change.day)
    assert [(month.changed, month.changed_later) for month in view.trend[-2:]] == [((), ()), ((), (change.told(),))]
    heads, rows = TABLES["trend"](view)
    assert heads[-1] == "Definition changed"
    assert [row[-1] for row in rows[-2:]] == ["", change.told()]


def rate(top: int, bottom: int, key: str = "renewal_rate", kind: Kind = Kind.RATE, **more: Any) -> Figure:
    return Figure(key, kind, top, bottom, **more)


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (rate(30, 40), rate(28, 40), "+5.0 pts"),
        (rate(11, 40), rate(12, 40), "−2.5 pts"),
        (rate(1, 3), rate(2, 4), "before 2 / 4"),
        (rate(30, 40), rate(0, 0), ""),
        (Figure("expansion", Kind.MONEY, 15000, None), Figure("expansion", Kind.MONEY, 10000, None), "+50.0\u00a0%"),
        (Figure("expansion", Kind.MONEY, 15000, None), Figure("expansion", Kind.MONEY, 0, None), "new"),
        (Figure("win_backs", Kind.COUNT, 0, None), Figure("win_backs", Kind.COUNT, 0, None), "unchanged"),
        (Figure("win_backs", Kind.COUNT, 1, None), Figure("win_backs", Kind.COUNT, 4, None), "−3"),
        (Figure("win_backs", Kind.COUNT, 1, None), None, ""),
    ],
)
def test_changes_are_told_by_kind(now: Figure, before: Figure | None, told: str) -> None:
    assert change_text(now, before) == told


def test_targets_are_met_from_the_right_side(desk: Desk) -> None:
    lost = rate(1, 84, "logo_churn_rate", target=Fraction(15, 1000))
    assert (target_text(lost), is_met(lost)) == ("target ≤ 1.5\u00a0%", True)
    kept = rate(3, 5, target=Fraction(85, 100))
    assert (target_text(kept), is_met(kept), is_few(kept)) == ("target ≥ 85.0\u00a0%", False, True)
    assert is_met(rate(0, 0, target=Fraction(1))) is None
    assert target_text(rate(1, 2)) == ""
    desk.do(make, STORY)
    desk.do(aim, ("expansion", "1500.50"))
    figure = seen(desk, Wish(OCTOBER)).figures["expansion"]
    assert (target_text(figure), is_met(figure)) == ("target ≥ 1,500.50", False)


def test_what_cannot_be_told_says_why() -> None:
    assert missing_text(unknown("save_rate", Kind.RATE)) == "not kept yet"
    assert (
        missing_text(rate(1, 2, missing="Enter the gross margin in Settings")) == "Enter the gross margin in Settings"
    )
    assert missing_text(rate(1, 2)) == ""


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), "February 2026"),
        (date(2026, 4, 1), date(2026, 6, 30), "Quarter 2 of 2026"),
        (date(2025, 1, 1), date(2025, 12, 31), "Year 2025"),
        (date(2026, 2, 1), date(2026, 4, 30), "2026-02-01 to 2026-04-30"),
        (date(2026, 2, 3), date(2026, 2, 9), "2026-02-03 to 2026-02-09"),
    ],
)
def test_periods_are_called_by_their_names(first: date, last: date, name: str) -> None:
    assert period_name(Period(first, last), TODAY) == name


def test_the_workbook_holds_every_figure_and_every_row(desk: Desk, tmp_path: Path) -> None:
    desk.do(make, STORY)
    view = seen(desk, Wish(OCTOBER))
    target = tmp_path / "figures.xlsx"
    write_figures(target, figure_sheets(view.figures, FIGURES, {"logo_churn_rate": ("target ≤ 1.5 %", "new")}))
    book = openpyxl.load_workbook(target)
    told = {row[0]: row for row in book["Figures"].iter_rows(min_row=2, values_only=True)}
    assert set(told) == {entry.name for entry in FIGURES.values()}
    assert told["Logo churn rate"][1:7] == (pytest.approx(1 / 3), 1, 3, None, "target ≤ 1.5 %", "new")
    rows = [row[:3] for row in book["Rows"].iter_rows(min_row=2, values_only=True) if row[0] == "Logo churn rate"]
    assert rows[0] == ("Logo churn rate", "Counted", "Leaves")
    assert sorted(row[2] for row in rows[1:]) == ["Abroad", "Leaves", "Stays"]
    abroad = [
        row for row in book["Figures"].iter_rows(min_row=2, values_only=True) if row[0] == "Gross revenue retention"
    ]
    assert [(row[3], row[4]) for row in abroad] == [(1300, "CNY"), (70, "USD")]
