from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from csdesk.services.handover.gathering import gather
from csdesk.services.handover.layout import find_tables
from csdesk.services.handover.mapping import propose
from csdesk.services.handover.rules import Judged, judge, linked_names, worth_taking
from csdesk.services.handover.tables import Layout, column_letters

from .conftest import HEADINGS, Sheet, line

GROUPS = ["客户信息", *[None] * 5, "联系人信息", *[None] * 4, "合同信息", *[None] * 7, "解决方案", *[None] * 4]


def judged(*sheets: Sheet) -> list[Judged]:
    pairs = [(table, propose(table)) for table in find_tables(sheets)]
    links = linked_names(pairs)
    return [judge(table, matches, links) for table, matches in worth_taking(pairs)]


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


@pytest.mark.parametrize("row", [1, 2, 25, 61, 400])
def test_the_heading_stands_in_any_row(row: int) -> None:
    above: list[list[Any]] = [[f"第{n}条须知，请仔细阅读"] for n in range(row - 1)]
    (found,) = judged(Sheet("s", [*above, ["客户名称", "城市"], ["甲公司", "杭州"]]))
    assert (found.table.header_row, names(Sheet("s", [*above, ["客户名称", "城市"], ["甲公司", "杭州"]]))) == (
        row,
        ["甲公司"],
    )


def test_stamps_above_and_signatures_below() -> None:
    rows = [
        ["移交清单", None, None, "盖章处："], ["日期：2026-03-05", None, "编号：", "XS-001"], HEADINGS[:4], ["甲公司", "甲", "A", "制造"],
        ["备注：以上数据来自系统"], ["制表人：张三", None, "审核人：李四"], ["销售签字：", None, "日期："],
    ]  # fmt: skip
    assert names(Sheet("s", rows)) == ["甲公司"]


@pytest.mark.parametrize(
    "total",
    ["合计", "总 计", "小计（元）", "合计金额", "共2家", "共计 2 家客户", "TOTAL", "Grand Total:", "平均", "Average"],
)
def test_sums_and_averages_below_are_no_customers(total: str) -> None:
    rows = [["客户名称", "合同金额", "账号数"], ["甲公司", 100, 5], ["乙公司", 200, 5], [total, 300, 10]]
    assert names(Sheet("s", rows)) == ["甲公司", "乙公司"]


def test_companies_that_only_look_like_remarks_are_kept() -> None:
    rows = [
        ["客户名称", "城市"],
        ["共享科技", "杭州"],
        ["合计科技有限公司", "苏州"],
        ["注塑一厂", "宁波"],
        ["打印机厂", "上海"],
        ["说明书印刷", "嘉兴"],
    ]
    assert names(Sheet("s", rows)) == [row[0] for row in rows[1:]]


def test_three_levels_of_headings() -> None:
    rows = [
        ["客户资料", None, None, "合同资料", None, None, None], ["基本", None, "联系", "期限", None, "金额", None],
        ["名称", "城市", "电话", "开始", "结束", "合同", "已付"], ["甲公司", "杭州", "13800000000", "2026-1-1", "2026-12-31", 100, 50],
    ]  # fmt: skip
    merged = [(0, 0, 0, 2), (0, 3, 0, 6), (1, 0, 1, 1), (1, 3, 1, 4), (1, 5, 1, 6)]
    (found,) = judged(Sheet("s", rows, merged))
    assert found.entries[0] is not None
    assert {"contract.amount", "contract.paid", "contract.start", "contract.end"} <= found.entries[0].keys()


@pytest.mark.parametrize("merged", [[], [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)]])
def test_two_contacts_under_headings_of_two_levels(merged: list[tuple[int, int, int, int]]) -> None:
    rows = [
        ["客户名称", "第一联系人", None, "第二联系人", None], [None, "姓名", "电话", "姓名", "电话"],
        ["甲公司", "林一", "13800000000", "林二", "13900000000"], ["乙公司", None, None, "林三", None],
    ]  # fmt: skip
    first, second = gather(judged(Sheet("s", rows, merged))).companies.values()
    assert [part.values for part in first.contacts.values()] == [
        {"name": "林一", "phone": "13800000000"}, {"name": "林二", "phone": "13900000000"},
    ]  # fmt: skip
    assert [part.values for part in second.contacts.values()] == [{"name": "林三"}]


