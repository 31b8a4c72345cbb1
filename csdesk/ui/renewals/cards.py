"""How a renewal looks as a card, and the two boards it stands on: by days to the end, by stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from csdesk.models.vocabulary import RenewalStage
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _
from csdesk.services.renewals.rules import LATE, WINDOWS, window_of
from csdesk.ui.core import icons, paint
from csdesk.ui.core.board import GAP, PAD, BoardSpec, CardDelegate, Index, line_height
from csdesk.ui.core.theme import color, metrics, px
from csdesk.ui.renewals.wording import (
    amount_words,
    days_look,
    days_words,
    forecast_words,
    outcome_words,
    paint_mark,
    spoken,
    step_words,
)

if TYPE_CHECKING:
    from csdesk.services.renewals.queries import RenewalCard

MIME = "application/x-csdesk-renewal"
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
OVER = N_("Ended")


def window_title(window: int) -> str:
    """The heading of a column of days."""
    first = 0 if window == WINDOWS[0] else window - 29
    return _("{first}\u2013{last} days").format(first=first, last=window)


def days_board(today: Callable[[], date]) -> BoardSpec:
    """Columns by days from today to the end; what was decided does not stand there."""

    def column(card: RenewalCard) -> str:
        return window_of(card.end_on, today()) if card.is_open else ""

    columns = [(LATE, _(OVER)), *((str(window), window_title(window)) for window in WINDOWS)]
    return BoardSpec(MIME, columns, column, _worth, spoken, RenewalDelegate)


def stages_board() -> BoardSpec:
    """Columns by stage, the signed and lost ones last."""
    columns = [(stage.value, _(stage.label)) for stage in RenewalStage]
    return BoardSpec(MIME, columns, lambda card: str(card.shown_stage), _worth, spoken, StagedDelegate)


def _worth(card: RenewalCard) -> int:
    return card.home_target or 0


class RenewalDelegate(CardDelegate):
    """Account and tier; amount and days; stage and end; then, below a line, category and next step."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(100), _step_top() + line_height() + 2 * px(PAD) + px(GAP))

    def paint_card(self, painter: QPainter, row: QRect, card: RenewalCard) -> None:
        today = self.view.today
        top = row.top()
        self._name(painter, row, card)
        row.moveTop(top + line_height() + px(6))
        ink, bold = days_look(card, today)
        left = days_words(card, today) if card.is_open else ""
        if left and not self._fits_beside(row, card, left, bold):
            left = ""  # the day below tells it too, in the same ink
        width = paint.paint_text(painter, row, left, ink=ink, bold=bold, align=RIGHT)
        self._amount(painter, row.adjusted(0, 0, -width - px(8), 0), card)
        row = QRect(row.left(), row.bottom() + 1, row.width(), metrics("caption").height() + px(2))
        said = forecast_words(card) or self._else_said(card)
        day = card.end_on.isoformat()
        if metrics("caption").horizontalAdvance(day + said) + px(8) > row.width():
            day = f"{card.end_on:%m-%d}"
        shade = "muted" if left or not card.is_open else ink
        width = paint.paint_text(painter, row, day, "caption", shade, align=RIGHT)
        room = row.adjusted(0, 0, -width - px(8), 0)
        if room.width() >= metrics("caption").horizontalAdvance(said[:2]) + px(16):
            paint.paint_text(painter, room, said, "caption", "muted")
        below = top + _step_top()
        painter.fillRect(row.left(), below - px(8), row.width(), 1, color("divider"))
        self._step(painter, QRect(row.left(), below, row.width(), line_height()), card)

    def _else_said(self, card: RenewalCard) -> str:
        """What stands beside the end where no forecast does."""
        return _(RenewalStage(card.shown_stage).label)

    def _name(self, painter: QPainter, row: QRect, card: RenewalCard) -> None:
        room = QRect(row)
        if card.tier:
            side = paint.badge_height()
            paint.paint_tier(painter, QRect(row.right() - side + 1, row.top(), side, row.height()), card.tier)
            room.setRight(room.right() - side - px(6))
        if card.lapsed:
            words = _("grace over")
            width = min(paint.badge_width(words, "overdue"), room.width() // 2)
            paint.paint_badge(
                painter, QRect(room.right() - width + 1, row.top(), width, row.height()), words, "overdue"
            )
            room.setRight(room.right() - width - px(6))
        elif card.auto_renew and card.is_open:
            icons.paint(painter, "renewals", room.right() - px(14), row.center().y() - px(7) + 1, px(14), "muted")
            room.setRight(room.right() - px(20))
        paint.paint_text(painter, room, card.account, bold=True)

    @staticmethod
    def _fits_beside(row: QRect, card: RenewalCard, days: str, bold: bool) -> bool:
        """Whether the shortest amount has room beside the days that are left."""
        amount = metrics("body", True).horizontalAdvance(formats.money_shortest(card.target_cents))
        return amount + px(8) + metrics("body", bold).horizontalAdvance(days) <= row.width()

    @staticmethod
    def _amount(painter: QPainter, room: QRect, card: RenewalCard) -> None:
        """The amount in full, shortened where there is no room for that: never cut."""
        words = amount_words(card.target_cents, card.currency)
        if metrics("h3", True).horizontalAdvance(words) > room.width():
            words = formats.money_shortest(card.target_cents)
        role = "h3" if metrics("h3", True).horizontalAdvance(words) <= room.width() else "body"
        paint.paint_text(painter, room, words, role, bold=True)

    def _step(self, painter: QPainter, row: QRect, card: RenewalCard) -> None:
        if not card.is_open:
            paint.paint_badge(painter, row, outcome_words(card), "ok" if card.final_cents is not None else "bad")
            return
        used = paint_mark(painter, row, card.category)
        room = row.adjusted(used + px(8), 0, 0, 0)
        words = step_words(card, self.view.today)
        paint.paint_text(painter, room, words or _("no next step"), ink="text" if words else "placeholder")


class StagedDelegate(RenewalDelegate):
    """The same in a column that says the stage already."""

    def _else_said(self, card: RenewalCard) -> str:
        return card.number


def _step_top() -> int:
    """Where the line of the next step begins, from the top of the first."""
    return 2 * line_height() + px(6) + metrics("caption").height() + px(2) + px(16)
