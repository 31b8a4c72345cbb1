"""How old what is open is: a bar in parts, and beneath it each part in words, which narrows the list when pressed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.services.receivables.rules import BUCKETS, Bucket
from csdesk.ui.core import paint
from csdesk.ui.core.parts import Surface, set_tip
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.theme import metrics, px
from csdesk.ui.receivables.wording import sums_text

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import Age, Ageing
    from csdesk.services.settings.rates import Rates

BAR, GAP = 10, 2


def weights(found: Ageing) -> list[int]:
    """What each age weighs in the bar, in cents of the home currency; what has no rate weighs nothing."""
    return [
        age.cents + sum(found.rates.home_cents(cents, code) or 0 for code, cents in age.others.items())
        for age in found.ages
    ]


class AgeingStrip(Surface):
    """``chosen`` gives the key of the age that was pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(12), px(10), px(12), px(6))
        column.setSpacing(px(4))
        self.bar = _Stack(self)
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(px(4))
        self.parts = {bucket.key: _Part(bucket) for bucket in BUCKETS}
        for key, part in self.parts.items():
            part.clicked.connect(partial(self._pressed, key))
            row.addWidget(part, 1)
        column.addLayout(row)

    def show_ages(self, found: Ageing) -> None:
        """Show these."""
        heavy = weights(found)
        self.bar.set_parts([(age.bucket.ink, weight) for age, weight in zip(found.ages, heavy, strict=True)])
        total = sum(heavy)
        for age, weight in zip(found.ages, heavy, strict=True):
            self.parts[age.bucket.key].show_age(age, found.rates, weight / total if total else 0.0)

    def _pressed(self, key: str, *_checked: object) -> None:
        self.chosen.emit(key)


class _Stack(QWidget):
    """The parts of the whole beside each other."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts: list[tuple[str, int]] = []
        self.setFixedHeight(px(BAR))

    def set_parts(self, parts: list[tuple[str, int]]) -> None:
        """(ink, weight) from left to right."""
        self._parts = parts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        total = sum(weight for _ink, weight in self._parts)
        if not total:
            paint.rounded(painter, self.rect(), 2, "sunken")
            return
        room = self.width() - GAP * (sum(1 for _ink, weight in self._parts if weight) - 1)
        left = 0.0
        for ink, weight in self._parts:
            if weight:
                width = max(2.0, room * weight / total)
                paint.rounded(painter, QRectF(left, 0, width, self.height()), 2, ink)
                left += width + GAP


class _Part(Press):
    """One age: its colour, name, sum and share."""

    def __init__(self, bucket: Bucket) -> None:
        super().__init__(_(bucket.title))
        self._bucket, self._sum, self._more = bucket, formats.NOTHING, ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_age(self, age: Age, rates: Rates, share: float) -> None:
        """Show another sum."""
        self._sum = formats.money_short(age.cents) if age.count else formats.NOTHING
        self._more = (
            ngettext("{n}, {share}", "{n}, {share}", age.count).format(n=age.count, share=formats.percent(share))
            if age.count
            else ""
        )
        if age.others:
            self._sum += f" + {', '.join(age.others)}"
        told = sums_text({HOME_CURRENCY: age.cents, **age.others}, rates) if age.count else formats.NOTHING
        self.setAccessibleName(f"{_(self._bucket.title)}: {told}")
        set_tip(self, f"{_(self._bucket.title)}: {told}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(120), 2 * metrics().height() + px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, self.rect(), 4, self._ground(""), "ring" if self.hasFocus() else "")
        side, tall = px(8), metrics().height()
        paint.paint_square(painter, px(6), px(5) + (tall - side) / 2, self._bucket.ink, side)
        room = self.width() - px(22) - px(4)
        paint.paint_text(painter, QRect(px(20), px(5), room, tall), self.words(), "caption", "muted")
        below = QRect(px(20), px(5) + tall, room, tall + px(2))
        used = paint.paint_text(painter, below, self._sum, "body", "text", True)
        rest = below.adjusted(used + px(6), 0, 0, 0)
        if rest.width() >= metrics("caption").horizontalAdvance(self._more):
            paint.paint_text(painter, rest, self._more, "caption", "muted")
