"""Questions and returns as a sheet for sales: what is missing, what we ask, and columns for the answers.

Filled in, it is an ordinary handover workbook: the headings of the answers are those that the import knows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from csdesk.models.vocabulary import HandoverPoint, HandoverState
from csdesk.resources import resource
from csdesk.services.core.texts import N_, _, is_chinese
from csdesk.services.files.writing import Heading, OutSheet, Value, write_workbook
from csdesk.services.handover.records import HandoverRecord, PointState

FIELD_OF = {
    point: "account.tier"
    if point == HandoverPoint.TIER
    else "contract.payment_terms"
    if point == HandoverPoint.PAYMENT_TERMS
    else f"handover.{point.value}"
    for point in HandoverPoint
}
"""Under which field of the import an answer comes in."""
ASK = {
    HandoverPoint.GOALS: N_("What does the customer want to have reached in a year?"),
    HandoverPoint.STAKEHOLDERS: N_("Who decides, who uses it, who is against it?"),
    HandoverPoint.SCOPE: N_("What was sold, for which plants or departments?"),
    HandoverPoint.PROMISES: N_("What was promised beside the contract? If nothing, write “nothing was promised”."),
    HandoverPoint.RISKS: N_("What may go wrong? If nothing is known, write “none known”."),
    HandoverPoint.PAYMENT_TERMS: N_("What is paid when?"),
    HandoverPoint.TIER: N_("How important is the customer: A, B or C?"),
}


def question_for(point: HandoverPoint) -> str:
    """What sales is asked where a point says nothing."""
    return _(ASK[point])


def is_asked(state: PointState) -> bool:
    """Whether sales has to say something about a point."""
    return not state.present or (state.question is not None and not state.question.answered)


def write_questions(path: Path, found: Sequence[HandoverRecord]) -> int:
    """Write the sheet: a row a handover, the answers blank; returns how many points are asked. Raises StorageError.

    What a point says already stands in its column, so that sales sees and may mend it.
    """
    asked = [point for point in HandoverPoint if any(is_asked(one.point(point)) for one in found)]
    headings = _headings()
    columns = [
        Heading(headings["account.name"], width=28),
        Heading(headings["contract.number"], width=18),
        Heading(_("What is missing"), width=24, wraps=True),
        Heading(_("Our question"), width=48, wraps=True),
        *(Heading(headings[FIELD_OF[point]], width=32, wraps=True, answers=True) for point in asked),
    ]
    write_workbook(path, [OutSheet(_("Questions to sales"), columns, [_row(one, asked) for one in found])])
    return sum(is_asked(one.point(point)) for one in found for point in asked)


def _row(one: HandoverRecord, asked: Sequence[HandoverPoint]) -> list[Value]:
    missing = _(", ").join(_(point.label) for point in one.missing)
    answers: list[Value] = [one.point(point).text or None for point in asked]
    return [one.full_name, one.contract, missing, "\n".join(_questions(one)), *answers]


def _questions(one: HandoverRecord) -> list[str]:
    """All that sales is to answer, a line each: why it came back, the questions in general, those at a point."""
    lines = []
    returned = next((move.reason for move in reversed(one.moves) if move.to_state == HandoverState.RETURNED), "")
    if one.state == HandoverState.RETURNED and returned:
        lines.append(_("Returned: {reason}").format(reason=returned))
    if one.questions:
        lines.append(one.questions)
    for state in one.points:
        if is_asked(state):
            question = state.question.text if state.question is not None else question_for(state.point)
            lines.append(_("{point}: {question}").format(point=_(state.point.label), question=question))
    return lines


def _headings() -> dict[str, str]:
    """By field, the heading that the import knows best, in the reader's language."""
    name = "headings_zh.json" if is_chinese() else "headings_en.json"
    fields = json.loads(resource("import", name).read_text(encoding="utf-8"))["fields"]
    return {key: str(aliases[0]) for key, aliases in fields.items()}
