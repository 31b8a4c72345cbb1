"""Requirements: demands as a board or a table, tickets and bugs as lists; what goes to product and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from csdesk.models.vocabulary import DemandState, Scope
from csdesk.services.core import formats
from csdesk.services.core.columns import Query
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.drawer import Drawer
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb
from csdesk.ui.core.parts import Button, EmptyState, Label, Segmented
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.board import DemandBoard
from csdesk.ui.tickets.cards import accounts_words
from csdesk.ui.tickets.moving import step_to
from csdesk.ui.tickets.side import DemandSide
from csdesk.ui.tickets.verbs import DemandVerbs, Standing
from csdesk.ui.tickets.wording import DEMAND_TONES, stored_word

if TYPE_CHECKING:
    from csdesk.services.tickets.board import BoardView
    from csdesk.services.tickets.queries import DemandCard
    from csdesk.ui.core.context import Context

DEMANDS, TICKETS, BUGS = "demands", "tickets", "bugs"
BOARD, TABLE = "board", "table"
SHOWN = "tickets.shown"
KINDS = (
    Kind("to_do", N_("Still to do"), (("", ""),)),
    Kind("state", N_("State"), tuple((state.value, state.label) for state in DemandState if state != "merged")),
    Kind("scope", N_("Generic or custom"), tuple((scope.value, scope.label) for scope in Scope)),
    Kind("to_tell", N_("To be told by me"), (("", ""),)),
    Kind("late", N_("Past the answer day"), (("", ""),)),
    Kind("raised", N_("Declined, come up again"), (("", ""),)),
    Kind("account", N_("Account"), ()),
    Kind("release", N_("Release"), ()),
)


class RequirementsPage(ListPage):
    """Three segments. What was shown last, board or table, is shown again."""

    key = "tickets"
    entities = frozenset(
        {
            "tickets", "demands", "demand_reviews", "notices", "releases", "accounts", "contacts", "contracts",
            "contract_lines", "settings",
        }
    )  # fmt: skip
    row_actions = (
        "demands.open", "demands.answer", "demands.send", "demands.call_back", "demands.accept", "demands.decline",
        "demands.redate", "demands.release", "demands.take_up", "demands.keep_declined", "demands.merge", "demands.edit",
        "demands.remind",
    )  # fmt: skip

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.verbs = DemandVerbs(context, self, self)
        self.cards: dict[int, DemandCard] = {}
        self.view: BoardView | None = None
        self._wanted: int | None = None
        self._fits: frozenset[int] = frozenset()
        self.table.cells.tones = {"state": DEMAND_TONES}
        self._heading()
        self._aside()
        self._board_place()
        self.hosted: dict[str, ListPage] = {}
        self._borrowed: dict[str, tuple[Button, ...]] = {}
        self._segment = DEMANDS
        self.mode = BOARD if context.state.get(SHOWN, BOARD) != TABLE else TABLE
        self.shapes.choose(self.mode)
        self._show_parts()

    def make_spec(self) -> ListSpec:
        from csdesk.services.tickets.board import demand_counts, demand_listing
        from csdesk.services.tickets.listings import DEMAND_VIEWS

        first = EmptyState(
            _("No requirements yet"),
            _("Press Ctrl+T on any page to write one down, in the customer's own words."),
            _("Write one down"),
            icon="requirements",
            key="Ctrl+T",
        )
        first.chosen.connect(self._write_down)
        return ListSpec(
            listing=demand_listing(self.context.clock.today()),
            title=_("Requirements"),
            views=[View(key, title, filters) for key, title, filters in DEMAND_VIEWS],
            kinds=KINDS,
            counts=demand_counts,
            counted=demands_counted,
            summed=_summed,
            words=stored_word,
            nothing=_("No demand fits"),
            first=first,
            bulk=(
                Bulk(_("Send to product"), self._send, "forward", primary=True),
                Bulk(_("Merge…"), self._merge, "link", "M"),
                Bulk(_("Export for product"), self._hand_out, "export", wide=True),
            ),
        )

    def _heading(self) -> None:
        self.segments = Segmented([(DEMANDS, _("Demands")), (TICKETS, _("Tickets")), (BUGS, _("Bugs"))], DEMANDS)
        self.segments.chosen.connect(self.show_segment)
        self.take_back = Button(_("Take product's answers back"), "import")
        self.take_back.clicked.connect(self._take_back)
        self.hand_out = Button(_("Export for product"), "export", kind="primary")
        self.hand_out.clicked.connect(self._hand_out)
        self.head.add_action(self.segments, before=self.density)
        for control in (self.take_back, self.hand_out):
            self.head.add_action(control)

    def _aside(self) -> None:
        """Beside the chips: how the board is sorted, how long product has, board or table."""
        self.order = Label("", "caption", "muted")
        self.shapes = Segmented([(BOARD, _("Board")), (TABLE, _("Table"))], BOARD)
        self.shapes.chosen.connect(self.show_shape)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        place = column.indexOf(self.filter)
        column.removeWidget(self.filter)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.filter, 1)
        for part in (self.order, self.shapes):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        self.order.setFixedHeight(px(32))
        column.insertLayout(place, row)

    def _board_place(self) -> None:
        self.board = DemandBoard()
        self.board.moved.connect(self._moved)
        self.board.opened.connect(self.open_row)
        self.board.peeked.connect(self.peek_row)
        self.board.chosen.connect(self._chosen)
        self.board.menu_wanted.connect(self._card_menu)
        self.side = DemandSide(self.context, self.verbs)
        self.side.opened.connect(self.open_row)
        self.side.left.connect(self.focus_first)
        self.drawer = Drawer(self)
        self.drawer.closed.connect(self._drawer_closed)
        self._both = QWidget()
        self._row = QHBoxLayout(self._both)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(16))
        self._row.addWidget(self.board, 1)
        self._row.addWidget(self.side)
        self._stack.addWidget(self._both)
        self.board.left.connect(self.side.take_keys)
        self.table.current_changed.connect(self._row_changed)
        self.filter.left.connect(self._show_parts)

    def arrive(self, args: Args) -> None:
        if args.get("show") in (BOARD, TABLE):
            self._choose_shape(str(args["show"]))
        if args.get("segment") in (DEMANDS, TICKETS, BUGS):
            self._choose_segment(str(args["segment"]))
        elif args and self._segment != DEMANDS:
            self._choose_segment(DEMANDS)
        if args.get("demand"):
            self.choose_demand(int(args["demand"]))
        super().arrive(args)

    def refresh(self) -> None:
        from csdesk.services.tickets.board import board_view

        super().refresh()
        self.context.runner.ask(board_view, self.context.clock.today(), then=self._fill_board, owner=self)
        self.side.refresh()
        hosted = self.hosted.get(self._segment)
        if hosted is not None:
            hosted.refresh()

    def search(self) -> None:
        super().search()
        self._show_parts()
        today, query = self.context.clock.today(), Query(self.filter.search, self.filter.filters)
        self.context.runner.ask(
            self.spec.listing.ids, query, today, then=self._fill_fits, owner=self, key="on the board"
        )

    def _fill_fits(self, ids: Sequence[int]) -> None:
        self._fits = frozenset(ids)
        self._show_cards()

    def _fill_board(self, view: BoardView) -> None:
        self.view = view
        self.cards = {card.id: card for card in view.cards}
        self._show_cards()
        self._say_head(view)
        self.context.actions.update()

    def _show_cards(self) -> None:
        shown = (card for card in self.cards.values() if card.id in self._fits)
        self.board.show_cards(shown, self.context.clock.today())
        if self._wanted is not None and self.board.choose(self._wanted):
            self._wanted = None

    def _say_head(self, view: BoardView) -> None:
        parts = [
            demands_counted(view.demands),
            ngettext("{n} ticket", "{n} tickets", view.tickets).format(n=formats.number(view.tickets)),
            f"{formats.number(view.accounts)} {accounts_words(view.accounts)}",
        ]
        self.head.set_text(sentence=" \u00b7 ".join(parts))
        late = ngettext("{n} overdue", "{n} overdue", view.late_bugs).format(n=view.late_bugs)
        self.segments.set_badge(BUGS, late if view.late_bugs else "")
        ready = len(view.to_send)
        words = _("Export for product ({n})").format(n=ready) if ready else _("Export for product")
        self.hand_out.set_words(words)
        days = ngettext("{n} working day", "{n} working days", view.answer_days).format(n=view.answer_days)
        self.order.setText(_("By accounts, then ARR · answer within {days}").format(days=days))
        self._show_parts()

    def more_actions(self) -> list[Action]:
        def act(
            key: str, text: str, run: Any, shortcut: str = "", icon: str = "", menu: str = "view", **more: Any
        ) -> Action:
            return Action(f"demands.{key}", text, run, icon, shortcut, menu, (self.key,), 2, **more)

        chosen = self.standing
        return [
            act("open", N_("Open the demand"), self._open_current, "", "requirements", "tools",
                enabled=lambda: chosen() is not None),
            *self.verbs.actions(),
            act("on", N_("Move to the next column"), self._shift_on, "Ctrl+Right", "forward", "tools",
                enabled=lambda: chosen() is not None),
            act("back", N_("Move to the column before"), self._shift_back, "Ctrl+Left", "back", "tools",
                enabled=lambda: chosen() is not None),
            act("shape", N_("Board or table"), self._turn_shape, "Ctrl+Tab", "columns"),
            act("segment", N_("Demands, tickets or bugs"), self._turn_segment, "Ctrl+Shift+Tab", "requirements"),
            act("peek", N_("Preview"), self._peek_current, "", "search"),
        ]  # fmt: skip

    def page_actions(self) -> list[Action]:
        hosted = self.hosted.get(self._segment)
        if hosted is None:
            return super().page_actions()
        mine = [action for action in super().page_actions() if action.key in ALWAYS]
        return [*mine, *hosted.page_actions()]

    def open_row(self, record: int) -> None:
        self.context.go.to(self.key, id=record)

    def peek_row(self, record: int | None) -> None:
        """The side page where it is not there by itself: over the board in a small window, over the table."""
        if self.drawer.is_open or record is None:
            self.drawer.close_up()
        elif not self._side_stands():
            self.side.show_demand(record)
            self.drawer.body.addWidget(self.side)
            self.side.be_in_drawer(True)
            self.side.show()
            self.drawer.open()
            self.table.is_peeking = True

    def crumbs(self) -> tuple[Crumb, ...]:
        words = {
            DEMANDS: _("Board") if self.mode == BOARD else _("Table"), TICKETS: _("Tickets"), BUGS: _("Bugs"),
        }  # fmt: skip
        return (Crumb(words[self._segment]),)

    def focus_first(self) -> None:
        hosted = self.hosted.get(self._segment)
        if hosted is not None:
            hosted.focus_first()
        elif self.mode == BOARD:
            self.board.take_keys()
        else:
            super().focus_first()

    def focus_filter(self) -> bool:
        hosted = self.hosted.get(self._segment)
        if hosted is not None:
            return hosted.focus_filter()
        self.filter.show_words(True)
        return super().focus_filter()

    def remember(self) -> dict[str, Any]:
        chosen = self.board.current()
        demand = str(chosen.id) if chosen is not None else ""
        return {**super().remember(), "show": self.mode, "segment": self._segment, "demand": demand}

    def recall(self, view: Args) -> None:
        super().recall(view)
        if view.get("show") in (BOARD, TABLE):
            self._choose_shape(str(view["show"]))
        if view.get("segment") in (DEMANDS, TICKETS, BUGS):
            self._choose_segment(str(view["segment"]))
        if str(view.get("demand") or "").isdigit():
            self.choose_demand(int(view["demand"]))

    def acting_demands(self) -> tuple[int, ...]:
        if self._segment != DEMANDS:
            return ()
        if self.mode == TABLE:
            return tuple(self.table.acting_ids())
        chosen = self.board.current()
        return () if chosen is None else (chosen.id,)

    def standing(self) -> Standing | None:
        ids = self.acting_demands()
        if not ids:
            return None
        card = self.cards.get(ids[0])
        if card is not None:
            return Standing(card.state, card.raised, card.untold)
        row = self.table.model_.place_of(ids[0])
        return Standing(str(self.table.model_.value_of(row, "state")), False) if row >= 0 else None

    def choose_demand(self, demand: int) -> None:
        """Choose a demand's card and row, now or when it has come."""
        self._wanted = demand
        self.table.choose(demand)
        if self.board.choose(demand):
            self._wanted = None

    def show_shape(self, shape: object) -> None:
        """Board or table."""
        self._choose_shape(str(shape))
        self.context.state.set(SHOWN, self.mode)
        self.focus_first()

    def show_segment(self, segment: object) -> None:
        """Demands, tickets or bugs."""
        self._choose_segment(str(segment))
        self.refresh()
        self.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_parts()

    def _choose_shape(self, shape: str) -> None:
        self.mode = shape
        self.shapes.choose(shape)
        self.drawer.close_up()
        self._show_state()
        self._show_parts()
        self.crumbs_changed.emit()
        self.context.actions.update()

    def _choose_segment(self, segment: str) -> None:
        self._segment = segment
        self.segments.choose(segment)
        self.drawer.close_up()
        if segment != DEMANDS and segment not in self.hosted:
            self._host(segment)
        self._show_state()
        self._show_parts()
        self.crumbs_changed.emit()
        self.actions_changed.emit()

    def _host(self, segment: str) -> None:
        from csdesk.ui.tickets.listing import ticket_list

        page = self.hosted[segment] = ticket_list(self.context, segment)
        self._borrowed[segment] = page.be_hosted()
        for button in self._borrowed[segment]:
            self.head.add_action(button, before=self.take_back)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(page, 1)
        page.refresh()

    def _turn_shape(self) -> None:
        self.show_shape(TABLE if self.mode == BOARD else BOARD)

    def _turn_segment(self) -> None:
        order = [DEMANDS, TICKETS, BUGS]
        self.show_segment(order[(order.index(self._segment) + 1) % len(order)])

    def _show_state(self) -> None:
        super()._show_state()
        if self._stack.currentIndex() == 0 and self.mode == BOARD:
            self._stack.setCurrentWidget(self._both)
        elif self._stack.currentWidget() is self._both and self.mode == TABLE:
            self._stack.setCurrentIndex(0)

    def _show_parts(self) -> None:
        """What stands in the head, beside the chips and at the side follows segment, shape and width."""
        small, demands = self.window().width() < px(SMALL_WINDOW), self._segment == DEMANDS
        table = demands and self.mode == TABLE
        hosted = self.hosted.get(self._segment)
        for key, page in self.hosted.items():
            page.setVisible(page is hosted)
            for button in self._borrowed[key]:
                button.setVisible(page is hosted and not small)
        self._stack.setVisible(demands)
        self.filter.setVisible(demands and bool(self._all or self._all is None))
        self.filter.show_words(table or self.filter.says_more)
        for button in (self.density, self.columns, self.export):
            button.setVisible(table and not small)
        self.shapes.setVisible(demands and bool(self._all or self._all is None))
        needed = self.filter.chips.whole_width() + self.order.sizeHint().width() + self.shapes.sizeHint().width()
        self.order.setVisible(demands and not table and needed + px(72) <= self.width())
        self.take_back.setVisible(not small and not table)
        self._save_side()

    def _side_stands(self) -> bool:
        return self._segment == DEMANDS and self.mode == BOARD and self.window().width() >= px(SMALL_WINDOW)

    def _save_side(self) -> None:
        if self._side_stands():
            self.drawer.close_up()
            self.side.show()
        elif self.side.parentWidget() is self._both:
            self.side.hide()

    def _drawer_closed(self) -> None:
        self.table.is_peeking = False
        self._row.addWidget(self.side)
        self.side.be_in_drawer(False)
        self.side.setVisible(self._side_stands())
        if self.isVisible():
            self.focus_first()

    def _fill_counts(self, counts: Sequence[int]) -> None:
        super()._fill_counts(counts)
        self._show_parts()

    def _fill_head(self, totals: Mapping[str, Any]) -> None:
        super()._fill_head(totals)
        if self.view is not None:
            self._say_head(self.view)
        self._show_parts()

    def _chosen(self, demand: int | None) -> None:
        self.side.show_demand(demand)
        self.context.actions.update()

    def _row_changed(self, demand: int | None) -> None:
        if self.drawer.is_open and self.mode == TABLE:
            self.side.show_demand(demand)

    def _moved(self, demand: int, target: str) -> None:
        card = self.cards.get(demand)
        if card is None:
            return
        step = step_to(card, target)
        if step.verb:
            self.verbs.run(step.verb)
        elif not target and card.untold:
            self.verbs.tell()
        elif step.refusal:
            self.context.messages.toast(step.refusal)

    def _shift(self, by: int) -> None:
        ids = self.acting_demands()
        if ids and ids[0] in self.cards:
            self.board.choose(ids[0])
            self.board.shift(by)

    def _shift_on(self) -> None:
        self._shift(1)

    def _shift_back(self) -> None:
        self._shift(-1)

    def _open_current(self) -> None:
        ids = self.acting_demands()
        if ids:
            self.open_row(ids[0])

    def _peek_current(self) -> None:
        ids = self.acting_demands()
        self.peek_row(ids[0] if ids else None)

    def _card_menu(self, _demand: int, at: QPoint) -> None:
        menu = QMenu(self)
        for action in self.page_actions():
            if action.key in self.row_actions and action.is_enabled():
                menu.addAction(action.label()).triggered.connect(action.run)
        pop_up(menu, at)

    def _send(self) -> None:
        self.verbs.send()

    def _merge(self) -> None:
        self.verbs.merge()

    def _write_down(self) -> None:
        self.context.actions.run("tickets.new")

    def _hand_out(self) -> None:
        ticked = self.table.model_.ticked_in_order() if self.mode == TABLE and self._segment == DEMANDS else []
        from csdesk.ui.tickets.product import export_for_product

        export_for_product(self.context, tuple(ticked))

    def _take_back(self) -> None:
        from csdesk.ui.tickets.product import take_back

        take_back(self.context)


ALWAYS = ("demands.segment",)
"""What can be done whatever segment is shown."""


def demands_counted(count: int) -> str:
    """So many demands."""
    return ngettext("{n} demand", "{n} demands", count).format(n=formats.number(count))


def _summed(totals: Mapping[str, Any], place: str) -> str:
    cents = totals.get("arr_cents") or 0
    if place == "head" or not cents:
        return ""
    return _("ARR {amount} CNY").format(amount=formats.cents(cents))
