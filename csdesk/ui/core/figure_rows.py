"""The list behind a figure: its three lists as views, narrowed, sorted, copied and exported as every list is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.columns import Query
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.kpi.row_list import COUNTED, VIEWS, RowList, row_list, sums
from csdesk.services.kpi.sheet import SIDES
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.exporting import export_table
from csdesk.ui.core.list_filter import Kind, ListFilter
from csdesk.ui.core.list_page import Strip
from csdesk.ui.core.parts import EmptyState, KeyHints, Label, Surface
from csdesk.ui.core.table import RowTable
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.kpi.rules import Figure, Row
    from csdesk.ui.core.context import Context

NAME = "figure_rows"
"""Under this its views and columns are kept."""
TITLES = {
    "tier": N_("Tier"), "city": N_("City"), "standing": N_("In or out"), "currency": N_("Currency"),
    "side": N_("List"),
}  # fmt: skip
MOST_VALUES = 60
"""A condition with more values than these is not offered: words find them."""


class FigureRows(QWidget):
    """``opened`` gives the row of Enter or a double click."""

    opened = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.list = RowList(())
        self.title = ""
        self._shown = False
        self._tables: dict[str, RowTable] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self.filter = ListFilter(
            context, NAME, [View(key, title, filters) for key, title, filters in VIEWS], _kinds(self.list)
        )
        self.filter.changed.connect(self._search)
        self.filter.views_changed.connect(self._count)
        self.filter.left.connect(self.focus_list)
        column.addWidget(self.filter)
        column.addWidget(self._body(), 1)
        self.table = self._table_for(self.list)
        self._stack.setCurrentWidget(self.table)

    def _body(self) -> QWidget:
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        self._stack = QStackedWidget()
        self._none = EmptyState(
            _("No row stands behind this figure"), _("In these days nothing was counted and nothing left out.")
        )
        self._unfit = EmptyState(_("No row fits"), normal=_("Clear filters"))
        self._unfit.chosen.connect(self.filter.clear_all)
        for state in (self._none, self._unfit):
            self._stack.addWidget(state)
        inside.addWidget(self._stack, 1)
        foot = Strip("window", "divider", 36)
        self.told = Label("", "caption", "muted", elide=True)
        foot.row.addWidget(self.told, 1)
        foot.row.addWidget(KeyHints([("Enter", _("open")), ("/", _("filter")), ("X", _("tick"))]))
        inside.addWidget(foot)
        return surface

    def show_figure(self, figure: Figure, title: str) -> None:
        """Show the rows behind a figure; ``title`` names the workbook that they may become."""
        self.title = title
        self._context.runner.ask(row_list, figure, then=self._fill, owner=self)

    def _fill(self, found: RowList) -> None:
        self.list = found
        self.table = self._table_for(found)
        self.table.listing = found
        self.table.model_.set_ids(())
        self.filter.offer(_kinds(found))
        self._count()
        views = self.filter.views()
        full = [view.key for view in views if not view.own and found.count(view.filters)]
        kept = self.filter.view if self._shown else ""
        self._shown = True
        self.filter.choose(kept if kept in full else next(iter(full), views[0].key))

    def _count(self) -> None:
        self.filter.set_counts({view.key: self.list.count(view.filters) for view in self.filter.views()})

    def _table_for(self, found: RowList) -> RowTable:
        """The table with the columns of a list; how a person arranged them is kept for each set of columns."""
        table = self._tables.get(found.shape)
        if table is None:
            key = ".".join(filter(None, (NAME, found.shape)))
            table = self._tables[found.shape] = RowTable(self._context, found, _words, key, _("Rows"))
            table.cells.tones = {"standing": {COUNTED: "ok"}}
            table.opened.connect(self._open)
            table.counted.connect(self._counted)
            self._stack.addWidget(table)
        return table

    def _search(self) -> None:
        self.table.search(Query(self.filter.search, self.filter.filters, *self.table.remembered_sort()))

    def _counted(self, count: int) -> None:
        table = self.table
        if count:
            self._stack.setCurrentWidget(table)
        else:
            self._stack.setCurrentWidget(self._unfit if self.list.entries else self._none)
        shown = [self.list.entry(number) for number in table.model_.ids if number <= len(self.list.entries)]
        parts = [ngettext("{n} row", "{n} rows", count).format(n=formats.number(count))]
        parts += [
            formats.money_in(Decimal(cents).scaleb(-2), currency) for currency, cents in sorted(sums(shown).items())
        ]
        self.told.setText(" \u00b7 ".join(parts))

    def _open(self, number: Any) -> None:
        if isinstance(number, int):
            self.opened.emit(self.list.entry(number).row)

    def focus_list(self) -> None:
        """The keyboard goes to the rows."""
        self.table.setFocus()

    def focus_filter(self) -> None:
        """The keyboard goes to the words."""
        self.filter.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.words.selectAll()

    def choose_sort(self) -> None:
        """Offer the columns to sort by."""
        self.table.choose_sort()

    def copy(self) -> None:
        """Put all that is listed, or what is ticked of it, on the clipboard with its heads."""
        count = self.table.copy_listed()
        if count:
            words = ngettext("{n} row is on the clipboard.", "{n} rows are on the clipboard.", count)
            self._context.messages.toast(words.format(n=formats.number(count)))

    def export(self) -> None:
        """All that is listed, or what is ticked of it, as a workbook."""
        export_table(self._context, self.table, self.title, self)

    @property
    def rows(self) -> list[Row]:
        """What is listed, in its order."""
        return [self.list.entry(number).row for number in self.table.model_.ids]


def _words(key: str, value: str) -> str:
    if key == "side":
        return _(SIDES.get(value, value))
    return _("counted") if value == COUNTED else _(value)


def _kinds(found: RowList) -> list[Kind]:
    """The conditions that tell rows of this list apart; those of its views always."""
    kinds = [Kind("side", TITLES["side"], tuple(SIDES.items()))]
    for key in ("tier", "city", "standing", "currency"):
        values = found.values(key)
        if 1 < len(values) <= MOST_VALUES:
            kinds.append(Kind(key, TITLES[key], tuple((value, _value_words(key, value)) for value in values)))
    return kinds


def _value_words(key: str, value: str) -> str:
    """What a condition calls a value; city names and currencies stand for themselves."""
    if key == "standing":
        return N_("counted") if value == COUNTED else value or N_("not in the numerator")
    return value or N_("none")
