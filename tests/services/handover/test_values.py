from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.handover import days, values
from csdesk.services.handover.days import Order

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        DAY, datetime(2026, 3, 5, 14, 30), "2026年3月5日", "2026 年 03 月 05 日", "2026.3.5", "2026/3/5", "2026-03-05",
        "20260305", 20260305, 46086, 46086.0, "05-Mar-2026", "5 March 2026", "Mar 5, 2026", "２０２６／３／５", "2026-03-05 00:00:00",
        "2026-03-05T08:00:00.000Z", "2026年3月5号",
    ],
)  # fmt: skip
def test_reads_a_day_as_people_write_it(cell: Any) -> None:
    assert days.read_day(cell) == (DAY, "")


@pytest.mark.parametrize("cell", ["2026-13-45", "soon", "待定", 7, True, "2026-02-30"])
def test_says_what_is_no_day(cell: Any) -> None:
    assert days.read_day(cell) == (None, "bad_date")


@pytest.mark.parametrize(
    ("column", "order"),
    [
        ({"03/04/2026", "12/27/2025"}, Order.MONTH_FIRST),
        ({"03/04/2026", "27/12/2025"}, Order.DAY_FIRST),
        ({"03/04/2026", "05/06/2026"}, Order.OPEN),
        ({"27/12/2025", "12/27/2025"}, Order.OPEN),
    ],
)
def test_the_order_of_day_and_month_is_told_by_the_whole_column(column: set[Any], order: Order) -> None:
    assert days.order_of(column) is order


def test_a_day_that_stays_open_is_not_guessed() -> None:
    assert days.read_day("03/04/2026", Order.OPEN) == (None, "ambiguous_date")
    assert days.read_day("04/04/2026", Order.OPEN) == (date(2026, 4, 4), "")
    assert days.read_day("03/04/2026", Order.DAY_FIRST) == (date(2026, 4, 3), "")


def test_a_month_without_a_day_ends_on_its_last() -> None:
    assert days.read_day("2028年2月", at_end=True) == (date(2028, 2, 29), "")


def test_two_days_in_one_cell() -> None:
    assert days.read_period("2026.3.1至2027.2.28") == ((date(2026, 3, 1), date(2027, 2, 28)), "")
    assert days.read_period("2026-03-01 ~ 2027-02-28")[0] == (date(2026, 3, 1), date(2027, 2, 28))
    assert days.read_period("一年") == (None, "bad_date")


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [
        ("￥426,000.00", 1, "426000.00"), ("$141,000.00", 1, "141000.00"), ("3.9万元", 1, "39000.00"), ("1.2万", 1, "12000.00"),
        (26.5, 10_000, "265000.00"), ("26", 10_000, "260000.00"), ("5000元", 10_000, "5000.00"), ("RMB 1 200", 1, "1200.00"),
        (117000, 1, "117000.00"), (0.1, 1, "0.10"), ("12k", 1, "12000.00"), ("1.5亿", 1, "150000000.00"), ("0", 1, "0.00"),
    ],
)  # fmt: skip
def test_reads_an_amount(cell: Any, unit: int, amount: str) -> None:
    assert values.read_amount(cell, unit) == (Decimal(amount), "")


