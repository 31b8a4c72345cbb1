"""A page and the feature that brings it: what a slice gives to the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.ui.core.actions import Action
from csdesk.ui.core.parts import EmptyState
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context, Subject

Args = Mapping[str, Any]
SMALL_WINDOW = 1180
"""Below this width of the window the rail shows icons alone and pages save room."""


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb: a shown text, and where it leads (``args`` for the same feature; None: here)."""

    text: str
    args: Args | None = None


class Page(QWidget):
    """A screen of the window. Made once, on first use; shown many times.

    The window calls, in this order: ``arrive(args)`` each time somebody goes there (args are JSON values; ids are
    ints), ``recall(view)`` with what ``remember()`` said when it was left, then ``focus_first()``. After a change to
    one of ``entities`` it calls ``refresh()``: at once when visible, else when it is next shown. Pages ask for data
    through ``context.runner.ask`` and never block.

    Of one page at most ``show_early`` is called before all of that, while nothing can be pressed on it yet.

    Emit ``crumbs_changed`` when title or crumbs differ, ``actions_changed`` when ``page_actions()`` does.
    """

    key: ClassVar[str] = ""
    entities: ClassVar[frozenset[str]] = frozenset()
    can_print: ClassVar[bool] = False
    is_hosted = False
    """Whether it stands inside another page, which has the head and the margins."""

    crumbs_changed = Signal()
    actions_changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName("page")

    def column(self) -> QVBoxLayout:
        """Make the page's layout: one column with the margins and gaps of every page, less in a small window."""
        made = QVBoxLayout(self)
        self._fit_margins()
        return made

    def when_gone(self, title: str, text: str, way: str, go: Callable[[], object]) -> EmptyState:
        """What stands here, hidden until then, once the record shown is no more: ``way`` names where ``go`` leads."""
        made = EmptyState(title, text, normal=way)
        made.chosen.connect(go)
        made.hide()
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_margins()

    def _fit_margins(self) -> None:
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            if self.is_hosted:
                layout.setContentsMargins(0, 0, 0, 0)
                layout.setSpacing(12)
                return
            side, gap = (16, 12) if self.window().width() < px(SMALL_WINDOW) else (24, 16)
            layout.setContentsMargins(side, gap, side, 16)
            layout.setSpacing(gap)

    def arrive(self, args: Args) -> None:
        """Show what ``args`` name. Without args: as it was left. The base class just refreshes."""
        self.refresh()

    def show_early(self, look: Any) -> None:
        """Show what was kept of this page's data, before the store is open; ``arrive`` follows once it is."""

    def refresh(self) -> None:
        """Ask for the data again and keep scroll, selection and focus where they are."""

    def crumbs(self) -> tuple[Crumb, ...]:
        """The breadcrumb behind the feature's title, the last one here: () on a list, (view, name) on a record."""
        return ()

    def subject(self) -> Subject | None:
        """The account that the page is about: what is written down from anywhere begins with it."""
        return None

    def page_actions(self) -> list[Action]:
        """What can be done here: stands in the menu bar and the palette while the page is shown."""
        return []

    def print_report(self) -> None:
        """Ctrl+P; called only where ``can_print``."""

    def focus_first(self) -> None:
        """Put the keyboard where work begins (the list, not the filter)."""
        self.setFocus()

    def focus_filter(self) -> bool:
        """ "/": go to the page's filter field; False where there is none."""
        return False

    def remember(self) -> dict[str, Any]:
        """Scroll, selection, chosen tab as JSON values: kept with the history entry and over restarts."""
        return {}

    def recall(self, view: Args) -> None:
        """Put back what ``remember`` gave; ``view`` may lack anything."""

    def may_leave(self) -> bool:
        """False holds the user back (a question was asked by the page itself); drafts are kept, so mostly True."""
        return True


PageMaker = Callable[["Context"], Page]


@dataclass(frozen=True)
class Drop:
    """Files that a feature takes when dropped on the window: the window goes there with ``files=[path, …]``.

    ``label`` is a msgid that names the result; ``{name}`` stands for the file's name.
    """

    suffixes: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Feature:
    """A slice's entry in the window. ``make`` imports its page module inside, so that start stays quick.

    ``detail`` makes the page of one record: ``go.to(key, id=…)`` leads to it, ``go.to(key)`` to ``make``'s.
    ``group`` is "place" (with key), "occasional" or "bottom"; "hidden" stands in no rail. ``actions`` gives what
    stands in the menus on every page (New account, Import workbook …). ``takes_tables``: a table that is pasted where
    nothing takes it leads there, with ``paste=True``.
    """

    key: str
    title: str
    icon: str
    make: PageMaker
    shortcut: str = ""
    group: str = "place"
    detail: PageMaker | None = None
    actions: Callable[[Context], list[Action]] | None = None
    drops: tuple[Drop, ...] = ()
    takes_tables: bool = False
