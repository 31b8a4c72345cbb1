"""Open promises as a reason to visit: which count, in which words, and that planning asks for them without knowing them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from csdesk.models.vocabulary import TaskSource, Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core import texts
from csdesk.services.core.desk import Desk
from csdesk.services.core.reasons import Band, Period, Signal
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tasks.commands import (
    NewTask,
    Snooze,
    Source,
    Tasks,
    complete_tasks,
    create_task,
    delete_tasks,
    drop_tasks,
    snooze_tasks,
)
from csdesk.services.tasks.reasons import open_promises
from csdesk.services.tasks.rules import TaskFields
from csdesk.services.visits.drafting import DraftPlan, draft_plan
from csdesk.services.visits.queries import week_plan
from csdesk.services.visits.reasons import goal_text, reason_text, rule_text
from tests.conftest import TODAY

WEEK = Period(TODAY, TODAY + timedelta(6), TODAY)


@pytest.fixture
def account(desk: Desk) -> int:
    fields = AccountFields("Amber", tier=Tier.B, city="Wuxi")
    return desk.do(create_account, NewAccount(fields)).value


def promise(desk: Desk, account: int | None, days: int | None, kind: TaskSource = TaskSource.HANDOVER) -> int:
    due = None if days is None else TODAY + timedelta(days)
    return desk.do(create_task, NewTask(TaskFields("Scanner", due), account, Source(kind, 42, "Scanner"))).value


def found(desk: Desk, account: int) -> tuple[Signal, ...]:
    with desk.read() as connection:
        return tuple(open_promises(connection, WEEK).get(account, ()))


@pytest.mark.parametrize(
    ("due", "first", "count"),
    [
        ([-40], -40, 1),
        ([0], 0, 1),
        ([20], 20, 1),
        ([21], None, 0),
        ([None], None, 0),
        ([30, 9, -2], -2, 2),
        ([], None, 0),
    ],
)
def test_the_earliest_promise_of_an_account_is_told(
    desk: Desk, account: int, due: list[int | None], first: int | None, count: int
) -> None:
    for days in due:
        promise(desk, account, days)
    signals = found(desk, account)
    if first is None:
        assert signals == ()
        return
    (only,) = signals
    assert only.band is Band.SHOULD
    assert (only.reason.get("due"), only.reason.get("count")) == (TODAY + timedelta(first), count)


def test_only_promises_that_nobody_kept_or_dropped_count(desk: Desk, account: int) -> None:
    kept, dropped, gone = (promise(desk, account, 1) for _number in range(3))
    desk.do(complete_tasks, Tasks((kept,)))
    desk.do(drop_tasks, Tasks((dropped,)))
    desk.do(delete_tasks, Tasks((gone,)))
    promise(desk, account, 1, TaskSource.BY_HAND)
    promise(desk, None, 1)
    with desk.read() as connection:
        assert open_promises(connection, WEEK) == {}
    desk.do(snooze_tasks, Snooze((promise(desk, account, 1),), TODAY + timedelta(30)))
    assert len(found(desk, account)) == 1


def test_words_rule_and_goal_are_told_as_of_the_day(desk: Desk, account: int) -> None:
    promise(desk, account, 1)
    (only,) = found(desk, account)
    assert reason_text(only.reason, TODAY) == "promise due in 1 day"
    assert reason_text(only.reason, TODAY + timedelta(1)) == "promise due today"
    promise(desk, account, 5)
    (both,) = found(desk, account)
    assert reason_text(both.reason, TODAY + timedelta(3)) == "promise 2 days overdue, 1 more open"
    assert rule_text(both.reason) == "Rule: visit when a promise by sales is due within 14 days."
    assert goal_text([both.reason], TODAY) == "Keep what was promised, or agree on another day"
    texts.install("zh_CN")
    try:
        assert reason_text(both.reason, TODAY + timedelta(3)) == "承诺逾期 2 天，另有 1 项未兑现"
    finally:
        texts.install("en")


def test_the_plan_shows_it_and_its_number_and_band_are_the_users(desk: Desk, account: int) -> None:
    promise(desk, account, 10)

    def reasons() -> list[str]:
        desk.do(draft_plan, DraftPlan(WEEK.start, WEEK.end))
        with desk.read() as connection:
            visits = week_plan(connection, TODAY).visits
        return [entry.kind for visit in visits if visit.account_id == account for entry in visit.reasons]

    assert "open_promise" in reasons()
    desk.do(change_settings, ChangeSettings({"visits.promise_days": 3}))
    assert "open_promise" not in reasons()
    desk.do(change_settings, ChangeSettings({"visits.promise_days": 14, "visits.band.open_promise": "off"}))
    assert "open_promise" not in reasons()
    desk.do(change_settings, ChangeSettings({"visits.band.open_promise": "must"}))
    assert reasons()[0] == "open_promise"
