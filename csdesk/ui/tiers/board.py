"""The chart of the accounts by ARR, with what each tier holds beside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.chart_view import ChartView
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.parts import Button, Card, Divider, EmptyState, Label, TierBadge
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.tiers.queries import Pareto, TierSum
    from csdesk.ui.core.context import Context

SIDE_WIDTH = 300
SIZE = (960, 540)
"""Logical pixels of a chart that leaves the program."""


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

    def _chart_card(self) -> Card:
        card = self.card = Card(_("ABC and Pareto"), note=_("A bar an account, the largest first"))
        self.copy = Button(_("Copy picture"), "copy", "Ctrl+Shift+I", "icon", small=True)
        self.save = Button(_("Save or export chart"), "export", "", "icon", small=True)
        self.copy.clicked.connect(self.copy_picture)
        self.save.clicked.connect(self.offer_files)
        card.header.addWidget(self.copy)
        card.header.addWidget(self.save)
        self.chart = ChartView(self._context, _("Accounts by ARR"))
        self.chart.opened.connect(self._opened)
        nothing = EmptyState(
            _("No contract runs today"),
            _("The chart begins with the first contract that has an amount."),
            _("Import a handover workbook"),
            icon="import",
        )
        nothing.chosen.connect(self.importing)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.chart)
        self._stack.addWidget(nothing)
        card.body.setContentsMargins(px(8), 0, px(8), px(8))
        card.add(self._stack, 1)
        return card

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
        self._stack.setCurrentIndex(0 if view.ranked else 1)
        for button in (self.copy, self.save):
            button.setVisible(bool(view.ranked))
        if view.ranked:
            self.chart.set_drawing(pareto_drawing(view))
        self._fill_side(view)

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

    def copy_picture(self) -> None:
        """Put the chart on the clipboard, on white."""
        if self.view is None or not self.view.ranked:
            return
        self._context.runner.ask(_picture, self.view, then=self._copied, owner=self)

    def _copied(self, image: Any) -> None:
        QGuiApplication.clipboard().setImage(image)
        self._context.messages.toast(_("The picture is on the clipboard."))

    def offer_files(self) -> None:
        """Ask where to: a picture (PNG, SVG, PDF), or the figures (workbook, text table)."""
        if self.view is None or not self.view.ranked:
            return
        kinds = (
            _("Picture (*.png)"), _("Drawing (*.svg)"), _("Document (*.pdf)"), _("Workbook (*.xlsx)"),
            _("Text table (*.csv)"),
        )  # fmt: skip
        title = _("Accounts by ARR")
        name = f"{title} {self._context.clock.today().isoformat()}.png"
        chosen, kind = QFileDialog.getSaveFileName(self.window(), _("Save chart"), name, ";;".join(kinds))
        if chosen:
            self.write(_with_suffix(Path(chosen), kind), title)

    def write(self, path: Path, title: str) -> None:
        """Write the chart or its figures, by the ending of the name, beside the UI thread."""
        view, now = self.view, self._context.clock.local()
        assert view is not None

        def write(_desk: Desk, _progress: Progress) -> None:
            if path.suffix.lower() in (".xlsx", ".csv"):
                from csdesk.services.tiers.report import pareto_report
                from csdesk.services.tiers.sheet import write_report

                write_report(pareto_report(view, now), path)
            else:
                from csdesk.ui.core.chart import save
                from csdesk.ui.tiers.drawing import pareto_drawing

                save(pareto_drawing(view), path, title)

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        def written(_nothing: object) -> None:
            text = _("Saved: {file}").format(file=path.name)
            self._context.messages.toast(text, link=(_("Open folder"), show))

        self._context.runner.work(write, written, _("Saving…"), writes=False)


def _with_suffix(path: Path, kind: str) -> Path:
    """The name as it was given, or with the ending of the kind that was chosen."""
    if path.suffix.lower() in (".png", ".svg", ".pdf", ".xlsx", ".csv"):
        return path
    suffix = kind[kind.find("*") + 1 : kind.find(")")] if "*" in kind else ".png"
    return path.with_name(path.name + suffix)


def _picture(_connection: Any, view: Pareto) -> Any:
    from csdesk.ui.core.chart import ink_of, paint
    from csdesk.ui.tiers.drawing import pareto_drawing

    image = paint(pareto_drawing(view), *SIZE, ink_of(), 2).image
    image.setDevicePixelRatio(1)
    return image
