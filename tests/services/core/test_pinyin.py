"""The reading of characters: what pypinyin knows by itself is known here too."""

from __future__ import annotations

import json
from pathlib import Path

import pypinyin
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import constants

from csdesk.services.core.pinyin import pieces, reader


def test_all_phrases_are_known() -> None:
    assert "".join(reader()("\u91cd\u5e86\u957f\u5b89")) == "chongqingchangan"
    whole = json.loads(Path(pypinyin.__file__).with_name("phrases_dict.json").read_text(encoding="utf-8"))
    assert whole == constants.PHRASES_DICT


@given(st.dictionaries(st.text(), st.lists(st.lists(st.text()))), st.integers(0, 50))
def test_pieces_make_the_whole(phrases: dict[str, list[list[str]]], length: int) -> None:
    text = json.dumps(phrases, indent=0, ensure_ascii=False)
    found: dict[str, list[list[str]]] = {}
    for piece in pieces(text, length):
        found.update(json.loads(piece))
    assert found == phrases
