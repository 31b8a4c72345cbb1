"""Any list as a workbook: the columns that the screen shows, in its order, with typed cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import _
from csdesk.services.files.writing import Heading, OutSheet, write_workbook


def write_listing(
    path: Path,
    title: str,
    columns: Sequence[Column],
    rows: Mapping[int, tuple[Any, ...]],
    ids: Sequence[int],
    keys: Sequence[str],
    words: Callable[[str, str], str],
) -> int:
    """Write the rows ``ids`` in that order with the columns ``keys``; returns how many. Raises StorageError.

    ``words`` says a stored word: (column key, value) to text.
    """
    places = [next(place for place, column in enumerate(columns) if column.key == key) for key in keys]
    shown = [columns[place] for place in places]
    headings = [Heading(_(column.title), column.kind, column.width / 7) for column in shown]
    found = [rows[row_id] for row_id in ids if row_id in rows]
    values = [[_cell(column, row[place], words) for column, place in zip(shown, places, strict=True)] for row in found]
    write_workbook(path, [OutSheet(title, headings, values)])
    return len(values)


def _cell(column: Column, value: Any, words: Callable[[str, str], str]) -> Any:
    if column.kind in (Kind.CHOICE, Kind.BADGE):
        return words(column.key, value) if value else None
    if column.kind == Kind.SHARE:
        return value[0] / value[1] if value and value[1] else None
    if column.kind == Kind.MONEY and isinstance(value, int):
        return Decimal(value).scaleb(-2)
    return value
