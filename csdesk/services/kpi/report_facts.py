"""What a report tells beside the figures: who was lost and why, what ends soon, what is to be done, by which definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.services.core.stored import many
from csdesk.services.core.texts import _
from csdesk.services.kpi.book import read_book
from csdesk.services.kpi.dashboard import Dashboard
from csdesk.services.kpi.definitions import DefinitionChange, definition_changes
from csdesk.services.kpi.rules import Row, months_before
from csdesk.services.kpi.series import reasons_of_churn
from csdesk.services.renewals.queries import RenewalCard, cards
from csdesk.services.settings.queries import setting
from csdesk.services.tasks.queries import TaskRow, tasks_ahead

AHEAD, TASK_DAYS = 60, 30
"""So many days ahead of the day of printing a report looks for renewals, for tasks."""


@dataclass(frozen=True)
class Loss:
    """An account that was lost: its tier, the ARR that went in cents of its currency, why, in the words that were given."""

    row: Row
    tier: str
    cause: str


@dataclass(frozen=True)
class ReportFacts:
    """``tiers`` counts the active accounts; ``ending`` are open renewals that end within ``AHEAD`` days or are late, ``tasks``
    those of accounts due within ``TASK_DAYS``."""

    author: str
    printed_at: datetime
    tiers: Mapping[str, int]
    losses: tuple[Loss, ...]
    ending: tuple[RenewalCard, ...]
    tasks: tuple[TaskRow, ...]
    changes: tuple[DefinitionChange, ...]
    grace_days: int
    recognition: str


def report_facts(connection: Connection, view: Dashboard, printed_at: datetime) -> ReportFacts:
    """All of it for what a dashboard shows, as known on the day of printing."""
    today, period = printed_at.date(), view.wish.period
    book = read_book(connection, today, view.wish.scope or None)
    last = min(period.end, today).toordinal()
    tier_of = _tiers(connection, set(book.names))
    active = [tier_of.get(life.account_id, "") for life in book.lives if life.active_on(last)]
    lost = [
        (_(line.label), row) for line in reasons_of_churn(connection, period, today, book=book) for row in line.rows
    ]
    lost.sort(key=lambda pair: (-(pair[1].cents or 0), pair[1].id))
    ends = cards(connection, today, today + timedelta(AHEAD))
    return ReportFacts(
        author=str(setting(connection, "user.name")),
        printed_at=printed_at,
        tiers={tier: active.count(tier) for tier in sorted(set(active), key=lambda tier: tier or "~")},
        losses=tuple(Loss(row, tier_of.get(row.account_id, ""), cause) for cause, row in lost),
        ending=tuple(card for card in ends if card.is_open and card.account_id in book.names),
        tasks=tuple(
            task
            for task in tasks_ahead(connection, today, today + timedelta(TASK_DAYS))
            if task.account_id in book.names
        ),
        changes=tuple(definition_changes(connection, months_before(period.start, 12))),
        grace_days=book.grace,
        recognition=str(setting(connection, "figures.recognition")),
    )


def _tiers(connection: Connection, accounts: set[int]) -> dict[int, str]:
    table = Account.__table__.c
    rows = connection.execute(select(table.id, table.tier).where(table.id.in_(many(accounts))))
    return {number: tier or "" for number, tier in rows}
