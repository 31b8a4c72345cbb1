"""The dialog in which a person says which tiles and charts the dashboard shows, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from csdesk.services.core.texts import _
from csdesk.ui.core import paint
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.parts import Button, KeyHints, Label
from csdesk.ui.core.theme import color, px
from csdesk.ui.kpi.layout import CHARTS, Layout

Index = QModelIndex | QPersistentModelIndex
MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class _Row(QStyledItemDelegate):
    """A tick and a name, painted as everywhere else."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(120), px(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, color("selection"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, color("hover"))
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) in (Qt.CheckState.Checked, Qt.CheckState.Checked.value)
        left = rect.left() + px(8)
        paint.paint_check(painter, QRect(left, rect.top(), px(16), rect.height()), ticked)
        words = QRect(left + px(24), rect.top(), rect.width() - px(40), rect.height())
        paint.paint_text(painter, words, str(index.data()), ink="text" if ticked else "muted")

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on the tick turns it, as Space does."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            if event.position().x() > option.rect.left() + px(28):
                return False
        elif not (isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space):
            return False
        ticked = index.data(Qt.ItemDataRole.CheckStateRole) in (Qt.CheckState.Checked, Qt.CheckState.Checked.value)
        turned = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        return bool(model.setData(index, turned.value, Qt.ItemDataRole.CheckStateRole))


class OrderedTicks(QListWidget):
    """Names with a tick each; Space ticks, dragging or Ctrl+↑ ↓ moves."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_Row(self))
        self.setMouseTracking(True)

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
        hints = QHBoxLayout()
        hints.addWidget(KeyHints([(_("Space"), _("show or hide")), ("Ctrl+\u2191 Ctrl+\u2193", _("move"))]))
        hints.addStretch(1)
        self.body.addLayout(hints)
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
