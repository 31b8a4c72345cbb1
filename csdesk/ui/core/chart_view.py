"""A chart on the screen: painted beside the UI thread, pointed at with the mouse, walked through with ← and →."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.theme import color, theme

if TYPE_CHECKING:
    from csdesk.ui.core.chart import Drawing, Drawn, Spot
    from csdesk.ui.core.context import Context

STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ChartView(QWidget):
    """Shows a drawing. ``opened`` gives the key of the spot that was pressed; ``drawn`` follows each new picture.

    ``is_behind``: a picture is on its way.
    """

    opened = Signal(object)
    drawn = Signal()

    def __init__(self, context: Context, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._name = context, name
        self.drawing: Drawing | None = None
        self.picture: Drawn | None = None
        self.place = -1
        self.is_behind = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._draw)

    def set_drawing(self, drawing: Drawing) -> None:
        """Show another drawing; the old picture stays until it is there."""
        self.drawing = drawing
        self._draw()

    @property
    def spot(self) -> Spot | None:
        """The spot that the keyboard or the mouse is on."""
        spots = self.picture.spots if self.picture is not None else ()
        return spots[self.place] if 0 <= self.place < len(spots) else None

    def sizeHint(self) -> QSize:
        return QSize(480, 280)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._later.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._later.start()

    def _draw(self) -> None:
        if self.drawing is None or self.width() < 80 or self.height() < 80:
            return
        wish = (self.drawing, self.width(), self.height(), theme().tokens, theme().body, self.devicePixelRatioF())
        self.is_behind = True
        self._context.runner.ask(_painted, *wish, then=self._show, owner=self)

    def _show(self, picture: Drawn) -> None:
        self.picture, self.is_behind = picture, False
        self.place = min(self.place, len(picture.spots) - 1)
        self._say()
        self.update()
        self.drawn.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self.picture.image)
        if self.spot is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color("ring"), 2))
            painter.drawRoundedRect(self._box(self.spot), 2, 2)

    def _box(self, spot: Spot) -> QRectF:
        wide, high = self.width(), self.height()
        box = QRectF(
            spot.left * wide, spot.top * high, (spot.right - spot.left) * wide, (spot.bottom - spot.top) * high
        )
        return box.adjusted(-1, -1, 1, 1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_to(self._at(event.position().toPoint()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.spot is not None else Qt.CursorShape.ArrowCursor)
        if self.spot is not None:
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(self.spot.told), self)
        else:
            QToolTip.hideText()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self._move_to(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self._move_to(place)
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = Qt.Key(event.key()), len(self.picture.spots) if self.picture is not None else 0
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not count:
            super().keyPressEvent(event)
        elif key in STEPS:
            self._move_to(max(0, min(count - 1, self.place + STEPS[key])))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move_to(0 if key == Qt.Key.Key_Home else count - 1)
        elif key in ENTERS and self.spot is not None:
            self._open()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.place < 0:
            self._move_to(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._move_to(-1)

    def _at(self, at: QPoint) -> int:
        spots = self.picture.spots if self.picture is not None else ()
        x, y = at.x() / max(1, self.width()), at.y() / max(1, self.height())
        inside = (n for n, one in enumerate(spots) if one.left <= x < one.right and one.top <= y <= one.bottom)
        return next(inside, -1)

    def _move_to(self, place: int) -> None:
        if place != self.place:
            self.place = place
            self._say()
            self.update()

    def _say(self) -> None:
        """What a screen reader is told: the name, and what the spot says."""
        self.setAccessibleDescription(self.spot.told if self.spot is not None else "")

    def _open(self) -> None:
        if self.spot is not None:
            self.opened.emit(self.spot.key)


def _painted(
    _connection: Any, drawing: Drawing, width: int, height: int, tokens: Any, body: float, ratio: float
) -> Drawn:
    from csdesk.ui.core.chart import ink_of, paint

    return paint(drawing, width, height, ink_of(tokens, body), ratio)
