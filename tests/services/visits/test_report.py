"""The plan as data for paper and for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from csdesk.services.core import texts
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict
from csdesk.services.core.report import Box, Report, Table, TierMark, cell_value, line_text, report_rows
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.visits.drafting import ConfirmPlan, confirm_plan
from csdesk.services.visits.planning import plan
from csdesk.services.visits.queries import days_plan
from csdesk.services.visits.report import days_text, duration_text, phone_text, plan_report, plan_title

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)


def rows(report: Report) -> list[list[str]]:
    return [
        [str(cell_value(entry)) for entry in row.cells]
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]


def test_a_report_has_a_section_a_day_and_a_row_a_visit(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(change_settings, ChangeSettings({"user.name": "Zhou"}))
    planned = plan(desk, MONDAY, SUNDAY)
    report = planned.report()
    assert report.title == "Visit plan, week 48"
    assert report.subtitle.endswith("\u00b7 Zhou")
    assert [section.heading for section in report.sections][:2] == ["Mon 11-23", "Tue 11-24"]
    assert len(rows(report)) == len(planned.plan.visits) == 5
    first = rows(report)[0]
    assert first[1] == "9:30"
    assert first[2].startswith("Aster\u00a0A\nSuzhou")
    assert first[3] == "Bai CEO\n139"
    assert line_text(report.summary[0]) == "5 visits \u00b7 tier A 2 \u00b7 tier B 1 \u00b7 tier C 2"
    assert any("Internal only" in getattr(piece, "text", "") for piece in report.footer)


def test_what_found_no_place_stands_in_a_box_at_the_foot(desk: Desk, portfolio: Callable[..., list[int]]) -> None:
    portfolio(*({"name": f"N{number}", "tier": "A", "ends": 20} for number in range(20)))
    report = plan(desk, MONDAY, MONDAY, 2).report()
    foot = report.sections[-1]
    (box,) = foot.blocks
    assert foot.bottom
    assert isinstance(box, Box)
    assert sum(isinstance(piece, TierMark) for piece in box.lines[0].pieces) == 12
    assert line_text(box.lines[0]).endswith("and 6 more")


def test_an_empty_plan_says_so(desk: Desk) -> None:
    report = plan(desk, MONDAY, SUNDAY).report()
    assert line_text(report.sections[0].blocks[0].lines[0]) == "No visits are planned in these days."
    assert rows(report) == []


def test_the_sheet_says_what_the_paper_says(desk: Desk, seven: dict[str, int]) -> None:
    report = plan(desk, MONDAY, SUNDAY).report()
    flat = report_rows(report)
    assert flat[0] == [report.title]
    assert flat[2][1:3] == ["Time", "Account and address"]
    assert [row for row in flat if row[1:2] == ["9:30"]]


def test_titles_name_a_week_only_where_it_is_one() -> None:
    assert plan_title(MONDAY, MONDAY + timedelta(4)) == "Visit plan, week 48"
    assert plan_title(MONDAY, MONDAY + timedelta(9)) == "Visit plan"
    assert days_text(MONDAY, MONDAY) == "Mon, November 23, 2026"
    assert (duration_text(45), duration_text(120), duration_text(130)) == ("45 min", "2 h", "2 h 10 min")


def test_chinese_paper_is_chinese(desk: Desk, seven: dict[str, int]) -> None:
    texts.install("zh_CN")
    report = plan(desk, MONDAY, SUNDAY).report()
    assert report.title == "\u7b2c48\u5468\u62dc\u8bbf\u8ba1\u5212"
    assert report.sections[0].heading == "\u5468\u4e00 11-23"


def test_the_plan_is_told_as_json(desk: Desk, seven: dict[str, int]) -> None:
    told = json.loads(json.dumps(plan(desk, MONDAY, SUNDAY, 1).as_json()))
    assert (told["from"], told["to"], told["capacity"]) == ("2026-11-23", "2026-11-29", 5)
    assert len(told["visits"]) == 5
    assert told["left_out"] == []
    assert told["notes"] == []
    visit = told["visits"][0]
    assert visit["date"] == "2026-11-23"
    assert visit["time"] == "09:30"
    assert visit["reason"]
    assert visit["goal"]
    assert visit["reasons"][0]["kind"] in {"renewal", "visit_due", "first_days"}


def test_what_was_left_out_is_told_with_both_reasons(desk: Desk, seven: dict[str, int]) -> None:
    left_out = plan(desk, MONDAY, MONDAY, 1).as_json()["left_out"]
    assert len(left_out) == 4
    assert all(entry["left_out_because"] and entry["reason"] for entry in left_out)


def test_the_past_is_planned_without_a_question_and_told(desk: Desk, seven: dict[str, int]) -> None:
    assert plan(desk, date(2026, 11, 9), date(2026, 11, 15)).notes == ("All these days have passed.",)
    assert plan(desk, date(2026, 11, 20), SUNDAY).notes == ("Days before today were left as they are.",)


def test_a_confirmed_plan_is_not_drafted_again(desk: Desk, seven: dict[str, int]) -> None:
    desk.do(confirm_plan, ConfirmPlan(plan(desk, MONDAY, SUNDAY).plan_id))
    with pytest.raises(Conflict):
        plan(desk, MONDAY, SUNDAY)


def test_printed_at_is_shown_as_given(desk: Desk) -> None:
    with desk.read() as connection:
        empty = days_plan(connection, MONDAY, SUNDAY)
    assert plan_report(empty, printed_at=datetime(2026, 11, 23, 9, 12)).printed_at == datetime(2026, 11, 23, 9, 12)


def test_mobile_numbers_are_grouped_and_others_left_alone() -> None:
    assert phone_text("13900004471") == "139 0000 4471"
    assert [phone_text(phone) for phone in ("021-5555", "+4912345678901", "")] == ["021-5555", "+4912345678901", ""]
