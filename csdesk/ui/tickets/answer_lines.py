"""The lines of what product answered: a demand or bug, below it old beside new, or what is wrong and at which cell.

Keys: ("row", sheet, row), ("change", sheet, row, field), ("finding", sheet, row, number).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from csdesk.services.core.texts import N_, _
from csdesk.services.tickets.product_answers import TITLES, RowFate
from csdesk.ui.core.lines import Badge
from csdesk.ui.core.review_lines import Group, LineList, ReviewLine, row_words

if TYPE_CHECKING:
    from csdesk.services.tickets.product import Outcome, RowOutcome

HEADS = (N_("Demand / field"), N_("Cell"), N_("Ours now"), N_("Product says"))
EMPTY = "\u2014"


def lines_of(outcome: Outcome, fate: RowFate, words: str = "") -> LineList:
    """The lines of the rows that met a fate; ``words`` narrow to rows in which all of them stand."""
    return LineList(list(_groups(outcome, fate, words.casefold().split())))


def place_of(key: Any) -> tuple[str, int] | None:
    """The row (sheet, row) that a line belongs to."""
    return (key[1], key[2]) if isinstance(key, tuple) and len(key) > 2 else None


def told(line: ReviewLine, among: Sequence[ReviewLine]) -> str:
    """A line in full, where its cells may be cut: one field, or of a demand all that is wrong with it."""
    if line.head:
        wrong = [one for one in among if one.key[0] == "finding" and one.place == line.place]
        return " ".join(told(one, ()) for one in wrong)
    words = line.new if line.badge is not None else f"{line.old} \u2192 {line.new}"
    return _("{title}: {words}").format(title=line.title, words=words)


def _groups(outcome: Outcome, fate: RowFate, words: list[str]) -> Iterator[Group]:
    for row in outcome.rows:
        if row.fate == fate:
            made = _lines(row)
            said = " ".join(f"{line.title} {line.where} {line.old} {line.new}" for line in made).casefold()
            if all(word in said for word in words):
                yield Group(made[0].key, len(made), partial(list, made), tuple(line.key for line in made[1:]))


def _lines(row: RowOutcome) -> list[ReviewLine]:
    place = row.row.place
    number = row.number or (str(row.row.number) if row.row.number else "")
    title = " ".join(part for part in (number, row.title) if part) or _("(no name)")
    head = ReviewLine(
        ("row", *place), title, row_words(row.row.row), place=place, head=True, badge=_badge(row),
        new=_("filled in, but without a decision") if _is_half_filled(row) else "",
    )  # fmt: skip
    if row.problems:
        return [head, *(_wrong(row, at) for at in range(len(row.problems)))]
    changes = [
        ReviewLine(
            ("change", *place, change.field), _(TITLES[change.field]), change.cell, change.old or EMPTY,
            change.new or EMPTY, place,
        )
        for change in row.changes
    ]  # fmt: skip
    return [head, *changes]


def _wrong(row: RowOutcome, at: int) -> ReviewLine:
    problem = row.problems[at]
    title = _(TITLES[problem.field]) if problem.field in TITLES else _("Number")
    return ReviewLine(
        ("finding", *row.row.place, at), title, problem.cell or "", new=problem.message, place=row.row.place,
        badge=Badge(_("wrong"), "bad"),
    )  # fmt: skip


def _is_half_filled(row: RowOutcome) -> bool:
    answer = row.row.answer
    return row.fate is RowFate.UNANSWERED and any((answer.reason, answer.answer, answer.release, answer.planned_on))


def _badge(row: RowOutcome) -> Badge | None:
    if row.fate is not RowFate.CONFLICT:
        return None
    if not row.chosen:
        return Badge(_("choose"), "warn")
    return Badge(_("product's counts"), "ok") if row.taken else Badge(_("ours counts"), "neutral")
