"""A visit plan as a workbook: one row a visit, and a sheet for what found no place. Typed values, plain text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from csdesk.services.core.columns import Column, Kind
from csdesk.services.core.texts import N_, _
from csdesk.services.visits.cards import LeftOutCard, VisitCard, WeekPlan

Value = str | int | date | None

VISIT_COLUMNS = (
    Column("day", N_("Date"), Kind.DAY, 90),
    Column("time", N_("Time"), Kind.TEXT, 60),
    Column("minutes", N_("Minutes"), Kind.NUMBER, 60),
    Column("kind", N_("Kind"), Kind.CHOICE, 70),
    Column("account", N_("Account"), Kind.NAME, 180),
    Column("tier", N_("Tier"), Kind.TIER, 50),
    Column("city", N_("City"), Kind.TEXT, 80),
    Column("address", N_("Address"), Kind.TEXT, 200),
    Column("contact", N_("Contact"), Kind.TEXT, 120),
    Column("phone", N_("Phone"), Kind.PHONE, 120),
    Column("goal", N_("Goal"), Kind.TEXT, 240),
    Column("reason", N_("Reason"), Kind.TEXT, 240),
    Column("state", N_("State"), Kind.CHOICE, 80),
    Column("done_on", N_("Done on"), Kind.DAY, 90),
    Column("record", N_("Record"), Kind.TEXT, 240),
)
LEFT_OUT_COLUMNS = (
    Column("account", N_("Account"), Kind.NAME, 180),
    Column("tier", N_("Tier"), Kind.TIER, 50),
    Column("city", N_("City"), Kind.TEXT, 80),
    Column("reason", N_("Reason"), Kind.TEXT, 240),
    Column("cause", N_("Left out because"), Kind.TEXT, 240),
)


@dataclass(frozen=True)
class PlanSheet:
    """A sheet: its name and columns, and rows of values in their order."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def write_plan_workbook(path: Path, plan: WeekPlan) -> None:
    """Write the plan as an .xlsx, whole or not at all. Raises StorageError."""
    from csdesk.services.files.writing import Heading, OutSheet, write_workbook

    sheets = [
        OutSheet(sheet.name, [Heading(_(c.title), c.kind, c.width / 7) for c in sheet.columns], sheet.rows)
        for sheet in plan_sheets(plan)
    ]
    write_workbook(path, sheets)


def plan_sheets(plan: WeekPlan) -> tuple[PlanSheet, ...]:
    """The plan's sheets, names in the user's language; the second only where something was left out."""
    visits = PlanSheet(_("Visit plan"), VISIT_COLUMNS, tuple(_visits(plan.visits)))
    if not plan.left_out:
        return (visits,)
    return (visits, PlanSheet(_("Left out"), LEFT_OUT_COLUMNS, tuple(_left_out(plan.left_out))))


def _visits(cards: Iterable[VisitCard]) -> Iterable[tuple[Value, ...]]:
    for card in cards:
        yield (
            card.day,
            card.starts_at,
            card.minutes,
            _(card.kind.label),
            card.account,
            card.tier.value if card.tier else "",
            card.city,
            card.address,
            " ".join(filter(None, (card.contact, card.contact_title))),
            card.contact_phone,
            card.goal,
            card.why,
            _(card.state.label),
            card.done_on,
            card.record,
        )


def _left_out(cards: Iterable[LeftOutCard]) -> Iterable[tuple[Value, ...]]:
    for card in cards:
        yield (card.account, card.tier.value if card.tier else "", card.city, card.why, card.cause_text)
