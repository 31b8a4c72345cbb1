"""A figure as a tile: name, value with its counts, target with its mark, change, and the line it has drawn up to now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.parts.marks import set_tip
from csdesk.ui.core.theme import color, metrics, px

HEIGHT, SPARK = 124, 16
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
MET, MISSED = "\u2713", "!"


@dataclass(frozen=True)
class TileWords:
    """What a tile says. ``met`` None: there is no target, or nothing to measure against it."""

    name: str
    value: str
    counts: str = ""
    target: str = ""
    met: bool | None = None
    below: tuple[str, ...] = ()


class KpiTile(Press):
    """One figure. Pressed, it leads to its formula and rows; ← and → go to the tiles beside it."""

    stepped = Signal(int)
    menu_wanted = Signal(object)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.key = key
        self.said = TileWords("", "")
        self.spark: tuple[float | None, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_words(self, said: TileWords) -> None:
        """Show a figure in words."""
        self.said = said
        self.set_words(said.name)
        self.setAccessibleName(f"{said.name}: {said.value}")
        told = [said.counts, f"{self.mark()} {said.target}".strip(), *said.below]
        self.setAccessibleDescription(_(", ").join(filter(None, told)))
        set_tip(self, "\n".join(filter(None, [said.name, *told])))
        self.update()

    def show_spark(self, values: Sequence[float | None]) -> None:
        """Show what the figure was in the periods up to this one, the oldest first."""
        self.spark = tuple(values)
        self.update()

    def mark(self) -> str:
        """The sign before the target."""
        return "" if self.said.met is None else MET if self.said.met else MISSED

    def sizeHint(self) -> QSize:
        return QSize(px(150), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(110), px(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in STEPS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.stepped.emit(STEPS[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 6, self._ground(), "divider")
        if self.said.met is False:
            self._paint_edge(painter)
        left, top, room = px(15), px(10), self.width() - 2 * px(15)
        high = metrics("caption").height()
        paint.paint_text(painter, QRect(left, top, room, high), self.said.name, "caption", "muted")
        top += high + px(1)
        top += self._paint_value(painter, left, top, room)
        ink = {True: "ink_green", False: "ink_amber", None: "muted"}[self.said.met]
        lines = (
            [(f"{self.mark()} {self.said.target}".strip(), ink, self.said.met is not None)] if self.said.target else []
        )
        lines += [(words, "muted", False) for words in self.said.below]
        for words, shade, bold in lines[:2]:
            paint.paint_text(painter, QRect(left, top, room, high), words, "caption", shade, bold)
            top += high
        self._paint_spark(painter, QRectF(left, self.height() - px(SPARK) - px(6), room, px(SPARK)))

    def _paint_edge(self, painter: QPainter) -> None:
        """The amber edge at the left of a figure that misses its target."""
        painter.save()
        painter.setClipRect(QRect(0, 0, px(4), self.height()))
        paint.rounded(painter, self.rect(), 6, "", "ink_amber", 2)
        painter.fillRect(QRectF(0, px(5), 3, self.height() - 2 * px(5)), color("ink_amber"))
        painter.restore()

    def _paint_value(self, painter: QPainter, left: int, top: int, room: int) -> int:
        high = metrics("figure", True).height()
        role = "figure"
        if metrics(role, True).horizontalAdvance(self.said.value) > room:
            role = "h2"
        taken = paint.paint_text(painter, QRect(left, top, room, high), self.said.value, role, "text", True)
        rest = room - taken - px(8)
        if self.said.counts and rest >= metrics("caption").horizontalAdvance(self.said.counts):
            base = (high - metrics(role, True).height()) // 2 + metrics(role, True).ascent()
            at = top + base - metrics("caption").ascent()
            box = QRect(left + taken + px(8), at, rest, metrics("caption").height())
            paint.paint_text(painter, box, self.said.counts, "caption", "muted")
        return high

    def _paint_spark(self, painter: QPainter, box: QRectF) -> None:
        """The line of the periods before up to this one, which has a dot; where nothing is known there is a gap."""
        known = [value for value in self.spark if value is not None]
        if len(known) < 2:
            return
        low, high = min(known), max(known)
        spread = (high - low) or 1.0
        inner = box.adjusted(2, 3, -4, -3)
        step = inner.width() / (len(self.spark) - 1)
        runs: list[list[QPointF]] = [[]]
        for place, value in enumerate(self.spark):
            if value is None:
                runs.append([])
                continue
            part = 0.5 if high == low else (value - low) / spread
            runs[-1].append(QPointF(inner.left() + place * step, inner.bottom() - part * inner.height()))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("ink_blue"), 1.5))
        for run in runs:
            painter.drawPolyline(QPolygonF(run))
        if runs[-1]:
            painter.setBrush(color("ink_blue"))
            painter.drawEllipse(runs[-1][-1], 2.5, 2.5)
        painter.restore()
