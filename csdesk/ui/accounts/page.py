"""The list of accounts: chips, filter in words, table, bulk bar, foot with sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from csdesk.models.vocabulary import MODE_OF_TIER, ServiceMode, Tier
from csdesk.services.core import formats
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.accounts.wording import word
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import SMALL_WINDOW, Args, Page
from csdesk.ui.core.parts import Button, Chip, EmptyState, Field, KeyHints, Label, PageHead, RemovableChip, Surface
from csdesk.ui.core.table import DENSITIES, RowTable
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

TYPING_MS = 120
CONDITIONS: tuple[tuple[str, str, tuple[tuple[str | int, str], ...]], ...] = (
    ("tier", N_("Tier"), (("A", "A"), ("B", "B"), ("C", "C"), ("", N_("none")))),
    ("ends_within", N_("Renewal"), ((30, N_("in 30 days")), (60, N_("in 60 days")), (90, N_("in 90 days")), (150, N_("in 150 days")))),
    ("not_contacted", N_("No contact"), ((14, N_("for 14 days")), (30, N_("for 30 days")), (60, N_("for 60 days")))),
    ("new_within", N_("New customer"), ((30, N_("in 30 days")), (90, N_("in 90 days")))),
    ("service_mode", N_("Service mode"), tuple((mode.value, mode.label) for mode in ServiceMode)),
    ("no_next_visit", N_("No next visit"), (("", ""),)),
    ("starred", N_("Starred"), (("", ""),)),
)  # fmt: skip


class AccountsPage(Page):
    """Sorted by what ends next at first; remembers order, columns, conditions and the chosen row."""

    key = "accounts"
    entities = frozenset({"accounts", "contacts", "contracts", "contract_lines", "visits", "settings"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        from csdesk.services.accounts.queries import ACCOUNTS, VIEWS

        super().__init__(context, parent)
        self._views = VIEWS
        self.filters: tuple[Filter, ...] = ()
        self._view = "all"
        column = self.column()
        column.addWidget(self._head())
        column.addLayout(self._chips())
        column.addLayout(self._filter_row())
        self.table = RowTable(context, ACCOUNTS, _choice_text, "accounts", _("Accounts"))
        sort, descending = self.table.remembered_sort()
        self._sort, self._descending = sort, descending
        self.table.opened.connect(self._open)
        self.table.peeked.connect(self._open)
        self.table.edited.connect(self._edited)
        self.table.starred.connect(self._star)
        self.table.counted.connect(self._counted)
        self.table.ticks_changed.connect(self._ticked)
        self.table.menu_wanted.connect(self._menu)
        column.addWidget(self._body(), 1)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._search)
        self._recall_filters()

    def _head(self) -> PageHead:
        self.head = PageHead(_("Accounts"))
        self.density = Button(_("Row height"), "density")
        self.columns = Button(_("Columns"), "columns")
        self.export = Button(_("Export"), "export")
        self.density.clicked.connect(self._next_density)
        self.columns.clicked.connect(self._choose_columns)
        self.export.clicked.connect(self._export)
        for button in (self.density, self.columns, self.export):
            self.head.add_action(button)
        return self.head

    def _chips(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.chips: dict[str, Chip] = {}
        for key, title, _filters in self._views:
            chip = Chip(_(title))
            chip.setCheckable(True)
            chip.setProperty("view", key)
            chip.clicked.connect(self._chip)
            self.chips[key] = chip
            row.addWidget(chip)
        row.addStretch(1)
        return row

    def _filter_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.words = Field(_("Filter this list"), _("Filter this list"), "filter", "/")
        self.words.setFixedWidth(px(220))
        self.words.textChanged.connect(self._typed)
        self.words.returnPressed.connect(self._to_table)
        row.addWidget(self.words)
        self._conditions = QHBoxLayout()
        self._conditions.setSpacing(px(8))
        row.addLayout(self._conditions)
        self.more = Button(_("Condition"), "plus", kind="ghost")
        self.more.clicked.connect(self._condition_menu)
        self.clear = Button(_("Clear"), kind="link")
        self.clear.clicked.connect(self.clear_filters)
        row.addWidget(self.more)
        row.addWidget(self.clear)
        row.addStretch(1)
        return row

    def _body(self) -> QWidget:
        self._stack = QStackedWidget()
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(self._bulk_bar())
        inside.addWidget(self._foot())
        self._stack.addWidget(surface)
        self._nothing = EmptyState(_("No account fits"), normal=_("Clear filters"))
        self._nothing.chosen.connect(self.clear_filters)
        self._stack.addWidget(self._nothing)
        first = EmptyState(
            _("No accounts yet"),
            _("They come from the handover workbooks of sales, or one by one by hand."),
            _("Import a handover workbook"),
            _("New account"),
            "import",
        )
        first.chosen.connect(self._import)
        first.linked.connect(self._new)
        self._stack.addWidget(first)
        return self._stack

    def _bulk_bar(self) -> QWidget:
        self.bulk = Surface("selection", "", 0)
        row = QHBoxLayout(self.bulk)
        row.setContentsMargins(px(16), px(7), px(12), px(7))
        row.setSpacing(px(8))
        self.chosen_count = Label("", bold=True)
        self.chosen_sum = Label("", ink="muted", elide=True)
        plan = Button(_("Plan visits"), "visits", "V", "primary")
        tier = Button(_("Change tier"))
        owner = Button(_("Change owner"))
        delete = Button(_("Delete"), "trash")
        close = Button(_("Untick all"), "close", "Esc", "icon")
        plan.clicked.connect(self._plan_visits)
        tier.clicked.connect(self._tier_menu)
        owner.clicked.connect(self._change_owner)
        delete.clicked.connect(self._delete)
        close.clicked.connect(self._untick)
        self._tier_button = tier
        row.addWidget(self.chosen_count)
        row.addWidget(self.chosen_sum, 1)
        for button in (plan, tier, owner, delete, close):
            row.addWidget(button)
        self.bulk.hide()
        return self.bulk

    def _foot(self) -> QWidget:
        foot = Surface("window", "", 0)
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(16), px(6), px(16), px(6))
        row.setSpacing(px(16))
        self.count = Label("", "caption", "muted")
        self.sum = Label("", "caption", "muted")
        row.addWidget(self.count)
        row.addWidget(self.sum)
        row.addStretch(1)
        self.hints = KeyHints(
            [("Enter", _("open")), ("X", _("tick")), ("F2", _("edit cell")), ("Shift+\u2191\u2193", _("tick several"))]
        )
        row.addWidget(self.hints)
        return foot

    def arrive(self, args: Args) -> None:
        if "view" in args:
            self._choose_view(str(args["view"]))
        if "tick" in args:
            self.table.model_.tick([int(row_id) for row_id in args["tick"]], True)
        self.refresh()

    def refresh(self) -> None:
        self._search()
        filters = [view[2] for view in self._views]
        self.context.runner.ask(_counts, filters, self.context.clock.today(), then=self._fill_counts, owner=self)

    def _search(self) -> None:
        query = Query(self.words.text().strip(), self.filters, *self._order())
        self.table.search(query)
        self.context.runner.ask(_totals, query, self.context.clock.today(), then=self._fill_totals, owner=self)

    def _order(self) -> tuple[str, bool]:
        return self.table.remembered_sort()

    def _fill_counts(self, found: tuple[list[int], dict[str, int], Any]) -> None:
        counts, limits, arr = found
        for (key, _title, _filters), count in zip(self._views, counts, strict=True):
            self.chips[key].set_count(count)
        self.table.cells.limits = limits
        self.table.viewport().update()
        self._all = counts[0]
        number = ngettext("{n} account", "{n} accounts", counts[0]).format(n=formats.number(counts[0]))
        money = _("ARR {amount}").format(amount=formats.money_short(arr)) if arr else ""
        self.head.set_text(sentence=" \u00b7 ".join(part for part in (number, money) if part))
        self._show_state()

    def _fill_totals(self, totals: dict[str, Any]) -> None:
        self.count.setText(f"{formats.number(totals['count'])} / {formats.number(getattr(self, '_all', totals['count']))}")
        self.sum.setText(_("ARR in all {amount} CNY").format(amount=formats.cents(totals["arr_cents"] or 0)))

    def _counted(self, count: int) -> None:
        self._found = count
        self._show_state()

    def _show_state(self) -> None:
        if getattr(self, "_found", 1):
            self._stack.setCurrentIndex(0)
        elif self.filters or self.words.text().strip():
            self._stack.setCurrentIndex(1)
        elif getattr(self, "_all", 1) == 0:
            self._stack.setCurrentIndex(2)

    def _ticked(self) -> None:
        count = len(self.table.model_.ticked)
        self.bulk.setVisible(count > 0)
        if count:
            self.chosen_count.setText(ngettext("{n} chosen", "{n} chosen", count).format(n=count))
            ids = list(self.table.model_.ticked)
            self.context.runner.ask(_totals_of, ids, then=self._fill_chosen, owner=self)
        self.context.actions.update()

    def _fill_chosen(self, totals: dict[str, Any]) -> None:
        self.chosen_sum.setText(_("ARR {amount} CNY").format(amount=formats.cents(totals["arr_cents"] or 0)))

    def _typed(self, _text: str) -> None:
        self._typing.start()

    def _to_table(self) -> None:
        self.table.setFocus()

    def _chip(self) -> None:
        self._choose_view(str(self.sender().property("view")))
        self._search()

    def _choose_view(self, key: str) -> None:
        for view, _title, filters in self._views:
            if view == key:
                self._set_filters(filters, view)

    def _set_filters(self, filters: tuple[Filter, ...], view: str = "") -> None:
        self.filters = filters
        self._view = view or next((key for key, _title, known in self._views if known == filters), "")
        for key, chip in self.chips.items():
            chip.setChecked(key == self._view)
        while self._conditions.count():
            item = self._conditions.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().deleteLater()
        if not self._view or self._view != "all":
            for number, condition in enumerate(filters):
                chip = RemovableChip(*_condition_words(condition))
                chip.setProperty("place", number)
                chip.removed.connect(self._remove_condition)
                self._conditions.addWidget(chip)
        self.clear.setVisible(bool(filters))
        self.context.state.set("accounts.filters", [[f.key, f.value] for f in filters])

    def _recall_filters(self) -> None:
        stored = self.context.state.get("accounts.filters")
        known = {key for key, _title, _values in CONDITIONS}
        good = stored if isinstance(stored, list) else []
        self._set_filters(tuple(Filter(key, value) for key, value in good if key in known))

    def _remove_condition(self) -> None:
        place = int(self.sender().property("place"))
        self._set_filters(tuple(f for number, f in enumerate(self.filters) if number != place))
        self._search()

    def clear_filters(self) -> None:
        """All accounts again."""
        self.words.clear()
        self._set_filters(())
        self._search()

    def _condition_menu(self) -> None:
        menu = QMenu(self)
        for key, title, values in CONDITIONS:
            if len(values) == 1:
                menu.addAction(_(title)).setData((key, values[0][0]))
                continue
            sub = menu.addMenu(_(title))
            for value, shown in values:
                sub.addAction(_(shown) if isinstance(shown, str) else shown).setData((key, value))
        menu.triggered.connect(self._add_condition)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _add_condition(self, action: Any) -> None:
        key, value = action.data()
        self._set_filters((*(f for f in self.filters if f.key != key), Filter(key, value)))
        self._search()

    def _open(self, account_id: int) -> None:
        self.context.go.to("accounts", id=account_id)

    def _new(self) -> None:
        from csdesk.ui.accounts.forms import new_account

        new_account(self.context, self)

    def _import(self) -> None:
        self.context.go.to("handover")

    def _edited(self, account_id: int, key: str, value: str) -> None:
        self._change((account_id,), {key: value})

    def _star(self, account_id: int) -> None:
        place = self.table.model_.place_of(account_id)
        column = self.table.model_.column_of("starred")
        self._change((account_id,), {"starred": not self.table.model_.value(place, column)})

    def _change(self, ids: tuple[int, ...], values: dict[str, Any]) -> None:
        from csdesk.services.accounts.commands import ChangeMany, change_accounts

        self.context.runner.do(change_accounts, ChangeMany(ids, values))

    def _tier_menu(self) -> None:
        menu = QMenu(self)
        for tier in Tier:
            mode = _(MODE_OF_TIER[tier].label)
            menu.addAction(f"{tier.value}  {_(tier.label)} \u00b7 {mode}").setData(tier.value)
        menu.triggered.connect(self._tier_chosen)
        menu.popup(self._tier_button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _tier_chosen(self, action: Any) -> None:
        self._change(tuple(self.table.acting_ids()), {"tier": action.data()})

    def _change_owner(self) -> None:
        from csdesk.ui.accounts.owner import ask_owner

        ask_owner(self.context, tuple(self.table.acting_ids()), self)

    def _plan_visits(self) -> None:
        ids = self.table.acting_ids()
        if ids:
            self.context.go.to("visits", plan=ids if len(ids) > 1 else ids[0])

    def _delete(self) -> None:
        from csdesk.services.accounts.commands import DeleteAccounts, delete_accounts

        ids = tuple(self.table.acting_ids())
        if ids:
            self.context.runner.do(delete_accounts, DeleteAccounts(ids))

    def _untick(self) -> None:
        self.table.model_.tick(self.table.model_.ids, False)

    def _edit(self) -> None:
        from csdesk.services.accounts.queries import account
        from csdesk.ui.accounts.forms import edit_account

        current = self.table.current_id()
        if current is not None:
            with self.context.desk.read() as connection:
                row = account(connection, current)
            if row is not None:
                edit_account(self.context, row, self)

    def _menu(self, account_id: int, place: QPoint) -> None:
        menu = QMenu(self)
        for action in self.page_actions():
            if action.key in ("accounts.open", "accounts.edit", "accounts.visit", "accounts.delete"):
                menu.addAction(action.label()).triggered.connect(action.run)
        menu.popup(place)

    def _open_current(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self._open(current)

    def _next_density(self) -> None:
        names = list(DENSITIES)
        self.table.set_density(names[(names.index(self.table.density) + 1) % len(names)])

    def _choose_columns(self) -> None:
        self.table.choose_columns(self.columns.mapToGlobal(QPoint(0, self.columns.height())))

    def _export(self) -> None:
        from csdesk.ui.core.exporting import export_table

        export_table(self.context, self.table, _("Accounts"), self)

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "", menu: str = "account") -> Action:
            return Action(f"accounts.{key}", text, run, icon, shortcut, menu, (self.key,), 2)

        return [
            act("open", N_("Open"), self._open_current, "", "accounts"),
            act("edit", N_("Edit this account"), self._edit, "E", "edit"),
            act("visit", N_("Plan a visit"), self._plan_visits, "V", "visits", "visit"),
            act("delete", N_("Delete"), self._delete, "Ctrl+Delete", "trash"),
            act("columns", N_("Columns"), self._choose_columns, "", "columns", "view"),
            act("density", N_("Row height"), self._next_density, "", "density", "view"),
            act("export", N_("Export this list"), self._export, "Ctrl+E", "export", "file"),
            act("clear", N_("Clear filters"), self.clear_filters, "Ctrl+Shift+L", "filter", "view"),
        ]

    def focus_first(self) -> None:
        self.table.setFocus()

    def focus_filter(self) -> bool:
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()
        return True

    def remember(self) -> dict[str, Any]:
        return {"id": self.table.current_id(), "words": self.words.text()}

    def recall(self, view: Args) -> None:
        if view.get("words"):
            self.words.setText(str(view["words"]))
        if view.get("id"):
            self.table.choose(int(view["id"]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < SMALL_WINDOW
        self.hints.setVisible(not small)
        self.density.setVisible(not small)


def _choice_text(key: str, value: str) -> str:
    return word(ServiceMode, value) if key == "service_mode" else value


def _condition_words(condition: Filter) -> tuple[str, str]:
    for key, title, values in CONDITIONS:
        if key == condition.key:
            shown = next((text for value, text in values if value == condition.value), "")
            if not shown and condition.value != "":
                shown = ngettext("in {n} day", "in {n} days", int(str(condition.value))).format(n=condition.value)
            return _(title), _(shown) if shown else ""
    return condition.key, str(condition.value)


def _counts(connection: Any, filters: list[tuple[Filter, ...]], today: Any) -> tuple[list[int], dict[str, int], Any]:
    from csdesk.services.accounts.overview import contact_limit
    from csdesk.services.accounts.queries import ACCOUNTS, view_counts

    limits = {tier.value: contact_limit(connection, tier.value) or 0 for tier in Tier}
    arr = ACCOUNTS.totals(connection, Query(), today)["arr_cents"]
    return view_counts(connection, filters, today), limits, arr


def _totals(connection: Any, query: Query, today: Any) -> dict[str, Any]:
    from csdesk.services.accounts.queries import ACCOUNTS

    return ACCOUNTS.totals(connection, query, today)


def _totals_of(connection: Any, ids: list[int]) -> dict[str, Any]:
    from csdesk.services.accounts.queries import ACCOUNTS

    return ACCOUNTS.totals_of(connection, ids)
