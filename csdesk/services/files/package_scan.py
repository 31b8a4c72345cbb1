"""A look over a zipped workbook before any reader opens it: is it safe, how far do its sheets reach, what do readers hide.

Everything is counted while it is unpacked: what the archive says about its own sizes is not believed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from csdesk.services.files.limits import Limits
from csdesk.services.files.refusal import Refused
from csdesk.services.files.sheet_scan import SheetFacts, scan_sheet

_PIECE = 2**20
_KNOWN_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"utf-16", b"utf-16le", b"utf-16be", b"iso-8859-1"}
_KNOWN_ENCODINGS |= {b"windows-1252", b"gbk", b"gb2312", b"gb18030", b"big5"}
_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_COUNT = re.compile(rb'<(?:\w+:)?sst\b[^>]*?(?:c|C)ount="(\d+)"(?:[^>]*?(?:c|C)ount="(\d+)")?')
_IGNORED = (
    ("macros", ("vbaproject.bin", "xl/macrosheets/", "basic/script-lc.xml", "scripts/python/")),
    ("links", ("xl/externallinks/", "xl/connections.xml")),
)
_MOST_STRINGS = 5_000_000


@dataclass(slots=True)
class PackageFacts:
    """What the scan found: the facts of each sheet by name, and whether the fast reader may be let near the file.

    `ignored`: what the file has beside its values, as codes: macros, links to other files.
    """

    ignored: list[str] = field(default_factory=list)
    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    fast: bool = True


def scan_package(data: bytes, kind: str, limits: Limits) -> PackageFacts:
    """Unpack and check every part. Raises Refused for bombs, unsafe XML and archives that break off."""
    facts = PackageFacts()
    by_part: dict[str, SheetFacts] = {}
    directory: dict[str, bytes] = {}
    total = 0
    entries = _entries(data, limits)
    names = [entry.filename.replace("\\", "/").lower().lstrip("/") for entry in entries]
    facts.ignored = [code for code, marks in _IGNORED if any(mark in name for name in names for mark in marks)]
    for entry in entries:
        part = _unpacked(data, entry, limits, limits.unpacked - total)
        total += len(part)
        name = entry.filename.replace("\\", "/").lower().lstrip("/")
        part = _checked(part)
        if kind == "xlsx":
            head = part[:2000]
            if b"<worksheet" in head or b":worksheet" in head:
                by_part[name] = scan_sheet(part, limits)
            elif name.endswith(("workbook.xml", "workbook.xml.rels")):
                directory[name] = part
            elif b"sst" in head:
                counts = [int(count) for found in _COUNT.finditer(head) for count in found.groups() if count]
                facts.fast = facts.fast and all(count <= _MOST_STRINGS for count in counts)
        elif name == "content.xml":
            from csdesk.services.files.ods_scan import scan_ods

            facts.sheets = scan_ods(part, limits)
    if any(sheet.area > limits.dense_cells for sheet in by_part.values()):
        facts.fast = False
    if kind == "xlsx":
        facts.sheets = _by_name(directory, by_part)
    return facts


def _entries(data: bytes, limits: Limits) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("truncated") from error
    if len(entries) > limits.parts:
        raise Refused("too_large")
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise Refused("damaged")  # two parts of one name: each program would read another one
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("unsupported", "locked_archive")
    return entries


def _unpacked(data: bytes, entry: zipfile.ZipInfo, limits: Limits, room: int) -> bytes:
    """The part, however large the archive claims it is."""
    start = entry.header_offset
    if start < 0 or data[start : start + 4] != b"PK\x03\x04" or start + 30 > len(data):
        raise Refused("truncated")
    begin = start + 30 + int.from_bytes(data[start + 26 : start + 28], "little")
    begin += int.from_bytes(data[start + 28 : start + 30], "little")
    packed = data[begin : begin + entry.compress_size]
    if len(packed) < entry.compress_size:
        raise Refused("truncated")
    room = min(room, limits.part)
    if entry.compress_type == zipfile.ZIP_STORED:
        if len(packed) > room:
            raise Refused("too_large")
        return packed
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused("unsupported", "odd_archive")
    return _inflated(packed, limits, room)


def _inflated(packed: bytes, limits: Limits, room: int) -> bytes:
    inflater = zlib.decompressobj(-15)
    pieces: list[bytes] = []
    size = 0
    try:
        for at in range(0, len(packed), 2**16):
            rest = packed[at : at + 2**16]
            while rest and not inflater.eof:
                piece = inflater.decompress(rest, _PIECE)
                size += len(piece)
                if size > room or (size > limits.ratio_from and size > limits.ratio * len(packed)):
                    raise Refused("too_large")
                pieces.append(piece)
                rest = inflater.unconsumed_tail
        pieces.append(inflater.flush())
    except zlib.error as error:
        raise Refused("truncated") from error
    if not inflater.eof and packed:
        raise Refused("truncated")
    return b"".join(pieces)


def _checked(part: bytes) -> bytes:
    """The part as UTF-8 where it is XML in UTF-16. Raises Refused for document types, entities and veiled encodings."""
    head = part[:400]
    if head.startswith((b"<\x00\x00\x00", b"\x00\x00\x00<", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"Lo\xa7\x94")):
        raise Refused("unsafe_xml")  # UTF-32 and EBCDIC: no office program writes them, and they veil what is in there
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        part = part.decode("utf-16", "replace").encode("utf-8", "replace")
    elif head.startswith((b"<\x00", b"\x00<")):
        part = part.decode("utf-16-le" if head[1:2] == b"\x00" else "utf-16-be", "replace").encode("utf-8", "replace")
    text = part[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith((b"<", b"+ADw")):
        return part
    named = _ENCODING.match(text)
    if text.startswith(b"+ADw") or (named and named[1].lower() not in _KNOWN_ENCODINGS):
        raise Refused("unsafe_xml")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Refused("unsafe_xml")
    return part


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _by_name(directory: dict[str, bytes], by_part: dict[str, SheetFacts]) -> dict[str, SheetFacts]:
    """The facts under the names that people see; nothing where the package's own directory cannot be followed."""
    from defusedxml import DefusedXmlException, ElementTree

    found: dict[str, SheetFacts] = {}
    for path, xml in directory.items():
        if path.endswith(".rels"):
            continue
        folder, name = posixpath.split(path)
        rels = directory.get(posixpath.join(folder, "_rels", name + ".rels"))
        try:
            targets = _targets(rels or b"<none/>", folder)
            for element in ElementTree.fromstring(xml).iter():
                if _local(element.tag) != "sheet":
                    continue
                link = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
                facts = by_part.get(targets.get(link, ""))
                if facts is not None:
                    found[element.attrib.get("name", "")] = facts
        except (ElementTree.ParseError, DefusedXmlException):
            return {}
    return found


def _targets(rels: bytes, folder: str) -> dict[str, str]:
    from defusedxml import ElementTree

    targets: dict[str, str] = {}
    for element in ElementTree.fromstring(rels).iter():
        target = element.attrib.get("Target", "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        targets[element.attrib.get("Id", "")] = posixpath.normpath(path).lower()
    return targets
