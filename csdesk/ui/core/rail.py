"""The rail at the left: places with their keys, occasional ones, the bottom group and the safety tile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core import icons, paint
from csdesk.ui.core.context import Safety
from csdesk.ui.core.page import Feature
from csdesk.ui.core.parts import Divider, set_tip
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.theme import color, metrics, px

WIDE, NARROW = 208, 56
OLD_BACKUP = timedelta(hours=24)


class RailItem(Press):
    """A place: icon, name, key; only the icon in the narrow rail, with the name as tooltip."""

    def __init__(self, feature: Feature, parent: QWidget | None = None) -> None:
        super().__init__(_(feature.title), parent)
        self.feature = feature
        self.narrow = False
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._key = QKeySequence(feature.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        set_tip(self, f"{self.words()} ({self._key})" if self._key else self.words())

    def sizeHint(self) -> QSize:
        return QSize(px(40), px(26 if self.narrow else 32))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and not self.narrow:
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on, rect, side = self.isChecked(), QRect(self.rect()), px(16)
        if on or self.underMouse():
            paint.rounded(painter, rect, 4, "selection" if on else "hover")
        if on:
            painter.fillRect(QRectF(0, px(6), 3, rect.height() - 2 * px(6)), color("accent"))
        left = (rect.width() - side) // 2 if self.narrow else px(12)
        ink = "text" if self.isEnabled() else "placeholder"
        icons.paint(painter, self.feature.icon, left, (rect.height() - side) / 2, side, ink)
        if self.narrow:
            return
        key = metrics("caption", on).horizontalAdvance(self._key) if self._key else 0
        room = QRect(px(40), 0, rect.width() - px(40) - px(8) - key - (px(8) if key else 0), rect.height())
        paint.paint_text(painter, room, self.words(), ink=ink, bold=on)
        room = QRect(rect.width() - px(8) - key, 0, key + 1, rect.height())
        paint.paint_text(painter, room, self._key, "caption", "muted", on)


class SafetyTile(Press):
    """Saved at, and the age of the last good backup: amber over 24 hours, red when one failed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_safety(Safety(), datetime.min.replace(tzinfo=UTC))

    def show_safety(self, safety: Safety, now: datetime) -> None:
        """Say what is safe at this moment."""
        self.tone = tone_of(safety, now)
        self._first, self._second = lines_of(safety, now)
        words = f"{self._first}\n{self._second}"
        self.setAccessibleName(words.replace("\n", ", "))
        set_tip(self, safety.problem or words)
        self.update()

    def lines(self) -> tuple[str, str]:
        """The two lines as shown."""
        return self._first, self._second

    def sizeHint(self) -> QSize:
        return QSize(px(40), px(28) if self.narrow else 2 * max(px(22), metrics("caption").height() + 2) + px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = {"good": "ink_green", "old": "ink_amber", "bad": "ink_red"}[self.tone]
        line = "divider" if self.tone == "good" else ink
        rect, side = QRect(self.rect()), px(16)
        paint.rounded(painter, rect, 6, "hover" if self.underMouse() else "surface", line)
        name = "shield" if self.tone == "good" else "warn"
        left = (rect.width() - side) // 2 if self.narrow else px(9)
        icons.paint(painter, name, left, (rect.height() - side) / 2, side, ink)
        if self.narrow:
            return
        half = rect.height() // 2
        room = QRect(px(33), px(5), rect.width() - px(38), half - px(5))
        paint.paint_text(painter, room, self._first, "caption", "text" if self.tone != "bad" else ink)
        bold = self.tone != "good"
        paint.paint_text(
            painter, room.translated(0, half - px(4)), self._second, "caption", ink if bold else "muted", bold
        )


class Rail(QWidget):
    """The places of ``features`` in their groups. ``chosen`` gives the key of the one that was pressed."""

    chosen = Signal(str)

    def __init__(self, features: tuple[Feature, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.narrow = False
        self.items: list[RailItem] = []
        self.tile = SafetyTile()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 9, 8)
        column.setSpacing(0)
        column.addWidget(self._places(features), 1)
        self._add(column, features, "bottom")
        column.addSpacing(8)
        column.addWidget(self.tile)
        self.set_narrow(False)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons alone."""
        self.narrow = narrow
        self.setFixedWidth(px(NARROW if narrow else WIDE))
        for item in self.items:
            item.narrow = narrow
            item.updateGeometry()
        self.tile.narrow = narrow
        self.tile.updateGeometry()
        self.update()

    def set_here(self, key: str) -> None:
        """Mark the place that is shown."""
        for item in self.items:
            item.setChecked(item.feature.key == key)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.items:
            self.setFixedWidth(px(NARROW if self.narrow else WIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("sunken"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), color("divider"))

    def _places(self, features: tuple[Feature, ...]) -> QWidget:
        inner = QWidget()
        inner.setObjectName("canvas")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._add(column, features, "place")
        if any(feature.group == "occasional" for feature in features):
            column.addSpacing(8)
            column.addWidget(Divider())
            column.addSpacing(8)
            self._add(column, features, "occasional")
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("canvas")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        area.setWidget(inner)
        inner.setAutoFillBackground(False)
        return area

    def _add(self, column: QVBoxLayout, features: tuple[Feature, ...], group: str) -> None:
        for feature in features:
            if feature.group == group:
                item = RailItem(feature)
                item.clicked.connect(self._pressed)
                self.items.append(item)
                column.addWidget(item)

    def _pressed(self) -> None:
        item = self.sender()
        if isinstance(item, RailItem):
            self.chosen.emit(item.feature.key)


def tone_of(safety: Safety, now: datetime) -> str:
    """ "good", "old" (no backup for 24 hours although something was saved) or "bad" (something failed)."""
    if safety.problem:
        return "bad"
    if safety.backup_at is not None and now - safety.backup_at > OLD_BACKUP:
        return "old"
    return "good"


def lines_of(safety: Safety, now: datetime) -> tuple[str, str]:
    """The tile's two lines."""
    if safety.saved_at is None:
        first = _("All saved")
    else:
        moment = safety.saved_at.astimezone()
        first = _("Saved {time}").format(time=f"{moment.hour}:{moment.minute:02d}")
    if safety.problem:
        return first, _("Backup failed")
    return first, age_of(safety.backup_at, now)


def age_of(backup: datetime | None, now: datetime) -> str:
    """How long ago the last good backup was made, in words."""
    if backup is None:
        return _("No backup yet")
    minutes = max(0, int((now - backup).total_seconds() // 60))
    if minutes < 1:
        return _("Backup just now")
    if minutes < 60:
        return ngettext("Backup {n} min ago", "Backup {n} min ago", minutes).format(n=minutes)
    hours = minutes // 60
    if hours < 48:
        return ngettext("Backup {n} hour ago", "Backup {n} hours ago", hours).format(n=hours)
    return ngettext("Backup {n} day ago", "Backup {n} days ago", hours // 24).format(n=hours // 24)
