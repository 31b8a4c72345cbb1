"""Renewals: what ends, as a board by days or stages, a table or a calendar; forecast above, outcome by one key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from csdesk.models.vocabulary import RenewalCategory, RenewalStage, Tier
from csdesk.services.core import formats
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.services.renewals.rules import HORIZON, UNJUDGED
from csdesk.ui.core.actions import Action
from csdesk.ui.core.board import Board
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.drawer import Drawer
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb
from csdesk.ui.core.parts import Button, EmptyState, KeyHints, Label, Segmented
from csdesk.ui.core.theme import px
from csdesk.ui.renewals.calendar import MonthGrid, RenewalCalendar
from csdesk.ui.renewals.cards import days_board, stages_board
from csdesk.ui.renewals.forecast_panel import ForecastPanel, contracts_words
from csdesk.ui.renewals.forms import make_tasks
from csdesk.ui.renewals.side import RenewalSide
from csdesk.ui.renewals.verbs import RenewalVerbs
from csdesk.ui.renewals.wording import CATEGORY_TONES, NOT_JUDGED, STAGE_TONES, STATE_TONES, stored_word, weights_words

if TYPE_CHECKING:
    from csdesk.services.renewals.queries import BoardView, RenewalCard
    from csdesk.ui.core.context import Context

BOARD, TABLE, CALENDAR = "board", "table", "calendar"
DAYS, STAGES = "days", "stages"
SHOWN, COLUMNS_BY = "renewals.shown", "renewals.columns"
NEAR = 30
LOW_WINDOW = 640
"""Below this height the board takes the room of the line beneath it."""
MOST_VALUES = 40
CHOICES = tuple((category.value, category.label) for category in RenewalCategory)
KINDS = (
    Kind(
        "within",
        C_("renewal", "Ends"),
        (
            (30, N_("in 30 days")),
            (60, N_("in 60 days")),
            (90, N_("in 90 days")),
            (120, N_("in 120 days")),
            (150, N_("in 150 days")),
        ),
    ),
    Kind("late", N_("Ended, not decided"), (("", ""),)),
    Kind("category", N_("Category"), (*CHOICES, (UNJUDGED, NOT_JUDGED))),
    Kind("stage", N_("Stage"), tuple((stage.value, stage.label) for stage in RenewalStage)),
    Kind("tier", N_("Tier"), (*((tier.value, tier.label) for tier in Tier), ("", N_("No tier")))),
    Kind("below", N_("Small ones"), ((2_000_000, N_("below 20k a year")), (5_000_000, N_("below 50k a year")))),
    Kind("auto_renew", N_("Renews by itself"), (("", ""),)),
    Kind("decided", N_("Decided lately"), ((90, ""),)),
    Kind("by_itself", N_("Renewed by themselves"), ((400, ""),)),
    Kind("unwritten", N_("Ended, renews by itself"), (("", ""),)),
    Kind("city", N_("City"), ()),
    Kind("owner", N_("CSM owner"), ()),
    Kind("account", N_("Account"), ()),
)


class RenewalsPage(ListPage):
    """What was shown last (board, table or calendar; columns by days or by stage) is shown again."""

    key = "renewals"
    entities = frozenset(
        {
            "accounts", "contracts", "contract_lines", "visits", "tasks", "settings", "targets", "exchange_rates",
            "receivables", "payments", "tickets",
        }
    )  # fmt: skip
    row_actions = (
        "renewals.open", "renewals.forecast", "renewals.outcome", "renewals.same", "renewals.category", "renewals.stage",
        "renewals.lost", "renewals.visit", "renewals.note",
    )  # fmt: skip

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        self.verbs = RenewalVerbs(context, self, self)
        super().__init__(context, parent)
        self.cards: dict[int, RenewalCard] = {}
        self.view: BoardView | None = None
        self._fits: frozenset[int] = frozenset()
        self._wanted: int | None = None
        self.table.cells.tones = {"stage": STAGE_TONES, "category": CATEGORY_TONES, "renewal_state": STATE_TONES}
        self.table.cells.options = {"stage": _stage_options, "category": _category_options}
        self.mode = self._kept(SHOWN, (BOARD, TABLE, CALENDAR))
        self.columns_by = self._kept(COLUMNS_BY, (DAYS, STAGES))
        self._heading()
        self._above()
        self._places()
        self.shapes.choose(self.mode)
        self.sides.choose(self.columns_by)
        self._show_parts()

    def _kept(self, key: str, known: Sequence[str]) -> str:
        kept = self.context.state.get(key, known[0])
        return str(kept) if kept in known else known[0]

    def make_spec(self) -> ListSpec:
        from csdesk.services.renewals.listings import VIEWS, renewals, view_counts

        first = EmptyState(
            _("No contract ends here yet"),
            _("Contracts come with the handover workbooks; what ends within 150 days then stands here."),
            _("Import a handover workbook"),
            icon="renewals",
        )
        first.chosen.connect(self._import)
        return ListSpec(
            listing=renewals(),
            title=_("Renewals"),
            views=[View(key, title, filters) for key, title, filters in VIEWS],
            kinds=KINDS,
            counts=view_counts,
            counted=contracts_words,
            summed=_summed,
            words=stored_word,
            nothing=_("No contract fits"),
            first=first,
            bulk=(
                Bulk(_("Renew at the same terms"), self.verbs.renew_same, "renewals", primary=True),
                Bulk(_("Category…"), self.verbs.category),
                Bulk(_("Stage…"), self.verbs.stage),
                Bulk(_("Not renewed…"), self.verbs.lose, wide=True),
            ),
        )

    def _heading(self) -> None:
        self.shapes = Segmented([(BOARD, _("Board")), (TABLE, _("Table")), (CALENDAR, _("Calendar"))], BOARD)
        self.shapes.chosen.connect(self.show_shape)
        self.narrow = Button(_("Filter"), "filter", "/")
        self.narrow.clicked.connect(self.focus_filter)
        self.head.add_action(self.narrow, before=self.export)
        self.outcome = Button(_("Record outcome"), key="O", kind="primary")
        self.outcome.clicked.connect(self.verbs.record)
        self.head.add_action(self.shapes, before=self.density)
        self.head.add_action(self.outcome)

    def _above(self) -> None:
        """The forecast under the head; how the board is cut beside the chips."""
        self.forecast = ForecastPanel()
        self.forecast.pressed.connect(self._choose_category)
        self.sides = Segmented([(DAYS, _("By days")), (STAGES, _("By stage"))], DAYS)
        self.sides.chosen.connect(self.show_columns)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        place = column.indexOf(self.filter)
        column.removeWidget(self.filter)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.filter, 1)
        row.addWidget(self.sides, 0, Qt.AlignmentFlag.AlignTop)
        column.insertWidget(place, self.forecast)
        column.insertLayout(place + 1, row)

    def _places(self) -> None:
        self.boards = {DAYS: Board(days_board(self.context.clock.today)), STAGES: Board(stages_board())}
        self.calendar = RenewalCalendar()
        self._holders: dict[str, QWidget] = {}
        placed: tuple[tuple[str, Board | MonthGrid], ...] = (*self.boards.items(), (CALENDAR, self.calendar.grid))
        for key, place in placed:
            place.opened.connect(self.verbs.open_account_of)
            place.peeked.connect(self.peek_row)
            place.chosen.connect(self._chosen)
            place.menu_wanted.connect(self._card_menu)
            if isinstance(place, Board):
                place.moved.connect(self.verbs.move)
            shown = place if isinstance(place, Board) else self.calendar
            self._holders[key] = shown
            self._stack.addWidget(shown)
        self.side = RenewalSide(self.context)
        self.side.opened.connect(self.verbs.go_to_account)
        self.side.forecast_wanted.connect(self.verbs.forecast)
        self.side.outcome_wanted.connect(self.verbs.record)
        self.drawer = Drawer(self)
        self.drawer.body.addWidget(self.side)
        self.drawer.closed.connect(self._drawer_closed)
        self.table.current_changed.connect(self._chosen)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        self._strip = QWidget()
        row = QHBoxLayout(self._strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        hints = [("\u2191\u2193\u2190\u2192", _(C_("key", "choose"))), ("F", _("forecast")), ("O", _("outcome")),
                 (_("Ctrl+\u2190\u2192"), _("stage")), ("Enter", _("open account"))]  # fmt: skip
        self.board_hints = KeyHints(hints)
        self.offer = Button("", "task", kind="link")
        self.offer.clicked.connect(self.verbs.make_tasks)
        self.weights = Label("", "caption", "muted", elide=True)
        row.addWidget(self.board_hints)
        row.addWidget(self.offer)
        row.addWidget(self.weights, 1)
        self.weights.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(self._strip)

    # --- what is shown ----------------------------------------------------------------------------------------------

    def arrive(self, args: Args) -> None:
        if args.get("show") in (BOARD, TABLE, CALENDAR):
            self._choose_shape(str(args["show"]))
        if args.get("columns") in (DAYS, STAGES):
            self._choose_columns_by(str(args["columns"]))
        if args.get("contract"):
            self._wanted = int(args["contract"])
            self.table.choose(self._wanted)
        super().arrive(args)

    def refresh(self) -> None:
        from csdesk.services.renewals.queries import board_view

        super().refresh()
        self.context.runner.ask(board_view, self.context.clock.today(), then=self._fill_board, owner=self)
        self.context.runner.ask(_places_and_owners, then=self._offer_values, owner=self)
        self.side.refresh()

    def search(self) -> None:
        super().search()
        self._show_parts()
        kept = tuple(given for given in self.filter.filters if given != Filter("within", HORIZON))
        query, today = Query(self.filter.search, kept), self.context.clock.today()
        self.context.runner.ask(self.spec.listing.ids, query, today, then=self._fill_fits, owner=self, key="fits")

    def _fill_fits(self, ids: Sequence[int]) -> None:
        self._fits = frozenset(ids)
        self._show_cards()

    def _fill_board(self, view: BoardView) -> None:
        self.view = view
        self.cards = {card.id: card for card in view.cards}
        self.weights.setText(weights_words(view.weights))
        missing = view.missing_tasks
        words = ngettext("Make {n} renewal task", "Make {n} renewal tasks", missing).format(n=missing)
        self.offer.set_words(words if missing else "")
        self.offer.setVisible(bool(missing))
        self._show_cards()
        self._fit_strip()
        self.context.actions.update()
        if missing and view.tasks_began:
            make_tasks(self.context)

    def _offer_values(self, known: Mapping[str, Sequence[str]]) -> None:
        for key, values in known.items():
            kind = self.filter.kinds[key]
            self.filter.kinds[key] = Kind(key, kind.title, tuple((value, value) for value in values))

    def _shown(self) -> list[RenewalCard]:
        return [card for card in self.cards.values() if card.id in self._fits]

    def _show_cards(self) -> None:
        if self.view is None:
            return
        shown, today = self._shown(), self.context.clock.today()
        for board in self.boards.values():
            board.show_cards(shown, today)
        late = self.boards[DAYS].columns[0]
        late.setVisible(bool(late.list.model_.cards))
        self.calendar.show_cards(shown, today)
        self._say_forecast(shown)
        if self._wanted is not None and self._place().choose(self._wanted):
            self._wanted = None
        self._show_state()

    def _say_forecast(self, shown: Iterable[RenewalCard]) -> None:
        from csdesk.services.renewals.queries import forecast_of

        assert self.view is not None
        cards, today = list(shown), self.context.clock.today()
        counted = [card for card in cards if card.is_open and not card.lapsed]
        near = sum(card.end_on <= today + timedelta(NEAR) for card in counted)
        self.forecast.show_forecast(forecast_of(counted, self.view.weights, self.view.goal), near)
        waiting = [card for card in self.cards.values() if card.is_open]
        parts = [_("{contracts} due in {n} days, undecided").format(contracts=contracts_words(len(waiting)), n=HORIZON)]
        late = sum(card.end_on < today for card in waiting)
        if late:
            parts.append(ngettext("{n} has ended", "{n} have ended", late).format(n=late))
        self.head.set_text(sentence=" \u00b7 ".join(parts) if waiting else "")

    def _fill_head(self, totals: Mapping[str, Any]) -> None:
        super()._fill_head(totals)
        if self.view is not None:
            self._say_forecast(self._shown())
        self._show_parts()

    def _show_state(self) -> None:
        if self.mode == TABLE:
            super()._show_state()
            if self._stack.currentWidget() in self._holders.values():
                self._stack.setCurrentIndex(0)
        elif self._all == 0:
            self._stack.setCurrentIndex(2)
        elif self.view is not None and not self._shown() and self.filter.is_narrowed:
            self._say_nothing()
            self._stack.setCurrentIndex(1)
        else:
            self._stack.setCurrentWidget(self._holders[self._place_key()])

    def _say_nothing(self) -> None:
        if self.filter.search or self.filter.filters != (Filter("within", HORIZON),):
            super()._say_nothing()
            return
        empty(self._nothing_place)
        state = EmptyState(
            _("No contract ends within {n} days undecided").format(n=HORIZON),
            _("What has been decided stands under “Decided lately”."),
        )
        self._nothing_place.addWidget(state)

    def _place_key(self) -> str:
        return CALENDAR if self.mode == CALENDAR else self.columns_by

    def _place(self) -> Any:
        """What is shown now: a board or the calendar's grid."""
        return self.calendar.grid if self.mode == CALENDAR else self.boards[self.columns_by]

    def _show_parts(self) -> None:
        small, table = self.window().width() < px(SMALL_WINDOW), self.mode == TABLE
        any_at_all = bool(self._all or self._all is None)
        self.filter.setVisible(any_at_all)
        self.filter.show_words(table or self.filter.says_more)
        for button in (self.density, self.columns):
            button.setVisible(table and not small)
        self.export.setVisible(not small)
        self.narrow.setVisible(any_at_all and not table and not small)
        self.outcome.setVisible(any_at_all)
        self.shapes.setVisible(any_at_all)
        self.forecast.setVisible(any_at_all)
        self.sides.setVisible(any_at_all and self.mode == BOARD)
        self._strip.setVisible(any_at_all and not table and self.window().height() >= px(LOW_WINDOW))
        self._fit_strip()

    def _fit_strip(self) -> None:
        """Hints and weights stand only where there is room for them whole."""
        room = self.width() - px(48)
        offer = self.offer.sizeHint().width() + px(12) if self.offer.words() else 0
        weights = self.weights.fontMetrics().horizontalAdvance(self.weights.text()) + px(12)
        self.board_hints.setVisible(self.board_hints.sizeHint().width() + offer + weights <= room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_parts()

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb({BOARD: _("Board"), TABLE: _("Table"), CALENDAR: _("Calendar")}[self.mode]),)

    def focus_first(self) -> None:
        if self.mode == TABLE:
            super().focus_first()
        elif self.mode == BOARD:
            self.boards[self.columns_by].take_keys()
        else:
            self.calendar.grid.setFocus()

    def focus_filter(self) -> bool:
        self.filter.show_words(True)
        return super().focus_filter()

    def remember(self) -> dict[str, Any]:
        chosen = self.acting()
        return {**super().remember(), "show": self.mode, "columns": self.columns_by,
                "contract": str(chosen[0]) if chosen else ""}  # fmt: skip

    def recall(self, view: Args) -> None:
        super().recall(view)
        if view.get("show") in (BOARD, TABLE, CALENDAR):
            self._choose_shape(str(view["show"]))
        if view.get("columns") in (DAYS, STAGES):
            self._choose_columns_by(str(view["columns"]))
        if str(view.get("contract") or "").isdigit():
            self._wanted = int(view["contract"])

    def show_shape(self, shape: object) -> None:
        """Board, table or calendar."""
        chosen = self.acting()
        self._choose_shape(str(shape))
        self.context.state.set(SHOWN, self.mode)
        if chosen:
            self._choose(chosen[0])
        self.focus_first()

    def show_columns(self, columns: object) -> None:
        """The board by days to the end or by stage."""
        chosen = self.acting()
        self._choose_columns_by(str(columns))
        self.context.state.set(COLUMNS_BY, self.columns_by)
        if chosen:
            self._choose(chosen[0])
        self.focus_first()

    def _choose(self, contract: int) -> None:
        if self.mode == TABLE:
            self.table.choose(contract)
        else:
            self._place().choose(contract)

    def _choose_shape(self, shape: str) -> None:
        self.mode = shape
        self.shapes.choose(shape)
        self._show_state()
        self._show_parts()
        self.crumbs_changed.emit()
        self.context.actions.update()

    def _choose_columns_by(self, columns: str) -> None:
        self.columns_by = columns
        self.sides.choose(columns)
        self._show_state()

    def _turn_shape(self) -> None:
        order = [BOARD, TABLE, CALENDAR]
        self.show_shape(order[(order.index(self.mode) + 1) % len(order)])

    def _turn_columns(self) -> None:
        if self.mode != BOARD:
            self._choose_shape(BOARD)
        self.show_columns(STAGES if self.columns_by == DAYS else DAYS)

    def _choose_category(self, category: str) -> None:
        """A piece of the forecast bar leads to its rows."""
        self.filter.put(Filter("category", category))

    # --- what is done -----------------------------------------------------------------------------------------------

    def acting(self) -> tuple[int, ...]:
        """The ticked contracts of the table, or else the chosen one."""
        if self.mode == TABLE:
            return tuple(self.table.acting_ids())
        card = self._place().current()
        return () if card is None else (card.id,)

    def card_of(self, contract: int) -> RenewalCard | None:
        return self.cards.get(contract)

    def stands_open(self, contract: int) -> bool:
        card = self.cards.get(contract)
        if card is not None:
            return card.is_open
        row = self.table.model_.place_of(contract)
        return row >= 0 and self.table.model_.value_of(row, "renewal_state") == "open"

    def place_of_menu(self) -> QPoint:
        return self.outcome.mapToGlobal(QPoint(0, self.outcome.height()))

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Any, shortcut: str, icon: str) -> Action:
            return Action(f"renewals.{key}", text, run, icon, shortcut, "view", (self.key,), 2)

        return [
            *self.verbs.actions(),
            act("shape", N_("Board, table or calendar"), self._turn_shape, "Ctrl+Tab", "columns"),
            act("columns_by", N_("Columns by days or by stage"), self._turn_columns, "Ctrl+Shift+Tab", "board"),
            act("peek", N_("Preview"), self._peek_current, "", "search"),
        ]

    def change_cell(self, record: int, key: str, value: Any) -> None:
        self.verbs.set_value(record, key, value)

    def open_row(self, record: int) -> None:
        self.verbs.open_account_of(record)

    def peek_row(self, record: int | None) -> None:
        """The side page, which follows the chosen renewal while it is open."""
        if self.drawer.is_open or record is None:
            self.drawer.close_up()
            return
        self.side.show_contract(record)
        self.drawer.open()
        self.table.is_peeking = True

    def _drawer_closed(self) -> None:
        self.table.is_peeking = False
        if self.isVisible():
            self.focus_first()

    def _chosen(self, contract: int | None) -> None:
        if self.drawer.is_open and contract is not None:
            self.side.show_contract(contract)
        self.context.actions.update()

    def _peek_current(self) -> None:
        ids = self.acting()
        self.peek_row(ids[0] if ids else None)

    def _import(self) -> None:
        self.context.go.to("handover")

    def _card_menu(self, _contract: int, at: QPoint) -> None:
        menu = QMenu(self)
        for action in self.page_actions():
            if action.key in self.row_actions and action.is_enabled():
                menu.addAction(action.label()).triggered.connect(action.run)
        pop_up(menu, at)


def _places_and_owners(connection: Any) -> dict[str, list[str]]:
    """The cities and owners that accounts have, to choose from."""
    from csdesk.services.accounts.queries import known_values

    return {key: known_values(connection, key)[:MOST_VALUES] for key in ("city", "owner")}


def _stage_options() -> list[tuple[str, str]]:
    return [(stage.value, _(stage.label)) for stage in RenewalStage]


def _category_options() -> list[tuple[str, str]]:
    return [("", _(NOT_JUDGED)), *((category.value, _(category.label)) for category in RenewalCategory)]


def _summed(totals: Mapping[str, Any], place: str) -> str:
    cents, foreign = totals.get("target") or 0, totals.get("foreign") or 0
    said = _("ARR {amount} CNY").format(amount=formats.cents(cents)) if cents else ""
    if foreign:
        more = ngettext("{n} in another currency", "{n} in other currencies", foreign).format(n=foreign)
        return _(", ").join(part for part in (said, more) if part)
    return "" if place == "head" else said
