"""The account page: all about a customer on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from csdesk.models.vocabulary import TaskSource
from csdesk.services.core.texts import N_, _
from csdesk.ui.accounts.cards import facts_card, goals_card, money_card, people_card
from csdesk.ui.accounts.contracts import ContractVerbs, contract_lines, ledger_lines
from csdesk.ui.accounts.header import AccountHeader
from csdesk.ui.accounts.tabs import contact_lines, history_lines, visit_lines
from csdesk.ui.accounts.timeline import Timeline
from csdesk.ui.core.actions import Action
from csdesk.ui.core.context import Subject
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, EmptyState, Surface, Tabs
from csdesk.ui.core.theme import px
from csdesk.ui.handovers.record import HandoverPanel
from csdesk.ui.opportunities.wording import opportunity_lines
from csdesk.ui.receivables.account_tab import MoneyTab
from csdesk.ui.tasks.forms import edit_task, snooze_menu, task_verb
from csdesk.ui.tasks.wording import task_lines
from csdesk.ui.tickets.ticket_wording import account_ticket_lines

if TYPE_CHECKING:
    from csdesk.services.accounts.overview import Overview
    from csdesk.services.attachments.queries import AttachmentRow
    from csdesk.services.contracts.queries import ContractRow
    from csdesk.services.core.report import Report
    from csdesk.services.opportunities.queries import OpportunityRow
    from csdesk.services.receivables.queries import AccountMoney
    from csdesk.services.tasks.commands import Source
    from csdesk.services.tasks.queries import TaskRow
    from csdesk.services.tickets.moments import AccountTickets
    from csdesk.services.tiers.queries import TierView
    from csdesk.ui.core.context import Context

SIDE_WIDTH = 376


class AccountPage(Page):
    """Header with the facts that decide, tabs at the left, people and goals at the right."""

    key = "accounts"
    entities = frozenset(
        {
            "accounts",
            "contacts",
            "attachments",
            "contracts",
            "contract_lines",
            "contract_events",
            "opportunities",
            "payments",
            "receivables",
            "invoices",
            "reminders",
            "exchange_rates",
            "handovers",
            "handover_questions",
            "visits",
            "attendees",
            "interactions",
            "tasks",
            "tickets",
            "demands",
            "notices",
            "settings",
            "tier_decisions",
        }
    )

    can_print = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.account_id = 0
        self.view: Overview | None = None
        self.tier: TierView | None = None
        self.opportunities: list[OpportunityRow] = []
        self._writes = False
        column = self.column()
        self.header = AccountHeader()
        self.header.star_pressed.connect(self._star)
        self.header.edit_pressed.connect(self._edit)
        self.header.note_pressed.connect(self._write)
        self.header.visit_pressed.connect(self._plan_visit)
        self.header.more_pressed.connect(self._more)
        self.header.next_pressed.connect(self._next_step)
        self.header.tier_pressed.connect(self._tier_menu)
        column.addWidget(self.header)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addLayout(self._left(), 1)
        row.addWidget(self._side())
        column.addLayout(row, 1)
        self._gone = self.when_gone(
            _("This account is not here any more"),
            _("It was deleted; it may still be in the bin."),
            _("Open the bin"),
            self._open_bin,
        )
        column.addWidget(self._gone)

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self.tabs = Tabs(
            [
                ("timeline", _("Timeline")), ("contracts", _("Contracts")), ("contacts", _("Contacts")),
                ("visits", _("Visits")), ("tasks", _("Tasks")), ("tickets", _("Tickets")),
                ("money", _("Money")),
                ("handover", _("Handover")), ("tier", _("Tier")),
                ("history", _("History")),
            ],
            "timeline",
        )  # fmt: skip
        self.tabs.chosen.connect(self._show_tab)
        self.add = Button("", "plus", "", "link")
        self.add.clicked.connect(self._add)
        head = QHBoxLayout()
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.add)
        column.addLayout(head)
        self.handover = HandoverPanel(self.context)
        self.handover.filled.connect(self._handover_filled)
        self.timeline = Timeline(self.context)
        self.timeline.visit_wanted.connect(self._open_visit)
        self.timeline.task_wanted.connect(self._open_task)
        self.timeline.ticket_wanted.connect(self._open_ticket)
        self.timeline.handover_wanted.connect(self._all_handover)
        self.timeline.history_wanted.connect(self._all_history)
        self.money = MoneyTab(self.context, self)
        self.lists = {
            "timeline": self.timeline.list,
            "contracts": self._list(_("Contracts"), 0),
            "contacts": self._list(_("Contacts"), 0),
            "visits": self._list(_("Visits"), 96, with_icons=True),
            "tasks": self._list(_("Tasks"), 96),
            "tickets": self._list(_("Tickets"), 96, with_icons=True),
            "money": self.money.list,
            "handover": self.handover.list,
            "tier": self._list(_("Tier"), 96),
            "history": self._list(_("History"), 96),
        }
        self.contract_verbs = ContractVerbs(self.context, self.lists["contracts"], self._contracts, self._files)
        self._stack = QStackedWidget()
        self._empty: dict[str, EmptyState] = {}
        self._holders: dict[str, QStackedWidget] = {}
        for key, view in self.lists.items():
            if key == "timeline":
                self._stack.addWidget(self.timeline)
                continue
            holder = QStackedWidget()
            holder.addWidget(self.handover if key == "handover" else view)
            self._holders[key] = holder
            empty = EmptyState(_(EMPTY[key][0]), _(EMPTY[key][1]), normal=_(EMPTY[key][2]))
            empty.chosen.connect(self._add)
            self._empty[key] = empty
            holder.addWidget(empty)
            self._stack.addWidget(holder)
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._stack)
        column.addWidget(surface, 1)
        return column

    def _list(self, name: str, left: int, *, with_icons: bool = False) -> LinesView:
        view = LinesView(name, left, with_icons=with_icons)
        view.opened.connect(self._open)
        view.menu_wanted.connect(self._menu)
        return view

    def _side(self) -> QWidget:
        self._cards = QVBoxLayout()
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(px(12))
        self._cards.addStretch(1)
        holder = QWidget()
        holder.setLayout(self._cards)
        holder.setAutoFillBackground(False)
        self.side = QScrollArea()
        self.side.setWidget(holder)
        self.side.setWidgetResizable(True)
        self.side.setAccessibleName(_("About this account"))
        self.side.setFrameShape(QScrollArea.Shape.NoFrame)
        self.side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.side.setFixedWidth(px(SIDE_WIDTH))
        self.side.viewport().setAutoFillBackground(False)
        return self.side

    def arrive(self, args: Args) -> None:
        if args.get("id") and args["id"] != self.account_id:
            self.account_id = int(args["id"])
            self.view = None
        if "tab" in args:
            self.tabs.choose(args["tab"])
            self._show_tab(args["tab"])
        self._writes = bool(args.get("write"))
        self.refresh()

    def refresh(self) -> None:
        from csdesk.services.accounts.overview import overview
        from csdesk.services.opportunities.queries import opportunities_of_account
        from csdesk.services.receivables.queries import account_money
        from csdesk.services.tasks.queries import tasks_of_account
        from csdesk.services.tickets.moments import account_tickets
        from csdesk.services.tiers.queries import tier_view

        self.context.runner.ask(overview, self.account_id, then=self._fill, owner=self)
        self.context.runner.ask(tier_view, self.account_id, then=self._fill_tier, owner=self)
        self.context.runner.ask(opportunities_of_account, self.account_id, then=self._fill_deals, owner=self)
        self.context.runner.ask(tasks_of_account, self.account_id, then=self._fill_tasks, owner=self)
        self.context.runner.ask(account_tickets, self.account_id, then=self._fill_tickets, owner=self)
        self.context.runner.ask(
            account_money, self.account_id, self.context.clock.today(), then=self._fill_money, owner=self
        )
        self.handover.show_account(self.account_id)

    def _fill(self, view: Overview | None) -> None:
        known = self.view is not None
        self.view = view
        self._gone.setVisible(view is None)
        for part in (self.header, self.tabs, self._stack, self.add):
            part.setVisible(view is not None)
        self._save_room()
        if view is None:
            return
        today = self.context.clock.today()
        self.header.show_account(view, today)
        self.timeline.show_account(view.account.id, view.contacts)
        self._fill_contracts()
        self._put("contacts", contact_lines(view))
        self._put("visits", visit_lines(view, today))
        self._put("history", history_lines(view, today))
        self._fill_side(view)
        self._show_tab(self.tabs.current())
        self.crumbs_changed.emit()
        if not known:
            self.actions_changed.emit()
            self.context.state.add_recent("accounts", view.account.id, view.account.short_name or view.account.name)

    def _fill_deals(self, rows: list[OpportunityRow]) -> None:
        self.opportunities = rows
        if self.view is not None:
            self._fill_contracts()

    def _fill_contracts(self) -> None:
        """Contracts, what may be bought more, and the ledger beneath."""
        assert self.view is not None
        today, contracts = self.context.clock.today(), self.view.contracts
        deals = opportunity_lines(self.opportunities, today)
        self._put(
            "contracts", [*contract_lines(contracts, today, self.view.files), *deals, *ledger_lines(contracts, today)]
        )
        self.tabs.set_count("contracts", len(contracts))
        self.contract_verbs.refresh()

    def _fill_tier(self, tier: TierView | None) -> None:
        from csdesk.ui.tiers.lines import tier_lines

        self.tier = tier
        if tier is not None:
            self._put("tier", tier_lines(tier, self.context.clock.today()))

    def _put(self, key: str, lines: list[Line]) -> None:
        self.lists[key].set_lines(lines)
        if self.lists[key].hasFocus() and self.lists[key].current_key() is None:
            self.lists[key].choose_first()
        self.tabs.set_count(key, len(lines) if key not in ("history", "tier") else None)
        self._holders[key].setCurrentIndex(0 if lines else 1)

    def _fill_tasks(self, rows: list[TaskRow]) -> None:
        self._put("tasks", task_lines(rows, self.context.clock.today()))
        self.tabs.set_count("tasks", sum(row.is_open for row in rows))

    def _fill_tickets(self, found: AccountTickets) -> None:
        self._put("tickets", account_ticket_lines(found, self.context.clock.today()))
        self.tabs.set_count("tickets", len(found.tickets))

    def _fill_money(self, found: AccountMoney) -> None:
        self.money.show_money(found)
        self._put("money", self.money.lines)
        self.tabs.set_count("money", self.money.overdue or None)

    def _handover_filled(self, known: bool) -> None:
        self._holders["handover"].setCurrentIndex(0 if known else 1)
        self.context.actions.update()

    def _fill_side(self, view: Overview) -> None:
        empty(self._cards, keep=1)
        cards = (
            people_card(view, self._all_people), goals_card(view, self._all_handover),
            money_card(view, self._all_money), facts_card(view),
        )  # fmt: skip
        for place, card in enumerate(cards):
            self._cards.insertWidget(place, card)

    def _all_history(self) -> None:
        self._go_tab("history")

    def _open_visit(self, visit_id: int) -> None:
        self.context.go.to("visits", id=visit_id)

    def _open_ticket(self, ticket_id: object) -> None:
        self.context.go.to("ticket", id=ticket_id)

    def _open_task(self, task_id: int) -> None:
        self.context.go.to("tasks", id=task_id)

    def _write(self) -> None:
        self._go_tab("timeline")
        self.timeline.write()

    def _all_people(self) -> None:
        self._go_tab("contacts")

    def _all_money(self) -> None:
        self._go_tab("money")

    def _all_handover(self) -> None:
        self._go_tab("handover")

    def _go_tab(self, key: str) -> None:
        self.tabs.choose(key)
        self._show_tab(key)
        self.lists[key].setFocus()

    def _show_tab(self, key: Any) -> None:
        self._stack.setCurrentIndex(list(self.lists).index(key))
        self.add.set_words(_(ADD.get(key, "")))
        self.add.setVisible(key in ADD and self.view is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._save_room()

    def _save_room(self) -> None:
        small = self.window().width() < SMALL_WINDOW
        self.side.setVisible(not small and self.view is not None)
        self.header.save_room(small)

    def crumbs(self) -> tuple[Crumb, ...]:
        if self.view is None:
            return ()
        account = self.view.account
        return (Crumb(account.short_name or account.name),)

    def focus_first(self) -> None:
        if self._writes:
            self._write()
            self._writes = False
            return
        self.lists[self.tabs.current()].setFocus()

    def remember(self) -> dict[str, Any]:
        self.timeline.leave()
        return {"tab": self.tabs.current()}

    def recall(self, view: Args) -> None:
        if view.get("tab") in self.lists:
            self._go_tab(str(view["tab"]))

    def subject(self) -> Subject | None:
        if self.view is None:
            return None
        account = self.view.account
        return Subject(account.id, account.short_name or account.name)

    def page_actions(self) -> list[Action]:
        def act(
            key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "", menu: str = "account"
        ) -> Action:
            return Action(f"account.{key}", text, run, icon, shortcut, menu, (self.key,), 2)

        return [
            act("edit", N_("Edit this account"), self._edit, "E", "edit"),
            act("visit", N_("Plan a visit"), self._plan_visit, "V", "visits", "visit"),
            act("prepare", N_("Prepare the next visit"), self._next_step, "P", "visits", "visit"),
            act("note", N_("Write a note"), self._write, "L", "note"),
            act("contact", N_("New contact here"), self._new_contact, "", "contact"),
            act("contract", N_("New contract here"), self._new_contract, "", "contract"),
            act("opportunity", N_("New opportunity here"), self._new_opportunity, "", "target"),
            act("task", N_("New task here"), self._add_task, "", "task"),
            act("complete", N_("Task done"), self._complete, "D", "check"),
            act("snooze", N_("Put the task off…"), self._snooze, "S", "calendar"),
            act("star", N_("Star or unstar"), self._star, "*", "star"),
            act("tier", N_("Set tier…"), self._ask_tier, "T", "tiers"),
            act("mode", N_("Service mode…"), self._ask_mode, ""),
            act("tier_accept", N_("Accept the proposed tier"), self._accept_tier, ""),
            act("tier_keep", N_("Keep the tier…"), self._keep_tier, ""),
            act("tier_history", N_("Proposal and history of the tier"), self._show_tier, ""),
            act("next_tab", N_("Next tab"), self._next_tab, "Ctrl+Tab", menu="view"),
            act("merge", N_("Merge with…"), self._merge, "M", "link"),
            act("delete", N_("Delete this account"), self._delete, "Ctrl+Delete", "trash"),
            *self.contract_verbs.page_actions((self.key,)),
            *self.money.menu_actions((self.key,)),
            *self.handover.menu_actions((self.key,)),
        ]

    def _contracts(self) -> list[ContractRow]:
        return self.view.contracts if self.view is not None else []

    def _files(self) -> tuple[AttachmentRow, ...]:
        return self.view.files if self.view is not None else ()

    def _next_tab(self) -> None:
        keys = list(self.lists)
        self._go_tab(keys[(keys.index(self.tabs.current()) + 1) % len(keys)])

    def _star(self) -> None:
        from csdesk.services.accounts.commands import ChangeMany, change_accounts

        if self.view is not None:
            wish = ChangeMany((self.account_id,), {"starred": not self.view.account.starred})
            self.context.runner.do(change_accounts, wish)

    def _edit(self) -> None:
        from csdesk.ui.accounts.forms import edit_account

        if self.view is not None:
            edit_account(self.context, self.view.account, self)

    def _plan_visit(self) -> None:
        self.context.go.to("visits", plan=self.account_id)

    def print_report(self) -> None:
        from csdesk.services.interactions.report import printed_account

        if self.view is not None:
            at = self.context.clock.local()
            self.context.runner.ask(printed_account, self.account_id, at, then=self._show_paper, owner=self)

    def _show_paper(self, report: Report | None) -> None:
        from csdesk.ui.core.print_preview import show_preview

        if report is not None:
            show_preview(self.context, self, (report,), f"{report.title} {report.printed_at:%Y-%m-%d}")

    def _next_step(self) -> None:
        visit = self.view.next_visit(self.context.clock.today()) if self.view is not None else None
        if visit is None:
            self._plan_visit()
        else:
            self._open_visit(visit.id)

    def _new_contact(self) -> None:
        from csdesk.ui.accounts.forms import new_contact

        new_contact(self.context, self.account_id, self)

    def _new_contract(self) -> None:
        from csdesk.ui.accounts.contract_forms import new_contract

        if self.view is not None:
            new_contract(self.context, self.account_id, self.view.contracts, self)

    def _new_opportunity(self) -> None:
        from csdesk.ui.opportunities.forms import new_opportunity

        if self.view is not None:
            account = self.view.account
            new_opportunity(self.context, account.id, account.short_name or account.name, parent=self)

    def _new_task(self, draft: Mapping[str, str] | None = None, source: Source | None = None) -> None:
        from csdesk.ui.tasks.forms import new_task

        if self.view is not None:
            account = self.view.account
            new_task(self.context, account.id, account.short_name or account.name, draft, source, self)

    def _add_task(self) -> None:
        self._new_task()

    def _task_of_visit(self, visit_id: int, *_checked: object) -> None:
        """A visit's next step as a task that knows its visit."""
        from csdesk.services.tasks.commands import Source

        if self.view is not None:
            visit = next(v for v in self.view.visits if v.id == visit_id)
            self._new_task({"text": visit.next_step}, Source(TaskSource.VISIT, visit.id, visit.next_step))

    def _current_task(self) -> tuple[int, ...]:
        key = self.lists["tasks"].current_key() if self.tabs.current() == "tasks" else None
        return (key[1],) if isinstance(key, tuple) else ()

    def _do_task(self, verb: str, task_id: int, *_checked: object) -> None:
        task_verb(self.context, verb, (task_id,))

    def _complete(self) -> None:
        task_verb(self.context, "complete", self._current_task())

    def _snooze(self) -> None:
        if self._current_task():
            view = self.lists["tasks"]
            at = view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).bottomLeft())
            snooze_menu(self.context, self._current_task(), self, at)

    def _add(self) -> None:
        kind = self.tabs.current()
        if kind == "contacts":
            self._new_contact()
        elif kind == "contracts":
            self._new_contract()
        elif kind == "visits":
            self._plan_visit()
        elif kind == "tasks":
            self._new_task()
        elif kind == "money":
            self.money.enter_payment()
        elif kind == "tickets":
            self.context.actions.run("tickets.new")
        elif kind == "handover":
            self.handover.receive()

    def _open(self, key: Any) -> None:
        from csdesk.ui.accounts.contract_forms import edit_contract
        from csdesk.ui.accounts.forms import edit_contact
        from csdesk.ui.opportunities.forms import edit_opportunity

        if self.view is None or not isinstance(key, tuple):
            return
        kind, row_id = key[0], key[-1]
        if self.contract_verbs.files.open(key):
            return
        if kind == "contact":
            edit_contact(self.context, next(c for c in self.view.contacts if c.id == row_id), self)
        elif kind in ("contract", "line"):
            edit_contract(
                self.context, next(k for k in self.view.contracts if k.id == row_id), self.view.contracts, self
            )
        elif kind == "opportunity":
            edit_opportunity(self.context, row_id, self)
        elif kind == "tier":
            self._tier_opened(row_id)
        elif kind == "task":
            edit_task(self.context, row_id, self)
        elif kind == "visit":
            self._open_visit(row_id)
        elif kind == "ticket":
            self._open_ticket(row_id)
        elif kind == "notice":
            self.context.go.to("telling", filter=("account", self.account_id))

    def _tier_opened(self, what: object) -> None:
        if what == "mode":
            self._ask_mode()
        elif what == "proposal":
            self._tier_menu()

    def _tier_menu(self) -> None:
        menu = QMenu(self)
        if self.tier is not None and self.tier.open and self.tier.proposal is not None:
            words = _("Accept: {tier}").format(tier=self.tier.proposal.tier.value)
            menu.addAction(words).triggered.connect(self._accept_tier)
            menu.addAction(_("Keep the tier…")).triggered.connect(self._keep_tier)
            menu.addSeparator()
        menu.addAction(_("Set tier…")).triggered.connect(self._ask_tier)
        menu.addAction(_("Service mode…")).triggered.connect(self._ask_mode)
        menu.addAction(_("Proposal and history of the tier")).triggered.connect(self._show_tier)
        menu.popup(self.header.tier.mapToGlobal(QPoint(0, self.header.tier.height())))

    def _ask_tier(self) -> None:
        from csdesk.ui.tiers.forms import ask_tier

        if self.view is not None:
            ask_tier(self.context, (self.account_id,), self.view.account.tier, self)

    def _ask_mode(self) -> None:
        from csdesk.ui.tiers.forms import ask_mode

        if self.view is not None:
            ask_mode(self.context, (self.account_id,), self.view.account.service_mode, self)

    def _accept_tier(self) -> None:
        from csdesk.services.tiers.commands import Accept, accept_proposals

        if self.tier is not None and self.tier.open and self.tier.proposal is not None:
            seen = ((self.account_id, self.tier.proposal.tier),)
            self.context.runner.do(accept_proposals, Accept(seen))

    def _keep_tier(self) -> None:
        from csdesk.ui.tiers.forms import ask_keep

        if self.tier is not None and self.tier.open:
            ask_keep(self.context, (self.account_id,), self)

    def _show_tier(self) -> None:
        self._go_tab("tier")

    def _menu(self, key: Any, place: QPoint) -> None:
        if isinstance(key, tuple) and key[0] == "opportunity":
            self._opportunity_menu(key[1], place)
            return
        if isinstance(key, tuple) and key[0] == "file":
            self.contract_verbs.files.offer(key, place)
            return
        if not isinstance(key, tuple) or key[0] not in ("contact", "contract", "line", "task", "visit"):
            return
        menu = QMenu(self)
        if key[0] in ("contract", "line"):
            self.contract_verbs.fill_menu(menu)
        if key[0] == "visit":
            menu.addAction(_("Open")).triggered.connect(self._open_current)
            menu.addAction(_("Task from the next step…")).triggered.connect(partial(self._task_of_visit, key[1]))
            menu.popup(place)
            return
        if key[0] == "task":
            menu.addAction(_("Mark done")).triggered.connect(self._complete)
            menu.addAction(_("Put off…")).triggered.connect(self._snooze)
            for words, verb in ((_("Open again"), "reopen"), (_("Drop"), "drop")):
                menu.addAction(words).triggered.connect(partial(self._do_task, verb, key[1]))
            menu.addSeparator()
        menu.addAction(_("Edit")).triggered.connect(self._open_current)
        menu.addAction(_("Delete")).triggered.connect(self._delete_current)
        menu.popup(place)

    def _opportunity_menu(self, row_id: int, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(_("Won…")).triggered.connect(partial(self._win, row_id))
        menu.addAction(_("Lost…")).triggered.connect(partial(self._lose, row_id))
        menu.addSeparator()
        menu.addAction(_("Edit")).triggered.connect(self._open_current)
        menu.addAction(_("Delete")).triggered.connect(self._delete_current)
        menu.popup(place)

    def _win(self, row_id: int, _checked: bool = False) -> None:
        from csdesk.ui.opportunities.forms import win

        win(self.context, row_id, self)

    def _lose(self, row_id: int, _checked: bool = False) -> None:
        from csdesk.ui.opportunities.forms import lose

        lose(self.context, (row_id,), self)

    def _open_current(self) -> None:
        self._open(self.lists[self.tabs.current()].current_key())

    def _delete_current(self) -> None:
        from csdesk.services.contacts.commands import DeleteContact, delete_contact
        from csdesk.services.contracts.commands import DeleteContract, delete_contract
        from csdesk.services.opportunities.commands import Opportunities, delete_opportunities

        key = self.lists[self.tabs.current()].current_key()
        if isinstance(key, tuple) and key[0] == "contact":
            self.context.runner.do(delete_contact, DeleteContact(key[1]))
        elif isinstance(key, tuple) and key[0] in ("contract", "line"):
            self.context.runner.do(delete_contract, DeleteContract(key[-1]))
        elif isinstance(key, tuple) and key[0] == "opportunity":
            self.context.runner.do(delete_opportunities, Opportunities((key[1],)))
        elif isinstance(key, tuple) and key[0] == "task":
            task_verb(self.context, "delete", (key[1],))

    def _more(self) -> None:
        menu = QMenu(self)
        for text, run in (
            (_("New contact here"), self._new_contact),
            (_("New contract here"), self._new_contract),
            (_("New opportunity here"), self._new_opportunity),
            (_("New task here"), self._add_task),
            (_("Merge with…"), self._merge),
            (_("Delete this account"), self._delete),
        ):
            menu.addAction(text).triggered.connect(run)
        menu.popup(self.header.more.mapToGlobal(QPoint(0, self.header.more.height())))

    def _merge(self) -> None:
        self.context.go.to("duplicates", account=self.account_id)

    def _delete(self) -> None:
        from csdesk.services.accounts.commands import DeleteAccounts, delete_accounts

        if self.view is not None:
            self.context.runner.do(delete_accounts, DeleteAccounts((self.account_id,)), then=self._deleted)

    def _deleted(self, _done: object) -> None:
        self.context.go.to("accounts")

    def _open_bin(self) -> None:
        self.context.go.to("bin")


ADD = {
    "contracts": N_("New contract"),
    "money": N_("New payment"),
    "contacts": N_("New contact"),
    "visits": N_("Plan visit"),
    "tasks": N_("Add task"),
    "tickets": N_("New ticket"),
}
EMPTY: dict[str, tuple[str, str, str]] = {
    "contracts": (N_("No contract yet"), N_("Contracts come with the handover, or by hand."), N_("New contract")),
    "money": (
        N_("No money to come in"),
        N_("Instalments come from a contract: make that first."),
        N_("New payment"),
    ),
    "contacts": (N_("No contact yet"), N_("Whom do you call there?"), N_("New contact")),
    "visits": (N_("No visit yet"), N_("Visits are planned by the week."), N_("Plan visit")),
    "tasks": (N_("No task here"), N_("What is to be done for this customer, and by when?"), N_("Add task")),
    "tickets": (
        N_("Nothing asked for yet"),
        N_("What this customer wants, what does not work, what is to be answered: Ctrl+T writes it down."),
        N_("New ticket"),
    ),
    "handover": (
        N_("No handover"),
        N_("Goals and promises come with the handover workbook of sales, or by hand."),
        N_("Start the handover"),
    ),
    "tier": (N_("No tier yet"), N_("The figures propose one once a contract runs."), ""),
    "history": (N_("No changes yet"), N_("Each change of this account will stand here."), ""),
}
