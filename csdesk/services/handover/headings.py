"""What a heading says: made comparable, looked up in the tables of resources/import, its unit and currency read."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from csdesk.resources import resource

STRONG, PARTS, WEAK = 1.0, 0.9, 0.8
"""Confidence of a heading that the tables know, of one whose parts they know, of one that can mean several things."""

_BRACKETS = re.compile(r"[(\[{<\u3010\u300a\u3014].*?[)\]}>\u3011\u300b\u3015]")
_NOT_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_SEAM = re.compile(
    r"(?<=[\u4e00-\u9fff)])[\s/|(\uff08]+(?=[A-Za-z])|(?<=[A-Za-z.#])[\s/|)\uff09]+(?=[\u4e00-\u9fff])|\n|(?<=\S)/(?=\S)"
)
"""Between the two languages of a heading, or its two names."""


class How(StrEnum):
    """By what a column was recognised."""

    EXACT = "exact"
    ALIAS = "alias"
    LIKENESS = "likeness"
    CONTENT = "content"
    REMEMBERED = "remembered"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class Meaning:
    """What a heading probably means."""

    field: str
    confidence: float
    how: How


@cache
def words() -> dict[str, object]:
    """Words that values and rows are recognised by."""
    loaded: dict[str, object] = json.loads(resource("import", "words.json").read_text(encoding="utf-8"))
    return loaded


@cache
def word_set(key: str) -> frozenset[str]:
    """One list of ``words``, in lower case and half width."""
    found = words()[key]
    assert isinstance(found, list)
    return frozenset(unicodedata.normalize("NFKC", str(word)).casefold() for word in found)


@cache
def word_list(key: str) -> tuple[str, ...]:
    """One list of ``words`` in its order, in lower case and half width."""
    found = words()[key]
    assert isinstance(found, list)
    return tuple(unicodedata.normalize("NFKC", str(word)).casefold() for word in found)


@cache
def word_map(key: str) -> dict[str, int]:
    """One table of ``words`` that says what a word counts, in lower case and half width."""
    found = words()[key]
    assert isinstance(found, dict)
    return {unicodedata.normalize("NFKC", word).casefold(): int(value) for word, value in found.items()}


@lru_cache(maxsize=8192)
def normal(heading: str) -> str:
    """A heading without width, case, brackets, units, required marks, spaces and line breaks."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    bare = _NOT_WORD.sub("", _BRACKETS.sub("", text))
    return bare or _NOT_WORD.sub("", text)


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    strong: dict[str, str] = {}
    weak: dict[str, str] = {}
    ignored: set[str] = set()
    for name in ("headings_zh.json", "headings_en.json"):
        table = json.loads(resource("import", name).read_text(encoding="utf-8"))
        for field, aliases in table["fields"].items():
            strong.update((normal(alias), field) for alias in [*aliases, field.replace(".", "_")])
        for field, aliases in table["weak"].items():
            weak.update((normal(alias), field) for alias in aliases)
        ignored.update(normal(alias) for alias in table["ignored"])
    return strong, weak, frozenset(ignored)


def aliases() -> dict[str, str]:
    """Normalised heading → field key, without those that can mean several things."""
    return _tables()[0]


def is_known_but_not_taken(heading: str) -> bool:
    """Whether the tables say that such a column is not imported."""
    return normal(heading) in _tables()[2]


@lru_cache(maxsize=8192)
def meaning(heading: str) -> Meaning | None:
    """What the tables know about a heading; None where they know nothing."""
    strong, weak, ignored = _tables()
    key = normal(heading)
    if not key or len(key) > 40:
        return None
    if key in strong:
        return Meaning(strong[key], STRONG, How.EXACT)
    if key in ignored:
        return None
    if key in weak:
        return Meaning(weak[key], WEAK, How.ALIAS)
    bare = _DIGITS.sub("", key)
    if bare != key and bare in strong:
        return Meaning(strong[bare], PARTS, How.ALIAS)
    parts = _SEAM.split(heading.strip())
    known = {strong[normal(part)] for part in parts if normal(part) in strong}
    if len(parts) > 1 and len(known) == 1:
        return Meaning(known.pop(), PARTS, How.ALIAS)
    return None


@lru_cache(maxsize=2048)
def unit_of(heading: str) -> int:
    """What amounts below this heading are counted in: 10000 for units of ten thousand, 1000, 1000000; else 1."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return next((int(unit) for mark, unit in word_map("heading_units").items() if mark in text), 1)


@lru_cache(maxsize=2048)
def term_unit_of(heading: str) -> int:
    """How many months a bare number below this heading counts: 1 or 12; 0 where the heading does not say."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    for months, key in ((1, "months"), (12, "years")):
        if any(word in text for word in word_list(key) if len(word) > 2 or not word.isascii()):
            return months
    return 0


@cache
def currency_marks() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Currency codes with the pattern of their signs and names; those with longer signs first, so that HK$ is no dollar."""
    table = words()["currencies"]
    assert isinstance(table, dict)
    return tuple((code, _any_of(marks)) for code, marks in table.items())


def _any_of(marks: list[str]) -> re.Pattern[str]:
    wide = [unicodedata.normalize("NFKC", mark).casefold() for mark in marks]
    return re.compile(
        "|".join(
            rf"(?<![a-z]){re.escape(mark)}" + ("(?![a-z])" if mark[-1].isalpha() and mark.isascii() else "")
            if mark[0].isascii() and mark[0].isalpha()
            else re.escape(mark)
            for mark in wide
        )
    )


@lru_cache(maxsize=8192)
def currency_of(text: str) -> str | None:
    """The currency that a heading or a cell names; None where it names none."""
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return None
    lower = unicodedata.normalize("NFKC", text).casefold()
    return next((code for code, marks in currency_marks() if marks.search(lower)), None)


def fingerprint(headings: list[str]) -> str:
    """One name for a set of headings, whatever their order; a remembered mapping is found by it.

    Headings that are never imported do not count, so the workbook of refused rows has the name of the file it came from.
    """
    import hashlib

    joined = "\n".join(
        sorted(normal(heading) for heading in headings if heading and not is_known_but_not_taken(heading))
    )
    return hashlib.sha256(joined.encode()).hexdigest()[:32]
