"""The bin: what was deleted, each with its way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.page import Page
from csdesk.ui.core.parts import Button, EmptyState, PageHead, Surface

if TYPE_CHECKING:
    from csdesk.services.bin.queries import Binned
    from csdesk.ui.core.context import Context

ICONS = {"accounts": "accounts", "contacts": "contact", "contracts": "contract", "visits": "visits"}
KINDS = {"accounts": N_("Account"), "contacts": N_("Contact"), "contracts": N_("Contract"), "visits": N_("Visit")}


class BinPage(Page):
    """One list, one verb: bring back."""

    key = "bin"
    entities = frozenset(ICONS)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        column = self.column()
        self.head = PageHead(_("Bin"))
        self.restore = Button(_("Bring back"), "undo", "Enter", "primary")
        self.restore.clicked.connect(self._restore)
        self.head.add_action(self.restore)
        column.addWidget(self.head)
        self.list = LinesView(_("Bin"), 112, with_icons=True)
        self.list.opened.connect(self._restore)
        self._stack = QStackedWidget()
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list)
        self._stack.addWidget(surface)
        self._stack.addWidget(
            EmptyState(_("The bin is empty"), _("What you delete waits here until you bring it back."), icon="trash")
        )
        column.addWidget(self._stack, 1)

    def refresh(self) -> None:
        from csdesk.services.bin.queries import binned

        self.context.runner.ask(binned, then=self._fill, owner=self)

    def _fill(self, rows: list[Binned]) -> None:
        today = self.context.clock.today()
        self.list.set_lines(
            [
                Line(
                    (row.entity, row.id),
                    row.name or _(KINDS[row.entity]),
                    row.account,
                    left=formats.moment_near(row.deleted_at, today),
                    icon=ICONS[row.entity],
                    note=_(KINDS[row.entity]),
                )
                for row in rows
            ]
        )
        if self.list.current_key() is None:
            self.list.choose_first()
        count = ngettext("{n} thing can be brought back", "{n} things can be brought back", len(rows))
        self.head.set_text(sentence=count.format(n=len(rows)) if rows else "")
        self.restore.setVisible(bool(rows))
        self._stack.setCurrentIndex(0 if rows else 1)

    def focus_first(self) -> None:
        self.list.setFocus()

    def page_actions(self) -> list[Action]:
        return [Action("bin.restore", N_("Bring back"), self._restore, "undo", "", "edit", (self.key,), 3)]

    def _restore(self, _key: object = None) -> None:
        from csdesk.services.accounts.commands import Restore, restore_records

        key = self.list.current_key()
        if isinstance(key, tuple):
            self.context.runner.do(restore_records, Restore(key[0], (key[1],)))
