"""Saved views as a row of chips with counts; what has no room waits behind dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from csdesk.services.core.columns import Filter
from csdesk.services.core.texts import _
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.parts import Button, Chip
from csdesk.ui.core.theme import px

Filters = tuple[Filter, ...]


@dataclass(frozen=True)
class View:
    """A saved view: its conditions and words under a name. ``own`` ones were made by the user, who may delete them."""

    key: str
    title: str
    filters: Filters = ()
    search: str = ""
    own: bool = False

    def shown(self) -> str:
        """Its name; those that come with the desk are translated."""
        return self.title if self.own else _(self.title)


class ChipRow(QWidget):
    """Chips in one row; those that have no room stand in the menu behind "…". ``chosen`` gives a view's key."""

    chosen = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: dict[str, Chip] = {}
        self.more = Button(_("More views"), "more", kind="icon", small=True, parent=self)
        self.more.clicked.connect(self._show_rest)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_views(self, views: Sequence[View]) -> None:
        """Show a chip for each."""
        for chip in self.chips.values():
            chip.hide()
            chip.deleteLater()
        self.chips = {}
        for view in views:
            chip = self.chips[view.key] = Chip(view.shown(), parent=self)
            chip.clicked.connect(partial(self._pressed, view.key))
        self._lay_out()

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many each view holds."""
        for key, count in counts.items():
            if key in self.chips:
                self.chips[key].set_count(count)
        self._lay_out()

    def mark(self, key: str) -> None:
        """Show which view is chosen; "" for none."""
        for name, chip in self.chips.items():
            chip.setChecked(name == key)
        self._lay_out()

    def whole_width(self) -> int:
        """The room in which every chip is shown."""
        return sum(chip.sizeHint().width() + px(8) for chip in self.chips.values())

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(28))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        key = next((key for key, chip in self.chips.items() if chip.geometry().contains(event.pos())), "")
        if key:
            self.menu_wanted.emit(key, event.globalPos())

    def rest(self) -> list[str]:
        """The views that have no room."""
        return [key for key, chip in self.chips.items() if chip.isHidden()]

    def _lay_out(self) -> None:
        gap, left = px(8), 0
        total = sum(chip.sizeHint().width() + gap for chip in self.chips.values()) - gap
        room = self.width() if total <= self.width() else self.width() - px(36)
        marked = next((chip for chip in self.chips.values() if chip.isChecked()), None)
        reserved = marked.sizeHint().width() + gap if marked is not None else 0
        for chip in self.chips.values():
            size = chip.sizeHint()
            needed = size.width() if chip is marked else size.width() + reserved
            fits = left + needed <= room or chip is marked
            chip.setVisible(fits)
            if fits:
                chip.setGeometry(left, 0, size.width(), size.height())
                left += size.width() + gap
                reserved = 0 if chip is marked else reserved
        self.more.setVisible(bool(self.rest()))
        self.more.setGeometry(left, 0, px(28), px(28))

    def _pressed(self, key: str, _on: bool = False) -> None:
        self.chosen.emit(key)

    def _show_rest(self) -> None:
        menu = QMenu(self)
        for key in self.rest():
            menu.addAction(self.chips[key].words().replace("&", "&&")).triggered.connect(partial(self._pressed, key))
        pop_up(menu, self.more.mapToGlobal(QPoint(0, self.more.height())))
