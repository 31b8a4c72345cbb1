"""The page of one demand: who asks for it and how, what product said and when, who was told, what happened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Decision, DemandSize, DemandState, Importance, Scope
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import LinesView
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, Card, EmptyState, Label, StateBadge, Surface, Tabs
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.side import Weight
from csdesk.ui.tickets.verbs import DemandVerbs, Standing, may_tell
from csdesk.ui.tickets.voices import VoicesView
from csdesk.ui.tickets.wording import (
    DEMAND_TONES,
    due_words,
    is_late,
    move_lines,
    notice_lines,
    review_lines,
    since_words,
)

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import DemandView
    from csdesk.ui.core.context import Context

SIDE_WIDTH, SMALL_SIDE_WIDTH = 376, 300
TABS = ("voices", "reviews", "notices", "moves")
NEXT = {
    "send": N_("Send to product"),
    "answer": N_("Record product's answer"),
    "release": N_("Mark as released"),
    "tell": N_("Tell customers"),
}
"""The words of the primary button (msgids), by what comes next."""


class DemandPage(Page):
    """Left what was said and done, right what it weighs and what was decided."""

    key = "tickets"
    entities = frozenset(
        {
            "tickets", "demands", "demand_reviews", "demand_moves", "notices", "releases", "accounts", "contacts",
            "contracts", "contract_lines", "settings",
        }
    )  # fmt: skip

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.demand_id = 0
        self.view: DemandView | None = None
        self.verbs = DemandVerbs(context, self, self)
        column = self.column()
        column.addWidget(self._header())
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        row.addLayout(self._left(), 1)
        row.addWidget(self._side())
        column.addWidget(self._body, 1)
        self._gone = self.when_gone(
            _("This demand is not here any more"),
            _("It was deleted; it may still be in the bin."),
            _("Open the board"),
            self._open_board,
        )
        column.addWidget(self._gone, 1)

    def _header(self) -> QWidget:
        self.header = Surface()
        column = QVBoxLayout(self.header)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(6))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        self.title = Label("", "h1", elide=True)
        self.number = Label("", ink="muted")
        self.scope, self.state = StateBadge("", "line"), StateBadge("", "line")
        self.since = Label("", ink="muted", elide=True)
        for part in (self.title, self.number, self.scope, self.state):
            top.addWidget(part)
        top.addWidget(self.since, 1)
        column.addLayout(top)
        below = QHBoxLayout()
        below.setSpacing(px(8))
        self.due = Label("", elide=True)
        below.addWidget(self.due, 1)
        self.edit = Button(_("Edit"), "edit", "E")
        self.edit.clicked.connect(self.verbs.edit)
        self.merge = Button(_("Merge"), "link", "M")
        self.merge.clicked.connect(self.verbs.merge)
        self.more = Button(_("More"), "more", kind="icon", framed=True)
        self.more.clicked.connect(self._show_more)
        self.next = Button("", kind="primary")
        self.next.clicked.connect(self._do_next)
        for button in (self.edit, self.merge, self.more, self.next):
            below.addWidget(button)
        column.addLayout(below)
        return self.header

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self.tabs = Tabs(
            [
                ("voices", _("The customers' words")), ("reviews", _("Reviews")), ("notices", _("Telling")),
                ("moves", _("What happened")),
            ],
            "voices",
        )  # fmt: skip
        self.tabs.chosen.connect(self._show_tab)
        self.split = Button(_("Split off"), "", "", "link")
        self.split.clicked.connect(self.split_off)
        head = QHBoxLayout()
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.split)
        column.addLayout(head)
        self.voices = VoicesView(most_lines=12, with_ticks=True)
        self.voices.opened.connect(self._open_voice)
        self.voices.ticks_changed.connect(self._ticked)
        self.voices.menu_wanted.connect(self._voice_menu)
        self.reviews = LinesView(_("Reviews"), 96)
        self.notices = LinesView(_("Telling"), 96)
        self.notices.opened.connect(self._open_account)
        self.moves = LinesView(_("What happened"), 96)
        self.lists = {"voices": self.voices, "reviews": self.reviews, "notices": self.notices, "moves": self.moves}
        nothing = {
            "voices": _("Nobody asks for it any more."),
            "reviews": _("Product has not answered yet. A records its answer."),
            "notices": _("There is nothing to tell anybody yet."),
            "moves": "",
        }
        self._stack = QStackedWidget()
        self._holders: dict[str, QStackedWidget] = {}
        for key in TABS:
            holder = self._holders[key] = QStackedWidget()
            holder.addWidget(self.lists[key])
            holder.addWidget(EmptyState(nothing[key]))
            self._stack.addWidget(holder)
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._stack)
        column.addWidget(surface, 1)
        return column

    def _side(self) -> QWidget:
        self._cards = QVBoxLayout()
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(px(12))
        holder = QWidget()
        holder.setLayout(self._cards)
        holder.setAutoFillBackground(False)
        self.side = QScrollArea()
        self.side.setWidget(holder)
        self.side.setWidgetResizable(True)
        self.side.setAccessibleName(_("About this demand"))
        self.side.setFrameShape(QScrollArea.Shape.NoFrame)
        self.side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.side.viewport().setAutoFillBackground(False)
        self._cards.addWidget(self._weight_card())
        self._about = Card(_("Background"), _("Edit"))
        self._about.linked.connect(self.verbs.edit)
        self._decision = Card(_("Product's answer"))
        for card in (self._about, self._decision):
            self._cards.addWidget(card)
        self._cards.addStretch(1)
        return self.side

    def _weight_card(self) -> Card:
        card = Card(_("Who asks for it"), padded=False)
        self.weight = Weight()
        card.add(self.weight)
        facts = QVBoxLayout()
        facts.setContentsMargins(px(16), px(4), px(16), px(12))
        facts.setSpacing(px(4))
        self.tiers, self.importances = Label("", ink="muted", wrap=True), Label("", ink="muted", wrap=True)
        facts.addWidget(self.tiers)
        facts.addWidget(self.importances)
        card.add(facts)
        return card

    def arrive(self, args: Args) -> None:
        if args.get("id") and int(args["id"]) != self.demand_id:
            self.demand_id = int(args["id"])
            self.view = None
            self.voices.ticked = set()
        if args.get("tab") in TABS:
            self._choose_tab(str(args["tab"]))
        self.refresh()

    def refresh(self) -> None:
        from csdesk.services.tickets.queries import demand

        self.context.runner.ask(demand, self.demand_id, self.context.clock.today(), then=self._fill, owner=self)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.view.card.title),) if self.view is not None else ()

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "", **more: Any) -> Action:
            return Action(f"demands.{key}", text, run, icon, shortcut, "tools", (self.key,), 2, **more)

        return [
            *self.verbs.actions(),
            act("split", N_("Split the ticked voices off"), self.split_off, "Shift+M", enabled=self._may_split),
            act("voice", N_("Open the ticket"), self._open_current, enabled=self._has_voice),
            act("account", N_("Open the account"), self._open_its_account, "O", "accounts", enabled=self._has_voice),
            act("tab", N_("The next tab"), self._next_tab, "Ctrl+Tab"),
        ]

    def acting_demands(self) -> tuple[int, ...]:
        return (self.demand_id,) if self.view is not None else ()

    def standing(self) -> Standing | None:
        if self.view is None or self.view.card.state == DemandState.MERGED:
            return None
        card = self.view.card
        return Standing(card.state, card.raised, card.untold)

    def focus_first(self) -> None:
        self.lists[str(self.tabs.current())].setFocus()

    def remember(self) -> dict[str, Any]:
        return {"tab": str(self.tabs.current())}

    def recall(self, view: Args) -> None:
        if view.get("tab") in TABS:
            self._choose_tab(str(view["tab"]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < px(SMALL_WINDOW)
        self.side.setFixedWidth(px(SMALL_SIDE_WIDTH if small else SIDE_WIDTH))
        for button in (self.edit, self.merge):
            button.show_key(not small)

    def _fill(self, view: DemandView | None) -> None:
        known = self.view is not None
        self.view = view
        self._gone.setVisible(view is None)
        for part in (self.header, self._body):
            part.setVisible(view is not None)
        if view is None:
            return
        self._fill_header(view)
        self._fill_lists(view)
        self._fill_side(view)
        self.crumbs_changed.emit()
        self.context.actions.update()
        if not known:
            self.actions_changed.emit()
            self.context.state.add_recent(self.key, view.card.id, view.card.title)

    def _fill_header(self, view: DemandView) -> None:
        card, today = view.card, self.context.clock.today()
        merged = card.state == DemandState.MERGED
        self.title.setText(card.title)
        self.number.setText(card.number)
        self.scope.set_state(_(Scope(card.scope).label) if card.scope else "", "line")
        state = _("Come up again") if card.raised else _(DemandState(card.state).label)
        self.state.set_state(state, "renew" if card.raised else DEMAND_TONES[card.state])
        self.since.setText(since_words(card, today))
        self.due.setText(
            _("Merged into {number}").format(number=view.merged_into) if merged else due_words(card, today)
        )
        self.due.set_look("ink_red" if is_late(card, today) else "text")
        verb = self._next_verb()
        self.next.setVisible(bool(verb))
        for button in (self.edit, self.merge, self.more):
            button.setVisible(not merged)
        if verb:
            self.next.set_words(_(NEXT[verb]))
            self.next.set_key("A" if verb == "answer" else "")

    def _fill_lists(self, view: DemandView) -> None:
        today = self.context.clock.today()
        self.voices.show_voices(view.voices, today)
        self.reviews.set_lines(review_lines(view.reviews, today))
        self.notices.set_lines(notice_lines(view.notices, today))
        self.moves.set_lines(move_lines(view.moves, today))
        counts = {"voices": len(view.voices), "reviews": len(view.reviews), "notices": len(view.notices)}
        for key, count in counts.items():
            self.tabs.set_count(key, count)
            self._holders[key].setCurrentIndex(0 if count else 1)

    def _fill_side(self, view: DemandView) -> None:
        card = view.card
        self.weight.show_weight(card.accounts, card.arr_cents, card.renewing)
        tiers = [f"{tier} {count}" for tier, count in card.tiers]
        self.tiers.setText(_("by tier {list}").format(list=_(", ").join(tiers)) if tiers else "")
        self.tiers.setVisible(bool(tiers))
        counted = view.importances
        said = [f"{_(word.label)} {counted[word]}" for word in Importance if word in counted]
        self.importances.setText(_("It is to them: {list}").format(list=_(", ").join(said)) if said else "")
        empty(self._about.body)
        module = _("Module: {name}").format(name=card.module) if card.module else ""
        for words in (module, view.background) if module or view.background else (_("Nothing is written down yet."),):
            if words:
                self._about.add(Label(words, ink="text" if words == view.background else "muted", wrap=True))
        self._fill_decision(view)

    def _fill_decision(self, view: DemandView) -> None:
        body, card = self._decision, view.card
        empty(body.body)
        body.setVisible(bool(view.reviews))
        if not view.reviews:
            return
        newest = view.reviews[0]
        facts = [
            _(Decision(newest.decision).label),
            _(Scope(newest.scope).label) if newest.scope else "",
            _(DemandSize(newest.size).label) if newest.size else "",
            card.release,
        ]
        body.add(Label(" \u00b7 ".join(fact for fact in facts if fact), bold=True, wrap=True))
        for head, words in (
            (_("Reason, for us alone"), newest.reason),
            (_("What the customer is told"), newest.answer),
        ):
            if words:
                body.add(Label(head, "caption", "muted"))
                body.add(Label(words, wrap=True))

    def _show_tab(self, key: object) -> None:
        self._choose_tab(str(key))
        self.focus_first()

    def _choose_tab(self, key: str) -> None:
        self.tabs.choose(key)
        self._stack.setCurrentIndex(TABS.index(key))
        self._ticked()

    def _next_tab(self) -> None:
        self._show_tab(TABS[(TABS.index(str(self.tabs.current())) + 1) % len(TABS)])

    def _ticked(self) -> None:
        count = len(self.voices.ticked)
        words = ngettext("Split {n} voice off", "Split {n} voices off", count).format(n=count)
        self.split.set_words(words)
        self.split.setVisible(bool(count) and self.tabs.current() == "voices")
        self.context.actions.update()

    def _do_next(self) -> None:
        verb = self._next_verb()
        if verb:
            self.verbs.answer() if verb == "answer" else self.verbs.run(verb)

    def _next_verb(self) -> str:
        """What comes next: "" where nothing does."""
        if self.view is None:
            return ""
        card = self.view.card
        if may_tell(card):
            return "tell"
        answers = card.state == DemandState.IN_REVIEW or card.raised
        return "answer" if answers else next((verb for verb in ("send", "release") if verb in card.verbs), "")

    def _show_more(self) -> None:
        menu = QMenu(self)
        for action in self.page_actions():
            if action.is_enabled() and action.key not in ("demands.tab", "demands.voice", "demands.account"):
                menu.addAction(action.label()).triggered.connect(action.run)
        pop_up(menu, self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _may_split(self) -> bool:
        return bool(self.voices.ticked) and self.view is not None

    def split_off(self) -> None:
        """Give the ticked voices a demand of their own."""
        from csdesk.services.tickets.demands import SplitDemand, split_demand

        ids = tuple(voice.id for voice in self.voices.voices if voice.id in self.voices.ticked)
        if ids:
            self.voices.setFocus()
            self.context.runner.do(split_demand, SplitDemand(ids))

    def _voice_menu(self, ticket: int, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(_("Open the ticket")).triggered.connect(partial(self._open_voice, ticket))
        menu.addAction(_("Open the account")).triggered.connect(self._open_its_account)
        menu.addAction(_("Tick")).triggered.connect(partial(self.voices.tick, ticket))
        if self._may_split():
            menu.addAction(self.split.words()).triggered.connect(self.split_off)
        pop_up(menu, at)

    def _has_voice(self) -> bool:
        return self.voices.current_id() is not None

    def _open_current(self) -> None:
        current = self.voices.current_id()
        if current is not None:
            self._open_voice(current)

    def _open_voice(self, ticket: int, *_checked: object) -> None:
        self.context.go.to("ticket", id=ticket)

    def _open_its_account(self) -> None:
        current = self.voices.current_id()
        account = next((voice.account_id for voice in self.voices.voices if voice.id == current), None)
        if account is not None:
            self.context.go.to("accounts", id=account)

    def _open_account(self, key: object) -> None:
        if isinstance(key, tuple):
            self.context.go.to("accounts", id=key[1])

    def _open_board(self) -> None:
        self.context.go.to(self.key)
