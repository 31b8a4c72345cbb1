"""Demands go to product as a workbook, are filled in there, and come back: each row taken, left or refused at its cell."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from csdesk.models.vocabulary import (
    Decision,
    DemandSize,
    Importance,
    Scope,
    Severity,
    TicketKind,
    TicketState,
    Tier,
)
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core import texts
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems, StorageError
from csdesk.services.files.reading import read_workbook
from csdesk.services.files.workbook import Sheet, Workbook
from csdesk.services.tickets.commands import MoveTickets, NewTicket, create_ticket, move_tickets
from csdesk.services.tickets.demands import (
    MergeDemands,
    ReleaseDemands,
    Review,
    merge_demands,
    release_demands,
    review_demand,
)
from csdesk.services.tickets.product import (
    OURS,
    THEIRS,
    ForProduct,
    Outcome,
    RowOutcome,
    TakeAnswers,
    send_to_product,
    sendable,
    take_answers,
)
from csdesk.services.tickets.product_answers import Answer, RowFate, fate_of, fingerprint
from csdesk.services.tickets.product_return import is_for_product, read_returned, returned
from csdesk.services.tickets.product_sheet import bugs_for_product, demands_for_product
from csdesk.services.tickets.rules import TicketFields
from tests.conftest import TODAY

HEAD = 3
"""The headings' row: the hidden names and the note stand above it."""
LATER = TODAY + timedelta(60)
YES = {"Decision": "Accept", "Release": "V3.2", "Planned date": LATER}
NO = {"Decision": "Decline", "Reason": "one customer", "Answer for the customer": "Use the export instead."}


def account(desk: Desk, name: str, tier: Tier | None = Tier.A, amount: int = 120_000) -> int:
    made = desk.do(create_account, NewAccount(AccountFields(name, short_name=name[:3], tier=tier))).value
    fields = ContractFields(
        f"HT-{name}", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), amount=amount, products="MES", seats=10
    )
    desk.do(create_contract, NewContract(made, fields))
    return made


def wish(desk: Desk, account_id: int, text: str, **own: Any) -> int:
    """A requirement; returns its demand."""
    ticket = desk.do(create_ticket, NewTicket(TicketFields(text, **own), account_id)).value
    return int(one(desk, "SELECT demand_id FROM tickets WHERE id = ?", ticket))


def bug(desk: Desk, account_id: int, text: str, **own: Any) -> int:
    own = {"seen": "an empty page", "severity": Severity.BLOCKING} | own
    return desk.do(create_ticket, NewTicket(TicketFields(text, TicketKind.BUG, **own), account_id)).value


def one(desk: Desk, sql: str, *values: Any) -> Any:
    with desk.read() as connection:
        return connection.exec_driver_sql(sql, values).scalar()


def state(desk: Desk, demand: int) -> str:
    return str(one(desk, "SELECT state FROM demands WHERE id = ?", demand))


def send(desk: Desk, path: Path, *demands: int, **own: Any) -> Path:
    send_to_product(desk, path, ForProduct(demands, **own))
    return path


def head_row(sheet: Any) -> int:
    return next(row for row in range(1, 20) if any(cell.value in ("Decision", "结论") for cell in sheet[row]))


