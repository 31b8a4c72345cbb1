"""The figures of tickets and demands: what was asked for, sent, answered, released and told in a period. Pure.

A stage is measured in the period in which it ends. Days are calendar days, the standard is in working days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from csdesk.models.vocabulary import N_, Decision, DemandState, NoticeCause, NoticeState, TicketKind, TicketState
from csdesk.services.kpi.rules import Figure, Kind, Period, Row, Spread, number, share
from csdesk.services.kpi.stages import GROUPS, Cut, Facts, Span, Stage, grouped, state_on
from csdesk.services.tickets.rules import OVER

RELEASES = (NoticeCause.RELEASED, NoticeCause.BUG_FIXED)
TOP = 10
"""So many demands are named by their ARR."""
NO_PROMISE = N_("no day was promised")
STILL_IN_TIME = N_("there is still time to tell")
OVERTAKEN = N_("overtaken by a newer answer")
NO_ARR = N_("no contract runs today")
ENTERED = N_("captured, not moved")


def open_tickets(facts: Facts, period: Period) -> dict[str, Figure]:
    """How many tickets were open at the end of the period's last day, in all and by state."""
    day = min(period.end, facts.today)
    by_state: dict[TicketState, list[Row]] = {state: [] for state in TicketState if state not in OVER}
    for ticket in facts.tickets:
        state = state_on(ticket, facts.demand_of(ticket), day, facts.today)
        if state in by_state:
            by_state[state].append(ticket.row)
    rows = [row for found in by_state.values() for row in found]
    return {
        "open_tickets": number("open_tickets", rows),
        **{f"open_{state.value}": number(f"open_{state.value}", found) for state, found in by_state.items()},
    }


def days_of(facts: Facts, period: Period, stage: Stage) -> Figure:
    """Half of the stages that ended in the period took at most so many days, and nine of ten so many."""
    ended = [span for span in facts.spans if span.stage == stage and span.end in period]
    base = sorted((span for span in ended if not span.why_out), key=lambda span: (-span.days, span.ticket.row.id))
    out = tuple((span.ticket.row, span.why_out) for span in ended if span.why_out)
    rows = tuple(span.ticket.row._replace(day=span.end, days=span.days) for span in base)
    days = [span.days for span in base]
    return Spread(
        f"days_to_{stage.value}", Kind.DAYS, sum(days), len(days), rows, rows, out,
        median=nearest_rank(days, 50), ninetieth=nearest_rank(days, 90),
    )  # fmt: skip


