from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import Fate
from csdesk.services.accounts.names import core_key, name_key
from csdesk.services.core.errors import Severity
from csdesk.services.handover.days import Order
from csdesk.services.handover.fields import FIELDS
from csdesk.services.handover.findings import Judged
from csdesk.services.handover.layout import find_tables
from csdesk.services.handover.mapping import propose
from csdesk.services.handover.recipe import Recipe
from csdesk.services.handover.rules import AS_IT_STANDS, Choice, choices, judge, parse

from .conftest import HEADINGS, Sheet, line
from .test_values import CELLS

HARD = [
    ("客户名称", None, "missing_name"), ("服务到期日期", date(2025, 1, 1), "end_before_start"),
    ("服务到期日期", "2026-13-45", "bad_date"), ("合同金额(元)", -5000, "negative_amount"),
    ("合同金额(元)", "待定", "text_amount"), ("账号数", -3, "negative_seats"),
]  # fmt: skip
SOFT = [("邮箱", "not-an-email", "bad_email"), ("手机号", "12345", "bad_phone"), ("客户等级", "Z", "unknown_tier")]


@pytest.mark.parametrize(("heading", "cell", "code"), HARD)
def test_an_error_keeps_the_row_out_and_names_the_cell(heading: str, cell: Any, code: str) -> None:
    (table,) = find_tables([Sheet("客户", [HEADINGS, line(1), line(2, **{heading: cell})])])
    judged = judge(table, propose(table))
    (finding,) = judged.findings
    assert (finding.code, finding.column, finding.row, finding.severity) == (code, heading, 3, Severity.ERROR)
    assert judged.fates == [None, Fate.REFUSED]
    assert judged.entries[1] is None


@pytest.mark.parametrize(("heading", "cell", "code"), SOFT)
def test_a_warning_leaves_one_value_empty(heading: str, cell: Any, code: str) -> None:
    (table,) = find_tables([Sheet("客户", [HEADINGS, line(1, **{heading: cell})])])
    judged = judge(table, propose(table))
    (finding,) = judged.findings
    assert (finding.code, finding.severity, finding.value) == (code, Severity.WARNING, cell)
    entry = judged.entries[0]
    assert entry is not None
    assert len(entry) == len(HEADINGS) - 2


def test_us_dates_are_told_by_the_neighbours() -> None:
    rows = [
        ["客户名称", "签约日期", "开始日期"],
        ["甲", "10/26/2025", "01/07/2026"],
        ["乙", "12/27/2025", "02/03/2026"],
    ]
    (table,) = find_tables([Sheet("s", rows)])
    judged = judge(table, propose(table))
    assert [entry and entry["contract.start"] for entry in judged.entries] == [date(2026, 1, 7), date(2026, 2, 3)]


def test_dates_that_stay_open_are_empty_and_said() -> None:
    (table,) = find_tables([Sheet("s", [["客户名称", "签约日期"], ["甲", "03/04/2026"]])])
    judged = judge(table, propose(table))
    assert judged.entries == [{"account.name": "甲"}]
    assert [finding.code for finding in judged.findings] == ["ambiguous_date"]


def test_ten_thousands_are_doubted_where_they_cannot_be_meant() -> None:
    (table,) = find_tables([Sheet("s", [["客户名称", "合同额（万元）"], ["甲", 26], ["乙", 260000]])])
    judged = judge(table, propose(table))
    (finding,) = judged.findings
    assert (finding.code, finding.suggestion, finding.cell) == ("unit_doubt", "260000", "B3")


def test_a_dollar_in_the_cell_names_the_currency() -> None:
    (table,) = find_tables([Sheet("s", [["Account", "Amount"], ["Alder Ltd", "$141,000.00"]])])
    entry = judge(table, propose(table)).entries[0]
    assert entry is not None
    assert entry["contract.currency"] == "USD"


def test_rows_left_out_by_the_user_are_skipped() -> None:
    (table,) = find_tables([Sheet("客户", [HEADINGS, line(1), line(2)])])
    assert judge(table, propose(table), {}, frozenset({("客户", 3)})).fates == [None, Fate.SKIPPED]


def test_names_are_compared_without_width_case_and_spaces() -> None:
    assert name_key("ＡＢＣ（杭州） 有限公司") == name_key("abc(杭州)有限公司")
    assert core_key("杭州千寻有限公司") == core_key("杭州千寻有限责任公司") == core_key("杭州千寻集团")
    assert core_key("杭州千寻有限公司") != core_key("苏州千寻有限公司")


def test_first_and_last_names_become_one() -> None:
    entry, problems = parse({"account.name": "A", "contact.first_name": "Ana", "contact.last_name": "Torres"})
    assert entry is not None
    assert entry["contact.name"] == ("Ana Torres",)
    assert problems == ()


