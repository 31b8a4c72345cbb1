"""Painters of the small pieces, for delegates and parts alike: the same picture in a table cell and on a card.

All take logical pixels, centre vertically in the given rectangle, draw from its left and return the width they took.
Badges are kept as pictures by text, state, theme and pixel ratio: three badge columns otherwise cost 20 ms a frame.
Texts are drawn as plain text. Colours are token names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QPixmapCache

from csdesk.ui.core import icons
from csdesk.ui.core.theme import color, font, metrics, px, theme

TONES = {
    "neutral": ("c_bg", "c"),
    "line": ("", "text"),
    "ok": ("green_bg", "green"),
    "warn": ("amber_bg", "amber"),
    "bad": ("red_bg", "red"),
    "blue": ("b_bg", "b"),
    "renew": ("renew_bg", "renew"),
    "overdue": ("overdue_bg", "overdue"),
}
"""Tones of a badge: ground and text. "line" is outlined; "overdue" is solid and bold."""

TIERS = {"A": ("a_bg", "a"), "B": ("b_bg", "b"), "C": ("c_bg", "c")}
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter


def cached(
    painter: QPainter, x: float, y: float, width: int, height: int, key: str, draw: Callable[[QPainter], None]
) -> None:
    """Draw a picture from the cache at x, y; ``draw`` makes it the first time, from 0, 0, for this theme and ratio."""
    ratio = painter.device().devicePixelRatio()
    name = f"{theme().serial}:{ratio}:{width}x{height}:{key}"
    picture = QPixmap()
    if not QPixmapCache.find(name, picture):
        picture = QPixmap(round(width * ratio), round(height * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        inner = QPainter(picture)
        inner.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        draw(inner)
        inner.end()
        QPixmapCache.insert(name, picture)
    painter.drawPixmap(round(x), round(y), picture)


def rounded(
    painter: QPainter, rect: QRectF | QRect, radius: float, fill: str = "", line: str = "", width: float = 1
) -> None:
    """A rounded rectangle with its line inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(color(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color(line), width) if line else Qt.PenStyle.NoPen)
    half = width / 2 if line else 0
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def badge_height() -> int:
    """Height of tier and state badges."""
    return max(px(20), metrics("caption").height() + 1)


def paint_tier(painter: QPainter, rect: QRect, tier: str, selected: bool = False) -> int:
    """The tier's square with its letter; a border in its colour on a selected row. Nothing for an unknown tier."""
    if tier not in TIERS:
        return 0
    side = badge_height()
    ground, ink = TIERS[tier]

    def draw(inner: QPainter) -> None:
        box = QRectF(0, 0, side, side)
        rounded(inner, box, 4, ground, ink if selected else "")
        _text(inner, box, tier, font("caption", True), ink, CENTER)

    cached(painter, rect.left(), rect.center().y() - side / 2 + 1, side, side, f"tier:{tier}:{selected}", draw)
    return side


def badge_width(text: str, tone: str = "neutral", icon: str = "") -> int:
    """The width that ``paint_badge`` takes."""
    letters = metrics("caption", tone == "overdue").horizontalAdvance(text)
    return letters + px(12) + (px(12) + 4 if icon else 0)


def paint_badge(
    painter: QPainter, rect: QRect, text: str, tone: str = "neutral", icon: str = "", selected: bool = False
) -> int:
    """A state badge: tinted rectangle, outlined for "line", solid and bold for "overdue"; elided into ``rect``."""
    if not text:
        return 0
    width, height = min(badge_width(text, tone, icon), max(0, rect.width())), badge_height()
    ground, ink = TONES[tone]
    bold = tone == "overdue"

    def draw(inner: QPainter) -> None:
        line = "control" if tone == "line" else ink if selected else ""
        rounded(inner, QRectF(0, 0, width, height), 4, ground, line)
        left = px(6)
        if icon:
            icons.paint(inner, icon, left, (height - px(12)) / 2, px(12), ink)
            left += px(12) + 4
        room = QRectF(left, 0, width - left - px(6) + 1, height)
        shown = fit(text, metrics("caption", bold), round(room.width()))
        _text(inner, room, shown, font("caption", bold), ink, LEFT)

    key = f"badge:{tone}:{icon}:{selected}:{text}"
    cached(painter, rect.left(), rect.center().y() - height / 2 + 1, width, height, key, draw)
    return width


def paint_check(painter: QPainter, rect: QRect, state: Qt.CheckState | bool, enabled: bool = True) -> int:
    """The tick box, 16 px: off, on, or partly (a dash)."""
    if isinstance(state, bool):
        state = Qt.CheckState.Checked if state else Qt.CheckState.Unchecked
    side = px(16)

    def draw(inner: QPainter) -> None:
        box = QRectF(0, 0, side, side)
        if state == Qt.CheckState.Unchecked:
            rounded(inner, box, 3, "surface" if enabled else "sunken", "control" if enabled else "divider")
            return
        rounded(inner, box, 3, "accent" if enabled else "control")
        pen = QPen(color("on_accent"), 1.5 * side / 16)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        inner.setPen(pen)
        unit = side / 16
        dash = [(4.6, 8.0), (11.4, 8.0)]
        tick = [(4.4, 8.3), (6.8, 10.7), (11.6, 5.3)]
        points = dash if state == Qt.CheckState.PartiallyChecked else tick
        inner.drawPolyline([QPointF(x * unit, y * unit) for x, y in points])

    cached(painter, rect.left(), rect.center().y() - side / 2 + 1, side, side, f"check:{state.value}:{enabled}", draw)
    return side


