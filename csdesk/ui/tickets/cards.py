"""How a demand looks as a card: title, who asks for it and what they are worth, how far it has come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from csdesk.models.vocabulary import DemandState, Scope
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core import paint
from csdesk.ui.core.board import CardDelegate, line_height
from csdesk.ui.core.theme import metrics, px

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import DemandCard

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def accounts_words(count: int) -> str:
    """The words behind the number of different accounts."""
    return ngettext("account", "accounts", count)


def age_words(card: DemandCard, today: date) -> str:
    """How long it has been waiting since it was opened."""
    days = (today - card.opened_on).days
    return ngettext("{n} day", "{n} days", days).format(n=days)


def overdue_words(days: int) -> str:
    """By how many working days the answer is late."""
    return ngettext("{n} day late", "{n} days late", days).format(n=days)


def raised_words(accounts: int) -> str:
    """Why a declined demand stands to be reviewed again."""
    return ngettext("{n} account: again", "{n} accounts: again", accounts).format(n=accounts)


def untold_words(count: int) -> str:
    """How many have not been told of the date."""
    return ngettext("{n} not told", "{n} not told", count).format(n=count)


def left_words(count: int) -> str:
    """How many still wait for the last word."""
    return ngettext("{n} to tell", "{n} to tell", count).format(n=count)


def spoken(card: DemandCard, today: date) -> str:
    """The whole card in words, for screen readers and the tooltip."""
    parts = [
        f"{card.number} {card.title}",
        f"{card.accounts} {accounts_words(card.accounts)}",
        formats.money_short(card.arr_cents),
        _(DemandState(card.state).label),
        age_words(card, today),
    ]
    if card.raised:
        parts.append(raised_words(card.accounts))
    if card.overdue:
        parts.append(overdue_words(card.overdue))
    if card.planned_on is not None:
        parts.append(formats.day_iso(card.planned_on))
    if card.untold:
        parts.append(left_words(card.untold))
    return " \u00b7 ".join(parts)


class DemandDelegate(CardDelegate):
    """Title; accounts and ARR; how far it has come."""

    def paint_card(self, painter: QPainter, row: QRect, card: DemandCard) -> None:
        paint.paint_text(painter, row, card.title, bold=True)
        row.translate(0, line_height() + px(8))
        self._weight(painter, row, card)
        row.translate(0, line_height() + px(8))
        self._foot(painter, row, card)

    def _weight(self, painter: QPainter, row: QRect, card: DemandCard) -> None:
        amount = formats.money_shortest(card.arr_cents)
        width = paint.paint_text(painter, row, amount, align=RIGHT)
        room = row.adjusted(0, 0, -width - px(8), 0)
        used = paint.paint_text(painter, room, formats.number(card.accounts), "h3", bold=True)
        paint.paint_text(painter, room.adjusted(used + px(6), 0, 0, 0), accounts_words(card.accounts))

    def _foot(self, painter: QPainter, row: QRect, card: DemandCard) -> None:
        if card.raised:
            paint.paint_badge(painter, row, raised_words(card.accounts), "renew", "undo")
        elif card.state == DemandState.ACCEPTED:
            self._promised(painter, row, card)
        elif card.state in (DemandState.RELEASED, DemandState.DECLINED):
            self._decided(painter, row, card)
        else:
            self._waiting(painter, row, card)

    def _right(self, painter: QPainter, row: QRect, words: str, tone: str = "") -> QRect:
        """Paint at the right end; what is left of the row."""
        if tone:
            width = min(paint.badge_width(words, tone), row.width())
            paint.paint_badge(painter, QRect(row.right() - width + 1, row.top(), width, row.height()), words, tone)
        else:
            width = paint.paint_text(painter, row, words, "caption", "muted", align=RIGHT)
        return row.adjusted(0, 0, -width - px(8), 0)

    def _promised(self, painter: QPainter, row: QRect, card: DemandCard) -> None:
        if card.untold:
            room = self._right(painter, row, untold_words(card.untold), "warn")
        else:
            told = _("Told {told} / {all}").format(told=card.told, all=card.told + card.untold)
            room = self._right(painter, row, told)
        late = card.planned_on is not None and card.planned_on < self.view.today
        day = formats.day_iso(card.planned_on)
        if card.planned_on is not None and metrics("caption", late).horizontalAdvance(day) > room.width():
            day = f"{card.planned_on:%m-%d}"
        paint.paint_text(painter, room, day, "caption", "ink_red" if late else "muted", bold=late)

    def _decided(self, painter: QPainter, row: QRect, card: DemandCard) -> None:
        room = self._right(painter, row, left_words(card.untold)) if card.untold else row
        if card.state == DemandState.RELEASED:
            day = formats.day_short(card.released_on, self.view.today)
            words = _("out {day}").format(day=day)
            whole = paint.badge_width(words, "ok", "check") <= room.width()
            paint.paint_badge(painter, room, words if whole else day, "ok", "check" if whole else "")
        else:
            paint.paint_badge(painter, room, _(DemandState.DECLINED.label), "line")

    def _waiting(self, painter: QPainter, row: QRect, card: DemandCard) -> None:
        age = age_words(card, self.view.today)
        if card.overdue:
            words = overdue_words(card.overdue)
            used = paint.paint_badge(painter, row, words, "overdue")
            if used + px(8) + metrics("caption").horizontalAdvance(age) <= row.width():
                self._right(painter, row, age)
            return
        room = self._right(painter, row, age)
        if card.scope == Scope.CUSTOM:
            used = paint.paint_badge(painter, room, _(Scope.CUSTOM.label), "line")
            room = room.adjusted(used + px(8), 0, 0, 0)
        self._tiers(painter, room, card)

    @staticmethod
    def _tiers(painter: QPainter, room: QRect, card: DemandCard) -> None:
        left = room.left()
        for tier, count in card.tiers:
            words = ngettext("{n} acc.", "{n} acc.", count).format(n=count)
            width = paint.badge_height() + px(6) + metrics("caption").horizontalAdvance(words)
            if left + width > room.right() + 1:
                continue
            paint.paint_tier(painter, QRect(left, room.top(), paint.badge_height(), room.height()), tier)
            at = QRect(left + paint.badge_height() + px(6), room.top(), width, room.height())
            paint.paint_text(painter, at, words, "caption", "muted")
            left += width + px(8)
