"""An invented portfolio: whole by every rule of the store, the same for a seed and a day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from csdesk.models.vocabulary import OpportunityStage, TicketKind, TicketState
from csdesk.services.contracts.replay import arr_on
from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.demo.commands import DemoSize, make_demo, mark_sample
from csdesk.services.files.checking import check
from csdesk.services.kpi.comparing import is_met
from csdesk.services.kpi.figures import figures
from csdesk.services.kpi.requirements import figures_of
from csdesk.services.kpi.rules import Period
from csdesk.services.kpi.ticket_facts import requirement_facts
from csdesk.services.tickets.queries import demand_cards
from csdesk.services.tickets.rules import DEMAND_MOVES, TICKET_MOVES, TOLD_FROM
from csdesk.services.visits.queries import week_plan

TODAY = date(2026, 11, 23)
SMALL = DemoSize(60, seed=3)


def ask(desk: Desk, statement: str) -> list[Any]:
    with desk.read() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_a_portfolio_is_whole_by_every_rule(desk: Desk) -> None:
    counts = desk.do(make_demo, SMALL).value
    assert counts["accounts"] == 60
    assert counts["contacts"] > 60
    assert counts["contracts"] > 80
    assert counts["visits"] > 200
    health = check(desk.database.path)
    assert [flaw.sentence for flaw in health.flaws] == []
    assert {name: health.facts.counts[name] for name in counts} == counts


def test_terms_follow_each_other_over_three_years(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(150, seed=5))
    followed = ask(
        desk,
        "SELECT n.start_on, p.end_on, p.renewal_state, n.account_id = p.account_id "
        "FROM contracts n JOIN contracts p ON p.id = n.predecessor_id",
    )
    assert len(followed) > 60
    for start, end, state, same in followed:
        assert date.fromisoformat(start) == date.fromisoformat(end) + timedelta(1)
        assert (state, same) == ("renewed", 1)
    states = Counter(state for (state,) in ask(desk, "SELECT renewal_state FROM contracts"))
    assert set(states) == {"open", "renewed", "churned"}
    first = date.fromisoformat(ask(desk, "SELECT min(start_on) FROM contracts")[0][0])
    assert timedelta(900) < TODAY - first < timedelta(1_200)
    sums = ask(
        desk,
        "SELECT k.amount, sum(l.amount) FROM contracts k JOIN contract_lines l ON l.contract_id = k.id "
        "WHERE k.terminated_on IS NULL GROUP BY k.id",
    )
    assert all(amount == lines for amount, lines in sums)
    due = ask(
        desk, "SELECT k.amount, sum(r.amount) FROM contracts k JOIN receivables r ON r.contract_id = k.id GROUP BY k.id"
    )
    assert len(due) >= len(sums)
    assert all(amount == instalments for amount, instalments in due)
    assert ask(desk, "SELECT count(*) FROM payments WHERE paid_on > '2026-11-23'") == [(0,)]
    assert ask(desk, "SELECT count(*) FROM visits WHERE state = 'done' AND done_on > '2026-11-23'") == [(0,)]


def test_the_ledger_tells_of_every_kind_and_says_what_the_lines_do(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(150, seed=5))
    kinds = Counter(kind for (kind,) in ask(desk, "SELECT kind FROM contract_events"))
    assert min(kinds[kind] for kind in ("renewed", "amended", "terminated", "lost")) >= 1
    assert ask(desk, "SELECT count(*) FROM contracts WHERE renewal_state = 'churned' AND renewal_cause IS NULL") == [
        (0,)
    ]
    early = ask(
        desk,
        "SELECT sum(n.signed_on < p.end_on), sum(p.decided_on > p.end_on) FROM contracts n "
        "JOIN contracts p ON p.id = n.predecessor_id",
    )
    assert min(early[0]) > 0
    carried = ask(desk, "SELECT account_id FROM contracts WHERE end_on < '2026-11-23' AND renewal_state = 'open'")
    with desk.read() as connection:
        for account, known in ask(desk, "SELECT id, arr_cents FROM accounts"):
            if (account,) not in carried:
                assert arr_on(connection, account, TODAY).get("CNY", 0) == (known or 0)


def test_opportunities_stand_in_every_stage_and_won_ones_in_the_ledger(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(150, seed=5))
    stages = Counter(stage for (stage,) in ask(desk, "SELECT stage FROM opportunities"))
    assert stages.keys() == set(OpportunityStage)
    won = ask(
        desk,
        "SELECT o.amount, e.arr_after_cents - e.arr_before_cents FROM opportunities o "
        "JOIN contract_events e ON e.id = o.event_id WHERE o.stage = 'won'",
    )
    assert len(won) == stages["won"]
    assert all(amount == added > 0 for amount, added in won)
    heard = ask(desk, "SELECT n.became_id = o.id FROM opportunities o JOIN needs n ON n.id = o.origin_id")
    assert heard
    assert set(heard) == {(1,)}


def test_this_week_has_a_confirmed_plan_with_one_day_too_full(desk: Desk) -> None:
    desk.do(make_demo, SMALL)
    with desk.read() as connection:
        plan = week_plan(connection, TODAY)
    assert plan.plan is not None
    assert plan.plan.state == "confirmed"
    assert [day.used for day in plan.days] == [4, 3, 4, 5, 2, 0, 0]
    assert [day.over for day in plan.days][3] == 1


def test_phones_are_nobody_s(desk: Desk) -> None:
    desk.do(make_demo, SMALL)
    phones = [phone for (phone,) in ask(desk, "SELECT phone FROM contacts")]
    assert all(len(phone) == 11 and phone[3:7] == "0000" for phone in phones)


def test_customers_asked_and_every_screen_has_something_to_show(desk: Desk) -> None:
    counts = desk.do(make_demo, DemoSize(86, seed=7)).value
    assert 36 <= counts["demands"] <= 44
    assert 88 <= counts["tickets"] <= 104
    states = dict(ask(desk, "SELECT state, count(*) FROM demands GROUP BY 1"))
    assert states.keys() == {"to_review", "in_review", "accepted", "released", "declined", "merged"}
    kinds = dict(ask(desk, "SELECT kind, count(*) FROM tickets GROUP BY 1"))
    assert all(kinds[kind] >= 8 for kind in ("requirement", "bug", "question"))
    notices = {(cause, state) for cause, state in ask(desk, "SELECT DISTINCT cause, state FROM notices")}
    assert {cause for cause, state in notices if state == "told"} >= {"date_set", "released", "declined", "bug_fixed"}
    assert {state for _cause, state in notices} == {"open", "told", "superseded"}
    with desk.read() as connection:
        cards = demand_cards(connection, TODAY)
        facts = requirement_facts(connection, TODAY)
    assert any(card.raised for card in cards)
    assert any(card.overdue for card in cards)
    assert any(card.accounts >= 5 for card in cards)
    told = figures_of(facts, Period(TODAY - timedelta(180), TODAY))
    assert [key for key, figure in told.items() if figure.value in (None, 0) and not key.startswith("open_")] == []


def test_every_ticket_went_a_way_that_the_rules_know(desk: Desk) -> None:
    desk.do(make_demo, SMALL)
    with desk.read() as connection:
        facts = requirement_facts(connection, TODAY)
    for ticket in facts.tickets:
        moves = TICKET_MOVES[TicketKind(ticket.kind)]
        known = {(source, move.target) for move in moves for source in move.sources}
        known |= {(source, TicketState.TOLD) for source in TOLD_FROM[TicketKind(ticket.kind)]}
        if ticket.kind == TicketKind.REQUIREMENT:
            known |= {(s, TicketState.IN_REVIEW) for s in ("captured", "clarified", "told", "closed")}
        steps = [(step.before, step.after) for step in ticket.steps]
        assert steps[0] == (None, "captured")
        assert set(steps[1:]) <= known
        assert ticket.steps[-1].after == ticket.state
        days = [step.on for step in ticket.steps]
        assert days == sorted(days)
        assert days[-1] <= TODAY
    steps = {(step.before, step.after) for demand in facts.demands.values() for step in demand.steps}
    known = {(source, move.target) for move in DEMAND_MOVES for source in move.sources}
    assert steps <= known | {(None, "to_review"), ("to_review", "to_review")}
    untold = ask(desk, "SELECT id FROM tickets WHERE state IN ('told', 'closed') AND told_on IS NULL")
    assert untold == []


def content(desk: Desk) -> list[list[Any]]:
    return [
        ask(desk, "SELECT name, tier, city, arr_cents, renewal_on, contact_name FROM accounts ORDER BY name"),
        ask(desk, "SELECT number, amount, end_on, renewal_state FROM contracts ORDER BY number"),
        ask(desk, "SELECT planned_on, state, starts_at, goal FROM visits ORDER BY 1, 2, 3, 4"),
        ask(desk, "SELECT number, kind, state, title, text, reported_on, told_on FROM tickets ORDER BY kind, number"),
        ask(desk, "SELECT number, title, state, sent_on, planned_on FROM demands ORDER BY number"),
        ask(desk, "SELECT cause, state, due_on, told_on, text FROM notices ORDER BY 1, 2, 3, 4, 5"),
    ]


def test_the_same_seed_on_the_same_day_makes_the_same(desk: Desk, template: Any, tmp_path: Any) -> None:
    from csdesk.app import open_desk

    desk.do(make_demo, SMALL)
    again = open_desk(tmp_path / "again", Clock(TODAY))
    again.do(make_demo, SMALL)
    other = open_desk(tmp_path / "other", Clock(TODAY))
    other.do(make_demo, DemoSize(60, seed=4))
    try:
        assert content(again) == content(desk)
        assert content(other) != content(desk)
    finally:
        again.close()
        other.close()


def test_a_store_with_accounts_is_refused_and_left_alone(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(5))
    with pytest.raises(Problems) as refused:
        desk.do(make_demo, DemoSize(5))
    assert refused.value.problems[0].code == "not_empty"
    assert ask(desk, "SELECT count(*) FROM accounts") == [(5,)]


def test_undo_takes_all_of_it_back(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(5))
    desk.undo()
    assert ask(desk, "SELECT count(*) FROM accounts WHERE deleted_at IS NULL") == [(0,)]
    assert ask(desk, "SELECT count(*) FROM visits WHERE deleted_at IS NULL") == [(0,)]


def test_only_a_marked_store_is_a_sample(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(2))
    assert ask(desk, "SELECT value FROM store_facts WHERE name = 'sample'") == []
    mark_sample(desk)
    mark_sample(desk)
    assert ask(desk, "SELECT value FROM store_facts WHERE name = 'sample'") == [("1",)]


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 10, 3), date(2028, 2, 29)])
def test_it_can_be_made_on_any_day(tmp_path: Any, day: date) -> None:
    from csdesk.app import open_desk

    desk = open_desk(tmp_path / "data", Clock(day))
    try:
        assert desk.do(make_demo, DemoSize(12)).value["accounts"] == 12
        assert not check(desk.database.path).flaws
    finally:
        desk.close()


def test_amounts_a_year_are_whole_yuan_and_reasons_vary(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(86, seed=7))
    assert ask(desk, "SELECT count(*) FROM contract_lines WHERE arr_cents % 100 != 0") == [(0,)]
    causes = Counter(
        cause for (cause,) in ask(desk, "SELECT renewal_cause FROM contracts WHERE renewal_state = 'renewed'")
    )
    assert len([cause for cause in causes if cause]) >= 4
    assert causes[None] < sum(causes.values()) / 5
    left = {cause for (cause,) in ask(desk, "SELECT renewal_cause FROM contracts WHERE renewal_state = 'churned'")}
    assert len(left) >= 3


def test_few_customers_wait_for_an_answer_of_long_ago(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(86, seed=7))
    waiting = ask(desk, "SELECT due_on FROM notices WHERE state = 'open'")
    assert 1 <= len(waiting) <= 8


def test_figures_have_targets_some_of_which_are_missed(desk: Desk) -> None:
    desk.do(make_demo, DemoSize(86, seed=7))
    for period in (Period(date(2026, 10, 1), date(2026, 10, 31)), Period(date(2026, 7, 1), date(2026, 9, 30))):
        with desk.read() as connection:
            found = figures(connection, period, TODAY)
        judged = {is_met(figure) for figure in found.values()}
        assert judged == {None, True, False}
        assert found["ltv_cac"].value is not None


def test_a_loss_has_one_cause_in_the_contract_and_in_its_ledger(desk: Desk) -> None:
    desk.do(make_demo, SMALL)
    told = ask(
        desk,
        "SELECT k.renewal_cause, e.cause FROM contracts k JOIN contract_events e ON e.contract_id = k.id"
        " WHERE k.renewal_state = 'churned' AND e.kind IN ('lost', 'terminated')",
    )
    assert told
    assert all(own == noted for own, noted in told)
