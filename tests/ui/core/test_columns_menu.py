"""Which columns fit and how wide they get: pure, so told by examples and by any examples."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.core.columns import Column, Kind
from csdesk.ui.core.columns_menu import Arrangement, fitting, spread

COLUMNS = (
    Column("star", "Star", Kind.STAR, 32),
    Column("name", "Name", Kind.NAME, 200),
    Column("city", "City", Kind.TEXT, 80, leaves=2),
    Column("owner", "Owner", Kind.TEXT, 100, leaves=5),
    Column("sum", "Sum", Kind.MONEY, 110),
    Column("note", "Note", Kind.TEXT, 90, hidden=True),
)
WIDTHS = {column.key: column.width for column in COLUMNS}
KEYS = st.sampled_from([column.key for column in COLUMNS] + ["gone"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def keys(columns: list[Column]) -> list[str]:
    """Their keys."""
    return [column.key for column in columns]


@given(st.integers(0, 900))
def test_who_leaves_later_never_leaves_earlier(room: int) -> None:
    kept = fitting(COLUMNS, WIDTHS, room)
    gone = [column for column in COLUMNS if column not in kept]
    assert all(column.leaves for column in gone)
    assert max((c.leaves for c in kept), default=0) < min((c.leaves for c in gone), default=99)
    assert not gone or sum(WIDTHS[c.key] for c in kept) + min(WIDTHS[c.key] for c in gone) > room


@given(st.integers(0, 2000), st.sets(KEYS))
def test_what_is_left_over_is_given_out_and_the_users_widths_stay(room: int, fixed: set[str]) -> None:
    kept = {key: WIDTHS[key] for key in fixed if key in WIDTHS}
    found = spread(COLUMNS, WIDTHS, kept, room)
    assert all(found[key] == width for key, width in kept.items())
    assert all(found[column.key] >= column.width for column in COLUMNS)
    stretchy = [c for c in COLUMNS if c.kind in (Kind.NAME, Kind.TEXT) and c.key not in kept]
    if room >= sum(WIDTHS.values()) and stretchy:
        assert sum(found.values()) == room


@given(st.lists(KEYS))
def test_every_column_has_one_place_in_any_remembered_order(order: list[str]) -> None:
    assert sorted(keys(Arrangement(tuple(order)).ordered(COLUMNS))) == sorted(WIDTHS)


def test_a_column_of_a_newer_version_comes_behind_its_neighbour() -> None:
    before = Arrangement(("sum", "name", "star"))
    assert keys(before.ordered(COLUMNS)) == ["sum", "note", "name", "city", "owner", "star"]


@given(JSON)
def test_whatever_was_kept_is_read_without_harm(kept: object) -> None:
    arrangement = Arrangement.from_json(kept)
    assert Arrangement.from_json(arrangement.to_json()) == arrangement


def test_the_choice_outlives_a_round_trip() -> None:
    chosen = Arrangement().show("note", True).show("city", False).widen("name", 240)
    again = Arrangement.from_json(chosen.to_json())
    assert [again.is_shown(column) for column in COLUMNS] == [True, True, False, True, True, True]
    assert again.widths == {"name": 240}
