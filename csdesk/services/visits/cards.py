"""What is shown of visits and plans: frozen, with the sums and words that screen, paper and sheet share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from csdesk.models.vocabulary import PlanState, Tier, VisitKind, VisitState
from csdesk.services.core.texts import _
from csdesk.services.core.zones import time_elsewhere
from csdesk.services.visits.conflicts import clashes
from csdesk.services.visits.fitting import Busy
from csdesk.services.visits.reasons import Band, Reason, group_of, reason_text, rule_text
from csdesk.services.visits.reasons import reasons_text as words_of

REMOTE = (VisitKind.ONLINE, VisitKind.PHONE)


@dataclass(frozen=True)
class VisitCard:
    """A visit with what is shown of its account and contact. ``starts_at`` is HH:MM or empty."""

    id: int
    version: int
    plan_id: int | None
    account_id: int
    account: str
    tier: Tier | None
    city: str
    district: str
    address: str
    kind: VisitKind
    state: VisitState
    day: date | None
    starts_at: str
    minutes: int
    position: int
    goal: str
    agenda: str
    reasons: tuple[Reason, ...]
    contact_id: int | None
    contact: str
    contact_title: str
    contact_phone: str
    baseline_on: date | None
    moved_from: date | None
    moved_count: int
    move_reason: str
    done_on: date | None
    excuse: str
    record: str
    next_step: str
    sequence: int
    changed_at: datetime
    """When the visit last changed, in UTC."""
    series_id: int | None = None
    joint_id: int | None = None
    zone: str = ""
    own_zone: str = ""
    """The time zone of the people met, and the user's."""
    is_late: bool = False
    """Came into its plan after that was confirmed: it stands apart from the baseline."""

    @property
    def why(self) -> str:
        """The reasons in words, as of the visit's day."""
        return words_of(self.reasons, self.day or self.done_on or date.min)

    @property
    def rule(self) -> str:
        """The rules behind the reasons, one a line."""
        return "\n".join(filter(None, map(rule_text, self.reasons)))

    @property
    def ends_at(self) -> str:
        """HH:MM of its end, empty without a time."""
        if not self.starts_at:
            return ""
        hours, minutes = divmod(int(self.starts_at[:2]) * 60 + int(self.starts_at[3:]) + self.minutes, 60)
        return f"{hours % 24:02}:{minutes:02}"

    @property
    def meeting(self) -> int:
        """The same for visits that are held together."""
        return self.joint_id or self.id

    @property
    def is_confirmed(self) -> bool:
        """Whether its day stands in a confirmed plan, so that moving it needs a reason."""
        return self.baseline_on is not None

    @property
    def their_time(self) -> str:
        """HH:MM where the people are, on that day; empty without a time or a zone of their own."""
        return time_elsewhere(self.day, self.starts_at, self.zone, self.own_zone) if self.day else ""

    @property
    def counts(self) -> bool:
        """Whether it takes room on its day."""
        return self.state in (VisitState.PLANNED, VisitState.DONE)


@dataclass(frozen=True)
class PlanInfo:
    """A visit plan's own facts."""

    id: int
    version: int
    starts_on: date
    ends_on: date
    state: PlanState
    capacity: int


@dataclass(frozen=True)
class LeftOutCard:
    """An account that found no place: why it was wanted and why it is out."""

    account_id: int
    account: str
    tier: Tier | None
    city: str
    band: Band
    kind: VisitKind
    reasons: tuple[Reason, ...]
    cause: Reason
    on: date
    plan_id: int = 0

    @property
    def rule(self) -> str:
        """The rules behind the reasons, one a line."""
        return "\n".join(filter(None, map(rule_text, self.reasons)))

    @property
    def why(self) -> str:
        """Why it was wanted, in words."""
        return words_of(self.reasons, self.on)

    @property
    def cause_text(self) -> str:
        """Why it found no place, in words."""
        return reason_text(self.cause, self.on)


