"""What the readers hide is found in the files themselves."""

from __future__ import annotations

import struct

import hypothesis.strategies as st
from hypothesis import given

from csdesk.services.files.limits import LIMITS
from csdesk.services.files.ods_scan import scan_ods
from csdesk.services.files.reading import read_workbook
from csdesk.services.files.sheet_scan import scan_sheet
from csdesk.services.files.xls_scan import scan_xls

OFFICE, TABLE, TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text"))
CONTENT = (
    f'<office:document-content xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{TEXT}"><office:body><office:spreadsheet><table:table table:name="客户">'
    '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    '<table:table-row table:visibility="filter"><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2" '
    'office:value-type="string"><text:p>甲</text:p></table:table-cell><table:covered-table-cell/>'
    '<table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell></table:table-row>'
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)


def record(kind: int, body: bytes) -> bytes:
    """One record of an .xls."""
    return struct.pack("<HH", kind, len(body)) + body


def xls(*records: bytes) -> bytes:
    """The workbook stream of an .xls with one sheet of these records, in a compound file written by hand."""
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    name = "客户".encode("utf-16-le")
    place = len(begin) + len(record(0x85, bytes(8) + name)) + len(record(0x0A, b""))
    bound = record(0x85, struct.pack("<IHBB", place, 0, 2, 1) + name)
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + b"".join(records) + record(0x0A, b"")
    return compound(begin + bound + record(0x0A, b"") + sheet)


def compound(stream: bytes) -> bytes:
    """A compound file that holds one stream called Workbook."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    count = len(stream) // 512
    chain = [*range(3, 2 + count), 0xFFFFFFFE]
    table = struct.pack("<128I", *([0xFFFFFFFD, 0xFFFFFFFE, *chain] + [0xFFFFFFFF] * (126 - len(chain))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return (
        head
        + table
        + entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
        + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
        + bytes(256)
        + stream
    )


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    """One entry of the compound file's directory."""
    text = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    return text.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", len(text), kind, 1, none, none, child, start, size)


def number(row: int, column: int, value: float) -> bytes:
    """A number in a cell."""
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


def test_an_old_xls_tells_what_is_hidden_and_wrong(maker):
    data = xls(
        record(0x208, struct.pack("<HHHHHHHH", 1, 0, 3, 255, 0, 0, 0x20, 0)),
        record(0x7D, struct.pack("<HHHHHH", 2, 2, 0, 0, 1, 0)),
        number(0, 0, 13812345678),
        number(1, 0, 2.5),
        number(1, 2, 7),
        record(0x205, struct.pack("<HHHBB", 0, 1, 0, 0x2A, 1)),
    )
    facts = scan_xls(data, LIMITS)["客户"]
    assert (facts.hidden_rows, facts.hidden_columns, facts.errors) == ([1], [2], ["B1"])
    (sheet,) = read_workbook(maker.file("old.xls", data)).sheets
    assert sheet.name == "客户"
    assert sheet.rows == [[13812345678], [2.5, None, 7]]
    assert {note.code: note.count for note in sheet.notes} == {"error_cells": 1, "hidden_rows": 1, "hidden_columns": 1}


def test_an_old_xls_with_a_password_asks_for_it(maker, refused):
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    data = compound(begin + record(0x2F, struct.pack("<HHHH", 0, 0, 1, 2)) + record(0x0A, b""))
    assert refused(maker.file("locked.xls", data)).code == "encrypted"


def test_an_open_document_tells_what_is_hidden_and_merged(maker):
    facts = scan_ods(CONTENT.encode(), LIMITS)["客户"]
    assert (facts.hidden_rows, facts.hidden_columns, facts.merged) == ([3], [2], [(3, 0, 4, 1)])
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": CONTENT}
    book = read_workbook(maker.file("list.ods", maker.package({**parts, "META-INF/manifest.xml": manifest})))
    (sheet,) = book.sheets
    assert (book.kind, sheet.name) == ("ods", "客户")
    assert sheet.rows == [[], [], [], ["甲", None, 5]]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {2})
    assert [merged.address for merged in sheet.merged] == ["A4:B5"]


@given(st.binary(max_size=2000))
def test_any_bytes_are_scanned_without_harm(data):
    assert scan_xls(data, LIMITS) == {}
    assert scan_ods(data, LIMITS) == {}
    assert scan_sheet(data, LIMITS).area >= 0


@given(st.binary(max_size=600))
def test_any_records_are_scanned_without_harm(data):
    assert set(scan_xls(xls(data), LIMITS)) <= {"客户"}
