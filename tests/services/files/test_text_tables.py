"""Text tables: the encoding and the separator are told from the bytes."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from csdesk.services.files.refusal import Refused
from csdesk.services.files.text_tables import TextTable, decoded, is_markup, read_text

CHINESE = "客户名称,联系人,电话\n华景科技有限公司,王小明,13812345678\n"
TRADITIONAL = "客戶名稱,聯絡人,電話\n華景科技股份有限公司,陳大文,0912345678\n臺灣貿易,林小姐,02\n"


@pytest.mark.parametrize(
    ("text", "codec", "told"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE + "𠮷田,㐀", "gb18030", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-32", "utf-32"),
        (TRADITIONAL, "big5", "big5"),
        ("name;city\nMuñoz;Málaga\nDupré;Liège\n", "cp1252", "cp1252"),
        ("name,city\nLi,Wuhan\n", "utf-16-le", "utf-16-le"),
        ("name,city\nLi,Wuhan\n", "utf-16-be", "utf-16-be"),
    ],
)
def test_encodings(text, codec, told):
    assert decoded(text.encode(codec)) == (text, told)


def test_a_wished_encoding_is_used_or_refused():
    assert decoded("é".encode("latin-1"), "latin-1") == ("é", "latin-1")
    for name in ("ascii", "no-such-encoding"):
        with pytest.raises(Refused, match="wrong_encoding"):
            decoded(b"\xff", name)


@pytest.mark.parametrize(
    ("text", "delimiter", "rows"),
    [
        ("a,b\n1,2\n", ",", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2\n", ";", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1, or 2\t3\n", "\t", [["a", "b"], ["1, or 2", "3"]]),
        ("a|b|c\r1|2|3\r", "|", [["a", "b", "c"], ["1", "2", "3"]]),
        ('a,b\n"x\ny ""z""",2\n', ",", [["a", "b"], ['x\ny "z"', "2"]]),
        ("sep=;\r\na;b\r\n", ";", [[], ["a", "b"]]),
        ("客户\n甲\n", ",", [["客户"], ["甲"]]),
        ("\ufeffa,b\n", ",", [["a", "b"]]),
    ],
)
def test_separators_and_quotes(text, delimiter, rows):
    table = read_text(text, "utf-8")
    assert (table.delimiter, list(table.rows())) == (delimiter, rows)


def test_a_quote_that_never_closes_does_not_eat_the_table():
    table = read_text('a,b\n"x,2\n' + "1,2\n" * 60_000, "utf-8")
    assert table.quotes_ignored
    assert list(table.rows())[1:3] == [["x", "2"], ["1", "2"]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<table><tr><td>a</td></tr></table>", "html"),
        (" \n<!DOCTYPE html><html></html>", "html"),
        ('<?xml version="1.0"?><html/>', "html"),
        ("<a>,<b>\n1,2", ""),
        ("[x],y", ""),
        ('[{"a":1}]', "json"),
        ("a,b", ""),
    ],
)
def test_markup_is_recognised(text, kind):
    assert is_markup(text) == kind


def told(data: bytes) -> TextTable | Refused:
    """The table in some bytes, or why there is none."""
    try:
        return read_text(*decoded(data))
    except Refused as refused:
        return refused


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_give_a_table_or_a_refusal(data):
    result = told(data)
    if isinstance(result, Refused):
        assert result.code in {"empty_sheets", "not_a_spreadsheet"}
    else:
        rows = list(result.rows())
        assert len(rows) <= result.count
        assert all(isinstance(cell, str) for row in rows for cell in row)


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1), min_size=2, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_what_python_writes_is_read_back_when_the_separator_is_known(rows):
    import csv
    import io

    held = io.StringIO(newline="")
    csv.writer(held, quoting=csv.QUOTE_ALL).writerows(rows)
    table = read_text("sep=,\r\n" + held.getvalue(), "utf-8")
    assert list(table.rows())[1:] == rows
