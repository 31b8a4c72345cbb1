"""What the visits of the shown days came to: a strip of figures on the page; the rows behind each open in a dialog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.figures_dialog import FiguresDialog
from csdesk.ui.core.parts import Button
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.kpi.rules import Figure
    from csdesk.ui.core.context import Context

SHORT = {
    "visit_plan_execution": N_("Execution"),
    "on_planned_day": N_("On the day"),
    "coverage_A": N_("Coverage A"),
    "coverage_B": N_("Coverage B"),
    "coverage_C": N_("Coverage C"),
    "overdue_cadence": N_("Overdue by cadence"),
    "postponed_twice": N_("Postponed twice"),
}


class FiguresStrip(QWidget):
    """One line of figures, each a link to its rows; those with nothing to measure are left out."""

    opened = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.figures: Mapping[str, Figure] = {}
        self._room = True
        self.buttons: list[Button] = []
        """Those with something to measure, in order."""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(16))
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(px(28))
        self.setVisible(False)

    def show_days(self, start: date, end: date) -> None:
        """Ask for the figures of these days."""
        from csdesk.services.kpi.figures import visit_figures
        from csdesk.services.kpi.rules import Period

        today = self._context.clock.today()
        self._context.runner.ask(visit_figures, Period(start, end), today, then=self._fill, owner=self)

    def _fill(self, figures: Mapping[str, Figure]) -> None:
        self.figures = figures
        empty(self._row)
        self.buttons = [self._link(key, figure) for key, figure in figures.items() if figure.denominator]
        for button in self.buttons:
            self._row.addWidget(button)
        self._row.addStretch(1)
        self._fit()
        self._reveal()

    def set_room(self, on: bool) -> None:
        """Whether the page has a line to spare for them."""
        self._room = on
        self._reveal()

    def _reveal(self) -> None:
        self.setVisible(self._room and any(figure.denominator for figure in self.figures.values()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As many as there is room for; the dialog has them all."""
        used = 0
        for button in self.buttons:
            used += button.sizeHint().width()
            button.setVisible(used <= self.width())
            used += px(16)

    def _link(self, key: str, figure: Figure) -> Button:
        from csdesk.services.kpi.wording import short_text

        button = Button(f"{_(SHORT[key])} {short_text(figure)}", kind="link")
        button.clicked.connect(partial(self.opened.emit, key))
        return button


def open_figures(context: Context, figures: Mapping[str, Any], key: str, parent: QWidget) -> FiguresDialog:
    """Open the dialog at a figure; the first one without a key."""
    from csdesk.services.kpi.figures import VISIT_FIGURES

    dialog = FiguresDialog(context, figures, VISIT_FIGURES, key, parent.window())
    dialog.open()
    return dialog
