"""A page that is a list: filter, table, bulk bar, foot with sums, and the two kinds of emptiness. Slices fill it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.list_filter import Kind, ListFilter
from csdesk.ui.core.page import SMALL_WINDOW, Args, Page
from csdesk.ui.core.parts import Button, EmptyState, KeyHints, Label, PageHead, Surface
from csdesk.ui.core.table import DENSITIES, RowTable
from csdesk.ui.core.theme import color, px

if TYPE_CHECKING:
    from csdesk.services.core.listing import Listing
    from csdesk.ui.core.context import Context

Counts = Callable[[Any, list[tuple[Any, ...]], date], list[int]]


@dataclass(frozen=True)
class Bulk:
    """A button of the bar for ticked rows. ``wide`` ones go where the window is small; one has ``primary``."""

    text: str
    run: Callable[[], object]
    icon: str = ""
    key: str = ""
    primary: bool = False
    wide: bool = False


@dataclass(frozen=True)
class ListSpec:
    """What a slice says of its list. Texts are already in the user's language, views' and kinds' titles are msgids.

    ``counted`` says a number of records ("86 accounts"), ``summed`` the sums of some rows for a place: "head" (short), "bulk"
    or "foot" (exact), where there is something to add up; ``words`` says a stored word of a column; ``counts`` gives the number
    of records for each set of conditions. ``first`` is what an empty desk shows.
    """

    listing: Listing
    title: str
    views: Sequence[View]
    kinds: Sequence[Kind]
    counts: Counts
    counted: Callable[[int], str]
    nothing: str
    first: EmptyState
    bulk: Sequence[Bulk] = ()
    summed: Callable[[Mapping[str, Any], str], str] = lambda _totals, _place: ""
    words: Callable[[str, str], str] = lambda _key, word: word


class Strip(QWidget):
    """A row at the foot of the list: a ground with a line above it."""

    def __init__(self, ground: str, line: str, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground, self._line, self._height = ground, line, height
        self.row = QHBoxLayout(self)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def _measure(self) -> None:
        self.row.setContentsMargins(px(16), 1, px(16), 0)
        self.row.setSpacing(px(8))
        self.setFixedHeight(px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(self._ground))
        painter.fillRect(0, 0, self.width(), 1, color(self._line))


class ListPage(Page):
    """The frame of a list. A slice gives a ListSpec, and overrides ``open_row``, ``change_cell``, ``turn_star``,
    ``row_actions`` (keys of its actions for a row's menu) and ``more_actions``."""

    row_actions: tuple[str, ...] = ()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.spec = self.make_spec()
        self._found: int | None = None
        self._all: int | None = None
        self._listed: Mapping[str, Any] | None = None
        column = self.column()
        column.addWidget(self._head())
        self.filter = ListFilter(context, self.key, self.spec.views, self.spec.kinds)
        self.filter.changed.connect(self.search)
        self.filter.views_changed.connect(self._count)
        self.filter.left.connect(self.focus_first)
        column.addWidget(self.filter)
        self.table = RowTable(context, self.spec.listing, self.spec.words, self.key, self.spec.title)
        self.table.opened.connect(self.open_row)
        self.table.peeked.connect(self.peek_row)
        self.table.edited.connect(self.change_cell)
        self.table.starred.connect(self.turn_star)
        self.table.counted.connect(self._counted)
        self.table.menu_wanted.connect(self._row_menu)
        self._ticking = QTimer(self, interval=0, singleShot=True)
        self._ticking.timeout.connect(self._ticked)
        self.table.ticks_changed.connect(self._ticking.start)
        column.addWidget(self._body(), 1)

    def make_spec(self) -> ListSpec:
        """What the list shows; called once, with the context in place."""
        raise TypeError(f"{type(self).__name__} says nothing of its list")

    def open_row(self, record: int) -> None:
        """Enter or a double click on a row."""

    def peek_row(self, record: int | None) -> None:
        """Space on a row; None: Escape, while the table ``is_peeking``."""

    def change_cell(self, record: int, key: str, value: Any) -> None:
        """A value was typed or chosen in a cell."""

    def turn_star(self, record: int) -> None:
        """The star was pressed."""

    def more_actions(self) -> list[Action]:
        """The slice's own actions, before those of every list."""
        return []

    def key_hints(self) -> list[tuple[str, str]]:
        """The keys that stand at the foot, what Enter does first."""
        edits = any(column.editable for column in self.spec.listing.columns)
        edit = [("F2", _("edit cell"))] if edits else []
        return [("Enter", _("open")), ("X", _("tick")), *edit, ("Shift+\u2191\u2193", _("tick several"))]

    def arrive(self, args: Args) -> None:
        if "view" in args:
            self.filter.choose(str(args["view"]))
        if "filter" in args:
            key, value = args["filter"]
            self.filter.clear_all()
            self.filter.put(Filter(str(key), value))
        if "tick" in args:
            self.table.model_.tick([int(record) for record in args["tick"]], True)
        self.refresh()

    def refresh(self) -> None:
        self.search()
        self._count()

    def search(self) -> None:
        """Ask for what the filter lets through, in the table's order."""
        today = self.context.clock.today()
        query = Query(self.filter.search, self.filter.filters, *self.table.remembered_sort())
        self.table.search(query)
        self.context.runner.ask(self.spec.listing.totals, query, today, then=self._fill_foot, owner=self)

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str, icon: str, menu: str = "view") -> Action:
            return Action(f"{self.key}.{key}", text, run, icon, shortcut, menu, (self.key,), 2)

        return [
            *self.more_actions(),
            act("sort", N_("Sort by…"), self.table.choose_sort, "Ctrl+Shift+O", "up"),
            act("columns", N_("Columns"), self._choose_columns, "", "columns"),
            act("density", N_("Row height"), self._next_density, "", "density"),
            act("clear", N_("Clear filters"), self.filter.clear_all, "Ctrl+Shift+L", "filter"),
            act("save_view", N_("Save view"), self.filter.save_view, "", "star"),
            act("export", N_("Export this list"), self._export, "Ctrl+E", "export", "file"),
        ]

    def be_hosted(self) -> tuple[Button, ...]:
        """Stand inside another page: its head takes the buttons that this gives."""
        self.is_hosted = True
        self.head.hide()
        self._fit_margins()
        return (self.density, self.columns, self.export)

    def focus_first(self) -> None:
        self.table.setFocus()

    def focus_filter(self) -> bool:
        self.filter.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.words.selectAll()
        return True

    def remember(self) -> dict[str, Any]:
        current = self.table.current_id()
        return {"id": str(current) if current is not None else "", "words": self.filter.search}

    def recall(self, view: Args) -> None:
        words = str(view.get("words") or "")
        if words and words != self.filter.search:
            self.filter.set_words(words)
            self.search()
        if str(view.get("id") or "").isdigit():
            self.table.choose(int(view["id"]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < SMALL_WINDOW
        self.hints.setVisible(not small)
        self.density.setVisible(not small)
        self.filter.set_narrow(small)
        for button in self._wide:
            button.setVisible(not small)

    def _head(self) -> PageHead:
        self.head = PageHead(self.spec.title)
        self.density = Button(_("Row height"), "density")
        self.columns = Button(_("Columns"), "columns")
        self.export = Button(_("Export"), "export")
        self.density.clicked.connect(self._next_density)
        self.columns.clicked.connect(self._choose_columns)
        self.export.clicked.connect(self._export)
        for button in (self.density, self.columns, self.export):
            self.head.add_action(button)
        return self.head

    def _body(self) -> QWidget:
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(self._bulk_bar())
        inside.addWidget(self._foot())
        self._stack = QStackedWidget()
        self._stack.addWidget(surface)
        self._nothing = QWidget()
        self._nothing_place = QVBoxLayout(self._nothing)
        self._nothing_place.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.spec.first)
        return self._stack

    def _bulk_bar(self) -> Strip:
        self.bulk = Strip("selection", "accent", 48)
        self.chosen_count = Label("", bold=True)
        self.chosen_sum = Label("", ink="muted", elide=True)
        self.choose_all = Button("", kind="link")
        self.choose_all.clicked.connect(self._tick_everything)
        close = Button(_("Untick all"), "close", "Esc", "icon")
        close.clicked.connect(self._untick)
        for part in (self.chosen_count, self.chosen_sum, self.choose_all):
            self.bulk.row.addWidget(part)
        self.bulk.row.addStretch(1)
        self._wide = [self.choose_all]
        for bulk in self.spec.bulk:
            kind = "primary" if bulk.primary else "normal"
            button = Button(bulk.text, bulk.icon or None, bulk.key, kind)
            button.clicked.connect(bulk.run)
            self.bulk.row.addWidget(button)
            self._wide += [button] if bulk.wide else []
        self.bulk.row.addWidget(close)
        self.bulk.hide()
        return self.bulk

    def _foot(self) -> Strip:
        foot = Strip("window", "divider", 36)
        self.count = Label("", "caption", "muted")
        self.sum = Label("", "caption", "muted")
        foot.row.addWidget(self.count)
        foot.row.addSpacing(px(8))
        foot.row.addWidget(self.sum)
        foot.row.addStretch(1)
        self.hints = KeyHints(self.key_hints())
        foot.row.addWidget(self.hints)
        return foot

    def _count(self) -> None:
        filters = [view.filters for view in self.filter.views()]
        today = self.context.clock.today()
        self.context.runner.ask(self.spec.counts, filters, today, then=self._fill_counts, owner=self, key="counts")
        totals = self.spec.listing.totals
        self.context.runner.ask(totals, Query(), today, then=self._fill_head, owner=self, key="all")

    def _fill_counts(self, counts: Sequence[int]) -> None:
        views = self.filter.views()
        if len(views) == len(counts):
            self.filter.set_counts({view.key: count for view, count in zip(views, counts, strict=True)})

    def _fill_head(self, totals: Mapping[str, Any]) -> None:
        self._all = totals["count"]
        parts = (self.spec.counted(totals["count"]), self.spec.summed(totals, "head") if totals["count"] else "")
        self.head.set_text(sentence=" \u00b7 ".join(part for part in parts if part))
        if self._listed is not None:
            self._fill_foot(self._listed)
        self._show_state()

    def _fill_foot(self, totals: Mapping[str, Any]) -> None:
        self._listed = totals
        whole = totals["count"] if self._all is None else self._all
        self.count.setText(f"{formats.number(totals['count'])} / {self.spec.counted(whole)}")
        self.sum.setText(self.spec.summed(totals, "foot"))

    def _counted(self, count: int) -> None:
        self._found = count
        self._show_state()
        self._ticking.start()

    def _show_state(self) -> None:
        if self._found or self._found is None:
            self._stack.setCurrentIndex(0)
        elif self._all == 0:
            self._stack.setCurrentIndex(2)
        elif self.filter.is_narrowed:
            self._say_nothing()
            self._stack.setCurrentIndex(1)

    def _say_nothing(self) -> None:
        empty(self._nothing_place)
        said = _("Conditions: {conditions}").format(conditions=self.filter.told())
        state = EmptyState(self.spec.nothing, said, normal=_("Clear filters"))
        state.chosen.connect(self.filter.clear_all)
        self._nothing_place.addWidget(state)

    def _ticked(self) -> None:
        ids = self.table.model_.ticked_in_order()
        self.bulk.setVisible(bool(ids))
        if ids:
            self.chosen_count.setText(_chosen(len(ids)))
            rest = len(ids) < (self._found or 0)
            small = self.window().width() < SMALL_WINDOW
            self.choose_all.set_words(_choose_all(self._found or 0))
            self.choose_all.setVisible(rest and not small)
            self.context.runner.ask(self.spec.listing.totals_of, ids, then=self._fill_chosen, owner=self)
        self.context.actions.update()

    def _fill_chosen(self, totals: Mapping[str, Any]) -> None:
        self.chosen_sum.setText(self.spec.summed(totals, "bulk"))

    def _tick_everything(self) -> None:
        self.table.model_.set_ticks(self.table.model_.ids)

    def _untick(self) -> None:
        self.table.model_.set_ticks(())
        self.focus_first()

    def _row_menu(self, _record: int, at: QPoint) -> None:
        menu = QMenu(self)
        for action in self.page_actions():
            if action.key in self.row_actions:
                menu.addAction(action.label()).triggered.connect(action.run)
        pop_up(menu, at)

    def common_value(self, key: str, ids: list[int]) -> str | None:
        """The value that all of these rows have, None where they differ."""
        model = self.table.model_
        values = {model.value_of(model.place_of(number), key) for number in ids[:200]}
        value = values.pop() if len(values) == 1 else None
        return str(value) if value else None

    def _next_density(self) -> None:
        names = list(DENSITIES)
        self.table.set_density(names[(names.index(self.table.density) + 1) % len(names)])

    def _choose_columns(self) -> None:
        self.table.choose_columns(self.columns.mapToGlobal(QPoint(0, self.columns.height())))

    def _export(self) -> None:
        from csdesk.ui.core.exporting import export_table

        export_table(self.context, self.table, self.spec.title, self)


def _chosen(count: int) -> str:
    return ngettext("{n} chosen", "{n} chosen", count).format(n=formats.number(count))


def _choose_all(count: int) -> str:
    return ngettext("Choose all {n}", "Choose all {n}", count).format(n=formats.number(count))
