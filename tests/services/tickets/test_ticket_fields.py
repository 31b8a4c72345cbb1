"""What is typed about a ticket becomes fields or problems, whatever it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import Channel, Importance, Severity, TicketKind
from csdesk.services.core.errors import Problems
from csdesk.services.tickets.ticket_fields import WORDS, parse
from tests.conftest import TODAY

KEYS = ("kind", "text", "importance", "channel", "contact", "severity", "reported_on", *WORDS)


def test_what_was_typed_stands_in_its_field() -> None:
    fields = parse(
        {
            "kind": "bug", "text": "  It hangs ", "importance": "critical", "channel": "wechat", "contact": "7",
            "severity": "blocking", "reported_on": "-3", "seen": "nothing", "module": " Login ",
        },
        TODAY,
    )  # fmt: skip
    assert (fields.kind, fields.text, fields.importance) == (TicketKind.BUG, "It hangs", Importance.CRITICAL)
    assert (fields.channel, fields.contact_id, fields.severity) == (Channel.WECHAT, 7, Severity.BLOCKING)
    assert (fields.reported_on, fields.seen, fields.module) == (TODAY - timedelta(3), "nothing", "Login")


def test_an_important_requirement_is_meant_where_nothing_is_said() -> None:
    fields = parse({"text": "Export"}, TODAY)
    assert (fields.kind, fields.importance, fields.contact_id) == (TicketKind.REQUIREMENT, Importance.IMPORTANT, None)


@pytest.mark.parametrize(
    ("key", "typed"),
    [("text", " "), ("kind", "wish"), ("severity", "awful"), ("reported_on", "soon"), ("reported_on", "+1"),
     ("channel", "drum")],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_at_its_field(key: str, typed: str) -> None:
    with pytest.raises(Problems) as refused:
        parse({"text": "Export", key: typed}, TODAY)
    assert [problem.field for problem in refused.value.problems] == [key]


@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=40)))
def test_any_typing_parses_or_is_refused_at_a_known_field(draft: dict[str, str]) -> None:
    refused: set[str] = set()
    try:
        fields = parse(draft, TODAY)
    except Problems as error:
        refused = {problem.field for problem in error.problems}
    if not refused:
        assert fields.text == draft["text"].strip()
    assert refused <= set(KEYS)
