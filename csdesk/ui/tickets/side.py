"""The side page of the board: what the chosen demand weighs, what is due next, what the customers said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from csdesk.models.vocabulary import DemandState, Scope
from csdesk.services.core import formats
from csdesk.services.core.texts import C_, N_, _
from csdesk.ui.core.parts import Button, Divider, Icon, KeyCap, Label, StateBadge, Surface
from csdesk.ui.core.theme import metrics, px
from csdesk.ui.tickets.verbs import may_tell
from csdesk.ui.tickets.voices import VoicesView
from csdesk.ui.tickets.wording import due_words, is_late, since_words

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import DemandCard, DemandView
    from csdesk.ui.core.context import Context
    from csdesk.ui.tickets.verbs import DemandVerbs

SIDE_WIDTH = 352
FIRST_VERBS = (
    ("tell", N_("Tell customers"), ""),
    ("keep_declined", N_("Keep declined"), "K"),
    ("call_back", N_("Remind"), ""),
    ("send", N_("Send to product"), ""),
    ("release", N_("Mark as released"), ""),
    ("take_up", N_("Take up again"), ""),
)
"""The button at the left of the foot: the first of these that can be done, its words, its key."""


class Weight(QWidget):
    """Three figures beside each other: different accounts, ARR, renewals ahead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(px(16), 0, px(16), 0)
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(0)
        self._figures: list[Label] = []
        self._units: list[Label] = []
        heads = (C_("who ask", "Accounts"), C_("of those who ask", "ARR"), C_("of those who ask", "Renewals"))
        for place, head in enumerate(map(_, heads)):
            if place:
                grid.addWidget(Divider(vertical=True), 0, 2 * place - 1, 2, 1)
            column = 2 * place
            grid.addWidget(Label(head, "caption", "muted", elide=True), 0, column)
            row = QHBoxLayout()
            row.setSpacing(px(4))
            figure, unit = Label("", "h2"), Label("", "caption", "muted", elide=True)
            row.addWidget(figure)
            row.addWidget(unit, 1)
            grid.addLayout(row, 1, column)
            grid.setColumnStretch(column, 4 if place == 1 else 3)
            grid.setColumnMinimumWidth(column, metrics("caption").horizontalAdvance(head) + px(2))
            self._figures.append(figure)
            self._units.append(unit)

    def show_weight(self, accounts: int, cents: int, renewing: int) -> None:
        """Show these."""
        amount, _space, unit = formats.money_short(cents).partition(" ")
        shown = ((str(accounts), _("acc.")), (amount, unit), (str(renewing), _("acc.")))
        for place, (figure, words) in enumerate(shown):
            self._figures[place].setText(figure)
            self._units[place].setText(words)


