"""One value in place of another throughout a column: what stands there, how often, what it becomes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.parts import Combo, Field, Label
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.handover.reviewing import Review

MOST = 2_000


class ReplaceDialog(Dialog):
    """``replaced`` gives all edits as they then are, and how many cells were replaced."""

    replaced = Signal(object, int)

    def __init__(self, review: Review, cell: tuple[str, str] | None, parent: QWidget | None = None) -> None:
        super().__init__(_("Replace in a column"), parent=parent)
        self._review = review
        found_columns = [
            (table.sheet, match.index, " ".join(match.heading.split()))
            for table, matches in review.wish.tables
            for match in matches
            if match.used is not None
        ]
        self._columns = [(sheet, index) for sheet, index, _heading in found_columns]
        names = [(place, heading) for place, (_sheet, _index, heading) in enumerate(found_columns)]
        self.column = Combo(_("Column"), names)
        self.column.activated.connect(self._fill)
        self.body.addWidget(self.column)
        self.values = LinesView(_("Values"), 64)
        self.values.setMinimumSize(px(460), px(220))
        self.values.chosen.connect(self._chosen)
        self.body.addWidget(self.values, 1)
        row = QHBoxLayout()
        row.addWidget(Label(_("becomes"), ink="muted"))
        self.new = Field(_("New value"), _("New value"))
        row.addWidget(self.new, 1)
        self.body.addLayout(row)
        self.add_verb(_("Cancel"), self.reject, closes=False)
        self.verb = self.add_verb(_("Replace"), self._replace, "primary", closes=False)
        self.new.returnPressed.connect(self._replace)
        from csdesk.services.handover.reviewing import cell_text, place_of

        found = place_of(review, cell) if cell is not None else None
        if found is not None and (found[0].sheet, found[2]) in self._columns:
            self.column.choose(self._columns.index((found[0].sheet, found[2])))
        self._fill()
        text = cell_text(found[0].cell(*found[1:])) if found is not None else ""
        if text:
            self.values.choose(text)
        (self.new if text else self.values).setFocus()

    def _fill(self) -> None:
        from csdesk.services.handover.reviewing import cell_text

        chosen = self.column.value()
        if chosen is None:
            return
        sheet, index = self._columns[chosen]
        counts: Counter[str] = Counter()
        for table, _matches in self._review.wish.tables:
            if table.sheet == sheet and index < len(table.headings):
                counts.update(cell_text(cell) for cell in table.column_values(index))
        lines = [
            Line(text, text or _("(empty)"), left=str(count), bold=False) for text, count in counts.most_common(MOST)
        ]
        self.values.set_lines(lines)
        self.values.choose_first()

    def _chosen(self, key: object) -> None:
        self.new.setText(str(key))
        self.new.selectAll()

    def _replace(self) -> None:
        from csdesk.services.handover.reviewing import replaced

        old, new = self.values.current_key(), self.new.text()
        if old is None or old == new:
            return
        sheet, index = self._columns[self.column.value()]
        edits = replaced(self._review, sheet, index, lambda text: new if text == old else None)
        line = next(line for line in self.values.lines if line.key == old)
        self.accept()
        self.replaced.emit(edits, int(line.left))