def test_required_marks_units_line_breaks_and_two_languages_in_headings() -> None:
    heads = ["*客户名称", "城市（必填）", "【必填】联系人", "手机号*", "合同金额\n(万元)", "账号数（个）", "签约日期 Signed Date", "服务到期日\nEnd Date", "客户等级(A/B/C)", "Industry 行业", "联系人邮箱/Email"]  # fmt: skip
    row = ["甲公司", "杭州", "林一", "13800000000", 1.5, "50个", "2026/3/5", "2027/3/4", "A类", "制造", "a@example.cn"]
    (found,) = judged(Sheet("s", [heads, row]))
    assert found.entries[0] is not None
    assert len(found.entries[0]) == len(heads)
    assert found.entries[0]["contract.amount"] == 15000


def test_a_cover_and_a_table_of_contents_hold_no_customers() -> None:
    cover = Sheet("封面", [["客户移交表"], ["编制单位", "销售部"], ["版本", "V1.0"], ["日期", date(2026, 3, 5)]])
    contents = Sheet("目录", [["序号", "名称", "说明"], [1, "客户", "客户清单"], [2, "合同", "合同清单"]])
    assert names(cover, contents, Sheet("客户", [["客户名称", "城市"], ["甲公司", "杭州"]])) == ["甲公司"]


def test_sheets_joined_by_short_name_and_by_contract() -> None:
    accounts = Sheet("客户", [["客户名称", "客户简称", "合同编号"], ["甲科技有限公司", "甲科技", "H1"]])
    people = Sheet("联系人", [["客户名称", "联系人"], ["甲科技", "林一"]])
    more = Sheet("对接", [["客户简称", "联系人"], ["甲科技", "林二"]])
    money = Sheet("回款", [["合同编号", "已回款金额"], ["H1", 50]])
    solution = Sheet("方案", [["合同编号", "客户目标"], ["H1", "上线"]])
    (company,) = gather(judged(accounts, people, more, money, solution)).companies.values()
    assert [part.values["name"] for part in company.contacts.values()] == ["林一", "林二"]
    assert [part.values["paid"] for part in company.contracts.values()] == [50]
    assert company.handover is not None
    assert company.handover.values == {"goals": "上线"}


def test_a_number_that_joins_two_customers_joins_none() -> None:
    accounts = Sheet("客户", [["客户编号", "客户名称"], ["K1", "甲公司"], ["K1", "乙公司"]])
    people = Sheet("联系人", [["客户编号", "联系人"], ["K1", "林一"]])
    found = judged(accounts, people)
    assert [finding.code for judgement in found for finding in judgement.findings] == ["missing_name"]


def test_forms_and_tables_beside_each_other() -> None:
    forms = [
        ["客户名称", "甲公司", None, "客户名称", "乙公司"], ["城市", "杭州", None, "城市", "苏州"], ["联系人", "林一", None, "联系人", "林二"],
    ]  # fmt: skip
    first, second = judged(Sheet("s", forms))
    assert (first.place(0, "account.city"), second.place(0, "account.city")) == ("B2", "E2")
    assert names(Sheet("s", forms)) == ["甲公司", "乙公司"]
    tables = [
        ["客户名称", "城市", None, "客户名称", "城市"],
        ["甲公司", "杭州", None, "丙公司", "北京"],
        ["乙公司", "苏州"],
    ]
    assert names(Sheet("s", tables)) == ["甲公司", "乙公司", "丙公司"]


