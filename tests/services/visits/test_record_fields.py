"""A record as it is typed: what each outcome asks for, days and minutes as people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import Mood, NeedKind, VisitOutcome
from csdesk.services.core.errors import Problems
from csdesk.services.core.values import Unreadable
from csdesk.services.tasks.rules import Todo
from csdesk.services.visits.needs import guessed_kind
from csdesk.services.visits.record_fields import matched, minutes_in, names_in, parse

TODAY = date(2026, 11, 23)
WELL = {
    "outcome": "visited", "done_on": "2026-11-20", "came": "陈知微、李闻舟，Ann Lee", "record": " went well ",
    "mood": "good", "needs": "班组报表\n\n多 20 个账号", "next_step": "send figures", "next_on": "12-01", "spent": "1.5h",
    "travel": "40", "expenses": "128.50", "next_visit": "2026-12-21", "plan_next": "1",
}  # fmt: skip


def wrong(**changes: str) -> list[tuple[str, str]]:
    with pytest.raises(Problems) as refused:
        parse(WELL | changes, TODAY)
    return sorted((problem.field, problem.code) for problem in refused.value.problems)


def test_everything_is_read() -> None:
    fields = parse(WELL, TODAY)
    assert (fields.outcome, fields.day, fields.mood) == (VisitOutcome.VISITED, date(2026, 11, 20), Mood.GOOD)
    assert fields.came == ("陈知微", "李闻舟", "Ann Lee")
    assert fields.said == "went well"
    assert fields.needs == ("班组报表", "多 20 个账号")
    assert fields.steps == (Todo("send figures", date(2026, 12, 1)),)
    assert (fields.spent, fields.travel, fields.expenses) == (90, 40, Decimal("128.50"))
    assert fields.next_visit_on == date(2026, 12, 21)


def test_a_visit_that_took_place_needs_its_day_and_a_next_step_with_a_day() -> None:
    assert wrong(next_step="") == [("next_step", "missing")]
    assert wrong(next_on="") == [("next_on", "missing")]
    assert wrong(next_on="soon") == [("next_on", "unreadable")]
    assert wrong(done_on="") == [("done_on", "missing")]
    assert wrong(done_on="2026-11-24") == [("done_on", "future")]
    assert wrong(outcome="partly", next_step=" ") == [("next_step", "missing")]
    assert wrong(next_visit="2026-11-22") == [("next_visit", "past")]


def test_a_step_with_a_day_of_its_own_needs_no_other() -> None:
    fields = parse(WELL | {"next_step": "send figures ! 12-03\n12-04 call", "next_on": ""}, TODAY)
    assert fields.steps == (Todo("send figures", date(2026, 12, 3)), Todo("call", date(2026, 12, 4)))


@pytest.mark.parametrize("outcome", ["absent", "cancelled", "moved"])
def test_what_did_not_take_place_needs_the_reason_alone(outcome: str) -> None:
    given = {"outcome": outcome, "next_step": "", "next_on": "", "new_day": "2026-11-27"}
    assert wrong(**given, reason="") == [("reason", "missing")]
    fields = parse(WELL | given | {"reason": "ill"}, TODAY)
    assert (fields.reason, fields.steps, fields.needs, fields.said) == ("ill", (), (), "")


def test_a_moved_visit_needs_its_new_day() -> None:
    assert wrong(outcome="moved", reason="ill", new_day="") == [("new_day", "missing")]


def test_without_an_outcome_it_is_asked_for() -> None:
    assert ("outcome", "missing") in wrong(outcome="")
    assert ("outcome", "unknown") in wrong(outcome="splendid")


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("", None), ("90", 90), ("90分钟", 90), ("1.5h", 90), ("1:30", 90), ("２小时", 120), ("0", 0), ("45 min", 45)],
)
def test_minutes_as_people_write_them(typed: str, minutes: int | None) -> None:
    assert minutes_in(typed) == minutes


@pytest.mark.parametrize("typed", ["long", "1:75", "-5", "2000", "25h", "1e3"])
def test_what_are_no_minutes(typed: str) -> None:
    with pytest.raises(Unreadable):
        minutes_in(typed)


def test_names_find_their_people() -> None:
    people = {1: "陈知", 2: "陈知微", 3: "Ann Lee"}
    assert matched(("陈知微", "陈知微 厂长", "ann lee", "门卫"), people) == {
        "陈知微": 2, "陈知微 厂长": 2, "ann lee": 3, "门卫": None,
    }  # fmt: skip
    assert names_in("a, b；c、a\nd") == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("希望看到按班组的报表", NeedKind.REQUIREMENT),
        ("明年扩第二车间，可能加账号", NeedKind.EXPANSION),
        ("可以介绍兄弟公司", NeedKind.REFERRAL),
        ("Would like MORE SEATS", NeedKind.EXPANSION),
        ("天气不错", None),
    ],
)
def test_the_kind_of_a_need_is_guessed_from_its_words(text: str, kind: NeedKind | None) -> None:
    assert guessed_kind(text) == kind


@given(st.dictionaries(st.sampled_from(tuple(WELL)), st.text(max_size=40)))
def test_any_draft_parses_or_gives_problems(draft: dict[str, str]) -> None:
    try:
        fields = parse(WELL | draft, TODAY)
    except Problems:
        return
    assert fields.outcome in set(VisitOutcome)
