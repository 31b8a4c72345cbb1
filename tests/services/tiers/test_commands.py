"""Decisions about tiers: what they do, what stands in the history, how they are taken back."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from csdesk.models.vocabulary import ServiceMode, Tier, TierSource
from csdesk.services.accounts.commands import ChangeAccount, ChangeMany, change_account, change_accounts
from csdesk.services.accounts.queries import ACCOUNTS, account
from csdesk.services.accounts.rules import AccountFields, other_mode
from csdesk.services.contracts.commands import ChangeContract, change_contract
from csdesk.services.contracts.queries import contracts_of
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, Problems
from csdesk.services.handover.importing import import_file
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.services.tiers.commands import Accept, Keep, SetTier, accept_proposals, keep_tiers, set_tier
from csdesk.services.tiers.queries import (
    REVIEW_COLUMNS,
    REVIEW_VIEWS,
    open_proposals,
    pareto,
    review_counts,
    review_listing,
    tier_view,
)
from csdesk.services.tiers.report import head_sentence, pareto_report
from tests.conftest import TODAY

from .conftest import with_contract


def proposed(desk: Desk) -> dict[int, str]:
    """The open proposals by account."""
    with desk.read() as connection:
        return {number: one.proposal.tier.value for number, one in open_proposals(connection).items() if one.proposal}


def view(desk: Desk, record: int):
    with desk.read() as connection:
        return tier_view(connection, record)


def told_history(desk: Desk, record: int) -> list[tuple[str | None, str | None, str, str]]:
    return [(step.before, step.after, step.source, step.reason) for step in view(desk, record).history]


def shown(desk: Desk, record: int):
    with desk.read() as connection:
        return account(connection, record)


def test_the_head_is_premium_the_middle_medium_the_tail_ordinary(desk: Desk, ten: list[int]) -> None:
    assert proposed(desk) == dict(zip(ten, "AABBBCCCCC", strict=True))
    assert {shown(desk, record).tier for record in ten} == {None}


def test_accepting_many_is_one_step(desk: Desk, ten: list[int]) -> None:
    seen = tuple((record, Tier(tier)) for record, tier in proposed(desk).items())
    assert desk.do(accept_proposals, Accept(seen)).value == 10
    assert [shown(desk, record).tier for record in ten] == list("AABBBCCCCC")
    assert shown(desk, ten[0]).service_mode == ServiceMode.HIGH_TOUCH
    assert shown(desk, ten[0]).tier_reason == "ARR 500.0k CNY among the largest (+60)"
    assert proposed(desk) == {}
    assert told_history(desk, ten[2]) == [(None, "B", TierSource.PROPOSAL, "ARR 90.0k CNY in the middle (+30)")]
    desk.undo()
    assert {shown(desk, record).tier for record in ten} == {None}
    assert told_history(desk, ten[2]) == []
    assert len(proposed(desk)) == 10
    desk.redo()
    assert told_history(desk, ten[2])[0][1] == "B"


def test_a_proposal_that_moved_since_it_was_seen_is_refused(desk: Desk, ten: list[int]) -> None:
    with pytest.raises(Conflict, match="N9"):
        desk.do(accept_proposals, Accept(((ten[0], Tier.A), (ten[9], Tier.A))))
    assert shown(desk, ten[0]).tier is None


def test_a_proposal_turned_down_rests_until_the_figures_change(desk: Desk, ten: list[int]) -> None:
    desk.do(set_tier, SetTier((ten[0],), Tier.C))
    assert proposed(desk)[ten[0]] == "A"
    desk.do(keep_tiers, Keep((ten[0],), "  pays late  "))
    assert ten[0] not in proposed(desk)
    first = view(desk, ten[0]).history[0]
    assert (first.before, first.after, first.proposed, first.source, first.reason) == (
        "C", "C", "A", TierSource.KEPT, "pays late",
    )  # fmt: skip
    change_amount(desk, ten[0], 550_000)
    assert ten[0] not in proposed(desk)
    change_amount(desk, ten[0], 600_000)
    assert proposed(desk)[ten[0]] == "A"
    for _step in range(3):
        desk.undo()
    assert proposed(desk)[ten[0]] == "A"


def change_amount(desk: Desk, record: int, amount: int) -> None:
    with desk.read() as connection:
        (contract,) = contracts_of(connection, record)
    fields = ContractFields(contract.number, start_on=contract.start_on, end_on=contract.end_on, amount=Decimal(amount))
    desk.do(change_contract, ChangeContract(contract.id, fields, contract.version))


def test_a_tier_by_hand_with_a_reason_is_not_questioned(desk: Desk, ten: list[int]) -> None:
    assert desk.do(set_tier, SetTier((ten[0], ten[1]), Tier.B, "new field")).value == 2
    assert not {ten[0], ten[1]} & proposed(desk).keys()
    desk.do(set_tier, SetTier((ten[1],), Tier.C))
    assert proposed(desk)[ten[1]] == "A"
    assert told_history(desk, ten[1]) == [
        ("B", "C", TierSource.BY_HAND, ""),
        (None, "B", TierSource.BY_HAND, "new field"),
    ]
    assert shown(desk, ten[1]).tier_reason == ""


def test_every_way_to_another_tier_stands_in_the_history(desk: Desk) -> None:
    record = with_contract(desk, "Oak", 10, Tier.B)
    desk.do(change_accounts, ChangeMany((record,), {"tier": "A"}))
    desk.do(change_account, ChangeAccount(record, AccountFields("Oak", tier=Tier.C)))
    desk.do(change_account, ChangeAccount(record, AccountFields("Oaks", tier=Tier.C)))
    assert [step[:3] for step in told_history(desk, record)] == [
        ("A", "C", TierSource.BY_HAND), ("B", "A", TierSource.BY_HAND), (None, "B", TierSource.BY_HAND),
    ]  # fmt: skip


def test_a_mode_chosen_otherwise_outlives_a_new_tier(desk: Desk) -> None:
    record = with_contract(desk, "Oak", 10, Tier.B)
    desk.do(set_tier, SetTier((record,), Tier.A))
    assert shown(desk, record).service_mode == ServiceMode.HIGH_TOUCH
    desk.do(change_accounts, ChangeMany((record,), {"service_mode": "tech_touch"}))
    assert other_mode("A", shown(desk, record).service_mode) == ServiceMode.HIGH_TOUCH
    desk.do(set_tier, SetTier((record,), Tier.B))
    assert shown(desk, record).service_mode == ServiceMode.TECH_TOUCH


def test_no_tier_at_all_can_be_given(desk: Desk) -> None:
    record = with_contract(desk, "Oak", 10, Tier.B)
    desk.do(set_tier, SetTier((record,), None))
    assert (shown(desk, record).tier, shown(desk, record).service_mode) == (None, None)
    assert told_history(desk, record)[0][:2] == ("B", None)


def test_a_reason_without_end_is_refused(desk: Desk) -> None:
    record = with_contract(desk, "Oak", 10, Tier.B)
    with pytest.raises(Problems, match="too long"):
        desk.do(set_tier, SetTier((record,), Tier.A, "x" * 2001))


def test_fit_lifts_an_account_once_the_settings_want_it(desk: Desk, ten: list[int]) -> None:
    desk.do(change_settings, ChangeSettings({"tiers.products": "core", "tiers.points.product": 30}))
    assert set(proposed(desk).values()) == {"A", "B"}
    desk.do(change_accounts, ChangeMany((ten[9],), {"strategic": True}))
    assert proposed(desk)[ten[9]] == "A"


def test_the_list_filters_sorts_and_counts(desk: Desk, ten: list[int]) -> None:
    listing = review_listing()
    with desk.read() as connection:
        assert listing.ids(connection, Query(), TODAY) == ten
        rows = listing.rows(connection, ten[:1])
        assert rows[ten[0]][:2] == ("N0", "A")
        only = Query(filters=(Filter("proposed", "B"), Filter("tier", "")))
        assert listing.ids(connection, only, TODAY) == ten[2:5]
        assert listing.totals(connection, only, TODAY) == {"count": 3, "arr_cents": 24_000_000}
        assert review_counts(connection, [filters for _key, _title, filters in REVIEW_VIEWS], TODAY) == [
            10,
            2,
            3,
            5,
            10,
        ]


@pytest.mark.parametrize("key", [column.key for column in REVIEW_COLUMNS])
def test_every_column_of_the_list_sorts_both_ways(desk: Desk, ten: list[int], key: str) -> None:
    listing = review_listing()
    with desk.read() as connection:
        for descending in (False, True):
            assert sorted(listing.ids(connection, Query(sort=key, descending=descending), TODAY)) == ten
        points = Query(sort="points", descending=True)
        assert listing.ids(connection, points, TODAY) == ten


def test_the_share_of_the_largest_fifth(desk: Desk, ten: list[int]) -> None:
    desk.do(set_tier, SetTier((ten[0],), Tier.A))
    with desk.read() as connection:
        found = pareto(connection)
    assert (found.head, found.total_cents) == (2, 134_000_000)
    assert found.head_share == pytest.approx(900 / 1340)
    assert [one.reached for one in found.ranked] == sorted(one.reached for one in found.ranked)
    assert found.ranked[-1].reached == 1
    assert [(one.tier, one.accounts, one.arr_cents) for one in found.tiers] == [
        ("A", 1, 50_000_000), ("B", 0, 0), ("C", 0, 0), (None, 9, 84_000_000),
    ]  # fmt: skip
    assert head_sentence(found) == "The largest 20 % (2 of 10 accounts) hold 67.2\u00a0% of the ARR."
    assert len(pareto_report(found, desk.clock.now()).sections[1].blocks[0].rows) == 10  # type: ignore[union-attr]


def test_without_a_contract_there_is_no_share(desk: Desk) -> None:
    with desk.read() as connection:
        found = pareto(connection)
        assert (found.head_share, found.head, open_proposals(connection)) == (None, 0, {})
    assert head_sentence(found) == "No contract runs today."


def test_an_import_without_tiers_leaves_them_to_be_decided(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    heads = "客户名称,客户等级,合同编号,服务开始日期,服务到期日期,合同金额(元)"
    rows = (
        "杭州青禾纺织有限公司,,HT-1,2026-03-01,2027-02-28,120000",
        "苏州砚泽医药有限公司,C,HT-2,2026-03-01,2027-02-28,9000",
    )
    file.write_text("\n".join((heads, *rows)), encoding="utf-8")
    import_file(desk, file)
    with desk.read() as connection:
        found = {one.name: one for one in map(partial(account, connection), open_proposals(connection)) if one}
        named = {
            one.name: one for one in map(partial(account, connection), ACCOUNTS.ids(connection, Query(), TODAY)) if one
        }
    assert [(one.name, one.tier) for one in found.values()] == [("杭州青禾纺织有限公司", None)]
    (other,) = (one for name, one in named.items() if name not in found)
    assert told_history(desk, other.id)[0][:3] == (None, "C", TierSource.HANDOVER)
    assert proposed(desk) == {found["杭州青禾纺织有限公司"].id: "A"}
    file.write_text("\n".join((heads, rows[0].replace(",,", ",B,"))), encoding="utf-8")
    import_file(desk, file)
    assert told_history(desk, found["杭州青禾纺织有限公司"].id)[0][:3] == (None, "B", TierSource.IMPORT)
