"""The money of an account on its page: its contracts' instalments, invoices, reminders and payments, and what to do to each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.services.receivables.rules import PaidState
from csdesk.ui.core.actions import Action
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.receivables import forms
from csdesk.ui.receivables.payment import edit_payment, enter_for_account, enter_payment
from csdesk.ui.receivables.planning import plan_contract
from csdesk.ui.receivables.wording import money_lines

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import AccountMoney, InstalmentRow
    from csdesk.ui.core.context import Context


class MoneyTab(QObject):
    """``list`` shows the lines of ``show_money``; Enter changes the chosen one, its menu has the rest."""

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self._view: AccountMoney | None = None
        self.lines: list[Line] = []
        self.overdue = 0
        self.list = LinesView(_("Money"), 96, with_icons=True)
        self.list.opened.connect(self.open)
        self.list.menu_wanted.connect(self.menu)

    def show_money(self, view: AccountMoney) -> None:
        """Take what was read; the page shows ``lines``."""
        today = self._context.clock.today()
        self._view = view
        self.lines = money_lines(view, today)
        self.overdue = sum(row.state(today) == PaidState.OVERDUE for row in view.money.instalments)

    def open(self, key: Any) -> None:
        """Change the row of a line."""
        if self._view is None or not isinstance(key, tuple):
            return
        kind, row_id = key
        money = self._view.money
        if kind == "plan":
            plan_contract(self._context, row_id, self._page)
        elif kind == "instalment":
            forms.edit_instalment(self._context, next(r for r in money.instalments if r.id == row_id), self._page)
        elif kind == "invoice":
            forms.edit_invoice(self._context, next(r for r in money.invoices if r.id == row_id), self._page)
        elif kind == "payment":
            edit_payment(self._context, next(r for r in money.payments if r.id == row_id), self._page)

    def menu(self, key: Any, at: QPoint) -> None:
        """What can be done to a line."""
        if self._view is None or not isinstance(key, tuple):
            return
        kind, row_id = key
        menu = QMenu(self._page)

        def add(words: str, run: Callable[..., object]) -> None:
            menu.addAction(words).triggered.connect(run)

        if kind == "instalment":
            row = self._instalment(row_id)
            add(_("Enter a payment…"), partial(self._pay, row.contract_id, row.id))
            add(_("Note an invoice…"), partial(self._invoice, row))
            add(_("Remind…"), partial(self._remind, row.id))
            add(_("Make a task to remind"), partial(self._task, row.id))
            add(_("Instalments of the contract…"), partial(self._plan, row.contract_id))
            add(_("One more instalment…"), partial(self._more, row.contract_id))
            menu.addSeparator()
        if kind != "reminder":
            add(_("Edit"), partial(self._open, key))
        if kind != "plan":
            add(_("Delete"), partial(self._delete, kind, row_id))
        pop_up(menu, at)

    def enter_payment(self) -> None:
        """A payment of this account; of the contract of the chosen line, where one is chosen."""
        if self._view is None or not self._view.contracts:
            return
        row = self._chosen()
        if row is not None:
            enter_payment(self._context, row.contract_id, self._page, row.id)
        else:
            enter_for_account(self._context, self._view.contracts[0].account_id, self._page)

    def menu_actions(self, pages: tuple[str, ...]) -> list[Action]:
        """What stands in the menus of the page."""

        def act(key: str, text: str, run: Callable[[], object], icon: str = "") -> Action:
            return Action(f"money.{key}", text, run, icon, "", "account", pages, 3, submenu=N_("Money"))

        return [
            act("pay", N_("Enter a payment…"), self.enter_payment, "money"),
            act("invoice", N_("Note an invoice…"), self._invoice_chosen, "sheet"),
            act("remind", N_("Remind…"), self._remind_chosen, "mail"),
            act("plan", N_("Instalments of the contract…"), self._plan_chosen, "contract"),
            act("delete", N_("Delete the chosen line"), self._delete_chosen, "trash"),
        ]

    def _instalment(self, row_id: int) -> InstalmentRow:
        assert self._view is not None
        return next(row for row in self._view.money.instalments if row.id == row_id)

    def _chosen(self) -> InstalmentRow | None:
        key = self.list.current_key()
        if self._view is None or not isinstance(key, tuple) or key[0] != "instalment":
            return None
        return next((row for row in self._view.money.instalments if row.id == key[1]), None)

    def _invoice_chosen(self) -> None:
        row = self._chosen()
        if row is not None:
            self._invoice(row)
        else:
            self._choose_first()

    def _remind_chosen(self) -> None:
        row = self._chosen()
        if row is not None:
            self._remind(row.id)
        else:
            self._choose_first()

    def _plan_chosen(self) -> None:
        row = self._chosen()
        contracts = self._view.contracts if self._view is not None else []
        if row is not None or contracts:
            self._plan(row.contract_id if row is not None else contracts[0].id)

    def _delete_chosen(self) -> None:
        key = self.list.current_key()
        if isinstance(key, tuple) and key[0] in ("instalment", "payment", "invoice", "reminder"):
            self._delete(*key)
        else:
            self._choose_first()

    def _choose_first(self) -> None:
        self._context.messages.toast(_("Choose an instalment under Money first."))

    def _open(self, key: Any, *_checked: object) -> None:
        self.open(key)

    def _pay(self, contract_id: int, row_id: int, *_checked: object) -> None:
        enter_payment(self._context, contract_id, self._page, row_id)

    def _invoice(self, row: InstalmentRow, *_checked: object) -> None:
        forms.new_invoice(self._context, row, self._page)

    def _remind(self, row_id: int, *_checked: object) -> None:
        forms.remind(self._context, (row_id,), self._page)

    def _task(self, row_id: int, *_checked: object) -> None:
        forms.make_tasks(self._context, (row_id,))

    def _plan(self, contract_id: int, *_checked: object) -> None:
        plan_contract(self._context, contract_id, self._page)

    def _more(self, contract_id: int, *_checked: object) -> None:
        forms.new_instalment(self._context, contract_id, self._page)

    def _delete(self, kind: str, row_id: int, *_checked: object) -> None:
        forms.delete(self._context, kind, (row_id,))