def fill(path: Path, *rows: dict[str, Any] | None, sheet: str = "Demands", saved: Path | None = None) -> Path:
    """Fill the rows below the headings, by heading."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    head = head_row(page)
    columns = {cell.value: cell.column for cell in page[head]}
    for row, values in enumerate(rows, start=head + 1):
        for heading, value in (values or {}).items():
            page.cell(row, columns[heading]).value = value
    book.save(saved or path)
    return saved or path


def rehearse(desk: Desk, path: Path, **choices: str) -> Outcome:
    return desk.rehearse(take_answers, TakeAnswers(path.name, read_returned(path).rows))


def take(desk: Desk, path: Path, choices: dict[tuple[str, int], str] | None = None) -> Outcome:
    """Take a workbook in; the rehearsal before it must say the same."""
    command = TakeAnswers(path.name, read_returned(path).rows, choices or {})
    before = desk.rehearse(take_answers, command)
    done = desk.do(take_answers, command)
    assert done.value == before
    return done.value


def fates(outcome: Outcome) -> list[RowFate]:
    return [row.fate for row in outcome.rows]


def problem(row: RowOutcome) -> tuple[str, str | None, str]:
    (found,) = row.problems
    return found.field, found.cell, found.code


@pytest.fixture
def three(desk: Desk) -> list[int]:
    """Three demands, the heaviest first: two accounts, then one each."""
    first, second = account(desk, "澄岳精工"), account(desk, "砚泽医药", Tier.B, 60_000)
    heavy = wish(
        desk, first, "批量导出报表", why="月底要对账", importance=Importance.CRITICAL, who="财务", how_often="每月"
    )
    joined = desk.do(create_ticket, NewTicket(TicketFields("导出太慢，=1+1"), second, join_demand_id=heavy)).value
    assert joined
    return [heavy, wish(desk, first, "接口要支持中文"), wish(desk, second, "看板要能投屏")]


def test_the_workbook_says_what_product_needs_and_knows_its_rows(desk: Desk, three: list[int], tmp_path: Path) -> None:
    broken = bug(desk, one(desk, "SELECT min(id) FROM accounts"), "打不开", scene="早会", steps="点开", expected="能开")
    done = send_to_product(desk, tmp_path / "out.xlsx", ForProduct(tuple(three)))
    assert (done.value.demands, done.value.voices, done.value.bugs) == (3, 4, 1)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["Demands", "Voices", "Bugs"]
    page = book["Demands"]
    head = [cell.value for cell in page[HEAD]]
    row = dict(zip(head, [cell.value for cell in page[HEAD + 1]], strict=True))
    assert row["Number"] == "D-0001"
    assert (row["Accounts asking"], row["ARR"], row["By tier"], row["Renew soon"]) == (2, 180_000, "A×1 B×1", 2)
    assert row["Importance"] == "Vital 1, Important 1"
    assert row["Demand id"] == str(three[0])
    assert row["As sent"] == fingerprint(Answer())
    assert page.row_dimensions[1].hidden
    assert page.column_dimensions["A"].hidden
    assert page.freeze_panes == "E4"
    assert page.auto_filter.ref == "A3:V6"
    rules = sorted(str(rule.formula1) for rule in page.data_validations.dataValidation)
    assert rules[-1] == str((TODAY - date(1899, 12, 30)).days)
    assert rules[:-1] == [
        '"Accept,Decline"', '"Generic,Custom"', '"Small,Medium size,Large"', '"Yes,No"',
    ]  # fmt: skip
    yellow, grey = (
        page.cell(HEAD + 1, head.index("Reason") + 1),
        page.cell(HEAD + 1, head.index("In short") + 1),
    )
    assert (yellow.fill.fgColor.rgb, grey.fill.fgColor.rgb) == ("FFFFF7DB", "FFF3F4F6")
    voices = [[cell.value for cell in line] for line in book["Voices"].iter_rows(min_row=2)]
    assert [line[0] for line in voices] == ["D-0001", "D-0001", "D-0002", "D-0003"]
    assert voices[1][5] == "导出太慢，=1+1"
    assert dict(
        zip([cell.value for cell in book["Bugs"][HEAD]], [cell.value for cell in book["Bugs"][HEAD + 1]], strict=True)
    )["Bug id"] == str(broken)


def test_a_text_from_outside_is_never_a_formula(desk: Desk, tmp_path: Path) -> None:
    evil = wish(desk, account(desk, "=HYPERLINK(1)"), "=1+1", why="@SUM(A1)", title='=cmd|" /C calc"!A0')
    send(desk, tmp_path / "out.xlsx", evil)
    for page in openpyxl.load_workbook(tmp_path / "out.xlsx"):
        assert not [cell for line in page.iter_rows() for cell in line if cell.data_type == "f"]


def test_without_names_no_account_can_be_told(desk: Desk, three: list[int], tmp_path: Path) -> None:
    wish(desk, account(desk, "远桥电子股份"), "远桥电子股份的报表，远桥电的人等着", title="远桥电看板")
    bug(desk, account(desk, "海川机械"), "海川机械打不开", seen="海川机械的页面空白")
    demands = [*three, one(desk, "SELECT max(id) FROM demands")]
    send(desk, tmp_path / "out.xlsx", *demands, names=False)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    said = "\n".join(str(cell.value) for page in book for line in page.iter_rows() for cell in line)
    assert not [name for name in ("澄岳", "砚泽", "远桥", "海川") if name in said]
    assert "[customer]的报表" in said
    assert "A Premium" in said
    assert fates(take(desk, fill(tmp_path / "out.xlsx", YES, YES, YES, YES)))[:4] == [RowFate.NEW] * 4


def test_sending_is_one_step_with_the_box_ticked_and_none_without(desk: Desk, three: list[int], tmp_path: Path) -> None:
    broken = bug(desk, one(desk, "SELECT min(id) FROM accounts"), "打不开")
    vague = bug(desk, one(desk, "SELECT min(id) FROM accounts"), "有点慢", severity=None)
    send(desk, tmp_path / "a.xlsx", *three, sends=False)
    assert [state(desk, demand) for demand in three] == ["to_review"] * 3
    done = send_to_product(desk, tmp_path / "b.xlsx", ForProduct(tuple(three)))
    assert done.value.unclear == ("B-0002",)
    assert [state(desk, demand) for demand in three] == ["in_review"] * 3
    states = "SELECT state FROM tickets WHERE id = ?"
    assert (one(desk, states, broken), one(desk, states, vague)) == (TicketState.IN_REVIEW, TicketState.CAPTURED)
    desk.undo()
    assert [state(desk, demand) for demand in three] == ["to_review"] * 3
    assert one(desk, states, broken) == TicketState.CAPTURED


def test_what_cannot_be_written_is_not_noted_as_sent(desk: Desk, three: list[int], tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        send(desk, tmp_path / "nowhere" / "out.xlsx", *three)
    with pytest.raises(Problems):
        send(desk, tmp_path / "out.xlsx")
    assert [state(desk, demand) for demand in three] == ["to_review"] * 3


def test_answers_come_back_in_one_step_that_can_be_undone(desk: Desk, three: list[int], tmp_path: Path) -> None:
    path = send(desk, tmp_path / "out.xlsx", *three)
    yes = YES | {
        "Reasonable": "Yes",
        "Generic or custom": "通用",
        "Size": "M",
        "Reason": "many ask",
        "Reviewed by": "陈立",
    }
    outcome = take(desk, fill(path, yes, NO, None))
    assert fates(outcome) == [RowFate.NEW, RowFate.NEW, RowFate.UNANSWERED]
    assert [state(desk, demand) for demand in three] == ["accepted", "declined", "in_review"]
    assert [(c.field, c.old, c.new, c.cell) for c in outcome.rows[0].changes][:4] == [
        ("reasonable", "", "Yes", "N4"),
        ("scope", "", "Generic", "O4"),
        ("size", "", "Medium size", "P4"),
        ("decision", "", "Accept", "Q4"),
    ]
    with desk.read() as connection:
        first = demands_for_product(connection, three, TODAY)[0]
    assert first.answer == Answer(
        "accepted", True, Scope.GENERIC, DemandSize.MEDIUM, "many ask", "", "V3.2", LATER, "陈立"
    )
    assert outcome.taken == 2
    desk.undo()
    assert [state(desk, demand) for demand in three] == ["in_review"] * 3
    assert one(desk, "SELECT count(*) FROM demand_reviews WHERE deleted_at IS NULL") == 0
    desk.redo()
    assert [state(desk, demand) for demand in three] == ["accepted", "declined", "in_review"]


def test_the_same_file_again_changes_nothing(desk: Desk, three: list[int], tmp_path: Path) -> None:
    path = fill(send(desk, tmp_path / "out.xlsx", *three), YES, NO)
    take(desk, path)
    steps = one(desk, "SELECT count(*) FROM steps")
    assert fates(take(desk, path)) == [RowFate.SAME, RowFate.SAME, RowFate.UNANSWERED]
    assert one(desk, "SELECT count(*) FROM steps") == steps


BAD: dict[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
    "no date": ({"Planned date": None}, ("planned_on", "U4", "missing")),
    "no release": ({"Release": "-"}, ("release", "T4", "missing")),
    "odd decision": ({"Decision": "maybe, after lunch"}, ("decision", "Q4", "unknown_word")),
    "odd size": ({"Size": "elephant"}, ("size", "P4", "unknown_word")),
    "fixed is for bugs": ({"Decision": "Fixed"}, ("decision", "Q4", "unknown_word")),
    "before it was sent": ({"Planned date": TODAY - timedelta(1)}, ("planned_on", "U4", "early")),
    "no day": ({"Planned date": "soon"}, ("planned_on", "U4", "bad_date")),
    "two ways": ({"Planned date": "03/04/2027"}, ("planned_on", "U4", "ambiguous_date")),
    "no reason": (NO | {"Reason": None}, ("reason", "R4", "missing")),
    "no answer": (NO | {"Answer for the customer": "  "}, ("answer", "S4", "missing")),
    "unknown id": ({"Demand id": "123456789"}, ("number", "C4", "unknown")),
    "mixed": ({"Number": "D-0003"}, ("number", "C4", "mixed")),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_cell_is_refused_and_the_rest_goes_on(desk: Desk, three: list[int], tmp_path: Path, case: str) -> None:
    values, expected = BAD[case]
    outcome = take(desk, fill(send(desk, tmp_path / "out.xlsx", *three), YES | values, NO))
    assert fates(outcome) == [RowFate.REFUSED, RowFate.NEW, RowFate.UNANSWERED]
    assert problem(outcome.rows[0]) == expected
    assert [state(desk, demand) for demand in three] == ["in_review", "declined", "in_review"]


def test_a_release_with_a_day_gives_its_day_but_not_one_that_the_same_file_brings(
    desk: Desk, three: list[int], tmp_path: Path
) -> None:
    path = fill(send(desk, tmp_path / "out.xlsx", *three), YES, YES | {"Planned date": None}, NO)
    assert fates(take(desk, path)) == [RowFate.NEW, RowFate.REFUSED, RowFate.NEW]
    outcome = take(desk, path)
    assert fates(outcome) == [RowFate.SAME, RowFate.NEW, RowFate.SAME]
    assert ("planned_on", LATER.isoformat()) in [(change.field, change.new) for change in outcome.rows[1].changes]


def test_headings_alone_are_enough_in_chinese_too(desk: Desk, three: list[int], tmp_path: Path) -> None:
    bug(desk, one(desk, "SELECT min(id) FROM accounts"), "打不开")
    texts.install("zh_CN")
    path = send(desk, tmp_path / "out.xlsx", *three)
    book = openpyxl.load_workbook(path)
    for page in (book.worksheets[0], book.worksheets[2]):
        page.delete_rows(1)
        head = [cell.value for cell in page[2]]
        answers = {
            "结论": "采纳",
            "版本": "V1",
            "计划日期": LATER,
            "给客户的答复": "好",
            "评审人": "陈立",
            "规模": "大",
            "通用/定制": "定制",
        }
        for heading, value in answers.items():
            if heading in head:
                page.cell(3, head.index(heading) + 1).value = value
    book.save(path)
    outcome = take(desk, path)
    assert fates(outcome) == [RowFate.NEW, RowFate.UNANSWERED, RowFate.UNANSWERED, RowFate.NEW]
    assert outcome.rows[0].row.answer == Answer("accepted", None, "custom", "large", "", "好", "V1", LATER, "陈立")
    assert outcome.rows[3].row.answer == Answer("accepted", answer="好", release="V1", planned_on=LATER)


def test_two_rows_for_one_demand_are_both_refused(desk: Desk, three: list[int], tmp_path: Path) -> None:
    path = fill(send(desk, tmp_path / "out.xlsx", *three), YES, NO)
    book = openpyxl.load_workbook(path)
    page = book["Demands"]
    for cell in page[HEAD + 1]:
        page.cell(HEAD + 5, cell.column).value = cell.value
    book.save(path)
    outcome = take(desk, path)
    assert fates(outcome) == [RowFate.REFUSED, RowFate.NEW, RowFate.UNANSWERED, RowFate.REFUSED]
    assert problem(outcome.rows[3]) == ("number", "C8", "double")


def test_what_was_merged_deleted_or_released_meanwhile_is_refused(desk: Desk, three: list[int], tmp_path: Path) -> None:
    path = fill(send(desk, tmp_path / "out.xlsx", *three), YES, YES, NO)
    desk.do(merge_demands, MergeDemands((three[1],), three[2]))
    desk.do(review_demand, Review(three[0], Decision.ACCEPTED, planned_on=LATER, release="V3.2"))
    desk.do(release_demands, ReleaseDemands((three[0],)))
    outcome = take(desk, fill(path, {"Planned date": LATER + timedelta(3)}))
    assert [problem(row)[2] for row in outcome.rows if row.problems] == ["merged"]
    assert fates(outcome) == [RowFate.CONFLICT, RowFate.REFUSED, RowFate.NEW]
    theirs = take(desk, path, {outcome.rows[0].row.place: THEIRS})
    assert problem(theirs.rows[0]) == ("decision", "Q4", "state")


def test_both_sides_changed_it_and_the_user_decides(desk: Desk, three: list[int], tmp_path: Path) -> None:
    path = fill(send(desk, tmp_path / "out.xlsx", *three), YES, NO)
    desk.do(review_demand, Review(three[0], Decision.DECLINED, reason="too dear", answer="not now"))
    alone = take(desk, path)
    assert fates(alone) == [RowFate.CONFLICT, RowFate.NEW, RowFate.UNANSWERED]
    assert alone.open_conflicts == 1
    assert ("decision", "Decline", "Accept", "Q4") in [(c.field, c.old, c.new, c.cell) for c in alone.rows[0].changes]
    assert state(desk, three[0]) == "declined"
    place = alone.rows[0].row.place
    assert take(desk, path, {place: OURS}).open_conflicts == 0
    assert state(desk, three[0]) == "declined"
    taken = take(desk, path, {place: THEIRS})
    assert taken.rows[0].taken
    assert state(desk, three[0]) == "accepted"


def test_what_product_left_as_it_was_sent_stays_whatever_we_did(desk: Desk, three: list[int], tmp_path: Path) -> None:
    take(desk, fill(send(desk, tmp_path / "a.xlsx", *three), YES, NO))
    path = send(desk, tmp_path / "b.xlsx", three[0], sends=False)
    desk.do(
        review_demand,
        Review(three[0], Decision.ACCEPTED, planned_on=LATER + timedelta(9), release="V4", reason="said so", by="陈立"),
    )
    assert fates(take(desk, path)) == [RowFate.SAME]
    assert one(desk, "SELECT planned_on FROM demands WHERE id = ?", three[0]) == (LATER + timedelta(9)).isoformat()


def test_a_date_that_product_moves_is_moved_not_reviewed_anew(desk: Desk, three: list[int], tmp_path: Path) -> None:
    take(desk, fill(send(desk, tmp_path / "a.xlsx", *three), YES))
    path = send(desk, tmp_path / "b.xlsx", three[0])
    assert state(desk, three[0]) == "accepted"
    outcome = take(desk, fill(path, {"Planned date": LATER + timedelta(14)}))
    assert [(c.field, c.new) for c in outcome.rows[0].changes] == [("planned_on", (LATER + timedelta(14)).isoformat())]
    assert one(desk, "SELECT count(*) FROM demand_reviews") == 1


def test_a_declined_demand_goes_out_again_with_what_was_decided(desk: Desk, three: list[int], tmp_path: Path) -> None:
    take(desk, fill(send(desk, tmp_path / "a.xlsx", *three), NO))
    path = send(desk, tmp_path / "b.xlsx", three[0])
    page = openpyxl.load_workbook(path)["Demands"]
    row = dict(zip([c.value for c in page[HEAD]], [c.value for c in page[HEAD + 1]], strict=True))
    assert row["Decided before"] == "2026-11-23 Decline: one customer"
    assert row["Decision"] is None
    assert state(desk, three[0]) == "in_review"
    assert fates(take(desk, fill(path, YES))) == [RowFate.NEW]


def test_bugs_come_back_dated_fixed_or_declined(desk: Desk, three: list[int], tmp_path: Path) -> None:
    owner = one(desk, "SELECT min(id) FROM accounts")
    bugs = [bug(desk, owner, f"打不开 {number}") for number in range(4)]
    path = send(desk, tmp_path / "out.xlsx")
    answers = (
        {"Decision": "会修", "Planned date": "2027年1月15日"},
        {"Decision": "已修复", "Planned date": TODAY},
        {"Decision": "不修", "Answer for the customer": "Restart the page."},
        {"Decision": "Decline"},
    )
    outcome = take(desk, fill(path, *answers, sheet="Bugs"))
    assert fates(outcome) == [RowFate.NEW] * 3 + [RowFate.REFUSED]
    assert problem(outcome.rows[3])[0] == "answer"
    with desk.read() as connection:
        found = {one.id: one for one in bugs_for_product(connection, TODAY, bugs)}
    assert [found[one].state for one in bugs] == ["accepted", "released", "declined", "in_review"]
    assert found[bugs[0]].answer.planned_on == date(2027, 1, 15)
    assert fates(take(desk, path)) == [RowFate.SAME] * 3 + [RowFate.REFUSED]


def test_a_bug_that_both_sides_dated_waits_for_a_choice(desk: Desk, three: list[int], tmp_path: Path) -> None:
    broken = bug(desk, one(desk, "SELECT min(id) FROM accounts"), "打不开")
    path = fill(send(desk, tmp_path / "out.xlsx"), {"Decision": "Accept", "Planned date": LATER}, sheet="Bugs")
    desk.do(move_tickets, MoveTickets((broken,), "accept", planned_on=LATER + timedelta(7)))
    outcome = take(desk, path)
    assert fates(outcome) == [RowFate.CONFLICT]
    assert [(change.field, change.old) for change in outcome.rows[0].changes] == [
        ("planned_on", (LATER + timedelta(7)).isoformat())
    ]
    assert take(desk, path, {outcome.rows[0].row.place: THEIRS}).taken == 1
    assert one(desk, "SELECT planned_on FROM tickets WHERE id = ?", broken) == LATER.isoformat()
    desk.do(move_tickets, MoveTickets((broken,), "fix"))
    fill(path, {"Decision": "Decline", "Answer for the customer": "no"}, sheet="Bugs")
    refused = take(desk, path, {outcome.rows[0].row.place: THEIRS})
    assert problem(refused.rows[0])[::2] == ("decision", "state")


def test_the_user_may_speak_chinese_and_product_english(desk: Desk, three: list[int], tmp_path: Path) -> None:
    texts.install("zh_CN")
    path = send(desk, tmp_path / "out.xlsx", *three)
    page = openpyxl.load_workbook(path).worksheets[0]
    head = [cell.value for cell in page[HEAD]]
    fill(path, dict(zip([head[16], head[19], head[20]], ["Approved", "V9", LATER], strict=True)), sheet=page.title)
    texts.install("en")
    assert fates(take(desk, path)) == [RowFate.NEW, RowFate.UNANSWERED, RowFate.UNANSWERED]


def moved_columns(page: Any) -> None:
    """Somebody put a column of their own in front and lines above the headings, and took the note away."""
    page.insert_cols(1)
    page.delete_rows(2)
    page.insert_rows(1, 4)
    page["A1"] = "Review of November"


def lost_names(page: Any) -> None:
    """The hidden row is gone, the hidden columns are there but unnamed, dates are texts."""
    page.delete_rows(1, 2)


def lost_ids(page: Any) -> None:
    """Only what can be seen was copied into another workbook."""
    page.delete_rows(1, 2)
    page.delete_cols(1, 2)


def serial_days(page: Any) -> None:
    """Dates as plain numbers."""
    head = head_row(page)
    column = next(cell.column for cell in page[head] if cell.value == "Planned date")
    cell = page.cell(head + 1, column)
    cell.value, cell.number_format = (LATER - date(1899, 12, 30)).days, "General"


def turned_columns(page: Any) -> None:
    """The columns of two headings changed places, the hidden names stayed."""
    head = head_row(page)
    places = {cell.value: cell.column for cell in page[head]}
    a, b = places["Reason"], places["Answer for the customer"]
    for row in range(head, page.max_row + 1):
        first, second = page.cell(row, a).value, page.cell(row, b).value
        page.cell(row, a).value, page.cell(row, b).value = second, first


@pytest.mark.parametrize("change", [moved_columns, lost_names, lost_ids, serial_days, turned_columns])
def test_other_programs_and_hands_may_change_the_sheet(
    desk: Desk, three: list[int], tmp_path: Path, change: Callable[[Any], None]
) -> None:
    path = fill(
        send(desk, tmp_path / "out.xlsx", *three), YES | {"Reason": "why", "Answer for the customer": "ours"}, NO
    )
    book = openpyxl.load_workbook(path)
    change(book["Demands"])
    book.save(path)
    outcome = take(desk, path)
    assert fates(outcome) == [RowFate.NEW, RowFate.NEW, RowFate.UNANSWERED]
    with desk.read() as connection:
        first, second, _third = demands_for_product(connection, three, TODAY)
    assert (first.answer.planned_on, first.answer.reason, first.answer.answer) == (LATER, "why", "ours")
    assert second.answer.decision == "declined"


def test_remarks_and_sums_below_the_table_are_no_rows(desk: Desk, three: list[int], tmp_path: Path) -> None:
    path = fill(send(desk, tmp_path / "out.xlsx", *three), YES)
    book = openpyxl.load_workbook(path)
    book["Demands"]["D9"] = "discussed with Chen"
    book["Demands"]["H10"] = 260_000
    book.save(path)
    assert len(take(desk, path).rows) == 3


def test_another_workbook_is_none_for_product(desk: Desk, three: list[int], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["客户名称", "合同编号"])
    book.active.append(["澄岳精工", "HT-1"])
    book.save(tmp_path / "handover.xlsx")
    assert not is_for_product(read_workbook(tmp_path / "handover.xlsx"))
    with pytest.raises(Problems) as refused:
        read_returned(tmp_path / "handover.xlsx")
    assert refused.value.problems[0].code == "not_for_product"
    assert is_for_product(read_workbook(send(desk, tmp_path / "out.xlsx", *three)))


def test_what_could_go_is_counted(desk: Desk, three: list[int], tmp_path: Path) -> None:
    bug(desk, one(desk, "SELECT min(id) FROM accounts"), "x", severity=None)
    send(desk, tmp_path / "out.xlsx", three[0], bugs=False)
    with desk.read() as connection:
        found = sendable(connection, TODAY)
    assert (found.to_review, found.with_product, found.bugs, found.unclear) == (tuple(three[1:]), (three[0],), 0, 1)


WORDS = {
    "Decision": {
        "accepted": ["Accept", "接受", "已排期", " approved ", "通过", "YES"],
        "declined": ["Decline", "婉拒", "won’t do"],
    },
    "Reasonable": {True: ["Yes", "是", "合理", True], False: ["No", "不合理", False], None: [None, "-", "无"]},
    "Generic or custom": {"generic": ["通用", "Generic"], "custom": ["定制", "custom"], "": [None]},
    "Size": {"small": ["S", "小"], "medium": ["中", "Medium size"], "large": ["XL", "大"], "": [None]},
}
DAYS = (
    lambda day: day,
    lambda day: dt.datetime.combine(day, dt.time()),
    lambda day: day.isoformat(),
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: (day - date(1899, 12, 30)).days,
)
PRINTED = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12).map("x".__add__)


@st.composite
def answers(draw: st.DrawFn) -> tuple[dict[str, Any], Answer]:
    """A row as product may fill it, and what it means."""
    picked = {heading: draw(st.sampled_from(list(meanings))) for heading, meanings in WORDS.items()}
    cells = {heading: draw(st.sampled_from(WORDS[heading][meant])) for heading, meant in picked.items()}
    day = draw(st.dates(TODAY, TODAY + timedelta(900)))
    said = {heading: draw(PRINTED) for heading in ("Reason", "Answer for the customer", "Release", "Reviewed by")}
    cells |= said | {"Planned date": draw(st.sampled_from(DAYS))(day)}
    meant = Answer(
        picked["Decision"], picked["Reasonable"], picked["Generic or custom"], picked["Size"], said["Reason"],
        said["Answer for the customer"], said["Release"], day, said["Reviewed by"],
    )  # fmt: skip
    return cells, meant


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_out_filled_in_and_back_is_what_was_written(desk: Desk, tmp_path: Path, data: st.DataObject) -> None:
    rows = data.draw(st.lists(answers(), min_size=1, max_size=4))
    owner = desk.do(create_account, NewAccount(AccountFields("澄岳精工")), confirmed={"twin"}).value
    demands = [wish(desk, owner, f"wish {number}") for number in range(len(rows))]
    path = fill(send(desk, tmp_path / "out.xlsx", *demands, bugs=False), *(cells for cells, _meant in rows))
    assert [row.answer for row in read_returned(path).rows] == [meant for _cells, meant in rows]
    assert fates(take(desk, path)) == [RowFate.NEW] * len(rows)
    with desk.read() as connection:
        stored = [one.answer for one in demands_for_product(connection, demands, TODAY)]
    for (_cells, meant), kept in zip(rows, stored, strict=True):
        assert kept == meant.settled()
    assert set(fates(take(desk, path))) == {RowFate.SAME}


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False), st.text(max_size=12), st.dates(),
    st.datetimes(), st.times(),
    st.sampled_from(["D-0001", "Accept", "婉拒", "csdesk.demand", "csdesk.bug", "结论", "Number", "2027-01-15", "1.2.27"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=12), st.booleans())
def test_whatever_stands_in_a_sheet_is_read_or_named(rows: list[list[Any]], marked: bool) -> None:
    names = ["csdesk.demand", "csdesk.as_sent", "number", "decision", "planned_on", "reason", "size", "reasonable"]
    book = Workbook(Path("any.xlsx"), "xlsx", (Sheet("Demands", [*([names] if marked else []), *rows]),))
    if not marked and not is_for_product(book):
        with contextlib.suppress(Problems):
            returned(book)
        return
    for row in returned(book).rows:
        assert row.row > 0
        assert all(found.message and found.code for found in row.problems)
        if not row.problems:
            assert fate_of("", row.answer, row.answer, Answer()) in (RowFate.NEW, RowFate.UNANSWERED)


def test_a_text_file_keeps_the_hidden_row_and_comes_back_too(desk: Desk, three: list[int], tmp_path: Path) -> None:
    path = fill(send(desk, tmp_path / "out.xlsx", *three), YES, NO)
    rows = openpyxl.load_workbook(path)["Demands"].iter_rows(values_only=True)
    with (tmp_path / "back.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(["" if cell is None else str(cell) for cell in row] for row in rows)
    assert fates(take(desk, tmp_path / "back.csv")) == [RowFate.NEW, RowFate.NEW, RowFate.UNANSWERED]
