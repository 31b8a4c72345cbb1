"""Tables in markup that other programs call .xls: web pages, and Excel's XML of 2003."""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from csdesk.services.files.refusal import Refused

Table = tuple[str, bool, list[list[Any]], list[tuple[int, int, int, int]]]
"""Name, hidden, rows, merged ranges."""

_MOST_SPAN = 1000


class _Pages(HTMLParser):
    """Collects the outermost tables of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.depth = 0
        self.row = -1
        self.text: list[str] | None = None
        self.place = (0, 0)
        self.taken: set[tuple[int, int]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append((str(len(self.tables) + 1), False, [], []))
                self.row, self.taken = -1, set()
        elif self.depth == 1 and tag == "tr":
            self._close_cell()
            self.row += 1
            self.tables[-1][2].append([])
        elif self.depth == 1 and tag in ("td", "th"):
            self._close_cell()
            self._open_cell(dict(attrs))
        elif tag in ("br", "p", "div") and self.text:
            self.text.append("\n")
        elif tag in ("script", "style"):
            self._close_cell()

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.depth:
            self.depth -= 1
            if self.depth == 0:
                self._close_cell()
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        if self.row < 0:
            self.row = 0
            self.tables[-1][2].append([])
        column = len(self.tables[-1][2][self.row])
        while (self.row, column) in self.taken:
            column += 1
        across, down = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
        if across * down > 1:
            self.tables[-1][3].append((self.row, column, self.row + down - 1, column + across - 1))
            if across * down <= _MOST_SPAN:
                self.taken.update((self.row + i, column + j) for i in range(down) for j in range(across))
        self.place, self.text = (self.row, column), []

    def _close_cell(self) -> None:
        if self.text is None or not self.tables:
            self.text = None
            return
        row = self.tables[-1][2][self.place[0]]
        row.extend([None] * (self.place[1] - len(row)))
        lines = [" ".join(line.split()) for line in "".join(self.text).split("\n")]
        row.append("\n".join(line for line in lines if line))
        self.text = None


def _span(value: str | None) -> int:
    return min(int(value), _MOST_SPAN) if value and value.strip().isdecimal() and int(value[:9]) > 0 else 1


def html_tables(text: str) -> list[Table]:
    """The tables of a web page, each as a sheet. Raises Refused where it has none."""
    pages = _Pages()
    pages.feed(text)
    pages.close()
    pages._close_cell()
    tables = [table for table in pages.tables if any(any(row) for row in table[2])]
    if not tables:
        raise Refused("not_a_spreadsheet", "html")
    return tables


class _Office2003:
    """Follows Workbook, Worksheet, Row, Cell, Data."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.row = self.column = -1
        self.across = self.down = 0
        self.kind = ""
        self.text: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(" ", 1)[-1]
        here = {key.rsplit(" ", 1)[-1]: value for key, value in attributes.items()}
        if name == "Worksheet":
            self.tables.append((here.get("Name", ""), False, [], []))
            self.row = -1
        elif not self.tables:
            return
        elif name == "Row":
            self.row = _index(here.get("Index"), self.row + 1)
            self.column = -1
        elif name == "Cell":
            self.column = _index(here.get("Index"), self.column + 1 + self.across)
            self.across, self.down = (_count(here.get(key)) for key in ("MergeAcross", "MergeDown"))
            if self.across or self.down:
                end = (self.row + self.down, self.column + self.across)
                self.tables[-1][3].append((self.row, self.column, *end))
        elif name == "Data" and self.row >= 0 and self.column >= 0:
            self.kind, self.text = here.get("Type", "String"), []

    def end(self, tag: str) -> None:
        name = tag.rsplit(" ", 1)[-1]
        if name == "Row":
            self.across = 0
        if name != "Data" or self.text is None:
            return
        rows = self.tables[-1][2]
        if self.row >= 1_048_576 or self.column >= 16_384:
            raise Refused("too_large")
        rows.extend([] for _ in range(self.row + 1 - len(rows)))
        rows[self.row].extend([None] * (self.column + 1 - len(rows[self.row])))
        rows[self.row][self.column] = _typed("".join(self.text), self.kind)
        self.text = None

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)


def _index(value: str | None, otherwise: int) -> int:
    return int(value) - 1 if value and value.isdecimal() and len(value) < 8 and int(value) > 0 else otherwise


def _count(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 8 else 0


def _typed(text: str, kind: str) -> Any:
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.datetime.fromisoformat(re.sub(r"\.\d+$", "", text.strip()))
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() == "1"
    return None if kind == "Error" else text


def office_2003_tables(data: bytes) -> list[Table]:
    """The sheets of an Excel 2003 XML file. Raises Refused where it breaks off or declares a document type."""
    reader = _Office2003()
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_declaration: object) -> None:
        raise Refused("unsafe_xml")

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Refused("truncated") from error
    return reader.tables
