"""The instalments of a contract, made from a rhythm: the table is the preview, and may be changed before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.drafts import Reader
from csdesk.services.core.errors import Problems
from csdesk.services.core.money import typed_amount
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.services.core.values import Unreadable, parse_amount, parse_day
from csdesk.services.receivables.rules import (
    RHYTHMS,
    Instalment,
    Rhythm,
    custom_instalments,
    instalments,
    proposed_rhythm,
    table_text,
)
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form
from csdesk.ui.core.parts import Label
from csdesk.ui.receivables.forms import make_room

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import AccountMoney
    from csdesk.ui.core.context import Context


def plan_contract(context: Context, contract_id: int, parent: QWidget) -> None:
    """Make the instalments of a contract, or make them anew."""
    from csdesk.services.receivables.queries import contract_money

    def came(view: AccountMoney) -> None:
        if view.contracts:
            _open(context, view, parent)

    context.runner.ask(contract_money, contract_id, context.clock.today(), then=came, owner=parent, key="plan")


def _open(context: Context, view: AccountMoney, parent: QWidget) -> None:
    from csdesk.services.receivables.commands import PlanInstalments, plan_instalments

    contract = view.contracts[0]

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        amount = read.value("amount", parse_amount)
        read.check()
        rows = custom_instalments(typed.get("table", ""), amount, context.clock.today())
        context.runner.do(
            plan_instalments, PlanInstalments(contract.id, rows), then=dialog.done_well, failed=dialog.refuse
        )

    fields = [
        FormField("rhythm", C_("how", "Paid"), FieldKind.CHOICE,
                  options=tuple((rhythm.value, _(label)) for rhythm, label in RHYTHMS.items()), wide=True),
        FormField("amount", N_("Amount"), FieldKind.MONEY),
        FormField("start_on", N_("First due on"), FieldKind.DAY),
        FormField("table", N_("Instalments, one a line: day, amount or percent, remark"), FieldKind.LONG,
                  hint="2026-03-01 50%\n2026-09-01 50%"),
    ]  # fmt: skip
    there = view.money.instalments
    rhythm = Rhythm.CUSTOM if there else proposed_rhythm(contract.payment_terms)
    draft = {
        "rhythm": rhythm.value, "amount": typed_amount(contract.amount),
        "start_on": contract.start_on.isoformat() if contract.start_on else "",
        "table": table_text([Instalment(row.due_on, Decimal(row.amount).scaleb(-2), row.notes) for row in there]),
    }  # fmt: skip
    title = _("Instalments of {contract}").format(contract=contract.number)
    dialog = open_form(context, title, fields, draft, send, verb=_("Make instalments"), parent=parent.window())
    make_room(dialog, "table", 9)
    _Preview(dialog, context, view)


class _Preview(QObject):
    """Writes the table anew when the rhythm, the amount or the first day changes, and says what it comes to."""

    def __init__(self, dialog: FormDialog, context: Context, view: AccountMoney) -> None:
        super().__init__(dialog)
        self._cells, self._context, self._view = dialog.form.cells, context, view
        self._said = Label("", "caption", "muted", wrap=True)
        place = self._cells["table"].layout()
        assert isinstance(place, QVBoxLayout)
        place.insertWidget(2, self._said)
        self._said.show()
        if view.contracts[0].payment_terms:
            terms = Label(
                _("Payment terms: {words}").format(words=view.contracts[0].payment_terms), ink="muted", wrap=True
            )
            above = self._cells["rhythm"].layout()
            assert isinstance(above, QVBoxLayout)
            above.insertWidget(2, terms)
            terms.show()
        for key in ("rhythm", "amount", "start_on"):
            self._cells[key].edited.connect(self._write)
        self._cells["table"].edited.connect(self._say)
        if not view.money.instalments:
            self._write()
        self._say()

    def _write(self) -> None:
        rhythm = Rhythm(self._cells["rhythm"].text() or Rhythm.CUSTOM)
        today = self._context.clock.today()
        try:
            amount = parse_amount(self._cells["amount"].text())
            start = parse_day(self._cells["start_on"].text(), today)
        except Unreadable:
            return
        if rhythm != Rhythm.CUSTOM and amount and start:
            rows = instalments(rhythm, amount, start, self._view.contracts[0].end_on)
            self._cells["table"].set_text(table_text(rows))
        self._say()

    def _say(self) -> None:
        today = self._context.clock.today()
        try:
            amount = parse_amount(self._cells["amount"].text())
            rows = custom_instalments(self._cells["table"].text(), amount, today)
        except (Unreadable, Problems) as error:
            self._said.setText(str(error))
            return
        total = sum((row.amount for row in rows), Decimal(0))
        there = len(self._view.money.instalments)
        words = [
            ngettext("{n} instalment, {sum} in all", "{n} instalments, {sum} in all", len(rows)).format(
                n=len(rows), sum=formats.money(total)
            )
        ]
        kept, gone = min(there, len(rows)), max(0, there - len(rows))
        if kept:
            words.append(ngettext("{n} is changed in place", "{n} are changed in place", kept).format(n=kept))
        if gone:
            words.append(ngettext("{n} goes", "{n} go", gone).format(n=gone))
        if amount is not None and total != amount:
            words.append(_("{difference} differs from the amount").format(difference=formats.money(total - amount)))
        self._said.setText(_("; ").join(words))
