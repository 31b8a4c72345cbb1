"""A plan as a calendar file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from csdesk.services.visits.planning import calendar_entries

if TYPE_CHECKING:
    from csdesk.services.visits.queries import WeekPlan


def write_plan(path: Path, plan: WeekPlan) -> int:
    """Write the plan's visits to ``path``; returns how many. Raises StorageError."""
    from csdesk.services.files.calendars import Event, write_ics

    entries = calendar_entries(plan)
    write_ics(
        path,
        [
            Event(
                uid=entry.uid,
                title=entry.title,
                starts=entry.starts,
                ends=entry.ends,
                sequence=entry.sequence,
                place=entry.place,
                notes=entry.notes,
            )
            for entry in entries
        ],
    )
    return len(entries)
