"""The columns of the board, and what it takes to move a demand into one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import DemandState
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.services.tickets.rules import demand_verbs

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import DemandCard

TO_REVIEW, IN_REVIEW, ACCEPTED, TO_TELL = "to_review", "in_review", "accepted", "to_tell"
COLUMNS = (
    (TO_REVIEW, N_("To review")),
    (IN_REVIEW, N_("With product")),
    (ACCEPTED, N_("Accepted, dated")),
    (TO_TELL, C_("column", "Tell customers")),
)
"""Key and heading (msgid), from left to right."""

VERBS: dict[tuple[str, str], str] = {
    (DemandState.TO_REVIEW, IN_REVIEW): "send",
    (DemandState.TO_REVIEW, ACCEPTED): "accept",
    (DemandState.TO_REVIEW, TO_TELL): "decline",
    (DemandState.IN_REVIEW, TO_REVIEW): "call_back",
    (DemandState.IN_REVIEW, ACCEPTED): "accept",
    (DemandState.IN_REVIEW, TO_TELL): "decline",
    (DemandState.ACCEPTED, TO_TELL): "release",
    (DemandState.DECLINED, TO_REVIEW): "take_up",
    (DemandState.DECLINED, IN_REVIEW): "send",
    (DemandState.DECLINED, ACCEPTED): "accept",
    (DemandState.DECLINED, TO_TELL): "decline",
    (DemandState.RELEASED, TO_REVIEW): "take_up",
}
"""The verb that takes a demand in this state into that column."""


@dataclass(frozen=True)
class Step:
    """What a move comes to: the verb that does it, or the sentence that says why it cannot be."""

    verb: str = ""
    refusal: str = ""


def step_to(card: DemandCard, target: str) -> Step:
    """What moving a card into a column comes to; nothing at all where it stands there already. "" lies beyond the last."""
    if target == card.column:
        return Step()
    verb = VERBS.get((card.state, target), "")
    if verb and verb in demand_verbs(card.state, card.raised):
        return Step(verb)
    return Step(refusal=_refusal(card, target))


def _refusal(card: DemandCard, target: str) -> str:
    if not target:
        if card.column == TO_TELL:
            return ngettext(
                "It leaves the board once {n} more customer is told.",
                "It leaves the board once {n} more customers are told.",
                card.untold,
            ).format(n=card.untold)
        return _("There is no column further on.")
    if card.state == DemandState.ACCEPTED:
        return _("Product has promised a date: move the date, decline the demand, or mark it as released.")
    return _("This was released: take it up again first, then it can be reviewed anew.")
