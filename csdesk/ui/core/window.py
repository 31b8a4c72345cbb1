"""The window. Its frame is painted before anything else is loaded; ``furnish`` puts everything into it.

What stands at the head of this module is all that the first paint may cost: other modules are imported where they are
first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import QMainWindow, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtCore import QRect
    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDragMoveEvent,
        QDropEvent,
        QKeyEvent,
        QPaintEvent,
        QResizeEvent,
    )
    from PySide6.QtWidgets import QStackedWidget

    from csdesk.ui.core.context import Context
    from csdesk.ui.core.menus import Menus
    from csdesk.ui.core.navigator import Pages
    from csdesk.ui.core.notices import DropOverlay
    from csdesk.ui.core.page import Drop, Feature
    from csdesk.ui.core.palette import Palette
    from csdesk.ui.core.rail import Rail
    from csdesk.ui.core.speaker import Speaker
    from csdesk.ui.core.state import State
    from csdesk.ui.core.topbar import TopBar

NARROW_BELOW = 1180
SMALLEST = (720, 480)
FIRST_SIZE = (1280, 800)
BARE = {
    False: {"window": "#F6F7F9", "sunken": "#EDEFF2", "surface": "#FFFFFF", "divider": "#D0D7DE"},
    True: {"window": "#15181C", "sunken": "#101317", "surface": "#1D2126", "divider": "#353C45"},
}
"""The grounds of the bare frame, light and dark: as in tokens.py, which is not loaded yet."""
MENU, TOP, RAIL, SMALL_RAIL = 28, 48, 208, 56


class MainWindow(QMainWindow):
    """One window over one store.

    Made with what the last one remembered, it shows its bare frame and says ``painted``. ``furnish`` puts rail, top bar,
    menus, palette and messages in; ``opened`` shows the first page once the store is there.
    """

    painted = Signal()

    context: Context
    features: tuple[Feature, ...]
    folders: tuple[tuple[str, Path], ...]
    rail: Rail
    top: TopBar
    stack: QStackedWidget
    content: QWidget
    pages: Pages
    speaker: Speaker
    overlay: DropOverlay
    palette_box: Palette
    menus: Menus

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state
        self.step_names: tuple[str, str] = ("", "")
        self.is_furnished = False
        self._seen = False
        self._small: bool | None = None
        self._wires: list[tuple[Any, Callable[..., Any]]] = []
        self._retired = False
        self._narrow_choice = bool(state.get("window.narrow_rail", False))
        self.setMinimumSize(*SMALLEST)
        self._restore_geometry()

    def furnish(
        self, context: Context, features: tuple[Feature, ...], folders: Sequence[tuple[str, Path]] = ()
    ) -> None:
        """Put everything into the frame. Once."""
        from csdesk.ui.core.furniture import furnish

        self.context, self.features, self.folders = context, tuple(features), tuple(folders)
        furnish(self)
        self.is_furnished = True
        self._fold()
        self.refresh_frame()

    @property
    def first_place(self) -> str:
        """Key of the page that will be shown first, "" where it is the page of one record."""
        kept = self.state.get("window.place")
        if isinstance(kept, dict) and any(feature.key == kept.get("key") for feature in self.features):
            return "" if kept.get("args") else str(kept["key"])
        return self.features[0].key if self.features else ""

    def opened(self) -> None:
        """The store is open: put the features' actions in and show the page that was left last."""
        made = {feature.key: feature.actions(self.context) for feature in self.features if feature.actions is not None}
        self.context.actions.put_all(made)
        runner = self.context.runner
        self.wire(runner.changed, self.pages.changed)
        self.wire(runner.changed, self._changed)
        self.wire(runner.saved, self._saved)
        self._let_through(True)
        self.update_safety()
        self._ask_steps()
        if self.context.sample:
            self._mark_sample()
        first = self.features[0].key if self.features else ""
        self.pages.restore(self.state.get("window.place"), first)

    def wire(self, signal: Any, slot: Callable[..., Any]) -> None:
        """Connect something that outlives this window."""
        signal.connect(slot)
        self._wires.append((signal, slot))

    def toggle_rail(self) -> None:
        """Ctrl+B: names or icons alone; below 1180 px it is icons until asked for."""
        self._narrow_choice = not self.rail.narrow
        self.state.set("window.narrow_rail", self._narrow_choice)
        self.rail.set_narrow(self._narrow_choice)

    def open_palette(self) -> None:
        """Ctrl+K."""
        self.palette_box.open()

    def show_new(self) -> None:
        """N: make what belongs to this page, or offer what can be made."""
        here = [action for action in self.context.actions.here() if action.new and action.is_enabled()]
        menu = {"accounts": "account", "visits": "visit"}.get(self.pages.here, "")
        mine = [action for action in here if action.menu == menu]
        if mine:
            mine[0].run()
        elif here:
            self.menus.popup_new(self.top.new)

    def write_down(self) -> None:
        """The button for what a customer asks for: Ctrl+T."""
        self.context.actions.run("tickets.new")

    def offer_new(self) -> None:
        """The New button: all that can be made here."""
        self.menus.popup_new(self.top.new)

    def update_safety(self) -> None:
        """Ask anew what is saved and how old the backup is."""
        from csdesk.ui.core.context import Safety

        safety = self.context.safety() if self.context.safety is not None else Safety()
        self.rail.tile.show_safety(safety, self.context.clock.now())

    def show_backups(self) -> None:
        """What the safety tile opens."""
        self.pages.to("settings", section="data")

    def follow_crumb(self, args: dict[str, Any]) -> None:
        """Go where a step of the breadcrumb leads."""
        self.pages.to(self.pages.here, **args)

    def refresh_frame(self) -> None:
        """Say where one is: rail, breadcrumb, title, what can be done."""
        from csdesk.services.core.texts import _

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

    def restyle(self) -> None:
        """The theme changed: draw anew what is kept as a picture."""
        self.menus.redraw()
        self._fold()

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
            self.context.messages.bar("", _unfit(names[0]))
        return found is not None

    def paste(self) -> None:
        """Take a table from the clipboard, where nothing else took what is pasted."""
        taker = next((feature for feature in self.features if feature.takes_tables), None)
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()
        if taker is None or data is None or not self.context.is_open:
            return
        is_text = data.hasText() and ("\t" in data.text() or "\n" in data.text().strip())
        if is_text or (data.hasHtml() and "<table" in data.html().casefold()):
            self.context.go.to(taker.key, paste=True)

    def remember(self) -> None:
        """Keep geometry and place for the next start."""
        if self._retired:
            return
        box = self.normalGeometry() if self.isMaximized() or self.isFullScreen() else self.geometry()
        self.state.set("window.geometry", [box.x(), box.y(), box.width(), box.height()])
        self.state.set("window.maximised", self.isMaximized())
        if self.is_furnished and self.context.is_open:
            self.state.set("window.place", self.pages.kept())
        self.state.flush()

    def retire(self) -> None:
        """Another window takes this one's place: stop listening, hide."""
        for signal, slot in self._wires:
            signal.disconnect(slot)
        self._wires = []
        self.speaker.retire()
        self._retired = True
        self.hide()

    def show_instead(self, widget: QWidget) -> None:
        """Show something that is no page (the store cannot be opened)."""
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        self._let_through(False)

    def come_forward(self) -> None:
        """Be seen: a second start was asked for."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape that nobody on the page wanted cancels the work that is shown."""
        from PySide6.QtCore import Qt

        if event.matches(QKeySequence.StandardKey.Paste) and self.is_furnished:
            self.paste()
        elif event.key() != Qt.Key.Key_Escape or not self.is_furnished or not self.speaker.corner.cancel_newest():
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_furnished and self.pages.page is not None and not self.pages.page.may_leave():
            event.ignore()
            return
        self.remember()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_furnished and self._small != self._is_small():
            self._fold()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_furnished:
            self._paint_frame()
        else:
            super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self._tell_painted)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        from csdesk.services.core.texts import _

        names = _files(event)
        if not names or not self.context.is_open:
            return
        found = self.drop_for(names)
        if found is None:
            self.overlay.say(_unfit(names[0]), False)
        else:
            self.overlay.say(_(found[1].label).format(name=_name(names[0])), True)
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

    def _tell_painted(self) -> None:
        self.painted.emit()

    def _fold(self) -> None:
        small = self._small = self._is_small()
        self.rail.set_narrow(small or self._narrow_choice)
        self.top.set_narrow(small)
        self.speaker.bars.set_narrow(small)

    def _let_through(self, on: bool) -> None:
        """Places can be gone to only while the store is open."""
        self.rail.setEnabled(on)
        self.rail.tile.setVisible(on)
        self.top.setEnabled(on)

    def _mark_sample(self) -> None:
        from csdesk.services.core.texts import _

        leave = self.context.leave_sample
        text = _("These are sample data, in a store of their own.")
        verbs = ((_("Begin with your own data"), leave),) if leave is not None else ()
        self.context.messages.bar("", text, "sample", verbs, key="sample", closable=False)

    def _is_small(self) -> bool:
        from csdesk.ui.core.theme import px

        return self.width() < px(NARROW_BELOW)

    def _changed(self, _changes: object) -> None:
        self._ask_steps()
        self.update_safety()

    def _saved(self, _at: object) -> None:
        self.update_safety()

    def _ask_steps(self) -> None:
        self.context.runner.ask(next_step_names, then=self._steps, owner=self)

    def _steps(self, names: tuple[str, str]) -> None:
        self.step_names = names
        self.context.actions.update()

    def _paint_frame(self) -> None:
        """Menu bar, rail and top bar without anything in them."""
        mode = self.state.get("theme", "system")
        dark = mode == "dark" or (mode == "system" and self.palette().window().color().lightness() < 128)
        grounds = {name: QColor(code) for name, code in BARE[dark].items()}
        rail = SMALL_RAIL if self._narrow_choice or self.width() < NARROW_BELOW else RAIL
        painter = QPainter(self)
        painter.fillRect(self.rect(), grounds["window"])
        painter.fillRect(0, MENU, rail, self.height(), grounds["sunken"])
        painter.fillRect(rail, MENU, self.width(), TOP, grounds["surface"])
        painter.fillRect(0, MENU - 1, self.width(), 1, grounds["divider"])
        painter.fillRect(rail - 1, MENU, 1, self.height(), grounds["divider"])
        painter.fillRect(rail, MENU + TOP - 1, self.width(), 1, grounds["divider"])
        painter.end()

    def _restore_geometry(self) -> None:
        from PySide6.QtCore import QRect

        kept = self.state.get("window.geometry")
        known = isinstance(kept, list) and len(kept) == 4 and all(isinstance(number, int) for number in kept)
        self.setGeometry(clamp(QRect(*kept) if known else QRect(0, 0, *FIRST_SIZE), known))
        if self.state.get("window.maximised") is True:
            from PySide6.QtCore import Qt

            self.setWindowState(Qt.WindowState.WindowMaximized)


def next_step_names(connection: Any) -> tuple[str, str]:
    """What undo and redo would take back and do again, "" for nothing; on a reader thread."""
    from csdesk.services.core.undo import next_redo, next_undo

    undo, redo = next_undo(connection), next_redo(connection)
    return undo.text if undo is not None else "", redo.text if redo is not None else ""


def clamp(box: QRect, keep_place: bool) -> QRect:
    """The box moved and cut so that it lies on a screen that exists; centred on the first one without a known place."""
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QGuiApplication

    rooms = [screen.availableGeometry() for screen in QGuiApplication.screens()]
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


def _name(file: str) -> str:
    from pathlib import Path

    return Path(file).name


def _unfit(file: str) -> str:
    from csdesk.services.core.texts import _

    return _("{name} cannot be imported: CSDesk takes spreadsheets").format(name=_name(file))
