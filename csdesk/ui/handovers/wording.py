"""How a handover is put into words: badges, the lines of its tab."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import HandoverPoint, HandoverState, Tier
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.lines import Badge, Line
from csdesk.ui.tasks.wording import task_badge

if TYPE_CHECKING:
    from csdesk.services.handover.records import HandoverRecord, PointState, PromiseState

TONES = {
    HandoverState.RECEIVED: "warn",
    HandoverState.QUESTIONED: "warn",
    HandoverState.ACCEPTED: "ok",
    HandoverState.RETURNED: "bad",
}
MARKS = {"runs": N_("Contract runs"), "early": N_("Accepted late")}
MARK_TONES = {"runs": "bad", "early": "neutral"}
OTHERS = (("pain_points", N_("Pain points")), ("questions", N_("Questions to sales")), ("notes", N_("Notes")))
"""What else sales passed on, outside the checklist."""


def handover_badge(state: str) -> Badge:
    """A handover's state as a badge."""
    known = HandoverState(state)
    return Badge(_(known.label), TONES[known])


def stored_word(key: str, value: str) -> str:
    """A stored word of the list's columns for people."""
    if key == "state":
        return _(HandoverState(value).label)
    if key == "early":
        return _(MARKS[value])
    return _(", ").join(_(HandoverPoint(point).label) for point in value.split(",") if point)


def waiting_words(days: int) -> str:
    """For how long nobody has decided on a handover."""
    if not days:
        return _("received today")
    return ngettext("waits for {n} day", "waits for {n} days", days).format(n=days)


def days_words(record: HandoverRecord) -> str:
    """How long it waits, or how long it took."""
    if record.days is None:
        return ""
    if record.decided_on is None:
        return waiting_words(record.days)
    return ngettext("took {n} day", "took {n} days", record.days).format(n=record.days)


def early_words(record: HandoverRecord, today: date) -> str:
    """What is wrong where a contract runs before acceptance; "" where nothing is."""
    if not record.early or record.start_on is None:
        return ""
    day = formats.day_iso(record.start_on)
    if record.state == HandoverState.ACCEPTED and record.decided_on is not None:
        days = (record.decided_on - record.start_on).days
        words = ngettext(
            "The contract began on {day}, {n} day before it was accepted",
            "The contract began on {day}, {n} days before it was accepted",
            days,
        )
        return words.format(day=day, n=days)
    return _("The contract runs since {day}, and the handover is not accepted").format(day=day)


def record_lines(record: HandoverRecord, today: date) -> list[Line]:
    """The checklist with its questions, the promises with their tasks, what else was passed on, the moves."""
    lines = [_heading("checklist", _("Checklist"), _checked(record))]
    for state in record.points:
        lines += _point_lines(state, today)
    if record.promises:
        kept = sum(promise.task is not None for promise in record.promises)
        note = _("{n} of {all} as tasks").format(n=kept, all=len(record.promises))
        lines.append(_heading("promises", _("Promises by sales"), note))
        lines += [_promise_line(number, promise, today) for number, promise in enumerate(record.promises)]
    others = [(key, title, getattr(record, key)) for key, title in OTHERS if getattr(record, key)]
    if others:
        lines.append(_heading("others", _("Also passed on"), record.source_row))
        lines += [_text_line(("text", key), _(title), text) for key, title, text in others]
    if record.moves:
        lines.append(_heading("moves", _("What happened"), ""))
        for number, move in reversed(list(enumerate(record.moves))):
            words = f"{_(move.from_state.label)} \u2192 {_(move.to_state.label)}"
            left = formats.day_near(move.moved_on, today)
            lines.append(Line(("move", number), words, move.reason, left=left, bold=False))
    return lines


def _heading(key: str, title: str, note: str) -> Line:
    return Line(("heading", key), title, section=True, note=note)


def _checked(record: HandoverRecord) -> str:
    there = len(record.points) - len(record.missing)
    return _("{n} of {all} known").format(n=there, all=len(record.points))


def _point_lines(state: PointState, today: date) -> list[Line]:
    title = _(state.point.label)
    evidence = state.evidence
    if state.point == HandoverPoint.TIER and state.text:
        evidence = f"{state.text} \u00b7 {_(Tier(state.text).label)}"
    key = ("point", state.point.value)
    badge = () if state.present else (Badge(_("Missing"), "bad"),)
    known = _("from contract and contacts") if state.known and not state.text else ""
    first, *rest = evidence.split("\n") if evidence else ["\u2014"]
    lines = [Line(key, first, " / ".join(rest), left=title, badges=badge, note=known, bold=False)]
    if state.question is not None:
        asked = formats.day_near(state.question.asked_on, today)
        badge = (Badge(_("Answered"), "ok"),) if state.question.answered else (Badge(_("Asked"), "warn"),)
        lines.append(
            Line(
                ("question", state.point.value), state.question.text, left="", badges=badge, note=asked, bold=False,
                muted=state.question.answered,
            )
        )  # fmt: skip
    return lines


def _text_line(key: object, title: str, text: str) -> Line:
    first, *rest = text.split("\n")
    return Line(key, first, " / ".join(rest), left=title, bold=False)


def _promise_line(number: int, promise: PromiseState, today: date) -> Line:
    task = promise.task
    if task is None:
        return Line(("promise", number), promise.text, badges=(Badge(_("No task"), "bad"),), bold=False)
    day = formats.day_near(task.due_on, today) if task.due_on is not None else ""
    second = task.text if task.text != promise.text else ""
    return Line(
        ("promise", number), promise.text, second, left=day, badges=(task_badge(task, today),), note=task.owner,
        bold=False, muted=not task.is_open,
    )  # fmt: skip
