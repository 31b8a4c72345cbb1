"""What stands on the sheets, the month, the route and the pack; and what never stands where a customer reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from csdesk.models.vocabulary import ContactRole, Tier, VisitKind
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core import texts
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Cancelled
from csdesk.services.core.progress import Progress
from csdesk.services.core.report import Box, Facts, Halves, Paragraphs, Report, Section, Table, line_text
from csdesk.services.interactions.report import account_paper, account_report, printed_account
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tasks.commands import NewTask, create_task
from csdesk.services.tasks.rules import TaskFields
from csdesk.services.visits.commands import AddVisit, SetTravelTime, add_visit, set_travel_time
from csdesk.services.visits.preparing import Prepare, prepare_visit
from csdesk.services.visits.printing import Choice, Papers, choices, printed, printing_at, sheet_of
from csdesk.services.visits.sheet_report import Printing

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(1)
AT = datetime(2026, 11, 23, 9, 12)
OWN, THEIRS = Printing("Zhou", AT), Printing("Zhou", AT, internal=False)


@pytest.fixture
def aster(desk: Desk) -> int:
    desk.do(change_settings, ChangeSettings({"user.name": "Zhou", "visits.home": "Suzhou"}))
    desk.do(set_travel_time, SetTravelTime("Suzhou", "Wuxi", 45))
    made = desk.do(
        create_account, NewAccount(AccountFields("Aster", tier=Tier.A, city="Wuxi", address="Lake Road 8"))
    ).value
    ann = ContactFields("Ann", title="Director", role=ContactRole.DECISION_MAKER, phone="13900004471")
    desk.do(create_contact, NewContact(made, ann))
    terms = ContractFields(
        "C-1", "Core", 40, start_on=date(2026, 2, 1), end_on=date(2027, 1, 31), amount=Decimal(90_000)
    )
    desk.do(create_contract, NewContract(made, terms))
    return made


@pytest.fixture
def meeting(desk: Desk, aster: int) -> int:
    return desk.do(add_visit, AddVisit(aster, TOMORROW, starts_at="14:00", goal="Agree on the year")).value


def sheet(desk: Desk, visit_id: int, printing: Printing = OWN) -> Report:
    with desk.read() as connection:
        found = sheet_of(connection, visit_id, printing)
    assert found is not None
    return found


def words(report: Report, *, internal: bool = True) -> str:
    """Everything that is printed of a report, without what stands in inverse boxes where asked."""
    parts = [report.title, report.subtitle, *(line_text(line) for line in report.summary)]
    waiting: list[object] = list(report.sections)
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Section):
            parts += [part.heading, part.note, part.caption]
            waiting += part.blocks
        elif isinstance(part, Halves):
            waiting += [*part.left, *part.right]
        elif isinstance(part, Facts):
            parts += [word for pair in part.facts for word in pair]
        elif isinstance(part, Table):
            parts += [line_text(line) for row in part.rows for entry in row.cells for line in entry.lines]
        elif isinstance(part, Paragraphs):
            parts += [line_text(line) for line in part.lines]
        elif isinstance(part, Box) and (internal or not part.inverse):
            parts += [part.heading, part.note, *(line_text(line) for line in part.lines)]
    return "\n".join(filter(None, parts))


def test_a_sheet_says_where_when_and_what_for(desk: Desk, meeting: int) -> None:
    report = sheet(desk, meeting)
    assert report.title == "Aster"
    assert report.subtitle == "Visit sheet \u00b7 On site \u00b7 Tue, November 24, 2026 14:00 – 15:30"
    assert [line_text(line) for line in report.summary] == ["Wuxi Lake Road 8", "leave at 13:15 \u00b7 travel 45 min"]
    text = words(report)
    for expected in (
        "Agree on the year",
        "Ann",
        "Director",
        "139 0000 4471",
        "14:00",
        "What was said",
        "By when",
        "40",
    ):
        assert expected in text
    assert any(section.bottom for section in report.sections)


def test_what_is_internal_stands_in_the_box_alone(desk: Desk, meeting: int) -> None:
    secret = {"wanted": "a signature", "internal": "no discount", "talking_points": "the new plant"}
    desk.do(prepare_visit, Prepare(meeting, secret))
    own, above = words(sheet(desk, meeting)), words(sheet(desk, meeting), internal=False)
    for inside in (
        "Premium",
        "ARR 90,000 CNY",
        "ends 2027-01-31 (69 days)",
        "a signature",
        "no discount",
        "Decision maker",
    ):
        assert inside in own
        assert inside not in above
    assert "the new plant" in above


def test_the_customers_copy_has_no_box_no_points_and_no_purpose_of_the_rules(desk: Desk, meeting: int) -> None:
    desk.do(prepare_visit, Prepare(meeting, {"internal": "no discount", "talking_points": "the new plant"}))
    report = sheet(desk, meeting, THEIRS)
    text = words(report)
    for inside in ("Internal only", "no discount", "the new plant", "Premium", "90,000", "write it up"):
        assert inside not in text
    assert not any(section.bottom for section in report.sections)
    assert "Agree on the year" in text
    assert "Internal only" not in "".join(getattr(piece, "text", "") for piece in report.footer)


def test_a_purpose_of_the_rules_is_not_shown_to_the_customer(desk: Desk, meeting: int) -> None:
    desk.do(prepare_visit, Prepare(meeting, {"goal": "", "type": "renewal"}))
    assert "Renewal talk" in words(sheet(desk, meeting, THEIRS))


def test_what_is_owed_is_on_the_sheet_and_long_lists_say_how_many_more(desk: Desk, aster: int, meeting: int) -> None:
    for number in range(30):
        desk.do(create_task, NewTask(TaskFields(f"task {number} " + "x" * 60, TODAY + timedelta(number)), aster))
    text = words(sheet(desk, meeting))
    assert "task 0 " in text
    assert "27 more" in text


def test_the_pack_is_the_next_day_out_with_a_sheet_a_visit(desk: Desk, aster: int, meeting: int) -> None:
    desk.do(add_visit, AddVisit(aster, TOMORROW, VisitKind.PHONE, "9:00"))
    with desk.read() as connection:
        offered = {choice.papers: choice for choice in choices(connection, TODAY, TODAY, TODAY + timedelta(6), TODAY)}
        assert list(offered) == list(Papers)
        assert offered[Papers.PACK] == Choice(Papers.PACK, TOMORROW, TOMORROW, 2)
        assert offered[Papers.MONTH].start == date(2026, 11, 1)
        assert offered[Papers.MONTH].end == date(2026, 11, 30)
        pack = printed(connection, offered[Papers.PACK], printing_at(connection, AT))
        month = printed(connection, offered[Papers.MONTH], printing_at(connection, AT))
        route = printed(connection, offered[Papers.ROUTE], printing_at(connection, AT))[0]
    assert [report.title for report in pack] == ["Visit plan", "Aster", "Aster"]
    assert pack[1].author == "Zhou"
    assert [report.title for report in month] == ["Visit plan, November 2026"] * 2
    assert "14:00 Aster" in words(month[0])
    assert "45 min\nfrom Suzhou" in words(route)
    assert "45 min\nback to Suzhou" in words(route)
    assert words(route).count("Aster") == 1


def test_a_day_without_visits_says_so(desk: Desk, aster: int) -> None:
    with desk.read() as connection:
        for papers in (Papers.ROUTE, Papers.MONTH):
            (report, *_rest) = printed(connection, Choice(papers, TODAY, TODAY, 0), OWN)
            assert "in these days." in words(report)
        assert printed(connection, Choice(Papers.SHEETS, TODAY, TODAY, 0), OWN) == ()


def test_reading_sheets_can_be_stopped(desk: Desk, meeting: int) -> None:
    progress = Progress()
    progress.cancel()
    with desk.read() as connection, pytest.raises(Cancelled):
        printed(connection, Choice(Papers.SHEETS, TOMORROW, TOMORROW, 1), OWN, progress)


def test_an_account_is_told_on_one_page(desk: Desk, aster: int, meeting: int) -> None:
    with desk.read() as connection:
        report = printed_account(connection, aster, AT)
        assert printed_account(connection, 1, AT) is None
        paper = account_paper(connection, aster, TODAY)
    assert report is not None
    text = words(report)
    for expected in (
        "Aster",
        "Ann",
        "Director, Decision maker",
        "C-1",
        "2027-01-31 (69 days)",
        "90,000 CNY",
        "Tue 11-24",
    ):
        assert expected in text
    assert paper is not None
    bare = replace(paper, view=replace(paper.view, contacts=[], handovers=[], contracts=[]))
    assert "No contact yet" in words(account_report(bare, OWN))


def test_a_sheet_in_chinese(desk: Desk, meeting: int) -> None:
    texts.install("zh_CN")
    text = words(sheet(desk, meeting))
    for expected in ("拜访表", "见谁", "要问的", "谈了什么", "仅内部", "不给客户看", "下一步", "2026年11月24日"):
        assert expected in text