def nearest_rank(values: Iterable[int], percent: int) -> int | None:
    """The smallest value that at least so many percent do not exceed; None of nothing."""
    found = sorted(values)
    return found[max(0, -(-len(found) * percent // 100) - 1)] if found else None


def in_time(facts: Facts, period: Period, stage: Stage) -> Figure:
    """Of the tickets sent to product (or answered) in the period: within the working days of the standard ÷ all."""
    ended = [span for span in facts.spans if span.stage == stage and span.end in period]
    base = [span for span in ended if not span.why_out]
    met = [span for span in base if span.end <= _deadline(facts, span)]
    key = "sent_in_time" if stage == Stage.SEND else "answered_in_time"
    out = [(span.ticket.row, span.why_out) for span in ended if span.why_out]
    return share(key, _span_rows(met), _span_rows(base), out)


def _deadline(facts: Facts, span: Span) -> date:
    days = facts.standard.days([span.ticket.tier], span.ticket.severity)
    return facts.deadlines.after(span.start, days)


def _span_rows(spans: Iterable[Span]) -> list[Row]:
    return [span.ticket.row._replace(day=span.end, days=span.days) for span in spans]


def told_in_time(facts: Facts, period: Period) -> Figure:
    """Of the customers to be told of something released in the period: told within the days of the setting ÷ all."""
    due = [one for one in facts.notices if one.cause in RELEASES and one.due_on in period]
    base, met, out = [], [], []
    for one in due:
        last = one.due_on + timedelta(facts.told_days)
        if one.state == NoticeState.SUPERSEDED:
            out.append((one.row, OVERTAKEN))
        elif one.told_on is None and facts.today <= last:
            out.append((one.row, STILL_IN_TIME))
        else:
            base.append(one.row)
            if one.told_on is not None and one.told_on <= last:
                met.append(one.row)
    return share("told_in_time", met, base, out)


def moves_per_day(facts: Facts, period: Period) -> Figure:
    """Moves of tickets in the period ÷ its working days up to today. What was captured stands beside it."""
    moved: list[Row] = []
    entered: list[Row] = []
    for ticket in facts.tickets:
        for step in ticket.steps:
            if step.on in period:
                (entered if step.before is None else moved).append(ticket.row._replace(day=step.on))
    last = min(period.end, facts.today)
    days = (period.start + timedelta(n) for n in range((last - period.start).days + 1))
    worked = sum(facts.deadlines.is_workday(day) for day in days)
    moved.sort(key=lambda row: (row.day or period.start, row.id))
    out = tuple((row, ENTERED) for row in entered)
    return Figure("moves_per_day", Kind.PER_DAY, len(moved), worked, tuple(moved), (), out, {"captured": len(entered)})


def declined_share(facts: Facts, period: Period) -> Figure:
    """Of the reviews in the period: those that declined ÷ all."""
    base, declined = [], []
    for demand in facts.demands.values():
        for day, decision in demand.reviews:
            if day in period:
                row = demand.row._replace(day=day, cents=None)
                base.append(row)
                if decision == Decision.DECLINED:
                    declined.append(row)
    return share("declined_share", declined, base)


def reviewed_again(facts: Facts, period: Period) -> Figure:
    """Of the demands declined in the period: those reviewed again afterwards, as known today ÷ all."""
    base, again = [], []
    for demand in facts.demands.values():
        declined = [n for n, (day, word) in enumerate(demand.reviews) if word == Decision.DECLINED and day in period]
        if declined:
            row = demand.row._replace(day=demand.reviews[declined[0]][0], cents=None)
            base.append(row)
            if declined[0] < len(demand.reviews) - 1:
                again.append(row)
    return share("reviewed_again", again, base)


def bug_dates_kept(facts: Facts, period: Period) -> Figure:
    """Of the bugs fixed in the period with a promised day: fixed on or before the first one ÷ all. Beside it: missed, moved,
    and those promised for a day of the period that has passed without a fix."""
    fixed = [one for one in facts.tickets if one.kind == TicketKind.BUG and one.released_on in period]
    base = [one for one in fixed if one.first_planned_on is not None]
    kept = [one for one in base if one.released_on and one.first_planned_on and one.released_on <= one.first_planned_on]
    out = [(one.row, NO_PROMISE) for one in fixed if one.first_planned_on is None]
    late = [
        one
        for one in facts.tickets
        if one.kind == TicketKind.BUG and one.state == TicketState.ACCEPTED and one.planned_on in period
        and one.planned_on is not None and one.planned_on < facts.today
    ]  # fmt: skip
    beside = {
        "missed": len(base) - len(kept),
        "moved": sum(one.planned_on != one.first_planned_on for one in base),
        "unfixed": len(late),
    }
    return share(
        "bug_dates_kept", (one.row._replace(day=one.released_on) for one in kept),
        (one.row._replace(day=one.released_on) for one in base), out, beside,
    )  # fmt: skip


def arr_behind_open(facts: Facts) -> Figure:
    """The ARR today of the different accounts that wait for an open demand: each account once."""
    rows: dict[int, Row] = {}
    out: dict[int, Row] = {}
    for demand in facts.demands.values():
        if demand.state in OPEN_DEMANDS:
            for voice in facts.voices.get(demand.row.id, ()):
                row = Row("accounts", voice.row.account_id, voice.row.account_id, voice.row.account)
                if voice.arr_cents:
                    rows[row.id] = row._replace(cents=voice.arr_cents)
                else:
                    out[row.id] = row
    found = tuple(sorted(rows.values(), key=lambda row: (-(row.cents or 0), row.id)))
    without = tuple((row, NO_ARR) for row in out.values())
    total = sum(row.cents or 0 for row in found)
    return Figure("arr_behind_open", Kind.MONEY, total, None, found, (), without)


OPEN_DEMANDS = (DemandState.TO_REVIEW, DemandState.IN_REVIEW, DemandState.ACCEPTED)


@dataclass(frozen=True)
class TopDemand:
    """A demand with the different accounts that ask for it, by tier ("" for none), and their ARR in cents."""

    row: Row
    state: str
    accounts: int
    arr_cents: int
    tiers: Mapping[str, int]


def top_demands(facts: Facts, most: int = TOP) -> list[TopDemand]:
    """The open demands with the most ARR behind them, each account counted once; then those with the most accounts."""
    found = []
    for demand in facts.demands.values():
        voices = {voice.row.account_id: voice for voice in facts.voices.get(demand.row.id, ())}
        if demand.state in OPEN_DEMANDS and voices:
            cents = sum(voice.arr_cents for voice in voices.values())
            tiers = Counter(voice.tier or "" for voice in voices.values())
            found.append(
                TopDemand(
                    demand.row._replace(cents=cents), demand.state, len(voices), cents, dict(sorted(tiers.items()))
                )
            )
    found.sort(key=lambda one: (-one.arr_cents, -one.accounts, one.row.id))
    return found[:most]


def main_figures(facts: Facts, period: Period) -> dict[str, Figure]:
    """Those that are told of each module, tier and account."""
    return {
        "open_tickets": open_tickets(facts, period)["open_tickets"],
        "sent_in_time": in_time(facts, period, Stage.SEND),
        "answered_in_time": in_time(facts, period, Stage.ANSWER),
        "told_in_time": told_in_time(facts, period),
        "declined_share": declined_share(facts, period),
        "bug_dates_kept": bug_dates_kept(facts, period),
    }


def figures_of(facts: Facts, period: Period) -> dict[str, Figure]:
    """All of them by key."""
    main = main_figures(facts, period)
    return {
        **open_tickets(facts, period),
        **{f"days_to_{stage.value}": days_of(facts, period, stage) for stage in Stage},
        **{key: main[key] for key in ("sent_in_time", "answered_in_time", "told_in_time")},
        "moves_per_day": moves_per_day(facts, period),
        "declined_share": main["declined_share"],
        "reviewed_again": reviewed_again(facts, period),
        "bug_dates_kept": main["bug_dates_kept"],
        "arr_behind_open": arr_behind_open(facts),
    }


Months = Sequence[tuple[date, Figure]]


def by_month(facts: Facts, period: Period, make: Callable[[Facts, Period], Figure], most: int = 12) -> Months:
    """A figure for each of the last months up to the period's end, by the month's first day; at least six of them."""
    last = min(period.end, facts.today).replace(day=1)
    span = (last.year - period.start.year) * 12 + last.month - period.start.month + 1
    firsts = [_months_before(last, back) for back in reversed(range(min(most, max(6, span))))]
    return [(first, make(facts, Period(first, _months_before(first, -1) - timedelta(1)))) for first in firsts]


def _months_before(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)


@dataclass(frozen=True)
class GroupLine:
    """A module, a tier or an account with its main figures: ``key`` is what a cut names it by, ``name`` what people do."""

    key: str
    name: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class RequirementView:
    """Everything that the page of the figures shows: ``any`` tells whether there is a ticket at all, ``modules`` which
    modules can be chosen, ``account`` the name of the account that is looked at."""

    period: Period
    cut: Cut
    figures: Mapping[str, Figure]
    months: Months
    top: tuple[TopDemand, ...]
    groups: Mapping[str, tuple[GroupLine, ...]]
    modules: tuple[str, ...]
    account: str = ""
    any: bool = True


def view_of(facts: Facts, period: Period, cut: Cut) -> RequirementView:
    """What the page shows of a period and a cut."""
    part = facts.cut(cut)
    names = {one.row.account_id: one.row.account for one in facts.tickets}
    return RequirementView(
        period, cut, figures_of(part, period),
        by_month(part, period, lambda found, month: in_time(found, month, Stage.ANSWER)),
        tuple(top_demands(part)),
        {group: _lines(part, period, group, names) for group in GROUPS},
        tuple(sorted({facts.module_of(one) for one in facts.tickets})),
        names.get(cut.account_id or 0, ""), bool(facts.tickets),
    )  # fmt: skip


def _lines(facts: Facts, period: Period, group: str, names: Mapping[int, str]) -> tuple[GroupLine, ...]:
    found = [
        GroupLine(key, names[int(key)] if group == "account" else key, main_figures(part, period))
        for key, part in grouped(facts, group).items()
    ]
    if group == "account":
        found.sort(key=lambda line: (-line.figures["open_tickets"].numerator, line.name))
    return tuple(found)
