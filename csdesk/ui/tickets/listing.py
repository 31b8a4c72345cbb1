"""The lists of tickets: all kinds, or bugs alone; moved, sorted out and opened from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from csdesk.models.vocabulary import Importance, Severity, TicketKind, TicketState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.fields import FormField
from csdesk.ui.core.form import FormDialog, open_form
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.parts import Button, EmptyState
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.ticket_wording import STATE_TONES, stored_word

if TYPE_CHECKING:
    from csdesk.services.core.listing import Listing
    from csdesk.services.tickets.queries import TicketRow
    from csdesk.services.tickets.standing import TicketRules
    from csdesk.ui.core.context import Context

KINDS = (
    Kind("kind", N_("Kind"), tuple((kind.value, kind.label) for kind in TicketKind)),
    Kind("state", N_("State"), tuple((state.value, state.label) for state in TicketState)),
    Kind("open", N_("Open tickets"), (("", ""),)),
    Kind("importance", N_("Importance"), tuple((one.value, one.label) for one in Importance)),
    Kind("severity", N_("Severity"), tuple((one.value, one.label) for one in Severity)),
    Kind("to_tell", N_("To be told by me"), (("", ""),)),
    Kind("late", N_("Past the answer day"), (("", ""),)),
    Kind("missed", N_("Date missed"), (("", ""),)),
    Kind("account", N_("Account"), ()),
    Kind("demand", N_("Demand"), ()),
    Kind("release", N_("Release"), ()),
)


def ticket_list(context: Context, segment: str) -> TicketsPage:
    """The list that stands in a segment of the requirements page: "tickets" or "bugs"."""
    return BugsPage(context) if segment == "bugs" else TicketsPage(context)


class TicketsPage(ListPage):
    """The newest stands first. ``shown_on`` is the key of the page whose menu has its actions."""

    key = "ticket"
    shown_on = "ticket"
    only_bugs = False
    entities = frozenset({"tickets", "demands", "notices", "accounts", "contacts", "settings"})
    row_actions = ("ticket.open", "ticket.move", "ticket.edit", "ticket.importance", "ticket.module", "ticket.account",
                   "ticket.demand", "ticket.delete")  # fmt: skip

    def __init__(self, context: Context) -> None:
        self._rules: TicketRules | None = None
        super().__init__(context)
        self.table.cells.tones = {"state": {state.value: tone for state, tone in STATE_TONES.items()}}

    def be_hosted(self) -> tuple[Button, ...]:
        self.shown_on = "tickets"
        return super().be_hosted()

    def views(self) -> tuple[tuple[str, str, Any], ...]:
        """The views that come with the list."""
        from csdesk.services.tickets.listings import TICKET_VIEWS

        return TICKET_VIEWS

    def listing(self, rules: TicketRules | None) -> Listing:
        """The list as of today, by these rules (None: the usual ones)."""
        from csdesk.services.tickets.listings import tickets
        from csdesk.services.tickets.ticket_facts import USUAL, bugs

        return (bugs if self.only_bugs else tickets)(self.context.clock.today(), rules or USUAL)

    def titled(self) -> str:
        """What the list is called."""
        return _("Tickets")

    def make_spec(self) -> ListSpec:
        first = EmptyState(
            _("No tickets yet"),
            _("Press Ctrl+T on any page to write down what a customer asks for."),
            _("New ticket"),
            "",
            "requirements",
        )
        first.chosen.connect(self._new)
        return ListSpec(
            listing=self.listing(None),
            title=self.titled(),
            views=[View(key, title, filters) for key, title, filters in self.views()],
            kinds=KINDS,
            counts=_bug_counts if self.only_bugs else _ticket_counts,
            counted=_counted,
            words=stored_word,
            nothing=_("No ticket fits"),
            first=first,
            bulk=(
                Bulk(_("Move on…"), self._move, "arrow", "A", primary=True),
                Bulk(_("Importance"), self._importance, wide=True),
                Bulk(_("Module"), self._module, wide=True),
                Bulk(_("Delete"), self._delete, "trash"),
            ),
        )

    def refresh(self) -> None:
        from csdesk.services.tickets.standing import ticket_rules

        super().refresh()
        self.context.runner.ask(ticket_rules, then=self._rules_read, owner=self)

    def _rules_read(self, rules: TicketRules) -> None:
        """What is late depends on the settings and on the day."""
        listing = self.listing(rules)
        if rules != self._rules:
            self._rules = rules
            self.spec = replace(self.spec, listing=listing)
            self.table.listing = listing
            super().refresh()

    def page_actions(self) -> list[Action]:
        return [replace(action, pages=(self.shown_on,)) for action in super().page_actions()]

    def open_row(self, record: int) -> None:
        self.context.go.to("ticket", id=record)

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"ticket.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            act("open", N_("Open ticket"), self._open, "", "requirements"),
            act("move", N_("Move on…"), self._move, "A", "arrow"),
            act("edit", N_("Edit ticket"), self._edit, "E", "edit"),
            act("importance", N_("Importance…"), self._importance),
            act("module", N_("Module…"), self._module),
            act("account", N_("Open account"), self._account, "O", "accounts"),
            act("demand", N_("Open its demand"), self._demand, "Shift+O"),
            act("delete", N_("Delete ticket"), self._delete, "Ctrl+Delete", "trash"),
        ]

    def _new(self) -> None:
        self.context.actions.run("tickets.new")

    def _ids(self) -> tuple[int, ...]:
        return tuple(self.table.acting_ids())

    def _open(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _edit(self) -> None:
        from csdesk.ui.tickets.ticket_form import edit_ticket

        current = self.table.current_id()
        if current is not None:
            edit_ticket(self.context, current, self)

    def _place(self) -> QPoint:
        box = self.table.visualRect(self.table.currentIndex())
        return self.table.viewport().mapToGlobal(box.bottomLeft() + QPoint(px(48), 0))

    def _move(self) -> None:
        if self._ids():
            self._ask_rows(self._ids(), self._offer_moves)

    def _offer_moves(self, rows: list[TicketRow]) -> None:
        from csdesk.ui.tickets.ticket_verbs import verbs_menu

        verbs_menu(self.context, rows, self, self._place())

    def _ask_rows(self, ids: tuple[int, ...], then: Callable[[list[TicketRow]], object]) -> None:
        from csdesk.services.tickets.ticket_facts import some_tickets

        self.context.runner.ask(some_tickets, ids, then=then, owner=self)

    def _importance(self) -> None:
        if self._ids():
            menu = QMenu(self)
            for one in Importance:
                menu.addAction(_(one.label)).triggered.connect(partial(self._set, {"importance": one.value}))
            pop_up(menu, self._place())

    def _set(self, values: Mapping[str, Any], _checked: bool = False, **sending: Any) -> None:
        from csdesk.services.tickets.commands import SetTickets, set_tickets

        self.context.runner.do(set_tickets, SetTickets(self._ids(), values), **sending)

    def _module(self) -> None:
        from csdesk.services.tickets.ticket_facts import form_choices

        if self._ids():
            self.context.runner.ask(form_choices, None, then=self._ask_module, owner=self)

    def _ask_module(self, choices: Any) -> None:
        def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
            self._set({"module": typed["module"]}, then=dialog.done_well, failed=dialog.refuse)

        fields = [FormField("module", N_("Module"), suggestions=choices.modules, wide=True)]
        open_form(self.context, _("Module"), fields, {}, send, parent=self.window())

    def _account(self) -> None:
        self._with_current(lambda row: self.context.go.to("accounts", id=row.account_id, tab="tickets"))

    def _demand(self) -> None:
        self._with_current(self._go_demand)

    def _with_current(self, then: Callable[[TicketRow], object]) -> None:
        current = self.table.current_id()
        if current is not None:
            self._ask_rows((current,), lambda rows: [then(row) for row in rows])

    def _go_demand(self, row: TicketRow) -> None:
        if row.demand_id is None:
            self.context.messages.toast(_("Only requirements have a demand."))
        else:
            self.context.go.to("tickets", id=row.demand_id)

    def _delete(self) -> None:
        from csdesk.services.tickets.commands import Tickets, delete_tickets

        if self._ids():
            self.context.runner.do(delete_tickets, Tickets(self._ids()))


class BugsPage(TicketsPage):
    """Bugs alone: what was promised, what is late."""

    key = "bugs"
    only_bugs = True

    def views(self) -> tuple[tuple[str, str, Any], ...]:
        from csdesk.services.tickets.listings import BUG_VIEWS

        return BUG_VIEWS

    def titled(self) -> str:
        return _("Bugs")


def _ticket_counts(connection: Any, views: list[tuple[Any, ...]], today: date) -> list[int]:
    from csdesk.services.tickets.ticket_facts import counts_of

    return counts_of(connection, False, views, today)


def _bug_counts(connection: Any, views: list[tuple[Any, ...]], today: date) -> list[int]:
    from csdesk.services.tickets.ticket_facts import counts_of

    return counts_of(connection, True, views, today)


def _counted(count: int) -> str:
    return ngettext("{n} ticket", "{n} tickets", count).format(n=formats.number(count))
