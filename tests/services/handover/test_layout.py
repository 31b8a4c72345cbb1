from __future__ import annotations

from datetime import date
from typing import Any

from csdesk.services.handover.gathering import gather
from csdesk.services.handover.layout import find_tables
from csdesk.services.handover.mapping import propose
from csdesk.services.handover.rules import Judged, judge, names_by_code
from csdesk.services.handover.tables import Layout, column_letters

from .conftest import HEADINGS, Sheet, line

GROUPS = ["客户信息", *[None] * 5, "联系人信息", *[None] * 4, "合同信息", *[None] * 7, "解决方案", *[None] * 4]


def judged(*sheets: Sheet) -> list[Judged]:
    pairs = [(table, propose(table)) for table in find_tables(sheets)]
    codes = names_by_code(pairs)
    return [judge(table, matches, codes) for table, matches in pairs]


def names(*sheets: Sheet) -> list[str]:
    return [company.account.values["name"] for company in gather(judged(*sheets)).companies.values()]


def test_letters_of_columns() -> None:
    assert [column_letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_titles_above_groups_and_totals_below() -> None:
    sheet = Sheet(
        "清单",
        [
            ["2026年第三季度移交清单"], ["制表部门：销售二部", None, "制表日期：2026-10-08"], GROUPS, HEADINGS, line(1), line(2),
            ["合计", *[None] * 16, 240000], [], ["说明：1. 请三日内确认。"], ["2. 有疑问请联系运营。"],
        ],
        [(0, 0, 0, 23), (2, 0, 2, 5)],
    )  # fmt: skip
    (found,) = judged(sheet)
    assert found.table.header_row == 4
    assert [fate for fate in found.fates if fate] == ["skipped"] * 3
    assert len(names(sheet)) == 2


def test_the_upper_level_tells_what_a_bare_heading_means() -> None:
    sheet = Sheet(
        "s",
        [["客户", None, "联系人", None, "合同", None], ["名称", "城市", "姓名", "电话", "编号", "金额"],
         ["甲公司", "杭州", "林一", "13800000000", "H1", 5]],
        [(0, 0, 0, 1), (0, 2, 0, 3), (0, 4, 0, 5)],
    )  # fmt: skip
    (found,) = judged(sheet)
    assert found.entries[0] is not None
    assert set(found.entries[0]) == {
        "account.name", "account.city", "contact.name", "contact.phone", "contract.number", "contract.amount",
    }  # fmt: skip


def test_instructions_and_codes_below_the_heading_are_left_out() -> None:
    told = ["必填", *["选填"] * 23]
    codes = ["name", "short_name", *[f"field_{n}" for n in range(22)]]
    assert names(Sheet("s", [HEADINGS, told, codes, line(1)])) == ["杭州第1纺织有限公司"]


def test_merged_cells_are_filled_down_over_the_contacts() -> None:
    second = line(1, 联系人="林二", 手机号="13900000001", 邮箱=None, 微信=None)
    second[:6] = [None] * 6
    second[11:] = [None] * 13
    rows = [HEADINGS, line(1), second]
    merged = [(1, column, 2, column) for column in [*range(6), *range(11, 24)]]
    gathered = gather(judged(Sheet("s", rows, merged)))
    (company,) = gathered.companies.values()
    assert [part.values["name"] for part in company.contacts.values()] == ["林1", "林二"]
    assert len(company.contracts) == 1


def test_rows_without_a_name_below_a_customer_belong_to_it() -> None:
    rows = [
        ["客户名称", "城市", "联系人", "手机"],
        ["甲公司", "杭州", "林一", "13800000000"],
        [None, None, "林二", "13900000000"],
    ]
    (company,) = gather(judged(Sheet("s", rows))).companies.values()
    assert len(company.contacts) == 2


def test_a_giant_merge_is_filled_no_further_than_the_values() -> None:
    assert names(Sheet("s", [HEADINGS, line(1)], [(1, 0, 1_048_575, 16_383)])) == ["杭州第1纺织有限公司"]


def test_sheets_joined_by_name_and_by_number() -> None:
    accounts = Sheet("客户", [["客户编号", "客户名称", "城市"], ["K1", "甲公司", "杭州"], ["K2", "乙公司", "苏州"]])
    people = Sheet(
        "联系人", [["客户编号", "联系人", "手机"], ["K2", "林一", "13800000000"], ["K9", "林二", "13900000000"]]
    )
    contracts = Sheet("合同", [["客户名称", "合同编号", "合同金额"], ["甲公司", "H1", 100]])
    found = judged(accounts, people, contracts)
    assert {judgement.table.layout for judgement in found} == {Layout.LINKED}
    companies = gather(found).companies
    assert [len(company.contacts) for company in companies.values()] == [0, 1]
    assert [finding.code for judgement in found for finding in judgement.findings] == ["missing_name"]


def test_one_form_a_sheet_and_several_below_each_other() -> None:
    def form(name: str) -> list[list[Any]]:
        return [
            ["客户交接单"], ["客户名称", name, "客户等级", "B"], ["联系人", "林一", "手机号", "13800000000"],
            ["合同编号", "H" + name, "合同金额(元)", 54000], ["服务开始日期", date(2026, 1, 1), "服务到期日期", date(2026, 12, 31)],
            ["购买产品", "数据分析、CRM模块", "账号数", 100], ["客户目标", "上线"], ["交接人签字：", None, "接收人签字："],
        ]  # fmt: skip

    (single,) = judged(Sheet("一", form("甲公司")))
    assert single.table.layout is Layout.FORM
    assert single.place(0, "contract.amount") == "D4"
    assert single.entries[0] is not None
    assert single.entries[0]["contract.seats"] == 100
    assert names(Sheet("多", [*form("甲公司"), [], *form("乙公司")])) == ["甲公司", "乙公司"]


def test_a_form_with_a_small_table_of_contacts() -> None:
    rows = [
        ["客户名称：甲公司"], ["所属行业", "制造"], ["联系人", "职务", "手机"], ["林一", "经理", "13800000000"],
        ["林二", "总监", "13900000000"], ["客户目标", "上线"],
    ]  # fmt: skip
    (company,) = gather(judged(Sheet("s", rows))).companies.values()
    assert [part.values["title"] for part in company.contacts.values()] == ["经理", "总监"]
    assert company.handover is not None
    assert company.handover.values == {"goals": "上线"}


def test_transposed() -> None:
    rows = [
        ["客户名称", "甲公司", "乙公司"],
        ["城市", "杭州", "苏州"],
        ["联系人", "林一", "林二"],
        ["合同金额", "3万", "x"],
    ]
    (found,) = judged(Sheet("s", rows))
    assert found.table.layout is Layout.TRANSPOSED
    (finding,) = found.findings
    assert (finding.cell, finding.row, finding.column) == ("C4", 4, "合同金额")
    assert names(Sheet("s", rows)) == ["甲公司"]


def test_several_tables_on_one_sheet() -> None:
    rows = [
        ["客户名称", "城市", "销售负责人"], ["甲公司", "杭州", "周晓"], ["乙公司", "苏州", "韩梅"], [],
        ["客户名称", "合同编号", "合同金额"], ["甲公司", "H1", 100],
    ]  # fmt: skip
    tables = find_tables([Sheet("s", rows)])
    assert [(table.header_row, table.numbers) for table in tables] == [(1, [2, 3]), (5, [6])]


def test_a_sheet_without_headings_is_no_table() -> None:
    assert (
        find_tables([Sheet("s", [[1, "AW001", "A Bike Store"], [2, "AW002", "Progressive Sports"]]), Sheet("t", [])])
        == []
    )


def test_values_that_look_like_headings_do_not_make_a_form() -> None:
    rows = [
        ["商品名称", "销售数量", "销售日期", "客户名称"],
        *[["手机", 5, date(2026, 1, 1), f"张{n}"] for n in range(6)],
    ]
    assert len(names(Sheet("s", rows))) == 6
