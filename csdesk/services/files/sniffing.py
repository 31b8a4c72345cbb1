"""What a file truly is, told from its bytes and never from its name."""

from __future__ import annotations

import io
import zipfile
import zlib

from csdesk.services.files.refusal import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"RIFF", "media"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"SQLite format 3", "database"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"PAR1", "database"),
    (b"ID;P", "sylk"),
    (b"TABLE\r\n0,1", "dif"),
    (b"TABLE\n0,1", "dif"),
    (b"MIME-Version:", "mhtml"),
)
_OLD_EXCEL = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x00\x06\x00",
    b"\x09\x08\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)


def kind_of(data: bytes) -> str:
    """One of "xlsx", "xlsb", "ods", "xls", "encrypted", "text". Raises Refused for anything else, naming it."""
    if not data:
        raise Refused("empty")
    if data.startswith(OLE):
        return _kind_of_ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00")):
        return _kind_of_zip(data)
    if data.startswith(_OLD_EXCEL):
        raise Refused("unsupported", "old_excel")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Refused("unsupported" if what in ("sylk", "dif", "mhtml") else "not_a_spreadsheet", what)
    return "text"


def _kind_of_ole(data: bytes) -> str:
    import warnings

    import olefile

    warnings.simplefilter("ignore")
    if len(data) < 1536:
        raise Refused("truncated")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as document:
            names = {"/".join(entry).lower(): entry for entry in document.listdir()}
            book = next((names[name] for name in ("workbook", "book") if name in names), None)
            locked = book is not None and _is_locked(document.openstream(book).read(100_000))
    except Exception as error:  # a parser fed with anything may raise anything; the reason is the same
        raise Refused("truncated") from error
    if "encryptedpackage" in names:
        return "encrypted"
    if book is not None:
        return "encrypted" if locked else "xls"
    for name, what in (("worddocument", "word"), ("powerpoint document", "slides"), ("visiodocument", "drawing")):
        if name in names:
            raise Refused("not_a_spreadsheet", what)
    if any(name.startswith("__substg1.0_") for name in names):
        raise Refused("not_a_spreadsheet", "mail")
    raise Refused("not_a_spreadsheet", "office")


def _is_locked(stream: bytes) -> bool:
    """Whether an .xls asks for a password: a FilePass record before the end of its first part."""
    at = 0
    while at + 4 <= len(stream):
        record = int.from_bytes(stream[at : at + 2], "little")
        if record in (0x2F, 0x0A):
            return record == 0x2F
        at += 4 + int.from_bytes(stream[at + 2 : at + 4], "little")
    return False


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {name.replace("\\", "/").lower().lstrip("/"): name for name in package.namelist()}
            small = ("mimetype", "[content_types].xml")
            heads = {key: package.open(names[key]).read(200_000) for key in small if key in names}
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as e:
        raise Refused("truncated") from e
    if not names:
        raise Refused("not_a_spreadsheet", "archive")
    mimetype = heads.get("mimetype", b"").strip()
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    if mimetype:
        raise Refused("not_a_spreadsheet", "opendocument" if b"opendocument" in mimetype else "archive")
    return _kind_of_package(set(names), heads.get("[content_types].xml", b""))


def _kind_of_package(names: set[str], types: bytes) -> str:
    ends = {name.rsplit("/", 1)[-1] for name in names}
    if "workbook.bin" in ends:
        return "xlsb"
    if "workbook.xml" in ends or b"spreadsheetml.sheet.main" in types or b"sheet.macroEnabled.main" in types:
        return "xlsx"
    if "word/document.xml" in names:
        raise Refused("not_a_spreadsheet", "word")
    if "ppt/presentation.xml" in names:
        raise Refused("not_a_spreadsheet", "slides")
    if any(name.endswith(".iwa") for name in names) or "index.zip" in names:
        raise Refused("unsupported", "numbers")
    if "content.xml" in names and "meta-inf/manifest.xml" in names:
        return "ods"
    if "[content_types].xml" in names:
        raise Refused("truncated")
    raise Refused("not_a_spreadsheet", "archive")
