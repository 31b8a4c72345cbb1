"""What the views of a plan have in common: they show the same days and say what a person does with a visit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard, WeekPlan


class PlanView(QWidget):
    """A view of a plan. ``opened``, ``chosen`` and ``menu_wanted`` (with the place on the screen) name a visit.

    ``dropped`` gives a day and what was let go on it, ``shifted`` a visit and by how many days it is to be moved,
    ``day_opened`` a day to look at closely; ``left`` says that the keyboard leaves at the right side.
    """

    opened = Signal(object)
    chosen = Signal(object)
    menu_wanted = Signal(object, object)
    dropped = Signal(object, object)
    shifted = Signal(object, int)
    day_opened = Signal(object)
    left = Signal()

    def show_plan(self, plan: WeekPlan, today: date) -> None:
        """Show these days; the chosen visit stays chosen."""

    def choose(self, visit_id: int) -> bool:
        """Choose a visit and give it the keyboard; False where it is not shown."""
        return False

    def current_card(self) -> VisitCard | None:
        """The chosen visit while the view has the keyboard."""
        return None

    def current_day(self) -> date | None:
        """The chosen day while the view has the keyboard."""
        return None

    def has_keys(self) -> bool:
        """Whether it or something in it has the keyboard."""
        holder: QWidget | None = self.window().focusWidget()
        return holder is not None and holder.isVisible() and (holder is self or self.isAncestorOf(holder))

    def focus_first(self, today: date) -> bool:
        """Give the keyboard to where work begins; False where there is nothing."""
        self.setFocus()
        return True
