from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover
from csdesk.models.receivables import Payment, Receivable
from csdesk.models.vocabulary import Fate
from csdesk.services.accounts.commands import ChangeMany, change_accounts
from csdesk.services.accounts.standing import refresh_standing
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Cancelled, Problems
from csdesk.services.core.progress import Progress
from csdesk.services.handover.commands import ImportHandover, import_handover
from csdesk.services.handover.importing import with_mapping
from csdesk.services.handover.matching import NEW
from csdesk.services.handover.queries import import_history, one_import, remembered_mappings
from csdesk.services.handover.report import ImportReport, as_json
from csdesk.services.handover.undoing import undo_import
from csdesk.services.receivables.standing import refresh_paid

from .conftest import HEADINGS, Sheet, flat, line

Take = Callable[..., ImportReport]
Wish = Callable[..., ImportHandover]
TABLES = ("accounts", "contacts", "contracts", "contract_lines", "receivables", "payments", "handovers")


def alive(desk: Desk) -> dict[str, int]:
    with desk.read() as connection:
        return {
            table: connection.scalar(text(f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL")) or 0
            for table in TABLES
        }


def one(desk: Desk, model: type[Any]) -> Any:
    with desk.read() as connection:
        return connection.execute(select(model.__table__).where(model.deleted_at.is_(None))).one()


def test_a_row_becomes_an_account_with_all_that_belongs_to_it(desk: Desk, take: Take) -> None:
    report = take(flat(1))
    assert report.rows == {Fate.NEW: 1}
    assert report.created == {"accounts": 1, "contacts": 1, "contracts": 1}
    account, contract, contract_line = one(desk, Account), one(desk, Contract), one(desk, ContractLine)
    assert (account.name, account.tier, account.service_mode) == ("杭州第1纺织有限公司", "B", "standard")
    assert (contract.start_on, contract.end_on, contract.amount) == (
        date(2026, 3, 5),
        date(2027, 3, 4),
        Decimal(120000),
    )
    assert (contract_line.products, contract_line.seats, contract_line.arr_cents) == ("基础版、CRM模块", 50, 12_000_000)
    receivable, payment, handover = one(desk, Receivable), one(desk, Payment), one(desk, Handover)
    assert (receivable.due_on, receivable.amount) == (None, Decimal(120000))
    assert (payment.paid_on, payment.amount, payment.receivable_id) == (None, Decimal(60000), receivable.id)
    assert (handover.state, handover.goals, handover.source_row) == ("received", "上线", "客户!2")
    assert handover.import_id == import_history_ids(desk)[0]


def import_history_ids(desk: Desk) -> list[int]:
    with desk.read() as connection:
        return [row.id for row in import_history(connection)]


def test_the_same_file_again_changes_nothing(desk: Desk, take: Take) -> None:
    take(flat(4))
    before = alive(desk)
    report = take(flat(4))
    assert report.rows == {Fate.SAME: 4}
    assert report.unchanged == {"accounts": 4, "contacts": 4, "contracts": 4}
    assert report.seen_before
    assert alive(desk) == before
    assert len(import_history_ids(desk)) == 1


def test_filled_cells_update_and_empty_ones_do_not(desk: Desk, take: Take) -> None:
    take(flat(2))
    report = take(
        Sheet("客户", [HEADINGS, line(1, 账号数=80, 所在城市=None, 销售负责人="韩梅"), line(2)]),
    )
    assert (report.rows, report.updated["accounts"], report.updated["contracts"]) == (
        {Fate.UPDATED: 1, Fate.SAME: 1},
        1,
        1,
    )
    (company, _same) = report.companies
    assert [(change.field, change.cell, change.old, change.new) for change in company.changes] == [
        ("account.sales_owner", "F2", "周晓", "韩梅"), ("contract.seats", "N2", 50, 80),
    ]  # fmt: skip
    with desk.read() as connection:
        assert connection.scalar(select(Account.city).where(Account.name.contains("第1"))) == "杭州"


def test_a_new_amount_moves_line_and_instalment_and_the_opening_payment(desk: Desk, take: Take) -> None:
    take(flat(1))
    take(Sheet("客户", [HEADINGS, line(1, **{"合同金额(元)": 240000, "已回款(元)": 90000})]))
    assert one(desk, ContractLine).arr_cents == 24_000_000
    assert one(desk, Receivable).amount == Decimal(240000)
    assert one(desk, Payment).amount == Decimal(90000)


def test_the_preview_counts_what_the_import_does_and_stores_nothing(desk: Desk, wish: Wish) -> None:
    sheets = Sheet("客户", [HEADINGS, line(1), line(2, 邮箱="x"), line(3, 客户名称=None), ["合计"]])
    preview = desk.rehearse(import_handover, wish(sheets))
    assert alive(desk) == dict.fromkeys(TABLES, 0)
    done = desk.do(import_handover, wish(sheets)).value
    assert (preview.rows, preview.created, preview.findings) == (done.rows, done.created, done.findings)
    assert done.read == 4


ODD = st.sampled_from(
    [None, "", "x", -1, 0, "2026-13-45", "待定", "甲公司", "合计", date(2026, 1, 1), "13800000000", "a@b.cn"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(ODD, min_size=24, max_size=24), min_size=1, max_size=6))
def test_rows_always_add_up_and_a_second_import_brings_nothing(desk: Desk, wish: Wish, rows: list[list[Any]]) -> None:
    sheet = Sheet("客户", [HEADINGS, line(9999), *rows])
    preview = desk.rehearse(import_handover, wish(sheet))
    done = desk.do(import_handover, wish(sheet)).value
    assert (preview.rows, preview.created, preview.updated) == (done.rows, done.created, done.updated)
    filled = sum(any(cell not in (None, "") for cell in row) for row in rows) + 1
    assert done.read == filled
    again = desk.do(import_handover, wish(sheet))
    assert not any(again.value.created.values())
    assert not any(again.value.updated.values())
    assert again.step is None


DAYS = st.sampled_from(
    [
        *(None, date(2024, 2, 29), date(2026, 1, 1), date(2026, 6, 30), date(2027, 3, 4), date(2031, 1, 1)),
        *(date(2026, 10, 20), date(2026, 11, 5), date(2026, 11, 22), date(2026, 12, 1)),
    ]
)
TERMS = st.fixed_dictionaries(
    {
        "客户名称": st.sampled_from(["ÅBC 甲公司", "乙 Company", "丙公司"]),
        "联系人": st.sampled_from([None, "林一", "林二"]),
        "手机号": st.sampled_from([None, "13800000011", "13800000022"]),
        "合同编号": st.sampled_from([None, "HT-1", "HT-2", "HT-3"]),
        "账号数": st.sampled_from([None, 0, 5]),
        "服务开始日期": DAYS,
        "服务到期日期": DAYS,
        "合同金额(元)": st.sampled_from([None, 0, 1200, 99.99]),
        "已回款(元)": st.sampled_from([None, 0, 600, 1200, 5000]),
    }
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TERMS, st.sampled_from(["CNY", "USD", None])), min_size=1, max_size=6))
def test_new_accounts_come_with_the_derived_columns_that_a_refresh_would_give_them(
    desk: Desk, wish: Wish, rows: list[tuple[dict[str, Any], str | None]]
) -> None:
    sheet = Sheet("客户", [[*HEADINGS, "币种"], *([*line(1, **values), currency] for values, currency in rows)])

    def derived(connection: Connection) -> list[Any]:
        accounts = connection.execute(select(Account.__table__).where(Account.deleted_at.is_(None)))
        instalments = connection.execute(select(Receivable.__table__).where(Receivable.deleted_at.is_(None)))
        return [*accounts, *instalments]

    done = desk.do(import_handover, wish(sheet))
    with desk.read() as connection:
        before = derived(connection)
    for refresh in (refresh_paid, refresh_standing):
        desk.maintain(lambda connection, refresh=refresh: refresh(connection, done.changes, desk.clock.today()))
    with desk.read() as connection:
        assert derived(connection) == before
    if done.step is not None:
        desk.undo()


