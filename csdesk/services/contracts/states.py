"""Where a contract stands, what may be done to it there, and the arithmetic of terms that follow each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from csdesk.models.vocabulary import ContractAction, ContractState, RenewalState
from csdesk.services.core.money import anniversary, term_months, to_amount

ENDING_DAYS = 150
"""From so many days before its end a contract counts as ending: the widest window of the renewals."""

_DAY = timedelta(days=1)
_A, _S = ContractAction, ContractState

CONTRACT_ACTIONS: dict[ContractState, frozenset[ContractAction]] = {
    _S.UPCOMING: frozenset({_A.AMEND, _A.EXTEND}),
    _S.RUNNING: frozenset({_A.AMEND, _A.EXTEND, _A.RENEW, _A.LOSE, _A.TERMINATE}),
    _S.ENDING: frozenset({_A.AMEND, _A.EXTEND, _A.RENEW, _A.LOSE, _A.TERMINATE}),
    _S.ENDED_OPEN: frozenset({_A.AMEND, _A.EXTEND, _A.RENEW, _A.LOSE, _A.TERMINATE}),
    _S.RENEWED: frozenset({_A.AMEND, _A.CORRECT}),
    _S.CHURNED: frozenset({_A.RENEW, _A.CORRECT}),
    _S.TERMINATED: frozenset({_A.RENEW, _A.CORRECT}),
}
"""Which action is allowed in which state. What has ended may still be amended or terminated: things are entered late."""


def actions_of(state: ContractState, *, followed: bool) -> frozenset[ContractAction]:
    """What may be done to a contract; one that another follows is neither renewed nor opened again while that one is there."""
    allowed = CONTRACT_ACTIONS[state]
    return allowed - {_A.RENEW, _A.CORRECT} if followed else allowed


def proposed_day(start: date | None, end: date | None, today: date) -> date:
    """From which day an amendment is proposed: today where that lies inside the term, else the nearest day that does."""
    day = today if start is None else max(today, start + _DAY)
    return day if end is None else min(day, end)


def state_of(
    start: date | None, end: date | None, renewal_state: str, terminated_on: date | None, today: date
) -> ContractState:
    """Where a contract stands on a day; one without an end is running."""
    if renewal_state == RenewalState.RENEWED:
        return ContractState.RENEWED
    if renewal_state == RenewalState.CHURNED:
        return ContractState.CHURNED if terminated_on is None else ContractState.TERMINATED
    if start is not None and start > today:
        return ContractState.UPCOMING
    if end is None or end > today + timedelta(days=ENDING_DAYS):
        return ContractState.RUNNING
    return ContractState.ENDING if end >= today else ContractState.ENDED_OPEN


Days = tuple[date, date]
"""First and last day of a term."""


def runs_on(today: date, term: Days, terms: Collection[Days], grace: int) -> bool:
    """Whether one of an account's undecided terms, none of which names another, counts today: as it runs, through a gap within
    the grace, or because nobody knows yet."""
    start, end = term
    if start > today or today <= end:
        return start <= today
    if today > end + timedelta(grace):
        return False
    following = _next_start(end, terms)
    if following is not None and following <= end + timedelta(grace):
        return following > today
    return not any(
        begins <= today and _reaches((begins, ends), terms, grace, max(end + _DAY, begins))
        for begins, ends in terms
        if (begins, ends) != term
    )


def _reaches(term: Days, terms: Collection[Days], grace: int, day: date) -> bool:
    end = term[1]
    if end >= day:
        return True
    following = _next_start(end, terms)
    return following is not None and day < following <= end + timedelta(grace)


def _next_start(end: date, terms: Collection[Days]) -> date | None:
    return min((begins for begins, _ends in terms if begins > end), default=None)


def next_term(start: date, end: date, begins: date | None = None) -> tuple[date, date]:
    """The term of the same length that follows, from the day after the end or from ``begins``.

    Whole months stay whole months; any other term keeps its number of days. Raises ValueError where end is before start.
    """
    first = begins or end + _DAY
    months = term_months(start, end)
    if months.denominator == 1:
        return first, anniversary(first, int(months)) - _DAY
    return first, first + (end - start)


def rest_of(amount: Decimal, start: date, end: date, begins: date) -> Decimal:
    """The part of a term's amount that falls on the days from ``begins`` to the end, by months, to the cent."""
    return _share(amount, term_months(begins, end) / term_months(start, end))


def price_of(arr_cents: int, start: date, end: date) -> Decimal:
    """What a line of this ARR costs for a term, to the cent."""
    return _share(Decimal(arr_cents).scaleb(-2), term_months(start, end) / 12)


def _share(amount: Decimal, share: Fraction) -> Decimal:
    made = to_amount(round(Fraction(amount) * 100 * share))
    assert made is not None
    return made


def next_number(number: str, start: date | None, begins: date, taken: Collection[str]) -> str:
    """A number for the contract that follows: the year in it goes on, or "-2", "-3" … comes behind; none that is taken."""
    if start is not None and begins.year > start.year:
        year = re.search(rf"(?<!\d){start.year}(?=\D|$|\d{{4}}$)", number) or re.search(str(start.year), number)
        if year is not None:
            proposed = f"{number[: year.start()]}{begins.year}{number[year.end() :]}"
            if proposed not in taken:
                return proposed
    stem = re.sub(r"-\d$", "", number)
    count = 2
    while f"{stem}-{count}" in taken or f"{stem}-{count}" == number:
        count += 1
    return f"{stem}-{count}"
