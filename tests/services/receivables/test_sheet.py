"""A sheet of payments: columns known by their words, rows matched, asked, entered once."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pytest
from hypothesis import given

from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.files.reading import read_workbook
from csdesk.services.files.workbook import Sheet, Workbook
from csdesk.services.receivables.commands import EnterPayment, enter_payment
from csdesk.services.receivables.matching import SKIP, RowFate, judge, references_of
from csdesk.services.receivables.rules import PaymentFields
from csdesk.services.receivables.sheet import Holding, SheetRow, holding_of, read_rows
from csdesk.services.receivables.taking import TakePayments, take_payments
from tests.conftest import TODAY
from tests.services.receivables.conftest import Case

DAY = date(2026, 11, 3)


def book(*rows: list[Any], name: str = "S") -> Workbook:
    return Workbook(Path("p.xlsx"), "xlsx", (Sheet(name, [list(row) for row in rows]),))


def row(cell: str = "A2", **values: Any) -> SheetRow:
    return SheetRow(**{"cell": cell, "paid_on": DAY, "amount": Decimal(300)} | values)


def fates(desk: Desk, *rows: SheetRow, **choices: int) -> list[RowFate]:
    with desk.read() as connection:
        return [one.fate for one in judge(connection, rows, choices, TODAY)]


def test_finance_writes_a_list_in_chinese(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for line in (
        ["2026年11月 回款明细"],
        [],
        ["序号", "合同编号", "客户名称", "到账日期", "到账金额（元）", "付款单位", "流水号", "备注"],
        [1, "HT-1", "Aster", datetime(2026, 11, 3), 300, "Aster Ltd", "B-1", "首款"],
        [2, "HT-2", "Birch", "2026.11.4", "￥1,200.50", "", "", ""],
        [3, "HT-3", "Cedar", "some day", 5, "", "", ""],
        ["合计", "", "", "", 1505.5, "", "", ""],
    ):
        sheet.append(line)
    path = tmp_path / "回款.xlsx"
    made.save(path)
    first, second, third = read_rows(read_workbook(path), TODAY)
    assert first == SheetRow("E4", DAY, Decimal(300), "HT-1", "Aster", "Aster Ltd", "B-1", "首款")
    assert (second.paid_on, second.amount, second.problem) == (date(2026, 11, 4), Decimal("1200.50"), "")
    assert third.problem == "The day cannot be read."


def test_a_bank_writes_a_statement_with_money_out(tmp_path: Path) -> None:
    text = (
        "Account,6222 0000\nTransaction date,Counterparty,Type,Amount,Reference,Description\n"
        "2026-11-03,Aster Ltd,Credit,300.00,B-1,HT-1\n2026-11-04,Landlord,Debit,900.00,B-2,rent\n"
        "2026-11-05,Birch,Credit,-20.00,B-3,refund\nTotal,,,300.00,,\n"
    )
    path = tmp_path / "statement.csv"
    path.write_text(text, encoding="utf-8")
    (only,) = read_rows(read_workbook(path), TODAY)
    assert (only.payer, only.amount, only.reference, only.notes) == ("Aster Ltd", Decimal("300.00"), "B-1", "HT-1")


def test_a_sheet_without_amounts_is_refused_in_a_sentence() -> None:
    with pytest.raises(Problems, match="row of headings"):
        read_rows(book(["Name", "City"], ["Aster", "Wuxi"]), TODAY)


@given(
    st.lists(
        st.lists(st.none() | st.text(max_size=9) | st.integers() | st.floats() | st.dates(), max_size=6), max_size=9
    )
)
def test_any_rows_are_read_and_judged(rows: list[list[Any]]) -> None:
    for one in read_rows(book(["Amount", "Date", "Contract"], *rows), TODAY):
        assert one.problem or (one.amount is not None and one.amount > 0 and one.paid_on is not None)


def test_rows_find_their_contract_by_number_else_by_name_and_amount(desk: Desk, case: Case) -> None:
    assert fates(desk, row(contract="ht 1")) == [RowFate.NEW]
    assert fates(desk, row(payer="Aster", amount=Decimal(300))) == [RowFate.NEW]
    assert fates(desk, row(account="Aster", amount=Decimal(123))) == [RowFate.ASK]
    assert fates(desk, row(account="Nobody")) == [RowFate.ASK]
    assert fates(desk, row(contract="HT-1", currency="USD")) == [RowFate.ASK]
    Case(desk, "Birch", number="HT-2")
    assert fates(desk, row(contract="HT-1", account="Birch")) == [RowFate.ASK]
    assert fates(desk, row(account="Nobody"), A2=case.contract) == [RowFate.NEW]
    assert fates(desk, row(contract="HT-1"), A2=SKIP) == [RowFate.SKIPPED]
    assert fates(desk, row(problem="no")) == [RowFate.REFUSED]


def test_two_contracts_that_lack_the_amount_are_asked(desk: Desk, case: Case) -> None:
    from csdesk.services.contracts.commands import NewContract
    from csdesk.services.contracts.rules import ContractFields
    from csdesk.services.receivables.commands import NewPlannedContract, create_planned_contract
    from csdesk.services.receivables.rules import Rhythm

    twin = ContractFields("HT-9", start_on=DAY, end_on=date(2027, 11, 2), amount=Decimal(300))
    desk.do(create_planned_contract, NewPlannedContract(NewContract(case.account, twin), Rhythm.ONCE))
    with desk.read() as connection:
        (one,) = judge(connection, [row(account="Aster")], {}, TODAY)
    assert (one.fate, {candidate.number for candidate in one.candidates}) == (RowFate.ASK, {"HT-1", "HT-9"})


def test_the_sheet_is_one_step_and_the_same_file_again_changes_nothing(desk: Desk, case: Case) -> None:
    rows = (
        row("A2", contract="HT-1", reference="B-1", amount=Decimal(350)),
        row("A3", contract="HT-1", amount=Decimal(100)),
        row("A4", contract="HT-1", amount=Decimal(100)),
        row("A5", account="Nobody"),
    )
    taken = desk.do(take_payments, TakePayments(rows, {}, "p.xlsx")).value
    assert (taken.counts[RowFate.NEW], taken.counts[RowFate.ASK], taken.amount) == (3, 1, Decimal(550))
    assert case.paid() == [30000, 25000, 0, 0]
    again = desk.do(take_payments, TakePayments(rows, {}, "p.xlsx")).value
    assert (again.counts[RowFate.NEW], again.counts[RowFate.THERE]) == (0, 3)
    assert case.paid() == [30000, 25000, 0, 0]
    desk.undo()
    assert case.paid() == [0, 0, 0, 0]
    assert fates(desk, *rows) == [RowFate.NEW] * 3 + [RowFate.ASK]


def test_what_is_too_much_stays_as_credit(desk: Desk, case: Case) -> None:
    desk.do(take_payments, TakePayments((row(contract="HT-1", amount=Decimal(1300)),)))
    assert case.paid() == [30000] * 4
    assert case.seen().money.credit == {case.contract: 10000}


def test_a_payment_entered_by_hand_is_asked_about(desk: Desk, case: Case) -> None:
    desk.do(enter_payment, EnterPayment(case.contract, PaymentFields(date(2026, 11, 2), Decimal(300))))
    assert fates(desk, row(contract="HT-1", reference="B-1")) == [RowFate.ASK]


def test_rows_without_a_reference_get_one_that_is_made_again() -> None:
    rows = [row("A2", contract="HT-1"), row("A3", contract="HT-1"), row("A4", reference="B-1")]
    assert references_of(rows) == ["2026-11-03 HT-1 300.00 #1", "2026-11-03 HT-1 300.00 #2", "B-1"]


@pytest.mark.parametrize(
    ("heads", "holding"),
    [
        (["交易日期", "贷方金额", "对方户名", "摘要"], Holding.PAYMENTS),
        (["合同编号", "客户名称", "到账日期", "到账金额（元）", "付款单位", "流水号", "备注"], Holding.PAYMENTS),
        (["Date", "Amount", "Payer"], Holding.PAYMENTS),
        (["合同编号", "客户名称", "日期", "金额"], Holding.EITHER),
        (["Contract", "Customer", "Date", "Amount"], Holding.EITHER),
        (["客户名称", "联系人", "手机", "合同编号", "合同金额", "开始日期", "结束日期"], Holding.OTHER),
        (["客户名称", "客户等级", "行业", "金额", "日期", "付款人"], Holding.OTHER),
        (["商品", "数量"], Holding.OTHER),
    ],
)
def test_headings_tell_payments_from_handovers(heads: list[Any], holding: Holding) -> None:
    assert holding_of(book(["Title"], [], heads, ["x"] * len(heads))) is holding


def test_a_workbook_with_people_in_it_is_a_handover_whatever_else_it_holds() -> None:
    people = Sheet("People", [["客户名称", "联系人", "手机", "邮箱"], ["Aster", "Li", "139", "a@b.c"]])
    paid = Sheet("Paid", [["到账日期", "到账金额", "付款人"], ["2026-11-01", 5, "Aster"]])
    assert holding_of(Workbook(Path("p.xlsx"), "xlsx", (people, paid))) is Holding.OTHER
    assert holding_of(Workbook(Path("p.xlsx"), "xlsx", (paid,))) is Holding.PAYMENTS


def test_one_transfer_for_two_contracts_is_known_again(desk: Desk, case: Case) -> None:
    Case(desk, "Birch", number="HT-2")
    rows = (row("A2", contract="HT-1", reference="B-1"), row("A3", contract="HT-2", reference="B-1"))
    assert fates(desk, *rows) == [RowFate.NEW, RowFate.NEW]
    desk.do(take_payments, TakePayments(rows))
    assert fates(desk, *rows) == [RowFate.THERE, RowFate.THERE]


def test_a_row_that_stands_twice_is_asked_and_never_comes_in_by_itself(desk: Desk, case: Case) -> None:
    rows = (row("A2", contract="HT-1", reference="B-1"), row("A3", contract="HT-1", reference="B-1"))
    assert fates(desk, *rows) == [RowFate.NEW, RowFate.ASK]
    assert fates(desk, *rows, A3=case.contract) == [RowFate.NEW, RowFate.NEW]
    desk.do(take_payments, TakePayments(rows))
    assert fates(desk, *rows) == [RowFate.THERE, RowFate.THERE]
    assert sum(case.paid()) == 300_00


def test_a_row_is_not_laid_on_a_contract_in_another_currency(desk: Desk, case: Case) -> None:
    usd = row(account="Nobody", currency="USD")
    with desk.read() as connection:
        (one,) = judge(connection, (usd,), {"A2": case.contract}, TODAY)
    assert (one.fate, "USD" in one.why) == (RowFate.ASK, True)


def test_a_number_that_two_accounts_have_is_decided_by_the_name(desk: Desk, case: Case) -> None:
    twin = Case(desk, "Birch", number="HT-1")
    for words in ({"account": "Birch"}, {"payer": "Birch"}):
        with desk.read() as connection:
            (one,) = judge(connection, (row(contract="HT-1", **words),), {}, TODAY)
        assert (one.fate, one.contract is not None and one.contract.contract_id) == (RowFate.NEW, twin.contract)
    with desk.read() as connection:
        (unsure,) = judge(connection, (row(contract="HT-1"),), {}, TODAY)
    assert (unsure.fate, unsure.why) == (RowFate.ASK, "Several contracts have this number.")


def test_a_number_in_the_notes_finds_the_contract_unless_the_name_speaks_against_it(desk: Desk, case: Case) -> None:
    other = Case(desk, "Birch", number="20260731")

    def judged(notes: str, **words: str) -> tuple[RowFate, int | None, str]:
        with desk.read() as connection:
            (one,) = judge(connection, (row(notes=notes, **words),), {}, TODAY)
        return one.fate, one.contract and one.contract.contract_id, one.why

    why = "By the contract number in the notes."
    assert judged("货款 合同HT-1第二期", payer="Somebody's mother") == (RowFate.NEW, case.contract, why)
    assert judged("合同20260731，尾款", payer="Birch") == (RowFate.NEW, other.contract, why)
    assert judged("HT-1", payer="Birch")[::2] == (RowFate.ASK, "Number and name speak of different accounts.")
    assert judged("HT-1 and 20260731")[::2] == (RowFate.ASK, "The notes name several contracts.")
    assert judged("HT-1 and 20260731", payer="Aster") == (RowFate.NEW, case.contract, why)
    assert judged("2026 11 3, 1")[0] == RowFate.ASK
