"""Changing settings: each change is a command like any other, so it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from csdesk.models.settings import Setting
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.core.zones import zone_named
from csdesk.services.settings.rules import BY_KEY, LISTS_OF_DAYS, MOST_DAYS, ZONES, days_listed


@dataclass(frozen=True)
class ChangeSettings:
    """New values by key."""

    values: dict[str, Any]


@command(N_("Settings changed"))
def change_settings(uow: UnitOfWork, wish: ChangeSettings) -> None:
    """Store the values given. Raises Problems for a number outside its bounds; KeyError for an unknown key."""
    problems = [problem for key, value in wish.values.items() if (problem := _check(key, value)) is not None]
    if problems:
        raise Problems(problems)
    for key, value in wish.values.items():
        row = uow.session.scalar(select(Setting).where(Setting.key == key))
        if row is None:
            uow.add(Setting(key=key, value=value))
        else:
            row.value, row.deleted_at, row.bin_step = value, None, None


def _check(key: str, value: Any) -> Problem | None:
    definition = BY_KEY[key]
    if key in ZONES and zone_named(str(value)) is None:
        return Problem(key, _("No such time zone: a name such as Europe/Berlin, please."), code="no_zone")
    if key in LISTS_OF_DAYS and days_listed(str(value)) is None:
        sentence = _("Numbers of days up to {most} with commas between them, like 120,90,60,30.")
        return Problem(key, sentence.format(most=MOST_DAYS), code="unreadable")
    if not isinstance(definition.default, int):
        return None
    if isinstance(value, int) and definition.least <= value <= definition.most:
        return None
    message = _("A whole number from {least} to {most}, please.").format(least=definition.least, most=definition.most)
    return Problem(key, message, code="out_of_bounds")
