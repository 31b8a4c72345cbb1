"""A look at one record beside its list: the drawer that follows the current row, and the list that has one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.actions import Action
from csdesk.ui.core.drawer import Drawer
from csdesk.ui.core.list_page import ListPage
from csdesk.ui.core.parts import Button, Label, TierBadge
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


class Peek(Drawer):
    """Shows one record after the other. ``opened`` gives the id whose page is wanted. A slice says how a record is read
    (``ask``) and what is shown of it (``fill``)."""

    opened = Signal(object)

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self.context = context
        self.record: int | None = None

    def ask(self, record: int) -> None:
        """Have the record read; the answer, None where it is gone, goes to ``answered``."""
        raise TypeError(f"{type(self).__name__} does not say how a record is read")

    def fill(self, found: Any) -> None:
        """Put what was read into ``head``, ``body`` and ``foot``."""
        raise TypeError(f"{type(self).__name__} does not say what it shows")

    def turn(self, record: int | None) -> None:
        """What Space does: show this record, or close; None closes."""
        if self.is_open or record is None:
            self.close_up()
        else:
            self.record = record
            self.refresh()

    def follow(self, record: int | None) -> None:
        """The list went on to another row."""
        if self.is_open and record is not None and record != self.record:
            self.record = record
            self.refresh()

    def refresh(self) -> None:
        """Read the record anew."""
        if self.record is not None:
            self.ask(self.record)

    def close_up(self) -> None:
        self.record = None
        super().close_up()

    def answered(self, found: Any) -> None:
        """Show what was read, unless it was closed meanwhile."""
        if self.record is None:
            return
        if found is None:
            self.close_up()
            return
        self.clear()
        self.fill(found)
        self.body.addStretch(1)
        self.open()

    def put_name(self, name: str, tier: str | None) -> Label:
        """The account's name and tier in the head, with the button that closes."""
        row = QHBoxLayout()
        row.setSpacing(px(8))
        shown = Label(name, "h2", elide=True)
        row.addWidget(shown)
        if tier:
            row.addWidget(TierBadge(tier))
        row.addStretch(1)
        close = Button(_("Close the preview"), "close", "Esc", "icon")
        close.clicked.connect(self.close_up)
        row.addWidget(close)
        self.head.addLayout(row)
        return shown

    def put_verbs(self, record: int, *more: QWidget) -> None:
        """The button that opens the account in the foot, and others beside it."""
        row = QHBoxLayout()
        row.setSpacing(px(8))
        opens = Button(_("Open account"), "accounts", "Enter")
        opens.clicked.connect(partial(self.opened.emit, record))
        for button in (opens, *more):
            row.addWidget(button)
        row.addStretch(1)
        self.foot.addLayout(row)


class PeekingListPage(ListPage):
    """The drawer follows the current row until Space or Escape closes it; Enter opens the row."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.peek = self.make_peek()
        self.peek.opened.connect(self.open_row)
        self.peek.closed.connect(self._peek_closed)
        self.table.current_changed.connect(self.peek.follow)

    def make_peek(self) -> Peek:
        """The drawer of this list; called once."""
        raise TypeError(f"{type(self).__name__} does not say how it looks at a row")

    def refresh(self) -> None:
        super().refresh()
        self.peek.refresh()

    def peek_row(self, record: int | None) -> None:
        self.peek.turn(record)
        self.table.is_peeking = self.peek.record is not None

    def key_hints(self) -> list[tuple[str, str]]:
        opens, *rest = super().key_hints()
        return [opens, ("Space", _("preview")), *rest]

    def page_actions(self) -> list[Action]:
        peek = Action(f"{self.key}.peek", N_("Preview"), self._peek_current, "search", "", "view", (self.key,), 2)
        return [*super().page_actions(), peek]

    def _peek_current(self) -> None:
        self.peek_row(self.table.current_id())

    def _peek_closed(self) -> None:
        self.table.is_peeking = False
        if self.table.isVisible():
            self.table.setFocus()
