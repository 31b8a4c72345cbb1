"""An invented portfolio: whole by every rule of the store, the same for a seed and a day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from csdesk.services.core.clock import Clock
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.demo.commands import DemoSize, make_demo, mark_sample
from csdesk.services.files.checking import check
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
        "SELECT k.amount, sum(l.amount) FROM contracts k JOIN contract_lines l ON l.contract_id = k.id GROUP BY k.id",
    )
    assert all(amount == lines for amount, lines in sums)
    due = ask(
        desk, "SELECT k.amount, sum(r.amount) FROM contracts k JOIN receivables r ON r.contract_id = k.id GROUP BY k.id"
    )
    assert len(due) == len(sums)
    assert all(amount == instalments for amount, instalments in due)
    assert ask(desk, "SELECT count(*) FROM payments WHERE paid_on > '2026-11-23'") == [(0,)]
    assert ask(desk, "SELECT count(*) FROM visits WHERE state = 'done' AND done_on > '2026-11-23'") == [(0,)]


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


def content(desk: Desk) -> list[list[Any]]:
    return [
        ask(desk, "SELECT name, tier, city, arr_cents, renewal_on, contact_name FROM accounts ORDER BY name"),
        ask(desk, "SELECT number, amount, end_on, renewal_state FROM contracts ORDER BY number"),
        ask(desk, "SELECT planned_on, state, starts_at, goal FROM visits ORDER BY 1, 2, 3, 4"),
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
