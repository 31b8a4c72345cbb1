"""The forms of instalments, invoices and reminders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Channel
from csdesk.services.core.money import to_amount, typed_amount
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.services.receivables.rules import parse_instalment, parse_invoice, parse_reminder, rate_text
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form
from csdesk.ui.core.parts import Button
from csdesk.ui.core.theme import metrics, px
from csdesk.ui.receivables.wording import in_currency, instalment_name

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import InstalmentRow, InvoiceRow
    from csdesk.ui.core.context import Context


def _instalment_fields() -> list[FormField]:
    return [
        FormField("due_on", C_("money", "Due"), FieldKind.DAY, hint="2026-03-05, +30"),
        FormField("amount", N_("Amount"), FieldKind.MONEY, required=True),
        FormField("notes", N_("Notes"), FieldKind.LONG),
    ]


def new_instalment(context: Context, contract_id: int, parent: QWidget) -> FormDialog:
    """One more instalment of a contract."""
    from csdesk.services.receivables.commands import AddInstalment, add_instalment

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = AddInstalment(contract_id, parse_instalment(typed, context.clock.today()))
        context.runner.do(add_instalment, wish, then=dialog.done_well, failed=dialog.refuse)

    return open_form(context, _("New instalment"), _instalment_fields(), {}, send, parent=parent.window())


def edit_instalment(context: Context, row: InstalmentRow, parent: QWidget) -> FormDialog:
    """Change an instalment."""
    from csdesk.services.receivables.commands import ChangeInstalment, change_instalment

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeInstalment(row.id, parse_instalment(typed, context.clock.today()), row.version)
        context.runner.do(change_instalment, wish, then=dialog.done_well, failed=dialog.refuse)

    draft = {
        "due_on": row.due_on.isoformat() if row.due_on else "", "amount": typed_amount(to_amount(row.amount)), "notes": row.notes,
    }  # fmt: skip
    title = _("{instalment} of {contract}").format(instalment=instalment_name(row), contract=row.contract)
    return open_form(
        context, title, _instalment_fields(), draft, send, draft_key=f"instalment.{row.id}", parent=parent.window()
    )


def _invoice_fields() -> list[FormField]:
    return [
        FormField("number", N_("Invoice number"), required=True),
        FormField("invoiced_on", N_("Written on"), FieldKind.DAY),
        FormField("amount", N_("Amount with tax"), FieldKind.MONEY),
        FormField("tax_rate", N_("Tax rate"), hint="6%"),
        FormField("sent_on", C_("invoice", "Sent on"), FieldKind.DAY),
        FormField("notes", N_("Notes"), FieldKind.LONG),
    ]


def new_invoice(context: Context, row: InstalmentRow, parent: QWidget) -> FormDialog:
    """Note an invoice at an instalment; its amount is proposed."""
    from csdesk.services.receivables.commands import NewInvoice, create_invoice

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = NewInvoice(row.id, parse_invoice(typed, context.clock.today()))
        context.runner.do(create_invoice, wish, then=dialog.done_well, failed=dialog.refuse)

    draft = {"invoiced_on": context.clock.today().isoformat(), "amount": typed_amount(to_amount(row.amount)),
             "tax_rate": "6%"}  # fmt: skip
    title = _("Invoice for {amount} of {contract}").format(
        amount=in_currency(row.amount, row.currency), contract=row.contract
    )
    return open_form(context, title, _invoice_fields(), draft, send, parent=parent.window())


def edit_invoice(context: Context, row: InvoiceRow, parent: QWidget) -> FormDialog:
    """Change an invoice, or note that it was sent."""
    from csdesk.services.receivables.commands import ChangeInvoice, change_invoice

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeInvoice(row.id, parse_invoice(typed, context.clock.today()), row.version)
        context.runner.do(change_invoice, wish, then=dialog.done_well, failed=dialog.refuse)

    draft = {
        "number": row.number, "invoiced_on": row.invoiced_on.isoformat() if row.invoiced_on else "",
        "amount": typed_amount(row.amount), "tax_rate": rate_text(row.tax_rate),
        "sent_on": row.sent_on.isoformat() if row.sent_on else "", "notes": row.notes,
    }  # fmt: skip
    title = _("Invoice {number}").format(number=row.number)
    return open_form(
        context, title, _invoice_fields(), draft, send, draft_key=f"invoice.{row.id}", parent=parent.window()
    )


def remind(context: Context, ids: tuple[int, ...], parent: QWidget) -> None:
    """Remind the customer of these instalments, which belong to one account: the text is proposed, then noted."""

    def came(found: tuple[str, list[InstalmentRow]]) -> None:
        text, rows = found
        if len({row.account_id for row in rows}) > 1:
            words = _("These instalments are of several accounts: choose those of one, or make tasks for all.")
            context.messages.toast(words)
        elif rows:
            _open_reminder(context, tuple(row.id for row in rows), text, rows, parent)
        else:
            context.messages.toast(_("Nothing to remind of: it is paid."))

    context.runner.ask(_text_and_rows, ids, context.clock.today(), then=came, owner=parent, key="remind")


def _text_and_rows(connection: Any, ids: tuple[int, ...], today: Any) -> tuple[str, list[InstalmentRow]]:
    from csdesk.services.receivables.queries import instalments_by_id
    from csdesk.services.receivables.reminding import reminder_text

    rows = [row for row in instalments_by_id(connection, list(ids)) if row.missing]
    one = len({row.account_id for row in rows}) == 1
    return (reminder_text(connection, tuple(row.id for row in rows), today) if one else "", rows)


def _open_reminder(
    context: Context, ids: tuple[int, ...], text: str, rows: list[InstalmentRow], parent: QWidget
) -> None:
    from csdesk.services.receivables.reminding import Remind, note_reminder

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = Remind(ids, parse_reminder(typed, context.clock.today()))
        context.runner.do(note_reminder, wish, then=dialog.done_well, failed=dialog.refuse)

    fields = [
        FormField("reminded_on", N_("Reminded on"), FieldKind.DAY, required=True),
        FormField(
            "channel", N_("By"), FieldKind.CHOICE, options=tuple((word.value, _(word.label)) for word in Channel)
        ),
        FormField("text", N_("Text"), FieldKind.LONG),
    ]
    draft = {"reminded_on": context.clock.today().isoformat(), "channel": Channel.WECHAT.value, "text": text}
    count = max(row.reminders for row in rows) + 1
    title = ngettext("Remind {account}", "Remind {account}, for the {n}th time", count)
    dialog = open_form(
        context, title.format(account=rows[0].account, n=count), fields, draft, send, verb=_("Note reminder"),
        parent=parent.window(),
    )  # fmt: skip
    _add_copy(context, dialog)
    make_room(dialog, "text", 6)


def make_room(dialog: FormDialog, key: str, lines: int) -> None:
    """Give a long field so many lines."""
    editor = dialog.form.cells[key].editor
    before = editor.height()
    editor.setFixedHeight(metrics().lineSpacing() * lines + px(14))
    dialog.resize(dialog.width(), min(dialog.height() + max(0, editor.height() - before) + px(40), px(620)))


def _add_copy(context: Context, dialog: FormDialog) -> None:
    """The button that puts the text on the clipboard: nothing is sent from here."""
    copy = Button(_("Copy text"), "copy", small=True)

    def run() -> None:
        QGuiApplication.clipboard().setText(dialog.form.cells["text"].text())
        copy.set_words(_("Copied"))

    copy.clicked.connect(run)
    row = QHBoxLayout()
    row.addWidget(copy)
    row.addStretch(1)
    cell = dialog.form.cells["text"].layout()
    assert isinstance(cell, QVBoxLayout)
    cell.insertLayout(2, row)
    copy.show()


def make_tasks(context: Context, ids: tuple[int, ...]) -> None:
    """A task to remind for each of the instalments that lacks money and has none."""
    from csdesk.services.receivables.commands import Rows
    from csdesk.services.receivables.reminding import make_reminder_tasks

    def made(done: Any) -> None:
        if not done.value:
            context.messages.toast(_("Nothing to remind of: paid, or a task is there already."))

    context.runner.do(make_reminder_tasks, Rows(ids), then=made)


def delete(context: Context, kind: str, ids: tuple[int, ...]) -> None:
    """Into the bin: instalments, payments, invoices or reminders."""
    from csdesk.services.receivables.commands import Rows, delete_instalments, delete_invoices, delete_payments
    from csdesk.services.receivables.reminding import delete_reminders

    functions: dict[str, Any] = {
        "instalment": delete_instalments, "payment": delete_payments, "invoice": delete_invoices,
        "reminder": delete_reminders,
    }  # fmt: skip
    context.runner.do(functions[kind], Rows(ids))
