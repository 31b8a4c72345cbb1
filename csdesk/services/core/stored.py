"""Between Python values and the JSON-ready values that the journal and the bulk writer keep."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Table, bindparam, text

from csdesk.models.base import Moment, Money, from_cents, moment_text, to_cents

Encoder = Callable[[Any], Any]


def unchanged(value: Any) -> Any:
    """The encoder of columns whose values are kept as they are."""
    return value


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _cents(value: Any) -> int | None:
    return None if value is None else to_cents(value)


def _moment(value: datetime | None) -> str | None:
    return None if value is None else moment_text(value)


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _json_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def encoder(column: Column[Any]) -> Encoder:
    """How a Python value of this column is kept: cents, ISO days and moments, the rest as it is."""
    kind = column.type
    if isinstance(kind, Money):
        return _cents
    if isinstance(kind, Moment):
        return _moment
    if isinstance(kind, Date):
        return _day
    return unchanged


def decoder(column: Column[Any]) -> Encoder:
    """The way back from the journal to a Python value."""
    kind = column.type
    if isinstance(kind, Money):
        return lambda value: None if value is None else from_cents(value)
    if isinstance(kind, Moment):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    return unchanged


def driver_encoder(column: Column[Any]) -> Encoder:
    """What the SQLite driver itself is given, past SQLAlchemy: for bulk inserts."""
    if isinstance(column.type, JSON):
        return _json_text
    if isinstance(column.type, Boolean):
        return _flag
    return encoder(column)


@cache
def journalled(table: Table) -> tuple[Column[Any], ...]:
    """The columns that history and undo speak of: all but id, version, change times and what is derived."""
    silent = {"id", "version", "created_at", "updated_at"}
    return tuple(column for column in table.columns if column.name not in silent and not column.info.get("derived"))


def pack(ids: Iterable[int]) -> bytes:
    """Ids as an array of 64-bit integers."""
    return array("q", ids).tobytes()


def unpack(data: bytes | None) -> list[int]:
    """The ids of ``pack``."""
    ids = array("q")
    ids.frombytes(data or b"")
    return ids.tolist()


def many(ids: Iterable[int]) -> Any:
    """Ids as a subquery, however many: SQLite bounds the number of parameters, not of JSON values."""
    return text("SELECT value FROM json_each(:ids)").bindparams(bindparam("ids", json.dumps(list(ids)), unique=True))
