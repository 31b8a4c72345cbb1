"""Entering a payment: what came in, and how much of it lies on which instalment, the oldest first until changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.drafts import Reader
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.money import to_amount, typed_amount
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import Unreadable, parse_amount
from csdesk.services.receivables.rules import laid_oldest_first, parse_payment
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form
from csdesk.ui.core.parts import Field, Label
from csdesk.ui.core.theme import px
from csdesk.ui.receivables.wording import in_currency

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import AccountMoney, ContractFacts, InstalmentRow, PaymentRow
    from csdesk.ui.core.context import Context

MOST = 36
"""So many instalments are offered at once; a transfer over more of them is entered in two."""
LAID = "laid."


def ask_payer(context: Context) -> None:
    """A payment from anywhere: of the account shown, else of one that is asked for."""
    subject = context.go.subject
    parent = QApplication.activeWindow()
    if parent is None:
        return
    if subject is not None:
        enter_for_account(context, subject.account_id, parent)
        return

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        def came(found: int | None) -> None:
            if found is None:
                words = _("There is no account or contract of this name.")
                dialog.refuse([Problem("account", words, code="unknown")])
            else:
                dialog.done_well()
                enter_for_account(context, found, parent)

        context.runner.ask(_payer, typed.get("account", ""), then=came, owner=dialog)

    fields = [
        FormField("account", N_("Account or contract number"), required=True, wide=True, find=partial(_find, context))
    ]
    open_form(context, _("New payment: of whom?"), fields, {}, send, verb=_("Go on"), parent=parent)


def _find(context: Context, words: str) -> Sequence[tuple[object, str, str]]:
    if context.search is None:
        return ()
    return [(hit.id, hit.title, hit.title) for hit in context.search.find_accounts(words, 8)]


def _payer(connection: Any, words: str) -> int | None:
    from csdesk.services.receivables.matching import account_of_words

    return account_of_words(connection, words)


def enter_for_account(context: Context, account_id: int, parent: QWidget) -> None:
    """Enter a payment of an account: on its contract whose money is due first."""
    from csdesk.services.receivables.queries import account_money

    def came(view: AccountMoney) -> None:
        if not view.contracts:
            context.messages.toast(_("This account has no contract that a payment could belong to."))
            return
        lacking = next((row for row in view.money.instalments if row.missing), None)
        first = lacking.contract_id if lacking is not None else view.contracts[0].id
        _open(context, view, first, parent, None, None)

    context.runner.ask(account_money, account_id, context.clock.today(), then=came, owner=parent, key="payer")


def enter_payment(context: Context, contract_id: int, parent: QWidget, first: int | None = None) -> None:
    """Enter a payment on a contract; ``first`` is the instalment that it is proposed for before others, with what it lacks."""
    _read(context, contract_id, parent, first, None)


def edit_payment(context: Context, row: PaymentRow, parent: QWidget) -> None:
    """Change a payment, or lay it anew."""
    _read(context, row.contract_id, parent, row.receivable_id, row)


def _read(context: Context, contract_id: int, parent: QWidget, first: int | None, known: PaymentRow | None) -> None:
    def came(view: AccountMoney | None) -> None:
        if view is not None:
            _open(context, view, contract_id, parent, first, known)

    context.runner.ask(_of_contract, contract_id, context.clock.today(), then=came, owner=parent, key="payment")


def _of_contract(connection: Any, contract_id: int, today: Any) -> AccountMoney | None:
    """The money of the whole account: a transfer may pay several contracts."""
    from csdesk.services.receivables.queries import account_money, contract_money

    own = contract_money(connection, contract_id, today)
    return account_money(connection, own.contracts[0].account_id, today) if own.contracts else None


def _open(
    context: Context, view: AccountMoney, contract_id: int, parent: QWidget, first: int | None, known: PaymentRow | None
) -> None:
    from csdesk.services.receivables.commands import EnterPayment, LayPayment, enter_payment, lay_payment

    contract = next(one for one in view.contracts if one.id == contract_id)
    rows = _offered(view, contract, first, known)

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        fields = parse_payment(typed, context.clock.today())
        laid = _laid(typed)
        if known is None:
            wish: Any = EnterPayment(contract.id, fields, laid)
            context.runner.do(enter_payment, wish, then=dialog.done_well, failed=dialog.refuse)
        else:
            wish = LayPayment(known.id, fields, laid, known.version)
            context.runner.do(lay_payment, wish, then=dialog.done_well, failed=dialog.refuse)

    draft = {"paid_on": context.clock.today().isoformat()}
    lacking = next((row.missing for row in rows if row.id == first), 0)
    if known is None and lacking:
        draft["amount"] = typed_amount(to_amount(lacking))
    if known is not None:
        draft = {
            "paid_on": known.paid_on.isoformat() if known.paid_on else "", "amount": typed_amount(to_amount(known.amount)),
            "reference": known.reference, "notes": known.notes,
        }  # fmt: skip
        if known.receivable_id is not None:
            draft[f"{LAID}{known.receivable_id}"] = typed_amount(to_amount(known.amount))
    title = _("Payment by {account}, {contract}").format(account=contract.account, contract=contract.number)
    dialog = open_form(context, title, _fields(rows), draft, send, parent=parent.window(), verb=_("Save"))
    amount = dialog.form.cells["amount"].editor
    if lacking and known is None and isinstance(amount, Field):
        amount.selectAll()
    _Laying(dialog, rows, contract, known)


def _offered(
    view: AccountMoney, contract: ContractFacts, first: int | None, known: PaymentRow | None
) -> list[InstalmentRow]:
    """What the payment can be laid on: this contract's instalments first, the one named before all, the oldest first."""
    same = {one.id for one in view.contracts if one.currency == contract.currency}
    own = known.receivable_id if known is not None else None
    open_rows = [row for row in view.money.instalments if row.contract_id in same and (row.missing or row.id == own)]
    return sorted(open_rows, key=lambda row: (row.id != first, row.contract_id != contract.id))[:MOST]


