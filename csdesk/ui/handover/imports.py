"""All imports so far, as a list like the others; what a file brought can be taken back from here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import ListPage, ListSpec
from csdesk.ui.core.parts import EmptyState

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.ui.core.context import Context


class ImportsPage(ListPage):
    """The newest first. Enter opens one: what came of it, what did not come in, and what can be done with it now."""

    key = "imports"
    entities = frozenset({"imports"})
    row_actions = ("imports.undo", "imports.redo")

    def make_spec(self) -> ListSpec:
        from csdesk.services.core.columns import Filter
        from csdesk.services.handover.past import IMPORTS, STATES, state_counts

        own = [View(key, title, (Filter("state", key),)) for key, title in STATES.items()]
        first = EmptyState(
            _("Nothing was imported yet"),
            _("Each file that comes in stands here with what came of it, and can be taken back."),
            _("Import a handover workbook"),
            icon="import",
        )
        first.chosen.connect(self._import)
        return ListSpec(
            listing=IMPORTS,
            title=_("Imports so far"),
            views=[View("all", N_("All"), ()), *own],
            kinds=(Kind("state", N_("State"), tuple(STATES.items())),),
            counts=state_counts,
            counted=_counted,
            words=_state_word,
            nothing=_("No import fits"),
            first=first,
        )

    def open_row(self, record: int) -> None:
        self.context.go.to("handover", **{"import": record})

    def more_actions(self) -> list[Action]:
        text = N_("Take this import back")
        again = N_("Take this import in again")
        return [
            Action("imports.undo", text, self._take_back, "undo", "", "edit", (self.key,), 3),
            Action("imports.redo", again, self._take_in_again, "undo", "", "edit", (self.key,), 3),
        ]

    def _take_back(self) -> None:
        current = self.table.current_id()
        if current is not None:
            take_back(self.context, current)

    def _take_in_again(self) -> None:
        current = self.table.current_id()
        if current is not None:
            take_in_again(self.context, current)

    def _import(self) -> None:
        self.context.go.to("handover", choose=True)


def take_back(context: Context, record: int) -> None:
    """Show, sorted, what taking an import back would do; then do it where the user wants that."""

    def sort(desk: Desk, _progress: Progress) -> Any:
        from csdesk.services.handover.undoing import preview_undo

        return preview_undo(desk, record)

    def shown(told: Any) -> None:
        from csdesk.ui.handover.taking_back import TakeBackDialog

        TakeBackDialog(told, back, QApplication.activeWindow()).open()

    def back() -> None:
        from csdesk.services.handover.undoing import undo_import

        def undo(desk: Desk, _progress: Progress) -> Any:
            return undo_import(desk, record)

        context.runner.work(undo, partial(_taken_back, context, record), _("Taking the import back"))

    context.runner.work(sort, shown, _("Looking what can be taken back"))


def take_in_again(context: Context, record: int) -> None:
    """Take an import in again that was taken back."""

    def forth(desk: Desk, _progress: Progress) -> Any:
        from csdesk.services.handover.undoing import redo_import

        return redo_import(desk, record)

    context.runner.work(forth, partial(_taken_in, context), _("Taking the import in again"))


def _taken_back(context: Context, record: int, result: Any) -> None:
    from csdesk.services.core.changes import EVERYTHING

    context.runner.changed.emit(EVERYTHING)
    context.messages.toast(result.sentence, undo=partial(take_in_again, context, record))


def _taken_in(context: Context, result: Any) -> None:
    from csdesk.services.core.changes import EVERYTHING

    context.runner.changed.emit(EVERYTHING)
    count = ngettext("{n} record is there again.", "{n} records are there again.", result.records)
    context.messages.toast(count.format(n=result.records))


def _counted(count: int) -> str:
    return ngettext("{n} import", "{n} imports", count).format(n=formats.number(count))


def _state_word(key: str, value: str) -> str:
    from csdesk.services.handover.past import STATES

    return _(STATES[value]) if key == "state" else value
