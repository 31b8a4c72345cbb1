"""What the composer understands: people behind @, tasks behind !, days in either place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import InteractionKind
from csdesk.services.core.errors import Problems
from csdesk.services.interactions.rules import Person, parse_entry, person_named
from csdesk.services.tasks.rules import Todo, jotted

TODAY = date(2026, 11, 23)
PEOPLE = (Person(1, "陈知"), Person(2, "陈知微"), Person(3, "Ann Lee"))


@pytest.mark.parametrize(
    ("words", "todo"),
    [
        ("12-05 发算例", Todo("发算例", date(2026, 12, 5))),
        ("发算例 ! 12-05", Todo("发算例", date(2026, 12, 5))),
        ("发算例！2026年12月5日", Todo("发算例", date(2026, 12, 5))),
        ("+7 call back", Todo("call back", date(2026, 11, 30))),
        ("今天 发资料", Todo("发资料", TODAY)),
        ("wait! for it", Todo("wait! for it", None)),
        ("send the figures", Todo("send the figures", None)),
        ("12-05", Todo("", date(2026, 12, 5))),
        ("", Todo("", None)),
    ],
)
def test_a_task_is_jotted_down_with_its_day(words: str, todo: Todo) -> None:
    assert jotted(words, TODAY) == todo


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("@陈知微 来电", 2),
        ("@陈知 来电", 1),
        ("＠陈知微来电", 2),
        ("met @Ann Lee today", 3),
        ("mail a@b.cn", None),
        ("", None),
    ],
)
def test_a_name_behind_the_sign_is_a_person(text: str, person: int | None) -> None:
    assert person_named(text, PEOPLE) == person


def test_lines_with_the_sign_are_tasks_and_the_rest_is_the_text() -> None:
    entry = parse_entry("@陈知微 问价格\n! 12-01 发报价\n ！准备合同", PEOPLE, TODAY, InteractionKind.CALL)
    assert (entry.text, entry.contact_id) == ("@陈知微 问价格", 2)
    assert entry.tasks == (Todo("发报价", date(2026, 12, 1)), Todo("准备合同", None))


def test_as_a_task_every_line_is_one() -> None:
    entry = parse_entry("发报价 ! 12-01\n\n回电话", PEOPLE, TODAY, None)
    assert entry.text == ""
    assert [task.text for task in entry.tasks] == ["发报价", "回电话"]


@pytest.mark.parametrize("text", ["", "  \n ", "!", "！ 12-01", "x" * 20_001])
def test_nothing_and_too_much_are_refused(text: str) -> None:
    with pytest.raises(Problems):
        parse_entry(text, PEOPLE, TODAY, InteractionKind.NOTE)


@given(st.text(), st.sampled_from((*InteractionKind, None)))
def test_any_text_is_read_or_refused(text: str, kind: InteractionKind | None) -> None:
    try:
        entry = parse_entry(text, PEOPLE, TODAY, kind)
    except Problems:
        return
    assert entry.text or entry.tasks
