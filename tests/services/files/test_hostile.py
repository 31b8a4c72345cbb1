"""Files made to do harm, or come to harm: read honestly or refused with one sentence, never more."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from csdesk.services.core.errors import Problems
from csdesk.services.files.limits import LIMITS
from csdesk.services.files.reading import read_workbook
from csdesk.services.files.sniffing import OLE
from csdesk.services.files.workbook import Workbook


def outcome(path: Path) -> Workbook | Problems:
    """What reading ends in; anything but these two is a bug."""
    try:
        return read_workbook(path)
    except Problems as refusal:
        return refusal


def is_good(result: Workbook | Problems) -> bool:
    """Whether something was read, or exactly one sentence says why not."""
    return bool(result.sheets) if isinstance(result, Workbook) else len(result.problems) == 1


ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "0 bytes"),
        (b"   \r\n ", "empty_sheets", "no filled cells"),
        (b"%PDF-1.7 ...", "not_a_spreadsheet", "PDF"),
        (b"\x89PNG\r\n\x1a\n0000", "not_a_spreadsheet", "picture"),
        (b"{\\rtf1 hello}", "not_a_spreadsheet", "rich text"),
        (b"\x1f\x8b\x08\x00", "not_a_spreadsheet", "archive"),
        (bytes(range(256)) * 8, "not_a_spreadsheet", "unknown"),
        (b'{"a": [1]}', "not_a_spreadsheet", "JSON"),
        (b"<html><body>Please log in</body></html>", "not_a_spreadsheet", "web page"),
        (b"<?xml version='1.0'?><a/>", "not_a_spreadsheet", "XML"),
        (b"ID;PWXL\nE\n", "unsupported", "SYLK"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "unsupported", "old Excel"),
        (b"PK\x03\x04 and then nothing", "truncated", "incomplete"),
        (OLE + b"\0" * 100, "truncated", "incomplete"),
        (OLE + b"\xff" * 5000, "truncated", "incomplete"),
    ],
)
def test_what_is_no_spreadsheet_is_named(maker, refused, data, code, words):
    problem = refused(maker.file("list.xlsx", data))
    assert problem.code == code
    assert words in problem.message


def test_other_packages_are_named(maker, refused):
    word = maker.package({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
    assert "Word" in refused(maker.file("list.xlsx", word)).message
    assert "archive" in refused(maker.file("list2.xlsx", maker.package({"readme.txt": "x"}))).message
    assert refused(maker.file("list3.xlsx", maker.package({"Index/Document.iwa": "x"}))).code == "unsupported"


def test_missing_files_and_folders(tmp_path, refused):
    assert refused(tmp_path / "gone.xlsx").code == "missing"
    assert refused(tmp_path).code == "folder"


def test_a_truncated_workbook(maker, refused):
    whole = maker.workbook([["客户"], ["甲"]]).read_bytes()
    assert refused(maker.file("half.xlsx", whole[: len(whole) // 2])).code == "truncated"


def test_a_bomb_is_refused_while_it_unpacks(maker, refused):
    parts = maker.parts(f"<sheetData>{ROW}</sheetData>", sharedStrings=b" " * 120_000_000)
    assert refused(maker.file("bomb.xlsx", maker.package(parts))).code == "too_large"


def test_a_bomb_that_lies_about_its_size(maker, refused):
    parts = maker.parts(f"<sheetData>{ROW}</sheetData>", sharedStrings=b" " * 30_000_000)
    data = maker.package(parts)
    real, told = (30_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert data.count(real) == 2
    path = maker.file("liar.xlsx", data.replace(real, told))
    assert refused(path, limits=dataclasses.replace(LIMITS, ratio=100)).code == "too_large"


def test_too_many_parts_and_doubled_parts(maker, refused):
    parts = maker.parts(f"<sheetData>{ROW}</sheetData>", **{f"x{number}": "" for number in range(2001)})
    assert refused(maker.file("parts.xlsx", maker.package(parts))).code == "too_large"
    held = io.BytesIO(maker.package(maker.parts(f"<sheetData>{ROW}</sheetData>")))
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr("XL/worksheets/SHEET1.xml", "<worksheet/>")
    assert refused(maker.file("doubled.xlsx", held.getvalue())).code == "damaged"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32", "utf-7"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_document_types_are_refused_before_any_parser_sees_them(maker, refused, declaration, encoding):
    parts = maker.parts(f"<sheetData>{ROW}</sheetData>")
    name = {"utf-16-le": "utf-16"}.get(encoding, encoding)
    xml = f'<?xml version="1.0" encoding="{name}"?>{declaration}<sst>&x;</sst>'
    data = xml.replace("<", "+ADw-").encode() if encoding == "utf-7" else xml.encode(encoding)
    path = maker.file("entities.xlsx", maker.package({**parts, "xl/sharedStrings.xml": data}))
    assert refused(path).code == "unsafe_xml"


def test_a_false_dimension_hides_nothing(maker):
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>2</v></c></row>' for n in range(1, 51))
    path = maker.raw_sheet(f'<dimension ref="A1"/><sheetData>{rows}</sheetData>')
    assert read_workbook(path).sheets[0].rows == [[n, 2] for n in range(1, 51)]


@pytest.mark.parametrize("far", ["XFD1048576", "A1048576", "ZZ900000"])
def test_a_stray_cell_far_away_is_skipped_and_named(maker, far):
    number = far.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 11))
    path = maker.raw_sheet(f'<sheetData>{rows}<row r="{number}"><c r="{far}"><v>9</v></c></row></sheetData>')
    sheet = read_workbook(path).sheets[0]
    assert sheet.rows == [[n] for n in range(1, 11)]
    assert any(note.count == 1 and note.cells == (far,) for note in sheet.notes)


def test_a_stray_cell_out_of_order_is_survived(maker):
    path = maker.raw_sheet(
        f'<sheetData><row r="1048576"><c r="XFD1048576"><v>9</v></c><c r="A1048576"><v>1</v></c></row>{ROW}</sheetData>'
    )
    result = outcome(path)
    assert is_good(result)
    assert isinstance(result, Problems) or len(result.sheets[0].rows) <= LIMITS.rows


def test_a_giant_merge_is_clipped(maker):
    path = maker.raw_sheet(
        f'<sheetData>{ROW}</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )
    (merged,) = read_workbook(path).sheets[0].merged
    assert merged.last_row == 0
    assert merged.last_column < LIMITS.columns


def test_a_false_count_of_strings_is_survived(maker):
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="4294967295"><si><t>甲</t></si></sst>'
    sheet = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>5</v></c></row></sheetData>'
    parts = maker.parts(sheet, sharedStrings=strings)
    result = outcome(maker.file("count.xlsx", maker.package(parts)))
    assert is_good(result)
    assert isinstance(result, Problems) or result.sheets[0].cell(0, 1) == 5


def test_a_gap_of_a_thousand_rows_ends_a_sheet(maker):
    path = maker.raw_sheet(f'<sheetData>{ROW}<row r="3000"><c r="B3000"><v>1</v></c></row></sheetData>')
    sheet = read_workbook(path).sheets[0]
    assert sheet.rows == [[1]]
    assert [(note.code, note.cells) for note in sheet.notes] == [("stray", ("B3000",))]


def test_time_is_up(maker, refused):
    path = maker.workbook([["客户"]])
    problem = refused(path, limits=dataclasses.replace(LIMITS, seconds=0.0))
    assert problem.code == "timeout"


def test_more_than_is_wanted_is_refused(maker, refused):
    path = maker.workbook([["客户" * 50] * 20 for _row in range(50)])
    assert refused(path, limits=dataclasses.replace(LIMITS, characters=1000)).code == "too_large"
    assert refused(path, limits=dataclasses.replace(LIMITS, cells=100)).code == "too_large"
    assert refused(path, limits=dataclasses.replace(LIMITS, file=100)).code == "too_large"


def test_more_rows_than_fit_in_memory_are_told(maker):
    (sheet,) = read_workbook(maker.file("long.csv", "客户,电话\n" * 210_000)).sheets
    assert len(sheet.rows) == LIMITS.rows
    assert [(note.code, note.count) for note in sheet.notes] == [("rows_beyond", 210_000 - LIMITS.rows)]


def test_one_long_text_used_everywhere_is_refused(maker, refused):
    strings = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"客" * 30_000}</t></si></sst>'
    )
    rows = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{letter}{n}" t="s"><v>0</v></c>' for letter in "ABCDEFGHIJ") + "</row>"
        for n in range(1, 2501)
    )
    parts = maker.parts(f"<sheetData>{rows}</sheetData>", sharedStrings=strings)
    assert refused(maker.file("wide.xlsx", maker.package(parts))).code in {"too_large", "memory"}


def test_an_empty_sheet_is_said_to_be_empty(maker, refused):
    assert refused(maker.workbook([])).code == "empty_sheets"


def test_a_password_is_asked_for_three_times_over(maker, refused):
    from msoffcrypto.format.ooxml import OOXMLFile

    with maker.workbook([["客户"], ["甲"]], "plain.xlsx").open("rb") as source:
        locked = io.BytesIO()
        OOXMLFile(source).encrypt("right", locked)
    path = maker.file("locked.xlsx", locked.getvalue())
    assert refused(path).code == "encrypted"
    assert [refused(path, password=tried).code for tried in ("one", "two", "three")] == ["wrong_password"] * 3
    assert is_good(read_workbook(path, password="right"))


@pytest.mark.parametrize("name", ["list.csv", "list.xls", "list.ods", "list.tsv", "list", "list.pdf"])
def test_a_workbook_under_any_ending_is_a_workbook(maker, name):
    data = maker.workbook([["客户"], ["甲"]]).read_bytes()
    book = read_workbook(maker.file(name, data))
    assert (book.kind, book.sheets[0].rows) == ("xlsx", [["客户"], ["甲"]])


def seeds(maker) -> dict[str, bytes]:
    """Good files of each kind, small, to be damaged."""
    rows = [["客户名称", "城市", "金额"], ["甲公司", "杭州", 12.5], ["乙公司", "苏州", 3]]
    text = "\n".join(",".join(map(str, row)) for row in rows)
    page = "<table>" + "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows) + "</table>"
    cell = '<table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell>'
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="s"><table:table-row>{cell * 2}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return {
        "xlsx": maker.workbook(rows).read_bytes(),
        "ods": maker.package({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}),
        "csv": text.encode("gb18030"),
        "utf16": text.encode("utf-16"),
        "html": page.encode(),
    }


def test_the_good_files_are_good(maker):
    for name, data in seeds(maker).items():
        assert isinstance(outcome(maker.file(f"seed.{name}", data)), Workbook), name


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["xlsx", "ods", "csv", "utf16", "html"]),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=12),
    cut=st.floats(0.3, 1),
)
def test_a_damaged_file_never_raises_anything_but_problems(maker, kind, changes, cut):
    data = bytearray(seeds(maker)[kind])
    for place, value in changes:
        data[int(place * len(data))] = value
    path = maker.file("mutant.xlsx", bytes(data[: max(1, int(len(data) * cut))]))
    assert is_good(outcome(path))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from("<>&\"'/0 ")), min_size=1, max_size=6))
def test_a_sheet_with_damaged_xml_never_raises_anything_but_problems(maker, changes):
    xml = list(f'<sheetData>{ROW}</sheetData><mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>')
    for place, sign in changes:
        xml[int(place * len(xml))] = sign
    assert is_good(outcome(maker.raw_sheet("".join(xml))))
