"""Puts rail, top bar, page stack, menus, palette and messages into the window's frame, and connects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from csdesk.ui.core.menus import Menus
from csdesk.ui.core.navigator import Pages
from csdesk.ui.core.notices import DropOverlay
from csdesk.ui.core.palette import Palette
from csdesk.ui.core.rail import Rail
from csdesk.ui.core.speaker import Speaker
from csdesk.ui.core.theme import theme
from csdesk.ui.core.topbar import TopBar
from csdesk.ui.core.window_actions import window_actions

if TYPE_CHECKING:
    from csdesk.ui.core.window import MainWindow

TILE_MS = 20_000


def furnish(window: MainWindow) -> None:
    """Build and connect everything; the window has its context and features."""
    context = window.context
    window.rail = Rail(window.features)
    window.top = TopBar()
    window.stack = QStackedWidget()
    window.stack.addWidget(_canvas())
    window.pages = Pages(context, window.features, window.stack)
    context.go = window.pages
    window.content = _canvas()
    column = QVBoxLayout(window.content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(window.top)
    column.addWidget(window.stack, 1)
    middle = _canvas()
    row = QHBoxLayout(middle)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(window.rail)
    row.addWidget(window.content, 1)
    window.setCentralWidget(middle)
    window.setAcceptDrops(True)
    window.speaker = Speaker(context.messages, window, window.content, column)
    window.overlay = DropOverlay(window)
    window.palette_box = Palette(context, window)
    window.menus = Menus(window, context.actions)
    context.actions.put("window", window_actions(window))
    _connect(window)
    window.menus.rebuild()


def _connect(window: MainWindow) -> None:
    window.wire(theme().changed, window.restyle)
    window.wire(window.context.actions.changed, window.menus.rebuild)
    window.wire(window.context.actions.updated, window.menus.refresh)
    window.rail.chosen.connect(window.pages.to)
    window.rail.tile.clicked.connect(window.show_backups)
    window.pages.moved.connect(window.refresh_frame)
    window.top.back.clicked.connect(window.pages.back)
    window.top.forward.clicked.connect(window.pages.forward)
    window.top.trail.chosen.connect(window.follow_crumb)
    window.top.search.clicked.connect(window.open_palette)
    window.top.capture.clicked.connect(window.write_down)
    window.top.new.clicked.connect(window.offer_new)
    tile = QTimer(window)
    tile.setInterval(TILE_MS)
    tile.timeout.connect(window.update_safety)
    tile.start()


def _canvas() -> QWidget:
    widget = QWidget()
    widget.setObjectName("canvas")
    return widget
