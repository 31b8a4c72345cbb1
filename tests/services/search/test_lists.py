"""A list of accounts finds its words in the text in memory, as of the snapshot that it reads, or asks the store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from csdesk.services.accounts.commands import (
    ChangeMany,
    DeleteAccounts,
    NewAccount,
    change_accounts,
    create_account,
    delete_accounts,
)
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.contacts.commands import DeleteContact, NewContact, create_contact, delete_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core import listing as listings
from csdesk.services.core.columns import Filter, Found, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.listing import Listing
from csdesk.services.search.pinyin import fill_pinyin
from csdesk.services.search.queries import StoreSearch
from csdesk.services.search.rules import Entry, SearchText, folded, questions
from tests.conftest import TODAY

NAME = "\u6f84\u5cb3\u7cbe\u5de5"


def names(desk: Desk, listing: Listing, words: str, *filters: Filter) -> list[str]:
    """The accounts that a list shows for these words, by name, where its count says the same."""
    query = Query(words, filters, "full_name")
    with desk.read() as connection:
        ids = listing.ids(connection, query, TODAY)
        assert listing.count(connection, query, TODAY) == len(ids)
        assert listing.totals(connection, query, TODAY)["count"] == len(ids)
        rows = listing.rows(connection, ids)
    place = [column.key for column in listing.columns].index("full_name")
    return [rows[record][place] for record in ids]


@pytest.fixture
def made(desk: Desk) -> dict[str, int]:
    """Three accounts, the first with a person."""
    fields = (
        AccountFields(NAME, city="Suzhou", industry="Tools", owner="Lin", tier="A"),
        AccountFields("Northwind", city="Wuxi", industry="Tools", sales_owner="Mei"),
        AccountFields("100%_sure", city="Wuxi", owner="Lin"),
    )
    made = {one.name: desk.do(create_account, NewAccount(one)).value for one in fields}
    desk.do(create_contact, NewContact(made[NAME], ContactFields("Ann Lee", phone="139-0000-4471")))
    fill_pinyin(desk)
    return made


@pytest.fixture(params=["picked by SQL", "picked here", "not loaded"])
def listing(request: pytest.FixtureRequest, desk: Desk, made: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> Iterator[Listing]:  # fmt: skip
    """The list of accounts with the text loaded, for few and for many ids, and with a text that never comes."""
    search = StoreSearch(desk)
    if request.param == "not loaded":
        monkeypatch.setattr(search, "reload", lambda: None)
    else:
        search.reload()
        search.wait()
    if request.param == "picked here":
        monkeypatch.setattr(listings, "FEW", -1)
    yield search.over(ACCOUNTS)
    search.wait()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("\u5cb3", [NAME]),
        ("chengyue", [NAME]),
        ("cyjg", [NAME]),
        ("4471", [NAME]),
        ("ann", [NAME]),
        ("suzhou", [NAME]),
        ("wuxi", ["100%_sure", "Northwind"]),
        ("TOOLS", ["Northwind", NAME]),
        ("tools wuxi", ["Northwind"]),
        ("mei", ["Northwind"]),
        ("lin", ["100%_sure", NAME]),
        ("%", ["100%_sure"]),
        ("0%_s", ["100%_sure"]),
        ("nobody", []),
        ("", ["100%_sure", "Northwind", NAME]),
    ],
)
def test_words_are_found_wherever_they_stand(desk: Desk, listing: Listing, words: str, expected: list[str]) -> None:
    assert names(desk, listing, words) == expected


def test_words_and_conditions_hold_together(desk: Desk, listing: Listing) -> None:
    assert names(desk, listing, "lin", Filter("tier", "A")) == [NAME]
    assert names(desk, listing, "mei", Filter("tier", "A")) == []


def test_what_was_committed_a_moment_ago_is_found(desk: Desk, listing: Listing, made: dict[str, int]) -> None:
    new = desk.do(create_account, NewAccount(AccountFields("Fabrikam", city="Changzhou"))).value
    assert names(desk, listing, "abri") == ["Fabrikam"]
    person = desk.do(create_contact, NewContact(new, ContactFields("Bob Ray"))).value
    assert names(desk, listing, "ray") == ["Fabrikam"]
    desk.do(delete_contact, DeleteContact(person))
    assert names(desk, listing, "ray") == []
    desk.undo()
    assert names(desk, listing, "ray") == ["Fabrikam"]
    desk.do(change_accounts, ChangeMany((made["Northwind"],), {"city": "Jiaxing"}))
    assert names(desk, listing, "jiax") == ["Northwind"]
    assert names(desk, listing, "wuxi") == ["100%_sure"]
    desk.do(delete_accounts, DeleteAccounts((made[NAME],)))
    assert names(desk, listing, "ann") == []


def test_an_older_snapshot_sees_what_was_there(desk: Desk, made: dict[str, int]) -> None:
    search = StoreSearch(desk)
    with desk.read() as connection:
        assert ACCOUNTS.count(connection, Query(), TODAY) == 3
        desk.do(create_account, NewAccount(AccountFields("Fabrikam")))
        search.reload()
        search.wait()
        assert search.holders(connection, "fabrikam") is None
        assert search.over(ACCOUNTS).ids(connection, Query("fabrikam"), TODAY) == []


def test_where_much_has_changed_the_text_is_loaded_anew(
    desk: Desk, made: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    search = StoreSearch(desk)
    search.reload()
    search.wait()
    monkeypatch.setattr("csdesk.services.search.queries.MOST_FRESH", 0)
    desk.do(create_account, NewAccount(AccountFields("Fabrikam")))
    assert names(desk, search.over(ACCOUNTS), "fabri") == ["Fabrikam"]
    search.wait()
    with desk.read() as connection:
        assert search.holders(connection, "fabri") is not None


texts = st.lists(st.text("ab1\u5cb3 ", max_size=6), min_size=1, max_size=12)


@given(texts, st.text("ab1\u5cb3", min_size=1, max_size=2))
def test_all_records_are_found_that_hold_the_word(given_names: list[str], word: str) -> None:
    shelf = SearchText(Entry(number, number, name) for number, name in enumerate(given_names))
    expected = {
        number
        for number, name in enumerate(given_names)
        if any(question in folded(name) for question in questions(word))
    }
    assert shelf.holders(word) == expected
    found = shelf.found(word, frozenset({0}))
    assert set(found.pick(range(len(given_names)))) == expected - {0}


@given(
    st.lists(st.tuples(st.sets(st.integers(0, 5)), st.booleans()), min_size=2, max_size=2), st.sets(st.integers(0, 5))
)
def test_what_is_found_is_a_set_told_either_way(pair: list[tuple[set[int], bool]], more: set[int]) -> None:
    everything = range(6)
    one, other = (Found(ids, but) for ids, but in pair)
    both = set(one.pick(everything)) & set(other.pick(everything))
    assert set((one & other).pick(everything)) == both
    assert set(one.with_these(more).pick(everything)) == set(one.pick(everything)) | more


def test_the_order_is_remembered_for_one_snapshot_only(desk: Desk, made: dict[str, int]) -> None:
    search = StoreSearch(desk)
    search.reload()
    search.wait()
    listing = search.over(ACCOUNTS)
    plain = Query(sort="full_name")
    with desk.read() as connection:
        first = listing.ids(connection, plain, TODAY)
        first.reverse()
        assert listing.ids(connection, plain, TODAY) == first[::-1]
        assert listing.ids(connection, Query(sort="full_name", descending=True), TODAY) == first
        desk.do(delete_accounts, DeleteAccounts((made[NAME],)))
        assert listing.ids(connection, plain, TODAY) == first[::-1]
    with desk.read() as connection:
        assert set(listing.ids(connection, plain, TODAY)) == set(first) - {made[NAME]}


def test_what_was_written_without_a_step_is_seen_after_the_text_is_loaded_again(
    desk: Desk, made: dict[str, int]
) -> None:
    search = StoreSearch(desk)
    search.reload()
    search.wait()
    listing, plain = search.over(ACCOUNTS), Query(sort="name")
    with desk.read() as connection:
        before = listing.ids(connection, plain, TODAY)
    keys = [{"id": record, "key": str(place)} for place, record in enumerate(reversed(before))]
    spelled = text("UPDATE accounts SET name_key = :key WHERE id = :id")
    desk.maintain(lambda connection: connection.execute(spelled, keys))
    search.reload()
    with desk.read() as connection:
        assert listing.ids(connection, plain, TODAY) == before[::-1]
    search.wait()
