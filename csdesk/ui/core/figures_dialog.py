"""Figures with the rows behind each: what was counted, what it is measured against, what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Button, Label, Tabs
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.kpi.figures import Entry
    from csdesk.services.kpi.rules import Figure, Row
    from csdesk.ui.core.context import Context

MOST_ROWS = 500
"""More rows than these are counted, not listed."""
WIDE_COUNTS = ("money_rate", "money_per", "ratio")
"""Kinds of figures whose counts are amounts: they stand below the name."""
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
    ) -> None:
        """``beside`` gives of a figure its target and its change against the days before, in words."""
        self._title = title or _("Figures of these days")
        super().__init__(self._title, parent=parent)
        self._context, self.figures, self._entries, self._beside = context, figures, entries, beside or {}
        self.names = LinesView(_("Figures"))
        self.formula = Label("", ink="muted", wrap=True)
        self.sides = Tabs([("counted", _("Counted")), ("base", _("Measured against")), ("left_out", _("Not counted"))])
        self.rows = LinesView(_("Rows"))
        self._lay_out()
        self.names.set_lines([self._name(one) for one in figures])
        self.names.chosen.connect(self._show_figure)
        self.sides.chosen.connect(self._show_side)
        self.rows.opened.connect(self._go)
        self.export = Button(_("Export…"), "export", "Ctrl+Shift+E")
        self.export.clicked.connect(self.export_all)
        self.copy = Button(_("Copy rows"), "copy", "Ctrl+C")
        self.copy.clicked.connect(self.copy_rows)
        for place, button in enumerate((self.copy, self.export)):
            self.verbs.insertWidget(place, button)
        for keys, run in (("Ctrl+C", self.copy_rows), ("Ctrl+Shift+E", self.export_all)):
            QShortcut(QKeySequence(keys), self, run)
        self.add_verb(_("Close"), self.reject, closes=False)
        self.resize(px(920), px(560))
        self.names.choose(key or next(iter(figures)))
        self._show_figure(self.names.current_key())
        self.names.setFocus()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(px(16))
        self.names.setFixedWidth(px(320))
        row.addWidget(self.names)
        column = QVBoxLayout()
        column.setSpacing(px(8))
        for widget in (self.formula, self.sides):
            column.addWidget(widget)
        column.addWidget(self.rows, 1)
        row.addLayout(column, 1)
        self.body.addLayout(row, 1)

    def _name(self, key: str) -> Line:
        from csdesk.services.kpi.comparing import missing_text
        from csdesk.services.kpi.wording import beside_text, counts_text, short_text, value_text

        figure, name = self.figures[key], _(self._entries[key].name)
        if figure.kind in WIDE_COUNTS:
            second = missing_text(figure) or _(", ").join(filter(None, (counts_text(figure), beside_text(figure))))
            return Line(key, name, second, right=value_text(figure), bold=False)
        return Line(key, name, missing_text(figure) or beside_text(figure), right=short_text(figure), bold=False)

    def _show_figure(self, key: object) -> None:
        figure = self.figures[str(key)]
        formula = self._entries[str(key)].formula
        beside = " \u00b7 ".join(filter(None, self._beside.get(str(key), ())))
        self.formula.setText("\n".join(filter(None, (_(formula) if formula else "", beside))))
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

    def copy_rows(self) -> None:
        """Put the rows of the chosen figure on the clipboard, those of all three lists."""
        from csdesk.services.kpi.sheet import copied_rows
        from csdesk.ui.core.clipboard import copy_rows

        rows = copied_rows(self.figures[str(self.names.current_key())])
        copy_rows(rows, [False, False, False, False, True, False, False])
        words = ngettext("{n} row is on the clipboard.", "{n} rows are on the clipboard.", len(rows) - 1)
        self._context.messages.toast(words.format(n=len(rows) - 1))

    def export_all(self) -> None:
        """All figures with their formulas and every row behind them, as a workbook."""
        from csdesk.services.kpi.sheet import figure_sheets, write_figures
        from csdesk.ui.core.chart_card import offer_table

        def write(path: Path) -> None:
            write_figures(path, figure_sheets(self.figures, self._entries, self._beside))

        offer_table(self._context, self, f"{self._title} {self._context.clock.today().isoformat()}", write)

    def _go(self, key: object) -> None:
        if isinstance(key, tuple):
            self.accept()
            self._context.go.to(FEATURES[key[0]], id=key[1])


def _line(row: Row, counted: bool = False, reason: str = "") -> Line:
    from csdesk.services.kpi.wording import row_text

    badge = (Badge(_("counted"), "ok"),) if counted else (Badge(_(reason), "neutral"),) if reason else ()
    return Line(
        (row.entity, row.id) if row.entity in FEATURES else ("accounts", row.account_id),
        row.account,
        row_text(row),
        badges=badge,
        bold=False,
    )
