"""What a contract's form says: lines, notice, sums; and what is doubtful about contracts that stand beside each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.contracts.commands import ChangeContract, NewContract, change_contract, create_contract
from csdesk.services.contracts.doubts import advice, doubts
from csdesk.services.contracts.ledger import Renew, renew_contract
from csdesk.services.contracts.queries import ContractRow
from csdesk.services.contracts.rules import ContractFields, LineFields, parse, typed_lines
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from tests.conftest import TODAY

TERM = {"number": "A", "start_on": "2026-01-01", "end_on": "2026-12-31"}
Sign = Callable[..., int]
All = Callable[[], list[ContractRow]]


def refused(draft: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Problems) as told:
        parse(TERM | draft, TODAY)
    return {problem.field: problem.message for problem in told.value.problems}


def lines(*rows: str) -> dict[str, str]:
    return {"lines": "\n".join(row.replace("|", "\t") for row in rows)}


def test_lines_are_read_and_add_up() -> None:
    fields = parse(TERM | lines("|Core|10|12,000|1||", "||||1||", "7|Training||8000||2026-01-01|2026-02-28"), TODAY)
    assert fields.lines == (
        LineFields(None, "Core", 10, Decimal(12_000)),
        LineFields(7, "Training", None, Decimal(8_000), False, date(2026, 1, 1), date(2026, 2, 28)),
    )
    assert fields.amount == Decimal(20_000)


def test_a_single_line_without_an_amount_costs_what_the_contract_does() -> None:
    assert parse(TERM | lines("|Core|10||1||") | {"amount": "500"}, TODAY).lines[0].amount == Decimal(500)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (lines("|Core|ten|5|1||"), "lines"),
        (lines("|Core|1|5|1|2025-12-31|"), "lines"),
        (lines("|Core|1|5|1||2027-01-01"), "lines"),
        (lines("|Core|1|5|1|2026-05-01|2026-04-01"), "lines"),
        (lines("|Core|1|5|1||", "|Chat|1|6|1||") | {"amount": "12"}, "amount"),
        ({"end_on": "2025-12-31"}, "end_on"),
        ({"notice_on": "soon"}, "notice_on"),
        ({"notice_on": "30", "end_on": ""}, "notice_on"),
        ({"notice_on": "2027-01-01"}, "notice_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(draft: dict[str, str], field: str) -> None:
    assert refused(draft).keys() == {field}


def test_the_wrong_line_is_named() -> None:
    assert refused(lines("|Core|1|5|1||", "|Chat|x|6|1||"))["lines"].startswith("Line 2: ")


@pytest.mark.parametrize(
    ("typed", "day"),
    [("30", date(2026, 12, 1)), ("60天", date(2026, 11, 1)), ("2026-10-01", date(2026, 10, 1)), ("", None)],
)
def test_notice_is_a_day_or_so_many_days_before_the_end(typed: str, day: date | None) -> None:
    assert parse(TERM | {"notice_on": typed}, TODAY).notice_on == day


@given(
    st.lists(
        st.builds(
            LineFields,
            st.none() | st.integers(1, 2**62),
            st.text("ab \u4e2d", min_size=1).map(str.strip).map(lambda name: " ".join(name.split())).filter(bool),
            st.none() | st.integers(0, 10**8),
            st.none() | st.integers(0, 10**9).map(lambda cents: Decimal(cents).scaleb(-2)),
            st.booleans(),
            st.none() | st.dates(date(2026, 1, 1), date(2026, 6, 1)),
            st.none() | st.dates(date(2026, 6, 1), date(2026, 12, 31)),
        ),
        min_size=2,
        max_size=4,
    )
)
def test_lines_go_into_a_form_and_out_again(found: list[LineFields]) -> None:
    assert parse(TERM | {"lines": typed_lines(found)}, TODAY).lines == tuple(found)


@given(st.text())
def test_any_text_of_lines_parses_or_names_the_lines_that_are_wrong(text: str) -> None:
    try:
        fields = parse(TERM | {"lines": text}, TODAY)
    except Problems as told:
        wrong = {problem.field for problem in told.problems}
    else:
        wrong = {"lines"}
        assert len(fields.lines) <= text.count("\n") + 1
    assert wrong <= {"lines", "amount"}


def test_a_change_of_one_line_leaves_the_arr_of_the_other_and_bins_the_third(
    desk: Desk, account: int, row: Callable[[int], ContractRow]
) -> None:
    three = tuple(LineFields(None, name, 1, Decimal(1_000)) for name in ("a", "b", "c"))
    fields = ContractFields("A", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), lines=three)
    made = desk.do(create_contract, NewContract(account, fields)).value
    a, b, _c = row(made).lines
    changed = (
        LineFields(a.id, "a", 2, Decimal(1_000)),
        LineFields(b.id, "b", 1, Decimal(3_000)),
        LineFields(None, "d"),
    )
    desk.do(change_contract, ChangeContract(made, ContractFields("A", start_on=fields.start_on, end_on=fields.end_on,
                                                                 lines=changed)))  # fmt: skip
    assert [(line.products, line.seats, line.arr_cents) for line in row(made).lines] == [
        ("a", 2, 100_000), ("b", 1, 300_000), ("d", None, None),
    ]  # fmt: skip
    assert row(made).events == ()


def test_the_same_product_twice_is_doubted_but_not_in_what_follows(desk: Desk, sign: Sign, all_rows: All) -> None:
    first = sign("A", products="Core\u3001Chat")
    second = sign("B", products="chat", start_on=date(2026, 10, 1), end_on=date(2027, 9, 30))
    found = doubts(all_rows(), TODAY)
    assert [(one.kind, one.day) for one in found[first]] == [("overlap", date(2026, 10, 1))]
    assert [one.kind for one in found[second]] == ["overlap"]
    assert "B has the same product from 2026-10-01" in found[first][0].sentence


def test_days_between_a_term_and_the_next_are_doubted(desk: Desk, sign: Sign, all_rows: All) -> None:
    first = sign("A")
    new = desk.do(renew_contract, Renew(first, start_on=date(2027, 1, 11))).value
    found = doubts(all_rows(), TODAY)
    assert [(one.kind, one.sentence) for one in found[new]] == [("gap", "10 days lie between this and A.")]
    assert found[first] == []


def test_a_notice_that_passed_is_told_while_the_contract_renews_by_itself(sign: Sign, all_rows: All) -> None:
    missed = sign("A", auto_renew=True, notice_on=date(2026, 11, 1))
    sign("B", products="x", auto_renew=True, notice_on=TODAY)
    sign("C", products="y", notice_on=date(2026, 11, 1))
    found = doubts(all_rows(), TODAY)
    assert {key: [one.kind for one in value] for key, value in found.items() if value} == {missed: ["notice"]}


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({}, {"lines"}),
        ({"products": "Chat"}, set()),
        ({"currency": "USD", "products": "Chat"}, {"currency"}),
        ({"currency": "EUR", "products": "Chat"}, set()),
    ],
)
def test_the_form_says_what_is_doubtful(sign: Sign, all_rows: All, more: dict[str, Any], fields: set[str]) -> None:
    sign("A")
    typed = ContractFields(**{"number": "B", "products": "Core", "start_on": date(2026, 6, 1)} | more)
    assert advice(typed, all_rows(), {"EUR"}, None).keys() == fields


def test_the_form_says_that_days_are_left_out(sign: Sign, all_rows: All) -> None:
    first = sign("A")
    typed = ContractFields("B", "Core", start_on=date(2027, 2, 1), predecessor_id=first)
    assert advice(typed, all_rows(), (), None) == {"start_on": "31 days lie between this and A."}
