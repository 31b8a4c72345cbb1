"""The plan as rows of a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl

from csdesk.services.core.desk import Desk
from csdesk.services.visits.planning import plan
from csdesk.services.visits.sheet import plan_sheets, write_plan_workbook

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)


def test_a_row_a_visit_with_typed_values(desk: Desk, seven: dict[str, int]) -> None:
    (sheet,) = plan_sheets(plan(desk, MONDAY, SUNDAY).plan)
    assert sheet.name == "Visit plan"
    assert len(sheet.rows) == 5
    assert all(len(row) == len(sheet.columns) for row in sheet.rows)
    first = dict(zip((column.key for column in sheet.columns), sheet.rows[0], strict=True))
    assert (first["day"], first["time"], first["account"], first["tier"]) == (MONDAY, "09:30", "Aster", "A")
    assert (first["contact"], first["phone"], first["state"]) == ("Bai CEO", "139", "Planned")


def test_what_found_no_place_has_its_own_sheet(desk: Desk, seven: dict[str, int]) -> None:
    visits, left_out = plan_sheets(plan(desk, MONDAY, MONDAY, 1).plan)
    assert (len(visits.rows), len(left_out.rows)) == (1, 4)
    assert all(row[3] and row[4] for row in left_out.rows)
    assert all(len(row) == len(left_out.columns) for row in left_out.rows)


def test_a_workbook_holds_dates_as_dates_and_names_as_text(desk: Desk, portfolio, tmp_path: Path) -> None:
    portfolio({"name": "=1+1", "tier": "A", "city": "Suzhou", "ends": 20})
    write_plan_workbook(tmp_path / "plan.xlsx", plan(desk, MONDAY, SUNDAY).plan)
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["Visit plan"]
    head, row = list(sheet.iter_rows(values_only=True))
    assert head[:5] == ("Date", "Time", "Minutes", "Kind", "Account")
    assert row[0].date() == MONDAY
    assert (row[4], sheet.cell(2, 5).data_type) == ("=1+1", "s")
