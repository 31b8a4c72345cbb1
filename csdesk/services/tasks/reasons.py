"""A promise by sales that is still open as a reason to go to an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from csdesk.models.tasks import Task
from csdesk.models.vocabulary import TaskSource, TaskState
from csdesk.services.core.reasons import Band, Period, Reason, ReasonKind, ReasonSource, Signal, reason
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.settings.queries import setting


def open_promises(connection: Connection, period: Period) -> Mapping[int, Sequence[Signal]]:
    """By account the promises that are overdue, or due within as many days after the period as the setting says.

    One signal an account, with the earliest day. Putting the task off changes nothing: the promise still stands.
    """
    limit = int(setting(connection, "visits.promise_days"))
    rows = connection.execute(
        select(Task.account_id, func.min(Task.due_on).label("due"), func.count().label("number"))
        .where(
            Task.source == TaskSource.HANDOVER, Task.state == TaskState.OPEN, Task.deleted_at.is_(None),
            Task.account_id.is_not(None), Task.due_on <= period.end + timedelta(limit),
        )
        .group_by(Task.account_id)
    )  # fmt: skip
    return {
        row.account_id: [Signal(reason("open_promise", due=row.due, count=row.number, limit=limit), Band.SHOULD)]
        for row in rows
    }


def _words(entry: Reason, on: date) -> str:
    due, count = entry.get("due"), entry.get("count")
    left = (due - on).days if isinstance(due, date) else 0
    if left < 0:
        first = ngettext("promise {n} day overdue", "promise {n} days overdue", -left).format(n=-left)
    elif left == 0:
        first = _("promise due today")
    else:
        first = ngettext("promise due in {n} day", "promise due in {n} days", left).format(n=left)
    more = count - 1 if isinstance(count, int) else 0
    if more <= 0:
        return first
    return ngettext("{first}, {n} more open", "{first}, {n} more open", more).format(first=first, n=more)


OPEN_PROMISE = ReasonSource(
    {
        "open_promise": ReasonKind(
            N_("Promise open"),
            N_("Keep what was promised, or agree on another day"),
            65,
            _words,
            N_("Rule: visit when a promise by sales is due within {n} days."),
        )
    },
    open_promises,
)
