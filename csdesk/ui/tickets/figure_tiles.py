"""A figure as a tile: its name, its value, what it is made of. Pressed, it leads to its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core import paint
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.parts.marks import set_tip
from csdesk.ui.core.theme import metrics, px

if TYPE_CHECKING:
    from csdesk.services.kpi.rules import Figure

TILES = {
    "open_tickets": N_("Open tickets"),
    "answered_in_time": N_("Answered in time"),
    "told_in_time": N_("Told in time"),
    "moves_per_day": N_("Moves a working day"),
    "declined_share": N_("Share declined"),
    "bug_dates_kept": N_("Dates of bugs kept"),
}
HEIGHT = 96


class Tile(Press):
    """One figure."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.value = self.below = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_figure(self, figure: Figure) -> None:
        """Show its value, and its counts with what stands beside it; the counts first where the base is small."""
        from csdesk.services.kpi.comparing import is_few
        from csdesk.services.kpi.wording import beside_text, counts_text, value_text

        self.value, counts = value_text(figure), counts_text(figure)
        if is_few(figure):
            self.value, counts = counts, self.value
        self.below = _(", ").join(filter(None, (counts, beside_text(figure))))
        self.setAccessibleName(f"{self.words()}: {self.value}")
        self.setAccessibleDescription(self.below)
        set_tip(self, self.below)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(150), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(110), px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 6, self._ground(), "divider")
        left, room = px(15), self.width() - 2 * px(15)
        top = px(11)
        for words, role, ink, bold in (
            (self.words(), "caption", "muted", False),
            (self.value, "figure", "text", True),
            (self.below, "caption", "muted", False),
        ):
            high = metrics(role, bold).height()
            paint.paint_text(painter, QRect(left, top, room, high), words, role, ink, bold)
            top += high + px(2)
