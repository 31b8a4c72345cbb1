"""The menu bar and all shortcuts, made from the actions registry."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.actions import MENUS, Action, Actions, menu_role
from csdesk.ui.core.icons import icon
from csdesk.ui.core.theme import px

TITLES = {
    "file": N_("&File"),
    "edit": N_("&Edit"),
    "view": N_("&View"),
    "account": N_("&Account"),
    "visit": N_("V&isit"),
    "tools": N_("&Tools"),
    "help": N_("&Help"),
}


class Menus(QObject):
    """Keeps the window's menu bar in step with the registry. Every action's shortcut works in the whole window.

    Made with the titles alone; ``rebuild`` fills them.
    """

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self._made: list[tuple[Action, QAction]] = []
        self._menus: dict[str, QMenu] = {}
        self._fit()
        for key in MENUS:
            menu = QMenu(_(TITLES[key]), window)
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(self._opening)
            window.menuBar().addMenu(menu)
            self._menus[key] = menu

    def menu(self, key: str) -> QMenu:
        """One of the menus."""
        return self._menus[key]

    def shown(self) -> list[tuple[Action, QAction]]:
        """Every action with what stands for it in the menu bar."""
        return list(self._made)

    def rebuild(self) -> None:
        """Make all menus anew."""
        for menu in self._menus.values():
            for inner in menu.findChildren(QMenu):
                inner.deleteLater()
            menu.clear()
        for _action, item in self._made:
            item.deleteLater()
        self._made = []
        for key, menu in self._menus.items():
            section = None
            folded: dict[str, QMenu] = {}
            wanted = [action for action in self._actions.all() if action.menu == key]
            for action in sorted(wanted, key=lambda action: action.section):
                if section is not None and action.section != section:
                    menu.addSeparator()
                section = action.section
                if action.submenu and action.submenu not in folded:
                    folded[action.submenu] = menu.addMenu(_(action.submenu))
                folded.get(action.submenu, menu).addAction(self._make(action))
            menu.menuAction().setVisible(bool(wanted))
        self.refresh()

    def refresh(self) -> None:
        """Ask all actions for text and state again."""
        for action, item in self._made:
            item.setText(action.label().replace("&", "&&") + _shown_only(action))
            item.setEnabled(self._actions.belongs(action) and action.is_enabled())
            if action.checked is not None:
                item.setChecked(action.checked())

    def redraw(self) -> None:
        """Draw the icons that are there in the theme's colours."""
        self._fit()
        for action, item in self._made:
            if not item.icon().isNull():
                item.setIcon(icon(action.icon))

    def popup_new(self, below: QWidget) -> None:
        """Offer all that can be made here, beneath a button."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self._actions.here():
            if action.new and action.is_enabled():
                item = menu.addAction(icon(action.icon or "plus"), action.label().replace("&", "&&"))
                item.triggered.connect(action.run)
        if menu.isEmpty():
            menu.addAction(_("Nothing can be made here yet")).setEnabled(False)
        menu.popup(below.mapToGlobal(QPoint(0, below.height() + 2)))

    def _make(self, action: Action) -> QAction:
        item = QAction(self._window)
        item.setObjectName(action.key)
        item.setCheckable(action.checked is not None)
        item.setMenuRole(menu_role(action))
        if action.role != "native":
            item.setShortcuts(action.shortcuts())
            item.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        item.triggered.connect(self._run)
        self._made.append((action, item))
        return item

    def _fit(self) -> None:
        if not self._window.menuBar().isNativeMenuBar():
            self._window.menuBar().setFixedHeight(px(28))

    def _run(self) -> None:
        item = self.sender()
        for action, made in self._made:
            if made is item and self._actions.belongs(action) and action.is_enabled():
                action.run()
                return

    def _opening(self) -> None:
        self.refresh()
        for action, item in self._made:
            if action.icon and item.icon().isNull():
                item.setIcon(icon(action.icon))


def _shown_only(action: Action) -> str:
    """Keys that the focused widget handles itself (copy, paste) are shown, not claimed."""
    return f"\t{action.key_text()}" if action.role == "native" else ""
