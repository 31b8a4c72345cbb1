"""What a line of a review asks, in a sentence, and the answers that can be given to it with one key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from csdesk.models.vocabulary import ContactRole, Fate, Tier
from csdesk.services.accounts.names import name_key
from csdesk.services.core import formats
from csdesk.services.core.errors import Severity
from csdesk.services.core.texts import _, ngettext
from csdesk.services.handover.days import Order, read_day
from csdesk.services.handover.fields import FIELDS, NAME
from csdesk.services.handover.findings import Finding
from csdesk.services.handover.matching import NEW, Candidate
from csdesk.services.handover.recipe import Policy
from csdesk.services.handover.report import CellChange, CompanyRead
from csdesk.services.handover.reviewing import Answers, Review
from csdesk.services.handover.spelling import as_cell
from csdesk.services.handover.values import read_amount

MOST_OFFERED = 4
SINGLE, TEN_THOUSANDS = "\u5143", "\u4e07\u5143"
Line = tuple[Any, ...]
"""A line of a review: ("company", name), ("change", name, number), ("finding", number)."""


@dataclass(frozen=True)
class Choice:
    """One answer: its words, a muted remark, and what it makes of the answers given so far (for all alike or this one)."""

    text: str
    give: Callable[[Answers, bool], Answers]
    note: str = ""


@dataclass(frozen=True)
class Doubt:
    """A question: the sentence, its answers, which of them holds now, and how many lines the same answer would settle."""

    sentence: str
    choices: tuple[Choice, ...]
    chosen: int | None = None
    alike: int = 1
    wrong: bool = False


def doubt_of(review: Review, line: Line | None) -> Doubt | None:
    """What a line asks; None where it asks nothing."""
    if not line:
        return None
    if line[0] == "finding":
        return _of_finding(review, review.report.findings[line[1]])
    if line[0] not in ("company", "change"):
        return None
    company = company_of(review, line)
    if company is None:
        return None
    if company.fate is Fate.UNDECIDED or (review.answers.recipe.policy is Policy.ASK and _answered(review, company)):
        return _of_company(review, company)
    return _of_change(review, company.changes[line[2]]) if line[0] == "change" else None


def company_of(review: Review, line: Line) -> CompanyRead | None:
    """The company that a line is about; None where it is about a cell or a row alone."""
    if line[:1] not in (("company",), ("change",)):
        return None
    return next((one for one in review.report.companies if one.name == line[1]), None)


def _answered(review: Review, company: CompanyRead) -> bool:
    return name_key(company.name) in review.answers.hits


def _of_company(review: Review, company: CompanyRead) -> Doubt:
    key = name_key(company.name)
    if company.account_id is not None and (company.matched_by == "decision" or not company.likely):
        return _of_hit(review, company, key)

    def decide(what: str) -> Callable[[Answers, bool], Answers]:
        return lambda answers, _all: replace(answers, decisions={**answers.decisions, key: what})

    return Doubt(
        "",
        (
            *(Choice(_same_as(one), decide(one.decision)) for one in company.likely[:MOST_OFFERED]),
            Choice(_("A different account"), decide(NEW)),
            Choice(_("Leave it out"), _leave_out(company.rows)),
        ),
    )


def _same_as(candidate: Candidate) -> str:
    if candidate.account_id is None:
        return _("The same as “{name}” in this file").format(name=candidate.name)
    return _("The same as “{name}”").format(name=candidate.name)


def _of_hit(review: Review, company: CompanyRead, key: str) -> Doubt:
    waiting = [
        name_key(one.name)
        for one in review.report.companies
        if one.fate is Fate.UNDECIDED and one.account_id is not None and not one.likely
    ]

    def does(policy: Policy) -> Callable[[Answers, bool], Answers]:
        def give(answers: Answers, alike: bool) -> Answers:
            keys = {key, *waiting} if alike else {key}
            return replace(answers, hits={**answers.hits, **dict.fromkeys(keys, policy)})

        return give

    policies = (Policy.UPDATE, Policy.FILL, Policy.SKIP)
    words = (_("Take what the file says"), _("Only fill what is empty"), _("Change nothing"))
    given = review.answers.hits.get(key)
    count = len(company.changes)
    sentence = ngettext(
        "This account is there already; the file would change {n} value of it.",
        "This account is there already; the file would change {n} values of it.",
        count,
    ).format(n=count)
    choices = tuple(Choice(text, does(policy)) for text, policy in zip(words, policies, strict=True))
    return Doubt(sentence, choices, policies.index(given) if given in policies else None, max(len(waiting), 1))


def _of_change(review: Review, change: CellChange) -> Doubt | None:
    if not change.cell:
        return None
    same = [
        (one.sheet, one.cell)
        for company in review.report.companies
        for one in company.changes
        if one.field == change.field and one.cell
    ]

    def keep(answers: Answers, alike: bool) -> Answers:
        return _typed(answers, same if alike else [(change.sheet, change.cell)], "")

    return Doubt(
        "",
        (
            Choice(_("As in the file: {value}").format(value=_shown(change.new)), lambda answers, _all: answers),
            Choice(_("Keep what is there: {value}").format(value=_shown(change.old)), keep),
        ),
        0,
        len(same),
    )


def _of_finding(review: Review, finding: Finding) -> Doubt:
    alike = [
        one
        for one in review.report.findings
        if (one.sheet, one.column, one.code) == (finding.sheet, finding.column, finding.code)
    ]
    wrong = finding.severity is Severity.ERROR
    choices = _CHOICES.get(finding.code, _of_value)(review, finding, alike)
    return Doubt(finding.message, tuple(choices), None if wrong else _now(finding, len(choices)), len(alike), wrong)


def _now(finding: Finding, count: int) -> int | None:
    """Which answer a doubt stands at when nobody answers: the value is left empty."""
    return count - 1 if finding.code in ("unit_doubt", "ambiguous_date", "unknown_tier", "unknown_role") else 0


def _of_value(_review: Review, finding: Finding, alike: list[Finding]) -> list[Choice]:
    choices = []
    if finding.field != NAME and finding.code not in ("differs_in_file", "possible_duplicate", "number_elsewhere"):
        words = _("Take the row in without this value") if finding.severity is Severity.ERROR else _("Leave it empty")
        choices.append(Choice(words, _empty(finding, alike)))
    elif finding.severity is Severity.WARNING:
        choices.append(Choice(_("It is right so"), lambda answers, _all: answers))
    rows = [(one.sheet, one.row) for one in alike]

    def out(answers: Answers, all_alike: bool) -> Answers:
        return _leave_out(rows if all_alike else [(finding.sheet, finding.row)])(answers, all_alike)

    return [*choices, Choice(_("Leave the row out"), out)]


def _of_unit(_review: Review, finding: Finding, alike: list[Finding]) -> list[Choice]:
    def as_unit(unit: str) -> Callable[[Answers, bool], Answers]:
        def give(answers: Answers, all_alike: bool) -> Answers:
            for one in alike if all_alike else [finding]:
                answers = _typed(answers, [(one.sheet, one.cell)], one.value + unit)
            return answers

        return give

    def worth(unit: str) -> str:
        amount = read_amount(finding.value + unit)[0]
        return formats.money(amount) if amount is not None else finding.value

    return [
        Choice(_("In single units: {amount}").format(amount=worth(SINGLE)), as_unit(SINGLE), _("suggested")),
        Choice(_("In ten thousands: {amount}").format(amount=worth(TEN_THOUSANDS)), as_unit(TEN_THOUSANDS)),
        Choice(_("Leave it empty"), _empty(finding, alike)),
    ]


def _of_day(_review: Review, finding: Finding, alike: list[Finding]) -> list[Choice]:
    def in_order(order: Order) -> Callable[[Answers, bool], Answers]:
        def give(answers: Answers, all_alike: bool) -> Answers:
            if all_alike:
                orders = {**answers.recipe.day_orders, finding.column: order.value}
                return replace(answers, recipe=replace(answers.recipe, day_orders=orders))
            day = read_day(finding.value, order)[0]
            return _typed(answers, [(finding.sheet, finding.cell)], day.isoformat() if day else "")

        return give

    def told(order: Order) -> str:
        return _shown(read_day(finding.value, order)[0])

    return [
        Choice(_("Day first: {day}").format(day=told(Order.DAY_FIRST)), in_order(Order.DAY_FIRST)),
        Choice(_("Month first: {day}").format(day=told(Order.MONTH_FIRST)), in_order(Order.MONTH_FIRST)),
        Choice(_("Leave it empty"), _empty(finding, alike)),
    ]


def _of_tier(review: Review, finding: Finding, alike: list[Finding]) -> list[Choice]:
    return _of_word(finding, alike, {tier.value: _(tier.label) for tier in Tier})


def _of_role(review: Review, finding: Finding, alike: list[Finding]) -> list[Choice]:
    return _of_word(finding, alike, {role.value: _(role.label) for role in ContactRole})


def _of_word(finding: Finding, alike: list[Finding], values: Mapping[str, str]) -> list[Choice]:
    """A word that nobody taught yet: it is learnt, or typed over in this cell alone."""

    def means(value: str) -> Callable[[Answers, bool], Answers]:
        def give(answers: Answers, all_alike: bool) -> Answers:
            if not all_alike:
                return _typed(answers, [(finding.sheet, finding.cell)], str(as_cell(finding.field, value)))
            known = answers.recipe.words
            words = {**known, finding.field: {**known.get(finding.field, {}), finding.value: value}}
            return replace(answers, recipe=replace(answers.recipe, words=words))

        return give

    choices = [Choice(text, means(value)) for value, text in values.items()]
    return [*choices, Choice(_("Leave it empty"), _empty(finding, alike))]


_CHOICES: dict[str, Callable[[Review, Finding, list[Finding]], list[Choice]]] = {
    "unit_doubt": _of_unit,
    "ambiguous_date": _of_day,
    "unknown_tier": _of_tier,
    "unknown_role": _of_role,
}


def _empty(finding: Finding, alike: list[Finding]) -> Callable[[Answers, bool], Answers]:
    def give(answers: Answers, all_alike: bool) -> Answers:
        return _typed(answers, [(one.sheet, one.cell) for one in (alike if all_alike else [finding])], "")

    return give


def _typed(answers: Answers, cells: Iterable[tuple[str, str]], text: str) -> Answers:
    return replace(answers, edits={**answers.edits, **dict.fromkeys(cells, text)})


def _leave_out(rows: Iterable[tuple[str, int]]) -> Callable[[Answers, bool], Answers]:
    places = frozenset(rows)
    return lambda answers, _all: replace(answers, left_out=answers.left_out | places)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return _("(empty)")
    return value.isoformat() if isinstance(value, date) else str(value)


def field_of(key: str) -> str:
    """The title of a field for people; the key where there is none."""
    return _(FIELDS[key].title) if key in FIELDS else key
