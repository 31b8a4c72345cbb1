"""The form in which a contract is terminated: its last day, why, and which instalments are not asked for any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.models.vocabulary import HOME_CURRENCY, RenewalCause
from csdesk.services.core import formats
from csdesk.services.core.drafts import Reader
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import Unreadable, parse_day
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form
from csdesk.ui.core.parts import Label
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.contracts.queries import ContractRow
    from csdesk.services.receivables.queries import InstalmentRow
    from csdesk.ui.core.context import Context


def terminate(context: Context, row: ContractRow, others: Sequence[ContractRow], parent: QWidget) -> None:
    """Ask for the last day of a contract that ends early, why, and what of its money is cancelled."""
    from csdesk.services.receivables.ending import open_instalments

    def came(instalments: list[InstalmentRow]) -> None:
        _ask(context, row, instalments, parent)

    context.runner.ask(
        open_instalments, row.id, context.clock.today(), then=came, owner=parent, key="termination"
    )  # fmt: skip


def _ask(context: Context, row: ContractRow, instalments: Sequence[InstalmentRow], parent: QWidget) -> None:
    from csdesk.services.contracts.ledger import Terminate
    from csdesk.services.receivables.ending import TerminateWithMoney, cancel_field, terminate_with_money

    today = context.clock.today()
    causes = (("", _("Choose…")), *((cause.value, _(cause.label)) for cause in RenewalCause))
    fields = [
        FormField("ends_on", N_("Last day"), FieldKind.DAY, required=True),
        FormField("agreed_on", N_("Agreed on"), FieldKind.DAY),
        FormField("cause", N_("Reason"), FieldKind.CHOICE, options=causes, required=True, wide=True),
        FormField("note", N_("In words"), FieldKind.LONG),
        *(FormField(cancel_field(one.id), _words(one), FieldKind.CHECK, wide=True) for one in instalments),
    ]

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        day = read.value("ends_on", lambda text: parse_day(text, today))
        if day is None and not read.problems:
            read.refuse("ends_on", _("Say which day is the last one."), "missing")
        agreed = read.value("agreed_on", lambda text: parse_day(text, today))
        cause, note = read.word("cause", RenewalCause), read.text("note")
        read.check()
        assert day is not None
        cancel = tuple(one.id for one in instalments if typed.get(cancel_field(one.id)))
        wish = TerminateWithMoney(Terminate(row.id, day, cause, note, agreed, row.version), cancel)
        context.runner.do(terminate_with_money, wish, then=dialog.done_well, failed=dialog.refuse)

    title = _("Terminate {number} early").format(number=row.number)
    draft = {"agreed_on": today.isoformat()}
    dialog = open_form(context, title, fields, draft, send, verb=_("Terminate"), parent=parent.window())
    if instalments:
        _Cancelling(dialog, instalments, row.currency, today)


def _words(row: InstalmentRow) -> str:
    """An instalment as the box says it: what ticking it does."""
    due = formats.day_iso(row.due_on) if row.due_on else _("no day")
    words = _("Cancel {n}/{count}, due {due}: {missing}").format(
        n=row.place, count=row.count, due=due, missing=formats.cents(row.missing)
    )
    if row.paid:
        words += _(", {paid} was paid").format(paid=formats.cents(row.paid))
    if row.invoices:
        words += _(", invoice {number}").format(number=row.invoices)
    return words


class _Cancelling(QObject):
    """Shows what is owed after the last day, ticked until a person says otherwise; says what it comes to."""

    def __init__(self, dialog: FormDialog, rows: Sequence[InstalmentRow], currency: str, today: date) -> None:
        from csdesk.services.receivables.ending import cancel_field

        super().__init__(dialog)
        self._dialog = dialog
        self._form, self._rows, self._currency, self._today = dialog.form, rows, currency, today
        self._cells = {row.id: dialog.form.cells[cancel_field(row.id)] for row in rows}
        self._by_hand: set[int] = set()
        self._offered: set[int] = set()
        self._proposing = False
        self._shown = -1
        self.said = Label("", ink="muted", wrap=True)
        self.said.setContentsMargins(px(4), 0, px(4), 0)
        column = dialog.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.count() - 1, self.said)
        self.said.show()
        dialog.form.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        if not self._proposing:
            self._note_hands()
            self._proposing = True
            self._propose()
            self._proposing = False

    def _note_hands(self) -> None:
        """A box that is not as it was proposed was set by a person."""
        for row in self._rows:
            if bool(self._cells[row.id].text()) != (row.id in self._offered):
                self._by_hand.add(row.id)

    def _propose(self) -> None:
        from csdesk.services.receivables.ending import owed_after

        last = self._last()
        after = {row.id for row in owed_after(self._rows, last)} if last is not None else set()
        for row in self._rows:
            cell = self._cells[row.id]
            cell.setVisible(row.id in after)
            if row.id not in after:
                self._by_hand.discard(row.id)
            if row.id not in self._by_hand:
                wanted = row.id in after and not row.invoices
                cell.set_text("1" if wanted else "")
        self._offered = {row.id for row in self._rows if self._cells[row.id].text()}
        self._say([row for row in self._rows if row.id in after])
        if len(after) != self._shown:
            self._shown = len(after)
            self._fit()

    def _fit(self) -> None:
        """As high as what is shown, within the window."""
        layout, parent = self._form.layout(), self._dialog.parentWidget()
        if layout is None or parent is None:
            return
        layout.activate()
        room = parent.window().height() - px(32)
        self._dialog.resize(self._dialog.width(), min(self._form.sizeHint().height() + px(172), room))

    def _last(self) -> date | None:
        try:
            return parse_day(self._form.draft()["ends_on"], self._today)
        except Unreadable:
            return None

    def _say(self, shown: Sequence[InstalmentRow]) -> None:
        cancelled = sum(row.missing for row in self._rows if row.id in self._offered)
        kept = sum(row.missing for row in self._rows) - cancelled
        words = _("{cancelled} of what is unpaid is cancelled, {kept} stays owed.").format(
            cancelled=self._amount(cancelled), kept=self._amount(kept)
        )
        self.said.setText(words if shown else _("{kept} is unpaid and stays owed.").format(kept=self._amount(kept)))

    def _amount(self, cents: int) -> str:
        words = formats.cents(cents)
        return words if self._currency == HOME_CURRENCY else f"{words} {self._currency}"
