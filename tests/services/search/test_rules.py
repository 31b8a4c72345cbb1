"""What is typed, and what is found by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.search.rules import Entry, SearchText, Shelf, digits_of, fields, folded, questions

CHENGYUE = Entry(
    1, 1, "\u6f84\u5cb3\u7cbe\u5de5", "\u82cf\u5dde\u6f84\u5cb3\u7cbe\u5de5\u6709\u9650\u516c\u53f8", "\u82cf\u5dde", "",
    "chengyuejinggong|suzhouchengyuejinggongyouxiangongsi", "cyjg|szcyjgyxgs", "A",
)  # fmt: skip
ACME = Entry(2, 2, "Acme Tools", "Acme Tools (Asia) Ltd", "Shanghai", "", "", "", "C")
CHEN = Entry(
    11,
    1,
    "\u9648\u77e5\u5fae",
    "",
    "\u5382\u957f \u00b7 \u6f84\u5cb3\u7cbe\u5de5",
    "139 0000 4471",
    "chenzhiwei",
    "czw",
)
LEE = Entry(12, 2, "Ann Lee", "", "CFO \u00b7 Acme Tools", "+86 136-0000-8032", "annlee", "annlee")
TEXT = SearchText([CHENGYUE, ACME], [CHEN, LEE])


@pytest.mark.parametrize(
    ("typed", "kind", "id_"),
    [
        ("\u5cb3", "accounts", 1),
        ("\u5cb3\u7cbe", "accounts", 1),
        ("cyjg", "accounts", 1),
        ("YJ", "accounts", 1),
        ("cheng yue", "accounts", 1),
        ("ACME t", "accounts", 2),
        ("\uff21\uff43\uff4d\uff45", "accounts", 2),
        ("asia", "accounts", 2),
        ("4471", "contacts", 11),
        ("139 0000", "contacts", 11),
        ("+8613600008032", "contacts", 12),
        ("136-0000", "contacts", 12),
        ("zhiw", "contacts", 11),
        ("nn l", "contacts", 12),
    ],
)
def test_any_part_at_any_place_is_found(typed: str, kind: str, id_: int) -> None:
    hits = TEXT.find(typed)
    assert [(hit.kind, hit.id) for hit in hits if hit.kind == kind] == [(kind, id_)]


@pytest.mark.parametrize("typed", ["", "   ", "\x00\x1f", "zzz", "9999999", "\u6f84\u7cbe"])
def test_nothing_is_found_where_nothing_is(typed: str) -> None:
    assert TEXT.find(typed) == []


def test_the_people_of_a_found_account_follow_it() -> None:
    hits = TEXT.find("cy")
    assert [(hit.kind, hit.id) for hit in hits] == [("accounts", 1), ("contacts", 11)]
    assert hits[0].title_spans == ((0, 2),)
    note = hits[1].subtitle
    assert [note[start:end] for start, end in hits[1].subtitle_spans] == ["\u6f84\u5cb3"]
    assert hits[1].detail == "139 **** 4471"


@pytest.mark.parametrize(
    ("typed", "marked"),
    [("\u5cb3\u7cbe", "\u5cb3\u7cbe"), ("yj", "\u5cb3\u7cbe"), ("yuej", "\u5cb3\u7cbe"), ("gong", "\u5de5")],
)
def test_what_matched_is_marked(typed: str, marked: str) -> None:
    hit = TEXT.find(typed)[0]
    assert [hit.title[start:end] for start, end in hit.title_spans] == [marked]


def test_a_beginning_comes_before_a_middle_and_then_the_order_given() -> None:
    names = ["xabc", "abcd", "zzabc", "abce", "yabc"]
    text = SearchText([Entry(i, i, name) for i, name in enumerate(names)])
    assert [hit.title for hit in text.find("abc", 4)] == ["abcd", "abce", "xabc", "yabc"]


def test_hidden_records_are_left_out() -> None:
    assert [hit.id for hit in TEXT.find("cyjg", hidden=frozenset({1}))] == []
    assert [hit.id for hit in TEXT.find("cyjg", hidden=frozenset({11}))] == [1]


def test_both_kinds_share_the_room() -> None:
    text = SearchText(
        [Entry(i, i, f"Ann {i}") for i in range(20)], [Entry(100 + i, i, f"Ann Lee {i}") for i in range(20)]
    )
    kinds = [hit.kind for hit in text.find("ann", 8)]
    assert kinds == ["accounts"] * 4 + ["contacts"] * 4


def test_a_field_that_holds_the_separator_breaks_nothing() -> None:
    text = SearchText([Entry(1, 1, "a\x1fb", "c\x1fd", "n\x1fo", "1\x1f2", "p\x1fq", "i\x1fj")])
    assert [hit.title for hit in text.find("ab")] == ["a b"]


WORDS = st.text(st.sampled_from("abA1 -\uff41\u6f84\u5cb3\u7cbe\u00e9\x1f"), max_size=6)
ENTRIES = st.lists(st.tuples(WORDS, WORDS, WORDS, st.text("0123 -", max_size=8)), max_size=12)


@given(ENTRIES, WORDS)
def test_the_scan_finds_what_looking_at_each_record_finds(rows: list[tuple[str, str, str, str]], typed: str) -> None:
    entries = [Entry(i, i, name, other, "", phone, folded(spelt)) for i, (name, other, spelt, phone) in enumerate(rows)]
    asked = questions(typed)
    expected = {entry.id for entry in entries for question in asked if any(question in text for text in fields(entry))}
    shelf = Shelf("accounts", entries)
    assert {shelf.entry(record).id for record in shelf.find(asked, 1_000)} == expected


@given(st.text(max_size=20))
def test_any_text_can_be_typed_and_stored(typed: str) -> None:
    hits = SearchText([Entry(1, 1, typed, typed)], [Entry(2, 1, typed)]).find(typed)
    assert bool(hits) == bool(questions(typed))


def test_folding_is_the_same_for_what_is_typed_and_what_is_stored() -> None:
    assert folded("  \uff21B\u00ad C\u3000") == "ab c"
    assert digits_of("\uff11 2\u0663") == "2"
