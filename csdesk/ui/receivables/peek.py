"""A look at an instalment beside the list: what is owed, what came in, how often was reminded, the contract's others."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from csdesk.services.core import formats
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.services.receivables.rules import PAID_STATES, PaidState
from csdesk.ui.core.parts import Button, Divider, Label, StateBadge
from csdesk.ui.core.peeking import Peek
from csdesk.ui.core.theme import px
from csdesk.ui.receivables.wording import TONES, days_to_pay, dotted, in_currency, instalment_name, money_lines

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import InstalmentLook, InstalmentRow


class InstalmentPeek(Peek):
    """Shows one instalment after the other. ``paid`` gives the id whose payment is to be entered."""

    paid = Signal(object)

    def ask(self, record: int) -> None:
        from csdesk.services.receivables.queries import instalment_look

        self.context.runner.ask(instalment_look, record, self.context.clock.today(), then=self.answered, owner=self)

    def fill(self, look: InstalmentLook) -> None:
        today = self.context.clock.today()
        self._fill_head(look, today)
        self.body.addLayout(_facts(look.row, today))
        self._fill_events(look, today)
        self._fill_others(look, today)
        self._fill_foot(look.row)

    def _fill_head(self, look: InstalmentLook, today: date) -> None:
        self.put_name(look.row.account, look.tier)
        below = QHBoxLayout()
        below.setSpacing(px(8))
        below.addWidget(Label(dotted((look.row.contract, instalment_name(look.row))), ink="muted", elide=True))
        state = look.row.state(today)
        below.addWidget(StateBadge(_(PAID_STATES[state]), TONES[state]))
        below.addStretch(1)
        self.head.addLayout(below)

    def _fill_events(self, look: InstalmentLook, today: date) -> None:
        """Its invoices, reminders and payments, as on the account's page."""
        keys = {
            *(("invoice", one.id) for one in look.money.money.invoices if one.receivable_id == look.row.id),
            *(("reminder", one.id) for one in look.money.money.reminders if one.receivable_id == look.row.id),
            *(("payment", one.id) for one in look.money.money.payments if one.receivable_id == look.row.id),
        }
        found = [line for line in money_lines(look.money, today) if line.key in keys]
        self.body.addWidget(Divider())
        self.body.addWidget(Label(_("What happened"), bold=True))
        if not found:
            self.body.addWidget(Label(_("No payment, no invoice, no reminder yet"), ink="muted", wrap=True))
        for line in found:
            self.body.addLayout(_told(line.left, line.title, line.right, line.second))

    def _fill_others(self, look: InstalmentLook, today: date) -> None:
        others = [one for one in look.money.money.instalments if one.id != look.row.id]
        if not others:
            return
        self.body.addWidget(Divider())
        self.body.addWidget(Label(_("Others of the contract"), bold=True))
        for one in others:
            state = _(PAID_STATES[one.state(today)])
            day = formats.day_iso(one.due_on) if one.due_on is not None else _("no day")
            self.body.addLayout(_told(day, state, in_currency(one.amount, one.currency), ""))

    def _fill_foot(self, row: InstalmentRow) -> None:
        more = []
        if row.missing:
            pays = Button(_("Payment…"), "money", "P")
            pays.clicked.connect(partial(self.paid.emit, row.id))
            more.append(pays)
        self.put_verbs(row.id, *more)


def _facts(row: InstalmentRow, today: date) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(px(12))
    grid.setVerticalSpacing(px(8))
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(1, px(232))
    times = ngettext("reminded once", "reminded {n} times", row.reminders).format(n=row.reminders)
    facts: tuple[tuple[str, Label], ...] = (
        (C_("money", "Due"), _due(row, today)),
        (N_("Amount"), Label(in_currency(row.amount, row.currency), elide=True)),
        (C_("money", "Paid"), Label(in_currency(row.paid, row.currency), elide=True)),
        (C_("money", "Open"), Label(in_currency(row.missing, row.currency), bold=bool(row.missing), elide=True)),
        (N_("Invoice"), Label(row.invoices or _("not noted yet"), ink="text" if row.invoices else "muted", elide=True)),
        (
            C_("how many", "Reminders"),
            Label(times if row.reminders else _("none yet"), ink="text" if row.reminders else "muted"),
        ),
    )
    for place, (caption, shown) in enumerate(facts):
        grid.addWidget(Label(_(caption), ink="muted"), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(shown, place, 1)
    if row.notes:
        grid.addWidget(Label(_("Notes"), ink="muted"), len(facts), 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Label(row.notes, wrap=True), len(facts), 1)
    return grid


def _due(row: InstalmentRow, today: date) -> Label:
    if row.due_on is None:
        return Label(_("no day"), ink="muted")
    late = row.state(today) == PaidState.OVERDUE
    words = dotted((row.due_on.isoformat(), days_to_pay(row, today)))
    return Label(words, ink="ink_red" if late else "text", bold=late, elide=True)


def _told(left: str, title: str, right: str, second: str) -> QVBoxLayout:
    """A day, what happened, the amount; more of it below."""
    column = QVBoxLayout()
    column.setSpacing(px(2))
    row = QHBoxLayout()
    row.setSpacing(px(8))
    row.addWidget(Label(left, ink="muted"))
    row.addWidget(Label(title, elide=True), 1)
    row.addWidget(Label(right))
    column.addLayout(row)
    if second:
        column.addWidget(Label(second, "caption", "muted", elide=True))
    return column