@given(draft=st.dictionaries(st.sampled_from(sorted(FIELDS)), CELLS))
def test_any_draft_parses_or_gives_problems(draft: dict[str, Any]) -> None:
    entry, problems = parse(draft, dict.fromkeys(draft, "A1"))
    assert (entry is None) == any(problem.severity is Severity.ERROR for problem in problems)


@given(rows=st.lists(st.lists(CELLS, max_size=8), max_size=12))
def test_any_table_is_judged_row_by_row(rows: list[list[Any]]) -> None:
    heading = ["客户名称", "手机", "邮箱", "合同金额", "账号数", "开始日期", "到期日期", "等级"]
    for table in find_tables([Sheet("s", [heading, *rows])]):
        judged = judge(table, propose(table))
        assert len(judged.fates) == len(judged.entries) == len(table.rows)
        assert all(
            (entry is None) == (fate is not None) for entry, fate in zip(judged.entries, judged.fates, strict=True)
        )


def columns(*rows: list[Any], recipe: Recipe = AS_IT_STANDS) -> Judged:
    """One table judged as the user said."""
    (table,) = find_tables([Sheet("s", [list(row) for row in rows])])
    return judge(table, propose(table), recipe=recipe)


def test_an_order_of_days_that_stays_open_is_asked_and_answered() -> None:
    rows = [["客户名称", "签约日期"], ["甲公司", "03/04/2026"], ["乙公司", "05/06/2026"]]
    found = columns(*rows)
    assert found.orders == {"签约日期": Order.OPEN}
    assert [finding.code for finding in found.findings] == ["ambiguous_date"] * 2
    answered = columns(*rows, recipe=Recipe(day_orders={"签约日期": Order.DAY_FIRST}))
    assert answered.orders == {"签约日期": Order.DAY_FIRST}
    assert [entry["contract.signed"] for entry in answered.entries if entry] == [date(2026, 4, 3), date(2026, 6, 5)]


def test_one_column_of_days_answers_for_another() -> None:
    found = columns(["客户名称", "签约日期", "到期日"], ["甲公司", "03/04/2026", "31/03/2027"])
    assert found.orders == {"签约日期": Order.DAY_FIRST, "到期日": Order.DAY_FIRST}
    assert found.entries[0] is not None
    assert found.entries[0]["contract.signed"] == date(2026, 4, 3)


def test_wordings_of_a_tier_are_counted_and_mapped() -> None:
    rows = [["客户名称", "客户等级"], ["甲", "鲸鱼"], ["乙", "鲸鱼"], ["丙", "虾米"], ["丁", "B"], ["戊", None]]
    (table,) = find_tables([Sheet("s", rows)])
    match = propose(table)[1]
    assert choices(table, match) == [Choice("鲸鱼", 2, None), Choice("虾米", 1, None), Choice("B", 1, "B")]
    recipe = Recipe(words={"account.tier": {"鲸鱼": "A", "虾米": "", "B": "C"}})
    assert [choice.meaning for choice in choices(table, match, recipe)] == ["A", None, "C"]
    found = columns(*rows, recipe=recipe)
    assert [entry.get("account.tier") for entry in found.entries if entry] == ["A", "A", None, "C", None]
    assert found.findings == []
    assert choices(table, propose(table)[0]) == []


def test_a_term_and_a_start_give_the_end() -> None:
    found = columns(
        ["客户名称", "开始日期", "服务期限"], ["甲公司", date(2026, 3, 1), "一年"], ["乙公司", date(2026, 3, 1), "很久"]
    )
    assert found.entries[0] is not None
    assert found.entries[0]["contract.end"] == date(2027, 2, 28)
    assert [(finding.code, finding.cell) for finding in found.findings] == [("bad_period", "C3")]
    numbered = columns(["客户名称", "开始日期", "合同年限(年)"], ["甲公司", date(2026, 3, 1), 2])
    assert numbered.entries[0] is not None
    assert numbered.entries[0]["contract.end"] == date(2028, 2, 29)


def test_a_doubtful_amount_offers_what_may_be_meant() -> None:
    (finding,) = columns(["客户名称", "合同金额"], ["甲公司", "约12万"]).findings
    assert (finding.code, finding.severity, finding.suggestion) == ("amount_doubt", Severity.WARNING, "120000.00")


def test_phones_and_remarks_in_two_columns_come_together() -> None:
    found = columns(
        ["客户名称", "手机", "座机", "备注", "说明"], ["甲公司", "13800000000", "0571-88886666", "急", "老客户"]
    )
    (entry,) = found.entries
    assert entry is not None
    assert entry["contact.phone"] == ("13800000000", "0571-88886666")
    assert entry["handover.notes"] == "急\n老客户"
