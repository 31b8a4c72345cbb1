"""Reading what the Today page shows, in a few indexed statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, select, text

from csdesk.models.handover import Handover
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import N_, HandoverState, VisitState
from csdesk.services.settings.queries import setting
from csdesk.services.today.rules import EndFact, HandoverFact, Item, Section, VisitFact, Whom, items
from csdesk.services.visits.cards import VisitCard
from csdesk.services.visits.facts import absences_of, capacity_on, rules_of, workdays_of
from csdesk.services.visits.queries import plan_between, visit_cards

MOST = 100
"""So many of each sort are listed; the counts are of all."""
LONG_AGO = 400
"""Days after which a contract's undecided end or a visit's missed day is no longer today's business."""

ENDS = """
SELECT k.id, k.number, k.end_on, a.id AS account_id, a.tier, a.city, a.last_contact_on,
  CASE WHEN a.short_name <> '' THEN a.short_name ELSE a.name END AS name,
  (SELECT sum(l.arr_cents) FROM contract_lines l WHERE l.contract_id = k.id AND l.deleted_at IS NULL) AS arr_cents,
  count(*) OVER () AS of_all
FROM contracts k JOIN accounts a ON a.id = k.account_id
WHERE k.deleted_at IS NULL AND a.deleted_at IS NULL AND k.renewal_state = 'open' AND k.end_on BETWEEN :first AND :last
  AND NOT EXISTS (SELECT 1 FROM contracts n WHERE n.predecessor_id = k.id AND n.deleted_at IS NULL)
ORDER BY k.end_on, a.tier LIMIT :most
"""
HANDOVERS = f"""
SELECT h.id, h.state, h.received_on, h.goals, h.pain_points, h.promises, h.risks, a.id AS account_id, a.tier, a.city,
  CASE WHEN a.short_name <> '' THEN a.short_name ELSE a.name END AS name, count(*) OVER () AS of_all
FROM {Handover.__tablename__} h JOIN accounts a ON a.id = h.account_id
WHERE h.deleted_at IS NULL AND a.deleted_at IS NULL AND h.state IN (:received, :questioned)
ORDER BY h.received_on, h.id LIMIT :most
"""
PARTS = {
    "goals": N_("goals"),
    "pain_points": N_("pain points"),
    "promises": N_("promises"),
    "risks": N_("risks"),
}


@dataclass(frozen=True)
class DayLoad:
    """A day of the week: visits that take room, and how many it takes; ``name`` where it is free."""

    day: date
    used: int
    capacity: int
    name: str = ""

    @property
    def over(self) -> int:
        """Visits beyond the day's capacity."""
        return max(0, self.used - self.capacity)


@dataclass(frozen=True)
class TodayView:
    """What the page shows: the items in order, how many there are in all, today's visits, the load of the week."""

    day: date
    items: tuple[Item, ...]
    totals: Mapping[Section, int] = field(default_factory=dict)
    within: int = 0
    """Contracts that end within so many days are listed."""
    ends_soon: int = 0
    """Contracts that end within 30 days."""
    handovers: int = 0
    visits: tuple[VisitCard, ...] = ()
    week: tuple[DayLoad, ...] = ()

    @property
    def more(self) -> int:
        """Things that are due but not listed."""
        return sum(self.totals.values()) - len(self.items)

    def of(self, section: Section) -> tuple[Item, ...]:
        """The items of one section."""
        return tuple(item for item in self.items if item.section == section)


def today(connection: Connection, day: date) -> TodayView:
    """Everything that the first page shows on ``day``."""
    within = int(setting(connection, "today.ends_within"))
    past, past_count = _ends(connection, day - timedelta(LONG_AGO), day - timedelta(1))
    coming, coming_count = _ends(connection, day, day + timedelta(within))
    handovers, handover_count = _handovers(connection)
    visits = visit_cards(connection, Visit.planned_on == day)
    missed = visit_cards(
        connection,
        Visit.state == VisitState.PLANNED,
        Visit.planned_on.between(day - timedelta(LONG_AGO), day - timedelta(1)),
    )
    shown = [card for card in visits if card.counts]
    facts = [_visit(card) for card in (*shown, *missed[-MOST:])]
    listed = items(facts, [*past, *coming], handovers, day)
    done = sum(1 for card in shown if card.state == VisitState.DONE)
    totals = {
        Section.OVERDUE: past_count + len(missed),
        Section.TODAY: len(shown) - done + handover_count,
        Section.SOON: coming_count,
        Section.DONE: done,
    }
    near = _count_ends(connection, day, day + timedelta(30))
    return TodayView(day, listed, totals, within, near, handover_count, visits, week_load(connection, day))


def _whom(row: object) -> Whom:
    return Whom(row.account_id, row.name, row.tier, row.city)  # type: ignore[attr-defined]


def _ends(connection: Connection, first: date, last: date) -> tuple[list[EndFact], int]:
    given = {"first": first.isoformat(), "last": last.isoformat(), "most": MOST}
    rows = connection.execute(text(ENDS), given).all()
    facts = [
        EndFact(row.id, _whom(row), row.number, _day(row.end_on), row.arr_cents, _maybe_day(row.last_contact_on))
        for row in rows
    ]
    return facts, rows[0].of_all if rows else 0


def _count_ends(connection: Connection, first: date, last: date) -> int:
    given = {"first": first.isoformat(), "last": last.isoformat(), "most": 1}
    row = connection.execute(text(ENDS), given).first()
    return row.of_all if row else 0


def _handovers(connection: Connection) -> tuple[list[HandoverFact], int]:
    given = {"received": HandoverState.RECEIVED.value, "questioned": HandoverState.QUESTIONED.value, "most": MOST}
    rows = connection.execute(text(HANDOVERS), given).all()
    facts = [
        HandoverFact(
            row.id,
            _whom(row),
            HandoverState(row.state),
            _maybe_day(row.received_on),
            tuple(word for key, word in PARTS.items() if not getattr(row, key)),
        )
        for row in rows
    ]
    return facts, rows[0].of_all if rows else 0


def _day(stored: str) -> date:
    return date.fromisoformat(stored)


def _maybe_day(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)


def _visit(card: VisitCard) -> VisitFact:
    whom = Whom(card.account_id, card.account, card.tier.value if card.tier else None, card.city)
    assert card.day is not None
    return VisitFact(
        card.id, whom, card.kind, card.day, card.starts_at, card.goal, card.why, card.contact,
        card.state == VisitState.DONE,
    )  # fmt: skip


def week_load(connection: Connection, day: date) -> tuple[DayLoad, ...]:
    """Monday to Sunday of the week of ``day``: visits against capacity."""
    monday = day - timedelta(day.weekday())
    sunday = monday + timedelta(6)
    days = connection.execute(
        select(Visit.planned_on).where(
            Visit.deleted_at.is_(None),
            Visit.planned_on.between(monday, sunday),
            Visit.state.in_((VisitState.PLANNED, VisitState.DONE)),
        )
    )
    used = Counter(row.planned_on for row in days)
    plan = plan_between(connection, monday, sunday)
    capacity = plan.capacity if plan else rules_of(connection).visits_a_day
    workdays, away = workdays_of(connection), absences_of(connection)
    return tuple(
        DayLoad(current, used[current], capacity_on(current, capacity, workdays, away), workdays.name(current))
        for current in (monday + timedelta(n) for n in range(7))
    )
