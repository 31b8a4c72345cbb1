"""The list of tasks: what is to be done, by whom and when; done, put off or dropped by one key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint

from csdesk.models.vocabulary import TaskSource, TaskState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.page import Args
from csdesk.ui.core.parts import EmptyState
from csdesk.ui.core.theme import px
from csdesk.ui.tasks import forms
from csdesk.ui.tasks.wording import TONES, stored_word

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

KINDS = (
    Kind("state", N_("State"), tuple((state.value, state.label) for state in TaskState)),
    Kind("source", N_("Comes from"), tuple((source.value, source.label) for source in TaskSource)),
    Kind("overdue", N_("Overdue"), (("", ""),)),
    Kind("today", N_("Due today"), (("", ""),)),
    Kind("week", N_("This week"), (("", ""),)),
    Kind("snoozed", N_("Snoozed"), (("", ""),)),
    Kind("no_day", N_("Without a day"), (("", ""),)),
    Kind("repeating", N_("Repeating"), (("", ""),)),
)


class TasksPage(ListPage):
    """What is open stands first, by its day."""

    key = "tasks"
    entities = frozenset({"tasks", "accounts"})
    row_actions = ("tasks.open", "tasks.complete", "tasks.snooze", "tasks.due", "tasks.reopen", "tasks.drop",
                   "tasks.account", "tasks.delete")  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.table.cells.tones = {"standing": TONES}

    def make_spec(self) -> ListSpec:
        from csdesk.services.tasks.queries import VIEWS, tasks, view_counts

        first = EmptyState(
            _("No tasks yet"),
            _("They come from the promises of a handover, from visits, or by hand."),
            _("New task"),
            "",
            "task",
        )
        first.chosen.connect(self._new)
        return ListSpec(
            listing=tasks(self.context.clock.today()),
            title=_("Tasks"),
            views=[View(key, title, filters) for key, title, filters in VIEWS],
            kinds=KINDS,
            counts=view_counts,
            counted=_counted,
            words=stored_word,
            nothing=_("No task fits"),
            first=first,
            bulk=(
                Bulk(_("Mark done"), self._complete, "check", "D", primary=True),
                Bulk(_("Put off"), self._snooze, "calendar", "S"),
                Bulk(_("Change owner"), self._owner, wide=True),
                Bulk(_("Delete"), self._delete, "trash"),
            ),
        )

    def refresh(self) -> None:
        from csdesk.services.tasks.queries import tasks

        listing = tasks(self.context.clock.today())
        if listing is not self.spec.listing:  # another day has begun: what is overdue is asked anew
            self.spec = replace(self.spec, listing=listing)
            self.table.listing = listing
        super().refresh()

    def arrive(self, args: Args) -> None:
        if "task" in args:
            self.filter.clear_all()
            self.table.choose(int(args["task"]))
        super().arrive(args)

    def open_row(self, record: int) -> None:
        forms.edit_task(self.context, record, self)

    def change_cell(self, record: int, key: str, value: Any) -> None:
        from csdesk.services.tasks.commands import SetTasks, set_tasks

        self.context.runner.do(set_tasks, SetTasks((record,), {key: str(value).strip()}), failed=self._refused)

    def _refused(self, problems: tuple[Any, ...]) -> None:
        self.context.messages.toast(problems[0].message)
        self.refresh()

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str = "", icon: str = "") -> Action:
            return Action(f"tasks.{key}", text, run, icon, shortcut, "account", (self.key,), 2)

        return [
            act("open", N_("Edit task"), self._open, "E", "edit"),
            act("complete", N_("Mark done"), self._complete, "D", "check"),
            act("snooze", N_("Put off…"), self._snooze, "S", "calendar"),
            act("due", N_("Another due day…"), self._due, "Shift+D"),
            act("owner", N_("Change owner…"), self._owner),
            act("reopen", N_("Open again"), partial(self._do, "reopen")),
            act("drop", N_("Drop"), partial(self._do, "drop"), "", "close"),
            act("account", N_("Open account"), self._account, "O", "accounts"),
            act("delete", N_("Delete task"), self._delete, "Ctrl+Delete", "trash"),
        ]

    def _ids(self) -> tuple[int, ...]:
        return tuple(self.table.acting_ids())

    def _do(self, verb: str) -> None:
        forms.task_verb(self.context, verb, self._ids())

    def _new(self) -> None:
        forms.new_task(self.context, parent=self)

    def _open(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _complete(self) -> None:
        self._do("complete")

    def _delete(self) -> None:
        self._do("delete")

    def _snooze(self) -> None:
        if self._ids():
            box = self.table.visualRect(self.table.currentIndex())
            at = self.table.viewport().mapToGlobal(box.bottomLeft() + QPoint(px(48), 0))
            forms.snooze_menu(self.context, self._ids(), self, at)

    def _due(self) -> None:
        if self._ids():
            forms.ask_due(self.context, self._ids(), self)

    def _owner(self) -> None:
        if self._ids():
            forms.ask_owner(self.context, self._ids(), self)

    def _account(self) -> None:
        from csdesk.services.tasks.queries import task

        current = self.table.current_id()
        if current is not None:
            self.context.runner.ask(task, current, then=self._go, owner=self)

    def _go(self, row: Any) -> None:
        if row is not None and row.account_id is not None:
            self.context.go.to("accounts", id=row.account_id, tab="tasks")
        else:
            self.context.messages.toast(_("This task belongs to no account."))


def _counted(count: int) -> str:
    return ngettext("{n} task", "{n} tasks", count).format(n=formats.number(count))
