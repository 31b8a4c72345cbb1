"""What we write can be opened by others, harms nobody, and stands whole or not at all."""

from __future__ import annotations

import csv
import datetime
import io
import os
import subprocess
import sys
import zipfile
from decimal import Decimal

import hypothesis.strategies as st
import openpyxl
import pytest
from hypothesis import given

from csdesk.services.core.columns import Kind
from csdesk.services.core.errors import StorageError
from csdesk.services.files.reading import read_workbook
from csdesk.services.files.writing import (
    Heading,
    OutSheet,
    excel_text,
    harmless,
    sheet_name,
    tsv_and_html,
    write_csv,
    write_workbook,
)

EVIL = ['=HYPERLINK("http://x","y")', "+1+1", "@SUM(A1)", "-2+3", "http://example.com", "\u202ex", "<b>x</b>"]


def test_values_keep_their_types_and_texts_stay_texts(tmp_path):
    day = datetime.date(2026, 11, 23)
    path = tmp_path / "out.xlsx"
    columns = [Heading("名称", Kind.NAME), Heading("金额", Kind.MONEY), Heading("到期", Kind.DAY), Heading("编号")]
    write_workbook(
        path, [OutSheet("客户", columns, [["甲", Decimal("860000.50"), day, 2**62], *([text] for text in EVIL)])]
    )
    sheet = openpyxl.load_workbook(path)["客户"]
    assert [cell.value for cell in sheet[2]] == ["甲", 860000.5, datetime.datetime(2026, 11, 23), str(2**62)]
    assert sheet["B2"].number_format == "#,##0.00"
    assert sheet["C2"].number_format == "yyyy-mm-dd"
    assert [(sheet.cell(row, 1).value, sheet.cell(row, 1).data_type) for row in range(3, 3 + len(EVIL))] == [
        (text, "s") for text in EVIL
    ]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:D{2 + len(EVIL)}"
    with zipfile.ZipFile(path) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
        assert not any("hyperlink" in name.lower() for name in package.namelist())


def test_what_is_written_is_read_back(tmp_path):
    rows = [
        ["甲\n乙", 1, True, datetime.date(2026, 1, 31), None, "007"],
        ["=x", 0.25, False, datetime.date(1999, 12, 31), "", "8"],
    ]
    write_workbook(
        tmp_path / "a.xlsx", [OutSheet("一", [Heading(letter) for letter in "abcdef"], iter(rows)), OutSheet("二", [])]
    )
    sheet = read_workbook(tmp_path / "a.xlsx").sheets[0]
    assert sheet.rows == [list("abcdef"), rows[0], [*rows[1][:4], None, "8"]]


def test_illegal_characters_and_lengths(tmp_path):
    assert excel_text("a\x00\x0b\r\nb\ud800") == "a\nb"
    assert len(excel_text("x" * 40_000)) == 32_767
    assert len(excel_text("𠮷" * 20_000).encode("utf-16-le")) // 2 <= 32_767
    write_workbook(tmp_path / "long.xlsx", [OutSheet("x", [Heading("t")], [["y" * 40_000], ["\x01\x02z"]])])
    assert openpyxl.load_workbook(tmp_path / "long.xlsx").active["A3"].value == "z"


def test_sheet_names():
    taken: set[str] = set()
    assert [sheet_name(name, taken) for name in ("a/b:[c]", "A B  C", "'x'", "", "History", "客" * 40, "客" * 40)] == [
        "a b  c",
        "A B  C (2)",
        "x",
        "Sheet",
        "Sheet History",
        "客" * 31,
        "客" * 27 + " (2)",
    ]


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_sheet_names_are_always_allowed(titles):
    taken: set[str] = set()
    names = [sheet_name(title, taken) for title in titles]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")


def test_a_csv_opens_rightly_in_excel(tmp_path):
    write_csv(
        tmp_path / "a.csv", ["名称", "金额"], [["=1+1", Decimal("-5.00")], ['甲,"乙"', datetime.date(2026, 1, 2)]]
    )
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["名称", "金额"],
        ["'=1+1", "-5.00"],
        ['甲,"乙"', "2026-01-02"],
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("\u3000＝1", "'\u3000＝1"),
        ("@x", "'@x"),
        ("-x", "'-x"),
        ("\tx", "'\tx"),
        ("+86 138-1234-5678", "+86 138-1234-5678"),
        ("-5.2", "-5.2"),
        ("+1+cmd", "'+1+cmd"),
        ("甲", "甲"),
        (-5, "-5"),
        (None, ""),
        (True, "TRUE"),
        (Decimal("1E+2"), "100"),
        (datetime.time(9, 5), "09:05"),
    ],
)
def test_formulas_are_made_harmless(value, text):
    assert harmless(value) == text


def test_the_clipboard_gets_quotes_and_escapes():
    tsv, page = tsv_and_html(["a", "b"], [["x\ty", "<img src=x>"], ["two\nlines", None]])
    assert list(csv.reader(io.StringIO(tsv, newline=""), dialect="excel-tab")) == [
        ["a", "b"],
        ["x\ty", "<img src=x>"],
        ["two\nlines", ""],
    ]
    assert "<td>&lt;img src=x&gt;</td>" in page
    assert "two<br>lines" in page


def test_a_failing_export_leaves_the_old_file(tmp_path):
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")

    def rows():
        yield ["one"]
        raise RuntimeError("broken off")

    with pytest.raises(RuntimeError):
        write_workbook(path, [OutSheet("x", [Heading("t")], rows())])
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.xlsx"]


def test_a_folder_that_is_gone(tmp_path):
    for write in (lambda path: write_workbook(path, []), lambda path: write_csv(path, [], [])):
        with pytest.raises(StorageError) as caught:
            write(tmp_path / "gone" / "out.xlsx")
        assert "gone" in caught.value.what


@pytest.mark.posix
def test_a_full_disk_is_said_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    code = f"""
import resource, signal
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from csdesk.services.core.errors import StorageError
from csdesk.services.files.writing import *
import xlsxwriter
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
for write in (lambda p: write_workbook(p, [OutSheet("x", [Heading("t")], [[str(n) * 20] for n in range(9000)])]),
              lambda p: write_csv(p, ["t"], [[str(n) * 20] for n in range(9000)])):
    try:
        write(Path({str(path)!r}))
    except StorageError as error:
        print("told:", error.what)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert done.stdout.count("told:") == 2, done.stderr
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.xlsx"]
