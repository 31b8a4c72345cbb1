"""What the reader does not tell about an old .xls: hidden rows and columns, error values. Reads the records themselves."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from csdesk.services.files.limits import Limits
from csdesk.services.files.sheet_scan import SheetFacts
from csdesk.services.files.workbook import address

_BOUND_SHEET, _BEGIN, _END = 0x85, 0x809, 0x0A
_ROW, _COLUMNS, _BOOLEAN_OR_ERROR, _FORMULA = 0x208, 0x7D, 0x205, 0x06
_MOST_RECORDS = 3_000_000


def scan_xls(data: bytes, limits: Limits) -> dict[str, SheetFacts]:
    """The facts of each sheet by name; nothing for sheets that cannot be followed, and for those of Excel 5 and 95."""
    stream = _stream(data)
    found: dict[str, SheetFacts] = {}
    for name, start in _sheets(stream):
        facts = found[name] = SheetFacts()
        for record, body in _records(stream, start):
            _take(record, body, facts, limits)
            if record == _END:
                break
    return found


def ignored_in_xls(data: bytes) -> list[str]:
    """What the file has beside its values, as codes: macros."""
    import io

    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as document:
            parts = {entry[0].casefold() for entry in document.listdir()}
    except Exception:  # noqa: BLE001 - the reader itself decides whether the file is damaged
        return []
    return ["macros"] if "_vba_project_cur" in parts else []


def _stream(data: bytes) -> bytes:
    import io

    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as document:
            entry = next((name for name in document.listdir() if name[-1].lower() == "workbook"), None)
            return document.openstream(entry).read() if entry else b""
    except Exception:  # noqa: BLE001 - the reader itself decides whether the file is damaged
        return b""


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    for _count in range(_MOST_RECORDS):
        if at + 4 > len(stream):
            return
        record, length = struct.unpack_from("<HH", stream, at)
        yield record, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _sheets(stream: bytes) -> list[tuple[str, int]]:
    sheets: list[tuple[str, int]] = []
    for record, body in _records(stream, 0):
        if record == _BEGIN and body[:2] != b"\x00\x06":
            return []
        if record == _END:
            break
        if record == _BOUND_SHEET and len(body) > 8:
            start, count, wide = int.from_bytes(body[:4], "little"), body[6], body[7] & 1
            text = body[8 : 8 + count * (2 if wide else 1)]
            sheets.append((text.decode("utf-16-le" if wide else "latin-1", "replace"), start))
    return sheets


def _take(record: int, body: bytes, facts: SheetFacts, limits: Limits) -> None:
    if record == _ROW and len(body) >= 14:
        row, flags = int.from_bytes(body[:2], "little"), body[12]
        if flags & 0x20 and row < limits.rows:
            facts.hidden_rows.append(row)
    elif record == _COLUMNS and len(body) >= 10 and body[8] & 1:
        first, last = struct.unpack_from("<HH", body)
        facts.hidden_columns.extend(range(first, min(last + 1, limits.columns)))
    elif (record == _BOOLEAN_OR_ERROR and len(body) >= 8 and body[7] == 1) or (
        record == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2
    ):
        _note_error(body, facts, limits)


def _note_error(body: bytes, facts: SheetFacts, limits: Limits) -> None:
    row, column = struct.unpack_from("<HH", body)
    facts.error_count += 1
    if len(facts.errors) < limits.listed:
        facts.errors.append(address(row, column))
