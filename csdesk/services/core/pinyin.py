"""How Chinese characters are read. pypinyin is loaded on first use, without holding the other threads up."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

PIECE = 100_000
_BETWEEN = '],\n"'


@cache
def reader() -> Callable[[str], list[str]]:
    """Gives one syllable for each Chinese character and one entry for each other character."""
    _load()
    from pypinyin import Style, lazy_pinyin

    def read(words: str) -> list[str]:
        return lazy_pinyin(words, style=Style.NORMAL, errors=list, v_to_u=False)  # type: ignore[arg-type]

    return read


def _load() -> None:
    """Import pypinyin, its 2.5 MB of phrases piece by piece: in one call, as by itself, the window would stand still."""
    os.environ["PYPINYIN_NO_PHRASES"] = "1"
    try:
        import pypinyin
    finally:
        os.environ.pop("PYPINYIN_NO_PHRASES", None)
    text = Path(pypinyin.__file__).with_name("phrases_dict.json").read_text(encoding="utf-8")
    phrases: dict[str, list[list[str]]] = {}
    for piece in pieces(text):
        phrases.update(json.loads(piece))
    pypinyin.load_phrases_dict(phrases)


def pieces(text: str, length: int = PIECE) -> Iterator[str]:
    """A JSON object of arrays as several smaller ones, cut between two entries that stand on lines of their own."""
    at = 0
    while (cut := text.find(_BETWEEN, at + length)) >= 0:
        yield ("{" if at else "") + text[at : cut + 1] + "}"
        at = cut + 3
    yield ("{" if at else "") + text[at:]
