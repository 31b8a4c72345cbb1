"""What product writes into its sheet, in either language and the usual spellings; the words stand in resources/words."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache

from csdesk.resources import resource
from csdesk.services.handover.headings import normal
from csdesk.services.handover.values import Cell, read_text

_NUMBER = re.compile(r"[A-Z]?\s*-?\s*0*(\d{1,9})\Z")


@cache
def _words() -> dict[str, object]:
    loaded: dict[str, object] = json.loads(resource("words", "product.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _table(key: str) -> dict[str, str]:
    """Word, made comparable → what it means, of one of the tables."""
    table = _words()[key]
    assert isinstance(table, dict)
    return {_comparable(word): value for value, words in table.items() for word in words}


@cache
def _undecided() -> frozenset[str]:
    words = _words()["undecided"]
    assert isinstance(words, list)
    return frozenset(map(_comparable, words))


def _comparable(text: str) -> str:
    """Without width, case, brackets, spaces and signs; a text of signs alone as it stands."""
    return normal(text) or unicodedata.normalize("NFKC", text).strip().casefold()


def field_of(heading: Cell) -> str | None:
    """The column that a heading names; None where it names none that is read."""
    text = read_text(heading)[0]
    return _table("headings").get(_comparable(text)) if text else None


def read_word(cell: Cell, key: str) -> tuple[str | None, str]:
    """What a cell of "reasonable" (yes, no), "scope", "size" or "decision" means. Code: unknown_word.

    A decision that is still open is none.
    """
    if isinstance(cell, bool):
        cell = "yes" if cell else "no"
    text = read_text(cell)[0]
    if not text:
        return None, ""
    word = _comparable(text)
    if key == "decision" and word in _undecided():
        return None, ""
    meant = _table(key).get(word)
    return (meant, "") if meant else (None, "unknown_word")


def read_number(cell: Cell) -> int | None:
    """The number of D-0012 or B-0003, however it was typed; None where the cell holds none."""
    text = read_text(cell)[0]
    found = _NUMBER.match(unicodedata.normalize("NFKC", text).strip().upper()) if text else None
    return int(found[1]) if found else None
