"""The handover of one account: where it stands, its checklist, questions, promises and moves. A tab of the account page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from csdesk.models.vocabulary import HandoverPoint, HandoverState
from csdesk.services.core.texts import N_, _
from csdesk.services.handover.moves import ACCEPT, MOVES
from csdesk.ui.core.actions import Action
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.flow import FlowLayout
from csdesk.ui.core.lines import LinesView
from csdesk.ui.core.parts import Bar, Button, Divider, Label, StateBadge
from csdesk.ui.core.theme import px
from csdesk.ui.handovers.forms import decide, edit_point, edit_text, send_sheet
from csdesk.ui.handovers.promises import offer_promises
from csdesk.ui.handovers.wording import OTHERS, days_words, early_words, handover_badge, record_lines
from csdesk.ui.tasks.forms import edit_task

if TYPE_CHECKING:
    from csdesk.services.handover.records import HandoverRecord
    from csdesk.ui.core.context import Context


class HandoverPanel(QWidget):
    """Ask for an account with ``show_account``; ``filled`` tells whether it has a handover."""

    filled = Signal(bool)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.account_id = 0
        self.record: HandoverRecord | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(px(15), px(10), px(15), px(10))
        head.setSpacing(px(8))
        head.addLayout(self._facts())
        self.early = Label("", ink="ink_red", bold=True, wrap=True)
        head.addWidget(self.early)
        self.verbs = FlowLayout()
        head.addLayout(self.verbs)
        column.addLayout(head)
        column.addWidget(Divider())
        self.list = LinesView(_("Handover"), 136)
        self.list.opened.connect(self._open)
        self.list.menu_wanted.connect(self._menu)
        column.addWidget(self.list, 1)

    def _facts(self) -> QHBoxLayout:
        self.badge = StateBadge()
        self.score = Label("")
        self.bar = Bar(0.0, px(96))
        self.days = Label("", ink="muted", elide=True)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        for part in (self.badge, self.score, self.bar, self.days):
            row.addWidget(part)
        row.addStretch(1)
        return row

    def show_account(self, account_id: int) -> None:
        """Ask for an account's handover."""
        if account_id != self.account_id:
            self.account_id, self.record = account_id, None
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        from csdesk.services.handover.records import record_of

        today = self.context.clock.today()
        self.context.runner.ask(record_of, self.account_id, today, then=self._fill, owner=self)

    def _fill(self, record: HandoverRecord | None) -> None:
        before, self.record = self.record, record
        self.filled.emit(record is not None)
        if record is None:
            self.list.set_lines([])
            return
        today = self.context.clock.today()
        badge = handover_badge(record.state)
        self.badge.set_state(badge.text, badge.tone)
        known = record.completeness is not None
        self.score.setText(_("Complete {n}\u00a0%").format(n=record.completeness) if known else "")
        self.bar.set_fraction(record.completeness / 100 if record.completeness is not None else None)
        self.bar.setVisible(known)
        self.days.setText(days_words(record))
        self.early.setText(early_words(record, today))
        self.early.setVisible(bool(self.early.text()))
        if before is None or before.state != record.state or before.id != record.id:
            self._fill_verbs(record)
        self.list.set_lines(record_lines(record, today))

    def _fill_verbs(self, record: HandoverRecord) -> None:
        empty(self.verbs)
        for move in MOVES[record.state]:
            button = Button(_(move.verb), kind="primary" if move is ACCEPT else "normal", small=True)
            button.clicked.connect(partial(self.decide, move.to))
            self.verbs.addWidget(button)
        for words, run in ((_("Promises as tasks"), self.keep_promises), (_("Sheet for sales"), self.send_sheet)):
            button = Button(words, kind="ghost", small=True)
            button.clicked.connect(run)
            self.verbs.addWidget(button)

    def decide(self, to: HandoverState, *_checked: object) -> None:
        """Make a move; an accepted handover offers its promises as tasks."""
        if self.record is not None:
            then = self._accepted if to == HandoverState.ACCEPTED else None
            decide(self.context, self.record, to, self, then)

    def _accepted(self) -> None:
        if self.record is not None and self.record.without_task:
            offer_promises(self.context, self.record, self, quietly=True)

    def keep_promises(self, *_checked: object) -> None:
        """Offer the promises without a task."""
        if self.record is not None:
            offer_promises(self.context, self.record, self)

    def send_sheet(self, *_checked: object) -> None:
        """Write the sheet for sales."""
        if self.record is not None:
            send_sheet(self.context, (self.record.id,), self)

    def receive(self) -> None:
        """Start the handover of the account by hand."""
        from csdesk.services.handover.deciding import ReceiveHandover, receive_handover

        self.context.runner.do(receive_handover, ReceiveHandover(self.account_id))

    def menu_actions(self, pages: tuple[str, ...]) -> list[Action]:
        """What can be done, for the menu and the palette."""

        def act(key: str, text: str, run: Any, shortcut: str = "", enabled: Any = None) -> Action:
            return Action(
                f"handover.{key}", text, run, "", shortcut, "account", pages, 4, enabled, submenu=N_("Handover")
            )

        moves = [
            act(f"to_{move.to.value}", move.verb, partial(self.decide, move.to), key, partial(self._may, move.to))
            for move, key in ((ACCEPT, "Ctrl+Shift+A"), *((move, "") for move in MOVES[HandoverState.RECEIVED][1:]))
        ]
        again = partial(self.decide, HandoverState.RECEIVED)
        return [
            *moves,
            act("reopen", N_("Open it again…"), again, "", partial(self._may, HandoverState.RECEIVED)),
            act("promises", N_("Promises as tasks"), self.keep_promises, "", self._is_there),
            act("sheet", N_("Sheet for sales"), self.send_sheet, "", self._is_there),
        ]

    def _may(self, to: HandoverState) -> bool:
        return self.record is not None and any(move.to == to for move in MOVES[self.record.state])

    def _is_there(self) -> bool:
        return self.record is not None

    def _open(self, key: Any) -> None:
        if self.record is None or not isinstance(key, tuple):
            return
        kind, value = key
        if kind in ("point", "question"):
            edit_point(self.context, self.record, self.record.point(HandoverPoint(value)), self)
        elif kind == "text":
            edit_text(self.context, self.record, value, dict(OTHERS)[value], self)
        elif kind == "promise":
            task = self.record.promises[value].task
            if task is None:
                self.keep_promises()
            else:
                edit_task(self.context, task.id, self)

    def _menu(self, key: Any, place: Any) -> None:
        if self.record is None:
            return
        menu = QMenu(self)
        if isinstance(key, tuple) and key[0] in ("point", "question", "text", "promise"):
            menu.addAction(_("Edit")).triggered.connect(partial(self._open, key))
            menu.addSeparator()
        for name, title in OTHERS:
            if not getattr(self.record, name):
                words = _("Add: {title}").format(title=_(title))
                menu.addAction(words).triggered.connect(partial(self._add_text, name, title))
        pop_up(menu, place)

    def _add_text(self, name: str, title: str, *_checked: object) -> None:
        if self.record is not None:
            edit_text(self.context, self.record, name, title, self)
