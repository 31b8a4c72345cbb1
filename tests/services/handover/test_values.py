from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.handover import days, headings, values
from csdesk.services.handover.days import Order

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        DAY, datetime(2026, 3, 5, 14, 30), "2026年3月5日", "2026 年 03 月 05 日", "2026.3.5", "2026/3/5", "2026-03-05",
        "20260305", 20260305, 46086, 46086.0, "05-Mar-2026", "5 March 2026", "Mar 5, 2026", "２０２６／３／５", "2026-03-05 00:00:00",
        "2026-03-05T08:00:00.000Z", "2026年3月5号", "26.3.5", "26年3月5日", "26/03/05", "2026 3 5", "2026-Mar-05", "March 5th, 2026",
        "05/Mar/26", "二〇二六年三月五日", "2026-3-5（签约）", "2026.03.05.", "Thursday, March 5, 2026", "2026-03-05 星期四", "'2026-03-05",
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
    for cell in ("2028年2月", "2028-02", "202802", 202802, "Feb 2028"):
        assert days.read_day(cell, at_end=True) == (date(2028, 2, 29), "")
        assert days.read_day(cell) == (date(2028, 2, 1), "")


def test_an_end_that_names_no_day_is_a_doubt() -> None:
    assert days.read_day("长期有效", at_end=True) == (None, "open_ended")
    assert days.read_period("永久") == (None, "open_ended")


@pytest.mark.parametrize(
    "cell",
    [
        "2026.3.1至2027.2.28", "2026-03-01 ~ 2027-02-28", "2026.03.01-2027.02.28", "2026/3/1-2027/2/28", "20260301-20270228",
        "2026年3月1日起至2027年2月28日止", "自2026年3月1日至2027年2月28日", "2026.3-2027.2", "Mar 1, 2026 - Feb 28, 2027",
        "2026-03-01 to 2027-02-28", "2026-03-01,2027-02-28", "2026-03-01——2027-02-28（一年）",
    ],
)  # fmt: skip
def test_two_days_in_one_cell(cell: str) -> None:
    assert days.read_period(cell) == ((date(2026, 3, 1), date(2027, 2, 28)), "")


@pytest.mark.parametrize(
    ("cell", "months"),
    [
        ("1年", 12),
        ("一年", 12),
        ("两年半", 30),
        ("半年", 6),
        ("18个月", 18),
        ("2 years", 24),
        ("1年6个月", 18),
        ("12 months", 12),
    ],
)
def test_a_term_instead_of_two_days(cell: str, months: int) -> None:
    assert days.read_period(cell) == (months, "")


def test_a_bare_number_is_a_term_where_the_heading_counts() -> None:
    assert days.read_term(2, 12) == (24, "")
    assert days.read_term("36", 1) == (36, "")
    assert days.read_term(2, 0) == (None, "bad_period")
    assert days.read_term("soon") == (None, "bad_period")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 1), 12, date(2027, 2, 28)), (date(2026, 3, 5), 12, date(2027, 3, 4)), (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 12, 1), 1, date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_the_last_day_of_a_term(start: date, months: int, end: date) -> None:
    assert days.end_of_term(start, months) == end


def test_a_term_beyond_the_calendar_has_no_end() -> None:
    assert days.end_of_term(date(9999, 6, 1), 12) is None


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [
        ("￥426,000.00", 1, "426000.00"), ("$141,000.00", 1, "141000.00"), ("3.9万元", 1, "39000.00"), ("1.2万", 1, "12000.00"),
        (26.5, 10_000, "265000.00"), ("26", 10_000, "260000.00"), ("5000元", 10_000, "5000.00"), ("RMB 1 200", 1, "1200.00"),
        ("12万5千", 1, "125000.00"), ("12W", 1, "120000.00"), ("1.5百万", 1, "1500000.00"), ("€ 1.200,50", 1, "1200.50"),
        ("1 200,50 €", 1, "1200.50"), ("1.234.567,89", 1, "1234567.89"), ("12,5", 1, "12.50"), ("1,20,000", 1, "120000.00"),
        ("人民币壹万贰仟元整", 1, "12000.00"), ("伍拾万元", 1, "500000.00"), ("壹佰元伍角", 1, "100.50"), ("120,000.00（含税）", 1, "120000.00"),
        ("1200元整", 1, "1200.00"), ("HK$100", 1, "100.00"), ("免费", 1, "0.00"), (1.5, 1000, "1500.00"), ("'1200", 1, "1200.00"),
        (117000, 1, "117000.00"), (0.1, 1, "0.10"), ("12k", 1, "12000.00"), ("1.5亿", 1, "150000000.00"), ("0", 1, "0.00"),
    ],
)  # fmt: skip
def test_reads_an_amount(cell: Any, unit: int, amount: str) -> None:
    assert values.read_amount(cell, unit) == (Decimal(amount), "")


