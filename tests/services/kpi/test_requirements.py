"""The figures of tickets and demands: by hand for the rules, and against a slow recomputation for any history."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.models.vocabulary import DemandState, NoticeCause, NoticeState, TicketKind, TicketState
from csdesk.services.kpi.requirements import (
    by_month,
    figures_of,
    in_time,
    nearest_rank,
    open_tickets,
    top_demands,
    view_of,
)
from csdesk.services.kpi.rules import Period, Row, Spread
from csdesk.services.kpi.stages import (
    CAME_LATER,
    NEVER_SENT,
    Cut,
    DemandFacts,
    Facts,
    NoticeFacts,
    Stage,
    Step,
    TicketFacts,
    events_of,
    grouped,
    spans_of,
    state_on,
)
from csdesk.services.tickets.rules import DEMAND_MOVES, TICKET_MOVES, Standard, effective_state

TODAY = date(2026, 11, 23)
START = date(2026, 6, 1)
S, D, K = TicketState, DemandState, TicketKind


def on(day: int) -> date:
    return START + timedelta(day)


def ticket(number: int, kind: str, *steps: tuple[int, str | None, str], **more: Any) -> TicketFacts:
    made = tuple(Step(100 * number + n, on(day), before, after) for n, (day, before, after) in enumerate(steps))
    row = Row("tickets", number, more.pop("account", number), f"A{number}", on(steps[0][0]), f"T-{number}")
    return TicketFacts(row, kind, more.pop("state", steps[-1][2]), on(steps[0][0]), steps=made, **more)


def demand(number: int, *steps: tuple[int, str | None, str], reviews: Any = (), module: str = "") -> DemandFacts:
    made = tuple(Step(100 * number + n, on(day), before, after) for n, (day, before, after) in enumerate(steps))
    return DemandFacts(Row("demands", number, 0, f"D-{number}", on(0)), steps[-1][2], module, made, tuple(reviews))


def facts(*tickets: TicketFacts, demands: tuple[DemandFacts, ...] = (), **more: Any) -> Facts:
    return Facts(tickets, {one.row.id: one for one in demands}, more.pop("notices", ()), TODAY, **more)


ALL = Period(START, on(150))


def stages(of: Facts) -> list[tuple[str, int, str]]:
    return [(span.stage.value, span.days, span.why_out) for span in of.spans]


def test_a_bug_goes_its_way_and_each_stage_is_measured_where_it_ends() -> None:
    bug = ticket(
        1, K.BUG, (0, None, S.CAPTURED), (1, S.CAPTURED, S.CLARIFIED), (3, S.CLARIFIED, S.IN_REVIEW),
        (8, S.IN_REVIEW, S.ACCEPTED), (9, S.ACCEPTED, S.ACCEPTED), (20, S.ACCEPTED, S.RELEASED), (22, S.RELEASED, S.TOLD),
        (25, S.TOLD, S.CLOSED),
    )  # fmt: skip
    assert stages(facts(bug)) == [("send", 3, ""), ("answer", 5, ""), ("release", 12, ""), ("tell", 2, "")]
    told = figures_of(facts(bug), Period(on(21), on(30)))
    assert (told["days_to_tell"].value, told["days_to_release"].value) == (2, None)


def test_a_requirement_goes_with_its_demand_and_a_late_voice_is_left_out_with_the_reason() -> None:
    wish = demand(
        9,
        (0, None, D.TO_REVIEW),
        (4, D.TO_REVIEW, D.IN_REVIEW),
        (10, D.IN_REVIEW, D.ACCEPTED),
        (40, D.ACCEPTED, D.RELEASED),
    )
    early = ticket(
        1, K.REQUIREMENT, (0, None, S.CAPTURED), (4, S.CAPTURED, S.IN_REVIEW), (41, S.RELEASED, S.TOLD), demand_id=9
    )
    late = ticket(2, K.REQUIREMENT, (6, None, S.CAPTURED), demand_id=9)
    later = ticket(3, K.REQUIREMENT, (12, None, S.CAPTURED), demand_id=9)
    of = facts(early, late, later, demands=(wish,))
    assert [span.ticket.row.id for span in of.spans if span.stage == Stage.SEND] == [1]
    answers = {span.ticket.row.id: span.why_out for span in of.spans if span.stage == Stage.ANSWER}
    assert answers == {1: "", 2: CAME_LATER, 3: CAME_LATER}
    assert [span.days for span in of.spans if span.stage == Stage.RELEASE] == [30, 30]
    assert state_on(later, wish, on(20), TODAY) == S.ACCEPTED
    assert state_on(later, wish, on(11), TODAY) is None
    assert state_on(early, wish, on(40), TODAY) == S.RELEASED
    assert state_on(early, wish, on(41), TODAY) == S.TOLD


def test_what_a_demand_went_through_before_a_voice_joined_it_is_not_the_voices() -> None:
    """Sent and accepted before it came on day 30; until then it went with a demand of its own, sent on day 20."""
    wish = demand(
        9, (0, None, D.TO_REVIEW), (4, D.TO_REVIEW, D.IN_REVIEW), (10, D.IN_REVIEW, D.DECLINED), (25, D.DECLINED, D.TO_REVIEW),
        (33, D.TO_REVIEW, D.IN_REVIEW), (40, D.IN_REVIEW, D.ACCEPTED),
    )  # fmt: skip
    came = Step(9_000, on(30), D.IN_REVIEW, D.MERGED)
    before = (Step(8_000, on(2), None, D.TO_REVIEW), Step(8_001, on(20), D.TO_REVIEW, D.IN_REVIEW))
    first = ticket(1, K.REQUIREMENT, (0, None, S.CAPTURED), demand_id=9)
    joined = ticket(2, K.REQUIREMENT, (2, None, S.CAPTURED), demand_id=9, came=came, before=before)
    assert [(span.stage, span.days) for span in spans_of(first, wish)] == [("send", 4), ("answer", 6), ("answer", 7)]
    assert [(span.stage, span.start, span.end) for span in spans_of(joined, wish)] == [
        ("send", on(2), on(20)), ("answer", on(33), on(40)),
    ]  # fmt: skip
    shown = [state_on(joined, wish, on(day), TODAY) for day in (1, 12, 29, 30, 41)]
    assert shown == [None, S.CAPTURED, S.CAPTURED, S.CAPTURED, S.ACCEPTED]
    assert state_on(first, wish, on(12), TODAY) == S.DECLINED
    late = replace(joined, came=Step(9_000, on(41), D.TO_REVIEW, D.MERGED), before=before[:1])
    assert spans_of(late, wish) == []


def test_a_question_is_answered_without_product_and_a_decline_that_is_taken_up_counts_anew() -> None:
    question = ticket(1, K.QUESTION, (0, None, S.CAPTURED), (2, S.CAPTURED, S.ANSWERED), (3, S.ANSWERED, S.TOLD))
    assert stages(facts(question)) == [("answer", 2, NEVER_SENT)]
    wish = demand(
        9, (0, None, D.TO_REVIEW), (1, D.TO_REVIEW, D.IN_REVIEW), (5, D.IN_REVIEW, D.DECLINED), (30, D.DECLINED, D.IN_REVIEW),
        (36, D.IN_REVIEW, D.ACCEPTED), reviews=((on(5), "declined"), (on(36), "accepted")),
    )  # fmt: skip
    waits = ticket(2, K.REQUIREMENT, (0, None, S.CAPTURED), (1, S.CAPTURED, S.IN_REVIEW), demand_id=9)
    told = ticket(
        3, K.REQUIREMENT, (0, None, S.CAPTURED), (1, S.CAPTURED, S.IN_REVIEW), (6, S.DECLINED, S.TOLD), demand_id=9
    )
    of = facts(waits, told, demands=(wish,))
    assert [span.days for span in spans_of(waits, wish) if span.stage == Stage.ANSWER] == [4, 6]
    assert [span.days for span in spans_of(told, wish) if span.stage == Stage.ANSWER] == [4]
    figures = figures_of(of, ALL)
    assert (figures["declined_share"].numerator, figures["declined_share"].denominator) == (1, 2)
    assert (figures["reviewed_again"].numerator, figures["reviewed_again"].denominator) == (1, 1)


def test_a_decline_after_a_release_is_not_told_as_that_release() -> None:
    wish = demand(
        9, (0, None, D.TO_REVIEW), (2, D.TO_REVIEW, D.ACCEPTED), (4, D.ACCEPTED, D.RELEASED), (9, D.RELEASED, D.TO_REVIEW),
        (12, D.TO_REVIEW, D.DECLINED),
    )  # fmt: skip
    told = ticket(1, K.REQUIREMENT, (0, None, S.CAPTURED), (40, S.DECLINED, S.TOLD), demand_id=9)
    assert [span for span in spans_of(told, wish) if span.stage == Stage.TELL] == []


def test_the_standard_is_kept_in_working_days_by_tier_and_severity() -> None:
    """Sent on a Friday, answered on the second Wednesday: eight working days; a weekend is none."""
    assert on(4).weekday() == 4
    steps = ((4, None, S.CAPTURED), (4, S.CAPTURED, S.IN_REVIEW), (16, S.IN_REVIEW, S.ACCEPTED))
    plain, a, blocking = (
        ticket(1, K.BUG, *steps),
        ticket(2, K.BUG, *steps, tier="A"),
        ticket(3, K.BUG, *steps, severity="blocking"),
    )
    standard = Standard(8, {"A": 7}, {"blocking": 9})
    figure = in_time(facts(plain, a, blocking, standard=standard), ALL, Stage.ANSWER)
    assert [row.id for row in figure.counted] == [1, 3]
    assert [row.days for row in figure.base] == [12, 12, 12]


def notice(number: int, due: int, told: int | None, state: str, cause: str = NoticeCause.RELEASED) -> NoticeFacts:
    row = Row("notices", number, number, f"A{number}", on(due))
    return NoticeFacts(row, cause, state, on(due), on(told) if told is not None else None, demand_id=9)


def test_told_in_time_leaves_out_what_is_overtaken_and_what_has_still_time() -> None:
    last = (TODAY - START).days
    of = facts(
        notices=(
            notice(1, 10, 13, NoticeState.TOLD), notice(2, 10, 14, NoticeState.TOLD), notice(3, 10, None, NoticeState.OPEN),
            notice(4, 10, None, NoticeState.SUPERSEDED), notice(5, last - 3, None, NoticeState.OPEN),
            notice(6, last - 4, None, NoticeState.OPEN), notice(7, 10, 10, NoticeState.TOLD, NoticeCause.DECLINED),
        )
    )  # fmt: skip
    figure = figures_of(of, Period(START, TODAY))["told_in_time"]
    assert [row.id for row in figure.counted] == [1]
    assert [row.id for row in figure.base] == [1, 2, 3, 6]
    assert [row.id for row, _why in figure.left_out] == [4, 5]


def test_dates_of_bugs_are_kept_missed_and_moved() -> None:
    def bug(number: int, fixed: int | None, first: int | None, now: int | None, state: str = S.RELEASED) -> TicketFacts:
        made = ticket(number, K.BUG, (0, None, S.CAPTURED), state=state)
        days = (on(day) if day is not None else None for day in (fixed, first, now))
        return replace(made, **dict(zip(("released_on", "first_planned_on", "planned_on"), days, strict=True)))

    of = facts(bug(1, 10, 10, 10), bug(2, 12, 10, 12), bug(3, 12, None, None), bug(4, None, 20, 20, S.ACCEPTED))
    figure = figures_of(of, ALL)["bug_dates_kept"]
    assert (figure.numerator, figure.denominator) == (1, 2)
    assert dict(figure.beside) == {"missed": 1, "moved": 1, "unfixed": 1}
    assert [row.id for row, _why in figure.left_out] == [3]


def test_the_weight_counts_an_account_once() -> None:
    wish, other = demand(8, (0, None, D.TO_REVIEW)), demand(9, (0, None, D.TO_REVIEW))
    voices = [
        ticket(n, K.REQUIREMENT, (n, None, S.CAPTURED), account=account, demand_id=of, arr_cents=cents, tier="A")
        for n, (account, of, cents) in enumerate(((1, 8, 500), (1, 8, 500), (2, 8, 100), (1, 9, 500), (3, 9, 0)))
    ]
    gone = ticket(7, K.REQUIREMENT, (7, None, S.CAPTURED), demand_id=8, arr_cents=900, state=S.WITHDRAWN)
    of = facts(*voices, gone, demands=(wish, other))
    assert [(one.row.id, one.accounts, one.arr_cents, dict(one.tiers)) for one in top_demands(of)] == [
        (8, 2, 600, {"A": 2}), (9, 2, 500, {"A": 2})
    ]  # fmt: skip
    behind = figures_of(of, ALL)["arr_behind_open"]
    assert behind.numerator == 600
    assert [row.id for row, _why in behind.left_out] == [3]


# --- any history ------------------------------------------------------------------------------------------------------


@st.composite
def walks(draw: st.DrawFn, kind: str, moves: Any, first: str, begun: int) -> list[tuple[int, str | None, str]]:
    """A legal way through the states, by the one table of moves."""
    steps: list[tuple[int, str | None, str]] = [(begun, None, first)]
    day, state = begun, first
    for _n in range(draw(st.integers(0, 9))):
        fitting = [move for move in moves if state in move.sources]
        if state in (S.RELEASED, S.DECLINED, S.ANSWERED) and kind in (K.BUG, K.QUESTION) and draw(st.booleans()):
            target = S.TOLD.value
        elif fitting:
            target = draw(st.sampled_from(fitting)).target
        else:
            break
        day += draw(st.integers(0, 25))
        steps.append((day, state, target))
        state = target
    return steps


@st.composite
def portfolios(draw: st.DrawFn) -> Facts:
    """Demands, their requirements (which are sent with them and told), bugs and questions; not one is too wild."""
    demands, tickets, number = [], [], 0
    for demand_number in range(draw(st.integers(0, 3))):
        steps = draw(walks("demand", DEMAND_MOVES, D.TO_REVIEW.value, draw(st.integers(0, 60))))
        reviews = [(on(day), after) for day, _b, after in steps if after in (D.ACCEPTED, D.DECLINED)]
        demands.append(
            demand(900 + demand_number, *steps, reviews=reviews, module=draw(st.sampled_from(["", "m", "n"])))
        )
        for _voice in range(draw(st.integers(1, 3))):
            number += 1
            tickets.append(draw(voices(number, 900 + demand_number, steps)))
    for kind in (K.BUG, K.QUESTION):
        for _n in range(draw(st.integers(0, 3))):
            number += 1
            steps = draw(walks(kind, TICKET_MOVES[kind], S.CAPTURED.value, draw(st.integers(0, 100))))
            made = ticket(
                number, kind, *steps, account=draw(st.integers(1, 3)), tier=draw(TIERS), severity=draw(SEVERITY)
            )
            tickets.append(replace(made, arr_cents=draw(st.integers(0, 9))))
    return facts(*tickets, demands=tuple(demands), standard=Standard(5, {"A": 3}, {"blocking": 2}))


TIERS = st.sampled_from([None, "A", "B"])
SEVERITY = st.sampled_from([None, "blocking", "minor"])


@st.composite
def voices(draw: st.DrawFn, number: int, of: int, steps: list[tuple[int, str | None, str]]) -> TicketFacts:
    begun = steps[0][0] + draw(st.integers(0, 30))
    mine: list[tuple[int, str | None, str]] = [(begun, None, S.CAPTURED)]
    sent = next((day for day, _b, after in steps if after == D.IN_REVIEW and day >= begun), None)
    if sent is not None and draw(st.booleans()):
        mine.append((sent, S.CAPTURED, S.IN_REVIEW))
    last = steps[-1]
    if last[2] in (D.RELEASED, D.DECLINED) and draw(st.booleans()):
        mine.append((max(last[0], mine[-1][0]) + draw(st.integers(0, 9)), S(last[2]), S.TOLD))
    made = ticket(number, K.REQUIREMENT, *mine, account=draw(st.integers(1, 3)), tier=draw(TIERS), demand_id=of)
    return replace(made, module=draw(st.sampled_from(["", "m"])), arr_cents=draw(st.integers(0, 9)))


PERIODS = st.tuples(st.integers(0, 150), st.integers(0, 90)).map(lambda two: Period(on(two[0]), on(two[0] + two[1])))
ENDS = {
    "send": ("sent",),
    "answer": ("accepted", "declined", "answered", "released"),
    "release": ("released",),
    "tell": ("told",),
}
BEGINS = {"send": ("captured",), "answer": ("sent",), "release": ("accepted",), "tell": ("released",)}


def slow_days(of: Facts, period: Period, stage: str) -> list[int]:
    """For each end in the period look back for where it began: at the nearest event that ends or begins anything of it."""
    found = []
    for one in of.tickets:
        events = [(one.reported_on, "captured"), *events_of(one, of.demand_of(one))]
        lived: list[tuple[date, str]] = []
        finished = False
        for day, event in events:
            finished = (finished and event not in ("captured", "woken")) or event in ("told", "withdrawn")
            if finished and event not in ("told", "withdrawn"):
                continue
            lived.append((day, event))
        for place, (day, event) in enumerate(lived):
            if event not in ENDS[stage] or day not in period:
                continue
            stops = {"captured", "sent", "accepted", "declined", "answered", "released", "told", "withdrawn"}
            if stage == "tell":
                stops -= {"sent"}
            if stage == "release":
                stops -= {"sent"}
            before = next((entry for entry in reversed(lived[:place]) if entry[1] in stops), None)
            if before is not None and before[1] in BEGINS[stage]:
                found.append((day - before[0]).days)
    return sorted(found)


@settings(max_examples=120, deadline=None)
@given(of=portfolios(), period=PERIODS)
def test_stages_agree_with_looking_back_from_every_end(of: Facts, period: Period) -> None:
    figures = figures_of(of, period)
    for stage in ("send", "answer", "release", "tell"):
        figure = figures[f"days_to_{stage}"]
        assert isinstance(figure, Spread)
        slow = slow_days(of, period, stage)
        assert (figure.numerator, figure.denominator) == (sum(slow), len(slow))
        assert sorted(row.days or 0 for row in figure.counted) == slow
        assert figure.median == (slow[math.ceil(len(slow) / 2) - 1] if slow else None)
        assert figure.ninetieth == (slow[math.ceil(len(slow) * 9 / 10) - 1] if slow else None)


@settings(max_examples=80, deadline=None)
@given(of=portfolios(), period=PERIODS)
def test_the_other_figures_agree_with_counting_by_hand(of: Facts, period: Period) -> None:
    figures = figures_of(of, period)
    day = min(period.end, TODAY)
    shown: dict[str, int] = {}
    for one in of.tickets:
        if one.reported_on <= day:
            own, about = S.CAPTURED.value, None
            for step in one.steps:
                own = step.after if step.on <= day else own
            wish = of.demand_of(one)
            for step in wish.steps if wish is not None else ():
                about = step.after if step.on <= day else about
            if day >= TODAY:
                own, about = one.state, wish.state if wish is not None else None
            state = effective_state(one.kind, own, about)
            if state not in (S.TOLD, S.CLOSED, S.WITHDRAWN):
                shown[state] = shown.get(state, 0) + 1
    assert figures["open_tickets"].numerator == sum(shown.values())
    for state in (S.CAPTURED, S.IN_REVIEW, S.ACCEPTED, S.RELEASED, S.DECLINED):
        assert figures[f"open_{state.value}"].numerator == shown.get(state, 0)
    moved = sum(step.before is not None and step.on in period for one in of.tickets for step in one.steps)
    days = [period.start + timedelta(n) for n in range((day - period.start).days + 1)]
    worked = sum(one.weekday() < 5 for one in days)
    assert (figures["moves_per_day"].numerator, figures["moves_per_day"].denominator) == (moved, worked)
    assert figures["moves_per_day"].value == (Fraction(moved, worked) if worked else None)
    reviews = [word for one in of.demands.values() for day, word in one.reviews if day in period]
    assert figures["declined_share"].numerator == reviews.count("declined")
    assert figures["declined_share"].denominator == len(reviews)


@settings(max_examples=60, deadline=None)
@given(of=portfolios(), period=PERIODS)
def test_the_standard_agrees_with_stepping_day_by_day(of: Facts, period: Period) -> None:
    for stage, days in ((Stage.SEND, "sent_in_time"), (Stage.ANSWER, "answered_in_time")):
        met = 0
        ended = [span for span in of.spans if span.stage == stage and span.end in period and not span.why_out]
        for span in ended:
            worked, at = 0, span.start
            while at < span.end:
                at += timedelta(1)
                worked += at.weekday() < 5
            free_at_end = span.end.weekday() >= 5
            allowed = {"blocking": 2}.get(span.ticket.severity or "") or {"A": 3}.get(span.ticket.tier or "", 5)
            met += worked < allowed or (worked == allowed and not free_at_end)
        figure = figures_of(of, period)[days]
        assert (figure.numerator, figure.denominator) == (met, len(ended))


@settings(max_examples=60, deadline=None)
@given(of=portfolios(), period=PERIODS)
def test_groups_add_up_and_every_figure_stands_for_its_rows(of: Facts, period: Period) -> None:
    whole = figures_of(of, period)
    for key, figure in whole.items():
        if figure.kind not in ("money", "days"):
            assert figure.numerator == len(figure.counted), key
        if figure.kind == "rate":
            assert figure.denominator == len(figure.base)
            assert {row.id for row in figure.counted} <= {row.id for row in figure.base}
    for group in ("module", "tier", "account"):
        parts = grouped(of, group)
        for key in ("open_tickets", "sent_in_time", "answered_in_time"):
            told = [figures_of(part, period)[key] for part in parts.values()]
            assert sum(one.numerator for one in told) == whole[key].numerator
            assert sum(one.denominator or 0 for one in told) == (whole[key].denominator or 0)
    view = view_of(of, period, Cut(module="m"))
    wanted = [one for one in of.tickets if (one.module or of.demands.get(one.demand_id or 0, NO_DEMAND).module) == "m"]
    assert view.figures["open_tickets"] == open_tickets(of.of(wanted), period)["open_tickets"]
    assert {line.key for line in view.groups["account"]} == {str(one.row.account_id) for one in wanted}


NO_DEMAND = demand(0, (0, None, D.TO_REVIEW))


@given(of=portfolios(), period=PERIODS)
@settings(max_examples=30, deadline=None)
def test_months_follow_each_other_up_to_the_period_and_today(of: Facts, period: Period) -> None:
    months = by_month(of, period, lambda found, month: in_time(found, month, Stage.ANSWER))
    assert 6 <= len(months) <= 12
    assert months[-1][0] == min(period.end, TODAY).replace(day=1)
    for (first, _one), (after, _other) in pairwise(months):
        assert (first + timedelta(31)).replace(day=1) == after
        assert first.day == 1


@pytest.mark.parametrize(
    ("values", "percent", "wanted"),
    [([], 50, None), ([7], 90, 7), ([1, 2], 50, 1), ([1, 2, 3], 50, 2), (range(1, 11), 90, 9)],
)
def test_nearest_rank(values: Any, percent: int, wanted: int | None) -> None:
    assert nearest_rank(values, percent) == wanted
