"""What the window itself can do: places, history, undo, clipboard, view, help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from csdesk.services.core.texts import LANGUAGES, N_, _
from csdesk.ui.core.actions import Action
from csdesk.ui.core.theme import MODES

if TYPE_CHECKING:
    from csdesk.ui.core.window import MainWindow

THEME_TEXTS = {"system": N_("Theme: as the system"), "light": N_("Theme: light"), "dark": N_("Theme: dark")}


def window_actions(window: MainWindow) -> list[Action]:
    """All of them, in the order of the menus."""
    return [*_file(window), *_edit(window), *_places(window), *_view(window), *_help(window)]


class Going:
    """Goes to a place; equal to another one that goes there too, so that the registry sees no change."""

    def __init__(self, window: MainWindow, key: str) -> None:
        self._window, self._key = window, key

    def __call__(self) -> None:
        self._window.pages.to(self._key)

    def shown(self) -> bool:
        """Whether one is there."""
        return self._window.pages.here == self._key


class Native:
    """Cut, copy, paste …: done by the widget with the focus, if it can."""

    def __init__(self, window: MainWindow, name: str) -> None:
        self._window, self._name = window, name

    def _target(self) -> QWidget | None:
        widget = self._window.focusWidget()
        if callable(getattr(widget, self._name, None)):
            return widget
        return self._window if self._name == "paste" else None

    def __call__(self) -> None:
        target = self._target()
        if target is not None:
            getattr(target, self._name)()

    def possible(self) -> bool:
        """Whether the widget with the focus can."""
        return self._target() is not None


class Choice:
    """Sets one of the window's preferences."""

    def __init__(self, window: MainWindow, name: str, value: str) -> None:
        self._preferences, self._name, self._value = window.context.preferences, name, value

    def __call__(self) -> None:
        getattr(self._preferences, f"set_{self._name}")(self._value)

    def chosen(self) -> bool:
        """Whether it is set so."""
        return bool(getattr(self._preferences, self._name) == self._value)


class Steps:
    """Undo and redo with the names of the steps."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def undo(self) -> None:
        """Take the last step back."""
        self._window.context.runner.undo()

    def redo(self) -> None:
        """Do it again."""
        self._window.context.runner.redo()

    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._window.step_names[0])

    def can_redo(self) -> bool:
        """Whether there is a step to redo."""
        return bool(self._window.step_names[1])

    def undo_params(self) -> dict[str, str]:
        """For the text of the action."""
        return {"step": self._named(self._window.step_names[0])}

    def redo_params(self) -> dict[str, str]:
        """For the text of the action."""
        return {"step": self._named(self._window.step_names[1])}

    def _named(self, name: str) -> str:
        return _(": {name}").format(name=name) if name else ""


class Windowing:
    """What needs the window's widgets."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def print_page(self) -> None:
        """Print what the page shows."""
        if self._window.pages.page is not None:
            self._window.pages.page.print_report()

    def can_print(self) -> bool:
        """Whether the page can be printed."""
        page = self._window.pages.page
        return page is not None and page.can_print

    def filter_page(self) -> None:
        """Go to the page's filter."""
        if self._window.pages.page is not None:
            self._window.pages.page.focus_filter()

    def larger(self) -> None:
        """Larger text."""
        self._window.context.preferences.zoom_by(1)

    def smaller(self) -> None:
        """Smaller text."""
        self._window.context.preferences.zoom_by(-1)

    def normal_size(self) -> None:
        """Text as the system has it."""
        self._window.context.preferences.set_zoom(100)

    def full_screen(self) -> None:
        """Full screen or not."""
        window = self._window
        window.showNormal() if window.isFullScreen() else window.showFullScreen()

    def is_full_screen(self) -> bool:
        """Whether it is."""
        return self._window.isFullScreen()

    def has_names(self) -> bool:
        """Whether the rail shows names."""
        return not self._window.rail.narrow

    def can_back(self) -> bool:
        """Whether there is a step back."""
        return self._window.pages.can_go_back

    def can_forward(self) -> bool:
        """Whether there is a step forward."""
        return self._window.pages.can_go_forward

    def keys(self) -> None:
        """F1."""
        from csdesk.ui.core.help import KeySheet

        KeySheet(self._window.context.actions, self._window).open()

    def about(self) -> None:
        """Versions and folders."""
        from csdesk.ui.core.help import About

        About(self._window.folders, self._window).open()

    def quit(self) -> None:
        """Close every window; the last one ends the program."""
        QApplication.closeAllWindows()


