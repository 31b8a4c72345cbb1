"""A look at an instalment beside the list: what is owed, what came in, how often was reminded, the contract's others."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.services.receivables.rules import PAID_STATES, PaidState
from csdesk.ui.core.drawer import Drawer
from csdesk.ui.core.parts import Button, Divider, Label, StateBadge, TierBadge
from csdesk.ui.core.theme import px
from csdesk.ui.receivables.wording import TONES, dotted, in_currency, instalment_name, money_lines

if TYPE_CHECKING:
    from csdesk.services.receivables.queries import InstalmentLook, InstalmentRow
    from csdesk.ui.core.context import Context


class InstalmentPeek(Drawer):
    """Shows one instalment after the other. ``opened`` and ``paid`` give the id whose account or payment form is wanted."""

    opened = Signal(object)
    paid = Signal(object)

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self.instalment_id: int | None = None

    def turn(self, instalment: int | None) -> None:
        """What Space does: show this instalment, or close; None closes."""
        if self.is_open or instalment is None:
            self.close_up()
        else:
            self.instalment_id = instalment
            self.refresh()

    def follow(self, instalment: int | None) -> None:
        """The list went on to another row."""
        if self.is_open and instalment is not None and instalment != self.instalment_id:
            self.instalment_id = instalment
            self.refresh()

    def refresh(self) -> None:
        """Read the instalment anew."""
        from csdesk.services.receivables.queries import instalment_look

        if self.instalment_id is not None:
            today = self._context.clock.today()
            self._context.runner.ask(instalment_look, self.instalment_id, today, then=self._fill, owner=self)

    def close_up(self) -> None:
        self.instalment_id = None
        super().close_up()

    def _fill(self, look: InstalmentLook | None) -> None:
        if self.instalment_id is None:
            return
        if look is None:
            self.close_up()
            return
        self.clear()
        today = self._context.clock.today()
        self._fill_head(look, today)
        self.body.addLayout(_facts(look.row, today))
        self._fill_events(look, today)
        self._fill_others(look, today)
        self.body.addStretch(1)
        self._fill_foot(look.row)
        self.open()

    def _fill_head(self, look: InstalmentLook, today: date) -> None:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(Label(look.row.account, "h2", elide=True))
        if look.tier:
            row.addWidget(TierBadge(look.tier))
        row.addStretch(1)
        close = Button(_("Close the preview"), "close", "Esc", "icon")
        close.clicked.connect(self.close_up)
        row.addWidget(close)
        self.head.addLayout(row)
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
        verbs = QHBoxLayout()
        verbs.setSpacing(px(8))
        opens = Button(_("Open account"), "accounts", "Enter")
        opens.clicked.connect(partial(self.opened.emit, row.id))
        verbs.addWidget(opens)
        if row.missing:
            pays = Button(_("Payment…"), "money", "P")
            pays.clicked.connect(partial(self.paid.emit, row.id))
            verbs.addWidget(pays)
        verbs.addStretch(1)
        self.foot.addLayout(verbs)


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
    words = dotted((row.due_on.isoformat(), formats.days_left(row.due_on, today) if row.missing else ""))
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