class DemandSide(Surface):
    """Shows one demand after the other. ``opened`` gives the id whose page is wanted; ``left`` gives the keyboard back."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, context: Context, verbs: DemandVerbs, parent: QWidget | None = None) -> None:
        super().__init__(edged=False, parent=parent)
        self.setFixedWidth(px(SIDE_WIDTH))
        self._context, self._verbs = context, verbs
        self._demand: int | None = None
        self.view: DemandView | None = None
        self._first_verb = ""
        self._can_go_on = False
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        self._stack = QStackedWidget()
        column.addWidget(self._stack)
        nothing = QVBoxLayout()
        words = Label(_("Choose a demand to see who asks for it, and in which words."), ink="muted", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setContentsMargins(px(16), px(16), px(16), px(16))
        nothing.addWidget(words)
        empty = QWidget()
        empty.setLayout(nothing)
        self._stack.addWidget(empty)
        self._stack.addWidget(self._content())

    def _content(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, px(12), 0, 0)
        column.setSpacing(px(12))
        column.addLayout(self._head())
        self.weight = Weight()
        column.addWidget(self.weight)
        column.addLayout(self._due())
        column.addLayout(self._said())
        self.voices = VoicesView()
        self.voices.setMinimumHeight(px(40))
        self.voices.opened.connect(self._open_voice)
        self.voices.left.connect(self.left)
        column.addWidget(self.voices, 1)
        column.addWidget(Divider())
        column.addLayout(self._foot())
        return holder

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setContentsMargins(px(16), 0, px(16), 0)
        head.setSpacing(px(8))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        self.title = Label("", "h2", elide=True)
        self.number = Button("", kind="link")
        self.number.clicked.connect(self._open)
        top.addWidget(self.title, 1)
        top.addWidget(self.number)
        head.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.scope, self.state = StateBadge("", "line"), StateBadge("", "line")
        self.since = Label("", "caption", "muted", elide=True)
        for part in (self.scope, self.state):
            row.addWidget(part)
        row.addWidget(self.since, 1)
        head.addLayout(row)
        return head

    def _due(self) -> QHBoxLayout:
        outer = QHBoxLayout()
        outer.setContentsMargins(px(16), 0, px(16), 0)
        strip = self._strip = Surface("window", "", 4)
        row = QHBoxLayout(strip)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(8))
        self._clock = Icon("clock")
        self.due = Label("", wrap=True)
        row.addWidget(self._clock, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.due, 1)
        outer.addWidget(strip)
        return outer

    def _said(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(8))
        self.count = Label("", ink="muted")
        merge = Button(_("Merge another"), kind="link")
        merge.clicked.connect(self._verbs.take_in)
        row.addWidget(Label(_("The customers' words"), "h3"))
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(merge)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(px(16), 0, px(16), px(12))
        row.setSpacing(px(8))
        self.first = Button("")
        self.first.clicked.connect(self._do_first)
        self.answer = Button(_("Record answer"), key="A")
        self.answer.clicked.connect(self._record)
        self.redate = Button(_("Move the date"))
        self.redate.clicked.connect(self._verbs.redate)
        for button in (self.first, self.answer, self.redate):
            row.addWidget(button)
        row.addStretch(1)
        self._hint = (KeyCap(_("Ctrl+→")), Label(_("next column"), "caption", "muted"))
        for part in self._hint:
            row.addWidget(part)
        return row

    def show_demand(self, demand: int | None) -> None:
        """Show a demand; None: none."""
        if demand != self._demand:
            self._demand = demand
            self.refresh()

    def refresh(self) -> None:
        """Ask again for the one that is shown."""
        from csdesk.services.tickets.queries import demand

        if self._demand is None:
            self._fill(None)
        else:
            today = self._context.clock.today()
            self._context.runner.ask(demand, self._demand, today, then=self._fill, owner=self)

    def be_in_drawer(self, inside: bool) -> None:
        """Stand in the drawer, which has its own frame and width, or beside the board."""
        self.set_look(line="" if inside else "divider")
        self.setMinimumWidth(0 if inside else px(SIDE_WIDTH))

    def take_keys(self) -> None:
        """Give the keyboard to the voices."""
        if self.voices.voices:
            self.voices.setFocus()

    def _fill(self, view: DemandView | None) -> None:
        self.view = view
        self._stack.setCurrentIndex(0 if view is None else 1)
        if view is None:
            return
        card, today = view.card, self._context.clock.today()
        self.title.setText(card.title)
        self.number.set_words(card.number)
        self.scope.set_state(_(Scope(card.scope).label) if card.scope else "", "line")
        state = _("Come up again") if card.raised else _(DemandState(card.state).label)
        self.state.set_state(state, "renew" if card.raised else "line")
        self.since.setText(since_words(card, today))
        self.weight.show_weight(card.accounts, card.arr_cents, card.renewing)
        late = is_late(card, today)
        self.due.setText(due_words(card, today))
        self.due.set_look("ink_red" if late else "text")
        self._clock.set_look("warn" if late else "undo" if card.raised else "clock", "ink_red" if late else "text")
        self.count.setText(formats.number(len(view.voices)))
        self.voices.show_voices(view.voices, today)
        self._fill_foot(card)

    def _fill_foot(self, card: DemandCard) -> None:
        allowed = (*(("tell",) if may_tell(card) else ()), *card.verbs)
        verb, words, key = next((entry for entry in FIRST_VERBS if entry[0] in allowed), ("", "", ""))
        self._first_verb = verb
        self.first.set_words(_(words) if words else "")
        self.first.set_key(key)
        self.first.setVisible(bool(verb))
        self.answer.setVisible("accept" in allowed)
        self.redate.setVisible("redate" in allowed)
        self._can_go_on = "send" in allowed or card.state == DemandState.IN_REVIEW
        self._fit_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_hint()

    def _fit_hint(self) -> None:
        """The hint stands only where the buttons leave room for it."""
        buttons = [button for button in (self.first, self.answer, self.redate) if not button.isHidden()]
        needed = sum(part.sizeHint().width() + px(8) for part in (*buttons, *self._hint))
        for part in self._hint:
            part.setVisible(self._can_go_on and needed <= self.width() - px(32))

    def _do_first(self) -> None:
        if self._first_verb == "call_back":
            self._verbs.remind()
        elif self._first_verb:
            self._verbs.run(self._first_verb)

    def _record(self) -> None:
        self._verbs.answer()

    def _open(self) -> None:
        if self._demand is not None:
            self.opened.emit(self._demand)

    def _open_voice(self, ticket: int) -> None:
        self._context.go.to("ticket", id=ticket)
