"""The chart of the accounts by ARR, with what each tier holds beside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.chart_card import ChartCard
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.parts import Button, Card, Divider, EmptyState, Label, TierBadge
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.tiers.queries import Pareto, TierSum
    from csdesk.ui.core.context import Context

SIDE_WIDTH = 300


class ParetoBoard(QWidget):
    """``wanted`` gives the conditions of the list behind what was pressed, ``account`` the account."""

    wanted = Signal(object)
    account = Signal(object)
    importing = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.view: Pareto | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addWidget(self._chart_card(), 1)
        row.addWidget(self._side())

    def _chart_card(self) -> ChartCard:
        nothing = EmptyState(
            _("No contract runs today"),
            _("The chart begins with the first contract that has an amount."),
            _("Import a handover workbook"),
            icon="import",
        )
        nothing.chosen.connect(self.importing)
        title, note = _("ABC and Pareto"), _("A bar an account, the largest first")
        self.card = ChartCard(self._context, title, _("Accounts by ARR"), nothing, note, "Ctrl+Shift+I")
        self.card.opened.connect(self._opened)
        self.chart = self.card.chart
        self.copy_picture, self.offer_files = self.card.copy_picture, self.card.offer_files
        return self.card

    def _side(self) -> Card:
        self.side = Card(_("By tier"))
        self.side.setFixedWidth(px(SIDE_WIDTH))
        self._table = QVBoxLayout()
        self._table.setSpacing(px(8))
        self.side.add(self._table)
        self.side.body.addStretch(1)
        return self.side

    def show_pareto(self, view: Pareto) -> None:
        """Show a portfolio."""
        from csdesk.ui.tiers.drawing import pareto_drawing

        self.view = view
        self.card.show_drawing(pareto_drawing(view) if view.ranked else None, partial(self._write, view))
        self._fill_side(view)

    def _write(self, view: Pareto, path: Path) -> None:
        from csdesk.services.tiers.report import pareto_report
        from csdesk.services.tiers.sheet import write_report

        write_report(pareto_report(view, self._context.clock.local()), path)

    def _fill_side(self, view: Pareto) -> None:
        from csdesk.services.tiers.report import head_sentence

        empty(self._table)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(2, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for place, head in enumerate((_("Tier"), _("Accounts"), _("ARR"), _("Share"))):
            grid.addWidget(Label(head, "caption", "muted"), 0, place, right if place else Qt.AlignmentFlag.AlignLeft)
        for row, one in enumerate(view.tiers, 1):
            self._fill_row(grid, row, one, view)
        self._table.addWidget(holder)
        self._table.addWidget(Divider())
        self._table.addWidget(Label(head_sentence(view), wrap=True))
        if view.head:
            self._link(_("Show the largest 20 %"), [["arr_between", f"{view.ranked[view.head - 1].arr_cents}-"]])
        if view.other_mode:
            words = ngettext(
                "{n} account is looked after otherwise than its tier suggests",
                "{n} accounts are looked after otherwise than their tiers suggest",
                view.other_mode,
            ).format(n=view.other_mode)
            self._table.addWidget(Label(words, "caption", "muted", wrap=True))
            self._link(_("Show them"), [["mode_differs", ""]])

    def _fill_row(self, grid: QGridLayout, row: int, one: TierSum, view: Pareto) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(TierBadge(one.tier) if one.tier else Label(_("none"), ink="muted"), row, 0)
        link = Button(formats.number(one.accounts), kind="link")
        link.setAccessibleName(_("Accounts of tier {tier}").format(tier=one.tier or _("none")))
        link.clicked.connect(partial(self.wanted.emit, [["tier", one.tier or ""]]))
        grid.addWidget(link, row, 1, right)
        grid.addWidget(Label(formats.money_short(one.arr_cents)), row, 2, right)
        share = one.arr_cents / view.total_cents if view.total_cents else None
        grid.addWidget(Label(formats.percent(share)), row, 3, right)

    def _link(self, words: str, conditions: list[list[str]]) -> None:
        link = Button(words, kind="link")
        link.clicked.connect(partial(self.wanted.emit, conditions))
        self._table.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _opened(self, key: tuple[str, Any]) -> None:
        kind, value = key
        if kind == "account":
            self.account.emit(value)
        else:
            self.wanted.emit([["arr_between", f"{value[0]}-{value[1]}"]])
