"""The dialog in which a person says which tiles and charts the dashboard shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.parts import Button, KeyHints, Label
from csdesk.ui.core.theme import px
from csdesk.ui.kpi.layout import CHARTS, Layout

MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class OrderedTicks(QListWidget):
    """Names with a tick each; Space ticks, dragging or Ctrl+↑ ↓ moves."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setUniformItemSizes(True)

    def set_names(self, names: Mapping[str, str], chosen: Sequence[str]) -> None:
        """Show the chosen ones first, ticked and in their order, then the others."""
        self.clear()
        for key in [*chosen, *(one for one in names if one not in chosen)]:
            item = QListWidgetItem(names[key])
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
            item.setCheckState(Qt.CheckState.Checked if key in chosen else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setCurrentRow(0)

    def chosen(self) -> tuple[str, ...]:
        """The keys that are ticked, in their order."""
        items = [self.item(row) for row in range(self.count())]
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
        )

    def shift(self, by: int) -> None:
        """Move the current one up or down."""
        row = self.currentRow()
        if 0 <= row + by < self.count():
            item = self.takeItem(row)
            self.insertItem(row + by, item)
            self.setCurrentRow(row + by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and Qt.Key(event.key()) in MOVES:
            self.shift(MOVES[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


class ArrangeDialog(Dialog):
    """Two lists; ``then`` is given the layout that was chosen."""

    def __init__(
        self, names: Mapping[str, str], layout: Layout, then: Callable[[Layout], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Tiles and charts"), _("What the dashboard shows, in this order."), parent)
        self._then = then
        self._names = names
        self.tiles, self.charts = OrderedTicks(_("Tiles")), OrderedTicks(_("Charts"))
        row = QHBoxLayout()
        row.setSpacing(px(16))
        for title, box in ((_("Tiles"), self.tiles), (_("Charts"), self.charts)):
            column = QVBoxLayout()
            column.setSpacing(px(4))
            column.addWidget(Label(title, bold=True))
            column.addWidget(box, 1)
            row.addLayout(column, 1)
        self.body.addLayout(row, 1)
        self.body.addWidget(KeyHints([(_("Space"), _("show or hide")), ("Ctrl+\u2191 Ctrl+\u2193", _("move"))]))
        self._fill(layout)
        reset = Button(_("As it came"), kind="ghost")
        reset.clicked.connect(self._reset)
        self.verbs.insertWidget(0, reset)
        self.add_verb(_("Cancel"), self.reject, closes=False)
        self.done_verb = self.add_verb(_("Arrange"), self._finish, "primary")
        self.resize(px(640), px(520))
        self.tiles.setFocus()

    def _fill(self, layout: Layout) -> None:
        self.tiles.set_names(self._names, layout.tiles)
        self.charts.set_names({key: _(kind.title) for key, kind in CHARTS.items()}, layout.charts)

    def _reset(self) -> None:
        self._fill(Layout())

    def _finish(self) -> None:
        self._then(Layout(self.tiles.chosen(), self.charts.chosen()))
