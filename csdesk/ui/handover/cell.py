"""The right side of a review: the chosen cell in its sheet, the doubt in a sentence, the answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.parts import Card, CheckBox, KeyCap, KeyHints, MessageBar, RadioButton, set_tip
from csdesk.ui.core.review_lines import ReviewLine
from csdesk.ui.core.theme import color, px
from csdesk.ui.handover.candidates import CandidatesView

if TYPE_CHECKING:
    from csdesk.services.handover.doubts import Doubt
    from csdesk.services.handover.reviewing import Review
    from csdesk.services.handover.tables import Table

WIDTH, NARROW = 344, 272
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
    """``answered`` gives (answers as they then are, whether for all alike); ``left_out`` (sheet, row)."""

    answered = Signal(object)
    left_out = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self.setFixedWidth(px(WIDTH))
        self.excerpt = SheetExcerpt()
        self.add(self.excerpt)
        self._doubt = QVBoxLayout()
        self._doubt.setSpacing(px(8))
        self.add(self._doubt)
        self.alike = CheckBox("", parent=self)
        self.alike.hide()
        self._out = CheckBox(_("Leave this row out"))
        self._out.clicked.connect(self.toggle_left_out)
        self.candidates = CandidatesView()
        self.add(self.candidates, 100)
        self.body.addStretch(1)
        self.add(self._out)
        self.hints = KeyHints([("F8", _("next")), ("1 3", _("answer")), ("F2", _("edit")), ("X", _("leave out"))])
        self.add(self.hints)
        self.choices: list[RadioButton] = []
        self._narrow = self._has_cells = False
        self._given: Doubt | None = None
        self._review: Review | None = None
        self._place: tuple[str, int] = ("", 0)

    def set_narrow(self, narrow: bool) -> None:
        """Save room."""
        self._narrow = narrow
        self.setFixedWidth(px(NARROW if narrow else WIDTH))
        self.hints.setVisible(not narrow)
        self._save_room()

    def _save_room(self) -> None:
        """In a narrow window the candidates stand where the cells stood."""
        self.excerpt.setVisible(self._has_cells and not (self._narrow and self.candidates.is_showing))

    def show_line(self, review: Review, line: ReviewLine | None) -> None:
        """Show what a line of the review is about, and what it asks."""
        from csdesk.services.handover.doubts import company_of, doubt_of

        self._review = review
        self._place = line.place if line is not None else ("", 0)
        cell = line.where if line is not None and line.cell is not None else ""
        self.set_title(line.title if line is not None else " ", cell)
        self._fill_excerpt(review, *self._place, cell)
        company = company_of(review, line.key) if line is not None else None
        self.candidates.show_company(company)
        self._save_room()
        self._show_doubt(doubt_of(review, line.key) if line is not None else None)
        self._doubt.setSpacing(px(2 if self.candidates.is_showing else 8))
        self._out.setVisible(self._place[1] > 0 and not (self.candidates.is_showing and self.choices))
        self._out.setChecked(self._place in review.answers.left_out)

    def answer(self, number: int) -> bool:
        """Press the nth answer; False where there is none."""
        if number < len(self.choices):
            self.choices[number].click()
            return True
        return False

    def toggle_left_out(self) -> None:
        """Leave the chosen row out, or take it in again."""
        if self._place[1]:
            self.left_out.emit(*self._place)

    def _show_doubt(self, doubt: Doubt | None) -> None:
        self._doubt.removeWidget(self.alike)
        self.alike.hide()
        empty(self._doubt)
        self.choices, self._given = [], doubt
        if doubt is None:
            return
        if doubt.sentence:
            self._doubt.addWidget(MessageBar(doubt.sentence, "error" if doubt.wrong else "warn"))
        for number, choice in enumerate(doubt.choices):
            words = f"{choice.text}  ({choice.note})" if choice.note else choice.text
            button = RadioButton(words, number == doubt.chosen)
            button.setAutoExclusive(False)
            button.setMinimumWidth(px(60))
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(partial(self._chose, number))
            set_tip(button, words)
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(px(8))
            line.addWidget(button, 1)
            line.addWidget(KeyCap(str(number + 1)))
            self._doubt.addWidget(row)
            self.choices.append(button)
        if doubt.alike > 1:
            self.alike.setText(_("The same for all {n} like this").format(n=doubt.alike))
            self.alike.setAccessibleName(self.alike.text())
            self._doubt.addWidget(self.alike)
            self.alike.show()

    def _chose(self, number: int) -> None:
        if self._given is not None and self._review is not None:
            for place, button in enumerate(self.choices):
                button.setChecked(place == number)
            alike = self._given.alike > 1 and self.alike.isChecked()
            give = self._given.choices[number].give
            self.answered.emit(lambda answers: give(answers, alike))

    def _fill_excerpt(self, review: Review, sheet: str, row: int, cell: str) -> None:
        table = next((t for t, _m in review.wish.tables if t.sheet == sheet and row in t.numbers), None)
        self._has_cells = table is not None
        if table is not None:
            rows, marked = excerpt(table, row, cell, 0 if self._narrow else AROUND)
            self.excerpt.show_cells(rows, marked)


def excerpt(table: Table, row: int, cell: str, around: int = AROUND) -> tuple[list[list[str]], tuple[int, int]]:
    """The headings and the rows round one, three columns round the cell; and where the cell stands among them.

    The column letters stand above, as in the workbook, where ``around`` rows above and below are shown.
    """
    from csdesk.services.handover.reviewing import cell_text
    from csdesk.services.handover.tables import column_letters

    place = table.numbers.index(row)
    target = next((i for i in range(len(table.headings)) if cell and table.address(place, i) == cell), None)
    start = max(0, min((target or 0) - 1, len(table.headings) - 3))
    columns = list(range(start, min(start + 3, len(table.headings))))
    rows = []
    if table.places is None and around:
        rows.append(["", *(column_letters(table.columns[i]) for i in columns)])
    rows.append([str(table.header_row), *(table.headings[i].replace("\n", " ") for i in columns)])
    marked = (-1, -1)
    for near in range(max(0, place - around), min(place + around + 1, len(table.rows))):
        rows.append([str(table.numbers[near]), *(cell_text(table.cell(near, i)) for i in columns)])
        if near == place and target is not None:
            marked = (len(rows) - 1, columns.index(target) + 1)
    return rows, marked