@pytest.mark.parametrize(
    ("cell", "unit", "code"),
    [
        ("待定", 1, "text_amount"), (-5000, 1, "negative_amount"), ("(123)", 1, "negative_amount"), ("-3万", 1, "negative_amount"),
        ("（123）", 1, "negative_amount"), ("123-", 1, "negative_amount"), ("$(1,200)", 1, "negative_amount"), ("￥-120", 1, "negative_amount"),
        ("约12万", 1, "amount_doubt"), ("10-20万", 1, "amount_doubt"), ("10万+2万", 1, "amount_doubt"), ("1,200元/年", 1, "amount_doubt"),
        ("12万左右", 1, "amount_doubt"), ("1,2,3", 1, "text_amount"), ("1.2.3", 1, "text_amount"), ("120000", 10_000, "unit_doubt"),
        (260000, 10_000, "unit_doubt"), (1e15, 1, "huge_amount"), ("12abc", 1, "text_amount"), (float("nan"), 1, "text_amount"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_an_amount(cell: Any, unit: int, code: str) -> None:
    assert values.read_amount(cell, unit) == (None, code)


def test_a_column_with_decimal_commas_writes_thousands_with_points() -> None:
    assert values.has_decimal_comma(["1.200", "3.400,50"])
    assert not values.has_decimal_comma(["1,200", "3,400.50", None, 5])
    assert values.read_amount("1.200", 1, True) == (Decimal("1200.00"), "")
    assert values.read_amount("1.200") == (Decimal("1.20"), "")


def test_what_may_have_been_meant_is_offered() -> None:
    assert values.suggested("约12万", "amount_doubt") == "120000.00"
    assert values.suggested("10-20万", "amount_doubt") == ""
    assert values.suggested("张三 13800001485", "bad_phone") == "13800001485"
    assert values.suggested("a@example.com 张三", "bad_email") == "a@example.com"
    assert values.suggested(260000, "unit_doubt") == "260000"


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("合同金额（万元）", 10_000),
        ("金额(千元)", 1000),
        ("Amount (in thousands)", 1000),
        ("ARR ($m)", 1_000_000),
        ("合同金额", 1),
    ],
)
def test_the_heading_says_what_amounts_are_counted_in(heading: str, unit: int) -> None:
    assert headings.unit_of(heading) == unit


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("HK$100", "HKD"), ("US$ 5", "USD"), ("￥120", "CNY"), ("NT$", "TWD"), ("100 eur", "EUR"), ("金额(美元)", "USD"), ("Europe", None),
        ("港币", "HKD"), ("合同金额（元）", None), ("13800001485", None), ("S$40", "SGD"), ("1200円", "JPY"),
    ],
)  # fmt: skip
def test_currencies_by_sign_code_and_name(text: str, currency: str | None) -> None:
    assert headings.currency_of(text) == currency


@pytest.mark.parametrize(
    ("cell", "seats"),
    [
        ("50个账号", 50), (50.0, 50), ("1,000", 1000), ("80 users", 80), ("20", 20), ("账号50个", 50), ("1万", 10_000), ("50席", 50),
        ("五十个", 50), ("100人（含管理员）", 100),
    ],
)  # fmt: skip
def test_reads_seats(cell: Any, seats: int) -> None:
    assert values.read_seats(cell) == (seats, "")


def test_seats_below_zero_are_an_error_and_words_a_doubt() -> None:
    assert values.read_seats(-3) == (None, "negative_seats")
    for cell in ("不限", "约50", "50-100", "20+5"):
        assert values.read_seats(cell) == (None, "bad_seats")
    assert values.read_seats(2.5) == (None, "bad_seats")


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("138 0000 1485", ("13800001485",)), ("138-0000-1485", ("13800001485",)), ("+86 13800001485", ("13800001485",)),
        ("0086-13800001485", ("13800001485",)), (13800001485.0, ("13800001485",)), ("021-5550 0188", ("021-5550 0188",)),
        ("13800001485/13900002222", ("13800001485", "13900002222")), ("13800001485；13900002222", ("13800001485", "13900002222")),
        ("13800001485 13900002222", ("13800001485", "13900002222")), ("+34 610 123 456", ("+34 610 123 456",)),
        ("(010) 8888-6666转801", ("(010) 8888-6666转801",)), ("手机：13800001485", ("13800001485",)), ("Tel. 021-5550 0188", ("021-5550 0188",)),
        ("13800001485（微信同号）", ("13800001485",)), ("'13800001485", ("13800001485",)), ("1.3800001485E+10", ("13800001485",)),
        ("+1 (415) 555-1234", ("+1 (415) 555-1234",)), ("13800001485、13800001485", ("13800001485",)),
    ],
)  # fmt: skip
def test_reads_phones(cell: Any, phones: tuple[str, ...]) -> None:
    assert values.read_phones(cell) == (phones, "")


