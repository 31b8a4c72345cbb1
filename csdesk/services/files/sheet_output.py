"""Rows on their way from a reader to the desk: made plain, trimmed, counted against the limits, sent in blocks."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from csdesk.services.files.frames import pack
from csdesk.services.files.limits import Limits
from csdesk.services.files.refusal import Refused
from csdesk.services.files.workbook import address

_BLOCK_ROWS, _BLOCK_CHARACTERS = 200, 200_000
_EXACT = 10**15
_ERRORS = {"#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!"}
_PLAIN = {bool, int, datetime.date, datetime.time}


class Output:
    """Sends one workbook, sheet by sheet."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self.stream, self.limits = stream, limits
        self.cells = self.characters = self.sent = 0
        self.noted: dict[str, tuple[list[str], int]] = {}

    def send(self, message: dict[str, Any]) -> None:
        """Send one message now."""
        self.stream.write(pack(message))
        self.stream.flush()

    def note(self, code: str, place: str = "", count: int = 1) -> None:
        """Remember something about the sheet being sent; the first places are kept."""
        places, before = self.noted.get(code, ([], 0))
        if place and len(places) < self.limits.listed:
            places.append(place)
        self.noted[code] = (places, before + count)

    def sheet(
        self,
        name: str,
        rows: Iterable[Sequence[Any]],
        *,
        hidden: bool = False,
        left: int = 0,
        expected: int = 0,
        facts: dict[str, Any] | None = None,
        errors: bool = False,
    ) -> None:
        """Send one sheet. `left` columns are missing at the left of each row; `errors`: error values come as texts."""
        self.send({"sheet": name[:255], "hidden": hidden, "expected": min(expected, self.limits.rows)})
        self._rows(rows, left, errors)
        notes = [{"code": code, "cells": places, "count": count} for code, (places, count) in self.noted.items()]
        self.noted = {}
        self.send({"end": facts or {}, "notes": notes})

    def _rows(self, rows: Iterable[Sequence[Any]], left: int, errors: bool) -> None:
        block: list[list[Any]] = []
        begun = over = False
        gap = 0
        for index, raw in enumerate(rows):
            row = self._plain(raw, index, left, errors) if raw else []
            if not row:
                gap += 1
            elif over or (begun and gap > self.limits.empty_rows) or index >= self.limits.rows:
                stray = begun and gap > self.limits.empty_rows
                over = over or stray
                self._skipped(row, index, stray=over or not begun)
                continue
            else:
                begun, gap = True, 0
                self.cells += len(row)
            if index < self.limits.rows and not over:
                block.append(row)
            if len(block) >= _BLOCK_ROWS or self.characters - self.sent > _BLOCK_CHARACTERS:
                self._flush(block)
                block = []
        self._flush(block)

    def _flush(self, block: list[list[Any]]) -> None:
        if self.cells > self.limits.cells or self.characters > self.limits.characters:
            raise Refused("too_large")
        self.sent = self.characters
        if block:
            self.send({"rows": block})

    def _skipped(self, row: list[Any], index: int, *, stray: bool) -> None:
        if not stray:
            self.note("rows_beyond")
            return
        for column, value in enumerate(row):
            if value is not None:
                self.note("stray", address(index, column))

    def _plain(self, raw: Sequence[Any], index: int, left: int, errors: bool) -> list[Any]:
        """The row as plain values without empty ones at its end."""
        row: list[Any] = [None] * left
        add = row.append
        longest = characters = 0
        for value in raw:
            kind = type(value)
            if kind is str:
                size = len(value)
                characters += size
                if size > longest:
                    longest = size
                add(None if not size or value.isspace() else value)
            elif kind is float:
                add(
                    int(value)
                    if value.is_integer() and -_EXACT < value < _EXACT
                    else self._odd_number(value, index, len(row))
                )
            elif value is None or kind in _PLAIN:
                add(value)
            else:
                add(self._other(value))
        if longest > self.limits.text or (errors and longest > 3):
            row = [self._odd_text(value, index, place, errors) for place, value in enumerate(row)]
        if len(row) > self.limits.columns:
            self._cut(row, index)
        while row and row[-1] is None:
            row.pop()
        self.characters += characters
        return row

    def _cut(self, row: list[Any], index: int) -> None:
        for column in range(self.limits.columns, len(row)):
            if row[column] is not None:
                self.note("columns_beyond", address(index, column))
        del row[self.limits.columns :]

    def _odd_text(self, value: Any, index: int, column: int, errors: bool) -> Any:
        if type(value) is not str:
            return value
        if errors and value in _ERRORS:
            self.note("error_cells", address(index, column))
            return None
        if len(value) <= self.limits.text:
            return value
        self.note("text_cut", address(index, column))
        return value[: self.limits.text]

    def _odd_number(self, value: float, index: int, column: int) -> float | int | None:
        if not math.isfinite(value):
            self.note("error_cells", address(index, column))
            return None
        if abs(value) >= _EXACT:
            self.note("long_numbers", address(index, column))
            return int(value) if abs(value) < 1e25 else value
        return value

    @staticmethod
    def _other(value: Any) -> Any:
        if isinstance(value, datetime.datetime):
            value = value.replace(tzinfo=None)
            if value.microsecond and value.year < datetime.MAXYEAR:
                # A moment is a fraction of a day in the file: what is left of it below a second is noise.
                value = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
            return value.date() if value.time() == datetime.time() else value
        if isinstance(value, datetime.timedelta):
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
        return str(value)
