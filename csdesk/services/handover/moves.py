"""From which state a handover may go where, and what each move needs. Pure: one table, which screens and commands read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from csdesk.models.vocabulary import HandoverPoint, HandoverState
from csdesk.services.core.errors import Problem
from csdesk.services.core.texts import N_, _


class Need(StrEnum):
    """What has to be said with a move."""

    NOTHING = "nothing"
    QUESTION = "question"
    """A question, in words or at a point."""
    REASON = "reason"
    REASON_FOR_GAPS = "reason_for_gaps"
    """A reason where the checklist has gaps."""


@dataclass(frozen=True)
class Move:
    """An allowed move: where it leads, its verb (msgid), what it needs, and the label of what is typed (msgid)."""

    to: HandoverState
    verb: str
    need: Need = Need.NOTHING
    label: str = N_("Reason")


ACCEPT = Move(HandoverState.ACCEPTED, N_("Accept handover"), Need.REASON_FOR_GAPS, N_("Why it is accepted with gaps"))
ASK = Move(HandoverState.QUESTIONED, N_("Ask sales…"), Need.QUESTION, N_("What is open"))
RETURN = Move(HandoverState.RETURNED, N_("Return to sales…"), Need.REASON, N_("Why it goes back"))
MOVES: Mapping[HandoverState, tuple[Move, ...]] = {
    HandoverState.RECEIVED: (ACCEPT, ASK, RETURN),
    HandoverState.QUESTIONED: (ACCEPT, ASK, RETURN, Move(HandoverState.RECEIVED, N_("The answers are in"))),
    HandoverState.RETURNED: (Move(HandoverState.RECEIVED, N_("Received again")),),
    HandoverState.ACCEPTED: (Move(HandoverState.RECEIVED, N_("Open it again…"), Need.REASON),),
}
DECIDED = frozenset({HandoverState.ACCEPTED, HandoverState.RETURNED})


def move_to(state: HandoverState, to: HandoverState) -> Move | None:
    """The move between two states; None where there is none."""
    return next((move for move in MOVES[state] if move.to == to), None)


def problems_with(
    state: HandoverState,
    to: HandoverState,
    text: str,
    missing: Collection[HandoverPoint],
    has_question: bool,
) -> list[Problem]:
    """What stands in the way of a move; ``has_question``: one is open already or comes with it."""
    move = move_to(state, to)
    if move is None:
        allowed = _(", ").join(_(other.to.label) for other in MOVES[state])
        sentence = _("A handover that is “{state}” cannot become “{to}”; from here it can become: {allowed}.")
        said = sentence.format(state=_(state.label), to=_(to.label), allowed=allowed)
        return [Problem("state", said, code="illegal")]
    if text.strip():
        return []
    if move.need == Need.REASON_FOR_GAPS and missing:
        names = _(", ").join(_(point.label) for point in missing)
        sentence = _("Still missing: {points}. Say why you accept it all the same.")
        return [Problem("text", sentence.format(points=names), code="gaps")]
    if move.need == Need.QUESTION and not has_question:
        return [Problem("text", _("Say what is missing or wrong, so that sales can mend it."), code="missing")]
    if move.need == Need.REASON:
        sentence = (
            _("Say what is missing or wrong, so that sales can mend it.")
            if to == HandoverState.RETURNED
            else _("Say why it is opened again.")
        )
        return [Problem("text", sentence, code="missing")]
    return []
