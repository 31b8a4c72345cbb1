"""The first rows of a file, shown while the rest is still being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.parts import Button, Label, PageHead, Surface
from csdesk.ui.core.theme import px
from csdesk.ui.handover.sheets import GridView

if TYPE_CHECKING:
    from csdesk.services.handover.reviewing import FirstLook


class EarlyView(QWidget):
    """``stopped`` tells that the user does not want the file after all."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.head = PageHead("")
        column.addWidget(self.head)
        self.found = Label("", elide=True)
        column.addWidget(self.found)
        card = Surface()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        self.grid = GridView()
        self.grid.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.addWidget(self.grid)
        column.addWidget(card, 1)
        foot = QHBoxLayout()
        self.stop = Button(_("Stop reading"), "close", "Esc")
        self.stop.clicked.connect(self.stopped)
        foot.addWidget(self.stop)
        foot.addStretch(1)
        foot.addWidget(Label(_("Nothing has been written yet."), ink="muted"))
        column.addLayout(foot)

    def show_look(self, look: FirstLook) -> None:
        """Show what came first."""
        rows = ngettext("the first row", "the first {n} rows", len(look.rows)).format(n=len(look.rows))
        self.head.set_text(_("Reading {file}").format(file=look.name), rows)
        pairs = _(", ").join(f"{heading} \u2192 {_(label)}" for heading, label in look.columns)
        text = _("Found so far: {columns}").format(columns=pairs) if pairs else _("No headings found yet.")
        self.found.setText(text)
        self.grid.show_sheet(look.rows, look.header_row)

    def focus_first(self) -> None:
        """The keyboard goes to the way out."""
        self.stop.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.stopped.emit()
        else:
            super().keyPressEvent(event)
