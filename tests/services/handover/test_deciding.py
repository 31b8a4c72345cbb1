"""A handover from its arrival to the decision: checklist, moves, questions, the sheet for sales and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count, product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csdesk.models.vocabulary import ContactRole, HandoverPoint, HandoverState, TaskState, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core import texts
from csdesk.services.core.columns import Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, Problems
from csdesk.services.core.progress import Progress
from csdesk.services.files.reading import read_workbook
from csdesk.services.handover.deciding import (
    AskSales,
    ChangeHandover,
    ChangePoint,
    DecideHandover,
    KeepPromises,
    PromiseTask,
    ReceiveHandover,
    ask_sales,
    change_handover,
    change_point,
    decide_handover,
    keep_promises,
    receive_handover,
    send_to_sales,
)
from csdesk.services.handover.importing import import_file
from csdesk.services.handover.moves import MOVES, move_to, problems_with
from csdesk.services.handover.queries import handovers_waiting, waiting_count
from csdesk.services.handover.records import VIEWS, HandoverRecord, handovers, record, record_of, view_counts
from csdesk.services.handover.report import ImportReport
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tasks.commands import Tasks, complete_tasks, delete_tasks

from .conftest import HEADINGS, Sheet, flat, line

Take = Callable[..., ImportReport]
TODAY = date(2026, 11, 23)
NUMBERS = count(1)
R, Q, A, B = HandoverState.RECEIVED, HandoverState.QUESTIONED, HandoverState.ACCEPTED, HandoverState.RETURNED
ALL = {
    "goals": "目标", "stakeholders": "林总", "scope": "全厂", "promises": "送账号", "risks": "预算", "payment_terms": "一次付清",
}  # fmt: skip


def account(
    desk: Desk, name: str = "澄岳精工", tier: Tier | None = Tier.A, start: date | None = None, **own: Any
) -> int:
    made = desk.do(create_account, NewAccount(AccountFields(name, tier=tier, sales_owner="周晓"))).value
    if start is not None:
        fields = ContractFields(f"HT-{name}", start_on=start, end_on=start + timedelta(364), **own)
        desk.do(create_contract, NewContract(made, fields))
    return made


def receive(desk: Desk, account_id: int, **values: str) -> int:
    return desk.do(receive_handover, ReceiveHandover(account_id, values)).value


def read(desk: Desk, handover_id: int) -> HandoverRecord:
    with desk.read() as connection:
        found = record(connection, handover_id, TODAY)
    assert found is not None
    return found


def move(desk: Desk, handover_id: int, state: HandoverState, text: str = "") -> None:
    desk.do(decide_handover, DecideHandover(handover_id, state, text))


def listed(desk: Desk, **query: Any) -> list[dict[str, Any]]:
    listing = handovers(TODAY)
    with desk.read() as connection:
        ids = listing.ids(connection, Query(**query), TODAY)
        rows = listing.rows(connection, ids)
    return [dict(zip([column.key for column in listing.columns], rows[one], strict=True)) for one in ids]


def test_the_checklist_counts_what_contract_and_people_say(desk: Desk) -> None:
    bare = receive(desk, account(desk, tier=None), goals="上线")
    assert read(desk, bare).missing == tuple(point for point in HandoverPoint if point != HandoverPoint.GOALS)
    assert read(desk, bare).completeness == 20
    rich = account(desk, "砚泽医药", start=date(2026, 12, 1), products="质检", seats=20, payment_terms="季付")
    desk.do(create_contact, NewContact(rich, ContactFields("林总", role=ContactRole.DECISION_MAKER)))
    found = read(desk, receive(desk, rich))
    assert found.missing == (HandoverPoint.GOALS, HandoverPoint.PROMISES, HandoverPoint.RISKS)
    assert found.completeness == 55
    assert found.point(HandoverPoint.SCOPE).known == "质检 × 20"
    assert found.point(HandoverPoint.PAYMENT_TERMS).evidence == "季付"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries({point: st.integers(0, 100) for point in HandoverPoint}), st.sets(st.sampled_from(list(ALL)))
)
def test_completeness_is_the_share_of_the_weights(
    desk: Desk, weights: dict[HandoverPoint, int], filled: set[str]
) -> None:
    handover = receive(desk, account(desk, f"Account {next(NUMBERS)}", None), **{name: ALL[name] for name in filled})
    desk.do(change_settings, ChangeSettings({f"handover.weight.{point}": weight for point, weight in weights.items()}))
    total = sum(weights.values())
    have = sum(weight for point, weight in weights.items() if point in filled)
    assert read(desk, handover).completeness == (None if total == 0 else (200 * have + total) // (2 * total))


def test_every_move_but_those_of_the_table_is_refused_and_says_where_it_can_go() -> None:
    for state, to in product(HandoverState, HandoverState):
        problems = problems_with(state, to, "reason", (), True)
        assert bool(problems) == (move_to(state, to) is None)
        if problems:
            assert problems[0].code == "illegal"
            assert all(allowed.to.label in problems[0].message for allowed in MOVES[state])


def test_what_a_move_needs_is_said() -> None:
    gaps = (HandoverPoint.GOALS, HandoverPoint.TIER)
    (problem,) = problems_with(R, A, " ", gaps, False)
    assert (problem.code, "Goals, Tier" in problem.message) == ("gaps", True)
    assert problems_with(R, A, "", (), False) == []
    assert [problem.code for problem in problems_with(R, Q, "", (), False)] == ["missing"]
    assert problems_with(R, Q, "", (), True) == []
    assert [problem.code for problem in problems_with(R, B, "", (), True)] == ["missing"]
    assert [problem.code for problem in problems_with(A, R, "", (), True)] == ["missing"]
    assert problems_with(B, R, "", gaps, False) == []


def test_a_handover_goes_its_way_and_each_move_is_kept_and_taken_back(desk: Desk) -> None:
    handover = receive(desk, account(desk), goals="上线")
    with pytest.raises(Problems, match="Say what is missing"):
        move(desk, handover, B)
    move(desk, handover, Q, "谁是决策人？")
    assert (read(desk, handover).state, read(desk, handover).questions) == (Q, "谁是决策人？")
    move(desk, handover, B, "合同还没签")
    with pytest.raises(Problems, match="cannot become"):
        move(desk, handover, A, "trotzdem")
    move(desk, handover, R)
    with pytest.raises(Problems, match="Still missing: Stakeholders, Scope"):
        move(desk, handover, A)
    move(desk, handover, A, "销售已离职")
    found = read(desk, handover)
    assert (found.state, found.decided_on, found.days) == (A, TODAY, 0)
    assert [(one.from_state, one.to_state, one.reason) for one in found.moves] == [
        (R, Q, "谁是决策人？"), (Q, B, "合同还没签"), (B, R, ""), (R, A, "销售已离职"),
    ]  # fmt: skip
    move(desk, handover, R, "又有新承诺")
    assert (read(desk, handover).state, read(desk, handover).decided_on) == (R, None)
    desk.undo()
    assert (read(desk, handover).state, len(read(desk, handover).moves)) == (A, 4)


def test_a_decision_on_an_older_look_is_refused(desk: Desk) -> None:
    handover = receive(desk, account(desk), **ALL)
    seen = read(desk, handover).version
    desk.do(change_handover, ChangeHandover(handover, {"notes": "新消息"}))
    with pytest.raises(Conflict):
        desk.do(decide_handover, DecideHandover(handover, A, "", seen))


def test_imported_handovers_wait_and_are_decided(desk: Desk, take: Take) -> None:
    take(flat(2))
    with desk.read() as connection:
        waiting = handovers_waiting(connection, TODAY)
        assert waiting_count(connection) == 2
    assert waiting[0].started
    move(desk, waiting[0].id, A, "干系人稍后补")
    with desk.read() as connection:
        assert waiting_count(connection) == 1
        found = record_of(connection, waiting[0].account_id, TODAY)
    assert found is not None
    assert HandoverPoint.STAKEHOLDERS in found.missing
    assert HandoverPoint.PAYMENT_TERMS in found.missing
    assert found.completeness == 70


def test_a_handover_is_changed_and_entered_by_hand_once(desk: Desk) -> None:
    made = account(desk)
    handover = receive(desk, made)
    with pytest.raises(KeyError):
        desk.do(change_handover, ChangeHandover(handover, {"state": "accepted"}))
    with pytest.raises(Conflict, match="already"):
        receive(desk, made)
    desk.undo()
    with desk.read() as connection:
        assert record_of(connection, made, TODAY) is None


def test_a_point_is_answered_once_it_says_something_else(desk: Desk) -> None:
    handover = receive(desk, account(desk), promises="开放接口")
    ask = ChangePoint(handover, HandoverPoint.PROMISES, "开放接口", "由谁来做？")
    desk.do(change_point, ask)
    (state,) = read(desk, handover).open_questions
    assert state.question is not None
    assert (state.question.text, state.question.asked_on) == ("由谁来做？", TODAY)
    move(desk, handover, Q)
    desk.do(change_handover, ChangeHandover(handover, {"promises": "三月底前由研发开放接口"}))
    assert read(desk, handover).open_questions == ()
    answered = read(desk, handover).point(HandoverPoint.PROMISES).question
    assert answered is not None
    assert answered.answered
    desk.undo()
    assert len(read(desk, handover).open_questions) == 1
    desk.do(change_point, ChangePoint(handover, HandoverPoint.PROMISES, "开放接口", ""))
    assert read(desk, handover).point(HandoverPoint.PROMISES).question is None


def test_the_tier_is_a_point_too(desk: Desk) -> None:
    made = account(desk, tier=None)
    handover = receive(desk, made)
    with pytest.raises(Problems):
        desk.do(change_point, ChangePoint(handover, HandoverPoint.TIER, "D"))
    desk.do(change_point, ChangePoint(handover, HandoverPoint.TIER, "B"))
    found = read(desk, handover)
    assert (found.tier, found.point(HandoverPoint.TIER).text) == ("B", "B")
    assert HandoverPoint.TIER not in found.missing


def test_a_contract_that_runs_before_acceptance_is_marked(desk: Desk) -> None:
    early = receive(desk, account(desk, "早", start=date(2026, 11, 1)), **ALL)
    later = receive(desk, account(desk, "晚", start=date(2026, 12, 1)), **ALL)
    assert (read(desk, early).early, read(desk, later).early) == (True, False)
    assert not read(desk, receive(desk, account(desk, "无合同"))).early
    assert [row["early"] for row in listed(desk, search="早")] == ["runs"]
    move(desk, early, A)
    move(desk, later, A)
    assert (read(desk, early).early, read(desk, later).early) == (True, False)
    assert [row["account"] for row in listed(desk) if row["early"]] == ["早"]


def test_the_list_says_where_each_stands(desk: Desk) -> None:
    first = receive(desk, account(desk, "甲", start=date(2026, 12, 1)), goals="上线")
    second = receive(desk, account(desk, "乙", start=date(2026, 11, 1)), **ALL)
    third = receive(desk, account(desk, "丙"), **ALL)
    move(desk, third, A)
    rows = listed(desk)
    assert [row["account"] for row in rows] == ["乙", "甲", "丙"]
    assert rows[1]["missing"] == ",stakeholders,scope,promises,risks,payment_terms"
    assert [row["completeness"] for row in rows] == [100, 30, 100]
    assert [row["days"] for row in rows] == [0, 0, 0]
    assert [row["account"] for row in listed(desk, search="甲")] == ["甲"]
    with desk.read() as connection:
        counts = view_counts(connection, [filters for _key, _title, filters in VIEWS], TODAY)
        assert handovers(TODAY).ids(connection, Query(sort="completeness"), TODAY)[0] == first
    assert counts == [3, 2, 0, 0, 1, 1]
    assert second != third


@pytest.mark.parametrize("key", [column.key for column in handovers(TODAY).columns if column.sortable])
@pytest.mark.parametrize("descending", [False, True])
def test_every_column_sorts(desk: Desk, key: str, descending: bool) -> None:
    for name in ("甲", "乙"):
        receive(desk, account(desk, name, start=date(2026, 11, 1)), goals="上线")
    assert len(listed(desk, sort=key, descending=descending)) == 2


def fill(path: Path, **answers: Any) -> Path:
    """What sales does: types into the columns, by their headings."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    for heading, text in answers.items():
        sheet.cell(2, places[heading]).value = text
    book.save(path)
    return path


