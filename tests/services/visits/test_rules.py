"""Whom to visit and why, laid into days: the promises of the rules, for any portfolio."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import ServiceMode, Tier, VisitKind
from csdesk.services.visits.fitting import Fit, Fixed, OpenDay, fit, free_times, minute
from csdesk.services.visits.reasons import KINDS, Band, Reason, reason, reason_from_json, reason_text, rule_text
from csdesk.services.visits.rules import (
    DEFAULTS,
    AccountFacts,
    Proposal,
    Rules,
    Signal,
    propose,
    rules_from_settings,
)

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
SUNDAY = date(2026, 11, 29)


def ago(days: int) -> date:
    return MONDAY - timedelta(days)


def only(account: AccountFacts, rules: Rules = DEFAULTS) -> Proposal:
    return propose([account], rules, MONDAY, SUNDAY)[0]


def kinds(proposal: Proposal) -> list[str]:
    return [entry.kind for entry in proposal.reasons]


def week(capacity: int = 4, fixed: tuple[Fixed, ...] = ()) -> list[OpenDay]:
    return [OpenDay(MONDAY + timedelta(number), capacity, fixed if number == 0 else ()) for number in range(5)]


@pytest.mark.parametrize(
    ("tier", "last", "band", "reasons"),
    [
        (Tier.A, ago(31), Band.MUST, ["visit_due", "contact_due"]),
        (Tier.A, ago(28), Band.SHOULD, ["visit_due", "contact_due"]),
        (Tier.A, ago(10), Band.SHOULD, ["contact_due"]),
        (Tier.A, ago(5), Band.LATER, ["visited_lately"]),
        (Tier.B, ago(61), Band.SHOULD, ["visit_due", "contact_due"]),
        (Tier.B, ago(26), Band.SHOULD, ["contact_due"]),
        (None, ago(61), Band.SHOULD, ["visit_due", "contact_due"]),
        (Tier.C, ago(91), Band.SHOULD, ["visit_due", "contact_due"]),
        (Tier.C, ago(50), Band.LATER, ["visited_lately"]),
    ],
)
def test_each_tier_has_its_own_cadence(tier: Tier, last: date, band: Band, reasons: list[str]) -> None:
    found = only(AccountFacts(1, "x", tier, first_start=ago(400), last_visit=last, last_contact=last))
    assert (found.band, kinds(found)) == (band, reasons)


def test_a_call_keeps_contact_but_is_no_visit() -> None:
    found = only(AccountFacts(1, "x", Tier.A, first_start=ago(400), last_visit=ago(40), last_contact=ago(2)))
    assert kinds(found) == ["visit_due"]
    assert found.kind is VisitKind.ONSITE


def test_only_out_of_contact_is_settled_by_a_call() -> None:
    found = only(AccountFacts(1, "x", Tier.A, first_start=ago(400), last_visit=ago(20), last_contact=ago(20)))
    assert kinds(found) == ["contact_due"]
    assert found.kind is VisitKind.PHONE


def test_a_contract_that_ends_is_a_must_until_somebody_was_there() -> None:
    ends = MONDAY + timedelta(80)
    seen_before = AccountFacts(
        1, "x", Tier.B, first_start=ago(300), renewal_on=ends, last_visit=ago(20), last_contact=ago(1)
    )
    seen_within = AccountFacts(
        1, "x", Tier.B, first_start=ago(300), renewal_on=ends, last_visit=ago(5), last_contact=ago(1)
    )
    assert (only(seen_before).band, kinds(only(seen_before))) == (Band.MUST, ["renewal"])
    assert only(seen_within).band is Band.LATER


def test_a_contract_that_ended_undecided_is_a_must() -> None:
    found = only(
        AccountFacts(1, "x", Tier.C, first_start=ago(400), renewal_on=ago(9), last_visit=ago(20), last_contact=ago(20))
    )
    assert (found.band, kinds(found)[0], found.kind) == (Band.MUST, "renewal_overdue", VisitKind.ONLINE)
    assert reason_text(found.reasons[0], MONDAY) == "contract ended 9 days ago, renewal open"


def test_the_first_thirty_days_count_from_the_contract() -> None:
    assert kinds(only(AccountFacts(1, "x", Tier.B, first_start=ago(29)))) == ["first_days"]
    assert kinds(only(AccountFacts(1, "x", Tier.B, first_start=ago(30)))) == ["never_visited"]
    assert kinds(only(AccountFacts(1, "x", Tier.B, first_start=SUNDAY + timedelta(1)))) == ["not_started"]


def test_never_visited_is_a_must_for_a_only() -> None:
    assert only(AccountFacts(1, "x", Tier.A)).band is Band.MUST
    assert only(AccountFacts(1, "x", Tier.B)).band is Band.SHOULD


def test_gone_skipped_and_planned_accounts_wait_with_their_reason() -> None:
    gone = only(AccountFacts(1, "x", Tier.A, gone=True))
    skipped = only(AccountFacts(1, "x", Tier.A, skip_until=SUNDAY + timedelta(9), skip_why="audit"))
    planned = only(AccountFacts(1, "x", Tier.A, planned_on=SUNDAY + timedelta(2)))
    assert [entry.band for entry in (gone, skipped, planned)] == [Band.LATER] * 3
    assert reason_text(skipped.reasons[0], MONDAY) == "put off until 2026-12-08: audit"
    assert reason_text(planned.reasons[0], MONDAY) == "a visit is planned on 2026-12-01"
    assert reason_text(gone.reasons[0], MONDAY) == "no running contract"


def test_a_planned_visit_after_the_contracts_end_does_not_count() -> None:
    found = only(AccountFacts(1, "x", Tier.A, renewal_on=FRIDAY, planned_on=FRIDAY + timedelta(3)))
    assert found.band is Band.MUST


def test_other_slices_bring_reasons_of_their_own() -> None:
    signal = Signal(reason("usage_falls", text="usage down 37 %"), Band.MUST)
    account = AccountFacts(
        1, "x", Tier.B, first_start=ago(400), last_visit=ago(5), last_contact=ago(5), signals=(signal,)
    )
    assert only(account).band is Band.MUST
    assert reason_text(only(account).reasons[0], MONDAY) == "usage down 37 %"


def test_a_reason_knows_its_rule() -> None:
    found = only(AccountFacts(1, "x", Tier.A, first_start=ago(400), last_visit=ago(31), last_contact=ago(31)))
    assert [rule_text(entry) for entry in found.reasons] == [
        "Rule: this tier is visited every 30 days.",
        "Rule: this tier hears from us every 14 days.",
    ]
    assert rule_text(reason("never_visited")) == ""


def test_tech_touch_is_never_met_on_site() -> None:
    assert only(AccountFacts(1, "x", Tier.B, mode=ServiceMode.TECH_TOUCH)).kind is VisitKind.ONLINE


def test_settings_change_the_rules_and_nonsense_keeps_the_default() -> None:
    rules = rules_from_settings({"visits.cadence.A": 20, "visits.kind.C": "onsite", "visits.cadence.B": "soon"})
    assert (rules.visit_a, rules.kind_c, rules.visit_b) == (20, VisitKind.ONSITE, 60)
    assert rules_from_settings({}) == DEFAULTS


def test_accounts_of_a_city_share_a_day() -> None:
    cities = ["Suzhou", "Shanghai", "Suzhou", "Shanghai"]
    accounts = [AccountFacts(number, str(number), Tier.A, city=city) for number, city in enumerate(cities)]
    result = fit(propose(accounts, DEFAULTS, MONDAY, SUNDAY), week(), DEFAULTS)
    by_day: dict[date, set[str]] = {}
    for entry in result.placed:
        by_day.setdefault(entry.day, set()).add(entry.proposal.account.city)
    assert sorted(map(sorted, by_day.values())) == [["Shanghai"], ["Suzhou"]]
    assert [entry.starts_at for entry in result.placed] == ["09:30", "11:00", "09:30", "11:00"]


def test_near_cities_share_a_day_when_the_table_says_so() -> None:
    accounts = [AccountFacts(1, "a", Tier.A, city="Suzhou"), AccountFacts(2, "b", Tier.A, city="Kunshan")]
    proposals = propose(accounts, DEFAULTS, MONDAY, SUNDAY)
    near = fit(proposals, week(), DEFAULTS, {frozenset(("Suzhou", "Kunshan")): 40})
    far = fit(proposals, week(), DEFAULTS, {frozenset(("Suzhou", "Kunshan")): 140})
    assert len({entry.day for entry in near.placed}) == 1
    assert len({entry.day for entry in far.placed}) == 2


def test_a_city_without_a_day_is_met_online_and_says_so() -> None:
    accounts = [AccountFacts(number, str(number), Tier.A, city=f"City {number}") for number in range(3)]
    result = fit(propose(accounts, DEFAULTS, MONDAY, SUNDAY), week()[:2], DEFAULTS)
    online = [entry.proposal for entry in result.placed if entry.proposal.kind is VisitKind.ONLINE]
    assert [entry.account.city for entry in online] == ["City 2"]
    assert "no day left for City 2, held online" in [reason_text(found, MONDAY) for found in online[0].reasons]


def test_room_in_a_city_goes_to_whose_turn_comes_soon() -> None:
    due = AccountFacts(1, "due", Tier.A, city="Suzhou")
    soon = AccountFacts(2, "soon", Tier.B, city="Suzhou", first_start=ago(400), last_visit=ago(45), last_contact=ago(3))
    elsewhere = AccountFacts(
        3, "far", Tier.B, city="Nanjing", first_start=ago(400), last_visit=ago(45), last_contact=ago(3)
    )
    result = fit(propose([due, soon, elsewhere], DEFAULTS, MONDAY, SUNDAY), week(), DEFAULTS)
    assert [entry.proposal.account.name for entry in result.placed] == ["due", "soon"]
    assert result.placed[1].proposal.reasons[0] == reason("nearby", city="Suzhou")
    assert [entry.account.name for entry in result.later] == ["far"]


def test_fixed_visits_keep_their_time() -> None:
    fixed = (Fixed(9, VisitKind.ONSITE, Tier.A, "Suzhou", "10:00", 120),)
    assert free_times(2, fixed, DEFAULTS) == ["09:30", "14:00"]
    assert free_times(3, fixed, DEFAULTS) == ["09:30", "14:00", "16:00"]
    assert minute("9:05") == 545
    with pytest.raises(ValueError, match="no time"):
        minute("25:00")


def test_nothing_fits_where_no_day_is_worked() -> None:
    result = fit(propose([AccountFacts(1, "x", Tier.A)], DEFAULTS, MONDAY, SUNDAY), [], DEFAULTS)
    assert [reason_text(entry.cause, MONDAY) for entry in result.left_out] == ["no workday in these days"]


days = st.one_of(st.none(), st.integers(0, 500).map(ago))
facts = st.builds(
    AccountFacts,
    id=st.integers(1, 2**62),
    name=st.text(max_size=5),
    tier=st.sampled_from([*Tier, None]),
    mode=st.sampled_from([*ServiceMode, None]),
    city=st.sampled_from(["", "Suzhou", "Shanghai", "Hangzhou", "Wuxi", "Nanjing", "Ningbo", "Hefei"]),
    district=st.sampled_from(["", "north", "south"]),
    first_start=st.one_of(st.none(), st.integers(-400, 60).map(lambda number: MONDAY + timedelta(number))),
    renewal_on=st.one_of(st.none(), st.integers(-30, 400).map(lambda number: MONDAY + timedelta(number))),
    gone=st.booleans(),
    last_visit=days,
    last_contact=days,
    planned_on=st.one_of(st.none(), st.none(), st.just(SUNDAY + timedelta(3))),
)
portfolios = st.lists(facts, max_size=60, unique_by=lambda account: account.id)
capacities = st.lists(st.integers(0, 6), max_size=7)


def plan(accounts: list[AccountFacts], room: list[int]) -> Fit:
    open_days = [OpenDay(MONDAY + timedelta(number), count) for number, count in enumerate(room) if count]
    return fit(propose(accounts, DEFAULTS, MONDAY, SUNDAY), open_days, DEFAULTS)


@given(portfolios, capacities)
def test_no_day_takes_more_than_its_capacity_and_none_is_made_up(accounts: list[AccountFacts], room: list[int]) -> None:
    result = plan(accounts, room)
    for number, count in enumerate(room):
        day = MONDAY + timedelta(number)
        assert sum(entry.day == day for entry in result.placed) <= count
    assert {entry.day for entry in result.placed} <= {MONDAY + timedelta(n) for n, count in enumerate(room) if count}


@given(portfolios, capacities)
def test_each_account_has_exactly_one_fate_with_a_reason(accounts: list[AccountFacts], room: list[int]) -> None:
    result = plan(accounts, room)
    fates = [entry.proposal.account.id for entry in (*result.placed, *result.left_out)]
    fates += [entry.account.id for entry in result.later]
    assert sorted(fates) == sorted(account.id for account in accounts)
    for left in result.left_out:
        assert reason_text(left.cause, MONDAY)
        assert left.proposal.reasons
    for placed in result.placed:
        assert any(entry.kind in KINDS for entry in placed.proposal.reasons)
        assert all(reason_text(entry, placed.day) for entry in placed.proposal.reasons)
    for later in result.later:
        assert all(reason_text(entry, MONDAY) for entry in later.reasons)


@given(portfolios, capacities, st.randoms())
def test_the_order_in_which_accounts_come_does_not_matter(
    accounts: list[AccountFacts], room: list[int], random
) -> None:
    shuffled = list(accounts)
    random.shuffle(shuffled)
    assert plan(shuffled, room) == plan(accounts, room)


@given(portfolios, capacities)
def test_ordinary_accounts_never_crowd_out_premium_ones(accounts: list[AccountFacts], room: list[int]) -> None:
    result = plan(accounts, room)
    starved = [entry for entry in result.left_out if entry.proposal.account.tier is Tier.A]
    if starved:
        share = max(sum(room) * DEFAULTS.share_c // 100, 1)
        placed = [entry.proposal for entry in result.placed if entry.proposal.account.tier is Tier.C]
        assert len(placed) <= share
        if any(entry.proposal.band is Band.MUST for entry in starved):
            assert all(proposal.band is Band.MUST for proposal in placed)


@given(portfolios, capacities)
def test_room_is_never_left_while_somebody_waits(accounts: list[AccountFacts], room: list[int]) -> None:
    result = plan(accounts, room)
    assert not result.left_out or len(result.placed) == sum(room)


@given(portfolios, st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_a_day_on_site_leads_to_one_city(accounts: list[AccountFacts], room: list[int]) -> None:
    by_day: dict[date, set[str]] = {}
    for entry in plan(accounts, room).placed:
        if entry.proposal.kind is VisitKind.ONSITE and entry.proposal.account.city:
            by_day.setdefault(entry.day, set()).add(entry.proposal.account.city)
    assert all(len(cities) == 1 for cities in by_day.values())


@given(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(st.sampled_from(["last", "limit", "end", "city"]), st.dates() | st.integers(0, 99)),
)
def test_a_reason_comes_back_from_the_store_as_it_was(kind: str, params: dict[str, date | int]) -> None:
    stored = Reason(kind, tuple(params.items()))
    assert reason_from_json(stored.as_json()) == stored
