"""Requirement figures: what was asked for, answered, released and told in a month, a quarter or a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chart_card import ChartCard, offer_table
from csdesk.ui.core.page import SMALL_WINDOW, Args, Page
from csdesk.ui.core.parts import Button, Combo, EmptyState, Label, PageHead, RemovableChip, Segmented
from csdesk.ui.core.periods import LABELS, Length, days_of, title_of, turned
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.figure_groups import GroupsCard
from csdesk.ui.tickets.figure_tiles import TILES, Tile

if TYPE_CHECKING:
    from csdesk.services.core.report import Report
    from csdesk.services.kpi.requirements import RequirementView
    from csdesk.services.kpi.rules import Figure
    from csdesk.ui.core.context import Context

CHART_HEIGHT = 268
KEYS = {Length.MONTH: "Alt+1", Length.QUARTER: "Alt+2", Length.YEAR: "Alt+3"}
SHOW = {Length.MONTH: N_("Show a month"), Length.QUARTER: N_("Show a quarter"), Length.YEAR: N_("Show a year")}


class RequirementFiguresPage(Page):
    """Tiles, four charts, and the main figures by module, tier or account. Every number leads to the rows behind it."""

    key = "requirement_figures"
    can_print = True
    entities = frozenset(
        {"tickets", "ticket_moves", "demands", "demand_moves", "demand_reviews", "notices", "accounts", "settings",
         "contracts", "contract_lines"}
    )  # fmt: skip

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.length, self.day = Length.QUARTER, context.clock.today()
        self.module: str | None = None
        self.tier: str | None = None
        self.account: int | None = None
        self.view: RequirementView | None = None
        column = self.column()
        column.addWidget(self._head())
        column.addLayout(self._filters())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._canvas())
        self._stack.addWidget(self._nothing())
        column.addWidget(self._stack, 1)

    # --- what stands where

    def _head(self) -> PageHead:
        self.head = PageHead(_("Requirement figures"))
        self.lengths = Segmented([(length, _(label)) for length, label in LABELS.items()], self.length)
        self.lengths.chosen.connect(self.show_length)
        self.head.add_action(self.lengths)
        for icon, name, run in (
            ("back", _("Before"), self.turn_back),
            ("", _("Today"), self.turn_to_today),
            ("forward", _("After"), self.turn_on),
        ):
            button = Button(name, icon, kind="icon", framed=True) if icon else Button(name)
            button.clicked.connect(run)
            self.head.add_action(button)
        self.export = Button(_("Export"), "export", "Ctrl+Shift+E")
        self.export.clicked.connect(self.export_figures)
        self.head.add_action(self.export)
        return self.head

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.modules = Combo(_("Module"), [(None, _("All modules"))])
        self.modules.currentIndexChanged.connect(self._filtered)
        tiers = [(tier, _("Tier {tier}").format(tier=tier)) for tier in ("A", "B", "C")]
        self.tiers = Combo(_("Tier"), [(None, _("All tiers")), *tiers, ("", _("No tier"))])
        self.tiers.currentIndexChanged.connect(self._filtered)
        self._chips = QHBoxLayout()
        self.sentence = Label("", "caption", "muted", elide=True)
        row.addWidget(self.modules)
        row.addWidget(self.tiers)
        row.addLayout(self._chips)
        row.addWidget(self.sentence, 1)
        self.all_rows = Button(_("All figures and their rows"), kind="link")
        self.all_rows.clicked.connect(self.show_rows)
        row.addWidget(self.all_rows)
        return row

    def _canvas(self) -> QWidget:
        inner = QWidget()
        inner.setObjectName("canvas")
        inner.setAutoFillBackground(False)
        column = QVBoxLayout(inner)
        column.setContentsMargins(*(px(3),) * 4)  # room for the ring of what has the keyboard
        column.setSpacing(px(12))
        self._tiles = QGridLayout()
        self._tiles.setSpacing(px(12))
        self.tiles = {key: Tile(_(name)) for key, name in TILES.items()}
        for key, tile in self.tiles.items():
            tile.clicked.connect(partial(self.show_rows, key))
        column.addLayout(self._tiles)
        self._charts = QGridLayout()
        self._charts.setSpacing(px(12))
        self.charts = {
            "states": self._chart(_("Open by state"), _("Open tickets by state"), _("on the last day")),
            "days": self._chart(_("Days a stage takes"), _("Days a stage takes"), _("median / 90 % within")),
            "months": self._chart(_("Answered in time"), _("Answered in time by month"), _("by month")),
            "top": self._chart(_("Top demands by ARR"), _("Top demands by ARR"), _("open ones, as of today")),
        }
        column.addLayout(self._charts)
        self.groups = GroupsCard(self.context)
        self.groups.wanted.connect(self._narrow)
        column.addWidget(self.groups)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setObjectName("canvas")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setAutoFillBackground(False)
        self.area.setAccessibleName(_("Requirement figures"))
        self.area.setWidget(inner)
        self._arrange()
        return self.area

    def _chart(self, title: str, name: str, note: str) -> ChartCard:
        nothing = EmptyState(_("Nothing in these days"), _("Choose other days or take a filter away."))
        card = ChartCard(self.context, title, name, nothing, note)
        card.setFixedHeight(px(CHART_HEIGHT))
        card.opened.connect(self._opened)
        return card

    def _nothing(self) -> EmptyState:
        state = EmptyState(
            _("No customer has asked for anything yet"),
            _("Write down the first wish, bug or question: what becomes of it is counted here."),
            _("Go to the requirements"),
            icon="requirement_figures",
        )
        state.chosen.connect(partial(self.context.go.to, "tickets"))
        return state

    def _arrange(self) -> None:
        """Two charts side by side where there is room, tiles in one row or two."""
        wide = self.window().width() >= px(SMALL_WINDOW)
        for place, tile in enumerate(self.tiles.values()):
            self._tiles.addWidget(tile, *((0, place) if wide else divmod(place, 3)))
        for place, card in enumerate(self.charts.values()):
            self._charts.addWidget(card, *divmod(place, 2))
        for column in range(2):
            self._charts.setColumnStretch(column, 1)
        self.export.show_key(wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    # --- which days, which tickets

    def arrive(self, args: Args) -> None:
        if args.get("account") is not None:
            self.account, self.module, self.tier = int(args["account"]), None, None
        super().arrive(args)

    def refresh(self) -> None:
        from csdesk.services.kpi.figures import requirement_view
        from csdesk.services.kpi.rules import Period
        from csdesk.services.kpi.stages import Cut

        period = Period(*days_of(self.length, self.day))
        cut = Cut(self.module, self.account, self.tier)
        today = self.context.clock.today()
        self.context.runner.ask(requirement_view, period, today, cut, then=self._fill, owner=self)

    def show_length(self, length: object) -> None:
        """Show a month, a quarter or a year around the same day."""
        self.length = Length(str(length))
        self.lengths.choose(self.length)
        self.refresh()

    def turn(self, by: int) -> None:
        """Go so many periods on or back."""
        self.day = turned(self.length, self.day, by)
        self.refresh()

    def turn_back(self) -> None:
        """The period before."""
        self.turn(-1)

    def turn_on(self) -> None:
        """The period after."""
        self.turn(1)

    def turn_to_today(self) -> None:
        """The period of today."""
        self.day = self.context.clock.today()
        self.refresh()

    def _filtered(self) -> None:
        self.module, self.tier = self.modules.value(), self.tiers.value()
        self.refresh()

    def _narrow(self, group: str, key: str) -> None:
        """Look at one module, tier or account alone."""
        if group == "account":
            self.account = int(key)
        elif group == "tier":
            self.tier = key
        else:
            self.module = key
        self.refresh()

    def clear_filters(self) -> None:
        """Look at everything again."""
        self.module = self.tier = self.account = None
        self.refresh()

    def _all_accounts(self) -> None:
        self.account = None
        self.refresh()

    # --- what came

    def _fill(self, view: RequirementView) -> None:
        from csdesk.ui.core.emptying import empty

        self.view = view
        self._stack.setCurrentIndex(0 if view.any else 1)
        self.head.set_text(sentence=title_of(self.length, self.day))
        self._fill_filters(view)
        empty(self._chips)
        if view.cut.account_id is not None:
            chip = RemovableChip(_("Account"), view.account or _("unknown"))
            chip.removed.connect(self._all_accounts)
            chip.clicked.connect(self._all_accounts)
            self._chips.addWidget(chip)
        for key, tile in self.tiles.items():
            tile.show_figure(view.figures[key])
        self._draw(view)
        self.groups.show_groups(view)

    def _fill_filters(self, view: RequirementView) -> None:
        for combo, value, options in (
            (
                self.modules,
                view.cut.module,
                [(None, _("All modules")), *((m, m or _("No module")) for m in view.modules)],
            ),
            (self.tiers, view.cut.tier, None),
        ):
            combo.blockSignals(True)
            if options is not None:
                combo.set_options(options)
            combo.setCurrentIndex(max(0, combo.findData(value)))
            combo.blockSignals(False)
            combo.update()
        self.sentence.setText(_("State, tier and ARR as they are today; what lies in the bin is not counted."))

    def _draw(self, view: RequirementView) -> None:
        from csdesk.ui.tickets.figure_drawings import drawings_of

        for place, (key, drawing) in enumerate(drawings_of(view).items()):
            self.charts[key].show_drawing(drawing, partial(_write, view, max(0, place - 1)))

    # --- what leads on

    def _opened(self, key: Any) -> None:
        if isinstance(key, str):
            self.show_rows(key)
        elif key[0] == "demand":
            self.context.go.to("tickets", id=key[1])
        elif self.view is not None:
            figure = next(one for first, one in self.view.months if first == key[1])
            self._open({"answered_in_time": figure}, "answered_in_time")

    def show_rows(self, key: str | bool = "") -> None:
        """The figures with the rows behind each, at one of them."""
        if self.view is not None and self.view.any:
            self._open(self.view.figures, key if isinstance(key, str) else "")

    def _open(self, figures: Mapping[str, Figure], key: str) -> None:
        from csdesk.services.kpi.figures import REQUIREMENT_FIGURES
        from csdesk.ui.core.figures_dialog import FiguresDialog

        dialog = FiguresDialog(self.context, figures, REQUIREMENT_FIGURES, key, self.window())
        dialog.open()

    def export_figures(self) -> None:
        """All of it as a workbook."""
        if self.view is not None and self.view.any:
            offer_table(self.context, self.window(), self.export_name(), partial(_write, self.view, 0))

    def print_report(self) -> None:
        """The figures as pages."""
        if self.view is not None and self.view.any:
            self.context.runner.work(
                partial(_read_report, self.context, self.view), self._preview, _("Making the report"), writes=False
            )

    def _preview(self, report: Report) -> None:
        from csdesk.ui.core.print_preview import show_preview

        show_preview(self.context, self, (report,), self.export_name())

    def export_name(self) -> str:
        """What the workbook is called."""
        start, end = days_of(self.length, self.day)
        return f"{_('Requirement figures')} {start.isoformat()} {end.isoformat()}"

    def page_actions(self) -> list[Action]:
        def act(
            key: str, text: str, run: Any, shortcut: str = "", icon: str = "", menu: str = "view", **more: Any
        ) -> Action:
            return Action(f"{self.key}.{key}", text, run, icon, shortcut, menu, (self.key,), 2, **more)

        lengths = [
            act(length.value, SHOW[length], partial(self.show_length, length), KEYS[length],
                checked=partial(lambda page, wanted: page.length is wanted, self, length))
            for length in Length
        ]  # fmt: skip
        return [
            *lengths,
            act("before", N_("The days before"), self.turn_back, "[", "back"),
            act("after", N_("The days after"), self.turn_on, "]", "forward"),
            act("this", N_("To today"), self.turn_to_today, "0"),
            act("rows", N_("Figures of these days"), self.show_rows, "K"),
            act("clear", N_("Take all filters away"), self.clear_filters),
            act("export", N_("Export the figures"), self.export_figures, "Ctrl+Shift+E", "export", "file"),
        ]

    def remember(self) -> dict[str, Any]:
        return {
            "length": self.length.value, "day": self.day.isoformat(), "module": self.module, "tier": self.tier,
            "account": self.account, "group": self.groups.group,
        }  # fmt: skip

    def recall(self, view: Args) -> None:
        if view.get("length") in set(Length):
            self.length = Length(view["length"])
            self.lengths.choose(self.length)
        try:
            self.day = date.fromisoformat(str(view.get("day")))
        except ValueError:
            self.day = self.context.clock.today()
        self.module, self.tier, self.account = view.get("module"), view.get("tier"), view.get("account")
        self.groups.choose(str(view.get("group", "")))
        self.refresh()

    def focus_first(self) -> None:
        next(iter(self.tiles.values())).setFocus()

    def focus_filter(self) -> bool:
        self.modules.setFocus()
        return True


def _write(view: RequirementView, first: int, path: Path) -> None:
    from csdesk.services.kpi.requirement_sheet import write_figures

    write_figures(view, path, first)


def _read_report(context: Context, view: RequirementView, desk: Any, progress: Any) -> Report:
    from csdesk.services.kpi.requirement_report import CHART_PLACE, requirement_report
    from csdesk.services.settings.queries import setting
    from csdesk.ui.core.chart import paper_bytes
    from csdesk.ui.tickets.figure_drawings import TITLES, drawings_of

    found = {key: drawing for key, drawing in drawings_of(view).items() if drawing is not None}
    progress.step(_("Drawing the charts"), len(found))
    charts = []
    for key, drawing in found.items():
        charts.append((_(TITLES[key]), paper_bytes(drawing, *CHART_PLACE)))
        progress.advance()
    with desk.read() as connection:
        author = str(setting(connection, "user.name"))
    return requirement_report(view, charts, context.clock.local(), author)