def _file(window: MainWindow) -> list[Action]:
    do = Windowing(window)
    return [
        Action("window.new", N_("New…"), window.show_new, "plus", "N", "file", section=1, palette=False),
        Action("window.print", N_("Print…"), do.print_page, "print", "Ctrl+P", "file", section=6, enabled=do.can_print),
        Action("window.quit", N_("Quit"), do.quit, "", "Ctrl+Q", "file", section=9, role="quit"),
    ]


def _edit(window: MainWindow) -> list[Action]:
    steps = Steps(window)
    made = [
        Action("edit.undo", N_("Undo{step}"), steps.undo, "undo", "Ctrl+Z", "edit", section=1,
               enabled=steps.can_undo, params=steps.undo_params),
        Action("edit.redo", N_("Redo{step}"), steps.redo, "", "Ctrl+Shift+Z; Ctrl+Y", "edit", section=1,
               enabled=steps.can_redo, params=steps.redo_params),
    ]  # fmt: skip
    for name, text, keys in (
        ("cut", N_("Cut"), "Ctrl+X"),
        ("copy", N_("Copy"), "Ctrl+C"),
        ("paste", N_("Paste"), "Ctrl+V"),
        ("selectAll", N_("Select all"), "Ctrl+A"),
    ):
        native = Native(window, name)
        made.append(
            Action(f"edit.{name}", text, native, "copy" if name == "copy" else "", keys, "edit", section=3,
                   enabled=native.possible, palette=False, role="native")
        )  # fmt: skip
    do = Windowing(window)
    made.append(
        Action(
            "edit.find",
            N_("Search…"),
            window.open_palette,
            "search",
            "Ctrl+K; Ctrl+F",
            "edit",
            section=5,
            palette=False,
        )
    )
    made.append(Action("edit.filter", N_("Filter this page"), do.filter_page, "filter", "/", "edit", section=5))
    return made


def _places(window: MainWindow) -> list[Action]:
    made = []
    for feature in window.features:
        if feature.group == "hidden":
            continue
        section = {"place": 1, "occasional": 2, "bottom": 3}[feature.group]
        going = Going(window, feature.key)
        made.append(
            Action(f"go.{feature.key}", feature.title, going, feature.icon, feature.shortcut, "view", section=section,
                   checked=going.shown)
        )  # fmt: skip
    return made


def _view(window: MainWindow) -> list[Action]:
    do, pages = Windowing(window), window.pages
    made = [
        Action("go.back", N_("Back"), pages.back, "back", "Alt+Left", "view", section=4, enabled=do.can_back),
        Action("go.forward", N_("Forward"), pages.forward, "forward", "Alt+Right", "view", section=4,
               enabled=do.can_forward),
        Action("view.rail", N_("Names in the rail"), window.toggle_rail, "", "Ctrl+B", "view", section=6,
               checked=do.has_names),
        Action("view.larger", N_("Larger text"), do.larger, "", "Ctrl++; Ctrl+=", "view", section=7),
        Action("view.smaller", N_("Smaller text"), do.smaller, "", "Ctrl+-", "view", section=7),
        Action("view.normal", N_("Text size of the system"), do.normal_size, "", "Ctrl+0", "view", section=7),
        Action("view.full", N_("Full screen"), do.full_screen, "", "F11", "view", section=7, checked=do.is_full_screen),
    ]  # fmt: skip
    for mode in MODES:
        choice = Choice(window, "theme", mode)
        made.append(
            Action(f"view.theme.{mode}", THEME_TEXTS[mode], choice, menu="view", section=8, checked=choice.chosen,
                   submenu=N_("Theme"))
        )  # fmt: skip
    for code, name in LANGUAGES.items():
        choice = Choice(window, "language", code)
        made.append(
            Action(f"view.language.{code}", name, choice, menu="view", section=8, checked=choice.chosen,
                   submenu=N_("Language"))
        )  # fmt: skip
    return made


def _help(window: MainWindow) -> list[Action]:
    do = Windowing(window)
    return [
        Action("help.keys", N_("Keys"), do.keys, "question", "F1", "help", section=1),
        Action("help.about", N_("About CSDesk"), do.about, "info", "", "help", section=9, role="about"),
    ]