@pytest.mark.parametrize("cell", ["12345", "张三", "13800001485a", "1380000148", "138000014850", "张三 13800001485"])
def test_says_what_is_no_phone(cell: Any) -> None:
    assert values.read_phones(cell) == (None, "bad_phone")


def test_a_phone_that_excel_has_shortened_is_named() -> None:
    assert values.read_phones("1.38E+10") == (None, "lost_digits")
    assert values.read_phones("1.3800138e+10") == (None, "lost_digits")


def test_reads_mail() -> None:
    assert values.read_emails("张三 <a@example.com>") == (("a@example.com",), "")
    assert values.read_emails("a@example.com; b@example.cn") == (("a@example.com", "b@example.cn"), "")
    assert values.read_emails("not-an-email") == (None, "bad_email")
    assert values.read_emails(" ") == (None, "")


@pytest.mark.parametrize(
    ("cell", "tier"),
    [
        ("A", "A"), ("a", "A"), ("A类", "A"), ("A级", "A"), ("A类客户", "A"), ("优质客户", "A"), ("VIP", "A"), ("重点客户", "A"), ("★★★", "A"),
        ("Ｂ", "B"), ("中等", "B"), ("Tier B", "B"), ("silver", "B"), ("普通客户", "C"), ("c类", "C"), ("一般", "C"), ("SMB", "C"),
        ("C（普通）", "C"), ("tier-1", "A"), ("T2", "B"), ("一级客户", "A"), ("Ⅱ类", "B"), ("A-优质", "A"), ("⭐⭐⭐", "A"), ("☆☆", "B"), ("三星", "A"),
        ("1星", "C"), ("小微客户", "C"), ("S级", "A"), ("KA客户", "A"), ("A+", "A"),
    ],
)  # fmt: skip
def test_reads_a_tier_in_any_wording(cell: str, tier: str) -> None:
    assert values.read_tier(cell) == (tier, "")


def test_a_tier_nobody_knows_is_a_doubt() -> None:
    assert values.read_tier("Z") == (None, "unknown_tier")
    assert values.read_tier("-") == (None, "")


def test_stars_are_read_on_the_scale_of_their_column() -> None:
    column = ["★★★★★", "★★★★", "★★★", "★★", "★"]
    scale = max(map(values.stars_of, column))
    assert [values.read_tier(cell, scale)[0] for cell in column] == ["A", "A", "B", "C", "C"]


def test_several_people_in_one_cell() -> None:
    assert values.read_people("张三、李四") == (("张三", "李四"), "")
    assert values.read_people("Smith, John") == (("Smith, John",), "")
    assert values.read_person("张三 138 0000 1485") == ((("张三",), ("13800001485",)), "")
    both = (("林二", "林三"), ("13800000001", "13900000002"))
    assert values.read_person("林二：138 0000 0001；林三（139-0000-0002）") == (both, "")
    assert values.read_person("王五，010-88886666转801") == ((("王五",), ("010-88886666转801",)), "")
    assert values.read_person("张三/13800001485") == ((("张三",), ("13800001485",)), "")


def test_text_keeps_what_was_typed_and_loses_what_nobody_sees() -> None:
    assert values.read_text("  =1+1 <b>x</b>\x00 ") == ("=1+1 <b>x</b>", "")
    assert values.read_text(13812345678.0) == ("13812345678", "")
    assert values.read_text("无") == (None, "")


CELLS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
    st.from_regex(r"[-+(￥$]{0,2}[\d,.]{1,12}[万元亿km)%]{0,2}", fullmatch=True),
    st.from_regex(r"[〇零一二三两十百千万亿壹贰拾佰仟元角分整年月日半个]{1,12}", fullmatch=True),
    st.from_regex(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?", fullmatch=True),
)  # fmt: skip
READERS = [
    values.read_text, days.read_day, days.read_period, values.read_amount, values.read_seats, values.read_phones,
    values.read_emails, values.read_people, values.read_person, values.read_tier, values.read_role, values.read_products,
    values.read_currency, days.read_term,
]  # fmt: skip


@given(cell=CELLS, reader=st.sampled_from(READERS))
def test_no_cell_makes_a_reader_raise(cell: Any, reader: Any) -> None:
    value, code = reader(cell)
    assert isinstance(code, str)
    assert value != ""
    assert value != ()


@given(cell=CELLS, code=st.sampled_from(["amount_doubt", "bad_phone", "bad_email", "unit_doubt"]))
def test_no_cell_makes_a_suggestion_raise(cell: Any, code: str) -> None:
    assert isinstance(values.suggested(cell, code), str)


@given(cell=CELLS)
def test_an_amount_is_never_negative_and_has_whole_cents(cell: Any) -> None:
    amount, _code = values.read_amount(cell)
    assert amount is None or (amount >= 0 and amount == amount.quantize(Decimal("0.01")))
