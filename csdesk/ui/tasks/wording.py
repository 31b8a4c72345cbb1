"""How tasks are put into words and lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import TaskSource, TaskState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _
from csdesk.services.tasks.rules import repeats_text
from csdesk.ui.core.lines import Badge, Line

if TYPE_CHECKING:
    from csdesk.services.tasks.queries import TaskRow

OVERDUE, SNOOZED = "overdue", "snoozed"
"""How an open task stands on a day, beside the stored states."""
STANDINGS = {
    OVERDUE: N_("Overdue"),
    SNOOZED: N_("Snoozed"),
    **{state.value: state.label for state in TaskState},
}
TONES = {OVERDUE: "overdue", SNOOZED: "neutral", "open": "line", "done": "ok", "dropped": "neutral"}


def stored_word(key: str, value: str) -> str:
    """A stored word of a task's column for people."""
    if key == "standing":
        return _(STANDINGS[value])
    if key == "source":
        return _(TaskSource(value).label)
    kind, _colon, every = value.partition(":")
    return repeats_text(kind, int(every or 1))


def task_badge(row: TaskRow, today: date) -> Badge:
    """How a task stands on a day."""
    key = row.state
    if row.is_open and row.snoozed_until is not None and row.snoozed_until > today:
        key = SNOOZED
    elif row.is_open and row.due_on is not None and row.due_on < today:
        key = OVERDUE
    return Badge(_(STANDINGS[key]), TONES[key])


def task_lines(rows: list[TaskRow], today: date) -> list[Line]:
    """An account's tasks: the day, what, where it stands, who and why."""
    lines = []
    for row in rows:
        day = row.due_on if row.is_open else row.done_on or row.due_on
        source = _(TaskSource(row.source).label) if row.source != TaskSource.BY_HAND else ""
        parts = (row.owner, source, repeats_text(row.repeats, row.repeat_every), row.notes.replace("\n", " "))
        lines.append(
            Line(
                ("task", row.id),
                row.text,
                " \u00b7 ".join(part for part in parts if part),
                left=formats.day_near(day, today) if day is not None else _("no day"),
                badges=(task_badge(row, today),),
                bold=row.is_open,
                muted=not row.is_open,
            )
        )
    return lines
