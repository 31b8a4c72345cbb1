"""The visits of a plan in the order of time: a heading a day, a line a visit; what is left out can be dropped on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from csdesk.models.vocabulary import VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Surface
from csdesk.ui.core.parts.marks import plain_tip
from csdesk.ui.visits.board import busy_words, where_words
from csdesk.ui.visits.cards import KIND_ICONS, note_words, tip_words
from csdesk.ui.visits.dragging import Dragged
from csdesk.ui.visits.month import day_note
from csdesk.ui.visits.views import PlanView

if TYPE_CHECKING:
    from csdesk.services.visits.cards import DayPlan, VisitCard, WeekPlan


class Agenda(PlanView):
    """Days that hold something; ↑↓ go through the visits, Ctrl+←/→ moves one by a day, Enter opens it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: WeekPlan | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        surface = Surface()
        column.addWidget(surface)
        inner = QVBoxLayout(surface)
        inner.setContentsMargins(1, 1, 1, 1)
        self.lines = AgendaLines()
        inner.addWidget(self.lines)
        self.setFocusProxy(self.lines)
        self.lines.opened.connect(self.opened)
        self.lines.chosen.connect(self.chosen)
        self.lines.menu_wanted.connect(self.menu_wanted)
        self.lines.shifted.connect(self.shifted)
        self.lines.dropped.connect(self.dropped)
        self.lines.left.connect(self.left)

    def show_plan(self, plan: WeekPlan, today: date) -> None:
        self._plan = plan
        lines: list[Line] = []
        self.lines.tips = {}
        for day in plan.days:
            if day.visits or day.busy or day.day == today:
                lines.append(_heading(day, today))
                lines += [_line(card, day.clashes.get(card.id, "")) for card in day.visits]
                self.lines.tips |= {card.id: tip_words(card, day.clashes.get(card.id, "")) for card in day.visits}
        self.lines.set_lines(lines)

    def choose(self, visit_id: int) -> bool:
        if not any(line.key == visit_id for line in self.lines.lines):
            return False
        self.lines.choose(visit_id)
        self.lines.setFocus()
        return True

    def current_card(self) -> VisitCard | None:
        if self._plan is None or not self.lines.hasFocus():
            return None
        key = self.lines.current_key()
        return next((card for day in self._plan.days for card in day.visits if card.id == key), None)

    def current_day(self) -> date | None:
        card = self.current_card()
        return card.day if card is not None else None

    def focus_first(self, today: date) -> bool:
        self.lines.setFocus()
        return bool(self.lines.lines)


def _heading(day: DayPlan, today: date) -> Line:
    title = formats.day_title(day.day)
    if day.day == today:
        title = _("Today") + " · " + title
    load = f"{day.used} / {day.capacity}" if day.capacity or day.used else ""
    if day.over:
        load += " " + ngettext("{n} over", "{n} over", day.over).format(n=day.over)
    words = (load, "" if day.shifted else day_note(day), where_words(day), *map(busy_words, day.busy))
    return Line(("day", day.day), title, note=" · ".join(dict.fromkeys(filter(None, words))), section=True)


def _line(card: VisitCard, clash: str) -> Line:
    badges = []
    if card.is_late:
        badges.append(Badge(_("Added later"), "warn"))
    if clash:
        badges.append(Badge(clash, "bad"))
    return Line(
        card.id, card.account, " · ".join(filter(None, (card.goal, note_words(card)))),
        left=formats.time_text(card.starts_at) or "—", icon="check" if card.state == VisitState.DONE else KIND_ICONS[card.kind],
        tier=card.tier or "", badges=tuple(badges), right=card.city, muted=not card.counts,
    )  # fmt: skip


class AgendaLines(LinesView):
    """The lines; a drop belongs to the day of the heading above it."""

    shifted = Signal(object, int)
    dropped = Signal(object, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Visits in order"), left_width=64, with_icons=True, parent=parent)
        self.tips: dict[object, str] = {}
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = self.current_key()
        if event.key() in steps and held == Qt.KeyboardModifier.ControlModifier and isinstance(key, int):
            self.shifted.emit(key, steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Right and not held:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.indexAt(event.pos())
            words = self.tips.get(self.line_at(index).key, "") if index.isValid() else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().viewportEvent(event)

    def day_at(self, event: QDropEvent) -> date | None:
        """The day of the heading at or above the mouse."""
        index = self.indexAt(event.position().toPoint())
        row = index.row() if index.isValid() else len(self.lines) - 1
        for line in reversed(self.lines[: row + 1]):
            if line.section and isinstance(line.key, tuple):
                day: date = line.key[1]
                return day
        return None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drag_over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drag_over(event)

    def _drag_over(self, event: QDragMoveEvent | QDragEnterEvent) -> None:
        if Dragged.of(event.mimeData()) is None or self.day_at(event) is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        day, dragged = self.day_at(event), Dragged.of(event.mimeData())
        if day is not None and dragged is not None:
            event.acceptProposedAction()
            self.dropped.emit(day, dragged)
