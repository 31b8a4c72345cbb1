"""Merging two accounts: nothing is lost, nothing churns, one undo brings all back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from csdesk.models.tables import (
    RECORDS,
    Account,
    Contact,
    Contract,
    ContractLine,
    Demand,
    Handover,
    Notice,
    Payment,
    Receivable,
    Ticket,
    Verdict,
    Visit,
)
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.duplicates import compare, turned
from csdesk.services.accounts.merging import COMPARED, MergeAccounts, merge_accounts, pointing_at
from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.queries import account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.accounts.verdicts import (
    ForgetVerdicts,
    KeepApart,
    Side,
    forget_verdicts,
    keep_apart,
    known_verdicts,
    verdict_rows,
)
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict, Problems
from csdesk.services.core.stored import journalled
from csdesk.services.core.unit_of_work import UnitOfWork, command

SILENT = {"version", "updated_at"}
ROLES, SEATS = st.sampled_from([None, "champion", "finance"]), st.integers(0, 3)
WORDS = st.sampled_from(["", "a", "b", "云帆"])


def state(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """All that people can see, derived columns included; an undone insert lies in the bin and is not seen."""
    found = {}
    with desk.read() as connection:
        for model in RECORDS:
            names = ", ".join(column.name for column in model.__table__.columns if column.name not in SILENT)
            order = f"SELECT {names} FROM {model.__tablename__} WHERE deleted_at IS NULL ORDER BY id"
            found[model.__tablename__] = [tuple(row) for row in connection.execute(text(order))]
    return found


def binned(desk: Desk, model: Any) -> set[int]:
    with desk.read() as connection:
        return set(connection.scalars(text(f"SELECT id FROM {model.__tablename__} WHERE deleted_at IS NOT NULL")))


@command("Made: {name}")
def furnish(uow: UnitOfWork, wish: tuple[int, dict[str, Any]]) -> None:
    """Give an account a bit of everything."""
    account_id, given = wish
    uow.name(name="x")
    for name, phone, title in given["contacts"]:
        uow.add(Contact(account_id=account_id, name=name or "?", phone=phone, title=title))
    uow.session.flush()
    for number, amount, paid in given["contracts"]:
        row = uow.add(
            Contract(account_id=account_id, number=number, start_on=date(2026, 1, 1), end_on=date(2026, 12, 31),
                     amount=Decimal(amount))
        )  # fmt: skip
        uow.session.flush()
        uow.add(ContractLine(contract_id=row.id, amount=Decimal(amount), arr_cents=amount * 100, seats=amount))
        due = uow.add(Receivable(contract_id=row.id, amount=Decimal(amount)))
        uow.session.flush()
        if paid:
            uow.add(Payment(contract_id=row.id, receivable_id=due.id, amount=Decimal(paid)))
    for day in given["visits"]:
        uow.add(Visit(account_id=account_id, planned_on=date(2026, 12, day + 1), goal=f"g{day}"))
    uow.add(Handover(account_id=account_id, goals=given["goals"]))
    for number in given["tickets"]:
        demand = uow.session.scalar(select(Demand).where(Demand.number == number)) or uow.add(
            Demand(number=number, title=f"d{number}", opened_on=date(2026, 5, 1), waits_since=date(2026, 5, 1))
        )
        uow.session.flush()
        uow.add(Ticket(number=uow.session.scalar(select(func.count(Ticket.id))) + 1, account_id=account_id,
                       demand_id=demand.id, first_demand_id=demand.id, reported_on=date(2026, 5, 1)))  # fmt: skip
        uow.add(Notice(account_id=account_id, demand_id=demand.id, cause="declined", due_on=date(2026, 5, number)))
    for row in [uow.add(Contact(account_id=account_id, name=f"gone {n}")) for n in range(given["binned"])]:
        uow.session.flush()
        uow.bin(row)


BELONGINGS = st.fixed_dictionaries(
    {
        "contacts": st.lists(st.tuples(WORDS, st.sampled_from(["", "13911112222", "13922221111"]), WORDS), max_size=3),
        "contracts": st.lists(st.tuples(WORDS, st.integers(1, 2), st.integers(0, 1)), max_size=3),
        "visits": st.lists(st.integers(0, 5), max_size=3),
        "tickets": st.lists(st.integers(1, 3), max_size=2, unique=True),
        "goals": WORDS,
        "binned": st.integers(0, 2),
    }
)
FIELDS = st.fixed_dictionaries({"short_name": WORDS, "city": WORDS, "notes": WORDS, "tax_number": WORDS})


def two(desk: Desk, first: dict[str, Any], second: dict[str, Any]) -> tuple[int, int]:
    made = [
        desk.do(create_account, NewAccount(AccountFields(name, **fields)), confirmed={"twin"}).value
        for name, fields in (("杭州千寻有限公司", first["fields"]), ("杭州千寻集团", second["fields"]))
    ]
    for account_id, one in zip(made, (first, second), strict=True):
        desk.do(furnish, (account_id, one["belongings"]))
    return made[0], made[1]


SOME = st.fixed_dictionaries({"fields": FIELDS, "belongings": BELONGINGS})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=SOME, second=SOME, take=st.frozensets(st.sampled_from(COMPARED)))
def test_merge_loses_nothing_and_undo_brings_all_back(
    desk: Desk, first: dict[str, Any], second: dict[str, Any], take: frozenset[str]
) -> None:
    kept, merged = two(desk, first, second)
    before, in_bin = state(desk), {model: binned(desk, model) for model in RECORDS}
    desk.do(merge_accounts, MergeAccounts(kept, merged, take))
    with desk.read() as connection:
        for model, column in pointing_at("accounts"):
            if model is not Verdict:
                left = connection.scalar(
                    text(f"SELECT count(*) FROM {model.__tablename__} WHERE {column.key} = :id"), {"id": merged}
                )
                assert left == 0, model
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None
    after = state(desk)
    for model in RECORDS:
        ids = {row_ids(model, row) for row in before[model.__tablename__]}
        lost = ids - {row_ids(model, row) for row in after[model.__tablename__]}
        assert lost <= binned(desk, model), model
        if model in (Visit, Handover, Ticket, Demand):
            assert not lost
    assert binned(desk, Account) - in_bin[Account] == {merged}
    desk.undo()
    assert state(desk) == before
    desk.redo()
    assert state(desk) == after
    desk.undo()
    assert state(desk) == before


def row_ids(model: Any, row: tuple[Any, ...]) -> int:
    """The id in a row of ``state``."""
    names = [column.name for column in model.__table__.columns if column.name not in SILENT]
    found = row[names.index("id")]
    assert isinstance(found, int)
    return found


PLAIN: dict[str, Any] = {"contacts": [], "contracts": [], "visits": [], "tickets": [], "goals": "", "binned": 0}


def pair(
    desk: Desk, first: dict[str, Any], second: dict[str, Any], own: tuple[dict[str, str], dict[str, str]] = ({}, {})
) -> tuple[int, int]:
    return two(
        desk,
        {"fields": own[0], "belongings": PLAIN | first},
        {"fields": own[1], "belongings": PLAIN | second},
    )


def test_contracts_move_nothing_churns_and_the_journal_says_so(desk: Desk) -> None:
    kept, merged = pair(desk, {"contracts": [("A", 5, 0)]}, {"contracts": [("B", 7, 1)], "visits": [1]})
    done = desk.do(merge_accounts, MergeAccounts(kept, merged))
    assert done.step is not None
    assert done.step.text == "Accounts merged: 杭州千寻集团 into 杭州千寻有限公司"
    with desk.read() as connection:
        view = overview(connection, kept)
        assert overview(connection, merged) is None
    assert view is not None
    assert {(contract.number, contract.renewal_state) for contract in view.contracts} == {("A", "open"), ("B", "open")}
    assert (view.account.arr_cents, view.account.next_visit_on) == (1200, date(2026, 12, 2))
    assert done.step.text in {entry.title for entry in view.history}
    desk.undo()
    with desk.read() as connection:
        one, other = account(connection, kept), account(connection, merged)
    assert one is not None
    assert other is not None
    assert (one.arr_cents, other.arr_cents, one.next_visit_on) == (500, 700, None)


def test_the_merged_account_says_where_it_went(desk: Desk) -> None:
    kept, merged = pair(desk, {}, {}, ({"notes": "eins"}, {"notes": "zwei"}))
    desk.do(merge_accounts, MergeAccounts(kept, merged))
    with desk.read() as connection:
        notes = dict(connection.execute(text("SELECT id, notes FROM accounts")).all())  # type: ignore[arg-type]
    assert notes[kept] == "eins\nzwei"
    assert notes[merged] == "zwei\nMerged into “杭州千寻有限公司” on 2026-11-23."


def test_the_same_contact_is_joined_and_learns_what_the_other_knew(desk: Desk) -> None:
    kept, merged = pair(
        desk,
        {"contacts": [("林晓", "13911112222", ""), ("王伟", "13911110000", "总监")]},
        {"contacts": [("林 晓", "139 1111 2222", "经理"), ("王伟", "13922223333", "")]},
    )
    desk.do(merge_accounts, MergeAccounts(kept, merged))
    with desk.read() as connection:
        view = overview(connection, kept)
    assert view is not None
    assert [(one.name, one.phone, one.title) for one in view.contacts] == [
        ("林晓", "13911112222", "经理"), ("王伟", "13911110000", "总监"), ("王伟", "13922223333", ""),
    ]  # fmt: skip


def test_a_visit_with_a_joined_contact_points_at_the_one_that_stays(desk: Desk) -> None:
    kept, merged = pair(desk, {"contacts": [("林晓", "", "")]}, {"contacts": [("林晓", "", "")], "visits": [3]})

    @command("Whom: {name}")
    def meet(uow: UnitOfWork, _wish: None) -> None:
        uow.name(name="x")
        uow.session.execute(text("UPDATE visits SET contact_id = (SELECT max(id) FROM contacts)"))

    desk.do(meet, None)
    desk.do(merge_accounts, MergeAccounts(kept, merged))
    with desk.read() as connection:
        whom = connection.scalar(text("SELECT contact_id FROM visits"))
        assert whom == connection.scalar(text("SELECT id FROM contacts WHERE deleted_at IS NULL"))


def test_a_contract_written_down_twice_is_joined_and_one_that_differs_is_not(desk: Desk) -> None:
    kept, merged = pair(desk, {"contracts": [("A", 5, 1), ("B", 5, 0)]}, {"contracts": [("A", 5, 1), ("B", 5, 1)]})
    desk.do(merge_accounts, MergeAccounts(kept, merged))
    with desk.read() as connection:
        view = overview(connection, kept)
    assert view is not None
    assert sorted(contract.number for contract in view.contracts) == ["A", "B", "B"]


def test_what_both_were_still_to_be_told_about_a_demand_is_told_once(desk: Desk) -> None:
    kept, merged = pair(desk, {"tickets": [1, 2]}, {"tickets": [2, 3]})
    desk.do(word_notices, (merged, "已备好的话", date(2026, 4, 30)))
    desk.do(merge_accounts, MergeAccounts(kept, merged))
    with desk.read() as connection:
        rows = connection.execute(
            text("SELECT d.number, n.text, n.due_on, n.account_id FROM notices n JOIN demands d ON d.id = n.demand_id "
                 "WHERE n.deleted_at IS NULL ORDER BY d.number")
        ).all()  # fmt: skip
        tickets = connection.scalar(text("SELECT count(*) FROM tickets WHERE account_id = :id"), {"id": kept})
    assert [tuple(row) for row in rows] == [
        (1, "", "2026-05-01", kept), (2, "已备好的话", "2026-04-30", kept), (3, "已备好的话", "2026-04-30", kept)
    ]  # fmt: skip
    assert tickets == 4


@command("Worded")
def word_notices(uow: UnitOfWork, wish: tuple[int, str, date]) -> None:
    """Give the notices of an account a text and a day."""
    for notice in uow.session.scalars(select(Notice).where(Notice.account_id == wish[0])):
        notice.text, notice.due_on = wish[1], wish[2]


def test_chosen_values_come_from_the_merged_account(desk: Desk) -> None:
    kept, merged = pair(desk, {}, {}, ({"city": "a"}, {"city": "b", "short_name": "千寻"}))
    with desk.read() as connection:
        shown = compare(connection, kept, merged)
        assert shown is not None
        again = turned(connection, shown)
    assert again is not None
    assert again.ids == tuple(reversed(shown.ids))
    proposed = {field.field: field.takes_second for field in shown.fields if field.differs and not field.keeps_both}
    assert proposed == {"name": False, "short_name": True, "city": False}
    desk.do(merge_accounts, MergeAccounts(kept, merged, frozenset({"name", "city", "short_name"})))
    with desk.read() as connection:
        row = account(connection, kept)
    assert row is not None
    assert (row.name, row.city, row.short_name) == ("杭州千寻集团", "b", "千寻")


def test_the_one_with_more_to_it_is_proposed_to_stay_and_counts_are_told(desk: Desk) -> None:
    small, large = pair(desk, {"contacts": [("林晓", "", "")]}, {"contacts": [("林晓", "", "")], "visits": [1, 2]})
    with desk.read() as connection:
        shown = compare(connection, small, large)
        assert compare(connection, small, 1) is None
    assert shown is not None
    assert shown.ids == (large, small)
    assert shown.belongings == ({"contacts": 1, "handovers": 1, "visits": 2}, {"contacts": 1, "handovers": 1})
    assert shown.joined == {"contacts": 1}
    assert shown.evidence is not None


def test_what_was_changed_meanwhile_is_not_merged(desk: Desk) -> None:
    kept, merged = pair(desk, {}, {})
    with pytest.raises(Conflict):
        desk.do(merge_accounts, MergeAccounts(kept, merged, versions=(1, 99)))
    with pytest.raises(Problems):
        desk.do(merge_accounts, MergeAccounts(kept, kept))
    with pytest.raises(KeyError):
        desk.do(merge_accounts, MergeAccounts(kept, merged, frozenset({"id"})))
    assert len(state(desk)["accounts"]) == 2


def test_every_column_of_an_account_is_compared() -> None:
    own = {column.name for column in journalled(Account.__table__)}  # type: ignore[arg-type]
    assert own - set(COMPARED) == {"deleted_at", "bin_step"}


def test_not_the_same_is_remembered_for_each_spelling_and_taken_back(desk: Desk) -> None:
    first, second = pair(desk, {}, {})
    desk.do(keep_apart, KeepApart((first, second)))
    with desk.read() as connection:
        said, rows = known_verdicts(connection), verdict_rows(connection)
    assert said.between(Side("x", second), Side("y", first)) is False
    assert said.between(Side("杭州 千寻（集团）"), Side("杭州千寻有限公司", first)) is False
    assert said.between(Side("杭州千寻集团"), Side("杭州千寻有限公司", 5)) is None
    assert [(row.name, row.other_name, row.same) for row in rows] == [("杭州千寻有限公司", "杭州千寻集团", False)]
    desk.do(forget_verdicts, ForgetVerdicts((rows[0].id,)))
    with desk.read() as connection:
        assert not known_verdicts(connection)
    desk.undo()
    with desk.read() as connection:
        assert known_verdicts(connection).between(Side("", first), Side("", second)) is False


def test_a_merge_overrules_what_was_said_before(desk: Desk) -> None:
    first, second = pair(desk, {}, {})
    desk.do(keep_apart, KeepApart((first, second)))
    desk.do(merge_accounts, MergeAccounts(second, first))
    with desk.read() as connection:
        assert known_verdicts(connection).between(Side("", first), Side("", second)) is True
        view = overview(connection, second)
    assert view is not None
    assert any("merged" in entry.title for entry in view.history)
    desk.undo()
    with desk.read() as connection:
        assert known_verdicts(connection).between(Side("", first), Side("", second)) is False
