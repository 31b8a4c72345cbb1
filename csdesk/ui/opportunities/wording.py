"""How opportunities are put into words and lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import OpportunityKind, OpportunityOrigin, OpportunityStage
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.services.opportunities.rules import probability_of
from csdesk.ui.core.lines import Badge, Line

if TYPE_CHECKING:
    from csdesk.services.opportunities.queries import OpportunityRow

TONES = {
    OpportunityStage.SPOTTED.value: "neutral",
    OpportunityStage.QUALIFIED.value: "line",
    OpportunityStage.PROPOSED.value: "blue",
    OpportunityStage.NEGOTIATING.value: "warn",
    OpportunityStage.WON.value: "ok",
    OpportunityStage.LOST.value: "bad",
}
WORDS = {"stage": OpportunityStage, "kind": OpportunityKind, "origin": OpportunityOrigin}


def stored_word(key: str, value: Any) -> str:
    """A stored word of a column for people."""
    kind = WORDS.get(key)
    return str(value) if kind is None else _(kind(value).label)


def opportunity_line(row: OpportunityRow, today: date) -> Line:
    """What they may buy, how far it is, what it adds and by when."""
    seats = ngettext("{n} seat", "{n} seats", row.seats or 0).format(n=row.seats) if row.seats else ""
    day = row.won_on or row.lost_on or row.expected_on
    when = formats.day_near(day, today) if day is not None else ""
    likely = f"{probability_of(row.stage, row.probability)} %" if row.is_open else ""
    late = row.is_open and row.expected_on is not None and row.expected_on < today
    badges = [Badge(_(OpportunityStage(row.stage).label), TONES[row.stage])]
    if late:
        badges.append(Badge(_("Overdue"), "overdue"))
    parts = (_(OpportunityKind(row.kind).label), row.module, seats, likely, when, row.contract, row.lost_reason)
    return Line(
        ("opportunity", row.id),
        row.title,
        " \u00b7 ".join(part for part in parts if part),
        badges=tuple(badges),
        right=formats.money_in(row.amount, row.currency) if row.amount is not None else "",
        muted=row.stage == OpportunityStage.LOST,
    )


def opportunity_lines(rows: Sequence[OpportunityRow], today: date) -> list[Line]:
    """Those of an account under a heading; none without any."""
    if not rows:
        return []
    head = Line("opportunities", _("Opportunities"), note=formats.number(len(rows)), section=True)
    return [head, *(opportunity_line(row, today) for row in rows)]
