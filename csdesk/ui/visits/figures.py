"""What the visits of the shown days came to: a strip of figures on the page, and the rows behind each in a dialog."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Button, Label, Tabs
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.kpi.rules import Figure, Row
    from csdesk.ui.core.context import Context

MOST_ROWS = 500
"""More rows than these are counted, not listed."""
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


class FiguresDialog(Dialog):
    """Figures at the left, the formula and the rows of the chosen one at the right; Enter on a row goes there."""

    def __init__(
        self, context: Context, figures: Mapping[str, Figure], key: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Figures of these days"), parent=parent)
        self._context, self.figures = context, figures
        self.names = LinesView(_("Figures"))
        self.formula = Label("", ink="muted", wrap=True)
        self.sides = Tabs([("counted", _("Counted")), ("base", _("Measured against")), ("left_out", _("Not counted"))])
        self.rows = LinesView(_("Rows"))
        self._lay_out()
        self.names.set_lines([self._name(one) for one in figures])
        self.names.chosen.connect(self._show_figure)
        self.sides.chosen.connect(self._show_side)
        self.rows.opened.connect(self._go)
        self.add_verb(_("Close"), self.reject, closes=False)
        self.resize(px(920), px(560))
        self.names.choose(key or next(iter(figures)))
        self._show_figure(self.names.current_key())
        self.names.setFocus()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(px(16))
        self.names.setFixedWidth(px(300))
        row.addWidget(self.names)
        column = QVBoxLayout()
        column.setSpacing(px(8))
        for widget in (self.formula, self.sides):
            column.addWidget(widget)
        column.addWidget(self.rows, 1)
        row.addLayout(column, 1)
        self.body.addLayout(row, 1)

    def _name(self, key: str) -> Line:
        from csdesk.services.kpi.figures import VISIT_FIGURES
        from csdesk.services.kpi.wording import beside_text, short_text

        figure = self.figures[key]
        return Line(key, _(VISIT_FIGURES[key].name), beside_text(figure), right=short_text(figure), bold=False)

    def _show_figure(self, key: object) -> None:
        from csdesk.services.kpi.figures import VISIT_FIGURES

        figure = self.figures[str(key)]
        self.formula.setText(_(VISIT_FIGURES[str(key)].formula))
        for side, count in (
            ("counted", len(figure.counted)),
            ("base", len(figure.base)),
            ("left_out", len(figure.left_out)),
        ):
            self.sides.set_count(side, count)
        if not figure.counted and self.sides.current() == "counted":
            self.sides.choose("base")
        self._show_side(self.sides.current())

    def _show_side(self, side: object) -> None:
        figure = self.figures[str(self.names.current_key())]
        if side == "left_out":
            lines = [_line(row, reason=reason) for row, reason in figure.left_out[:MOST_ROWS]]
            more = len(figure.left_out) - MOST_ROWS
        else:
            chosen = figure.counted if side == "counted" else figure.base
            counted = {row.id for row in figure.counted} if side == "base" else set()
            lines = [_line(row, row.id in counted) for row in chosen[:MOST_ROWS]]
            more = len(chosen) - MOST_ROWS
        if more > 0:
            lines.append(Line(None, _("{n} more").format(n=more), section=True))
        self.rows.set_lines(lines)
        self.rows.choose_first()

    def _go(self, key: object) -> None:
        if isinstance(key, tuple):
            self.accept()
            self._context.go.to(key[0], id=key[1])


def _line(row: Row, counted: bool = False, reason: str = "") -> Line:
    from csdesk.services.kpi.wording import row_text

    badge = (Badge(_("counted"), "ok"),) if counted else (Badge(_(reason), "neutral"),) if reason else ()
    return Line((row.entity, row.id), row.account, row_text(row), badges=badge, bold=False)


def open_figures(context: Context, figures: Mapping[str, Any], key: str, parent: QWidget) -> FiguresDialog:
    """Open the dialog at a figure; the first one without a key."""
    dialog = FiguresDialog(context, figures, key, parent.window())
    dialog.open()
    return dialog
