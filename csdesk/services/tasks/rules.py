"""What makes a task, when the next of a series is due, until when one can be put off. Pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from csdesk.models.vocabulary import Repeat
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import Unreadable, parse_count, parse_day, plain

MOST_EVERY = 99


@dataclass(frozen=True)
class TaskFields:
    """A task's own values; empty text means not said."""

    text: str
    due_on: date | None = None
    owner: str = ""
    repeats: Repeat | None = None
    repeat_every: int = 1
    notes: str = ""


def parse(draft: Draft, today: date) -> TaskFields:
    """The task that a form describes. Raises Problems."""
    read = Reader(draft)
    repeats = read.word("repeats", Repeat)
    due_on = read.value("due_on", partial(parse_day, today=today))
    if repeats is not None and due_on is None and not read.problems:
        read.refuse("due_on", _("A task that repeats needs its first day."), "missing")
    fields = TaskFields(
        text=read.text("text", required=_("Say what is to be done.")),
        due_on=due_on,
        owner=read.text("owner"),
        repeats=repeats,
        repeat_every=read.value("repeat_every", _every) or 1,
        notes=read.text("notes"),
    )
    read.check()
    return fields


def _every(text: str) -> int:
    count = 1 if not text.strip() else parse_count(text)
    if count is None or not 1 <= count <= MOST_EVERY:
        raise Unreadable(_("A whole number from {least} to {most}, please.").format(least=1, most=MOST_EVERY))
    return count


def day_of_series(first: date, repeats: Repeat, every: int, number: int) -> date | None:
    """The day of the ``number``-th repetition (0 is ``first``); a day that a month lacks is its last. None beyond the
    calendar's end."""
    try:
        if repeats in (Repeat.DAILY, Repeat.WEEKLY):
            return first + timedelta(days=every * number * (7 if repeats == Repeat.WEEKLY else 1))
        months = every * number * (12 if repeats == Repeat.YEARLY else 1)
        year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
        return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return None


def next_day(first: date, repeats: Repeat, every: int, after: date) -> date | None:
    """The first day of the series after ``after``: one done late does not come back already overdue."""
    number = max(0, _number_near(first, repeats, every, after))
    day = day_of_series(first, repeats, every, number)
    while day is not None and day <= after:
        number += 1
        day = day_of_series(first, repeats, every, number)
    return day


def _number_near(first: date, repeats: Repeat, every: int, day: date) -> int:
    """A repetition at or shortly before a day, so that a long pause is not walked step by step."""
    if repeats in (Repeat.DAILY, Repeat.WEEKLY):
        return (day - first).days // (every * (7 if repeats == Repeat.WEEKLY else 1))
    months = (day.year - first.year) * 12 + day.month - first.month
    return months // (every * (12 if repeats == Repeat.YEARLY else 1)) - 1


@dataclass(frozen=True)
class Later:
    """A day to put a task off to: its name (msgid) and the day."""

    title: str
    day: date


def later_days(today: date) -> tuple[Later, ...]:
    """The days that putting off offers."""
    return (
        Later(N_("Tomorrow"), today + timedelta(1)),
        Later(N_("In three days"), today + timedelta(3)),
        Later(N_("Next Monday"), today + timedelta(7 - today.weekday())),
        Later(N_("In a month"), day_of_series(today, Repeat.MONTHLY, 1, 1) or today),
    )


def repeats_text(repeats: str | None, every: int) -> str:
    """How a task repeats, in words; "" for one that does not."""
    if repeats is None:
        return ""
    if every == 1:
        return _(Repeat(repeats).label)
    return _(EVERY[Repeat(repeats)]).format(n=every)


EVERY = {
    Repeat.DAILY: N_("Every {n} days"),
    Repeat.WEEKLY: N_("Every {n} weeks"),
    Repeat.MONTHLY: N_("Every {n} months"),
    Repeat.YEARLY: N_("Every {n} years"),
}


@dataclass(frozen=True)
class Todo:
    """A task as it is jotted down: its words, and the day where one was given."""

    text: str
    due_on: date | None


def jotted(words: str, today: date) -> Todo:
    """The task of a line: "12-05 send the figures", "send the figures ! 12-05", "send the figures"."""
    body = words.strip()
    head, mark, tail = body.replace("\uff01", "!").rpartition("!")
    if mark and (day := _readable_day(tail, today)) is not None:
        return Todo(body[: len(head)].rstrip(), day)
    first, _space, rest = body.partition(" ")
    if (day := _readable_day(first, today)) is not None:
        return Todo(rest.strip(), day)
    return Todo(body, None)


def _readable_day(text: str, today: date) -> date | None:
    if not any(sign.isdigit() for sign in text) and len(plain(text)) > 5:
        return None
    try:
        return parse_day(text, today)
    except Unreadable:
        return None
