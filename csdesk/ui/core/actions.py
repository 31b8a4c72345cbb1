"""What can be done, named once: menu bar, palette, F1 sheet and shortcuts are all made from the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from csdesk.services.core.texts import _

MENUS = ("file", "edit", "view", "account", "visit", "tools", "help")


@dataclass(frozen=True)
class Action:
    """One thing a person can do.

    ``text`` is an English msgid (mark it with N_); placeholders in braces are filled from ``params()``.
    ``shortcut`` is portable text ("Ctrl+K", "N", "F1"); several are separated by "; " and the first is shown.
    A single letter works only while nobody types. ``pages`` limits the action to pages with these keys: elsewhere it
    is greyed in the menu and missing in the palette. ``enabled`` and ``checked`` are asked whenever a menu opens, the
    page changes or ``Actions.update()`` is called. ``new`` puts it under the New button of the top bar too.
    ``section`` sorts within a menu: a line is drawn between two sections. ``submenu`` (a msgid) folds it away one level.
    """

    key: str
    text: str
    run: Callable[[], object]
    icon: str = ""
    shortcut: str = ""
    menu: str = "tools"
    pages: tuple[str, ...] = ()
    section: int = 5
    enabled: Callable[[], bool] | None = None
    checked: Callable[[], bool] | None = None
    params: Callable[[], Mapping[str, str]] | None = None
    new: bool = False
    palette: bool = True
    submenu: str = ""
    role: str = field(default="", compare=False)

    def label(self) -> str:
        """The text in the user's language, placeholders filled."""
        text = _(self.text)
        return text.format(**self.params()) if self.params is not None else text

    def is_enabled(self) -> bool:
        """Whether it can be done now."""
        return self.enabled is None or self.enabled()

    def shortcuts(self) -> list[QKeySequence]:
        """Its key sequences, the shown one first."""
        return [QKeySequence(text) for text in self.shortcut.split("; ") if text]

    def key_text(self) -> str:
        """The shown shortcut as this platform writes it, or ""."""
        keys = self.shortcuts()
        return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""


class Actions(QObject):
    """The registry. Owners put their actions in as a group; a page's group ("page:" and its key) is replaced each time
    the page is shown and greyed when another one is.

    ``changed`` is emitted when actions came or went, ``updated`` when only texts or states may differ.
    """

    changed = Signal()
    updated = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: dict[str, tuple[Action, ...]] = {}
        self._page_of: dict[int, str] = {}
        self._page = ""

    def put(self, owner: str, actions: Iterable[Action]) -> None:
        """Set the actions of ``owner`` (a page's key, "window", …); an empty list takes them away."""
        self.put_all({owner: actions})

    def put_all(self, groups: Mapping[str, Iterable[Action]]) -> None:
        """Set the actions of several owners, told as one change: the menus are made anew but once."""
        wanted = {owner: tuple(actions) for owner, actions in groups.items()}
        changed = {owner: group for owner, group in wanted.items() if self._groups.get(owner, ()) != group}
        self._groups |= changed
        self._groups = {owner: group for owner, group in self._groups.items() if group}
        self._page_of = {
            id(action): owner.removeprefix("page:")
            for owner, group in self._groups.items()
            if owner.startswith("page:")
            for action in group
        }
        if changed:
            self.changed.emit()

    def clear(self) -> None:
        """Take everything away: the window is about to be built anew."""
        self._groups.clear()
        self._page_of.clear()
        self.changed.emit()

    def update(self) -> None:
        """Ask every action again for its text and state (an undo step was made, the selection changed, …)."""
        self.updated.emit()

    def set_page(self, key: str) -> None:
        """Say which page is shown; actions of other pages are off."""
        self._page = key
        self.updated.emit()

    def all(self) -> list[Action]:
        """Every action, in the order in which the owners came."""
        return [action for group in self._groups.values() for action in group]

    def here(self) -> list[Action]:
        """The actions that the shown page allows, enabled or not."""
        return [action for action in self.all() if self.belongs(action)]

    def belongs(self, action: Action) -> bool:
        """Whether the shown page allows this action: a page's own actions belong to that page alone."""
        if self._page_of.get(id(action), self._page) != self._page:
            return False
        return not action.pages or self._page in action.pages

    def find(self, key: str) -> Action | None:
        """The action with this key; of several the one that the shown page allows."""
        found = [action for action in self.all() if action.key == key]
        return next((action for action in found if self.belongs(action)), found[0] if found else None)

    def run(self, key: str) -> bool:
        """Do it if it stands here and is enabled; say whether it was done."""
        action = self.find(key)
        if action is None or not self.belongs(action) or not action.is_enabled():
            return False
        action.run()
        return True


def menu_role(action: Action) -> QAction.MenuRole:
    """Where macOS wants the action (quit, about, preferences)."""
    roles = {
        "quit": QAction.MenuRole.QuitRole,
        "about": QAction.MenuRole.AboutRole,
        "preferences": QAction.MenuRole.PreferencesRole,
    }
    return roles.get(action.role, QAction.MenuRole.NoRole)
