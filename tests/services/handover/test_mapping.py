from __future__ import annotations

import pytest

from csdesk.services.handover import headings
from csdesk.services.handover.headings import How
from csdesk.services.handover.layout import find_tables
from csdesk.services.handover.mapping import THRESHOLD, propose

from .conftest import HEADINGS, Sheet, flat


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("客户名称", "account.name"), ("*客户名称", "account.name"), ("客户名称（必填）", "account.name"), ("客户\n名称", "account.name"),
        ("公  司  名  称", "account.name"), ("客户名称 Customer Name", "account.name"), ("客户名称/Account", "account.name"),
        ("Account\n客户", "account.name"), ("合同额（万元）", "contract.amount"), ("合同金额(元)", "contract.amount"),
        ("ＥＭＡＩＬ", "contact.email"), ("contract_no", "contract.number"), ("companyName", "account.name"),
        ("Account1 Name", "account.name"), ("对接人/电话", "contact.person"), ("Total Contract Value ($)", "contract.amount"),
        ("服务到期日期：", "contract.end"), ("contact_phone", "contact.phone"),
    ],
)  # fmt: skip
def test_a_heading_is_known_however_it_is_dressed(heading: str, field: str) -> None:
    meaning = headings.meaning(heading)
    assert meaning is not None
    assert meaning.field == field


def test_a_heading_states_its_unit_and_currency() -> None:
    assert headings.unit_of("合同额（万元）") == 10_000
    assert headings.unit_of("合同额") == 1
    assert headings.currency_of("Amount (USD)") == "USD"
    assert headings.currency_of("HK$ 100") == "HKD"
    assert headings.currency_of("Amount") is None


def test_product_words_are_no_headings() -> None:
    assert headings.meaning("数据分析、CRM模块") is None


def proposals(*rows: list[object]) -> dict[str, str | None]:
    (table,) = find_tables([Sheet("s", [list(row) for row in rows])])
    return {match.heading: match.used for match in propose(table)}


def test_every_column_of_the_common_table_is_known() -> None:
    (table,) = find_tables([flat()])
    matches = propose(table)
    assert [match.heading for match in matches] == HEADINGS
    assert all(match.used and match.how is How.EXACT for match in matches)
    assert matches[0].samples[0] == "杭州第1纺织有限公司"


def test_a_misspelt_heading_is_found_by_likeness() -> None:
    assert proposals(["Account Name", "Industri", "City"], ["a", "b", "c"])["Industri"] == "account.industry"


def test_a_longer_heading_is_found_by_its_end() -> None:
    assert proposals(["客户名称", "年度框架合同编号"], ["甲", "x"])["年度框架合同编号"] == "contract.number"


def test_companies_are_told_by_content() -> None:
    found = proposals(["对方", "联系人", "手机"], *[[f"第{n}食品有限公司", "林一", "13800000000"] for n in range(4)])
    assert found["对方"] == "account.name"


def test_two_columns_never_claim_one_field_silently() -> None:
    (table,) = find_tables([Sheet("s", [["客户名称", "城市", "所在城市"], ["甲公司", "杭州", "苏州"]])])
    first, second = propose(table)[1:]
    assert first.used == "account.city"
    assert (second.used, second.rival, second.is_doubtful) == (None, "城市", True)


def test_a_second_phone_joins_the_first() -> None:
    (table,) = find_tables([Sheet("s", [["客户名称", "手机", "座机"], ["甲公司", "13800000000", "0571-88886666"]])])
    first, second = propose(table)[1:]
    assert (first.joined, second.joined, second.used) == (False, True, "contact.phone")


@pytest.mark.parametrize(
    ("heads", "whose"),
    [
        (["联系人1", "电话1", "联系人2", "电话2"], [0, 0, 1, 1]),
        (["联系人1", "联系人2", "电话1", "电话2"], [0, 1, 0, 1]),
        (["联系人", "手机", "对接人", "对接人电话"], [0, 0, 1, 1]),
        (["第一联系人", "对接人", "对接人电话", "职务"], [0, 1, 1, 1]),
    ],
)
def test_several_contacts_in_a_row_keep_what_is_theirs(heads: list[str], whose: list[int]) -> None:
    (table,) = find_tables([Sheet("s", [["客户名称", *heads], ["甲公司", *[None] * 4]])])
    matches = propose(table)[1:]
    assert [match.repeat for match in matches] == whose
    assert all(match.used for match in matches)


def test_a_heading_that_the_user_matched_in_another_file_is_known() -> None:
    (table,) = find_tables([Sheet("s", [["客户名称", "城市", "主攻方向", "备注"], ["甲公司", "杭州", "省人工", "x"]])])
    learnt = {" 主攻 方向": "handover.goals", "备注": "handover.risks"}
    goals, notes = propose(table, learnt=learnt)[2:]
    assert (goals.used, goals.how) == ("handover.goals", How.REMEMBERED)
    assert notes.used == "handover.notes"
    assert propose(table)[2].used is None


def test_two_days_under_the_heading_of_one_are_a_period() -> None:
    rows = [["甲公司", "2026.1.1-2026.12.31"], ["乙公司", "2026.2.1-2027.1.31"]]
    assert proposals(["客户名称", "合同开始日期"], *rows)["合同开始日期"] == "contract.period"


def test_names_with_phones_behind_them_are_both() -> None:
    assert proposals(["客户名称", "联系人"], ["甲公司", "林一 13800000000"])["联系人"] == "contact.person"


def test_what_is_not_imported_is_listed_with_samples() -> None:
    rows = [["甲", None], ["乙", "红"], ["丙", "蓝"], ["丁", "红"], ["戊", "绿"], ["己", "黄"]]
    (table,) = find_tables([Sheet("s", [["客户名称", "颜值"], *rows])])
    other = propose(table)[1]
    assert (other.field, other.samples) == (None, ("红", "蓝", "绿"))


def test_a_weak_proposal_is_shown_but_not_used() -> None:
    (table,) = find_tables(
        [Sheet("s", [["客户名称", "城市", "其它电话号"], *[["甲", "杭州", f"1380000000{n}"] for n in range(5)]])]
    )
    phone = propose(table)[2]
    assert phone.field == "contact.phone"
    assert (phone.confidence < THRESHOLD) == phone.is_doubtful


def test_the_user_outranks_every_guess_and_may_leave_out() -> None:
    (table,) = find_tables([flat()])
    matches = propose(table, {"备注": "handover.goals", "客户目标": None}, {"备注": None})
    by_heading = {match.heading: match.used for match in matches}
    assert by_heading["备注"] == "handover.goals"
    assert by_heading["客户目标"] is None


def test_a_remembered_mapping_outranks_the_tables() -> None:
    (table,) = find_tables([flat()])
    assert propose(table, None, {"备注": "handover.risks"})[-1].how is How.REMEMBERED


def test_a_bare_name_on_a_sheet_about_deals_is_no_account() -> None:
    assert proposals(["Name", "StageName", "Amount"], ["Deal of 5", "Won", 3])["Name"] is None


def test_the_fingerprint_ignores_order_and_dress() -> None:
    assert headings.fingerprint(["客户名称", "*手机 "]) == headings.fingerprint(["手机", "客户 名称"])
