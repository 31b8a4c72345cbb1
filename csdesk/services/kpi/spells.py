"""When a customer was one: terms laid end to end by the rules of the glossary, as known on a day. Pure.

Days are ordinals (``date.toordinal``) here: a portfolio has a hundred thousand of them, and they are only compared.

A term runs to its end, or to the day before the one that follows it: the contract that names it as its predecessor and
starts within the grace, else the account's next contract without such a link that starts after the end and within the
grace. A gap before the one that follows carries the old term. Where nothing follows, what was decided counts:

* closed as churned: the term ends on its end;
* to be renewed by itself, and the day of notice (else the end) has passed without a word: renewed on its end day. The ARR
  goes on, the same amount for the same term and again after it, until somebody writes the next contract;
* decided as renewed, and the next contract is not written yet: the same;
* still open: pending while today lies within the grace, then lost without a word.

An account's last term that is pending is carried without an end. Terms that ended while another contract ran on are
contraction on the day after their end, pending or not: the account itself is in no doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from csdesk.models.vocabulary import RenewalState

FOREVER = date.max.toordinal()
NEVER = 0


class Outcome(StrEnum):
    """What became of a term at its end. ``SIGNED``: something follows; ``ON_WORD``: renewed, but nothing follows yet."""

    SIGNED = "signed"
    ON_WORD = "on_word"
    AUTOMATIC = "automatic"
    PENDING = "pending"
    CHURNED = "churned"
    SILENT = "silent"


SIGNED, ON_WORD, AUTOMATIC, PENDING, CHURNED, SILENT = Outcome
"""By name: an enumeration looks each member up anew, and these are asked for with every term."""
RENEWED = frozenset({SIGNED, ON_WORD, AUTOMATIC})
SAID_OPEN, SAID_RENEWED, SAID_CHURNED = RenewalState.OPEN, RenewalState.RENEWED, RenewalState.CHURNED


class Judgement(NamedTuple):
    """What terms are judged by: the day on which it is known, the days of grace, and whether those who left without a word
    are lost from the day on which the grace ends instead of the day after their end."""

    today: int
    grace: int
    by_grace: bool = False

    @property
    def reach(self) -> int:
        """So many days after the end may start what follows it: the next day is in time without any grace too."""
        return max(self.grace, 1)


class Line(NamedTuple):
    """A recurring line: its own days (0: its contract's), ARR and agreed price rise in cents, the line that it replaces."""

    id: int
    start: int
    end: int
    cents: int
    rise: int
    predecessor_id: int | None


class Term:
    """A contract as the figures see it; ``live`` fills in ``until``, ``outcome`` and ``followers``."""

    __slots__ = (
        "account_id", "currency", "end", "followers", "id", "lines", "number", "outcome", "predecessor_id", "silent",
        "start", "state", "until", "whole",
    )  # fmt: skip
    until: int
    """The last day that it counts, carried or cut."""
    outcome: Outcome
    followers: tuple[Term, ...]

    def __init__(
        self,
        id: int,
        account_id: int,
        currency: str,
        start: int,
        end: int,
        state: str = SAID_OPEN,
        silent: int = NEVER,
        predecessor_id: int | None = None,
        number: str = "",
        whole: int = 0,
    ) -> None:
        self.id, self.account_id, self.currency = id, account_id, currency
        self.start, self.end, self.state = start, end, state
        self.predecessor_id, self.number = predecessor_id, number
        self.silent = silent
        """Where it is renewed by itself: the day up to which somebody may say no; NEVER: it is not."""
        self.whole = whole
        """ARR in cents of the lines that run from its first day to its last and that nothing replaces."""
        self.lines: Sequence[Line] = ()
        """The other lines."""

    @property
    def is_late(self) -> bool:
        """Whether what follows leaves a gap."""
        followers = self.followers
        if len(followers) == 1:
            return followers[0].start > self.end + 1
        return bool(followers) and min(one.start for one in followers) > self.end + 1

    def arr_on(self, day: int) -> int:
        """Its ARR on a day inside its term, whatever follows the contract."""
        if not self.lines:
            return self.whole
        replaced = replaced_in((self,))
        return self.whole + sum(line.cents for line, start, end in spans(self, replaced) if start <= day <= end)


Stretch = tuple[int, int, int, int, str]
"""ARR that runs from a day to another: first day, last day, cents, the part of them that is an agreed price rise on the first
day, currency. A plain tuple: there is one for each line."""


@dataclass(slots=True)
class Life:
    """An account's time as a customer: spells without a gap, each lost on the day after its end, and the ARR in them.

    ``pending`` are the days on which nobody knows yet whether it still is one.
    """

    account_id: int
    terms: list[Term]
    spells: list[tuple[int, int]]
    stretches: list[Stretch]
    pending: tuple[int, int] | None = None
    in_a_row: bool = False
    """Whether each term follows the one before it and none has lines apart: one stretch a term, one after the other."""

    @property
    def first_on(self) -> int:
        """The first contract's start; NEVER for none."""
        return self.spells[0][0] if self.spells else NEVER

    def active_on(self, day: int) -> bool:
        """Whether it is a customer on this day, pending included."""
        return any(start <= day <= end for start, end in self.spells)

    def pending_on(self, day: int) -> bool:
        """Whether that is still to be decided."""
        return self.pending is not None and self.pending[0] <= day <= self.pending[1]

    def arr_on(self, day: int) -> dict[str, int]:
        """Cents by currency."""
        found: dict[str, int] = {}
        for start, end, cents, _rise, currency in self.stretches:
            if start <= day <= end:
                found[currency] = found.get(currency, 0) + cents
        return found


def live(account_id: int, terms: list[Term], judgement: Judgement) -> Life:
    """The life of one account; its terms have a start that does not lie after the end."""
    return _in_a_row(account_id, terms, judgement) or _any_way(account_id, terms, judgement)


def _in_a_row(account_id: int, terms: list[Term], judgement: Judgement) -> Life | None:
    """The life where each term names the one before it and follows it in time, as most do; None where they do not.

    ``_any_way`` says the same of it, more slowly.
    """
    before, reach, odd = terms[0], judgement.reach, False
    if before.predecessor_id is not None and len(terms) > 1:
        return None
    stretches: list[Stretch] = []
    for term in terms[1:]:
        start, until = before.start, term.start - 1
        if term.predecessor_id != before.id or not start - 1 <= until < before.end + reach:
            return None
        before.until, before.outcome, before.followers = until, SIGNED, (term,)
        if before.whole and until >= start:
            stretches.append((start, until, before.whole, 0, before.currency))
        if before.lines:
            odd = True
        before = term
    _judge(before, None, terms[:1], False, judgement)
    pending = None
    if before.outcome is PENDING:
        pending, before.until = (before.end + 1, FOREVER), FOREVER
    elif before.outcome is SILENT and judgement.by_grace:
        before.until = max(before.end, before.end + judgement.grace - 1)
    if before.whole:
        stretches.append((before.start, before.until, before.whole, 0, before.currency))
    odd = odd or bool(before.lines)
    spells = [(terms[0].start, before.until)]
    return Life(account_id, terms, spells, _stretches(terms) if odd else stretches, pending, not odd)


def _any_way(account_id: int, terms: list[Term], judgement: Judgement) -> Life:
    reach = judgement.reach
    linked: dict[int, list[Term]] = {}
    free = terms
    broken: set[int] = set()
    if len(terms) > 1:
        free = []
        by_id = {term.id: term for term in terms}
        for term in terms:
            before = by_id.get(term.predecessor_id) if term.predecessor_id is not None else None
            if before is None or before is term or term.start < before.start:
                free.append(term)
            elif term.start > before.end + reach:
                free.append(term)
                broken.add(before.id)
            else:
                linked.setdefault(before.id, []).append(term)
    for term in terms:
        followers = linked.get(term.id)
        if followers is not None and len(followers) == 1:
            _follow(term, followers)
        else:
            _judge(term, followers, free, term.id in broken, judgement)
    spells, pending = _spells(terms, judgement)
    return Life(account_id, terms, spells, _stretches(terms), pending)


def _judge(term: Term, linked: list[Term] | None, free: list[Term], broken: bool, judgement: Judgement) -> None:
    end, state = term.end, term.state
    term.until, term.followers = end, ()
    if linked is None and len(free) > 1:
        following = [one.start for one in free if end < one.start <= end + judgement.reach]
        if following:
            first = min(following)
            linked = [one for one in free if one.start == first]
    if linked is not None:
        _follow(term, linked)
    elif state == SAID_CHURNED:
        term.outcome = CHURNED
    elif term.silent and (state == SAID_RENEWED or term.silent < judgement.today):
        term.outcome, term.until = AUTOMATIC, _next_start(term, free) - 1
    elif state == SAID_RENEWED and not broken:
        term.outcome, term.until = ON_WORD, _next_start(term, free) - 1
    elif state == SAID_OPEN and judgement.today <= end + judgement.grace:
        term.outcome = PENDING
    else:
        term.outcome = SILENT


def _follow(term: Term, followers: list[Term]) -> None:
    term.followers = tuple(followers)
    term.until = followers[0].start - 1 if len(followers) == 1 else min(one.start for one in followers) - 1
    term.outcome = SIGNED


def _next_start(term: Term, free: Iterable[Term]) -> int:
    return min((one.start for one in free if one.start > term.end), default=FOREVER + 1)


def _spells(terms: Iterable[Term], judgement: Judgement) -> tuple[list[tuple[int, int]], tuple[int, int] | None]:
    blocks: list[list[int]] = []
    for start, until in sorted([(term.start, term.until) for term in terms if term.until >= term.start]):
        if blocks and start <= blocks[-1][1] + 1:
            if until > blocks[-1][1]:
                blocks[-1][1] = until
        else:
            blocks.append([start, until])
    spells: list[tuple[int, int]] = []
    pending = None
    for place, (start, end) in enumerate(blocks):
        following = blocks[place + 1][0] if place + 1 < len(blocks) else FOREVER + 1
        last = end
        if end < FOREVER:
            ending = [term for term in terms if term.until == end >= term.start]
            waiting = [term for term in ending if term.outcome is PENDING]
            if waiting:
                last = following - 1
                pending = (end + 1, last)
                _carry(waiting, last)
            elif judgement.by_grace and all(term.outcome is SILENT for term in ending):
                last = max(end, end + judgement.grace - 1)
                _carry(ending, last)
        if spells and spells[-1][1] + 1 >= start:
            spells[-1] = (spells[-1][0], last)
        else:
            spells.append((start, last))
    return spells, pending


def _carry(terms: Iterable[Term], until: int) -> None:
    for term in terms:
        term.until = until


def replaced_in(terms: Iterable[Term]) -> dict[int, int]:
    """By line that another one of these terms replaces: the day from which it does."""
    found: dict[int, int] = {}
    for term in terms:
        for line in term.lines:
            if line.predecessor_id is not None:
                start = line.start or term.start
                found[line.predecessor_id] = min(start, found.get(line.predecessor_id, start))
    return found


def spans(term: Term, replaced: Mapping[int, int]) -> list[tuple[Line, int, int]]:
    """Its lines with their days inside the term; a line ends the day before the one that replaces it."""
    found = []
    for line in term.lines:
        start, end = max(line.start, term.start), min(line.end or term.end, term.end)
        if replaced and line.id in replaced:
            end = min(end, replaced[line.id] - 1)
        if start <= end:
            found.append((line, start, end))
    return found


def _stretches(terms: Sequence[Term]) -> list[Stretch]:
    found: list[Stretch] = []
    replaced: Mapping[int, int] | None = None
    for term in terms:
        until, term_end, currency = term.until, term.end, term.currency
        if term.whole and until >= term.start:
            found.append((term.start, until, term.whole, 0, currency))
        if not term.lines:
            continue
        if replaced is None:
            replaced = replaced_in(terms)
        for line, start, end in spans(term, replaced):
            last = until if end == term_end or end > until else end
            if start <= last and line.cents:
                found.append((start, last, line.cents, line.rise, currency))
    return found


def final_of(life: Life, term: Term) -> dict[str, int]:
    """The ARR of what follows a term, on its first day, in cents by currency.

    What follows several terms at once is laid against them in the order of their ends, each up to what ended; the last
    one takes what is left, so that nothing counts twice.
    """
    followers = term.followers
    if life.in_a_row:
        return {followers[0].currency: followers[0].whole}
    sharing = [one for one in life.terms if one.followers == followers]
    if len(followers) == len(sharing) == 1:
        return {followers[0].currency: followers[0].arr_on(followers[0].start)}
    pool: dict[str, int] = {}
    for one in followers:
        pool[one.currency] = pool.get(one.currency, 0) + one.arr_on(one.start)
    sharing.sort(key=lambda one: (one.end, one.id))
    for one in sharing[:-1]:
        own = min(pool.get(one.currency, 0), one.arr_on(one.end))
        pool[one.currency] = pool.get(one.currency, 0) - own
        if one is term:
            return {one.currency: own}
    return pool
