"""What a person does with the window: keys where the focus is, clicks, an entry of the open menu, files let go on it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QInputMethodEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QFileDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from csdesk.ui.core.lines import LinesView
from csdesk.ui.core.page import Page
from csdesk.ui.core.parts import Button, Label
from csdesk.ui.core.table import RowTable
from csdesk.ui.core.window import MainWindow

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier,
)  # fmt: skip
P = TypeVar("P", bound=Page)
D = TypeVar("D", bound=QDialog)


def press(qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the focus is, on the window where nothing has it."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    qtbot.keyClick(target, key, held)


def write(text: str) -> None:
    """Write where the keyboard is, as an input method hands over words of any script."""
    target = QApplication.focusWidget()
    assert target is not None
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(target, event)


def tab_to(qtbot: QtBot, widget: QWidget, most: int = 40) -> None:
    """Press Tab until the widget has the keyboard."""
    for _step in range(most):
        if widget.hasFocus():
            return
        press(qtbot, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {widget.accessibleName()}")


def click(qtbot: QtBot, widget: QWidget, at: QPoint | None = None) -> None:
    """A click, in the middle unless said, once it is there: what was added to a page is shown a turn of the loop later."""
    qtbot.waitUntil(widget.isVisible)
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def button(root: QWidget, words: str) -> Button:
    """The visible button with these words."""
    found = [one for one in root.findChildren(Button) if one.isVisible() and one.words() == words]
    assert len(found) == 1, words
    return found[0]


def go(qtbot: QtBot, window: MainWindow, kind: type[P], key: str, **args: Any) -> P:
    """Go to a page; given back once it is shown."""
    window.context.go.to(key, **args)
    return arrived(qtbot, window, kind)


def arrived(qtbot: QtBot, window: MainWindow, kind: type[P]) -> P:
    """The page, once it is the one that is shown."""
    qtbot.waitUntil(lambda: isinstance(window.pages.page, kind))
    page = window.pages.page
    assert isinstance(page, kind)
    return page


def asked(qtbot: QtBot, kind: type[D]) -> D:
    """The dialog of this kind, once it is open and has the keyboard."""

    def found() -> list[D]:
        return [top for top in QApplication.topLevelWidgets() if isinstance(top, kind) and top.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    dialog = found()[0]
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def returned(qtbot: QtBot, window: MainWindow) -> None:
    """The dialog or menu closed, the window has the keyboard again; the offscreen screen does not see to that itself."""

    def free() -> bool:
        dialogs = [top for top in QApplication.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible()]
        return not dialogs and QApplication.activePopupWidget() is None

    qtbot.waitUntil(free)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def choose(qtbot: QtBot, *texts: str) -> None:
    """Choose an entry of the menu that is open, through its submenus."""
    for text in texts:
        qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entry = next(action for action in menu.actions() if action.text().startswith(text))
        menu.setActiveAction(entry)
        inner = entry.menu()
        qtbot.keyClick(menu, Qt.Key.Key_Right if isinstance(inner, QMenu) else Qt.Key.Key_Return)


def ask_menu(view: QAbstractScrollArea) -> None:
    """The menu key: the menu of the chosen row."""
    at = view.viewport().rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)


def undo_by_toast(qtbot: QtBot, window: MainWindow) -> str:
    """Press Undo in the newest toast, once all is written and there is one; gives what it said."""
    corner = window.speaker.corner
    qtbot.waitUntil(lambda: not window.context.runner.is_busy)
    qtbot.waitUntil(lambda: any(toast.toast.undo is not None for toast in corner.toasts))
    toast = next(toast for toast in reversed(corner.toasts) if toast.toast.undo is not None)
    click(qtbot, toast.verbs[0])
    return toast.toast.text


def toasts(window: MainWindow) -> list[str]:
    """What the toasts say, the oldest first."""
    return [toast.toast.text for toast in window.speaker.corner.toasts]


def rows(view: LinesView) -> list[str]:
    """The titles of the lines that are no headings."""
    return [line.title for line in view.lines if not line.section]


def listed(table: RowTable, key: str = "account") -> list[str]:
    """What the rows of a table say in a column, in the order shown."""
    place = table.model_.column_of(key)
    return [table.model_.text(number, place) for number in range(table.model_.rowCount())]


def labels(root: QWidget) -> list[Label]:
    """Every visible label."""
    return [label for label in root.findChildren(Label) if label.isVisible()]


def check_told(root: QWidget, words: str) -> None:
    """A visible label holds these words."""
    told = [label.text() for label in labels(root)]
    assert any(words in text for text in told), (words, told)


def read(window: MainWindow, function: Callable[..., Any], *args: Any) -> Any:
    """What the store says."""
    with window.context.desk.read() as connection:
        return function(connection, *args)


def carry(target: QWidget, data: QMimeData, at: QPoint | None = None) -> bool:
    """Drag something over a widget and let it go there, in the middle unless said; whether it was taken."""
    middle, held = at or target.rect().center(), Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(middle, Qt.DropAction.MoveAction, data, held, NONE)
    QApplication.sendEvent(target, entering)
    if not entering.isAccepted():
        return False
    letting = QDropEvent(middle.toPointF(), Qt.DropAction.MoveAction, data, held, NONE)
    QApplication.sendEvent(target, letting)
    return letting.isAccepted()


def drop_files(window: MainWindow, *paths: Path) -> bool:
    """Let files go over the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return carry(window, data)


def save_as(qtbot: QtBot, path: Path) -> None:
    """Type a file's name into the dialog that asks for it."""
    dialog = asked(qtbot, QFileDialog)
    line = dialog.findChild(QLineEdit)
    line.setFocus()
    line.setText(str(path))
    qtbot.keyClick(line, Qt.Key.Key_Return)


def on_paper(path: Path) -> str:
    """The words of a PDF, without the blanks that a layout puts between them."""
    tool = shutil.which("pdftotext")
    assert tool, "poppler-utils gives pdftotext, which these tests read PDFs with"
    done = subprocess.run([tool, "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return "".join(done.stdout.split())
