"""The same company under another spelling: inside a file, against the store, asked once and remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from csdesk.models.vocabulary import Confidence, Fate
from csdesk.services.accounts.duplicates import possible_duplicates
from csdesk.services.accounts.merging import MergeAccounts, merge_accounts
from csdesk.services.accounts.names import name_key
from csdesk.services.accounts.verdicts import ForgetVerdicts, forget_verdicts, verdict_rows
from csdesk.services.core.desk import Desk
from csdesk.services.handover.commands import ImportHandover, import_handover
from csdesk.services.handover.matching import NEW
from csdesk.services.handover.report import CompanyRead, ImportReport

from .conftest import Sheet

Take = Callable[..., ImportReport]
Wish = Callable[..., ImportHandover]
HEADS = ["客户名称", "税号", "城市", "联系人", "手机号", "邮箱"]
FIRST, OTHER, THIRD = "苏州云帆科技有限公司", "云帆科技（苏州）股份有限公司", "蓝海软件有限公司"


def sheet(*rows: tuple[Any, ...]) -> Sheet:
    return Sheet("s", [list(HEADS), *([*row, *([None] * (len(HEADS) - len(row)))] for row in rows)])


def fates(report: ImportReport) -> dict[str, Fate]:
    return {company.name: company.fate for company in report.companies}


def read(report: ImportReport, name: str) -> CompanyRead:
    return next(company for company in report.companies if company.name == name)


def names(desk: Desk) -> list[str]:
    with desk.read() as connection:
        return list(connection.scalars(text("SELECT name FROM accounts WHERE deleted_at IS NULL ORDER BY id")))


@pytest.fixture
def asks(wish: Wish) -> Callable[..., ImportHandover]:
    """The command as the window sends it."""
    return lambda *rows, **decisions: replace(wish(sheet(*rows)), asks=True, **decisions)


def test_two_rows_of_a_file_are_asked_about_with_their_evidence(desk: Desk, asks: Wish) -> None:
    wish = asks((FIRST, None, "苏州", "林晓", "13911112222"), (OTHER, None, "昆山"), (THIRD,))
    report = desk.rehearse(import_handover, wish)
    assert fates(report) == {FIRST: Fate.NEW, OTHER: Fate.UNDECIDED, THIRD: Fate.NEW}
    company = read(report, OTHER)
    (candidate,) = company.candidates
    assert (candidate.decision, candidate.name, candidate.account_id) == (
        f"={name_key(read(report, FIRST).name)}",
        FIRST,
        None,
    )
    assert candidate.confidence == Confidence.LIKELY
    assert [reason.sentence for reason in candidate.reasons] == [
        "The names differ only in the legal form or in where the place stands."
    ]
    assert candidate.facts == {"name": FIRST, "city": "苏州", "contact": "林晓 13911112222"}
    assert company.facts == {"name": OTHER, "city": "昆山"}
    assert company.candidate is None


def test_the_same_joins_the_rows_and_new_keeps_both(desk: Desk, asks: Wish) -> None:
    rows = ((FIRST, None, "苏州"), (OTHER, None, None, "林晓", "13911112222"))
    asking = asks(*rows)
    key, target = read(desk.rehearse(import_handover, asking), OTHER), ""
    target = key.candidates[0].decision
    same = desk.rehearse(import_handover, replace(asking, decisions={name_key(key.name): target}))
    assert fates(same) == {FIRST: Fate.NEW}
    assert (same.rows, same.created["accounts"], same.companies[0].contacts) == ({Fate.NEW: 2}, 1, 1)
    desk.do(import_handover, replace(asking, decisions={name_key(key.name): NEW}))
    assert names(desk) == [FIRST, OTHER]
    with desk.read() as connection:
        assert possible_duplicates(connection) == []


def test_the_answer_holds_for_other_spellings_and_later_files(desk: Desk, asks: Wish) -> None:
    asking = asks((FIRST,), (OTHER,))
    key = read(desk.rehearse(import_handover, asking), OTHER)
    desk.do(import_handover, replace(asking, decisions={name_key(key.name): key.candidates[0].decision}))
    assert names(desk) == [FIRST]
    later = desk.rehearse(import_handover, asks(("云帆科技 (苏州) 股份有限公司", None, "苏州")))
    assert (fates(later), later.companies[0].matched_by) == (
        {"云帆科技 (苏州) 股份有限公司": Fate.UPDATED}, "decision",
    )  # fmt: skip
    with desk.read() as connection:
        (row,) = verdict_rows(connection)
    assert (row.name, row.other_name, row.same) == (FIRST, OTHER, True)
    desk.do(forget_verdicts, ForgetVerdicts((row.id,)))
    assert fates(desk.rehearse(import_handover, asks((OTHER,)))) == {OTHER: Fate.UNDECIDED}


def test_different_is_remembered_against_the_store_and_asked_again_for_a_third(
    desk: Desk, take: Take, asks: Wish
) -> None:
    take(sheet((FIRST,)))
    asking = asks((OTHER,))
    key = name_key(read(desk.rehearse(import_handover, asking), OTHER).name)
    desk.do(import_handover, replace(asking, decisions={key: NEW}))
    third = "云帆科技苏州有限责任公司"
    open_one = read(desk.rehearse(import_handover, asks((third,))), third)
    assert open_one.fate == Fate.UNDECIDED
    assert [candidate.name for candidate in open_one.candidates] == [FIRST, OTHER]


def test_several_candidates_stand_in_the_order_of_their_evidence(desk: Desk, take: Take, asks: Wish) -> None:
    take(sheet(("杭州云帆科技有限公司",), (FIRST, None, None, "林晓", "13911112222", "lin@yunfan.cn"), ("云帆科技",)))
    company = desk.rehearse(import_handover, asks((OTHER, None, None, "王伟", None, "wang@yunfan.cn"))).companies[0]
    assert [(one.name, one.confidence.value, len(one.reasons)) for one in company.candidates] == [
        (FIRST, "likely", 2), ("云帆科技", "likely", 1), ("杭州云帆科技有限公司", "weak", 1),
    ]  # fmt: skip
    assert company.candidate is not None
    assert company.candidate[1] == FIRST


def test_a_hint_asks_nothing_and_warns_nobody(desk: Desk, take: Take, asks: Wish) -> None:
    take(sheet((FIRST,)))
    report = desk.rehearse(import_handover, asks(("杭州云帆科技有限公司",)))
    assert fates(report) == {"杭州云帆科技有限公司": Fate.NEW}
    assert [one.confidence for one in report.companies[0].candidates] == [Confidence.WEAK]
    assert report.findings == ()


def test_of_two_accounts_with_the_very_name_the_user_chooses(desk: Desk, take: Take, asks: Wish) -> None:
    from csdesk.services.accounts.commands import NewAccount, create_account
    from csdesk.services.accounts.rules import AccountFields

    ids = [desk.do(create_account, NewAccount(AccountFields(FIRST)), confirmed={"twin"}).value for _n in range(2)]
    report = take(sheet((FIRST, None, "苏州")))
    assert [finding.code for finding in report.findings] == ["several_accounts"]
    asking = asks((FIRST, None, "昆山"))
    company = desk.rehearse(import_handover, asking).companies[0]
    assert (company.fate, [one.account_id for one in company.candidates]) == (Fate.UNDECIDED, ids)
    done = desk.do(import_handover, replace(asking, decisions={name_key(company.name): str(ids[1])})).value
    assert done.companies[0].account_id == ids[1]


def test_one_tax_number_in_a_file_is_one_company(desk: Desk, take: Take) -> None:
    number = "91320594MA1X7K3T2P"
    report = take(
        sheet((FIRST, number, "苏州"), ("远航集团", f"{number} ", None, "林晓"), (THIRD, "91330100MA2ABCDE1X"))
    )
    assert names(desk) == [FIRST, THIRD]
    assert report.rows == {Fate.NEW: 3}
    assert take(sheet((FIRST, number), ("远航集团", number, None, "林晓"))).rows == {Fate.SAME: 2}


def test_without_a_window_what_looks_alike_comes_in_with_a_warning(desk: Desk, take: Take) -> None:
    report = take(sheet((FIRST,), (OTHER,), ("云帆科技",)))
    assert names(desk) == [FIRST, OTHER, "云帆科技"]
    assert [(finding.code, finding.cell, finding.value) for finding in report.findings] == [
        ("possible_duplicate", "A3", OTHER), ("possible_duplicate", "A4", "云帆科技"),
    ]  # fmt: skip


def test_a_merged_name_finds_the_account_that_stayed(desk: Desk, take: Take) -> None:
    take(sheet((FIRST,), (OTHER,)))
    with desk.read() as connection:
        ids = list(connection.scalars(text("SELECT id FROM accounts ORDER BY id")))
    desk.do(merge_accounts, MergeAccounts(ids[0], ids[1]))
    report = take(sheet((OTHER, None, "苏州")))
    assert (names(desk), report.rows) == ([FIRST], {Fate.UPDATED: 1})
    assert report.companies[0].account_id == ids[0]


def test_undoing_the_import_forgets_what_was_said_in_it(desk: Desk, asks: Wish) -> None:
    asking = asks((FIRST,), (OTHER,))
    key = read(desk.rehearse(import_handover, asking), OTHER)
    desk.do(import_handover, replace(asking, decisions={name_key(key.name): NEW}))
    desk.undo()
    with desk.read() as connection:
        assert verdict_rows(connection) == []
    assert fates(desk.rehearse(import_handover, asking))[OTHER] == Fate.UNDECIDED
