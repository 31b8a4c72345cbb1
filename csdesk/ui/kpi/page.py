"""The dashboard: what became of customers and their money in a period, against targets and the period before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chart_card import ChartCard, offer_table
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, EmptyState, KeyHints
from csdesk.ui.core.theme import px
from csdesk.ui.kpi.days import Days, around, last_whole_month, remembered
from csdesk.ui.kpi.head import DashboardHead
from csdesk.ui.kpi.layout import CHARTS, COLUMNS, TILES_IN_A_ROW, Layout, heights, layout_of, places
from csdesk.ui.kpi.tiles import KpiTile

if TYPE_CHECKING:
    from datetime import date

    from csdesk.services.kpi.dashboard import Dashboard, Wish
    from csdesk.services.kpi.rules import Figure, Row
    from csdesk.ui.core.context import Context

LAYOUT = "kpi.layout"
UNITS = {"month": N_("By month"), "quarter": N_("By quarter"), "year": N_("By year")}


class DashboardPage(Page):
    """Tiles, then charts. Every tile and every mark of a chart leads to the rows behind it."""

    key = "kpi"
    can_print = True
    entities = frozenset(
        {"contracts", "contract_lines", "contract_events", "accounts", "receivables", "payments", "visits", "tickets",
         "ticket_moves", "targets", "exchange_rates", "settings", "opportunities"}
    )  # fmt: skip

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.days: Days = last_whole_month(context.clock.today())
        self.scope: dict[str, tuple[str, ...]] = {}
        self.unit, self.revenue = "quarter", False
        self.view: Dashboard | None = None
        self._wanted = ""
        self.tiles: dict[str, KpiTile] = {}
        self.charts: dict[str, ChartCard] = {}
        column = self.column()
        self.head = DashboardHead()
        self.head.length_chosen.connect(self.show_length)
        self.head.turned.connect(self.turn)
        self.head.own_days.connect(self.show_days)
        self.head.scoped.connect(self.narrow)
        self.head.targets_wanted.connect(self.open_targets)
        self.head.export_wanted.connect(self.export_figures)
        self.head.report_wanted.connect(self.choose_report)
        column.addWidget(self.head)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._canvas())
        self._stack.addWidget(self._nothing())
        column.addWidget(self._stack, 1)
        self.layout_shown = Layout(tiles=(), charts=())
        self._lay_out(self._kept_layout())

    # --- what stands where

    def _canvas(self) -> QWidget:
        inner = QWidget()
        inner.setObjectName("canvas")
        inner.setAutoFillBackground(False)
        column = QVBoxLayout(inner)
        column.setContentsMargins(*(px(3),) * 4)  # room for the ring of what has the keyboard
        column.setSpacing(px(12))
        self._tile_grid, self._chart_grid = QGridLayout(), QGridLayout()
        for grid in (self._tile_grid, self._chart_grid):
            grid.setSpacing(px(12))
            column.addLayout(grid)
        for place in range(COLUMNS):
            self._chart_grid.setColumnStretch(place, 1)
        column.addLayout(self._foot())
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setObjectName("canvas")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setAutoFillBackground(False)
        self.area.setAccessibleName(_("Tiles and charts"))
        self.area.setWidget(inner)
        return self.area

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(
            KeyHints(
                [
                    ("Enter", _("formula and rows of a figure")),
                    ("\u2190 \u2192", _("tiles")),
                    ("[ ]", _("earlier, later")),
                ]
            )
        )
        row.addStretch(1)
        self.arrange_link = Button(_("Tiles and charts…"), kind="link")
        self.arrange_link.clicked.connect(self.arrange)
        self.all_figures = Button("", kind="link")
        self.all_figures.clicked.connect(self.show_rows)
        row.addWidget(self.arrange_link)
        row.addWidget(self.all_figures)
        return row

    def _nothing(self) -> EmptyState:
        state = EmptyState(
            _("No contract yet"),
            _(
                "Figures begin with the first contract: take a handover workbook in, or enter an account with its contract."
            ),
            _("Import a handover workbook"),
            _("Go to the accounts"),
            icon="import",
        )
        state.chosen.connect(partial(self.context.go.to, "handover"))
        state.linked.connect(partial(self.context.go.to, "accounts"))
        return state

    def _kept_layout(self) -> Layout:
        from csdesk.services.kpi.figures import FIGURES

        self.all_figures.set_words(_("All {n} figures").format(n=len(FIGURES)))
        return layout_of(self.context.state.get(LAYOUT), FIGURES)

    def _lay_out(self, layout: Layout) -> None:
        """Make the tiles and charts that are wanted, take the others away."""
        for gone in set(self.tiles) - set(layout.tiles):
            _drop(self._tile_grid, self.tiles.pop(gone))
        for gone in set(self.charts) - set(layout.charts):
            _drop(self._chart_grid, self.charts.pop(gone))
        self.tiles = {key: self.tiles.get(key) or self._tile(key) for key in layout.tiles}
        self.charts = {key: self.charts.get(key) or self._chart(key) for key in layout.charts}
        self.layout_shown = layout
        self._arrange_parts()
        before: QWidget | None = None
        for widget in (*self.tiles.values(), *self.charts.values()):
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget

    def _tile(self, key: str) -> KpiTile:
        tile = KpiTile(key)
        tile.clicked.connect(partial(self.show_rows, key))
        tile.stepped.connect(partial(self._step, key))
        tile.menu_wanted.connect(self._tile_menu)
        return tile

    def _chart(self, key: str) -> ChartCard:
        kind = CHARTS[key]
        nothing = EmptyState(_("Nothing to draw in these days"), _("Choose other days or take a filter away."))
        card = ChartCard(self.context, _(kind.title), _(kind.title), nothing)
        card.opened.connect(partial(self._opened, key))
        if key == "cohorts":
            self._cohort_controls(card)
        return card

    def _cohort_controls(self, card: ChartCard) -> None:
        self.cohort_unit = Button(_(UNITS[self.unit]), kind="link")
        self.cohort_unit.clicked.connect(self._choose_unit)
        self.cohort_kind = Button("", kind="link")
        self.cohort_kind.clicked.connect(self.turn_cohorts)
        for button in (self.cohort_unit, self.cohort_kind):
            card.header.insertWidget(card.header.indexOf(card.copy), button)
        self._name_cohorts()

    def _name_cohorts(self) -> None:
        if "cohorts" in self.charts or hasattr(self, "cohort_unit"):
            self.cohort_unit.set_words(_(UNITS[self.unit]))
            self.cohort_kind.set_words(_("Show accounts") if self.revenue else _("Show ARR"))

    def _arrange_parts(self) -> None:
        small = self.window().width() < px(SMALL_WINDOW)
        wide = 3 if small else TILES_IN_A_ROW
        for column in range(TILES_IN_A_ROW):
            self._tile_grid.setColumnStretch(column, 1 if column < min(wide, len(self.tiles)) else 0)
        for place, tile in enumerate(self.tiles.values()):
            self._tile_grid.addWidget(tile, *divmod(place, wide))
        found = places(list(self.charts), small)
        high = heights(found)
        for key, row, left, span in found:
            self.charts[key].setFixedHeight(px(high[row]))
            self._chart_grid.addWidget(self.charts[key], row, left, 1, span)
        self.head.save_room(small, self.contentsRect().width() - 2 * px(24))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_parts()

    # --- which days, which accounts

    def arrive(self, args: Args) -> None:
        """Show what is named: days as ``remember`` gives them, a chart by its key."""
        if "length" in args:
            self.days = remembered(args, self.context.clock.today())
        self.head.show_days(self.days)
        self._wanted = str(args.get("chart", ""))
        super().arrive(args)

    def refresh(self) -> None:
        from csdesk.services.kpi.dashboard import Wish, dashboard
        from csdesk.services.kpi.rules import Period
        from csdesk.services.kpi.scope import Scope

        period = Period(self.days.start, self.days.end)
        wish = Wish(period, Scope(**self.scope), tuple(self.charts), self.unit, self.revenue)
        self.context.runner.ask(dashboard, wish, self.context.clock.today(), then=self._fill, owner=self)

    def show_length(self, length: object) -> None:
        """Show a month, a quarter, a year, or days of one's own."""
        self._go_to(self.days.as_length(str(length), self.context.clock.today()))

    def show_days(self, days: object) -> None:
        """Show these days."""
        if isinstance(days, Days):
            self._go_to(days)

    def turn(self, by: int) -> None:
        """Go so many periods on or back."""
        self._go_to(self.days.turned(by))

    def turn_to_today(self) -> None:
        """The period that today lies in; of own days its month."""
        today = self.context.clock.today()
        self._go_to(around(self.days.length if self.days.length in UNITS else "month", today))

    def _go_to(self, days: Days) -> None:
        self.days = days
        self.head.show_days(days)
        self.crumbs_changed.emit()
        self.actions_changed.emit()
        self.refresh()

    def narrow(self, key: str, values: Sequence[str]) -> None:
        """Look at the accounts with one of these tiers, cities … alone; without any the condition is taken away."""
        if values:
            self.scope[key] = tuple(values)
        else:
            self.scope.pop(key, None)
        self.refresh()

    def clear_filters(self) -> None:
        """Look at all accounts again."""
        self.scope.clear()
        self.refresh()

    def turn_cohorts(self) -> None:
        """Count accounts or ARR in the cohorts."""
        self.revenue = not self.revenue
        self._name_cohorts()
        self.refresh()

    def _choose_unit(self) -> None:
        from csdesk.ui.core.columns_menu import pop_up

        menu = QMenu(self)
        for unit, words in UNITS.items():
            entry = menu.addAction(_(words))
            entry.setCheckable(True)
            entry.setChecked(unit == self.unit)
            entry.triggered.connect(partial(self.show_cohorts_by, unit))
        pop_up(menu, self.cohort_unit.mapToGlobal(QPoint(0, self.cohort_unit.height())))

    def show_cohorts_by(self, unit: str, _on: bool = True) -> None:
        """Make the cohorts of a month, a quarter or a year each."""
        self.unit = unit
        self._name_cohorts()
        self.refresh()

    # --- what came

    def _fill(self, view: Dashboard) -> None:
        from csdesk.ui.kpi.telling import sentence_of, tile_words

        self.view = view
        self._stack.setCurrentIndex(0 if view.any else 1)
        self.head.show_view(
            self.days, sentence_of(view, self.context.clock.today()), view.options, self.scope, view.any
        )
        self._arrange_parts()
        for key, tile in self.tiles.items():
            tile.show_words(tile_words(view, key))
        self._draw(view)
        self._ask_sparks()
        if self._wanted in self.charts:
            self.area.ensureWidgetVisible(self.charts[self._wanted])
        self._wanted = ""

    def _draw(self, view: Dashboard) -> None:
        from csdesk.services.kpi.wording import scope_text
        from csdesk.ui.kpi.telling import chart_of

        about = " \u00b7 ".join(filter(None, (self.days.title(), scope_text(view.wish.scope))))
        for key, card in self.charts.items():
            drawing, note = chart_of(view, key)
            card.set_title(_(CHARTS[key].title), note)
            card.show_drawing(drawing, partial(_write_chart, view, key), about)

    def _ask_sparks(self) -> None:
        from csdesk.services.kpi.dashboard import sparks

        if self.view is not None and self.view.any and self.tiles:
            wish, today = self.view.wish, self.context.clock.today()
            self.context.runner.ask(sparks, wish, tuple(self.tiles), today, then=self._fill_sparks, owner=self)

    def _fill_sparks(self, found: Mapping[str, tuple[float | None, ...]]) -> None:
        for key, values in found.items():
            if key in self.tiles:
                self.tiles[key].show_spark(values)

    # --- what leads on

    def _step(self, key: str, by: int) -> None:
        keys = list(self.tiles)
        target = self.tiles[keys[(keys.index(key) + by) % len(keys)]]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self.area.ensureWidgetVisible(target)

    def _tile_menu(self, at: QPoint) -> None:
        from csdesk.ui.core.columns_menu import pop_up

        menu = QMenu(self)
        menu.addAction(_("Tiles and charts…")).triggered.connect(self.arrange)
        menu.addAction(_("Targets…")).triggered.connect(self.open_targets)
        pop_up(menu, at)

    def show_rows(self, key: str | bool = "") -> None:
        """All figures with the formula and the rows behind each, at one of them."""
        if self.view is not None and self.view.any:
            self._open(
                self.view.figures, key if isinstance(key, str) else "", self.days.title(), beside=_beside(self.view)
            )

    def _open(
        self,
        figures: Mapping[str, Figure],
        key: str,
        title: str,
        entries: Mapping[str, Any] | None = None,
        beside: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        from csdesk.services.kpi.figures import FIGURES
        from csdesk.services.kpi.wording import scope_text
        from csdesk.ui.core.figures_dialog import FiguresDialog

        words = _("Figures, {days}").format(days=title)
        note = scope_text(self.view.wish.scope) if self.view is not None else ""
        FiguresDialog(self.context, figures, entries or FIGURES, key, self.window(), words, beside, note).open()

    def _opened(self, chart: str, mark: Any) -> None:
        """Open what a mark of a chart was counted from."""
        from csdesk.ui.kpi.telling import forecast_behind, rows_behind

        kind, *rest = mark
        if kind == "month":
            self._open_month(rest[0])
        elif kind == "account":
            self.context.go.to("accounts", id=rest[0])
        elif kind == "cohort":
            self._ask_cohort(rest[0], rest[1])
        elif self.view is not None and chart == "forecast":
            name, figures, entries = forecast_behind(self.view, rest[0])
            self._open(figures, "", name, entries)
        elif self.view is not None:
            self._show_list(*rows_behind(self.view, chart, rest[0]))

    def _show_list(self, name: str, rows: tuple[Row, ...], formula: str = "") -> None:
        from csdesk.ui.kpi.telling import list_figure

        figures, entries = list_figure(name, rows, formula)
        self._open(figures, "", self.days.title(), entries)

    def _open_month(self, first: date) -> None:
        if self.view is not None:
            month = next(one for one in self.view.trend if one.first == first)
            self._open(month.figures, "logo_churn_rate", around("month", first).title())

    def _ask_cohort(self, first: date, place: int) -> None:
        from csdesk.services.kpi.dashboard import cohort_rows
        from csdesk.ui.kpi.telling import cohort_entries

        if self.view is None:
            return
        wish, today = self.view.wish, self.context.clock.today()

        def show(found: tuple[str, dict[str, Figure]]) -> None:
            name, figures = found
            self._open(figures, "", name, cohort_entries(name, wish.revenue))

        self.context.runner.ask(cohort_rows, wish, first, place, today, then=show, owner=self, key="rows")

    def _chart_in_hand(self) -> ChartCard | None:
        """The chart that has the keyboard, else the first."""
        here = QApplication.focusWidget()
        held = (card for card in self.charts.values() if here is not None and card.isAncestorOf(here))
        return next(held, next(iter(self.charts.values()), None))

    def copy_chart(self) -> None:
        """Put the chart that has the keyboard on the clipboard, on white."""
        card = self._chart_in_hand()
        if card is not None:
            card.copy_picture()

    def save_chart(self) -> None:
        """Save the chart that has the keyboard as a picture or as its figures."""
        card = self._chart_in_hand()
        if card is not None:
            card.offer_files()

    def open_targets(self) -> None:
        """Go where targets are entered."""
        self.context.go.to("settings", section="money")

    def arrange(self) -> None:
        """Ask which tiles and charts to show, in which order."""
        from csdesk.services.kpi.figures import FIGURES
        from csdesk.ui.kpi.arranging import ArrangeDialog

        names = {key: _(entry.name) for key, entry in FIGURES.items()}
        ArrangeDialog(names, self.layout_shown, self.keep_layout, self.window()).open()

    def keep_layout(self, layout: Layout) -> None:
        """Show these tiles and charts from now on."""
        self.context.state.set(LAYOUT, None if layout == Layout() else layout.as_json())
        self._lay_out(layout)
        self.refresh()

    def export_figures(self) -> None:
        """All figures with the rows behind them as a workbook."""
        if self.view is not None and self.view.any:
            name = f"{_('Figures')} {self.days.start.isoformat()} {self.days.end.isoformat()}"
            offer_table(self.context, self.window(), name, partial(_write_figures, self.view))

    def choose_report(self) -> None:
        """Offer the report of the days shown: pages to look at and print, a PDF, a workbook."""
        from csdesk.ui.core.columns_menu import pop_up

        menu = QMenu(self)
        ways = ((N_("Preview and print…"), self.print_report), (N_("Save as PDF…"), self.save_pdf),
                (N_("Save as workbook…"), self.save_workbook))  # fmt: skip
        for words, run in ways:
            menu.addAction(_(words)).triggered.connect(run)
        menu.setActiveAction(menu.actions()[0])
        button = self.head.report
        pop_up(menu, button.mapToGlobal(QPoint(0, button.height())))

    def _report_wish(self) -> Wish | None:
        """All charts of the days and accounts shown; None before there is anything to report."""
        if self.view is None or not self.view.any:
            return None
        return replace(self.view.wish, charts=tuple(CHARTS))

    def print_report(self) -> None:
        """The report of the days shown, as pages."""
        from csdesk.ui.kpi.paper import preview_report

        if (wish := self._report_wish()) is not None:
            preview_report(self.context, wish, self)

    def save_pdf(self) -> None:
        """The same as a PDF."""
        from csdesk.ui.kpi.paper import ask_pdf

        if (wish := self._report_wish()) is not None:
            ask_pdf(self.context, wish, self)

    def save_workbook(self) -> None:
        """The same as a workbook, with every row."""
        from csdesk.ui.kpi.paper import ask_workbook

        if (wish := self._report_wish()) is not None:
            ask_workbook(self.context, wish, self)

    # --- what the window asks

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.days.title()),)

    def page_actions(self) -> list[Action]:
        def act(
            key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "", menu: str = "view",
            **more: Any,
        ) -> Action:  # fmt: skip
            return Action(f"kpi.{key}", text, run, icon, shortcut, menu, (self.key,), 2, **more)

        lengths = (
            ("month", N_("Show a month")), ("quarter", N_("Show a quarter")), ("year", N_("Show a year")),
            ("own", N_("Show days of your own")),
        )  # fmt: skip
        return [
            *(
                act(
                    length,
                    words,
                    partial(self.show_length, length),
                    f"Alt+{place}",
                    checked=partial(self._is_length, length),
                )
                for place, (length, words) in enumerate(lengths, 1)
            ),
            act("before", N_("The days before"), partial(self.turn, -1), "[", "back"),
            act("after", N_("The days after"), partial(self.turn, 1), "]", "forward"),
            act("this", N_("To today"), self.turn_to_today, "0"),
            act("rows", N_("All figures and their rows"), self.show_rows, "K", "figures"),
            act("cohorts", N_("Cohorts by accounts or ARR"), self.turn_cohorts, "C"),
            act("clear", N_("Take all filters away"), self.clear_filters),
            act("arrange", N_("Tiles and charts…"), self.arrange, "G", "columns"),
            act("targets", N_("Targets…"), self.open_targets, "", "target"),
            act("copy_chart", N_("Copy chart as picture"), self.copy_chart, "Ctrl+Shift+I", "copy", "edit"),
            act("save_chart", N_("Save or export chart"), self.save_chart, "Ctrl+Shift+G", "export", "file"),
            act("export", N_("Export the figures"), self.export_figures, "Ctrl+Shift+E", "export", "file"),
            act("report", N_("Report of these days…"), self.choose_report, "R", "print", "file"),
            act("report_pdf", N_("Save the report as PDF…"), self.save_pdf, "Ctrl+Shift+P", "print", "file"),
            act("report_xlsx", N_("Save the report as workbook…"), self.save_workbook, "", "sheet", "file"),
        ]

    def _is_length(self, length: str) -> bool:
        return self.days.length == length

    def remember(self) -> dict[str, Any]:
        return {
            **self.days.as_json(), "scope": {key: list(values) for key, values in self.scope.items()}, "unit": self.unit, "revenue": self.revenue,
            "scroll": self.area.verticalScrollBar().value(),
        }  # fmt: skip

    def recall(self, view: Args) -> None:
        from csdesk.services.kpi.scope import TITLES

        self.days = remembered(view, self.context.clock.today())
        kept = view.get("scope")
        self.scope = {
            key: tuple(map(str, kept[key]))
            for key in TITLES
            if isinstance(kept, dict) and isinstance(kept.get(key), list) and kept[key]
        }
        self.unit = str(view.get("unit")) if view.get("unit") in UNITS else "quarter"
        self.revenue = view.get("revenue") is True
        self._name_cohorts()
        self.head.show_days(self.days)
        self.crumbs_changed.emit()
        self.refresh()

    def focus_first(self) -> None:
        first = next(iter(self.tiles.values()), None)
        (first or self.area).setFocus()

    def focus_filter(self) -> bool:
        self.head.open_filter()
        return True


def _drop(grid: QGridLayout, widget: QWidget) -> None:
    grid.removeWidget(widget)
    widget.hide()
    widget.deleteLater()


def _write_chart(view: Dashboard, key: str, path: Path) -> None:
    from csdesk.services.kpi.chart_tables import chart_sheet
    from csdesk.services.kpi.sheet import write_figures

    write_figures(path, [chart_sheet(view, key)])


def _write_figures(view: Dashboard, path: Path) -> None:
    from csdesk.services.kpi.figures import FIGURES
    from csdesk.services.kpi.sheet import figure_sheets, write_figures
    from csdesk.services.kpi.wording import scope_text

    write_figures(path, figure_sheets(view.figures, FIGURES, _beside(view), scope_text(view.wish.scope)))


def _beside(view: Dashboard) -> dict[str, tuple[str, str]]:
    """The target and the change of every figure, in words."""
    from csdesk.ui.kpi.telling import target_and_change

    return {key: target_and_change(view, key) for key in view.figures}
