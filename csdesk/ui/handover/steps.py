"""Where one is on the way from a file to the accounts: five steps, those behind can be gone back to."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core import icons, paint
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.theme import color, metrics, px

FILE, SHEETS, COLUMNS, REVIEW, RESULT = range(5)
STEPS = (N_("File"), N_("Sheets and headings"), N_("Columns to fields"), N_("Review"), N_("Result"))
LINE = 24


class _Step(Press):
    def __init__(self, number: int, parent: QWidget) -> None:
        super().__init__(_(STEPS[number]), parent)
        self.number, self.state, self.narrow = number, "ahead", False

    def show_state(self, state: str, narrow: bool) -> None:
        """behind, here or ahead; ``narrow`` names only the one where one is."""
        self.state, self.narrow = state, narrow
        self.setEnabled(state == "behind")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if state == "behind" else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if state == "behind" else Qt.CursorShape.ArrowCursor)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        words = (
            0
            if self.narrow and self.state != "here"
            else metrics("body", self.state == "here").horizontalAdvance(self.words())
        )
        line = 0 if self.number == FILE else px(8 if self.narrow else LINE) + px(8)
        return QSize(line + px(20) + (px(6) + words if words else 0) + 2, px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0
        if self.number != FILE:
            length = px(8 if self.narrow else LINE)
            painter.fillRect(0, self.height() // 2, length, 1, color("control"))
            left = length + px(8)
        box = QRectF(left, (self.height() - px(20)) / 2, px(20), px(20))
        here = self.state == "here"
        ground, edge = ("accent", "accent") if here else ("sunken", "") if self.state == "behind" else ("", "control")
        paint.rounded(painter, box, px(20) / 2, ground, edge)
        if self.state == "behind":
            icons.paint(painter, "check", box.left() + px(4), box.top() + px(4), px(12), "muted")
        else:
            ink = "on_accent" if here else "muted"
            paint.paint_text(
                painter, box.toRect(), str(self.number + 1), "caption", ink, here, Qt.AlignmentFlag.AlignCenter
            )
        if here or not self.narrow:
            room = QRect(left + px(26), 0, self.width() - left - px(26), self.height())
            ink = "muted" if self.state == "ahead" else "text"
            paint.paint_text(painter, room, self.words(), "body", ink, here)


class Steps(QWidget):
    """``wanted`` gives a step behind that was pressed."""

    wanted = Signal(int)

    def __init__(self, here: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._here, self._narrow = here, False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        self._steps = [_Step(number, self) for number in range(len(STEPS))]
        for step in self._steps:
            step.clicked.connect(self._pressed)
            row.addWidget(step)
        self._show()

    def set_narrow(self, narrow: bool) -> None:
        """Save room."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._show()

    def _show(self) -> None:
        for number, step in enumerate(self._steps):
            behind = number < self._here and self._here != RESULT
            state = (
                "here" if number == self._here else "behind" if behind else "done" if number < self._here else "ahead"
            )
            step.show_state("behind" if state == "done" else state, self._narrow)
            if state == "done":
                step.setEnabled(False)

    def _pressed(self) -> None:
        step = self.sender()
        if isinstance(step, _Step):
            self.wanted.emit(step.number)
