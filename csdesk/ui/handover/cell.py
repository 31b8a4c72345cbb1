"""The right side of a review: the chosen cell in its sheet, the doubt in a sentence, the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Fate
from csdesk.services.core.errors import Severity
from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.parts import Button, Card, CheckBox, Field, KeyHints, MessageBar
from csdesk.ui.core.theme import color, px

if TYPE_CHECKING:
    from csdesk.services.handover.report import CompanyRead
    from csdesk.services.handover.reviewing import Review
    from csdesk.services.handover.tables import Table

WIDTH = 344
AROUND = 1


class SheetExcerpt(QWidget):
    """A few cells round one cell, with row numbers and headings, as the workbook shows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[list[str]] = []
        self._marked = (-1, -1)
        self.setFixedHeight(px(140))

    def show_cells(self, rows: list[list[str]], marked: tuple[int, int]) -> None:
        """``rows`` with their numbers first; ``marked`` is (row, column) of the cell in question."""
        self._rows, self._marked = rows, marked
        self.setFixedHeight(px(28) * max(len(rows), 1) + 1)
        self.setAccessibleName("; ".join(" ".join(row) for row in rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(WIDTH - 32), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        first, tall = px(36), px(28)
        count = max(len(row) for row in self._rows) - 1
        wide = (self.width() - first - 1) // max(count, 1)
        for line, row in enumerate(self._rows):
            for place, text in enumerate(row):
                left = 0 if place == 0 else first + (place - 1) * wide
                rect = self.rect()
                rect.setRect(left, line * tall, first if place == 0 else wide, tall)
                head = line == 0 or place == 0
                mark = (line, place) == self._marked
                painter.fillRect(rect, color("amber_bg" if mark else "sunken" if head else "surface"))
                painter.setPen(color("divider"))
                painter.drawRect(rect)
                ink = "muted" if head else "text"
                paint.paint_text(painter, rect.adjusted(px(6), 0, -px(4), 0), text, "caption", ink, mark)
        if self._marked[0] >= 0:
            line, place = self._marked
            left = 0 if place == 0 else first + (place - 1) * wide
            painter.setPen(color("ink_amber"))
            painter.drawRect(left, line * tall, wide if place else first, tall)
            painter.drawRect(left + 1, line * tall + 1, (wide if place else first) - 2, tall - 2)


class CellPanel(Card):
    """``decided`` (company, decision), ``typed`` (sheet, cell, text), ``left_out`` (sheet, row)."""

    decided = Signal(str, str)
    typed = Signal(str, str, str)
    left_out = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self.setFixedWidth(px(WIDTH))
        self.excerpt = SheetExcerpt()
        self.add(self.excerpt)
        self._doubt = QVBoxLayout()
        self.add(self._doubt)
        self._same = Button("", key="1")
        self._new = Button(_("A different account"), key="2")
        self._same.clicked.connect(self._say_same)
        self._new.clicked.connect(self._say_new)
        self.add(self._same)
        self.add(self._new)
        self._typing = QWidget()
        line = QHBoxLayout(self._typing)
        line.setContentsMargins(0, 0, 0, 0)
        self._field = Field(_("Right value"), _("Type the right value"))
        self._field.returnPressed.connect(self._say_value)
        self._take = Button(_("Take"))
        self._take.clicked.connect(self._say_value)
        line.addWidget(self._field, 1)
        line.addWidget(self._take)
        self.add(self._typing)
        self._out = CheckBox(_("Leave this row out"))
        self._out.clicked.connect(self.toggle_left_out)
        self.add(self._out)
        self.body.addStretch(1)
        self.add(
            KeyHints([("F8", _("next doubt")), ("1", _("the same")), ("2", _("different")), ("X", _("leave out"))])
        )
        self._company: CompanyRead | None = None
        self._cell = ("", "")
        self._place: tuple[str, int] = ("", 0)

    def show_line(self, review: Review, key: Any) -> None:
        """Show what a line of the review is about."""
        self._clear_doubt()
        self._company, self._cell, self._place = None, ("", ""), ("", 0)
        kind = key[0] if isinstance(key, tuple) else ""
        report = review.report
        title, sheet, row, cell = "", "", 0, ""
        if kind in ("company", "change"):
            company = next((c for c in report.companies if c.name == key[1]), None)
            if company is not None:
                self._company = company
                title, sheet, row = company.name, company.sheet, company.row
                cell = company.changes[key[2]].cell if kind == "change" else ""
        elif kind == "finding":
            finding = report.findings[key[1]]
            title, sheet, row, cell = finding.column, finding.sheet, finding.row, finding.cell
            self._say(finding.message, "error" if finding.severity == Severity.ERROR else "warn")
            self._cell = (finding.sheet, finding.cell)
            self._field.setText(finding.suggestion)
        elif kind == "row":
            title, sheet, row = _("row {n}").format(n=key[2]), key[1], key[2]
        self.set_title(title or " ", cell)
        self._place = (sheet, row)
        self._fill_excerpt(review, sheet, row, cell)
        asks = (
            self._company is not None and self._company.fate == Fate.UNDECIDED and self._company.candidate is not None
        )
        self._same.setVisible(asks)
        self._new.setVisible(asks)
        if asks and self._company is not None and self._company.candidate is not None:
            self._same.set_words(_("The same as “{name}”").format(name=self._company.candidate[1]))
            self._say(_("An account with nearly this name is there already. Are they the same?"), "warn")
        self._typing.setVisible(bool(self._cell[1]))
        self._out.setVisible(row > 0)
        self._out.setChecked((sheet, row) in review.answers.left_out)

    def answer(self, number: int) -> None:
        """Press the nth answer."""
        if self._same.isVisible():
            (self._say_same, self._say_new)[min(number, 1)]()

    def toggle_left_out(self) -> None:
        """Leave the chosen row out, or take it in again."""
        if self._place[1]:
            self.left_out.emit(*self._place)

    def _say_same(self) -> None:
        if self._company is not None and self._company.candidate is not None:
            self.decided.emit(self._company.name, str(self._company.candidate[0]))

    def _say_new(self) -> None:
        if self._company is not None:
            self.decided.emit(self._company.name, "new")

    def _say_value(self) -> None:
        if self._cell[1]:
            self.typed.emit(*self._cell, self._field.text())

    def _say(self, text: str, tone: str) -> None:
        self._doubt.addWidget(MessageBar(text, tone))

    def _clear_doubt(self) -> None:
        self._field.clear()
        empty(self._doubt)

    def _fill_excerpt(self, review: Review, sheet: str, row: int, cell: str) -> None:
        table = next((t for t, _m in review.wish.tables if t.sheet == sheet and row in t.numbers), None)
        self.excerpt.setVisible(table is not None)
        if table is not None:
            rows, marked = excerpt(table, row, cell)
            self.excerpt.show_cells(rows, marked)


def excerpt(table: Table, row: int, cell: str) -> tuple[list[list[str]], tuple[int, int]]:
    """The headings and the rows round one, three columns round the cell; and where the cell stands among them."""
    place = table.numbers.index(row)
    target = next((i for i in range(len(table.headings)) if cell and table.address(place, i) == cell), None)
    start = max(0, min((target or 0) - AROUND, len(table.headings) - 3))
    columns = list(range(start, min(start + 3, len(table.headings))))
    rows = [[str(table.header_row), *(table.headings[i].replace("\n", " ") for i in columns)]]
    marked = (-1, -1)
    for near in range(max(0, place - AROUND), min(place + AROUND + 1, len(table.rows))):
        values = [table.column_values(i)[near] for i in columns]
        rows.append([str(table.numbers[near]), *("" if value is None else str(value) for value in values)])
        if near == place and target is not None:
            marked = (len(rows) - 1, columns.index(target) + 1)
    return rows, marked
