"""All imports so far, as a list like the others; what a file brought can be taken back from here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

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
    """The newest first. Enter asks whether to take one back."""

    key = "imports"
    entities = frozenset({"imports"})
    row_actions = ("imports.undo",)

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
            chosen=_chosen,
            choose_all=_choose_all,
            summed=_summed,
            words=_state_word,
            nothing=_("No import fits"),
            first=first,
        )

    def open_row(self, record: int) -> None:
        take_back(self.context, record)

    def key_hints(self) -> list[tuple[str, str]]:
        return [("Enter", _("take back")), *super().key_hints()[1:]]

    def more_actions(self) -> list[Action]:
        text = N_("Take this import back")
        return [Action("imports.undo", text, self._take_back, "undo", "", "edit", (self.key,), 3)]

    def _take_back(self) -> None:
        current = self.table.current_id()
        if current is not None:
            take_back(self.context, current)

    def _import(self) -> None:
        self.context.go.to("handover", choose=True)


def take_back(context: Context, record: int) -> None:
    """Ask, then take an import back and say what was kept."""

    def back() -> None:
        from csdesk.services.handover.undoing import undo_import

        def undo(desk: Desk, _progress: Progress) -> Any:
            return undo_import(desk, record)

        context.runner.work(undo, partial(_taken_back, context), _("Taking the import back"))

    context.messages.ask(
        _("Take this import back?"),
        _("What it made goes into the bin, what it changed gets its old value; what was edited since stays."),
        _("Take back"),
        back,
    )


def _taken_back(context: Context, result: Any) -> None:
    from csdesk.services.core.changes import EVERYTHING

    context.runner.changed.emit(EVERYTHING)
    context.messages.toast(result.sentence, undo=context.runner.redo)


def _counted(count: int) -> str:
    return ngettext("{n} import", "{n} imports", count).format(n=formats.number(count))


def _chosen(count: int) -> str:
    return ngettext("{n} chosen", "{n} chosen", count).format(n=formats.number(count))


def _choose_all(count: int) -> str:
    return ngettext("Choose all {n}", "Choose all {n}", count).format(n=formats.number(count))


def _summed(totals: Mapping[str, Any], place: str) -> str:
    return ""


def _state_word(key: str, value: str) -> str:
    from csdesk.services.handover.past import STATES

    return _(STATES[value]) if key == "state" else value
