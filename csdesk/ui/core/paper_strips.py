"""The parts of a page: each block of a report as strips that are never split, measured and ready to paint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from csdesk.services.core.report import (
    Block,
    Box,
    Cell,
    Facts,
    FoldLine,
    Halves,
    Line,
    PaperColumn,
    Paragraphs,
    Picture,
    Report,
    Row,
    Ruled,
    Section,
    Span,
    Table,
    text,
)
from csdesk.services.core.texts import _
from csdesk.ui.core.paper_text import BLACK, CAPTION, HEADING, MUTED, PT, RULE, TITLE, Paragraph, Style, paragraph

WHITE = QColor(255, 255, 255)
TALLEST_HALVES = 420 * PT
ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}


Draw = Callable[[QPainter, float, float], None]


@dataclass
class Strip:
    """A part of a page that is never split: its height, how it is painted at (x, y)."""

    height: float
    draw: Draw
    keep: bool = False
    """Stays on the page of the strip after it."""
    gap: float = 0
    """Space above, none at the head of a page."""
    heads: Callable[[], tuple[Strip, ...]] = tuple
    """What is repeated above it where it begins a page; made only then."""
    fill: float = 0
    """A strip that is repeated in steps of this height as far as the page has room."""
    bottom: bool = False
    new_page: bool = False
    """Stands at the head of a page."""


Columns = tuple[PaperColumn, ...]


def section_strips(section: Section, columns: Columns, width: float) -> list[Strip]:
    """A section: its heading, which is never left alone and is repeated with "continued", then its blocks.

    ``columns`` are the report's own, for tables without some.
    """
    return [*_whole_strips(section, columns, width)] if section.whole else _strips(section, columns, width)


@lru_cache(maxsize=64)
def _whole_strips(section: Section, columns: Columns, width: float) -> tuple[Strip, ...]:
    """Whole sections are the same on each sheet of hundreds: room to write."""
    return tuple(_strips(section, columns, width))


def forget_strips() -> None:
    """Let go of what was kept for the next sheet, once the pages are set."""
    _whole_strips.cache_clear()
    paragraph.cache_clear()


def _strips(section: Section, columns: Columns, width: float) -> list[Strip]:
    strips: list[Strip] = []
    if section.heading:
        strips.append(_heading(section, section.note, width))
        strips[0].keep = bool(section.blocks)
    for block in section.blocks:
        for strip in block_strips(block, columns, width):
            strip.heads = partial(_repeated, section, width, strip.heads)
            strips.append(strip)
    for strip in strips:
        strip.bottom = section.bottom
        strip.keep = strip.keep or section.whole
    if strips:
        strips[0].new_page = section.new_page
    return strips


def _repeated(section: Section, width: float, inner: Callable[[], tuple[Strip, ...]]) -> tuple[Strip, ...]:
    if not section.heading:
        return inner()
    return (_heading(section, _("{note} (continued)").format(note=section.note).strip(), width), *inner())


def block_strips(block: Block, columns: Columns, width: float) -> list[Strip]:
    """The strips of one block."""
    if isinstance(block, Table):
        own = column_heads(block.columns, width)
        space = 1.0 if block.plain else 2.0 if block.tight else 6.0
        rows = [_row(row, block.columns or columns, width, space, ruled=not block.plain) for row in block.rows]
        for strip in own:
            strip.keep = True
        if own:
            for strip in rows:
                strip.heads = partial(tuple, own)
        return [*own, *rows]
    if isinstance(block, Paragraphs):
        return [_paragraph(line, width) for line in block.lines]
    if isinstance(block, Ruled):
        return _ruled(block, width)
    if isinstance(block, Box):
        return _box(block, width)
    if isinstance(block, Facts):
        return [_facts(block, width)]
    if isinstance(block, FoldLine):
        return [_fold(block, width)]
    if isinstance(block, Picture):
        return [_picture(block, width)]
    return _halves(block, columns, width)


def rule(painter: QPainter, x: float, y: float, width: float, points: float, color: QColor = BLACK) -> None:
    """A horizontal line whose upper edge is at ``y``."""
    painter.setPen(_pen(points, color.rgb()))
    painter.drawLine(QLineF(x, y + points * PT / 2, x + width, y + points * PT / 2))


@cache
def _pen(points: float, rgb: int) -> QPen:
    return QPen(QColor(rgb), points * PT)


def title_strip(report: Report, width: float) -> Strip:
    """The head of the first page: title and subtitle at the left, the summary at the right, a rule."""
    summary = [paragraph(line, width * 0.43, None, Qt.AlignmentFlag.AlignRight) for line in report.summary]
    room = width - max((entry.width for entry in summary), default=0.0) - 8 * PT
    title = paragraph(text(report.title, bold=True), room, TITLE)
    subtitle = paragraph(text(report.subtitle, muted=True), room) if report.subtitle else None
    left = title.height + (subtitle.height if subtitle else 0)
    right = sum(entry.height for entry in summary)
    height = max(left, right)

    def draw(painter: QPainter, x: float, y: float) -> None:
        title.draw(painter, x, y + height - left)
        if subtitle:
            subtitle.draw(painter, x, y + height - subtitle.height, MUTED)
        top = y + height - right
        for entry in summary:
            entry.draw(painter, x + width * 0.57, top)
            top += entry.height
        rule(painter, x, y + height + 5 * PT, width, 1.5)

    return Strip(height + 11 * PT, draw)


def running_title(report: Report, width: float) -> Strip:
    """The head of the pages after it."""
    words = paragraph(text(report.title, bold=True), width * 0.5)
    side = paragraph(text(report.subtitle, muted=True, small=True), width * 0.48, None, Qt.AlignmentFlag.AlignRight)

    def draw(painter: QPainter, x: float, y: float) -> None:
        words.draw(painter, x, y)
        side.draw(painter, x + width * 0.52, y + 2 * PT, MUTED)
        rule(painter, x, y + words.height + 2 * PT, width, 1.5)

    return Strip(words.height + 6 * PT, draw)


def _widths(columns: Sequence[PaperColumn], width: float) -> list[float]:
    shares = sum(column.stretch for column in columns)
    left = width - sum(column.width * PT for column in columns if not column.stretch)
    return [left * column.stretch / shares if column.stretch else column.width * PT for column in columns]


def column_heads(columns: Sequence[PaperColumn], width: float, below: float = 0) -> list[Strip]:
    """The heads of columns with a rule beneath and ``below`` of space; none where no column has a title."""
    if not any(column.title for column in columns):
        return []
    widths = _widths(columns, width)
    words = [
        paragraph(text(column.title, muted=True), size - 8 * PT, CAPTION, ALIGN[column.align])
        for column, size in zip(columns, widths, strict=True)
    ]
    height = max(entry.height for entry in words) + 4 * PT

    def draw(painter: QPainter, x: float, y: float) -> None:
        left = x
        for entry, size in zip(words, widths, strict=True):
            entry.draw(painter, left + 4 * PT, y + 2 * PT, MUTED)
            left += size
        rule(painter, x, y + height, width, 0.75)

    return [Strip(height + 0.75 * PT + below, draw)]


def _heading(section: Section, note: str, width: float) -> Strip:
    over = section.rule > 0
    inset = 4 * PT if over else 0
    words = paragraph(text(section.heading, bold=True), width * 0.7, HEADING)
    caption = remark = None
    taken = 0.0
    if section.caption:
        right = Qt.AlignmentFlag.AlignRight
        caption = paragraph(text(section.caption, muted=True, small=True), width * 0.55 - inset, None, right)
        taken = caption.width
    beside = words.width + inset + 8 * PT
    if note:
        remark = paragraph(text(note, muted=not over, small=not over), max(width - beside - taken - 16 * PT, 60 * PT))
    beside_high = max((part.height for part in (caption, remark) if part is not None), default=0.0)
    body = max(words.height, beside_high + (1 if over else 3) * PT)
    height = body + (7.5 if over else 3) * PT

    def draw(painter: QPainter, x: float, y: float) -> None:
        top = y + 5.5 * PT if over else y
        if over:
            rule(painter, x, y, width, section.rule)
        else:
            rule(painter, x, y + body + 1 * PT, width, 0.75)
        words.draw(painter, x + inset, top)
        if remark is not None:
            remark.draw(painter, x + beside, top + (1 if over else 3) * PT, BLACK if over else MUTED)
        if caption is not None:
            caption.draw(painter, x + width * 0.45, top + 3 * PT, MUTED)

    return Strip(height, draw, gap=6 * PT)


def _stack(lines: Iterable[Line], width: float, align: Qt.AlignmentFlag, style: Style | None = None) -> list[Paragraph]:
    return [paragraph(line, width, style, align) for line in lines]


def _row(row: Row, columns: Sequence[PaperColumn], width: float, space: float, ruled: bool) -> Strip:
    """``space`` is what stands above and below the text, in points. First lines share a baseline, large and small."""
    widths = _widths(columns, width)
    stacks = [
        _stack(entry.lines, size - 8 * PT, ALIGN[column.align])
        for entry, column, size in zip(_padded(row.cells, len(columns)), columns, widths, strict=True)
    ]
    baseline = max((stack[0].baseline for stack in stacks if stack), default=0.0)
    drops = [baseline - stack[0].baseline if stack else 0.0 for stack in stacks]
    tallest = max(
        (sum((entry.height for entry in stack), drop) for stack, drop in zip(stacks, drops, strict=True)), default=0
    )
    height = max(tallest + space * PT, row.height * PT)

    def draw(painter: QPainter, x: float, y: float) -> None:
        left = x
        for stack, drop, column, size in zip(stacks, drops, columns, widths, strict=True):
            if column.pen:
                painter.setPen(QPen(RULE, 0.5 * PT))
                painter.drawLine(QLineF(left, y, left, y + height))
            top = y + (space / 2 * PT if ruled else 0) + drop
            if row.low:
                top = y + height - 2 * PT - sum(entry.height for entry in stack)
            for entry in stack:
                entry.draw(painter, left + 4 * PT, top)
                top += entry.height
            left += size
        if ruled:
            rule(painter, x, y + height - 0.5 * PT, width, 0.5, RULE)

    return Strip(height, draw)


def _padded(cells: Sequence[Cell], count: int) -> list[Cell]:
    return [*cells, *[Cell()] * (count - len(cells))][:count]


def _paragraph(line: Line, width: float) -> Strip:
    words = paragraph(line, width)
    return Strip(words.height, lambda painter, x, y: words.draw(painter, x, y))


def _ruled(block: Ruled, width: float) -> list[Strip]:
    height = block.height * PT

    def draw(painter: QPainter, x: float, y: float) -> None:
        rule(painter, x, y + height - 0.5 * PT, width, 0.5, RULE)

    strips = [Strip(height, draw) for _number in range(block.count)]
    if block.fill and strips:
        strips[-1].fill = height
    return strips


def _box(block: Box, width: float) -> list[Strip]:
    """A framed text: a strip a line, so that a long one goes over to the next page, frame and all."""
    inner = width - 16 * PT
    size = (inner - (block.columns - 1) * 14 * PT) / block.columns
    lines = [paragraph(line, size) for line in block.lines]
    rows = [lines[at : at + block.columns] for at in range(0, len(lines), block.columns)]
    note = (Span("\u3000" + block.note),) if block.note else ()
    head = paragraph(Line((Span(block.heading, bold=True), *note)), inner)
    strips = [_box_part([head], width, block.inverse, True, not rows)]
    strips[0].keep = bool(rows)
    strips[0].gap = 6 * PT
    for number, row in enumerate(rows):
        strips.append(_box_part(row, width, False, False, number == len(rows) - 1, size + 14 * PT))
    return strips


def _box_part(row: list[Paragraph], width: float, inverse: bool, first: bool, last: bool, step: float = 0) -> Strip:
    above = (1 if inverse else 5) * PT if first else 1.5 * PT
    below = 5 * PT if last else 1 * PT if inverse else 0
    height = above + max(entry.height for entry in row) + below

    def draw(painter: QPainter, x: float, y: float) -> None:
        if inverse:
            painter.fillRect(QRectF(x, y, width, height), BLACK)
        painter.setPen(QPen(BLACK, 0.75 * PT))
        painter.drawLine(QLineF(x, y, x, y + height))
        painter.drawLine(QLineF(x + width, y, x + width, y + height))
        if first:
            painter.drawLine(QLineF(x, y, x + width, y))
        if last:
            painter.drawLine(QLineF(x, y + height, x + width, y + height))
        for place, entry in enumerate(row):
            entry.draw(painter, x + 8 * PT + place * step, y + above, WHITE if inverse else BLACK)

    return Strip(height, draw)


def _facts(block: Facts, width: float) -> Strip:
    share = width / (max(len(block.facts), 1) - 1 + block.lead)
    edges = [0.0, *(share * (block.lead + number) for number in range(len(block.facts)))]
    pairs = []
    for number, (label, value) in enumerate(block.facts):
        room = edges[number + 1] - edges[number] - 12 * PT
        words = paragraph(text(value, bold=number == 0), room)
        pairs.append((paragraph(text(label, muted=True), room, CAPTION), words))
    height = max((label.height + value.height for label, value in pairs), default=0) + 10 * PT

    def draw(painter: QPainter, x: float, y: float) -> None:
        for number, (label, value) in enumerate(pairs):
            left = x + edges[number]
            if number:
                painter.setPen(QPen(RULE, 0.5 * PT))
                painter.drawLine(QLineF(left, y + 2 * PT, left, y + height - 4 * PT))
            inset = 8 * PT if number else 0
            label.draw(painter, left + inset, y + 2 * PT, MUTED)
            value.draw(painter, left + inset, y + 2 * PT + label.height)
        rule(painter, x, y + height - 1 * PT, width, 0.75)

    return Strip(height, draw)


def _picture(block: Picture, width: float) -> Strip:
    image, height = QImage.fromData(block.png), block.height * PT
    small: dict[int, QImage] = {}

    def fitting(across: int) -> QImage:
        """As large as a screen shows it: halved by the painter alone, thin lines would break."""
        if across >= image.width():
            return image
        if across not in small:
            small.clear()
            small[across] = image.scaledToWidth(max(1, across), Qt.TransformationMode.SmoothTransformation)
        return small[across]

    def draw(painter: QPainter, x: float, y: float) -> None:
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.LosslessImageRendering)
        device = painter.device()
        across = round(width * painter.combinedTransform().m11() * device.devicePixelRatio())
        painter.drawImage(QRectF(x, y, width, height), fitting(across))
        painter.restore()

    return Strip(height, draw)


def _fold(block: FoldLine, width: float) -> Strip:
    words = paragraph(text(block.text, muted=True), width, CAPTION, Qt.AlignmentFlag.AlignRight)

    def draw(painter: QPainter, x: float, y: float) -> None:
        words.draw(painter, x, y, MUTED)
        pen = QPen(BLACK, 0.75 * PT, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        middle = y + words.height / 2
        painter.drawLine(QLineF(x, middle, x + width - words.width - 6 * PT, middle))

    return Strip(words.height + 2 * PT, draw, keep=True, gap=4 * PT)


def _halves(block: Halves, columns: Columns, width: float) -> list[Strip]:
    size = (width - 14 * PT) / 2
    sides = [
        [strip for section in half for strip in section_strips(section, columns, size)]
        for half in (block.left, block.right)
    ]
    height = max(sum(strip.gap + strip.height for strip in side) for side in sides)
    if height > TALLEST_HALVES:
        return [strip for section in (*block.left, *block.right) for strip in section_strips(section, columns, width)]

    def draw(painter: QPainter, x: float, y: float) -> None:
        for number, side in enumerate(sides):
            top = y
            for place, strip in enumerate(side):
                top += strip.gap if place else 0
                strip.draw(painter, x + number * (size + 14 * PT), top)
                top += strip.height

    return [Strip(height, draw, gap=7 * PT)]


def footer(report: Report, width: float, number: int, count: int, printed: str) -> Strip:
    """The line at the foot of page ``number`` of ``count``."""
    left = paragraph(Line(report.footer, True), width * 0.6)
    place = _("page {n} of {count}").format(n=number, count=count)
    words = _("printed {when} · {place}").format(when=printed, place=place) if printed else place
    right = paragraph(text(words, muted=True), width * 0.4, CAPTION, Qt.AlignmentFlag.AlignRight)

    def draw(painter: QPainter, x: float, y: float) -> None:
        rule(painter, x, y, width, 0.5)
        left.draw(painter, x, y + 4 * PT, MUTED)
        right.draw(painter, x + width * 0.6, y + 4 * PT, MUTED)

    return Strip(15 * PT, draw)
