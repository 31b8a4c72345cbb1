"""The list behind a figure: searched, narrowed, sorted and summed as a list of the store is."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import Tier
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.core.columns import Filter, Query
from csdesk.services.core.desk import Desk
from csdesk.services.kpi.row_list import COUNTED, Entry, Known, RowList, row_list, sums
from csdesk.services.kpi.rules import Figure, Kind, Row

TODAY = date(2026, 11, 23)


def row(number: int, name: str, cents: int | None = None, currency: str = "CNY", day: date | None = None) -> Row:
    return Row("contracts", number, number, name, day, f"K-{number}", cents, currency)


def figure(counted: tuple[Row, ...], base: tuple[Row, ...] = (), out: tuple[tuple[Row, str], ...] = ()) -> Figure:
    return Figure("x", Kind.MONEY_RATE, 0, 0, counted, base, out)


def listed(of: Figure) -> RowList:
    return RowList(
        [Entry("counted", one, COUNTED, Known()) for one in of.counted]
        + [Entry("base", one, "", Known()) for one in of.base]
    )


def test_rows_know_their_list_and_what_stands_at_them(desk: Desk) -> None:
    fields = AccountFields("Aster", tier=Tier.A, city="Harbin")
    known = desk.do(create_account, NewAccount(fields)).value
    aster, gone = Row("accounts", known, known, "Aster", None, "", 1050), row(7, "Gone", 300)
    late = row(8, "Late", 200, "USD")
    with desk.read() as connection:
        found = row_list(connection, figure((aster,), (aster, gone), ((late, "the renewal is open"),)))
    assert [(one.side, one.row.account, one.standing) for one in found.entries] == [
        ("counted", "Aster", COUNTED), ("base", "Aster", COUNTED), ("base", "Gone", ""),
        ("left_out", "Late", "the renewal is open"),
    ]  # fmt: skip
    assert found.entries[0].known[:2] == ("A", "Harbin")
    assert found.ids(None, Query("harb"), TODAY) == [1, 2]
    assert found.ids(None, Query(filters=(Filter("side", "base"), Filter("tier", "A"))), TODAY) == [2]
    assert found.ids(None, Query(filters=(Filter("standing", "the renewal is open"),)), TODAY) == [4]
    assert found.count((Filter("side", "base"),)) == 2


def test_columns_are_those_that_the_rows_can_fill() -> None:
    plain = listed(figure((row(1, "A"),)))
    assert {"cents", "days", "currency"}.isdisjoint(column.key for column in plain.columns)
    home, both = listed(figure((row(1, "A", 5),))), listed(figure((row(1, "A", 5), row(2, "B", 6, "USD"))))
    hidden = {key: column.hidden for one, key in ((home, "home"), (both, "both")) for column in one.columns
              if column.key == "currency"}  # fmt: skip
    assert hidden == {"home": True, "both": False}
    assert len({plain.shape, home.shape, both.shape}) == 3
    bare = RowList([Entry("base", Row("accounts", 1, 1, "A", None, "", 5), "", Known())])
    assert {"day", "about", "standing"}.isdisjoint(column.key for column in bare.columns)
    assert {"about", "standing"} <= {column.key for column in plain.columns}


def test_sums_stand_by_currency_and_not_over_several_lists() -> None:
    found = listed(figure((row(1, "A", 5), row(2, "B", 6, "USD"), row(3, "C", 7)), (row(4, "D", 100),)))
    assert sums(found.entries[:3]) == {"CNY": 12, "USD": 6}
    assert sums(found.entries) == {}


@given(
    st.lists(st.tuples(st.integers(-99, 99) | st.none(), st.integers(0, 9) | st.none(), st.text("ab", max_size=2))),
    st.sampled_from(["cents", "day", "account", "about", "standing"]),
    st.booleans(),
)
def test_every_column_sorts_and_loses_nothing(
    drawn: list[tuple[int | None, int | None, str]], key: str, descending: bool
) -> None:
    rows = tuple(
        row(number, name, cents, day=None if day is None else TODAY + timedelta(day))
        for number, (cents, day, name) in enumerate(drawn, 1)
    )
    found = listed(figure(rows))
    ids = found.ids(None, Query(sort=key, descending=descending), TODAY)
    assert sorted(ids) == list(range(1, len(rows) + 1))
    if any(column.key == key for column in found.columns):
        values = [found.entry(number).order(key) for number in ids]
        full = [value for value in values if value is not None]
        assert values == full + [None] * (len(values) - len(full))
        assert full == sorted(full, reverse=descending)
    assert list(found.rows(None, ids)) == ids
