"""What ends, split by how sure we are of it, and what of it is expected to come in."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.services.renewals.rules import HORIZON, SHARES, Forecast
from csdesk.ui.core import paint
from csdesk.ui.core.flow import FlowLayout
from csdesk.ui.core.parts import Divider, Label, Surface
from csdesk.ui.core.theme import px
from csdesk.ui.renewals.wording import (
    INKS,
    OUTLINES,
    CategoryMark,
    category_words,
    goal_words,
)

BAR, GAP = 28, 2


class ShareBar(QWidget):
    """The whole as a bar with a piece a category. ``pressed`` gives the category that was clicked."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: dict[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(BAR))

    def show_shares(self, shares: dict[str, int]) -> None:
        """Show these, in cents by category."""
        self._shares = {key: cents for key, cents in shares.items() if cents > 0}
        said = (f"{category_words(key)} {formats.money_short(cents)}" for key, cents in self._shares.items())
        self.setAccessibleName(", ".join(said))
        self.update()

    def pieces(self) -> list[tuple[str, QRectF]]:
        """The pieces from left to right; each is wide enough to be seen."""
        whole = sum(self._shares.values())
        room = self.width() - GAP * max(0, len(self._shares) - 1)
        least, left, found = px(6), 0.0, []
        for key, cents in self._shares.items():
            wide = max(least, room * cents / whole)
            found.append((key, QRectF(left, 0, min(wide, self.width() - left), px(BAR))))
            left += wide + GAP
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._shares:
            paint.rounded(painter, QRectF(self.rect()), 2, "sunken")
        for key, box in self.pieces():
            if key in OUTLINES:
                paint.rounded(painter, box, 2, "surface", OUTLINES[key], 2 if OUTLINES[key] != "control" else 1)
            else:
                paint.rounded(painter, box, 2, INKS[key])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for key, box in self.pieces():
            if box.contains(event.position()):
                self.pressed.emit(key)


class _Share(QWidget):
    """A category with its amount and share."""

    def __init__(self, category: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, px(2), 0)
        row.setSpacing(px(6))
        self.amount, self.share = Label("", bold=True), Label("", ink="muted")
        for part in (CategoryMark(category), Label(category_words(category)), self.amount, self.share):
            row.addWidget(part)


class ForecastPanel(Surface):
    """Left what is to be renewed, in the middle the categories, right the weighted forecast against the target."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(12), px(16), px(12))
        row.setSpacing(px(24))
        self.caption = Label(
            ngettext("due in {n} day \u00b7 ARR", "due in {n} days \u00b7 ARR", HORIZON).format(n=HORIZON),
            "caption",
            "muted",
        )
        self.sum, self.count = Label("", "figure", bold=True), Label("", "caption", "muted")
        row.addLayout(self._stack(self.caption, self.sum, self.count))
        row.addLayout(self._middle(), 1)
        row.addWidget(Divider(vertical=True))
        self.weighted, self.goal = Label("", "figure", bold=True), Label("", "caption", "muted")
        row.addLayout(self._stack(Label(_("weighted forecast"), "caption", "muted"), self.weighted, self.goal))

    @staticmethod
    def _stack(*labels: Label) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        for label in labels:
            column.addWidget(label)
        column.addStretch(1)
        return column

    def _middle(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(8))
        column.addStretch(1)
        self.bar = ShareBar()
        self.bar.pressed.connect(self.pressed)
        column.addWidget(self.bar)
        holder = QWidget()
        flow = FlowLayout()
        holder.setLayout(flow)
        self.shares = {category: _Share(category) for category in SHARES}
        for share in self.shares.values():
            flow.addWidget(share)
        column.addWidget(holder)
        column.addStretch(1)
        return column

    def show_forecast(self, forecast: Forecast, near: int) -> None:
        """Show a forecast; ``near`` of its contracts end within 30 days or have ended."""
        self.sum.setText(formats.money_shortest(forecast.target))
        parts = [contracts_words(forecast.count)]
        if near:
            parts.append(ngettext("{n} within 30 days", "{n} within 30 days", near).format(n=near))
        if forecast.without_rate:
            words = ngettext("{n} without an exchange rate", "{n} without an exchange rate", forecast.without_rate)
            parts.append(words.format(n=forecast.without_rate))
        self.count.setText(_(", ").join(parts))
        self.bar.show_shares(dict(forecast.shares))
        for key, share in self.shares.items():
            cents = forecast.shares[key]
            share.setVisible(bool(cents) or key in SHARES[:3])
            share.amount.setText(formats.money_shortest(cents))
            share.share.setText(f"{round(100 * cents / forecast.target)}\u00a0%" if forecast.target else "")
        self.weighted.setText(formats.money_shortest(forecast.weighted))
        self.goal.setText(goal_words(forecast))
        self.goal.set_look("ink_red" if (forecast.missing or 0) > 0 else "muted")


def contracts_words(count: int) -> str:
    """So many contracts."""
    return ngettext("{n} contract", "{n} contracts", count).format(n=formats.number(count))
