"""What stands in a cell: the text of a value by the kind of its column, and the value as other programs want it.

One place for the screen and the clipboard. Texts are plain; amounts come as integer cents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from csdesk.services.core import formats
from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import _

NEAR_DAYS = 60
RIGHT_KINDS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.SHARE})
CONTACT_LIMITS = {"A": 14, "B": 30, "C": 60}
"""Days without any contact after which a tier's account is late, unless the settings say otherwise."""

Words = Callable[[str, str], str]
"""Says a stored word: (column key, value) to text."""


def cell_text(column: Column, value: Any, today: date, words: Words) -> str:
    """The value as people read it; "" for an empty text, a dash for a day or number that is not known."""
    kind = column.kind
    if kind == Kind.MONEY:
        return formats.cents(value)
    if kind == Kind.NUMBER:
        return formats.number(value)
    if kind == Kind.SHARE:
        return formats.share(*value) if value is not None else formats.NOTHING
    if kind == Kind.DAY:
        near = value is not None and abs((value - today).days) <= NEAR_DAYS
        return formats.day_near(value, today) if near else formats.day_iso(value)
    if kind == Kind.LAST_CONTACT:
        return formats.day_short(value, today)
    if kind == Kind.ENDS:
        return formats.day_iso(value)
    if kind == Kind.MOMENT:
        return formats.moment_near(value, today) if isinstance(value, datetime) else formats.NOTHING
    if kind in (Kind.CHOICE, Kind.BADGE):
        return words(column.key, value) if value else ""
    if kind == Kind.STAR:
        return _("Starred") if value else ""
    return "" if value is None else str(value)


def cell_copy(column: Column, value: Any, shown: str) -> str:
    """The value as a spreadsheet takes it: amounts without separators, shares as fractions, days as ISO, else what is shown."""
    if value is None:
        return ""
    if column.kind == Kind.MONEY:
        return str(Decimal(value).scaleb(-2))
    if column.kind == Kind.NUMBER:
        return str(value)
    if column.kind == Kind.SHARE:
        counted, base = value
        return f"{counted / base:.4f}" if base else ""
    if isinstance(value, datetime):
        return formats.moment_long(value)
    if isinstance(value, date):
        return value.isoformat()
    return shown


def is_late(tier: Any, last: date | None, today: date, limits: Mapping[str, int]) -> bool:
    """Whether nobody spoke with the account for longer than its tier allows."""
    limit = limits.get(str(tier or ""))
    return limit is not None and last is not None and (today - last).days > limit
