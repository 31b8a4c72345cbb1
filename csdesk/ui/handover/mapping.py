"""Which column means what: one row a column with samples, a choice of fields, the doubtful ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.parts import Button, Combo, Label, StateBadge
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.handover.reviewing import Review


class MappingDialog(QDialog):
    """``chosen`` gives heading → field key (None: not imported) for all columns; remembered for these headings."""

    chosen = Signal(dict)

    def __init__(self, review: Review, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("What the columns mean"))
        self._boxes: list[tuple[str, Combo]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(16))
        column.setSpacing(px(12))
        column.addWidget(Label(_("What the columns mean"), "h2"))
        hint = _("It is remembered for files with the same headings.")
        column.addWidget(Label(hint, ink="muted"))
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(8))
        self._grid.setColumnStretch(1, 1)
        for place, words in enumerate((_("In the file"), _("Samples"), _("Means"))):
            self._grid.addWidget(Label(words, "caption", "muted"), 0, place)
        options = _options()
        for _table, matches in review.wish.tables:
            for match in sorted(matches, key=lambda match: not match.is_doubtful):
                self._row(match, options)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setWidget(holder)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        column.addWidget(scroll, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = Button(_("Cancel"), key="Esc")
        take = Button(_("Use these"), key="Enter", kind="primary")
        cancel.clicked.connect(self.reject)
        take.clicked.connect(self._take)
        take.setDefault(True)
        row.addWidget(cancel)
        row.addWidget(take)
        column.addLayout(row)
        self.resize(px(760), px(560))

    def _row(self, match: Any, options: list[tuple[str, str]]) -> None:
        row = self._grid.rowCount()
        head = QHBoxLayout()
        head.addWidget(Label(match.heading.replace("\n", " "), bold=True, elide=True))
        if match.is_doubtful:
            head.addWidget(StateBadge(_("please check"), "warn"))
        head.addStretch(1)
        box = Combo(match.heading, options)
        box.choose(match.field or "")
        self._grid.addLayout(head, row, 0)
        self._grid.addWidget(Label(" \u00b7 ".join(match.samples[:3]), ink="muted", elide=True), row, 1)
        self._grid.addWidget(box, row, 2)
        self._boxes.append((match.heading, box))

    def _take(self) -> None:
        self.chosen.emit({heading: box.value() or None for heading, box in self._boxes})
        self.accept()


def _options() -> list[tuple[str, str]]:
    from csdesk.services.handover.fields import FIELDS, GROUPS

    known = [(field.key, f"{_(GROUPS[field.group])} \u00b7 {_(field.title)}") for field in FIELDS.values()]
    return [("", _("not imported")), *known]