def test_undo_takes_the_whole_file_back_and_redo_brings_it_again(desk: Desk, take: Take) -> None:
    take(flat(3))
    full = alive(desk)
    desk.undo()
    assert alive(desk) == dict.fromkeys(TABLES, 0)
    desk.redo()
    assert alive(desk) == full


def test_taking_an_import_back_keeps_what_was_edited_since_and_says_so(desk: Desk, take: Take) -> None:
    take(flat(3))
    (import_id,) = import_history_ids(desk)
    with desk.read() as connection:
        edited = connection.scalar(select(Account.id).where(Account.name.contains("第2")))
    assert edited is not None
    desk.do(change_accounts, ChangeMany((edited,), {"city": "宁波"}))
    back = undo_import(desk, import_id)
    assert [name for _id, name in back.kept_accounts] == ["杭州第2纺织有限公司"]
    assert "kept" in back.sentence
    assert alive(desk)["accounts"] == 1
    with desk.read() as connection:
        assert import_history(connection)[0].undone_at is not None


def test_an_update_is_taken_back_to_the_old_values(desk: Desk, take: Take) -> None:
    take(flat(1))
    take(Sheet("客户", [HEADINGS, line(1, 所在城市="宁波")]))
    desk.undo()
    assert one(desk, Account).city == "杭州"


