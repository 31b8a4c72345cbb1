"""What product answered, cell by cell, beside what the desk holds: new, same, in conflict, refused, or not answered yet.

Pure. An answer was sent out with a fingerprint of what the desk held then, so that three sides can be told apart: as it was
sent, as product left it, as the desk holds it now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum

from csdesk.models.vocabulary import Decision, DemandSize, Scope
from csdesk.services.core import formats
from csdesk.services.core.errors import Problem
from csdesk.services.core.texts import N_, _

FIXED = "fixed"
"""What product may decide about a bug beside the two decisions: it is mended already."""
FIXED_LABEL = N_("Fixed")

TITLES = {
    "reasonable": N_("Reasonable"),
    "scope": N_("Generic or custom"),
    "size": N_("Size"),
    "decision": N_("Decision"),
    "reason": N_("Reason"),
    "answer": N_("Answer for the customer"),
    "release": N_("Release"),
    "planned_on": N_("Planned date"),
    "reviewed_by": N_("Reviewed by"),
}
"""The columns that product fills, in their order; msgids."""
OF_BUG = ("decision", "planned_on", "release", "answer")


class What(StrEnum):
    """What a row of the sheet is about."""

    DEMAND = "demand"
    BUG = "bug"


class RowFate(StrEnum):
    """What becomes of a row that came back."""

    NEW = "new"
    SAME = "same"
    CONFLICT = "conflict"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


FATES = {
    RowFate.NEW: N_("New answers"),
    RowFate.CONFLICT: N_("Changed on both sides"),
    RowFate.REFUSED: N_("Refused rows"),
    RowFate.SAME: N_("Same"),
    RowFate.UNANSWERED: N_("Not answered yet"),
}
"""In the order in which they are shown; msgids."""


@dataclass(frozen=True)
class Answer:
    """What is decided about one demand or bug. ``decision`` is a Decision, "fixed" for a bug, "" for none yet."""

    decision: str = ""
    reasonable: bool | None = None
    scope: str = ""
    size: str = ""
    reason: str = ""
    answer: str = ""
    release: str = ""
    planned_on: date | None = None
    reviewed_by: str = ""

    def over(self, ours: Answer) -> Answer:
        """This one, with what it says nothing about taken from ours where both come to the same decision."""
        if self.decision != ours.decision:
            return self
        silent = {one.name: getattr(ours, one.name) for one in fields(self) if getattr(self, one.name) in (None, "")}
        return replace(self, **silent)

    def settled(self) -> Answer:
        """This one without what its decision leaves no room for: what is declined has neither release nor date."""
        return replace(self, release="", planned_on=None) if self.decision == Decision.DECLINED else self


def fingerprint(answer: Answer) -> str:
    """A short name for an answer, the same for the same one."""
    said = "\x1f".join(_plain(getattr(answer, one.name)) for one in fields(answer))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _plain(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


@dataclass(frozen=True)
class AnsweredRow:
    """A row of the file: ``number`` as the sheet shows it (0: none), ``id`` from the hidden column, None where it is lost.

    ``as_sent`` is the fingerprint from the export, "" where it is lost. ``cells`` gives by field the address of its cell,
    ``problems`` what could not be read there.
    """

    what: What
    sheet: str
    row: int
    id: int | None
    number: int
    title: str
    as_sent: str
    answer: Answer
    cells: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: the sheet, and the row as Excel counts."""
        return self.sheet, self.row

    def problem(self, name: str, message: str, code: str) -> Problem:
        """Something wrong with one of its cells."""
        return Problem(name, message, cell=self.cells.get(name, f"{self.row}"), code=code)


@dataclass(frozen=True)
class FieldChange:
    """One field: what the desk holds, what the file says, in words; the cell that says so."""

    field: str
    old: str
    new: str
    cell: str


