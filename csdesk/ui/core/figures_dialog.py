"""Figures with the rows behind each: what was counted, what it is measured against, what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.figure_rows import FigureRows
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.parts import Button, Label
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.kpi.figures import Entry
    from csdesk.services.kpi.rules import Figure, Row
    from csdesk.ui.core.context import Context

WIDE, HIGH, NAMES_WIDTH = 1180, 680, 300
WIDE_COUNTS = ("money_rate", "money_per", "ratio", "days")
"""Kinds of figures whose counts take more room: they stand below the name."""
FEATURES = {"visits": "visits", "accounts": "accounts", "tickets": "ticket", "demands": "tickets"}
"""By the table of a row: the feature that shows it. Of other rows the account is shown."""


class FiguresDialog(Dialog):
    """Figures at the left, the formula and the rows of the chosen one at the right; Enter on a row goes there."""

    def __init__(
        self,
        context: Context,
        figures: Mapping[str, Figure],
        entries: Mapping[str, Entry],
        key: str = "",
        parent: QWidget | None = None,
        title: str = "",
        beside: Mapping[str, tuple[str, str]] | None = None,
        note: str = "",
    ) -> None:
        """``beside`` gives of a figure its target and its change against the days before, in words; ``note`` says of which
        accounts they are."""
        self._title, self._note = title or _("Figures of these days"), note
        super().__init__(self._title, note, parent)
        self._context, self.figures, self._entries, self._beside = context, figures, entries, beside or {}
        self.names = LinesView(_("Figures"))
        self.formula = Label("", ink="muted", wrap=True)
        self.rows = FigureRows(context)
        self._lay_out()
        self.names.set_lines([self._name(one) for one in figures])
        self.names.chosen.connect(self._show_figure)
        self.names.opened.connect(self.rows.focus_list)
        self.rows.opened.connect(self._go)
        self._add_verbs()
        self.names.choose(key or next(iter(figures)))
        self._show_figure(self.names.current_key())
        (self.rows.table if self.names.isHidden() else self.names).setFocus()

    def _add_verbs(self) -> None:
        self.copy = Button(_("Copy rows"), "copy", "Ctrl+Shift+C")
        self.export_list = Button(_("Export rows"), "export", "Ctrl+E")
        self.export = Button(_("Export all figures…"), "export", "Ctrl+Shift+E")
        verbs = {self.copy: self.rows.copy, self.export_list: self.rows.export, self.export: self.export_all}
        for place, (button, run) in enumerate(verbs.items()):
            button.clicked.connect(run)
            self.verbs.insertWidget(place, button)
        for keys, act in (
            ("Ctrl+Shift+C", self.rows.copy), ("Ctrl+E", self.rows.export), ("Ctrl+Shift+E", self.export_all),
            ("/", self.rows.focus_filter), ("Ctrl+Shift+O", self.rows.choose_sort),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self, act)
        self.add_verb(_("Close"), self.reject, closes=False)

    def _lay_out(self) -> None:
        """Several figures have their names at the left; of one alone the name is the title."""
        row = QHBoxLayout()
        row.setSpacing(px(16))
        self.names.setFixedWidth(px(NAMES_WIDTH))
        self.names.setVisible(len(self.figures) > 1)
        row.addWidget(self.names)
        column = QVBoxLayout()
        column.setSpacing(px(8))
        column.addWidget(self.formula)
        column.addWidget(self.rows, 1)
        row.addLayout(column, 1)
        self.body.addLayout(row, 1)
        window = self.parentWidget()
        room = window.size() - QSize(px(32), px(32)) if window is not None else QSize(px(WIDE), px(HIGH))
        self.resize(QSize(px(WIDE), px(HIGH)).boundedTo(room))

    def _name(self, key: str) -> Line:
        from csdesk.services.kpi.comparing import missing_text
        from csdesk.services.kpi.wording import beside_text, counts_text, short_text, value_text

        figure, name = self.figures[key], _(self._entries[key].name)
        if figure.by_currency:
            return Line(key, name, value_text(figure), bold=False)
        if figure.kind in WIDE_COUNTS:
            second = missing_text(figure) or _(", ").join(filter(None, (counts_text(figure), beside_text(figure))))
            return Line(key, name, second, right=value_text(figure), bold=False)
        return Line(key, name, missing_text(figure) or beside_text(figure), right=short_text(figure), bold=False)

    def _line_of(self, key: str) -> str:
        """The one figure that is shown: its name and value."""
        line = self._name(key)
        return " \u00b7 ".join(filter(None, (line.title, line.right, line.second)))

    def _show_figure(self, key: object) -> None:
        figure = self.figures[str(key)]
        formula = self._entries[str(key)].formula
        beside = " \u00b7 ".join(filter(None, self._beside.get(str(key), ())))
        alone = self._line_of(str(key)) if self.names.isHidden() else ""
        self.formula.setText("\n".join(filter(None, (alone, _(formula), beside))))
        self.rows.show_figure(figure, f"{self._title} {_(self._entries[str(key)].name)}")

    def export_all(self) -> None:
        """All figures with their formulas and every row behind them, as a workbook."""
        from csdesk.services.kpi.sheet import figure_sheets, write_figures
        from csdesk.ui.core.chart_card import offer_table

        def write(path: Path) -> None:
            write_figures(path, figure_sheets(self.figures, self._entries, self._beside, self._note))

        offer_table(self._context, self, f"{self._title} {self._context.clock.today().isoformat()}", write)

    def _go(self, row: Row) -> None:
        self.accept()
        known = row.entity in FEATURES
        self._context.go.to(FEATURES[row.entity] if known else "accounts", id=row.id if known else row.account_id)