ANSWERS = {
    "zh_CN": ("当天报工", "林总拍板", "三个月内开放接口", "预算紧", "季付", "A类"),
    "en": ("Daily reports", "Mr Lin", "API in March", "Budget", "Quarterly", "Tier A"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_sheet_for_sales_comes_back_and_fills_the_gaps(desk: Desk, tmp_path: Path, language: str) -> None:
    texts.install(language)
    made = account(desk, tier=None, start=date(2026, 12, 1), products="质检")
    handover = receive(desk, made, risks="")
    path = tmp_path / "sheet.xlsx"
    done = send_to_sales(desk, path, (handover,), Progress())
    assert done.value == 1
    assert read(desk, handover).state == Q
    assert len(read(desk, handover).open_questions) == 6
    (sheet,) = read_workbook(path).sheets
    answers = dict(zip(sheet.rows[0][4:], ANSWERS[language], strict=True))
    report = import_file(desk, fill(path, **answers))
    assert report.created["accounts"] == report.created["contracts"] == 0
    assert report.findings == ()
    found = read(desk, handover)
    assert (found.missing, found.completeness, found.open_questions) == ((), 100, ())
    assert found.tier == "A"
    desk.undo()
    assert len(read(desk, handover).missing) == 6
    desk.undo()
    assert (read(desk, handover).state, read(desk, handover).open_questions) == (R, ())


def test_the_sheet_shows_what_is_missing_and_asks(desk: Desk, tmp_path: Path) -> None:
    first = receive(desk, account(desk, "甲", start=date(2026, 12, 1), products="质检"), goals="上线", promises="接口")
    desk.do(change_point, ChangePoint(first, HandoverPoint.PROMISES, "接口", "由谁来做？"))
    second = receive(desk, account(desk, "=乙()"), **ALL)
    move(desk, second, B, "金额与合同不一致")
    path = tmp_path / "sheet.xlsx"
    send_to_sales(desk, path, (first, second), Progress())
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][2:4] == ["What is missing", "Our question"]
    assert len(rows[0]) == 8
    assert rows[1][:3] == ["甲", "HT-甲", "Stakeholders, Risks, Payment terms"]
    assert "Promises by sales: 由谁来做？" in rows[1][3]
    assert rows[1][4:] == [None, "接口", None, None]
    assert (rows[2][0], rows[2][3]) == ("=乙()", "Returned: 金额与合同不一致")
    assert sheet["A3"].data_type == "s"
    assert sheet["E2"].fill.fgColor.rgb == "FFFFF7DB"
    assert sheet["D2"].alignment.wrap_text
    assert sheet.column_dimensions["D"].width > 40
    assert read(desk, second).state == B


def test_asking_again_adds_no_second_question(desk: Desk) -> None:
    handover = receive(desk, account(desk), **ALL | {"risks": ""})
    assert desk.do(ask_sales, AskSales((handover,))).value == 1
    assert desk.do(ask_sales, AskSales((handover,))).value == 0
    (state,) = read(desk, handover).open_questions
    assert state.point == HandoverPoint.RISKS


def test_promises_become_tasks_that_know_their_handover(desk: Desk) -> None:
    handover = receive(desk, account(desk), promises="1.送账号 2.三月底前开放接口")
    assert read(desk, handover).without_task == ("送账号", "三月底前开放接口")
    wanted = (
        PromiseTask("送账号", "给客户开五个账号", date(2026, 12, 1), "林屿"),
        PromiseTask("三月底前开放接口", "三月底前开放接口", date(2027, 3, 31)),
    )
    made = desk.do(keep_promises, KeepPromises(handover, wanted)).value
    first, second = read(desk, handover).promises
    assert first.task is not None
    assert second.task is not None
    assert (first.task.id, first.task.text, first.task.owner) == (made[0], "给客户开五个账号", "林屿")
    assert (first.task.account, first.task.source_id) == ("澄岳精工", handover)
    desk.do(complete_tasks, Tasks((made[1],)))
    second = read(desk, handover).promises[1]
    assert second.task is not None
    assert second.task.state == TaskState.DONE
    desk.undo()
    desk.undo()
    assert read(desk, handover).without_task == ("送账号", "三月底前开放接口")
    desk.redo()
    desk.do(delete_tasks, Tasks((made[0],)))
    assert read(desk, handover).without_task == ("送账号",)
    with pytest.raises(Problems):
        desk.do(keep_promises, KeepPromises(handover, (PromiseTask("x", " ", None),)))


def test_a_file_of_sales_fills_what_was_asked(desk: Desk, take: Take) -> None:
    take(Sheet("客户", [HEADINGS, line(1, 销售承诺事项=None)]))
    with desk.read() as connection:
        (waiting,) = handovers_waiting(connection, TODAY)
    desk.do(ask_sales, AskSales((waiting.id,)))
    asked = {state.point for state in read(desk, waiting.id).open_questions}
    assert HandoverPoint.PROMISES in asked
    take(Sheet("客户", [HEADINGS, line(1)]))
    assert {state.point for state in read(desk, waiting.id).open_questions} == asked - {HandoverPoint.PROMISES}