def fate_of(as_sent: str, written: Answer, theirs: Answer, ours: Answer) -> RowFate:
    """What becomes of a readable row, told from the three sides; ``written`` stands in the file, ``theirs`` is how it counts."""
    if not written.decision:
        return RowFate.UNANSWERED
    if fingerprint(theirs) == fingerprint(ours) or fingerprint(written) == as_sent:
        return RowFate.SAME
    unchanged_here = fingerprint(ours) == as_sent if as_sent else not ours.decision
    return RowFate.NEW if unchanged_here else RowFate.CONFLICT


def changes_between(ours: Answer, theirs: Answer, cells: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """The fields in which they differ, in the order of the sheet."""
    return tuple(
        FieldChange(name, shown(name, getattr(ours, name)), shown(name, getattr(theirs, name)), cells.get(name, ""))
        for name in TITLES
        if _plain(getattr(ours, name)) != _plain(getattr(theirs, name))
    )


def shown(name: str, value: object) -> str:
    """A value of a field as people read it; "" for none."""
    if value is None or value == "":
        return ""
    if name == "decision":
        return _(FIXED_LABEL) if value == FIXED else _(Decision(str(value)).label)
    if name == "reasonable":
        return _("Yes") if value else _("No")
    if name == "scope":
        return _(Scope(str(value)).label)
    if name == "size":
        return _(DemandSize(str(value)).label)
    if isinstance(value, date):
        return formats.day_iso(value)
    return str(value)


def gaps(row: AnsweredRow, answer: Answer, sent_on: date | None, today: date) -> tuple[Problem, ...]:
    """What an answer still lacks, or says against the calendar, to be taken: each named at its cell."""
    found = []
    if answer.decision == Decision.ACCEPTED:
        if answer.planned_on is None:
            found.append(row.problem("planned_on", _("Accepted, but without a date."), "missing"))
        if row.what is What.DEMAND and not answer.release:
            found.append(row.problem("release", _("Accepted, but without a release."), "missing"))
    if answer.decision == Decision.DECLINED:
        if row.what is What.DEMAND and not answer.reason:
            found.append(row.problem("reason", _("Declined, but without a reason."), "missing"))
        if not answer.answer:
            found.append(
                row.problem("answer", _("Declined, but without an answer that the customer can be given."), "missing")
            )
    if answer.planned_on is not None and answer.decision in (Decision.ACCEPTED, FIXED):
        found += _wrong_day(row, answer, sent_on, today)
    return tuple(found)


def _wrong_day(row: AnsweredRow, answer: Answer, sent_on: date | None, today: date) -> list[Problem]:
    day = answer.planned_on
    assert day is not None
    if sent_on is not None and day < sent_on:
        words = _("{day} lies before the day on which this was sent to product ({sent}).")
        return [
            row.problem("planned_on", words.format(day=formats.day_iso(day), sent=formats.day_iso(sent_on)), "early")
        ]
    if answer.decision == FIXED and day > today:
        words = _("Fixed, but on a day that is still to come ({day}).").format(day=formats.day_iso(day))
        return [row.problem("planned_on", words, "late")]
    if answer.decision == Decision.ACCEPTED and day < today:
        words = _("{day} has passed already.").format(day=formats.day_iso(day))
        return [row.problem("planned_on", words, "early")]
    return []


def doubles(rows: Sequence[AnsweredRow]) -> dict[tuple[str, int], Problem]:
    """By place, the problem of rows that answer for the same record as another one; rows without a decision do not count."""
    by_record: dict[tuple[What, object], list[AnsweredRow]] = {}
    for row in rows:
        if row.answer.decision or row.problems:
            by_record.setdefault((row.what, row.id if row.id is not None else -row.number), []).append(row)
    found = {}
    for same in by_record.values():
        if len(same) > 1:
            places = _(", ").join(str(row.row) for row in same)
            for row in same:
                words = _("There is more than one answer for this one, in rows {rows}: leave one of them.")
                found[row.place] = row.problem("number", words.format(rows=places), "double")
    return found
