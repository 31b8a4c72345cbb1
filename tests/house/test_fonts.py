"""The type on paper: what is printed can be found again."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

STYLES = ("Regular", "Bold")
TWO_CODES_ARE_MEANT = {0x00A0, 0x2010, 0x2011}
TEXT = "客户 十二月小 户 金 力 ■▲●○"


def font_file(root: Path, style: str) -> Path:
    return root / f"resources/fonts/CSDeskSans-{style}.ttf"


@pytest.mark.parametrize("style", STYLES)
def test_each_glyph_has_one_code(root: Path, style: str) -> None:
    with TTFont(font_file(root, style), lazy=True) as font:
        points = font.getBestCmap()
    assert not [hex(point) for point in points if 0x2E80 <= point <= 0x2FDF], "radicals make 户 unfindable in a PDF"
    shared = Counter(glyph for point, glyph in points.items() if point not in TWO_CODES_ARE_MEANT)
    twice = {glyph: count for glyph, count in shared.items() if count > 1}
    assert not twice, f"glyphs with several codes copy as the wrong one: {list(twice)[:10]}"


@pytest.mark.parametrize("style", STYLES)
def test_gbk_and_rare_names_can_be_written(root: Path, style: str) -> None:
    with TTFont(font_file(root, style), lazy=True) as font:
        points = font.getBestCmap()
    gb2312 = {bytes((a, b)).decode("gb2312", "ignore") for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)} - {""}
    missing = [
        sign
        for sign in sorted(gb2312) + list("䶮㛃喆堃昇珺𬭎■▲●○□✓★→←↑↓−，。：；（）“”…—①②")
        if ord(sign) not in points
    ]
    assert not missing, f"{style} lacks {''.join(missing[:40])}"


def test_a_printed_text_is_the_text_that_was_typed(qtbot: QtBot, root: Path, tmp_path: Path) -> None:
    for style in STYLES:
        QFontDatabase.addApplicationFont(str(font_file(root, style)))
    face = QFont("CSDesk Sans", 12)
    assert QFontInfo(face).family() == "CSDesk Sans"
    writer = QPdfWriter(str(tmp_path / "paper.pdf"))
    painter = QPainter(writer)
    painter.setFont(face)
    painter.drawText(300, 300, TEXT)
    painter.end()
    del painter, writer
    codes = codes_in((tmp_path / "paper.pdf").read_bytes())
    lost = [sign for sign in TEXT if sign != " " and ord(sign) not in codes]
    assert not lost, f"copied from the PDF, {lost} would be something else"


def codes_in(pdf: bytes) -> set[int]:
    """Every code point that the PDF's tables for copying name."""
    found: set[int] = set()
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            plain = zlib.decompressobj().decompress(packed)
        except zlib.error:
            plain = packed
        if b"beginbfrange" in plain or b"beginbfchar" in plain:
            found |= {int(code, 16) for code in re.findall(rb"[<\s]([0-9A-Fa-f]{4})>", plain)}
    return found
