"""Beside the plan: who found no place, by how much they are needed, and who is put off, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from csdesk.services.core.texts import _
from csdesk.services.visits.reasons import BAND_LABELS
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.parts import Card, Divider, Label
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.theme import px
from csdesk.ui.visits.dragging import Dragged, drag, is_far

if TYPE_CHECKING:
    from csdesk.services.visits.cards import LeftOutCard, SkipCard

WIDTH = 280


class LeftOutList(LinesView):
    """Accounts without a day: 1–5 or a drag puts one on a day. The key of a line is an account's id, or ("skip", id)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Left out"), parent=parent)
        self.tips: dict[object, str] = {}
        self._pressed: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        key = self.current_key()
        if is_far(self._pressed, event) and event.buttons() & Qt.MouseButton.LeftButton and isinstance(key, int):
            self._pressed = None
            drag(self, Dragged(account=key), self.viewport().grab(self.visualRect(self.currentIndex())))
        else:
            super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            words = self.tips.get(self.line_at(index).key, "") if index.isValid() else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().viewportEvent(event)


class LeftOutCardView(Card):
    """The list with its hint; says so where everybody found a place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Left out"), _("Rules"), padded=False, parent=parent)
        self.setFixedWidth(px(WIDTH))
        self.list = LeftOutList()
        self._nothing = Label(_("Everybody found a place."), ink="muted", wrap=True)
        self._nothing.setContentsMargins(px(16), px(12), px(16), px(16))
        self._hint = hint = Label(
            _("Drag onto a day, or press 1–5 for Monday to Friday; S puts off"), "caption", "muted", wrap=True
        )
        hint.setContentsMargins(px(16), px(8), px(16), px(8))
        for label in (self._nothing, hint):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._room, self._line = QWidget(), Divider()
        self.add(Divider())
        self.add(self._nothing)
        self.add(self.list, 1)
        self.add(self._room, 1)
        self.add(self._line)
        self.add(hint)

    def show_rows(self, left_out: Sequence[LeftOutCard], skips: Sequence[SkipCard]) -> None:
        """Show these, a heading for each band and for those put off."""
        lines: list[Line] = []
        self.list.tips = {}
        for band, label in BAND_LABELS.items():
            cards = [card for card in left_out if card.band is band]
            if cards:
                lines.append(Line(("band", band.value), _(label), note=str(len(cards)), section=True))
                lines += [_line(card) for card in cards]
                self.list.tips |= {card.account_id: _tip(card) for card in cards}
        if skips:
            lines.append(Line(("band", "skips"), _("Put off"), note=str(len(skips)), section=True))
            for skip in skips:
                until = _("until {day}").format(day=f"{skip.until:%m-%d}")
                words = " · ".join((until, skip.reason))
                lines.append(Line(("skip", skip.id), skip.account, words, tier=skip.tier or "", muted=True))
                self.list.tips["skip", skip.id] = "\n".join((skip.account, words, _("Delete proposes it again.")))
        self.set_title(_("Left out"), str(len(left_out)) if left_out else "")
        self.list.set_lines(lines)
        self.list.setVisible(bool(lines))
        self._nothing.setVisible(not left_out)
        self._room.setVisible(not lines)
        self._hint.setVisible(bool(lines))
        self._line.setVisible(bool(lines))

    def chosen_account(self) -> int | None:
        """The account that is chosen while the list has the keyboard; None for one that is put off."""
        key = self.list.current_key() if self.list.hasFocus() else None
        return key if isinstance(key, int) else None

    def chosen_skip(self) -> int | None:
        """The putting off that is chosen while the list has the keyboard."""
        key = self.list.current_key() if self.list.hasFocus() else None
        return int(key[1]) if isinstance(key, tuple) and key[0] == "skip" else None


def _line(card: LeftOutCard) -> Line:
    return Line(card.account_id, card.account, " · ".join((card.why, card.cause_text)), tier=card.tier or "")


def _tip(card: LeftOutCard) -> str:
    place = " · ".join(filter(None, (card.account, card.city)))
    return "\n".join(filter(None, (place, card.why, card.rule, card.cause_text)))
