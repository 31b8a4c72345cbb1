"""When a definition that figures rest on was changed: history is computed by the new one, charts mark the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.journal import Change, Step
from csdesk.models.settings import Setting
from csdesk.models.vocabulary import N_, StepKind
from csdesk.services.core import formats
from csdesk.services.core.clock import to_local
from csdesk.services.core.texts import _
from csdesk.services.settings.rules import BY_KEY

WATCHED = ("figures.grace_days", "figures.recognition")
"""The settings that recompute the past."""
RECOGNITION = {"end": N_("the day after the end"), "grace": N_("the day on which the grace ends")}


@dataclass(frozen=True)
class DefinitionChange:
    """A definition that was changed: the local day, the key of the setting, its values."""

    day: date
    key: str
    before: Any
    after: Any

    def told(self) -> str:
        """The change as a sentence."""
        words = _("{day}: {definition}: {before} → {after}")
        return words.format(
            day=formats.day_iso(self.day), definition=_(BY_KEY[self.key].label), before=_value(self.before),
            after=_value(self.after),
        )  # fmt: skip


def _value(value: Any) -> str:
    return _(RECOGNITION[value]) if value in RECOGNITION else str(value)


def definition_changes(connection: Connection, since: date) -> list[DefinitionChange]:
    """Changes from a day on that stand, those that were taken back left out; the oldest first."""
    rows = connection.execute(
        select(Step.at, Setting.key, Change.before, Change.after)
        .join(Change, Change.step_id == Step.id)
        .join(Setting, Setting.id == Change.entity_id)
        .where(
            Change.entity == Setting.__tablename__, Setting.key.in_(WATCHED), Step.kind == StepKind.COMMAND,
            Step.undone.is_(False), Step.at >= datetime.combine(since, time(), UTC),
        )
        .order_by(Step.id)
    )  # fmt: skip
    found = []
    for at, key, before, after in rows:
        was = (before or {}).get("value", BY_KEY[key].default)
        now = (after or {}).get("value", BY_KEY[key].default)
        if was != now:
            found.append(DefinitionChange(to_local(at).date(), key, was, now))
    return found
