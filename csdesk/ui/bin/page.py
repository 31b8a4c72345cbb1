"""The bin: what was deleted, each with its way back, or out for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.parts import Button, EmptyState, PageHead

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


class BinPage(ListPage):
    """The last deleted first. Enter brings back; what is removed for good is asked about, for undo cannot mend it."""

    key = "bin"
    entities = frozenset(
        {
            "accounts",
            "contacts",
            "contracts",
            "visits",
            "tasks",
            "interactions",
            "articles",
            "attachments",
            "tickets",
            "demands",
            "releases",
            "opportunities",
        }
    )
    row_actions = ("bin.restore", "bin.purge")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.table.counted.connect(self._show_verbs)
        self.table.ticks_changed.connect(self._show_verbs)
        self._show_verbs()

    def make_spec(self) -> ListSpec:
        from csdesk.services.bin.queries import BIN, KINDS, kind_counts
        from csdesk.services.core.columns import Filter

        own = [View(key, title, (Filter("kind", key),)) for key, title in KINDS.items()]
        return ListSpec(
            listing=BIN,
            title=_("Bin"),
            views=[View("all", N_("All"), ()), *own],
            kinds=(Kind("kind", C_("what it is", "Kind"), tuple(KINDS.items())),),
            counts=kind_counts,
            counted=_counted,
            words=_kind_word,
            nothing=_("Nothing in the bin fits"),
            first=EmptyState(
                _("The bin is empty"), _("What you delete waits here until you bring it back."), icon="trash"
            ),
            bulk=(
                Bulk(_("Bring back"), self._restore, "undo", "Enter", primary=True),
                Bulk(_("Remove for good"), self._purge, "trash"),
            ),
        )

    def open_row(self, record: int) -> None:
        self._restore()

    def key_hints(self) -> list[tuple[str, str]]:
        return [("Enter", _("bring back")), *super().key_hints()[1:]]

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], icon: str, shortcut: str = "") -> Action:
            return Action(f"bin.{key}", text, run, icon, shortcut, "edit", (self.key,), 3)

        return [
            act("restore", N_("Bring back"), self._restore, "undo"),
            act("purge", N_("Remove for good…"), self._purge, "trash", "Ctrl+Delete"),
            act("empty", N_("Empty the bin…"), self._empty, "trash", "Ctrl+Shift+Delete"),
        ]

    def _head(self) -> PageHead:
        head = super()._head()
        self.empty_bin = Button(_("Empty the bin"), "trash")
        self.restore = Button(_("Bring back"), "undo", "Enter", "primary")
        self.empty_bin.clicked.connect(self._empty)
        self.restore.clicked.connect(self._restore)
        head.add_action(self.empty_bin)
        head.add_action(self.restore)
        return head

    def _show_verbs(self, _count: int = 0) -> None:
        """With rows ticked the bar beneath has the verb."""
        model = self.table.model_
        for button in (self.empty_bin, self.columns, self.export):
            button.setVisible(bool(model.ids))
        self.restore.setVisible(bool(model.ids) and not model.ticked)

    def _restore(self) -> None:
        from csdesk.services.bin.commands import BringBack, bring_back

        ids = tuple(self.table.acting_ids())
        if ids:
            self.context.runner.do(bring_back, BringBack(ids))

    def _purge(self) -> None:
        from csdesk.services.bin.commands import Purge, purge_records

        ids = tuple(self.table.acting_ids())
        if ids:
            self.context.runner.do(purge_records, Purge(ids))

    def _empty(self) -> None:
        from csdesk.services.bin.commands import Purge, purge_records

        self.context.runner.do(purge_records, Purge())


def _counted(count: int) -> str:
    return ngettext("{n} thing can be brought back", "{n} things can be brought back", count).format(
        n=formats.number(count)
    )


def _kind_word(key: str, value: str) -> str:
    from csdesk.services.bin.queries import KINDS

    return _(KINDS[value]) if key == "kind" else value
