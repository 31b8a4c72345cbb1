"""Promises as sales writes them: taken apart, and the day that each names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.handover.promises import DEFAULT_DAYS, promised_day, propose, split_promises

START, RECEIVED, TODAY = date(2026, 12, 1), date(2026, 11, 20), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("送五个账号", ["送五个账号"]),
        ("送五个账号\n到厂培训两次", ["送五个账号", "到厂培训两次"]),
        ("送五个账号；到厂培训两次;开放接口。", ["送五个账号", "到厂培训两次", "开放接口"]),
        ("1.送5个账号 2.上门培训 3.开放接口", ["送5个账号", "上门培训", "开放接口"]),
        ("1、送5个账号2、上门培训", ["送5个账号", "上门培训"]),
        ("1. 送5个账号\n2. 上门培训，含资料", ["送5个账号", "上门培训，含资料"]),
        ("（1）送账号（2）培训", ["送账号", "培训"]),
        ("①送账号②培训", ["送账号", "培训"]),
        ("一、送账号 二、培训", ["送账号", "培训"]),
        ("- free training\n* 5 seats\n• API access", ["free training", "5 seats", "API access"]),
        ("Free training; 5 extra seats; API by 5 March 2027", ["Free training", "5 extra seats", "API by 5 March 2027"]),
        ("优惠：1.送账号 2.培训", ["优惠：", "送账号", "培训"]),
        ("版本2.升级免费", ["版本2.升级免费"]),
        ("打8.5折，2027.3.1前上线", ["打8.5折，2027.3.1前上线"]),
        ("培训、上线支持", ["培训、上线支持"]),
        ("送账号\n送账号", ["送账号"]),
        ("无", []), ("无特殊承诺。", []), ("No promises", []), ("", []), (" \n；；\n—", []),
        ("1. 无", []),
        ("3 months of support", ["3 months of support"]),
    ],
)  # fmt: skip
def test_a_text_is_taken_apart(text: str, wanted: list[str]) -> None:
    assert list(split_promises(text)) == wanted


SIGNS = st.sampled_from([*"abc培训送账号 \n;；。.、,，()（）①②•-*:：一二三1234567890"])


@given(st.one_of(st.text(), st.text(SIGNS, max_size=60)))
def test_pieces_are_parts_of_the_text_in_their_order_and_whole(text: str) -> None:
    pieces = split_promises(text)
    at = 0
    for piece in pieces:
        assert piece == piece.strip()
        assert piece
        found = text.find(piece, at)
        assert found >= at or piece in text[:at]
        at = max(at, found + len(piece))
    assert len(set(pieces)) == len(pieces)


@given(st.text(SIGNS, max_size=60))
def test_no_word_of_a_promise_is_lost(text: str) -> None:
    words = set("abc培训送账号")
    assert words & set("".join(split_promises(text))) == words & set(text)


@given(
    st.lists(
        st.text(st.sampled_from("培训送账号接口上线abc "), min_size=2).map(str.strip).filter(bool),
        min_size=1,
        max_size=9,
    )
)
def test_numbered_lists_come_apart_as_they_were_put_together(promises: list[str]) -> None:
    wanted = tuple(dict.fromkeys(promises))
    for form in ("{n}. {text} ", "{n}、{text}；", "({n}) {text}\n", "{text}\n"):
        text = "".join(form.format(n=number, text=promise) for number, promise in enumerate(wanted, 1))
        assert tuple(" ".join(piece.split()) for piece in split_promises(text)) == tuple(
            " ".join(promise.split()) for promise in wanted
        )


@pytest.mark.parametrize(
    ("promise", "day"),
    [
        ("2027年3月5日前上线", date(2027, 3, 5)),
        ("2027.3.5 上线", date(2027, 3, 5)),
        ("2027-03-05前开放接口", date(2027, 3, 5)),
        ("20270305开放接口", date(2027, 3, 5)),
        ("2027年3月底前开放接口", date(2027, 3, 31)),
        ("2027年3月初开放接口", date(2027, 3, 10)),
        ("2027年2月开放接口", date(2027, 2, 28)),
        ("API by 5 March 2027", date(2027, 3, 5)),
        ("API before March 5, 2027", date(2027, 3, 5)),
        ("12月15日前到厂培训", date(2026, 12, 15)),
        ("3月5号到厂培训", date(2027, 3, 5)),
        ("11月10日前到厂培训", date(2027, 11, 10)),
        ("明年3月底前二期上线", date(2027, 3, 31)),
        ("1月中旬回访", date(2027, 1, 20)),
        ("年底前送资料", date(2026, 12, 31)),
        ("明年年底前升级", date(2027, 12, 31)),
        ("三个月内开放接口", date(2027, 3, 1)),
        ("上线后30天内培训", date(2026, 12, 31)),
        ("两周内完成迁移", date(2026, 12, 15)),
        ("半年内免费升级", date(2027, 6, 1)),
        ("半个月内回访", date(2026, 12, 16)),
        ("一年内免费升级", date(2027, 12, 1)),
        ("data migrated within two weeks", date(2026, 12, 15)),
        ("training within 30 days", date(2026, 12, 31)),
        ("送五个账号", None), ("每季度一次现场回顾", None), ("13月5日培训", None), ("2月30日培训", None),
        ("2026年13月", None), ("保留3年数据", None), ("价格8.5折", None), ("within 5 floors", None),
    ],
)  # fmt: skip
def test_the_day_that_a_promise_names(promise: str, day: date | None) -> None:
    assert promised_day(promise, START, RECEIVED) == day


@given(
    st.one_of(st.text(), st.text(st.sampled_from([*"0123456789年月日号底末内前天周个一二两 .-/within days"]))),
    st.dates(),
    st.dates(),
)
def test_any_promise_names_a_day_or_none(promise: str, start: date, since: date) -> None:
    found = promised_day(promise, start, since)
    assert found is None or isinstance(found, date)


def test_a_promise_without_a_day_is_due_a_month_after_the_start() -> None:
    first, second = propose("送五个账号；2027年3月底前开放接口", START, RECEIVED, TODAY)
    assert (first.due_on, first.said) == (START + timedelta(DEFAULT_DAYS), False)
    assert (second.due_on, second.said) == (date(2027, 3, 31), True)


def test_a_default_never_lies_in_the_past() -> None:
    (late,) = propose("送五个账号", date(2025, 1, 1), None, TODAY)
    assert late.due_on == TODAY + timedelta(7)
    (said,) = propose("2026年3月1日前送账号", date(2025, 1, 1), None, TODAY)
    assert (said.due_on, said.said) == (date(2026, 3, 1), True)
    (bare,) = propose("送账号", None, None, TODAY)
    assert bare.due_on == TODAY + timedelta(DEFAULT_DAYS)
