"""Draws screens into PNG files without showing a window: for the README, for laying beside the designs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QObject, QTimer

from csdesk.services.core import texts
from csdesk.ui.core import theme
from csdesk.ui.core.actions import Actions
from csdesk.ui.core.context import Context, Navigator, Safety
from csdesk.ui.core.messages import Messages
from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.state import State
from csdesk.ui.core.window import MainWindow
from csdesk.ui.launch import Opened, application

if TYPE_CHECKING:
    from csdesk.services.core.clock import Clock
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.folders import Folders
    from csdesk.ui.core.page import Feature

ROUNDS = 4
"""A page may ask again when it has its first answer; so many times the draughtsman waits for the readers."""
PATIENCE_MS = 10_000


@dataclass(frozen=True)
class Screen:
    """A picture's name and what it shows: a feature's key and the args to go there with. ``typed`` opens the palette
    over it with this text."""

    name: str
    key: str
    args: Mapping[str, Any] = field(default_factory=dict)
    typed: str | None = None


def draw_all(
    desk: Desk,
    features: tuple[Feature, ...],
    out: Path,
    folders: Folders,
    language: str,
    mode: str,
    size: tuple[int, int],
) -> list[Path]:
    """Draw every feature's page, the page of the first account, and the palette over the list."""
    from csdesk.services.accounts.queries import ACCOUNTS, account
    from csdesk.services.core.columns import Query
    from csdesk.services.files.keeper import Keeper
    from csdesk.services.search.queries import StoreSearch

    keeper = Keeper(folders, desk.clock)
    with desk.read() as connection:
        ids = ACCOUNTS.ids(connection, Query(), desk.clock.today())
        first = account(connection, ids[0]) if ids else None
    screens = [Screen(feature.key, feature.key) for feature in features if feature.group != "hidden"]
    if first is not None:
        screens.append(Screen("account", "accounts", {"id": first.id}))
        screens.append(Screen("palette", "accounts", typed=(first.short_name or first.name)[:2]))
    search = StoreSearch(desk)
    search.reload()
    search.wait()
    opened = Opened(
        desk, search, lambda: Safety(desk.saved_at, keeper.safety.backup_at, keeper.safety.problem), desk.close
    )  # fmt: skip
    return draw(opened, features, screens, out, clock=desk.clock, language=language, mode=mode, size=size)


def draw(
    opened: Opened,
    features: tuple[Feature, ...],
    screens: Sequence[Screen],
    out: Path,
    *,
    clock: Clock,
    language: str = "zh_CN",
    mode: str = "light",
    size: tuple[int, int] = (1440, 900),
) -> list[Path]:
    """Draw each screen as ``out``/name.png and give the files. Nothing is remembered, the store is only read."""
    from csdesk.ui.core.runner import Runner

    app = application()
    texts.install(language)
    theme.apply(app, mode)
    state = State(None)
    context = Context(state, Messages(), Actions(), Navigator(), clock, Preferences(state, language))
    context.search, context.safety, context.sample = opened.search, opened.safety, opened.sample
    window = MainWindow(state)
    window.furnish(context, features)
    window.setGeometry(0, 0, *size)
    window.show()
    context.open(opened.desk, Runner(opened.desk, context.messages))
    window.opened()
    out.mkdir(parents=True, exist_ok=True)
    try:
        return [_draw_one(window, screen, out) for screen in screens]
    finally:
        window.retire()
        context.runner.close()
        window.deleteLater()


def _draw_one(window: MainWindow, screen: Screen, out: Path) -> Path:
    window.context.go.to(screen.key, **screen.args)
    settle(window)
    if screen.typed is not None:
        window.palette_box.open(screen.typed)
        settle(window)
    target = out / f"{screen.name}.png"
    picture = window.grab()
    window.palette_box.close_up()
    if not picture.save(str(target)):
        raise OSError(f"{target} could not be written")
    return target


def settle(window: MainWindow) -> None:
    """Let the readers answer and the page lay itself out."""
    for _round in range(ROUNDS):
        waiter = _Waiter()
        window.context.runner.ask(_nothing, then=waiter.done, owner=waiter, key="first")
        window.context.runner.ask(_nothing, then=waiter.done, owner=waiter, key="second")
        waiter.wait()


def _nothing(_connection: Any) -> None:
    return None


class _Waiter(QObject):
    """Runs the event loop until both readers have answered."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = QEventLoop()
        self._left = 2

    def done(self, _answer: None) -> None:
        """One reader answered."""
        self._left -= 1
        if not self._left:
            QTimer.singleShot(20, self._loop.quit)

    def wait(self) -> None:
        """Until then, or until patience ends."""
        QTimer.singleShot(PATIENCE_MS, self._loop.quit)
        self._loop.exec()
