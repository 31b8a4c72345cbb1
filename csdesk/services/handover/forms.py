"""Forms (a label beside each value, one customer or several below each other) and transposed tables."""

from __future__ import annotations

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
    inline: str = ""


def find_forms(sheet: str, rows: Grid, table_hits: int) -> list[Table]:
    """The sheet as forms or as a transposed table; nothing where it rather is a table with ``table_hits`` headings."""
    if len(rows) > LARGEST:
        return []
    labels = _labels(rows)
    fields = {label.field for label in labels}
    if NAME not in fields or len(fields) < max(3, 2 * table_hits) or len({label.row for label in labels}) < 3:
        return []
    return [_transposed(sheet, rows, labels) or _form(sheet, rows, labels)]


def _labels(rows: Grid) -> list[Label]:
    found = []
    for index, row in enumerate(rows):
        for column, cell in enumerate(row[:40]):
            if isinstance(cell, str) and 0 < len(cell) < 200:
                label = _label(index, column, cell)
                if label:
                    found.append(label)
    return found


def _label(row: int, column: int, cell: str) -> Label | None:
    text = cell.strip()
    meaning = headings.meaning(text) if len(text) <= 40 else None
    if meaning:
        return Label(row, column, text, meaning.field)
    for mark in MARKS:
        head, found, rest = text.partition(mark)
        meaning = headings.meaning(head) if found and len(head) <= 20 else None
        if meaning and rest.strip():
            return Label(row, column, head, meaning.field, rest.strip())
    return None


def _transposed(sheet: str, rows: Grid, labels: list[Label]) -> Table | None:
    """One customer a column: all labels stand in one column and the name's row has several values to the right."""
    column = min(label.column for label in labels)
    stacked = [label for label in labels if label.column == column and not label.inline]
    name = next((label for label in stacked if label.field == NAME), None)
    if name is None or len(stacked) < 3 or len(stacked) * 10 < len(labels) * 8:
        return None
    values = [index for index in range(column + 1, len(rows[name.row])) if is_filled(rows[name.row][index])]
    if len(values) < 2:
        return None
    return Table(
        sheet,
        Layout.TRANSPOSED,
        column + 1,
        [label.text for label in stacked],
        [label.row for label in stacked],
        [[_at(rows, label.row, value) for label in stacked] for value in values],
        [name.row + 1 for _ in values],
        places=[[(label.row, value) for label in stacked] for value in values],
        parents=["" for _ in stacked],
    )


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
    if label.inline:
        return label.inline, (label.row, label.column)
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


def _small_table(rows: Grid, header: int, found: list[Label], by_row: dict[int, list[Label]], records: _Records) -> int:
    index = header + 1
    while index < len(rows) and index not in by_row:
        if not any(is_filled(_at(rows, index, label.column)) for label in found):
            break
        for label in found:
            value = _at(rows, index, label.column)
            if is_filled(value):
                records.put(label, value, (index, label.column))
        index += 1
    return index


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
