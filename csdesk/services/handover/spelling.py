"""How a stored value stands in a cell of our own workbooks, and whether a cell that was read says the same. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from csdesk.models.vocabulary import PRODUCT_SEPARATOR, ContactRole
from csdesk.services.core.texts import _
from csdesk.services.handover import days
from csdesk.services.handover.fields import FIELDS, Holds
from csdesk.services.handover.rules import READERS
from csdesk.services.handover.values import Cell, read_amount

BETWEEN = " / "


def as_cell(key: str, value: Any) -> Cell | Decimal:
    """The value of a field as a cell; None where there is nothing to say. Amounts stay Decimal."""
    if value is None or value == "":
        return None
    if FIELDS[key].holds is Holds.ROLE:
        return _(ContactRole(value).label)
    return value  # type: ignore[no-any-return]


def says_the_same(key: str, old: Any, new: Any) -> bool:
    """Whether a cell that was read as ``new`` is what our own workbook writes for ``old``: then nobody changed it.

    Texts are trimmed and lists of names and phones evened out when they are read; that is no change.
    """
    if key not in FIELDS or old is None or old == "":
        return False
    cell = as_cell(key, old)
    holds = FIELDS[key].holds
    if holds is Holds.AMOUNT:
        return bool(read_amount(str(cell))[0] == new)
    if holds is Holds.DAY:
        return bool(days.read_day(cell)[0] == new)  # type: ignore[arg-type]
    reader = READERS.get(holds)
    if reader is None:
        return False
    read = reader(cell)[0]
    if isinstance(read, tuple):
        read = (PRODUCT_SEPARATOR if holds is Holds.PRODUCTS else BETWEEN).join(read)
    return bool(read == new)
