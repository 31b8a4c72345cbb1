"""Opens a calendar file from outside: the times it takes come back, or one sentence why not."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from csdesk.services.core.progress import Progress
from csdesk.services.core.texts import _
from csdesk.services.files.child import ChildEnded, converse, reader_command
from csdesk.services.files.limits import LIMITS, MEGABYTE, Limits
from csdesk.services.files.reading import opened
from csdesk.services.files.refusal import Refused
from csdesk.services.files.sentences import refusal

CALENDAR_LIMITS = dataclasses.replace(LIMITS, file=20 * MEGABYTE, memory=512 * MEGABYTE)


@dataclass(frozen=True)
class TakenTime:
    """One time that is taken, naive in the user's zone; ``end`` is exclusive, and midnight where whole days are."""

    title: str
    start: datetime
    end: datetime
    whole_days: bool


@dataclass(frozen=True)
class ForeignCalendar:
    """What a calendar file takes of the days asked for. ``left_out``: events that could not be understood."""

    name: str
    times: tuple[TakenTime, ...]
    left_out: int


def read_calendar(
    path: Path, start: date, end: date, zone: str, *, limits: Limits = CALENDAR_LIMITS, progress: Progress | None = None
) -> ForeignCalendar:
    """Read an .ics file in a process of its own, within ``limits``: what it takes of these days, both included.

    Raises Problems with one problem, whose code says why the file is refused, and Cancelled where the user stops.
    """
    path = Path(path)
    progress = progress or Progress()
    deadline = time.monotonic() + limits.seconds
    options = {
        "limits": limits.as_options(), "calendar": True,
        "from": start.isoformat(), "to": end.isoformat(), "zone": zone,
    }  # fmt: skip
    try:
        with opened(path, limits) as source:
            progress.step(_("Reading {name}").format(name=path.name))
            talk = converse(reader_command(), source, options, limits=limits, deadline=deadline, progress=progress)
            with contextlib.closing(talk):
                return _put_together(talk, path)
    except ChildEnded as ended:
        code = ended.reason if ended.reason in ("timeout", "memory") else "damaged_calendar"
        raise refusal(Refused(code, number=round(limits.seconds)), path.name) from None
    except Refused as refused:
        raise refusal(refused, path.name) from None


def _put_together(talk: Any, path: Path) -> ForeignCalendar:
    """Put the messages of the reading process together, believing none of them unseen."""
    name, left_out, done = "", 0, False
    times: list[TakenTime] = []
    try:
        for message in talk:
            if "refused" in message:
                raise Refused(str(message["refused"]), str(message["what"] or ""), int(message["number"]))
            if "times" in message:
                times += [_time(row) for row in message["times"]]
            elif "calendar" in message:
                name = str(message["calendar"] or "")
            elif "left_out" in message:
                left_out = int(message["left_out"])
            else:
                done = message["done"] is True
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused("damaged_calendar") from error
    if not done:
        raise Refused("damaged_calendar")
    return ForeignCalendar(name or path.stem, tuple(times), left_out)


def _time(row: Any) -> TakenTime:
    title, start, end, whole = row
    return TakenTime(str(title or ""), datetime.fromisoformat(start), datetime.fromisoformat(end), whole == "whole")
