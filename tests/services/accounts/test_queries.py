"""The list of accounts: order, filters, sums; the derived columns behind it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.overview import overview
from csdesk.services.accounts.queries import ACCOUNTS, COLUMNS, VIEWS, account, view_counts
from csdesk.services.accounts.rules import parse
from csdesk.services.contacts import rules as contact_rules
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contracts import rules as contract_rules
from csdesk.services.contracts.commands import NewContract, create_contract
from csdesk.services.contracts.queries import contracts_of, ending
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Problems
from csdesk.services.visits.commands import AddVisit, RecordVisit, add_visit, record_visit

TODAY = date(2026, 11, 23)


@pytest.fixture
def three(desk: Desk) -> tuple[int, int, int]:
    """Alpha (A, ends in 30 days), Beta (B, ends in 200), Gamma (no contract)."""
    ids = []
    for name, tier, days in (("Alpha", "A", 30), ("Beta", "B", 200), ("Gamma", "", 0)):
        row_id = desk.do(create_account, NewAccount(parse({"name": name, "tier": tier, "city": "Suzhou"}))).value
        ids.append(row_id)
        if days:
            end = TODAY + timedelta(days=days)
            draft = {
                "number": f"K-{name}",
                "amount": "120000",
                "start_on": str(end - timedelta(days=364)),
                "end_on": str(end),
            }
            desk.do(create_contract, NewContract(row_id, contract_rules.parse(draft, TODAY)))
    return ids[0], ids[1], ids[2]


def ids(desk: Desk, query: Query) -> list[int]:
    with desk.read() as connection:
        return ACCOUNTS.ids(connection, query, TODAY)


def test_the_next_end_comes_first_and_those_without_a_contract_last(desk: Desk, three: tuple[int, int, int]) -> None:
    assert ids(desk, Query()) == list(three)
    assert ids(desk, Query(sort="renewal_on", descending=True)) == [three[1], three[0], three[2]]


@pytest.mark.parametrize("column", [column.key for column in COLUMNS if column.sortable])
def test_every_column_sorts_both_ways(desk: Desk, three: tuple[int, int, int], column: str) -> None:
    for descending in (False, True):
        assert sorted(ids(desk, Query(sort=column, descending=descending))) == sorted(three)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Filter("tier", "A"), [0]),
        (Filter("tier", ""), [2]),
        (Filter("tier", ("A", "B")), [0, 1]),
        (Filter("ends_within", 60), [0]),
        (Filter("no_next_visit"), [0, 1, 2]),
        (Filter("not_contacted", 30), [0, 1, 2]),
        (Filter("starred"), []),
        (Filter("new_within", 30), []),
        (Filter("city", "Suzhou"), [0, 1, 2]),
    ],
)
def test_conditions(desk: Desk, three: tuple[int, int, int], condition: Filter, found: list[int]) -> None:
    assert sorted(ids(desk, Query(filters=(condition,)))) == sorted(three[n] for n in found)


def test_words_are_text_and_never_patterns(desk: Desk, three: tuple[int, int, int]) -> None:
    assert ids(desk, Query(search="ALPHA")) == [three[0]]
    assert ids(desk, Query(search="%")) == []
    assert ids(desk, Query(search="alpha suzhou")) == [three[0]]


def test_rows_and_totals_agree_with_the_ids(desk: Desk, three: tuple[int, int, int]) -> None:
    with desk.read() as connection:
        rows = ACCOUNTS.rows(connection, list(three))
        totals = ACCOUNTS.totals(connection, Query(), TODAY)
        counts = view_counts(connection, [view[2] for view in VIEWS], TODAY)
    keys = [column.key for column in COLUMNS]
    assert [rows[row_id][keys.index("name")] for row_id in three] == ["Alpha", "Beta", "Gamma"]
    assert totals == {"count": 3, "arr_cents": 24_000_000}
    assert counts[0] == 3
    assert counts[1] == 1


def test_a_visit_moves_the_derived_columns(desk: Desk, three: tuple[int, int, int]) -> None:
    visit = desk.do(add_visit, AddVisit(three[0], TODAY + timedelta(days=1))).value
    with desk.read() as connection:
        row = account(connection, three[0])
    assert row is not None
    assert row.next_visit_on == TODAY + timedelta(days=1)
    desk.do(record_visit, RecordVisit(visit, TODAY))
    with desk.read() as connection:
        row = account(connection, three[0])
    assert row is not None
    assert row.last_contact_on == TODAY
    assert row.next_visit_on is None
    desk.undo()
    with desk.read() as connection:
        row = account(connection, three[0])
    assert row is not None
    assert row.last_contact_on is None


def test_an_arr_counts_once_where_a_successor_has_started(desk: Desk, three: tuple[int, int, int]) -> None:
    with desk.read() as connection:
        old = contracts_of(connection, three[0])[0]
    draft = {
        "number": "K-2", "amount": "240000", "start_on": "2026-11-01", "end_on": "2027-10-31",
        "predecessor_id": str(old.id), "signed_on": "2026-10-20",
    }  # fmt: skip
    desk.do(create_contract, NewContract(three[0], contract_rules.parse(draft, TODAY)))
    with desk.read() as connection:
        row = account(connection, three[0])
        states = {k.number: k.renewal_state for k in contracts_of(connection, three[0])}
        soon = [found.number for found in ending(connection, TODAY, 120)]
    assert row is not None
    assert row.arr_cents == 24_000_000
    assert states == {"K-Alpha": "renewed", "K-2": "open"}
    assert soon == []


def test_a_contract_number_stands_once_in_an_account(desk: Desk, three: tuple[int, int, int]) -> None:
    with pytest.raises(Problems) as refused:
        desk.do(create_contract, NewContract(three[0], contract_rules.parse({"number": "K-Alpha"}, TODAY)))
    assert [problem.field for problem in refused.value.problems] == ["number"]


def test_the_overview_holds_all_of_an_account(desk: Desk, three: tuple[int, int, int]) -> None:
    desk.do(create_contact, NewContact(three[0], contact_rules.parse({"name": "Chen", "phone": "13900004471"}, TODAY)))
    desk.do(add_visit, AddVisit(three[0], TODAY + timedelta(days=1), goal="Say hello"))
    with desk.read() as connection:
        view = overview(connection, three[0])
    assert view is not None
    assert [contact.name for contact in view.contacts] == ["Chen"]
    assert [contract.number for contract in view.contracts] == ["K-Alpha"]
    found = view.next_visit(TODAY)
    assert found is not None
    assert found.goal == "Say hello"
    assert view.contact_limit == 14
    assert [entry.title for entry in view.history][-1] == "New account: Alpha"
