"""A report as data: what the preview, the printer, the PDF and the workbook all render, so that they cannot disagree.

Lengths are points (1/72 inch). Texts are plain text in the reader's language; nothing in them is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Value = str | int | Decimal | date | None


@dataclass(frozen=True)
class Span:
    """A run of text."""

    text: str
    bold: bool = False
    muted: bool = False


@dataclass(frozen=True)
class TierMark:
    """The letter of a tier in its frame: A white on black, B and C outlined."""

    tier: str


@dataclass(frozen=True)
class TickBox:
    """A box to tick with the pen."""


Piece = Span | TierMark | TickBox


@dataclass(frozen=True)
class Line:
    """One paragraph: pieces that flow and wrap together. ``small`` is caption size."""

    pieces: tuple[Piece, ...]
    small: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell's paragraphs, and its value where the sheet needs more than text."""

    lines: tuple[Line, ...] = ()
    value: Value = None


@dataclass(frozen=True)
class PaperColumn:
    """A column of a printed table: ``width`` in points, or a share of what is left where ``stretch`` is set.

    ``pen`` leaves room for handwriting behind a rule.
    """

    title: str = ""
    width: float = 0
    stretch: float = 0
    align: Literal["left", "right", "center"] = "left"
    pen: bool = False


@dataclass(frozen=True)
class Row:
    """A row that is never split over two pages. ``height`` is the least it takes; ``low`` sets its text at the foot."""

    cells: tuple[Cell, ...]
    height: float = 0
    low: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under heads. Without ``columns`` the report's own are used, whose head stands at the top of each page.

    ``plain`` leaves out the line below each row, ``tight`` most of the space in it.
    """

    rows: tuple[Row, ...]
    columns: tuple[PaperColumn, ...] = ()
    plain: bool = False
    tight: bool = False


@dataclass(frozen=True)
class Paragraphs:
    """Text over the whole width."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Ruled:
    """``count`` ruled lines for handwriting, ``height`` apart; ``fill`` takes what the page has left, at least that."""

    count: int
    height: float = 20
    fill: bool = False


@dataclass(frozen=True)
class Box:
    """A framed text, ``columns`` lines side by side; ``inverse`` prints heading and note white on black (internal)."""

    heading: str
    lines: tuple[Line, ...]
    inverse: bool = False
    note: str = ""
    columns: int = 1


@dataclass(frozen=True)
class Facts:
    """A strip of labelled facts side by side: (label, value). ``lead`` is how many times as wide the first one is."""

    facts: tuple[tuple[str, str], ...]
    lead: float = 1


@dataclass(frozen=True)
class Picture:
    """A drawing over the whole width, ``height`` points high: a PNG in black, white and greys."""

    png: bytes = field(repr=False)
    height: float


@dataclass(frozen=True)
class FoldLine:
    """A dashed line across the page with a word at its right end."""

    text: str


@dataclass(frozen=True)
class Halves:
    """Two columns of sections side by side; where they are too tall to leave room to write, one under the other."""

    left: tuple[Section, ...]
    right: tuple[Section, ...]


Block = Table | Paragraphs | Ruled | Box | Facts | Picture | FoldLine | Halves


@dataclass(frozen=True)
class Section:
    """A heading with what stands beside it (``note``) and at the right (``caption``), then blocks.

    Without a heading only the blocks are printed. ``bottom`` puts the section at the foot of the last page. ``rule``
    is the weight of the line above the heading, 0 for one beneath it. ``whole`` keeps it on one page, together with
    whole sections after it; ``new_page`` begins one.
    """

    heading: str = ""
    note: str = ""
    caption: str = ""
    blocks: tuple[Block, ...] = ()
    rule: float = 1.5
    bottom: bool = False
    whole: bool = False
    new_page: bool = False


@dataclass(frozen=True)
class Report:
    """A document: head, sections, foot. ``printed_at`` is shown as it is given, in local time."""

    title: str
    subtitle: str = ""
    summary: tuple[Line, ...] = ()
    columns: tuple[PaperColumn, ...] = ()
    sections: tuple[Section, ...] = ()
    footer: tuple[Piece, ...] = ()
    printed_at: datetime | None = None
    author: str = ""
    language: str = field(default="zh_CN")


def text(words: str, *, bold: bool = False, muted: bool = False, small: bool = False) -> Line:
    """A paragraph of one run."""
    return Line((Span(words, bold, muted),), small)


def cell(*lines: Line | str, value: Value = None) -> Cell:
    """A cell of these paragraphs; empty ones are left away."""
    kept = (text(line) if isinstance(line, str) else line for line in lines)
    return Cell(tuple(line for line in kept if line_text(line) or _has_mark(line)), value)


def _has_mark(line: Line) -> bool:
    return any(not isinstance(piece, Span) for piece in line.pieces)


def line_text(line: Line) -> str:
    """The words of a paragraph, marks as their letter."""
    return "".join(_piece_text(piece) for piece in line.pieces).strip()


def _piece_text(piece: Piece) -> str:
    if isinstance(piece, Span):
        return piece.text
    return piece.tier if isinstance(piece, TierMark) else ""


def cell_value(entry: Cell) -> Value:
    """What a sheet writes for a cell: its value, or its paragraphs one under the other."""
    if entry.value is not None:
        return entry.value
    return "\n".join(line_text(line) for line in entry.lines)


def report_rows(report: Report) -> list[list[Value]]:
    """The report's tables as plain rows for a sheet: each section's heading, then its rows."""
    rows: list[list[Value]] = [[report.title], [report.subtitle]]
    heads = [column.title for column in report.columns]
    if any(heads):
        rows.append([*heads])
    for section in report.sections:
        rows.extend(_section_rows(section))
    return rows


def _section_rows(section: Section) -> Iterable[list[Value]]:
    if section.heading:
        yield [section.heading, section.note, section.caption]
    for block in section.blocks:
        if isinstance(block, Table):
            if block.columns:
                yield [column.title for column in block.columns]
            for row in block.rows:
                yield [cell_value(entry) for entry in row.cells]
        elif isinstance(block, Box | Paragraphs):
            if isinstance(block, Box):
                yield [block.heading]
            for line in block.lines:
                yield [line_text(line)]
