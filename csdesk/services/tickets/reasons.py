"""Answers that a customer waits for as a reason to go to an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from csdesk.models.tickets import Notice
from csdesk.models.vocabulary import NoticeState
from csdesk.services.core.reasons import Band, Period, Reason, ReasonKind, ReasonSource, Signal, reason
from csdesk.services.core.texts import N_, ngettext
from csdesk.services.settings.queries import setting


def tickets_to_tell(connection: Connection, period: Period) -> Mapping[int, Sequence[Signal]]:
    """By account the answers that nobody told yet, where one of them waits longer than the setting allows.

    One signal an account, with the day of the oldest.
    """
    limit = int(setting(connection, "tickets.told_days"))
    rows = connection.execute(
        select(Notice.account_id, func.min(Notice.due_on).label("since"), func.count().label("number"))
        .where(Notice.state == NoticeState.OPEN, Notice.deleted_at.is_(None))
        .group_by(Notice.account_id)
        .having(func.min(Notice.due_on) < period.today - timedelta(limit))
    )
    return {
        row.account_id: [Signal(reason("tickets_to_tell", since=row.since, count=row.number, limit=limit), Band.SHOULD)]
        for row in rows
    }


def _words(entry: Reason, on: date) -> str:
    count, since = entry.get("count"), entry.get("since")
    number = count if isinstance(count, int) else 1
    days = (on - since).days if isinstance(since, date) else 0
    first = ngettext("{n} answer to tell", "{n} answers to tell", number).format(n=number)
    if days <= 0:
        return first
    return ngettext("{first}, for {n} day", "{first}, for {n} days", days).format(first=first, n=days)


TICKETS_TO_TELL = ReasonSource(
    {
        "tickets_to_tell": ReasonKind(
            N_("Answers to tell"),
            N_("Tell what became of their wishes"),
            63,
            _words,
            N_("Rule: visit when an answer waits longer than {n} days to be told."),
        )
    },
    tickets_to_tell,
)
"""What the customer waits to hear from product."""
