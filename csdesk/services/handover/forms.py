"""Forms (a label beside each value, one customer or several below each other) and transposed tables."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from csdesk.services.handover import headings
from csdesk.services.handover.fields import FIELDS, NAME
from csdesk.services.handover.tables import Grid, Layout, Table, is_filled
from csdesk.services.handover.values import Cell

LARGEST = 2000
"""A sheet with more rows than this is no form."""
MARKS = ":\uff1a"


@dataclass(frozen=True)
class Label:
    """A known heading that stands somewhere on the sheet; ``inline`` is what follows it in its own cell."""

    row: int
    column: int
    text: str
    field: str
    inline: str | None = None


def find_forms(sheet: str, rows: Grid, table_hits: int) -> list[Table]:
    """The sheet as forms or as a transposed table; nothing where it rather is a table with ``table_hits`` headings."""
    if len(rows) > LARGEST:
        return []
    labels = _labels(rows)
    fields = {label.field for label in labels}
    levels = len({label.row for label in labels})
    if NAME not in fields or len(fields) < max(3, 2 * table_hits) or levels < (3 if table_hits else 2):
        return []
    return [_transposed(sheet, rows, labels) or _form(sheet, rows, labels)]


def _labels(rows: Grid) -> list[Label]:
    found = []
    for index, row in enumerate(rows):
        for column, cell in enumerate(row[:40]):
            if isinstance(cell, str) and 0 < len(cell) < 400:
                found += _labels_in(index, column, cell)
    return found


_INLINE = re.compile(r"(?:^|(?<=[\s;,\u3001\uff0c\uff1b]))([^\s:;,\u3001\uff0c\uff1b\uff1a]{2,20})\s*[:\uff1a]")


def _labels_in(row: int, column: int, cell: str) -> list[Label]:
    """The labels in one cell: none, one that is the whole cell, or several with their values behind them."""
    text = cell.strip()
    meaning = headings.meaning(text) if len(text) <= 40 else None
    if meaning:
        return [Label(row, column, text, meaning.field)]
    marks = [(found, known) for found in _INLINE.finditer(text) if (known := headings.meaning(found[1]))]
    if not marks or (len(marks) == 1 and marks[0][0].start() > 0):
        return []
    ends = [found.start() for found, _known in marks[1:]] + [len(text)]
    labels = []
    for (found, known), end in zip(marks, ends, strict=True):
        value = text[found.end() : end].strip().rstrip(";,\u3001\uff0c\uff1b").strip()
        if value or len(marks) > 1:
            labels.append(Label(row, column, found[1], known.field, value))
    return labels


def _transposed(sheet: str, rows: Grid, labels: list[Label]) -> Table | None:
    """One customer a column: most labels stand in one column and the name's row has several values to the right."""
    columns = Counter(label.column for label in labels if label.inline is None)
    column = max(columns, key=lambda found: (columns[found], -found), default=0)
    stacked = [label for label in labels if label.column == column and label.inline is None]
    name = next((label for label in stacked if label.field == NAME), None)
    if name is None:
        return None
    stacked = [label for label in stacked if label.row >= name.row]
    beside = [label for label in labels if label.column > column and label.row >= name.row]
    values = [index for index in range(column + 1, len(rows[name.row])) if is_filled(rows[name.row][index])]
    if len(stacked) < 3 or len(beside) * 4 > len(stacked) or len(values) < 2:
        return None
    everything = _rows_below(rows, name.row, column, {label.row: label.text for label in stacked})
    return Table(
        sheet,
        Layout.TRANSPOSED,
        column + 1,
        [text for _row, text, _group in everything],
        [row for row, _text, _group in everything],
        [[_at(rows, row, value) for row, _text, _group in everything] for value in values],
        [name.row + 1 for _ in values],
        places=[[(row, value) for row, _text, _group in everything] for value in values],
        parents=[group for _row, _text, group in everything],
    )


def _rows_below(rows: Grid, top: int, column: int, known: dict[int, str]) -> list[tuple[int, str, str]]:
    """Each labelled row of a transposed table with the group beside it, those that nobody knows included."""
    found = []
    group = ""
    for index in range(top, len(rows)):
        beside = [cell for cell in rows[index][:column] if isinstance(cell, str) and is_filled(cell)]
        group = beside[-1] if beside else group
        text = _at(rows, index, column)
        if index in known or (isinstance(text, str) and is_filled(text) and len(text) <= 40 and index < max(known)):
            found.append((index, known.get(index) or str(text), group))
    return found


