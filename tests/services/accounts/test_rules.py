"""Whatever is typed into a form is a command or problems, never a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import ServiceMode, Tier
from csdesk.services.accounts import rules as accounts
from csdesk.services.contacts import rules as contacts
from csdesk.services.contracts import rules as contracts
from csdesk.services.core.errors import Problems

TODAY = date(2026, 11, 23)
TYPED = st.one_of(
    st.text(max_size=40), st.sampled_from(["2026-02-30", "1e9", "\u0661\u0662", "12\u4e07", "-5", "\uff1d1"])
)


def test_the_tier_suggests_the_service_mode() -> None:
    fields = accounts.parse({"name": "Acme", "tier": "A"})
    assert fields.tier == Tier.A
    assert fields.service_mode == ServiceMode.HIGH_TOUCH


def test_a_name_is_needed() -> None:
    with pytest.raises(Problems) as refused:
        accounts.parse({"name": "  ", "tier": "Z"})
    assert {problem.field for problem in refused.value.problems} == {"name", "tier"}


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("120000", "120000"), ("12\u4e07", "120000"), ("\uffe5 1,200.50", "1200.50"), ("", None)],
)
def test_amounts(typed: str, amount: str | None) -> None:
    fields = contracts.parse({"number": "K", "amount": typed}, TODAY)
    assert fields.amount == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-3-5", date(2026, 3, 5)), ("2026.3.5", date(2026, 3, 5)), ("20260305", date(2026, 3, 5)),
        ("2026\u5e743\u67085\u65e5", date(2026, 3, 5)), ("3-5", date(2026, 3, 5)), ("+7", date(2026, 11, 30)),
        ("\u4eca\u5929", TODAY),
    ],
)  # fmt: skip
def test_days(typed: str, day: date) -> None:
    assert contracts.parse({"number": "K", "signed_on": typed}, TODAY).signed_on == day


def test_an_end_before_the_start_is_refused_at_its_field() -> None:
    with pytest.raises(Problems) as refused:
        contracts.parse({"number": "K", "start_on": "2026-01-02", "end_on": "2026-01-01"}, TODAY)
    assert [problem.field for problem in refused.value.problems] == ["end_on"]


@given(st.dictionaries(st.sampled_from(list(contracts.ContractFields.__dataclass_fields__)), TYPED))
def test_any_contract_parses_or_is_refused(draft: dict[str, str]) -> None:
    found = outcome(lambda: contracts.parse(draft, TODAY))
    assert found


@given(st.dictionaries(st.sampled_from(list(contacts.ContactFields.__dataclass_fields__)), TYPED))
def test_any_contact_parses_or_is_refused(draft: dict[str, str]) -> None:
    found = outcome(lambda: contacts.parse(draft, TODAY))
    assert found


def outcome(parse: Callable[[], object]) -> object:
    """The fields, or the problems; anything else goes up."""
    try:
        return parse()
    except Problems as error:
        return error.problems
