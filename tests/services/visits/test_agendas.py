"""Agendas: minutes become clock times, types follow reasons, templates are the user's to change."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import VisitType
from csdesk.services.visits.agendas import AGENDAS, QUESTIONS, Point, points, template, type_for
from csdesk.services.visits.reasons import BY_HAND, reason


def test_minutes_become_clock_times_until_a_line_has_none() -> None:
    agenda = "10 Hello\n\n15 min Results\n20分钟 看现场：二车间\nOpen end\n5 Next steps"
    assert points(agenda, "14:00") == (
        Point("14:00", 10, "Hello"), Point("14:10", 15, "Results"), Point("14:25", 20, "看现场：二车间"),
        Point("14:45", None, "Open end"), Point("", 5, "Next steps"),
    )  # fmt: skip


def test_without_a_time_the_minutes_stand_alone() -> None:
    assert points("10 Hello", "") == (Point("", 10, "Hello"),)
    assert points("2026 will be good", "9:00".zfill(5)) == (Point("09:00", None, "2026 will be good"),)


def test_the_heaviest_reason_gives_the_type() -> None:
    day = date(2026, 12, 1)
    assert (
        type_for([reason("visit_due", last=day, limit=30), reason("renewal", end=day, limit=90)]) == VisitType.RENEWAL
    )
    assert type_for([reason("first_days", start=day, limit=30)]) == VisitType.FIRST
    assert type_for([BY_HAND]) == VisitType.CARE
    assert type_for([]) == VisitType.CARE


def test_every_type_has_an_agenda_that_fills_its_time_and_questions() -> None:
    for kind in VisitType:
        assert 45 <= sum(minutes for minutes, _text in AGENDAS[kind]) <= 100
        assert QUESTIONS[kind]
        assert all(point.minutes for point in points(template(kind, {}), "09:00"))


@pytest.mark.parametrize("own", [None, {}, {"care": "  "}, {"care": 7}, "nonsense", {"review": "x"}])
def test_what_is_no_template_of_ones_own_leaves_the_desks(own: object) -> None:
    assert template(VisitType.CARE, own) == template(VisitType.CARE, None)


def test_ones_own_template_wins() -> None:
    assert template(VisitType.CARE, {"care": "5 Coffee\n"}) == "5 Coffee"


@given(st.text(), st.sampled_from(("", "00:00", "23:59")))
def test_any_agenda_keeps_its_words(agenda: str, starts_at: str) -> None:
    found = points(agenda, starts_at)
    assert len(found) == sum(bool(line.strip()) for line in agenda.splitlines())
    assert all(point.text for point in found)
