"""Tasks in the window: the list, the form, putting off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _list(context: Context) -> Page:
    from csdesk.ui.tasks.page import TasksPage

    return TasksPage(context)


def _actions(context: Context) -> list[Action]:
    def new() -> None:
        from csdesk.ui.tasks.forms import new_task

        new_task(context)

    return [Action("tasks.new", N_("New task"), new, "task", "", "account", section=1, new=True)]


FEATURE = Feature("tasks", N_("Tasks"), "task", _list, group="occasional", actions=_actions)
