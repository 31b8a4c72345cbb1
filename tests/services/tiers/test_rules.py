"""The proposal for any account and any rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import Tier
from csdesk.services.settings.rules import DEFAULTS
from csdesk.services.tiers.rules import (
    Cuts,
    Decided,
    Facts,
    Reason,
    TierRules,
    cuts_of,
    head_count,
    is_open,
    propose,
    rules_of,
    told,
)

AMOUNTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=60)
TIERS = st.sampled_from([None, *Tier])
ORDER = {Tier.A: 2, Tier.B: 1, Tier.C: 0}
FACTS = st.builds(
    Facts,
    st.just(1),
    TIERS,
    st.none() | st.integers(0, 10**12),
    st.none() | st.integers(0, 10**6),
    st.sampled_from(["", "Tools", "Retail", "<b>"]),
    st.sampled_from(["", "Wuxi"]),
    st.lists(st.sampled_from(["Core", "Plus"]), max_size=3).map(tuple),
    st.booleans(),
)
POINTS = st.integers(0, 100)
RULES = st.builds(
    TierRules,
    money=POINTS, seats=POINTS, industry=POINTS, city=POINTS, product=POINTS, strategic=POINTS,
    from_a=st.integers(1, 300), from_b=st.integers(1, 300), head_share=st.integers(1, 100),
    middle_share=st.integers(1, 100), seats_many=st.integers(1, 999), seats_some=st.integers(1, 999),
    industries=st.just(frozenset({"tools"})), cities=st.just(frozenset({"wuxi"})), products=st.just(frozenset({"core"})),
)  # fmt: skip
CUTS = st.builds(Cuts, st.none() | st.integers(0, 10**12), st.none() | st.integers(0, 10**12))


@given(FACTS, RULES, CUTS)
def test_a_proposal_adds_up_and_says_why(facts: Facts, rules: TierRules, cuts: Cuts) -> None:
    proposal = propose(facts, rules, cuts)
    assert (proposal is None) == (facts.arr_cents is None)
    if proposal is not None:
        assert proposal.points == sum(part.points for part in proposal.parts)
        assert all(part.points >= 0 for part in proposal.parts)
        told_points = [part for part in proposal.parts if part.points]
        assert all(f"+{part.points}" in told(proposal) for part in told_points)


@given(FACTS, RULES, CUTS, st.integers(0, 10**12), st.integers(0, 10**6))
def test_more_money_more_seats_or_a_mark_never_lower_the_tier(
    facts: Facts, rules: TierRules, cuts: Cuts, money: int, seats: int
) -> None:
    facts = replace(facts, arr_cents=facts.arr_cents or 0)
    cuts = Cuts(cuts.head, min(cuts.middle, cuts.head) if cuts.middle is not None and cuts.head is not None else None)
    rules = replace(rules, seats_some=min(rules.seats_some, rules.seats_many))
    more = replace(facts, arr_cents=(facts.arr_cents or 0) + money, seats=(facts.seats or 0) + seats, strategic=True)
    before, after = propose(facts, rules, cuts), propose(more, rules, cuts)
    assert before is not None
    assert after is not None
    assert ORDER[after.tier] >= ORDER[before.tier]


@given(AMOUNTS, st.integers(1, 100), st.integers(1, 100))
def test_no_more_than_the_share_is_head(amounts: list[int], head: int, middle: int) -> None:
    rules = TierRules(head_share=head, middle_share=middle)
    cuts = cuts_of(amounts, rules)
    reasons = [
        proposal.parts[0].reason for amount in amounts if (proposal := propose(Facts(1, arr_cents=amount), rules, cuts))
    ]
    assert reasons.count(Reason.HEAD) <= head_count(len(amounts), head)
    assert reasons.count(Reason.TAIL) >= len(amounts) - head_count(len(amounts), max(head, middle))
    if len(set(amounts)) == len(amounts):
        assert reasons.count(Reason.HEAD) == head_count(len(amounts), head)


@given(FACTS, st.builds(Decided, TIERS, TIERS, st.none() | st.integers(0, 10**9), st.none() | st.integers(0, 999)))
def test_only_a_proposal_that_differs_is_open(facts: Facts, decided: Decided) -> None:
    proposal = propose(facts, TierRules(), Cuts(100, 50))
    shown = is_open(facts, proposal, decided, TierRules())
    assert not shown or (proposal is not None and proposal.tier != facts.tier)
    same = Decided(facts.tier, proposal.tier if proposal else None, facts.arr_cents, facts.seats)
    assert not is_open(facts, proposal, same, TierRules())


@pytest.mark.parametrize(
    ("arr", "seats", "shown"), [(1190, 50, False), (1200, 50, True), (1000, 61, True), (800, 50, True), (1000, None, True)]
)  # fmt: skip
def test_it_is_asked_again_once_a_figure_moved_by_a_fifth(arr: int, seats: int | None, shown: bool) -> None:
    facts = Facts(1, Tier.B, arr, seats)
    proposal = propose(facts, TierRules(), Cuts())
    assert proposal is not None
    assert proposal.tier == Tier.A
    assert is_open(facts, proposal, Decided(Tier.B, Tier.A, 1000, 50), TierRules()) is shown


@pytest.mark.parametrize(
    ("decided", "shown"),
    [
        (Decided(Tier.B, Tier.C, 1000, 50), True),
        (Decided(Tier.C, Tier.A, 1000, 50), True),
        (Decided(Tier.B, None, 1000, 50), False),
    ],
)
def test_another_proposal_or_another_tier_is_asked_about(decided: Decided, shown: bool) -> None:
    facts = Facts(1, Tier.B, 1000, 50)
    assert is_open(facts, propose(facts, TierRules(), Cuts()), decided, TierRules()) is shown


@pytest.mark.parametrize(
    ("accounts", "head"), [(0, 0), (1, 1), (2, 1), (5, 1), (6, 2), (10, 2), (11, 3), (100, 20)]
)  # fmt: skip
def test_the_largest_fifth_is_rounded_up(accounts: int, head: int) -> None:
    assert head_count(accounts) == head


def test_equal_amounts_do_not_stand_out() -> None:
    rules, amounts = TierRules(), [100] * 10
    assert propose(Facts(1, arr_cents=100), rules, cuts_of(amounts, rules)) is not None
    assert {propose(Facts(1, arr_cents=100), rules, cuts_of(amounts, rules)).tier} == {Tier.C}  # type: ignore[union-attr]


def test_the_defaults_are_the_rules() -> None:
    assert rules_of(DEFAULTS) == TierRules()


def test_lists_are_read_as_people_write_them() -> None:
    rules = rules_of(DEFAULTS | {"tiers.industries": "制造业、Retail，  Life  Science ;\n"})
    assert rules.industries == {"制造业", "retail", "life science"}


def test_the_reason_names_each_part() -> None:
    facts = Facts(1, None, 12_000_000, 45, "Tools", "Wuxi", ("Plus", "Core"), True)
    fit = TierRules(industries=frozenset({"tools"}), cities=frozenset({"wuxi"}), products=frozenset({"core"}))
    proposal = propose(facts, fit, Cuts(50_000_000, 1_000_000))
    assert proposal is not None
    assert (proposal.tier, proposal.points) == (Tier.A, 30 + 10 + 10 + 5 + 10 + 30)
    assert told(proposal) == (
        "ARR 120.0k CNY in the middle (+30), 45 seats (+10), wanted industry Tools (+10), wanted city Wuxi (+5), "
        "key product Core (+10), strategic account (+30)"
    )
