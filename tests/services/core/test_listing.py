"""Lists in SQL: words are taken literally, empty values come last, counts agree with ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, literal, select

from csdesk.models.vocabulary import Tier
from csdesk.services.accounts.commands import DeleteAccounts, NewAccount, create_account, delete_accounts
from csdesk.services.accounts.queries import ACCOUNTS
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.core.listing import like

ENGINE = create_engine("sqlite://")
TEXTS = st.text("aB%_/\\'苏州 ", max_size=6)


def contains(value: str, words: str) -> bool:
    """What SQLite says."""
    with ENGINE.connect() as connection:
        return bool(connection.scalar(select(like(words, literal("nothing"), literal(value)))))


@given(TEXTS, TEXTS, TEXTS)
def test_words_are_found_wherever_they_stand(before: str, words: str, after: str) -> None:
    assert contains(before + words + after, words)
    assert contains(before + words.upper() + after, words.lower())


@pytest.mark.parametrize(("value", "words"), [("500", "5%"), ("Suzhou", "S_z"), ("a/b", "a//b"), ("x", "y")])
def test_signs_of_patterns_are_letters(value: str, words: str) -> None:
    assert not contains(value, words)


def stock(desk: Desk) -> dict[str, int]:
    """Three accounts, one without a tier."""
    given = (("Birch", Tier.B), ("Amber", None), ("Cedar", Tier.A))
    return {name: desk.do(create_account, NewAccount(AccountFields(name, tier=tier))).value for name, tier in given}


def names(desk: Desk, ids: dict[str, int], query: Query) -> list[str]:
    """The names in the order of the ids."""
    by_id = {number: name for name, number in ids.items()}
    with desk.read() as connection:
        return [by_id[number] for number in ACCOUNTS.ids(connection, query, desk.clock.today())]


def test_order_turns_round_and_empty_values_come_last(desk: Desk) -> None:
    ids = stock(desk)
    assert names(desk, ids, Query(sort="name")) == ["Amber", "Birch", "Cedar"]
    assert names(desk, ids, Query(sort="name", descending=True)) == ["Cedar", "Birch", "Amber"]
    assert names(desk, ids, Query(sort="tier")) == ["Cedar", "Birch", "Amber"]
    assert names(desk, ids, Query(sort="tier", descending=True)) == ["Birch", "Cedar", "Amber"]


def test_all_words_and_conditions_must_hold(desk: Desk) -> None:
    ids = stock(desk)
    assert names(desk, ids, Query("a r", sort="name")) == ["Amber", "Cedar"]
    assert names(desk, ids, Query("r", (Filter("tier", ("A", "B")),), "name")) == ["Birch", "Cedar"]
    assert names(desk, ids, Query(filters=(Filter("tier", ""),))) == ["Amber"]


def test_counts_agree_and_what_is_gone_is_missing(desk: Desk) -> None:
    ids = stock(desk)
    desk.do(delete_accounts, DeleteAccounts((ids["Birch"],)))
    query, today = Query(sort="name"), desk.clock.today()
    with desk.read() as connection:
        found = ACCOUNTS.ids(connection, query, today)
        assert found == [ids["Amber"], ids["Cedar"]]
        assert ACCOUNTS.count(connection, query, today) == 2
        assert ACCOUNTS.totals(connection, query, today)["count"] == 2
        assert ACCOUNTS.totals_of(connection, found)["count"] == 2
        rows = ACCOUNTS.rows(connection, [*found, 1])
    assert sorted(rows) == sorted(found)
    assert all(len(row) == len(ACCOUNTS.columns) for row in rows.values())
