"""Text tables: which encoding, which separator, which quotes. Values stay the texts that they are: 007 is 007."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from csdesk.services.files.refusal import Refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",\t;|"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 200_000
_LONGEST_FIELD = 131_072


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text table and how its rows are told apart. `quotes_ignored`: an open quote would have eaten the rest.

    `hinted`: the first row was a hint for Excel ("sep=;") and counts as an empty one.
    """

    text: str
    encoding: str
    delimiter: str
    count: int
    hinted: bool = False
    quotes_ignored: bool = False

    def rows(self) -> Iterator[list[str]]:
        """The rows one after the other; only one is held."""
        if self.hinted:
            yield []
        if not self.quotes_ignored:
            yield from csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
            return
        for line in io.StringIO(self.text, newline=None):
            yield [field.strip('"') for field in line.rstrip("\n").split(self.delimiter)]


def decoded(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and its encoding: the one wished, else told from the bytes. Raises Refused where it is no text."""
    if encoding:
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError) as error:
            raise Refused("wrong_encoding", encoding) from error
    name = _encoding_of(data)
    text = data.decode(name, "replace")
    if len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 100:
        raise Refused("not_a_spreadsheet", "unknown")
    return text, name


CHOICES = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be", "shift_jis", "euc_kr", "cp1252")
"""The encodings that a person may choose from."""


def possible_encodings(data: bytes) -> list[str]:
    """The encoding guessed, then all others in which the beginning of the file is text."""
    guessed = _encoding_of(data)
    sample = data[:_SAMPLE]
    others = [name for name in CHOICES if name != guessed and not guessed.startswith(name)]
    return [guessed, *(name for name in others if _begins_in(sample, name, whole=len(sample) == len(data)))]


def _begins_in(sample: bytes, encoding: str, *, whole: bool) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample, whole)
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text) and "\ufffe" not in text


def _encoding_of(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:4000]
    zeros = sample.count(0)
    if zeros > len(sample) // 5:
        name = "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"
        if len(data) % 2 == 0 and _decodes(data, name):
            return name
    if _decodes(data, "utf-8"):
        return "utf-8"
    simplified, traditional = _common_share(data, "gb18030"), _common_share(data, "big5")
    best, name = max((simplified, "gb18030"), (traditional - 0.05, "big5"))
    if best >= 0.5:
        return name
    unspaced = _looks_utf16(data)
    return unspaced or "cp1252"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _common_share(data: bytes, encoding: str) -> float:
    """The share of the foreign characters that are everyday ones when the bytes are read so; 0 where they cannot be."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    foreign = [character for character in text[:_SAMPLE] if character > "\x7f"]
    if not foreign:
        return 0.0
    everyday = 0
    for character, times in Counter(foreign).items():
        code = character.encode(encoding)
        if len(code) == 2:
            lead, trail = code
            if encoding == "big5":
                everyday += times * (0xA1 <= lead <= 0xC6)
            else:
                everyday += times * (trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3)))
    return everyday / len(foreign)


def _looks_utf16(data: bytes) -> str:
    """UTF-16 without a mark and almost without zeros: Chinese cells between separators that have a zero beside them."""
    if len(data) % 2:
        return ""
    for name, at in (("utf-16-le", 0), ("utf-16-be", 1)):
        pairs = sum(
            data[i + at] in b",;\t\r\n" and data[i + 1 - at] == 0 for i in range(0, min(len(data), 4000) - 1, 2)
        )
        if pairs >= 2 and _decodes(data, name):
            return name
    return ""


def is_markup(text: str) -> str:
    """ "html", "spreadsheetml", "flat_ods" or "xml" where the text is markup, "json" where it is that, else nothing."""
    head = text[:4000].lstrip("\ufeff \t\r\n")
    lower = head.lower()
    if lower.startswith(("<?xml", "<workbook")):
        if "urn:schemas-microsoft-com:office:spreadsheet" in head:
            return "spreadsheetml"
        if "office:document" in head:
            return "flat_ods"
        return "html" if re.search(r"<(html|table)\b", lower) else "xml"
    if re.match(r"<(!doctype|!--|html|head|body|meta|table|style|div|center)", lower) and (
        re.search(r"<(html|table|body)\b", text[:200_000].lower())
    ):
        return "html"
    return "json" if re.match(r'(\{\s*"|\[\s*[\[{])', head) else ""


def read_text(text: str, encoding: str) -> TextTable:
    """The table in a text. Raises Refused where there is nothing in it."""
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise Refused("empty_sheets")
    named = re.match(r'"?sep=([^\r\n"])"?\r?\n', text)
    if named:
        text = text[named.end() :]
    delimiter = named[1] if named else _delimiter_of(text)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        count = sum(1 for _row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return TextTable(text, encoding, delimiter, text.count("\n") + 1, bool(named), True)
    return TextTable(text, encoding, delimiter, count + bool(named), bool(named))


def _delimiter_of(text: str) -> str:
    """The separator under which most rows of the beginning have the same number of cells, more than one."""
    head = text[:_SAMPLE]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        if delimiter not in head:
            continue
        try:
            reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
            widths = Counter(len(row) for row, _ in zip(reader, range(100), strict=False) if any(row))
        except csv.Error:
            continue
        total = sum(widths.values())
        wide = {width: times for width, times in widths.items() if width > 1}
        if not wide:
            continue
        width, times = max(wide.items(), key=lambda item: (item[1], item[0]))
        score = times / total + sum(wide.values()) / total + min(width, 30) / 100
        if score > best_score:
            best, best_score = delimiter, score
    return best