def paint_star(painter: QPainter, rect: QRect, on: bool) -> int:
    """The star: filled amber when set, a thin outline when not."""
    side = px(16)
    y = rect.center().y() - side / 2 + 1
    icons.paint(painter, "star", rect.left(), y, side, "ink_amber" if on else "control", filled=on)
    return side


def paint_bar(painter: QPainter, rect: QRect, fraction: float, ink: str = "ink_blue", height: int = 8) -> None:
    """A share of a whole as a bar over the width of ``rect``; more than the whole fills it."""
    tall = px(height)
    box = QRectF(rect.left(), round(rect.center().y() - tall / 2 + 1), rect.width(), tall)
    rounded(painter, box, 2, "sunken")
    part = QRectF(box)
    part.setWidth(box.width() * min(1.0, max(0.0, fraction)))
    if part.width() >= 1:
        rounded(painter, part, 2, ink)


def paint_capacity(painter: QPainter, rect: QRect, used: int, available: int, height: int = 8) -> None:
    """One box for each place of a day: filled when used, red beyond what there is."""
    count = max(used, available, 1)
    gap, tall = 1, px(height)
    wide = (rect.width() - gap * (count - 1)) / count
    for index in range(count):
        box = QRectF(rect.left() + index * (wide + gap), rect.center().y() - tall // 2, wide, tall)
        if index >= used:
            rounded(painter, box, 1, "sunken", "divider")
        else:
            rounded(painter, box, 1, "ink_red" if index >= available else "ink_blue")


def keycap_size(text: str) -> tuple[int, int]:
    """Width and height of a keycap."""
    return metrics("caption").horizontalAdvance(text) + px(8) + 2, px(16) + 2


def paint_keycap(
    painter: QPainter, rect: QRect, text: str, ink: str = "muted", line: str = "divider", ground: str = "window"
) -> int:
    """A key as it stands on the keyboard."""
    width, height = keycap_size(text)
    box = QRectF(rect.left(), round(rect.center().y() - height / 2 + 1), width, height)
    rounded(painter, box, 3, ground, line)
    _text(painter, box, text, font("caption"), ink, CENTER)
    return width


def paint_square(painter: QPainter, x: float, y: float, ink: str = "ink_red", side: int = 8) -> None:
    """The square that stands before a wrong field's sentence."""
    painter.fillRect(QRectF(x, y, px(side), px(side)), color(ink))


def paint_text(
    painter: QPainter, rect: QRect, text: str, role: str = "body", ink: str | QColor = "text", bold: bool = False,
    align: Qt.AlignmentFlag = LEFT,
) -> int:  # fmt: skip
    """One line of plain text, elided into ``rect``; the width of what was drawn."""
    shown = fit(text.replace("\n", " "), metrics(role, bold), rect.width())
    _text(painter, QRectF(rect), shown, font(role, bold), ink, align)
    return metrics(role, bold).horizontalAdvance(shown)


def paint_spans(
    painter: QPainter, rect: QRect, text: str, spans: Sequence[tuple[int, int]], role: str = "body", ink: str = "text"
) -> int:  # fmt: skip
    """One line in which the ``spans`` are bold and underlined in the accent; what does not fit is cut with …"""
    left = rect.left()
    for piece, matched in pieces(text.replace("\n", " "), spans):
        room = rect.right() - left
        if room <= 0:
            break
        measure: QFontMetrics = metrics(role, matched)
        shown = fit(piece, measure, room)
        width = measure.horizontalAdvance(shown)
        _text(painter, QRectF(left, rect.top(), width + 2, rect.height()), shown, font(role, matched), ink, LEFT)
        if matched:
            base = rect.center().y() + measure.height() // 2 - 1
            painter.fillRect(QRectF(left, base, width, 2), color("accent"))
        left += width
        if shown != piece:
            break
    return left - rect.left()


def fit(text: str, measure: QFontMetrics, width: int) -> str:
    """The text, or its beginning and … where it is wider than ``width``; what fits to the pixel stays whole."""
    if measure.horizontalAdvance(text) <= width:
        return text
    return measure.elidedText(text, Qt.TextElideMode.ElideRight, width)


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text cut at the spans: (piece, whether it matched). Spans may overlap or lie outside; nothing is lost."""
    marks = [False] * len(text)
    for start, end in spans:
        for index in range(max(0, start), min(end, len(text))):
            marks[index] = True
    found: list[tuple[str, bool]] = []
    for letter, mark in zip(text, marks, strict=True):
        if found and found[-1][1] == mark:
            found[-1] = (found[-1][0] + letter, mark)
        else:
            found.append((letter, mark))
    return found


def _text(painter: QPainter, rect: QRectF, text: str, face: QFont, ink: str | QColor, align: Qt.AlignmentFlag) -> None:
    painter.setFont(face)
    painter.setPen(ink if isinstance(ink, QColor) else color(ink))
    painter.drawText(rect, int(align.value) | int(Qt.TextFlag.TextSingleLine.value), text)
