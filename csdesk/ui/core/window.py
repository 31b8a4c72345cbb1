"""The window: menu bar, rail, top bar, page, messages; everything in it is reached by keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.context import Context, Safety
from csdesk.ui.core.menus import Menus
from csdesk.ui.core.navigator import Pages
from csdesk.ui.core.page import Drop, Feature
from csdesk.ui.core.rail import Rail
from csdesk.ui.core.theme import theme
from csdesk.ui.core.topbar import TopBar

if TYPE_CHECKING:
    from csdesk.ui.core.notices import DropOverlay
    from csdesk.ui.core.palette import Palette
    from csdesk.ui.core.speaker import Speaker

NARROW_BELOW = 1180
SMALLEST = (720, 480)
FIRST_SIZE = (1280, 800)
TILE_MS = 20_000


class MainWindow(QMainWindow):
    """One window over one store.

    Made as a bare frame that paints at once; ``complete()`` adds what can wait (menus, palette, messages), ``opened()``
    fills it when the store is there.
    """

    speaker: Speaker
    overlay: DropOverlay
    palette_box: Palette

    def __init__(
        self, context: Context, features: tuple[Feature, ...], folders: Sequence[tuple[str, Path]] = ()
    ) -> None:
        super().__init__()
        self.context = context
        self.features = features
        self.folders = tuple(folders)
        self._small: bool | None = None
        self._wires: list[tuple[Any, Callable[..., Any]]] = []
        self._retired = False
        self.step_names: tuple[str, str] = ("", "")
        self._rail_choice = bool(context.state.get("window.narrow_rail", False))
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self._complete = False
        self._build()
        self._connect()
        self._restore_geometry()

    def complete(self) -> None:
        """Add what the first paint does not need: actions and menus, palette, messages, drop overlay. Once."""
        if self._complete:
            return
        from csdesk.ui.core.notices import DropOverlay
        from csdesk.ui.core.palette import Palette
        from csdesk.ui.core.speaker import Speaker
        from csdesk.ui.core.window_actions import window_actions

        self._complete = True
        actions = self.context.actions
        self.speaker = Speaker(self.context.messages, self, self.content, self._column)
        self.speaker.bars.set_narrow(bool(self._small))
        self.overlay = DropOverlay(self)
        self.palette_box = Palette(self.context, self)
        actions.put("window", window_actions(self))
        self._wire(actions.changed, self.menus.rebuild)
        self._wire(actions.updated, self.menus.refresh)
        self.menus.rebuild()
        self.top.search.clicked.connect(self.open_palette)
        self.top.new.clicked.connect(self._new_menu)
        self.pages.moved.connect(self._shown)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(self._escape)
        self._tile_timer.start()
        self._shown()

    def opened(self) -> None:
        """The store is open: put the features' actions in and show the page that was left last."""
        self.complete()
        for feature in self.features:
            if feature.actions is not None:
                self.context.actions.put(feature.key, feature.actions(self.context))
        runner = self.context.runner
        self._wire(runner.changed, self.pages.changed)
        self._wire(runner.changed, self._changed)
        self._wire(runner.saved, self._saved)
        first = self.features[0].key if self.features else ""
        self.pages.restore(self.context.state.get("window.place"), first)
        self.update_safety()
        self._ask_steps()

    def toggle_rail(self) -> None:
        """Ctrl+B: names or icons alone; below 1180 px it is icons until asked for."""
        self._rail_choice = not self.rail.narrow
        self.context.state.set("window.narrow_rail", self._rail_choice)
        self.rail.set_narrow(self._rail_choice)

    def show_new(self) -> None:
        """N: make what belongs to this page, or offer what can be made."""
        here = [action for action in self.context.actions.here() if action.new and action.is_enabled()]
        mine = [action for action in here if action.menu == self._menu_of_page()]
        if mine:
            mine[0].run()
        elif here:
            self._new_menu()

    def update_safety(self) -> None:
        """Ask anew what is saved and how old the backup is."""
        safety = self.context.safety() if self.context.safety is not None else Safety()
        self.rail.tile.show_safety(safety, self.context.clock.now())

    def drop_for(self, names: Sequence[str]) -> tuple[Feature, Drop] | None:
        """The feature that takes all these files."""
        for feature in self.features:
            for drop in feature.drops:
                if names and all(name.lower().endswith(drop.suffixes) for name in names):
                    return feature, drop
        return None

    def take_files(self, names: Sequence[str]) -> bool:
        """Go to the feature that takes these files, with them; False where none does."""
        found = self.drop_for(names)
        if found is not None:
            self.context.go.to(found[0].key, files=list(names))
        elif names:
            name = Path(names[0]).name
            self.context.messages.bar("", _("{name} cannot be imported: CSDesk takes spreadsheets").format(name=name))
        return found is not None

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.pages.page is not None and not self.pages.page.may_leave():
            event.ignore()
            return
        self.remember()
        super().closeEvent(event)

    def remember(self) -> None:
        """Keep geometry and place for the next start."""
        if self._retired:
            return
        box = self.normalGeometry() if self.isMaximized() or self.isFullScreen() else self.geometry()
        state = self.context.state
        state.set("window.geometry", [box.x(), box.y(), box.width(), box.height()])
        state.set("window.maximised", self.isMaximized())
        if self.context.is_open:
            state.set("window.place", self.pages.kept())
        state.flush()

    def retire(self) -> None:
        """Another window takes this one's place: stop listening, hide."""
        for signal, slot in self._wires:
            signal.disconnect(slot)
        self._wires = []
        if self._complete:
            self.speaker.retire()
        self._tile_timer.stop()
        self._retired = True
        self.hide()

    def show_instead(self, widget: QWidget) -> None:
        """Show something that is no page (the store cannot be opened)."""
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)

    def come_forward(self) -> None:
        """Be seen: a second start was asked for."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.width() < NARROW_BELOW
        if small != self._small:
            self._small = small
            self.rail.set_narrow(small or self._rail_choice)
            self.top.set_narrow(small)
            if self._complete:
                self.speaker.bars.set_narrow(small)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        names = _files(event)
        if not names or not self.context.is_open:
            return
        found = self.drop_for(names)
        if found is None:
            self.overlay.say(_("{name} cannot be imported: CSDesk takes spreadsheets").format(name=names[0]), False)
        else:
            self.overlay.say(_(found[1].label).format(name=Path(names[0]).name), True)
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.overlay.hide()
        if self.take_files(_files(event)):
            event.acceptProposedAction()
            self.activateWindow()

    def _build(self) -> None:
        self.rail = Rail(self.features)
        self.top = TopBar()
        self.stack = QStackedWidget()
        self.blank = QWidget()
        self.blank.setObjectName("canvas")
        self.stack.addWidget(self.blank)
        self.pages = Pages(self.context, self.features, self.stack, self.blank)
        self.context.go = self.pages
        self.content = QWidget()
        self.content.setObjectName("canvas")
        column = self._column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.stack, 1)
        middle = QWidget()
        middle.setObjectName("canvas")
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.content, 1)
        self.setCentralWidget(middle)
        self.menus = Menus(self, self.context.actions)

    def _connect(self) -> None:
        self._wire(theme().changed, self._restyle)
        self.rail.chosen.connect(self.pages.to)
        self.rail.tile.clicked.connect(self._to_backups)
        self.top.back.clicked.connect(self.pages.back)
        self.top.forward.clicked.connect(self.pages.forward)
        self.top.trail.chosen.connect(self._crumb)
        self._tile_timer = QTimer(self)
        self._tile_timer.setInterval(TILE_MS)
        self._tile_timer.timeout.connect(self.update_safety)

    def _wire(self, signal: Any, slot: Callable[..., Any]) -> None:
        """Connect something that outlives this window."""
        signal.connect(slot)
        self._wires.append((signal, slot))

    def open_palette(self) -> None:
        """Ctrl+K."""
        self.palette_box.open()

    def _escape(self) -> None:
        if self.palette_box.isVisible():
            self.palette_box.close_up()
        else:
            self.speaker.corner.cancel_newest()

    def _shown(self) -> None:
        page, here = self.pages.page, self.pages.here
        crumbs = self.pages.crumbs()
        self.rail.set_here(here)
        self.top.trail.show_crumbs(crumbs)
        self.top.back.setEnabled(self.pages.can_go_back)
        self.top.forward.setEnabled(self.pages.can_go_forward)
        self.speaker.bars.set_page(here, page.key if page is not None else "")
        sample = _("sample data") if self.context.sample else ""
        parts = [crumbs[-1].text if crumbs else "", sample, "CSDesk"]
        self.setWindowTitle(" – ".join(part for part in parts if part))
        self.context.actions.update()

    def _changed(self, _changes: object) -> None:
        self._ask_steps()
        self.update_safety()

    def _ask_steps(self) -> None:
        self.context.runner.ask(next_step_names, then=self._steps, owner=self)

    def _steps(self, names: tuple[str, str]) -> None:
        self.step_names = names
        self.context.actions.update()

    def _saved(self, _at: object) -> None:
        self.update_safety()

    def _crumb(self, args: dict[str, object]) -> None:
        self.pages.to(self.pages.here, **args)

    def _to_backups(self) -> None:
        self.pages.to("settings", section="data")

    def _menu_of_page(self) -> str:
        return {"accounts": "account", "visits": "visit"}.get(self.pages.here, "")

    def _new_menu(self) -> None:
        from csdesk.ui.core.icons import icon

        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.context.actions.here():
            if action.new and action.is_enabled():
                item = menu.addAction(icon(action.icon or "plus"), action.label().replace("&", "&&"))
                item.triggered.connect(action.run)
        if menu.isEmpty():
            menu.addAction(_("Nothing can be made here yet")).setEnabled(False)
        menu.popup(self.top.new.mapToGlobal(QPoint(0, self.top.new.height() + 2)))

    def _restyle(self) -> None:
        from csdesk.ui.core.icons import icon

        for action, item in self.menus.shown():
            if not item.icon().isNull():
                item.setIcon(icon(action.icon))

    def _restore_geometry(self) -> None:
        kept = self.context.state.get("window.geometry")
        box = QRect(0, 0, *FIRST_SIZE)
        known = isinstance(kept, list) and len(kept) == 4 and all(isinstance(number, int) for number in kept)
        if known:
            box = QRect(*kept)
        self.setGeometry(clamp(box, known))
        if self.context.state.get("window.maximised") is True:
            self.setWindowState(Qt.WindowState.WindowMaximized)


def next_step_names(connection: Any) -> tuple[str, str]:
    """What undo and redo would take back and do again, "" for nothing; on a reader thread."""
    from csdesk.services.core.undo import next_redo, next_undo

    undo, redo = next_undo(connection), next_redo(connection)
    return undo.text if undo is not None else "", redo.text if redo is not None else ""


def clamp(box: QRect, keep_place: bool) -> QRect:
    """The box moved and cut so that it lies on a screen that exists; centred on the first one without a known place."""
    screens = QGuiApplication.screens()
    rooms = [screen.availableGeometry() for screen in screens]
    if not rooms:
        return box
    best = max(rooms, key=lambda room: _overlap(room, box)) if keep_place else rooms[0]
    size = box.size().boundedTo(best.size())
    fitted = QRect(box.topLeft(), size)
    if not keep_place or not best.intersects(box):
        fitted.moveCenter(best.center())
    fitted.moveLeft(max(best.left(), min(fitted.left(), best.right() + 1 - size.width())))
    fitted.moveTop(max(best.top(), min(fitted.top(), best.bottom() + 1 - size.height())))
    return fitted


def _overlap(room: QRect, box: QRect) -> int:
    common = room.intersected(box)
    return common.width() * common.height() if common.isValid() else 0


def _files(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