@pytest.mark.parametrize(
    ("cell", "unit", "code"),
    [
        ("待定", 1, "text_amount"), (-5000, 1, "negative_amount"), ("(123)", 1, "negative_amount"), ("-3万", 1, "negative_amount"),
        (260000, 10_000, "unit_doubt"), (1e15, 1, "huge_amount"), ("12abc", 1, "text_amount"), (float("nan"), 1, "text_amount"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_an_amount(cell: Any, unit: int, code: str) -> None:
    assert values.read_amount(cell, unit) == (None, code)


@pytest.mark.parametrize(
    ("cell", "seats"), [("50个账号", 50), (50.0, 50), ("1,000", 1000), ("80 users", 80), ("20", 20)]
)
def test_reads_seats(cell: Any, seats: int) -> None:
    assert values.read_seats(cell) == (seats, "")


def test_seats_below_zero_are_an_error_and_words_a_doubt() -> None:
    assert values.read_seats(-3) == (None, "negative_seats")
    assert values.read_seats("不限") == (None, "bad_seats")
    assert values.read_seats(2.5) == (None, "bad_seats")


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("138 0000 1485", ("13800001485",)), ("138-0000-1485", ("13800001485",)), ("+86 13800001485", ("13800001485",)),
        ("0086-13800001485", ("13800001485",)), (13800001485.0, ("13800001485",)), ("021-5550 0188", ("021-5550 0188",)),
        ("13800001485/13900002222", ("13800001485", "13900002222")), ("13800001485；13900002222", ("13800001485", "13900002222")),
        ("13800001485 13900002222", ("13800001485", "13900002222")), ("+34 610 123 456", ("+34 610 123 456",)),
        ("(010) 8888-6666转801", ("(010) 8888-6666转801",)),
    ],
)  # fmt: skip
def test_reads_phones(cell: Any, phones: tuple[str, ...]) -> None:
    assert values.read_phones(cell) == (phones, "")


@pytest.mark.parametrize("cell", ["12345", "1.38E+10", "张三", "13800001485a"])
def test_says_what_is_no_phone(cell: Any) -> None:
    assert values.read_phones(cell) == (None, "bad_phone")


def test_reads_mail() -> None:
    assert values.read_emails("a@example.com; b@example.cn") == (("a@example.com", "b@example.cn"), "")
    assert values.read_emails("not-an-email") == (None, "bad_email")
    assert values.read_emails(" ") == (None, "")


@pytest.mark.parametrize(
    ("cell", "tier"),
    [
        ("A", "A"), ("a", "A"), ("A类", "A"), ("A级", "A"), ("A类客户", "A"), ("优质客户", "A"), ("VIP", "A"), ("重点客户", "A"), ("★★★", "A"),
        ("Ｂ", "B"), ("中等", "B"), ("Tier B", "B"), ("silver", "B"), ("普通客户", "C"), ("c类", "C"), ("一般", "C"), ("SMB", "C"),
        ("C（普通）", "C"),
    ],
)  # fmt: skip
def test_reads_a_tier_in_any_wording(cell: str, tier: str) -> None:
    assert values.read_tier(cell) == (tier, "")


def test_a_tier_nobody_knows_is_a_doubt() -> None:
    assert values.read_tier("Z") == (None, "unknown_tier")
    assert values.read_tier("-") == (None, "")


def test_several_people_in_one_cell() -> None:
    assert values.read_people("张三、李四") == (("张三", "李四"), "")
    assert values.read_people("Smith, John") == (("Smith, John",), "")
    assert values.read_person("张三 138 0000 1485") == ((("张三",), ("13800001485",)), "")
    assert values.read_person("张三/13800001485") == ((("张三",), ("13800001485",)), "")


def test_text_keeps_what_was_typed_and_loses_what_nobody_sees() -> None:
    assert values.read_text("  =1+1 <b>x</b>\x00 ") == ("=1+1 <b>x</b>", "")
    assert values.read_text(13812345678.0) == ("13812345678", "")
    assert values.read_text("无") == (None, "")


CELLS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
    st.from_regex(r"[-+(￥$]{0,2}[\d,.]{1,12}[万元亿km)%]{0,2}", fullmatch=True),
    st.from_regex(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?", fullmatch=True),
)  # fmt: skip
READERS = [
    values.read_text, days.read_day, days.read_period, values.read_amount, values.read_seats, values.read_phones,
    values.read_emails, values.read_people, values.read_person, values.read_tier, values.read_role, values.read_products,
    values.read_currency,
]  # fmt: skip


@given(cell=CELLS, reader=st.sampled_from(READERS))
def test_no_cell_makes_a_reader_raise(cell: Any, reader: Any) -> None:
    value, code = reader(cell)
    assert isinstance(code, str)
    assert value != ""
    assert value != ()


@given(cell=CELLS)
def test_an_amount_is_never_negative_and_has_whole_cents(cell: Any) -> None:
    amount, _code = values.read_amount(cell)
    assert amount is None or (amount >= 0 and amount == amount.quantize(Decimal("0.01")))
