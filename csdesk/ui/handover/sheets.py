"""The sheets of a file as they stand: which are read, in which row the headings are, in which encoding a text is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core import paint
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW
from csdesk.ui.core.parts import Button, Card, Combo, KeyHints, Label, MessageBar, PageHead
from csdesk.ui.core.theme import color, px
from csdesk.ui.handover.steps import SHEETS, Steps

if TYPE_CHECKING:
    from csdesk.services.handover.recipe import Recipe
    from csdesk.services.handover.reviewing import Answers, Opened, SheetTold
    from csdesk.ui.core.context import Context

Index = QModelIndex | QPersistentModelIndex
SHOWN_ROWS, SHOWN_COLUMNS = 200, 60
ENCODINGS = (
    ("utf-8", "UTF-8"), ("gb18030", "GB18030 / GBK"), ("big5", "Big5"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"), ("cp1252", "Windows-1252"), ("shift_jis", "Shift-JIS"),
)  # fmt: skip


class _Grid(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: Sequence[Sequence[Any]] = ()
        self.width = 0
        self.header = -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else min(len(self.rows), SHOWN_ROWS)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else min(self.width, SHOWN_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        from csdesk.services.files.workbook import column_letters

        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return str(section + 1) if orientation == Qt.Orientation.Vertical else column_letters(section)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        from csdesk.services.handover.reviewing import cell_text

        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.rows[index.row()]
        return " ".join(cell_text(row[index.column()]).split()) if index.column() < len(row) else ""


class _Cells(QStyledItemDelegate):
    def __init__(self, view: QTableView, model: _Grid) -> None:
        super().__init__(view)
        self._view, self._grid = view, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(option.rect)
        head, above = index.row() == self._grid.header, index.row() < self._grid.header
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = "selection" if chosen else "b_bg" if head else "surface"
        painter.fillRect(rect, color(ground))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color("grid"))
        painter.fillRect(rect.right(), rect.top(), 1, rect.height(), color("grid"))
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        ink = "muted" if above else "text"
        paint.paint_text(painter, rect.adjusted(px(8), 0, -px(6), 0), text, "caption", ink, head)


class _Edges(QHeaderView):
    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(px(24))

    def sizeHint(self) -> QSize:
        return QSize(px(44), px(28))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.fillRect(rect, color("sunken"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, color("divider"))
        painter.fillRect(rect.right(), rect.top(), 1, rect.height(), color("divider"))
        words = str(self.model().headerData(logicalIndex, self.orientation()))
        paint.paint_text(painter, rect, words, "caption", "muted", align=Qt.AlignmentFlag.AlignCenter)


class GridView(QTableView):
    """A sheet as it stands; ``headed`` gives the Excel row that was named as the one of the headings."""

    headed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = _Grid(self)
        self.setModel(self.grid)
        self.setItemDelegate(_Cells(self, self.grid))
        self.setHorizontalHeader(_Edges(Qt.Orientation.Horizontal, self))
        self.setVerticalHeader(_Edges(Qt.Orientation.Vertical, self))
        self.verticalHeader().setDefaultSectionSize(px(28))
        self.horizontalHeader().setDefaultSectionSize(px(120))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(_("The sheet"))
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(self._named)

    def show_sheet(self, rows: Sequence[Sequence[Any]], header: int) -> None:
        """Show a sheet; ``header`` is the Excel row of its headings, 0 for none."""
        keep = self.currentIndex().row()
        self.grid.beginResetModel()
        self.grid.rows, self.grid.header = rows, header - 1
        self.grid.width = max((len(row) for row in rows[:SHOWN_ROWS]), default=0)
        self.grid.endResetModel()
        row = keep if 0 <= keep < len(rows) else max(header - 1, 0)
        self.setCurrentIndex(self.grid.index(row, 0))
        self.scrollTo(self.grid.index(max(row - 3, 0), 0), QAbstractItemView.ScrollHint.PositionAtTop)

    def name_current(self) -> None:
        """The chosen row holds the headings."""
        self._named(self.currentIndex())

    def _named(self, index: QModelIndex) -> None:
        if index.isValid():
            self.headed.emit(index.row() + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.name_current()
        elif event.text() and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)


class SheetsView(QWidget):
    """``agreed`` gives the answers as they then are, ``encoding_wanted`` another encoding, ``step_wanted`` a step behind."""

    agreed = Signal(object)
    encoding_wanted = Signal(str)
    step_wanted = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.opened: Opened | None = None
        self.answers: Answers | None = None
        self._read: dict[str, SheetTold] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.head = PageHead(_("Sheets and headings"))
        self.steps = Steps(SHEETS)
        self.steps.wanted.connect(self.step_wanted)
        self.head.add_action(self.steps)
        column.addWidget(self.head)
        self._bars = QVBoxLayout()
        column.addLayout(self._bars)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self._list_card())
        row.addWidget(self._grid_card(), 1)
        column.addLayout(row, 1)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        back = Button(_("Choose another file"), "back")
        back.clicked.connect(self._leave)
        self.go = Button(_("Next: columns"), key="Ctrl+Enter", kind="primary")
        self.go.clicked.connect(self.primary)
        foot.addWidget(back)
        foot.addStretch(1)
        foot.addWidget(self.go)
        column.addLayout(foot)

    def _list_card(self) -> Card:
        self.card = Card(_("Sheets"), padded=False)
        self.card.setFixedWidth(px(300))
        self.sheets = LinesView(_("Sheets"))
        self.sheets.chosen.connect(self._sheet_chosen)
        self.sheets.opened.connect(self._turn)
        self.card.add(self.sheets, 1)
        hints = QHBoxLayout()
        hints.setContentsMargins(px(15), px(8), px(15), px(8))
        self.hints = KeyHints([("X", _("read or not")), ("Enter", _("headings here"))])
        hints.addWidget(self.hints)
        hints.addStretch(1)
        self.card.add(hints)
        return self.card

    def _grid_card(self) -> Card:
        card = Card(padded=False)
        line = QHBoxLayout()
        line.setContentsMargins(px(15), px(8), px(11), px(8))
        line.setSpacing(px(8))
        self.told = Label("", elide=True)
        line.addWidget(self.told, 1)
        self.encoding_label = Label(_("Encoding"), "caption", "muted")
        self.encoding = Combo(_("Encoding"), ENCODINGS)
        self.encoding.activated.connect(self._encoding_chosen)
        self.named = Button(_("Headings are in this row"), key="Enter", small=True)
        for part in (self.encoding_label, self.encoding, self.named):
            line.addWidget(part)
        self.view = GridView()
        self.view.headed.connect(self._headed)
        self.named.clicked.connect(self.view.name_current)
        card.add(line)
        card.add(self.view, 1)
        return card

    def show_file(self, opened: Opened, answers: Answers, why_not: str = "") -> None:
        """Show a file; ``why_not`` says why it cannot be imported as it is read now."""
        self.opened, self.answers = opened, answers
        empty(self._bars)
        if why_not:
            self._bars.addWidget(MessageBar(why_not))
        self.head.set_text(sentence=opened.path.name)
        is_text = bool(opened.workbook.encoding)
        self.encoding_label.setVisible(is_text)
        self.encoding.setVisible(is_text)
        encoding = opened.workbook.encoding.removesuffix("-sig")
        if encoding not in [value for value, _words in ENCODINGS]:
            self.encoding.set_options([(encoding, encoding.upper()), *ENCODINGS])
        self.encoding.choose(encoding)
        self._fill()

    def focus_first(self) -> None:
        """Put the keyboard into the sheet."""
        self.view.setFocus()

    def grid_text(self, row: int, column: int) -> str:
        """What a cell of the shown sheet says, counted from 0."""
        return str(self.view.grid.index(row, column).data() or "")

    def _fill(self) -> None:
        assert self.opened is not None
        assert self.answers is not None
        told = (self.opened, self.answers.recipe)
        self.context.runner.ask(_sheets_read, *told, then=self._filled, owner=self)

    def _filled(self, found: Sequence[SheetTold]) -> None:
        assert self.answers is not None
        closed = self.answers.recipe.closed_sheets
        self._read = {one.name: one for one in found}
        lines = []
        for number, one in enumerate(self._read.values()):
            rows = ngettext("{n} row", "{n} rows", one.rows).format(n=one.rows)
            second = f"{rows} \u00b7 {_told(one.header_row, one.has_names)}" if one.rows else _("empty")
            badge = (Badge(_("hidden"), "neutral"),) if one.hidden else ()
            state = (
                Badge(_("not read"), "neutral") if one.name in closed or not one.has_names else Badge(_("read"), "ok")
            )
            lines.append(Line(number, one.name, second, badges=badge, right_badge=state, muted=one.name in closed))
        self.sheets.set_lines(lines)
        if self.sheets.current_key() is None:
            self.sheets.choose_first()
        self._sheet_chosen(None)

    def _current(self) -> str:
        key = self.sheets.current_key()
        return list(self._read)[key] if isinstance(key, int) and key < len(self._read) else next(iter(self._read), "")

    def _sheet_chosen(self, _key: Any) -> None:
        assert self.opened is not None
        name = self._current()
        sheet = next((one for one in self.opened.workbook.sheets if one.name == name), None)
        if sheet is None:
            return
        told = self._read[name]
        self.view.show_sheet(sheet.rows, told.header_row)
        words = _("Headings are in row {row}; press Enter on another row to change that.").format(row=told.header_row)
        self.told.setText(
            words if told.header_row else _("No headings found here; press Enter on the row that holds them.")
        )

    def _headed(self, row: int) -> None:
        assert self.answers is not None
        rows = {**self.answers.recipe.header_rows, self._current(): row}
        closed = self.answers.recipe.closed_sheets - {self._current()}
        self._take(replace(self.answers.recipe, header_rows=rows, closed_sheets=closed))

    def _turn(self, _key: Any = None) -> None:
        assert self.answers is not None
        closed = self.answers.recipe.closed_sheets ^ {self._current()}
        self._take(replace(self.answers.recipe, closed_sheets=frozenset(closed)))

    def _take(self, recipe: Any) -> None:
        assert self.answers is not None
        self.answers = replace(self.answers, recipe=recipe)
        self._fill()

    def _encoding_chosen(self) -> None:
        self.encoding_wanted.emit(str(self.encoding.value()))

    def primary(self) -> None:
        """Go on to the columns (Ctrl+Enter)."""
        self.agreed.emit(self.answers)

    def _leave(self) -> None:
        from csdesk.ui.handover.steps import FILE

        self.step_wanted.emit(FILE)

    def view_actions(self) -> list[Action]:
        """What the page adds to the menus while the sheets are shown."""

        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "") -> Action:
            return Action(f"handover.{key}", text, run, icon, shortcut, "tools", ("handover",), 2)

        return [
            act("agree", N_("Next: columns"), self.primary, "Ctrl+Return", "check"),
            act("heading", N_("Headings are in this row"), self.view.name_current, "", "sheet"),
            act("turn", N_("Read this sheet or not"), self._turn, "X"),
            act("leave", N_("Choose another file"), self._leave, "", "back"),
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < px(SMALL_WINDOW)
        self.card.setFixedWidth(px(240 if small else 300))
        self.hints.setVisible(not small)
        self.steps.set_narrow(self.window().width() < px(SMALL_WINDOW + 120))


def _sheets_read(_connection: Any, opened: Opened, recipe: Recipe) -> Sequence[SheetTold]:
    from csdesk.services.handover.reviewing import sheets_read

    return sheets_read(opened, recipe)


def _told(header_row: int, has_names: bool) -> str:
    if not has_names:
        return _("no customers' names found")
    return _("headings in row {row}").format(row=header_row)