def test_cancelling_leaves_nothing(desk: Desk, wish: Wish) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        desk.do(import_handover, wish(flat(2)), progress=progress)
    assert alive(desk) == dict.fromkeys(TABLES, 0)


def test_a_likely_duplicate_comes_in_as_new_with_a_warning(desk: Desk, take: Take) -> None:
    take(Sheet("s", [["客户名称", "城市"], ["杭州千寻有限公司", "杭州"]]))
    report = take(Sheet("s", [["客户名称", "城市"], ["杭州千寻有限责任公司", "杭州"]]))
    assert report.rows == {Fate.NEW: 1}
    assert [finding.code for finding in report.findings] == ["possible_duplicate"]
    assert report.companies[0].candidate is not None
    assert report.companies[0].candidate[1] == "杭州千寻有限公司"


def test_the_window_asks_and_the_answer_is_remembered(desk: Desk, take: Take, wish: Wish) -> None:
    from dataclasses import replace

    take(Sheet("s", [["客户名称", "城市"], ["杭州千寻有限公司", "杭州"]]))
    asking = replace(wish(Sheet("s", [["客户名称", "城市"], ["杭州千寻有限责任公司", "宁波"]])), asks=True)
    open_one = desk.rehearse(import_handover, asking)
    assert open_one.rows == {Fate.UNDECIDED: 1}
    candidate = open_one.companies[0].candidate
    assert candidate is not None
    decided = replace(asking, decisions={"杭州千寻有限责任公司": str(candidate[0])})
    assert desk.do(import_handover, decided).value.rows == {Fate.UPDATED: 1}
    assert desk.rehearse(import_handover, asking).rows == {Fate.SAME: 1}
    fresh = replace(asking, decisions={"杭州千寻有限责任公司": NEW})
    assert desk.rehearse(import_handover, fresh).rows == {Fate.NEW: 1}


def test_the_tax_number_finds_a_renamed_account(desk: Desk, take: Take) -> None:
    take(Sheet("s", [["客户名称", "税号"], ["旧名有限公司", "91330100MA2"]]))
    report = take(Sheet("s", [["客户名称", "税号", "城市"], ["新名有限公司", "91330100MA2", "杭州"]]))
    assert report.rows == {Fate.UPDATED: 1}
    assert report.companies[0].matched_by == "tax_number"


def test_one_row_per_contract_makes_one_account(desk: Desk, take: Take) -> None:
    report = take(Sheet("s", [HEADINGS, line(1), line(1, 合同编号="HT-2")]))
    assert report.created == {"accounts": 1, "contacts": 1, "contracts": 2}
    assert report.rows == {Fate.NEW: 2}


def test_what_differs_further_down_in_the_file_is_said_and_the_first_kept(desk: Desk, take: Take) -> None:
    report = take(Sheet("客户", [HEADINGS, line(1), line(1, 合同编号="HT-2", 所在城市="宁波")]))
    assert [(finding.code, finding.cell) for finding in report.findings] == [("differs_in_file", "E3")]
    assert one(desk, Account).city == "杭州"


def test_the_chosen_mapping_is_remembered_by_the_headings(desk: Desk, wish: Wish) -> None:
    chosen = with_mapping(wish(flat(1)), {"备注": None, "客户目标": "handover.risks", "风险提示": None})
    desk.do(import_handover, chosen)
    with desk.read() as connection:
        remembered = remembered_mappings(connection)
    assert one(desk, Handover).risks == "上线"
    again = wish(flat(1), remembered=remembered)
    by_heading = {match.heading: match.used for _table, matches in again.tables for match in matches}
    assert by_heading["客户目标"] == "handover.risks"


