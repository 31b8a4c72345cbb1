"""What a page receives: the desk, the runner, the way to other pages, messages, state, actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from csdesk.ui.core.actions import Actions
from csdesk.ui.core.messages import Messages
from csdesk.ui.core.state import State

if TYPE_CHECKING:
    from csdesk.services.core.changes import Changes
    from csdesk.services.core.clock import Clock
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.listing import Listing
    from csdesk.services.files.keeper import Keeper
    from csdesk.services.tickets.likeness import StoreLikeness
    from csdesk.ui.core.preferences import Preferences
    from csdesk.ui.core.runner import Runner
    from csdesk.ui.core.standby import Standby


class Hit(Protocol):
    """One result of the search, as services/search gives it.

    ``kind`` is the entity ("accounts", "contacts", …); ``id`` leads to the record, ``account_id`` to the account
    that it belongs to (the account itself for an account). ``title_spans`` and ``subtitle_spans`` are half-open
    character ranges of what matched. ``detail`` stands at the right (a phone is already masked). ``tier`` is "A",
    "B", "C" or "".
    """

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> int: ...
    @property
    def account_id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def tier(self) -> str: ...
    @property
    def title_spans(self) -> Sequence[tuple[int, int]]: ...
    @property
    def subtitle_spans(self) -> Sequence[tuple[int, int]]: ...


class Search(Protocol):
    """The search in memory: ``find`` answers in milliseconds on the UI thread, best hit first, kinds together.

    ``find_accounts`` finds accounts alone. ``changed`` takes note of what was written, ``reload`` loads everything; both work beside the UI thread. ``over``
    lets a listing of accounts find its words here.
    """

    def find(self, text: str, limit: int) -> Sequence[Hit]: ...
    def find_accounts(self, text: str, limit: int) -> Sequence[Hit]: ...
    def changed(self, changes: Changes) -> None: ...
    def reload(self) -> None: ...
    def over(self, listing: Listing) -> Listing: ...


@dataclass(frozen=True)
class Safety:
    """What the safety tile says: moments in UTC, None when never; ``problem`` is a sentence when saving or backing
    up failed."""

    saved_at: datetime | None = None
    backup_at: datetime | None = None
    problem: str = ""


@dataclass(frozen=True)
class Subject:
    """What a page or dialog is about: an account, how it is called, perhaps a person there and a visit."""

    account_id: int
    account: str
    contact_id: int | None = None
    visit_id: int | None = None


class Navigator(QObject):
    """The way from page to page; the window puts its own in. ``moved`` follows each change of place."""

    moved = Signal()

    def to(self, key: str, **args: Any) -> None:
        """Go to a feature's page; with ``id`` to the page of that record. Args are JSON values."""
        raise RuntimeError(f"no window to go to {key} in")

    def back(self) -> None:
        """One step back in the history (Alt+Left)."""

    def forward(self) -> None:
        """One step forward (Alt+Right)."""

    @property
    def here(self) -> str:
        """Key of the shown feature."""
        return ""

    @property
    def subject(self) -> Subject | None:
        """What the shown page is about, None where it is about no single account."""
        return None


@dataclass
class Context:
    """What a page receives. ``desk``, ``runner`` and ``search`` are set once the store is open, before any page is
    made, ``likeness`` when it is first needed, ``standby`` (the dialog kept ready) a moment after the first page; the same
    object lives as long as the window, a change of language included. ``leave_sample`` is set where a sample store was
    opened in place of the user's own."""

    state: State
    messages: Messages
    actions: Actions
    go: Navigator
    clock: Clock
    preferences: Preferences
    _desk: Desk | None = None
    _runner: Runner | None = None
    search: Search | None = None
    safety: Callable[[], Safety] | None = None
    keeper: Keeper | None = None
    likeness: StoreLikeness | None = None
    standby: Standby | None = None
    sample: bool = False
    leave_sample: Callable[[], None] | None = None

    @property
    def desk(self) -> Desk:
        """The open desk."""
        if self._desk is None:
            raise RuntimeError("the store is not open yet")
        return self._desk

    @property
    def runner(self) -> Runner:
        """What runs readings and commands beside the UI thread."""
        if self._runner is None:
            raise RuntimeError("the store is not open yet")
        return self._runner

    @property
    def is_open(self) -> bool:
        """Whether the store is open."""
        return self._desk is not None

    def open(self, desk: Desk, runner: Runner) -> None:
        """Set once, when the store is open."""
        self._desk = desk
        self._runner = runner

    def close(self) -> None:
        """The store is closed; the window that showed it is gone."""
        self._desk = self._runner = None
        self.search = self.safety = self.keeper = self.likeness = self.leave_sample = None
        self.sample = False
