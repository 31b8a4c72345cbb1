"""The review: policies, answers, what is remembered, and that the preview tells what the import does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.handover import Handover
from csdesk.models.vocabulary import Fate
from csdesk.services.accounts.names import name_key
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.core.progress import Progress
from csdesk.services.files.reading import read_pasted
from csdesk.services.files.workbook import Sheet as Page
from csdesk.services.files.workbook import Workbook
from csdesk.services.handover.commands import import_handover
from csdesk.services.handover.fields import INTO_NOTES
from csdesk.services.handover.queries import import_history, one_import
from csdesk.services.handover.recipe import Policy, Recipe, from_json
from csdesk.services.handover.report import ImportReport
from csdesk.services.handover.reviewing import (
    Answers,
    Review,
    answer,
    commit,
    open_file,
    open_review,
    read_again,
    replaced,
    review_of,
    sheets_read,
    words_of,
)

from .conftest import HEADINGS, Sheet, flat, line

Open = Callable[..., Review]


@pytest.fixture
def opened(desk: Desk, tmp_path: Path) -> Open:
    """The review of some sheets, read from nowhere."""

    def make(*sheets: Any, name: str = "a.xlsx", recipe: Recipe | None = None) -> Review:
        pages = tuple(Page(sheet.name, sheet.rows) for sheet in sheets)
        book = Workbook(tmp_path / name, "xlsx", pages, digest=repr([sheet.rows for sheet in sheets]))
        return open_review(desk, book.path, Progress(), recipe=recipe, workbook=book)

    return make


def said(desk: Desk, review: Review, **answers: Any) -> Review:
    return answer(desk, review, replace(review.answers, **answers), Progress())


def read_as(desk: Desk, review: Review, **ways: Any) -> Review:
    return said(desk, review, recipe=replace(review.answers.recipe, **ways))


def taken(desk: Desk, review: Review) -> ImportReport:
    return commit(desk, review, Progress()).value


def values(desk: Desk, column: Any) -> list[Any]:
    with desk.read() as connection:
        return list(connection.scalars(select(column).order_by(column)))


EDITED = Sheet("客户", [HEADINGS, line(1, 所在城市="宁波", 职务="经理", 购买产品="旗舰版"), line(2)])


@pytest.mark.parametrize(
    ("policy", "city", "fate"),
    [("update", "宁波", Fate.UPDATED), ("fill", "杭州", Fate.SAME), ("skip", "杭州", Fate.SKIPPED)],
)
def test_what_a_hit_does_is_said_once_and_remembered(
    desk: Desk, opened: Open, policy: str, city: str, fate: Fate
) -> None:
    taken(desk, opened(flat(2)))
    review = read_as(desk, opened(EDITED), policy=Policy(policy))
    assert review.report.rows == ({fate: 1, Fate.SAME: 1} if fate is not Fate.SAME else {Fate.SAME: 2})
    third = Sheet("客户", [*EDITED.rows, line(3)])
    review = read_as(desk, opened(third), policy=Policy(policy))
    taken(desk, review)
    assert city in values(desk, Account.city)
    assert opened(flat(2)).answers.recipe.policy is Policy(policy)


def test_an_empty_cell_never_overwrites_and_fill_fills_only_what_is_empty(desk: Desk, opened: Open) -> None:
    taken(desk, opened(Sheet("客户", [HEADINGS, line(1, 所在城市=None, 微信=None)])))
    review = read_as(desk, opened(Sheet("客户", [HEADINGS, line(1, 销售负责人="韩梅")])), policy=Policy.FILL)
    (company,) = review.report.companies
    assert [(change.field, change.new) for change in company.changes] == [
        ("account.city", "杭州"), ("contact.wechat", "wx_1"),
    ]  # fmt: skip
    taken(desk, review)
    assert values(desk, Account.sales_owner) == ["周晓"]


def test_each_hit_waits_where_the_user_wants_to_be_asked(desk: Desk, opened: Open) -> None:
    taken(desk, opened(flat(3)))
    sheet = Sheet("客户", [HEADINGS, *(line(n, 所在城市="宁波") for n in (1, 2)), line(3), line(4)])
    review = read_as(desk, opened(sheet), policy=Policy.ASK)
    assert review.report.rows == {Fate.UNDECIDED: 2, Fate.SAME: 1, Fate.NEW: 1}
    waiting = [company for company in review.report.companies if company.fate is Fate.UNDECIDED]
    assert [(change.field, change.old, change.new) for change in waiting[0].changes] == [
        ("account.city", "杭州", "宁波")
    ]
    keys = [name_key(company.name) for company in waiting]
    review = said(desk, review, hits={keys[0]: Policy.UPDATE, keys[1]: Policy.SKIP})
    assert review.report.rows == {Fate.UPDATED: 1, Fate.SKIPPED: 1, Fate.SAME: 1, Fate.NEW: 1}
    assert taken(desk, review).rows == review.report.rows
    assert values(desk, Account.city) == ["宁波", "杭州", "杭州", "杭州"]


def test_a_constant_fills_a_field_for_all_rows(desk: Desk, opened: Open) -> None:
    sheet = Sheet("客户", [["客户名称", "联系人"], ["甲有限公司", "林晓"], ["乙有限公司", None]])
    review = read_as(desk, opened(sheet), constants={"account.sales_owner": "张三", "contact.role": "财务"})
    taken(desk, review)
    assert values(desk, Account.sales_owner) == ["张三", "张三"]
    assert values(desk, Contact.role) == ["finance"]


def test_words_get_a_meaning_that_holds_for_later_files(desk: Desk, opened: Open) -> None:
    sheet = Sheet("客户", [HEADINGS, line(1, 客户等级="重中之重"), line(2, 客户等级="重中之重"), line(3)])
    review = opened(sheet)
    word = words_of(review)[0]
    assert (word.word, word.count, word.value) == ("重中之重", 2, "")
    review = read_as(desk, review, words={"account.tier": {word.word: "A"}})
    assert not [finding for finding in review.report.findings if finding.code == "unknown_tier"]
    taken(desk, review)
    other = opened(Sheet("别的", [["客户名称", "级别"], ["丁有限公司", "重中之重"]]), name="b.xlsx")
    assert words_of(other)[0].value == "A"


def test_the_order_of_days_is_asked_where_a_column_leaves_it_open(desk: Desk, opened: Open) -> None:
    sheet = Sheet("s", [["Customer name", "End date"], ["Alder Ltd", "03/05/2027"], ["Birch Ltd", "04/06/2027"]])
    review = opened(sheet)
    (asked,) = review.report.open_days
    assert (asked.heading, asked.samples) == ("End date", ("03/05/2027", "04/06/2027"))
    review = read_as(desk, review, day_orders={"End date": "day_first"})
    assert review.report.open_days == ()
    assert review.report.findings == ()


def test_another_heading_row_and_a_closed_sheet(desk: Desk, opened: Open) -> None:
    first = Sheet("客户", [["客户名称", "城市"], ["客户名称", "所属行业"], ["甲有限公司", "制造"]])
    review = read_as(desk, opened(first, Sheet("旧", [["客户名称"], ["乙有限公司"]])), header_rows={"客户": 2})
    assert review.report.sheets[0].header_row == 2
    assert review.report.sheets[0].mapping == {"客户名称": "account.name", "所属行业": "account.industry"}
    review = read_as(desk, review, closed_sheets=frozenset({"旧"}))
    assert [company.name for company in review.report.companies] == ["甲有限公司"]
    with pytest.raises(Problems):
        read_as(desk, review, closed_sheets=frozenset({"旧", "客户"}))


def test_several_columns_go_into_the_notes(desk: Desk, opened: Open) -> None:
    sheet = Sheet(
        "客户",
        [["客户名称", "备注", "渠道", "暗号"], ["甲有限公司", "急", "官网", "7"], ["乙有限公司", None, None, "8"]],
    )
    review = read_as(desk, opened(sheet), mapping={"渠道": INTO_NOTES, "暗号": INTO_NOTES})
    taken(desk, review)
    assert values(desk, Handover.notes) == ["急\n渠道: 官网\n暗号: 7", "暗号: 8"]
    assert taken(desk, opened(sheet)).rows == {Fate.SAME: 2}


def test_a_heading_matched_by_hand_is_proposed_in_every_later_file(desk: Desk, opened: Open) -> None:
    review = opened(Sheet("s", [["客户名称", "嗯嗯"], ["甲有限公司", "宁波"]]))
    taken(desk, read_as(desk, review, mapping={"嗯嗯": "account.city"}))
    other = opened(Sheet("t", [["联系人", "嗯嗯", "客户名称"], ["林晓", "温州", "乙有限公司"]]), name="b.xlsx")
    assert other.report.sheets[0].mapping["嗯嗯"] == "account.city"


def test_a_column_is_replaced_throughout_and_can_be_typed_back(desk: Desk, opened: Open) -> None:
    review = opened(flat(3))
    edits = replaced(review, "客户", 4, lambda text: "宁波" if text == "杭州" else None)
    assert sorted(edits) == [("客户", "E2"), ("客户", "E3"), ("客户", "E4")]
    taken(desk, said(desk, review, edits=edits))
    assert values(desk, Account.city) == ["宁波"] * 3


def test_a_text_file_is_read_again_in_another_encoding(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_bytes("客户名称,城市\n甲有限公司,杭州\n".encode("gb18030"))
    opened = open_file(desk, path, Progress())
    assert opened.answers.recipe.encoding == "gb18030"
    with pytest.raises(Problems):
        read_again(desk, opened, "utf-8", Progress())
    path.write_bytes(path.read_bytes().decode("gb18030").encode())
    again = read_again(desk, opened, "utf-8", Progress())
    assert review_of(desk, again, again.answers, Progress()).report.companies[0].name == "甲有限公司"
    assert [(sheet.name, sheet.rows, sheet.header_row) for sheet in sheets_read(again, again.answers.recipe)] == [
        ("b", 1, 1)
    ]


def test_a_pasted_table_is_read_like_a_file(desk: Desk) -> None:
    for text, html in (
        ("客户名称\t城市\n甲有限公司\t杭州\n", ""),
        ("x", "<table><tr><td>客户名称<td>城市<tr><td>甲有限公司<td>杭州</table>"),
    ):
        book = read_pasted(text, html)
        review = open_review(desk, book.path, Progress(), workbook=book)
        assert [company.name for company in review.report.companies] == ["甲有限公司"]
    with pytest.raises(Problems):
        read_pasted("  \n")


def test_an_import_keeps_what_is_needed_to_do_it_again(desk: Desk, opened: Open) -> None:
    review = read_as(
        desk,
        opened(Sheet("客户", [HEADINGS, line(1), line(2, **{"合同金额(元)": "待定"})])),
        constants={"account.owner": "Mo"},
    )
    report = taken(desk, review)
    with desk.read() as connection:
        details = one_import(connection, report.import_id or 0)
        assert details is not None
        (kept,) = details.refused
        assert kept.rows[0][19 - 1] == "待定"
        assert kept.headings == tuple(HEADINGS)
        assert details.recipe.constants == {"account.owner": "Mo"}
        ids = ACCOUNTS.ids(connection, Query(filters=(Filter("import", report.import_id or 0),)), desk.clock.today())
        assert tuple(ids) == details.account_ids
    again = opened(flat(1), recipe=details.recipe)
    assert again.answers.recipe.constants == {"account.owner": "Mo"}
    assert again.report.rows == {Fate.SAME: 1}


def test_a_recipe_comes_back_as_it_was_kept() -> None:
    recipe = Recipe(
        {"a": None},
        {"s": 3},
        frozenset({"x"}),
        {"account.owner": "Mo"},
        {"account.tier": {"x": "A"}},
        {"d": "day_first"},
    )
    assert from_json(recipe.as_json()) == recipe
    assert from_json({"policy": "odd", "unknown": 1}) == Recipe()


CELLS = st.none() | st.sampled_from(
    ["甲有限公司", "甲有限责任公司", "乙公司", "合计", "A", "2026-03-05", "13800000001", "12万", "x", "-", "a@b.example", "03/04/2027"]
) | st.integers(-5, 10**7)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=8, max_size=8), min_size=1, max_size=8)
SHOWN = ["客户名称", "客户等级", "联系人", "手机号", "合同编号", "服务开始日期", "服务到期日期", "合同金额(元)"]


def counts(report: ImportReport) -> Sequence[Any]:
    return (
        dict(report.rows), dict(report.created), dict(report.updated), dict(report.unchanged), report.findings,
        [(company.name, company.fate, company.changes) for company in report.companies], report.row_fates,
    )  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=ROWS, second=ROWS, policy=st.sampled_from(list(Policy)), data=st.data())
def test_the_preview_tells_what_the_import_does_and_twice_is_once(
    desk: Desk, opened: Open, first: Any, second: Any, policy: Policy, data: st.DataObject
) -> None:
    for rows in (first, second):
        sheet = Sheet("客户", [SHOWN, *rows])
        try:
            review = opened(sheet, recipe=Recipe(policy=policy))
        except Problems:
            continue
        assert review.report.read == len(review.report.row_fates)
        hits = {name_key(company.name): data.draw(st.sampled_from(list(Policy))) for company in review.report.companies}
        decisions = {
            name_key(company.name): data.draw(st.sampled_from(["new", str(company.candidate[0])]))
            for company in review.report.companies
            if company.candidate is not None
        }
        quick = said(desk, review, hits=hits, decisions=decisions)
        assert counts(quick.report) == counts(desk.rehearse(import_handover, quick.wish))
        done = taken(desk, quick)
        assert counts(done)[:4] == counts(quick.report)[:4]
        again = answer(
            desk, opened(sheet), Answers(recipe=Recipe(policy=policy), hits=hits, decisions=decisions), Progress()
        )
        repeated = taken(desk, again)
        assert not any(repeated.created.values())
        assert not any(repeated.updated.values())


def test_the_history_names_the_import(desk: Desk, opened: Open) -> None:
    taken(desk, opened(flat(2)))
    with desk.read() as connection:
        (row,) = import_history(connection)
    assert (row.file_name, row.counts["rows"]["new"]) == ("a.xlsx", 2)
