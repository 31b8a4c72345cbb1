"""The forms of tasks: new, change, put off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from csdesk.models.vocabulary import Repeat
from csdesk.services.core import formats
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import Unreadable, parse_day
from csdesk.services.tasks import rules
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.services.tasks.commands import Source
    from csdesk.services.tasks.queries import Choices, TaskRow
    from csdesk.ui.core.context import Context


def task_fields(choices: Choices, *, with_account: bool) -> list[FormField]:
    """A task's fields; account and owner complete from what is in use."""
    account = [FormField("account", N_("Account"), suggestions=choices.accounts, wide=True)] if with_account else []
    return [
        FormField("text", N_("What is to be done"), required=True, wide=True),
        FormField("due_on", N_("Due"), FieldKind.DAY, hint="2026-03-05, +7"),
        FormField("owner", N_("Owner"), suggestions=choices.owners),
        *account,
        FormField(
            "repeats",
            N_("Repeats"),
            FieldKind.CHOICE,
            options=(("", _("never")), *((kind.value, _(kind.label)) for kind in Repeat)),
        ),
        FormField("repeat_every", N_("Every how many"), hint="1"),
        FormField("notes", N_("Notes"), FieldKind.LONG),
    ]


def new_task(
    context: Context,
    account_id: int | None = None,
    name: str = "",
    draft: Mapping[str, str] | None = None,
    source: Source | None = None,
    parent: QWidget | None = None,
) -> None:
    """Ask for a new task: of an account (``name`` is how it is called), or of any."""
    from csdesk.services.tasks.queries import form_choices

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.tasks.commands import NewTask, Source, create_task

        fields = rules.parse(typed, context.clock.today())
        wish = NewTask(fields, account_id, source or Source(), typed.get("account", ""))
        context.runner.do(create_task, wish, then=dialog.done_well, failed=dialog.refuse)

    def opened(choices: Choices) -> None:
        begin = {"due_on": context.clock.today().isoformat()} | dict(draft or {})
        title = _("New task for {name}").format(name=name) if account_id else _("New task")
        fields = task_fields(choices, with_account=account_id is None)
        key = "" if source is not None else f"task.new.{account_id or ''}"
        open_form(context, title, fields, begin, send, draft_key=key, parent=_parent(parent))

    context.runner.ask(form_choices, then=opened, owner=_parent(parent) or context.go)


def edit_task(context: Context, task_id: int, parent: QWidget) -> None:
    """Change a task, read freshly."""

    def opened(found: tuple[TaskRow | None, Choices]) -> None:
        row, choices = found
        if row is not None:
            _edit(context, row, choices, parent)

    context.runner.ask(_task_and_choices, task_id, then=opened, owner=parent)


def _task_and_choices(connection: Any, task_id: int) -> tuple[TaskRow | None, Choices]:
    from csdesk.services.tasks.queries import form_choices, task

    return task(connection, task_id), form_choices(connection)


def _edit(context: Context, row: TaskRow, choices: Choices, parent: QWidget) -> None:
    from csdesk.services.tasks.commands import ChangeTask, change_task

    fields = task_fields(choices, with_account=True)
    draft = {field.key: _typed(getattr(row, field.key)) for field in fields}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeTask(row.id, rules.parse(typed, context.clock.today()), typed["account"], row.version)
        context.runner.do(change_task, wish, then=dialog.done_well, failed=dialog.refuse)

    open_form(context, _("Edit task"), fields, draft, send, draft_key=f"task.{row.id}", parent=_parent(parent))


def snooze_menu(context: Context, ids: tuple[int, ...], parent: QWidget, at: QPoint) -> None:
    """Offer the days to put tasks off to."""
    today = context.clock.today()
    menu = QMenu(parent)
    for later in rules.later_days(today):
        words = f"{_(later.title)} \u00b7 {formats.day_near(later.day, today)}"
        menu.addAction(words).triggered.connect(partial(_snooze, context, ids, later.day))
    menu.addSeparator()
    menu.addAction(_("Another day…")).triggered.connect(partial(_ask_day, context, ids, parent))
    pop_up(menu, at)


def _snooze(context: Context, ids: tuple[int, ...], day: Any, *_checked: object, **sending: Any) -> None:
    from csdesk.services.tasks.commands import Snooze, snooze_tasks

    context.runner.do(snooze_tasks, Snooze(ids, day), **sending)


def _ask_day(context: Context, ids: tuple[int, ...], parent: QWidget, *_checked: object) -> None:
    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        day = _day(context, typed["until"], "until")
        _snooze(context, ids, day, then=dialog.done_well, failed=dialog.refuse)

    fields = [FormField("until", N_("Show again on"), FieldKind.DAY, required=True, hint="2026-03-05, +7", wide=True)]
    open_form(context, _("Put off"), fields, {"until": ""}, send, verb=_("Put off"), parent=parent.window())


def ask_due(context: Context, ids: tuple[int, ...], parent: QWidget) -> None:
    """Ask for another due day for some tasks; one undo takes it back."""

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        _set(context, ids, {"due_on": _day(context, typed["due_on"], "due_on")}, dialog)

    fields = [FormField("due_on", N_("Due"), FieldKind.DAY, required=True, hint="2026-03-05, +7", wide=True)]
    open_form(context, _("Another due day"), fields, {}, send, parent=parent.window())


def ask_owner(context: Context, ids: tuple[int, ...], parent: QWidget) -> None:
    """Ask who does these tasks from now on; one undo takes it back."""
    from csdesk.services.tasks.queries import form_choices

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        _set(context, ids, {"owner": typed["owner"].strip()}, dialog)

    def opened(choices: Choices) -> None:
        fields = [FormField("owner", N_("Owner"), wide=True, suggestions=choices.owners)]
        open_form(context, _("Change owner"), fields, {}, send, verb=_("Change owner"), parent=parent.window())

    context.runner.ask(form_choices, then=opened, owner=parent)


def _set(context: Context, ids: tuple[int, ...], values: dict[str, Any], dialog: FormDialog) -> None:
    from csdesk.services.tasks.commands import SetTasks, set_tasks

    context.runner.do(set_tasks, SetTasks(ids, values), then=dialog.done_well, failed=dialog.refuse)


def _day(context: Context, text: str, key: str) -> Any:
    """The day typed. Raises Problems."""
    try:
        day = parse_day(text, context.clock.today())
    except Unreadable as error:
        raise Problems([Problem(key, str(error), code="unreadable")]) from error
    if day is None:
        raise Problems([Problem(key, _("Choose a day."), code="missing")])
    return day


def task_verb(context: Context, name: str, ids: tuple[int, ...], then: Callable[[Any], object] | None = None) -> None:
    """Do something to tasks that needs no words: complete, reopen, drop or delete."""
    from csdesk.services.tasks import commands

    verbs = {
        "complete": commands.complete_tasks,
        "reopen": commands.reopen_tasks,
        "drop": commands.drop_tasks,
        "delete": commands.delete_tasks,
    }
    if ids:
        context.runner.do(verbs[name], commands.Tasks(ids), then=then)


def _parent(parent: QWidget | None) -> QWidget | None:
    return parent.window() if parent is not None else QApplication.activeWindow()


def _typed(value: object) -> str:
    return "" if value is None else str(value)
