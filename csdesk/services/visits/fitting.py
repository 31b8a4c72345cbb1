"""Laying proposals into days: capacity, cities, times of day; what does not fit is left out with the reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from csdesk.models.vocabulary import Tier, VisitKind
from csdesk.services.visits.reasons import Band, Reason, reason
from csdesk.services.visits.rules import Proposal, Rules

Travel = Mapping[frozenset[str], int]
"""Minutes between two places, by the user's own table."""

MORE_TIMES = ("09:00", "10:00", "11:00", "13:30", "14:30", "15:30", "16:30", "17:30")
"""Times for days with more visits than the rules have times for."""


@dataclass(frozen=True)
class Fixed:
    """A visit that stands on a day already: it takes room, sets the city and blocks its time."""

    account_id: int
    kind: VisitKind
    tier: Tier | None = None
    city: str = ""
    starts_at: str = ""
    minutes: int = 60


@dataclass(frozen=True)
class Busy:
    """A time that the user's own calendar takes, in minutes since midnight; a whole day is 0 to 1440."""

    start: int
    end: int
    title: str = ""

    def meets(self, start: int, end: int) -> bool:
        """Whether the two overlap; what ends when the other begins does not."""
        return self.start < end and start < self.end


@dataclass(frozen=True)
class OpenDay:
    """A day that can take visits: at most ``capacity`` in all, the fixed ones included; none while ``busy``."""

    day: date
    capacity: int
    fixed: tuple[Fixed, ...] = ()
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A proposal on its day; ``starts_at`` is local time as HH:MM, empty where the day has no time left."""

    proposal: Proposal
    day: date
    position: int
    starts_at: str


@dataclass(frozen=True)
class LeftOut:
    """A proposal that found no place, with the reason."""

    proposal: Proposal
    cause: Reason


@dataclass(frozen=True)
class Fit:
    """The draft: what stands where, what found no place, what is not due."""

    placed: tuple[Placed, ...]
    left_out: tuple[LeftOut, ...]
    later: tuple[Proposal, ...]


@dataclass
class _Day:
    day: date
    capacity: int
    fixed: tuple[Fixed, ...]
    busy: tuple[Busy, ...] = ()
    taken: list[Proposal] = field(default_factory=list)
    cities: list[str] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.capacity - len(self.fixed) - len(self.taken)

    def may_take(self, proposal: Proposal) -> bool:
        """Whether the account is not put off on this day."""
        put_off = proposal.account.skip_until
        return put_off is None or put_off < self.day


def fit(proposals: Sequence[Proposal], days: Iterable[OpenDay], rules: Rules, travel: Travel | None = None) -> Fit:
    """Lay ``proposals`` (in their order) into ``days``.

    Must and should are accepted in order as far as there is room, tier C up to its share while others wait; on-site
    visits of a city go to the same day; what finds no day for its city is held online; room left in a city that is
    visited anyway is given to accounts whose turn comes soon.
    """
    ways = travel or {}
    open_days = [_day(day) for day in sorted(days, key=lambda entry: entry.day)]
    wanted = [proposal for proposal in proposals if proposal.band in (Band.MUST, Band.SHOULD)]
    accepted, left = _accept(wanted, open_days, rules)
    remote = [proposal for proposal in accepted if proposal.kind is not VisitKind.ONSITE]
    remote = _place_onsite([p for p in accepted if p.kind is VisitKind.ONSITE], open_days, rules, ways) + remote
    for proposal in remote:
        _place_anywhere(proposal, open_days)
    nearby = [proposal for proposal in proposals if proposal.band is Band.OPPORTUNISTIC]
    used = _place_nearby(nearby, open_days)
    later = [
        p for p in proposals if p.band is Band.LATER or (p.band is Band.OPPORTUNISTIC and p.account.id not in used)
    ]
    placed = [entry for day in open_days for entry in _timed(day, rules)]
    return Fit(tuple(placed), tuple(left), tuple(later))


def _day(day: OpenDay) -> _Day:
    cities = [visit.city for visit in day.fixed if visit.kind is VisitKind.ONSITE and visit.city]
    return _Day(day.day, day.capacity, day.fixed, day.busy, cities=list(dict.fromkeys(cities)))


def _place_anywhere(proposal: Proposal, days: list[_Day]) -> None:
    """On the emptiest of the days that the account is not put off on; ``_accept`` saw that there is one."""
    max((day for day in days if day.may_take(proposal)), key=lambda day: day.free).taken.append(proposal)


def _accept(wanted: list[Proposal], days: list[_Day], rules: Rules) -> tuple[list[Proposal], list[LeftOut]]:
    """Who comes in: in order; C beyond its share only when nobody of another tier is left waiting."""
    if not days:
        return [], [LeftOut(proposal, reason("no_workday")) for proposal in wanted]
    put_off = [proposal for proposal in wanted if not any(day.may_take(proposal) for day in days)]
    wanted = [proposal for proposal in wanted if proposal not in put_off]
    room = sum(max(day.free, 0) for day in days)
    whole = room + sum(len(day.fixed) for day in days)
    share = max(whole * rules.share_c // 100, 1)
    share -= sum(1 for day in days for visit in day.fixed if visit.tier is Tier.C)
    accepted: list[Proposal] = []
    waiting: list[Proposal] = []
    left = [
        LeftOut(proposal, reason("skipped", until=proposal.account.skip_until, why=proposal.account.skip_why))
        for proposal in put_off
    ]
    for proposal in wanted:
        if proposal.account.tier is Tier.C and share <= 0:
            waiting.append(proposal)
        elif len(accepted) < room:
            accepted.append(proposal)
            share -= proposal.account.tier is Tier.C
        else:
            left.append(LeftOut(proposal, reason("no_room")))
    for proposal in waiting:
        if len(accepted) < room:
            accepted.append(proposal)
        else:
            cause = reason("quota", tier=Tier.C.value, share=rules.share_c) if not left else reason("no_room")
            left.append(LeftOut(proposal, cause))
    rank = {proposal.account.id: number for number, proposal in enumerate([*wanted, *put_off])}
    accepted.sort(key=lambda proposal: rank[proposal.account.id])
    left.sort(key=lambda entry: rank[entry.proposal.account.id])
    return accepted, left


def _place_onsite(visits: list[Proposal], days: list[_Day], rules: Rules, travel: Travel) -> list[Proposal]:
    """Put the visits of each city together; give back what found no day, turned into an online meeting."""
    by_city: dict[str, list[Proposal]] = {}
    for proposal in visits:
        by_city.setdefault(proposal.account.city, []).append(proposal)
    homeless = by_city.pop("", [])
    queues = {
        city: sorted(group, key=lambda visit: (_is_should(visit), visit.account.district))
        for city, group in by_city.items()
    }
    stranded: list[Proposal] = []
    waiting = list(queues)
    while waiting:
        for city in waiting:
            stranded.extend(_fill_a_day(city, queues[city], days, rules, travel))
        waiting = sorted((city for city in waiting if queues[city]), key=lambda city: -len(queues[city]))
    for proposal in homeless:
        _place_anywhere(proposal, days)
    return stranded


def _fill_a_day(city: str, queue: list[Proposal], days: list[_Day], rules: Rules, travel: Travel) -> list[Proposal]:
    """Give the city one day, or hold all that is left of it online; each city has a day before one has two."""
    day = _day_for(city, queue, days, rules, travel)
    if day is None:
        stranded = [_online(proposal, rules) for proposal in queue]
        queue.clear()
        return stranded
    if city not in day.cities:
        day.cities.append(city)
    while day.free > 0 and (chosen := _next_for(day, queue)) is not None:
        queue.remove(chosen)
        day.taken.append(chosen)
    return []


def _next_for(day: _Day, queue: list[Proposal]) -> Proposal | None:
    """Who comes next on a day that goes to their city: a must before a should, then those of a district that it goes to."""
    able = [proposal for proposal in queue if day.may_take(proposal)]
    districts = {visit.account.district for visit in day.taken if visit.account.district}
    return min(able, key=lambda visit: (_is_should(visit), visit.account.district not in districts), default=None)


def _is_should(proposal: Proposal) -> bool:
    return proposal.band is not Band.MUST


def _day_for(city: str, queue: list[Proposal], days: list[_Day], rules: Rules, travel: Travel) -> _Day | None:
    """The day for more visits in ``city``: one that goes there, near there, or nowhere yet."""

    def near(day: _Day) -> bool:
        ways = [travel.get(frozenset((city, other))) for other in day.cities]
        return all(minutes is not None and minutes <= rules.near_minutes for minutes in ways)

    free = [day for day in days if day.free > 0 and any(day.may_take(proposal) for proposal in queue)]
    there = [day for day in free if city in day.cities]
    close = [day for day in free if day.cities and near(day)]
    empty = [day for day in free if not day.cities]
    for choice in (there, close, empty):
        if choice:
            return max(choice, key=lambda day: min(day.free, len(queue)))
    return None


def _online(proposal: Proposal, rules: Rules) -> Proposal:
    moved = reason("instead_online", city=proposal.account.city)
    return replace(
        proposal,
        kind=VisitKind.ONLINE,
        minutes=rules.minutes_for(VisitKind.ONLINE),
        reasons=(*proposal.reasons, moved),
    )


def _place_nearby(proposals: list[Proposal], days: list[_Day]) -> set[int]:
    """Fill room on days that go to a city anyway; the same district first. Says whose turn came."""
    used: set[int] = set()
    for day in days:
        districts = Counter(visit.account.district for visit in day.taken if visit.account.district)
        here = [
            entry
            for entry in proposals
            if entry.account.city in day.cities and entry.account.id not in used and day.may_take(entry)
        ]
        here.sort(key=lambda entry: -districts[entry.account.district])
        for proposal in here[: max(day.free, 0)]:
            nearby = reason("nearby", city=proposal.account.city)
            day.taken.append(replace(proposal, reasons=(nearby, *proposal.reasons)))
            used.add(proposal.account.id)
    return used


def _timed(day: _Day, rules: Rules) -> list[Placed]:
    """The day's visits in order, on site first and by district, each with the next free time."""
    ordered = sorted(
        day.taken, key=lambda visit: (visit.kind is not VisitKind.ONSITE, visit.account.city, visit.account.district)
    )
    times = iter(free_times(len(ordered), day.fixed, rules, day.busy))
    first = len(day.fixed)
    return [Placed(visit, day.day, first + number, next(times, "")) for number, visit in enumerate(ordered)]


