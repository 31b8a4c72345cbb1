"""Text on paper: the font, paragraphs that wrap as Chinese is set, tier marks and tick boxes inside the line.

Everything is measured in tenths of a point, so that sizes such as 9.5 pt are whole pixels and the result does not depend on
the resolution of screen, printer or file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from csdesk.services.core.report import Line, Span, TickBox, TierMark
from csdesk.ui.core.fonts import bundled_family

PT = 10.0
"""Units to a point."""
BLACK = QColor(0, 0, 0)
MUTED = QColor(0x44, 0x44, 0x44)
RULE = QColor(0x99, 0x99, 0x99)
FALLBACKS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")
MARK = "\u00a0"
"""Stands in the text where a mark is painted; it does not break from the word before it."""


@dataclass(frozen=True)
class Style:
    """A size of type and its line height, in points."""

    size: float
    leading: float


BODY = Style(9.5, 14)
CAPTION = Style(8, 11)
TITLE = Style(17, 22)
HEADING = Style(11, 16)


@cache
def family() -> str:
    """The family that papers are set in: the bundled one, else the first Chinese one that this machine has."""
    bundled = bundled_family()
    if bundled:
        return bundled
    installed = set(QFontDatabase.families())
    return next((name for name in FALLBACKS if name in installed), QFont().defaultFamily())


@cache
def font(style: Style, bold: bool = False) -> QFont:
    """The paper's font, scaled with the page and never hinted to a screen."""
    made = QFont(family())
    made.setPixelSize(round(style.size * PT))
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setStyleStrategy(QFont.StyleStrategy.PreferOutline)
    return made


@cache
def metrics(style: Style, bold: bool = False) -> QFontMetricsF:
    """Measures of that font."""
    return QFontMetricsF(font(style, bold))


@dataclass(frozen=True)
class _Mark:
    position: int
    piece: TierMark | TickBox


class Paragraph:
    """A line of the report laid out in a width: ``height`` says what it takes, ``draw`` puts it at a point."""

    def __init__(
        self,
        line: Line,
        width: float,
        style: Style | None = None,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        most_lines: int = 40,
    ) -> None:
        self.style = style or (CAPTION if line.small else BODY)
        self._marks: list[_Mark] = []
        words = self._compose(line)
        self.is_empty = not words
        self._layout = QTextLayout(words, font(self.style))
        self._layout.setCacheEnabled(True)
        option = QTextOption(align)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.setFormats(self._formats)
        self.height = self._flow(max(width, 1.0), most_lines)

    @property
    def width(self) -> float:
        """The width that the text really takes."""
        return self._layout.maximumWidth() if self._layout.lineCount() < 2 else self._layout.boundingRect().width()

    @property
    def baseline(self) -> float:
        """How far below the top the first line stands."""
        box = metrics(self.style)
        return (self.style.leading * PT + box.ascent() - box.descent()) / 2

    def _compose(self, line: Line) -> str:
        self._formats: list[QTextLayout.FormatRange] = []
        text = ""
        for piece in line.pieces:
            if isinstance(piece, Span):
                words = " ".join(piece.text.split("\n")).replace("\t", " ")
                if piece.bold or piece.muted:
                    self._formats.append(self._run(len(text), _units(words), piece))
                text += words
            else:
                self._marks.append(_Mark(_units(text), piece))
                self._formats.append(self._gap(_units(text), 13 if isinstance(piece, TierMark) else 15))
                text += MARK
        return text

    def _run(self, start: int, length: int, piece: Span) -> QTextLayout.FormatRange:
        style = QTextCharFormat()
        if piece.bold:
            style.setFontWeight(QFont.Weight.Bold)
        if piece.muted:
            style.setForeground(MUTED)
        return _range(start, length, style)

    def _gap(self, start: int, points: float) -> QTextLayout.FormatRange:
        style = QTextCharFormat()
        style.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        style.setFontLetterSpacing(points * PT - metrics(self.style).horizontalAdvance(MARK))
        return _range(start, 1, style)

    def _flow(self, width: float, most_lines: int) -> float:
        leading = self.style.leading * PT
        box = metrics(self.style)
        drop = (leading - box.ascent() - box.descent()) / 2
        count = 0
        self._layout.beginLayout()
        while count < most_lines:
            line = self._layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, count * leading + drop))
            count += 1
        self._layout.endLayout()
        return max(count, 1) * leading

    def draw(self, painter: QPainter, x: float, y: float, color: QColor = BLACK) -> None:
        """Paint with the upper left corner at (x, y)."""
        if self.is_empty:
            return
        painter.setPen(color)
        self._layout.draw(painter, QPointF(x, y))
        for mark in self._marks:
            line = self._layout.lineForTextPosition(mark.position)
            if line.isValid():
                place: Any = line.cursorToX(mark.position)
                left = float(place[0] if isinstance(place, tuple) else place)
                middle = y + line.y() + line.height() / 2
                paint_mark(painter, mark.piece, x + left, middle, self.style)


@lru_cache(maxsize=4096)
def paragraph(
    line: Line, width: float, style: Style | None = None, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
) -> Paragraph:
    """The same paragraph for the same words: half of what stands on two hundred sheets is said on each of them."""
    return Paragraph(line, width, style, align)


def _range(start: int, length: int, style: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, style
    return made


def _units(text: str) -> int:
    """Length as Qt counts it: rare characters take two places."""
    return len(text.encode("utf-16-le")) // 2


def paint_mark(painter: QPainter, piece: TierMark | TickBox, x: float, middle: float, style: Style) -> None:
    """Paint a mark whose cell begins at ``x``, centred on ``middle``."""
    painter.save()
    if isinstance(piece, TickBox):
        side = 10 * PT
        painter.setPen(QPen(BLACK, 0.75 * PT))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(x + 1 * PT, middle - side / 2, side, side))
    else:
        frame = QRectF(x + 1 * PT, middle - 5.5 * PT, 11 * PT, 11 * PT)
        filled = piece.tier == "A"
        painter.setPen(QPen(BLACK, 0.75 * PT))
        painter.setBrush(BLACK if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 2 * PT, 2 * PT)
        painter.setPen(QColor(255, 255, 255) if filled else BLACK)
        painter.setFont(font(CAPTION, True))
        painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, piece.tier)
    painter.restore()
