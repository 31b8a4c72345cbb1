"""Walks through all visible widgets and says what a person would stumble over."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QWidget

from csdesk.ui.core.page import Page
from csdesk.ui.core.parts import Button, Chip, Label
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.window import MainWindow
from csdesk.ui.gallery import settle


def walk_to(window: MainWindow, key: str, **args: Any) -> Page:
    """Go to a page and let it fill."""
    window.context.go.to(key, **args)
    settle(window)
    page = window.pages.page
    assert page is not None
    assert window.pages.here == key
    return page


def shown(root: QWidget) -> list[QWidget]:
    """Every visible widget beneath ``root``."""
    return [widget for widget in root.findChildren(QWidget) if widget.isVisible()]


def check_named(root: QWidget) -> None:
    """Every visible widget that Tab can reach tells a screen reader its name."""
    nameless = []
    for widget in shown(root):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled() and widget.objectName() != "page":
            face = QAccessible.queryAccessibleInterface(widget)
            if not face.text(QAccessible.Text.Name).strip():
                nameless.append(f"{type(widget).__name__} {widget.objectName()}")
    assert not nameless, nameless


def check_plain_tips(root: QWidget) -> None:
    """No tooltip would be taken for markup."""
    rich = [widget.toolTip() for widget in shown(root) if "<" in widget.toolTip().replace("<\u200b", "")]
    assert not rich, rich


def check_room(root: QWidget) -> None:
    """No word is cut that may not be, no button is narrower than its words or too low to hit."""
    cut = [
        widget.text()
        for widget in shown(root)
        if isinstance(widget, Label) and widget.is_cut() and widget.sizePolicy().horizontalPolicy().name == "Fixed"
    ]
    narrow = [
        widget.words()
        for widget in shown(root)
        if isinstance(widget, (Button, Chip)) and widget.width() < widget.sizeHint().width()
    ]
    low = [widget.words() for widget in shown(root) if isinstance(widget, Press) and widget.height() < 24]
    trouble = (
        [f"cut: {word}" for word in cut] + [f"narrow: {word}" for word in narrow] + [f"low: {word}" for word in low]
    )
    assert not trouble, trouble


def check_inside(page: QWidget) -> None:
    """Nothing stands out of the page at its right or lower edge, lists apart, which scroll."""
    outside = []
    for widget in shown(page):
        if any(isinstance(above, QAbstractItemView) for above in _above(widget)) or _scrolls(widget):
            continue
        corner = widget.mapTo(page, widget.rect().bottomRight())
        if corner.x() > page.width() or corner.y() > page.height():
            outside.append(f"{type(widget).__name__} {widget.accessibleName()} {corner.x()},{corner.y()}")
    assert not outside, outside


def _above(widget: QWidget) -> list[QWidget]:
    found = []
    above = widget.parentWidget()
    while above is not None:
        found.append(above)
        above = above.parentWidget()
    return found


def _scrolls(widget: QWidget) -> bool:
    from PySide6.QtWidgets import QAbstractScrollArea

    return any(isinstance(above, QAbstractScrollArea) for above in _above(widget))
