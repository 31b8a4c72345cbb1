"""Opportunities: made, changed, won into a contract, lost with a reason, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from csdesk.models.visits import Need
from csdesk.models.vocabulary import OpportunityKind, OpportunityOrigin, OpportunityStage
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.queries import contract, contracts_of
from csdesk.services.contracts.replay import arr_on
from csdesk.services.contracts.rules import ContractFields, LineFields
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.files.listings import write_listing
from csdesk.services.opportunities.commands import (
    ChangeOpportunity,
    Lose,
    NewOpportunity,
    Opportunities,
    SetOpportunities,
    Win,
    change_opportunity,
    create_opportunity,
    delete_opportunities,
    lose_opportunities,
    set_opportunities,
    win_opportunity,
)
from csdesk.services.opportunities.queries import (
    OPPORTUNITIES,
    VIEWS,
    OpportunityRow,
    opportunities_of_account,
    opportunity,
    opportunity_from,
    view_counts,
)
from csdesk.services.opportunities.rules import OpportunityFields, parse
from csdesk.services.receivables.commands import PlanInstalments, plan_instalments
from csdesk.services.receivables.queries import contract_money
from csdesk.services.receivables.rules import Instalment, Rhythm, usual_rhythm
from tests.conftest import TODAY

SEATS = OpportunityFields("Ten seats more", seats=10, amount=Decimal(6_000), expected_on=date(2026, 12, 31))


@pytest.fixture
def account(desk: Desk) -> int:
    return desk.do(create_account, NewAccount(AccountFields("Ada", owner="Lin"))).value


@pytest.fixture
def signed(desk: Desk, account: int) -> int:
    """2026, ten seats, 12,000."""
    fields = ContractFields(
        "HT-2026-01", "Core", 10, start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), amount=Decimal(12_000)
    )
    return desk.do(create_contract, NewContract(account, fields)).value


@pytest.fixture
def made(desk: Desk, account: int) -> int:
    return desk.do(create_opportunity, NewOpportunity(SEATS, account)).value


@pytest.fixture
def row(desk: Desk) -> Callable[[int], OpportunityRow]:
    def read(row_id: int) -> OpportunityRow:
        with desk.read() as connection:
            found = opportunity(connection, row_id)
        assert found is not None
        return found

    return read


Read = Callable[[int], OpportunityRow]


def refused(action: Callable[[], Any]) -> set[str]:
    with pytest.raises(Problems) as told:
        action()
    return {problem.field for problem in told.value.problems}


def arr(desk: Desk, account: int, day: date) -> Decimal:
    with desk.read() as connection:
        return Decimal(arr_on(connection, account, day).get("CNY", 0)) / 100


def test_a_new_one_belongs_to_its_account_and_its_owner(desk: Desk, account: int, made: int, row: Read) -> None:
    found = row(made)
    assert (found.account, found.owner, found.stage, found.spotted_on) == ("Ada", "Lin", "spotted", TODAY)
    other = desk.do(create_opportunity, NewOpportunity(SEATS, account="Ada")).value
    assert row(other).account_id == account
    assert refused(lambda: desk.do(create_opportunity, NewOpportunity(SEATS, account="Nobody"))) == {"account"}
    won = OpportunityFields("x", stage=OpportunityStage.WON)
    assert refused(lambda: desk.do(create_opportunity, NewOpportunity(won, account))) == {"stage"}


@command("Need heard")
def hear(uow: UnitOfWork, account: int) -> int:
    return uow.add(Need(account_id=account, text="more seats", kind="expansion", heard_on=TODAY)).id


def test_a_need_is_taken_up_and_one_undo_opens_it_again(desk: Desk, account: int, row: Read) -> None:
    need = desk.do(hear, account).value
    made = desk.do(
        create_opportunity, NewOpportunity(SEATS, account, origin=OpportunityOrigin.NEED, origin_id=need)
    ).value
    with desk.read() as connection:
        assert connection.execute(text("SELECT state, became_id FROM needs")).all() == [("taken_up", made)]
        found = opportunity_from(connection, "need", need)
    assert found is not None
    assert found.id == made
    desk.undo()
    with desk.read() as connection:
        assert connection.execute(text("SELECT state, became_id FROM needs")).all() == [("open", None)]


def test_won_is_an_amendment_of_the_contract_from_a_day(
    desk: Desk, account: int, signed: int, made: int, row: Read
) -> None:
    event = desk.do(win_opportunity, Win(made, signed, date(2026, 7, 1))).value
    found = row(made)
    assert (found.stage, found.event_id, found.contract_id, found.won_on) == ("won", event, signed, TODAY)
    assert [arr(desk, account, date(2026, 6, 30)), arr(desk, account, date(2026, 7, 1))] == [12_000, 18_000]
    with desk.read() as connection:
        after = contract(connection, signed)
    assert after is not None
    assert (after.seats, after.amount) == (20, Decimal(15_000))
    assert [(e.id, e.cause) for e in after.events] == [(event, "growth")]
    assert refused(lambda: desk.do(win_opportunity, Win(made, signed, date(2026, 8, 1)))) == {"stage"}
    desk.undo()
    assert (row(made).stage, row(made).event_id) == ("spotted", None)
    assert arr(desk, account, date(2026, 7, 1)) == 12_000


def test_a_module_is_a_line_of_its_own(desk: Desk, account: int, signed: int) -> None:
    module = OpportunityFields("Chat", OpportunityKind.MODULE, 5, "Chat", Decimal(2_400))
    made = desk.do(create_opportunity, NewOpportunity(module, account)).value
    desk.do(win_opportunity, Win(made, signed, date(2026, 10, 1)))
    with desk.read() as connection:
        after = contract(connection, signed)
    assert after is not None
    assert [(line.products, line.amount) for line in after.lines] == [("Core", Decimal(12_000)), ("Chat", Decimal(600))]
    assert arr(desk, account, date(2026, 10, 1)) == 14_400


@pytest.mark.parametrize("kind", list(OpportunityKind))
def test_won_with_the_renewal_is_the_entry_of_the_line_with_more(
    desk: Desk, account: int, signed: int, row: Read, kind: OpportunityKind
) -> None:
    fields = OpportunityFields("More", kind, 5, "Chat", Decimal(6_000))
    made = desk.do(create_opportunity, NewOpportunity(fields, account)).value
    event = desk.do(win_opportunity, Win(made, signed, by_renewal=True)).value
    with desk.read() as connection:
        new, old = contracts_of(connection, account)
    assert (new.start_on, new.amount, old.renewal_state) == (date(2027, 1, 1), Decimal(18_000), "renewed")
    entry = next(one for one in old.events if one.id == event)
    assert (entry.arr_after_cents or 0) - (entry.arr_before_cents or 0) == 600_000
    assert row(made).event_id == event
    assert arr(desk, account, date(2027, 1, 1)) == 18_000


def test_what_cannot_be_won(desk: Desk, account: int, signed: int, made: int, row: Read) -> None:
    stranger = desk.do(create_account, NewAccount(AccountFields("Bob"))).value
    other = ContractFields("B", start_on=date(2026, 1, 1), end_on=date(2026, 12, 31), amount=Decimal(1))
    theirs = desk.do(create_contract, NewContract(stranger, other)).value
    dollars = desk.do(
        create_contract, NewContract(account, ContractFields("D", currency="USD", start_on=date(2026, 1, 1),
                                                             end_on=date(2026, 12, 31), amount=Decimal(1)))
    ).value  # fmt: skip
    nothing = desk.do(create_opportunity, NewOpportunity(OpportunityFields("What"), account)).value
    before = row(made)
    assert refused(lambda: desk.do(win_opportunity, Win(made, theirs, TODAY))) == {"contract_id"}
    assert refused(lambda: desk.do(win_opportunity, Win(made, dollars, TODAY))) == {"contract_id"}
    assert refused(lambda: desk.do(win_opportunity, Win(nothing, signed, TODAY))) == {"amount"}
    assert refused(lambda: desk.do(win_opportunity, Win(made, signed))) == {"from_on"}
    assert refused(lambda: desk.do(win_opportunity, Win(made, signed, date(2027, 2, 1)))) == {"from_on"}
    assert row(made) == before


def test_lost_with_a_reason_and_open_again(desk: Desk, signed: int, made: int, row: Read) -> None:
    assert refused(lambda: desk.do(lose_opportunities, Lose((made,), " "))) == {"reason"}
    desk.do(lose_opportunities, Lose((made,), "no budget"))
    assert (row(made).stage, row(made).lost_on, row(made).lost_reason) == ("lost", TODAY, "no budget")
    desk.do(change_opportunity, ChangeOpportunity(made, OpportunityFields("Other words")))
    assert (row(made).title, row(made).stage) == ("Other words", "lost")
    desk.do(set_opportunities, SetOpportunities((made,), {"stage": "proposed", "probability": "60%"}))
    assert (row(made).stage, row(made).lost_on, row(made).probability) == ("proposed", None, 60)
    assert refused(lambda: desk.do(set_opportunities, SetOpportunities((made,), {"stage": "won"}))) == {"stage"}
    assert refused(lambda: desk.do(set_opportunities, SetOpportunities((made,), {"probability": "200"}))) == {
        "probability"
    }
    desk.do(set_opportunities, SetOpportunities((made,), {"amount": "6000"}))
    desk.do(win_opportunity, Win(made, signed, date(2026, 7, 1)))
    assert refused(lambda: desk.do(lose_opportunities, Lose((made,), "late"))) == {"stage"}
    assert refused(lambda: desk.do(set_opportunities, SetOpportunities((made,), {"stage": "spotted"}))) == {"stage"}


def test_the_list_sums_what_it_adds_and_what_it_weighs(desk: Desk, account: int, made: int) -> None:
    sure = OpportunityFields("Sure", amount=Decimal(1_000), stage=OpportunityStage.NEGOTIATING, probability=90,
                             expected_on=date(2026, 11, 1))  # fmt: skip
    abroad = OpportunityFields("Abroad", amount=Decimal(500), currency="USD")
    for fields in (sure, abroad):
        desk.do(create_opportunity, NewOpportunity(fields, account))
    gone = desk.do(create_opportunity, NewOpportunity(OpportunityFields("Gone", amount=Decimal(7)), account)).value
    desk.do(lose_opportunities, Lose((gone,), "price"))
    with desk.read() as connection:
        open_ones = Query(filters=(Filter("open"),))
        totals = OPPORTUNITIES.totals(connection, open_ones, TODAY)
        whole = OPPORTUNITIES.totals(connection, Query(), TODAY)
        counts = dict(
            zip([key for key, *_rest in VIEWS], view_counts(connection, [v[2] for v in VIEWS], TODAY), strict=True)
        )
        for column in OPPORTUNITIES.columns:
            assert len(OPPORTUNITIES.ids(connection, Query(sort=column.key), TODAY)) == 4
        assert len(OPPORTUNITIES.ids(connection, Query(search="seats"), TODAY)) == 1
        ids = OPPORTUNITIES.ids(connection, open_ones, TODAY)
        assert set(OPPORTUNITIES.rows(connection, ids)) == set(ids)
        assert [one.title for one in opportunities_of_account(connection, account)] == [
            "Ten seats more", "Abroad", "Sure", "Gone",
        ]  # fmt: skip
    open_sums = {"open_amount": 700_000, "open_weighted": 60_000 + 90_000}
    assert totals == {"count": 3, "amount": 700_000, "weighted": 60_000 + 90_000, "abroad": 1} | open_sums
    assert whole == {"count": 4, "amount": 700_700, "weighted": 60_000 + 90_000, "abroad": 1} | open_sums
    assert (counts["all"], counts["open"], counts["overdue"], counts["lost"], counts["won"]) == (4, 3, 1, 1, 0)


def test_a_workbook_says_the_same_amounts_as_the_list(desk: Desk, account: int, tmp_path: Path) -> None:
    odd = OpportunityFields("Odd", amount=Decimal("33.35"), probability=10)
    desk.do(create_opportunity, NewOpportunity(odd, account))
    keys = [column.key for column in OPPORTUNITIES.columns]
    with desk.read() as connection:
        ids = OPPORTUNITIES.ids(connection, Query(), TODAY)
        rows = OPPORTUNITIES.rows(connection, ids)
        totals = OPPORTUNITIES.totals(connection, Query(), TODAY)
    write_listing(tmp_path / "o.xlsx", "O", OPPORTUNITIES.columns, rows, ids, keys, lambda _key, value: value)
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0]
    cells = [cell.value for cell in list(sheet.iter_rows())[-1]]
    assert (cells[keys.index("amount")], cells[keys.index("weighted")]) == (33.35, 3.34)
    assert (rows[ids[0]][keys.index("weighted")], totals["weighted"]) == (334, 334)


@pytest.mark.parametrize("by_renewal", [False, True])
def test_what_is_won_adds_its_arr_to_the_cent(desk: Desk, account: int, made: int, by_renewal: bool) -> None:
    lines = (LineFields(None, "Core", 10, Decimal("777.77")), LineFields(None, "Chat", 3, Decimal("33.34")))
    fields = ContractFields(
        "ODD", start_on=date(2026, 5, 3), end_on=date(2026, 12, 14), amount=Decimal("811.11"), lines=lines
    )
    contract_id = desk.do(create_contract, NewContract(account, fields)).value
    wish = Win(made, contract_id, None if by_renewal else date(2026, 12, 9), by_renewal)
    desk.do(win_opportunity, wish)
    day = date(2026, 12, 20) if by_renewal else date(2026, 12, 14)
    with desk.read() as connection:
        before, after = arr_on(connection, account, date(2026, 12, 1)), arr_on(connection, account, day)
    assert after["CNY"] - before["CNY"] == 6_000_00


def test_deleted_and_back(desk: Desk, made: int, row: Read) -> None:
    desk.do(delete_opportunities, Opportunities((made,)))
    with desk.read() as connection:
        assert opportunity(connection, made) is None
    desk.undo()
    assert row(made).title == "Ten seats more"


def test_a_form_is_read_or_says_what_is_wrong() -> None:
    draft = {
        "title": " More ",
        "kind": "module",
        "seats": "5",
        "amount": "1.2万",
        "probability": "40 %",
        "stage": "proposed",
    }
    fields = parse(draft, TODAY)
    assert (fields.title, fields.kind, fields.seats, fields.amount) == ("More", "module", 5, Decimal(12_000))
    assert (fields.probability, fields.stage) == (40, "proposed")
    wrong = {"seats": "x", "amount": "y", "probability": "101", "expected_on": "z", "kind": "q", "currency": "XYZ"}
    assert refused(lambda: parse(wrong, TODAY)) == {"title", *wrong}


def owed(desk: Desk, contract_id: int) -> list[tuple[date | None, int]]:
    with desk.read() as connection:
        return [(row.due_on, row.amount) for row in contract_money(connection, contract_id, TODAY).money.instalments]


def test_won_asks_for_what_it_adds_in_instalments_of_its_own(desk: Desk, signed: int, made: int) -> None:
    desk.do(plan_instalments, PlanInstalments(signed, (Instalment(date(2026, 1, 1), Decimal(12_000)),)))
    desk.do(win_opportunity, Win(made, signed, date(2026, 7, 1), rhythm=Rhythm.QUARTERLY, due_on=date(2026, 7, 15)))
    assert owed(desk, signed) == [
        (date(2026, 1, 1), 12_000_00), (date(2026, 7, 15), 1_500_00), (date(2026, 10, 15), 1_500_00),
    ]  # fmt: skip
    with desk.read() as connection:
        found = contract(connection, signed)
    assert found is not None
    assert found.amount == Decimal(15_000)
    desk.undo()
    assert owed(desk, signed) == [(date(2026, 1, 1), 12_000_00)]


def test_won_with_the_renewal_asks_for_the_whole_next_term(desk: Desk, account: int, signed: int, made: int) -> None:
    desk.do(win_opportunity, Win(made, signed, by_renewal=True, rhythm=Rhythm.HALVES))
    with desk.read() as connection:
        new = contracts_of(connection, account)[0]
    assert owed(desk, new.id) == [(date(2027, 1, 1), 9_000_00), (date(2027, 7, 1), 9_000_00)]
    assert owed(desk, signed) == []


def test_won_without_a_rhythm_asks_for_nothing(desk: Desk, signed: int, made: int) -> None:
    desk.do(win_opportunity, Win(made, signed, date(2026, 7, 1)))
    assert owed(desk, signed) == []


@pytest.mark.parametrize(
    ("terms", "planned", "rhythm"),
    [
        ("按季付", False, Rhythm.QUARTERLY),
        ("", True, Rhythm.ONCE),
        ("as agreed", False, Rhythm.ONCE),
        ("", False, None),
    ],
)
def test_instalments_are_proposed_as_the_contract_is_paid(terms: str, planned: bool, rhythm: Rhythm | None) -> None:
    assert usual_rhythm(terms, planned=planned) == rhythm


def test_nothing_is_won_or_lost_on_a_day_ahead(desk: Desk, made: int, signed: int) -> None:
    ahead = TODAY + timedelta(1)
    wish = Win(made, signed, date(2026, 12, 1), won_on=ahead)
    assert refused(lambda: desk.do(win_opportunity, wish)) == {"won_on"}
    assert refused(lambda: desk.do(lose_opportunities, Lose((made,), "no", ahead))) == {"lost_on"}
