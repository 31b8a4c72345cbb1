"""F1: all keys on one sheet. About: versions, folders, diagnostics to copy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.actions import MENUS, Action, Actions
from csdesk.ui.core.crash import versions
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.menus import TITLES
from csdesk.ui.core.parts import Button, KeyCap, Label
from csdesk.ui.core.theme import px

LISTS = (
    ("\u2191 \u2193", N_("Choose a row")),
    ("Enter", N_("Open")),
    ("Space", N_("Preview")),
    ("X", N_("Tick the row")),
    ("Shift+\u2191 \u2193", N_("Tick several rows")),
    ("Ctrl+A", N_("Tick all rows")),
    ("F2", N_("Change the cell")),
    ("/", N_("Filter the list")),
    ("Esc", N_("Close, cancel, back to the list")),
    ("Tab", N_("Next control")),
)


class KeySheet(Dialog):
    """Every key that works on the page shown, by menu, and those that lists share."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(_("Keys"), parent=parent)
        self.rows: list[tuple[str, str]] = []
        self.setMinimumWidth(px(784) if parent is None else min(px(784), parent.window().width() - px(32)))
        inner = QWidget()
        inner.setObjectName("canvas")
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(0, 0, px(12), 0)
        columns.setSpacing(px(32))
        groups = _groups(actions)
        half = (sum(len(rows) + 2 for _title, rows in groups) + 1) // 2
        column, filled = _column(columns), 0
        for title, rows in groups:
            if filled and filled + len(rows) / 2 > half:
                column.addStretch(1)
                column, filled = _column(columns), 0
            self._fill(column, title, rows)
            filled += len(rows) + 2
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setAccessibleName(_("Keys"))
        area.setMinimumSize(px(720), px(440))
        self.body.addWidget(area)
        self.close_button = self.add_verb(_("Close"), self.close, closes=False)
        self.close_button.setFocus()

    def _fill(self, column: QVBoxLayout, title: str, rows: Sequence[tuple[str, str]]) -> None:
        column.addWidget(Label(title, "body", bold=True))
        grid = QGridLayout()
        grid.setSpacing(px(6))
        grid.setColumnStretch(1, 1)
        for index, (key, text) in enumerate(rows):
            keys = QHBoxLayout()
            keys.setSpacing(4)
            for part in key.split(" "):
                keys.addWidget(KeyCap(part))
            keys.addStretch(1)
            grid.addLayout(keys, index, 0)
            grid.addWidget(Label(text, elide=True), index, 1)
            self.rows.append((key, text))
        grid.setColumnMinimumWidth(0, px(96))
        column.addLayout(grid)
        column.addSpacing(px(12))


class About(Dialog):
    """What this is, where things lie."""

    def __init__(self, folders: Sequence[tuple[str, Path]], parent: QWidget | None = None) -> None:
        super().__init__(_("About CSDesk"), _("The desk for customer success: local, in one file, offline."), parent)
        self._versions = versions()
        self._folders = tuple(folders)
        self.body.addWidget(Label(self._versions, ink="muted", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setColumnStretch(1, 1)
        for index, (title, folder) in enumerate(folders):
            grid.addWidget(Label(title), index, 0)
            where = Label(str(folder), "caption", "muted", elide=True)
            where.setMinimumWidth(px(300))
            grid.addWidget(where, index, 1)
            opens = Button(_("Open"), small=True)
            opens.setAccessibleName(_("Open {folder}").format(folder=title))
            opens.setProperty("folder", str(folder))
            opens.clicked.connect(self._open)
            grid.addWidget(opens, index, 2)
        self.body.addLayout(grid)
        self.copy = self.add_verb(_("Copy diagnostics"), self._copy, closes=False)
        self.close_button = self.add_verb(_("Close"), self.close, closes=False)
        self.close_button.setFocus()

    def diagnostics(self) -> str:
        """Versions and folders as text; no business data."""
        return "\n".join([self._versions, *(f"{title}: {folder}" for title, folder in self._folders)])

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.diagnostics())
        self.copy.set_words(_("Copied"))

    def _open(self) -> None:
        sender = self.sender()
        if isinstance(sender, Button):
            open_folder(Path(str(sender.property("folder"))))


def open_folder(folder: Path) -> None:
    """Show a folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _column(columns: QHBoxLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(4))
    columns.addLayout(column, 1)
    return column


def _groups(actions: Actions) -> list[tuple[str, list[tuple[str, str]]]]:
    """Menu title and (key, text) of what works here."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for menu in MENUS:
        rows = [(_keys(action), action.label()) for action in actions.here() if action.menu == menu and action.shortcut]
        if rows:
            groups.append((_(TITLES[menu]).replace("&", "").split("(")[0], rows))
    groups.append((_("In lists"), [(key, _(text)) for key, text in LISTS]))
    return groups


def _keys(action: Action) -> str:
    form = QKeySequence.SequenceFormat.NativeText
    return " ".join(keys.toString(form) for keys in action.shortcuts()[:2])
