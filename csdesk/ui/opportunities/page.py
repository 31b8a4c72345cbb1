"""The list of opportunities: chips by stage, what they add and what they weigh; won and lost by one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint

from csdesk.models.vocabulary import OpportunityKind, OpportunityOrigin, OpportunityStage
from csdesk.services.core import formats
from csdesk.services.core.columns import Filter
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.page import Args
from csdesk.ui.core.parts import EmptyState
from csdesk.ui.core.theme import px
from csdesk.ui.opportunities import forms
from csdesk.ui.opportunities.wording import TONES, stored_word

if TYPE_CHECKING:
    from csdesk.services.opportunities.queries import OpportunityRow
    from csdesk.ui.core.context import Context

KINDS = (
    Kind("stage", N_("Stage"), tuple((stage.value, stage.label) for stage in OpportunityStage)),
    Kind("kind", C_("of an opportunity", "Kind"), tuple((kind.value, kind.label) for kind in OpportunityKind)),
    Kind("origin", N_("Comes from"), tuple((origin.value, origin.label) for origin in OpportunityOrigin)),
    Kind("open", N_("In progress"), (("", ""),)),
    Kind("overdue", N_("Overdue"), (("", ""),)),
    Kind("account", N_("One account"), ()),
)


class OpportunitiesPage(ListPage):
    """By stage, and within it by the day expected."""

    key = "opportunities"
    entities = frozenset({"opportunities", "accounts", "contracts"})
    row_actions = ("opportunities.open", "opportunities.stage", "opportunities.win", "opportunities.lose",
                   "opportunities.account", "opportunities.delete")  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.table.cells.tones = {"stage": TONES}

    def make_spec(self) -> ListSpec:
        from csdesk.services.opportunities.queries import OPPORTUNITIES, VIEWS, view_counts

        first = EmptyState(
            _("No opportunities yet"),
            _("What a customer may buy more of: from a need heard on a visit, a ticket, or by hand."),
            _("New opportunity"),
            "",
            "growth",
        )
        first.chosen.connect(self._new)
        return ListSpec(
            listing=OPPORTUNITIES,
            title=_("Opportunities"),
            views=[View(key, title, filters) for key, title, filters in VIEWS],
            kinds=KINDS,
            counts=view_counts,
            counted=_counted,
            summed=_summed,
            words=stored_word,
            nothing=_("No opportunity fits"),
            first=first,
            bulk=(
                Bulk(_("Another stage"), self._stage, "", "S", primary=True),
                Bulk(_("Lost…"), self._lose, "close", "L"),
                Bulk(_("Change owner"), self._owner, wide=True),
                Bulk(_("Delete"), self._delete, "trash"),
            ),
        )

    def arrive(self, args: Args) -> None:
        if "account" in args:
            self.filter.clear_all()
            self.filter.put(Filter("account", int(args["account"])))
        super().arrive(args)

    def open_row(self, record: int) -> None:
        forms.edit_opportunity(self.context, record, self)

    def change_cell(self, record: int, key: str, value: Any) -> None:
        from csdesk.services.opportunities.commands import SetOpportunities, set_opportunities

        wish = SetOpportunities((record,), {key: str(value).strip()})
        self.context.runner.do(set_opportunities, wish, failed=self._refused)

    def _refused(self, problems: tuple[Any, ...]) -> None:
        self.context.messages.toast(problems[0].message)
        self.refresh()

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"opportunities.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            act("open", N_("Edit opportunity"), self._open, "E", "edit"),
            act("stage", N_("Another stage…"), self._stage, "S"),
            act("win", N_("Won…"), self._win, "W", "check"),
            act("lose", N_("Lost…"), self._lose, "L", "close"),
            act("owner", N_("Change owner…"), self._owner),
            act("account", N_("Open account"), self._account, "O", "accounts"),
            act("delete", N_("Delete opportunity"), self._delete, "Ctrl+Delete", "trash"),
        ]

    def _ids(self) -> tuple[int, ...]:
        return tuple(self.table.acting_ids())

    def _new(self) -> None:
        forms.new_opportunity(self.context, parent=self)

    def _open(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _stage(self) -> None:
        if self._ids():
            box = self.table.visualRect(self.table.currentIndex())
            at = self.table.viewport().mapToGlobal(box.bottomLeft() + QPoint(px(48), 0))
            forms.stage_menu(self.context, self._ids(), self, at)

    def _win(self) -> None:
        current = self.table.current_id()
        if current is not None:
            forms.win(self.context, current, self)

    def _lose(self) -> None:
        if self._ids():
            forms.lose(self.context, self._ids(), self)

    def _owner(self) -> None:
        if self._ids():
            forms.ask_owner(self.context, self._ids(), self)

    def _delete(self) -> None:
        from csdesk.services.opportunities.commands import Opportunities, delete_opportunities

        if self._ids():
            self.context.runner.do(delete_opportunities, Opportunities(self._ids()))

    def _account(self) -> None:
        from csdesk.services.opportunities.queries import opportunity

        current = self.table.current_id()
        if current is not None:
            self.context.runner.ask(opportunity, current, then=self._go, owner=self)

    def _go(self, row: OpportunityRow | None) -> None:
        if row is not None:
            self.context.go.to("accounts", id=row.account_id, tab="contracts")


def _counted(count: int) -> str:
    return ngettext("{n} opportunity", "{n} opportunities", count).format(n=formats.number(count))


def _summed(totals: Mapping[str, Any], place: str) -> str:
    if place == "head":
        amount, weighted = totals.get("open_amount") or 0, totals.get("open_weighted") or 0
        words = _("in progress {amount}, weighted {weighted}") if amount else ""
        return words.format(amount=formats.money_short(amount), weighted=formats.money_short(weighted))
    amount, weighted = totals.get("amount") or 0, totals.get("weighted") or 0
    text = _("ARR {amount} CNY · weighted {weighted} CNY").format(
        amount=formats.cents(amount), weighted=formats.cents(weighted)
    )
    abroad = totals.get("abroad") or 0
    if abroad:
        others = ngettext("{n} in another currency", "{n} in other currencies", abroad)
        text = f"{text} · {others.format(n=abroad)}"
    return text
