"""Tiers: the proposals that wait for a decision, and the chart of where the money comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.models.vocabulary import ServiceMode, Tier
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.page import SMALL_WINDOW, Args
from csdesk.ui.core.parts import Button, EmptyState, Segmented
from csdesk.ui.tiers.board import ParetoBoard

if TYPE_CHECKING:
    from csdesk.services.tiers.queries import Pareto, ReviewListing
    from csdesk.ui.core.context import Context

KINDS = (
    Kind("proposed", N_("Proposed"), tuple((tier.value, tier.value) for tier in Tier)),
    Kind("tier", N_("Now"), (*((tier.value, tier.value) for tier in Tier), ("", N_("none")))),
    Kind("starred", N_("Starred"), (("", ""),)),
    Kind("strategic", N_("Strategic account"), (("", ""),)),
)


class TiersPage(ListPage):
    """Two views: the list of proposals, and the chart. What was shown last is shown again."""

    key = "tiers"
    entities = frozenset({"accounts", "contracts", "contract_lines", "tier_decisions", "settings"})
    can_print = True
    row_actions = ("tiers.open", "tiers.accept", "tiers.keep", "tiers.set", "tiers.mode")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.switch = Segmented([("review", _("Proposals")), ("chart", _("Chart"))])
        self.switch.chosen.connect(self._switch)
        self.rules = Button(_("Rules"), "settings")
        self.rules.clicked.connect(self._rules)
        self.accept = Button(_("Accept"), "check", "Ctrl+Enter", "primary")
        self.accept.clicked.connect(self._accept)
        for control in (self.rules, self.switch, self.accept):
            self.head.add_action(control)
        self.board = ParetoBoard(context)
        self.board.wanted.connect(self._show_accounts)
        self.board.account.connect(self.open_row)
        self.board.importing.connect(self._import)
        self.board.hide()
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(self.board, 1)

    def make_spec(self) -> ListSpec:
        from csdesk.services.tiers.queries import REVIEW_VIEWS, review_counts, review_listing

        self.listing: ReviewListing = review_listing()
        first = EmptyState(
            _("No proposal waits"),
            _("One appears where the contracts of an account speak for another tier than it has."),
            _("Look at the chart"),
            _("Import a handover workbook"),
        )
        first.chosen.connect(partial(self._go_view, "chart"))
        first.linked.connect(self._import)
        return ListSpec(
            listing=self.listing,
            title=_("Tiers"),
            views=[View(key, title, filters) for key, title, filters in REVIEW_VIEWS],
            kinds=KINDS,
            counts=review_counts,
            counted=_counted,
            summed=_summed,
            words=_stored_word,
            nothing=_("No proposal fits"),
            first=first,
            bulk=(
                Bulk(_("Accept"), self._accept, "check", "Ctrl+Enter", primary=True),
                Bulk(_("Keep…"), self._keep, "", "K"),
                Bulk(_("Set tier…"), self._set, "", "T", wide=True),
            ),
        )

    def arrive(self, args: Args) -> None:
        if args.get("show") in ("review", "chart"):
            self._go_view(str(args["show"]))
        super().arrive(args)

    def refresh(self) -> None:
        from csdesk.services.tiers.queries import pareto

        super().refresh()
        self.context.runner.ask(pareto, then=self._fill_board, owner=self)

    def open_row(self, record: int) -> None:
        self.context.go.to("accounts", id=record)

    def peek_row(self, record: int | None) -> None:
        if record is not None:
            self.open_row(record)

    def more_actions(self) -> list[Action]:
        def act(
            key: str, text: str, run: Callable[[], object], shortcut: str, icon: str = "", menu: str = "account"
        ) -> Action:
            return Action(f"tiers.{key}", text, run, icon, shortcut, menu, (self.key,), 2)

        return [
            act("open", N_("Open"), self._open_current, "", "accounts"),
            act("accept", N_("Accept the proposal"), self._accept, "Ctrl+Return", "check"),
            act("keep", N_("Keep the tier…"), self._keep, "K"),
            act("set", N_("Set tier…"), self._set, "T"),
            act("mode", N_("Service mode…"), self._mode, ""),
            act("view", N_("Proposals or chart"), self._turn, "Ctrl+Tab", "tiers", "view"),
            act("rules", N_("Rules for tiers"), self._rules, "", "settings", "view"),
            act("copy_chart", N_("Copy chart as picture"), self.board.copy_picture, "Ctrl+Shift+I", "copy", "edit"),
            act("save_chart", N_("Save or export chart"), self.board.offer_files, "Ctrl+Shift+E", "export", "file"),
        ]

    @property
    def shown(self) -> str:
        """The view that is shown: "review" or "chart"."""
        return str(self.switch.current())

    def focus_first(self) -> None:
        if self.shown == "chart":
            self.board.chart.setFocus()
        else:
            super().focus_first()

    def focus_filter(self) -> bool:
        self._go_view("review")
        return super().focus_filter()

    def remember(self) -> dict[str, Any]:
        return {**super().remember(), "show": self.shown}

    def recall(self, view: Args) -> None:
        super().recall(view)
        if view.get("show") in ("review", "chart"):
            self._go_view(str(view["show"]))

    def print_report(self) -> None:
        from csdesk.services.tiers.queries import pareto

        self.context.runner.ask(pareto, then=self._print, owner=self, key="print")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._save_room()

    def _save_room(self) -> None:
        small, listed = self.window().width() < SMALL_WINDOW, self.shown == "review"
        for button in (self.density, self.columns, self.export):
            button.setVisible(listed and not small)
        self.accept.setVisible(listed and bool(self._all))
        self.accept.show_key(not small)

    def _print(self, view: Pareto) -> None:
        from csdesk.services.tiers.report import pareto_report
        from csdesk.ui.core.print_preview import PrintPreview

        report = pareto_report(view, self.context.clock.local())
        self._preview = PrintPreview(report, "", self.window(), self.context)
        self._preview.open()

    def _fill_board(self, view: Pareto) -> None:
        self.board.show_pareto(view)

    def _fill_head(self, totals: Mapping[str, Any]) -> None:
        super()._fill_head(totals)
        self.switch.set_count("review", totals["count"] or None)
        self._save_room()

    def _go_view(self, key: str) -> None:
        self.switch.choose(key)
        self._switch(key)

    def _turn(self) -> None:
        self._go_view("review" if self.shown == "chart" else "chart")
        self.focus_first()

    def _switch(self, key: object) -> None:
        listed = key == "review"
        self.filter.setVisible(listed)
        self._stack.setVisible(listed)
        self.board.setVisible(not listed)
        self._save_room()

    def _export(self) -> None:
        if self.shown == "chart":
            self.board.offer_files()
        else:
            super()._export()

    def _open_current(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _acting(self) -> list[int]:
        return self.table.acting_ids() if self.shown == "review" else []

    def _accept(self) -> None:
        from csdesk.services.tiers.commands import Accept, accept_proposals

        judged = self.listing.judged
        seen = [
            (number, one.proposal.tier)
            for number in self._acting()
            if (one := judged.get(number)) is not None and one.proposal is not None
        ]
        if seen:
            self.context.runner.do(accept_proposals, Accept(tuple(seen)))

    def _keep(self) -> None:
        from csdesk.ui.tiers.forms import ask_keep

        ids = self._acting()
        if ids:
            ask_keep(self.context, ids, self)

    def _set(self) -> None:
        from csdesk.ui.tiers.forms import ask_tier

        ids = self._acting()
        if ids:
            ask_tier(self.context, ids, self.common_value("tier", ids), self)

    def _mode(self) -> None:
        from csdesk.ui.tiers.forms import ask_mode

        ids = self._acting()
        if ids:
            ask_mode(self.context, ids, self.common_value("service_mode", ids), self)

    def _rules(self) -> None:
        self.context.go.to("settings", section="tiers")

    def _show_accounts(self, conditions: list[list[str]]) -> None:
        self.context.go.to("accounts", conditions=conditions)

    def _import(self) -> None:
        self.context.go.to("handover")


def _counted(count: int) -> str:
    return ngettext("{n} proposal", "{n} proposals", count).format(n=formats.number(count))


def _summed(totals: Mapping[str, Any], place: str) -> str:
    cents = totals.get("arr_cents") or 0
    if place == "head":
        return _("ARR {amount}").format(amount=formats.money_short(cents)) if cents else ""
    text = _("ARR in all {amount} CNY") if place == "foot" else _("ARR {amount} CNY")
    return text.format(amount=formats.cents(cents))


def _stored_word(key: str, value: str) -> str:
    return _(ServiceMode(value).label) if key == "service_mode" else value