def _fields(rows: list[InstalmentRow]) -> list[FormField]:
    fields = [
        FormField("amount", N_("Amount"), FieldKind.MONEY, required=True),
        FormField("paid_on", N_("Came in on"), FieldKind.DAY, required=True),
        FormField("reference", N_("Bank reference")),
        FormField("notes", N_("Notes")),
    ]
    several = len({row.contract_id for row in rows}) > 1
    for row in rows:
        due = formats.day_iso(row.due_on) if row.due_on else _("no day")
        label = _("{n}/{count}, due {due}, lacks {missing}").format(
            n=row.place, count=row.count, due=due, missing=formats.cents(row.missing)
        )
        if several:
            label = f"{row.contract} {label}"
        fields.append(FormField(f"{LAID}{row.id}", label, FieldKind.MONEY))
    return fields


def _laid(typed: Mapping[str, str]) -> tuple[tuple[int, int], ...]:
    """What is laid on which instalment, in cents. Raises Problems at the fields."""
    read, found = Reader(typed), []
    for key in typed:
        if key.startswith(LAID):
            amount = read.value(key, parse_amount)
            if amount:
                found.append((int(key.removeprefix(LAID)), int(amount * 100)))
    read.check()
    return tuple(found)


class _Laying(QObject):
    """Proposes how the amount is laid, the oldest first, until a person says otherwise; and says what is left over."""

    def __init__(
        self, dialog: FormDialog, rows: list[InstalmentRow], contract: ContractFacts, known: PaymentRow | None
    ) -> None:
        super().__init__(dialog)
        self._cells, self._contract = dialog.form.cells, contract
        self._lacks = {
            row.id: row.missing + (known.amount if known and known.receivable_id == row.id else 0) for row in rows
        }
        self._by_hand = known is not None
        self._said = Label("", ink="muted", wrap=True)
        self._said.setContentsMargins(px(4), 0, px(4), 0)
        layout = dialog.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.count() - 1, self._said)
        self._said.show()
        self._cells["amount"].edited.connect(self._propose)
        for row_id in self._lacks:
            self._cells[f"{LAID}{row_id}"].edited.connect(self._typed)
        self._propose()

    def _amount(self) -> Decimal:
        try:
            return parse_amount(self._cells["amount"].text()) or Decimal(0)
        except Unreadable:
            return Decimal(0)

    def _propose(self) -> None:
        if not self._by_hand:
            laid, _rest = laid_oldest_first(int(self._amount() * 100), list(self._lacks.items()))
            for row_id in self._lacks:
                cents = laid.get(row_id, 0)
                self._cells[f"{LAID}{row_id}"].set_text(typed_amount(to_amount(cents)) if cents else "")
        self._say()

    def _typed(self) -> None:
        self._by_hand = True
        self._say()

    def _say(self) -> None:
        try:
            laid = sum(cents for _row, cents in _laid({key: cell.text() for key, cell in self._cells.items()}))
        except Problems:
            return
        rest = int(self._amount() * 100) - laid
        words = _("{laid} laid on instalments").format(laid=in_currency(laid, self._contract.currency))
        if rest > 0:
            more = _(
                "{rest} stays on contract {number} without an instalment, and counts for its oldest one that lacks money"
            )
            words += _("; ") + more.format(
                rest=in_currency(rest, self._contract.currency), number=self._contract.number
            )
        elif rest < 0:
            words += _("; ") + _("{more} more than came in").format(more=in_currency(-rest, self._contract.currency))
        self._said.setText(words)
