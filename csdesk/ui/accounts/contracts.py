"""The contracts of an account: each with its state, its lines, what does not fit, its ledger; and what may be done to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from csdesk.models.vocabulary import ContractAction, ContractEventKind, ContractState, RenewalCause
from csdesk.services.contracts.doubts import Doubt, doubts
from csdesk.services.contracts.states import actions_of
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.accounts.contract_files import ContractFiles, contract_of, file_lines
from csdesk.ui.accounts.wording import dotted, word
from csdesk.ui.core.actions import Action
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Button
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.attachments.queries import AttachmentRow
    from csdesk.services.contracts.queries import ContractRow, EventRow, LineRow
    from csdesk.ui.core.context import Context

LOCAL = re.compile(r"[/~\\\\]|[A-Za-z]:")
"""How a path begins."""
STATE_TONES = {
    ContractState.UPCOMING: "neutral",
    ContractState.RUNNING: "line",
    ContractState.ENDING: "warn",
    ContractState.ENDED_OPEN: "overdue",
    ContractState.RENEWED: "ok",
    ContractState.CHURNED: "bad",
    ContractState.TERMINATED: "bad",
}
DOUBT_WORDS = {"overlap": N_("Overlaps"), "gap": N_("Gap"), "notice": N_("Notice passed")}
KEYS = {
    ContractAction.RENEW: "Shift+R",
    ContractAction.AMEND: "Shift+A",
    ContractAction.EXTEND: "Shift+E",
    ContractAction.LOSE: "Shift+L",
    ContractAction.TERMINATE: "Shift+T",
    ContractAction.CORRECT: "",
}


def contract_lines(contracts: Sequence[ContractRow], today: date, files: Sequence[AttachmentRow] = ()) -> list[Line]:
    """Each contract, with the lines of one that has several, and its files."""
    doubted = doubts(contracts, today)
    lines: list[Line] = []
    for row in contracts:
        lines.append(_contract_line(row, doubted[row.id], today))
        if len(row.lines) > 1:
            lines += [_product_line(line, row) for line in row.lines]
        lines += file_lines(row.id, files)
    return lines


def ledger_lines(contracts: Sequence[ContractRow], today: date) -> list[Line]:
    """What was done to these contracts, the latest first, under a heading; none where nothing was."""
    lines: list[Line] = []
    entries = [(event, row) for row in contracts for event in row.events]
    if entries:
        lines.append(Line("ledger", _("Ledger"), note=formats.number(len(entries)), section=True))
        entries.sort(key=lambda entry: entry[0].id, reverse=True)
        lines += [event_line(event, row.number, today) for event, row in entries]
    return lines


def _contract_line(row: ContractRow, doubted: list[Doubt], today: date) -> Line:
    term = f"{formats.day_iso(row.start_on)} \u2013 {formats.day_iso(row.end_on)}"
    seats = ngettext("{n} seat", "{n} seats", row.seats or 0).format(n=row.seats) if row.seats else ""
    paid = _("paid {amount}").format(amount=formats.cents(row.paid_cents)) if row.paid_cents else ""
    missing = _("open {amount}").format(amount=formats.cents(row.open_cents)) if row.open_cents else ""
    planned = ""
    if row.planned_end_on is not None and row.planned_end_on != row.end_on:
        planned = _("as signed to {day}").format(day=formats.day_iso(row.planned_end_on))
    cause = word(RenewalCause, row.renewal_cause) if row.renewal_cause else ""
    notice = ""
    if row.notice_on is not None and row.notice_on >= today:
        notice = _("notice until {day}").format(day=formats.day_iso(row.notice_on))
    state = row.state(today)
    badges = [Badge(_(state.label), STATE_TONES[state])]
    if row.auto_renew:
        badges.append(Badge(_("Renews by itself"), "line"))
    badges += [Badge(_(DOUBT_WORDS[doubt.kind]), "warn") for doubt in doubted]
    said = " ".join(doubt.sentence for doubt in doubted)
    products = row.products if len(row.lines) <= 1 else ""
    return Line(
        ("contract", row.id),
        row.number or _("(no number)"),
        dotted((said, products, seats, term, planned, paid, missing, notice, cause, row.renewal_reason)),
        badges=tuple(badges),
        right=formats.money_in(row.amount, row.currency) if row.amount is not None else "",
    )


def _product_line(line: LineRow, row: ContractRow) -> Line:
    own = (line.start_on, line.end_on) != (row.start_on, row.end_on)
    term = f"{formats.day_iso(line.start_on)} \u2013 {formats.day_iso(line.end_on)}" if own else ""
    seats = ngettext("{n} seat", "{n} seats", line.seats or 0).format(n=line.seats) if line.seats else ""
    once = "" if line.recurring else _("one-off")
    products = line.products or _("(no product)")
    return Line(
        ("line", line.id, row.id),
        f"\u2003{products}",
        note=dotted((seats, term, once)),
        right=formats.money(line.amount) if line.amount is not None else "",
        bold=False,
        muted=line.end_on is not None and row.end_on is not None and line.end_on < row.end_on,
    )


def event_line(event: EventRow, number: str, today: date) -> Line:
    """An entry of the ledger: what was done to which contract, from when, and what ARR became."""
    kind = ContractEventKind(event.kind)
    change = ""
    if event.arr_before_cents is not None and event.arr_after_cents is not None:
        change = f"{formats.cents(event.arr_before_cents)} \u2192 {formats.cents(event.arr_after_cents)}"
    cause = word(RenewalCause, event.cause) if event.cause else ""
    return Line(
        ("event", event.id),
        f"{number} \u00b7 {_(kind.label)}",
        dotted((event.products, cause, event.note, _("noted {day}").format(day=formats.day_iso(event.noted_on)))),
        note=_("from {day}").format(day=formats.day_iso(event.effective_on)) if event.effective_on else "",
        right=change,
        bold=False,
    )


class ContractVerbs(QObject):
    """What may be done to the contract chosen in a list: buttons beneath its line, entries of its menu, keys."""

    def __init__(
        self,
        context: Context,
        view: LinesView,
        contracts: Callable[[], Sequence[ContractRow]],
        files: Callable[[], Sequence[AttachmentRow]],
    ) -> None:
        super().__init__(view)
        self._context, self._view, self._contracts = context, view, contracts
        self.files = ContractFiles(context, view, contracts, files)
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        self.buttons: dict[ContractAction, Button] = {}
        for action in ContractAction:
            button = Button(_(action.label), small=True)
            button.clicked.connect(partial(self.ask, action))
            self.buttons[action] = button
            row.addWidget(button)
        self.attach = Button(_("Attach…"), "link", small=True)
        self.attach.clicked.connect(self.files.attach)
        row.addWidget(self.attach)
        row.addStretch(1)
        view.chosen.connect(self._chosen)
        view.set_verbs(self._bar)

    def current(self) -> ContractRow | None:
        """The contract of the chosen line; None on an entry of the ledger."""
        contract = contract_of(self._view.current_key())
        return next((row for row in self._contracts() if row.id == contract), None)

    def allowed(self) -> frozenset[ContractAction]:
        """What may be done now."""
        return self._of(self.current()) if self._view.isVisible() else frozenset()

    def ask(self, action: ContractAction, _checked: bool = False) -> None:
        """Open the form of an action, where it is allowed."""
        from csdesk.ui.accounts.contract_forms import ASKING

        row = self.current()
        if row is not None and action in self.allowed():
            ASKING[action](self._context, row, self._contracts(), self._view)

    def open_document(self, _checked: bool = False) -> None:
        """Open the address of the chosen contract's document, of a file the folder that it lies in."""
        from csdesk.ui.articles.opening import open_link

        row = self.current()
        if row is None or not row.document:
            return
        if LOCAL.match(row.document):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(row.document).expanduser().parent)))
        else:
            open_link(self._context, row.document)

    def fill_menu(self, menu: QMenu) -> None:
        """Put in what may be done to the chosen contract."""
        row = self.current()
        if row is None:
            return
        for action in ContractAction:
            if action in self.allowed():
                menu.addAction(_(action.label)).triggered.connect(partial(self.ask, action))
        if row.document:
            menu.addAction(_("Open the document")).triggered.connect(self.open_document)
        menu.addAction(_("Attach files…")).triggered.connect(self.files.attach)
        menu.addSeparator()

    def page_actions(self, pages: tuple[str, ...]) -> list[Action]:
        """The same for the menu bar, the palette and the keys."""
        return [
            Action(
                f"account.contract_{action.value}", action.label, partial(self.ask, action), "contract", KEYS[action],
                "account", pages, 3, enabled=partial(self._may, action), submenu=N_("Contract"),
            )
            for action in ContractAction
        ] + [
            Action(
                "account.contract_attach", N_("Attach files to the contract…"), self.files.attach, "link", "Shift+F",
                "account", pages, 3, enabled=self._has_current, submenu=N_("Contract"),
            )
        ]  # fmt: skip

    def _may(self, action: ContractAction) -> bool:
        return action in self.allowed()

    def _has_current(self) -> bool:
        return self._view.isVisible() and self.current() is not None

    def refresh(self) -> None:
        """Other contracts are shown, or the same in another state."""
        allowed = self._of(self.current())
        for action, button in self.buttons.items():
            button.setVisible(action in allowed)
        self.attach.setVisible(self.current() is not None)
        self._view.fit_verbs()
        self._context.actions.update()

    def _chosen(self, _key: object) -> None:
        self.refresh()

    def _of(self, row: ContractRow | None) -> frozenset[ContractAction]:
        if row is None:
            return frozenset()
        return actions_of(row.state(self._context.clock.today()), followed=row.successor_id is not None)
