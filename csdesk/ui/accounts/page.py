"""The list of accounts: what stands in it, what narrows it, what can be done to a row or to many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.models.vocabulary import ServiceMode, Tier
from csdesk.services.core import formats
from csdesk.services.core.columns import Filter
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.accounts.peek import AccountPeek
from csdesk.ui.accounts.wording import word
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListSpec
from csdesk.ui.core.page import Args
from csdesk.ui.core.parts import Button, EmptyState, MessageBar
from csdesk.ui.core.peeking import PeekingListPage

if TYPE_CHECKING:
    from csdesk.services.accounts.queries import AccountRow
    from csdesk.ui.core.context import Context


COMPARE_AFTER_MS = 800
DISMISSED = "accounts.duplicates_seen"


class AmountKind(Kind):
    """From one amount to another, in cents: "5000000-20000000"."""

    def words(self, value: Any) -> str:
        if any(offered == value for offered, _text in self.values):
            return super().words(value)
        least, most = str(value).split("-")
        shown = [formats.money_short(int(end)) if end else "" for end in (least, most)]
        return (
            _("{least} to {most}").format(least=shown[0], most=shown[1])
            if shown[1]
            else _("from {least}").format(least=shown[0])
        )


KINDS = (
    Kind("tier", N_("Tier"), (*((tier.value, tier.value) for tier in Tier), ("", N_("none")))),
    Kind(
        "ends_within",
        N_("Renewal"),
        ((30, N_("in 30 days")), (60, N_("in 60 days")), (90, N_("in 90 days")), (150, N_("in 150 days"))),
    ),
    Kind(
        "not_contacted",
        N_("No contact"),
        ((14, N_("for 14 days")), (30, N_("for 30 days")), (60, N_("for 60 days"))),
    ),
    Kind("new_within", N_("New"), ((30, N_("in 30 days")), (90, N_("in 90 days")))),
    Kind("service_mode", N_("Service mode"), tuple((mode.value, mode.label) for mode in ServiceMode)),
    Kind("mode_differs", N_("Service mode differs from the tier"), (("", ""),)),
    AmountKind(
        "arr_between",
        N_("ARR"),
        (("20000000-", N_("from 200k")), ("5000000-20000000", N_("50k to 200k")), ("0-5000000", N_("up to 50k"))),
    ),
    Kind("strategic", N_("Strategic account"), (("", ""),)),
    Kind("no_next_visit", N_("No next visit"), (("", ""),)),
    Kind("starred", N_("Starred"), (("", ""),)),
    Kind("import", N_("From one import"), ()),
)


class AccountsPage(PeekingListPage):
    """Sorted by what ends next at first."""

    key = "accounts"
    entities = frozenset({"accounts", "contacts", "contracts", "contract_lines", "visits", "settings", "verdicts"})
    row_actions = (
        "accounts.open",
        "accounts.edit",
        "accounts.visit",
        "accounts.tier",
        "accounts.mode",
        "accounts.merge",
        "accounts.delete",
    )

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._compared = ""
        self._twice: MessageBar | None = None
        self._comparing = QTimer(self, interval=COMPARE_AFTER_MS, singleShot=True)
        self._comparing.timeout.connect(self._look_for_duplicates)

    def make_peek(self) -> AccountPeek:
        return AccountPeek(self.context, self)

    def open_row(self, record: int) -> None:
        self.context.go.to("accounts", id=record)

    def make_spec(self) -> ListSpec:
        from csdesk.services.accounts.queries import ACCOUNTS, VIEWS, view_counts

        first = EmptyState(
            _("No accounts yet"),
            _("They come from the handover workbooks of sales, or one by one by hand."),
            _("Import a handover workbook"),
            _("New account"),
            "import",
        )
        first.chosen.connect(self._import)
        first.linked.connect(self._new)
        search = self.context.search
        return ListSpec(
            listing=ACCOUNTS if search is None else search.over(ACCOUNTS),
            title=_("Accounts"),
            views=[View(key, title, filters) for key, title, filters in VIEWS],
            kinds=KINDS,
            counts=view_counts,
            counted=_counted,
            summed=_summed,
            words=_stored_word,
            nothing=_("No account fits"),
            first=first,
            bulk=(
                Bulk(_("Plan visits"), self._plan_visits, "visits", "V", primary=True),
                Bulk(_("Change tier"), self._ask_tier, "", "T"),
                Bulk(_("Change owner"), self._change_owner, wide=True),
                Bulk(_("Merge"), self._merge, "link", "M"),
                Bulk(_("Delete"), self._delete, "trash"),
            ),
        )

    def arrive(self, args: Args) -> None:
        if "conditions" in args:
            self.filter.clear_all()
            for key, value in args["conditions"]:
                self.filter.put(Filter(key, value))
        super().arrive(args)

    def refresh(self) -> None:
        super().refresh()
        self.context.runner.ask(_contact_limits, then=self._fill_limits, owner=self)
        self._comparing.start()

    def change_cell(self, record: int, key: str, value: Any) -> None:
        self._change((record,), {key: value})

    def turn_star(self, record: int) -> None:
        row = self.table.model_.place_of(record)
        self._change((record,), {"starred": not self.table.model_.value_of(row, "starred")})

    def more_actions(self) -> list[Action]:
        def act(
            key: str, text: str, run: Callable[[], object], shortcut: str, icon: str = "", menu: str = "account"
        ) -> Action:
            return Action(f"accounts.{key}", text, run, icon, shortcut, menu, (self.key,), 2)

        return [
            act("open", N_("Open"), self._open_current, "", "accounts"),
            act("edit", N_("Edit this account"), self._edit, "E", "edit"),
            act("visit", N_("Plan a visit"), self._plan_visits, "V", "visits", "visit"),
            act("note", N_("Write a note"), self._note, "L", "note"),
            act("star", N_("Star"), self._star_current, "", "star"),
            act("tier", N_("Set tier…"), self._ask_tier, "T", "tiers"),
            act("mode", N_("Service mode…"), self._ask_mode, ""),
            act("tiers", N_("Proposed tiers"), self._tiers, ""),
            Action("accounts.merge", N_("Merge with…"), self._merge, "link", "M", "account", (self.key,), 2,
                   enabled=self._can_merge),
            act("delete", N_("Delete"), self._delete, "Ctrl+Delete", "trash"),
        ]  # fmt: skip

    def _fill_limits(self, limits: dict[str, int]) -> None:
        self.table.cells.limits = limits
        self.table.viewport().update()

    def _open_current(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _star_current(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.turn_star(current)

    def _note(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.context.go.to("accounts", id=current, tab="timeline", write=True)

    def _new(self) -> None:
        from csdesk.ui.accounts.forms import new_account

        new_account(self.context, self)

    def _import(self) -> None:
        self.context.go.to("handover")

    def _edit(self) -> None:
        from csdesk.services.accounts.queries import account

        current = self.table.current_id()
        if current is not None:
            self.context.runner.ask(account, current, then=self._edit_read, owner=self)

    def _edit_read(self, row: AccountRow | None) -> None:
        from csdesk.ui.accounts.forms import edit_account

        if row is not None:
            edit_account(self.context, row, self)

    def _change(self, ids: tuple[int, ...], values: dict[str, Any]) -> None:
        from csdesk.services.accounts.commands import ChangeMany, change_accounts

        self.context.runner.do(change_accounts, ChangeMany(ids, values))

    def _ask_tier(self) -> None:
        from csdesk.ui.tiers.forms import ask_tier

        ids = self.table.acting_ids()
        if ids:
            ask_tier(self.context, ids, self.common_value("tier", ids), self)

    def _ask_mode(self) -> None:
        from csdesk.ui.tiers.forms import ask_mode

        ids = self.table.acting_ids()
        if ids:
            ask_mode(self.context, ids, self.common_value("service_mode", ids), self)

    def _tiers(self) -> None:
        self.context.go.to("tiers", show="review")

    def _change_owner(self) -> None:
        from csdesk.ui.accounts.owner import ask_owner

        ask_owner(self.context, tuple(self.table.acting_ids()), self)

    def _plan_visits(self) -> None:
        ids = self.table.acting_ids()
        if ids:
            self.context.go.to("visits", plan=ids if len(ids) > 1 else ids[0])

    def _can_merge(self) -> bool:
        return len(self.table.acting_ids()) in (1, 2)

    def _merge(self) -> None:
        ids = self.table.acting_ids()
        if len(ids) == 2:
            self.context.go.to("duplicates", pair=ids)
        elif len(ids) == 1:
            self.context.go.to("duplicates", account=ids[0])

    def _ticked(self) -> None:
        super()._ticked()
        for button in self.bulk.findChildren(Button):
            if button.words() == _("Merge"):
                button.setVisible(len(self.table.model_.ticked) == 2)

    def _look_for_duplicates(self) -> None:
        from csdesk.services.accounts.duplicates import look_again

        if self.context.is_open and self.isVisible():
            self.context.runner.ask(look_again, self._compared, then=self._say_duplicates, owner=self)

    def _say_duplicates(self, looked: tuple[str, int | None]) -> None:
        self._compared, count = looked
        if count is None:
            return
        if self._twice is not None:
            self._twice.hide()
            self._twice.deleteLater()
            self._twice = None
        if count and self.context.state.get(DISMISSED) != count:
            text = ngettext(
                "{n} pair of accounts may be one company.", "{n} pairs of accounts may be one company each.", count
            )
            self._twice = MessageBar(
                text.format(n=formats.number(count)), actions=((_("Compare them"), self._duplicates),), closable=True
            )
            self._twice.closed.connect(partial(self._dismiss, count))
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(1, self._twice)

    def _duplicates(self) -> None:
        self.context.go.to("duplicates")

    def _dismiss(self, count: int) -> None:
        """Not shown again until there are more, or fewer."""
        self.context.state.set(DISMISSED, count)
        if self._twice is not None:
            self._twice.hide()

    def _delete(self) -> None:
        from csdesk.services.accounts.commands import DeleteAccounts, delete_accounts

        ids = tuple(self.table.acting_ids())
        if ids:
            self.context.runner.do(delete_accounts, DeleteAccounts(ids))


def _counted(count: int) -> str:
    return ngettext("{n} account", "{n} accounts", count).format(n=formats.number(count))


def _summed(totals: Mapping[str, Any], place: str) -> str:
    cents = totals.get("arr_cents") or 0
    if place == "head":
        return _("ARR {amount}").format(amount=formats.money_short(cents)) if cents else ""
    text = _("ARR in all {amount} CNY") if place == "foot" else _("ARR {amount} CNY")
    return text.format(amount=formats.cents(cents))


def _stored_word(key: str, value: str) -> str:
    return word(ServiceMode, value) if key == "service_mode" else value


def _contact_limits(connection: Any) -> dict[str, int]:
    from csdesk.services.accounts.overview import contact_limit

    return {tier.value: contact_limit(connection, tier.value) or 0 for tier in Tier}