@dataclass(frozen=True)
class DayPlan:
    """A day of the week view. ``legs`` is the known way in minutes before each on-site visit, by visit id."""

    day: date
    capacity: int
    free_name: str
    shifted: bool
    note: str
    visits: tuple[VisitCard, ...]
    legs: dict[int, int]
    way_back: int | None
    busy: tuple[Busy, ...] = ()
    """What the user's own calendar takes of the day."""

    @property
    def clashes(self) -> dict[int, str]:
        """Visits that cannot be as they stand, by id, with the sentence."""
        return clashes(self.visits, self.busy, self.legs)

    @property
    def used(self) -> int:
        """Meetings that take room; visits held together are one."""
        return len({visit.meeting for visit in self.visits if visit.counts})

    @property
    def over(self) -> int:
        """Visits beyond the capacity, 0 where there are none."""
        return max(self.used - self.capacity, 0)

    @property
    def cities(self) -> tuple[str, ...]:
        """Where the day leads to, in the order of the visits."""
        return tuple(dict.fromkeys(v.city for v in self.visits if v.kind == VisitKind.ONSITE and v.counts and v.city))

    @property
    def travel_minutes(self) -> int:
        """All known ways of the day together; 0 where none is known."""
        return sum(self.legs.values()) + (self.way_back or 0)

    @property
    def leaves_at(self) -> str:
        """When to set out for the first on-site visit, HH:MM; empty where the way or the time is not known."""
        first = next((visit for visit in self.visits if visit.kind == VisitKind.ONSITE and visit.counts), None)
        if first is None or not first.starts_at or first.id not in self.legs:
            return ""
        start = int(first.starts_at[:2]) * 60 + int(first.starts_at[3:]) - self.legs[first.id]
        return f"{start // 60:02}:{start % 60:02}" if start >= 0 else ""

    @property
    def stays_in(self) -> bool:
        """Whether all of the day's visits are online or by phone."""
        return bool(self.used) and not any(v.kind == VisitKind.ONSITE and v.counts for v in self.visits)


@dataclass(frozen=True)
class Execution:
    """How far a confirmed plan was carried out: done ÷ (planned − excused), late additions apart."""

    done: int
    planned: int
    excused: int
    on_day: int
    late: int
    moved: int = 0
    """Those of the planned whose day was moved out of these days; they count here all the same."""

    @property
    def base(self) -> int:
        """What the rate is measured against."""
        return self.planned - self.excused

    @property
    def rate(self) -> float | None:
        """Done of what it is measured against; None where nothing was planned."""
        return self.done / self.base if self.base else None


@dataclass(frozen=True)
class SkipCard:
    """An account that is put off up to a day, included, and why."""

    id: int
    account_id: int
    account: str
    tier: Tier | None
    until: date
    reason: str


@dataclass(frozen=True)
class GoneAccount:
    """An account that has left while visits are planned."""

    account_id: int
    account: str
    visits: int


@dataclass(frozen=True)
class WeekPlan:
    """All that the page of a week shows."""

    start: date
    end: date
    plan: PlanInfo | None
    days: tuple[DayPlan, ...]
    left_out: tuple[LeftOutCard, ...]
    last_week: Execution
    notes: tuple[str, ...]
    skips: tuple[SkipCard, ...] = ()
    gone: tuple[GoneAccount, ...] = ()
    """Accounts that have left, with visits planned."""

    @property
    def visits(self) -> tuple[VisitCard, ...]:
        """All its visits that take room, in order."""
        return tuple(visit for day in self.days for visit in day.visits if visit.counts)

    @property
    def capacity(self) -> int:
        """Room of all days together."""
        return sum(day.capacity for day in self.days)

    @property
    def used(self) -> int:
        """Room taken on all days together."""
        return sum(day.used for day in self.days)

    @property
    def late(self) -> int:
        """How many came in after the plan was confirmed."""
        return sum(visit.is_late for visit in self.visits)

    @property
    def by_kind(self) -> dict[VisitKind, int]:
        """Number of visits on site, online, by phone."""
        count = Counter(visit.kind for visit in self.visits)
        return {kind: count[kind] for kind in VisitKind if count[kind]}

    @property
    def by_tier(self) -> dict[Tier | None, int]:
        """Number of visits by tier, in the order of tiers."""
        count = Counter(visit.tier for visit in self.visits)
        return {tier: count[tier] for tier in (*Tier, None) if count[tier]}

    @property
    def why(self) -> list[tuple[str, int]]:
        """Why these visits: (word, count), most first."""
        return [(_(group), n) for group, n in Counter(group_of(visit.reasons) for visit in self.visits).most_common()]

    @property
    def cities(self) -> tuple[str, ...]:
        """Every city that is travelled to."""
        return tuple(dict.fromkeys(city for day in self.days for city in day.cities))


@dataclass(frozen=True)
class Way:
    """A line of the table of travel times."""

    id: int
    origin: str
    destination: str
    minutes: int
