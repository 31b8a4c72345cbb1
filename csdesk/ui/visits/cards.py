"""How a visit looks as a card: way, time and kind, name, goal, reason; what stands against it in red."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from csdesk.models.vocabulary import VisitKind, VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core import icons, paint
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.core.theme import color, font, metrics, px

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard

Index = QModelIndex | QPersistentModelIndex
KIND_ICONS = {VisitKind.ONSITE: "onsite", VisitKind.ONLINE: "online", VisitKind.PHONE: "phone"}
CARD_GAP, CARD_PAD, MOST_LINES = 8, 8, 2
WAY = 22
"""The room above a card that the way to it takes."""


def time_words(card: VisitCard) -> str:
    """9:30 – 11:00, or the words for a day without a time."""
    if not card.starts_at:
        return _("No time set")
    return f"{formats.time_text(card.starts_at)} – {formats.time_text(card.ends_at)}"


def note_words(card: VisitCard) -> str:
    """What became of it, whether it came late or was moved, where the other side's clock stands, why it is visited."""
    parts = [] if card.counts else [_(card.state.label)]
    if card.is_late:
        parts.append(_("Added later"))
    if card.moved_count:
        parts.append(ngettext("moved {n} time", "moved {n} times", card.moved_count).format(n=card.moved_count))
    if card.their_time:
        parts.append(_("{time} there").format(time=formats.time_text(card.their_time)))
    return " · ".join([*parts, card.why] if card.why else parts)


def tip_words(card: VisitCard, clash: str = "") -> str:
    """All of it with the rules behind the reasons, a line each."""
    head = f"{card.account} · {time_words(card)}"
    moved = _("Moved because: {why}").format(why=card.move_reason) if card.move_reason else ""
    return "\n".join(part for part in (head, card.goal, note_words(card), card.rule, moved, clash) if part)


class CardModel(QAbstractListModel):
    """The visits of one day, told in words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: tuple[VisitCard, ...] = ()
        self.clashes: dict[int, str] = {}

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        card = self.cards[index.row()]
        clash = self.clashes.get(card.id, "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(tip_words(card, clash))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            words = (time_words(card), card.account, card.goal, note_words(card), clash)
            return " ".join(part for part in words if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return base | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled


class CardView(Protocol):
    """What the delegate asks the list whose cards it paints."""

    legs: dict[int, int]
    clashes: dict[int, str]

    def card_at(self, index: Index) -> VisitCard: ...


class CardDelegate(QStyledItemDelegate):
    """Paints a card."""

    def __init__(self, view: QListView, cards: CardView) -> None:
        super().__init__(view)
        self._view, self._cards = view, cards

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        return QSize(width, self._height(self._cards.card_at(index), width))

    def _height(self, card: VisitCard, width: int) -> int:
        inner = width - px(2 * (CARD_GAP + CARD_PAD)) - 2
        line, small = metrics().height() + px(3), metrics("caption").height() + px(3)
        height = px(CARD_GAP) + px(2 * CARD_PAD) + line * 2
        height += self._lines(card.goal, inner) * line if card.goal else 0
        height += small if note_words(card) else 0
        height += small if card.id in self._cards.clashes else 0
        height += px(WAY) if card.id in self._cards.legs else 0
        return height

    @staticmethod
    def _lines(text: str, width: int) -> int:
        return min(MOST_LINES, max(1, -(-metrics().horizontalAdvance(text) // max(width - px(4), 1))))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        card = self._cards.card_at(index)
        rect = QRect(option.rect)
        top = rect.top()
        if card.id in self._cards.legs:
            self._way(painter, QRect(rect.left() + px(16), top, rect.width() - px(24), px(WAY)), card)
            top += px(WAY)
        box = QRect(
            rect.left() + px(CARD_GAP), top, rect.width() - px(2 * CARD_GAP), rect.bottom() - top - px(CARD_GAP) + 1
        )
        over = card.state == VisitState.DONE
        chosen = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        clash = self._cards.clashes.get(card.id, "")
        line = "accent" if chosen else "ink_red" if clash else "divider"
        paint.rounded(painter, box, 4, "window" if over else "surface", line, 2 if chosen else 1)
        self._content(
            painter, box.adjusted(px(CARD_PAD) + 1, px(CARD_PAD), -px(CARD_PAD) - 1, -px(CARD_PAD)), card, clash
        )

    def _way(self, painter: QPainter, rect: QRect, card: VisitCard) -> None:
        minutes = self._cards.legs[card.id]
        icons.paint(painter, "car", rect.left(), rect.center().y() - px(7), px(14), "muted")
        words = _("{n} min on the way").format(n=minutes)
        paint.paint_text(painter, rect.adjusted(px(22), 0, 0, 0), words, "caption", "muted")

    def _content(self, painter: QPainter, rect: QRect, card: VisitCard, clash: str) -> None:
        line = metrics().height() + px(3)
        done = card.state == VisitState.DONE
        ink = "text" if not done and card.counts else "muted"
        row = QRect(rect.left(), rect.top(), rect.width(), line)
        self._first_row(painter, row, card, done)
        row.translate(0, line)
        paint.paint_text(painter, row, card.account, ink=ink, bold=not done)
        row.translate(0, line)
        if card.goal:
            count = self._lines(card.goal, rect.width())
            self._wrapped(painter, QRectF(row.left(), row.top(), row.width() + 1, line * count), card.goal, ink)
            row.translate(0, line * count)
        small = metrics("caption").height() + px(3)
        row.setHeight(small)
        note = note_words(card)
        if note:
            paint.paint_text(painter, row, note, "caption", "ink_amber" if card.is_late else "muted")
            row.translate(0, small)
        if clash:
            paint.paint_text(painter, row, clash, "caption", "ink_red")

    @staticmethod
    def _first_row(painter: QPainter, row: QRect, card: VisitCard, done: bool) -> None:
        """Kind and time at the left; tier, and signs for done, repeated and joint at the right."""
        icons.paint(painter, KIND_ICONS[card.kind], row.left(), row.center().y() - px(7), px(14), "muted")
        end = row.right()
        if card.tier:
            badge = QRect(end - paint.badge_height() + 1, row.top(), paint.badge_height(), row.height())
            paint.paint_tier(painter, badge, card.tier)
            end -= px(26)
        for shown, icon, ink in (
            (done, "check", "ink_green"), (card.joint_id is not None, "people", "muted"),
            (card.series_id is not None, "renewals", "muted"),
        ):  # fmt: skip
            if shown:
                icons.paint(painter, icon, end - px(15), row.center().y() - px(7), px(14), ink)
                end -= px(20)
        room = QRect(row.left() + px(20), row.top(), end - row.left() - px(20), row.height())
        when = time_words(card)
        shorter = (when.replace(" ", ""), formats.time_text(card.starts_at)) if card.starts_at else ()
        wide = metrics().horizontalAdvance
        when = next(
            (words for words in (when, *shorter) if wide(words) <= room.width()), shorter[-1] if shorter else when
        )
        paint.paint_text(painter, room, when, ink="muted")

    @staticmethod
    def _wrapped(painter: QPainter, rect: QRectF, text: str, ink: str) -> None:
        how = QTextOption(Qt.AlignmentFlag.AlignLeft)
        how.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.save()
        painter.setClipRect(rect)
        painter.setFont(font())
        painter.setPen(color(ink))
        painter.drawText(rect, text, how)
        painter.restore()
