"""The lines of an account's tabs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import ContactRole, Sentiment, VisitKind, VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _
from csdesk.ui.accounts.wording import (
    SENTIMENT_TONES,
    VISIT_ICONS,
    VISIT_TONES,
    change_text,
    dotted,
    word,
)
from csdesk.ui.core.lines import Badge, Line

if TYPE_CHECKING:
    from csdesk.services.accounts.overview import Overview

HANDOVER_FIELDS = (
    ("goals", N_("Goals")),
    ("pain_points", N_("Pain points")),
    ("promises", N_("Promises by sales")),
    ("risks", N_("Risks")),
)
"""What the card beside the tabs shows of a handover."""


def contact_lines(view: Overview) -> list[Line]:
    """Name, title, role, how they feel, how to reach them."""
    lines = []
    for contact in view.contacts:
        badges = [Badge(word(ContactRole, contact.role), "line")] if contact.role else []
        if contact.left_on is not None:
            badges.append(Badge(_("Has left"), "warn"))
        elif contact.sentiment:
            badges.append(Badge(word(Sentiment, contact.sentiment), SENTIMENT_TONES[Sentiment(contact.sentiment)]))
        lines.append(
            Line(
                ("contact", contact.id),
                contact.name,
                dotted((contact.phone, contact.email, contact.wechat)),
                note=contact.title,
                badges=tuple(badges),
                muted=contact.left_on is not None,
            )
        )
    return lines


def visit_lines(view: Overview, today: date) -> list[Line]:
    """Day, kind, goal, what came of it."""
    lines = []
    for visit in view.visits:
        overdue = visit.state == VisitState.PLANNED and visit.planned_on is not None and visit.planned_on < today
        state = Badge(_("Not recorded yet"), "warn") if overdue else Badge(
            word(VisitState, visit.state), VISIT_TONES[VisitState(visit.state)]
        )  # fmt: skip
        lines.append(
            Line(
                ("visit", visit.id),
                visit.goal or word(VisitKind, visit.kind),
                visit.record or visit.excuse or visit.next_step,
                left=formats.day_near(visit.day, today),
                icon=VISIT_ICONS[VisitKind(visit.kind)],
                badges=(state,),
                right=formats.time_text(visit.starts_at),
                bold=visit.state == VisitState.PLANNED,
            )
        )
    return lines


def history_lines(view: Overview, today: date) -> list[Line]:
    """What was changed, when, by which command."""
    return [
        Line(
            ("history", entry.step_id, entry.entity_id),
            entry.title,
            change_text(entry.action, entry.before, entry.after),
            left=formats.moment_near(entry.at, today),
            bold=False,
        )
        for entry in view.history
    ]
