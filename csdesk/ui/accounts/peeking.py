"""A list whose rows are accounts, by the account's id: Space looks at one beside the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.accounts.peek import AccountPeek
from csdesk.ui.core.actions import Action
from csdesk.ui.core.list_page import ListPage

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


class AccountListPage(ListPage):
    """The drawer follows the current row until Space or Escape closes it; Enter opens the account's page."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.peek = AccountPeek(context, self)
        self.peek.opened.connect(self.open_row)
        self.peek.closed.connect(self._peek_closed)
        self.table.current_changed.connect(self.peek.follow)

    def refresh(self) -> None:
        super().refresh()
        self.peek.refresh()

    def open_row(self, record: int) -> None:
        self.context.go.to("accounts", id=record)

    def peek_row(self, record: int | None) -> None:
        self.peek.turn(record)
        self.table.is_peeking = self.peek.account_id is not None

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