def _at(rows: Grid, row: int, column: int) -> Cell:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


class _Records:
    """Records under construction: each a mapping of heading → (value, place)."""

    def __init__(self) -> None:
        self.headings: list[str] = []
        self.fields: list[str] = []
        self.records: list[dict[str, tuple[Cell, tuple[int, int]]]] = []
        self.name: tuple[Cell, tuple[int, int]] | None = None

    def put(self, label: Label, value: Cell, place: tuple[int, int]) -> None:
        """Add a value; a second customer, contact or contract starts a record of its own."""
        key = next((text for text, field in zip(self.headings, self.fields, strict=True) if field == label.field), None)
        if key is None:
            key = label.text
            self.headings.append(key)
            self.fields.append(label.field)
        if label.field == NAME:
            self.name = (value, place)
            self.records.append({key: self.name})
            return
        if not self.records:
            self.records.append({})
        if key in self.records[-1] and FIELDS[label.field].group in ("contact", "contract"):
            self.records.append({})
            if self.name is not None:
                self.records[-1][self.headings[self.fields.index(NAME)]] = self.name
        self.records[-1].setdefault(key, (value, place))


def _form(sheet: str, rows: Grid, labels: list[Label]) -> Table:
    taken = {(label.row, label.column) for label in labels}
    by_row: dict[int, list[Label]] = {}
    for label in labels:
        by_row.setdefault(label.row, []).append(label)
    records = _Records()
    below = 0
    for index in sorted(by_row):
        if index < below:
            continue
        found = by_row[index]
        if _is_heading(found):
            below = _small_table(rows, index, found, by_row, records)
            continue
        for label in found:
            records.put(label, *_value(rows, label, taken))
    return _as_table(sheet, labels, records)


def _value(rows: Grid, label: Label, taken: set[tuple[int, int]]) -> tuple[Cell, tuple[int, int]]:
    if label.inline is not None:
        return label.inline or None, (label.row, label.column)
    row = rows[label.row]
    for column in range(label.column + 1, len(row)):
        if (label.row, column) in taken:
            break
        if is_filled(row[column]):
            return row[column], (label.row, column)
    return None, (label.row, label.column + 1)


def _is_heading(found: list[Label]) -> bool:
    """Three labels side by side are the heading of a small table inside the form."""
    columns = [label.column for label in found]
    return len(found) >= 3 and all(b - a == 1 for a, b in pairwise(columns))


_SECTION = re.compile(r"\s*(?:[\u4e00-\u5341]+|[IVX\d]+)\s*[.\u3001\uff0e)\uff09]")


def _small_table(rows: Grid, header: int, found: list[Label], by_row: dict[int, list[Label]], records: _Records) -> int:
    index = header + 1
    while index < len(rows) and index not in by_row:
        values = [_at(rows, index, label.column) for label in found]
        if not any(map(is_filled, values)) or _is_section(rows[index]):
            break
        for label, value in zip(found, values, strict=True):
            if is_filled(value):
                records.put(label, value, (index, label.column))
        index += 1
    return index


def _is_section(row: list[Cell]) -> bool:
    """Whether a row only gives the next part of the form its title."""
    filled = [cell for cell in row if is_filled(cell)]
    if len(filled) != 1 or not isinstance(filled[0], str):
        return False
    text = filled[0].strip()
    return bool(_SECTION.match(text)) or text.casefold().rstrip(MARKS).endswith(headings.word_list("sections"))


def _as_table(sheet: str, labels: list[Label], records: _Records) -> Table:
    heads = records.headings
    first = {label.text: (label.row, label.column) for label in reversed(labels)}
    rows: Grid = []
    places: list[list[tuple[int, int]]] = []
    for record in records.records:
        rows.append([record[head][0] if head in record else None for head in heads])
        places.append([record[head][1] if head in record else first[head] for head in heads])
    name = records.fields.index(NAME)
    return Table(
        sheet,
        Layout.FORM,
        min(label.row for label in labels) + 1,
        heads,
        list(range(len(heads))),
        rows,
        [place[name][0] + 1 for place in places],
        places=places,
        parents=["" for _ in heads],
    )