def free_times(count: int, fixed: Iterable[Fixed], rules: Rules, busy: Iterable[Busy] = ()) -> list[str]:
    """Up to ``count`` times of day that no fixed visit takes and nothing of the user's own calendar, in order."""
    taken = [(minute(visit.starts_at), minute(visit.starts_at) + visit.minutes) for visit in fixed if visit.starts_at]
    for times in (rules.times, MORE_TIMES):
        free = [
            time
            for time in times_beside(times, busy, rules)
            if not any(start <= minute(time) < end for start, end in taken)
        ]
        if len(free) >= count:
            break
    return free[:count]


def times_beside(times: Iterable[str], busy: Iterable[Busy], rules: Rules) -> list[str]:
    """Those of ``times`` at which a visit on site would not run into something of the user's own calendar."""
    entries = list(busy)
    return [
        time
        for time in times
        if not any(entry.meets(minute(time), minute(time) + rules.minutes_onsite) for entry in entries)
    ]


def minute(time: str) -> int:
    """Minutes since midnight of "9:30"; raises ValueError for what is no time of day."""
    hours, _colon, minutes = time.partition(":")
    value = int(hours) * 60 + int(minutes or 0)
    if not (0 <= int(minutes or 0) < 60 and 0 <= value < 24 * 60):
        raise ValueError(f"{time!r} is no time of day")
    return value
