"""The likely same demands: one index for the window, made when it is first asked, told of each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.models.vocabulary import DemandState

if TYPE_CHECKING:
    from csdesk.services.tickets.likeness import StoreLikeness
    from csdesk.ui.core.context import Context

DEMAND_TONES = {
    DemandState.TO_REVIEW: "line",
    DemandState.IN_REVIEW: "blue",
    DemandState.ACCEPTED: "ok",
    DemandState.RELEASED: "ok",
    DemandState.DECLINED: "warn",
    DemandState.MERGED: "neutral",
}


def likeness(context: Context) -> StoreLikeness:
    """The index over the open store."""
    from csdesk.services.tickets.likeness import StoreLikeness

    if context.likeness is None:
        context.likeness = StoreLikeness(context.desk)
        context.runner.changed.connect(context.likeness.changed)
    return context.likeness
