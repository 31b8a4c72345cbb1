"""What the program says to the user: toast < bar on the page < dialog. The window shows what is emitted here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from csdesk.services.core.progress import Progress

Answer = tuple[str, Callable[[], object]]
"""A shown verb and what it does."""


@dataclass(frozen=True)
class Toast:
    """A line at the bottom left for 8 seconds, with Undo and perhaps one link."""

    text: str
    undo: Callable[[], object] | None = None
    link: Answer | None = None


@dataclass(frozen=True)
class Notice:
    """A bar above a page: ``tone`` "warn" (amber), "error" (red) or "sample" (violet). ``page`` "" is every page.
    ``key`` names it: a second one with the same key takes its place."""

    key: str
    text: str
    tone: str = "warn"
    actions: tuple[Answer, ...] = ()
    page: str = ""
    closable: bool = True


@dataclass(frozen=True)
class Question:
    """A dialog for what undo cannot mend. ``keep`` is the safe verb and has the focus; ``verb`` does it."""

    title: str
    text: str
    verb: str
    then: Callable[[], object]
    danger: bool = False
    keep: str = ""
    otherwise: Callable[[], object] | None = None


class Messages(QObject):
    """The one door for messages; from the UI thread only. All texts are plain text, never markup."""

    toasted = Signal(object)
    noticed = Signal(object)
    cleared = Signal(str)
    asked = Signal(object)
    followed = Signal(object, str)
    unfollowed = Signal(object)
    failed = Signal(str, str)

    def toast(self, text: str, undo: Callable[[], object] | None = None, link: Answer | None = None) -> None:
        """Say what was done; ``undo`` takes it back, ``link`` is (text, callable)."""
        self.toasted.emit(Toast(text, undo, link))

    def bar(
        self,
        page: str,
        text: str,
        tone: str = "warn",
        actions: tuple[Answer, ...] = (),
        key: str = "",
        closable: bool = True,
    ) -> None:
        """Put a bar above the page with key ``page`` ("" for all) until it is closed, cleared or replaced."""
        self.noticed.emit(Notice(key or f"{page}:{text}", text, tone, tuple(actions), page, closable))

    def clear(self, key: str) -> None:
        """Take the bar with this key away."""
        self.cleared.emit(key)

    def ask(
        self,
        title: str,
        text: str,
        verb: str,
        then: Callable[[], object],
        *,
        danger: bool = False,
        keep: str = "",
        otherwise: Callable[[], object] | None = None,
    ) -> None:
        """Ask without blocking: ``then`` runs when the user chooses ``verb``, ``otherwise`` when not."""
        self.asked.emit(Question(title, text, verb, then, danger, keep, otherwise))

    def follow(self, progress: Progress, title: str) -> None:
        """Long work began: its card shows after 0.5 s, is polled each 100 ms, Escape cancels it."""
        self.followed.emit(progress, title)

    def unfollow(self, progress: Progress) -> None:
        """The work is over, whatever came of it."""
        self.unfollowed.emit(progress)

    def bug(self, summary: str, details: str) -> None:
        """Something happened that should not have: one calm dialog with details to copy."""
        self.failed.emit(summary, details)