def test_a_form_in_parts_with_a_table_of_contacts_in_the_middle() -> None:
    rows = [
        ["客户移交表"], ["一、基本信息"], ["客户全称：", None, "甲公司", None, "所在城市：", "杭州"], ["二、联系人"], ["姓名", "职务", "电话"],
        ["林一", "经理", "13800000000"], ["林二", "总监", "13900000000"], ["三、合同信息"], ["合同编号：", None, "H1", None, "合同金额：", "12万元"],
        ["服务期限：", None, "2026-01-01 至 2026-12-31"], ["四、交接内容"], ["客户目标：", None, "全员上线"], ["移交人签字：", "", "接收人签字：", ""],
    ]  # fmt: skip
    (company,) = gather(judged(Sheet("s", rows))).companies.values()
    assert [part.values["name"] for part in company.contacts.values()] == ["林一", "林二"]
    assert [part.values["amount"] for part in company.contracts.values()] == [120000]


def test_several_labels_with_their_values_in_one_cell() -> None:
    rows = [
        ["客户名称：甲公司"],
        ["城市：杭州    联系人：林一；手机：13800000000"],
        ["合同金额：12万元"],
        ["客户目标：上线"],
    ]
    (company,) = gather(judged(Sheet("s", rows))).companies.values()
    assert company.account.values == {"name": "甲公司", "city": "杭州"}
    assert [part.values for part in company.contacts.values()] == [{"name": "林一", "phone": "13800000000"}]


def test_a_label_above_a_table_names_its_customer() -> None:
    rows = [
        ["客户名称：", "甲公司"],
        [],
        ["联系人", "职务", "手机"],
        ["林一", "经理", "13800000000"],
        ["林二", "总监", "13900000000"],
    ]
    (company,) = gather(judged(Sheet("s", rows))).companies.values()
    assert len(company.contacts) == 2


def test_transposed_with_groups_beside_the_labels_and_gaps() -> None:
    rows = [
        ["客户信息汇总"], ["基本信息", "客户名称", "甲公司", "乙公司"], [None, "城市", "杭州", None], ["联系人", "姓名", "林一", "林二"],
        [None, "电话", "13800000000", "13900000000"], ["合同", "编号", "H1", "H2"], [None, "金额(万元)", 3, 4],
    ]  # fmt: skip
    (found,) = judged(Sheet("s", rows))
    assert found.table.layout is Layout.TRANSPOSED
    first, second = gather([found]).companies.values()
    assert [part.values["amount"] for part in second.contracts.values()] == [40000]
    assert [part.values["phone"] for part in first.contacts.values()] == ["13800000000"]


def test_transposed_below_a_row_that_numbers_the_customers() -> None:
    rows = [
        ["项目", "客户1", "客户2"],
        ["客户名称", "甲公司", "乙公司"],
        ["所在城市", "杭州", "苏州"],
        ["联系人", "林一", "林二"],
        ["备注", None, "老客户"],
    ]
    assert names(Sheet("s", rows)) == ["甲公司", "乙公司"]


def test_parts_of_a_table_under_titles_of_their_own() -> None:
    rows = [
        ["A类客户"], ["客户名称", "城市", "联系人"], ["甲公司", "杭州", "林一"], ["合计", 1], [], ["B类客户"], ["客户名称", "城市", "联系人"],
        ["乙公司", "苏州", "林二"],
    ]  # fmt: skip
    assert names(Sheet("s", rows)) == ["甲公司", "乙公司"]


def test_a_small_table_above_a_large_one_is_read_too() -> None:
    small = [["客户名称", "城市", "销售负责人"], ["甲公司", "杭州", "周晓"], []]
    assert names(Sheet("s", [*small, HEADINGS, line(1), line(2)])) == [
        "甲公司",
        "杭州第1纺织有限公司",
        "杭州第2纺织有限公司",
    ]


def test_one_row_per_contract_with_and_without_merged_cells() -> None:
    rows = [
        ["客户名称", "城市", "联系人", "合同编号", "合同金额"],
        ["甲公司", "杭州", "林一", "H1", 100],
        [None, None, None, "H2", 200],
    ]
    for merged in ([], [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2)]):
        (company,) = gather(judged(Sheet("s", rows, merged))).companies.values()
        assert (list(company.contracts), len(company.contacts)) == (["h1", "h2"], 1)


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
