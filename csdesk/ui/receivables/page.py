"""The list of what is to come in: its ages on top, by due day; paid, reminded, invoiced by one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout

from csdesk.models.vocabulary import C_
from csdesk.services.core import formats
from csdesk.services.core.columns import Filter
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.receivables.rules import BUCKETS
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListSpec
from csdesk.ui.core.page import Args
from csdesk.ui.core.parts import Button, EmptyState
from csdesk.ui.core.peeking import PeekingListPage
from csdesk.ui.receivables import forms
from csdesk.ui.receivables.ageing import AgeingStrip
from csdesk.ui.receivables.peek import InstalmentPeek
from csdesk.ui.receivables.wording import TONES, open_sums, stored_word, sums_text

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import Ageing, InstalmentRow
    from csdesk.services.settings.rates import Rates
    from csdesk.ui.core.context import Context

KINDS = (
    Kind("overdue", N_("Overdue"), (("", ""),)),
    Kind("due_within", N_("Due"), ((7, N_("in 7 days")), (30, N_("in 30 days")), (90, N_("in 90 days")))),
    Kind("aged", N_("Age"), tuple((bucket.key, bucket.title) for bucket in BUCKETS)),
    Kind("part", N_("Part paid"), (("", ""),)),
    Kind("open", C_("money", "Open"), (("", ""),)),
    Kind("paid", C_("money", "Paid"), (("", ""),)),
    Kind("not_reminded", N_("Overdue, never reminded"), (("", ""),)),
    Kind("no_invoice", N_("Without an invoice"), (("", ""),)),
    Kind("no_day", N_("Without a day"), (("", ""),)),
    Kind("currency", N_("Currency"), tuple((code, code) for code in ("CNY", "USD", "EUR", "HKD"))),
    Kind("account", N_("Of one account"), ()),
    Kind("contract", N_("Of one contract"), ()),
)


class ReceivablesPage(PeekingListPage):
    """What is open stands first, by its day; Enter opens the account's money."""

    key = "receivables"
    entities = frozenset(
        {"receivables", "payments", "invoices", "reminders", "contracts", "accounts", "exchange_rates"}
    )
    row_actions = ("receivables.open", "receivables.pay", "receivables.remind", "receivables.tasks",
                   "receivables.invoice", "receivables.edit", "receivables.plan", "receivables.delete")  # fmt: skip

    def __init__(self, context: Context) -> None:
        self._rates: Rates | None = None
        super().__init__(context)
        self.table.cells.tones = {"standing": TONES}
        self.ages = AgeingStrip()
        self.ages.chosen.connect(self._choose_age)
        self.pay = Button(_("Payment…"), "money", "P", "primary")
        self.pay.clicked.connect(self._pay)
        self.head.add_action(self.pay)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, self.ages)

    def make_peek(self) -> InstalmentPeek:
        peek = InstalmentPeek(self.context, self)
        peek.paid.connect(self._pay_row)
        return peek

    def make_spec(self) -> ListSpec:
        from csdesk.services.receivables.queries import VIEWS, receivables, view_counts

        first = EmptyState(
            _("Nothing is to come in yet"),
            _("Instalments come from the payment terms of a contract: open an account, then its money."),
            _("Open the accounts"),
            _("Take in a payments sheet"),
            "money",
        )
        first.chosen.connect(partial(self.context.go.to, "accounts"))
        first.linked.connect(self._take)
        return ListSpec(
            listing=receivables(self.context.clock.today()),
            title=_(C_("place", "Receivables")),
            views=[View(key, title, filters) for key, title, filters in VIEWS],
            kinds=KINDS,
            counts=view_counts,
            counted=_counted,
            summed=self._summed,
            words=stored_word,
            nothing=_("No instalment fits"),
            first=first,
            bulk=(
                Bulk(_("Make tasks to remind"), self._tasks, "task", "T", primary=True),
                Bulk(_("Remind"), self._remind, "mail", "R"),
                Bulk(_("Delete"), self._delete, "trash"),
            ),
        )

    def arrive(self, args: Args) -> None:
        """With ``take``, the path of a list of payments: it is shown what would become of each."""
        super().arrive(args)
        if "take" in args:
            from csdesk.ui.receivables.sheet import take_sheet

            take_sheet(self.context, Path(str(args["take"])), self.window())

    def refresh(self) -> None:
        from csdesk.services.receivables.queries import ageing, receivables

        today = self.context.clock.today()
        listing = receivables(today)
        if listing is not self.spec.listing:  # another day has begun: what is overdue is asked anew
            self.spec = replace(self.spec, listing=listing)
            self.table.listing = listing
        self.context.runner.ask(ageing, today, then=self._fill_ages, owner=self)
        super().refresh()

    def _fill_head(self, totals: Mapping[str, Any]) -> None:
        super()._fill_head(totals)
        self.pay.setEnabled(bool(totals["count"]))

    def _fill_ages(self, found: Ageing) -> None:
        self._rates = found.rates
        self.ages.show_ages(found)
        self._count()

    def _choose_age(self, key: str) -> None:
        self.filter.clear_all()
        self.filter.put(Filter("aged", key))
        self.focus_first()

    def open_row(self, record: int) -> None:
        self._with(record, self._go_to_account)

    def key_hints(self) -> list[tuple[str, str]]:
        return [
            ("Enter", _("open")),
            ("Space", _("preview")),
            ("P", _("payment")),
            ("R", _("remind")),
            ("X", _("tick")),
        ]

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"receivables.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            act("open", N_("Open the account's money"), self._open, "O", "accounts"),
            act("pay", N_("Enter a payment…"), self._pay, "P", "money"),
            act("remind", N_("Remind…"), self._remind, "R", "mail"),
            act("tasks", N_("Make tasks to remind"), self._tasks, "T", "task"),
            act("invoice", N_("Note an invoice…"), self._invoice, "I", "sheet"),
            act("edit", N_("Edit instalment…"), self._edit, "E", "edit"),
            act("plan", N_("Instalments of the contract…"), self._plan, "", "contract"),
            act("delete", N_("Delete instalments"), self._delete, "Ctrl+Delete", "trash"),
        ]

    def _ids(self) -> tuple[int, ...]:
        return tuple(self.table.acting_ids())

    def _with(self, record: int | None, then: Callable[[InstalmentRow], object]) -> None:
        """Do something with an instalment, read freshly."""
        from csdesk.services.receivables.queries import instalment

        def came(row: InstalmentRow | None) -> None:
            if row is not None:
                then(row)

        if record is not None:
            self.context.runner.ask(instalment, record, then=came, owner=self)

    def _go_to_account(self, row: InstalmentRow) -> None:
        self.context.go.to("accounts", id=row.account_id, tab="money")

    def _open(self) -> None:
        self._with(self.table.current_id(), self._go_to_account)

    def _pay(self) -> None:
        self._pay_row(self.table.current_id())

    def _pay_row(self, record: int | None) -> None:
        from csdesk.ui.receivables.payment import ask_payer, enter_payment

        if record is None:
            ask_payer(self.context)
        self._with(record, lambda row: enter_payment(self.context, row.contract_id, self, row.id))

    def _invoice(self) -> None:
        self._with(self.table.current_id(), lambda row: forms.new_invoice(self.context, row, self))

    def _edit(self) -> None:
        self._with(self.table.current_id(), lambda row: forms.edit_instalment(self.context, row, self))

    def _plan(self) -> None:
        from csdesk.ui.receivables.planning import plan_contract

        self._with(self.table.current_id(), lambda row: plan_contract(self.context, row.contract_id, self))

    def _remind(self) -> None:
        if self._ids():
            forms.remind(self.context, self._ids(), self)

    def _tasks(self) -> None:
        if self._ids():
            forms.make_tasks(self.context, self._ids())

    def _delete(self) -> None:
        if self._ids():
            forms.delete(self.context, "instalment", self._ids())

    def _take(self) -> None:
        self.context.actions.run("payments.take")

    def _summed(self, totals: Mapping[str, Any], place: str) -> str:
        if place == "head":
            return _("open {sums}").format(sums=sums_text(open_sums(totals), self._rates))
        words = _("Amount {amount}, paid {paid} CNY; open {sums}")
        return words.format(
            amount=formats.cents(totals.get("amount") or 0), paid=formats.cents(totals.get("paid") or 0),
            sums=sums_text(open_sums(totals), self._rates),
        )  # fmt: skip


def _counted(count: int) -> str:
    return ngettext("{n} instalment", "{n} instalments", count).format(n=formats.number(count))