def test_a_cell_fixed_by_the_user_is_judged_again(desk: Desk, wish: Wish) -> None:
    sheet = Sheet("客户", [HEADINGS, line(1, **{"合同金额(元)": "待定"})])
    assert desk.rehearse(import_handover, wish(sheet)).rows == {Fate.REFUSED: 1}
    fixed = wish(sheet, edits={("客户", "R2"): "12万"})
    assert desk.do(import_handover, fixed).value.rows == {Fate.NEW: 1}
    assert one(desk, Contract).amount == Decimal(120000)


@pytest.mark.parametrize(
    "rows",
    [
        [HEADINGS],
        [["renewal_id", "due_date"], ["R1", "2026-01-01"]],
        [[None]],
        [["项目序号", "申请单位"], ["1", "研发部"]],
    ],
)
def test_a_file_without_customers_says_so(desk: Desk, take: Take, rows: list[list[Any]]) -> None:
    with pytest.raises(Problems) as refused:
        take(Sheet("s", rows))
    assert refused.value.problems[0].code == "nothing_to_import"
    assert alive(desk)["accounts"] == 0


def test_an_unknown_sheet_is_named_with_those_that_are_there(take: Take) -> None:
    with pytest.raises(Problems, match="客户"):
        take(flat(1), sheet="合同")


def test_the_json_has_the_fixed_shape(take: Take) -> None:
    document = as_json(take(Sheet("客户", [HEADINGS, line(1), line(2, 手机号="12345")])))
    assert set(document) == {"file", "sheets", "rows", "created", "updated", "unchanged", "rejected"}
    assert document["sheets"][0] | {"mapping": {}} == {
        "name": "客户",
        "layout": "table",
        "header_row": 1,
        "mapping": {},
    }
    assert document["rows"] == {
        "read": 2,
        "new": 2,
        "updated": 0,
        "same": 0,
        "undecided": 0,
        "skipped": 0,
        "refused": 0,
    }
    assert document["rejected"][0] | {"message": ""} == {
        "sheet": "客户", "row": 3, "column": "手机号", "value": "12345", "severity": "warning", "code": "bad_phone", "message": "",
    }  # fmt: skip


def test_the_details_of_an_import(desk: Desk, take: Take) -> None:
    report = take(Sheet("客户", [HEADINGS, line(1, 邮箱="x"), line(2)]))
    with desk.read() as connection:
        details = one_import(connection, import_history_ids(desk)[0])
    assert details is not None
    assert set(details.account_ids) == {company.account_id for company in report.companies}
    assert details.problems[0]["cell"] == "J2"
    assert details.row.counts["created"]["accounts"] == 2


def test_files_are_read_and_imported_one_by_one(desk: Desk, tmp_path: Path) -> None:
    import openpyxl

    from csdesk.services.handover.importing import import_files

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "客户"
    for row in flat(2).rows:
        sheet.append(row)
    good, bad = tmp_path / "good.xlsx", tmp_path / "empty.xlsx"
    book.save(good)
    openpyxl.Workbook().save(bad)
    first, second = import_files(desk, [good, bad])
    assert first["rows"]["new"] == 2
    assert first["file"] == str(good)
    assert second["error"]
    assert alive(desk)["accounts"] == 2


def told_of_numbers(report: ImportReport) -> list[tuple[int, str]]:
    return [(found.row, found.message) for found in report.findings if found.code == "number_elsewhere"]


def test_a_contract_number_of_another_account_is_told_whether_it_stands_in_the_store_or_in_the_file(
    desk: Desk, take: Take
) -> None:
    first = take(
        Sheet("客户", [HEADINGS, line(1, 合同编号="HT-1"), line(2, 合同编号="HT-1"), line(3, 合同编号="HT-3")])
    )
    told = told_of_numbers(first)
    assert [row for row, _message in told] == [2, 3]
    assert "第2" in told[0][1]
    assert "第1" in told[1][1]
    again = take(Sheet("客户", [HEADINGS, line(4, 合同编号="HT-3")]))
    ((row, message),) = told_of_numbers(again)
    assert row == 2
    assert "第3" in message
